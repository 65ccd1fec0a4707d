"""Excel's math functions, one module per topic."""

from __future__ import annotations

from sheetengine.functions.math import (
    combinatorics,
    elementary,
    matrices,
    multiples,
    numerals,
    randomness,
    rounding,
    subtotals,
    sums,
    trigonometry,
)

__all__ = [
    "combinatorics",
    "elementary",
    "matrices",
    "multiples",
    "numerals",
    "randomness",
    "rounding",
    "subtotals",
    "sums",
    "trigonometry",
]
