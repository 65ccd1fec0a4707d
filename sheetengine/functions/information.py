"""Excel's information functions: what kind of value, where, in what workbook (CELL and INFO are in `cell_information`).

The predicates take one value of any kind, errors too, and have vector forms that look at the kinds of a plane.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sheetengine.functions import cell_information  # noqa: F401  # declares CELL and INFO
from sheetengine.functions.arguments import dereference
from sheetengine.functions.context import Context
from sheetengine.functions.library import function
from sheetengine.functions.signature import Any, Number, Raw, Ref
from sheetengine.grid import BLANK, BOOLEAN, ERROR, NUMBER, TEXT, Grid
from sheetengine.values import ERROR_CODES, MISSING, NA, NA_ID, VALUE, CellError, Lambda, Reference, Scalar, error_from_id

_CATEGORY: Final = "information"
_SOURCE: Final = "Microsoft Support: {} function"
_IS_SOURCE: Final = "Microsoft Support: IS functions"

# -- predicates ------------------------------------------------------------------------------------------------------------


def _lanes(test: Callable[[NDArray[np.uint8]], NDArray[np.bool_]]) -> Callable[[Grid], Grid]:
    return lambda value: Grid.from_booleans(test(value.kind_plane()))


@function(
    "ISBLANK",
    category=_CATEGORY,
    summary="Whether a cell is empty.",
    examples={'=ISBLANK("")': False, "=ISBLANK(A1)": True},
    source=_IS_SOURCE,
    vector=_lanes(lambda kinds: kinds == BLANK),
)
def is_blank(value: Any) -> bool:
    """An empty text is not blank."""
    return value is None


@function(
    "ISNUMBER",
    category=_CATEGORY,
    summary="Whether a value is a number.",
    examples={"=ISNUMBER(330.92)": True, '=ISNUMBER("19")': False, "=ISNUMBER(TRUE)": False},
    source=_IS_SOURCE,
    vector=_lanes(lambda kinds: kinds == NUMBER),
)
def is_number(value: Any) -> bool:
    """Booleans, blanks and texts that look like numbers are none."""
    return type(value) is float


@function(
    "ISTEXT",
    category=_CATEGORY,
    summary="Whether a value is text.",
    examples={'=ISTEXT("Region1")': True, "=ISTEXT(1)": False},
    source=_IS_SOURCE,
    vector=_lanes(lambda kinds: kinds == TEXT),
)
def is_text(value: Any) -> bool:
    """An empty text is text."""
    return isinstance(value, str)


@function(
    "ISNONTEXT",
    category=_CATEGORY,
    summary="Whether a value is not text; a blank cell is not.",
    examples={"=ISNONTEXT(1)": True, "=ISNONTEXT(A1)": True, '=ISNONTEXT("a")': False},
    source=_IS_SOURCE,
    vector=_lanes(lambda kinds: kinds != TEXT),
)
def is_not_text(value: Any) -> bool:
    """Errors are not text either."""
    return not isinstance(value, str)


@function(
    "ISLOGICAL",
    category=_CATEGORY,
    summary="Whether a value is TRUE or FALSE.",
    examples={"=ISLOGICAL(TRUE)": True, '=ISLOGICAL("TRUE")': False},
    source=_IS_SOURCE,
    vector=_lanes(lambda kinds: kinds == BOOLEAN),
)
def is_logical(value: Any) -> bool:
    """A truth value, not a text that spells one."""
    return isinstance(value, bool)


@function(
    "ISERROR",
    category=_CATEGORY,
    summary="Whether a value is any error.",
    examples={"=ISERROR(1/0)": True, "=ISERROR(1)": False},
    source=_IS_SOURCE,
    vector=_lanes(lambda kinds: kinds == ERROR),
)
def is_error(value: Any) -> bool:
    """Any error value."""
    return isinstance(value, CellError)


def _not_available(value: Grid) -> NDArray[np.bool_]:
    """Where a flat grid holds #N/A, with or without a message."""
    if value.kinds is None:
        return np.zeros(value.shape, bool)
    found: NDArray[np.bool_] = value.kinds == ERROR
    if found.any():
        ids = value.numbers[found]
        found[found] = [number == NA_ID or error_from_id(int(number)).code == "#N/A" for number in ids.tolist()]
    return found


def _na_lanes(value: Grid) -> Grid:
    return Grid.from_booleans(_not_available(value))


def _err_lanes(value: Grid) -> Grid:
    return Grid.from_booleans((value.kind_plane() == ERROR) & ~_not_available(value))


@function(
    "ISNA",
    category=_CATEGORY,
    summary="Whether a value is #N/A.",
    examples={"=ISNA(NA())": True, "=ISNA(1/0)": False},
    source=_IS_SOURCE,
    vector=_na_lanes,
)
def is_na(value: Any) -> bool:
    """The error of what is not there."""
    return isinstance(value, CellError) and value.code == "#N/A"


@function(
    "ISERR",
    category=_CATEGORY,
    summary="Whether a value is any error but #N/A.",
    examples={"=ISERR(1/0)": True, "=ISERR(NA())": False},
    source=_IS_SOURCE,
    vector=_err_lanes,
)
def is_err(value: Any) -> bool:
    """Errors of calculation."""
    return isinstance(value, CellError) and value.code != "#N/A"


@function(
    "ISREF",
    category=_CATEGORY,
    summary="Whether an argument is a reference.",
    examples={"=ISREF(A1)": True, "=ISREF(1)": False},
    source=_IS_SOURCE,
)
def is_reference(value: Raw) -> bool:
    """Also what OFFSET, INDEX and INDIRECT give."""
    return isinstance(value, Reference)


@function(
    "ISFORMULA",
    category=_CATEGORY,
    summary="Whether a cell holds a formula.",
    examples={"=ISFORMULA(A1)": False},
    source=_SOURCE.format("ISFORMULA"),
    future="_xlfn.",
)
def is_formula(reference: Ref, *, context: Context) -> bool | Grid | CellError:
    """Of a range, an array."""
    area = reference.area
    if area is None:
        return VALUE
    if area.height == 1 and area.width == 1:
        return context.formula_text(area.sheet, area.top, area.left) is not None
    truths = np.zeros((area.height, area.width), bool)
    used = context.used(area)
    if used is not None:
        for row in range(used.top, used.bottom + 1):
            for column in range(used.left, used.right + 1):
                truths[row - area.top, column - area.left] = context.formula_text(area.sheet, row, column) is not None
    return Grid.from_booleans(truths)


@function(
    "ISEVEN",
    category=_CATEGORY,
    summary="Whether a number is even, its fraction cut off.",
    examples={"=ISEVEN(-1)": False, "=ISEVEN(2.5)": True, "=ISEVEN(0)": True},
    source=_SOURCE.format("ISEVEN"),
    toolpak=True,
)
def is_even(number: Number) -> bool:
    """#VALUE! for what is no number."""
    return int(number) % 2 == 0


@function(
    "ISODD",
    category=_CATEGORY,
    summary="Whether a number is odd, its fraction cut off.",
    examples={"=ISODD(-1)": True, "=ISODD(2.5)": False, "=ISODD(5)": True},
    source=_SOURCE.format("ISODD"),
    toolpak=True,
)
def is_odd(number: Number) -> bool:
    """#VALUE! for what is no number."""
    return int(number) % 2 == 1


# -- values ----------------------------------------------------------------------------------------------------------------


@function("NA", category=_CATEGORY, summary="The error #N/A.", examples={"=NA()": CellError("#N/A")}, source=_SOURCE.format("NA"))
def na() -> CellError:
    """No value is available."""
    return NA


def _number_of(value: Scalar) -> Scalar:
    if isinstance(value, bool):
        return 1.0 if value else 0.0
    return value if isinstance(value, float | CellError) else 0.0


@function(
    "N",
    category=_CATEGORY,
    summary="A value as a number: TRUE is 1, texts are 0.",
    examples={"=N(7)": 7.0, '=N("Even")': 0.0, "=N(TRUE)": 1.0, '=N("7")': 0.0},
    source=_SOURCE.format("N"),
)
def n(value: Raw, *, context: Context) -> Scalar | Grid:
    """Of a range its first cell (N(OFFSET(…))), of an array each element."""
    if isinstance(value, Reference):
        area = value.areas[0]
        return _number_of(context.cell(area.sheet, area.top, area.left))
    if isinstance(value, Grid):
        return Grid.from_flat([_number_of(element) for element in value.flat()], value.shape)
    if isinstance(value, Lambda):
        return VALUE
    return _number_of(None if value is MISSING else value)  # type: ignore[arg-type]  # a scalar


@function(
    "TYPE",
    category=_CATEGORY,
    summary="The kind of a value: 1 number, 2 text, 4 logical, 16 error, 64 array, 128 function.",
    examples={'=TYPE("Smith")': 2.0, "=TYPE({1,2;3,4})": 64.0, "=TYPE(2)": 1.0, "=TYPE(TRUE)": 4.0, "=TYPE(1/0)": 16.0},
    source=_SOURCE.format("TYPE"),
)
def type_(value: Raw, *, context: Context) -> float:
    """A blank cell counts as a number, several cells as an array."""
    if isinstance(value, Reference):
        area = value.area
        if area is not None and (area.height > 1 or area.width > 1):
            return 64.0
        value = dereference(value, context)
    if isinstance(value, Grid):
        return 64.0
    if isinstance(value, Lambda):
        return 128.0
    if isinstance(value, CellError):
        return 16.0
    return 4.0 if isinstance(value, bool) else 2.0 if isinstance(value, str) else 1.0


_NUMBERED_ERRORS: Final = {code: number + 1.0 for number, code in enumerate(ERROR_CODES[:14])}


@function(
    "ERROR.TYPE",
    category=_CATEGORY,
    summary="The number of an error, #N/A for what is none.",
    examples={"=ERROR.TYPE(1/0)": 2.0, "=ERROR.TYPE(NA())": 7.0, "=ERROR.TYPE(1)": CellError("#N/A")},
    source=_SOURCE.format("ERROR.TYPE"),
)
def error_type(error_val: Any) -> Scalar:
    """1 #NULL!, 2 #DIV/0!, 3 #VALUE!, 4 #REF!, 5 #NAME?, 6 #NUM!, 7 #N/A, 8 #GETTING_DATA, … 14 #CALC!."""
    return _NUMBERED_ERRORS.get(error_val.code, NA) if isinstance(error_val, CellError) else NA


# -- sheets ----------------------------------------------------------------------------------------------------------------


@function(
    "SHEET",
    category=_CATEGORY,
    summary="The number of a sheet among all tabs.",
    examples={'=SHEET("nowhere")': CellError("#N/A")},
    source=_SOURCE.format("SHEET"),
    future="_xlfn.",
)
def sheet(*value: Raw, context: Context) -> Scalar:
    """Of a reference, a sheet's name or a table's; without an argument of the formula's own sheet."""
    if len(value) > 1:
        return VALUE
    if not value:
        return float(context.sheet_position(context.sheet))
    given = value[0]
    if isinstance(given, Reference):
        return float(min(context.sheet_position(area.sheet) for area in given.areas))
    if isinstance(given, Grid):
        given = given.item(0, 0) if given.size else None
    if isinstance(given, CellError):
        return given
    if not isinstance(given, str):
        return NA
    found = context.sheet_named(given)
    return NA if found is None else float(context.sheet_position(found))


@function(
    "SHEETS",
    category=_CATEGORY,
    summary="How many sheets a reference or the workbook has.",
    examples={"=SHEETS(A1)": 1.0},
    source=_SOURCE.format("SHEETS"),
    future="_xlfn.",
)
def sheets(*reference: Raw, context: Context) -> Scalar:
    """Of a 3-D reference the sheets from first to last."""
    if len(reference) > 1:
        return VALUE
    if not reference:
        return float(context.sheet_count())
    given = reference[0]
    if isinstance(given, Reference):
        return float(len({area.sheet for area in given.areas}))
    return given if isinstance(given, CellError) else NA
