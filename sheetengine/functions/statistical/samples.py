"""Samples as the functions of two of them take them.

In: grids; out: the numbers, in pairs where the functions pair them. A pair counts where both sides are numbers; blanks, texts and
booleans of a range put their pair out. The first error of the first sample, then of the second, answers.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sheetengine.functions.arguments import numbers_of
from sheetengine.grid import NUMBER, Grid, Numbers
from sheetengine.values import NA, CellError


def paired(one: Grid, two: Grid) -> tuple[Numbers, Numbers] | CellError:
    """The pairs of numbers of two samples of one size, else #N/A."""
    if one.size != two.size:
        return CellError(NA.code, f"the samples have {one.size} and {two.size} values")
    error = one.first_error() or two.first_error()
    if error is not None:
        return error
    first, second = one.numbers.reshape(-1), two.numbers.reshape(-1)
    if one.kinds is None and two.kinds is None:
        return first, second
    both = (one.kind_plane() == NUMBER).reshape(-1) & (two.kind_plane() == NUMBER).reshape(-1)
    return first[both], second[both]


def sample(grid: Grid) -> Numbers | CellError:
    """The numbers of a sample."""
    return numbers_of(grid)


def deviations(numbers: Numbers) -> Any:
    """The numbers less their mean; exactly 0 where all are the same."""
    first = numbers[0]
    if (numbers == first).all():
        return np.zeros(len(numbers))
    return numbers - numbers.mean()


def variance(numbers: Numbers) -> float:
    """Of a sample of two or more, by its deviations."""
    apart = deviations(numbers)
    return float((apart * apart).sum()) / (len(numbers) - 1)
