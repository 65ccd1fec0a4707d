"""The order of SUM: every way of asking for a sum gives the bits of the definition, written here as plain loops."""

from __future__ import annotations

import time

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view

from sheetengine.functions.library import find
from sheetengine.functions.ordered_sum import (
    countable,
    ordered_sum,
    ordered_sums,
    unslid,
)
from sheetengine.functions.range_sums import range_totals, running_totals, window_totals
from sheetengine.grid import Grid
from sheetengine.values import Area, Reference
from tests.functions.fake import FakeContext, call


def defined(numbers: np.ndarray, top_row: int) -> float:
    """The definition, cell by cell."""
    total = None
    for index in range(numbers.shape[1]):
        nodes: dict[int, float] = {}
        for row, number in enumerate(numbers[:, index].tolist(), top_row):
            nodes[row // 128] = nodes[row // 128] + number if row // 128 in nodes else number
        while len(nodes) > 1:
            level: dict[int, float] = {}
            for node, value in sorted(nodes.items()):
                level[node // 2] = level[node // 2] + value if node // 2 in level else value
            nodes = level
        (column,) = nodes.values()
        total = column if total is None else total + column
    assert total is not None
    return total


def mixed(random: np.random.Generator, *shape: int) -> np.ndarray:
    return random.normal(size=shape) * 10.0 ** random.integers(-6, 7, size=shape)


@pytest.mark.parametrize("seed", range(60))
def test_one_range(seed: int) -> None:
    random = np.random.default_rng(seed)
    height, width, top = int(random.integers(1, 3000)), int(random.integers(1, 4)), int(random.integers(0, 100_000))
    numbers = mixed(random, height, width)
    assert ordered_sum(numbers, top) == defined(numbers, top)
    assert ordered_sum(np.asfortranarray(numbers), top) == defined(numbers, top)
    wide = mixed(random, height, width * 2)
    assert ordered_sum(wide[:, ::2], top) == defined(wide[:, ::2], top)


@pytest.mark.parametrize("seed", range(40))
def test_batches(seed: int) -> None:
    random = np.random.default_rng(seed)
    members, height, width = int(random.integers(1, 12)), int(random.integers(1, 600)), int(random.integers(1, 4))
    tops = random.integers(0, 5000, size=members)
    windows = mixed(random, members, height, width)
    assert ordered_sums(windows, tops).tolist() == [defined(windows[i], int(tops[i])) for i in range(members)]
    assert ordered_sums(windows, tops[:1]).tolist() == [defined(window, int(tops[0])) for window in windows]
    assert ordered_sums(windows).tolist() == [defined(window, 0) for window in windows]


@pytest.mark.parametrize("height", [1, 3, 16, 17, 127, 128, 129, 300])
@pytest.mark.parametrize("top", [0, 5, 127, 128, 1000])
def test_sliding_windows(height: int, top: int) -> None:
    column = mixed(np.random.default_rng(height + top), 400, 2)
    windows = sliding_window_view(column, height, axis=0).swapaxes(1, 2)
    tops = np.arange(top, top + len(windows))
    wanted = [defined(column[i : i + height], top + i) for i in range(len(windows))]
    assert ordered_sums(windows, tops).tolist() == wanted
    assert range_totals(column, top, tops, tops + height - 1).tolist() == wanted
    assert window_totals(column[:, 0], top, height).tolist() == [defined(column[i : i + height, :1], top + i) for i in range(len(windows))]


@pytest.mark.parametrize("top", [0, 1, 127, 128, 900, 99_999])
def test_running_totals(top: int) -> None:
    column = mixed(np.random.default_rng(top), 700)
    assert running_totals(column, top).tolist() == [defined(column[: count + 1, None], top) for count in range(700)]


@pytest.mark.parametrize("seed", range(10))
def test_any_ranges(seed: int) -> None:
    random = np.random.default_rng(seed)
    plane = mixed(random, 1500, 2)
    firsts = random.integers(0, 1500, size=60)
    lasts = np.array([random.integers(first, 1500) for first in firsts])
    wanted = [defined(plane[a : b + 1], 77 + int(a)) for a, b in zip(firsts, lasts, strict=True)]
    assert range_totals(plane, 77, firsts + 77, lasts + 77).tolist() == wanted


def test_nothing() -> None:
    assert ordered_sum(np.empty((0, 1))) == 0.0
    assert ordered_sums(np.empty((2, 0, 1))).tolist() == [0.0, 0.0]
    assert running_totals(np.empty(0)).tolist() == []
    assert window_totals(np.ones(3), 0, 4).tolist() == []


def test_overflow_gives_no_warning() -> None:
    assert ordered_sum(np.full((3, 1), 1e308)) == np.inf
    assert not np.isfinite(running_totals(np.full(300, 1e308))[-1])


def test_blanks_texts_and_booleans_do_not_count() -> None:
    assert countable(Grid.from_rows([[1.0, True], ["7", None]])).tolist() == [[1.0, 0.0], [0.0, 0.0]]


def test_a_plane_is_found_behind_its_windows() -> None:
    column = np.arange(10.0).reshape(10, 1)
    plane = unslid(sliding_window_view(column, 4, axis=0).swapaxes(1, 2))
    assert plane is not None
    assert plane.tolist() == column.tolist()
    assert unslid(np.zeros((3, 4, 1))) is None


@pytest.mark.parametrize("rows", [10, 200, 1000])
def test_sum_is_the_same_whoever_computes_it(rows: int) -> None:
    """Scalar call, batch of windows and prefix, with texts and booleans among the numbers."""
    random = np.random.default_rng(rows)
    cells = {(row, 0): float(mixed(random, 1)[0]) for row in range(rows)}
    cells.update({(row, 0): "text" for row in range(3, rows, 17)})
    cells.update({(row, 0): True for row in range(5, rows, 23)})
    context = FakeContext(cells)
    height = rows // 2
    spec = find("SUM")
    assert spec is not None
    assert spec.batch is not None
    whole = context.read(Area(0, 0, 0, rows - 1, 0))
    windows = Grid(
        sliding_window_view(whole.numbers, height, axis=0).swapaxes(1, 2),
        sliding_window_view(whole.kind_plane(), height, axis=0).swapaxes(1, 2),
    )
    windows.tops = np.arange(rows - height + 1)
    found = spec.batch(windows)
    one_by_one = [call("SUM", Reference((Area(0, top, 0, top + height - 1, 0),)), context=context) for top in range(rows - height + 1)]
    assert found.flat() == one_by_one
    prefixes = running_totals(countable(whole)[:, 0]).tolist()
    assert prefixes[::7] == [call("SUM", Reference((Area(0, 0, 0, row, 0),)), context=context) for row in range(0, rows, 7)]


def test_speed() -> None:
    """Generous bounds against an algorithm of the wrong order: a million rows took 2 ms, 10,000 prefixes 0.2 ms."""
    numbers = np.random.default_rng(1).normal(size=(1_000_000, 1))
    start = time.process_time()
    ordered_sum(numbers)
    running_totals(numbers[:10_000, 0])
    assert time.process_time() - start < 0.5
