"""Binomial, negative binomial, hypergeometric and Poisson distributions.

In: counts, cut to whole numbers as in Excel, and chances; out: masses, cumulative chances, inverses.
"""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np

from sheetengine.functions.library import function
from sheetengine.functions.signature import Boolean, Number
from sheetengine.functions.statistical.densities import (
    CATEGORY,
    SOURCE,
    Wrong,
    binomial_mass,
    poisson_mass,
    scalar_of,
    special,
    vector_of,
)
from sheetengine.values import NUM, Scalar

_MOST_TRIALS: Final = 1e14
"""Beyond it neighbouring counts are no longer told apart well enough for a mass."""

# -- binomial ----------------------------------------------------------------------------------------------------------


def binomial_chance(successes: Any, trials: Any, chance: Any) -> Any:
    """The chance of at most so many successes."""
    most = successes >= trials
    k, n = np.where(most, 0.0, successes), np.where(most, 1.0, trials)
    # Two forms of one number: each is exact where its own argument is the small one.
    found = np.where(chance < 0.5, special().betaincc(k + 1.0, n - k, chance), special().betainc(n - k, k + 1.0, 1.0 - chance))
    return np.where(most, 1.0, np.where(successes < 0.0, 0.0, found))


def _at_least(successes: Any, trials: Any, chance: Any) -> Any:
    """The chance of that many successes or more."""
    none, beyond = successes <= 0.0, successes > trials
    k, n = np.where(none | beyond, 1.0, successes), np.where(none | beyond, 1.0, trials)
    return np.where(none, 1.0, np.where(beyond, 0.0, special().betainc(k, n - k + 1.0, chance)))


def _binomial(successes: Any, trials: Any, chance: Any, cumulative: Any) -> tuple[Any, Wrong]:
    k, n = np.trunc(successes), np.trunc(trials)
    outside = (k < 0.0) | (k > n) | (chance < 0.0) | (chance > 1.0) | (n > _MOST_TRIALS)
    k, n, p = np.where(outside, 0.0, k), np.where(outside, 1.0, n), np.where(outside, 0.5, chance)
    return np.where(cumulative, binomial_chance(k, n, p), binomial_mass(k, n, p, 1.0 - p)), [(outside, NUM)]


@function(
    "BINOM.DIST", "BINOMDIST|statistical|", category=CATEGORY, summary="The binomial distribution, cumulative or its mass.",
    examples={"=BINOM.DIST(6,10,0.5,FALSE)": 0.205078125, "=BINOM.DIST(7,8,0.7,TRUE)": 0.94235199},
    source=SOURCE.format("BINOM.DIST"), vector=vector_of(_binomial), future="_xlfn.",
)  # fmt: skip
def binomial(number_s: Number, trials: Number, probability_s: Number, cumulative: Boolean) -> Scalar:
    return scalar_of(_binomial, number_s, trials, probability_s, cumulative)


def _binomial_range(trials: Any, chance: Any, least: Any, most: Any) -> tuple[Any, Wrong]:
    n, low, high = np.trunc(trials), np.trunc(least), np.trunc(most)
    outside = (n < 0.0) | (chance < 0.0) | (chance > 1.0) | (low < 0.0) | (low > high) | (high > n) | (n > _MOST_TRIALS)
    n, low, high = np.where(outside, 1.0, n), np.where(outside, 0.0, low), np.where(outside, 0.0, high)
    p = np.where(outside, 0.5, chance)
    # A difference of two chances near 1 loses its digits: above the mean the chances of that many or more are subtracted.
    below = binomial_chance(high, n, p) - binomial_chance(low - 1.0, n, p)
    above = _at_least(low, n, p) - _at_least(high + 1.0, n, p)
    several = np.where(low > n * p, above, below)
    return np.where(low == high, binomial_mass(low, n, p, 1.0 - p), several), [(outside, NUM)]


def _binomial_range_or_one(trials: Any, chance: Any, least: Any, most: Any = None) -> tuple[Any, Wrong]:
    return _binomial_range(trials, chance, least, least if most is None else most)


@function(
    "BINOM.DIST.RANGE", category=CATEGORY, summary="The chance that the number of successes is in a range.",
    examples={"=BINOM.DIST.RANGE(60,0.75,48)": 0.083974967429047, "=BINOM.DIST.RANGE(60,0.75,45,50)": 0.523629793471774},
    source=SOURCE.format("BINOM.DIST.RANGE"), vector=vector_of(_binomial_range_or_one), future="_xlfn.",
)  # fmt: skip
def binomial_range(trials: Number, probability_s: Number, number_s: Number, number_s2: Number | None = None) -> Scalar:
    return scalar_of(_binomial_range_or_one, trials, probability_s, number_s, number_s2)


def _binomial_inverse(trials: Any, chance: Any, alpha: Any) -> tuple[Any, Wrong]:
    n = np.trunc(trials)
    outside = (trials < 0.0) | (chance <= 0.0) | (chance >= 1.0) | (alpha <= 0.0) | (alpha >= 1.0) | (n > _MOST_TRIALS)
    n, p = np.where(outside, 1.0, n), np.where(outside, 0.5, chance)
    # A chance that misses alpha by its last digit has reached it; by two it has not: BINOM.INV(1,0.8,0.2) is 1, for 1-0.8 is below 0.2.
    wanted = np.nextafter(np.where(outside, 0.5, alpha), 0.0)
    low, high = np.zeros(np.broadcast_shapes(np.shape(n), np.shape(p), np.shape(wanted))), n + 0.0 * wanted * p
    for _ in range(50):
        middle = np.floor((low + high) / 2.0)
        reached = binomial_chance(middle, n, p) >= wanted
        high = np.where(reached, middle, high)
        low = np.where(reached, low, np.minimum(middle + 1.0, high))
        if np.all(low >= high):
            break
    return high, [(outside, NUM)]


@function(
    "BINOM.INV", "CRITBINOM|compatibility|", category=CATEGORY,
    summary="The least number of successes whose cumulative chance is a criterion or more.",
    examples={"=BINOM.INV(6,0.5,0.75)": 4.0, "=BINOM.INV(100000,0.7,0.8)": 70122.0}, source=SOURCE.format("BINOM.INV"),
    vector=vector_of(_binomial_inverse), future="_xlfn.",
)  # fmt: skip
def binomial_inverse(trials: Number, probability_s: Number, alpha: Number) -> Scalar:
    return scalar_of(_binomial_inverse, trials, probability_s, alpha)


# -- negative binomial -------------------------------------------------------------------------------------------------


def _negative(failures: Any, successes: Any, chance: Any, cumulative: Any) -> tuple[Any, Wrong]:
    x, n = np.trunc(failures), np.trunc(successes)
    # Chances of exactly 0 and 1 are #NUM! too (book saved by Excel: BINOM).
    outside = (x < 0.0) | (n < 1.0) | (chance <= 0.0) | (chance >= 1.0) | (x + n > _MOST_TRIALS)
    x, n, p = np.where(outside, 0.0, x), np.where(outside, 1.0, n), np.where(outside, 0.5, chance)
    mass = n / (n + x) * binomial_mass(n, x + n, p, 1.0 - p)
    return np.where(cumulative, special().betainc(n, x + 1.0, p), mass), [(outside, NUM)]


def _negative_mass(failures: Any, successes: Any, chance: Any) -> tuple[Any, Wrong]:
    return _negative(failures, successes, chance, False)


@function(
    "NEGBINOM.DIST", category=CATEGORY, summary="The chance of so many failures before a number of successes, cumulative or its mass.",
    examples={"=NEGBINOM.DIST(10,5,0.25,TRUE)": 0.313514058478177, "=NEGBINOM.DIST(10,5,0.25,FALSE)": 0.0550486603751779},
    source=SOURCE.format("NEGBINOM.DIST"), vector=vector_of(_negative), future="_xlfn.",
)  # fmt: skip
def negative_binomial(number_f: Number, number_s: Number, probability_s: Number, cumulative: Boolean) -> Scalar:
    return scalar_of(_negative, number_f, number_s, probability_s, cumulative)


@function(
    "NEGBINOMDIST", category=CATEGORY, summary="The chance of so many failures before a number of successes.",
    examples={"=NEGBINOMDIST(10,5,0.25)": 0.0550486603751779}, source=SOURCE.format("NEGBINOMDIST"), vector=vector_of(_negative_mass),
)  # fmt: skip
def negative_binomial_mass(number_f: Number, number_s: Number, probability_s: Number) -> Scalar:
    return scalar_of(_negative_mass, number_f, number_s, probability_s)


# -- Poisson -----------------------------------------------------------------------------------------------------------


def _poisson(x: Any, mean: Any, cumulative: Any) -> tuple[Any, Wrong]:
    whole = np.trunc(x)
    outside = (x < 0.0) | (mean < 0.0)
    # The mass at 0 does not look at the sign of the mean (HyperFormula, "List of differences": Excel's answer).
    none = (x >= 0.0) & (whole == 0.0) & (mean < 0.0) & np.logical_not(cumulative)
    whole, average = np.where(outside, 0.0, whole), np.where(outside, 1.0, mean)
    mass = np.where(none, np.exp(-mean), poisson_mass(whole, average))
    return np.where(cumulative, special().pdtr(whole, average), mass), [(outside & np.logical_not(none), NUM)]


@function(
    "POISSON.DIST", "POISSON|compatibility|", category=CATEGORY, summary="The Poisson distribution, cumulative or its mass.",
    examples={"=POISSON.DIST(2,5,TRUE)": 0.12465201948308113, "=POISSON.DIST(2,5,FALSE)": 0.08422433748856833},
    source=SOURCE.format("POISSON.DIST"), vector=vector_of(_poisson), future="_xlfn.",
)  # fmt: skip
def poisson(x: Number, mean: Number, cumulative: Boolean) -> Scalar:
    return scalar_of(_poisson, x, mean, cumulative)


# -- hypergeometric ----------------------------------------------------------------------------------------------------


def _hypergeometric_mass(x: float, sample: float, marked: float, population: float) -> float:
    """The chance of x marked ones in a sample, as a quotient of three binomial masses at the share of the sample."""
    if sample == population or marked == 0.0:
        return 1.0
    share = sample / population
    rest = (population - sample) / population
    masses = [
        float(binomial_mass(np.float64(hits), np.float64(trials), np.float64(share), np.float64(rest)))
        for hits, trials in ((x, marked), (sample - x, population - marked), (sample, population))
    ]
    return masses[0] * masses[1] / masses[2]


_CHUNK: Final = 65_536
_MOST_CHUNKS: Final = 32


def _hypergeometric_tail(x: float, sample: float, marked: float, population: float, step: float) -> float:
    """The chance of x, x + step, x + 2 step…, summed outward from x until nothing is added any more."""
    other = population - marked
    mass = _hypergeometric_mass(x, sample, marked, population)
    total = 0.0
    for _ in range(_MOST_CHUNKS):
        # The quotients of neighbouring masses are rational, and 0 where the masses end.
        at = x + step * np.arange(64.0 if total == 0.0 else float(_CHUNK))
        if step < 0.0:
            quotients = at * (other - sample + at) / ((marked - at + 1.0) * (sample - at + 1.0))
        else:
            quotients = (marked - at) * (sample - at) / ((at + 1.0) * (other - sample + at + 1.0))
        ended = np.flatnonzero(~(quotients > 0.0))
        masses = mass * np.concatenate(([1.0], np.cumprod(quotients[: ended[0]] if len(ended) else quotients)))
        total += float(masses.sum() if len(ended) else masses[:-1].sum())
        mass = float(masses[-1])
        if len(ended) or mass <= total * 1e-18:
            break
        x = float(at[-1]) + step
    return total


def hypergeometric_chance(x: float, sample: float, marked: float, population: float, cumulative: bool) -> Scalar:
    """HYPGEOM.DIST of any numbers."""
    x, sample, marked, population = (float(math.trunc(number)) for number in (x, sample, marked, population))
    if population <= 0.0 or not 0.0 < sample <= population or not 0.0 < marked <= population or population > _MOST_TRIALS:
        return NUM
    if not max(0.0, sample - population + marked) <= x <= min(sample, marked):
        return NUM
    with np.errstate(all="ignore"):
        if not cumulative:
            return _hypergeometric_mass(x, sample, marked, population)
        # The tail that does not hold the mean is the short one.
        if x < sample * marked / population:
            return _hypergeometric_tail(x, sample, marked, population, -1.0)
        if x == min(sample, marked):
            return 1.0
        return 1.0 - _hypergeometric_tail(x + 1.0, sample, marked, population, 1.0)


@function(
    "HYPGEOM.DIST", category=CATEGORY, summary="The hypergeometric distribution, cumulative or its mass.",
    examples={"=HYPGEOM.DIST(1,4,8,20,TRUE)": 0.465428276573787, "=HYPGEOM.DIST(1,4,8,20,FALSE)": 0.363261093911249},
    source=SOURCE.format("HYPGEOM.DIST"), future="_xlfn.",
)  # fmt: skip
def hypergeometric(sample_s: Number, number_sample: Number, population_s: Number, number_pop: Number, cumulative: Boolean) -> Scalar:
    return hypergeometric_chance(sample_s, number_sample, population_s, number_pop, cumulative)


@function(
    "HYPGEOMDIST", category=CATEGORY, summary="The chance of so many marked ones in a sample.",
    examples={"=HYPGEOMDIST(1,4,8,20)": 0.363261093911249}, source=SOURCE.format("HYPGEOMDIST"),
)  # fmt: skip
def hypergeometric_mass(sample_s: Number, number_sample: Number, population_s: Number, number_pop: Number) -> Scalar:
    return hypergeometric_chance(sample_s, number_sample, population_s, number_pop, cumulative=False)
