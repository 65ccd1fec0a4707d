"""The store against a dictionary of cells."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings, strategies as st

from sheetengine.grid import Grid
from sheetengine.store import SheetStore, TextPool
from sheetengine.store.chunk import Box
from sheetengine.values import NA, Scalar

scalars = st.sampled_from([1.0, 2.5, "a", "b", True, False, None, NA])
places = st.tuples(st.integers(0, 3000) | st.integers(0, 40), st.integers(0, 30))
sizes = st.tuples(st.integers(1, 9), st.integers(1, 4))
edits = st.one_of(
    st.tuples(st.just("cell"), places, scalars),
    st.tuples(
        st.just("write"),
        places,
        sizes.flatmap(lambda s: st.lists(st.lists(scalars, min_size=s[1], max_size=s[1]), min_size=s[0], max_size=s[0])),
    ),
    st.tuples(st.just("clear"), places, sizes),
    st.tuples(st.just("owner"), places, sizes),
    st.tuples(st.just("rows"), st.integers(0, 50), st.sampled_from([1, 2, 7, -1, -3])),
    st.tuples(st.just("columns"), st.integers(0, 30), st.sampled_from([1, 2, -1, -2])),
    st.tuples(st.just("scatter"), st.lists(places, min_size=1, max_size=6, unique=True), scalars),
)


def shifted(cells: dict[tuple[int, int], object], at: int, count: int, axis: int) -> dict[tuple[int, int], object]:
    found = {}
    for place, value in cells.items():
        if count < 0 and at <= place[axis] < at - count:
            continue
        step = count if place[axis] >= at else 0
        found[(place[0] + step, place[1]) if axis == 0 else (place[0], place[1] + step)] = value
    return found


@settings(max_examples=150, deadline=None)
@given(st.lists(edits, max_size=25))
def test_a_store_holds_what_a_dictionary_holds(script: list[tuple[str, object, object]]) -> None:
    store = SheetStore(TextPool())
    cells: dict[tuple[int, int], Scalar] = {}
    owners: dict[tuple[int, int], int] = {}
    for number, (kind, where, what) in enumerate(script, 1):
        if kind == "cell":
            store.set_cell(*where, what)
            cells[where] = what
        elif kind == "write":
            store.write(*where, Grid.from_rows(what))
            for down, row in enumerate(what):
                for right, value in enumerate(row):
                    cells[where[0] + down, where[1] + right] = value
        elif kind in ("clear", "owner"):
            box = Box(where[0], where[1], where[0] + what[0] - 1, where[1] + what[1] - 1)
            inside = [(row, column) for row in range(box.top, box.bottom + 1) for column in range(box.left, box.right + 1)]
            if kind == "clear":
                store.clear(box)
                for place in inside:
                    cells.pop(place, None)
                    owners.pop(place, None)
            else:
                store.set_owners(box, number)
                owners.update(dict.fromkeys(inside, number))
        elif kind == "scatter":
            rows, columns = (np.array(axis) for axis in zip(*where, strict=True))
            store.scatter(rows, columns, Grid.from_flat([what] * len(where), (len(where),)))
            cells.update(dict.fromkeys(where, what))
        else:
            axis = 0 if kind == "rows" else 1
            (store.shift_rows if axis == 0 else store.shift_columns)(where, what)
            cells, owners = shifted(cells, where, what, axis), shifted(owners, where, what, axis)
        store.check_invariants()
    for place, value in cells.items():
        assert store.cell(*place) == value
    whole = Box(0, 0, 60, 45)
    assert store.read(whole).rows() == [[cells.get((row, column)) for column in range(46)] for row in range(61)]
    assert store.owners(whole).tolist() == [[owners.get((row, column), 0) for column in range(46)] for row in range(61)]
    twin = store.copy()
    twin.write(0, 0, Grid.from_rows([[7.0] * 5] * 5))
    assert store.read(whole).rows() == [[cells.get((row, column)) for column in range(46)] for row in range(61)]


def test_sparse_sheets_take_little_memory() -> None:
    store = SheetStore(TextPool())
    store.set_cell(0, 0, 1.0)
    store.set_cell(1_048_575, 16_383, 2.0)
    for index in range(3_000):
        store.set_cell(index * 300, index * 5, 1.0)
    planes = sum(chunk.all_payload.nbytes for chunk in store._chunks.index)
    assert planes < 8_000_000
    assert store.used_within(Box(0, 0, 1_048_575, 16_383)) == Box(0, 0, 1_048_575, 16_383)


def test_an_area_in_one_chunk_is_a_view() -> None:
    store = SheetStore(TextPool())
    store.write(0, 0, Grid(np.arange(3_000.0).reshape(1000, 3)))
    grid = store.read(Box(10, 1, 20, 2))
    assert grid.kinds is None
    assert not grid.numbers.flags.writeable
    assert grid.numbers.base is not None


def test_stamps_tell_when_columns_were_written() -> None:
    store = SheetStore(TextPool())
    store.set_cell(5, 3, 1.0)
    before = store.stamp_of(0, 5)
    store.set_cell(5, 70, 1.0)
    assert store.stamp_of(0, 5) == before
    store.write(0, 2, Grid(np.ones((2, 2))))
    assert store.stamp_of(3, 3) > before


def test_scattering_over_the_reserve_of_a_chunk_loses_nothing() -> None:
    """A cell in a chunk's reserve, written together with one that makes the chunk grow: the merge took along only what was in use."""
    store = SheetStore(TextPool())
    store.set_owners(Box(2, 0, 2, 0), 1)
    store.set_cell(1, 0, 1.0)
    store.scatter(np.array([0, 1]), np.array([0, 1]), Grid.from_flat([5.0, 6.0], (2,)))
    assert (store.cell(0, 0), store.cell(1, 0), store.cell(1, 1)) == (5.0, 1.0, 6.0)
