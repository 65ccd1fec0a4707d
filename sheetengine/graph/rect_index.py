"""Which rectangles meet a rectangle: an index of those of all sheets, each under a key of its owner's choice.

A rectangle lies in the buckets of the grid of its own size, the powers of two that its height and width do not exceed, so that it
takes four at most; a question looks into one grid per size in use. Invariant: every rectangle added and not removed is found by
every rectangle that meets it.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Generic, TypeVar

from sheetengine.graph.patterns import Rect

Key = TypeVar("Key", bound=Hashable)
_Size = tuple[int, int, int]
_Grid = dict[tuple[int, int], dict[Key, Rect]]


class RectIndex(Generic[Key]):
    """Rectangles of sheets by place."""

    def __init__(self) -> None:
        self._grids: dict[_Size, _Grid[Key]] = {}
        self._places: dict[Key, tuple[int, Rect]] = {}

    def __len__(self) -> int:
        return len(self._places)

    def __contains__(self, key: Key) -> bool:
        return key in self._places

    def items(self) -> Iterator[tuple[Key, tuple[int, Rect]]]:
        """Every key with its sheet and rectangle, in the order they came."""
        return iter(self._places.items())

    def add(self, key: Key, sheet: int, rect: Rect) -> None:
        """Enter a rectangle, in the place of the one that its key had before."""
        if key in self._places:
            self.remove(key)
        self._places[key] = (sheet, rect)
        size, buckets = _buckets(sheet, rect)
        grid = self._grids.setdefault(size, {})
        for bucket in buckets:
            grid.setdefault(bucket, {})[key] = rect

    def remove(self, key: Key) -> tuple[int, Rect] | None:
        """Take a rectangle out; the answer is where it was, None where there was none."""
        place = self._places.pop(key, None)
        if place is None:
            return None
        size, buckets = _buckets(*place)
        grid = self._grids[size]
        for bucket in buckets:
            inside = grid[bucket]
            del inside[key]
            if not inside:
                del grid[bucket]
        if not grid:
            del self._grids[size]
        return place

    def meeting(self, sheet: int, rect: Rect) -> list[tuple[Key, Rect]]:
        """Every rectangle of a sheet that meets a rectangle, each once."""
        top, left, bottom, right = rect
        found: dict[Key, Rect] = {}
        for (own, down, across), grid in self._grids.items():
            if own != sheet:
                continue
            first, last, start, end = top >> down, bottom >> down, left >> across, right >> across
            if (last - first + 1) * (end - start + 1) <= len(grid):
                near = [grid.get((row, column)) for row in range(first, last + 1) for column in range(start, end + 1)]
            else:
                near = [inside for (row, column), inside in grid.items() if first <= row <= last and start <= column <= end]
            for inside in near:
                if inside is not None:
                    found.update(
                        (key, one)
                        for key, one in inside.items()
                        if one[0] <= bottom and one[2] >= top and one[1] <= right and one[3] >= left
                    )
        return list(found.items())

    def check_invariants(self) -> None:
        """Every rectangle lies in its buckets, and nothing else does."""
        entered = {
            (size, bucket, key): rect
            for size, grid in self._grids.items()
            for bucket, inside in grid.items()
            for key, rect in inside.items()
        }
        wanted: dict[tuple[_Size, tuple[int, int], Key], Rect] = {}
        for key, (sheet, rect) in self._places.items():
            size, buckets = _buckets(sheet, rect)
            wanted |= {(size, bucket, key): rect for bucket in buckets}
        assert entered == wanted, "a rectangle is lost or left over"


def _buckets(sheet: int, rect: Rect) -> tuple[_Size, list[tuple[int, int]]]:
    top, left, bottom, right = rect
    down, across = (bottom - top).bit_length(), (right - left).bit_length()
    rows, columns = (top >> down, bottom >> down), (left >> across, right >> across)
    return (sheet, down, across), [(row, column) for row in {*rows} for column in {*columns}]
