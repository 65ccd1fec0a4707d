"""A line through pairs of numbers, and how well it fits: slope, intercept, correlation, covariance, forecast.

In: two ranges or arrays of one size; out: a number. All work on the deviations from the means, so that large numbers of small
differences keep their digits.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sheetengine.comparison import compare_numbers
from sheetengine.functions.library import function
from sheetengine.functions.signature import Array, Number
from sheetengine.functions.statistical.densities import CATEGORY, SOURCE
from sheetengine.functions.statistical.samples import deviations, paired
from sheetengine.grid import NUMBER, Grid, Numbers
from sheetengine.values import DIV0, NUM, CellError, Scalar

_PORTION: Final = 1 << 20


class Moments(NamedTuple):
    """How many pairs, the means, the sums of squares and of products of the deviations, and of squares off the line through them."""

    count: int  # type: ignore[assignment]  # tuple.count, which nobody asks these
    mean_y: float
    mean_x: float
    yy: float
    xx: float
    xy: float
    off: float


def moments(known_y: Grid, known_x: Grid) -> Moments | CellError:
    """The moments of two samples; #DIV/0! where there are no pairs, or an infinite sum."""
    pairs = paired(known_y, known_x)
    if isinstance(pairs, CellError):
        return pairs
    y, x = pairs
    if not len(y):
        return DIV0
    with np.errstate(all="ignore"):
        dy, dx = deviations(y), deviations(x)
        xx, xy = float((dx * dx).sum()), float((dy * dx).sum())
        apart = dy - (xy / xx if xx else 0.0) * dx
        found = Moments(len(y), float(y.mean()), float(x.mean()), float((dy * dy).sum()), xx, xy, float((apart * apart).sum()))
    return found if all(map(math.isfinite, found)) else NUM


Formula = Callable[[Moments], Scalar]


def _many_moments(known_y: Grid, known_x: Grid) -> list[Moments | CellError] | None:
    """The moments of each member of a batch; None where the ranges differ in their shapes."""
    members = max(known_y.shape[0], known_x.shape[0])
    if known_y.shape[1:] != known_x.shape[1:]:
        return None
    y, x = known_y.broadcast((members, *known_y.shape[1:])), known_x.broadcast((members, *known_x.shape[1:]))
    found: list[Moments | CellError] = []
    size = y.height * y.width
    portion = max(1, _PORTION // size)
    for first in range(0, members, portion):
        one, two = y[first : first + portion], x[first : first + portion]
        part = _plain_moments(one.numbers.reshape((-1, size)), two.numbers.reshape((-1, size)))
        for member in _mixed(one, two).tolist():
            part[member] = moments(one[member], two[member])
        found += part
    return found


def _mixed(y: Grid, x: Grid) -> NDArray[np.int64]:
    """The members in which not all are numbers."""
    mixed = np.zeros(len(y.numbers), bool)
    for grid in (y, x):
        if grid.kinds is not None:
            mixed |= (grid.kinds != NUMBER).any(axis=(1, 2))
    return np.flatnonzero(mixed)


def _plain_moments(y: Numbers, x: Numbers) -> list[Moments | CellError]:
    """The moments of pairs in which all are numbers, one line for each sample; a line is added as `moments` adds it."""
    y, x = np.ascontiguousarray(y), np.ascontiguousarray(x)
    mean_y, mean_x = y.mean(axis=1), x.mean(axis=1)
    dy = np.where((y == y[:, :1]).all(axis=1, keepdims=True), 0.0, y - mean_y[:, None])
    dx = np.where((x == x[:, :1]).all(axis=1, keepdims=True), 0.0, x - mean_x[:, None])
    yy, xx, xy = (dy * dy).sum(axis=1), (dx * dx).sum(axis=1), (dy * dx).sum(axis=1)
    apart = dy - np.where(xx != 0.0, xy / np.where(xx != 0.0, xx, 1.0), 0.0)[:, None] * dx
    off = (apart * apart).sum(axis=1)
    table = np.stack((mean_y, mean_x, yy, xx, xy, off), axis=1)
    finite = np.isfinite(table).all(axis=1).tolist()
    return [Moments(y.shape[1], *row) if good else NUM for good, row in zip(finite, table.tolist(), strict=True)]


def _declare(
    names: tuple[str, ...], summary: str, examples: Mapping[str, Scalar | list[list[Scalar]]], formula: Formula, future: str = ""
) -> None:
    def body(known_ys: Array, known_xs: Array) -> Scalar:
        found = moments(known_ys, known_xs)
        return found if isinstance(found, CellError) else formula(found)

    def batch(known_ys: Grid, known_xs: Grid) -> Grid | None:
        found = _many_moments(known_ys, known_xs)
        if found is None:
            return None
        return Grid.from_flat([one if isinstance(one, CellError) else formula(one) for one in found], (len(found),))

    name, *aliases = names
    function(
        name, *aliases, category=CATEGORY, summary=summary, examples=examples, source=SOURCE.format(name), batch=batch, future=future
    )(body)  # fmt: skip


def _slope(sums: Moments) -> Scalar:
    return sums.xy / sums.xx if sums.xx else DIV0


def _intercept(sums: Moments) -> Scalar:
    return sums.mean_y - sums.xy / sums.xx * sums.mean_x if sums.xx else DIV0


def _correlation(sums: Moments) -> Scalar:
    below = math.sqrt(sums.xx) * math.sqrt(sums.yy)
    return max(-1.0, min(1.0, sums.xy / below)) if below else DIV0


def _determination(sums: Moments) -> Scalar:
    found = _correlation(sums)
    return found * found if isinstance(found, float) else found


def _standard_error(sums: Moments) -> Scalar:
    if sums.count < 3 or not sums.xx:
        return DIV0
    return math.sqrt(sums.off / (sums.count - 2))


_declare(("SLOPE",), "The slope of the line through points.", {"=SLOPE({2;3;9;1;8;7;5},{6;5;11;7;5;4;4})": 0.305555555555556}, _slope)
_declare(
    ("INTERCEPT",), "Where the line through points meets the vertical axis.",
    {"=INTERCEPT({2;3;9;1;8},{6;5;11;7;5})": 0.0483870967741935}, _intercept,
)  # fmt: skip
_declare(("CORREL",), "The correlation of two samples.", {"=CORREL({3;2;4;5;6},{9;7;12;15;17})": 0.997054485501581}, _correlation)
_declare(("PEARSON",), "Pearson's correlation of two samples.", {"=PEARSON({9;7;5;3;1},{10;6;1;5;3})": 0.699378605785154}, _correlation)
_declare(("RSQ",), "The square of Pearson's correlation.", {"=RSQ({2;3;9;1;8;7;5},{6;5;11;7;5;4;4})": 0.0579501915708812}, _determination)
_declare(
    ("STEYX",), "The standard error of the line through points.",
    {"=STEYX({2;3;9;1;8;7;5},{6;5;11;7;5;4;4})": 3.30571895021063}, _standard_error,
)  # fmt: skip
_declare(
    ("COVARIANCE.P", "COVAR|compatibility|"), "The covariance of two populations.", {"=COVARIANCE.P({3;2;4;5;6},{9;7;12;15;17})": 5.2},
    lambda sums: sums.xy / sums.count, "_xlfn.",
)  # fmt: skip
_declare(
    ("COVARIANCE.S",), "The covariance of two samples.", {"=COVARIANCE.S({2;4;8},{5;11;12})": 9.66666666666667},
    lambda sums: sums.xy / (sums.count - 1) if sums.count > 1 else DIV0, "_xlfn.",
)  # fmt: skip


def _forecast(x: float, found: Moments | CellError) -> Scalar:
    if isinstance(found, CellError):
        return found
    return found.mean_y + found.xy / found.xx * (x - found.mean_x) if found.xx else DIV0


def _forecast_batch(x: Grid, known_ys: Grid, known_xs: Grid) -> Grid | None:
    if x.shape[1:] != (1, 1) or x.kinds is not None:
        return None
    found = _many_moments(known_ys, known_xs)
    if found is None:
        return None
    places = x.numbers.ravel().tolist()
    count = max(len(places), len(found))
    if len(places) < count:
        places *= count
    elif len(found) < count:
        found *= count
    return Grid.from_flat([_forecast(place, one) for place, one in zip(places, found, strict=True)], (count,))


@function(
    "FORECAST.LINEAR", "FORECAST|statistical|", category=CATEGORY, summary="The height of the line through points at an x.",
    examples={"=FORECAST.LINEAR(30,{6;7;9;15;21},{20;28;31;38;40})": 10.6072530864198}, source=SOURCE.format("FORECAST.LINEAR"),
    batch=_forecast_batch, future="_xlfn.",
)  # fmt: skip
def forecast(x: Number, known_ys: Array, known_xs: Array) -> Scalar:
    return _forecast(x, moments(known_ys, known_xs))


@function(
    "PROB", category=CATEGORY, summary="The chance of a number between two limits, from a table of numbers and their chances.",
    examples={"=PROB({0;1;2;3},{0.2;0.3;0.1;0.4},2)": 0.1, "=PROB({0;1;2;3},{0.2;0.3;0.1;0.4},1,3)": 0.8}, source=SOURCE.format("PROB"),
)  # fmt: skip
def chance(x_range: Array, prob_range: Array, lower_limit: Number, upper_limit: Number | None = None) -> Scalar:
    pairs = paired(x_range, prob_range)
    if isinstance(pairs, CellError):
        return pairs
    numbers, chances = pairs
    if not len(numbers):
        return DIV0
    # Each of them may be 0, negative or above 1 ([MS-OI29500] 2.1.1023, against Microsoft's page of the function).
    if compare_numbers(float(chances.sum()), 1.0):
        return CellError("#NUM!", "the chances are not 1 together")
    upper = lower_limit if upper_limit is None else upper_limit
    return float(chances[(numbers >= lower_limit) & (numbers <= upper)].sum())
