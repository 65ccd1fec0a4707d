"""Cells looked up once, to be written with numbers again and again.

In: the places of formulas' cells in a store. Out: their numbers in its planes. Invariants: nothing is written where the planes moved,
or are shared with a copy, since the cells were looked up (`write` says so); what is written is what `SheetStore.scatter` would write.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sheetengine.grid import NUMBER
from sheetengine.store.chunk import Box, Chunk
from sheetengine.store.sheet_store import SheetStore

_MOST_COLUMNS = 8


class Prepared:
    """Some cells of one chunk, in order."""

    __slots__ = ("_chunk", "_columns", "_epoch", "_place", "_store")

    def __init__(self, store: SheetStore, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> None:
        self._store = store
        self._epoch = store.epoch
        self._columns = np.unique(columns).tolist()
        top, left = int(rows.min()), int(columns.min())
        chunk = store.chunk_at(top, left)
        hull = Box(top, left, int(rows.max()), int(columns.max()))
        self._chunk: Chunk | None = None
        if chunk is None or len(self._columns) > _MOST_COLUMNS or not chunk.box.contains(hull):
            return
        self._chunk = chunk
        first = int(rows[0]) - chunk.top
        if len(self._columns) == 1 and (np.diff(rows) == 1).all():
            # A run down one column: a slice costs a third of a list of places.
            self._place: tuple[object, object] = (left - chunk.left, slice(first, first + len(rows)))
        else:
            self._place = (columns - chunk.left, rows - chunk.top)

    def write(self, numbers: NDArray[np.float64]) -> bool:
        """Whether the cells hold these numbers now; where not, they are as they were."""
        chunk, store = self._chunk, self._store
        if chunk is None or chunk.shared or store.epoch != self._epoch:
            return False
        chunk.all_kinds[self._place] = NUMBER  # type: ignore[index]  # two indices, whatever they are
        chunk.all_payload[self._place] = numbers  # type: ignore[index]
        for column in self._columns:
            store.touch(column)
        return True
