"""SUBTOTAL and AGGREGATE: another function over what is visible, without what other subtotals have already summed.

In: references (AGGREGATE 14 to 19: arrays too). Cells that are left out become blank in a copy of the range, which keeps its
place on the sheet, so that a sum of what remains is added in the order of SUM.
"""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np

from sheetengine.functions.arguments import as_grid
from sheetengine.functions.call import invoke
from sheetengine.functions.context import Context
from sheetengine.functions.library import find, function
from sheetengine.functions.math.lanes import CATEGORY, SOURCE
from sheetengine.functions.math.sums import read_used
from sheetengine.functions.signature import Number, Raw
from sheetengine.grid import BLANK, ERROR, Grid
from sheetengine.values import MISSING, VALUE, Area, CellError, Lambda, Reference

_SUBTOTALS: Final = ("AVERAGE", "COUNT", "COUNTA", "MAX", "MIN", "PRODUCT", "STDEV.S", "STDEV.P", "SUM", "VAR.S", "VAR.P")
_AGGREGATES: Final = (
    *_SUBTOTALS, "MEDIAN", "MODE.SNGL", "LARGE", "SMALL", "PERCENTILE.INC", "QUARTILE.INC", "PERCENTILE.EXC", "QUARTILE.EXC",
)  # fmt: skip
_FIRST_OF_ARRAYS: Final = 14
_HIDDEN_BY_HAND: Final = 100


def _without(grid: Grid, out: Any) -> Grid:
    kept = Grid(np.where(out, 0.0, grid.numbers), np.where(out, np.uint8(BLANK), grid.kind_plane()), grid.texts)
    kept.source = grid.source
    return kept


def visible(grid: Grid, area: Area, context: Context, hidden: bool, filtered: bool, nested: bool, errors: bool) -> Grid:
    """A range with blanks for what is to be left out: rows hidden by hand, rows filtered away, other subtotals, errors."""
    out = np.zeros(grid.shape, bool)
    for left_out, rows in ((hidden, context.hidden_rows), (filtered, context.filtered_rows)):
        if left_out:
            out[[row - area.top for row in rows(area.sheet) if area.top <= row < area.top + grid.height]] = True
    if nested:
        subtotals = context.subtotals(area._replace(bottom=area.top + grid.height - 1, right=area.left + grid.width - 1))
        if subtotals is not None:
            out |= subtotals
    if errors and grid.kinds is not None:
        out |= grid.kinds == ERROR
    return _without(grid, out) if out.any() else grid


def _references(
    arguments: tuple[object, ...], context: Context, hidden: bool, filtered: bool, nested: bool, errors: bool
) -> list[object] | CellError:
    grids: list[object] = []
    for argument in arguments:
        if isinstance(argument, CellError):
            return argument
        if not isinstance(argument, Reference) or len({area.sheet for area in argument.areas}) > 1:
            return CellError("#VALUE!", "a reference is wanted, to cells of one sheet")
        for area in argument.areas:
            grid = read_used(area, context)
            if grid is None:
                continue
            place = area if grid.source is None else grid.source
            grids.append(visible(grid, place, context, hidden, filtered, nested, errors))
    return grids or [Grid.blank((1, 1))]


def _call(name: str, arguments: list[object], context: Context) -> object:
    if name == "COUNTA":  # what is left out has become blank, and blanks of an array count for COUNTA
        return float(sum(grid.filled() for grid in arguments if isinstance(grid, Grid)))
    spec = find(name)
    if spec is None:
        return CellError("#NAME?", f"there is no function {name}")
    return invoke(spec, arguments, context)


@function(
    "SUBTOTAL", category=CATEGORY, summary="A function over the visible cells of ranges, without other subtotals.",
    examples={"=SUBTOTAL(12,X1)": CellError("#VALUE!"), "=SUBTOTAL(9,X1:X2)": 0.0}, source=SOURCE.format("SUBTOTAL"),
    each_reference=True,
)  # fmt: skip
def subtotal(function_num: Number, ref1: Raw, *more: Raw, context: Context) -> object:
    """1 to 11 leave out rows that a filter hides, 101 to 111 those hidden by hand too."""
    number = math.trunc(function_num)
    by_hand = number > _HIDDEN_BY_HAND
    number -= _HIDDEN_BY_HAND if by_hand else 0
    if not 1 <= number <= len(_SUBTOTALS):
        return CellError("#VALUE!", "no such function of SUBTOTAL")
    grids = _references((ref1, *more), context, by_hand, True, True, False)
    return grids if isinstance(grids, CellError) else _call(_SUBTOTALS[number - 1], grids, context)


@function(
    "AGGREGATE", category=CATEGORY, summary="A function over ranges without hidden rows, errors or other subtotals, as an option says.",
    examples={"=AGGREGATE(14,6,{5,9,7},2)": 7.0, "=AGGREGATE(20,0,{1})": CellError("#VALUE!")}, source=SOURCE.format("AGGREGATE"), future="_xlfn.",
    each_reference=True,
)  # fmt: skip
def aggregate(function_num: Number, options: Number, ref1: Raw, *more: Raw, context: Context) -> object:
    """Options: 0 to 3 leave out other subtotals, 1, 3, 5 and 7 hidden rows, 2, 3, 6 and 7 errors."""
    number, option = math.trunc(function_num), math.trunc(options)
    if not 1 <= number <= len(_AGGREGATES) or not 0 <= option <= 7:
        return CellError("#VALUE!", "no such function or option of AGGREGATE")
    hidden, errors, nested = option in (1, 3, 5, 7), option in (2, 3, 6, 7), option < 4
    name = _AGGREGATES[number - 1]
    if number < _FIRST_OF_ARRAYS:
        grids = _references((ref1, *more), context, hidden, hidden, nested, errors)
        return grids if isinstance(grids, CellError) else _call(name, grids, context)
    if len(more) != 1:
        return CellError("#VALUE!", f"{name} wants one array and one number")
    which = more[0]
    if isinstance(ref1, Reference):
        found = _references((ref1,), context, hidden, hidden, nested, errors)
        if isinstance(found, CellError):
            return found
        if len(found) != 1:
            return VALUE
        grid = found[0]
    else:
        if isinstance(ref1, CellError) and not errors:
            return ref1
        if isinstance(ref1, Lambda) or ref1 is MISSING:
            return VALUE
        array = as_grid(Grid.from_flat([ref1], (1, 1)) if isinstance(ref1, CellError) else ref1, context)
        if isinstance(array, CellError):
            return array
        grid = _without(array, array.kind_plane() == ERROR) if errors and array.kinds is not None else array
    return _call(name, [grid, which], context)
