"""The columns of a document into the planes of the stores.

In: cells of a `SheetDocument`. Out: values and number formats in a sheet's stores. Invariant: no loop over cells; where cells lie
close they are written as one rectangle, where they are far apart tile by tile, so that two far corners take no memory between them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from sheetengine.grid import BLANK, NUMBER, TEXT
from sheetengine.io.document import SheetDocument
from sheetengine.store import SheetStore
from sheetengine.store.chunk import Box

_TILE_ROWS, _TILE_COLUMNS = 1024, 64
_BAND = 1 << 17
_SPARE = 8
"""Cells of a rectangle per cell of the file up to which it is written whole."""

Indices = NDArray[np.int64]


def write_values(store: SheetStore, sheet: SheetDocument, texts: NDArray[np.int64]) -> None:
    """All values of a sheet; `texts` are the pool's ids of the document's texts."""

    def cells(part: Indices | slice) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
        kinds, payload = sheet.kinds[part], sheet.payload[part]
        named = kinds == TEXT
        if named.any():
            payload = payload.copy()
            payload[named] = texts[payload[named].astype(np.int64)]
        return kinds, payload

    _write(store, sheet, sheet.kinds != BLANK, cells)


def write_formats(store: SheetStore, sheet: SheetDocument, formats: NDArray[np.int64]) -> None:
    """The number formats of a sheet's cells; `formats` are the book's numbers of the document's styles, 0 for General."""
    if not formats.any():
        return

    def cells(part: Indices | slice) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
        numbers = formats[sheet.styles[part]]
        return np.where(numbers == 0, np.uint8(BLANK), np.uint8(NUMBER)), numbers.astype(np.float64)

    _write(store, sheet, formats[sheet.styles] != 0, cells)


def _write(
    store: SheetStore,
    sheet: SheetDocument,
    wanted: NDArray[np.bool_],
    cells: Callable[[Indices | slice], tuple[NDArray[np.uint8], NDArray[np.float64]]],
) -> None:
    """Write the wanted cells, as `cells` gives them, rectangle by rectangle."""
    for part in _parts(store, sheet.rows, sheet.columns, wanted):
        rows, columns = sheet.rows[part], sheet.columns[part]
        kinds, payload = cells(part)
        box = Box(int(rows.min()), int(columns.min()), int(rows.max()), int(columns.max()))
        shape = (box.right - box.left + 1, box.bottom - box.top + 1)
        kind_plane, plane = np.zeros(shape, np.uint8), np.zeros(shape)
        place = (columns - box.left, rows - box.top)
        kind_plane[place], plane[place] = kinds, payload
        store.write_planes(box, kind_plane.T, plane.T, bool((kinds == TEXT).any()))


def _parts(store: SheetStore, rows: NDArray[np.int32], columns: NDArray[np.int32], wanted: NDArray[np.bool_]) -> Iterator[Indices | slice]:
    """The wanted cells: where they lie close band by band, else by tiles of the grid."""
    count = int(np.count_nonzero(wanted))
    if count == 0:
        return
    if count == len(rows):
        used: Indices | None = None
        hull = Box(int(rows.min()), int(columns.min()), int(rows.max()), int(columns.max()))
    else:
        used = np.flatnonzero(wanted)
        hull = Box(int(rows[used].min()), int(columns[used].min()), int(rows[used].max()), int(columns[used].max()))
    if hull.area <= _SPARE * count + 1024:
        # One chunk for all of it, filled band by band: what is made on the way stays small.
        store.set_owners(hull, 0)
        own = rows if used is None else rows[used]
        first = 0
        while first < count:
            # Bands end where rows end: a band is written as one rectangle, which would blank the rest of a row begun before.
            end = int(np.searchsorted(own, own[min(first + _BAND, count) - 1], "right"))
            yield slice(first, end) if used is None else used[first:end]
            first = end
        return
    used = np.arange(len(rows)) if used is None else used
    tiles = (rows[used] // _TILE_ROWS).astype(np.int64) * 256 + columns[used] // _TILE_COLUMNS
    order = np.argsort(tiles, kind="stable")
    for part in np.split(used[order], np.flatnonzero(np.diff(tiles[order])) + 1):
        down, across = rows[part], columns[part]
        if (int(down.max()) - int(down.min()) + 1) * (int(across.max()) - int(across.min()) + 1) <= 64 * len(part):
            yield part
        else:
            for one in part.tolist():
                yield slice(one, one + 1)
