"""Arrays in other shapes: TRANSPOSE, TAKE, DROP, EXPAND, HSTACK, VSTACK, TOCOL, TOROW, WRAPROWS, WRAPCOLS, CHOOSEROWS, CHOOSECOLS, TRIMRANGE."""

from __future__ import annotations

from typing import Final

from sheetengine.functions.library import function
from sheetengine.functions.signature import Array
from sheetengine.grid import Grid

_CATEGORY: Final = "lookup and reference"
_SOURCE: Final = "Microsoft Support: {} function"


@function(
    "TRANSPOSE",
    category=_CATEGORY,
    summary="An array with rows for columns.",
    examples={"=TRANSPOSE({1,2,3;4,5,6})": [[1.0, 4.0], [2.0, 5.0], [3.0, 6.0]]},
    source=_SOURCE.format("TRANSPOSE"),
)
def transpose(array: Array) -> Grid:
    """Rows become columns."""
    return array.transpose()
