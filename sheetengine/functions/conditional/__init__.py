"""The functions that add, count and compare what meets criteria: SUMIF, COUNTIFS, MAXIFS and their kin."""

from __future__ import annotations

from sheetengine.functions.conditional import declared

__all__ = ["declared"]
