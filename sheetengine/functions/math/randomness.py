"""RAND, RANDBETWEEN, RANDARRAY: functions of the seed, the round, the cell and the call (`Context.random`)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sheetengine.functions.arguments import scalar_argument
from sheetengine.functions.context import Context
from sheetengine.functions.library import function
from sheetengine.functions.math.lanes import CATEGORY, SOURCE, with_errors
from sheetengine.functions.math.matrices import array_size, size_errors
from sheetengine.functions.signature import Boolean, Kind, Number, Parameter, Raw
from sheetengine.functions.stretch import common_shape, fit
from sheetengine.functions.toolpak import toolpak_argument
from sheetengine.grid import Grid
from sheetengine.values import NUM, VALUE, CellError, Scalar


@function(
    "RAND",
    category=CATEGORY,
    summary="A random number from 0 up to 1.",
    examples={"=INT(RAND())": 0.0},
    source=SOURCE.format("RAND"),
    volatile=True,
)
def rand(*, context: Context) -> Scalar:
    return float(context.random(1)[0])


_NUMBER = Parameter("number", Kind.NUMBER)


@function(
    "RANDBETWEEN", category=CATEGORY, summary="A random whole number between two.",
    examples={"=RANDBETWEEN(3,3)": 3.0, "=RANDBETWEEN(2,1)": CellError("#NUM!")}, source=SOURCE.format("RANDBETWEEN"), volatile=True,
)  # fmt: skip
def rand_between(bottom: Raw, top: Raw, *, context: Context) -> object:
    """Of arrays one number for each pair; a range of several cells, a boolean or an empty argument as in the Analysis ToolPak."""
    grids = []
    for argument in (bottom, top):
        value = toolpak_argument(argument, _NUMBER, context)
        if isinstance(value, Grid):
            grids.append(value)
            continue
        number = scalar_argument(value, _NUMBER, context.date1904)
        if isinstance(number, CellError):
            return number
        grids.append(Grid.from_flat([number], (1, 1)))  # type: ignore[list-item]  # a float
    shape = common_shape([grid.shape for grid in grids])
    lows, highs = (fit(grid, shape).flat() for grid in grids)
    draws = context.random(len(lows)).tolist()
    answers = [_between(low, high, draw, context) for low, high, draw in zip(lows, highs, draws, strict=True)]
    return answers[0] if shape == (1, 1) else Grid.from_flat(answers, shape)


def _between(low: Scalar, high: Scalar, draw: float, context: Context) -> Scalar:
    least = scalar_argument(low, _NUMBER, context.date1904)
    most = scalar_argument(high, _NUMBER, context.date1904)
    if not isinstance(least, float):
        return least  # type: ignore[return-value]  # an error
    if not isinstance(most, float):
        return most  # type: ignore[return-value]
    first, last = math.ceil(least), math.floor(most)
    if least > most:
        return NUM
    return float(first + math.floor(draw * (max(last, first) - first + 1)))


def _rand_array_vector(
    rows: Any = None, columns: Any = None, min_: Any = None, max_: Any = None, whole_number: Any = False, *, context: Context
) -> Grid:
    """The first elements: arrays do not nest, and need not be built."""
    count = max(np.size(value) for value in (rows, columns, min_, max_, whole_number))
    low = np.asarray(0.0 if min_ is None else min_, np.float64)
    high = np.asarray(1.0 if max_ is None else max_, np.float64)
    broken = (low > high) | (np.asarray(whole_number) & ((low != np.floor(low)) | (high != np.floor(high))))
    draws = context.random(count)
    found = np.where(whole_number, low + np.floor(draws * (high - low + 1.0)), low + draws * (high - low))
    return with_errors(found, [*size_errors(rows, columns), (broken, VALUE)])


@function(
    "RANDARRAY", category=CATEGORY, summary="An array of random numbers.",
    examples={"=RANDARRAY(1,2,5,5,TRUE)": [[5.0, 5.0]], "=RANDARRAY(1,1,2,1)": CellError("#VALUE!")}, source=SOURCE.format("RANDARRAY"),
    future="_xlfn.", vector=_rand_array_vector, first_elements=True,
    volatile=True,
)  # fmt: skip
def rand_array(
    rows: Number | None = None, columns: Number | None = None, min_: Number | None = None, max_: Number | None = None,
    whole_number: Boolean = False, *, context: Context,
) -> Grid | CellError:  # fmt: skip
    size = array_size(rows, columns)
    if isinstance(size, CellError):
        return size
    low, high = 0.0 if min_ is None else min_, 1.0 if max_ is None else max_
    if low > high or (whole_number and (low != math.floor(low) or high != math.floor(high))):
        return VALUE
    draws = context.random(size[0] * size[1]).reshape(size)
    with np.errstate(all="ignore"):
        if whole_number:
            return Grid.from_numbers(low + np.floor(draws * (high - low + 1.0)))
        return Grid.from_numbers(low + draws * (high - low))
