"""Edges: what a block reads through one operand, and which of its cells feel a change there.

In: the geometry of an operand over a block (affine) or over a family (arrays). Out: extents and images, by arithmetic.
The affine maps are TACO's (Tang et al., ICDE 2023): each edge of the read rectangle is fixed (F) or moves with the
cell (R). Invariant: an image never misses a cell that reads what changed; for a rectangle it is exact.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

TOP, LEFT, BOTTOM, RIGHT = 1, 2, 4, 8
_MANY = 256
"""Cells from which on their images are put together by counting, which looks at the whole block once."""

Indices = NDArray[np.int64]


class Cells(NamedTuple):
    """A rectangle of a block's cells by offsets from its first cell, both ends included."""

    first_row: int
    last_row: int
    first_column: int
    last_column: int

    @property
    def count(self) -> int:  # type: ignore[override]  # tuple.count, which nobody asks a rectangle
        """How many."""
        return (self.last_row - self.first_row + 1) * (self.last_column - self.first_column + 1)


Selection: TypeAlias = Cells | Indices
"""Some cells of a block: a rectangle of offsets, or sorted flat indices (row-major in a block, members of a family)."""


class Rect(NamedTuple):
    """A rectangle of a sheet, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


def distinct(values: Indices) -> Indices:
    """The distinct values in order: by sorting, which for whole numbers is five times as fast as the hashing of `np.unique`.

    >>> distinct(np.array([3, 1, 3])).tolist()
    [1, 3]
    """
    if len(values) < 2:
        return values
    values = np.sort(values)
    return values[np.concatenate(([True], values[1:] != values[:-1]))]


def axis_extent(low: int, high: int, low_moves: bool, high_moves: bool, count: int) -> tuple[int, int]:
    """All that an interval covers while its cell goes through `count` places.

    >>> axis_extent(0, 0, False, True, 5), axis_extent(3, 4, True, True, 5)
    ((0, 4), (3, 8))
    """
    last = count - 1
    ends = (low, high, low + (last if low_moves else 0), high + (last if high_moves else 0))
    return min(ends), max(ends)


def axis_image(low: int, high: int, low_moves: bool, high_moves: bool, count: int, first: int, last: int) -> tuple[int, int] | None:
    """The places 0..count-1 whose interval meets [first, last]: again an interval, or None.

    >>> axis_image(0, 0, True, True, 10, 3, 4), axis_image(0, 0, False, True, 10, 3, 4)
    ((3, 4), (3, 9))
    """
    if low_moves and high_moves:
        begin, end = first - high, last - low
    elif not low_moves and not high_moves:
        if high < first or low > last:
            return None
        return 0, count - 1
    else:
        # One edge is fixed at `fixed`, the other runs from `start`: a prefix or a suffix, or all where the fixed edge is hit.
        fixed, start = (low, high) if high_moves else (high, low)
        if first <= fixed <= last:
            return 0, count - 1
        begin, end = (first - start, count - 1) if first > fixed else (0, last - start)
    begin, end = max(begin, 0), min(end, count - 1)
    return (begin, end) if begin <= end else None


def axis_images(
    low: int, high: int, low_moves: bool, high_moves: bool, count: int, at: Indices
) -> tuple[Indices, Indices, NDArray[np.bool_]]:
    """`axis_image` of many single places: the first and the last of each image, and whether it has one.

    >>> first, last, some = axis_images(0, 0, False, True, 10, np.array([3, 12]))
    >>> first.tolist(), last.tolist(), some.tolist()
    ([3, 10], [9, 9], [True, False])
    """
    if low_moves and high_moves:
        begin, end = at - high, at - low
    elif not low_moves and not high_moves:
        begin, end = np.where((low <= at) & (at <= high), 0, count), np.full(len(at), count - 1)
    else:
        fixed, start = (low, high) if high_moves else (high, low)
        begin, end = np.where(at > fixed, at - start, 0), np.where(at < fixed, at - start, count - 1)
    begin, end = np.clip(begin, 0, count), np.clip(end, -1, count - 1)
    return begin, end, begin <= end


class FillEdge:
    """What a block of height x width cells reads through one operand."""

    __slots__ = ("bottom", "height", "left", "node", "relative", "right", "sheet", "slot", "top", "width")

    def __init__(self, node: int, slot: int, sheet: int, area: tuple[int, int, int, int], relative: int, height: int, width: int) -> None:
        self.node = node
        self.slot = slot
        self.sheet = sheet
        self.top, self.left, self.bottom, self.right = area
        self.relative = relative
        self.height = height
        self.width = width

    @property
    def of_single_cells(self) -> bool:
        """Whether each cell of the block reads one cell, which moves along with it."""
        return self.top == self.bottom and self.left == self.right and self.relative == TOP | LEFT | BOTTOM | RIGHT

    def extent(self) -> Rect:
        """All that it reads."""
        top, bottom = axis_extent(self.top, self.bottom, bool(self.relative & TOP), bool(self.relative & BOTTOM), self.height)
        left, right = axis_extent(self.left, self.right, bool(self.relative & LEFT), bool(self.relative & RIGHT), self.width)
        return Rect(top, left, bottom, right)

    def image(self, rect: Rect) -> Cells | None:
        """The block's cells that read any of a rectangle."""
        rows = axis_image(
            self.top, self.bottom, bool(self.relative & TOP), bool(self.relative & BOTTOM), self.height, rect.top, rect.bottom
        )
        if rows is None:
            return None
        relative = self.relative
        columns = axis_image(self.left, self.right, bool(relative & LEFT), bool(relative & RIGHT), self.width, rect.left, rect.right)
        return None if columns is None else Cells(*rows, *columns)

    def images(self, rows: Indices, columns: Indices) -> Indices:
        """The block's cells that read any of many scattered cells, as sorted flat indices; exact."""
        if self.of_single_cells:
            down, across = rows - self.top, columns - self.left
            if down.min() < 0 or down.max() >= self.height or across.min() < 0 or across.max() >= self.width:
                inside = (down >= 0) & (down < self.height) & (across >= 0) & (across < self.width)
                down, across = down[inside], across[inside]
            flat: Indices = down if self.width == 1 else down * self.width + across
            # Cells that come row by row need no sorting, which would take ten times as long as all the rest.
            return flat if len(flat) < 2 or bool((flat[1:] > flat[:-1]).all()) else distinct(flat)
        if len(rows) > _MANY:
            return self._many_images(rows, columns)
        mask = np.zeros((self.height, self.width), bool)
        whole = Cells(0, self.height - 1, 0, self.width - 1)
        seen: set[Cells] = set()
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
            image = self.image(Rect(row, column, row, column))
            if image is None or image in seen:
                continue
            seen.add(image)
            mask[image.first_row : image.last_row + 1, image.first_column : image.last_column + 1] = True
            if image == whole:
                break
        return np.flatnonzero(mask.ravel())

    def _many_images(self, rows: Indices, columns: Indices) -> Indices:
        """The same of very many: each image is a rectangle, which counts up at its first corner and down behind its last."""
        relative, height, width = self.relative, self.height, self.width
        top, bottom, here = axis_images(self.top, self.bottom, bool(relative & TOP), bool(relative & BOTTOM), height, rows)
        left, right, there = axis_images(self.left, self.right, bool(relative & LEFT), bool(relative & RIGHT), width, columns)
        inside = here & there
        top, bottom, left, right = top[inside], bottom[inside] + 1, left[inside], right[inside] + 1
        stride = width + 1
        up = np.bincount(np.concatenate((top * stride + left, bottom * stride + right)), minlength=(height + 1) * stride)
        down = np.bincount(np.concatenate((top * stride + right, bottom * stride + left)), minlength=(height + 1) * stride)
        covered = (up - down).reshape(height + 1, stride).cumsum(axis=0).cumsum(axis=1)
        return np.flatnonzero(covered[:height, :width].ravel() > 0)


class FamilyEdge:
    """What the members of a family read through one operand: a rectangle for each. Its arrays are never written."""

    __slots__ = ("_by_cell", "_extent", "bottoms", "lefts", "node", "of_single_cells", "rights", "sheet", "slot", "tops")

    def __init__(self, node: int, slot: int, sheet: int, tops: Indices, lefts: Indices, bottoms: Indices, rights: Indices) -> None:
        self.node = node
        self.slot = slot
        self.sheet = sheet
        self.tops, self.lefts, self.bottoms, self.rights = tops, lefts, bottoms, rights
        self._extent = Rect(int(tops.min()), int(lefts.min()), int(bottoms.max()), int(rights.max()))
        self.of_single_cells = bool((tops == bottoms).all()) and bool((lefts == rights).all())
        """Whether each member reads one cell."""
        self._by_cell: tuple[Indices, Indices] | None = None
        """These cells in order, and who reads them; found when first asked for."""

    def extent(self) -> Rect:
        """The hull of all that it reads."""
        return self._extent

    def image(self, rect: Rect) -> Indices | None:
        """The members that read any of a rectangle."""
        hit = (self.tops <= rect.bottom) & (self.bottoms >= rect.top) & (self.lefts <= rect.right) & (self.rights >= rect.left)
        found = np.flatnonzero(hit)
        return found if len(found) else None

    def images(self, rows: Indices, columns: Indices) -> Indices:
        """The members that read any of many scattered cells."""
        hull = self._extent
        inside = (rows >= hull.top) & (rows <= hull.bottom) & (columns >= hull.left) & (columns <= hull.right)
        rows, columns = rows[inside], columns[inside]
        if len(rows) == 0:
            return np.empty(0, np.int64)
        if self.of_single_cells:
            singles, order = self._readers_by_cell()
            wanted = distinct(rows * 16384 + columns)
            first, end = np.searchsorted(singles, wanted, "left"), np.searchsorted(singles, wanted, "right")
            counts = end - first
            before = np.cumsum(counts) - counts
            return np.sort(order[np.arange(int(counts.sum())) + np.repeat(first - before, counts)])
        hit = np.zeros(len(self.tops), bool)
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
            hit |= (self.tops <= row) & (self.bottoms >= row) & (self.lefts <= column) & (self.rights >= column)
        return np.flatnonzero(hit)

    def _readers_by_cell(self) -> tuple[Indices, Indices]:
        if self._by_cell is None:
            cells = self.tops * 16384 + self.lefts
            order = np.argsort(cells)
            self._by_cell = cells[order], order
        return self._by_cell


Edge: TypeAlias = FillEdge | FamilyEdge
