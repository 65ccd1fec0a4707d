"""Roots, powers, exponentials, logarithms and circular functions of complex numbers.

In: a complex number as text; out: one in 15 digits. The formulas are the ones by which Excel's digits come out (book COMPLEXs): the
tangent by double angles, so that far from the real axis nothing cancels; cotangent, secant and cosecant as 1 by the other.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

from sheetengine.functions.engineering.complex_parts import quotient
from sheetengine.functions.engineering.complex_text import ComplexNumber, read_complex, write_complex
from sheetengine.functions.engineering.toolpak import toolpak
from sheetengine.functions.signature import Number, Value
from sheetengine.values import NUM, CellError, Scalar

Parts = tuple[float, float] | CellError
_LOG10_E: Final = 0.4342944819032518
_LOG2_E: Final = 1.4426950408889634
_LARGEST_ANGLE: Final = 134217728.0
"""Circular functions of 2^27 and more are #NUM! (Microsoft: SIN)."""


def _of_one(
    name: str, summary: str, examples: Mapping[str, Scalar | list[list[Scalar]]], formula: Callable[[float, float], Parts], future: str = ""
) -> None:
    """Declare a function of one complex number from a formula of its two parts."""

    def body(inumber: Value) -> Scalar:
        number = read_complex(inumber)
        if isinstance(number, CellError):
            return number
        try:
            with np.errstate(all="ignore"):
                found = formula(number.real, number.imaginary)
        except (OverflowError, ValueError):
            # math answers overflow and logarithms of 0 with exceptions; both are Excel's #NUM!.
            return NUM
        return found if isinstance(found, CellError) else write_complex(*found, number.suffix)

    toolpak(name, summary, examples, future)(body)


def _inverse(found: Parts, square: float) -> Parts:
    """1 divided by a complex number whose square of the distance from 0 is known in a form of few roundings."""
    if isinstance(found, CellError):
        return found
    if square == 0.0:
        return NUM
    if math.isfinite(square):
        return found[0] / square, -found[1] / square
    return quotient(ComplexNumber(1.0, 0.0), ComplexNumber(*found))


def _sine(x: float, y: float) -> Parts:
    return (math.sin(x) * math.cosh(y), math.cos(x) * math.sinh(y)) if abs(x) < _LARGEST_ANGLE else NUM


def _cosine(x: float, y: float) -> Parts:
    return (math.cos(x) * math.cosh(y), -math.sin(x) * math.sinh(y)) if abs(x) < _LARGEST_ANGLE else NUM


def _tangent(x: float, y: float) -> Parts:
    if abs(x) >= _LARGEST_ANGLE:
        return NUM
    if abs(y) > 350.0:
        return 0.0, math.copysign(1.0, y)
    below = math.cos(2.0 * x) + math.cosh(2.0 * y)
    return (math.sin(2.0 * x) / below, math.sinh(2.0 * y) / below) if below else NUM


def _hyperbolic_sine(x: float, y: float) -> Parts:
    return (math.sinh(x) * math.cos(y), math.cosh(x) * math.sin(y)) if abs(y) < _LARGEST_ANGLE else NUM


def _hyperbolic_cosine(x: float, y: float) -> Parts:
    return (math.cosh(x) * math.cos(y), math.sinh(x) * math.sin(y)) if abs(y) < _LARGEST_ANGLE else NUM


def _cotangent(x: float, y: float) -> Parts:
    found = _tangent(x, y)
    return found if isinstance(found, CellError) else _inverse(found, math.hypot(*found) ** 2)


def _secant(x: float, y: float) -> Parts:
    return _inverse(_cosine(x, y), _square(math.cos(x), math.sinh(y)))


def _cosecant(x: float, y: float) -> Parts:
    found = _sine(x, y)
    return found if isinstance(found, CellError) else quotient(ComplexNumber(1.0, 0.0), ComplexNumber(*found))


def _hyperbolic_secant(x: float, y: float) -> Parts:
    return _inverse(_hyperbolic_cosine(x, y), _square(math.sinh(x), math.cos(y)))


def _hyperbolic_cosecant(x: float, y: float) -> Parts:
    return _inverse(_hyperbolic_sine(x, y), _square(math.sinh(x), math.sin(y)))


def _square(one: float, two: float) -> float:
    return one * one + two * two


def _exponential(x: float, y: float) -> Parts:
    return (math.exp(x) * math.cos(y), math.exp(x) * math.sin(y)) if abs(y) < _LARGEST_ANGLE else NUM


def _logarithm(x: float, y: float) -> tuple[float, float]:
    return math.log(math.hypot(x, y)), math.atan2(y, x)


def _root(x: float, y: float) -> Parts:
    size, angle = math.sqrt(math.hypot(x, y)), math.atan2(y, x) / 2.0
    return size * math.cos(angle), size * math.sin(angle)


def _scaled_logarithm(unit: float) -> Callable[[float, float], Parts]:
    def scaled(x: float, y: float) -> Parts:
        real, imaginary = _logarithm(x, y)
        return real * unit, imaginary * unit

    return scaled


_of_one("IMSIN", "The sine of a complex number.", {'=IMSIN("4+3i")': "-7.61923172032141-6.548120040911i"}, _sine)
_of_one("IMCOS", "The cosine of a complex number.", {'=IMCOS("1+i")': "0.833730025131149-0.988897705762865i"}, _cosine)
_of_one("IMTAN", "The tangent of a complex number.", {'=IMTAN("4+3i")': "0.00490825806749606+1.00070953606723i"}, _tangent, "_xlfn.")
_of_one(
    "IMSINH",
    "The hyperbolic sine of a complex number.",
    {'=IMSINH("4+3i")': "-27.0168132580039+3.85373803791938i"},
    _hyperbolic_sine,
    "_xlfn.",
)
_of_one(
    "IMCOSH",
    "The hyperbolic cosine of a complex number.",
    {'=IMCOSH("4+3i")': "-27.0349456030742+3.85115333481178i"},
    _hyperbolic_cosine,
    "_xlfn.",
)
_of_one(
    "IMCOT", "The cotangent of a complex number.", {'=IMCOT("4+3i")': "0.00490118239430447-0.999266927805902i"},
    _cotangent, "_xlfn.",
)  # fmt: skip
_of_one(
    "IMSEC", "The secant of a complex number.", {'=IMSEC("4+3i")': "-0.065294027857947-0.0752249603027732i"},
    _secant, "_xlfn.",
)  # fmt: skip
_of_one(
    "IMCSC", "The cosecant of a complex number.", {'=IMCSC("4+3i")': "-0.0754898329158637+0.0648774713706355i"},
    _cosecant, "_xlfn.",
)  # fmt: skip
_of_one(
    "IMSECH", "The hyperbolic secant of a complex number.", {'=IMSECH("4+3i")': "-0.0362534969158689-0.00516434460775318i"},
    _hyperbolic_secant, "_xlfn.",
)  # fmt: skip
_of_one(
    "IMCSCH", "The hyperbolic cosecant of a complex number.", {'=IMCSCH("4+3i")': "-0.036275889628626-0.0051744731840194i"},
    _hyperbolic_cosecant, "_xlfn.",
)  # fmt: skip
_of_one("IMEXP", "e raised to a complex number.", {'=IMEXP("1+i")': "1.46869393991589+2.28735528717884i"}, _exponential)
_of_one("IMLN", "The natural logarithm of a complex number.", {'=IMLN("3+4i")': "1.6094379124341+0.927295218001612i"}, _logarithm)
_of_one(
    "IMLOG10",
    "The logarithm to base 10 of a complex number.",
    {'=IMLOG10("3+4i")': "0.698970004336019+0.402719196273373i"},
    _scaled_logarithm(_LOG10_E),
)
_of_one(
    "IMLOG2",
    "The logarithm to base 2 of a complex number.",
    {'=IMLOG2("3+4i")': "2.32192809488736+1.33780421245098i"},
    _scaled_logarithm(_LOG2_E),
)
_of_one("IMSQRT", "The square root of a complex number.", {'=IMSQRT("1+i")': "1.09868411346781+0.455089860562227i"}, _root)


@toolpak("IMPOWER", "A complex number raised to a power.", {'=IMPOWER("2+3i",3)': "-46+9.00000000000001i"})
def raised(inumber: Value, number: Number) -> Scalar:
    base = read_complex(inumber)
    if isinstance(base, CellError):
        return base
    size = math.hypot(base.real, base.imaginary)
    if size == 0.0:
        return "0" if number > 0.0 else NUM
    angle = math.atan2(base.imaginary, base.real) * number
    try:
        size = math.pow(size, number)
    except OverflowError:
        return NUM
    if not abs(angle) < _LARGEST_ANGLE:
        return NUM
    return write_complex(size * math.cos(angle), size * math.sin(angle), base.suffix)
