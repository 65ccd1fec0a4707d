"""Places and sizes: ROW, COLUMN, ROWS, COLUMNS, AREAS, ADDRESS, FORMULATEXT, HYPERLINK, GETPIVOTDATA."""

from __future__ import annotations

import re
from typing import Final

import numpy as np

from sheetengine.address import MAX_COLUMNS, MAX_ROWS, column_name
from sheetengine.functions.context import Context
from sheetengine.functions.library import function
from sheetengine.functions.lookup.lanes import table_of
from sheetengine.functions.signature import Address, Any, Boolean, Integer, Raw, Ref, Text
from sheetengine.grid import Grid
from sheetengine.values import MISSING, NA, REF, VALUE, Area, CellError, Reference, Scalar

_CATEGORY: Final = "lookup and reference"
_SOURCE: Final = "Microsoft Support: {} function"


@function("ROW", category=_CATEGORY, summary="The row number of a reference.", examples={"=ROW(C10)": 10.0}, source=_SOURCE.format("ROW"))
def row(reference: Address | None = None, *, context: Context) -> float | Grid | CellError:
    """Of a range, all its row numbers as a column; without an argument the formula's own row."""
    if reference is None:
        return context.row + 1.0
    area = reference.area
    if area is None:
        return REF
    return area.top + 1.0 if area.height == 1 else Grid(np.arange(area.top + 1.0, area.bottom + 2.0).reshape(-1, 1))


@function(
    "COLUMN",
    category=_CATEGORY,
    summary="The column number of a reference.",
    examples={"=COLUMN(D10)": 4.0},
    source=_SOURCE.format("COLUMN"),
)
def column(reference: Address | None = None, *, context: Context) -> float | Grid | CellError:
    """Of a range, all its column numbers as a row; without an argument the formula's own column."""
    if reference is None:
        return context.column + 1.0
    area = reference.area
    if area is None:
        return REF
    return area.left + 1.0 if area.width == 1 else Grid(np.arange(area.left + 1.0, area.right + 2.0).reshape(1, -1))


@function(
    "ROWS",
    category=_CATEGORY,
    summary="How many rows a reference or an array has.",
    examples={"=ROWS({1,2,3;4,5,6})": 2.0, "=ROWS(C1:E4)": 4.0},
    source=_SOURCE.format("ROWS"),
)
def rows(array: Raw) -> Scalar:
    """The height; a scalar has one row, a blank that is no cell none, and several areas have no height."""
    table = _one_table(array)
    return table if isinstance(table, CellError) else float(table.height)


@function(
    "COLUMNS",
    category=_CATEGORY,
    summary="How many columns a reference or an array has.",
    examples={"=COLUMNS({1,2,3;4,5,6})": 3.0, "=COLUMNS(C1:E4)": 3.0},
    source=_SOURCE.format("COLUMNS"),
)
def columns(array: Raw) -> Scalar:
    """The width; a scalar has one column, a blank that is no cell none, and several areas have no width."""
    table = _one_table(array)
    return table if isinstance(table, CellError) else float(table.width)


def _one_table(array: object) -> Area | Grid | CellError:
    """What ROWS and COLUMNS measure. Several areas are #REF! here ([MS-OI29500] 2.1.1035), where lookups answer #VALUE!."""
    if array is None or array is MISSING:
        return VALUE
    if isinstance(array, Reference) and len(array.areas) > 1:
        return REF
    return table_of(array)


@function(
    "AREAS",
    category=_CATEGORY,
    summary="How many areas a reference has.",
    examples={"=AREAS(B2:D4)": 1.0, "=AREAS((B2:D4,E5,F6:I9))": 3.0, "=AREAS(B2:D4 B2)": 1.0},
    source=_SOURCE.format("AREAS"),
)
def areas(reference: Address) -> float:
    """Ranges and single cells of a union."""
    return float(len(reference.areas))


# -- ADDRESS ---------------------------------------------------------------------------------------------------------------

_PLAIN_SHEET: Final = re.compile(r"[^\W\d][\w.]*")
_LIKE_A1: Final = re.compile(r"[a-z]{1,3}\d+", re.IGNORECASE)
_LIKE_R1C1: Final = re.compile(r"r\d*(c\d*)?|c\d*", re.IGNORECASE)


def quoted_sheet(name: str) -> str:
    """A sheet's name as a formula has it, in apostrophes where it needs them.

    >>> quoted_sheet("Costs"), quoted_sheet("It's"), quoted_sheet("A1")
    ('Costs', "'It''s'", "'A1'")
    """
    plain = name == "" or (_PLAIN_SHEET.fullmatch(name) and not _LIKE_A1.fullmatch(name) and not _LIKE_R1C1.fullmatch(name))
    return name if plain else "'" + name.replace("'", "''") + "'"


@function(
    "ADDRESS",
    category=_CATEGORY,
    summary="The address of a cell as text, from its row and column number.",
    examples={
        "=ADDRESS(2,3)": "$C$2",
        "=ADDRESS(2,3,2)": "C$2",
        "=ADDRESS(2,3,2,FALSE)": "R2C[3]",
        '=ADDRESS(2,3,1,FALSE,"[Book1]Sheet1")': "'[Book1]Sheet1'!R2C3",
        '=ADDRESS(2,3,1,FALSE,"EXCEL SHEET")': "'EXCEL SHEET'!R2C3",
    },
    source=_SOURCE.format("ADDRESS"),
)
def address(
    row_num: Integer, column_num: Integer, abs_num: Integer | None = None, a1: Boolean | None = None, sheet_text: Text | None = None
) -> Scalar:
    """`abs_num`: 1 both absolute, 2 the row, 3 the column, 4 none; `a1` FALSE gives R1C1."""
    # An abs_num or a1 left empty is the default, not 0: ADDRESS(1,1,,,"Sheet2") is Sheet2!$A$1; a blank cell is FALSE.
    style = 1 if abs_num is None else abs_num
    if not 1 <= style <= 4:
        return VALUE
    if not (1 <= row_num <= MAX_ROWS and 1 <= column_num <= MAX_COLUMNS):
        return VALUE
    row_fixed, column_fixed = style in (1, 2), style in (1, 3)
    if a1 is None or a1:
        text = f"{'$' * column_fixed}{column_name(column_num - 1)}{'$' * row_fixed}{row_num}"
    else:
        down = f"R{row_num}" if row_fixed else f"R[{row_num}]"
        text = down + (f"C{column_num}" if column_fixed else f"C[{column_num}]")
    return text if sheet_text is None else f"{quoted_sheet(sheet_text)}!{text}"


# -- formulas and links ------------------------------------------------------------------------------------------------------


@function(
    "FORMULATEXT",
    category=_CATEGORY,
    summary="The formula of a cell as text.",
    examples={"=FORMULATEXT(A1)": CellError("#N/A")},
    source=_SOURCE.format("FORMULATEXT"),
    future="_xlfn.",
)
def formula_text(reference: Ref, *, context: Context) -> Scalar | Grid:
    """#N/A where the cell holds no formula; of a range, an array."""
    area = reference.area
    if area is None:
        return NA if reference.areas else REF
    if area.height == 1 and area.width == 1:
        return _formula_of(area.sheet, area.top, area.left, context)
    used = context.used(area)
    if used is None:
        return Grid.full((area.height, area.width), NA)
    # Of a whole column Excel shows what is used; the rest is #N/A and is not worth a million answers.
    bottom, right = (used.bottom, used.right) if area.height * area.width > 100_000 else (area.bottom, area.right)
    found = [
        _formula_of(area.sheet, down, across, context)
        for down in range(area.top, min(bottom, area.top + 99_999) + 1)
        for across in range(area.left, right + 1)
    ]
    return Grid.from_flat(found, (len(found) // (right - area.left + 1), right - area.left + 1))


def _formula_of(sheet: int, down: int, across: int, context: Context) -> Scalar:
    text = context.formula_text(sheet, down, across)
    # Microsoft's page: a formula longer than 8,192 characters is #N/A.
    return NA if text is None or len(text) > 8192 else text


@function(
    "HYPERLINK",
    category=_CATEGORY,
    summary="A link; the cell shows its friendly name.",
    examples={'=HYPERLINK("https://example.microsoft.com/report","Click for report")': "Click for report", '=HYPERLINK("a.txt")': "a.txt"},
    source=_SOURCE.format("HYPERLINK"),
)
def hyperlink(link_location: Any, *friendly_name: Any) -> Scalar:
    """The friendly name as it is, numbers and errors too; without one the location."""
    if len(friendly_name) > 1:
        return VALUE
    return friendly_name[0] if friendly_name else link_location


@function(
    "GETPIVOTDATA",
    category=_CATEGORY,
    summary="A value of a pivot table.",
    examples={'=GETPIVOTDATA("Sales",A1)': CellError("#REF!")},
    source=_SOURCE.format("GETPIVOTDATA"),
    host=True,
)
def get_pivot_data(data_field: Text, pivot_table: Raw, *field_and_item: Any) -> CellError:
    """#REF!, as where the reference is in no pivot table: pivot tables are not kept."""
    if isinstance(pivot_table, CellError):
        return pivot_table
    if not isinstance(pivot_table, Reference):
        return VALUE
    for value in field_and_item:
        if isinstance(value, CellError):
            return value
    return CellError("#REF!", "there is no pivot table here")
