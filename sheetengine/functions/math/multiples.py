"""Multiples of a step: CEILING and FLOOR in all their forms, MROUND; what division leaves: MOD and QUOTIENT.

In: a number and a step. Out: a multiple, a remainder, a whole quotient. A quotient that misses a whole number by rounding alone counts
as that number, so that CEILING(0.3,0.1) is 0.3; MROUND and MOD take it as it is, as Excel does.
"""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np

from sheetengine.functions.library import function
from sheetengine.functions.math.lanes import CATEGORY, SOURCE, toolpak, with_errors
from sheetengine.functions.signature import Number
from sheetengine.grid import Grid
from sheetengine.values import DIV0, NUM, CellError, Scalar

_CERTAIN: Final = 4e-16
"""The relative error of a quotient by rounding alone."""

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
