"""The sums of many ranges of one plane at a time, each equal to the bit to `ordered_sum` of that range.

In: a plane (or a column) and the absolute number of its first row; first and last rows of ranges. Out: a sum for each. All prefixes of a
column, all windows of one height, or any ranges: they share the leaves and the levels of one tree.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sheetengine.functions.sum_tree import LEAF, SHIFT, levels
from sheetengine.grid import Numbers

Rows = NDArray[np.int64]


def running_totals(column: Numbers, top_row: int = 0) -> Numbers:
    """The sums of all prefixes of a column, `A$1:A1`, `A$1:A2`, …: each equal to the bit to `ordered_sum` of that prefix."""
    count = len(column)
    if count == 0:
        return np.empty(0)
    with np.errstate(all="ignore"):
        lead = top_row & (LEAF - 1)
        first = top_row >> SHIFT
        leaves = -(-(lead + count) // LEAF)
        padded = np.zeros(leaves * LEAF)
        padded[lead : lead + count] = column
        within = np.add.accumulate(padded.reshape((leaves, LEAF)), axis=1)
        if leaves == 1:
            return within.ravel()[lead : lead + count].copy()
        totals = within
        # Upwards from the last leaf: a right child adds its whole left neighbour, until no neighbour is in the range.
        numbers = np.arange(first, first + leaves)
        for start, nodes in levels(within[:, -1].copy(), first):
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
    base = top_row >> SHIFT
    count = -(-(lead + len(column)) // LEAF)
    padded = np.zeros(count * LEAF)
    padded[lead : lead + len(column)] = column
    block = padded.reshape((count, LEAF))
    left, right = firsts >> SHIFT, lasts >> SHIFT
    sums = np.empty(len(firsts))
    alone = left == right
    if alone.any():
        sums[alone] = _inside_leaf(padded, firsts[alone] - (base << SHIFT), lasts[alone] - (base << SHIFT))
    across = np.flatnonzero(~alone)
    if not len(across):
        return sums
    one, two = left[across], right[across]
    begins, ends = firsts[across] - (base << SHIFT), lasts[across] - (base << SHIFT)
    prefixes = np.add.accumulate(block, axis=1)
    head = _suffixes(block, begins)
    tail = prefixes.ravel()[ends]
    answers = np.empty(len(across))
    pending = np.arange(len(across))
    for start, nodes in levels(prefixes[:, -1].copy(), base):
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


__all__ = ["Rows", "range_totals", "running_totals", "window_totals"]
