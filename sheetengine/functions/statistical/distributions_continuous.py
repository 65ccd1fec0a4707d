"""Gamma, beta, exponential and Weibull distributions, and the gamma function.

In: numbers within the limits of Excel's documentation; out: densities, chances and their inverses.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sheetengine.functions.library import function
from sheetengine.functions.signature import Boolean, Number
from sheetengine.functions.statistical.densities import (
    CATEGORY,
    SOURCE,
    Wrong,
    beta_density,
    gamma_density,
    raised,
    scalar_of,
    special,
    vector_of,
)
from sheetengine.values import NUM, Scalar

# -- gamma -------------------------------------------------------------------------------------------------------------


def _gamma_function(number: Any) -> tuple[Any, Wrong]:
    return special().gamma(number), [((number <= 0.0) & (number == np.floor(number)), NUM)]


@function(
    "GAMMA", category=CATEGORY, summary="The gamma function.",
    examples={"=GAMMA(2.5)": 1.329340388179137, "=GAMMA(-3.75)": 0.26786612886141664, "=GAMMA(0)": NUM}, source=SOURCE.format("GAMMA"),
    vector=vector_of(_gamma_function), future="_xlfn.",
)  # fmt: skip
def gamma_function(number: Number) -> Scalar:
    return scalar_of(_gamma_function, number)


def _gamma_logarithm(x: Any) -> tuple[Any, Wrong]:
    return special().gammaln(x), [(x <= 0.0, NUM)]


@function(
    "GAMMALN", "GAMMALN.PRECISE|statistical|_xlfn.", category=CATEGORY, summary="The natural logarithm of the gamma function.",
    examples={"=GAMMALN(4)": 1.791759469228055, "=GAMMALN(100)": 359.1342053695754}, source=SOURCE.format("GAMMALN"),
    vector=vector_of(_gamma_logarithm),
)  # fmt: skip
def gamma_logarithm(x: Number) -> Scalar:
    return scalar_of(_gamma_logarithm, x)


def _gamma(x: Any, alpha: Any, beta: Any, cumulative: Any) -> tuple[Any, Wrong]:
    outside = (x < 0.0) | (alpha <= 0.0) | (beta <= 0.0)
    scaled, shape = np.where(outside, 1.0, x / beta), np.where(outside, 1.0, alpha)
    # The density at 0 of the exponential distribution (alpha 1) has the factor 0^0, which is #NUM! in Excel, as it is in BETA.DIST.
    nothing = (x == 0.0) & (alpha == 1.0) & np.logical_not(cumulative)
    return np.where(cumulative, special().gammainc(shape, scaled), gamma_density(scaled, shape) / beta), [(outside | nothing, NUM)]


@function(
    "GAMMA.DIST", "GAMMADIST|statistical|", category=CATEGORY, summary="The gamma distribution, cumulative or its density.",
    examples={"=GAMMA.DIST(10.00001131,9,2,FALSE)": 0.03263913041829, "=GAMMA.DIST(10.00001131,9,2,TRUE)": 0.0680940038804},
    source=SOURCE.format("GAMMA.DIST"), vector=vector_of(_gamma), future="_xlfn.",
)  # fmt: skip
def gamma_distribution(x: Number, alpha: Number, beta: Number, cumulative: Boolean) -> Scalar:
    return scalar_of(_gamma, x, alpha, beta, cumulative)


def _gamma_inverse(probability: Any, alpha: Any, beta: Any) -> tuple[Any, Wrong]:
    outside = (probability < 0.0) | (probability >= 1.0) | (alpha <= 0.0) | (beta <= 0.0)
    return special().gammaincinv(np.where(outside, 1.0, alpha), np.where(outside, 0.5, probability)) * beta, [(outside, NUM)]


@function(
    "GAMMA.INV", "GAMMAINV|statistical|", category=CATEGORY, summary="The number at a cumulative chance of a gamma distribution.",
    examples={"=GAMMA.INV(0.068094,9,2)": 10.0000111914377}, source=SOURCE.format("GAMMA.INV"), vector=vector_of(_gamma_inverse),
    future="_xlfn.",
)  # fmt: skip
def gamma_inverse(probability: Number, alpha: Number, beta: Number) -> Scalar:
    return scalar_of(_gamma_inverse, probability, alpha, beta)


# -- beta --------------------------------------------------------------------------------------------------------------


def _beta(x: Any, alpha: Any, beta: Any, cumulative: Any, low: Any = 0.0, high: Any = 1.0) -> tuple[Any, Wrong]:
    outside = (alpha <= 0.0) | (beta <= 0.0) | (x < low) | (x > high) | (low == high)
    width = np.where(outside, 1.0, high - low)
    share = np.where(outside, 0.5, (x - low) / width)
    one, other = np.where(outside, 1.0, alpha), np.where(outside, 1.0, beta)
    # At an end where the density has a jump Excel has 0^0 between 0 and 1, and 0 between other bounds (HyperFormula, "List of differences").
    jump = ((x == low) & (alpha == 1.0) | (x == high) & (beta == 1.0)) & np.logical_not(cumulative)
    density = np.where(jump, 0.0, beta_density(share, one, other) / width)
    nothing = jump & (low == 0.0) & (high == 1.0)
    return np.where(cumulative, special().betainc(one, other, share), density), [(outside | nothing, NUM)]


def _beta_cumulative(x: Any, alpha: Any, beta: Any, low: Any = 0.0, high: Any = 1.0) -> tuple[Any, Wrong]:
    return _beta(x, alpha, beta, True, low, high)


@function(
    "BETA.DIST", category=CATEGORY, summary="The beta distribution, cumulative or its density, on the interval from A to B.",
    examples={"=BETA.DIST(2,8,10,TRUE,1,3)": 0.6854705810546873, "=BETA.DIST(2,8,10,FALSE,1,3)": 1.4837646484375},
    source=SOURCE.format("BETA.DIST"), vector=vector_of(_beta), future="_xlfn.",
)  # fmt: skip
def beta_distribution(x: Number, alpha: Number, beta: Number, cumulative: Boolean, A: Number = 0.0, B: Number = 1.0) -> Scalar:
    return scalar_of(_beta, x, alpha, beta, cumulative, A, B)


@function(
    "BETADIST", category=CATEGORY, summary="The cumulative beta distribution on the interval from A to B.",
    examples={"=BETADIST(2,8,10,1,3)": 0.6854705810546873}, source=SOURCE.format("BETADIST"), vector=vector_of(_beta_cumulative),
)  # fmt: skip
def beta_cumulative(x: Number, alpha: Number, beta: Number, A: Number = 0.0, B: Number = 1.0) -> Scalar:
    return scalar_of(_beta_cumulative, x, alpha, beta, A, B)


def _beta_inverse(probability: Any, alpha: Any, beta: Any, low: Any = 0.0, high: Any = 1.0) -> tuple[Any, Wrong]:
    # A chance of exactly 1 is #NUM! as well, though Microsoft's page allows it (Excel's answers in public reports).
    outside = (probability <= 0.0) | (probability >= 1.0) | (alpha <= 0.0) | (beta <= 0.0) | (low >= high)
    one, other, share = np.where(outside, 1.0, alpha), np.where(outside, 1.0, beta), np.where(outside, 0.5, probability)
    return special().betaincinv(one, other, share) * (high - low) + low, [(outside, NUM)]


@function(
    "BETA.INV", "BETAINV|statistical|", category=CATEGORY, summary="The number at a cumulative chance of a beta distribution.",
    examples={"=BETA.INV(0.6854705810546873,8,10,1,3)": 2.0}, source=SOURCE.format("BETA.INV"), vector=vector_of(_beta_inverse),
    future="_xlfn.",
)  # fmt: skip
def beta_inverse(probability: Number, alpha: Number, beta: Number, A: Number = 0.0, B: Number = 1.0) -> Scalar:
    return scalar_of(_beta_inverse, probability, alpha, beta, A, B)


# -- exponential and Weibull -------------------------------------------------------------------------------------------


def _exponential(x: Any, rate: Any, cumulative: Any) -> tuple[Any, Wrong]:
    return np.where(cumulative, -np.expm1(-rate * x), rate * np.exp(-rate * x)), [((x < 0.0) | (rate <= 0.0), NUM)]


@function(
    "EXPON.DIST", "EXPONDIST|statistical|", category=CATEGORY, summary="The exponential distribution, cumulative or its density.",
    examples={"=EXPON.DIST(0.2,10,TRUE)": 0.8646647167633873, "=EXPON.DIST(0.2,10,FALSE)": 1.353352832366127},
    source=SOURCE.format("EXPON.DIST"), vector=vector_of(_exponential), future="_xlfn.",
)  # fmt: skip
def exponential(x: Number, lambda_: Number, cumulative: Boolean) -> Scalar:
    return scalar_of(_exponential, x, lambda_, cumulative)


def _weibull(x: Any, alpha: Any, beta: Any, cumulative: Any) -> tuple[Any, Wrong]:
    outside = (x < 0.0) | (alpha <= 0.0) | (beta <= 0.0)
    power = raised(x / beta, alpha)
    density = alpha / beta * raised(x / beta, alpha - 1.0) * np.exp(-power)
    # At 0 the density is 0 for any alpha, that of 1 too (HyperFormula, "List of differences": Excel's answer).
    return np.where(cumulative, -np.expm1(-power), np.where(x == 0.0, 0.0, density)), [(outside, NUM)]


@function(
    "WEIBULL.DIST", "WEIBULL|compatibility|", category=CATEGORY, summary="The Weibull distribution, cumulative or its density.",
    examples={"=WEIBULL.DIST(105,20,100,TRUE)": 0.929581390069277, "=WEIBULL.DIST(105,20,100,FALSE)": 0.0355888640245044},
    source=SOURCE.format("WEIBULL.DIST"), vector=vector_of(_weibull), future="_xlfn.",
)  # fmt: skip
def weibull(x: Number, alpha: Number, beta: Number, cumulative: Boolean) -> Scalar:
    return scalar_of(_weibull, x, alpha, beta, cumulative)
