"""Programs by shape, mode and the kinds of operands: each is bound and compiled once.

In: a lifted formula at a cell. Out: its `Program` and slots. Invariant: a program holds nothing of the cell; programs
one of whose formulas mentions a name, sheet, table or function that changes are forgotten with it.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence

from sheetengine.address import MAX_COLUMNS, MAX_ROWS
from sheetengine.compiler.bind import Mode
from sheetengine.compiler.bound import BOTTOM, LEFT, RIGHT, TOP, AreaSlot, Slot
from sheetengine.compiler.compile import Program, make_program
from sheetengine.compiler.operands import resolve
from sheetengine.recalc.book import Book
from sheetengine.recalc.data_tables import table_program
from sheetengine.syntax.operands import AnyOperand
from sheetengine.syntax.shape import Shape


class Programs:
    """The compiled programs of one workbook."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._known: dict[Hashable, Program] = {}
        self._mentioned: dict[str, set[Hashable]] = {}

    def program(
        self, shape: Shape, operands: Sequence[AnyOperand], sheet: int, row: int, column: int, mode: Mode
    ) -> tuple[Program, list[Slot]]:
        """The program of a formula that stands at a cell, and the slots of its operands as seen from there."""
        if mode == "table":
            return table_program(shape, operands, sheet, row, column)
        scope = self._book.scope(sheet)
        resolution = resolve(shape, operands, scope, row, column)
        key = (shape.key, mode, resolution.key)
        program = self._known.get(key)
        if program is None:
            program = make_program(shape, resolution, scope, mode, key)
            self._known[key] = program
            for mention in program.recipe.mentions:
                self._mentioned.setdefault(mention, set()).add(key)
        for mention in resolution.mentions:
            # Whichever formula brought it: a name's formula is part of the programs that it was bound into.
            self._mentioned.setdefault(mention, set()).add(key)
        if not program.recipe.resized:
            return program, resolution.slots
        slots = list(resolution.slots)
        for values, ranges in program.recipe.resized:
            slots[values] = resized(slots[values], slots[ranges])
        return program, slots

    def current(self, program: Program, mentions: Iterable[str]) -> Program:
        """The program that new formulas of the same kind get: one that was put aside, or the one known meanwhile."""
        if program.mode == "table":
            return program
        key = program.recipe.key
        for mention in (*program.recipe.mentions, *mentions):
            self._mentioned.setdefault(mention, set()).add(key)
        return self._known.setdefault(key, program)

    def forget(self, mentions: Iterable[str]) -> None:
        """Forget the programs that mention something which changed."""
        for mention in mentions:
            for key in self._mentioned.pop(mention, ()):
                self._known.pop(key, None)

    def forget_calls(self, function: str) -> None:
        """Forget the programs that call a function, whatever it was when they were bound: a user function may hide one of Excel's."""
        call = function.upper() + "("
        for key in [key for key, program in self._known.items() if call in program.shape.key.upper()]:
            del self._known[key]

    def take_over(self, other: Programs) -> None:
        """Know what another workbook's programs are, where it has the same names, sheets and functions."""
        self._known = dict(other._known)
        self._mentioned = {mention: set(keys) for mention, keys in other._mentioned.items()}

    def __len__(self) -> int:
        return len(self._known)


def resized(values: Slot, ranges: Slot) -> Slot:
    """A slot that begins where it begins and is as high and wide as another; as it is where that cannot be said for all members."""
    assert type(values) is AreaSlot and type(ranges) is AreaSlot
    sheet, top, left, bottom, right, relative = values
    bottom, down = _edge(
        top, relative & TOP, ranges.top, ranges.relative & TOP, ranges.bottom, ranges.relative & BOTTOM, bottom, relative & BOTTOM
    )
    right, across = _edge(
        left, relative & LEFT, ranges.left, ranges.relative & LEFT, ranges.right, ranges.relative & RIGHT, right, relative & RIGHT
    )
    moving = (relative & (TOP | LEFT)) | (BOTTOM if down else 0) | (RIGHT if across else 0)
    return AreaSlot(sheet, top, left, min(bottom, MAX_ROWS - 1), min(right, MAX_COLUMNS - 1), moving)


def _edge(
    first: int, moves: int, other_first: int, other_moves: int, other_last: int, last_moves: int, last: int, own_moves: int
) -> tuple[int, bool]:
    """The last row (or column) and whether it moves with the cell."""
    shifted = first + other_last - other_first
    if bool(other_moves) == bool(last_moves):
        return shifted, bool(moves)
    if bool(moves) == bool(other_moves):
        return shifted, bool(last_moves)
    return last, bool(own_moves)
