"""Densities without loss of digits, and how the distributions are declared: one kernel for a number and for a plane.

In: arrays or numbers; out: densities exact to a few units in the last place also where the counts are large. The deviance form
is Loader, "Fast and accurate computation of binomial probabilities" (2000): the powers and factorials of n log n size cancel on
paper instead of in the last digits.
A kernel gives its numbers and the conditions under which Excel answers an error instead; the first that holds wins.
"""

from __future__ import annotations

import importlib
import math
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Final

import numpy as np

from sheetengine.grid import Grid
from sheetengine.values import DIV0, NUM, CellError, Scalar, error_id

CATEGORY: Final = "statistical"
SOURCE: Final = "Microsoft Support: {} function"
MOST_FREEDOM: Final = 1e10
"""Degrees of freedom beyond this are #NUM! (Microsoft: CHIDIST, FDIST)."""

Wrong = Sequence[tuple[Any, CellError]]
Kernel = Callable[..., tuple[Any, Wrong]]

_FEW: Final = 100.0
_HALF_LOG_TAU: Final = 0.9189385332046727


@cache
def special() -> Any:
    """scipy.special, loaded at the first use of a distribution: it takes longer to import than the engine."""
    return importlib.import_module("scipy.special")


def scalar_of(kernel: Kernel, *arguments: Any) -> Scalar:
    """A kernel on one number each."""
    with np.errstate(all="ignore"):
        number, wrong = kernel(*[np.float64(a) if type(a) is float else a for a in arguments])
    for mask, error in wrong:
        if mask:
            return error
    return float(number)


def vector_of(kernel: Kernel) -> Callable[..., Grid]:
    """The vector form of a function whose body is a kernel on one number each."""

    def vector(*arguments: Any) -> Grid:
        lanes = [np.float64(a) if type(a) is float else a for a in arguments]
        shape = np.broadcast_shapes(*[np.shape(lane) for lane in lanes])
        with np.errstate(all="ignore"):
            numbers, wrong = kernel(*lanes)
        numbers = np.broadcast_to(np.asarray(numbers, np.float64), shape)
        errors: Any = None
        for mask, error in wrong:
            if np.any(mask):
                errors = np.full(shape, -1, np.int64) if errors is None else errors
                errors = np.where((errors < 0) & mask, error_id(error), errors)
        return Grid.from_numbers_and_errors(numbers, errors)

    return vector


def raised(base: Any, exponent: Any) -> Any:
    """base ^ exponent, the same to the bit for one number and for many: np.power rounds otherwise for a lone exponent of 2 or 0.5."""
    shape = np.broadcast_shapes(np.shape(base), np.shape(exponent))
    lanes = np.array(np.broadcast_to(exponent, shape or (1,)))
    return np.power(np.broadcast_to(base, lanes.shape), lanes).reshape(shape)


def _stirling_error(n: Any) -> Any:
    """log n! less Stirling's approximation of it."""
    small = np.where(n < 15.0, n, 1.0)
    large = np.where(n < 15.0, 15.0, n)
    direct = special().gammaln(small + 1.0) - (small + 0.5) * np.log(np.where(small > 0.0, small, 1.0)) + small - _HALF_LOG_TAU
    square = large * large
    series = 1 / 1680 - (1 / 1188 - (691 / 360360 - 1 / 156 / square) / square) / square
    series = (1 / 12 - (1 / 360 - (1 / 1260 - series / square) / square) / square) / large
    return np.where(n < 15.0, direct, series)


def _deviance(x: Any, mean: Any) -> Any:
    """x log(x / mean) + mean - x, exact where x is near the mean."""
    return x * np.log1p((x - mean) / mean) - (x - mean)


def poisson_mass(x: Any, mean: Any) -> Any:
    """mean^x e^-mean / x! for any x >= 0, whole or not."""
    inside = np.where((x > 0.0) & (mean > 0.0), x, 1.0)
    average = np.where(mean > 0.0, mean, 1.0)
    common = np.exp(-_stirling_error(inside) - _deviance(inside, average)) / np.sqrt(2.0 * math.pi * inside)
    plain = (inside == np.floor(inside)) & (inside <= _FEW) & (average < _FEW)
    few = np.where(plain, inside, 1.0)
    # Of few the plain product is right to the last digit or two, and POISSON.DIST(1,1,FALSE) is e^-1.
    common = np.where(plain, raised(np.where(plain, average, 1.0), few) * np.exp(-average) / special().gamma(few + 1.0), common)
    return np.where(mean == 0.0, np.where(x == 0.0, 1.0, 0.0), np.where(x == 0.0, np.exp(-mean), common))


def binomial_mass(x: Any, n: Any, p: Any, q: Any) -> Any:
    """C(n, x) p^x q^(n-x) for any 0 <= x <= n, whole or not; p + q is 1."""
    middle = (x > 0.0) & (x < n) & (p > 0.0) & (q > 0.0)
    k, m = np.where(middle, x, 1.0), np.where(middle, n, 2.0)
    rest = m - k
    one, other = np.where(middle, p, 0.5), np.where(middle, q, 0.5)
    exponent = _stirling_error(m) - _stirling_error(k) - _stirling_error(rest) - _deviance(k, m * one) - _deviance(rest, m * other)
    common = np.exp(exponent) * np.sqrt(m / (2.0 * math.pi * k * rest))
    plain = (k == np.floor(k)) & (m == np.floor(m)) & (m <= _FEW)
    few, of = np.where(plain, k, 1.0), np.where(plain, m, 2.0)
    product = special().binom(of, few) * raised(one, few) * raised(other, of - few)
    # Of few the plain product is right to the last digit or two, unless it runs out of a double's range.
    common = np.where(plain & (product > 1e-290), product, common)
    none = np.where(n == 0.0, 1.0, np.where(p > 0.5, raised(q, n), np.exp(n * np.log1p(-np.minimum(p, 0.5)))))
    every = np.where(n == 0.0, 1.0, np.where(q > 0.5, raised(p, n), np.exp(n * np.log1p(-np.minimum(q, 0.5)))))
    return np.where(middle, common, np.where(x == 0.0, none, np.where(x == n, every, 0.0)))


def gamma_density(x: Any, shape: Any) -> Any:
    """x^(shape-1) e^-x / Γ(shape)."""
    positive = np.where(x > 0.0, x, 1.0)
    few = poisson_mass(shape, positive) * shape / positive
    many = poisson_mass(np.maximum(shape - 1.0, 0.0), positive)
    at_zero = np.where(shape < 1.0, np.inf, np.where(shape == 1.0, 1.0, 0.0))
    return np.where(x == 0.0, at_zero, np.where(shape < 1.0, few, many))


def beta_density(x: Any, a: Any, b: Any) -> Any:
    """x^(a-1) (1-x)^(b-1) / B(a, b) on 0 <= x <= 1."""
    inside = (x > 0.0) & (x < 1.0)
    y = np.where(inside, x, 0.5)
    z = 1.0 - y
    both = (a + b - 1.0) * binomial_mass(np.maximum(a - 1.0, 0.0), np.maximum(a + b - 2.0, 0.0), y, z)
    first = a / y * binomial_mass(a, np.maximum(a + b - 1.0, a), y, z)
    second = b / z * binomial_mass(np.maximum(a - 1.0, 0.0), np.maximum(a + b - 1.0, 0.0), y, z)
    neither = a * b / ((a + b) * y * z) * binomial_mass(a, a + b, y, z)
    common = np.where(a < 1.0, np.where(b < 1.0, neither, first), np.where(b < 1.0, second, both))
    low = np.where(a < 1.0, np.inf, np.where(a == 1.0, b, 0.0))
    high = np.where(b < 1.0, np.inf, np.where(b == 1.0, a, 0.0))
    return np.where(inside, common, np.where(x <= 0.0, low, high))


def t_density(x: Any, freedom: Any) -> Any:
    """Density of Student's t."""
    half = freedom / 2.0
    lead = _stirling_error(half + 0.5) - _stirling_error(half) - _deviance(half, half + 0.5)
    spread = np.log1p(x * x / freedom)
    return np.exp(lead - half * spread) / np.sqrt(2.0 * math.pi) / np.exp(spread / 2.0)


def t_tail(x: Any, freedom: Any) -> Any:
    """The chance of more than |x|, one tail of Student's t."""
    square = x * x
    near = square < freedom
    close = special().betaincc(0.5, freedom / 2.0, square / (freedom + square))
    far = special().betainc(freedom / 2.0, 0.5, freedom / (freedom + square))
    return 0.5 * np.where(near, close, far)


def t_inverse(tail: Any, freedom: Any) -> Any:
    """The x > 0 that one tail of Student's t above is `tail` (0 < tail <= 0.5)."""
    x = -special().stdtrit(freedom, tail)
    for _ in range(2):
        # scipy's inverse is good to 1e-10; Newton's steps bring the last digits.
        # Near the middle it is the chance between 0 and x that has them.
        square = x * x
        centre = 0.5 * special().betainc(0.5, freedom / 2.0, square / (freedom + square))
        missing = np.where(tail > 0.25, (0.5 - tail) - centre, t_tail(x, freedom) - tail)
        step = missing / t_density(x, freedom)
        x = np.where(np.isfinite(step), x + step, x)
    return np.where(tail == 0.5, 0.0, x)


def f_chances(x: Any, one: Any, two: Any) -> tuple[Any, Any]:
    """The chances of at most x and of more, Fisher's F with `one` and `two` degrees of freedom."""
    quotient = two / one
    share, rest = 1.0 / (1.0 + quotient / x), 1.0 / (1.0 + x / quotient)
    low, high = one / 2.0, two / 2.0
    # Each has two forms: exact is the one whose own argument is the small one.
    near = share < 0.5
    below = np.where(near, special().betainc(low, high, share), special().betaincc(high, low, rest))
    above = np.where(near, special().betaincc(low, high, share), special().betainc(high, low, rest))
    return below, above


def f_density(x: Any, one: Any, two: Any) -> Any:
    """Density of Fisher's F with `one` and `two` degrees of freedom."""
    scale = 1.0 / (two + x * one)
    q, p = two * scale, x * one * scale
    many = one * q / 2.0 * binomial_mass(np.maximum((one - 2.0) / 2.0, 0.0), (one + two - 2.0) / 2.0, p, q)
    few = one * one * q / (2.0 * np.where(p > 0.0, p, 1.0) * (one + two)) * binomial_mass(one / 2.0, (one + two) / 2.0, p, q)
    at_zero = np.where(one < 2.0, np.inf, np.where(one == 2.0, 1.0, 0.0))
    return np.where(x == 0.0, at_zero, np.where(one >= 2.0, many, few))


__all__ = [
    "CATEGORY",
    "DIV0",
    "MOST_FREEDOM",
    "NUM",
    "SOURCE",
    "beta_density",
    "binomial_mass",
    "f_chances",
    "f_density",
    "gamma_density",
    "poisson_mass",
    "raised",
    "scalar_of",
    "special",
    "t_density",
    "t_inverse",
    "t_tail",
    "vector_of",
]
