"""The cells of a sheet that no file has, on their way into one.

In: the store and blocks of a sheet. Out: columns of cells with states, formulas and arrays, or all of them as `SheetChanges`.
Invariant: cells stand in order of their keys, row * 16384 + column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sheetengine.grid import BLANK, distinct
from sheetengine.io.document import ArrayFormula, DataTable
from sheetengine.io.sheet_changes import CONSTANT, FORMULA, SPILLED, SheetChanges
from sheetengine.recalc.book import SheetRecord
from sheetengine.recalc.engine import Engine
from sheetengine.store import SheetStore
from sheetengine.workbook.file_texts import FileTexts

Places = NDArray[np.int64]


@dataclass(slots=True)
class UsedCells:
    """All cells in use, in order of their keys (row * 16384 + column)."""

    keys: Places
    kinds: NDArray[np.uint8]
    payload: NDArray[np.float64]
    owners: NDArray[np.int32]


def cells_in_use(store: SheetStore) -> UsedCells:
    """The cells of a store that have a value or an owner."""
    columns: list[tuple[Places, NDArray[np.uint8], NDArray[np.float64], NDArray[np.int32]]] = []
    for box in store.used_boxes():
        kinds, payload, _ = store.read_planes(box)
        owners = store.owners(box)
        rows, across = np.nonzero((kinds != BLANK) | (owners > 0))
        keys = (rows + box.top) * 16_384 + across + box.left
        columns.append((keys, kinds[rows, across], payload[rows, across], owners[rows, across]))
    if not columns:
        return UsedCells(np.zeros(0, np.int64), np.zeros(0, np.uint8), np.zeros(0), np.zeros(0, np.int32))
    keys, kinds, payload, owners = (np.concatenate(parts) for parts in zip(*columns, strict=True))
    if len(keys) > 1 and not (keys[1:] > keys[:-1]).all():
        order = np.argsort(keys)
        keys, kinds, payload, owners = keys[order], kinds[order], payload[order], owners[order]
    return UsedCells(keys, kinds, payload, owners)


@dataclass(slots=True)
class NewCells:
    """Cells that are written from nothing."""

    keys: Places
    kinds: NDArray[np.uint8]
    payload: NDArray[np.float64]
    states: NDArray[np.uint8]
    styles: NDArray[np.int32]
    formulas: list[str]
    arrays: dict[int, ArrayFormula | DataTable]


def new_cells(
    engine: Engine, keys: Places, kinds: NDArray[np.uint8], payload: NDArray[np.float64], owners: NDArray[np.int32],
    styles: NDArray[np.int32], texts: FileTexts,
) -> NewCells:  # fmt: skip
    """Cells written from nothing: their states, formulas and arrays."""
    states = np.where(owners > 0, np.uint8(FORMULA), np.where(owners < 0, np.uint8(SPILLED), np.uint8(CONSTANT)))
    by_place: dict[int, str] = {}
    arrays: dict[int, ArrayFormula | DataTable] = {}
    own = np.flatnonzero(owners > 0)
    for chosen in _by_value(owners[own]):
        places = own[chosen]
        block = engine.field.blocks[int(owners[places[0]])]
        if block.program.mode == "table":
            # The first cell of a data table says what it is; the others show its values.
            first = (keys[places] >> 14 == block.cell(0)[0]) & (keys[places] & 16_383 == block.cell(0)[1])
            states[places[~first]] = SPILLED
            places = places[first]
        by_place.update(zip(places.tolist(), texts.many(block, keys[places]), strict=True))
        arrays.update({int(places[index]): array for index, array in texts.arrays(block, keys[places]).items()})
    return NewCells(keys, kinds, payload, states, styles, [by_place[place] for place in own.tolist() if place in by_place], arrays)


def all_cells(engine: Engine, record: SheetRecord, style_of: Callable[[int, str], int], texts: FileTexts) -> SheetChanges:
    """A sheet that no file has: every cell of it."""
    now, looks = cells_in_use(record.store), cells_in_use(record.formats).keys
    keys = np.union1d(now.keys, looks)
    kinds, payload, owners = np.zeros(len(keys), np.uint8), np.zeros(len(keys)), np.zeros(len(keys), np.int32)
    place = np.searchsorted(keys, now.keys)
    kinds[place], payload[place], owners[place] = now.kinds, now.payload, now.owners
    styles = np.full(len(keys), -1, np.int32)
    numbers = record.formats.gather_planes(looks >> 14, looks & 16_383)[1].astype(np.int64)
    by_format = {number: style_of(0, engine.book.formats[number]) for number in distinct(numbers).tolist()}
    styles[np.searchsorted(keys, looks)] = [by_format[number] for number in numbers.tolist()]
    new = new_cells(engine, keys, kinds, payload, owners, styles, texts)
    none = np.zeros(0, np.int64)
    return joined(none, kinds[:0], payload[:0], new.states[:0], styles[:0], {}, {}, none, new)


def joined(
    keys: Places, kinds: NDArray[np.uint8], payload: NDArray[np.float64], states: NDArray[np.uint8], styles: NDArray[np.int32],
    formulas: dict[int, str], arrays: dict[int, ArrayFormula | DataTable], chosen: Places, new: NewCells,
) -> SheetChanges:  # fmt: skip
    """Cells of the file that change and new ones as one set of columns."""
    every = np.concatenate((keys[chosen], new.keys))
    order = np.argsort(every, kind="stable")
    every = every[order]
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    texts: dict[int, str] = {}
    if formulas:
        texts = {int(place[index]): formulas[cell] for index, cell in enumerate(chosen.tolist()) if cell in formulas}
    count = len(chosen)
    for cell, text in zip(np.flatnonzero(new.states == FORMULA).tolist(), new.formulas, strict=True):
        texts[int(place[count + cell])] = text
    found = {int(place[index]): arrays[cell] for index, cell in enumerate(chosen.tolist()) if cell in arrays} if arrays else {}
    found.update({int(place[count + cell]): array for cell, array in new.arrays.items()})
    return SheetChanges(
        (every >> 14).astype(np.int32),
        (every & 16_383).astype(np.int32),
        np.concatenate((kinds[chosen], new.kinds))[order],
        np.concatenate((payload[chosen], new.payload))[order],
        np.concatenate((states[chosen], new.states))[order],
        [texts[cell] for cell in sorted(texts)],
        found,
        np.concatenate((styles[chosen], new.styles))[order],
    )


def _by_value(values: NDArray[np.int32]) -> Iterator[Places]:
    """The places of each distinct value, ascending."""
    if len(values):
        order = np.argsort(values, kind="stable")
        yield from np.split(order, np.flatnonzero(np.diff(values[order])) + 1)
