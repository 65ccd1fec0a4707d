"""Many conditional answers from one grouping of the cells: sums, counts and extremes per class, and over runs of sorted numbers.

In: classes of the criteria ranges. Out: one answer for each query. Invariant: equal to `direct.answer_one` to the bit: per class the
values are added in row-major order (`bincount`, or an accumulation over the class), over a run by the tree over ranks.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sheetengine.functions.conditional.classes import ClassIndex, Codes
from sheetengine.functions.conditional.direct import How
from sheetengine.functions.ordered_sum import countable
from sheetengine.functions.range_sums import range_totals
from sheetengine.functions.sum_tree import LEAF
from sheetengine.grid import ERROR, NUMBER, Grid, Numbers
from sheetengine.values import DIV0_ID

_DENSE: Final = 4
"""Combinations of classes are numbered as they are up to this many times the cells; above, those that occur are numbered."""
_PORTION: Final = 1 << 22


class Groups:
    """Cells grouped by their classes in some ranges: a cell's group is its combination of classes."""

    def __init__(self, indexes: Sequence[ClassIndex], cells: int) -> None:
        self._indexes = list(indexes)
        self._occurring: list[Codes | None] = []
        self._postings: tuple[Codes, Codes] | None = None
        self._sizes: Numbers | None = None
        of_cell: Codes | None = None
        count = 1
        for index in indexes:
            occurring: Codes | None = None
            if of_cell is None:
                of_cell, count = index.of_cell, index.count
            else:
                of_cell = of_cell * index.count + index.of_cell
                count *= index.count
                if count > _DENSE * cells + 1024:
                    occurring, inverse = np.unique(of_cell, return_inverse=True)
                    of_cell, count = inverse.astype(np.int64, copy=False).reshape(-1), len(occurring)
            self._occurring.append(occurring)
        self.of_cell: Codes = np.zeros(cells, np.int64) if of_cell is None else of_cell
        self.count = count

    def find(self, classes: Sequence[Codes], queries: int) -> Codes:
        """The group of each query by its class in each range, -1 where no cell is in all."""
        if not classes:
            return np.zeros(queries, np.int64)
        group = np.array(classes[0], np.int64)
        absent = group < 0
        for own, index, occurring in zip(classes[1:], self._indexes[1:], self._occurring[1:], strict=True):
            absent |= own < 0
            group = group * index.count + own
            if occurring is not None:
                place = np.minimum(np.searchsorted(occurring, group), len(occurring) - 1)
                absent |= occurring[place] != group
                group = place
        return np.where(absent, -1, group)

    @property
    def postings(self) -> tuple[Codes, Codes]:
        """The cells in the order of their groups, and where each group begins."""
        if self._postings is None:
            order = np.argsort(self.of_cell, kind="stable")
            starts = np.zeros(self.count + 1, np.int64)
            np.cumsum(np.bincount(self.of_cell, minlength=self.count), out=starts[1:])
            self._postings = order, starts
        return self._postings

    def answers(self, how: How, values: Grid | None, groups: Codes) -> Grid:
        """The answer of each query, by its group."""
        if how is How.COUNT:
            if self._sizes is None:
                self._sizes = np.bincount(self.of_cell, minlength=self.count).astype(np.float64)
            return Grid(_at(self._sizes, groups))
        assert values is not None
        if len(groups) == 1:
            order, starts = self.postings
            group = int(groups[0])
            cells = order[starts[group] : starts[group + 1]] if group >= 0 else order[:0]
            flat = values.reshape((values.size,))[cells]
            return _per_group(how, flat, np.zeros(len(cells), np.int64), 1, np.zeros(1, np.int64))
        return _per_group(how, values.reshape((values.size,)), self.of_cell, self.count, groups)


def _at(table: Numbers, groups: Codes) -> Numbers:
    return np.where(groups >= 0, table[np.maximum(groups, 0)], 0.0) if len(table) else np.zeros(len(groups))


def _added(of_cell: Codes, weights: Numbers, count: int) -> Numbers:
    """The sums of groups, each added cell by cell in order."""
    return np.bincount(of_cell, weights=weights, minlength=count).astype(np.float64, copy=False)


def _per_group(how: How, values: Grid, of_cell: Codes, count: int, groups: Codes) -> Grid:
    kinds = values.kinds
    errors: Codes | None = None
    if kinds is not None:
        wrong = np.flatnonzero(kinds == ERROR)
        if len(wrong):
            firsts = np.full(count, -1, np.int64)
            # The first error of a group is written last.
            firsts[of_cell[wrong[::-1]]] = values.numbers[wrong[::-1]].astype(np.int64)
            errors = np.where(groups >= 0, firsts[np.maximum(groups, 0)], -1)
    if how is How.SUM:
        return Grid.from_numbers_and_errors(_at(_added(of_cell, countable(values), count), groups), errors)
    counted, numbers = of_cell, values.numbers
    if kinds is not None:
        places = np.flatnonzero(kinds == NUMBER)
        counted, numbers = of_cell[places], values.numbers[places]
    counts = _at(np.bincount(counted, minlength=count).astype(np.float64), groups)
    if how is How.AVERAGE:
        sums = _at(_added(of_cell, countable(values), count), groups)
        return _averages(sums, counts, errors)
    table = np.full(count, -np.inf if how is How.LARGEST else np.inf)
    (np.maximum if how is How.LARGEST else np.minimum).at(table, counted, numbers)
    with np.errstate(invalid="ignore"):
        return Grid.from_numbers_and_errors(np.where(counts > 0.0, _at(table, groups), 0.0), errors)


def _averages(sums: Numbers, counts: Numbers, errors: Codes | None) -> Grid:
    none = counts == 0.0
    if none.any():
        divided = np.where(none, DIV0_ID, -1)
        errors = divided if errors is None else np.where(errors >= 0, errors, divided)
    with np.errstate(all="ignore"):
        return Grid.from_numbers_and_errors(np.where(none, 0.0, sums / counts), errors)


class Runs:
    """The cells with a number in one range, sorted by group, then by that number, then by place."""

    def __init__(self, groups: Groups, index: ClassIndex) -> None:
        self.groups = groups
        self._span = len(index.numbers) + 1
        cells = np.arange(len(index.of_cell)) if index.is_number is None else np.flatnonzero(index.is_number)
        code = groups.of_cell[cells] * self._span + index.of_cell[cells]
        order = np.argsort(code, kind="stable")
        self.cells: Codes = cells[order]
        self._codes: Codes = code[order]
        self._places: tuple[Codes, int] | None = None

    def find(self, groups: Codes, firsts: Codes, ends: Codes) -> tuple[Codes, Codes]:
        """Where each query's run begins and ends among the sorted cells."""
        ends = np.maximum(firsts, ends)
        begin = np.searchsorted(self._codes, groups * self._span + firsts)
        end = np.searchsorted(self._codes, groups * self._span + ends)
        absent = groups < 0
        return np.where(absent, 0, begin), np.where(absent, 0, end)

    def has_errors(self, values: Grid, begin: Codes, end: Codes) -> NDArray[np.bool_]:
        """Whether any value of each run is an error."""
        if values.kinds is None:
            return np.zeros(len(begin), bool)
        totals = _totals(values.kinds.ravel()[self.cells] == ERROR)
        return totals[end] > totals[begin]

    def answers(self, how: How, values: Grid | None, begin: Codes, end: Codes) -> Grid:
        """The answer of each query; its run holds no error."""
        if how is How.COUNT:
            return Grid((end - begin).astype(np.float64))
        assert values is not None
        if values.kinds is None:
            counts = (end - begin).astype(np.float64)
        else:
            totals = _totals(values.kinds.ravel()[self.cells] == NUMBER)
            counts = (totals[end] - totals[begin]).astype(np.float64)
        if how is How.SUM or how is How.AVERAGE:
            sums = self._sums(countable(values).ravel()[self.cells], begin, end)
            return Grid.from_numbers(sums) if how is How.SUM else _averages(sums, counts, None)
        largest = how is How.LARGEST
        column = values.numbers.ravel()[self.cells]
        if values.kinds is not None:
            column = np.where(values.kinds.ravel()[self.cells] == NUMBER, column, -np.inf if largest else np.inf)
        some = np.flatnonzero(counts > 0.0)
        best = np.zeros(len(begin))
        if len(some):
            # reduceat takes pairs of cuts; what lies between two runs is computed and dropped.
            cuts = np.stack((begin[some], end[some]), axis=1).ravel()
            padded = np.append(column, column[-1])
            best[some] = (np.maximum if largest else np.minimum).reduceat(padded, cuts)[::2]
        return Grid.from_numbers(best)

    def _sums(self, column: Numbers, begin: Codes, end: Codes) -> Numbers:
        places, size = self._layout()
        sums = np.zeros(len(begin))
        filled = np.flatnonzero(end > begin)
        if not len(filled):
            return sums
        begin, end = begin[filled], end[filled]
        placed = places[begin]
        large = placed >= 0
        found = np.zeros(len(filled))
        with np.errstate(all="ignore"):
            if large.any():
                padded = np.zeros(size)
                inside = places >= 0
                padded[places[inside]] = column[inside]
                found[large] = range_totals(padded.reshape((-1, 1)), 0, placed[large], placed[large] + (end - begin)[large] - 1)
            small = np.flatnonzero(~large)
            if len(small):
                found[small] = _ragged_sums(column, begin[small], end[small])
        sums[filled] = found
        return sums

    def _layout(self) -> tuple[Codes, int]:
        """The place of each cell in a column in which large groups stand aligned (-1: a small group's), and that column's length.

        A group that fits a leaf is added one by one, whatever its place. A larger one takes a power of two of leaves and begins at a
        multiple of it, so that the tree over the column does inside the group what a tree over the group alone would.
        """
        if self._places is None:
            groups = self._codes // self._span
            starts = np.flatnonzero(np.concatenate(([True], groups[1:] != groups[:-1]))) if len(groups) else np.empty(0, np.int64)
            sizes = np.diff(np.append(starts, len(groups)))
            places = np.full(len(groups), -1, np.int64)
            large = np.flatnonzero(sizes > LEAF)
            size = 0
            if len(large):
                leaves = -(-sizes[large] // LEAF)
                room = LEAF << np.ceil(np.log2(leaves)).astype(np.int64)
                order = np.argsort(-room, kind="stable")
                offsets = np.empty(len(large), np.int64)
                offsets[order] = np.cumsum(room[order]) - room[order]
                size = int(room.sum())
                moved = np.zeros(len(starts), np.int64)
                moved[large] = offsets - starts[large]
                own = np.repeat(np.arange(len(starts)), sizes)
                places = np.where(sizes[own] > LEAF, np.arange(len(groups)) + moved[own], -1)
            self._places = places, size
        return self._places


def _totals(flags: NDArray[np.bool_]) -> Codes:
    totals = np.zeros(len(flags) + 1, np.int64)
    np.cumsum(flags, out=totals[1:])
    return totals


def _ragged_sums(column: Numbers, begin: Codes, end: Codes) -> Numbers:
    """The sums of runs inside small groups, each one by one."""
    lengths = end - begin
    step = max(1, _PORTION // LEAF)
    parts = []
    for first in range(0, len(begin), step):
        own = lengths[first : first + step]
        owner = np.repeat(np.arange(len(own)), own)
        within = np.arange(len(owner)) - np.repeat(np.cumsum(own) - own, own)
        parts.append(_added(owner, column[begin[first : first + step][owner] + within], len(own)))
    return np.concatenate(parts)
