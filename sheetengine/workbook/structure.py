"""Structural edits as scripts ask for them: rows, columns and cells inserted and deleted.

In: sheets by id, lines counted from 0, rectangles. Out: a changed engine and a journal entry; on any error neither.
"""

from __future__ import annotations

from typing import Literal

from sheetengine.address import MAX_COLUMNS, MAX_ROWS, Address, Range
from sheetengine.errors import ValueRefused
from sheetengine.graph.patterns import Rect
from sheetengine.recalc.engine import Engine
from sheetengine.restructure.move_edit import MoveEdit
from sheetengine.restructure.shift_edit import ShiftEdit
from sheetengine.restructure.structure import Edit
from sheetengine.syntax.shift import Shift
from sheetengine.workbook.changes import ToDo
from sheetengine.workbook.journal import Journal


class Structure:
    """The structural edits of one workbook."""

    def __init__(self, engine: Engine, journal: Journal) -> None:
        self.engine = engine
        self.journal = journal

    def shift(self, sheet: int, shift: Shift) -> None:
        """Insert or delete lines."""
        self._do(ShiftEdit(sheet, shift))

    def _do(self, edit: Edit) -> None:
        self.journal.note(ToDo(edit).swap(self.engine))

    def move(self, sheet: int, rect: Rect, target_sheet: int, top: int, left: int) -> None:
        """Cut cells and paste them; references follow."""
        check_fits(rect, top, left)
        if (sheet, rect.top, rect.left) != (target_sheet, top, left):
            self._do(MoveEdit(sheet, rect, target_sheet, top, left))

    def lines(self, sheet: int, at: int, count: int, *, rows: bool) -> None:
        """Insert `count` whole rows or columns before one, counted from 1, or with a negative count delete them from there on."""
        size, word = (MAX_ROWS, "row") if rows else (MAX_COLUMNS, "column")
        if isinstance(at, bool) or not isinstance(at, int) or isinstance(count, bool) or not isinstance(count, int):
            raise ValueRefused(f"{word}s are counted in whole numbers, not {at!r} and {count!r}")
        if count == 0 or not (1 <= at <= size and at - 1 + abs(count) <= size):
            raise ValueRefused(f"{abs(count)} {word}s from {word} {at} on are not on the grid, which has {size:,}")
        self.shift(sheet, Shift(rows, at - 1, count, 0, (MAX_COLUMNS if rows else MAX_ROWS) - 1))

    def insert(self, sheet: int, rect: Rect, shift: Literal["down", "right"]) -> None:
        """Insert blank cells; those there move down or to the right."""
        if shift not in ("down", "right"):
            raise ValueRefused(f"cells are inserted with shift='down' or shift='right', not {shift!r}")
        self.shift(sheet, _cells(rect, rows=shift == "down", sign=1))

    def delete(self, sheet: int, rect: Rect, shift: Literal["up", "left"]) -> None:
        """Delete cells; those below move up, or those to the right move left."""
        if shift not in ("up", "left"):
            raise ValueRefused(f"cells are deleted with shift='up' or shift='left', not {shift!r}")
        self.shift(sheet, _cells(rect, rows=shift == "up", sign=-1))


def check_fits(rect: Rect, top: int, left: int) -> None:
    """Refuse a place from which a rectangle would reach over the edge of the sheet."""
    if top + rect.bottom - rect.top >= MAX_ROWS or left + rect.right - rect.left >= MAX_COLUMNS:
        raise ValueRefused(f"{Range(*rect)} does not fit on the sheet from {Address(top, left)} on")


def _cells(rect: Rect, *, rows: bool, sign: int) -> Shift:
    if rows:
        return Shift(True, rect.top, sign * (rect.bottom - rect.top + 1), rect.left, rect.right)
    return Shift(False, rect.left, sign * (rect.right - rect.left + 1), rect.top, rect.bottom)
