"""The error function and its complement, and the steps DELTA and GESTEP."""

from __future__ import annotations

import importlib
from functools import cache
from typing import Any

from sheetengine.functions.engineering.toolpak import CATEGORY, SOURCE, toolpak
from sheetengine.functions.library import function
from sheetengine.functions.signature import Number
from sheetengine.values import Scalar


@cache
def special() -> Any:
    """scipy.special, loaded at the first use: it takes longer to import than the engine."""
    return importlib.import_module("scipy.special")


def error_between(lower: float, upper: float | None) -> float:
    """The integral of the error function's density between two limits, or from 0 to one."""
    if upper is None:
        return float(special().erf(lower))
    return float(special().erf(upper) - special().erf(lower))


@toolpak(
    "ERF",
    "The error function from 0 to a limit, or between two limits.",
    {"=ERF(0.745)": 0.7079289200957377, "=ERF(1)": 0.8427007929497149},
)
def error_function(lower_limit: Number, upper_limit: Number | None = None) -> Scalar:
    return error_between(lower_limit, upper_limit)


@toolpak("ERFC", "The complement of the error function.", {"=ERFC(1)": 0.15729920705028513})
def error_complement(x: Number) -> Scalar:
    return float(special().erfc(x))


def _erf(x: Any) -> Any:
    return special().erf(x)


def _erfc(x: Any) -> Any:
    return special().erfc(x)


@function(
    "ERF.PRECISE", category=CATEGORY, summary="The error function from 0 to a limit.", examples={"=ERF.PRECISE(1)": 0.8427007929497149},
    source=SOURCE.format("ERF.PRECISE"), vector=_erf, future="_xlfn.",
)  # fmt: skip
def error_function_precise(x: Number) -> Scalar:
    return float(special().erf(x))


@function(
    "ERFC.PRECISE", category=CATEGORY, summary="The complement of the error function.", examples={"=ERFC.PRECISE(1)": 0.15729920705028513},
    source=SOURCE.format("ERFC.PRECISE"), vector=_erfc, future="_xlfn.",
)  # fmt: skip
def error_complement_precise(x: Number) -> Scalar:
    return float(special().erfc(x))


@toolpak("DELTA", "1 where two numbers are equal, else 0.", {"=DELTA(5,4)": 0.0, "=DELTA(5,5)": 1.0, "=DELTA(0.5,0)": 0.0})
def delta(number1: Number, number2: Number = 0.0) -> Scalar:
    return float(number1 == number2)


@toolpak("GESTEP", "1 where a number reaches a step, else 0.", {"=GESTEP(5,4)": 1.0, "=GESTEP(-4,-5)": 1.0, "=GESTEP(-1)": 0.0})
def step(number: Number, step: Number = 0.0) -> Scalar:
    return float(number >= step)
