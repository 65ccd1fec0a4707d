"""Excel's text functions, one module per topic."""

from __future__ import annotations

from sheetengine.functions.text import (
    byte_counts,
    changing,
    finding,
    joining,
    numbers,
    pieces,
    regular_expressions,
    splitting,
)

__all__ = ["byte_counts", "changing", "finding", "joining", "numbers", "pieces", "regular_expressions", "splitting"]
