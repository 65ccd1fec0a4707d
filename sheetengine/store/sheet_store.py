"""The values of one sheet: cells, rectangles and scattered cells, read and written as planes.

In: scalars and grids at 0-based places. Out: the same, as read-only views of the planes where a rectangle lies in one
chunk. Invariants: what was never written is blank and costs nothing; `stamp_of` an area grows whenever a cell of it was
written, so that whoever keeps something made from an area knows when it is out of date.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from sheetengine.grid import BLANK, BOOLEAN, ERROR, NUMBER, TEXT, Grid, Kinds, Numbers, all_numbers
from sheetengine.store.chunk import Box, Chunk, Owners
from sheetengine.store.chunk_map import ChunkMap
from sheetengine.store.text_pool import TextPool
from sheetengine.values import CellError, Scalar, error_from_id, error_id

Indices = NDArray[np.int64]


class SheetStore:
    """The planes of a sheet.

    >>> store = SheetStore(TextPool())
    >>> store.set_cell(0, 0, 1.5)
    >>> store.set_cell(1, 0, "ash")
    >>> store.read(Box(0, 0, 2, 0)).rows()
    [[1.5], ['ash'], [None]]
    """

    def __init__(self, pool: TextPool) -> None:
        self.pool = pool
        pool.held_by(self)
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

    def cell(self, row: int, column: int) -> Scalar:
        """The value of a cell."""
        chunk = self._last
        if chunk is None or not (0 <= row - chunk.top < chunk.rows and 0 <= column - chunk.left < chunk.columns):
            chunk = self._find(row, column)
            if chunk is None:
                return None
        place = (column - chunk.left) * chunk.stride + row - chunk.top
        kind = chunk.flat_kinds[place]
        if kind == NUMBER:
            number: float = chunk.flat_payload[place]
            return number
        if kind == BLANK:
            return None
        payload = chunk.flat_payload[place]
        if kind == TEXT:
            return self.pool.text(int(payload))
        if kind == BOOLEAN:
            return bool(payload != 0.0)
        return error_from_id(int(payload))

    def exchange(self, row: int, column: int, number: float) -> float | None:
        """Write a number over a number that no formula gave, and answer what was there; None, and nothing written, where it is not so."""
        chunk = self._last
        if chunk is None or not (0 <= row - chunk.top < chunk.rows and 0 <= column - chunk.left < chunk.columns):
            chunk = self._find(row, column)
            if chunk is None:
                return None
        place = (column - chunk.left) * chunk.stride + row - chunk.top
        if chunk.flat_kinds[place] != NUMBER or chunk.flat_owner[place] or chunk.shared:
            return None
        before: float = chunk.flat_payload[place]
        chunk.flat_payload[place] = number
        self.touch(column)
        return before

    def set_cell(self, row: int, column: int, value: Scalar) -> None:
        """Write a cell; its owner stays."""
        kind, payload = self._encode(value)
        chunk = self._find(row, column)
        if chunk is None or chunk.shared:
            if chunk is None and kind == BLANK:
                return
            chunk = self._claim(row, column)
        place = (column - chunk.left) * chunk.stride + row - chunk.top
        if kind != BLANK and chunk.flat_kinds[place] == BLANK:
            chunk.use(Box(row, column, row, column), 1)
        chunk.flat_kinds[place] = kind
        chunk.flat_payload[place] = payload
        if kind == TEXT:
            chunk.texts = True
        self.touch(column)

    def _encode(self, value: Scalar) -> tuple[int, float]:
        if type(value) is float:
            return NUMBER, value
        if value is None:
            return BLANK, 0.0
        if isinstance(value, str):
            return TEXT, float(self.pool.intern(value))
        if isinstance(value, bool):
            return BOOLEAN, 1.0 if value else 0.0
        if isinstance(value, CellError):
            return ERROR, float(error_id(value))
        return NUMBER, float(value)

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

    def read(self, box: Box) -> Grid:
        """All cells of a rectangle; views where it lies in one chunk."""
        kinds, payload, texts = self.read_planes(box)
        return self._grid(kinds, payload, texts)

    def _grid(self, kinds: Kinds, payload: Numbers, texts: bool) -> Grid:
        if all_numbers(kinds):
            return Grid(payload)
        if texts:
            mask = kinds == TEXT
            if mask.any():
                plane = np.full(kinds.shape, None, dtype=object)
                plane[mask] = self.pool.take(payload[mask])
                numbers = np.where(mask, 0.0, payload)
                numbers.flags.writeable = False
                return Grid(numbers, kinds, plane)
        return Grid(payload, kinds)

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

    def write(self, top: int, left: int, grid: Grid) -> None:
        """Write a grid of two dimensions with its first cell at a place; owners stay."""
        height, width = grid.shape
        if height == 0 or width == 0:
            return
        if height == width == 1:
            self.set_cell(top, left, grid.item(0, 0))
            return
        box = Box(top, left, top + height - 1, left + width - 1)
        kinds: Kinds | int = NUMBER if grid.kinds is None else grid.kinds
        payload = grid.numbers if grid.texts is None or grid.kinds is None else self._payload(grid)
        self.write_planes(box, kinds, payload, grid.texts is not None)

    def _payload(self, grid: Grid) -> Numbers:
        assert grid.kinds is not None and grid.texts is not None
        mask = grid.kinds == TEXT
        payload = np.array(grid.numbers)
        if mask.any():
            payload[mask] = self.pool.intern_all(grid.texts[mask].tolist())
        return payload

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

    def set_owners_at(self, rows: Indices, columns: Indices, owner: int) -> None:
        """Say who fills scattered cells."""
        if owner:
            self._cover(rows, columns)
        for chunk, inside in list(self._split(rows, columns)):
            self._chunks.own(chunk)
            chunk.all_owner[columns[inside] - chunk.left, rows[inside] - chunk.top] = owner
            chunk.owned = True

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

    def gather(self, rows: Indices, columns: Indices) -> Grid:
        """Scattered cells as a flat grid."""
        count = len(rows)
        kinds, payload = np.zeros(count, np.uint8), np.zeros(count)
        for chunk, inside in self._split(rows, columns):
            place = (columns[inside] - chunk.left, rows[inside] - chunk.top)
            if isinstance(inside, slice):
                kinds, payload = chunk.all_kinds[place], chunk.all_payload[place]
            else:
                kinds[inside], payload[inside] = chunk.all_kinds[place], chunk.all_payload[place]
        if all_numbers(kinds):
            return Grid(payload)
        mask = kinds == TEXT
        if not mask.any():
            return Grid(payload, kinds)
        plane = np.full(kinds.shape, None, dtype=object)
        plane[mask] = self.pool.take(payload[mask])
        return Grid(np.where(mask, 0.0, payload), kinds, plane)

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

    def _split(self, rows: Indices, columns: Indices) -> Iterator[tuple[Chunk, Indices | slice]]:
        if len(rows) == 0:
            return
        hull = _hull(rows, columns)
        met = self._chunks.index.overlapping(hull)
        if len(met) == 1 and met[0].box.contains(hull):
            yield met[0], slice(None)
            return
        for chunk in met:
            down, across = rows - chunk.top, columns - chunk.left
            inside = np.flatnonzero((down >= 0) & (down < chunk.rows) & (across >= 0) & (across < chunk.columns))
            if len(inside):
                yield chunk, inside

    def scatter(self, rows: Indices, columns: Indices, grid: Grid) -> None:
        """Write a flat grid to scattered cells; owners stay."""
        if len(rows) == 0:
            return
        hull = _hull(rows, columns)
        met = self._chunks.index.overlapping(hull)
        if len(met) == 1 and met[0].box.contains(hull):
            parts: list[tuple[Chunk, Indices | slice]] = [(met[0], slice(None))]
        else:
            self._cover(rows, columns)
            parts = list(self._split(rows, columns))
        payload = grid.numbers if grid.texts is None or grid.kinds is None else self._payload(grid)
        kinds = grid.kinds
        for chunk, inside in parts:
            self._chunks.own(chunk)
            place = (columns[inside] - chunk.left, rows[inside] - chunk.top)
            chunk.all_kinds[place] = NUMBER if kinds is None else kinds[inside]
            chunk.all_payload[place] = payload[inside]
            chunk.texts |= grid.texts is not None
            chunk.use(hull if len(parts) == 1 else _hull(rows[inside], columns[inside]), len(place[0]))
        self._touch(hull.left, hull.right)

    def _cover(self, rows: Indices, columns: Indices) -> None:
        """See to it that scattered cells lie in chunks.

        All are noted as used at once, those that lie in a chunk already first: a claim may merge chunks, and takes along what is in use.
        """
        missing = np.ones(len(rows), bool)
        for chunk, inside in self._split(rows, columns):
            missing[inside] = False
            chunk.use(_hull(rows[inside], columns[inside]), len(rows[inside]))
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

    # -- whole sheets ----------------------------------------------------------------------------------------------

    def shift_rows(self, at: int, count: int) -> None:
        """Make room for `count` rows before row `at`, or where `count` is negative drop the -count rows from `at` on."""
        self._shift(at, count, rows=True)

    def shift_columns(self, at: int, count: int) -> None:
        """Make room for columns, or drop columns, as `shift_rows` does for rows."""
        self._shift(at, count, rows=False)

    def _shift(self, at: int, count: int, *, rows: bool) -> None:
        gone = -count if count < 0 else 0
        moved: list[tuple[Chunk, Box, Box | None]] = []
        for chunk in list(self._chunks.index):
            used = chunk.used()
            low, high = (chunk.top, chunk.top + chunk.rows - 1) if rows else (chunk.left, chunk.left + chunk.columns - 1)
            if used is None:
                self._chunks.discard(chunk)
                continue
            if high < at:
                continue
            self._chunks.index.remove(chunk)
            if low >= at + gone:
                if rows:
                    chunk.top += count
                else:
                    chunk.left += count
                self._fit_to_grid(chunk, rows)
                self._chunks.index.add(chunk)
                continue
            moved.append((chunk, used, None))
        for chunk, used, _ in moved:
            # The chunk lies across the line: one of the new size takes both halves.
            first = Box(used.top, used.left, at - 1, used.right) if rows else Box(used.top, used.left, used.bottom, at - 1)
            start = at + gone
            second = (
                Box(max(start, used.top), used.left, used.bottom, used.right)
                if rows
                else Box(used.top, max(start, used.left), used.bottom, used.right)
            )
            upper, lower = used.intersect(first) if _real(first) else None, used.intersect(second) if _real(second) else None
            down, right = (count, 0) if rows else (0, count)
            placed = (
                None if lower is None else _on_grid(Box(lower.top + down, lower.left + right, lower.bottom + down, lower.right + right))
            )
            bounds = upper if placed is None else placed if upper is None else upper.union(placed)
            if bounds is None:
                chunk.drop()
                continue
            fresh = Chunk(bounds)
            if upper is not None:
                fresh.take_from(chunk, upper)
            if placed is not None:
                source = Box(placed.top - down, placed.left - right, placed.bottom - down, placed.right - right)
                fresh.take_from(chunk, source, down, right)
            chunk.drop()
            fresh.recount()
            self._chunks.index.add(fresh)
        self._chunks.epoch += 1
        self._last = None
        self.touch_all()

    def move(self, box: Box, down: int, right: int, to: SheetStore | None = None) -> None:
        """Move the cells of a rectangle with their owners, to another store of the pool where one is given.

        What lies where they go is overwritten, they leave blanks.
        """
        store = self if to is None else to
        used = self.used_within(box)
        target = Box(box.top + down, box.left + right, box.bottom + down, box.right + right)
        kept = None
        if used is not None:
            kinds, payload, texts = self.read_planes(used)
            kept = np.array(kinds), np.array(payload), self.owners(used), texts
            self.clear(used)
        store.clear(target)
        if used is None or kept is None:
            return
        place = Box(used.top + down, used.left + right, used.bottom + down, used.right + right)
        store.write_planes(place, kept[0], kept[1], kept[3])
        if kept[2].any():
            store.set_owners(place, kept[2])

    def _fit_to_grid(self, chunk: Chunk, rows: bool) -> None:
        """Give back reserve that a shift has pushed off the grid."""
        if rows and chunk.top + chunk.rows > _ROWS:
            chunk.resize(_ROWS - chunk.top, chunk.columns)
        elif not rows and chunk.left + chunk.columns > _COLUMNS:
            chunk.resize(chunk.rows, _COLUMNS - chunk.left)

    def copy(self, pool: TextPool | None = None) -> SheetStore:
        """A store of the same cells; planes are shared until one of the two writes. `pool`: a copy of this store's pool."""
        twin = SheetStore(self.pool if pool is None else pool)
        for chunk in self._chunks.index:
            twin._chunks.index.add(chunk.share())
        twin._adopt_stamps(self._stamps.copy())
        twin._stamp = self._stamp
        self._last = None
        return twin

    def mark_texts(self, used: NDArray[np.bool_]) -> None:
        """Mark the ids of the pool that stand in cells."""
        for chunk in self._chunks.index:
            if chunk.texts:
                used[chunk.all_payload[chunk.all_kinds == TEXT].astype(np.int64)] = True

    def renumber_texts(self, numbers: Indices) -> None:
        """Follow a pool that forgot texts."""
        for chunk in self._chunks.index:
            if chunk.texts:
                self._chunks.own(chunk)
                mask = chunk.all_kinds == TEXT
                chunk.all_payload[mask] = numbers[chunk.all_payload[mask].astype(np.int64)]
        self.touch_all()

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
            ids = chunk.all_payload[chunk.all_kinds == TEXT]
            assert not len(ids) or ids.max() < len(self.pool), "a text that is not in the pool"


_ROWS, _COLUMNS = 1_048_576, 16_384


def _hull(rows: Indices, columns: Indices) -> Box:
    least, most = np.minimum.reduce, np.maximum.reduce
    return Box(int(least(rows)), int(least(columns)), int(most(rows)), int(most(columns)))


def _real(box: Box) -> bool:
    return box.top <= box.bottom and box.left <= box.right


def _on_grid(box: Box) -> Box | None:
    return box.intersect(Box(0, 0, _ROWS - 1, _COLUMNS - 1))
