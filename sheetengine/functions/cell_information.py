"""CELL and INFO: what a cell looks like, what the program and the workbook are."""

from __future__ import annotations

import re
from typing import Final

from sheetengine.address import column_name
from sheetengine.functions.context import Context
from sheetengine.functions.library import function
from sheetengine.functions.lookup.places import quoted_sheet
from sheetengine.functions.signature import Ref, Text
from sheetengine.grid import Grid
from sheetengine.values import VALUE, Area, CellError, Scalar

_CATEGORY: Final = "information"
_SOURCE: Final = "Microsoft Support: {} function"
_DEFAULT_WIDTH: Final = 8.43

# -- number formats ----------------------------------------------------------------------------------------------------------

_QUOTED: Final = re.compile(r'"[^"]*"|\\.|_.|\*.')
_BRACKETS: Final = re.compile(r"\[[^\]]*\]")
_COLOUR: Final = re.compile(r"\[(black|blue|cyan|green|magenta|red|white|yellow|color\s*\d+)\]", re.IGNORECASE)
_CURRENCY: Final = re.compile(r"\[\$[^\]-]+|[$€£¥]")
_DATES: Final = {
    "d-mmm-yy": "D1", "dd-mmm-yy": "D1", "d-mmm": "D2", "dd-mmm": "D2", "mmm-yy": "D3", "mmm-yyyy": "D3",
    "m/d/yy": "D4", "m/d/yyyy": "D4", "mm/dd/yy": "D4", "mm/dd/yyyy": "D4", "m/d/yy h:mm": "D4", "m/d/yyyy h:mm": "D4",
    "mm-dd-yy": "D4", "mm/dd": "D5",
    "h:mm:ss am/pm": "D6", "h:mm am/pm": "D7", "h:mm:ss": "D8", "h:mm": "D9",
}  # fmt: skip
"""Microsoft's table of format codes for CELL("format")."""


def format_code(text: str) -> str:
    """The code that CELL("format") gives a number format.

    >>> format_code("General"), format_code("#,##0.00"), format_code("0%"), format_code('"$"#,##0_);[Red]("$"#,##0)')
    ('G', ',2', 'P0', 'C0-')
    """
    section, *others = text.split(";")
    suffix = ("-" if any(_COLOUR.search(other) for other in others[:1]) else "") + ("()" if _in_parentheses(section) else "")
    currency = _CURRENCY.search(section) is not None
    plain = _BRACKETS.sub("", _QUOTED.sub("", section)).strip()
    lower = plain.lower()
    if lower in ("", "general", "@"):
        return "G" + suffix
    date = _DATES.get(lower)
    if date is not None:
        return date + suffix
    if any(letter in lower for letter in "ymdhs") and "0" not in plain and "#" not in plain:
        return _date_code(lower) + suffix
    if "?" in plain and "/" in plain:
        return "G" + suffix
    match = re.search(r"\.(0+)", plain)
    places = len(match[1]) if match else 0
    kind = "S" if "e+" in lower or "e-" in lower else "P" if "%" in plain else "C" if currency else "," if "," in plain else "F"
    return f"{kind}{places}{suffix}"


def _in_parentheses(section: str) -> bool:
    """Whether positive values stand in parentheses; those of negative ones alone do not count."""
    return "(" in _QUOTED.sub("", section)


def _date_code(text: str) -> str:
    if "h" in text or "s" in text:
        seconds = "s" in text
        if "y" in text or "d" in text:
            return "D4"
        return ("D6" if seconds else "D7") if "am/pm" in text else ("D8" if seconds else "D9")
    if "y" in text and "d" in text:
        return "D1" if "mmm" in text else "D4"
    if "y" in text:
        return "D3"
    return "D2" if "mmm" in text else "D5"


# -- CELL --------------------------------------------------------------------------------------------------------------------


def _file(context: Context, sheet: int) -> str:
    path = context.file_name()
    if not path:
        return ""
    cut = max(path.rfind("/"), path.rfind("\\")) + 1
    return f"{path[:cut]}[{path[cut:]}]{context.sheet_name(sheet)}"


def _address(area: Area, context: Context) -> str:
    text = f"${column_name(area.left)}${area.top + 1}"
    if area.sheet == context.sheet:
        return text
    path = context.file_name()
    book = path[max(path.rfind("/"), path.rfind("\\")) + 1 :]
    name = f"[{book}]{context.sheet_name(area.sheet)}" if book else context.sheet_name(area.sheet)
    return f"{quoted_sheet(name)}!{text}"


@function(
    "CELL",
    category=_CATEGORY,
    summary="The format, place or contents of a cell.",
    examples={'=CELL("row",A20)': 20.0, '=CELL("address",B3)': "$B$3", '=CELL("type",A1)': "b"},
    source=_SOURCE.format("CELL"),
    volatile=True,
)
def cell(info_type: Text, reference: Ref | None = None, *, context: Context) -> Scalar | Grid:
    """Of the top left cell of a reference; without one of the formula's own cell."""
    if reference is None:
        area = Area(context.sheet, context.row, context.column, context.row, context.column)
    else:
        area = reference.areas[0]
    sheet, row, column = area.sheet, area.top, area.left
    match info_type.lower():
        case "address":
            return _address(area, context)
        case "col":
            return column + 1.0
        case "row":
            return row + 1.0
        case "color":
            sections = context.number_format(sheet, row, column).split(";")
            return 1.0 if len(sections) > 1 and _COLOUR.search(sections[1]) else 0.0
        case "contents":
            # Without a reference the cell would read itself: Excel shows 0 for that circle.
            return 0.0 if reference is None else context.cell(sheet, row, column)
        case "filename":
            return _file(context, sheet)
        case "format":
            return format_code(context.number_format(sheet, row, column))
        case "parentheses":
            return 1.0 if _in_parentheses(context.number_format(sheet, row, column).split(";")[0]) else 0.0
        case "prefix":
            return ""
        case "protect":
            return 1.0
        case "type":
            value = None if reference is None else context.cell(sheet, row, column)
            return "b" if value is None and reference is not None else "l" if isinstance(value, str) else "v"
        case "width":
            width = context.column_width(sheet, column)
            return Grid.from_flat([float(int(width + 0.5)), width == _DEFAULT_WIDTH], (1, 2))
    return CellError("#VALUE!", f"CELL knows no {info_type!r}")


# -- INFO --------------------------------------------------------------------------------------------------------------------


@function(
    "INFO",
    category=_CATEGORY,
    summary="Facts about the program and the workbook.",
    examples={'=INFO("recalc")': "Automatic", '=INFO("release")': "16.0", '=INFO("nothing")': VALUE},
    source=_SOURCE.format("INFO"),
    volatile=True,
)
def info(type_text: Text, *, context: Context) -> Scalar:
    """As Excel for Windows answers; what depends on the machine's memory is #N/A since Excel 2007."""
    match type_text.lower():
        case "directory":
            path = context.file_name()
            return path[: max(path.rfind("/"), path.rfind("\\")) + 1]
        case "numfile":
            return float(context.sheet_count())
        case "origin":
            return "$A:$A$1"
        case "osversion":
            return "Windows (64-bit) NT 10.00"
        case "recalc":
            return "Automatic"
        case "release":
            return "16.0"
        case "system":
            return "pcdos"
        case "memavail" | "memused" | "totmem":
            return CellError("#N/A")
    return VALUE
