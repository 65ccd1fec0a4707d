"""Landing: what a formula's value becomes in its cell.

In: what the scalar form of a program answered. Out: a scalar, or a Grid that spills.
"""

from __future__ import annotations

from sheetengine.compiler.frame import Frame
from sheetengine.functions.arguments import dereference
from sheetengine.grid import Grid
from sheetengine.values import CALC, MISSING, CellError, Lambda, Reference


def land(value: object, mode: str, frame: Frame, largest: int) -> object:
    """References are read, blanks become 0, an array of one cell its value; `largest`: cells of the largest array that may spill."""
    if type(value) is float:
        return value
    if isinstance(value, Reference):
        value = dereference(value, frame)
    if value is None or value is MISSING:
        return 0.0
    if isinstance(value, Grid):
        if value.size == 0:
            return CellError("#CALC!", "the array is empty")
        if value.size > largest:
            return CellError("#NUM!", f"an array of {value.size:,} cells; this workbook allows {largest:,} (largest_result)")
        if value.shape == (1, 1) or mode == "legacy":
            single = value.item(0, 0)
            return 0.0 if single is None else single
        return value
    return CALC if isinstance(value, Lambda) else value
