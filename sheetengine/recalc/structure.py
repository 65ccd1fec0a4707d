"""Structural edits: cells move, and formulas, names, tables, formats and looks go with them.

In: a shift of a sheet. Out: the sheet after it, and an `Undo` that holds what the inverse shift alone does not bring back.
Invariants: an edit that Excel refuses is refused before anything changes; undoing gives back every cell, formula, name and table.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sheetengine.address import Range
from sheetengine.errors import EditRefused
from sheetengine.graph.patterns import Rect
from sheetengine.grid import BLANK, Grid
from sheetengine.names import DefinedName, Table
from sheetengine.recalc.blocks import Block
from sheetengine.recalc.engine import Engine
from sheetengine.recalc.events import Rewritten
from sheetengine.recalc.looks import Looks, shift_looks
from sheetengine.recalc.relocate import Relocated, Relocator, put_back
from sheetengine.recalc.shift import Shifting
from sheetengine.recalc.tables import shift_table
from sheetengine.store import SheetStore
from sheetengine.store.chunk import Box
from sheetengine.syntax.printer import print_formula
from sheetengine.syntax.shift import Shift, follow_absolute


@dataclass(slots=True)
class Definitions:
    """Names and tables as they were, of those that an edit changed; None: there was none."""

    names: dict[tuple[int | None, str], DefinedName | None] = field(default_factory=dict)
    tables: dict[str, Table | None] = field(default_factory=dict)

    @property
    def mentions(self) -> list[str]:
        """What formulas mention that changed."""
        found = [f"name:{key}" for _, key in self.names] + [f"table:{key}" for key in self.tables]
        return [*found, "table:"] if self.tables else found


@dataclass(slots=True)
class Undo:
    """What a shift destroyed, and the formulas as they were."""

    sheet: int
    shift: Shift
    formulas: Relocated
    definitions: Definitions
    looks: Looks
    circular: dict[tuple[int, int, int], None]
    values: tuple[Box, Grid] | None = None
    formats: tuple[Box, Grid] | None = None

    @property
    def size(self) -> int:
        """Elements it keeps, for the bound of the journal."""
        grids = [kept[1].size for kept in (self.values, self.formats) if kept is not None]
        return 16 * len(self.formulas.kept) + sum(grids)


def shift_cells(engine: Engine, sheet: int, shift: Shift) -> Undo:
    """Insert or delete lines of a sheet, whole or within a band."""
    engine.refuse_inside()
    refuse_shift(engine, sheet, shift)
    record = engine.book.sheets[sheet]
    way = Shifting(engine.book, sheet, shift)
    definitions = _shifted_definitions(engine, way)
    relocator = Relocator(engine.field, way, definitions.mentions)
    relocator.begin()
    gone = Box(*shift.extent(shift.at, shift.at + shift.gone - 1)) if shift.gone else None
    undo = Undo(
        sheet, shift, Relocated(), _swap_definitions(engine, definitions), Looks.of(record), dict(engine.evaluator.circular),
        None if gone is None else _contents(record.store, gone), None if gone is None else _contents(record.formats, gone),
    )  # fmt: skip
    _shift_store(record.store, shift)
    _shift_store(record.formats, shift)
    _inherit_formats(record.formats, shift)
    shift_looks(record, shift)
    engine.relocate(way)
    undo.formulas = relocator.finish()
    record.shifts.append(shift)
    _tell(engine, undo.formulas)
    return undo


def undo_shift(engine: Engine, undo: Undo) -> None:
    """Take a shift back; what formulas stand in its way now is what it left."""
    engine.refuse_inside()
    record = engine.book.sheets[undo.sheet]
    # A formula that waits to be computed has no value that could come back.
    waiting = bool(engine.field.seeds)
    for sheet, rect in undo.formulas.placed:
        engine.field.take_out(sheet, rect)
    inverse = undo.shift.inverse
    _shift_store(record.store, inverse)
    _shift_store(record.formats, inverse)
    engine.relocate(Shifting(engine.book, undo.sheet, inverse))
    for store, kept in ((record.store, undo.values), (record.formats, undo.formats)):
        if kept is not None:
            store.write(kept[0].top, kept[0].left, kept[1])
    undo.looks.restore(record)
    _swap_definitions(engine, undo.definitions)
    put_back(engine.field, undo.formulas, waiting=waiting)
    engine.evaluator.circular = dict(undo.circular)
    if record.shifts and record.shifts[-1] == undo.shift:
        record.shifts.pop()
    else:
        record.shifts.append(inverse)
    _tell(engine, undo.formulas)


def _tell(engine: Engine, formulas: Relocated) -> None:
    listener = engine.evaluator.listener
    if listener is not None:
        listener(Rewritten(tuple(formulas.rewritten)))


# -- refusals ------------------------------------------------------------------------------------------------------------


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


# -- stores --------------------------------------------------------------------------------------------------------------


def _contents(store: SheetStore, box: Box) -> tuple[Box, Grid] | None:
    used = store.used_within(box)
    if used is None:
        return None
    grid = store.read(used)
    return used, Grid(np.array(grid.numbers), np.array(grid.kind_plane()), grid.texts)


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


# -- names and tables ----------------------------------------------------------------------------------------------------


def _shifted_definitions(engine: Engine, way: Shifting) -> Definitions:
    """The names and tables that become others."""
    found = Definitions()
    book = engine.book
    for key, definition in book.names.items():
        home = definition.sheet if definition.sheet is not None else 0
        operands = tuple(
            follow_absolute(operand, way.shift.area) if way.names(operand, home) else operand for operand in definition.operands
        )
        if operands != definition.operands:
            text = print_formula(definition.shape, operands).removeprefix("=")
            found.names[key] = DefinedName(
                definition.name, text, definition.shape, operands, definition.sheet, definition.hidden, definition.comment
            )
    for name, table in book.tables.items():
        after = shift_table(table, way.shift) if table.sheet == way.sheet else table
        if after != table:
            found.tables[name] = after
    return found


def _swap_definitions(engine: Engine, new: Definitions) -> Definitions:
    """Put names and tables in place of those there are; the answer is what they were."""
    book = engine.book
    old = Definitions()
    for key, definition in new.names.items():
        old.names[key] = book.names.get(key)
        if definition is None:
            del book.names[key]
        else:
            book.names[key] = definition
    for name, table in new.tables.items():
        old.tables[name] = book.tables.get(name)
        if table is None:
            del book.tables[name]
        else:
            book.tables[name] = table
    if new.names or new.tables:
        engine.naming.forget()
        engine.field.programs.forget(new.mentions)
    return old


__all__ = ["Definitions", "Undo", "refuse_shift", "shift_cells", "undo_shift"]
