"""How often numbers occur: FREQUENCY and the modes; and in how many orders things can stand: PERMUT, PERMUTATIONA.

In: samples, or two whole numbers. Out: counts, the most frequent numbers, numbers of arrangements.
"""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np

from sheetengine.arithmetic import power
from sheetengine.functions.library import function
from sheetengine.functions.signature import AllNumbers, Number, Numbers
from sheetengine.functions.statistical.densities import CATEGORY, SOURCE
from sheetengine.grid import Grid
from sheetengine.values import NA, NUM, CellError, Scalar

_MOST_FACTORS: Final = 200_000
"""Beyond that many factors of at least 2 no product fits in a double."""


@function(
    "FREQUENCY", category=CATEGORY, summary="How many numbers lie in each interval, the last one open, as a column.",
    examples={"=FREQUENCY({79,85,78,85,50,81,95,88,97},{70,79,89})": [[1.0], [2.0], [4.0], [2.0]]}, source=SOURCE.format("FREQUENCY"),
)  # fmt: skip
def frequency(data_array: Numbers, bins_array: Numbers) -> Grid:
    """Bins count in the places they are given in, whatever their order; of equal ones the first has all."""
    bins, first, back = np.unique(bins_array, return_index=True, return_inverse=True)
    below = np.searchsorted(np.sort(data_array), bins, "right")
    within = np.diff(below, prepend=0).astype(np.float64)
    answers = np.where(first[back] == np.arange(bins_array.size), within[back], 0.0)
    beyond = data_array.size - (int(below[-1]) if below.size else 0)
    return Grid(np.append(answers, float(beyond)).reshape((-1, 1)))


def _modes(number: Any) -> Any:
    """The most frequent numbers in the order of their first appearance; none where nothing occurs twice."""
    _, first, counts = np.unique(number, return_index=True, return_counts=True)
    most = counts.max(initial=0)
    if most < 2:
        return np.empty(0)
    return number[np.sort(first[counts == most])]


@function(
    "MODE.SNGL", "MODE|compatibility|", category=CATEGORY, summary="The most frequent number; of several the first to appear.",
    examples={"=MODE.SNGL(5.6,4,4,3,2,4)": 4.0, "=MODE.SNGL({1,2,3})": CellError("#N/A")}, source=SOURCE.format("MODE.SNGL"), future="_xlfn.",
)  # fmt: skip
def mode(number: AllNumbers) -> Scalar:
    """#N/A where no number occurs twice."""
    found = _modes(number)
    return float(found[0]) if found.size else NA


@function(
    "MODE.MULT", category=CATEGORY, summary="All most frequent numbers as a column, in the order of their first appearance.",
    examples={"=MODE.MULT({1,2,3,4,3,2,1,2,3,5,6,1})": [[1.0], [2.0], [3.0]]}, source=SOURCE.format("MODE.MULT"), future="_xlfn.",
)  # fmt: skip
def modes(number: AllNumbers) -> Grid | CellError:
    """#N/A where no number occurs twice."""
    found = _modes(number)
    return Grid(found.reshape((-1, 1))) if found.size else NA


@function(
    "PERMUT", category=CATEGORY, summary="The number of orders in which some of a number of things can stand.",
    examples={"=PERMUT(100,3)": 970200.0, "=PERMUT(3,2)": 6.0}, source=SOURCE.format("PERMUT"),
)  # fmt: skip
def permutations(number: Number, number_chosen: Number) -> Scalar:
    """Both are cut to whole numbers; #NUM! for none to choose from, or fewer than are chosen."""
    count, chosen = math.trunc(number), math.trunc(number_chosen)
    if count <= 0 or chosen < 0 or count < chosen:
        return NUM
    if chosen > _MOST_FACTORS:
        return NUM
    product = 1.0
    for factor in range(count, count - chosen, -1):
        product *= factor
        if product == math.inf:
            return NUM
    return product


@function(
    "PERMUTATIONA", category=CATEGORY, summary="The number of orders of things of which each may come as often as one likes.",
    examples={"=PERMUTATIONA(3,2)": 9.0, "=PERMUTATIONA(2,2)": 4.0}, source=SOURCE.format("PERMUTATIONA"), future="_xlfn.",
)  # fmt: skip
def permutations_with_repetition(number: Number, number_chosen: Number) -> Scalar:
    """Both are cut to whole numbers; of no things at all none can be chosen (Microsoft's page)."""
    count, chosen = float(math.trunc(number)), float(math.trunc(number_chosen))
    if count < 0.0 or chosen < 0.0 or (count == 0.0 and chosen > 0.0):
        return NUM
    return 1.0 if chosen == 0.0 else power(count, chosen)
