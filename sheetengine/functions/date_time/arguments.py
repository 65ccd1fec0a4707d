"""Arguments as the functions of the old Analysis ToolPak take them: numbers and texts that are numbers, no booleans.

In: what a parameter of kind `Value` holds; out: a float, or `#VALUE!`. Invariant: `strict_plane` gives in each lane what
`strict_number` gives. Evidence: EOMONTH(date,TRUE) is #VALUE! in a book saved by Excel 16, where EOMONTH(date,"2") counts.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sheetengine.coerce import Errors, first_errors, to_number
from sheetengine.functions.context import Context
from sheetengine.grid import BLANK, NUMBER, Grid
from sheetengine.values import VALUE, CellError, Scalar, error_id


def strict_number(value: Scalar, date1904: bool = False) -> float | CellError:
    """A scalar as a number; a boolean is #VALUE!."""
    if type(value) is float:
        return value
    return VALUE if isinstance(value, bool) else to_number(value, date1904)


def strict_numbers(context: Context, *values: Scalar) -> list[float] | CellError:
    """Scalars as numbers, or the first error."""
    numbers: list[float] = []
    for value in values:
        number = value if type(value) is float else strict_number(value, context.date1904)
        if isinstance(number, CellError):
            return number
        numbers.append(number)
    return numbers


def strict_plane(lane: Any, date1904: bool) -> tuple[Any, Errors | None]:
    """A lane (flat Grid or scalar) as an array or a float, and the ids of errors (-1: none), or None where there are none."""
    if not isinstance(lane, Grid):
        number = strict_number(lane, date1904)
        return (0.0, np.array([error_id(number)], np.int64)) if isinstance(number, CellError) else (number, None)
    kinds = lane.kinds
    if kinds is None or bool(((kinds == NUMBER) | (kinds == BLANK)).all()):
        return lane.numbers, None
    converted = [strict_number(value, date1904) for value in lane.flat()]
    errors = np.array([error_id(value) if isinstance(value, CellError) else -1 for value in converted], np.int64)
    numbers = np.array([0.0 if isinstance(value, CellError) else value for value in converted])
    return numbers, errors if (errors >= 0).any() else None


def strict_planes(context: Context, *lanes: Any) -> tuple[list[NDArray[np.float64]], Errors | None]:
    """Lanes as arrays of one length, and their first errors."""
    planes = []
    errors: Errors | None = None
    for lane in lanes:
        plane, wrong = strict_plane(lane, context.date1904)
        planes.append(np.atleast_1d(np.asarray(plane, np.float64)))
        if wrong is not None:
            errors = wrong if errors is None else first_errors(*np.broadcast_arrays(errors, wrong))
    return list(np.broadcast_arrays(*planes)), errors
