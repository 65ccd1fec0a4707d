"""The Bessel functions of whole order, as Excel computes them.

In: a number and an order cut to a whole one; out: J, Y, I or K of it. Excel does not give the functions to full precision: it uses
the approximations for orders 0 and 1 of Abramowitz and Stegun (9.8.1 to 9.8.8: I, K) and the rational ones of Hart that "Numerical
Recipes" prints (J, Y), and from them recurrences for the other orders. Evidence, all to the last digit that was recorded: BESSELI of
17 arguments (SheetJS/bessel, issue 5), BESSELJ around 8 (scicomp.stackexchange.com, question 30279), and the digits of Microsoft's
pages. Where BESSELJ(x,1) steps by 8E-6 at x = 8, Excel has a coefficient twice; the recorded values say which.
"""

from __future__ import annotations

import math
from typing import Final

from sheetengine.functions.engineering.toolpak import toolpak
from sheetengine.functions.signature import Number
from sheetengine.values import NUM, CellError, Scalar

_NEGATIVE_ORDER = CellError("#NUM!", "the order is negative")
_NOT_POSITIVE = CellError("#NUM!", "the number is not positive")
_MOST_ORDER: Final = 1_000_000
"""Orders beyond would take longer than a second; the functions are 0 or without bound there."""

_EDGE: Final = 8.0
_HALF_AMPLITUDE: Final = 0.636619772
_QUARTER: Final = 0.785398164
_THREE_QUARTERS: Final = 2.356194491
_SPARE: Final = 40.0
"""How far above the order a downward recurrence begins: the square root of this many times the order."""
_LARGE: Final = 1.0e10

Coefficients = tuple[float, ...]

_J0_TOP: Final = (57568490574.0, -13362590354.0, 651619640.7, -11214424.18, 77392.33017, -184.9052456)
_J0_BOTTOM: Final = (57568490411.0, 1029532985.0, 9494680.718, 59272.64853, 267.8532712, 1.0)
_J1_TOP: Final = (72362614232.0, -7895059235.0, 242396853.1, -2972611.439, 15704.48260, -30.16036606)
_J1_BOTTOM: Final = (144725228442.0, 2300535178.0, 18583304.74, 99447.43394, 376.9991397, 1.0)
_Y0_TOP: Final = (-2957821389.0, 7062834065.0, -512359803.6, 10879881.29, -86327.92757, 228.4622733)
_Y0_BOTTOM: Final = (40076544269.0, 745249964.8, 7189466.438, 47447.26470, 226.1030244, 1.0)
_Y1_TOP: Final = (-0.4900604943e13, 0.1275274390e13, -0.5153438139e11, 0.7349264551e9, -0.4237922726e7, 0.8511937935e4)
_Y1_BOTTOM: Final = (0.2499580570e14, 0.4244419664e12, 0.3733650367e10, 0.2245904002e8, 0.1020426050e6, 0.3549632885e3, 1.0)
_PHASE_0: Final = (1.0, -0.1098628627e-2, 0.2734510407e-4, -0.2073370639e-5, 0.2093887211e-6)
_QUOTIENT_0: Final = (-0.1562499995e-1, 0.1430488765e-3, -0.6911147651e-5, 0.7621095161e-6, -0.934935152e-7)
_PHASE_1: Final = (1.0, 0.183105e-2, -0.3516396496e-4, 0.2457520174e-5, -0.240337019e-6)
_PHASE_1_OF_J: Final = (1.0, 0.183105e-2, -0.3516396496e-4, -0.3516396496e-4, 0.2457520174e-5, -0.240337019e-6)
_QUOTIENT_1: Final = (0.04687499995, -0.2002690873e-3, 0.8449199096e-5, -0.88228987e-6, 0.105787412e-6)
_I0_SMALL: Final = (1.0, 3.5156229, 3.0899424, 1.2067492, 0.2659732, 0.360768e-1, 0.45813e-2)
_I0_LARGE: Final = (
    0.39894228, 0.1328592e-1, 0.225319e-2, -0.157565e-2, 0.916281e-2, -0.2057706e-1, 0.2635537e-1, -0.1647633e-1, 0.392377e-2,
)  # fmt: skip
_I1_SMALL: Final = (0.5, 0.87890594, 0.51498869, 0.15084934, 0.2658733e-1, 0.301532e-2, 0.32411e-3)
_I1_LARGE: Final = (
    0.39894228, -0.3988024e-1, -0.362018e-2, 0.163801e-2, -0.1031555e-1, 0.2282967e-1, -0.2895312e-1, 0.1787654e-1, -0.420059e-2,
)  # fmt: skip
_K0_SMALL: Final = (-0.57721566, 0.42278420, 0.23069756, 0.3488590e-1, 0.262698e-2, 0.10750e-3, 0.74e-5)
_K0_LARGE: Final = (1.25331414, -0.7832358e-1, 0.2189568e-1, -0.1062446e-1, 0.587872e-2, -0.251540e-2, 0.53208e-3)
_K1_SMALL: Final = (1.0, 0.15443144, -0.67278579, -0.18156897, -0.1919402e-1, -0.110404e-2, -0.4686e-4)
_K1_LARGE: Final = (1.25331414, 0.23498619, -0.3655620e-1, 0.1504268e-1, -0.780353e-2, 0.325614e-2, -0.68245e-3)


def _sum(coefficients: Coefficients, x: float) -> float:
    total = 0.0
    for coefficient in reversed(coefficients):
        total = total * x + coefficient
    return total


# -- orders 0 and 1 ------------------------------------------------------------------------------------------------------------


def _wave(x: float, shift: float, phase: Coefficients, quotient: Coefficients, sine: bool) -> float:
    """J or Y (`sine`) of order 0 or 1 for an argument from 8 on."""
    z = _EDGE / x
    y = z * z
    angle = x - shift
    one, two = _sum(phase, y), z * _sum(quotient, y)
    wave = math.sin(angle) * one + math.cos(angle) * two if sine else math.cos(angle) * one - math.sin(angle) * two
    return math.sqrt(_HALF_AMPLITUDE / x) * wave


def _j0(x: float) -> float:
    x = abs(x)
    if x < _EDGE:
        return _sum(_J0_TOP, x * x) / _sum(_J0_BOTTOM, x * x)
    return _wave(x, _QUARTER, _PHASE_0, _QUOTIENT_0, sine=False)


def _j1(x: float) -> float:
    if abs(x) < _EDGE:
        return x * _sum(_J1_TOP, x * x) / _sum(_J1_BOTTOM, x * x)
    found = _wave(abs(x), _THREE_QUARTERS, _PHASE_1_OF_J, _QUOTIENT_1, sine=False)
    return found if x > 0.0 else -found


def _y0(x: float) -> float:
    if x < _EDGE:
        return _sum(_Y0_TOP, x * x) / _sum(_Y0_BOTTOM, x * x) + _HALF_AMPLITUDE * _j0(x) * math.log(x)
    return _wave(x, _QUARTER, _PHASE_0, _QUOTIENT_0, sine=True)


def _y1(x: float) -> float:
    if x < _EDGE:
        return x * _sum(_Y1_TOP, x * x) / _sum(_Y1_BOTTOM, x * x) + _HALF_AMPLITUDE * (_j1(x) * math.log(x) - 1.0 / x)
    return _wave(x, _THREE_QUARTERS, _PHASE_1, _QUOTIENT_1, sine=True)


def _i0(x: float) -> float:
    x = abs(x)
    return _sum(_I0_SMALL, (x / 3.75) ** 2) if x < 3.75 else math.exp(x) / math.sqrt(x) * _sum(_I0_LARGE, 3.75 / x)


def _i1(x: float) -> float:
    size = abs(x)
    found = size * _sum(_I1_SMALL, (size / 3.75) ** 2) if size < 3.75 else math.exp(size) / math.sqrt(size) * _sum(_I1_LARGE, 3.75 / size)
    return found if x >= 0.0 else -found


def _k0(x: float) -> float:
    if x <= 2.0:
        return -math.log(x / 2.0) * _i0(x) + _sum(_K0_SMALL, x * x / 4.0)
    return math.exp(-x) / math.sqrt(x) * _sum(_K0_LARGE, 2.0 / x)


def _k1(x: float) -> float:
    if x <= 2.0:
        return math.log(x / 2.0) * _i1(x) + _sum(_K1_SMALL, x * x / 4.0) / x
    return math.exp(-x) / math.sqrt(x) * _sum(_K1_LARGE, 2.0 / x)


# -- other orders ----------------------------------------------------------------------------------------------------------------


def _upwards(order: int, x: float, before: float, at: float, sign: float) -> float:
    """The recurrence from orders 0 and 1: f(k+1) = 2k/x f(k) + sign f(k-1)."""
    twice = 2.0 / x
    for step in range(1, order):
        before, at = at, step * twice * at + sign * before
        if math.isinf(at):
            break
    return at


def _j(order: int, x: float) -> float:
    if order == 0:
        return _j0(x)
    if order == 1:
        return _j1(x)
    size = abs(x)
    if size == 0.0:
        return 0.0
    if size > order:
        found = _upwards(order, size, _j0(size), _j1(size), -1.0)
    else:
        found = _j_downwards(order, size)
    return -found if x < 0.0 and order % 2 else found


def _j_downwards(order: int, x: float) -> float:
    twice = 2.0 / x
    adds = False
    above = found = total = 0.0
    at = 1.0
    for step in range(2 * ((order + int(math.sqrt(_SPARE * order))) // 2), 0, -1):
        at, above = step * twice * at - above, at
        if not math.isfinite(at):
            # The argument is so small that the function is 0 as far as numbers go.
            return 0.0
        if abs(at) > _LARGE:
            at, above, found, total = at / _LARGE, above / _LARGE, found / _LARGE, total / _LARGE
        if adds:
            total += at
        adds = not adds
        if step == order:
            found = above
    return found / (2.0 * total - at)


def _i(order: int, x: float) -> float:
    if order == 0:
        return _i0(x)
    if order == 1:
        return _i1(x)
    if x == 0.0:
        return 0.0
    twice = 2.0 / abs(x)
    above = found = 0.0
    at = 1.0
    for step in range(2 * (order + int(math.sqrt(_SPARE * order))), 0, -1):
        at, above = above + step * twice * at, at
        if not math.isfinite(at):
            return 0.0
        if abs(at) > _LARGE:
            found, at, above = found / _LARGE, at / _LARGE, above / _LARGE
        if step == order:
            found = above
    found *= _i0(x) / at
    return -found if x < 0.0 and order % 2 else found


def _order(x: float, n: float, positive: bool) -> int | CellError:
    order = math.trunc(n)
    if order < 0:
        return _NEGATIVE_ORDER
    if positive and x <= 0.0:
        return _NOT_POSITIVE
    return NUM if order > _MOST_ORDER else order


@toolpak("BESSELJ", "The Bessel function of the first kind.", {"=BESSELJ(1.9,2)": 0.3299258286697852})
def bessel_j(x: Number, n: Number) -> Scalar:
    order = _order(x, n, positive=False)
    return order if isinstance(order, CellError) else _j(order, x)


@toolpak("BESSELY", "The Bessel function of the second kind.", {"=BESSELY(2.5,1)": 0.14591813750831284})
def bessel_y(x: Number, n: Number) -> Scalar:
    order = _order(x, n, positive=True)
    if isinstance(order, CellError):
        return order
    return _y0(x) if order == 0 else _upwards(order, x, _y0(x), _y1(x), -1.0)


@toolpak("BESSELI", "The modified Bessel function of the first kind.", {"=BESSELI(1.5,1)": 0.981666428475166})
def bessel_i(x: Number, n: Number) -> Scalar:
    order = _order(x, n, positive=False)
    return order if isinstance(order, CellError) else _i(order, x)


@toolpak("BESSELK", "The modified Bessel function of the second kind.", {"=BESSELK(1.5,1)": 0.2773878036322587})
def bessel_k(x: Number, n: Number) -> Scalar:
    order = _order(x, n, positive=True)
    if isinstance(order, CellError):
        return order
    return _k0(x) if order == 0 else _upwards(order, x, _k0(x), _k1(x), 1.0)
