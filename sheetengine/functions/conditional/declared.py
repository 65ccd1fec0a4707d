"""SUMIF, SUMIFS, COUNTIF, COUNTIFS, AVERAGEIF, AVERAGEIFS, MAXIFS and MINIFS.

Ranges are references (an array is #VALUE!); a criterion is any scalar, an array of criteria gives an array of answers. SUMIF and
AVERAGEIF take their values from a range that begins where the given one begins and has the shape of the criteria range; the others want
ranges of one shape. Errors among the values count only where their cells match.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Final

import numpy as np

from sheetengine.functions.conditional.direct import How
from sheetengine.functions.conditional.growing import growing_batch
from sheetengine.functions.conditional.queries import answer, answer_all
from sheetengine.functions.conditional.ranges import Conditions, conditions_of
from sheetengine.functions.context import Context
from sheetengine.functions.library import function
from sheetengine.functions.signature import Any, InTurn, Kind, Ref
from sheetengine.grid import Grid
from sheetengine.values import VALUE, CellError, Reference, Scalar

_MATH: Final = "math and trigonometry"
_STATISTICAL: Final = "statistical"
_SOURCE: Final = "Microsoft Support: {} function"

Pairs = Annotated[object, InTurn({"criteria_range": Kind.REFERENCE, "criteria": Kind.ANY})]


# -- one criterion -------------------------------------------------------------------------------------------------------


def _one(how: How, ranges: Reference, criterion: Scalar, values: Reference | None, context: Context) -> Scalar:
    conditions = conditions_of([ranges], values, context, resize=True)
    return conditions if isinstance(conditions, CellError) else answer(how, conditions, [criterion])


def _lanes_of_one(how: How) -> Callable[..., object]:
    def lanes(ranges: Reference, criterion: object, values: Reference | None = None, *, context: Context) -> object:
        found = None if how is How.COUNT else ranges if values is None else values
        return _lanes(how, conditions_of([ranges], found, context, resize=True), [criterion])

    return lanes


def _lanes(how: How, conditions: Conditions | CellError, criteria: list[object]) -> Grid:
    count = max(lane.size for lane in criteria if isinstance(lane, Grid))
    if isinstance(conditions, CellError):
        return Grid.full((count,), conditions)
    return answer_all(how, conditions, criteria, count)  # type: ignore[arg-type]  # lanes of Any are grids or scalars


@function(
    "SUMIF", category=_MATH, summary="The sum of the cells that meet a criterion.",
    examples={"=SUMIF(X1:X3,\">5\")": 0.0}, source=_SOURCE.format("SUMIF"), vector=_lanes_of_one(How.SUM),
    batch=growing_batch(How.SUM, resize=True), growing=True,
)  # fmt: skip
def sum_if(range_: Ref, criteria: Any, sum_range: Ref | None = None, *, context: Context) -> Scalar:
    return _one(How.SUM, range_, criteria, range_ if sum_range is None else sum_range, context)


@function(
    "COUNTIF", category=_STATISTICAL, summary="How many cells meet a criterion.",
    examples={"=COUNTIF(X1:X3,\"\")": 3.0, "=COUNTIF(X1:X3,\"<>\")": 0.0}, source=_SOURCE.format("COUNTIF"),
    vector=_lanes_of_one(How.COUNT),
    batch=growing_batch(How.COUNT, resize=True), growing=True,
)  # fmt: skip
def count_if(range_: Ref, criteria: Any, *, context: Context) -> Scalar:
    return _one(How.COUNT, range_, criteria, None, context)


@function(
    "AVERAGEIF", category=_STATISTICAL, summary="The average of the cells that meet a criterion.",
    examples={"=AVERAGEIF(X1:X3,\">5\")": CellError("#DIV/0!")}, source=_SOURCE.format("AVERAGEIF"), vector=_lanes_of_one(How.AVERAGE),
    batch=growing_batch(How.AVERAGE, resize=True), growing=True,
)  # fmt: skip
def average_if(range_: Ref, criteria: Any, average_range: Ref | None = None, *, context: Context) -> Scalar:
    return _one(How.AVERAGE, range_, criteria, range_ if average_range is None else average_range, context)


# -- several criteria ------------------------------------------------------------------------------------------------------


def _pairs(pairs: tuple[object, ...]) -> tuple[list[Reference], list[object]] | None:
    if len(pairs) % 2:
        return None
    return list(pairs[::2]), list(pairs[1::2])  # type: ignore[arg-type]  # so declared


def _several(how: How, values: Reference | None, pairs: tuple[object, ...], context: Context) -> Scalar:
    split = _pairs(pairs)
    if split is None:
        return VALUE
    conditions = conditions_of(split[0], values, context, resize=False)
    return conditions if isinstance(conditions, CellError) else answer(how, conditions, split[1])  # type: ignore[arg-type]  # scalars


def _lanes_of_several(how: How) -> Callable[..., object]:
    def lanes(*arguments: object, context: Context) -> object:
        values, pairs = (None, arguments) if how is How.COUNT else (arguments[0], arguments[1:])
        split = _pairs(pairs)
        count = max(lane.size for lane in arguments if isinstance(lane, Grid | np.ndarray))
        if split is None:
            return Grid.full((count,), VALUE)
        return _lanes(how, conditions_of(split[0], values, context, resize=False), split[1])  # type: ignore[arg-type]  # so declared

    return lanes


@function(
    "SUMIFS", category=_MATH, summary="The sum of the cells that meet several criteria.",
    examples={"=SUMIFS(X1:X3,Y1:Y3,\">5\")": 0.0}, source=_SOURCE.format("SUMIFS"), vector=_lanes_of_several(How.SUM),
    batch=growing_batch(How.SUM, resize=False), growing=True,
)  # fmt: skip
def sum_ifs(sum_range: Ref, criteria_range1: Ref, criteria1: Any, *more: Pairs, context: Context) -> Scalar:
    return _several(How.SUM, sum_range, (criteria_range1, criteria1, *more), context)


@function(
    "COUNTIFS", category=_STATISTICAL, summary="How many cells meet several criteria.",
    examples={"=COUNTIFS(X1:X3,\"\",Y1:Y3,\"\")": 3.0}, source=_SOURCE.format("COUNTIFS"), vector=_lanes_of_several(How.COUNT),
    batch=growing_batch(How.COUNT, resize=False), growing=True,
)  # fmt: skip
def count_ifs(criteria_range1: Ref, criteria1: Any, *more: Pairs, context: Context) -> Scalar:
    return _several(How.COUNT, None, (criteria_range1, criteria1, *more), context)


@function(
    "AVERAGEIFS", category=_STATISTICAL, summary="The average of the cells that meet several criteria.",
    examples={"=AVERAGEIFS(X1:X3,Y1:Y3,\">5\")": CellError("#DIV/0!")}, source=_SOURCE.format("AVERAGEIFS"),
    vector=_lanes_of_several(How.AVERAGE),
    batch=growing_batch(How.AVERAGE, resize=False), growing=True,
)  # fmt: skip
def average_ifs(average_range: Ref, criteria_range1: Ref, criteria1: Any, *more: Pairs, context: Context) -> Scalar:
    return _several(How.AVERAGE, average_range, (criteria_range1, criteria1, *more), context)


@function(
    "MAXIFS", category=_STATISTICAL, summary="The largest of the cells that meet several criteria.",
    examples={"=MAXIFS(X1:X3,Y1:Y3,\">5\")": 0.0}, source=_SOURCE.format("MAXIFS"), vector=_lanes_of_several(How.LARGEST),
    batch=growing_batch(How.LARGEST, resize=False), growing=True, future="_xlfn.",
)  # fmt: skip
def max_ifs(max_range: Ref, criteria_range1: Ref, criteria1: Any, *more: Pairs, context: Context) -> Scalar:
    return _several(How.LARGEST, max_range, (criteria_range1, criteria1, *more), context)


@function(
    "MINIFS", category=_STATISTICAL, summary="The smallest of the cells that meet several criteria.",
    examples={"=MINIFS(X1:X3,Y1:Y3,\">5\")": 0.0}, source=_SOURCE.format("MINIFS"), vector=_lanes_of_several(How.SMALLEST),
    batch=growing_batch(How.SMALLEST, resize=False), growing=True, future="_xlfn.",
)  # fmt: skip
def min_ifs(min_range: Ref, criteria_range1: Ref, criteria1: Any, *more: Pairs, context: Context) -> Scalar:
    return _several(How.SMALLEST, min_range, (criteria_range1, criteria1, *more), context)
