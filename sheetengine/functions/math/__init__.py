"""Excel's math functions, one module per topic."""

from __future__ import annotations

from sheetengine.functions.math import elementary, matrices, rounding, sums

__all__ = ["elementary", "matrices", "rounding", "sums"]
