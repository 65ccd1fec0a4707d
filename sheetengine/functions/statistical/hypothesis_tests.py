"""Tests of hypotheses: T.TEST, F.TEST, CHISQ.TEST, Z.TEST.

In: samples as ranges or arrays; out: the chance of a difference as large by accident.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sheetengine.functions.library import function
from sheetengine.functions.signature import Array, Number
from sheetengine.functions.statistical.densities import CATEGORY, SOURCE, f_chances, special, t_tail
from sheetengine.functions.statistical.samples import deviations, paired, sample, variance
from sheetengine.grid import Grid, Numbers
from sheetengine.values import DIV0, NA, NUM, CellError, Scalar


@function(
    "T.TEST", "TTEST|statistical|", category=CATEGORY, summary="The chance that two samples have one mean, by Student's t.",
    examples={"=T.TEST({3;4;5;8;9;1;2;4;5},{6;19;3;2;14;4;5;17;1},2,1)": 0.19601578492218}, source=SOURCE.format("T.TEST"), future="_xlfn.",
)  # fmt: skip
def student_test(array1: Array, array2: Array, tails: Number, type_: Number) -> Scalar:
    sides, kind = math.trunc(tails), math.trunc(type_)
    if sides not in (1, 2) or kind not in (1, 2, 3):
        return CellError("#NUM!", "tails is 1 or 2, type 1, 2 or 3")
    with np.errstate(all="ignore"):
        found = _paired_statistic(array1, array2) if kind == 1 else _two_sample_statistic(array1, array2, equal=kind == 2)
        if isinstance(found, CellError):
            return found
        return sides * float(t_tail(np.float64(found[0]), np.float64(found[1])))


def _paired_statistic(array1: Grid, array2: Grid) -> tuple[float, float] | CellError:
    pairs = paired(array1, array2)
    if isinstance(pairs, CellError):
        return pairs
    one, two = pairs
    if len(one) < 2:
        return DIV0
    apart = one - two
    spread = variance(apart)
    return (float(apart.mean()) / math.sqrt(spread / len(apart)), len(apart) - 1.0) if spread else DIV0


def _two_samples(array1: Grid, array2: Grid) -> tuple[Numbers, Numbers] | CellError:
    """The numbers of two arrays; #DIV/0! where either has less than two."""
    one, two = sample(array1), sample(array2)
    if isinstance(one, CellError):
        return one
    if isinstance(two, CellError):
        return two
    return (one, two) if len(one) >= 2 and len(two) >= 2 else DIV0


def _two_sample_statistic(array1: Grid, array2: Grid, equal: bool) -> tuple[float, float] | CellError:
    samples = _two_samples(array1, array2)
    if isinstance(samples, CellError):
        return samples
    one, two = samples
    first, second = variance(one), variance(two)
    apart = float(one.mean() - two.mean())
    if equal:
        freedom = len(one) + len(two) - 2.0
        spread = ((len(one) - 1) * first + (len(two) - 1) * second) / freedom * (1.0 / len(one) + 1.0 / len(two))
    else:
        left, right = first / len(one), second / len(two)
        spread = left + right
        below = left * left / (len(one) - 1) + right * right / (len(two) - 1)
        # Welch's degrees of freedom, with their fraction (book saved by Excel: T_TEST).
        freedom = spread * spread / below if below else 1.0
    return (apart / math.sqrt(spread), freedom) if spread else DIV0


@function(
    "F.TEST", "FTEST|statistical|", category=CATEGORY, summary="The chance that two samples have one variance, both tails of Fisher's F.",
    examples={"=F.TEST({6;7;9;15;21},{20;28;31;38;40})": 0.648317846786175}, source=SOURCE.format("F.TEST"), future="_xlfn.",
)  # fmt: skip
def variance_test(array1: Array, array2: Array) -> Scalar:
    samples = _two_samples(array1, array2)
    if isinstance(samples, CellError):
        return samples
    one, two = samples
    with np.errstate(all="ignore"):
        first, second = variance(one), variance(two)
        if first == 0.0 or second == 0.0:
            return DIV0
        below, above = f_chances(np.float64(first / second), len(one) - 1.0, len(two) - 1.0)
    return 2.0 * min(float(above), float(below))


@function(
    "CHISQ.TEST", "CHITEST|compatibility|", category=CATEGORY, summary="The chance that counts differ so much from the expected ones.",
    examples={"=CHISQ.TEST({58,35;11,25;10,23},{45.35,47.65;17.56,18.44;16.09,16.91})": 0.000308192017008358},
    source=SOURCE.format("CHISQ.TEST"), future="_xlfn.",
)  # fmt: skip
def independence_test(actual_range: Array, expected_range: Array) -> Scalar:
    # The numbers of values must agree, not the shapes (Microsoft's page; HyperFormula, "List of differences": no #N/A in Excel).
    pairs = paired(actual_range, expected_range)
    if isinstance(pairs, CellError):
        return pairs
    height, width = actual_range.height, actual_range.width
    freedom = height * width - 1 if 1 in (height, width) else (height - 1) * (width - 1)
    if freedom < 1:
        return NA
    actual, expected = pairs
    if not len(actual) or (expected == 0.0).any():
        return DIV0
    with np.errstate(all="ignore"):
        statistic = float(((actual - expected) ** 2 / expected).sum())
        return NUM if not 0.0 <= statistic < math.inf else float(special().gammaincc(freedom / 2.0, statistic / 2.0))


@function(
    "Z.TEST", "ZTEST|statistical|", category=CATEGORY, summary="The chance of a larger mean than a sample's, by the normal distribution.",
    examples={"=Z.TEST({3;6;7;8;6;5;4;2;1;9},4)": 0.0905741968513638, "=Z.TEST({3;6;7;8;6;5;4;2;1;9},6)": 0.863043388713168},
    source=SOURCE.format("Z.TEST"), future="_xlfn.",
)  # fmt: skip
def mean_test(array: Array, x: Number, sigma: Number | None = None) -> Scalar:
    numbers: Any = sample(array)
    if isinstance(numbers, CellError):
        return numbers
    if not len(numbers):
        return NA
    if sigma is not None and sigma <= 0.0:
        return NUM
    with np.errstate(all="ignore"):
        if sigma is None:
            if len(numbers) < 2:
                return DIV0
            apart = deviations(numbers)
            sigma = math.sqrt(float((apart * apart).sum()) / (len(numbers) - 1))
            if sigma == 0.0:
                return DIV0
        # Divided by a deviation beyond the range of doubles the mean has no place: not a number, #NUM!.
        return float(special().ndtr((x - float(numbers.mean())) / (sigma / math.sqrt(len(numbers)))))
