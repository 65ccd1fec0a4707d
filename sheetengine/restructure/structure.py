"""Structural edits: cells move, and formulas, names, tables, formats and looks go with them.

In: an `Edit`. Out: the workbook after it, and an `Undo` that holds what moving the cells back alone does not bring back.
Invariants: an edit that Excel refuses is refused before anything changes; undoing gives back every cell, formula, name and table.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np

from sheetengine.grid import Grid
from sheetengine.names import DefinedName, Table
from sheetengine.recalc.book import Book
from sheetengine.recalc.engine import Engine
from sheetengine.recalc.events import Rewritten
from sheetengine.recalc.parts import Relocation
from sheetengine.restructure.looks import Looks
from sheetengine.restructure.relocate import Relocator
from sheetengine.restructure.relocated import Relocated, put_back, release_where, take_away
from sheetengine.store import SheetStore
from sheetengine.store.chunk import Box
from sheetengine.syntax.operands import AnyOperand
from sheetengine.syntax.printer import print_formula
from sheetengine.syntax.shift import keep_relative


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


class Edit(Protocol):
    """A structural edit: which cells go where."""

    def way(self, book: Book) -> Relocation:
        """Where they go."""

    def back(self, book: Book) -> Relocation:
        """Where they come from."""

    def refuse(self, engine: Engine) -> None:
        """Raise `EditRefused` where Excel would not do it."""

    def destroys(self) -> list[tuple[int, Box]]:
        """The cells whose contents the inverse does not bring back."""

    def move(self, book: Book, *, back: bool) -> None:
        """Let values, owners and formats go there, or come back."""

    def table(self, table: Table) -> Table | None:
        """What becomes of a table."""

    def looks(self, book: Book) -> None:
        """Let merged cells, hidden rows and widths go there."""


@dataclass(slots=True)
class Undo:
    """What an edit destroyed, and the formulas as they were."""

    edit: Edit
    formulas: Relocated
    definitions: Definitions
    looks: dict[int, Looks]
    circular: dict[tuple[int, int, int], None]
    contents: list[tuple[SheetStore, Box, Grid]]

    @property
    def size(self) -> int:
        """Elements it keeps, for the bound of the journal."""
        return 16 * len(self.formulas.kept) + sum(grid.size for _, _, grid in self.contents)


def restructure(engine: Engine, edit: Edit) -> Undo:
    """Do a structural edit."""
    engine.refuse_inside()
    edit.refuse(engine)
    book = engine.book
    way = edit.way(book)
    definitions = _moved_definitions(engine, way, edit)
    relocator = Relocator(engine.field, way, definitions.mentions, tells=engine.evaluator.listeners.tell is not None)
    relocator.begin()
    sheets = {sheet for sheet, _ in way.touched}
    undo = Undo(
        edit, Relocated(), _swap_definitions(engine, definitions), {sheet: Looks.of(book.sheets[sheet]) for sheet in sheets},
        dict(engine.evaluator.circles.known), _contents(book, edit.destroys()),
    )  # fmt: skip
    edit.move(book, back=False)
    edit.looks(book)
    engine.relocate(way)
    undo.formulas = relocator.finish()
    for sheet in sheets:
        book.sheets[sheet].shifts.append(edit)
    _tell(engine, undo.formulas, way, back=False)
    return undo


def take_back(engine: Engine, undo: Undo) -> None:
    """Take a structural edit back; what formulas stand in its way now is what it left."""
    engine.refuse_inside()
    book = engine.book
    # A formula that waits to be computed has no value that could come back.
    waiting = bool(engine.field.seeds)
    take_away(engine.field, undo.formulas)
    release_where(engine.field, undo.edit.back(book))
    undo.edit.move(book, back=True)
    engine.relocate(undo.edit.back(book))
    for store, box, grid in undo.contents:
        store.write(box.top, box.left, grid)
    for sheet, looks in undo.looks.items():
        looks.restore(book.sheets[sheet])
    _swap_definitions(engine, undo.definitions)
    put_back(engine.field, undo.formulas, waiting=waiting)
    engine.evaluator.circles.known = dict(undo.circular)
    for sheet in undo.looks:
        edits = book.sheets[sheet].shifts
        # The newest of equal ones: what came between must stay after the older.
        del edits[len(edits) - 1 - edits[::-1].index(undo.edit)]
    _tell(engine, undo.formulas, undo.edit.back(book), back=True)


def _contents(book: Book, boxes: list[tuple[int, Box]]) -> list[tuple[SheetStore, Box, Grid]]:
    found = []
    for sheet, box in boxes:
        record = book.sheets[sheet]
        for store in (record.store, record.formats):
            used = store.used_within(box)
            if used is not None:
                grid = store.read(used)
                found.append((store, used, Grid(np.array(grid.numbers), np.array(grid.kind_plane()), grid.texts)))
    return found


def _tell(engine: Engine, formulas: Relocated, way: Relocation, *, back: bool) -> None:
    listener = engine.evaluator.listeners.tell
    if listener is not None:
        rewritten = [one for place in formulas.rewritten for one in way.places(*place)] if back else formulas.rewritten
        listener(Rewritten(tuple(dict.fromkeys(rewritten)), tuple(way.touched)))


# -- names and tables ----------------------------------------------------------------------------------------------------


def _moved_definitions(engine: Engine, way: Relocation, edit: Edit) -> Definitions:
    """The names and tables that become others."""
    found = Definitions()
    book = engine.book
    for key, definition in book.names.items():
        home = definition.sheet if definition.sheet is not None else 0
        operands = tuple(_in_name(operand, way, home) for operand in definition.operands)
        if operands != definition.operands:
            text = print_formula(definition.shape, operands).removeprefix("=")
            found.names[key] = replace(definition, text=text, operands=operands)
    for name, table in book.tables.items():
        after = edit.table(table)
        if after != table:
            found.tables[name] = after
    return found


def _in_name(operand: AnyOperand, way: Relocation, home: int) -> AnyOperand:
    """An operand of a defined name: its relative parts are distances, and stay as they are."""
    moved = way.operand(operand, home, 0, 0) if way.names(operand, home) else operand
    return operand if moved == operand else keep_relative(operand, moved)


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


__all__ = ["Definitions", "Edit", "Undo", "restructure", "take_back"]
