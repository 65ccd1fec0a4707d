"""Blocks that go as they are: their cells and all that they name are displaced alike.

In: a block and a relocation. Out: the block at its new place, by adding to its corners. It is what most blocks of a sheet are to a line
inserted above them, so it does for them nothing that `parts` does for those that are cut: no way is asked twice, no fill compared.
"""

from __future__ import annotations

from sheetengine.compiler.bound import AreaSlot, Slot
from sheetengine.graph.patterns import Rect
from sheetengine.recalc.blocks import Block
from sheetengine.recalc.parts import Relocation
from sheetengine.syntax.operands import AnyOperand, Corner, Reference


def displaced(block: Block, way: Relocation) -> Block | None:
    """The block with its number at its new place; None where its cells, or what they name, go more than one way."""
    if block.array is not None or block.program.mode == "table" or not block.plain:
        return None
    step = way.displacement(block.sheet, block.rect)
    if step is None:
        return None
    down, right = step
    slots: list[Slot] = list(block.slots)
    operands: list[AnyOperand] = list(block.operands)
    for edge in block.all_edges():
        extent = edge.extent()
        if not way.feels(edge.sheet, extent):
            continue
        if way.displacement(edge.sheet, extent) != step:
            return None
        index = edge.slot
        slot, operand = slots[index], operands[index]
        assert type(slot) is AreaSlot and type(operand) is Reference and operand.first is not None  # the block is plain
        slots[index] = AreaSlot(slot.sheet, slot.top + down, slot.left + right, slot.bottom + down, slot.right + right, slot.relative)
        last = None if operand.last is None else _at(operand.last, down, right)
        operands[index] = Reference(_at(operand.first, down, right), last, operand.sheet, trim=operand.trim)
    rect = block.rect
    moved = Rect(rect.top + down, rect.left + right, rect.bottom + down, rect.right + right)
    fresh = Block(block.id, block.sheet, moved, block.program, slots, operands)
    fresh.frozen, fresh.holes = block.frozen, block.holes
    return fresh


def at_seam(block: Block, fresh: Block, way: Relocation) -> bool:
    """Whether some cell around a displaced block goes another way than it, so that it may have come beside its own formula."""
    top, left, bottom, right = block.rect
    step = fresh.top - block.top, fresh.left - block.left
    around = (
        (top - 1, left, top - 1, right), (bottom + 1, left, bottom + 1, right),
        (top, left - 1, bottom, left - 1), (top, right + 1, bottom, right + 1),
    )  # fmt: skip
    return any(way.displacement(block.sheet, strip) != step for strip in around)


def _at(corner: Corner, down: int, right: int) -> Corner:
    row, column = corner.row, corner.column
    return Corner(
        None if row is None else row + down, None if column is None else column + right, corner.row_absolute, corner.column_absolute
    )


__all__ = ["at_seam", "displaced"]
