"""What a cell of a sheet's XML says: its type attribute and the text of its `<v>` to a kind and a payload.

In: texts as they stand in the file. Out: kind and payload as in `document`. Shared by the plain reader and the fast one, so that
both mean the same. Invariant: whatever the text, an answer or a `CellProblem` with the reason; numbers are finite.
"""

from __future__ import annotations

import re
from datetime import date, time
from typing import Final

from sheetengine.address import MAX_COLUMNS, MAX_ROWS, column_index
from sheetengine.grid import BLANK, BOOLEAN, ERROR, NUMBER, TEXT
from sheetengine.io.document import TextPool
from sheetengine.io.markup import real, unescape_text
from sheetengine.values import ERROR_CODES, NUM_ID, CellError, error_id


class CellProblem(Exception):
    """Why a cell cannot be read; the reader adds the cell, the part and the file."""


_ERROR_IDS: Final = {code: float(error_id(CellError(code))) for code in ERROR_CODES}
_NOT_FINITE = re.compile(r"\s*[+-]?(?:nan|inf|infinity|1\.#(?:inf|ind|qnan|snan))\s*", re.IGNORECASE)
_ISO = re.compile(r"\s*(?:(\d{4})-(\d\d)-(\d\d))?(?:T?(\d\d):(\d\d)(?::(\d\d(?:\.\d+)?))?)?\s*Z?\s*")
_PLACE = re.compile(r"([A-Za-z]{1,3})([1-9][0-9]{0,9})")


def number_of(text: str) -> tuple[int, float]:
    """Kind and payload of a number's text; NaN and infinities, which some writers leave, are #NUM!.

    >>> number_of("1.5"), number_of("-0"), number_of("NaN"), number_of("")
    ((1, 1.5), (1, 0.0), (4, 5.0), (0, 0.0))
    """
    number = real(text)
    if number is None:
        if not text.strip():
            return BLANK, 0.0
        if _NOT_FINITE.fullmatch(text):
            return ERROR, float(NUM_ID)
        raise CellProblem(f"{text[:40]!r} is not a number")
    if number - number != 0.0:
        return ERROR, float(NUM_ID)
    return NUMBER, number + 0.0


def boolean_of(text: str) -> tuple[int, float]:
    """Kind and payload of a boolean's text."""
    match text.strip().lower():
        case "1" | "true":
            return BOOLEAN, 1.0
        case "0" | "false":
            return BOOLEAN, 0.0
        case "":
            return BLANK, 0.0
    raise CellProblem(f"{text[:40]!r} is neither TRUE nor FALSE")


def error_of(text: str) -> tuple[int, float]:
    """Kind and payload of an error's text; codes that Excel does not have (`Err:502`) are #VALUE! with a message."""
    known = _ERROR_IDS.get(text)
    if known is None:
        code = text.strip()
        if not code:
            return BLANK, 0.0
        known = _ERROR_IDS.get(code.upper())
        if known is None:
            known = float(error_id(CellError("#VALUE!", f"the file says {code[:40]}")))
    return ERROR, known


def date_of(text: str, date1904: bool) -> tuple[int, float]:
    """The serial number of an ISO 8601 date, time or both.

    >>> date_of("2024-03-01T12:00:00", False), date_of("1900-02-28", False), date_of("18:00:00", False)
    ((1, 45352.5), (1, 59.0), (1, 0.75))
    """
    match = _ISO.fullmatch(text)
    if match is None:
        raise CellProblem(f"{text[:40]!r} is not a date of ISO 8601")
    if not text.strip():
        return BLANK, 0.0
    serial = 0.0
    try:
        if match[1]:
            days = date(int(match[1]), int(match[2]), int(match[3])).toordinal()
            # Excel's 1900 system counts a 29th of February 1900 that never was.
            serial = days - 695_056 if date1904 else days - 693_594 if days >= 693_655 else days - 693_595
        if match[4]:
            second = float(match[6] or 0)
            time(int(match[4]), int(match[5]), int(second))
            serial += (int(match[4]) * 3600 + int(match[5]) * 60 + second) / 86_400
    except ValueError:
        raise CellProblem(f"{text[:40]!r} is not a date of ISO 8601") from None
    return NUMBER, float(serial)


def place_of(text: str) -> tuple[int, int]:
    """Row and column, 0-based, of a cell's `r` attribute; raises `CellProblem` for what is none or lies off the grid."""
    match = _PLACE.fullmatch(text)
    if match is None:
        raise CellProblem(f"{text[:40]!r} is not the address of a cell")
    row, column = int(match[2]) - 1, column_index(match[1])
    if row >= MAX_ROWS or column >= MAX_COLUMNS:
        raise CellProblem(f"cell {text[:40]} lies off the grid, whose last cell is XFD1048576")
    return row, column


class CellReader:
    """Reads the values of one workbook's cells: knows its shared strings, where texts are collected, its date system."""

    def __init__(self, shared_strings: list[int], texts: TextPool, date1904: bool) -> None:
        self.shared_strings = shared_strings
        self.texts = texts
        self.date1904 = date1904
        self.rich_errors: dict[int, float] = {}
        """Payloads of the errors that `vm` numbers mean."""

    def value(self, kind: str, text: str | None) -> tuple[int, float]:
        """Kind and payload from the `t` attribute and the text of `<v>`, None where there is no `<v>`."""
        if text is None:
            return BLANK, 0.0
        match kind:
            case "n" | "":
                return number_of(text)
            case "s":
                if not text.strip():
                    return BLANK, 0.0
                number = real(text)
                if number is None or not number.is_integer() or not 0 <= number < len(self.shared_strings):
                    raise CellProblem(f"there is no shared string {text[:40]!r}; the file has {len(self.shared_strings)}")
                return TEXT, float(self.shared_strings[int(number)])
            case "str" | "inlineStr":
                return TEXT, float(self.texts.place(unescape_text(text)))
            case "b":
                return boolean_of(text)
            case "e":
                return error_of(text)
            case "d":
                return date_of(text, self.date1904)
        raise CellProblem(f"{kind[:40]!r} is not a type of cell")
