"""One rectangle of a sheet as three typed planes.

In: a place and a size; out: `kinds`, `payload` and `owner` planes, read by window or cell by cell through flat memoryviews.
The planes are allocated (columns, rows) so that a column is contiguous; windows are transposed, (rows, columns).

Invariants: cells beyond the chunk's rows and columns, up to its capacity, are blank, so that it grows in place; the payload
of a blank is 0.0; every cell that is not blank or has an owner lies in the used box; `count` is at least the number of such
cells, and is that number where `exact`; a chunk without `texts` holds no TEXT, one without `owned` no owner; a chunk that
was dropped has no rows, so that whoever still knows it finds nothing there.
"""

from __future__ import annotations

from typing import Any, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from sheetengine.grid import TEXT, Kinds, Numbers

Owners = NDArray[np.int32]

NOWHERE = 1 << 30
"""First row and column of a used box without cells."""


class Box(NamedTuple):
    """A rectangle, both corners included."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def area(self) -> int:
        """Number of cells."""
        return (self.bottom - self.top + 1) * (self.right - self.left + 1)

    def union(self, other: Box) -> Box:
        """The least box around both."""
        return Box(min(self.top, other.top), min(self.left, other.left), max(self.bottom, other.bottom), max(self.right, other.right))

    def intersect(self, other: Box) -> Box | None:
        """The cells both hold, or None.

        >>> Box(0, 0, 9, 0).intersect(Box(5, 0, 20, 3))
        Box(top=5, left=0, bottom=9, right=0)
        """
        top, left = max(self.top, other.top), max(self.left, other.left)
        bottom, right = min(self.bottom, other.bottom), min(self.right, other.right)
        return Box(top, left, bottom, right) if top <= bottom and left <= right else None

    def contains(self, other: Box) -> bool:
        """Whether no cell of the other lies outside."""
        return self.top <= other.top and self.left <= other.left and other.bottom <= self.bottom and other.right <= self.right


class Chunk:
    """Planes of a rectangle.

    >>> chunk = Chunk(Box(10, 2, 19, 3))
    >>> chunk.payload.shape, chunk.payload[:, 0].flags.c_contiguous, chunk.used()
    ((10, 2), True, None)
    """

    __slots__ = (
        "all_kinds", "all_owner", "all_payload", "columns", "count", "exact", "flat_kinds", "flat_owner", "flat_payload",
        "kinds", "left", "owned", "payload", "rows", "shared", "stride", "texts", "top",
        "used_bottom", "used_left", "used_right", "used_top",
    )  # fmt: skip

    def __init__(self, box: Box, row_capacity: int = 0, column_capacity: int = 0) -> None:
        self.top, self.left = box.top, box.left
        self.rows, self.columns = box.bottom - box.top + 1, box.right - box.left + 1
        # The used box, counted from the chunk's own corner so that shifting a chunk is O(1).
        self.used_top = self.used_left = NOWHERE
        self.used_bottom = self.used_right = -1
        self.count = 0
        self.exact = True
        self.texts = self.owned = self.shared = False
        shape = max(self.columns, column_capacity), max(self.rows, row_capacity)
        # zeros is calloc: rows held in reserve take no memory until they are written
        self.adopt(np.zeros(shape, np.uint8), np.zeros(shape), np.zeros(shape, np.int32))

    def adopt(self, kinds: Kinds, payload: Numbers, owner: Owners) -> None:
        """Take planes as they are allocated, (columns, rows), for the chunk's own."""
        self.all_kinds, self.all_payload, self.all_owner = kinds, payload, owner
        self.stride = kinds.shape[1]
        # One cell through a flat memoryview takes 30 ns and gives a Python number; through an array 60 ns and a numpy one.
        self.flat_kinds: memoryview[int] = memoryview(cast(Any, kinds)).cast("B")
        self.flat_payload: memoryview[float] = memoryview(cast(Any, payload)).cast("B").cast("d")
        self.flat_owner: memoryview[int] = memoryview(cast(Any, owner)).cast("B").cast("i")
        self.resize(self.rows, self.columns)

    def resize(self, rows: int, columns: int) -> None:
        """Take other rows and columns of the capacity; the caller sees to what lies outside."""
        self.rows, self.columns = rows, columns
        self.kinds: Kinds = self.all_kinds.T[:rows, :columns]
        self.payload: Numbers = self.all_payload.T[:rows, :columns]
        self.kinds.flags.writeable = self.payload.flags.writeable = False

    def drop(self) -> None:
        """Hold nothing any more."""
        self.rows = self.columns = self.count = 0
        self.used_top = self.used_left = NOWHERE
        self.used_bottom = self.used_right = -1

    # -- boxes -----------------------------------------------------------------------------------------------------

    @property
    def box(self) -> Box:
        """The cells it holds."""
        return Box(self.top, self.left, self.top + self.rows - 1, self.left + self.columns - 1)

    def used(self) -> Box | None:
        """The cells outside which all are blank and without owner, or None."""
        if self.used_bottom < 0:
            return None
        return Box(self.top + self.used_top, self.left + self.used_left, self.top + self.used_bottom, self.left + self.used_right)

    def fits(self, box: Box) -> bool:
        """Whether the capacity reaches over a box whose corner is the chunk's."""
        columns, rows = self.all_kinds.shape
        return box.top == self.top and box.left == self.left and box.bottom - box.top < rows and box.right - box.left < columns

    def window(self, box: Box) -> tuple[slice, slice]:
        """The slices of the planes `all_*` that hold a box: columns first."""
        return slice(box.left - self.left, box.right - self.left + 1), slice(box.top - self.top, box.bottom - self.top + 1)

    def use(self, box: Box, cells: int) -> bool:
        """Note that cells in a box may be used from now on; says whether the used box grew."""
        top, left, bottom, right = box.top - self.top, box.left - self.left, box.bottom - self.top, box.right - self.left
        self.count = min(self.count + cells, self.rows * self.columns)
        self.exact = False
        if top >= self.used_top and left >= self.used_left and bottom <= self.used_bottom and right <= self.used_right:
            return False
        self.used_top, self.used_left = min(top, self.used_top), min(left, self.used_left)
        self.used_bottom, self.used_right = max(bottom, self.used_bottom), max(right, self.used_right)
        return True

    def recount(self) -> int:
        """Count the cells in use anew."""
        used = self.used()
        if used is None:
            self.count = 0
        else:
            window = self.window(used)
            in_use = self.all_kinds[window] != 0
            if self.owned:
                in_use |= self.all_owner[window] != 0
            self.count = int(np.count_nonzero(in_use))
        self.exact = True
        return self.count

    def tighten(self) -> None:
        """Make the used box, the count and the marks of texts and owners exact."""
        used = self.used()
        if used is not None:
            window = self.window(used)
            kinds, owner = self.all_kinds[window], self.all_owner[window]
            in_use = (kinds != 0) | (owner != 0)
            rows, columns = np.flatnonzero(in_use.any(axis=0)), np.flatnonzero(in_use.any(axis=1))
            self.texts, self.owned = bool((kinds == TEXT).any()), bool(owner.any())
            self.used_bottom = self.used_right = -1
            if len(rows):
                top, left = self.used_top, self.used_left
                self.used_top, self.used_bottom = top + int(rows[0]), top + int(rows[-1])
                self.used_left, self.used_right = left + int(columns[0]), left + int(columns[-1])
            else:
                self.used_top = self.used_left = NOWHERE
        self.recount()

    # -- copies ----------------------------------------------------------------------------------------------------

    def take_from(self, other: Chunk, box: Box, down: int = 0, right: int = 0) -> None:
        """Copy the planes of a box out of another chunk, to be placed further down and right."""
        source = other.window(box)
        place = Box(box.top + down, box.left + right, box.bottom + down, box.right + right)
        target = self.window(place)
        self.all_kinds[target] = other.all_kinds[source]
        self.all_payload[target] = other.all_payload[source]
        if other.owned:
            self.all_owner[target] = other.all_owner[source]
        self.texts |= other.texts
        self.owned |= other.owned
        self.use(place, min(place.area, other.count))

    def share(self) -> Chunk:
        """A chunk of the same planes; whoever writes first takes a copy of them (`unshare`)."""
        twin = Chunk.__new__(Chunk)
        for name in Chunk.__slots__:
            setattr(twin, name, getattr(self, name))
        self.shared = twin.shared = True
        return twin

    def unshare(self) -> None:
        """Planes of its own, in place of those it shares."""
        kinds, payload, owner = self.all_kinds, self.all_payload, self.all_owner
        planes = np.zeros(kinds.shape, np.uint8), np.zeros(kinds.shape), np.zeros(kinds.shape, np.int32)
        used = self.used()
        if used is not None:
            window = self.window(used)
            planes[0][window] = kinds[window]
            planes[1][window] = payload[window]
            if self.owned:
                planes[2][window] = owner[window]
        self.shared = False
        self.adopt(*planes)
