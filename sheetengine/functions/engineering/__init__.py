"""Excel's engineering functions, one module per topic."""

from __future__ import annotations

from sheetengine.functions.engineering import (
    bessel,
    bits,
    complex_functions,
    complex_parts,
    conversion,
    error_functions,
    numerals,
)

__all__ = [
    "bessel",
    "bits",
    "complex_functions",
    "complex_parts",
    "conversion",
    "error_functions",
    "numerals",
]
