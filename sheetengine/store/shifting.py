"""Rows or columns put in or taken out: the chunks behind the line move as they are, those across it are cut.

In: the chunks of a sheet, a line and a count. Out: the same chunks at their new places, what leaves the grid dropped. Cost: what lies
across the line is copied; anything else costs its chunk a number.
"""

from __future__ import annotations

from sheetengine.address import MAX_COLUMNS, MAX_ROWS
from sheetengine.store.chunk import Box, Chunk
from sheetengine.store.chunk_map import GRID, ChunkMap


def shift(chunks: ChunkMap, at: int, count: int, *, rows: bool) -> None:
    """Make room for `count` rows (or columns) before `at`, or where `count` is negative drop the -count from `at` on."""
    behind = at + max(-count, 0)
    across: list[tuple[Chunk, Box]] = []
    for chunk in list(chunks.index):
        used = chunk.used()
        first, size = (chunk.top, chunk.rows) if rows else (chunk.left, chunk.columns)
        if used is None:
            chunks.discard(chunk)
        elif first + size > at:
            chunks.index.remove(chunk)
            if first >= behind:
                _push(chunk, count, rows)
                chunks.index.add(chunk)
            else:
                across.append((chunk, used))
    for chunk, used in across:
        cut = _cut(chunk, used, at, behind, count, rows)
        chunk.drop()
        if cut is not None:
            chunks.index.add(cut)
    chunks.epoch += 1


def _push(chunk: Chunk, count: int, rows: bool) -> None:
    """Move a chunk as it is, and give back reserve that comes to lie off the grid."""
    if rows:
        chunk.top += count
        if chunk.top + chunk.rows > MAX_ROWS:
            chunk.resize(MAX_ROWS - chunk.top, chunk.columns)
    else:
        chunk.left += count
        if chunk.left + chunk.columns > MAX_COLUMNS:
            chunk.resize(chunk.rows, MAX_COLUMNS - chunk.left)


def _cut(chunk: Chunk, used: Box, at: int, behind: int, count: int, rows: bool) -> Chunk | None:
    """One chunk of what lies before the line and of what lies behind it, at its new place."""
    down, right = (count, 0) if rows else (0, count)
    last = GRID.bottom if rows else GRID.right
    before = used.intersect(_band(0, at - 1, rows))
    after = used.intersect(_band(behind, min(last, last - count), rows))
    placed = None if after is None else Box(after.top + down, after.left + right, after.bottom + down, after.right + right)
    bounds = before if placed is None else placed if before is None else before.union(placed)
    if bounds is None:
        return None
    fresh = Chunk(bounds)
    if before is not None:
        fresh.take_from(chunk, before)
    if after is not None:
        fresh.take_from(chunk, after, down, right)
    fresh.recount()
    return fresh


def _band(first: int, last: int, rows: bool) -> Box:
    """Whole rows or columns; no cell where `last` lies before `first`."""
    return Box(first, 0, last, GRID.right) if rows else Box(0, first, GRID.bottom, last)
