"""The values of one sheet: cells, rectangles and scattered cells, read and written as scalars and grids.

In: scalars and grids at 0-based places. Out: the same, texts taken from the workbook's pool. Invariant: what is read is what was written,
and every text of a cell is in the pool.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sheetengine.grid import BLANK, BOOLEAN, ERROR, NUMBER, TEXT, Grid, Kinds, Numbers, all_numbers
from sheetengine.store.chunk import Box, Chunk
from sheetengine.store.planes import Indices, Planes, hull
from sheetengine.store.shifting import shift
from sheetengine.store.text_pool import TextPool
from sheetengine.values import CellError, Scalar, error_from_id, error_id


class SheetStore(Planes):
    """The cells of a sheet.

    >>> store = SheetStore(TextPool())
    >>> store.set_cell(0, 0, 1.5)
    >>> store.set_cell(1, 0, "ash")
    >>> store.read(Box(0, 0, 2, 0)).rows()
    [[1.5], ['ash'], [None]]
    """

    def __init__(self, pool: TextPool) -> None:
        super().__init__()
        self.pool = pool
        pool.held_by(self)

    # -- one cell --------------------------------------------------------------------------------------------------

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
        return self._grid(kinds, payload, True)

    def scatter(self, rows: Indices, columns: Indices, grid: Grid) -> None:
        """Write a flat grid to scattered cells; owners stay."""
        if len(rows) == 0:
            return
        whole = hull(rows, columns)
        met = self._chunks.index.overlapping(whole)
        if len(met) == 1 and met[0].box.contains(whole):
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
            chunk.use(whole if len(parts) == 1 else hull(rows[inside], columns[inside]), len(place[0]))
        self._touch(whole.left, whole.right)

    # -- whole sheets ----------------------------------------------------------------------------------------------

    def shift_rows(self, at: int, count: int) -> None:
        """Make room for `count` rows before row `at`, or where `count` is negative drop the -count rows from `at` on."""
        self._shift(at, count, rows=True)

    def shift_columns(self, at: int, count: int) -> None:
        """Make room for columns, or drop columns, as `shift_rows` does for rows."""
        self._shift(at, count, rows=False)

    def _shift(self, at: int, count: int, *, rows: bool) -> None:
        shift(self._chunks, at, count, rows=rows)
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
        super().check_invariants()
        for chunk in self._chunks.index:
            ids = chunk.all_payload[chunk.all_kinds == TEXT]
            assert not len(ids) or ids.max() < len(self.pool), "a text that is not in the pool"
