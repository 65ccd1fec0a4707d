"""What evaluation reads: cells of the stores, and the surroundings that functions may ask for.

In: a `Book` and what the engine knows of formulas (`Formulas`). Out: the `Reader` that frames and batches hold. Invariants:
a grid handed out again stands for unchanged cells, so what kernels keep in its `memo` is good; the clock stands still and
random numbers are a function of seed, round, cell and call as long as a round lasts.
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from sheetengine.calendar import serial_from_datetime
from sheetengine.compiler.frame import Frame
from sheetengine.grid import Grid
from sheetengine.recalc.book import Book
from sheetengine.store.chunk import Box
from sheetengine.values import Area, CellError, Reference, Scalar

if TYPE_CHECKING:
    from sheetengine.recalc.what_if import WhatIf

_WORTH_KEEPING = 48
_MOST_KEPT = 1024
_DEFAULT_WIDTH = 8.43


class Formulas(Protocol):
    """What the reader asks of those who keep formulas."""

    def formula_text(self, sheet: int, row: int, column: int) -> str | None: ...

    def moved_value(self, sheet: int, row: int, column: int, down: int) -> object: ...

    def spilled(self, sheet: int, row: int, column: int) -> Area | None: ...

    def subtotals(self, area: Area) -> NDArray[np.bool_] | None: ...

    def resolve_text(self, text: str, a1: bool, sheet: int, row: int, column: int) -> Reference | CellError: ...

    def named_lambda(self, name: str, sheet: int | None, frame: Frame) -> object: ...


class Guard(Protocol):
    """Refuses reads of cells that are not computed yet."""

    def cell(self, sheet: int, row: int, column: int) -> None: ...

    def area(self, area: Area) -> None: ...


class EngineReader:
    """The reader of one workbook."""

    def __init__(self, book: Book, formulas: Formulas) -> None:
        self.book = book
        self.formulas = formulas
        self.seed: int | None = None
        self.clock: Callable[[], datetime.datetime] = datetime.datetime.now
        self.round = 0
        self.what_if: WhatIf
        """What data tables ask; set by the engine, which it is made of."""
        self.guard: Guard | None = None
        """While cells are computed in an order that is still to be found: asked before every read."""
        self._entropy = int.from_bytes(os.urandom(8), "little") & (2**63 - 1)
        self._moment: float | None = None
        self._kept: dict[Area, tuple[Grid, int]] = {}

    def begin_round(self) -> None:
        """A new moment, new random numbers."""
        self.round += 1
        self._moment = None

    @property
    def date1904(self) -> bool:
        """Whether serial 0 is 1904-01-01."""
        return self.book.date1904

    # -- cells -----------------------------------------------------------------------------------------------------

    def cell(self, sheet: int, row: int, column: int) -> Scalar:
        """One cell."""
        if self.guard is not None:
            self.guard.cell(sheet, row, column)
        return self.book.sheets[sheet].store.cell(row, column)

    def read(self, area: Area) -> Grid:
        """All cells of an area; the same grid again while none of them changed."""
        if self.guard is not None:
            self.guard.area(area)
        sheet, top, left, bottom, right = area
        store = self.book.sheets[sheet].store
        if (bottom - top + 1) * (right - left + 1) < _WORTH_KEEPING:
            grid = store.read(Box(top, left, bottom, right))
            grid.source = area
            return grid
        known = self._kept.get(area)
        if known is not None and store.stamp_of(left, right) <= known[1]:
            return known[0]
        grid = store.read(Box(top, left, bottom, right))
        grid.source = area
        grid.memo = {}
        if len(self._kept) >= _MOST_KEPT:
            self._kept.clear()
        self._kept[area] = (grid, store.stamp)
        return grid

    def forget(self) -> None:
        """Drop the grids kept for reading again: sheets moved or went."""
        self._kept.clear()

    def gather(self, sheet: int, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> Grid:
        """Scattered cells as a flat grid."""
        return self.book.sheets[sheet].store.gather(rows, columns)

    def used(self, area: Area) -> Area | None:
        """The part of an area that holds anything."""
        found = self.book.sheets[area.sheet].store.used_within(Box(*area[1:]))
        return None if found is None else Area(area.sheet, *found)

    # -- surroundings ----------------------------------------------------------------------------------------------

    def now(self) -> float:
        """The round's moment as a serial."""
        if self._moment is None:
            self._moment = serial_from_datetime(self.clock(), self.book.date1904) or 0.0
        return self._moment

    def random(self, sheet: int, row: int, column: int, call: int, count: int) -> NDArray[np.float64]:
        """Numbers in [0, 1) for one call in one cell of this round."""
        seed = self._entropy if self.seed is None else self.seed
        generator = np.random.Generator(
            np.random.Philox(key=[seed & (2**63 - 1), self.round], counter=[0, call, row * 16384 + column, sheet])
        )
        return generator.random(count)

    def resolve(self, text: str, a1: bool, sheet: int, row: int, column: int) -> Reference | CellError:
        """The reference a text names."""
        return self.formulas.resolve_text(text, a1, sheet, row, column)

    def formula_text(self, sheet: int, row: int, column: int) -> str | None:
        """A cell's formula."""
        return self.formulas.formula_text(sheet, row, column)

    def moved_value(self, sheet: int, row: int, column: int, down: int) -> object:
        """What a cell's formula gives for references moved down."""
        return self.formulas.moved_value(sheet, row, column, down)

    def spilled(self, sheet: int, row: int, column: int) -> Area | None:
        """The cells that the formula in a cell fills."""
        return self.formulas.spilled(sheet, row, column)

    def named_lambda(self, name: str, sheet: int | None, frame: Frame) -> object:
        """The function a defined name holds."""
        return self.formulas.named_lambda(name, sheet, frame)

    def hidden_rows(self, sheet: int) -> Collection[int]:
        """The rows hidden by hand."""
        return self.book.sheets[sheet].hidden_rows

    def filtered_rows(self, sheet: int) -> Collection[int]:
        """The rows hidden by a filter."""
        return self.book.sheets[sheet].filtered_rows

    def subtotals(self, area: Area) -> NDArray[np.bool_] | None:
        """Which cells of an area call SUBTOTAL or AGGREGATE; None where none does."""
        return self.formulas.subtotals(area)

    def number_format(self, sheet: int, row: int, column: int) -> str:
        """The number format of a cell."""
        return self.book.format_of(sheet, row, column)

    def column_width(self, sheet: int, column: int) -> float:
        """In characters of the default font."""
        return self.book.sheets[sheet].widths.get(column, _DEFAULT_WIDTH)

    def sheet_name(self, sheet: int) -> str:
        """The name of a sheet."""
        return self.book.sheets[sheet].name

    def sheet_position(self, sheet: int) -> int:
        """1-based place among all tabs."""
        return self.book.order.index(sheet) + 1

    def sheet_named(self, name: str) -> int | None:
        """The sheet of that name, or of the table of that name."""
        table = self.book.tables.get(name.lower())
        return table.sheet if table is not None else self.book.sheet_named(name)

    def sheet_count(self) -> int:
        """How many sheets the workbook has."""
        return len(self.book.order)

    def file_name(self) -> str:
        """Path of the workbook's file."""
        return self.book.file_name
