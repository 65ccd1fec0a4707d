"""Blocks after cells have moved: whole, cut into parts, or cell by cell where a part's cells are formulas of their own.

In: a block that was taken out, the way its cells go. Out: blocks put in at the new places, seeded where they may compute another value.
Invariant: no cell is visited and nothing parsed, but where an operand became `#REF!` or a formula names what changed.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sheetengine.compiler.bound import AreaSlot, ConstantSlot, Slot
from sheetengine.compiler.compile import Program
from sheetengine.compiler.operands import area_slot
from sheetengine.graph.patterns import Rect
from sheetengine.recalc.blocks import Block, seen_from
from sheetengine.recalc.parts import Part, parts
from sheetengine.recalc.positional import positional
from sheetengine.restructure.relocated import Placed
from sheetengine.restructure.relocating import Relocating
from sheetengine.restructure.rigid import at_seam, displaced
from sheetengine.store.chunk import Box
from sheetengine.syntax.fill import fill
from sheetengine.syntax.operands import Constant, Reference


def put_block(state: Relocating, block: Block, living: NDArray[np.bool_] | None, seeded: bool) -> bool:
    """Put in what became of a block with its living members (None: all); False: its formulas are what they were."""
    mentioning = block.id in state.mentioning
    fresh = None if mentioning else displaced(block, state.way)
    if fresh is not None:
        _displaced(state, block, fresh, living, seeded)
        return True
    found = parts(block, state.way)
    if len(found) == 1 and not mentioning:
        part = found[0]
        if part.sheet == block.sheet and part.rect == block.rect and part.operands == block.operands:
            state.field.enter(block, state.mentions[block.id])
            state.settle_seed(block, seeded or state.feels_values(block, moved=False))
            return False
    if block.array is not None:
        _array(state, block, found)
        return True
    if block.program.mode == "table":
        _data_table(state, block, found)
        return True
    largest = max(found, key=lambda part: part.cells.count, default=None)
    plain = block.plain and not mentioning
    for part in found:
        _put(state, block, part, living, plain, seeded, block.id if part is largest else 0)
    return True


def _displaced(state: Relocating, block: Block, fresh: Block, living: NDArray[np.bool_] | None, seeded: bool) -> None:
    """A block that goes as it is: only where it stands, if that matters, gives it another value."""
    state.field.enter(fresh, state.mentions[block.id])
    if at_seam(block, fresh, state.way):
        state.fresh.append(fresh.id)
    state.settle_seed(fresh, seeded or positional(fresh.program) or bool(fresh.program.recipe.unread))
    alive = None if living is None else living.reshape(block.height, block.width)
    state.note(fresh, alive, rewritten=fresh.operands != block.operands)


def _put(state: Relocating, block: Block, part: Part, living: NDArray[np.bool_] | None, plain: bool, seeded: bool, number: int) -> None:
    field = state.field
    alive = None if living is None else _window(living, block, part)
    if alive is not None and not alive.any():
        return
    program, slots, same = _program(state, block, part, plain)
    fresh = Block(number or field.number(), part.sheet, part.rect, program, slots, part.operands)
    if not plain and not field.fills(part.sheet, part.rect, program, slots, part.operands):
        _cells(state, block, part, alive, seeded)
        return
    fresh.frozen = block.frozen and bool(program.recipe.unsupported)
    fresh.holes = 0 if alive is None else int(alive.size - np.count_nonzero(alive))
    if number == 0:
        _own(state, part, alive, fresh.id)
    field.enter(fresh, set(state.mentions[block.id]) if same else None)
    state.fresh.append(fresh.id)
    moved = (part.sheet, part.rect.top, part.rect.left) != (
        block.sheet, block.top + part.cells.first_row, block.left + part.cells.first_column,
    )  # fmt: skip
    state.settle_seed(fresh, seeded or not same or _part_feels(state, block, part, moved))
    state.note(fresh, alive, rewritten=not same or _respelt(block, part))


def _program(state: Relocating, block: Block, part: Part, plain: bool) -> tuple[Program, Sequence[Slot], bool]:
    """The program and slots of a part; the same program where every operand still is what it was."""
    if plain and all(
        type(operand) is Constant or operand.first is not None  # type: ignore[union-attr]  # plain: a reference
        for operand in part.operands
    ):
        slots: list[Slot] = []
        for operand, old in zip(part.operands, block.slots, strict=False):
            if type(operand) is Reference:
                assert type(old) is AreaSlot and operand.first is not None
                sheet = old.sheet if operand.sheet is None else state.field.book.sheet_named(operand.sheet)
                assert sheet is not None
                slots.append(area_slot(part.sheet if operand.sheet is None else sheet, operand.first, operand.last, 0, 0))
            else:
                slots.append(old)
        if len(slots) == len(block.slots):
            return block.program, slots, True
    row, column = part.rect.top, part.rect.left
    program, bound = state.field.programs.program(block.program.shape, part.operands, part.sheet, row, column, block.program.mode)
    return program, bound, False


def _cells(state: Relocating, block: Block, part: Part, alive: NDArray[np.bool_] | None, seeded: bool) -> None:
    """A part whose cells are formulas of their own: one by one."""
    field = state.field
    for down in range(part.rect.bottom - part.rect.top + 1):
        for right in range(part.rect.right - part.rect.left + 1):
            if alive is not None and not alive[down, right]:
                continue
            row, column = part.rect.top + down, part.rect.left + right
            operands = [fill(operand, down, right) for operand in part.operands]
            program, slots = field.programs.program(block.program.shape, operands, part.sheet, row, column, block.program.mode)
            fresh = Block(field.number(), part.sheet, Rect(row, column, row, column), program, slots, operands)
            fresh.frozen = block.frozen and bool(program.recipe.unsupported)
            field.book.sheets[part.sheet].store.set_owner(row, column, fresh.id)
            field.enter(fresh)
            state.fresh.append(fresh.id)
            state.settle_seed(fresh, True)
            state.note(fresh, None, rewritten=True)


def _data_table(state: Relocating, block: Block, found: list[Part]) -> None:
    """A what-if table: one thing, its inputs apart."""
    for part in found:
        program, slots = state.field.programs.program(
            block.program.shape, part.operands, part.sheet, part.rect.top, part.rect.left, "table"
        )
        fresh = Block(block.id, part.sheet, part.rect, program, slots, part.operands)
        state.field.enter(fresh)
        state.fresh.append(fresh.id)
        state.note(fresh, None, rewritten=part.operands != block.operands)


def _array(state: Relocating, block: Block, found: list[Part]) -> None:
    """A CSE formula: the edit was refused where it would have cut its range."""
    whole = state.field.spills.take_out(block.id, 0)
    if not found:
        return
    (part,) = found
    program, slots, _same = _program(state, block, part, plain=False)
    fresh = Block(block.id, part.sheet, part.rect, program, slots, part.operands)
    fresh.array, fresh.frozen = block.array, block.frozen and bool(program.recipe.unsupported)
    assert whole is not None
    place = Rect(part.rect.top, part.rect.left, part.rect.top + whole.bottom - whole.top, part.rect.left + whole.right - whole.left)
    state.field.spills.enter(part.sheet, block.id, 0, place)
    state.field.enter(fresh)
    state.fresh.append(fresh.id)
    state.settle_seed(fresh, True)
    state.done.placed.append(Placed(fresh, [place]))
    if part.operands != block.operands:
        state.done.rewritten.append((part.sheet, place))


def _own(state: Relocating, part: Part, alive: NDArray[np.bool_] | None, number: int) -> None:
    store = state.field.book.sheets[part.sheet].store
    box = Box(*part.rect)
    if alive is None:
        store.set_owners(box, number)
    else:
        store.set_owners(box, np.where(alive, np.int32(number), store.owners(box)).astype(np.int32))


def _part_feels(state: Relocating, block: Block, part: Part, moved: bool) -> bool:
    return state.feels_values(block, moved) if part.cells.count == block.all.count else state.feels_values(
        Block(0, block.sheet, _old_rect(block, part), block.program, _old_slots(block, part), block.operands), moved
    )  # fmt: skip


def _window(living: NDArray[np.bool_], block: Block, part: Part) -> NDArray[np.bool_] | None:
    cells = part.cells
    found = living.reshape(block.height, block.width)[cells.first_row : cells.last_row + 1, cells.first_column : cells.last_column + 1]
    return None if found.all() else found


def _old_rect(block: Block, part: Part) -> Rect:
    cells = part.cells
    return Rect(block.top + cells.first_row, block.left + cells.first_column, block.top + cells.last_row, block.left + cells.last_column)


def _old_slots(block: Block, part: Part) -> list[Slot]:
    down, right = part.cells.first_row, part.cells.first_column
    found: list[Slot] = []
    for one in block.slots:
        if type(one) is ConstantSlot:
            found.append(one)
            continue
        assert type(one) is AreaSlot
        found.append(seen_from(one, down, right))
    return found


def _respelt(block: Block, part: Part) -> bool:
    down, right = part.cells.first_row, part.cells.first_column
    return any(fill(old, down, right) != new for old, new in zip(block.operands, part.operands, strict=True))


__all__ = ["put_block"]
