"""Arrays in other shapes: TRANSPOSE, TAKE, DROP, EXPAND, HSTACK, VSTACK, TOCOL, TOROW, WRAPROWS, WRAPCOLS, CHOOSEROWS, CHOOSECOLS
and TRIMRANGE.

In: ranges and arrays. Out: arrays; TAKE, DROP and TRIMRANGE of a range are references. What is larger than a sheet is an error.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sheetengine.address import MAX_COLUMNS, MAX_ROWS
from sheetengine.coerce import to_number
from sheetengine.functions.arguments import as_grid
from sheetengine.functions.context import Context
from sheetengine.functions.library import function
from sheetengine.functions.lookup.lanes import table_of
from sheetengine.functions.signature import Boolean, Integer, Raw
from sheetengine.grid import BLANK, ERROR, Grid
from sheetengine.values import CALC, MISSING, NA, NUM, REF, VALUE, Area, CellError, Lambda, Reference, Scalar

_CATEGORY: Final = "lookup and reference"
_SOURCE: Final = "Microsoft Support: {} function"
_MOST_CELLS: Final = 1 << 25
_TOO_LARGE: Final = CellError("#NUM!", "an array of that size cannot be held")


def grid_of(argument: object, context: Context) -> Grid | CellError:
    """An argument as an array; an area too large to hold is #NUM!, an error that is given by itself that error."""
    if isinstance(argument, CellError):
        return argument
    if isinstance(argument, Reference) and argument.area is not None and argument.area.height * argument.area.width > _MOST_CELLS:
        return _TOO_LARGE
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


def _fits(height: int, width: int) -> bool:
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
    if not _fits(height, width):
        return _TOO_LARGE
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


class FunctionStack(Lambda):
    """Functions beside or below each other, as HSTACK and VSTACK make them for GROUPBY and PIVOTBY; in a cell it is #CALC!."""

    __slots__ = ("across", "functions")

    def __init__(self, functions: Sequence[Lambda], across: bool) -> None:
        self.functions = functions
        self.across = across

    @property
    def least(self) -> int:
        """Arguments that cannot be left out."""
        return 1

    @property
    def most(self) -> int:
        """Arguments at the most."""
        return 255

    def __call__(self, *arguments: object) -> object:
        return CALC


def _function_stack(arguments: Sequence[object], across: bool) -> FunctionStack | None:
    functions: list[Lambda] = []
    for argument in arguments:
        if isinstance(argument, FunctionStack):
            functions.extend(argument.functions)
        elif isinstance(argument, Lambda):
            functions.append(argument)
        else:
            return None
    return FunctionStack(functions, across)


# -- stacks ------------------------------------------------------------------------------------------------------------------


def _single_areas(arguments: Sequence[object]) -> Iterator[object]:
    """The arguments, those of several areas (3-D references, unions) area by area."""
    for argument in arguments:
        if isinstance(argument, Reference):
            yield from (Reference((area,)) for area in argument.areas)
        else:
            yield argument


def _grids(arguments: Sequence[object], context: Context) -> list[Grid] | CellError:
    """Arguments as arrays; an error given by itself is an element like any other."""
    grids = []
    for argument in _single_areas(arguments):
        if isinstance(argument, CellError):
            grids.append(Grid.from_flat([argument], (1, 1)))
            continue
        grid = grid_of(argument, context)
        if isinstance(grid, CellError):
            return grid
        grids.append(grid)
    return grids


def joined(grids: Sequence[Grid], axis: int) -> Grid:
    """Grids one after the other along an axis; the other extents are the same."""
    pure = all(grid.kinds is None for grid in grids)
    return Grid(
        np.concatenate([grid.numbers for grid in grids], axis),
        None if pure else np.concatenate([grid.kind_plane() for grid in grids], axis),
        np.concatenate([grid.text_plane() for grid in grids], axis) if any(grid.texts is not None for grid in grids) else None,
    )


@function(
    "VSTACK",
    category=_CATEGORY,
    summary="Arrays below each other, narrower ones padded with #N/A.",
    examples={"=VSTACK({1,2},{3,4})": [[1.0, 2.0], [3.0, 4.0]], "=VSTACK({1,2},3)": [[1.0, 2.0], [3.0, CellError("#N/A")]]},
    source=_SOURCE.format("VSTACK"),
    future="_xlfn.",
)
def stack_down(array1: Raw, *arrays: Raw, context: Context) -> Grid | FunctionStack | CellError:
    """As wide as the widest."""
    functions = _function_stack((array1, *arrays), across=False)
    if functions is not None:
        return functions
    grids = _grids((array1, *arrays), context)
    if isinstance(grids, CellError):
        return grids
    width = max(grid.width for grid in grids)
    if not _fits(sum(grid.height for grid in grids), width):
        return _TOO_LARGE
    return joined([padded(grid, grid.height, width, NA) for grid in grids], 0)


@function(
    "HSTACK",
    category=_CATEGORY,
    summary="Arrays beside each other, lower ones padded with #N/A.",
    examples={"=HSTACK({1;2},{3;4})": [[1.0, 3.0], [2.0, 4.0]], "=HSTACK({1;2},3)": [[1.0, 3.0], [2.0, CellError("#N/A")]]},
    source=_SOURCE.format("HSTACK"),
    future="_xlfn.",
)
def stack_across(array1: Raw, *arrays: Raw, context: Context) -> Grid | FunctionStack | CellError:
    """As high as the highest."""
    functions = _function_stack((array1, *arrays), across=True)
    if functions is not None:
        return functions
    grids = _grids((array1, *arrays), context)
    if isinstance(grids, CellError):
        return grids
    height = max(grid.height for grid in grids)
    if not _fits(height, sum(grid.width for grid in grids)):
        return _TOO_LARGE
    return joined([padded(grid, height, grid.width, NA) for grid in grids], 1)


# -- one line, many lines ----------------------------------------------------------------------------------------------------


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
    return wrapped if _fits(wrapped.height, wrapped.width) else NUM


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
    return wrapped.transpose() if _fits(wrapped.width, wrapped.height) else NUM


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
    return grid[np.array(places)] if _fits(len(places), grid.width) else _TOO_LARGE


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
    return grid[:, np.array(places)] if _fits(grid.height, len(places)) else _TOO_LARGE


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


__all__ = ["grid_of", "joined", "padded", "scalar_of"]
