"""Normal, lognormal, gamma, beta, exponential and Weibull distributions, and what belongs to them.

In: numbers within the limits of Excel's documentation; out: densities, chances and their inverses.
"""

from __future__ import annotations

import math
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
    t_inverse,
    vector_of,
)
from sheetengine.values import DIV0, NUM, Scalar

_ROOT_TAU = math.sqrt(2.0 * math.pi)

# -- normal ------------------------------------------------------------------------------------------------------------


def _normal(x: Any, mean: Any, deviation: Any, cumulative: Any) -> tuple[Any, Wrong]:
    z = (x - mean) / deviation
    density = np.exp(-z * z / 2.0) / (_ROOT_TAU * deviation)
    return np.where(cumulative, special().ndtr(z), density), [(deviation <= 0.0, NUM)]


@function(
    "NORM.DIST", "NORMDIST|statistical|", category=CATEGORY, summary="The normal distribution, cumulative or its density.",
    examples={"=NORM.DIST(42,40,1.5,TRUE)": 0.9087887802741321, "=NORM.DIST(42,40,1.5,FALSE)": 0.10934004978399577},
    source=SOURCE.format("NORM.DIST"), vector=vector_of(_normal), future="_xlfn.",
)  # fmt: skip
def normal(x: Number, mean: Number, standard_dev: Number, cumulative: Boolean) -> Scalar:
    return scalar_of(_normal, x, mean, standard_dev, cumulative)


def _standard_normal(z: Any, cumulative: Any) -> tuple[Any, Wrong]:
    return np.where(cumulative, special().ndtr(z), np.exp(-z * z / 2.0) / _ROOT_TAU), []


@function(
    "NORM.S.DIST", category=CATEGORY, summary="The standard normal distribution, cumulative or its density.",
    examples={"=NORM.S.DIST(1.333333,TRUE)": 0.908788725604095, "=NORM.S.DIST(1.333333,FALSE)": 0.164010147569125},
    source=SOURCE.format("NORM.S.DIST"), vector=vector_of(_standard_normal), future="_xlfn.",
)  # fmt: skip
def standard_normal(z: Number, cumulative: Boolean) -> Scalar:
    return scalar_of(_standard_normal, z, cumulative)


def _standard_normal_cumulative(z: Any) -> tuple[Any, Wrong]:
    return special().ndtr(z), []


@function(
    "NORMSDIST", category=CATEGORY, summary="The cumulative standard normal distribution.",
    examples={"=NORMSDIST(1.333333)": 0.908788725604095}, source=SOURCE.format("NORMSDIST"),
    vector=vector_of(_standard_normal_cumulative),
)  # fmt: skip
def standard_normal_cumulative(z: Number) -> Scalar:
    return scalar_of(_standard_normal_cumulative, z)


def _normal_inverse(probability: Any, mean: Any, deviation: Any) -> tuple[Any, Wrong]:
    outside = (probability <= 0.0) | (probability >= 1.0) | (deviation <= 0.0)
    return special().ndtri(probability) * deviation + mean, [(outside, NUM)]


@function(
    "NORM.INV", "NORMINV|statistical|", category=CATEGORY, summary="The number at a cumulative chance of a normal distribution.",
    examples={"=NORM.INV(0.908789,40,1.5)": 42.00000200956616}, source=SOURCE.format("NORM.INV"), vector=vector_of(_normal_inverse),
    future="_xlfn.",
)  # fmt: skip
def normal_inverse(probability: Number, mean: Number, standard_dev: Number) -> Scalar:
    return scalar_of(_normal_inverse, probability, mean, standard_dev)


def _standard_normal_inverse(probability: Any) -> tuple[Any, Wrong]:
    return special().ndtri(probability), [((probability <= 0.0) | (probability >= 1.0), NUM)]


@function(
    "NORM.S.INV", "NORMSINV|statistical|", category=CATEGORY, summary="The number at a cumulative chance of the standard normal distribution.",
    examples={"=NORM.S.INV(0.908789)": 1.3333346730441071}, source=SOURCE.format("NORM.S.INV"), vector=vector_of(_standard_normal_inverse),
    future="_xlfn.",
)  # fmt: skip
def standard_normal_inverse(probability: Number) -> Scalar:
    return scalar_of(_standard_normal_inverse, probability)


def _gauss(z: Any) -> tuple[Any, Wrong]:
    return special().erf(z / math.sqrt(2.0)) / 2.0, []


@function(
    "GAUSS", category=CATEGORY, summary="The chance of a standard normal number between 0 and z.",
    examples={"=GAUSS(2)": 0.47724986805182}, source=SOURCE.format("GAUSS"), vector=vector_of(_gauss), future="_xlfn.",
)  # fmt: skip
def gauss(z: Number) -> Scalar:
    return scalar_of(_gauss, z)


def _phi(x: Any) -> tuple[Any, Wrong]:
    return np.exp(-x * x / 2.0) / _ROOT_TAU, []


@function(
    "PHI", category=CATEGORY, summary="The density of the standard normal distribution.",
    examples={"=PHI(0.75)": 0.30113743215480443}, source=SOURCE.format("PHI"), vector=vector_of(_phi), future="_xlfn.",
)  # fmt: skip
def phi(x: Number) -> Scalar:
    return scalar_of(_phi, x)


def _standardize(x: Any, mean: Any, deviation: Any) -> tuple[Any, Wrong]:
    return (x - mean) / deviation, [(deviation <= 0.0, NUM)]


@function(
    "STANDARDIZE", category=CATEGORY, summary="How many standard deviations a number is from the mean.",
    examples={"=STANDARDIZE(42,40,1.5)": 1.3333333333333333}, source=SOURCE.format("STANDARDIZE"), vector=vector_of(_standardize),
)  # fmt: skip
def standardize(x: Number, mean: Number, standard_dev: Number) -> Scalar:
    return scalar_of(_standardize, x, mean, standard_dev)


def _fisher(x: Any) -> tuple[Any, Wrong]:
    return np.arctanh(x), [((x <= -1.0) | (x >= 1.0), NUM)]


@function(
    "FISHER", category=CATEGORY, summary="Fisher's transformation of a correlation.",
    examples={"=FISHER(0.75)": 0.9729550745276566}, source=SOURCE.format("FISHER"), vector=vector_of(_fisher),
)  # fmt: skip
def fisher(x: Number) -> Scalar:
    return scalar_of(_fisher, x)


def _fisher_inverse(y: Any) -> tuple[Any, Wrong]:
    return np.tanh(y), []


@function(
    "FISHERINV", category=CATEGORY, summary="The correlation of which a number is Fisher's transformation.",
    examples={"=FISHERINV(0.972955)": 0.7499999673941}, source=SOURCE.format("FISHERINV"), vector=vector_of(_fisher_inverse),
)  # fmt: skip
def fisher_inverse(y: Number) -> Scalar:
    return scalar_of(_fisher_inverse, y)


def _confidence_normal(alpha: Any, deviation: Any, size: Any) -> tuple[Any, Wrong]:
    size = np.trunc(size)
    outside = (alpha <= 0.0) | (alpha >= 1.0) | (deviation <= 0.0) | (size < 1.0)
    return -special().ndtri(alpha / 2.0) * deviation / np.sqrt(size), [(outside, NUM)]


@function(
    "CONFIDENCE.NORM", "CONFIDENCE|compatibility|", category=CATEGORY,
    summary="Half the width of a confidence interval for a mean, by the normal distribution.",
    examples={"=CONFIDENCE.NORM(0.05,2.5,50)": 0.692951912174839}, source=SOURCE.format("CONFIDENCE.NORM"),
    vector=vector_of(_confidence_normal), future="_xlfn.",
)  # fmt: skip
def confidence_normal(alpha: Number, standard_dev: Number, size: Number) -> Scalar:
    return scalar_of(_confidence_normal, alpha, standard_dev, size)


def _confidence_t(alpha: Any, deviation: Any, size: Any) -> tuple[Any, Wrong]:
    size = np.trunc(size)
    outside = (alpha <= 0.0) | (alpha >= 1.0) | (deviation <= 0.0) | (size < 1.0)
    share, freedom = np.where(outside, 0.5, alpha), np.maximum(size - 1.0, 1.0)
    return t_inverse(share / 2.0, freedom) * deviation / np.sqrt(size), [(outside, NUM), (size == 1.0, DIV0)]


@function(
    "CONFIDENCE.T", category=CATEGORY, summary="Half the width of a confidence interval for a mean, by Student's t.",
    examples={"=CONFIDENCE.T(0.05,1,50)": 0.284196855499178}, source=SOURCE.format("CONFIDENCE.T"), vector=vector_of(_confidence_t),
    future="_xlfn.",
)  # fmt: skip
def confidence_t(alpha: Number, standard_dev: Number, size: Number) -> Scalar:
    return scalar_of(_confidence_t, alpha, standard_dev, size)


# -- lognormal ---------------------------------------------------------------------------------------------------------


def _lognormal(x: Any, mean: Any, deviation: Any, cumulative: Any) -> tuple[Any, Wrong]:
    z = (np.log(x) - mean) / deviation
    density = np.exp(-z * z / 2.0) / (_ROOT_TAU * deviation * x)
    return np.where(cumulative, special().ndtr(z), density), [((x <= 0.0) | (deviation <= 0.0), NUM)]


def _lognormal_cumulative(x: Any, mean: Any, deviation: Any) -> tuple[Any, Wrong]:
    return _lognormal(x, mean, deviation, True)


def _lognormal_inverse(probability: Any, mean: Any, deviation: Any) -> tuple[Any, Wrong]:
    outside = (probability <= 0.0) | (probability >= 1.0) | (deviation <= 0.0)
    return np.exp(mean + deviation * special().ndtri(probability)), [(outside, NUM)]


@function(
    "LOGNORM.DIST", category=CATEGORY, summary="The lognormal distribution, cumulative or its density.",
    examples={"=LOGNORM.DIST(4,3.5,1.2,TRUE)": 0.0390835557068005, "=LOGNORM.DIST(4,3.5,1.2,FALSE)": 0.0176175966818180},
    source=SOURCE.format("LOGNORM.DIST"), vector=vector_of(_lognormal), future="_xlfn.",
)  # fmt: skip
def lognormal(x: Number, mean: Number, standard_dev: Number, cumulative: Boolean) -> Scalar:
    return scalar_of(_lognormal, x, mean, standard_dev, cumulative)


@function(
    "LOGNORMDIST", category=CATEGORY, summary="The cumulative lognormal distribution.",
    examples={"=LOGNORMDIST(4,3.5,1.2)": 0.0390835557068005}, source=SOURCE.format("LOGNORMDIST"), vector=vector_of(_lognormal_cumulative),
)  # fmt: skip
def lognormal_cumulative(x: Number, mean: Number, standard_dev: Number) -> Scalar:
    return scalar_of(_lognormal_cumulative, x, mean, standard_dev)


@function(
    "LOGNORM.INV", "LOGINV|compatibility|", category=CATEGORY, summary="The number at a cumulative chance of a lognormal distribution.",
    examples={"=LOGNORM.INV(0.039084,3.5,1.2)": 4.0000252186806005}, source=SOURCE.format("LOGNORM.INV"),
    vector=vector_of(_lognormal_inverse), future="_xlfn.",
)  # fmt: skip
def lognormal_inverse(probability: Number, mean: Number, standard_dev: Number) -> Scalar:
    return scalar_of(_lognormal_inverse, probability, mean, standard_dev)


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
    return np.where(cumulative, special().gammainc(shape, scaled), gamma_density(scaled, shape) / beta), [(outside, NUM)]


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
    return np.where(cumulative, special().betainc(one, other, share), beta_density(share, one, other) / width), [(outside, NUM)]


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
    outside = (probability <= 0.0) | (probability > 1.0) | (alpha <= 0.0) | (beta <= 0.0) | (low >= high)
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
    return np.where(cumulative, -np.expm1(-power), density), [(outside, NUM)]


@function(
    "WEIBULL.DIST", "WEIBULL|compatibility|", category=CATEGORY, summary="The Weibull distribution, cumulative or its density.",
    examples={"=WEIBULL.DIST(105,20,100,TRUE)": 0.929581390069277, "=WEIBULL.DIST(105,20,100,FALSE)": 0.0355888640245044},
    source=SOURCE.format("WEIBULL.DIST"), vector=vector_of(_weibull), future="_xlfn.",
)  # fmt: skip
def weibull(x: Number, alpha: Number, beta: Number, cumulative: Boolean) -> Scalar:
    return scalar_of(_weibull, x, alpha, beta, cumulative)
