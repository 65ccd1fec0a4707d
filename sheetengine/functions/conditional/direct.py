"""One conditional sum, count, average or extreme, straight from its definition.

In: `Conditions` and one criterion for each range. Out: a scalar. It is the specification that the grouped forms equal to the bit,
so the order of a sum is fixed here:

- the matching numbers are added in row-major order, strictly one by one;
- where exactly one range is compared with numbers (`<`, `<=`, `>`, `>=`), they are added in the order of that range's numbers, equal
  ones in row-major order, by the tree of `functions.ordered_sum` over their ranks among the cells that meet all other criteria.
  That is what lets any number of thresholds share one sorting.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sheetengine.functions.conditional.ranges import Conditions
from sheetengine.functions.criteria import Criterion, Mask
from sheetengine.functions.ordered_sum import countable, ordered_sum
from sheetengine.grid import ERROR, NUMBER, Grid
from sheetengine.values import DIV0, Area, Scalar, error_from_id


class How(enum.Enum):
    """What is done with the values of the matching cells."""

    COUNT = "count"
    SUM = "sum"
    AVERAGE = "average"
    LARGEST = "largest"
    SMALLEST = "smallest"


def is_threshold(criterion: Criterion) -> bool:
    """Whether a criterion compares with a number."""
    return criterion.operator in ("<", "<=", ">", ">=") and type(criterion.operand) is float


def compared_area(areas: Sequence[Area], criteria: Sequence[Criterion]) -> Area | None:
    """The only range that is compared with numbers; None where there is none, or more than one."""
    compared = {area for area, criterion in zip(areas, criteria, strict=True) if is_threshold(criterion)}
    return compared.pop() if len(compared) == 1 else None


def answer_one(how: How, conditions: Conditions, criteria: Sequence[Criterion]) -> Scalar:
    """The answer for one criterion a range."""
    found = _all(conditions, criteria, range(len(criteria)))
    if how is How.COUNT:
        beyond = conditions.outside if all(criterion.matches_blank for criterion in criteria) else 0
        return float(np.count_nonzero(found) + beyond)
    values = conditions.values
    assert values is not None
    kinds = None if values.kinds is None else values.kinds.ravel()
    numbers = values.numbers.ravel()
    if kinds is not None:
        wrong = found & (kinds == ERROR)
        if wrong.any():
            return error_from_id(int(numbers[int(np.argmax(wrong))]))
        found_numbers = found & (kinds == NUMBER)
    else:
        found_numbers = found
    if how is How.LARGEST or how is How.SMALLEST:
        chosen = numbers[found_numbers]
        return float(chosen.max() if how is How.LARGEST else chosen.min()) if len(chosen) else 0.0
    count = np.count_nonzero(found_numbers)
    if how is How.AVERAGE and not count:
        return DIV0
    area = compared_area(conditions.areas, criteria)
    with np.errstate(all="ignore"):
        if area is not None:
            total = _sum_by_key(conditions, criteria, area, found)
        else:
            total = float(np.add.accumulate(numbers[found_numbers])[-1]) if count else 0.0
        return total / count if how is How.AVERAGE else total


def _all(conditions: Conditions, criteria: Sequence[Criterion], which: Sequence[int]) -> Mask:
    found: Mask | None = None
    for index in which:
        mask = criteria[index].plane(conditions.grids[index]).ravel()
        found = mask if found is None else found & mask
    return np.ones(conditions.grids[0].size, bool) if found is None else found


def _sum_by_key(conditions: Conditions, criteria: Sequence[Criterion], area: Area, found: NDArray[np.bool_]) -> float:
    assert conditions.values is not None
    thresholds = [index for index, criterion in enumerate(criteria) if is_threshold(criterion)]
    others = [index for index in range(len(criteria)) if index not in thresholds]
    keys: Grid = conditions.grids[thresholds[0]]
    lower = [index for index in thresholds if criteria[index].operator in (">", ">=")]
    ranked = _all(conditions, criteria, others)
    if keys.kinds is not None:
        ranked = ranked & (keys.kinds.ravel() == NUMBER)
    below = int(np.count_nonzero(ranked & ~_all(conditions, criteria, lower))) if lower else 0
    rows = np.flatnonzero(found)
    order = np.argsort(keys.numbers.ravel()[rows], kind="stable")
    column = countable(conditions.values).ravel()[rows[order]]
    return ordered_sum(column.reshape((-1, 1)), below)
