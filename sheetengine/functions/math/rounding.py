"""Rounding: to digits, to multiples, to whole numbers; MOD and QUOTIENT.

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
from sheetengine.functions.math.lanes import CATEGORY, SOURCE, toolpak, with_errors
from sheetengine.functions.signature import Number
from sheetengine.grid import Grid, Numbers
from sheetengine.values import DIV0, NUM, CellError, Scalar

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


# -- multiples -----------------------------------------------------------------------------------------------------------


def _quotient(number: Any, step: Any) -> Any:
    """A quotient that is the nearest whole number where it misses it by rounding alone: 0.3/0.1 is 3."""
    quotient = np.divide(number, step)
    nearest = np.rint(quotient)
    return np.where(np.abs(quotient - nearest) <= np.abs(quotient) * _CERTAIN, nearest, quotient)


def _multiple(rounding: Any, number: Any, step: Any) -> Any:
    """The multiple of a step that a quotient rounds to; #NUM! (by infinity) where the quotient is out of range, as in Excel."""
    return rounding(_quotient(number, step)) * step


def _one_multiple(up: bool, number: float, step: float) -> float:
    """`_multiple` of one number in plain Python: the same operations, a tenth of the time."""
    quotient = number / step
    if quotient - quotient != 0.0:
        return quotient
    nearest = float(round(quotient))
    if abs(quotient - nearest) > abs(quotient) * _CERTAIN:
        nearest = float(math.ceil(quotient) if up else math.floor(quotient))
    return nearest * step


def _legacy(name: str, rounding: Any, summary: str, examples: dict[str, Any], by_zero: CellError | None) -> None:
    """CEILING and FLOOR of two numbers: a positive number with a negative step is #NUM!."""

    up = rounding is np.ceil

    def wrong(number: Any, significance: Any) -> list[tuple[Any, CellError]]:
        masks: list[tuple[Any, CellError]] = [((number > 0.0) & (significance < 0.0), NUM)]
        if by_zero is not None:
            masks.append(((significance == 0.0) & (number != 0.0), by_zero))
        return masks

    def kernel(number: Any, significance: Any) -> Any:
        zero = (significance == 0.0) | (number == 0.0)
        return np.where(zero, 0.0, _multiple(rounding, number, np.where(zero, 1.0, significance)))

    def vector(number: Any, significance: Any) -> Grid:
        number, significance = np.asarray(number, np.float64), np.asarray(significance, np.float64)
        return with_errors(kernel(number, significance), wrong(number, significance))

    def body(number: Number, significance: Number) -> Scalar:
        for condition, error in wrong(number, significance):
            if condition:
                return error
        return 0.0 if number == 0.0 or significance == 0.0 else _one_multiple(up, number, significance)

    function(name, category=CATEGORY, summary=summary, examples=examples, source=SOURCE.format(name), vector=vector)(body)


_legacy(
    "CEILING", np.ceil, "A number rounded up to a multiple of a step; with a negative step away from zero.",
    {"=CEILING(2.5,1)": 3.0, "=CEILING(-2.5,-2)": -4.0, "=CEILING(-2.5,2)": -2.0, "=CEILING(1.5,0.1)": 1.5, "=CEILING(0.234,0.01)": 0.24},
    None,
)  # fmt: skip
_legacy(
    "FLOOR", np.floor, "A number rounded down to a multiple of a step; with a negative step toward zero.",
    {"=FLOOR(3.7,2)": 2.0, "=FLOOR(-2.5,-2)": -2.0, "=FLOOR(2.5,-2)": CellError("#NUM!"), "=FLOOR(1.58,0.1)": 1.5, "=FLOOR(0.234,0.01)": 0.23},
    DIV0,
)  # fmt: skip


def _math_multiple(rounding: Any, other: Any, number: Any, significance: Any, mode: Any) -> Any:
    """The step without its sign; for negative numbers a mode that is not 0 turns the direction round."""
    step = np.abs(significance)
    zero = (step == 0.0) | (number == 0.0)
    step = np.where(zero, 1.0, step)
    turned = (mode != 0.0) & (number < 0.0)
    return np.where(zero, 0.0, np.where(turned, _multiple(other, number, step), _multiple(rounding, number, step)))


def _math_form(name: str, rounding: Any, other: Any, summary: str, examples: dict[str, Any]) -> None:
    def vector(number: Any, significance: Any = 1.0, mode: Any = 0.0) -> Grid:
        step = np.float64(1.0) if significance is None else significance
        return Grid.from_numbers(
            _math_multiple(rounding, other, np.asarray(number, np.float64), np.asarray(step, np.float64), np.asarray(mode))
        )

    def body(number: Number, significance: Number | None = None, mode: Number = 0.0) -> Scalar:
        step = 1.0 if significance is None else significance
        if number == 0.0 or step == 0.0:
            return 0.0
        return _one_multiple((rounding is np.ceil) != (mode != 0.0 and number < 0.0), number, abs(step))

    function(
        name, category=CATEGORY, summary=summary, examples=examples, source=SOURCE.format(name), vector=vector, future="_xlfn."
    )(body)  # fmt: skip


_math_form(
    "CEILING.MATH", np.ceil, np.floor, "A number rounded up to a multiple of a step; negative ones away from zero where the mode says so.",
    {"=CEILING.MATH(24.3,5)": 25.0, "=CEILING.MATH(6.7)": 7.0, "=CEILING.MATH(-8.1,2)": -8.0, "=CEILING.MATH(-5.5,2,-1)": -6.0},
)  # fmt: skip
_math_form(
    "FLOOR.MATH", np.floor, np.ceil, "A number rounded down to a multiple of a step; negative ones toward zero where the mode says so.",
    {"=FLOOR.MATH(24.3,5)": 20.0, "=FLOOR.MATH(6.7)": 6.0, "=FLOOR.MATH(-8.1,2)": -10.0, "=FLOOR.MATH(-5.5,2,-1)": -4.0},
)  # fmt: skip


def _precise(name: str, rounding: Any, summary: str, examples: dict[str, Any], future: str) -> None:
    def vector(number: Any, significance: Any = 1.0) -> Grid:
        step = np.float64(1.0) if significance is None else significance
        return Grid.from_numbers(
            _math_multiple(rounding, rounding, np.asarray(number, np.float64), np.asarray(step, np.float64), np.float64(0.0))
        )

    def body(number: Number, significance: Number | None = None) -> Scalar:
        step = 1.0 if significance is None else significance
        return 0.0 if number == 0.0 or step == 0.0 else _one_multiple(rounding is np.ceil, number, abs(step))

    function(name, category=CATEGORY, summary=summary, examples=examples, source=SOURCE.format(name), vector=vector, future=future)(body)


_precise(
    "CEILING.PRECISE", np.ceil, "A number rounded up to a multiple of a step, whatever its sign.",
    {"=CEILING.PRECISE(4.3)": 5.0, "=CEILING.PRECISE(-4.3)": -4.0, "=CEILING.PRECISE(4.3,2)": 6.0, "=CEILING.PRECISE(-4.3,-2)": -4.0},
    "_xlfn.",
)  # fmt: skip
_precise(
    "ISO.CEILING", np.ceil, "A number rounded up to a multiple of a step, whatever its sign.",
    {"=ISO.CEILING(4.3)": 5.0, "=ISO.CEILING(-4.3)": -4.0, "=ISO.CEILING(4.3,2)": 6.0, "=ISO.CEILING(4.3,-2)": 6.0}, "",
)  # fmt: skip
_precise(
    "FLOOR.PRECISE", np.floor, "A number rounded down to a multiple of a step, whatever its sign.",
    {"=FLOOR.PRECISE(-3.2,-1)": -4.0, "=FLOOR.PRECISE(3.2,1)": 3.0, "=FLOOR.PRECISE(-3.2,1)": -4.0, "=FLOOR.PRECISE(3.2)": 3.0}, "_xlfn.",
)  # fmt: skip


@toolpak(
    "MROUND", "A number rounded to the nearest multiple, halves away from zero.",
    {"=MROUND(10,3)": 9.0, "=MROUND(-10,-3)": -9.0, "=MROUND(1.3,0.2)": 1.4, "=MROUND(5,-2)": CellError("#NUM!"), "=MROUND(6.05,0.1)": 6.0},
)  # fmt: skip
def round_to_multiple(number: Number, multiple: Number) -> Scalar:
    if number == 0.0 or multiple == 0.0:
        return 0.0
    if (number < 0.0) != (multiple < 0.0):
        return CellError("#NUM!", "number and multiple have different signs")
    quotient = number / multiple
    return float(np.floor(quotient + 0.5)) * multiple


# -- division ------------------------------------------------------------------------------------------------------------

_MOST_QUOTIENT: Final = 1125900000000.0


def _modulo(number: Any, divisor: Any) -> Any:
    return number - divisor * np.floor(number / divisor)


def _mod_vector(number: Any, divisor: Any) -> Grid:
    number, divisor = np.asarray(number, np.float64), np.asarray(divisor, np.float64)
    zero = divisor == 0.0
    safe = np.where(zero, 1.0, divisor)
    return with_errors(_modulo(number, safe), [(zero, DIV0), (np.abs(number / safe) >= _MOST_QUOTIENT, NUM)])


@function(
    "MOD", category=CATEGORY, summary="The remainder of a division, with the divisor's sign.",
    examples={"=MOD(3,2)": 1.0, "=MOD(-3,2)": 1.0, "=MOD(3,-2)": -1.0, "=MOD(-3,-2)": -1.0}, source=SOURCE.format("MOD"), vector=_mod_vector,
)  # fmt: skip
def remainder(number: Number, divisor: Number) -> Scalar:
    """number - divisor * INT(number / divisor); #NUM! from a quotient of 1,125,900,000,000 on (KB 119083, as widened in Excel 2010)."""
    if divisor == 0.0:
        return DIV0
    quotient = number / divisor
    if abs(quotient) >= _MOST_QUOTIENT:
        return CellError("#NUM!", "the quotient is too large for MOD")
    return number - divisor * math.floor(quotient)


@toolpak("QUOTIENT", "The whole part of a quotient.", {"=QUOTIENT(5,2)": 2.0, "=QUOTIENT(4.5,3.1)": 1.0, "=QUOTIENT(-10,3)": -3.0})
def whole_quotient(numerator: Number, denominator: Number) -> Scalar:
    return DIV0 if denominator == 0.0 else float(np.trunc(numerator / denominator))
