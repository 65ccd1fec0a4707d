"""Ranges: the cells of a sheet that a script reads and writes.

In: a sheet and a rectangle. Out: where it lies, its cells, what they read and who reads them, pictures; contents and edits are inherited.
A range is a place, not a copy: what it answers is what the cells hold now, everything computed first.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from sheetengine.address import MAX_COLUMNS, MAX_ROWS, Range as Rectangle
from sheetengine.display.html import grid_html
from sheetengine.display.svg import SvgPicture, graph_picture, grid_svg
from sheetengine.errors import UnknownReference, ValueRefused
from sheetengine.graph.patterns import Rect
from sheetengine.recalc.queries import dependents, precedents
from sheetengine.workbook.dependency_map import Way, dependency_map
from sheetengine.workbook.pictures import picture_of
from sheetengine.workbook.range_contents import RangeContents
from sheetengine.workbook.range_edits import RangeEdits

if TYPE_CHECKING:
    from sheetengine.workbook.sheet import Sheet


class Range(RangeContents, RangeEdits):
    """A rectangle of cells on a sheet; `ws["A1"]` and `ws["A1:C9"]` give one."""

    __slots__ = ("_rect", "sheet")

    def __init__(self, sheet: Sheet, rect: Rectangle) -> None:
        self.sheet = sheet
        self._rect = rect

    # -- place -------------------------------------------------------------------------------------------------------

    @property
    def row(self) -> int:
        """The first row, counted from 1."""
        return self._rect.top + 1

    @property
    def column(self) -> int:
        """The first column, counted from 1."""
        return self._rect.left + 1

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self._rect.height, self._rect.width

    @property
    def size(self) -> int:
        """How many cells."""
        return self._rect.size

    def __len__(self) -> int:
        return self._rect.size

    def __iter__(self) -> Iterator[Range]:
        """Its cells, row by row."""
        self.sheet._alive()
        for cell in self._rect.cells():
            yield Range(self.sheet, Rectangle(cell.row, cell.column, cell.row, cell.column))

    @property
    def rows(self) -> Iterator[Range]:
        """Its rows, each a range."""
        rect = self._rect
        return (Range(self.sheet, Rectangle(row, rect.left, row, rect.right)) for row in range(rect.top, rect.bottom + 1))

    @property
    def columns(self) -> Iterator[Range]:
        """Its columns, each a range."""
        rect = self._rect
        return (Range(self.sheet, Rectangle(rect.top, column, rect.bottom, column)) for column in range(rect.left, rect.right + 1))

    def __getitem__(self, key: tuple[int, int]) -> Range:
        """A cell by row and column counted from 0 within the range."""
        if not isinstance(key, tuple) or len(key) != 2:
            raise UnknownReference(f"a cell of a range is range[row, column], counted from 0, not {key!r}; see .rows and .columns")
        down, right = key
        if not (0 <= down < self._rect.height and 0 <= right < self._rect.width):
            raise UnknownReference(f"row {down}, column {right} lies outside {self.address}")
        return Range(self.sheet, Rectangle(self._rect.top + down, self._rect.left + right, self._rect.top + down, self._rect.left + right))

    def offset(self, rows: int, columns: int) -> Range:
        """The range of the same size so many rows down and columns to the right."""
        rect = self._rect
        moved = Rectangle(rect.top + rows, rect.left + columns, rect.bottom + rows, rect.right + columns)
        if moved.top < 0 or moved.left < 0 or moved.bottom >= MAX_ROWS or moved.right >= MAX_COLUMNS:
            raise UnknownReference(f"{self.address} moved by {rows} rows and {columns} columns lies off the grid")
        return Range(self.sheet, moved)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray[Any, Any]:
        """Its values, as numpy and the libraries above it ask for them: `np.asarray(ws["A1:C9"])`."""
        if copy is False:
            raise ValueRefused("the values of a range are always a copy")
        return self.values if dtype is None else self.values.astype(dtype)

    def __float__(self) -> float:
        """The number in a cell: `float(ws["A1"])`; anything else is refused, nothing is converted."""
        self._single()
        value = self.value
        if not isinstance(value, float):
            raise ValueRefused(f"{self.address} holds {value!r}, which is no number")
        return value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Range) and self.sheet is other.sheet and self._rect == other._rect

    def __hash__(self) -> int:
        return hash((id(self.sheet), self._rect))

    # -- graph -------------------------------------------------------------------------------------------------------

    @property
    def spill(self) -> Range | None:
        """The range that the cell's formula fills, None where its value is a single one."""
        row, column = self._single()
        engine = self.sheet.workbook._engine
        with engine.lock:
            self.sheet.workbook._flush(self)
            area = engine.field.spilled(self.sheet.id, row, column)
        return None if area is None else Range(self.sheet, Rectangle(*area[1:]))

    def precedents(self, *, transitive: bool = False) -> list[Range]:
        """What the formulas here read: ranges, as their texts name them."""
        engine = self.sheet.workbook._engine
        with engine.lock:
            return [self.sheet.workbook._range(area) for area in precedents(engine, self._area(), transitive=transitive)]

    def dependents(self, *, transitive: bool = False) -> list[Range]:
        """The formula cells that read any of these cells."""
        engine = self.sheet.workbook._engine
        with engine.lock:
            return [self.sheet.workbook._range(area) for area in dependents(engine, self._area(), transitive=transitive)]

    # -- pictures ----------------------------------------------------------------------------------------------------

    def show(self) -> SvgPicture:
        """A picture of the cells, shaded as the file says: notebooks show it, and it can be saved."""
        return SvgPicture(grid_svg(picture_of(self)))

    def _repr_html_(self) -> str:
        return grid_html(picture_of(self))

    def graph(self, way: Way = "precedents", *, most: int = 60) -> SvgPicture:
        """A picture of all that these cells rest on, or of all that rests on them (`dependents`), blocks as single boxes."""
        return graph_picture(dependency_map(self, way, most=most), f"{way} of {self.address}")

    def __repr__(self) -> str:
        if self.sheet._deleted:
            return f"<{self._rect} of a deleted sheet>"
        if self._rect.size == 1:
            formula = self.formula
            return f"<{self.address} {formula + ' -> ' if formula else ''}{self.value!r}>"
        return f"<{self.address}>"


def rect_of(rectangle: Rectangle) -> Rect:
    """An address's rectangle as the engine has it."""
    return Rect(rectangle.top, rectangle.left, rectangle.bottom, rectangle.right)
