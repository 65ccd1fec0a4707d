"""Questions to the graph: what reads a cell, what a cell reads, where an error came from.

In: rectangles. Out: areas, exact to the cell. Nothing here computes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence

import numpy as np

from sheetengine.compiler.bound import AreaSlot
from sheetengine.graph.patterns import Cells, Rect, Selection
from sheetengine.grid import ERROR
from sheetengine.recalc.blocks import AnyBlock, Block, flats
from sheetengine.recalc.dirty import closure
from sheetengine.recalc.engine import Engine
from sheetengine.store.chunk import Box
from sheetengine.values import Area, CellError

_MOST_STEPS = 10_000


def dependents(engine: Engine, area: Area, *, transitive: bool = False) -> list[Area]:
    """The formula cells that read any of an area, as disjoint rectangles in the order of sheet, row and column."""
    field = engine.field
    rect = Rect(*area[1:])
    first = list(field.graph.dependents(area.sheet, rect))
    if transitive:
        dirty = closure(field.graph, field.blocks, first, {}, lambda n, s: field.spills.places(field.blocks[n], s), field.alive)
        found = dirty.selections
    else:
        found = {}
        for edge, selection in first:
            block = field.blocks[edge.node]
            members = flats(block, selection)
            living = field.alive(block)
            members = members if living is None else members[living[members]]
            known = found.get(block.id)
            if known is not None:
                members = np.union1d(flats(block, known), members)
            if len(members):
                found[block.id] = members
    areas = [one for number, selection in found.items() for one in areas_of(field.blocks[number], selection)]
    return sorted(areas)


def areas_of(block: AnyBlock, selection: Selection) -> Iterator[Area]:
    """The cells of a selection as rectangles."""
    if isinstance(selection, Cells):
        assert isinstance(block, Block)
        yield Area(
            block.sheet, block.top + selection.first_row, block.left + selection.first_column,
            block.top + selection.last_row, block.left + selection.last_column,
        )  # fmt: skip
        return
    yield from as_areas(block.sheet, *block.positions(selection))


def as_areas(sheet: int, rows: np.ndarray, columns: np.ndarray) -> Iterator[Area]:
    """Cells as rectangles: runs down each column, equal runs of neighbouring columns joined."""
    if len(rows) == 0:
        return
    order = np.lexsort((rows, columns))
    rows, columns = rows[order], columns[order]
    breaks = np.flatnonzero((np.diff(columns) != 0) | (np.diff(rows) != 1)) + 1
    starts, ends = np.concatenate(([0], breaks)), np.concatenate((breaks, [len(rows)])) - 1
    open_runs: dict[tuple[int, int], tuple[int, int]] = {}
    for first, last in zip(starts.tolist(), ends.tolist(), strict=True):
        run, column = (int(rows[first]), int(rows[last])), int(columns[first])
        left = open_runs.get(run)
        if left is not None and left[1] == column - 1:
            open_runs[run] = (left[0], column)
            continue
        if left is not None:
            yield Area(sheet, run[0], left[0], run[1], left[1])
        open_runs[run] = (column, column)
    for run, (start, end) in open_runs.items():
        yield Area(sheet, run[0], start, run[1], end)


def precedents(engine: Engine, area: Area, *, transitive: bool = False) -> list[Area]:
    """What the formulas in an area read, by the references in their texts; with `transitive` what those read too."""
    found: dict[Area, None] = {}
    waiting = deque([area])
    while waiting:
        for read in _read_by(engine, waiting.popleft()):
            if read not in found:
                found[read] = None
                if transitive:
                    waiting.append(read)
    return sorted(found)


def fillers(engine: Engine, area: Area) -> list[Area]:
    """The cells whose arrays reach into an area from outside, by row and column."""
    found = {rect[:2] for _, rect in engine.field.spills.meeting(area.sheet, Rect(*area[1:]))}
    return [
        Area(area.sheet, row, column, row, column)
        for row, column in sorted(found)
        if not (area.top <= row <= area.bottom and area.left <= column <= area.right)
    ]


def _read_by(engine: Engine, area: Area) -> Iterator[Area]:
    yield from fillers(engine, area)
    field = engine.field
    store = engine.book.sheets[area.sheet].store
    used = store.used_within(Box(*area[1:]))
    if used is None:
        return
    owners = store.owners(used)
    for owner in np.unique(owners[owners > 0]).tolist():
        block = field.blocks[owner]
        rows, columns = np.nonzero(owners == owner)
        members = np.array(
            [block.flat(used.top + row, used.left + column) for row, column in zip(rows.tolist(), columns.tolist(), strict=True)]
        )
        yield from _edge_areas(block, members)


def _edge_areas(block: AnyBlock, members: np.ndarray) -> Iterator[Area]:
    unread = block.program.recipe.unread
    if isinstance(block, Block):
        # Over a rectangle of cells what they read is one rectangle; over cells with holes between them it is not.
        for part in as_areas(block.sheet, *block.positions(members)):
            corners = [(part.top - block.top, part.left - block.left), (part.bottom - block.top, part.right - block.left)]
            for index, slot in enumerate(block.slots):
                if len(slot) > 1 and index not in unread:
                    yield _around([block.area(slot, *corner) for corner in corners])
            for group in block.hulls():
                slots = [slot for slot in (block.slots[index] for index in group) if type(slot) is AreaSlot]
                yield _around([block.area(slot, *corner) for slot in slots for corner in corners])
        return
    for group in block.hulls():
        for member in members.tolist():
            operands = block.member_operands(member)
            yield _around([area for index in group if isinstance(area := operands[index], Area)])
    for index in block.corners:
        if index not in unread:
            for member in members.tolist():
                area = block.member_operands(member)[index]
                assert isinstance(area, Area)
                yield area


def _around(areas: Sequence[Area]) -> Area:
    return Area(
        areas[0].sheet,
        min(area.top for area in areas),
        min(area.left for area in areas),
        max(area.bottom for area in areas),
        max(area.right for area in areas),
    )


def origin(engine: Engine, sheet: int, row: int, column: int) -> Area:
    """The cell that an error came from: back through the reads of cells that hold the same error."""
    store = engine.book.sheets[sheet].store
    error = store.cell(row, column)
    here = Area(sheet, row, column, row, column)
    if not isinstance(error, CellError):
        return here
    seen = {here}
    for _ in range(_MOST_STEPS):
        found = engine.field.anchor(here.sheet, here.top, here.left)
        if found is None:
            return here
        step = None
        members = np.array([found[1]])
        for area in _edge_areas(found[0], members):
            step = _first_same(engine, area, error.code, seen)
            if step is not None:
                break
        if step is None:
            return here
        seen.add(step)
        here = step
    return here


def _first_same(engine: Engine, area: Area, code: str, seen: set[Area]) -> Area | None:
    record = engine.book.sheets.get(area.sheet)
    used = None if record is None else record.store.used_within(Box(*area[1:]))
    if record is None or used is None or used.area > 1_000_000:
        return None
    grid = record.store.read(used)
    if grid.kinds is None:
        return None
    for down, right in np.argwhere(grid.kinds == ERROR).tolist():
        value = grid.item(down, right)
        place = Area(area.sheet, used.top + down, used.left + right, used.top + down, used.left + right)
        if isinstance(value, CellError) and value.code == code and place not in seen:
            return place
    return None
