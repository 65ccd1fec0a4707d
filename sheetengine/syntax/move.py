"""Cells cut and pasted on their sheet: where cells, references and what stands on them go.

In: a rectangle and how far it moves. Out: the answers of a `Shift` to the same questions. As in Excel: what names cells that move
follows them, what names overwritten cells alone is gone, and a range one of whose edges moves along it grows or shrinks with that edge.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sheetengine.syntax.shift import Extent


class Move(NamedTuple):
    """A rectangle, and how many rows down and columns to the right it goes."""

    source: Extent
    down: int
    right: int

    @property
    def target(self) -> Extent:
        """Where it goes."""
        return self._moved(self.source)

    def _moved(self, extent: Extent) -> Extent:
        top, left, bottom, right = extent
        return top + self.down, left + self.right, bottom + self.down, right + self.right

    def cell(self, row: int, column: int) -> tuple[int, int] | None:
        """Where a cell goes, None where it is overwritten."""
        if _inside((row, column, row, column), self.source):
            return row + self.down, column + self.right
        return None if _inside((row, column, row, column), self.target) else (row, column)

    def area(self, extent: Extent) -> Extent | None:
        """What a reference to a rectangle names afterwards.

        >>> Move((4, 0, 4, 0), 3, 0).area((0, 0, 4, 0)), Move((4, 0, 4, 0), 3, 5).area((7, 5, 7, 5))
        ((0, 0, 7, 0), None)
        """
        if _inside(extent, self.source):
            return self._moved(extent)
        extent = self.edges(extent)
        return None if _inside(extent, self.target) else extent

    def edges(self, extent: Extent) -> Extent:
        """A range one of whose edges moves along it."""
        top, left, bottom, right = extent
        first, west, last, east = self.source
        if self.right == 0 and west <= left and right <= east:
            if first <= top <= last < bottom and top + self.down <= bottom:
                return top + self.down, left, bottom, right
            if top < first <= bottom <= last and bottom + self.down >= top:
                return top, left, bottom + self.down, right
        if self.down == 0 and first <= top and bottom <= last:
            if west <= left <= east < right and left + self.right <= right:
                return top, left + self.right, bottom, right
            if left < west <= right <= east and right + self.right >= left:
                return top, left, bottom, right + self.right
        return extent

    def pieces(self, extent: Extent) -> list[Extent]:
        """The cells of a rectangle afterwards, as rectangles: what looks and rules of cells follow.

        >>> Move((1, 0, 2, 0), 0, 4).pieces((0, 0, 3, 0))
        [(1, 4, 2, 4), (0, 0, 0, 0), (3, 0, 3, 0)]
        """
        common = _common(extent, self.source)
        moved = [self._moved(common)] if common is not None else []
        stay = [rest for one in _without(extent, self.source) for rest in _without(one, self.target)]
        return moved + stay


def _inside(extent: Extent, outer: Extent) -> bool:
    return outer[0] <= extent[0] and outer[1] <= extent[1] and extent[2] <= outer[2] and extent[3] <= outer[3]


def _common(one: Extent, other: Extent) -> Extent | None:
    top, left, bottom, right = max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])
    return (top, left, bottom, right) if top <= bottom and left <= right else None


def _without(extent: Extent, hole: Extent) -> Iterator[Extent]:
    """A rectangle without another: above it, below it, left and right of it."""
    common = _common(extent, hole)
    if common is None:
        yield extent
        return
    top, left, bottom, right = extent
    if top < common[0]:
        yield top, left, common[0] - 1, right
    if common[2] < bottom:
        yield common[2] + 1, left, bottom, right
    if left < common[1]:
        yield common[0], left, common[2], common[1] - 1
    if common[3] < right:
        yield common[0], common[3] + 1, common[2], right
