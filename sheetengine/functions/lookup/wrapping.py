"""One line of many and many of one: TOCOL, TOROW, WRAPROWS, WRAPCOLS.

In: ranges and arrays. Out: arrays.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from sheetengine.address import MAX_COLUMNS, MAX_ROWS
from sheetengine.functions.context import Context
from sheetengine.functions.library import function
from sheetengine.functions.lookup.shapes import fits, grid_of, padded, scalar_of
from sheetengine.functions.lookup.stacks import joined
from sheetengine.functions.signature import Boolean, Integer, Raw
from sheetengine.grid import BLANK, ERROR, Grid
from sheetengine.values import CALC, NA, NUM, VALUE, CellError, Reference

_CATEGORY: Final = "lookup and reference"
_SOURCE: Final = "Microsoft Support: {} function"


def _strung(array: object, ignore: int, by_column: bool, context: Context) -> Grid | CellError:
    if ignore not in (0, 1, 2, 3):
        return VALUE
    if isinstance(array, Reference) and len(array.areas) > 1:
        parts = [part for area in array.areas if (part := _strung(Reference((area,)), ignore, by_column, context)) is not CALC]
        error = next((part for part in parts if isinstance(part, CellError)), CALC if not parts else None)
        return error or joined([part.reshape((part.size, 1)) for part in parts if isinstance(part, Grid)], 0)
    if ignore in (1, 3) and isinstance(array, Reference) and array.area is not None:
        # Blanks are left out, so nothing outside the used cells matters.
        used = context.used(array.area)
        if used is None:
            return CALC
        array = Reference((used,))
    grid = grid_of(array, context)
    if isinstance(grid, CellError):
        return grid
    flat = (grid.transpose() if by_column else grid).reshape((grid.size,))
    if ignore and flat.kinds is not None:
        keep = np.ones(flat.size, bool)
        if ignore in (1, 3):
            keep &= flat.kinds != BLANK
        if ignore in (2, 3):
            keep &= flat.kinds != ERROR
        flat = flat[keep]
    return flat if flat.size else CALC


@function(
    "TOCOL",
    category=_CATEGORY,
    summary="All elements of an array in one column.",
    examples={"=TOCOL({1,2;3,4})": [[1.0], [2.0], [3.0], [4.0]], "=TOCOL({1,2;3,4},0,TRUE)": [[1.0], [3.0], [2.0], [4.0]]},
    source=_SOURCE.format("TOCOL"),
    future="_xlfn.",
)
def to_column(array: Raw, ignore: Integer = 0, scan_by_column: Boolean = False, *, context: Context) -> Grid | CellError:
    """`ignore`: 0 nothing, 1 blanks, 2 errors, 3 both."""
    flat = _strung(array, ignore, scan_by_column, context)
    if isinstance(flat, CellError):
        return flat
    return flat.reshape((flat.size, 1)) if flat.size <= MAX_ROWS else NUM


@function(
    "TOROW",
    category=_CATEGORY,
    summary="All elements of an array in one row.",
    examples={"=TOROW({1,2;3,4})": [[1.0, 2.0, 3.0, 4.0]], "=TOROW({1,2;3,4},0,TRUE)": [[1.0, 3.0, 2.0, 4.0]]},
    source=_SOURCE.format("TOROW"),
    future="_xlfn.",
)
def to_row(array: Raw, ignore: Integer = 0, scan_by_column: Boolean = False, *, context: Context) -> Grid | CellError:
    """`ignore`: 0 nothing, 1 blanks, 2 errors, 3 both."""
    flat = _strung(array, ignore, scan_by_column, context)
    if isinstance(flat, CellError):
        return flat
    return flat.reshape((1, flat.size)) if flat.size <= MAX_COLUMNS else NUM


def _wrapped(vector: object, wrap_count: int, pad_with: object, context: Context) -> Grid | CellError:
    """A line cut into rows of a length; one that fits into a single row is not padded."""
    grid = grid_of(vector, context)
    if isinstance(grid, CellError):
        return grid
    if grid.height > 1 and grid.width > 1:
        return VALUE
    if wrap_count < 1:
        return NUM
    count = grid.size
    width = min(wrap_count, count)
    height = -(-count // width) if width else 0
    flat = padded(grid.reshape((1, count)), 1, height * width, scalar_of(pad_with, context))
    return flat.reshape((height, width))


@function(
    "WRAPROWS",
    category=_CATEGORY,
    summary="A row or column as rows of a given length.",
    examples={"=WRAPROWS({1,2,3,4,5},2,0)": [[1.0, 2.0], [3.0, 4.0], [5.0, 0.0]], "=WRAPROWS({1,2},5)": [[1.0, 2.0]]},
    source=_SOURCE.format("WRAPROWS"),
    future="_xlfn.",
)
def wrap_rows(vector: Raw, wrap_count: Integer, pad_with: Raw = NA, *, context: Context) -> Grid | CellError:
    """The last row is padded."""
    wrapped = _wrapped(vector, wrap_count, pad_with, context)
    if isinstance(wrapped, CellError):
        return wrapped
    return wrapped if fits(wrapped.height, wrapped.width) else NUM


@function(
    "WRAPCOLS",
    category=_CATEGORY,
    summary="A row or column as columns of a given length.",
    examples={"=WRAPCOLS({1,2,3,4,5},2,0)": [[1.0, 3.0, 5.0], [2.0, 4.0, 0.0]], "=WRAPCOLS({1,2},5)": [[1.0], [2.0]]},
    source=_SOURCE.format("WRAPCOLS"),
    future="_xlfn.",
)
def wrap_columns(vector: Raw, wrap_count: Integer, pad_with: Raw = NA, *, context: Context) -> Grid | CellError:
    """The last column is padded."""
    wrapped = _wrapped(vector, wrap_count, pad_with, context)
    if isinstance(wrapped, CellError):
        return wrapped
    return wrapped.transpose() if fits(wrapped.width, wrapped.height) else NUM
