"""Families after cells have moved: their arrays of places and corners follow by arithmetic.

In: a family that was taken out, the way its cells go. Out: the family at its new places; members that go a way of their own are bound anew.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sheetengine.address import MAX_COLUMNS, MAX_ROWS
from sheetengine.compiler.operands import resolve
from sheetengine.graph.patterns import Rect
from sheetengine.recalc.blocks import Block
from sheetengine.recalc.family import Family
from sheetengine.recalc.positional import positional
from sheetengine.recalc.queries import as_areas
from sheetengine.restructure.relocated import Placed
from sheetengine.restructure.relocating import Relocating
from sheetengine.syntax.operands import AnyOperand, Constant
from sheetengine.syntax.shift import follows


def put_family(state: Relocating, block: Family, living: NDArray[np.bool_] | None, seeded: bool) -> bool:
    """Put in what became of a family; False: its formulas are what they were."""
    field, way = state.field, state.way
    members = np.flatnonzero(np.ones(len(block.rows), bool) if living is None else living)
    spots = None if block.id in state.mentioning else _spots(state, block, members)
    if spots is None:
        _scatter(state, block, members)
        return True
    followers = set(spots.values())
    rows, columns = block.rows[members], block.columns[members]
    new_rows, new_columns, kept, loose = way.cells(block.sheet, rows, columns)
    corners: dict[int, NDArray[np.int64]] = {}
    feels = np.zeros(len(members), bool)
    changed = not (kept.all() and (new_rows == rows).all() and (new_columns == columns).all())
    for index, old in block.corners.items():
        own = old[:, members]
        corners[index], whole, leaving = way.corners(block.sheets[index], own)
        loose |= ~whole | leaving
        changed = changed or not bool((corners[index] == own).all())
        if index not in followers and not _stands(state, block.sheets[index], own, corners[index], changed):
            _scatter(state, block, members)
            return True
        single = (own[0] == own[2]) & (own[1] == own[3])
        feels |= ~single & _many_feel(state, block.sheets[index], own)
    if not changed and not loose.any():
        field.enter(block, state.mentions[block.id])
        state.settle_seed(block, seeded or state.feels_values(block, moved=False))
        return False
    stay = np.flatnonzero(kept & ~loose)
    if len(stay):
        _stay(
            state,
            block,
            members[stay],
            (new_rows[stay], new_columns[stay]),
            {i: c[:, stay] for i, c in corners.items()},
            feels[stay],
            seeded,
            spots,
        )
    _scatter(state, block, members[kept & loose])
    return True


def _stay(
    state: Relocating, block: Family, members: NDArray[np.int64], places: tuple[NDArray[np.int64], NDArray[np.int64]],
    corners: dict[int, NDArray[np.int64]], feels: NDArray[np.bool_], seeded: bool, spots: dict[int, int],
) -> None:  # fmt: skip
    """The members that stay together, by arrays."""
    field = state.field
    twin = block.relocated(members, *places, corners, spots)
    field.enter(twin, state.mentions[block.id])
    state.fresh.append(twin.id)
    _meet(state, block, members, twin)
    every = seeded or positional(block.program) or bool(block.program.recipe.unread)
    if not every or twin.frozen:
        field.wait_only(twin, np.flatnonzero(feels & (not twin.frozen)))
    state.done.placed.append(Placed(twin))
    if state.tells:
        respelt = np.zeros(len(members), bool)
        for index, after in corners.items():
            respelt |= (after != block.corners[index][:, members]).any(axis=0)
        areas = as_areas(twin.sheet, twin.rows[respelt], twin.columns[respelt])
        state.done.rewritten += [(twin.sheet, Rect(*area[1:])) for area in areas]


def _meet(state: Relocating, block: Family, members: NDArray[np.int64], twin: Family) -> None:
    """Blocks that have come beside members, because what lay between went: they may go on with them."""
    owner = state.field.book.sheets[twin.sheet].store.owner
    for down, right in ((-1, 0), (1, 0), (0, -1), (0, 1)):
        rows, columns, kept, _ = state.way.cells(block.sheet, block.rows[members] + down, block.columns[members] + right)
        seam = ~kept | (rows != twin.rows + down) | (columns != twin.columns + right)
        for member in np.flatnonzero(seam).tolist():
            row, column = int(twin.rows[member]) + down, int(twin.columns[member]) + right
            if 0 <= row < MAX_ROWS and 0 <= column < MAX_COLUMNS:
                state.fresh.append(owner(row, column))


def _spots(state: Relocating, block: Family, members: NDArray[np.int64]) -> dict[int, int] | None:
    """The slots of the operands that follow their cells; None where names and tables make it other slots for other members."""
    if block.plain:
        return {index: index for index, operand in enumerate(block.operands[0]) if type(operand) is not Constant}
    member = int(members[0])
    row, column = block.cell(member)
    operands = block.syntax_operands(member)
    resolution = resolve(block.program.shape, operands, state.field.book.scope(block.sheet), row, column)
    if len(resolution.slots) != len(block.constants) + len(block.corners):
        return None
    return {
        index: resolved.slot for index, (operand, resolved) in enumerate(zip(operands, resolution.operands, strict=True))
        if follows(operand) and resolved.slot >= 0
    }  # fmt: skip


def _stands(state: Relocating, sheet: int, own: NDArray[np.int64], after: NDArray[np.int64], moved: bool) -> bool:
    """Whether a slot that no reference of the text names is what it was: an absolute name's, elsewhere than cells move."""
    same = bool((own == after).all()) and not _many_feel(state, sheet, own).any()
    return same and (not moved or bool((own == own[:, :1]).all()))


def _many_feel(state: Relocating, sheet: int, corners: NDArray[np.int64]) -> NDArray[np.bool_]:
    hit = np.zeros(corners.shape[1], bool)
    for own, rect in state.way.touched:
        if own == sheet:
            hit |= (corners[0] <= rect.bottom) & (corners[2] >= rect.top) & (corners[1] <= rect.right) & (corners[3] >= rect.left)
    return hit


def _scatter(state: Relocating, block: Family, members: NDArray[np.int64]) -> None:
    """Members that leave their family are bound anew; those of one program are families again."""
    by_sheet: dict[int, list[tuple[int, int, list[AnyOperand]]]] = {}
    for member in members.tolist():
        row, column = block.cell(member)
        place = state.way.cell(block.sheet, row, column)
        if place is not None:
            operands = [state.way.operand(operand, block.sheet, row, column) for operand in block.syntax_operands(member)]
            by_sheet.setdefault(place[0], []).append((place[1], place[2], operands))
    for sheet, cells in by_sheet.items():
        store = state.field.book.sheets[sheet].store
        for row, column, _ in cells:
            store.set_owner(row, column, 0)
        state.field.put_members(sheet, block.program.shape, block.program.mode, cells, frozen=block.frozen)
        for row, column, _ in cells:
            rect = Rect(row, column, row, column)
            # Several of them may be one block by now: it is known by its cells.
            state.done.placed.append(Placed(Block(0, sheet, rect, block.program, (), ())))
            state.done.rewritten.append((sheet, rect))
            state.fresh.append(store.owner(row, column))


__all__ = ["put_family"]
