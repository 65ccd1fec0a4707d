"""The sum of a range as a function of its place and its values alone, whoever computes it (decision 7 of the design).

In: planes of numbers whose first row has an absolute row number. Out: sums, equal to the bit however they are asked for:
one range, a batch of windows, all prefixes of a column. The order, part of the definition of SUM:

1. in each column the cells of a leaf (128 absolute rows: row // 128) are added strictly from the top down;
2. the leaves of a column are added by a dyadic tree over absolute leaf numbers: node i of a level is node 2i plus node 2i + 1 of
   the level below; what lies outside the range counts for nothing;
3. the columns are added from left to right.

What counts for nothing is 0.0 here: adding 0.0 changes no bit, because no number of a grid is -0.0 and no sum of such can be.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import add
from typing import Any, Final

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from sheetengine.grid import BOOLEAN, ERROR, Grid, Numbers

LEAF: Final = 128
_SHIFT: Final = 7
_FEW_LINES: Final = 300
"""Up to this many sums side by side one accumulation beats an addition for each row (measured: 3.7 ns a cell against 0.9 us a row)."""
_PORTION: Final = 1 << 20
"""Cells of windows at different places that are brought into line at a time."""
_WORTH_A_GROUP: Final = 8
"""Members at one place that are worth a group of their own (measured at 200 rows: 16 us a group, 5 us a member brought into line)."""
_LOW: Final = 16
"""Windows up to this height are added line by line as they are; higher ones share the leaves of their plane."""

Rows = NDArray[np.int64]


def countable(grid: Grid) -> Numbers:
    """The numbers of a grid with 0.0 in the places that SUM leaves out; errors are for the caller to see to."""
    kinds = grid.kinds
    if kinds is None:
        return grid.numbers
    others = (kinds == BOOLEAN) | (kinds == ERROR)
    return np.where(others, 0.0, grid.numbers) if others.any() else grid.numbers


def ordered_sum(numbers: Numbers, top_row: int = 0) -> float:
    """The sum of a two-dimensional array whose first row is the absolute row `top_row` (0-based).

    >>> ordered_sum(np.array([[1.0, 2.0], [3.0, 4.0]]))
    10.0
    """
    height, width = numbers.shape
    if height == 0 or width == 0:
        return 0.0
    with np.errstate(all="ignore"):
        if (top_row & (LEAF - 1)) + height <= LEAF:
            if height == 1:
                return float(np.add.accumulate(numbers[0])[-1])
            columns = np.add.accumulate(numbers, axis=0)[-1]
        else:
            columns = _tree(_leaves(numbers, top_row), top_row >> _SHIFT)
        return float(columns[0]) if width == 1 else float(np.add.accumulate(columns)[-1])


def plain_sum(numbers: list[float], top_row: int) -> float:
    """The same for a list of no more than 128 numbers down one column.

    >>> plain_sum([1.0, 2.0, 3.0], 126)
    6.0
    """
    here = LEAF - (top_row & (LEAF - 1))
    # Not `sum`: from Python 3.12 on it is more exact than adding one after the other.
    if len(numbers) <= here:
        return reduce(add, numbers)
    return reduce(add, numbers[:here]) + reduce(add, numbers[here:])


def plain_total(parts: Sequence[tuple[list[float], int]]) -> float:
    """The sum of several such lists, as SUM adds its arguments."""
    if len(parts) == 1:
        return plain_sum(*parts[0])
    total = 0.0
    for numbers, top_row in parts:
        total += plain_sum(numbers, top_row)
    return total


def ordered_sums(windows: Numbers, tops: Rows | None = None) -> Numbers:
    """The sum of each member of a batch (members, rows, columns); `tops` are the absolute first rows, one for each or one for all."""
    members, height, width = windows.shape
    if height == 0 or width == 0:
        return np.zeros(members)
    if tops is None:
        tops = np.zeros(1, np.int64)
    if height > _LOW and members > 1 and len(tops) == members:
        plane = unslid(windows)
        if plane is not None and bool((np.diff(tops) == 1).all()):
            return range_totals(plane, int(tops[0]), tops, tops + (height - 1))
    with np.errstate(all="ignore"):
        inside = (tops & (LEAF - 1)) + height <= LEAF
        if inside.all():
            return _left_to_right(_downwards(windows))
        if len(tops) == 1 or bool((tops == tops[0]).all()):
            top = int(tops[0])
            leaves = _leaves(np.swapaxes(windows, 0, 1).reshape((height, members * width)), top)
            return _left_to_right(_tree(leaves, top >> _SHIFT).reshape((members, width)))
        sums = np.empty(members)
        if inside.any():
            sums[inside] = _left_to_right(_downwards(windows[inside]))
        crossing = np.flatnonzero(~inside)
        places = tops[crossing]
        # Members at one place in their leaf, and in the tree as far up as they reach, are added alike.
        reach = ((height >> _SHIFT) + 1).bit_length() + 1
        alike = places & ((1 << (_SHIFT + reach)) - 1)
        if len(crossing) < _WORTH_A_GROUP * len(np.unique(alike)):
            # Too few of each: members that begin in leaves of one place in the tree are brought into line.
            alike >>= _SHIFT
            most = max(1, _PORTION // ((height + LEAF) * width))
            for group in _groups(alike):
                for first in range(0, len(group), most):
                    chosen = crossing[group[first : first + most]]
                    sums[chosen] = _aligned_sums(windows[chosen], tops[chosen] & (LEAF - 1), int(alike[group[0]]))
            return sums
        for group in _groups(alike):
            chosen = crossing[group]
            top = int(alike[group[0]])
            lines = np.swapaxes(windows[chosen], 0, 1).reshape((height, len(chosen) * width))
            sums[chosen] = _left_to_right(_tree(_leaves(lines, top), top >> _SHIFT).reshape((len(chosen), width)))
        return sums


def _groups(keys: Rows) -> list[Rows]:
    """The places of each key."""
    order = np.argsort(keys, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(keys[order])) + 1)


def _aligned_sums(windows: Numbers, leads: Rows, start: int) -> Numbers:
    """Sums of members that begin in leaf `start` of the tree, each so many rows behind its first."""
    members, height, width = windows.shape
    count = ((int(leads.max()) + height - 1) >> _SHIFT) + 1
    # What is left of the leaves stays 0.0, which adds nothing.
    padded = np.zeros((count * LEAF, members, width))
    padded[leads[:, None] + np.arange(height), np.arange(members)[:, None]] = windows
    leaves = np.empty((count, members * width))
    _add_lines(padded.reshape((count, LEAF, members * width)), leaves)
    return _left_to_right(_tree(leaves, start).reshape((members, width)))


def unslid(windows: NDArray[np.generic]) -> Any:
    """The plane that windows (members, rows, columns) are sliding views of, each one row below the last; None where they are not."""
    members, height, width = windows.shape
    down, along, across = windows.strides
    if members < 2 or height < 2 or down != along:
        return None
    return as_strided(windows, (members + height - 1, width), (along, across), writeable=False)


def running_totals(column: Numbers, top_row: int = 0) -> Numbers:
    """The sums of all prefixes of a column, `A$1:A1`, `A$1:A2`, …: each equal to the bit to `ordered_sum` of that prefix."""
    count = len(column)
    if count == 0:
        return np.empty(0)
    with np.errstate(all="ignore"):
        lead = top_row & (LEAF - 1)
        first = top_row >> _SHIFT
        leaves = -(-(lead + count) // LEAF)
        padded = np.zeros(leaves * LEAF)
        padded[lead : lead + count] = column
        within = np.add.accumulate(padded.reshape((leaves, LEAF)), axis=1)
        if leaves == 1:
            return within.ravel()[lead : lead + count].copy()
        levels = _levels(within[:, -1].copy(), first)
        totals = within
        # Upwards from the last leaf: a right child adds its whole left neighbour, until no neighbour is in the range.
        numbers = np.arange(first, first + leaves)
        for start, nodes in levels:
            right = (numbers & 1 == 1) & (numbers > start)
            if right.any():
                totals[right] = nodes[numbers[right] - 1 - start][:, None] + totals[right]
            numbers = numbers >> 1
        return totals.ravel()[lead : lead + count]


def window_totals(column: Numbers, top_row: int, height: int) -> Numbers:
    """The sums of all windows of one height, from the first row of the column on."""
    count = len(column) - height + 1
    if count <= 0:
        return np.empty(0)
    firsts = np.arange(top_row, top_row + count, dtype=np.int64)
    return range_totals(column.reshape((-1, 1)), top_row, firsts, firsts + (height - 1))


def range_totals(plane: Numbers, top_row: int, firsts: Rows, lasts: Rows) -> Numbers:
    """The sums of ranges over all columns of a plane, each between two absolute rows, both included and inside the plane."""
    total: Numbers | None = None
    with np.errstate(all="ignore"):
        for index in range(plane.shape[1]):
            one = _column_totals(np.ascontiguousarray(plane[:, index]), top_row, firsts, lasts)
            total = one if total is None else total + one
    return np.zeros(len(firsts)) if total is None else total


def _column_totals(column: Numbers, top_row: int, firsts: Rows, lasts: Rows) -> Numbers:
    if not len(firsts):
        return np.empty(0)
    if bool((firsts == firsts[0]).all()):
        start = int(firsts[0])
        depth = int(lasts.max()) - start + 1
        totals = running_totals(column[start - top_row : start - top_row + depth], start)
        return totals[lasts - start]
    lead = top_row & (LEAF - 1)
    base = top_row >> _SHIFT
    count = -(-(lead + len(column)) // LEAF)
    padded = np.zeros(count * LEAF)
    padded[lead : lead + len(column)] = column
    block = padded.reshape((count, LEAF))
    left, right = firsts >> _SHIFT, lasts >> _SHIFT
    sums = np.empty(len(firsts))
    alone = left == right
    if alone.any():
        sums[alone] = _inside_leaf(padded, firsts[alone] - (base << _SHIFT), lasts[alone] - (base << _SHIFT))
    across = np.flatnonzero(~alone)
    if not len(across):
        return sums
    one, two = left[across], right[across]
    begins, ends = firsts[across] - (base << _SHIFT), lasts[across] - (base << _SHIFT)
    prefixes = np.add.accumulate(block, axis=1)
    head = _suffixes(block, begins)
    tail = prefixes.ravel()[ends]
    answers = np.empty(len(across))
    pending = np.arange(len(across))
    for start, nodes in _levels(prefixes[:, -1].copy(), base):
        siblings = one >> 1 == two >> 1
        if siblings.any():
            answers[pending[siblings]] = head[siblings] + tail[siblings]
            keep = ~siblings
            pending, one, two, head, tail = pending[keep], one[keep], two[keep], head[keep], tail[keep]
            if not len(pending):
                break
        lefts = one & 1 == 0
        head[lefts] = head[lefts] + nodes[one[lefts] + 1 - start]
        rights = two & 1 == 1
        tail[rights] = nodes[two[rights] - 1 - start] + tail[rights]
        one, two = one >> 1, two >> 1
    sums[across] = answers
    return sums


def _inside_leaf(padded: Numbers, begins: Rows, ends: Rows) -> Numbers:
    """Sums from a row to a later one of the same leaf."""
    lengths = ends - begins + 1
    longest = int(lengths.max())
    sums = padded[begins]
    for step in range(1, longest):
        going = lengths > step
        if going.all():
            sums += padded[begins + step]
        else:
            sums[going] += padded[begins[going] + step]
    return sums


def _suffixes(block: Numbers, begins: Rows) -> Numbers:
    """Sums from a row to the end of its leaf."""
    if len(begins) * 2 > block.shape[0]:
        sums = np.zeros(block.shape)
        for step in range(LEAF):
            sums[:, : step + 1] += block[:, step : step + 1]
        return sums.ravel()[begins]
    flat = block.ravel()
    return _inside_leaf(flat, begins, begins | (LEAF - 1))


def _levels(nodes: Numbers, start: int) -> list[tuple[int, Numbers]]:
    """The nodes of all levels of the tree, each level with the number of its first node."""
    levels = [(start, nodes)]
    while len(nodes) > 1:
        nodes, start = _pairs(nodes, start)
        levels.append((start, nodes))
    return levels


def _pairs(nodes: Numbers, start: int) -> tuple[Numbers, int]:
    """The next level of a tree over the first axis."""
    before, after = start & 1, (start + len(nodes)) & 1
    if before or after:
        wide = np.zeros((len(nodes) + before + after, *nodes.shape[1:]))
        wide[before : before + len(nodes)] = nodes
        nodes = wide
    return nodes[0::2] + nodes[1::2], start >> 1


def _tree(nodes: Numbers, start: int) -> Numbers:
    """The root of the tree over leaf sums (leaves, columns)."""
    while len(nodes) > 1:
        nodes, start = _pairs(nodes, start)
    root: Numbers = nodes[0]
    return root


def _leaves(numbers: Numbers, top_row: int) -> Numbers:
    """The sums of the leaves of each column, (leaves, columns)."""
    height, width = numbers.shape
    first = min(height, -top_row & (LEAF - 1))
    whole = (height - first) // LEAF
    rest = height - first - whole * LEAF
    leaves = np.empty(((first > 0) + whole + (rest > 0), width))
    if first:
        leaves[0] = np.add.accumulate(numbers[:first], axis=0)[-1]
    if whole:
        body = numbers[first : first + whole * LEAF].reshape((whole, LEAF, width))
        where = slice(int(first > 0), int(first > 0) + whole)
        if whole * width <= _FEW_LINES:
            leaves[where] = np.add.accumulate(body, axis=1)[:, -1]
        else:
            _add_lines(body, leaves[where])
    if rest:
        leaves[-1] = np.add.accumulate(numbers[height - rest :], axis=0)[-1]
    return leaves


def _add_lines(body: Numbers, sums: Numbers) -> None:
    """(leaves, 128, columns) summed down the middle axis, some leaves at a time so that their cells stay in the cache."""
    portion = max(16, (1 << 17) // (LEAF * body.shape[2]))
    for start in range(0, len(body), portion):
        part, total = body[start : start + portion], sums[start : start + portion]
        np.add(part[:, 0], part[:, 1], out=total)
        for step in range(2, LEAF):
            total += part[:, step]


def _downwards(windows: Numbers) -> Numbers:
    """(members, rows, columns) summed strictly from the top down, to (members, columns)."""
    height = windows.shape[1]
    if height == 1:
        first: Numbers = windows[:, 0]
        return first
    if windows.shape[0] * windows.shape[2] <= _FEW_LINES:
        last: Numbers = np.add.accumulate(windows, axis=1)[:, -1]
        return last
    sums = windows[:, 0] + windows[:, 1]
    for step in range(2, height):
        sums += windows[:, step]
    return sums


def _left_to_right(columns: Numbers) -> Numbers:
    """(members, columns) summed strictly from left to right."""
    width = columns.shape[1]
    if width == 1:
        only: Numbers = columns[:, 0]
        return only
    if len(columns) <= _FEW_LINES:
        last: Numbers = np.add.accumulate(columns, axis=1)[:, -1]
        return last
    sums = columns[:, 0] + columns[:, 1]
    for index in range(2, width):
        sums += columns[:, index]
    return sums


__all__ = [
    "LEAF",
    "Rows",
    "countable",
    "ordered_sum",
    "ordered_sums",
    "plain_sum",
    "plain_total",
    "range_totals",
    "running_totals",
    "unslid",
    "window_totals",
]
