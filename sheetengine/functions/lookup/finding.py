"""MATCH, VLOOKUP, HLOOKUP and LOOKUP: a value looked for in a row or column.

In: a key and a range or array. Out: a place or the value beside it. Of a range only the searched line and the cell found are read.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from sheetengine.functions.context import Context
from sheetengine.functions.library import function
from sheetengine.functions.lookup.lanes import each_lane, gather, places_grid, table_of
from sheetengine.functions.lookup.line import Line, Places, line_of, line_of_area
from sheetengine.functions.lookup.search import ascending_all, each_key, exact_all, find_ascending, find_descending, find_wild
from sheetengine.functions.signature import Boolean, Integer, Number, Raw, Value
from sheetengine.grid import Grid
from sheetengine.values import MISSING, NA, VALUE, Area, CellError, Lambda, Reference, Scalar

_CATEGORY: Final = "lookup and reference"
_SOURCE: Final = "Microsoft Support: {} function"

_LONGEST_KEY: Final = 255
"""Longer texts cannot be looked for: #VALUE! (Microsoft Support, "How to correct a #VALUE! error in INDEX/MATCH")."""


def _too_long(key: Scalar) -> bool:
    return isinstance(key, str) and len(key) > _LONGEST_KEY


def _line(argument: object, context: Context) -> Line | CellError:
    if isinstance(argument, CellError):
        return argument
    if isinstance(argument, Lambda):
        return VALUE
    if not isinstance(argument, Reference | Grid):
        # A bare scalar is no array: VLOOKUP(3,3,1,FALSE) is #N/A.
        return NA
    line = line_of(argument, context)
    return NA if line is None else line


def _place(line: Line, key: Scalar, match_type: float) -> int:
    if match_type > 0.0:
        return find_ascending(line, key)
    if match_type < 0.0:
        return find_descending(line, key)
    # A blank key is 0 here: it does not find blank cells (only XLOOKUP's does).
    return find_wild(line, 0.0 if key is None else key)


def _places(line: Line, keys: Grid, match_type: float) -> Places:
    if match_type > 0.0:
        return ascending_all(line, keys)
    if match_type < 0.0:
        return each_key(keys, lambda key: find_descending(line, key))
    if keys.kinds is not None and not keys.kinds.all():
        keys = Grid(keys.numbers, np.maximum(keys.kinds, 1), keys.texts)
    return exact_all(line, keys, wild=True)


def _long_lanes(keys: Grid) -> bool:
    return keys.texts is not None and any(_too_long(text) for text in keys.texts.tolist())


def _match_lanes(lookup_value: object, lookup_array: object, match_type: object = 1.0, *, context: Context) -> object:
    if not isinstance(lookup_value, Grid) or isinstance(match_type, np.ndarray) or _long_lanes(lookup_value):
        return each_lane(match, (lookup_value, lookup_array, match_type), frozenset((1,)), context)
    line = _line(lookup_array, context)
    if isinstance(line, CellError):
        return Grid.full((lookup_value.size,), line)
    assert isinstance(match_type, float)
    return places_grid(_places(line, lookup_value, match_type))


def _plain_match(parts: Sequence[tuple[list[float], int]]) -> float:
    """A number found exactly in a short column of numbers; not a number where that is not what is asked, or it is not there."""
    if len(parts) == 3 and len(parts[0][0]) == 1 and parts[2][0] == [0.0]:
        key, numbers = parts[0][0][0], parts[1][0]
        if key in numbers:
            return numbers.index(key) + 1.0
    return math.nan


@function(
    "MATCH",
    category=_CATEGORY,
    summary="The place of a value in a row or column: exactly, or by approximation in a sorted one.",
    examples={"=MATCH(39,{25,38,40,41},1)": 2.0, "=MATCH(41,{25,38,40,41},0)": 4.0, "=MATCH(40,{25,38,40,41},-1)": CellError("#N/A")},
    source=_SOURCE.format("MATCH"),
    vector=_match_lanes,
    plain=_plain_match,
)
def match(lookup_value: Value, lookup_array: Raw, match_type: Number = 1.0, *, context: Context) -> Scalar:
    """Types: 1 the last not above, in ascending order; 0 the first equal, with wildcards; -1 the last not below, in descending order."""
    line = _line(lookup_array, context)
    if isinstance(line, CellError):
        return line
    if _too_long(lookup_value):
        return VALUE
    place = _place(line, lookup_value, match_type)
    return NA if place < 0 else place + 1.0


# -- tables ----------------------------------------------------------------------------------------------------------------


def _first_line(table: Area | Grid, across: bool, context: Context) -> Line:
    """The first row (`across`) or column of a table."""
    if isinstance(table, Area):
        return line_of_area(table._replace(bottom=table.top) if across else table._replace(right=table.left), context)
    grid = table[0] if across else table[:, 0]
    return Line(grid, grid.size)


def _beside(table: Area | Grid, across: bool, place: int, offset: int, context: Context) -> Scalar:
    """The cell of a table at a place along the searched line and `offset` lines from it."""
    row, column = (offset, place) if across else (place, offset)
    if isinstance(table, Area):
        return context.cell(table.sheet, table.top + row, table.left + column)
    return table.item(row, column)


def _line_at(table: Area | Grid, across: bool, offset: int, length: int, context: Context) -> Grid:
    """The first `length` cells of a table's line `offset` lines from the searched one, flat."""
    if isinstance(table, Grid):
        return table[offset] if across else table[:, offset]
    if across:
        row = table.top + offset
        area = Area(table.sheet, row, table.left, row, table.left + length - 1)
    else:
        column = table.left + offset
        area = Area(table.sheet, table.top, column, table.top + length - 1, column)
    return context.read(area).reshape((length,))


def _table(argument: object) -> Area | Grid | CellError:
    if not isinstance(argument, Reference | Grid | CellError | Lambda):
        return NA
    return table_of(argument)


def _index_error(table: Area | Grid, across: bool, index: int) -> CellError | None:
    if index < 1:
        return VALUE
    extent = table.height if across else table.width
    return CellError("#REF!", f"the table has {extent} {'rows' if across else 'columns'}, not {index}") if index > extent else None


def _look_up(key: Scalar, argument: object, index: int, near: bool, across: bool, context: Context) -> Scalar:
    table = _table(argument)
    if isinstance(table, CellError):
        return table
    error = _index_error(table, across, index)
    if error is not None:
        return error
    if _too_long(key):
        return VALUE
    place = _place(_first_line(table, across, context), key, 1.0 if near else 0.0)
    return NA if place < 0 else _beside(table, across, place, index - 1, context)


def _look_up_lanes(key: object, argument: object, index: object, near: object, across: bool, context: Context) -> Grid:
    body = horizontal_lookup if across else vertical_lookup
    plain = not isinstance(index, np.ndarray) and not isinstance(near, np.ndarray)
    table = _table(argument)
    if not isinstance(key, Grid) or not plain or isinstance(table, CellError) or _long_lanes(key):
        return each_lane(body, (key, argument, index, near), frozenset((1,)), context)
    assert isinstance(index, int)
    error = _index_error(table, across, index)
    if error is not None:
        return Grid.full((key.size,), error)
    line = _first_line(table, across, context)
    places = _places(line, key, 1.0 if near else 0.0)
    if (places < 0).all():
        return gather(Grid(np.empty(0)), places)
    return gather(_line_at(table, across, index - 1, line.count, context), places)


def _vertical_lanes(
    lookup_value: object, table_array: object, col_index_num: object, range_lookup: object = True, *, context: Context
) -> object:
    return _look_up_lanes(lookup_value, table_array, col_index_num, range_lookup, False, context)


def _horizontal_lanes(
    lookup_value: object, table_array: object, row_index_num: object, range_lookup: object = True, *, context: Context
) -> object:
    return _look_up_lanes(lookup_value, table_array, row_index_num, range_lookup, True, context)


@function(
    "VLOOKUP",
    category=_CATEGORY,
    summary="A value from the row of a table whose first column holds a key.",
    examples={'=VLOOKUP(2,{1,"a";2,"b";3,"c"},2,FALSE)': "b", "=VLOOKUP(2.5,{1,10;2,20;3,30},2)": 20.0},
    source=_SOURCE.format("VLOOKUP"),
    vector=_vertical_lanes,
)
def vertical_lookup(
    lookup_value: Value, table_array: Raw, col_index_num: Integer, range_lookup: Boolean = True, *, context: Context
) -> Scalar:
    """Approximate (in a sorted first column) unless `range_lookup` is FALSE."""
    return _look_up(lookup_value, table_array, col_index_num, range_lookup, False, context)


@function(
    "HLOOKUP",
    category=_CATEGORY,
    summary="A value from the column of a table whose first row holds a key.",
    examples={'=HLOOKUP(3,{1,2,3;"a","b","c";"d","e","f"},2,TRUE)': "c", '=HLOOKUP("B",{"A","B";4,7},2,FALSE)': 7.0},
    source=_SOURCE.format("HLOOKUP"),
    vector=_horizontal_lanes,
)
def horizontal_lookup(
    lookup_value: Value, table_array: Raw, row_index_num: Integer, range_lookup: Boolean = True, *, context: Context
) -> Scalar:
    """Approximate (in a sorted first row) unless `range_lookup` is FALSE."""
    return _look_up(lookup_value, table_array, row_index_num, range_lookup, True, context)


# -- LOOKUP ----------------------------------------------------------------------------------------------------------------


def _result_line(table: Area | Grid, argument: object) -> tuple[Area | Grid, bool, int] | CellError:
    """Where LOOKUP's answers are: a table, whether they lie across it, and in which of its lines."""
    if argument is MISSING:
        return NA
    if argument is None:
        # Array form: the last row of a table wider than high, else the last column.
        across = table.width > table.height
        return table, across, (table.height if across else table.width) - 1
    result = table_of(argument)
    if isinstance(result, CellError):
        return result
    if result.height > 1 and result.width > 1:
        return NA
    return result, result.height == 1 and result.width > 1, 0


def _lookup_parts(vector: object, result: object) -> tuple[Area | Grid, bool, Area | Grid, bool, int] | CellError:
    table = _table(vector)
    if isinstance(table, CellError):
        return table
    found = _result_line(table, result)
    if isinstance(found, CellError):
        return found
    return table, table.width > table.height, *found


def _lookup_lanes(lookup_value: object, lookup_vector: object, result_vector: object = None, *, context: Context) -> object:
    parts = _lookup_parts(lookup_vector, result_vector)
    if not isinstance(lookup_value, Grid) or isinstance(parts, CellError) or _long_lanes(lookup_value):
        return each_lane(lookup, (lookup_value, lookup_vector, result_vector), frozenset((1, 2)), context)
    table, across, results, along, offset = parts
    line = _first_line(table, across, context)
    places = _places(line, lookup_value, 1.0)
    extent = results.width if along else results.height
    places = np.where(places < extent, places, -1)
    if (places < 0).all():
        return gather(Grid(np.empty(0)), places)
    return gather(_line_at(results, along, offset, min(int(places.max()) + 1, extent), context), places)


@function(
    "LOOKUP",
    category=_CATEGORY,
    summary="A value looked for by approximation in a sorted row or column, and the one at its place in another.",
    examples={
        '=LOOKUP(4.19,{4.14;4.19;5.17;5.77;6.39},{"red";"orange";"yellow";"green";"blue"})': "orange",
        '=LOOKUP("C",{"a","b","c","d";1,2,3,4})': 3.0,
        '=LOOKUP("bump",{"a",1;"b",2;"c",3})': 2.0,
    },
    source=_SOURCE.format("LOOKUP"),
    vector=_lookup_lanes,
)
def lookup(lookup_value: Value, lookup_vector: Raw, result_vector: Raw = None, *, context: Context) -> Scalar:
    """Vector form with three arguments; with two the first and the last row or column of an array."""
    parts = _lookup_parts(lookup_vector, result_vector)
    if isinstance(parts, CellError):
        return parts
    if _too_long(lookup_value):
        return VALUE
    table, across, results, along, offset = parts
    place = _place(_first_line(table, across, context), lookup_value, 1.0)
    if not 0 <= place < (results.width if along else results.height):
        return NA
    return _beside(results, along, place, offset, context)


__all__ = ["horizontal_lookup", "lookup", "match", "vertical_lookup"]
