"""Rounding to digits and to whole numbers: ROUND and its kin, TRUNC, INT, EVEN, ODD.

ROUND and its kin work on the 15 significant decimal digits that Excel shows of a number: ROUND(1.005,2) is 1.01 though the double
lies below 1.005. The fast form multiplies, and is right wherever the product is not within rounding error of the point where the
answer changes; what is near goes through exact decimals. Both forms are the same arithmetic for one number and for a plane.
"""

from __future__ import annotations

import decimal
import math
from typing import Any, Final, Literal

import numpy as np

from sheetengine.functions.library import function
from sheetengine.functions.math.lanes import CATEGORY, SOURCE
from sheetengine.functions.signature import Number
from sheetengine.grid import Grid, Numbers
from sheetengine.values import Scalar

Mode = Literal["half", "up", "down"]

_CERTAIN: Final = 4e-16
_DOUBTFUL: Final = 2e-14
_MOST_SCALED: Final = 1e15
_MOST_EXACT: Final = 22
_POWERS: Final = [10.0**exponent for exponent in range(_MOST_EXACT + 1)]
_ROUNDINGS: Final = {"half": decimal.ROUND_HALF_UP, "up": decimal.ROUND_UP, "down": decimal.ROUND_DOWN}
_CONTEXT: Final = decimal.Context(prec=40, Emax=9999, Emin=-9999)


def _by_decimals(size: float, digits: int, mode: Mode) -> float:
    """Rounding of the 15-digit decimal of a number that is not negative."""
    if digits > 340:
        return size
    digits = max(digits, -340)
    exact = decimal.Decimal(f"{size:.14e}").scaleb(digits, _CONTEXT)
    if exact.adjusted() >= 30:
        return size
    whole = exact.to_integral_value(rounding=_ROUNDINGS[mode])
    return float(whole.scaleb(-digits, _CONTEXT))


def round_digits(number: float, digits: int, mode: Mode) -> float:
    """A number rounded to decimal digits.

    >>> round_digits(1.005, 2, "half"), round_digits(-2.5, 0, "half"), round_digits(2.21 + 2.19, 2, "up"), round_digits(31415.92, -2, "down")
    (1.01, -3.0, 4.4, 31400.0)
    """
    size = abs(number)
    if size == 0.0:
        return 0.0
    if -_MOST_EXACT <= digits <= _MOST_EXACT:
        factor = _POWERS[abs(digits)]
        scaled = size * factor if digits >= 0 else size / factor
        if scaled >= _MOST_SCALED:
            # All of the 15 digits are kept.
            return number
        whole = math.floor(scaled) + 0.0
        part = scaled - whole
        certain, doubtful = scaled * _CERTAIN, scaled * _DOUBTFUL
        result = None
        if mode == "half":
            distance = part - 0.5
            if abs(distance) > doubtful or abs(distance) <= certain:
                result = whole + 1.0 if distance >= -certain else whole
        elif part <= certain:
            result = whole
        elif 1.0 - part <= certain:
            result = whole + 1.0
        elif part > doubtful and 1.0 - part > doubtful:
            result = whole + 1.0 if mode == "up" else whole
        if result is not None:
            result = result / factor if digits >= 0 else result * factor
            return math.copysign(result, number) + 0.0
    return math.copysign(_by_decimals(size, digits, mode), number) + 0.0


def plane_round_digits(numbers: Numbers, digits: Any, mode: Mode) -> Numbers:
    """`round_digits` of every element."""
    numbers, digits = np.broadcast_arrays(np.asarray(numbers, np.float64), np.trunc(np.asarray(digits, np.float64)))
    size = np.abs(numbers)
    usual = np.abs(digits) <= _MOST_EXACT
    places = np.where(usual, np.abs(digits), 0.0).astype(np.int64)
    factor = np.array(_POWERS)[places]
    decimals = digits >= 0.0
    if decimals.all():
        scaled = size * factor
    elif not decimals.any():
        scaled = size / factor
    else:
        scaled = np.where(decimals, size * factor, size / factor)
    whole = np.floor(scaled)
    part = scaled - whole
    certain, doubtful = scaled * _CERTAIN, scaled * _DOUBTFUL
    if mode == "half":
        distance = part - 0.5
        clear = (np.abs(distance) > doubtful) | (np.abs(distance) <= certain)
        above = distance >= -certain
    else:
        under, over = part <= certain, 1.0 - part <= certain
        clear = under | over | ((part > doubtful) & (1.0 - part > doubtful))
        above = ~under if mode == "up" else over & ~under
    rounded = whole + above
    if decimals.all():
        results = rounded / factor
    elif not decimals.any():
        results = rounded * factor
    else:
        results = np.where(decimals, rounded / factor, rounded * factor)
    results = np.copysign(results, numbers)
    large = usual & (scaled >= _MOST_SCALED)
    results = np.where(large, numbers, results)
    slow = ~(clear | large) | ~usual
    if slow.any():
        pairs = zip(numbers[slow].tolist(), digits[slow].tolist(), strict=True)
        results[slow] = [round_digits(number, int(places), mode) for number, places in pairs]
    return results + 0.0


def _rounder(name: str, mode: Mode, summary: str, examples: dict[str, Any]) -> None:
    def vector(number: Any, num_digits: Any) -> Grid:
        return Grid.from_numbers(plane_round_digits(number, num_digits, mode))

    def body(number: Number, num_digits: Number) -> Scalar:
        return round_digits(number, int(num_digits), mode)

    function(name, category=CATEGORY, summary=summary, examples=examples, source=SOURCE.format(name), vector=vector)(body)


_rounder(
    "ROUND", "half", "A number rounded to a number of digits, halves away from zero.",
    {"=ROUND(2.15,1)": 2.2, "=ROUND(-1.475,2)": -1.48, "=ROUND(21.5,-1)": 20.0, "=ROUND(626.3,-3)": 1000.0},
)  # fmt: skip
_rounder(
    "ROUNDUP", "up", "A number rounded away from zero.",
    {"=ROUNDUP(3.2,0)": 4.0, "=ROUNDUP(-3.14159,1)": -3.2, "=ROUNDUP(31415.92654,-2)": 31500.0},
)  # fmt: skip
_rounder(
    "ROUNDDOWN", "down", "A number rounded toward zero.",
    {"=ROUNDDOWN(3.2,0)": 3.0, "=ROUNDDOWN(-3.14159,1)": -3.1, "=ROUNDDOWN(31415.92654,-2)": 31400.0},
)  # fmt: skip


def _trunc_vector(number: Any, num_digits: Any = 0.0) -> Grid:
    number, digits = np.asarray(number, np.float64), np.trunc(np.asarray(num_digits, np.float64))
    if not digits.any():
        return Grid.from_numbers(np.trunc(number))
    return Grid.from_numbers(np.where(digits == 0.0, np.trunc(number), plane_round_digits(number, digits, "down")))


@function(
    "TRUNC", category=CATEGORY, summary="A number cut off after a number of digits.",
    examples={"=TRUNC(8.9)": 8.0, "=TRUNC(-8.9)": -8.0, "=TRUNC(0.45)": 0.0}, source=SOURCE.format("TRUNC"), vector=_trunc_vector,
)  # fmt: skip
def truncate(number: Number, num_digits: Number = 0.0) -> Scalar:
    digits = int(num_digits)
    return float(np.trunc(number)) if digits == 0 else round_digits(number, digits, "down")


@function(
    "INT", category=CATEGORY, summary="A number rounded down to a whole number.",
    examples={"=INT(8.9)": 8.0, "=INT(-8.9)": -9.0}, source=SOURCE.format("INT"), vector=np.floor,
)  # fmt: skip
def whole_part(number: Number) -> Scalar:
    return float(np.floor(number))


def _away(numbers: Any, odd: float) -> Any:
    """The next even (odd=0) or odd (odd=1) whole number away from zero."""
    size = np.abs(numbers)
    steps = np.ceil((size - odd) / 2.0)
    found = np.maximum(steps, 0.0) * 2.0 + odd
    return np.where(np.asarray(numbers) < 0.0, -found, found)


@function(
    "EVEN", category=CATEGORY, summary="The next even whole number away from zero.",
    examples={"=EVEN(1.5)": 2.0, "=EVEN(3)": 4.0, "=EVEN(-1)": -2.0}, source=SOURCE.format("EVEN"), vector=lambda number: _away(number, 0.0),
)  # fmt: skip
def even(number: Number) -> Scalar:
    return float(_away(number, 0.0))


@function(
    "ODD", category=CATEGORY, summary="The next odd whole number away from zero.",
    examples={"=ODD(1.5)": 3.0, "=ODD(2)": 3.0, "=ODD(-2)": -3.0}, source=SOURCE.format("ODD"), vector=lambda number: _away(number, 1.0),
)  # fmt: skip
def odd_number(number: Number) -> Scalar:
    return float(_away(number, 1.0))
