"""Factorials, binomial and multinomial coefficients, greatest common divisors and least common multiples."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np

from sheetengine.coerce import to_number
from sheetengine.functions.arguments import dereference
from sheetengine.functions.context import Context
from sheetengine.functions.library import function
from sheetengine.functions.math.lanes import CATEGORY, SOURCE, toolpak, with_errors
from sheetengine.functions.math.sums import read_used
from sheetengine.functions.signature import Number, Raw
from sheetengine.grid import Grid
from sheetengine.values import MISSING, NA, NUM, VALUE, CellError, Lambda, Reference, Scalar

_FACTORIALS: Final = np.array([float(math.factorial(number)) for number in range(171)])
_MOST_EXACT: Final = 2.0**53
_MOST_ITEMS: Final = 2.0**31 - 1.0
_MOST_CHOSEN: Final = 1100
"""C(n, k) is beyond a double's range where both k and n - k are larger."""


def _fact_vector(number: Any) -> Grid:
    whole = np.trunc(np.asarray(number, np.float64))
    outside = (np.asarray(number) < 0.0) | (whole > 170.0)
    return with_errors(_FACTORIALS[np.where(outside, 0.0, whole).astype(np.int64)], [(outside, NUM)])


@function(
    "FACT", category=CATEGORY, summary="The factorial of a number cut to a whole one.",
    examples={"=FACT(5)": 120.0, "=FACT(1.9)": 1.0, "=FACT(0)": 1.0, "=FACT(-1)": CellError("#NUM!")}, source=SOURCE.format("FACT"),
    vector=_fact_vector,
)  # fmt: skip
def factorial(number: Number) -> Scalar:
    return NUM if number < 0.0 or number >= 171.0 else float(_FACTORIALS[int(number)])


@toolpak("FACTDOUBLE", "The double factorial of a number cut to a whole one.", {"=FACTDOUBLE(6)": 48.0, "=FACTDOUBLE(7)": 105.0})
def double_factorial(number: Number) -> Scalar:
    """n·(n-2)·…; 1 for 0 and for -1."""
    whole = math.trunc(number)
    if whole < -1 or whole > 300:
        return NUM
    return float(math.prod(range(whole, 1, -2)))


def binomial(count: float, chosen: float) -> float:
    """C(count, chosen) of whole numbers; infinite where a double cannot hold it.

    >>> binomial(10.0, 3.0)
    120.0
    """
    if not 0.0 <= chosen <= count:
        return 0.0
    fewer = min(chosen, count - chosen)
    if fewer == 0.0:
        return 1.0
    if fewer > _MOST_CHOSEN or fewer * (math.log(count) - math.log(fewer)) > 720.0:
        return math.inf
    exact = math.comb(int(count), int(fewer))
    return float(exact) if exact.bit_length() <= 1024 else math.inf


@function(
    "COMBIN", category=CATEGORY, summary="The number of ways to choose some of a number of items.",
    examples={"=COMBIN(8,2)": 28.0, "=COMBIN(10,3)": 120.0, "=COMBIN(2,3)": CellError("#NUM!")}, source=SOURCE.format("COMBIN"),
)  # fmt: skip
def combinations(number: Number, number_chosen: Number) -> Scalar:
    count, chosen = float(math.trunc(number)), float(math.trunc(number_chosen))
    if number < 0.0 or number_chosen < 0.0 or count < chosen or count >= _MOST_ITEMS:
        return NUM
    return binomial(count, chosen)


@function(
    "COMBINA", category=CATEGORY, summary="The number of ways to choose some of a number of items, each as often as one likes.",
    examples={"=COMBINA(4,3)": 20.0, "=COMBINA(10,3)": 220.0}, source=SOURCE.format("COMBINA"), future="_xlfn.",
)  # fmt: skip
def combinations_with_repetition(number: Number, number_chosen: Number) -> Scalar:
    count, chosen = float(math.trunc(number)), float(math.trunc(number_chosen))
    if number < 0.0 or number_chosen < 0.0 or (count == 0.0 and chosen > 0.0) or count + chosen >= _MOST_ITEMS:
        return NUM
    return binomial(count + chosen - 1.0, chosen) if chosen else 1.0


# -- of any number of numbers ----------------------------------------------------------------------------------------------


def _each_number(arguments: Sequence[object], context: Context) -> list[float] | CellError:
    """All numbers of the arguments as functions of the Analysis ToolPak take them: texts are read, booleans are #VALUE!.

    A blank cell given alone does not count, one in a range is 0; without any number the answer is #VALUE! (books saved by
    Excel: GCD_LCM).
    """
    numbers: list[float] = []
    for argument in arguments:
        if argument is MISSING:
            return NA
        if isinstance(argument, Reference):
            if argument.area is None:
                return VALUE
            size = argument.area.height * argument.area.width
            if size == 1:
                value = dereference(argument, context)
                values: list[Scalar] = [] if value is None else [value]  # type: ignore[list-item]  # one cell is a scalar
            else:
                grid = read_used(argument.area, context)
                values = [] if grid is None else grid.flat()
                if len(values) < size:
                    values.append(0.0)
        elif isinstance(argument, Grid):
            values = argument.flat()
        elif isinstance(argument, Lambda):
            return VALUE
        else:
            values = [argument]  # type: ignore[list-item]  # a scalar
        for value in values:
            if isinstance(value, bool):
                return VALUE
            number = value if type(value) is float else to_number(value, context.date1904)
            if isinstance(number, CellError):
                return number
            if number < 0.0:
                return CellError("#NUM!", "a negative number")
            numbers.append(float(math.trunc(number)))
    return numbers or CellError("#VALUE!", "no numbers")


def _of_all(
    name: str, fold: Callable[[list[int]], Scalar], summary: str, examples: dict[str, Scalar | list[list[Scalar]]]
) -> None:  # fmt: skip
    def body(number1: Raw, *more: Raw, context: Context) -> Scalar:
        numbers = _each_number((number1, *more), context)
        if isinstance(numbers, CellError):
            return numbers
        if any(number >= _MOST_EXACT for number in numbers):
            return CellError("#NUM!", "a number of 2^53 or more")
        return fold([int(number) for number in numbers])

    function(name, category=CATEGORY, summary=summary, examples=examples, source=SOURCE.format(name))(body)


def _least_common_multiple(numbers: list[int]) -> Scalar:
    multiple = 1
    for number in numbers:
        if number == 0:
            return 0.0
        multiple = math.lcm(multiple, number)
        if multiple >= _MOST_EXACT and 0 not in numbers:
            return CellError("#NUM!", "the multiple is 2^53 or more")
        multiple = min(multiple, 1 << 200)
    return float(multiple)


def _multinomial(numbers: list[int]) -> Scalar:
    total, result = 0, 1.0
    for number in numbers:
        total += number
        result *= binomial(float(total), float(number))
        if not math.isfinite(result):
            return NUM
    return result


_of_all(
    "GCD", lambda numbers: float(math.gcd(*numbers)), "The greatest common divisor of whole numbers.",
    {"=GCD(5,2)": 1.0, "=GCD(24,36)": 12.0, "=GCD(7,1)": 1.0, "=GCD(5,0)": 5.0},
)  # fmt: skip
_of_all("LCM", _least_common_multiple, "The least common multiple of whole numbers.", {"=LCM(5,2)": 10.0, "=LCM(24,36)": 72.0})
_of_all("MULTINOMIAL", _multinomial, "The factorial of a sum divided by the product of factorials.", {"=MULTINOMIAL(2,3,4)": 1260.0})
