"""Bitwise operations on whole numbers of 48 bits.

In: numbers from 0 to 2^48 - 1 without a fraction; out: one such.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np

from sheetengine.functions.engineering.toolpak import CATEGORY, SOURCE
from sheetengine.functions.library import function
from sheetengine.functions.signature import Number
from sheetengine.grid import Grid
from sheetengine.values import NUM, NUM_ID, CellError, Scalar

_LIMIT: Final = 2.0**48
_MOST_SHIFT: Final = 53.0
_OUTSIDE: Final = CellError("#NUM!", "not a whole number from 0 to 2^48 - 1")


def _outside(number: Any) -> Any:
    return (number < 0.0) | (number >= _LIMIT) | (number != np.floor(number))


def _declare(name: str, summary: str, examples: Mapping[str, Scalar | list[list[Scalar]]], operate: Callable[[Any, Any], Any]) -> None:
    def body(number1: Number, number2: Number) -> Scalar:
        if _outside(number1) or _outside(number2):
            return _OUTSIDE
        return float(operate(int(number1), int(number2)))

    def vector(number1: Any, number2: Any) -> Grid:
        wrong = np.asarray(_outside(number1) | _outside(number2))
        one, two = (np.where(wrong, 0.0, number).astype(np.int64) for number in (number1, number2))
        found = operate(one, two).astype(np.float64)
        return Grid.from_numbers_and_errors(found, np.where(wrong, NUM_ID, -1).astype(np.int64))

    function(
        name, category=CATEGORY, summary=summary, examples=examples, source=SOURCE.format(name), vector=vector, future="_xlfn."
    )(body)  # fmt: skip


_declare("BITAND", "The bits that two numbers have in common.", {"=BITAND(1,5)": 1.0, "=BITAND(13,25)": 9.0}, lambda a, b: a & b)
_declare("BITOR", "The bits that either of two numbers has.", {"=BITOR(23,10)": 31.0}, lambda a, b: a | b)
_declare("BITXOR", "The bits that one of two numbers has and the other has not.", {"=BITXOR(5,3)": 6.0}, lambda a, b: a ^ b)


def _shifted(number: float, amount: float, left: bool) -> Scalar:
    if _outside(number):
        return _OUTSIDE
    if abs(amount) > _MOST_SHIFT:
        return CellError("#NUM!", "a shift of more than 53 bits")
    places = int(amount) if left else -int(amount)
    found = int(number) << places if places >= 0 else int(number) >> -places
    return float(found) if found < _LIMIT else NUM


@function(
    "BITLSHIFT", category=CATEGORY, summary="A number with its bits moved to the left.", examples={"=BITLSHIFT(4,2)": 16.0},
    source=SOURCE.format("BITLSHIFT"), future="_xlfn.",
)  # fmt: skip
def shifted_left(number: Number, shift_amount: Number) -> Scalar:
    return _shifted(number, shift_amount, left=True)


@function(
    "BITRSHIFT", category=CATEGORY, summary="A number with its bits moved to the right.", examples={"=BITRSHIFT(13,2)": 3.0},
    source=SOURCE.format("BITRSHIFT"), future="_xlfn.",
)  # fmt: skip
def shifted_right(number: Number, shift_amount: Number) -> Scalar:
    return _shifted(number, shift_amount, left=False)
