"""Groups of equal formulas become blocks and families.

In: the fill groups of a sheet whose cells hold no formulas yet. Out: blocks and families in the field. Invariants: every cell of a
group becomes a member of one block; formulas that name what we cannot compute, and have a value in the file, are frozen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from sheetengine.compiler.bind import Mode
from sheetengine.compiler.bound import AreaSlot, Slot
from sheetengine.compiler.compile import Program
from sheetengine.graph.patterns import Rect
from sheetengine.recalc.formulas import LEAST_FAMILY, FormulaField
from sheetengine.syntax.fill import fill
from sheetengine.syntax.fill_groups import FillGroup
from sheetengine.syntax.operands import AnyOperand, Corner, Reference
from sheetengine.syntax.scattered import Scattered

LEAST_BLOCK = 32
"""A rectangle of fewer cells may become members of a family: a block costs about as much as so many of them."""


class _Piece(NamedTuple):
    """A small rectangle of a group: its program, and operands and slots as seen from its first cell."""

    rect: Rect
    group: FillGroup
    program: Program
    operands: list[AnyOperand]
    slots: list[Slot]

    @property
    def is_cell(self) -> bool:
        return self.rect.top == self.rect.bottom and self.rect.left == self.rect.right


def place(field: FormulaField, sheet: int, groups: Iterable[FillGroup], missing: Callable[[int, int], bool]) -> None:
    """Put the formulas of a sheet in; `missing` says whether the file has no value for a cell."""
    scattered: dict[tuple[object, ...], list[_Piece]] = {}
    for group in groups:
        for rect in rectangles(group.runs):
            operands = _from(group, rect.top, rect.left)
            program, slots = field.programs.program(group.shape, operands, sheet, rect.top, rect.left, _mode(group))
            if program.recipe.unsupported:
                for part, lacks in _by_value(rect, missing):
                    field.put(sheet, part, group.shape, _from(group, part.top, part.left), _mode(group), frozen=not lacks)
            elif (rect.bottom - rect.top + 1) * (rect.right - rect.left + 1) >= LEAST_BLOCK:
                field.put(sheet, rect, group.shape, operands, _mode(group))
            else:
                scattered.setdefault(_family_key(program, slots), []).append(_Piece(rect, group, program, operands, slots))
    for pieces in scattered.values():
        if len(pieces) >= LEAST_FAMILY and all(piece.is_cell for piece in pieces):
            cells = [(piece.rect.top, piece.rect.left) for piece in pieces]
            field.put_family(sheet, pieces[0].program, cells, [piece.slots for piece in pieces], [piece.operands for piece in pieces])
        elif len(pieces) >= LEAST_FAMILY:
            # Within a rectangle the program can change: a row outside the table, a reference that leaves the grid.
            first = pieces[0].group
            field.put_members(sheet, first.shape, _mode(first), _members(pieces))
        else:
            for piece in pieces:
                field.put(sheet, piece.rect, piece.group.shape, piece.operands, _mode(piece.group))


def place_scattered(field: FormulaField, sheet: int, groups: Iterable[Scattered], missing: Callable[[int, int], bool]) -> None:
    """Put formulas in that are all different: families from their arrays."""
    by_program: dict[int, list[tuple[Program, Scattered]]] = {}
    for group in groups:
        mode: Mode = group.mode  # type: ignore[assignment]  # as in `_mode`
        row, column = int(group.rows[0]), int(group.columns[0])
        program, slots = field.programs.program(group.shape, group.operands, sheet, row, column, mode)
        if program.recipe.unsupported or len(slots) != len(group.operands):
            for place, (its_row, its_column) in enumerate(zip(group.rows.tolist(), group.columns.tolist(), strict=True)):
                rect = Rect(its_row, its_column, its_row, its_column)
                frozen = bool(program.recipe.unsupported) and not missing(its_row, its_column)
                field.put(sheet, rect, group.shape, _own_operands(group, place), mode, frozen=frozen)
        else:
            by_program.setdefault(id(program), []).append((program, group))
    for members in by_program.values():
        field.put_scattered(sheet, members[0][0], [group for _, group in members])


def _own_operands(group: Scattered, place: int) -> list[AnyOperand]:
    found = list(group.operands)
    for index, (rows, columns) in group.cells.items():
        found[index] = Reference(Corner(int(rows[place]), int(columns[place])))
    return found


def rectangles(runs: Sequence[Sequence[int]]) -> list[Rect]:
    """Runs down columns (column, first row, last row), joined where they stand side by side.

    >>> rectangles([[0, 2, 5], [1, 2, 5], [2, 2, 6]])
    [Rect(top=2, left=0, bottom=5, right=1), Rect(top=2, left=2, bottom=6, right=2)]
    """
    found: list[Rect] = []
    for column, first, last in sorted(runs, key=lambda run: (run[1], run[2], run[0])):
        if found:
            before = found[-1]
            if before.top == first and before.bottom == last and before.right == column - 1:
                found[-1] = before._replace(right=column)
                continue
        found.append(Rect(first, column, last, column))
    return found


def _members(pieces: Iterable[_Piece]) -> Iterator[tuple[int, int, list[AnyOperand]]]:
    for rect, group, *_ in pieces:
        for row in range(rect.top, rect.bottom + 1):
            for column in range(rect.left, rect.right + 1):
                yield row, column, _from(group, row, column)


def _mode(group: FillGroup) -> Mode:
    mode: Mode = group.mode  # type: ignore[assignment]  # syntax knows of modes that they differ, no more
    return mode


def _from(group: FillGroup, row: int, column: int) -> list[AnyOperand]:
    return [fill(operand, row - group.row, column - group.column) for operand in group.operands]


def _family_key(program: Program, slots: Sequence[Slot]) -> tuple[object, ...]:
    """Members of a family are of one program and read the same sheets."""
    return (id(program), *[slot.sheet if type(slot) is AreaSlot else None for slot in slots])


def _by_value(rect: Rect, missing: Callable[[int, int], bool]) -> list[tuple[Rect, bool]]:
    """A rectangle in parts that all have values, or all lack them."""
    cells = [(row, column) for row in range(rect.top, rect.bottom + 1) for column in range(rect.left, rect.right + 1)]
    lacks = [missing(row, column) for row, column in cells]
    if all(lacks) or not any(lacks):
        return [(rect, lacks[0])]
    return [(Rect(row, column, row, column), lack) for (row, column), lack in zip(cells, lacks, strict=True)]
