"""What a function may need beyond its arguments, and the only way to it.

A function that wants any of this declares a parameter `context: Context`; most do not. The workbook's engine provides
the object; the library sees this protocol alone.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sheetengine.grid import Grid
from sheetengine.values import Area, CellError, Reference, Scalar


class Context(Protocol):
    """The surroundings of the formula being evaluated. Rows and columns are 0-based, sheets are ids."""

    @property
    def sheet(self) -> int:
        """The sheet of the calling cell."""

    @property
    def row(self) -> int:
        """The row of the calling cell."""

    @property
    def column(self) -> int:
        """The column of the calling cell."""

    @property
    def date1904(self) -> bool:
        """Whether serial 0 is 1904-01-01."""

    def now(self) -> float:
        """The round's moment as a serial number with its time of day; the same for the whole round."""

    def random(self, count: int) -> NDArray[np.float64]:
        """`count` numbers in [0, 1), a function of seed, round, cell and call."""

    def read(self, area: Area) -> Grid:
        """All cells of an area; `Grid.source` is the area. Raises nothing: blank outside what is used."""

    def single(self, grid: Grid) -> Scalar:
        """What an array is where one value is wanted: its first element."""

    def used(self, area: Area) -> Area | None:
        """The part of an area that holds anything (at least: nothing outside it does), or None."""

    def cell(self, sheet: int, row: int, column: int) -> Scalar:
        """One cell."""

    def resolve(self, text: str, a1: bool) -> Reference | CellError:
        """INDIRECT: the reference that a text names, in A1 or R1C1 form, relative to the calling cell."""

    def formula_text(self, sheet: int, row: int, column: int) -> str | None:
        """The formula of a cell with its "=", or None where it holds none."""

    def moved_value(self, sheet: int, row: int, column: int, down: int) -> object:
        """What the formula of a cell gives if its relative references point `down` rows further (the computed criteria of DSUM)."""

    def hidden_rows(self, sheet: int) -> Collection[int]:
        """The rows of a sheet that are hidden by hand or by height 0."""

    def filtered_rows(self, sheet: int) -> Collection[int]:
        """The rows of a sheet that a filter hides."""

    def subtotals(self, area: Area) -> NDArray[np.bool_] | None:
        """Which cells of an area call SUBTOTAL or AGGREGATE, whose results another SUBTOTAL leaves out; None where none does."""

    def number_format(self, sheet: int, row: int, column: int) -> str:
        """The number format of a cell, "General" where it has none."""

    def column_width(self, sheet: int, column: int) -> float:
        """In characters of the default font."""

    def sheet_name(self, sheet: int) -> str:
        """The name of a sheet."""

    def sheet_position(self, sheet: int) -> int:
        """1-based place of a sheet among all tabs, hidden ones counted."""

    def sheet_named(self, name: str) -> int | None:
        """The id of the sheet of that name (or of the table of that name), without regard to case."""

    def sheet_count(self) -> int:
        """How many sheets the workbook has."""

    def file_name(self) -> str:
        """Path of the workbook's file, "" where it was never saved."""
