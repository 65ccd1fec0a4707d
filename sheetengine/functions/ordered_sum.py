"""The sum of a range as a function of its place and its values alone, whoever computes it (decision 7 of the design).

In: planes of numbers whose first row has an absolute row number. Out: sums, equal to the bit however they are asked for:
one range, a batch of windows, many ranges of one plane (`range_sums`). The order, part of the definition of SUM (`sum_tree` adds in it):

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

from sheetengine.functions.range_sums import Rows, range_totals
from sheetengine.functions.sum_tree import LEAF, SHIFT, add_lines, downwards, leaf_sums, left_to_right, tree_root
from sheetengine.grid import BOOLEAN, ERROR, Grid, Numbers

_PORTION: Final = 1 << 20
"""Cells of windows at different places that are brought into line at a time."""
_WORTH_A_GROUP: Final = 8
"""Members at one place that are worth a group of their own (measured at 200 rows: 16 us a group, 5 us a member brought into line)."""
_LOW: Final = 16
"""Windows up to this height are added line by line as they are; higher ones share the leaves of their plane."""


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
            columns = tree_root(leaf_sums(numbers, top_row), top_row >> SHIFT)
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
            return left_to_right(downwards(windows))
        if len(tops) == 1 or bool((tops == tops[0]).all()):
            top = int(tops[0])
            leaves = leaf_sums(np.swapaxes(windows, 0, 1).reshape((height, members * width)), top)
            return left_to_right(tree_root(leaves, top >> SHIFT).reshape((members, width)))
        sums = np.empty(members)
        if inside.any():
            sums[inside] = left_to_right(downwards(windows[inside]))
        crossing = np.flatnonzero(~inside)
        places = tops[crossing]
        # Members at one place in their leaf, and in the tree as far up as they reach, are added alike.
        reach = ((height >> SHIFT) + 1).bit_length() + 1
        alike = places & ((1 << (SHIFT + reach)) - 1)
        if len(crossing) < _WORTH_A_GROUP * len(np.unique(alike)):
            # Too few of each: members that begin in leaves of one place in the tree are brought into line.
            alike >>= SHIFT
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
            sums[chosen] = left_to_right(tree_root(leaf_sums(lines, top), top >> SHIFT).reshape((len(chosen), width)))
        return sums


def _groups(keys: Rows) -> list[Rows]:
    """The places of each key."""
    order = np.argsort(keys, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(keys[order])) + 1)


def _aligned_sums(windows: Numbers, leads: Rows, start: int) -> Numbers:
    """Sums of members that begin in leaf `start` of the tree, each so many rows behind its first."""
    members, height, width = windows.shape
    count = ((int(leads.max()) + height - 1) >> SHIFT) + 1
    # What is left of the leaves stays 0.0, which adds nothing.
    padded = np.zeros((count * LEAF, members, width))
    padded[leads[:, None] + np.arange(height), np.arange(members)[:, None]] = windows
    leaves = np.empty((count, members * width))
    add_lines(padded.reshape((count, LEAF, members * width)), leaves)
    return left_to_right(tree_root(leaves, start).reshape((members, width)))


def unslid(windows: NDArray[np.generic]) -> Any:
    """The plane that windows (members, rows, columns) are sliding views of, each one row below the last; None where they are not."""
    members, height, width = windows.shape
    down, along, across = windows.strides
    if members < 2 or height < 2 or down != along:
        return None
    return as_strided(windows, (members + height - 1, width), (along, across), writeable=False)


__all__ = ["countable", "ordered_sum", "ordered_sums", "plain_sum", "plain_total", "unslid"]
