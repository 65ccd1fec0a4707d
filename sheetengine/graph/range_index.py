"""Which edges read any of a rectangle: an index of extents on one sheet.

Small extents lie in buckets of a grid; large ones in numpy arrays that one comparison searches whole. Invariant: every
edge added and not removed is found by every rectangle that meets its extent.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sheetengine.graph.patterns import Edge, Rect

_ROWS, _COLUMNS = 6, 4
_MOST_BUCKETS = 8
_PLAIN = 24


class RangeIndex:
    """The extents of one sheet."""

    def __init__(self) -> None:
        self._buckets: dict[tuple[int, int], dict[int, Edge]] = {}
        self._large: dict[int, Edge] = {}
        self._extents: dict[int, Rect] = {}
        self._arrays: tuple[list[Edge], np.ndarray] | None = None

    def __len__(self) -> int:
        return len(self._extents)

    def add(self, edge: Edge) -> None:
        """Enter an edge under its present extent."""
        extent = edge.extent()
        key = id(edge)
        self._extents[key] = extent
        keys = _buckets(extent)
        if keys is None:
            self._large[key] = edge
            self._arrays = None
        else:
            for bucket in keys:
                self._buckets.setdefault(bucket, {})[key] = edge

    def remove(self, edge: Edge) -> None:
        """Take an edge out; its extent may have changed since it was entered."""
        key = id(edge)
        extent = self._extents.pop(key)
        keys = _buckets(extent)
        if keys is None:
            del self._large[key]
            self._arrays = None
            return
        for bucket in keys:
            inside = self._buckets[bucket]
            del inside[key]
            if not inside:
                del self._buckets[bucket]

    def refresh(self, edge: Edge) -> None:
        """Take notice that an edge has another extent than when it was entered."""
        extent = edge.extent()
        keys = _buckets(extent)
        if keys != _buckets(self._extents[id(edge)]):
            self.remove(edge)
            self.add(edge)
            return
        self._extents[id(edge)] = extent
        if keys is None:
            self._arrays = None

    def meeting(self, rect: Rect) -> Iterator[Edge]:
        """Every edge whose extent meets the rectangle, each once."""
        top, left, bottom, right = rect
        if self._large:
            if len(self._large) <= _PLAIN:
                for key, edge in list(self._large.items()):
                    extent = self._extents[key]
                    if extent[0] <= bottom and extent[2] >= top and extent[1] <= right and extent[3] >= left:
                        yield edge
            else:
                if self._arrays is None:
                    self._arrays = (list(self._large.values()), np.array([self._extents[key] for key in self._large]).T)
                edges, (tops, lefts, bottoms, rights) = self._arrays
                for place in np.flatnonzero((tops <= bottom) & (bottoms >= top) & (lefts <= right) & (rights >= left)).tolist():
                    yield edges[place]
        if not self._buckets:
            return
        rows = range(top >> _ROWS, (bottom >> _ROWS) + 1)
        columns = range(left >> _COLUMNS, (right >> _COLUMNS) + 1)
        seen: set[int] = set()
        if len(rows) * len(columns) <= len(self._buckets):
            keys = [(row, column) for row in rows for column in columns]
        else:
            keys = [key for key in self._buckets if key[0] in rows and key[1] in columns]
        for bucket in keys:
            for key, edge in list(self._buckets.get(bucket, {}).items()):
                if key in seen:
                    continue
                extent = self._extents[key]
                if extent[0] <= bottom and extent[2] >= top and extent[1] <= right and extent[3] >= left:
                    seen.add(key)
                    yield edge

    def edges(self) -> Iterator[Edge]:
        """All of them, each once."""
        yield from self._large.values()
        seen: set[int] = set()
        for inside in self._buckets.values():
            for key, edge in inside.items():
                if key not in seen:
                    seen.add(key)
                    yield edge

    def check_invariants(self) -> None:
        """Every extent is where its edge is looked for."""
        known = {id(edge) for edge in self.edges()}
        assert known == set(self._extents), "an edge is lost or left over"
        for edge in self.edges():
            assert self._extents[id(edge)] == edge.extent(), "an edge changed its extent in place"


def _buckets(extent: Rect) -> list[tuple[int, int]] | None:
    rows = range(extent.top >> _ROWS, (extent.bottom >> _ROWS) + 1)
    columns = range(extent.left >> _COLUMNS, (extent.right >> _COLUMNS) + 1)
    if len(rows) * len(columns) > _MOST_BUCKETS:
        return None
    return [(row, column) for row in rows for column in columns]
