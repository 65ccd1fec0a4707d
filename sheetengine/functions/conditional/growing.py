"""Conditional answers over ranges that grow from member to member: `COUNTIF(A$1:A1,A1)` filled down.

In: growing ranges with one first row, a criterion for each member and range. Out: one answer per member, or None where only an
evaluation cell by cell can say (other criteria than equality, other shapes, texts that are dates). Invariant: equal to
`direct.answer_one` of each member's ranges to the bit.

The cells are grouped once; a member's group is a list of places in row-major order, of which those before the end of its range count.
Sums are added along each list, so that each is one of its partial sums.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from sheetengine.coerce import Errors
from sheetengine.functions.conditional.classes import POINT, ClassIndex, Codes
from sheetengine.functions.conditional.direct import How
from sheetengine.functions.conditional.grouped import Groups
from sheetengine.functions.conditional.ranges import kept
from sheetengine.functions.ordered_sum import countable
from sheetengine.functions.windows import Growing
from sheetengine.grid import ERROR, NUMBER, Grid, Numbers
from sheetengine.values import DIV0_ID


def growing_batch(how: How, resize: bool) -> Callable[..., object]:
    """The batch form of a conditional function; with `resize` the values come last, or are the range itself (SUMIF)."""

    def answer(*arguments: object) -> Grid | None:
        if how is How.COUNT:
            values, pairs = None, arguments
        elif resize:
            values, pairs = arguments[2] if len(arguments) > 2 else arguments[0], arguments[:2]
        else:
            values, pairs = arguments[0], arguments[1:]
        ranges, criteria = pairs[::2], pairs[1::2]
        growing = [one for one in (*ranges, values) if isinstance(one, Growing)]
        if len(pairs) % 2 or len(growing) != len(ranges) + (values is not None) or not _alike(growing):
            return None
        lanes = [one for one in criteria if isinstance(one, Grid) and one.shape[1:] == (1, 1)]
        if len(lanes) != len(criteria):
            return None
        return _answers(how, growing[: len(ranges)], lanes, None if values is None else growing[-1].hull)

    return answer


def _alike(growing: Sequence[Growing]) -> bool:
    """Whether all begin in one row and every member's ranges are of one shape."""
    first = growing[0]
    heights = first.bottoms - first.tops
    return all(
        bool((one.tops == one.tops[0]).all())
        and one.hull.shape == first.hull.shape
        and (one is first or bool((one.bottoms - one.tops == heights).all()))
        for one in growing
    )


def _answers(how: How, ranges: Sequence[Growing], criteria: Sequence[Grid], values: Grid | None) -> Grid | None:
    members = len(ranges[0].bottoms)
    indexes: list[ClassIndex] = []
    classes: list[Codes] = []
    for one, lane in zip(ranges, criteria, strict=True):
        index = kept("classes", (one.hull,), lambda grid=one.hull: ClassIndex(grid, False))  # type: ignore[misc]  # bound now
        forms, firsts, _ = index.resolve_all(lane.reshape((lane.size,)))
        if index.dated or (forms != POINT).any() or index.has_dates(lane):
            return None
        indexes.append(index)
        classes.append(np.broadcast_to(firsts, (members,)))
    hull = ranges[0].hull
    groups = Groups(indexes, hull.size)
    own = groups.find(classes, members)
    ends = (ranges[0].bottoms - ranges[0].tops + 1) * hull.width
    order, starts = groups.postings
    marks = groups.of_cell[order] * (hull.size + 1) + order
    begin = starts[np.maximum(own, 0)]
    end = np.where(own >= 0, np.searchsorted(marks, np.maximum(own, 0) * (hull.size + 1) + ends), begin)
    if how is How.COUNT:
        return Grid((end - begin).astype(np.float64))
    assert values is not None
    return _of_values(how, values.reshape((values.size,))[order], starts, begin, end)


def _of_values(how: How, values: Grid, starts: Codes, begin: Codes, end: Codes) -> Grid:
    """Values in the order of their groups, and for each member the first of its group and the one behind its last."""
    kinds = values.kinds
    numbers = countable(values)
    filled = end > begin
    last = np.maximum(end - 1, 0)
    errors: Errors | None = None
    counts = (end - begin).astype(np.float64)
    if kinds is not None:
        counted = _before(kinds == NUMBER)
        counts = (counted[end] - counted[begin]).astype(np.float64)
        wrong = _before(kinds == ERROR)
        if wrong[-1]:
            ids = values.numbers[np.flatnonzero(kinds == ERROR)].astype(np.int64)
            first = wrong[begin]
            errors = np.where(wrong[end] > first, ids[np.minimum(first, len(ids) - 1)], -1)
    with np.errstate(all="ignore"):
        if how is How.SUM or how is How.AVERAGE:
            totals = np.where(filled, _along(np.add.accumulate, numbers, starts)[last], 0.0)
            if how is How.SUM:
                return Grid.from_numbers_and_errors(totals, errors)
            none = counts == 0.0
            if none.any():
                divided = np.where(none, DIV0_ID, -1)
                errors = divided if errors is None else np.where(errors >= 0, errors, divided)
            return Grid.from_numbers_and_errors(np.where(none, 0.0, totals / counts), errors)
        largest = how is How.LARGEST
        bound = -np.inf if largest else np.inf
        column = values.numbers if kinds is None else np.where(kinds == NUMBER, values.numbers, bound)
        best = _along(np.maximum.accumulate if largest else np.minimum.accumulate, column, starts)[last]
        return Grid.from_numbers_and_errors(np.where(counts > 0.0, best, 0.0), errors)


def _before(flags: np.ndarray) -> Codes:
    totals = np.zeros(len(flags) + 1, np.int64)
    np.cumsum(flags, out=totals[1:])
    return totals


def _along(accumulate: Callable[[Numbers], Numbers], column: Numbers, starts: Codes) -> Numbers:
    """The partial results inside each group, one after the other."""
    found = np.empty(len(column))
    cuts = np.unique(starts)
    for first, end in zip(cuts[:-1].tolist(), cuts[1:].tolist(), strict=True):
        found[first:end] = accumulate(column[first:end])
    return found


__all__ = ["growing_batch"]
