"""ABS, SIGN, roots, powers, exponentials and logarithms."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sheetengine.arithmetic import plane_power, power
from sheetengine.functions.library import function
from sheetengine.functions.math.lanes import CATEGORY, SOURCE, of_one_number, toolpak, with_errors
from sheetengine.functions.signature import Number
from sheetengine.grid import Grid
from sheetengine.values import DIV0, NUM, CellError, Scalar

_NEGATIVE = CellError("#NUM!", "the number is negative")
_NOT_POSITIVE = CellError("#NUM!", "the number is not positive")

of_one_number("ABS", np.abs, "The number without its sign.", {"=ABS(-4)": 4.0, "=ABS(2)": 2.0})
of_one_number("SIGN", np.sign, "1, 0 or -1 as the number is positive, zero or negative.", {"=SIGN(10)": 1.0, "=SIGN(-0.00001)": -1.0})
of_one_number("SQRT", np.sqrt, "The square root.", {"=SQRT(16)": 4.0, "=SQRT(-16)": CellError("#NUM!")}, [(lambda x: x < 0.0, _NEGATIVE)])
of_one_number("EXP", np.exp, "e raised to a power.", {"=EXP(1)": 2.718281828459045, "=EXP(2)": 7.38905609893065})
of_one_number("LN", np.log, "The natural logarithm.", {"=LN(86)": 4.454347296253507}, [(lambda x: x <= 0.0, _NOT_POSITIVE)])
of_one_number("LOG10", np.log10, "The logarithm to base 10.", {"=LOG10(1E5)": 5.0}, [(lambda x: x <= 0.0, _NOT_POSITIVE)])


@function("PI", category=CATEGORY, summary="The number pi.", examples={"=PI()": 3.141592653589793}, source=SOURCE.format("PI"))
def pi() -> Scalar:
    return math.pi


@toolpak("SQRTPI", "The square root of a number times pi.", {"=SQRTPI(1)": 1.7724538509055159, "=SQRTPI(2)": 2.5066282746310002})
def square_root_of_pi_times(number: Number) -> Scalar:
    return _NEGATIVE if number < 0.0 else math.sqrt(number * math.pi)


def _power_vector(number: Any, power_: Any) -> Grid:
    return Grid.from_numbers_and_errors(*plane_power(np.asarray(number), np.asarray(power_)))


@function(
    "POWER", category=CATEGORY, summary="A number raised to a power.",
    examples={"=POWER(5,2)": 25.0, "=POWER(98.6,3.2)": 2401077.22206958, "=POWER(4,5/4)": 5.656854249492381},
    source=SOURCE.format("POWER"), vector=_power_vector,
)  # fmt: skip
def raised(number: Number, power_: Number) -> Scalar:
    return power(number, power_)


def _logarithm(number: Any, base: Any) -> Any:
    # A quotient of logarithms misses whole powers of 10 and 2 by a bit: LOG(1000) would be 2.9999999999999996.
    special = np.where(base == 10.0, np.log10(number), np.log2(number))
    return np.where((base == 10.0) | (base == 2.0), special, np.log(number) / np.log(base))


def _log_vector(number: Any, base: Any = 10.0) -> Grid:
    number, base = np.asarray(number, np.float64), np.asarray(base, np.float64)
    return with_errors(_logarithm(number, base), [((number <= 0.0) | (base <= 0.0), NUM), (base == 1.0, DIV0)])


@function(
    "LOG", category=CATEGORY, summary="The logarithm of a number to a base.",
    examples={"=LOG(10)": 1.0, "=LOG(8,2)": 3.0, "=LOG(86,2.7182818)": 4.4543473428883}, source=SOURCE.format("LOG"), vector=_log_vector,
)  # fmt: skip
def logarithm(number: Number, base: Number = 10.0) -> Scalar:
    if number <= 0.0 or base <= 0.0:
        return _NOT_POSITIVE
    if base == 1.0:
        return DIV0
    with np.errstate(all="ignore"):
        return float(_logarithm(np.float64(number), np.float64(base)))
