"""Small blocks of one program become a family, as they would be if the workbook were loaded afresh.

In: a field after structural edits have cut its blocks. Out: the same formulas in fewer nodes of the graph. Invariants: no value and no
formula changes, what waits to be computed still waits; after an edit the small blocks of its programs are no more than a fresh load leaves.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from sheetengine.compiler.bound import AreaSlot, Slot
from sheetengine.recalc.blocks import AnyBlock, Block
from sheetengine.recalc.family import Family
from sheetengine.recalc.formulas import LEAST_FAMILY, FormulaField
from sheetengine.recalc.placement import LEAST_BLOCK
from sheetengine.values import Area

_SLACK = 16


def gather(field: FormulaField) -> None:
    """Make families of small blocks where the field has grown by a quarter since the last time, so that the cost is spread over what it grew by."""
    if 4 * len(field.blocks) <= 5 * field.settled + 4 * _SLACK:
        return
    _gather(field, [block for block in field.blocks.values() if _small(field, block)])
    field.settled = len(field.blocks)


def gather_in(field: FormulaField, numbers: Iterable[int]) -> None:
    """Make families of the small blocks that have the programs of these."""
    programs = {id(block.program) for number in numbers if (block := field.blocks.get(number)) is not None and _small(field, block)}
    if programs:
        _gather(field, [block for block in field.blocks.values() if id(block.program) in programs and _small(field, block)])


def _gather(field: FormulaField, small: Iterable[AnyBlock]) -> None:
    groups: dict[tuple[object, ...], list[AnyBlock]] = {}
    for block in small:
        groups.setdefault(_key(block), []).append(block)
    for blocks in groups.values():
        if len(blocks) >= LEAST_FAMILY or (len(blocks) > 1 and any(isinstance(block, Family) for block in blocks)):
            _join(field, blocks)


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
    families = [block if isinstance(block, Family) else _scattered(field, block) for block in blocks]
    family = Family.joined(field.number(), families)
    mentions = set().union(*(field.mentions.of(block) for block in blocks))
    waiting = [field.waiting(block, field.members(block)) for block in blocks]
    for block in blocks:
        field.drop(block)
    field.book.sheets[family.sheet].store.set_owners_at(family.rows, family.columns, family.id)
    field.enter(family, mentions)
    if any(mask is not None for mask in waiting):
        rows, columns = (np.concatenate([getattr(one, axis)[one.all] for one in families]) for axis in ("rows", "columns"))
        every = np.concatenate([np.ones(one.count, bool) if mask is None else mask for one, mask in zip(families, waiting, strict=True)])
        field.wait_only(family, np.flatnonzero(every[np.lexsort((columns, rows))]))


def _scattered(field: FormulaField, block: Block) -> Family:
    """A small block as a family of its own."""
    members = field.members(block).tolist()
    rows, columns = (np.array(axis, np.int64) for axis in zip(*(block.cell(member) for member in members), strict=True))
    slots, operands = [_slots(block, member) for member in members], [block.syntax_operands(member) for member in members]
    return Family(block.id, block.sheet, block.program, rows, columns, slots, operands)


def _slots(block: Block, member: int) -> list[Slot]:
    found: list[Slot] = []
    for own, value in zip(block.slots, block.member_operands(member), strict=True):
        if type(own) is AreaSlot:
            assert isinstance(value, Area)
            found.append(AreaSlot(value.sheet, *value[1:], own.relative))
        else:
            found.append(own)
    return found


__all__ = ["gather", "gather_in"]
