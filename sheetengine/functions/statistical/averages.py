"""Counts, averages and extremes: COUNT, AVERAGE, MAX and their kin.

In: all arguments as evaluated. Out: one number. A range's total has SUM's order; counts and extremes have none to speak of. Each
function is written twice, for one formula and for a batch of ranges, from the same reductions (`functions.windows`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np

from sheetengine.coerce import overlay_errors, to_number
from sheetengine.functions.context import Context
from sheetengine.functions.library import function
from sheetengine.functions.math.sums import read_used
from sheetengine.functions.ordered_sum import plain_sum, plain_total
from sheetengine.functions.signature import AllNumbers, Raw
from sheetengine.functions.statistical.arguments import parts_of
from sheetengine.functions.statistical.densities import CATEGORY, SOURCE
from sheetengine.functions.windows import (
    Growing,
    Rule,
    all_errors,
    lanes_of,
    numbers_only,
    summed,
    texts_and_booleans_too,
)
from sheetengine.grid import BLANK, NUMBER, TEXT, Grid, Numbers
from sheetengine.tails import Tailed, pieces
from sheetengine.values import DIV0, DIV0_ID, MISSING, NUM, CellError, Lambda, Reference, Scalar

Argument = Grid | Growing

# -- counts ------------------------------------------------------------------------------------------------------------


def _numbers_counted(grid: Grid) -> tuple[Numbers, Any]:
    return grid.numbers, None if grid.kinds is None else grid.kinds == NUMBER


def _filled(grid: Grid) -> tuple[Numbers, Any]:
    return grid.numbers, None if grid.kinds is None else grid.kinds != BLANK


def _filled_batch(*arguments: Argument) -> Numbers | None:
    """None where blanks stand in a computed array, whose every value counts: that is for the scalar form."""
    for argument in arguments:
        if isinstance(argument, Grid) and argument.source is None and argument.tops is None:
            one = argument.shape[1:] == (1, 1)
            if not one and argument.kinds is not None and (argument.kinds == BLANK).any():
                return None
    return _count_batch(_filled)(*arguments)


def _empty(grid: Grid) -> tuple[Numbers, Any]:
    """Blanks, and texts without a character."""
    if grid.kinds is None:
        return grid.numbers, np.zeros(grid.shape, bool)
    empty = grid.kinds == BLANK
    if grid.texts is not None:
        empty |= (grid.kinds == TEXT) & (grid.texts == "")
    return grid.numbers, empty


def _count_batch(rule: Rule) -> Callable[..., Numbers]:
    def batch(*arguments: Argument) -> Numbers:
        counts: Numbers = summed([lanes_of(argument, rule).counts() for argument in arguments])
        return counts

    return batch


def _count(arguments: Sequence[object], rule: Rule, context: Context, counts_alone: Callable[[object], bool]) -> float:
    count = 0
    for argument in arguments:
        if isinstance(argument, Reference):
            grids = [read_used(area, context) for area in argument.areas]
        elif isinstance(argument, Grid):
            grids = [argument]
        else:
            count += counts_alone(argument)
            continue
        for grid in grids:
            for piece, times in [] if grid is None else pieces(grid):
                _, counted = rule(piece)
                count += times * (piece.size if counted is None else int(np.count_nonzero(counted)))
    return float(count)


@function(
    "COUNT", category=CATEGORY, summary="How many numbers there are.",
    examples={"=COUNT(1,\"2\",TRUE,\"x\")": 3.0, "=COUNT({1,\"2\",TRUE})": 1.0, "=COUNT(1,)": 2.0}, source=SOURCE.format("COUNT"),
    batch=_count_batch(_numbers_counted), growing=True,
)  # fmt: skip
def count(value1: Raw, *more: Raw, context: Context) -> Scalar:
    """Written directly, texts that are numbers and booleans count; errors never do."""

    def counts_alone(argument: object) -> bool:
        if isinstance(argument, Lambda):
            return False
        return not isinstance(to_number(None if argument is MISSING else argument, context.date1904), CellError)  # type: ignore[arg-type]

    return _count((value1, *more), _numbers_counted, context, counts_alone)


@function(
    "COUNTA", category=CATEGORY, summary="How many values there are that are not blank.",
    examples={"=COUNTA(1,\"\",TRUE,#N/A)": 4.0, "=COUNTA(1,)": 2.0}, source=SOURCE.format("COUNTA"),
    batch=_filled_batch, growing=True,
)  # fmt: skip
def count_filled(value1: Raw, *more: Raw, context: Context) -> Scalar:
    """Everything but blank cells: empty texts and errors too. In an array blanks count, as in COUNTA(UNIQUE(A1:A9))."""
    arrays = [one for one in (value1, *more) if isinstance(one, Grid) and one.source is None]
    others = [one for one in (value1, *more) if not (isinstance(one, Grid) and one.source is None)]
    return float(sum(array.size for array in arrays)) + _count(others, _filled, context, lambda argument: True)


@function(
    "COUNTBLANK", category=CATEGORY, summary="How many cells of a range are blank or hold an empty text.",
    examples={"=COUNTBLANK(X1:X3)": 3.0}, source=SOURCE.format("COUNTBLANK"), batch=_count_batch(_empty), growing=True,
    each_reference=True,
)  # fmt: skip
def count_blank(range_: Raw, *, context: Context) -> Scalar:
    """Of one range on a sheet: neither an array nor several areas."""
    if isinstance(range_, CellError):
        return range_
    if not isinstance(range_, Reference) or range_.area is None:
        return CellError("#VALUE!", "COUNTBLANK wants one range")
    area = range_.area
    grid = read_used(area, context)
    cells = float(area.height * area.width)
    if grid is None:
        return cells
    _, empty = _empty(grid)
    return cells - grid.size + int(np.count_nonzero(empty))


# -- averages ----------------------------------------------------------------------------------------------------------


def quotient(totals: Numbers, counts: Numbers) -> Grid:
    """#DIV/0! where nothing counts."""
    with np.errstate(all="ignore"):
        answer = Grid.from_numbers(np.where(counts > 0.0, totals / np.maximum(counts, 1.0), 0.0))
    nothing = counts <= 0.0
    return overlay_errors(answer, np.where(nothing, DIV0_ID, -1)) if nothing.any() else answer


def _average_batch(rule: Rule) -> Callable[..., Grid]:
    def batch(*arguments: Argument) -> Grid:
        lanes = [lanes_of(argument, rule) for argument in arguments]
        totals = summed([one.totals() for one in lanes])
        counts = summed([one.counts() for one in lanes])
        errors = all_errors(lanes)
        answer = quotient(totals, counts)
        return answer if errors is None else overlay_errors(answer.broadcast(np.broadcast_shapes(answer.shape, errors.shape)), errors)

    return batch


def _plain_average(parts: Sequence[tuple[list[float], int]]) -> float:
    if len(parts) == 1:
        return plain_sum(*parts[0]) / len(parts[0][0])
    return plain_total(parts) / sum([len(numbers) for numbers, _ in parts])


def _average(arguments: Sequence[object], rule: Rule, context: Context) -> Scalar:
    parts = parts_of(arguments, rule, context)
    if isinstance(parts, CellError):
        return parts
    total, count = 0.0, 0
    for part in parts:
        total += part.total
        count += part.size
    return total / count if count else DIV0


@function(
    "AVERAGE", category=CATEGORY, summary="The arithmetic mean of numbers.",
    examples={"=AVERAGE(10,7,9,27,2)": 11.0, "=AVERAGE(10,TRUE,\"4\")": 5.0, "=AVERAGE({10,TRUE,\"4\"})": 10.0}, source=SOURCE.format("AVERAGE"),
    batch=_average_batch(numbers_only), growing=True, plain=_plain_average,
)  # fmt: skip
def average(number1: Raw, *more: Raw, context: Context) -> Scalar:
    return _average((number1, *more), numbers_only, context)


@function(
    "AVERAGEA", category=CATEGORY, summary="The arithmetic mean of values, texts counting for 0 and booleans for 0 or 1.",
    examples={"=AVERAGEA({10,7,9,2,\"Not available\"})": 5.6}, source=SOURCE.format("AVERAGEA"),
    batch=_average_batch(texts_and_booleans_too), growing=True,
)  # fmt: skip
def average_of_all(value1: Raw, *more: Raw, context: Context) -> Scalar:
    return _average((value1, *more), texts_and_booleans_too, context)


@function(
    "GEOMEAN", category=CATEGORY, summary="The geometric mean of positive numbers.",
    examples={"=GEOMEAN(4,5,8,7,11,4,3)": 5.47698696965696}, source=SOURCE.format("GEOMEAN"),
)  # fmt: skip
def geometric_mean(number: AllNumbers) -> Scalar:
    """#NUM! for numbers that are not positive."""
    if not number.size or float(number.min()) <= 0.0:
        return NUM
    with np.errstate(all="ignore"):
        product = float(np.multiply.accumulate(number)[-1])
        if 1e-300 < product < 1e300:
            return float(np.power(np.array([product]), np.array([1.0 / number.size]))[0])
        return float(np.exp(np.log(number).mean()))


@function(
    "HARMEAN", category=CATEGORY, summary="The harmonic mean of positive numbers.",
    examples={"=HARMEAN(4,5,8,7,11,4,3)": 5.028375962061728}, source=SOURCE.format("HARMEAN"),
)  # fmt: skip
def harmonic_mean(number: AllNumbers) -> Scalar:
    """#NUM! for numbers that are not positive."""
    if not number.size or float(number.min()) <= 0.0:
        return NUM
    with np.errstate(all="ignore"):
        return number.size / float(np.add.accumulate(1.0 / number)[-1])


# -- extremes ----------------------------------------------------------------------------------------------------------

_NOTHING: Final[dict[np.ufunc, float]] = {np.maximum: -np.inf, np.minimum: np.inf}


def _extreme_batch(extreme: np.ufunc, rule: Rule) -> Callable[..., Grid]:
    nothing = _NOTHING[extreme]

    def batch(*arguments: Argument) -> Grid:
        lanes = [lanes_of(argument, rule) for argument in arguments]
        found = lanes[0].extremes(extreme, nothing)
        for one in lanes[1:]:
            found = extreme(found, one.extremes(extreme, nothing))
        errors = all_errors(lanes)
        answer = Grid(np.where(np.isinf(found), 0.0, found))
        return answer if errors is None else overlay_errors(answer.broadcast(np.broadcast_shapes(answer.shape, errors.shape)), errors)

    return batch


def _extreme(arguments: Sequence[object], extreme: np.ufunc, rule: Rule, context: Context) -> Scalar:
    # Of alike rows at the end of an array one is enough.
    parts = parts_of([argument.part if isinstance(argument, Tailed) else argument for argument in arguments], rule, context)
    if isinstance(parts, CellError):
        return parts
    chosen = [float(extreme.reduce(numbers)) for numbers in (part.chosen for part in parts) if numbers.size]
    return float(extreme.reduce(chosen)) if chosen else 0.0


@function(
    "MAX", category=CATEGORY, summary="The largest of numbers; 0 where there are none.",
    examples={"=MAX(10,7,9,27,2)": 27.0, "=MAX(-1,TRUE)": 1.0, "=MAX({-1,TRUE})": -1.0}, source=SOURCE.format("MAX"),
    batch=_extreme_batch(np.maximum, numbers_only), growing=True, plain=lambda parts: max([max(numbers) for numbers, _ in parts]),
)  # fmt: skip
def largest(number1: Raw, *more: Raw, context: Context) -> Scalar:
    return _extreme((number1, *more), np.maximum, numbers_only, context)


@function(
    "MAXA", category=CATEGORY, summary="The largest of values, texts counting for 0 and booleans for 0 or 1.",
    examples={"=MAXA({0,0.2,0.5,0.4,TRUE})": 1.0}, source=SOURCE.format("MAXA"),
    batch=_extreme_batch(np.maximum, texts_and_booleans_too), growing=True,
)  # fmt: skip
def largest_of_all(value1: Raw, *more: Raw, context: Context) -> Scalar:
    return _extreme((value1, *more), np.maximum, texts_and_booleans_too, context)


@function(
    "MIN", category=CATEGORY, summary="The smallest of numbers; 0 where there are none.",
    examples={"=MIN(10,7,9,27,2)": 2.0, "=MIN(10,7,9,27,0)": 0.0}, source=SOURCE.format("MIN"),
    batch=_extreme_batch(np.minimum, numbers_only), growing=True, plain=lambda parts: min([min(numbers) for numbers, _ in parts]),
)  # fmt: skip
def smallest(number1: Raw, *more: Raw, context: Context) -> Scalar:
    return _extreme((number1, *more), np.minimum, numbers_only, context)


@function(
    "MINA", category=CATEGORY, summary="The smallest of values, texts counting for 0 and booleans for 0 or 1.",
    examples={"=MINA({FALSE,0.2,0.5,0.4,0.8})": 0.0}, source=SOURCE.format("MINA"),
    batch=_extreme_batch(np.minimum, texts_and_booleans_too), growing=True,
)  # fmt: skip
def smallest_of_all(value1: Raw, *more: Raw, context: Context) -> Scalar:
    return _extreme((value1, *more), np.minimum, texts_and_booleans_too, context)


__all__ = ["quotient"]
