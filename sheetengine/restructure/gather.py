"""Small blocks of one program become a family, as they would be if the workbook were loaded afresh.

In: a field after structural edits have cut its blocks. Out: the same formulas in fewer nodes of the graph. Invariants: no value and no
formula changes, what waits to be computed still waits; it runs when a field has outgrown what it was after the last time by a quarter, so
that its cost is spread over the edits that made the blocks.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sheetengine.compiler.bound import AreaSlot, ConstantSlot, Slot
from sheetengine.recalc.blocks import AnyBlock, Block, Family, flats
from sheetengine.recalc.formulas import LEAST_FAMILY, FormulaField
from sheetengine.recalc.placement import LEAST_BLOCK
from sheetengine.syntax.operands import AnyOperand
from sheetengine.values import Area

_SLACK = 16

Member = tuple[int, int, list[Slot], list[AnyOperand], bool]
"""Row, column, slots, operands, whether it waits to be computed."""


def gather(field: FormulaField) -> None:
    """Make families of small blocks where the field has grown since the last time."""
    if 4 * len(field.blocks) <= 5 * field.settled + 4 * _SLACK:
        return
    groups: dict[tuple[object, ...], list[AnyBlock]] = {}
    for block in field.blocks.values():
        if _small(field, block):
            groups.setdefault(_key(block), []).append(block)
    for blocks in groups.values():
        if len(blocks) >= LEAST_FAMILY or (len(blocks) > 1 and any(isinstance(block, Family) for block in blocks)):
            _join(field, blocks)
    field.settled = len(field.blocks)


def _small(field: FormulaField, block: AnyBlock) -> bool:
    if block.array is not None or block.frozen or block.program.mode == "table" or field.spills.ranges.get(block.id):
        return False
    return isinstance(block, Family) or block.height * block.width < LEAST_BLOCK


def _key(block: AnyBlock) -> tuple[object, ...]:
    """Members of a family are of one program and read the same sheets."""
    if isinstance(block, Family):
        sheets = [block.sheets.get(index) for index in range(len(block.constants) + len(block.corners))]
    else:
        sheets = [one.sheet if type(one) is AreaSlot else None for one in block.slots]
    return (block.sheet, id(block.program), *sheets)


def _join(field: FormulaField, blocks: list[AnyBlock]) -> None:
    members = sorted((member for block in blocks for member in _members(field, block)), key=lambda member: member[:2])
    first = blocks[0]
    mentions = set().union(*(field.mentions_of(block) for block in blocks))
    for block in blocks:
        field.drop(block)
    rows, columns = (np.array([member[axis] for member in members], np.int64) for axis in (0, 1))
    family = Family(
        field.number(), first.sheet, first.program, rows, columns,
        [member[2] for member in members], [member[3] for member in members],
    )  # fmt: skip
    store = field.book.sheets[first.sheet].store
    for row, column, *_ in members:
        store.set_owner(row, column, family.id)
    field.enter(family, mentions)
    waiting = np.flatnonzero([member[4] for member in members])
    if len(waiting) < len(members):
        del field.seeds[family.id]
        if len(waiting):
            field.seed(family, waiting)


def _members(field: FormulaField, block: AnyBlock) -> Iterator[Member]:
    living = field.members(block).tolist()
    waiting: set[int] = set()
    if block.id in field.seeds:
        selection = field.seeds[block.id]
        waiting = set(living if selection is None else flats(block, selection).tolist())
    for member in living:
        yield *block.cell(member), _slots(block, member), block.syntax_operands(member), member in waiting


def _slots(block: AnyBlock, member: int) -> list[Slot]:
    found: list[Slot] = []
    relative = [one.relative if type(one) is AreaSlot else 0 for one in block.slots] if isinstance(block, Block) else None
    for index, value in enumerate(block.member_operands(member)):
        if isinstance(value, Area):
            found.append(AreaSlot(value.sheet, *value[1:], 0 if relative is None else relative[index]))
        else:
            found.append(ConstantSlot(value))  # type: ignore[arg-type]  # a scalar
    return found


__all__ = ["gather"]
