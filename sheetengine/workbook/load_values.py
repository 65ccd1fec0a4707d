"""The columns of a document into the planes of the stores.

In: cells of a `SheetDocument`. Out: values and number formats in a sheet's stores. Invariant: no loop over cells; where cells lie
close they are written as one rectangle, where they are far apart tile by tile, so that two far corners take no memory between them.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from sheetengine.grid import NUMBER, TEXT
from sheetengine.io.document import SheetDocument
from sheetengine.store import SheetStore
from sheetengine.store.chunk import Box

_TILE_ROWS, _TILE_COLUMNS = 1024, 64
_SPARE = 8
"""Cells of a rectangle per cell of the file up to which it is written whole."""

Indices = NDArray[np.int64]


def write_values(store: SheetStore, sheet: SheetDocument, texts: NDArray[np.int64]) -> None:
    """All values of a sheet; `texts` are the pool's ids of the document's texts."""
    used = np.flatnonzero(sheet.kinds)
    if len(used) == 0:
        return
    kinds = sheet.kinds[used]
    payload = sheet.payload[used]
    named = kinds == TEXT
    if named.any():
        payload[named] = texts[payload[named].astype(np.int64)]
    _write(store, sheet.rows[used], sheet.columns[used], kinds, payload)


def write_formats(store: SheetStore, sheet: SheetDocument, formats: NDArray[np.int64]) -> None:
    """The number formats of a sheet's cells; `formats` are the book's numbers of the document's styles, 0 for General."""
    numbers = formats[sheet.styles]
    used = np.flatnonzero(numbers)
    if len(used):
        kinds = np.full(len(used), NUMBER, np.uint8)
        _write(store, sheet.rows[used], sheet.columns[used], kinds, numbers[used].astype(np.float64))


def _write(
    store: SheetStore, rows: NDArray[np.int32], columns: NDArray[np.int32], kinds: NDArray[np.uint8], payload: NDArray[np.float64]
) -> None:
    for part in _parts(rows, columns):
        down, across = rows[part], columns[part]
        box = Box(int(down.min()), int(across.min()), int(down.max()), int(across.max()))
        shape = (box.right - box.left + 1, box.bottom - box.top + 1)
        kind_plane, plane = np.zeros(shape, np.uint8), np.zeros(shape)
        place = (across - box.left, down - box.top)
        kind_plane[place], plane[place] = kinds[part], payload[part]
        store.write_planes(box, kind_plane.T, plane.T, bool((kinds[part] == TEXT).any()))


def _parts(rows: NDArray[np.int32], columns: NDArray[np.int32]) -> Iterator[Indices | slice]:
    """The cells as one part, or by tiles of the grid."""
    hull = (int(rows.max()) - int(rows.min()) + 1) * (int(columns.max()) - int(columns.min()) + 1)
    if hull <= _SPARE * len(rows) + 1024:
        yield slice(None)
        return
    tiles = (rows // _TILE_ROWS).astype(np.int64) * 256 + columns // _TILE_COLUMNS
    order = np.argsort(tiles, kind="stable")
    for part in np.split(order, np.flatnonzero(np.diff(tiles[order])) + 1):
        down, across = rows[part], columns[part]
        if (int(down.max()) - int(down.min()) + 1) * (int(across.max()) - int(across.min()) + 1) <= 64 * len(part):
            yield part
        else:
            for one in part:
                yield slice(int(one), int(one) + 1)
