"""What an array filled and left, for those who listen.

In: the cells around an array before it is written, and after. Out: a `Spilled` event, None where nothing but its own cell is concerned.
Cost: the cells in use there.
"""

from __future__ import annotations

import numpy as np

from sheetengine.graph.patterns import Rect
from sheetengine.grid import Grid
from sheetengine.recalc.events import Spilled
from sheetengine.store import SheetStore
from sheetengine.store.chunk import Box


class Filled:
    """The cells of a rectangle as they were, those that a block's arrays fill marked."""

    def __init__(self, store: SheetStore, sheet: int, block: int, hull: Rect) -> None:
        self._store = store
        self._sheet = sheet
        self._block = block
        self._hull = Box(*hull)
        self._box = store.used_within(self._hull) or Box(hull.top, hull.left, hull.top, hull.left)
        seen = store.read(self._box)
        self._before = Grid(np.array(seen.numbers), None if seen.kinds is None else np.array(seen.kinds), seen.texts)
        self._mine = store.owners(self._box) == -block

    def event(self, anchor: tuple[int, int]) -> Spilled | None:
        """What differs now: every cell that is or was filled, with its value before and now, the anchor excepted."""
        store, old = self._store, self._box
        used = store.used_within(self._hull)
        box = old if used is None else old.union(used)
        mine = store.owners(box) == -self._block
        inside = slice(old.top - box.top, old.bottom - box.top + 1), slice(old.left - box.left, old.right - box.left + 1)
        mine[inside] |= self._mine
        mine[anchor[0] - box.top, anchor[1] - box.left] = False
        down, right = np.nonzero(mine)
        if not len(down):
            return None
        before = _widened(self._before, inside, mine.shape)[down, right]
        return Spilled(self._sheet, anchor, down + box.top, right + box.left, before, store.read(box)[down, right])


def _widened(grid: Grid, inside: tuple[slice, slice], shape: tuple[int, ...]) -> Grid:
    """A grid as a part of a larger one that is blank elsewhere."""
    if grid.shape == shape:
        return grid
    numbers, kinds = np.zeros(shape), np.zeros(shape, np.uint8)
    numbers[inside], kinds[inside] = grid.numbers, grid.kind_plane()
    texts = None
    if grid.texts is not None:
        texts = np.full(shape, None, dtype=object)
        texts[inside] = grid.texts
    return Grid(numbers, kinds, texts)
