"""Lines inserted and deleted, as a structural edit.

In: a shift of a sheet. Out: what of it `structure.restructure` does. Invariant: what Excel refuses is refused: to push cells off the
sheet, to cut an array formula or a data table, to move part of a table or of merged cells.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sheetengine.address import Range
from sheetengine.errors import EditRefused
from sheetengine.graph.patterns import Rect
from sheetengine.grid import BLANK, Grid
from sheetengine.names import Table
from sheetengine.recalc.blocks import Block
from sheetengine.recalc.book import Book
from sheetengine.recalc.engine import Engine
from sheetengine.restructure.looks import shift_looks
from sheetengine.restructure.shift import Shifting
from sheetengine.restructure.tables import shift_table
from sheetengine.store import SheetStore
from sheetengine.store.chunk import Box
from sheetengine.syntax.shift import Shift


@dataclass(frozen=True, slots=True)
class ShiftEdit:
    """Lines of a sheet inserted or deleted (`structure.Edit`)."""

    sheet: int
    shift: Shift

    def way(self, book: Book) -> Shifting:
        """Where cells go."""
        return Shifting(book, self.sheet, self.shift)

    def back(self, book: Book) -> Shifting:
        """Where they come from."""
        return Shifting(book, self.sheet, self.shift.inverse)

    def refuse(self, engine: Engine) -> None:
        """Raise `EditRefused` where Excel would not do it."""
        refuse_shift(engine, self.sheet, self.shift)

    def destroys(self) -> list[tuple[int, Box]]:
        """The deleted lines."""
        shift = self.shift
        return [(self.sheet, Box(*shift.extent(shift.at, shift.at + shift.gone - 1)))] if shift.gone else []

    def move(self, book: Book, *, back: bool) -> None:
        """Values, owners and formats."""
        record = book.sheets[self.sheet]
        shift = self.shift.inverse if back else self.shift
        _shift_store(record.store, shift)
        _shift_store(record.formats, shift)
        if not back:
            _inherit_formats(record.formats, shift)
            self._name_columns(book)

    def _name_columns(self, book: Book) -> None:
        """Columns inserted into a table have their new names in its header, as files want it."""
        shift = self.shift
        if shift.rows or shift.count < 0:
            return
        for table in book.tables.values():
            if table.sheet == self.sheet and table.header and table.left < shift.at <= table.right and shift.low <= table.top <= shift.high:
                for column in range(shift.at, shift.at + shift.count):
                    book.sheets[self.sheet].store.set_cell(table.top, column, table.columns[column - table.left])

    def table(self, table: Table) -> Table | None:
        """A table of the sheet grows and shrinks."""
        return shift_table(table, self.shift) if table.sheet == self.sheet else table

    def looks(self, book: Book) -> None:
        """Merged cells, hidden rows and widths."""
        shift_looks(book.sheets[self.sheet], self.shift)


def refuse_shift(engine: Engine, sheet: int, shift: Shift) -> None:
    """Raise `EditRefused` where Excel would not do it."""
    record = engine.book.sheets[sheet]
    name = record.name
    if shift.count > 0:
        pushed = Box(*shift.extent(max(shift.size - shift.count, shift.at), shift.size - 1))
        for store in (record.store,):
            used = store.used_within(pushed)
            if used is not None and _in_use(store, used):
                raise EditRefused(f"{name}!{Range(*used)} holds cells that would be pushed off the sheet")
    for number, ranges in engine.field.spills.ranges.items():
        block = engine.field.blocks[number]
        if block.sheet == sheet and block.array is not None and _cuts(shift, ranges[0]):
            raise EditRefused(f"{name}!{Range(*ranges[0])} is one array formula; it cannot be changed in part")
    for block in engine.field:
        if block.program.mode == "table" and block.sheet == sheet and isinstance(block, Block):
            whole = Rect(block.top - 1, block.left - 1, block.rect.bottom, block.rect.right)
            if _cuts(shift, whole):
                raise EditRefused(f"{name}!{Range(*block.rect)} is one data table; it cannot be changed in part")
    if shift.whole:
        return
    for merged in record.merged:
        if _splits(shift, merged):
            raise EditRefused(f"{name}!{Range(*merged)} is merged; unmerge it first")
    for table in engine.book.tables.values():
        if table.sheet == sheet and _splits(shift, table.area[1:]):
            raise EditRefused(f"table {table.name} would be moved in part; insert or delete whole rows or columns of it")


def _in_use(store: SheetStore, box: Box) -> bool:
    kinds, _, _ = store.read_planes(box)
    return bool((kinds != BLANK).any() or (store.owners(box) != 0).any())


def _splits(shift: Shift, extent: tuple[int, int, int, int]) -> bool:
    """Whether a rectangle would move in part only, because the band holds it in part."""
    top, left, bottom, right = shift.zone
    meets = extent[0] <= bottom and extent[2] >= top and extent[1] <= right and extent[3] >= left
    return meets and not shift.reaches(extent)


def _cuts(shift: Shift, rect: Rect) -> bool:
    """Whether an array's rectangle would not come through as it is, nor go as a whole."""
    if _splits(shift, rect):
        return True
    if not shift.reaches(rect):
        return False
    after = shift.area(rect)
    return after is not None and (after[2] - after[0], after[3] - after[1]) != (rect.bottom - rect.top, rect.right - rect.left)


def _shift_store(store: SheetStore, shift: Shift) -> None:
    if shift.whole:
        (store.shift_rows if shift.rows else store.shift_columns)(shift.at, shift.count)
        return
    if shift.gone:
        store.clear(Box(*shift.extent(shift.at, shift.at + shift.gone - 1)))
    last = shift.size - 1 - max(shift.count, 0)
    if shift.at + shift.gone <= last:
        down, right = (shift.count, 0) if shift.rows else (0, shift.count)
        store.move(Box(*shift.extent(shift.at + shift.gone, last)), down, right)


def _inherit_formats(formats: SheetStore, shift: Shift) -> None:
    """Inserted cells look like those before them, as Excel's first choice is."""
    if shift.count <= 0 or shift.at == 0:
        return
    used = formats.used_within(Box(*shift.extent(shift.at - 1, shift.at - 1)))
    if used is None:
        return
    grid = formats.read(used)
    shape = (shift.count, used.right - used.left + 1) if shift.rows else (used.bottom - used.top + 1, shift.count)
    place = (shift.at, used.left) if shift.rows else (used.top, shift.at)
    formats.write(*place, Grid(np.array(grid.numbers), np.array(grid.kind_plane())).broadcast(shape))


__all__ = ["ShiftEdit", "refuse_shift"]
