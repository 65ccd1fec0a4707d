"""Arrays turned, cut and chosen from: TRANSPOSE, TAKE, DROP, EXPAND, CHOOSEROWS, CHOOSECOLS and TRIMRANGE.

In: ranges and arrays. Out: arrays; TAKE, DROP and TRIMRANGE of a range are references. What is larger than a sheet is an error.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sheetengine.address import MAX_COLUMNS, MAX_ROWS
from sheetengine.coerce import to_number
from sheetengine.functions.arguments import as_grid
from sheetengine.functions.context import Context
from sheetengine.functions.library import function
from sheetengine.functions.lookup.lanes import table_of
from sheetengine.functions.signature import Integer, Raw
from sheetengine.grid import BLANK, Grid
from sheetengine.values import CALC, MISSING, NA, REF, VALUE, Area, CellError, Reference, Scalar

_CATEGORY: Final = "lookup and reference"
_SOURCE: Final = "Microsoft Support: {} function"
_MOST_CELLS: Final = 1 << 25
TOO_LARGE: Final = CellError("#NUM!", "an array of that size cannot be held")


def grid_of(argument: object, context: Context) -> Grid | CellError:
    """An argument as an array; an area too large to hold is #NUM!, an error that is given by itself that error."""
    if isinstance(argument, CellError):
        return argument
    if isinstance(argument, Reference) and argument.area is not None and argument.area.height * argument.area.width > _MOST_CELLS:
        return TOO_LARGE
    return as_grid(argument, context)


def scalar_of(argument: object, context: Context) -> Scalar:
    """An argument as one value: of a range or array the first element."""
    if argument is MISSING or argument is None:
        return None
    if isinstance(argument, Reference):
        area = argument.area
        return VALUE if area is None else context.cell(area.sheet, area.top, area.left)
    if isinstance(argument, Grid):
        return argument.item(0, 0) if argument.size else CALC
    return argument if isinstance(argument, float | str | bool | CellError) else VALUE


def fits(height: int, width: int) -> bool:
    """Whether an array of that size can be held."""
    return height <= MAX_ROWS and width <= MAX_COLUMNS and height * width <= _MOST_CELLS


@function(
    "TRANSPOSE",
    category=_CATEGORY,
    summary="An array with rows for columns.",
    examples={"=TRANSPOSE({1,2,3;4,5,6})": [[1.0, 4.0], [2.0, 5.0], [3.0, 6.0]]},
    source=_SOURCE.format("TRANSPOSE"),
)
def transpose(array: Raw, *, context: Context) -> Grid | CellError:
    """Rows become columns."""
    grid = grid_of(array, context)
    return grid if isinstance(grid, CellError) else grid.transpose()


# -- parts -------------------------------------------------------------------------------------------------------------------


def _part(table: Area | Grid, top: int, left: int, height: int, width: int) -> Reference | Grid:
    if isinstance(table, Grid):
        return table[top : top + height, left : left + width]
    top, left = table.top + top, table.left + left
    return Reference((Area(table.sheet, top, left, top + height - 1, left + width - 1),))


def _taken(extent: int, count: int | None) -> tuple[int, int]:
    """Start and length of what is taken from one side."""
    if count is None or abs(count) >= extent:
        return 0, extent
    return (0, count) if count >= 0 else (extent + count, -count)


@function(
    "TAKE",
    category=_CATEGORY,
    summary="The first (or, below zero, the last) rows and columns of an array.",
    examples={"=TAKE({1,2,3;4,5,6;7,8,9},2)": [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], "=TAKE({1,2,3;4,5,6;7,8,9},-1,2)": [[7.0, 8.0]]},
    source=_SOURCE.format("TAKE"),
    references=True,
    future="_xlfn.",
)
def take(array: Raw, rows: Integer | None = None, columns: Integer | None = None) -> Reference | Grid | CellError:
    """More than there is takes all; 0 is #CALC!."""
    table = table_of(array)
    if isinstance(table, CellError):
        return table
    if rows == 0 or columns == 0:
        return CALC
    top, height = _taken(table.height, rows)
    left, width = _taken(table.width, columns)
    return _part(table, top, left, height, width)


def _left_over(extent: int, count: int | None) -> tuple[int, int]:
    """Start and length of what is left when some is dropped from one side."""
    count = count or 0
    return (min(count, extent), max(extent - count, 0)) if count >= 0 else (0, max(extent + count, 0))


@function(
    "DROP",
    category=_CATEGORY,
    summary="An array without its first (or, below zero, last) rows and columns.",
    examples={"=DROP({1,2,3;4,5,6;7,8,9},2)": [[7.0, 8.0, 9.0]], "=DROP({1,2,3;4,5,6;7,8,9},-1,2)": [[3.0], [6.0]]},
    source=_SOURCE.format("DROP"),
    references=True,
    future="_xlfn.",
)
def drop(array: Raw, rows: Integer | None = None, columns: Integer | None = None) -> Reference | Grid | CellError:
    """When nothing is left the answer is #CALC!."""
    table = table_of(array)
    if isinstance(table, CellError):
        return table
    top, height = _left_over(table.height, rows)
    left, width = _left_over(table.width, columns)
    return _part(table, top, left, height, width) if height and width else CALC


@function(
    "EXPAND",
    category=_CATEGORY,
    summary="An array made larger, the new elements padded.",
    examples={
        "=EXPAND({1,2;3,4},3,3,0)": [[1.0, 2.0, 0.0], [3.0, 4.0, 0.0], [0.0, 0.0, 0.0]],
        '=EXPAND({1,2;3,4},2,3,"-")': [[1.0, 2.0, "-"], [3.0, 4.0, "-"]],
    },
    source=_SOURCE.format("EXPAND"),
    future="_xlfn.",
)
def expand(
    array: Raw, rows: Integer | None = None, columns: Integer | None = None, pad_with: Raw = NA, *, context: Context
) -> Grid | CellError:
    """#VALUE! where the new size is smaller; left out, a size stays as it is."""
    grid = grid_of(array, context)
    if isinstance(grid, CellError):
        return grid
    height = grid.height if rows is None else rows
    width = grid.width if columns is None else columns
    if height < grid.height or width < grid.width:
        return VALUE
    if not fits(height, width):
        return TOO_LARGE
    return padded(grid, height, width, scalar_of(pad_with, context))


def padded(grid: Grid, height: int, width: int, pad: Scalar) -> Grid:
    """A grid in the top left corner of a larger one."""
    if grid.shape == (height, width):
        return grid
    filler = Grid.from_flat([pad], (1,))
    numbers = np.full((height, width), filler.numbers[0])
    kinds = np.full((height, width), filler.kind_plane()[0], np.uint8)
    numbers[: grid.height, : grid.width] = grid.numbers
    kinds[: grid.height, : grid.width] = grid.kind_plane()
    texts = None
    if grid.texts is not None or isinstance(pad, str):
        texts = np.full((height, width), pad if isinstance(pad, str) else None, dtype=object)
        texts[: grid.height, : grid.width] = grid.text_plane()
    return Grid(numbers, None if (kinds == 1).all() else kinds, texts)


# -- chosen lines --------------------------------------------------------------------------------------------------------------


def _numbers_of(arguments: Sequence[object], extent: int, context: Context) -> list[int] | CellError:
    """0-based places from 1-based numbers, counted from the end below zero."""
    places = []
    for argument in arguments:
        if isinstance(argument, CellError):
            return argument
        grid = grid_of(argument, context)
        if isinstance(grid, CellError):
            return grid
        for value in grid.flat():
            number = to_number(value, context.date1904)
            if isinstance(number, CellError):
                return number
            place = int(number)
            if place == 0 or abs(place) > extent:
                return CellError("#VALUE!", f"there is no line {place} among {extent}")
            places.append(place - 1 if place > 0 else extent + place)
    return places


@function(
    "CHOOSEROWS",
    category=_CATEGORY,
    summary="Some rows of an array, in any order.",
    examples={"=CHOOSEROWS({1,2;3,4;5,6},3,1)": [[5.0, 6.0], [1.0, 2.0]], "=CHOOSEROWS({1,2;3,4;5,6},-1)": [[5.0, 6.0]]},
    source=_SOURCE.format("CHOOSEROWS"),
    future="_xlfn.",
)
def choose_rows(array: Raw, row_num1: Raw, *row_nums: Raw, context: Context) -> Grid | CellError:
    """#VALUE! for a row that is not there."""
    grid = grid_of(array, context)
    if isinstance(grid, CellError):
        return grid
    places = _numbers_of((row_num1, *row_nums), grid.height, context)
    if isinstance(places, CellError):
        return places
    return grid[np.array(places)] if fits(len(places), grid.width) else TOO_LARGE


@function(
    "CHOOSECOLS",
    category=_CATEGORY,
    summary="Some columns of an array, in any order.",
    examples={"=CHOOSECOLS({1,2,3;4,5,6},3,1)": [[3.0, 1.0], [6.0, 4.0]], "=CHOOSECOLS({1,2,3;4,5,6},-1)": [[3.0], [6.0]]},
    source=_SOURCE.format("CHOOSECOLS"),
    future="_xlfn.",
)
def choose_columns(array: Raw, col_num1: Raw, *col_nums: Raw, context: Context) -> Grid | CellError:
    """#VALUE! for a column that is not there."""
    grid = grid_of(array, context)
    if isinstance(grid, CellError):
        return grid
    places = _numbers_of((col_num1, *col_nums), grid.width, context)
    if isinstance(places, CellError):
        return places
    return grid[:, np.array(places)] if fits(grid.height, len(places)) else TOO_LARGE


def _ends(full: NDArray[np.bool_]) -> tuple[int, int]:
    places = np.flatnonzero(full)
    return int(places[0]), int(places[-1])


@function(
    "TRIMRANGE",
    category=_CATEGORY,
    summary="A range without the empty rows and columns at its edges.",
    examples={"=TRIMRANGE({1,2})": [[1.0, 2.0]]},
    source=_SOURCE.format("TRIMRANGE"),
    references=True,
    future="_xlfn.",
)
def trim_range(range_: Raw, trim_rows: Integer = 3, trim_cols: Integer = 3, *, context: Context) -> Reference | Grid | CellError:
    """Modes: 0 keep, 1 leading, 2 trailing, 3 both; #REF! where nothing is left."""
    if trim_rows not in (0, 1, 2, 3) or trim_cols not in (0, 1, 2, 3):
        return VALUE
    table = table_of(range_)
    if isinstance(table, CellError):
        return table
    top = left = 0
    if isinstance(table, Area):
        used = context.used(table)
        if used is None:
            return REF
        top, left = used.top - table.top, used.left - table.left
        grid = context.read(used)
    else:
        grid = table
    full = grid.kind_plane() != BLANK
    if not full.any():
        return REF
    (first_row, last_row), (first_column, last_column) = _ends(full.any(axis=1)), _ends(full.any(axis=0))
    first_row, last_row = (first_row + top if trim_rows in (1, 3) else 0), (last_row + top if trim_rows in (2, 3) else table.height - 1)
    first_column = first_column + left if trim_cols in (1, 3) else 0
    last_column = last_column + left if trim_cols in (2, 3) else table.width - 1
    return _part(table, first_row, first_column, last_row - first_row + 1, last_column - first_column + 1)


__all__ = ["TOO_LARGE", "fits", "grid_of", "padded", "scalar_of"]
