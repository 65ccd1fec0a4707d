"""Criteria of one formula or of many, brought to the cheapest form that answers them.

In: `Conditions` and for each range one criterion, or a lane of them. Out: the answers. Invariant: whatever way is taken, the answer of
each query is that of `direct.answer_one`.

Queries of equality alone share one grouping of the cells; those that compare one range with numbers share one sorting inside the
groups; the rest (wildcards, `<>`, thresholds on several ranges) are answered one by one, equal ones once. Groupings are kept with the
grid of the first range until a cell of it changes; a single formula over a range that was not asked before goes straight to its answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sheetengine.coerce import overlay_errors
from sheetengine.functions.conditional.classes import POINT, RUN, WRONG, ClassIndex, Codes, Resolved
from sheetengine.functions.conditional.direct import How, answer_one
from sheetengine.functions.conditional.grouped import Groups, Runs
from sheetengine.functions.conditional.ranges import Conditions, kept
from sheetengine.functions.criteria import Criterion, parse_criterion
from sheetengine.grid import Grid
from sheetengine.values import VALUE, Area, CellError, Scalar

Lane = Grid | Scalar
"""A flat grid of criteria, or the one that all queries share."""

_SMALL: Final = 64


def answer(how: How, conditions: Conditions, criteria: Sequence[Scalar]) -> Scalar:
    """The answer for one criterion a range."""
    parsed: list[Criterion] = []
    for value in criteria:
        criterion = parse_criterion(value, conditions.date1904)
        if isinstance(criterion, CellError):
            return criterion
        parsed.append(criterion)
    if not _asked_before(conditions):
        return answer_one(how, conditions, parsed)
    indexes = [_index(conditions, place) for place in range(len(parsed))]
    resolved = [index.resolve(criterion) for index, criterion in zip(indexes, parsed, strict=True)]
    if any(form not in (POINT, RUN) for form, _, _ in resolved):
        return answer_one(how, conditions, parsed)
    table = [_Column.shared(found, 1) for found in resolved]
    found = _by_groups(how, conditions, table, 1)
    return answer_one(how, conditions, parsed) if found is None else found.item(0)


def _asked_before(conditions: Conditions) -> bool:
    """Whether a grouping pays: the ranges are kept, not small, and this is not the first question about them."""
    memo = conditions.grids[0].memo
    if memo is None or conditions.grids[0].size < _SMALL:
        return False
    if "conditions" in memo:
        return True
    memo["conditions"] = True
    return False


def _index(conditions: Conditions, place: int) -> ClassIndex:
    grid = conditions.grids[place]
    return kept("classes", (grid,), lambda: ClassIndex(grid, conditions.date1904))


@dataclass(frozen=True, slots=True)
class _Column:
    """The criteria of one range: their forms, classes, or runs of classes."""

    forms: NDArray[np.uint8]
    firsts: Codes
    ends: Codes

    @classmethod
    def shared(cls, found: Resolved, count: int) -> _Column:
        form, first, end = found
        return cls(np.full(count, form, np.uint8), np.full(count, first, np.int64), np.full(count, end, np.int64))

    def at(self, lanes: Codes) -> _Column:
        return _Column(self.forms[lanes], self.firsts[lanes], self.ends[lanes])


def answer_all(how: How, conditions: Conditions, criteria: Sequence[Lane], count: int) -> Grid:
    """The answers of `count` queries, flat."""
    table: list[_Column] = []
    for place, lane in enumerate(criteria):
        index = _index(conditions, place)
        if isinstance(lane, Grid):
            table.append(_Column(*index.resolve_all(lane)))
        else:
            table.append(_Column.shared(index.resolve_scalar(lane), count))
    if all(bool((column.forms == column.forms[0]).all()) for column in table):
        return _of_pattern(how, conditions, criteria, table, np.arange(count))
    _, pattern = np.unique(np.stack([column.forms for column in table]), axis=1, return_inverse=True)
    pattern = pattern.reshape(-1)
    answers = Grid(np.zeros(count))
    for one in range(int(pattern.max()) + 1):
        lanes = np.flatnonzero(pattern == one)
        answers = _put(answers, lanes, _of_pattern(how, conditions, criteria, [column.at(lanes) for column in table], lanes))
    return answers


def _put(answers: Grid, lanes: Codes, part: Grid) -> Grid:
    answers.numbers[lanes] = part.numbers
    if part.kinds is None:
        return answers
    errors = np.full(answers.size, -1, np.int64)
    own = part.error_plane()
    if own is not None:
        errors[lanes] = own
    return overlay_errors(answers, errors)


def _of_pattern(how: How, conditions: Conditions, criteria: Sequence[Lane], table: Sequence[_Column], lanes: Codes) -> Grid:
    """Queries whose criteria have the same forms."""
    count = len(lanes)
    if any(column.forms[0] == WRONG for column in table):
        return Grid.full((count,), VALUE)
    if all(int(column.forms[0]) in (POINT, RUN) for column in table):
        found = _by_groups(how, conditions, table, count)
        if found is not None:
            return found
    columns = [[lane] * count if not isinstance(lane, Grid) else lane[lanes].flat() for lane in criteria]
    known: dict[object, Scalar] = {}
    answers: list[Scalar] = []
    for query in zip(*columns, strict=True):
        key = tuple([(type(value), value) for value in query])
        if key not in known:
            known[key] = _direct(how, conditions, query)
        answers.append(known[key])
    return Grid.from_flat(answers, (count,))


def _direct(how: How, conditions: Conditions, query: Sequence[Scalar]) -> Scalar:
    parsed = [parse_criterion(value, conditions.date1904) for value in query]
    return answer_one(how, conditions, [one for one in parsed if isinstance(one, Criterion)])


def _by_groups(how: How, conditions: Conditions, table: Sequence[_Column], count: int) -> Grid | None:
    """Queries of classes and of runs in at most one range; None where a run holds an error or thresholds stand on several ranges."""
    areas = conditions.areas
    points = [place for place, column in enumerate(table) if column.forms[0] == POINT]
    runs = [place for place, column in enumerate(table) if column.forms[0] == RUN]
    if len({areas[place] for place in runs}) > 1:
        return None
    groups = _groups(conditions, tuple(points))
    own = groups.find([table[place].firsts for place in points], count)
    if not runs:
        found = groups.answers(how, conditions.values, own)
        return _beyond(how, conditions, table, found)
    firsts, ends = table[runs[0]].firsts, table[runs[0]].ends
    for place in runs[1:]:
        firsts, ends = np.maximum(firsts, table[place].firsts), np.minimum(ends, table[place].ends)
    sorted_runs = _sorted_runs(conditions, tuple(points), runs[0], groups)
    begin, end = sorted_runs.find(own, firsts, ends)
    if how is not How.COUNT:
        assert conditions.values is not None
        if sorted_runs.has_errors(conditions.values, begin, end).any():
            return None
    return sorted_runs.answers(how, conditions.values, begin, end)


def _beyond(how: How, conditions: Conditions, table: Sequence[_Column], found: Grid) -> Grid:
    """Counts with the blank cells that were cut away, where blanks are what is counted."""
    if how is not How.COUNT or not conditions.outside:
        return found
    blanks = [_index(conditions, place).blank_class for place in range(len(table))]
    everywhere = np.ones(found.size, bool)
    for column, blank in zip(table, blanks, strict=True):
        everywhere &= column.firsts == blank
    return Grid(found.numbers + np.where(everywhere, float(conditions.outside), 0.0))


def _groups(conditions: Conditions, points: tuple[int, ...]) -> Groups:
    grids = [conditions.grids[place] for place in points]
    cells = conditions.grids[0].size
    if not grids:
        return Groups((), cells)
    areas = tuple(conditions.areas[place] for place in points)
    return kept(("groups", areas), grids, lambda: Groups([_index(conditions, place) for place in points], cells))


def _sorted_runs(conditions: Conditions, points: tuple[int, ...], run: int, groups: Groups) -> Runs:
    grids = [conditions.grids[place] for place in (run, *points)]
    areas: tuple[Area, ...] = tuple(conditions.areas[place] for place in (run, *points))
    return kept(("runs", areas), grids, lambda: Runs(groups, _index(conditions, run)))


__all__ = ["answer", "answer_all"]
