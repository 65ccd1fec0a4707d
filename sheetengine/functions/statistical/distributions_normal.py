"""Normal and lognormal distributions, and what belongs to them.

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
