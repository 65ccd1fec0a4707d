"""Where the chunks of a sheet are: from a cell or a rectangle to the chunks that hold it.

In: disjoint chunks; out: the one that holds a cell, those that a rectangle meets.
A chunk is entered on the level whose buckets are at least as large as itself, hence in four buckets at most, whatever its
size: entering is O(1), finding a cell is one dict lookup per level in use (most sheets: one or two, at most fifteen).
"""

from __future__ import annotations

from collections.abc import Iterator

from sheetengine.store.chunk import Box, Chunk

_ROW_SHIFTS = (5, 9, 13, 17, 20)
_COLUMN_SHIFTS = (5, 10, 14)


class _Level:
    """Buckets of one size."""

    __slots__ = ("buckets", "column_shift", "keys", "row_shift")

    def __init__(self, row_shift: int, column_shift: int) -> None:
        self.row_shift = row_shift
        self.column_shift = column_shift
        self.buckets: dict[int, list[Chunk]] = {}
        self.keys: dict[Chunk, list[int]] = {}


def _bucket_keys(level: _Level, box: Box) -> list[int]:
    rows = range(box.top >> level.row_shift, (box.bottom >> level.row_shift) + 1)
    columns = range(box.left >> level.column_shift, (box.right >> level.column_shift) + 1)
    return [row << 14 | column for row in rows for column in columns]


class ChunkIndex:
    """Chunks by place.

    >>> index = ChunkIndex()
    >>> chunk = Chunk(Box(10, 0, 99, 3))
    >>> index.add(chunk)
    >>> index.find(99, 3) is chunk, index.find(100, 3), index.overlapping(Box(0, 0, 10, 0)) == [chunk]
    (True, None, True)
    """

    __slots__ = ("_home", "_levels")

    def __init__(self) -> None:
        self._levels: list[_Level] = []
        self._home: dict[Chunk, _Level] = {}

    def __len__(self) -> int:
        return len(self._home)

    def __iter__(self) -> Iterator[Chunk]:
        return iter(self._home)

    def __contains__(self, chunk: Chunk) -> bool:
        return chunk in self._home

    def add(self, chunk: Chunk) -> None:
        """Enter a chunk under the box it has now."""
        row_shift = next(shift for shift in _ROW_SHIFTS if chunk.rows <= 1 << shift)
        column_shift = next(shift for shift in _COLUMN_SHIFTS if chunk.columns <= 1 << shift)
        for level in self._levels:
            if level.row_shift == row_shift and level.column_shift == column_shift:
                break
        else:
            level = _Level(row_shift, column_shift)
            self._levels.append(level)
        keys = _bucket_keys(level, chunk.box)
        for key in keys:
            level.buckets.setdefault(key, []).append(chunk)
        level.keys[chunk] = keys
        self._home[chunk] = level

    def remove(self, chunk: Chunk) -> None:
        """Forget a chunk, wherever it has moved since it was entered."""
        level = self._home.pop(chunk)
        for key in level.keys.pop(chunk):
            bucket = level.buckets[key]
            bucket.remove(chunk)
            if not bucket:
                del level.buckets[key]
        if not level.keys:
            self._levels.remove(level)

    def clear(self) -> None:
        """Forget all."""
        self._levels.clear()
        self._home.clear()

    def find(self, row: int, column: int) -> Chunk | None:
        """The chunk that holds a cell."""
        for level in self._levels:
            for chunk in level.buckets.get((row >> level.row_shift) << 14 | column >> level.column_shift, ()):
                if 0 <= row - chunk.top < chunk.rows and 0 <= column - chunk.left < chunk.columns:
                    return chunk
        return None

    def overlapping(self, box: Box) -> list[Chunk]:
        """The chunks that hold a cell of a box."""
        top, left, bottom, right = box
        found: dict[Chunk, None] = {}
        for level in self._levels:
            rows = range(top >> level.row_shift, (bottom >> level.row_shift) + 1)
            columns = range(left >> level.column_shift, (right >> level.column_shift) + 1)
            buckets = level.buckets
            lists: list[list[Chunk]]
            if len(rows) * len(columns) <= len(buckets):
                lists = [bucket for row in rows for column in columns if (bucket := buckets.get(row << 14 | column))]
            else:
                lists = [list(level.keys)]
            for bucket in lists:
                for chunk in bucket:
                    if chunk.top <= bottom and top < chunk.top + chunk.rows and chunk.left <= right and left < chunk.left + chunk.columns:
                        found[chunk] = None
        return list(found)

    def check_invariants(self) -> None:
        """Every chunk is found from its corners, no two share a cell, no bucket is left over."""
        entries = 0
        for chunk, level in self._home.items():
            box = chunk.box
            assert level.keys[chunk] == _bucket_keys(level, box), "a chunk moved without being entered anew"
            assert self.overlapping(box) == [chunk], "chunks overlap"
            assert self.find(box.top, box.left) is chunk and self.find(box.bottom, box.right) is chunk
            entries += len(level.keys[chunk])
        assert entries == sum(len(bucket) for level in self._levels for bucket in level.buckets.values())
