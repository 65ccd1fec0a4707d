"""How far numbers lie apart: variances, standard deviations, absolute and squared deviations, skewness, kurtosis.

In: all arguments as evaluated. Out: one number. The mean comes first, then the distances from it (two passes, as Excel does since
2003), both added in SUM's order, so that a window or a growing range has the bits of the one formula.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from sheetengine.coerce import overlay_errors
from sheetengine.functions.context import Context
from sheetengine.functions.library import function
from sheetengine.functions.signature import AllNumbers, Raw
from sheetengine.functions.statistical.arguments import parts_of
from sheetengine.functions.statistical.densities import CATEGORY, SOURCE
from sheetengine.functions.windows import Growing, Rule, all_errors, lanes_of, numbers_only, summed, texts_and_booleans_too
from sheetengine.grid import Grid, Numbers
from sheetengine.values import DIV0, NUM, CellError, Scalar, error_id

# -- squared deviations ------------------------------------------------------------------------------------------------


def squared_deviations(arguments: Sequence[object], rule: Rule, context: Context) -> tuple[float, int] | CellError:
    """The sum of the squared distances from the mean, and how many numbers there are."""
    parts = parts_of(arguments, rule, context)
    if isinstance(parts, CellError):
        return parts
    count = sum(part.size for part in parts)
    if count == 0:
        return 0.0, 0
    with np.errstate(all="ignore"):
        mean = summed([part.total for part in parts]) / count
        return float(summed([part.squares(mean) for part in parts])), count


def _batch(rule: Rule, least: int, too_few: CellError, finish: Callable[[Numbers, Numbers], Any]) -> Callable[..., Grid]:
    """A batch form: `finish` makes the answers of the squares and the counts; fewer than `least` numbers are an error."""

    def batch(*arguments: Grid | Growing) -> Grid:
        lanes = [lanes_of(argument, rule) for argument in arguments]
        counts = summed([one.counts() for one in lanes])
        with np.errstate(all="ignore"):
            means = summed([one.totals() for one in lanes]) / counts
            answer = Grid.from_numbers(finish(summed([one.squares(means) for one in lanes]), np.maximum(counts, least)))
        few = counts < least
        if few.any():
            answer = overlay_errors(answer, np.where(few, error_id(too_few), -1))
        errors = all_errors(lanes)
        return answer if errors is None else overlay_errors(answer.broadcast(np.broadcast_shapes(answer.shape, errors.shape)), errors)

    return batch


def _variance_of_sample(squares: Any, counts: Any) -> Any:
    return squares / (counts - 1.0)


def _variance(squares: Any, counts: Any) -> Any:
    return squares / counts


def _deviation_of_sample(squares: Any, counts: Any) -> Any:
    return np.sqrt(squares / (counts - 1.0))


def _deviation(squares: Any, counts: Any) -> Any:
    return np.sqrt(squares / counts)


def _declare(
    names: Sequence[str],
    summary: str,
    examples: dict[str, Scalar | list[list[Scalar]]],
    rule: Rule,
    least: int,
    finish: Callable[[Any, Any], Any],
    future: str = "",
) -> None:
    def body(number1: Raw, *more: Raw, context: Context) -> Scalar:
        found = squared_deviations((number1, *more), rule, context)
        if isinstance(found, CellError):
            return found
        squares, count = found
        return DIV0 if count < least else float(finish(squares, float(count)))

    function(
        *names, category=CATEGORY, summary=summary, examples=examples, source=SOURCE.format(names[0]),
        batch=_batch(rule, least, DIV0, finish), growing=True, future=future,
    )(body)  # fmt: skip


_STRENGTHS = "1345,1301,1368,1322,1310,1370,1318,1350,1303,1299"  # Microsoft's ten breaking strengths

_declare(
    ("VAR.S", "VAR|compatibility|"), "The variance that a sample estimates.",
    {f"=VAR.S({_STRENGTHS})": 754.2666666666667}, numbers_only, 2, _variance_of_sample, "_xlfn.",
)  # fmt: skip
_declare(
    ("VAR.P", "VARP|statistical|"), "The variance of a whole population.",
    {f"=VAR.P({_STRENGTHS})": 678.84}, numbers_only, 1, _variance, "_xlfn.",
)  # fmt: skip
_declare(
    ("VARA",), "The variance that a sample estimates, texts counting for 0 and booleans for 0 or 1.",
    {f"=VARA({_STRENGTHS})": 754.2666666666667, '=VARA({1,TRUE,"x"})': 0.3333333333333333}, texts_and_booleans_too, 2, _variance_of_sample,
)  # fmt: skip
_declare(
    ("VARPA",), "The variance of a whole population, texts counting for 0 and booleans for 0 or 1.",
    {f"=VARPA({_STRENGTHS})": 678.84}, texts_and_booleans_too, 1, _variance,
)  # fmt: skip
_declare(
    ("STDEV.S", "STDEV|compatibility|"), "The standard deviation that a sample estimates.",
    {f"=STDEV.S({_STRENGTHS})": 27.46391571984349}, numbers_only, 2, _deviation_of_sample, "_xlfn.",
)  # fmt: skip
_declare(
    ("STDEV.P", "STDEVP|statistical|"), "The standard deviation of a whole population.",
    {f"=STDEV.P({_STRENGTHS})": 26.054558142482477}, numbers_only, 1, _deviation, "_xlfn.",
)  # fmt: skip
_declare(
    ("STDEVA",), "The standard deviation that a sample estimates, texts counting for 0 and booleans for 0 or 1.",
    {f"=STDEVA({_STRENGTHS})": 27.46391571984349}, texts_and_booleans_too, 2, _deviation_of_sample,
)  # fmt: skip
_declare(
    ("STDEVPA",), "The standard deviation of a whole population, texts counting for 0 and booleans for 0 or 1.",
    {f"=STDEVPA({_STRENGTHS})": 26.054558142482477}, texts_and_booleans_too, 1, _deviation,
)  # fmt: skip


@function(
    "DEVSQ", category=CATEGORY, summary="The sum of the squared distances from the mean.", examples={"=DEVSQ(4,5,8,7,11,4,3)": 48.0},
    source=SOURCE.format("DEVSQ"), batch=_batch(numbers_only, 1, NUM, lambda squares, counts: squares), growing=True,
)  # fmt: skip
def sum_of_squared_deviations(number1: Raw, *more: Raw, context: Context) -> Scalar:
    """#NUM! where there is no number."""
    found = squared_deviations((number1, *more), numbers_only, context)
    if isinstance(found, CellError):
        return found
    return found[0] if found[1] else NUM


# -- other moments -----------------------------------------------------------------------------------------------------


def _distances(number: Numbers) -> Any:
    return number - float(np.add.accumulate(number)[-1]) / number.size


def _sum(terms: Any) -> float:
    return float(np.add.accumulate(terms)[-1])


@function(
    "AVEDEV", category=CATEGORY, summary="The mean of the absolute distances from the mean.", examples={"=AVEDEV(4,5,6,7,5,4,3)": 1.0204081632653061},
    source=SOURCE.format("AVEDEV"),
)  # fmt: skip
def average_deviation(number: AllNumbers) -> Scalar:
    """#NUM! where there is no number."""
    if not number.size:
        return NUM
    with np.errstate(all="ignore"):
        return _sum(np.abs(_distances(number))) / number.size


def _in_deviations(number: Numbers, freedom: float) -> Numbers | None:
    """The distances from the mean in standard deviations; None where all numbers are the same."""
    apart = _distances(number)
    deviation = math.sqrt(_sum(apart * apart) / freedom)
    return None if deviation == 0.0 else apart / deviation


@function(
    "SKEW", category=CATEGORY, summary="The skewness that a sample estimates.", examples={"=SKEW(3,4,5,2,3,4,5,6,4,7)": 0.3595430714067974},
    source=SOURCE.format("SKEW"),
)  # fmt: skip
def skewness_of_sample(number: AllNumbers) -> Scalar:
    """#DIV/0! for fewer than three numbers, or where all are the same."""
    count = number.size
    if count < 3:
        return DIV0
    with np.errstate(all="ignore"):
        parts = _in_deviations(number, count - 1.0)
        if parts is None:
            return DIV0
        return _sum(parts * parts * parts) * count / ((count - 1.0) * (count - 2.0))


@function(
    "SKEW.P", category=CATEGORY, summary="The skewness of a whole population.", examples={"=SKEW.P(3,4,5,2,3,4,5,6,4,7)": 0.303193339354144},
    source=SOURCE.format("SKEW.P"), future="_xlfn.",
)  # fmt: skip
def skewness(number: AllNumbers) -> Scalar:
    """#DIV/0! for fewer than three numbers, or where all are the same."""
    count = number.size
    if count < 3:
        return DIV0
    with np.errstate(all="ignore"):
        parts = _in_deviations(number, count)
        if parts is None:
            return DIV0
        return _sum(parts * parts * parts) / count


@function(
    "KURT", category=CATEGORY, summary="How heavy the tails of a distribution are, against the normal one.",
    examples={"=KURT(3,4,5,2,3,4,5,6,4,7)": -0.15179963720841627}, source=SOURCE.format("KURT"),
)  # fmt: skip
def kurtosis(number: AllNumbers) -> Scalar:
    """#DIV/0! for fewer than four numbers, or where all are the same."""
    count = number.size
    if count < 4:
        return DIV0
    with np.errstate(all="ignore"):
        parts = _in_deviations(number, count - 1.0)
        if parts is None:
            return DIV0
        squares = parts * parts
        fourth = _sum(squares * squares) * count * (count + 1.0) / ((count - 1.0) * (count - 2.0) * (count - 3.0))
        return fourth - 3.0 * (count - 1.0) ** 2 / ((count - 2.0) * (count - 3.0))


__all__ = ["squared_deviations"]
