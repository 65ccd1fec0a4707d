"""Members of a family that stand one below another again, as one fill, become a block.

In: families after a structural edit. Out: the same formulas, in blocks where a workbook loaded afresh has them. Invariant: no value and no
formula changes, what waits to be computed still waits. Whether members follow each other is told by their arrays; only those that do
are then compared as texts.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from sheetengine.graph.patterns import Indices, Rect
from sheetengine.recalc.blocks import Block
from sheetengine.recalc.family import Family
from sheetengine.recalc.formulas import LEAST_FAMILY, FormulaField
from sheetengine.recalc.placement import LEAST_BLOCK
from sheetengine.store.chunk import Box
from sheetengine.syntax.fill import fill


def settle(field: FormulaField, numbers: Iterable[int]) -> list[int]:
    """Make blocks of what has become a fill in these families; the answer is the new blocks."""
    found: list[int] = []
    for number in list(numbers):
        family = field.blocks.get(number)
        if isinstance(family, Family) and family.count >= LEAST_BLOCK and not field.spills.ranges.get(number):
            for members in _runs(family):
                if _is_fill(family, members):
                    found.append(lift_out(field, family, members))
            if found and number in field.blocks and family.count < LEAST_FAMILY:
                found += [lift_out(field, family, np.array([member])) for member in family.all.tolist()]
    return found


def _runs(family: Family) -> list[Indices]:
    """Members one below another whose corners each stand still or move along, long enough for a block."""
    living = family.all
    order = living[np.lexsort((family.rows[living], family.columns[living]))]
    links = (np.diff(family.rows[order]) == 1) & (np.diff(family.columns[order]) == 0)
    pattern = np.zeros(len(links), np.int64)
    for corners in family.corners.values():
        for axis, steps in enumerate(np.diff(corners[:, order], axis=1)):
            links &= (steps == 0) | ((steps == 1) & (axis % 2 == 0))
            pattern = pattern * 2 + steps
    # A run goes on as long as its links are of one pattern.
    same: NDArray[np.bool_] = np.concatenate((links[1:] & links[:-1] & (pattern[1:] == pattern[:-1]), [False])) if len(links) else links
    ends = np.flatnonzero(~same)
    starts = np.concatenate(([0], ends[:-1] + 1)) if len(ends) else ends
    chosen = [
        (first, end) for first, end in zip(starts.tolist(), ends.tolist(), strict=True) if links[first] and end - first + 2 >= LEAST_BLOCK
    ]
    return [order[first : end + 2] for first, end in chosen]


def _is_fill(family: Family, members: Indices) -> bool:
    first = family.syntax_operands(int(members[0]))
    own = family.member_operands(int(members[0]))
    constants = [own[index] for index in family.constants]
    for down, member in enumerate(members.tolist()):
        if family.syntax_operands(member) != [fill(operand, down, 0) for operand in first]:
            return False
        its = [values[member] for values in family.constants.values()]
        if its != constants or list(map(type, its)) != list(map(type, constants)):
            return False
    return True


def lift_out(field: FormulaField, family: Family, members: Indices) -> int:
    """The members as a block of its own."""
    top, left = family.cell(int(members[0]))
    rect = Rect(top, left, top + len(members) - 1, left)
    operands = family.syntax_operands(int(members[0]))
    program, slots = field.programs.program(family.program.shape, operands, family.sheet, top, left, family.program.mode)
    waiting = field.waiting(family, members)
    block = Block(field.number(), family.sheet, rect, program, slots, operands)
    block.frozen = family.frozen
    mentions = set(field.mentions.of(family))
    field.book.sheets[family.sheet].store.set_owners(Box(*rect), block.id)
    if len(members) == family.count:
        field.drop(family)
    else:
        family.gone[members] = True
        family.holes += len(members)
    field.enter(block, mentions)
    if waiting is not None:
        field.wait_only(block, np.flatnonzero(waiting))
    return block.id


__all__ = ["lift_out", "settle"]
