"""Texts as Excel's keyboard takes them: `12%`, `3/4`, `$1,234.50`, `1e3`, `'text`, `TRUE`, `=A1+1`, `-A1`.

In: what a user types, the number format of the cell. Out: an `Entry`: a value or a formula, and the format that comes along with it. Plain
assignment guesses nothing; this is the place that guesses, as en-US Excel does. Sources: Microsoft, "Enter data manually in worksheet
cells", "Format numbers as percentages", "Stop automatically changing numbers to dates".
"""

from __future__ import annotations

import re

from sheetengine.number_format import is_date_format
from sheetengine.number_text import parse_date, parse_number, parse_time
from sheetengine.values import ERROR_CODES, CellError
from sheetengine.workbook.entry import Entry, storable

_GENERAL = "General"
_TEXT = "@"
_NUMBER = re.compile(r"[+-]?[$]?[+-]?(?:\d[\d,]*\.?\d*|\.\d+)\Z", re.ASCII)
_EXPONENT = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)[eE][+-]?\d+\Z", re.ASCII)
_LONG = re.compile(r"([+-]?)0*(\d+)(?:\.(\d*))?\Z", re.ASCII)
_FRACTION = re.compile(r"[+-]?\d+ +\d+/(\d+)\Z", re.ASCII)
_YEARLESS = re.compile(r"\d{1,2}[/-]\d{1,2}\Z|\d{1,2}[\s/-]*[A-Za-z]{3,9}\.?\Z|[A-Za-z]{3,9}\.?[\s/-]*\d{1,2}\Z", re.ASCII)
_MONTH_AND_YEAR = re.compile(r"\d{1,2}[/-]\d{4}\Z|[A-Za-z]{3,9}\.?[\s/-]*(?:\d{4}|3[2-9]|[4-9]\d)\Z", re.ASCII)
_WORD = re.compile(r"[A-Za-z]{3,}")


def typed(text: str, pattern: str = _GENERAL, date1904: bool = False) -> Entry:
    """What a cell with a number format gets when a text is typed into it.

    >>> typed("12%"), typed("3 1/2").value, typed("'12").value, typed("-A1").formula
    (Entry(value=0.12, formula=None, pattern='0%'), 3.5, '12', '=-A1')
    >>> typed("12", "@"), typed("12", "0.00%").value
    (Entry(value='12', formula=None, pattern=None), 0.12)
    """
    if text == "":
        return Entry(None)
    storable(text)
    if pattern == _TEXT:
        return Entry(text)
    if text[0] == "'":
        return Entry(text[1:])
    if text[0] == "=" and len(text) > 1:
        return Entry(None, text)
    stripped = text.strip()
    upper = stripped.upper()
    if upper in ("TRUE", "FALSE"):
        return Entry(upper == "TRUE")
    if upper in ERROR_CODES:
        return Entry(CellError(upper))
    number = parse_number(stripped, date1904)
    if number is not None:
        return _number(stripped, number, pattern, date1904)
    if stripped[:1] in "+-" and len(stripped) > 1:
        return Entry(None, "=" + stripped)
    if stripped[:1] == "@" and "(" in stripped:
        return Entry(None, "=" + stripped[1:])
    return Entry(text)


def _number(text: str, number: float, pattern: str, date1904: bool) -> Entry:
    number = _fifteen_digits(text, number)
    own = _pattern_of(text, date1904)
    if pattern.endswith("%") and "%" not in text and not is_date_format(own or _GENERAL):
        # A number typed into a percentage is one, from 1 up; 0.1 is 10 % either way.
        return Entry(number / 100.0 if abs(number) >= 1.0 else number)
    return Entry(number, None, own if pattern == _GENERAL else None)


def _fifteen_digits(text: str, number: float) -> float:
    """Digits beyond the fifteenth become zeros; they are not rounded."""
    match = _LONG.match(text.replace(",", "").replace("$", ""))
    if match is None:
        return number
    whole, fraction = match[2], match[3] or ""
    digits = (whole + fraction).lstrip("0")
    if len(digits) <= 15:
        return number
    lead = len(whole + fraction) - len(digits)
    kept = (whole + fraction)[: lead + 15].ljust(len(whole + fraction), "0")
    return float(f"{match[1]}{kept[: len(whole)]}.{kept[len(whole) :]}")


def _pattern_of(text: str, date1904: bool) -> str | None:
    """The number format that Excel gives a cell for what was typed; None: General."""
    if text.endswith("%") or text.startswith("%"):
        return "0.00%" if "." in text else "0%"
    bare = text.strip("()") if text[:1] == "(" else text
    if _NUMBER.match(bare):
        if "$" in bare:
            return "$#,##0.00_);[Red]($#,##0.00)" if "." in bare else "$#,##0_);[Red]($#,##0)"
        if "," in bare:
            return "#,##0.00" if "." in bare else "#,##0"
        return None
    if _EXPONENT.match(bare):
        return "0.00E+00"
    fraction = _FRACTION.match(bare)
    if fraction is not None:
        return "# ?/?" if len(fraction[1]) == 1 else "# ??/??"
    return _moment_pattern(text, date1904)


def _moment_pattern(text: str, date1904: bool) -> str | None:
    if parse_time(text) is not None:
        return _time_pattern(text)
    if parse_date(text, date1904) is None:
        return "m/d/yyyy h:mm" if ":" in text or re.search(r"\d\s*[aApP][mM]?\Z", text) else None
    if _MONTH_AND_YEAR.match(text):
        return "mmm-yy"
    if _YEARLESS.match(text):
        return "d-mmm"
    return "d-mmm-yy" if _WORD.search(text) else "m/d/yyyy"


def _time_pattern(text: str) -> str:
    half = " AM/PM" if re.search(r"[aApP][mM]?\Z", text) else ""
    parts = text.split(":")
    if not half and "." in parts[-1]:
        return "mm:ss.0"
    if not half and int(re.sub(r"\D", "", parts[0]) or 0) > 23:
        return "[h]:mm:ss"
    return ("h:mm:ss" if len(parts) == 3 else "h:mm") + half
