"""Blocks that have become neighbours of one formula are one block again.

In: blocks that were put in or moved. Out: the same formulas in fewer blocks. Invariant: no value and no formula changes; a thousand
insertions and deletions leave no more blocks than there are stretches of formulas.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from sheetengine.address import MAX_COLUMNS, MAX_ROWS
from sheetengine.compiler.bound import AreaSlot
from sheetengine.graph.patterns import Rect, Selection
from sheetengine.recalc.blocks import Block, flats
from sheetengine.recalc.family import Family
from sheetengine.recalc.formulas import FormulaField
from sheetengine.recalc.placement import LEAST_BLOCK
from sheetengine.restructure.settle import lift_out
from sheetengine.store.chunk import Box
from sheetengine.syntax.fill import fill

_LONG = 16


def merge(field: FormulaField, numbers: Iterable[int]) -> None:
    """Let each of these blocks take in, or be taken in by, its neighbours."""
    waiting = list(numbers)
    while waiting:
        block = field.blocks.get(waiting.pop())
        if not isinstance(block, Block) or not _may(field, block):
            continue
        waiting += _lifted(field, block)
        for other in _neighbours(field, block):
            first, second = (block, other) if (block.top, block.left) < (other.top, other.left) else (other, block)
            if first.fits(second.program, second.slots, second.operands, second.top, second.left):
                waiting.append(_join(field, first, second))
                break


def merge_in(field: FormulaField, sheet: int, rect: Rect) -> None:
    """Let the blocks of a rectangle that was written join their neighbours."""
    store = field.book.sheets[sheet].store
    used = store.used_within(Box(*rect))
    if used is not None:
        owners = np.unique(store.owners(used))
        merge(field, owners[owners > 0].tolist())


def _lifted(field: FormulaField, block: Block) -> list[int]:
    """Members of a family along one side of a block that go on with its formula, made blocks of their own."""
    if block.height * block.width < LEAST_BLOCK:
        return []
    top, left, bottom, right = block.rect
    store = field.book.sheets[block.sheet].store
    sides = (
        [(top - 1, column) for column in range(left, right + 1)],
        [(bottom + 1, column) for column in range(left, right + 1)],
        [(row, left - 1) for row in range(top, bottom + 1)] if block.height <= _LONG else [],
        [(row, right + 1) for row in range(top, bottom + 1)] if block.height <= _LONG else [],
    )
    for side in sides:
        places = [(row, column) for row, column in side if 0 <= row < MAX_ROWS and 0 <= column < MAX_COLUMNS]
        owners = [field.blocks.get(store.owner(row, column)) for row, column in places]
        if places and all(
            isinstance(owner, Family) and _goes_on(block, owner, *place) for owner, place in zip(owners, places, strict=True)
        ):
            lifted = []
            for owner, place in zip(owners, places, strict=True):
                assert isinstance(owner, Family)
                lifted.append(lift_out(field, owner, np.array([owner.flat(*place)])))
            return lifted
    return []


def _goes_on(block: Block, family: Family, row: int, column: int) -> bool:
    """Whether a member of a family is a block's formula as seen from its cell."""
    if family.program is not block.program or family.frozen:
        return False
    member, down, right = family.flat(row, column), row - block.top, column - block.left
    if family.syntax_operands(member) != [fill(operand, down, right) for operand in block.operands]:
        return False
    for own, other in zip(block.slots, family.member_operands(member), strict=True):
        mine = block.area(own, down, right) if type(own) is AreaSlot else own.value  # type: ignore[union-attr]  # a constant
        if other != mine or type(other) is not type(mine):
            return False
    return True


def _may(field: FormulaField, block: Block) -> bool:
    return block.array is None and not block.frozen and not field.spills.ranges.get(block.id)


def _neighbours(field: FormulaField, block: Block) -> Iterable[Block]:
    """The blocks above, below, left and right whose side is the block's own."""
    below, beside = block.top + block.height, block.left + block.width
    for number in _around(field, block, below, beside):
        other = field.blocks.get(number)
        if not isinstance(other, Block) or other is block or other.sheet != block.sheet or not _may(field, other):
            continue
        upright = other.left == block.left and other.width == block.width and (other.top == below or other.top + other.height == block.top)
        level = other.top == block.top and other.height == block.height and (other.left == beside or other.left + other.width == block.left)
        if upright or level:
            yield other


def _around(field: FormulaField, block: Block, below: int, beside: int) -> Iterator[int]:
    """Who owns the cells along a block's four sides; of long sides, their ends."""
    store = field.book.sheets[block.sheet].store
    rows = range(block.top, below, 1 if block.height <= _LONG else block.height - 1)
    columns = range(block.left, beside, 1 if block.width <= _LONG else block.width - 1)
    seen = {0}
    sides = [[(block.top - 1, column) for column in columns], [(below, column) for column in columns]]
    sides += [[(row, block.left - 1) for row in rows], [(row, beside) for row in rows]]
    for side in sides:
        for row, column in side:
            if 0 <= row < MAX_ROWS and 0 <= column < MAX_COLUMNS:
                owner = store.owner(row, column)
                if owner not in seen:
                    seen.add(owner)
                    yield owner


def _join(field: FormulaField, first: Block, second: Block) -> int:
    """One block of two; the larger keeps its number, so that the fewest owners are written."""
    rect = Rect(first.top, first.left, second.top + second.height - 1, second.left + second.width - 1)
    keeps, goes = (first, second) if first.height * first.width >= second.height * second.width else (second, first)
    whole = Block(keeps.id, first.sheet, rect, first.program, first.slots, first.operands)
    whole.holes = first.holes + second.holes
    every = all(field.seeds.get(part.id, part) is None for part in (first, second))
    seeds = [] if every else [_seeded(field, whole, part) for part in (first, second) if part.id in field.seeds]
    store = field.book.sheets[first.sheet].store
    box = Box(*goes.rect)
    if goes.holes:
        owners = store.owners(box)
        store.set_owners(box, np.where(owners == goes.id, np.int32(keeps.id), owners).astype(np.int32))
    else:
        store.set_owners(box, keeps.id)
    field.drop(first)
    field.drop(second)
    field.enter(whole)
    if not every:
        del field.seeds[whole.id]
        for members in seeds:
            field.seed(whole, members)
    return whole.id


def _seeded(field: FormulaField, whole: Block, part: Block) -> Selection | None:
    """The members of a part that wait to be computed, as members of the whole; None: all of it, cheaper than to name many."""
    selection = field.seeds[part.id]
    members = flats(part, part.all if selection is None else selection)
    if len(members) > 4096:
        return None
    rows, columns = part.positions(members)
    found: Selection = np.sort((rows - whole.top) * whole.width + columns - whole.left)
    return found


__all__ = ["merge", "merge_in"]
