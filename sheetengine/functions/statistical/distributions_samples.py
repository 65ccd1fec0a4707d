"""The distributions of tests on samples: Student's t, Fisher's F and chi-squared, with their tails and inverses.

In: a statistic or a chance and degrees of freedom, cut to whole numbers as in Excel; out: densities, chances, inverses.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sheetengine.functions.library import function
from sheetengine.functions.signature import Boolean, Number
from sheetengine.functions.statistical.densities import (
    CATEGORY,
    MOST_FREEDOM,
    SOURCE,
    Wrong,
    f_chances,
    f_density,
    gamma_density,
    scalar_of,
    special,
    t_density,
    t_inverse,
    t_tail,
    vector_of,
)
from sheetengine.values import DIV0, NUM, Scalar


def _freedom(number: Any) -> tuple[Any, Any]:
    """Degrees of freedom cut to whole ones, and where they are outside Excel's limits."""
    whole = np.trunc(number)
    outside = (whole < 1.0) | (whole > MOST_FREEDOM)
    return np.where(outside, 1.0, whole), outside


# -- Student's t -------------------------------------------------------------------------------------------------------


def _t(x: Any, freedom: Any, cumulative: Any) -> tuple[Any, Wrong]:
    # The density divides by the degrees of freedom before it looks at them.
    nothing = (np.trunc(freedom) == 0.0) & np.logical_not(cumulative)
    freedom, outside = _freedom(freedom)
    tail = t_tail(x, freedom)
    return np.where(cumulative, np.where(x < 0.0, tail, 1.0 - tail), t_density(x, freedom)), [(nothing, DIV0), (outside, NUM)]


@function(
    "T.DIST", category=CATEGORY, summary="Student's t distribution, cumulative from the left or its density.",
    examples={"=T.DIST(60,1,TRUE)": 0.994695326367377, "=T.DIST(8,3,FALSE)": 0.000736906520947},
    source=SOURCE.format("T.DIST"), vector=vector_of(_t), future="_xlfn.",
)  # fmt: skip
def student(x: Number, deg_freedom: Number, cumulative: Boolean) -> Scalar:
    return scalar_of(_t, x, deg_freedom, cumulative)


def _t_right(x: Any, freedom: Any) -> tuple[Any, Wrong]:
    freedom, outside = _freedom(freedom)
    tail = t_tail(x, freedom)
    return np.where(x < 0.0, 1.0 - tail, tail), [(outside, NUM)]


@function(
    "T.DIST.RT", category=CATEGORY, summary="The right tail of Student's t distribution.",
    examples={"=T.DIST.RT(1.959999998,60)": 0.02732246498796}, source=SOURCE.format("T.DIST.RT"), vector=vector_of(_t_right), future="_xlfn.",
)  # fmt: skip
def student_right(x: Number, deg_freedom: Number) -> Scalar:
    return scalar_of(_t_right, x, deg_freedom)


def _t_two(x: Any, freedom: Any) -> tuple[Any, Wrong]:
    freedom, outside = _freedom(freedom)
    return 2.0 * t_tail(x, freedom), [(outside | (x < 0.0), NUM)]


@function(
    "T.DIST.2T", category=CATEGORY, summary="Both tails of Student's t distribution.",
    examples={"=T.DIST.2T(1.959999998,60)": 0.05464492997592}, source=SOURCE.format("T.DIST.2T"), vector=vector_of(_t_two), future="_xlfn.",
)  # fmt: skip
def student_two(x: Number, deg_freedom: Number) -> Scalar:
    return scalar_of(_t_two, x, deg_freedom)


def _t_tails(x: Any, freedom: Any, tails: Any) -> tuple[Any, Wrong]:
    freedom, outside = _freedom(freedom)
    tails = np.trunc(tails)
    return tails * t_tail(x, freedom), [(outside | (x < 0.0) | ((tails != 1.0) & (tails != 2.0)), NUM)]


@function(
    "TDIST", category=CATEGORY, summary="One tail or both of Student's t distribution.",
    examples={"=TDIST(1.959999998,60,2)": 0.05464492997592, "=TDIST(1.959999998,60,1)": 0.02732246498796}, source=SOURCE.format("TDIST"),
    vector=vector_of(_t_tails),
)  # fmt: skip
def student_tails(x: Number, deg_freedom: Number, tails: Number) -> Scalar:
    return scalar_of(_t_tails, x, deg_freedom, tails)


def _t_inverse(probability: Any, freedom: Any) -> tuple[Any, Wrong]:
    freedom, outside = _freedom(freedom)
    # Of one degree of freedom the inverse is a quotient, which a chance of 0 divides by 0 (HyperFormula, "List of differences").
    nothing = ~outside & (probability == 0.0) & (freedom == 1.0)
    outside = outside | (probability <= 0.0) | (probability >= 1.0)
    share = np.where(outside, 0.5, probability)
    left = share < 0.5
    found = t_inverse(np.where(left, share, 1.0 - share), freedom)
    return np.where(left, -found, found), [(nothing, DIV0), (outside, NUM)]


@function(
    "T.INV", category=CATEGORY, summary="The number at a cumulative chance of Student's t distribution.",
    examples={"=T.INV(0.75,2)": 0.816496580927726}, source=SOURCE.format("T.INV"), vector=vector_of(_t_inverse), future="_xlfn.",
)  # fmt: skip
def student_inverse(probability: Number, deg_freedom: Number) -> Scalar:
    return scalar_of(_t_inverse, probability, deg_freedom)


def _t_inverse_two(probability: Any, freedom: Any) -> tuple[Any, Wrong]:
    freedom, outside = _freedom(freedom)
    nothing = ~outside & (probability == 0.0) & (freedom == 1.0)
    outside = outside | (probability <= 0.0) | (probability > 1.0)
    return t_inverse(np.where(outside, 1.0, probability) / 2.0, freedom), [(nothing, DIV0), (outside, NUM)]


@function(
    "T.INV.2T", "TINV|statistical|", category=CATEGORY, summary="The number beyond which both tails of Student's t together have a chance.",
    examples={"=T.INV.2T(0.546449,60)": 0.606533076, "=TINV(0.05464,60)": 1.9600411871272}, source=SOURCE.format("T.INV.2T"),
    vector=vector_of(_t_inverse_two), future="_xlfn.",
)  # fmt: skip
def student_inverse_two(probability: Number, deg_freedom: Number) -> Scalar:
    return scalar_of(_t_inverse_two, probability, deg_freedom)


# -- Fisher's F --------------------------------------------------------------------------------------------------------


def _f_freedom(number: Any) -> tuple[Any, Any]:
    whole, outside = _freedom(number)
    # For F the limit itself is outside too (Microsoft: FDIST).
    return whole, outside | (whole == MOST_FREEDOM)


def _f(x: Any, one: Any, two: Any, cumulative: Any) -> tuple[Any, Wrong]:
    one, outside = _f_freedom(one)
    two, beyond = _f_freedom(two)
    outside = outside | beyond | (x < 0.0)
    x = np.where(outside, 1.0, x)
    return np.where(cumulative, f_chances(x, one, two)[0], f_density(x, one, two)), [(outside, NUM)]


@function(
    "F.DIST", category=CATEGORY, summary="Fisher's F distribution, cumulative or its density.",
    examples={"=F.DIST(15.20686486,6,4,TRUE)": 0.99, "=F.DIST(15.20686486,6,4,FALSE)": 0.0012237995987608914},
    source=SOURCE.format("F.DIST"), vector=vector_of(_f), future="_xlfn.",
)  # fmt: skip
def fisher_f(x: Number, deg_freedom1: Number, deg_freedom2: Number, cumulative: Boolean) -> Scalar:
    return scalar_of(_f, x, deg_freedom1, deg_freedom2, cumulative)


def _f_right(x: Any, one: Any, two: Any) -> tuple[Any, Wrong]:
    one, outside = _f_freedom(one)
    two, beyond = _f_freedom(two)
    outside = outside | beyond | (x < 0.0)
    return f_chances(np.where(outside, 1.0, x), one, two)[1], [(outside, NUM)]


@function(
    "F.DIST.RT", "FDIST|statistical|", category=CATEGORY, summary="The right tail of Fisher's F distribution.",
    examples={"=F.DIST.RT(15.20686486,6,4)": 0.01}, source=SOURCE.format("F.DIST.RT"), vector=vector_of(_f_right), future="_xlfn.",
)  # fmt: skip
def fisher_f_right(x: Number, deg_freedom1: Number, deg_freedom2: Number) -> Scalar:
    return scalar_of(_f_right, x, deg_freedom1, deg_freedom2)


def _f_quantile(probability: Any, one: Any, two: Any) -> Any:
    """The x that has `probability` to its left."""
    beta = special().betaincinv(one / 2.0, two / 2.0, probability)
    rest = special().betainccinv(two / 2.0, one / 2.0, probability)
    # One of the two is small and so exact.
    return np.where(beta < 0.5, two * beta / (one * (1.0 - beta)), two * (1.0 - rest) / (one * rest))


def _f_inverse(probability: Any, one: Any, two: Any) -> tuple[Any, Wrong]:
    one, outside = _f_freedom(one)
    two, beyond = _f_freedom(two)
    outside = outside | beyond | (probability < 0.0) | (probability >= 1.0)
    return _f_quantile(np.where(outside, 0.5, probability), one, two), [(outside, NUM)]


@function(
    "F.INV", category=CATEGORY, summary="The number at a cumulative chance of Fisher's F distribution.",
    examples={"=F.INV(0.01,6,4)": 0.10930991412457851}, source=SOURCE.format("F.INV"), vector=vector_of(_f_inverse), future="_xlfn.",
)  # fmt: skip
def fisher_f_inverse(probability: Number, deg_freedom1: Number, deg_freedom2: Number) -> Scalar:
    return scalar_of(_f_inverse, probability, deg_freedom1, deg_freedom2)


def _f_inverse_right(probability: Any, one: Any, two: Any) -> tuple[Any, Wrong]:
    one, outside = _f_freedom(one)
    two, beyond = _f_freedom(two)
    outside = outside | beyond | (probability <= 0.0) | (probability > 1.0)
    return 1.0 / _f_quantile(np.where(outside, 0.5, probability), two, one), [(outside, NUM)]


def _f_inverse_right_or_zero(probability: Any, one: Any, two: Any) -> tuple[Any, Wrong]:
    found, wrong = _f_inverse_right(probability, one, two)
    return np.where(probability == 1.0, 0.0, found), wrong


@function(
    "F.INV.RT", "FINV|statistical|", category=CATEGORY, summary="The number beyond which Fisher's F distribution has a chance.",
    examples={"=F.INV.RT(0.01,6,4)": 15.206864861157197}, source=SOURCE.format("F.INV.RT"), vector=vector_of(_f_inverse_right_or_zero),
    future="_xlfn.",
)  # fmt: skip
def fisher_f_inverse_right(probability: Number, deg_freedom1: Number, deg_freedom2: Number) -> Scalar:
    return scalar_of(_f_inverse_right_or_zero, probability, deg_freedom1, deg_freedom2)


# -- chi-squared -------------------------------------------------------------------------------------------------------


def _chi(x: Any, freedom: Any, cumulative: Any) -> tuple[Any, Wrong]:
    freedom, outside = _freedom(freedom)
    outside = outside | (x < 0.0)
    half, shape = np.where(outside, 1.0, x / 2.0), freedom / 2.0
    return np.where(cumulative, special().gammainc(shape, half), gamma_density(half, shape) / 2.0), [(outside, NUM)]


@function(
    "CHISQ.DIST", category=CATEGORY, summary="The chi-squared distribution, cumulative or its density.",
    examples={"=CHISQ.DIST(0.5,1,TRUE)": 0.520499877813047, "=CHISQ.DIST(2,3,FALSE)": 0.207553748710297},
    source=SOURCE.format("CHISQ.DIST"), vector=vector_of(_chi), future="_xlfn.",
)  # fmt: skip
def chi_squared(x: Number, deg_freedom: Number, cumulative: Boolean) -> Scalar:
    return scalar_of(_chi, x, deg_freedom, cumulative)


def _chi_right(x: Any, freedom: Any) -> tuple[Any, Wrong]:
    freedom, outside = _freedom(freedom)
    outside = outside | (x < 0.0)
    return special().gammaincc(freedom / 2.0, np.where(outside, 1.0, x) / 2.0), [(outside, NUM)]


@function(
    "CHISQ.DIST.RT", "CHIDIST|compatibility|", category=CATEGORY, summary="The right tail of the chi-squared distribution.",
    examples={"=CHISQ.DIST.RT(18.307,10)": 0.0500005890913981}, source=SOURCE.format("CHISQ.DIST.RT"), vector=vector_of(_chi_right),
    future="_xlfn.",
)  # fmt: skip
def chi_squared_right(x: Number, deg_freedom: Number) -> Scalar:
    return scalar_of(_chi_right, x, deg_freedom)


def _chi_inverse(probability: Any, freedom: Any) -> tuple[Any, Wrong]:
    freedom, outside = _freedom(freedom)
    outside = outside | (probability < 0.0) | (probability >= 1.0)
    return 2.0 * special().gammaincinv(freedom / 2.0, np.where(outside, 0.5, probability)), [(outside, NUM)]


@function(
    "CHISQ.INV", category=CATEGORY, summary="The number at a cumulative chance of the chi-squared distribution.",
    examples={"=CHISQ.INV(0.93,1)": 3.28302028675954, "=CHISQ.INV(0.6,2)": 1.83258146374831}, source=SOURCE.format("CHISQ.INV"),
    vector=vector_of(_chi_inverse), future="_xlfn.",
)  # fmt: skip
def chi_squared_inverse(probability: Number, deg_freedom: Number) -> Scalar:
    return scalar_of(_chi_inverse, probability, deg_freedom)


def _chi_inverse_right(probability: Any, freedom: Any) -> tuple[Any, Wrong]:
    freedom, outside = _freedom(freedom)
    outside = outside | (probability <= 0.0) | (probability > 1.0)
    return 2.0 * special().gammainccinv(freedom / 2.0, np.where(outside, 0.5, probability)), [(outside, NUM)]


@function(
    "CHISQ.INV.RT", "CHIINV|compatibility|", category=CATEGORY, summary="The number beyond which the chi-squared distribution has a chance.",
    examples={"=CHISQ.INV.RT(0.050001,10)": 18.3069734569611}, source=SOURCE.format("CHISQ.INV.RT"), vector=vector_of(_chi_inverse_right),
    future="_xlfn.",
)  # fmt: skip
def chi_squared_inverse_right(probability: Number, deg_freedom: Number) -> Scalar:
    return scalar_of(_chi_inverse_right, probability, deg_freedom)
