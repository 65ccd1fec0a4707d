"""SORT, SORTBY, UNIQUE and FILTER: rows (or columns) of an array in another order, or some of them.

Order: numbers, texts, FALSE, TRUE, errors, and the reverse of it descending; blanks last either way; equal ones keep their order.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from sheetengine.coerce import plane_booleans, to_number
from sheetengine.functions.context import Context
from sheetengine.functions.library import function
from sheetengine.functions.lookup.shapes import grid_of, scalar_of
from sheetengine.functions.ranking import row_codes, sorted_places
from sheetengine.functions.signature import Boolean, Raw
from sheetengine.grid import Grid
from sheetengine.tails import Tailed
from sheetengine.values import CALC, MISSING, VALUE, CellError, error_from_id

_CATEGORY: Final = "lookup and reference"
_SOURCE: Final = "Microsoft Support: {} function"


def whole_numbers(argument: object, default: list[int], context: Context) -> list[int] | CellError:
    """One whole number or an array of them; what stands for none where the argument is left out."""
    if argument is None or argument is MISSING:
        return default
    grid = grid_of(argument, context)
    if isinstance(grid, CellError):
        return grid
    found = []
    for value in grid.flat():
        number = to_number(value, context.date1904)
        if isinstance(number, CellError):
            return number
        found.append(int(number))
    return found


@function(
    "SORT",
    category=_CATEGORY,
    summary="An array with its rows (or columns) in order.",
    examples={
        "=SORT({3;1;2})": [[1.0], [2.0], [3.0]],
        "=SORT({3;1;2},1,-1)": [[3.0], [2.0], [1.0]],
        "=SORT({3,1,2},1,1,TRUE)": [[1.0, 2.0, 3.0]],
    },
    source=_SOURCE.format("SORT"),
    future="_xlfn._xlws.",
)
def sort(array: Raw, sort_index: Raw = None, sort_order: Raw = None, by_col: Boolean = False, *, context: Context) -> Grid | CellError:
    """By one or several of its own columns; orders are 1 and -1."""
    grid = grid_of(array, context)
    if isinstance(grid, CellError):
        return grid
    places = whole_numbers(sort_index, [1], context)
    if isinstance(places, CellError):
        return places
    orders = whole_numbers(sort_order, [1], context)
    if isinstance(orders, CellError):
        return orders
    if by_col:
        grid = grid.transpose()
    if len(orders) == 1:
        orders *= len(places)
    if len(orders) != len(places) or any(order not in (1, -1) for order in orders):
        return VALUE
    if not all(1 <= place <= grid.width for place in places):
        return VALUE
    if isinstance(grid, Tailed) and not grid.last.kind_plane().any():
        # Blank rows at the end stay there in either order.
        return Tailed(_sorted(grid.part, places, orders), grid.height)
    found = _sorted(grid, places, orders)
    return found.transpose() if by_col else found


def _sorted(grid: Grid, places: list[int], orders: list[int]) -> Grid:
    return grid[sorted_places([(grid[:, place - 1], order < 0) for place, order in zip(places, orders, strict=True)])]


def _sort_keys(grid: Grid, arguments: Sequence[object], context: Context) -> tuple[list[tuple[Grid, bool]], bool] | CellError:
    """The keys of SORTBY and whether they order columns."""
    keys: list[tuple[Grid, bool]] = []
    across: bool | None = None
    for place in range(0, len(arguments), 2):
        by = grid_of(arguments[place], context)
        if isinstance(by, CellError):
            return by
        order = 1.0
        if place + 1 < len(arguments) and arguments[place + 1] is not MISSING:
            given = to_number(scalar_of(arguments[place + 1], context), context.date1904)
            if isinstance(given, CellError):
                return given
            order = float(int(given))
        if order not in (1.0, -1.0):
            return VALUE
        down = by.width == 1 and by.height == grid.height
        side = by.height == 1 and by.width == grid.width
        if down and side:
            own = across or False
        elif down or side:
            own = side
        else:
            return CellError("#VALUE!", "the sizes of the array and what to sort it by differ")
        if across is not None and own != across:
            return VALUE
        across = own
        keys.append((by.reshape((by.size,)), order < 0))
    return keys, bool(across)


@function(
    "SORTBY",
    category=_CATEGORY,
    summary="An array in the order of other arrays.",
    examples={'=SORTBY({"a";"b";"c"},{3;1;2})': [["b"], ["c"], ["a"]], '=SORTBY({"a";"b";"c"},{3;1;2},-1)': [["a"], ["c"], ["b"]]},
    source=_SOURCE.format("SORTBY"),
    future="_xlfn.",
)
def sort_by(array: Raw, by_array1: Raw, *sort_order_and_by_array: Raw, context: Context) -> Grid | CellError:
    """Keys are columns as high as the array, or rows as wide."""
    grid = grid_of(array, context)
    if isinstance(grid, CellError):
        return grid
    found = _sort_keys(grid, (by_array1, *sort_order_and_by_array), context)
    if isinstance(found, CellError):
        return found
    keys, across = found
    places = sorted_places(keys)
    return grid[:, places] if across else grid[places]


@function(
    "UNIQUE",
    category=_CATEGORY,
    summary="The different rows (or columns) of an array, in the order they first appear.",
    examples={
        '=UNIQUE({"a";"b";"A"})': [["a"], ["b"]],
        "=UNIQUE({1;2;1},FALSE,TRUE)": [[2.0]],
        "=UNIQUE({1,1,2},TRUE)": [[1.0, 2.0]],
    },
    source=_SOURCE.format("UNIQUE"),
    future="_xlfn.",
)
def unique(array: Raw, by_col: Boolean = False, exactly_once: Boolean = False, *, context: Context) -> Grid | CellError:
    """Texts without regard to case; with `exactly_once` those that appear once."""
    grid = grid_of(array, context)
    if isinstance(grid, CellError):
        return grid
    if by_col:
        grid = grid.transpose()
    elif isinstance(grid, Tailed):
        grid = grid.longer(grid.part.height + 1)  # two of the alike rows say as much as all
    _, firsts, counts = np.unique(row_codes(grid), return_index=True, return_counts=True)
    if exactly_once:
        firsts = firsts[counts == 1]
    if not len(firsts):
        return CALC
    found = grid[np.sort(firsts)]
    return found.transpose() if by_col else found


@function(
    "FILTER",
    category=_CATEGORY,
    summary="The rows (or columns) of an array that a condition holds for.",
    examples={
        "=FILTER({1;2;3},{TRUE;FALSE;TRUE})": [[1.0], [3.0]],
        "=FILTER({1,2,3},{0,1,1})": [[2.0, 3.0]],
        '=FILTER({1;2},{0;0},"none")': "none",
        "=FILTER({1;2},{0;0})": CellError("#CALC!"),
    },
    source=_SOURCE.format("FILTER"),
    future="_xlfn._xlws.",
)
def filter_(array: Raw, include: Raw, if_empty: Raw = None, *, context: Context) -> object:
    """The condition is a column as high as the array, or a row as wide; an error in it is the answer."""
    grid = grid_of(array, context)
    if isinstance(grid, CellError):
        return grid
    mask = grid_of(include, context)
    if isinstance(mask, CellError):
        return mask
    rows = mask.width == 1 and mask.height == grid.height
    columns = mask.height == 1 and mask.width == grid.width
    if not rows and not columns:
        return CellError("#VALUE!", "the sizes of the array and of the condition differ")
    if isinstance(mask, Tailed):
        mask = _needed(mask)
        grid = grid[: mask.height]
    truths, errors = plane_booleans(mask.reshape((mask.size,)))
    if errors is not None:
        return error_from_id(int(errors[errors >= 0][0]))
    if not truths.any():
        return CellError("#CALC!", "no row meets the condition") if if_empty is None else if_empty
    return grid[truths] if rows else grid[:, truths]


def _needed(mask: Tailed) -> Grid:
    """A column of conditions without the rows at its end for which it holds alike: it does not, or an error is the answer of all."""
    truths, errors = plane_booleans(mask.part)
    return mask if errors is None and truths[-1, 0] else mask.part
