"""Cells looked up once: written like scattered ones, or not at all."""

from __future__ import annotations

import numpy as np
import pytest

from sheetengine.grid import Grid
from sheetengine.store import SheetStore, TextPool
from sheetengine.store.prepared import Prepared

ROWS = {"run": [4, 5, 6, 7], "scattered": [4, 9, 5, 30], "backwards": [7, 6, 5, 4]}


def _store():
    store = SheetStore(TextPool())
    store.write(0, 0, Grid(np.zeros((40, 12))))
    store.set_cell(5, 2, "text")
    return store


@pytest.mark.parametrize("rows", ROWS.values(), ids=ROWS)
@pytest.mark.parametrize("columns", [[2, 2, 2, 2], [2, 3, 2, 5]])
def test_it_writes_what_scatter_writes(rows, columns):
    where = np.array(rows), np.array(columns)
    numbers = np.array([1.5, -2.0, 0.0, 1e9])
    one, two = _store(), _store()
    assert Prepared(one, *where).write(numbers)
    two.scatter(*where, Grid(numbers))
    for row in range(40):
        for column in range(12):
            assert one.cell(row, column) == two.cell(row, column)
            assert type(one.cell(row, column)) is type(two.cell(row, column))


def test_who_reads_a_column_sees_that_it_was_written():
    store = _store()
    before = store.stamp_of(2, 2)
    other = store.stamp_of(7, 7)
    Prepared(store, np.array([4, 5]), np.array([2, 2])).write(np.array([1.0, 2.0]))
    assert store.stamp_of(2, 2) > before
    assert store.stamp_of(7, 7) == other


def test_planes_that_moved_are_not_written():
    store = _store()
    cells = Prepared(store, np.array([4, 5]), np.array([2, 2]))
    store.shift_rows(2, 3)
    before = [store.cell(row, 2) for row in range(45)]
    assert not cells.write(np.array([1.0, 2.0]))
    assert [store.cell(row, 2) for row in range(45)] == before


def test_cells_of_several_chunks_are_left_to_scatter():
    store = _store()
    store.set_cell(900_000, 2, 1.0)
    assert not Prepared(store, np.array([4, 900_000]), np.array([2, 2])).write(np.array([1.0, 2.0]))
    assert store.cell(4, 2) == 0.0
