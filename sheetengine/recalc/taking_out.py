"""Cells made free of formulas and of what spilled there: blocks get holes, and fall apart when they have more holes than formulas.

In: a rectangle of a sheet. Out: a field without its formulas; values stay as they are. Invariant: an array formula or a data table goes
as a whole or not at all (`EditRefused`, before anything changes).
"""

from __future__ import annotations

import numpy as np

from sheetengine.address import column_name
from sheetengine.errors import EditRefused
from sheetengine.graph.patterns import Rect
from sheetengine.recalc.blocks import AnyBlock, Block, select
from sheetengine.recalc.family import Family
from sheetengine.recalc.formulas import FormulaField
from sheetengine.store.chunk import Box
from sheetengine.syntax.fill import fill


def take_out(field: FormulaField, sheet: int, rect: Rect) -> None:
    """Make the cells of a rectangle free of formulas and of what spilled there; their values stay as they are."""
    store = field.book.sheets[sheet].store
    if rect.top == rect.bottom and rect.left == rect.right:
        owner = store.owner(rect.top, rect.left)
        if owner == 0:
            return
        found = [(owner, 1)]
    else:
        used = store.used_within(Box(*rect))
        if used is None:
            return
        numbers, counts = np.unique(store.owners(used), return_counts=True)
        found = [pair for pair in zip(numbers.tolist(), counts.tolist(), strict=True) if pair[0]]
        if not found:
            return
        rect = Rect(*used)
    for owner, _ in found:
        _refuse_part_of_array(field, field.blocks[abs(owner)], rect)
    for owner, _ in found:
        if owner < 0 and -owner in field.blocks:
            _uncover(field, field.blocks[-owner], rect)
    for owner, count in found:
        if owner > 0 and owner in field.blocks:
            _hole(field, field.blocks[owner], rect, count)
    store.set_owners(Box(*rect), 0)


def _refuse_part_of_array(field: FormulaField, block: AnyBlock, rect: Rect) -> None:
    if block.array is not None:
        whole, what = field.spills.ranges[block.id][0], "array formula"
    elif isinstance(block, Block) and block.program.mode == "table":
        whole, what = block.rect, "data table"
    else:
        return
    if not (rect.top <= whole.top and whole.bottom <= rect.bottom and rect.left <= whole.left and whole.right <= rect.right):
        place = f"{column_name(whole.left)}{whole.top + 1}:{column_name(whole.right)}{whole.bottom + 1}"
        raise EditRefused(f"{field.book.sheets[block.sheet].name}!{place} is one {what}; it cannot be changed in part")


def _uncover(field: FormulaField, block: AnyBlock, rect: Rect) -> None:
    """Something is written where a formula spilled: it takes its array back and tries again."""
    members = [member for (number, member), _ in field.spills.meeting(block.sheet, rect) if number == block.id]
    if block.array is None:
        for member in members:
            field.changed_places += field.spills.clear(block, member)
    if members:
        field.seed(block, select(block, members))


def _hole(field: FormulaField, block: AnyBlock, rect: Rect, count: int) -> None:
    if block.id in field.spills.ranges:
        for (number, member), own in field.spills.meeting(block.sheet, rect):
            if number == block.id and rect.top <= own.top <= rect.bottom and rect.left <= own.left <= rect.right:
                field.changed_places += field.spills.clear(block, member)
    if count >= block.count:
        field.drop(block)
        return
    if isinstance(block, Family):
        inside = (block.rows >= rect.top) & (block.rows <= rect.bottom) & (block.columns >= rect.left) & (block.columns <= rect.right)
        block.gone |= inside
    block.holes += count
    field.graph.version += 1
    if isinstance(block, Block) and 2 * block.holes > block.height * block.width and block.height * block.width >= 16:
        _split(field, block, rect)


def _split(field: FormulaField, block: Block, rect: Rect) -> None:
    """More holes than formulas: what is left becomes blocks of its own, run by run down each column."""
    store = field.book.sheets[block.sheet].store
    plane = store.owners(Box(*block.rect)) == block.id
    down, right = rect.top - block.top, rect.left - block.left
    plane[max(down, 0) : max(rect.bottom - block.top + 1, 0), max(right, 0) : max(rect.right - block.left + 1, 0)] = False
    if field.spills.ranges.get(block.id):
        return
    waiting = block.id in field.seeds
    field.drop(block)
    for column in range(block.width):
        edges = np.flatnonzero(np.diff(np.concatenate(([0], plane[:, column].astype(np.int8), [0]))))
        for first, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
            part = Rect(block.top + first, block.left + column, block.top + end - 1, block.left + column)
            operands = [fill(operand, first, column) for operand in block.operands]
            program, slots = field.programs.program(block.program.shape, operands, block.sheet, part.top, part.left, block.program.mode)
            fresh = Block(field.number(), block.sheet, part, program, slots, operands)
            field._attach(fresh, frozen=block.frozen)
            if not waiting:
                del field.seeds[fresh.id]


__all__ = ["take_out"]
