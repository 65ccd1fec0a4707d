"""XLOOKUP and XMATCH: match modes 0 exact, -1 next smaller, 1 next larger, 2 wildcards, 3 regular expression; search modes 1 from the
first, -1 from the last, 2 and -2 binary in ascending and descending order.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from sheetengine.coerce import to_text
from sheetengine.functions.context import Context
from sheetengine.functions.library import function
from sheetengine.functions.lookup.lanes import each_lane, gather, places_grid, table_of
from sheetengine.functions.lookup.line import Line, Places, line_of
from sheetengine.functions.lookup.search import each_key, exact_all, find_binary, find_exact, find_nearest, find_text, find_wild
from sheetengine.functions.signature import Integer, Raw, Value
from sheetengine.functions.text.pattern_matching import compile_pattern
from sheetengine.functions.text.pattern_syntax import PatternProblem
from sheetengine.grid import Grid
from sheetengine.values import NA, VALUE, Area, CellError, Lambda, Reference, Scalar

_CATEGORY: Final = "lookup and reference"
_SOURCE: Final = "Microsoft Support: {} function"

_LONGEST_PATTERN: Final = 255


def _modes(match_mode: int | None, search_mode: int | None) -> tuple[int, int] | CellError:
    """The modes as given, or #VALUE! for what is none: wildcards and expressions cannot be searched for by halves."""
    match_mode = 0 if match_mode is None else match_mode
    search_mode = 1 if search_mode is None else search_mode
    if not -1 <= match_mode <= 3 or search_mode not in (1, -1, 2, -2) or (match_mode >= 2 and abs(search_mode) == 2):
        return VALUE
    return match_mode, search_mode


def _line(argument: object, context: Context) -> tuple[Line, Area | Grid] | CellError:
    table = table_of(argument)
    if isinstance(table, CellError):
        return table
    if table.height > 1 and table.width > 1:
        return VALUE
    line = line_of(Reference((table,)) if isinstance(table, Area) else table, context)
    assert line is not None
    return line, table


def _find_expression(line: Line, key: Scalar, last: bool) -> int | CellError:
    """The first (or last) text that a regular expression, as REGEXTEST takes it, matches anywhere."""
    text = to_text(key)
    if isinstance(text, CellError):
        return text
    compiled = compile_pattern(text, ignore_case=False)
    if isinstance(compiled, PatternProblem):
        return CellError("#VALUE!", f"pattern: {compiled}")
    try:
        return find_text(line, lambda one: next(compiled.matches(one), None) is not None, last)
    except PatternProblem as problem:
        return CellError("#VALUE!", f"pattern: {problem}")


def _place(line: Line, key: Scalar, match_mode: int, search_mode: int) -> int | CellError:
    last = search_mode == -1
    if abs(search_mode) == 2:
        return find_binary(line, key, match_mode, descending=search_mode < 0)
    if match_mode == 0:
        return find_exact(line, key, last)
    if match_mode == 2:
        return VALUE if isinstance(key, str) and len(key) > _LONGEST_PATTERN else find_wild(line, key, last)
    if match_mode == 3:
        return _find_expression(line, key, last)
    return find_nearest(line, key, match_mode == 1, last)


def _places(line: Line, keys: Grid, match_mode: int, search_mode: int) -> Places | None:
    """Places of many keys; None where one of them may be an error."""
    last = search_mode == -1
    if abs(search_mode) == 1 and match_mode == 0:
        return exact_all(line, keys, wild=False, last=last)
    if match_mode >= 2:
        if keys.texts is not None or match_mode == 3:
            return None
        return exact_all(line, keys, wild=False, last=last)

    def find(key: Scalar) -> int:
        place = _place(line, key, match_mode, search_mode)
        assert isinstance(place, int)
        return place

    return each_key(keys, find)


# -- XMATCH ----------------------------------------------------------------------------------------------------------------


def _x_match_lanes(
    lookup_value: object, lookup_array: object, match_mode: object = None, search_mode: object = None, *, context: Context
) -> object:
    def one_by_one() -> Grid:
        return each_lane(x_match, (lookup_value, lookup_array, match_mode, search_mode), frozenset((1,)), context)

    if not isinstance(lookup_value, Grid) or isinstance(match_mode, np.ndarray) or isinstance(search_mode, np.ndarray):
        return one_by_one()
    modes = _modes(match_mode, search_mode)  # type: ignore[arg-type]  # int or None
    found = _line(lookup_array, context)
    if isinstance(modes, CellError) or isinstance(found, CellError):
        return one_by_one()
    places = _places(found[0], lookup_value, *modes)
    return one_by_one() if places is None else places_grid(places)


@function(
    "XMATCH",
    category=_CATEGORY,
    summary="The place of a value in a row or column, by a match mode and a search mode.",
    examples={
        '=XMATCH("gra?e",{"apple";"grape";"pear"},2)': 2.0,
        "=XMATCH(4,{5,4,3,2,1})": 2.0,
        "=XMATCH(4.5,{5,4,3,2,1},1)": 1.0,
        "=XMATCH(1,{1,2,1},0,-1)": 3.0,
    },
    source=_SOURCE.format("XMATCH"),
    vector=_x_match_lanes,
    future="_xlfn.",
)
def x_match(
    lookup_value: Value, lookup_array: Raw, match_mode: Integer | None = None, search_mode: Integer | None = None, *, context: Context
) -> Scalar:
    """A blank key finds blank cells."""
    found = _line(lookup_array, context)
    if isinstance(found, CellError):
        return found
    modes = _modes(match_mode, search_mode)
    if isinstance(modes, CellError):
        return modes
    place = _place(found[0], lookup_value, *modes)
    if isinstance(place, CellError):
        return place
    return NA if place < 0 else place + 1.0


# -- XLOOKUP ---------------------------------------------------------------------------------------------------------------


def _down(keys: Area | Grid, results: Area | Grid) -> bool | None:
    """Whether the found place counts rows of the results; None where their sizes do not fit."""
    if keys.width == 1 and keys.height == results.height:
        return True
    return False if keys.height == 1 and keys.width == results.width else None


def _x_lookup_lanes(
    lookup_value: object,
    lookup_array: object,
    return_array: object,
    if_not_found: object = None,
    match_mode: object = None,
    search_mode: object = None,
    *,
    context: Context,
) -> object:
    def one_by_one() -> Grid:
        arguments = (lookup_value, lookup_array, return_array, if_not_found, match_mode, search_mode)
        return each_lane(x_lookup, arguments, frozenset((1, 2, 3)), context)

    plain = not isinstance(match_mode, np.ndarray) and not isinstance(search_mode, np.ndarray)
    if not isinstance(lookup_value, Grid) or not plain or isinstance(if_not_found, Reference | Grid | Lambda):
        return one_by_one()
    modes = _modes(match_mode, search_mode)  # type: ignore[arg-type]  # int or None
    found, results = _line(lookup_array, context), table_of(return_array)
    if isinstance(modes, CellError) or isinstance(found, CellError) or isinstance(results, CellError):
        return one_by_one()
    line, keys = found
    down = _down(keys, results)
    if down is None:
        return one_by_one()
    places = _places(line, lookup_value, *modes)
    if places is None:
        return one_by_one()
    reach = int(places.max()) + 1
    if isinstance(results, Grid):
        cells = results[:, 0] if down else results[0]
    elif reach == 0:
        cells = Grid(np.empty(0))
    else:
        bottom, right = (results.top + reach - 1, results.left) if down else (results.top, results.left + reach - 1)
        cells = context.read(results._replace(bottom=bottom, right=right)).reshape((reach,))
    answers = gather(cells, places)
    missing = places < 0
    if if_not_found is None or not missing.any():
        return answers
    instead = Grid.full(places.shape, if_not_found)  # type: ignore[arg-type]  # a scalar: the rest is excluded above
    texts = None
    if answers.texts is not None or instead.texts is not None:
        texts = np.where(missing, instead.text_plane(), answers.text_plane())
    return Grid(np.where(missing, instead.numbers, answers.numbers), np.where(missing, instead.kind_plane(), answers.kind_plane()), texts)


@function(
    "XLOOKUP",
    category=_CATEGORY,
    summary="What stands in one range or array at the place of a value in another.",
    examples={
        '=XLOOKUP("b",{"a";"b";"c"},{1;2;3})': 2.0,
        '=XLOOKUP(46523,{10;20},{1;2},"not found")': "not found",
        "=XLOOKUP(46.5,{10;40;50},{0.1;0.2;0.3},0,1)": 0.3,
        '=XLOOKUP(2,{1;2},{"a","b";"c","d"})': [["c", "d"]],
    },
    source=_SOURCE.format("XLOOKUP"),
    vector=_x_lookup_lanes,
    references=True,
    future="_xlfn.",
)
def x_lookup(
    lookup_value: Value,
    lookup_array: Raw,
    return_array: Raw,
    if_not_found: Raw = None,
    match_mode: Integer | None = None,
    search_mode: Integer | None = None,
    *,
    context: Context,
) -> object:
    """Answers with a whole row or column of `return_array`, of a range as a reference."""
    found = _line(lookup_array, context)
    if isinstance(found, CellError):
        return found
    results = table_of(return_array)
    if isinstance(results, CellError):
        return results
    modes = _modes(match_mode, search_mode)
    if isinstance(modes, CellError):
        return modes
    line, keys = found
    down = _down(keys, results)
    if down is None:
        return CellError("#VALUE!", "the sizes of the lookup array and the return array differ")
    place = _place(line, lookup_value, *modes)
    if isinstance(place, CellError):
        return place
    if place < 0:
        return NA if if_not_found is None else if_not_found
    if isinstance(results, Grid):
        part = results[place : place + 1] if down else results[:, place : place + 1]
        return part.item(0, 0) if part.size == 1 else part
    if down:
        return Reference((results._replace(top=results.top + place, bottom=results.top + place),))
    return Reference((results._replace(left=results.left + place, right=results.left + place),))
