"""The planes of one sheet: kinds, payloads and owners of its cells, by single cells, rectangles and scattered cells.

In: planes at 0-based places. Out: the same, as read-only views where a rectangle lies in one chunk. A payload is what `SheetStore` makes
of a value (a number, 0 or 1, the id of a text or of an error); here it is only kept. Invariants: what was never written is blank and costs
nothing; `stamp_of` an area grows whenever a cell of it was written, so that whoever keeps something made from an area knows when it is out
of date.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from sheetengine.grid import BLANK, TEXT, Kinds, Numbers
from sheetengine.store.chunk import Box, Chunk, Owners
from sheetengine.store.chunk_map import ChunkMap

Indices = NDArray[np.int64]


class Planes:
    """Chunks of a sheet, and when each of its columns was last written."""

    def __init__(self) -> None:
        self._chunks = ChunkMap()
        self._last: Chunk | None = None
        self._stamp = 1
        self._stamps: NDArray[np.int64]
        self._flat_stamps: memoryview[int]
        self._adopt_stamps(np.zeros(64, np.int64))

    # -- one cell --------------------------------------------------------------------------------------------------

    def _find(self, row: int, column: int) -> Chunk | None:
        chunk = self._last
        if chunk is not None and 0 <= row - chunk.top < chunk.rows and 0 <= column - chunk.left < chunk.columns:
            return chunk
        chunk = self._chunks.index.find(row, column)
        if chunk is not None:
            self._last = chunk
        return chunk

    def chunk_at(self, row: int, column: int) -> Chunk | None:
        """The chunk that holds a cell; its planes are the store's as long as `epoch` stands."""
        return self._find(row, column)

    @property
    def epoch(self) -> int:
        """Grows whenever a plane handed out before may no longer be the store's."""
        return self._chunks.epoch

    def kind(self, row: int, column: int) -> int:
        """The kind of a cell (`grid.BLANK`…)."""
        chunk = self._find(row, column)
        return BLANK if chunk is None else chunk.flat_kinds[(column - chunk.left) * chunk.stride + row - chunk.top]

    def _claim(self, row: int, column: int) -> Chunk:
        box = Box(row, column, row, column)
        chunk = self._chunks.claim(box) or self._chunks.index.find(row, column)
        assert chunk is not None
        self._chunks.own(chunk)
        self._last = chunk
        return chunk

    def owner(self, row: int, column: int) -> int:
        """The number of the block whose formula fills a cell, negative where it spilled there, 0 for none."""
        chunk = self._find(row, column)
        return 0 if chunk is None else chunk.flat_owner[(column - chunk.left) * chunk.stride + row - chunk.top]

    def set_owner(self, row: int, column: int, owner: int) -> None:
        """Say who fills a cell."""
        chunk = self._find(row, column)
        if chunk is None or chunk.shared:
            if chunk is None and owner == 0:
                return
            chunk = self._claim(row, column)
        chunk.use(Box(row, column, row, column), 1)
        chunk.flat_owner[(column - chunk.left) * chunk.stride + row - chunk.top] = owner
        if owner:
            chunk.owned = True

    # -- stamps ----------------------------------------------------------------------------------------------------

    def _adopt_stamps(self, stamps: NDArray[np.int64]) -> None:
        self._stamps = stamps
        self._flat_stamps = memoryview(cast(Any, stamps)).cast("B").cast("q")

    def touch(self, column: int) -> None:
        """A cell of a column was written through its chunk's planes."""
        self._stamp = stamp = self._stamp + 1
        try:
            self._flat_stamps[column] = stamp
        except IndexError:
            self._touch(column, column)

    def _touch(self, left: int, right: int) -> None:
        self._stamp += 1
        if right >= len(self._stamps):
            grown = np.zeros(max(right + 1, 2 * len(self._stamps)), np.int64)
            grown[: len(self._stamps)] = self._stamps
            self._adopt_stamps(grown)
        if left == right:
            self._stamps[left] = self._stamp
        else:
            self._stamps[left : right + 1] = self._stamp

    def touch_all(self) -> None:
        """Every area counts as written."""
        self._stamp += 1
        self._stamps[:] = self._stamp

    @property
    def stamp(self) -> int:
        """Grows with every write."""
        return self._stamp

    def stamp_of(self, left: int, right: int) -> int:
        """The stamp of the last write to any of some columns."""
        part = self._stamps[left : right + 1]
        return int(part.max()) if len(part) else 0

    # -- rectangles ------------------------------------------------------------------------------------------------

    def read_planes(self, box: Box) -> tuple[Kinds, Numbers, bool]:
        """Kinds and payloads of a rectangle, and whether texts may be among them."""
        top, left, bottom, right = box
        chunk = self._last
        if (
            chunk is not None and chunk.top <= top and bottom < chunk.top + chunk.rows
            and chunk.left <= left and right < chunk.left + chunk.columns
        ):  # fmt: skip
            met = [chunk]
        else:
            met = self._chunks.index.overlapping(Box(top, left, bottom, right))
        if (
            len(met) == 1
            and met[0].top <= top
            and met[0].left <= left
            and bottom < met[0].top + met[0].rows
            and right < met[0].left + met[0].columns
        ):
            chunk = met[0]
            rows, columns = slice(top - chunk.top, bottom - chunk.top + 1), slice(left - chunk.left, right - chunk.left + 1)
            return chunk.kinds[rows, columns], chunk.payload[rows, columns], chunk.texts
        shape = (right - left + 1, bottom - top + 1)
        kinds, payload = np.zeros(shape, np.uint8), np.zeros(shape)
        texts = False
        for chunk in met:
            used = chunk.used()
            common = None if used is None else used.intersect(Box(top, left, bottom, right))
            if common is None:
                continue
            source = chunk.window(common)
            target = (slice(common.left - left, common.right - left + 1), slice(common.top - top, common.bottom - top + 1))
            kinds[target] = chunk.all_kinds[source]
            payload[target] = chunk.all_payload[source]
            texts |= chunk.texts
        return kinds.T, payload.T, texts

    def write_planes(self, box: Box, kinds: Kinds | int, payload: Numbers, texts: bool) -> None:
        """Write kinds and payloads (texts as ids of the pool) of a rectangle."""
        self._touch(box.left, box.right)
        for chunk, common in self._pieces(box):
            target = chunk.window(common)
            rows, columns = (
                slice(common.top - box.top, common.bottom - box.top + 1),
                slice(common.left - box.left, common.right - box.left + 1),
            )
            chunk.all_kinds[target] = kinds if isinstance(kinds, int) else kinds[rows, columns].T
            chunk.all_payload[target] = payload[rows, columns].T
            chunk.texts |= texts
            if chunk.use(common, common.area):
                chunk.exact = False

    def _pieces(self, box: Box) -> list[tuple[Chunk, Box]]:
        """The chunks of a rectangle, made where there are none, ready to be written."""
        chunk = self._chunks.claim(box)
        if chunk is not None:
            self._chunks.own(chunk)
            self._last = chunk
            return [(chunk, box)]
        pieces = []
        for chunk in self._chunks.index.overlapping(box):
            common = chunk.box.intersect(box)
            if common is not None:
                self._chunks.own(chunk)
                pieces.append((chunk, common))
        return pieces

    def owners(self, box: Box) -> Owners:
        """Who fills the cells of a rectangle: a plane (rows, columns) of one's own."""
        plane = np.zeros((box.right - box.left + 1, box.bottom - box.top + 1), np.int32)
        for chunk in self._chunks.index.overlapping(box):
            used = chunk.used()
            common = None if used is None or not chunk.owned else used.intersect(box)
            if common is not None:
                target = (
                    slice(common.left - box.left, common.right - box.left + 1),
                    slice(common.top - box.top, common.bottom - box.top + 1),
                )
                plane[target] = chunk.all_owner[chunk.window(common)]
        return plane.T

    def set_owners(self, box: Box, owner: int | Owners) -> None:
        """Say who fills a rectangle."""
        for chunk, common in self._pieces(box):
            rows, columns = (
                slice(common.top - box.top, common.bottom - box.top + 1),
                slice(common.left - box.left, common.right - box.left + 1),
            )
            chunk.all_owner[chunk.window(common)] = owner if isinstance(owner, int) else owner[rows, columns].T
            chunk.use(common, common.area)
            chunk.owned = True

    def clear(self, box: Box) -> None:
        """Blank, without owner."""
        self._touch(box.left, min(box.right, max(box.left, len(self._stamps) - 1)))
        for chunk in self._chunks.index.overlapping(box):
            used = chunk.used()
            common = None if used is None else used.intersect(box)
            if common is None:
                continue
            self._chunks.own(chunk)
            window = chunk.window(common)
            chunk.all_kinds[window] = BLANK
            chunk.all_payload[window] = 0.0
            chunk.all_owner[window] = 0
            if common == used:
                self._chunks.discard(chunk)
                self._last = None
            else:
                chunk.tighten()

    # -- scattered cells -------------------------------------------------------------------------------------------

    def gather_planes(self, rows: Indices, columns: Indices) -> tuple[Kinds, Numbers, Owners]:
        """Kinds, payloads and owners of scattered cells."""
        count = len(rows)
        kinds, payload, owners = np.zeros(count, np.uint8), np.zeros(count), np.zeros(count, np.int32)
        for chunk, inside in self._split(rows, columns):
            place = (columns[inside] - chunk.left, rows[inside] - chunk.top)
            kinds[inside] = chunk.all_kinds[place]
            payload[inside] = chunk.all_payload[place]
            owners[inside] = chunk.all_owner[place]
        return kinds, payload, owners

    def set_owners_at(self, rows: Indices, columns: Indices, owner: int) -> None:
        """Say who fills scattered cells."""
        if owner:
            self._cover(rows, columns)
        for chunk, inside in list(self._split(rows, columns)):
            self._chunks.own(chunk)
            chunk.all_owner[columns[inside] - chunk.left, rows[inside] - chunk.top] = owner
            chunk.owned = True

    def _split(self, rows: Indices, columns: Indices) -> Iterator[tuple[Chunk, Indices | slice]]:
        if len(rows) == 0:
            return
        whole = hull(rows, columns)
        met = self._chunks.index.overlapping(whole)
        if len(met) == 1 and met[0].box.contains(whole):
            yield met[0], slice(None)
            return
        for chunk in met:
            down, across = rows - chunk.top, columns - chunk.left
            inside = np.flatnonzero((down >= 0) & (down < chunk.rows) & (across >= 0) & (across < chunk.columns))
            if len(inside):
                yield chunk, inside

    def _cover(self, rows: Indices, columns: Indices) -> None:
        """See to it that scattered cells lie in chunks.

        All are noted as used at once, those that lie in a chunk already first: a claim may merge chunks, and takes along what is in use.
        """
        missing = np.ones(len(rows), bool)
        for chunk, inside in self._split(rows, columns):
            missing[inside] = False
            chunk.use(hull(rows[inside], columns[inside]), len(rows[inside]))
        for row, column in zip(rows[missing].tolist(), columns[missing].tolist(), strict=True):
            (self._find(row, column) or self._claim(row, column)).use(Box(row, column, row, column), 1)

    # -- what is used ----------------------------------------------------------------------------------------------

    def used_within(self, box: Box) -> Box | None:
        """A part of a rectangle outside which it is blank and without owner, or None; not always the least such part."""
        found: Box | None = None
        for chunk in self._chunks.index.overlapping(box):
            used = chunk.used()
            common = None if used is None else used.intersect(box)
            if common is not None:
                found = common if found is None else found.union(common)
        return found

    def used_boxes(self) -> list[Box]:
        """Disjoint rectangles that hold every cell in use, from the top."""
        boxes = []
        for chunk in self._chunks.index:
            chunk.tighten()
            used = chunk.used()
            if used is not None:
                boxes.append(used)
        return sorted(boxes)

    def check_invariants(self) -> None:
        """What the heads of this package's modules say."""
        self._chunks.check_invariants()
        for chunk in self._chunks.index:
            used = chunk.used()
            outside = (chunk.all_kinds != BLANK) | (chunk.all_owner != 0)
            if used is not None:
                outside[chunk.window(used)] = False
            assert not outside.any(), "a cell in use lies outside the used box"
            assert not chunk.all_payload[chunk.all_kinds == BLANK].any(), "a blank with a payload"
            assert chunk.texts or not (chunk.all_kinds == TEXT).any(), "a text in a chunk without texts"


def hull(rows: Indices, columns: Indices) -> Box:
    """The smallest rectangle that holds some cells."""
    least, most = np.minimum.reduce, np.maximum.reduce
    return Box(int(least(rows)), int(least(columns)), int(most(rows)), int(most(columns)))
