"""Between numbers and texts: TEXT, VALUE, NUMBERVALUE, FIXED, DOLLAR, BAHTTEXT."""

from __future__ import annotations

import re
from typing import Any, Final

import numpy as np

from sheetengine.functions.context import Context
from sheetengine.functions.library import function
from sheetengine.functions.signature import Boolean, Integer, Number, Text, Value
from sheetengine.functions.text.units import CATEGORY, SOURCE, lanes, mixed
from sheetengine.grid import BOOLEAN, NUMBER, TEXT, Grid
from sheetengine.number_format import BadFormat, compiled
from sheetengine.number_format.digits import fixed_digits
from sheetengine.number_text import parse_number
from sheetengine.values import NUM, VALUE, VALUE_ID, CellError, Scalar

_MOST_DECIMALS: Final = 127

# -- TEXT and VALUE ------------------------------------------------------------------------------------------------------


def _shown(value: Scalar, pattern: str, date1904: bool) -> Scalar:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    try:
        format_ = compiled(pattern)
        if isinstance(value, str):
            number = parse_number(value, date1904)
            return format_.text.text(value) if number is None else format_.number(number, date1904)
        return format_.number(0.0 if value is None else float(value), date1904)  # type: ignore[arg-type]  # errors end the call
    except BadFormat as error:
        return CellError("#VALUE!", f"{pattern!r} cannot show the value: {error}")


def _text_vector(value: Any, format_text: Any, context: Context) -> Grid:
    date1904 = context.date1904
    flat = value.flat() if isinstance(value, Grid) else None
    if flat is None:
        return mixed([_shown(value, pattern, date1904) for (pattern,) in lanes(format_text)])
    patterns = format_text.tolist() if isinstance(format_text, np.ndarray) else [format_text] * len(flat)
    return mixed([_shown(one, pattern, date1904) for one, pattern in zip(flat, patterns, strict=True)])


@function(
    "TEXT", category=CATEGORY, summary="A value as its number format shows it.",
    examples={
        '=TEXT(1234.567,"$#,##0.00")': "$1,234.57", '=TEXT(0.285,"0.0%")': "28.5%", '=TEXT(4.34,"# ?/?")': "4 1/3", '=TEXT(1234,"0000000")': "0001234",
        '=TEXT(45292,"dddd, mmmm d, yyyy")': "Monday, January 1, 2024",
    },
    source=SOURCE.format("TEXT"), vector=_text_vector,
)  # fmt: skip
def text(value: Value, format_text: Text, *, context: Context) -> Scalar:
    """A text that reads as a number is one; TRUE and FALSE are shown by no format."""
    return _shown(value, format_text, context.date1904)


def _value_vector(value: Any, context: Context) -> Grid:
    kinds = value.kind_plane()
    if value.kinds is None:
        return Grid(value.numbers)
    numbers = np.where(kinds == NUMBER, value.numbers, 0.0)
    errors = np.where(kinds == BOOLEAN, VALUE_ID, -1)
    for place in np.flatnonzero(kinds == TEXT).tolist():
        number = parse_number(value.texts[place], context.date1904)
        if number is None:
            errors[place] = VALUE_ID
        else:
            numbers[place] = number
    return Grid.from_numbers_and_errors(numbers, errors)


@function(
    "VALUE", category=CATEGORY, summary="The number that a text stands for.",
    examples={'=VALUE("$1,000")': 1000.0, '=VALUE("16:48:00")-VALUE("12:00:00")': 0.2, '=VALUE("abc")': VALUE}, source=SOURCE.format("VALUE"),
    vector=_value_vector,
)  # fmt: skip
def number_of_text(text: Value, *, context: Context) -> Scalar:
    if isinstance(text, bool):
        return VALUE
    if isinstance(text, str):
        number = parse_number(text, context.date1904)
        return CellError("#VALUE!", "the text is no number, date or time") if number is None else number
    return 0.0 if text is None else text


_SPACES = re.compile(r"\s+")
_PLAIN = re.compile(
    r"(?P<open>\()?(?P<sign>[+-])?(?P<money>\$)?(?P<inner>[+-])?(?P<digits>\d+\.?\d*|\.\d+)(?P<exponent>[eE][+-]?\d+)?(?(open)\))\Z",
    re.ASCII,
)


@function(
    "NUMBERVALUE", category=CATEGORY, summary="The number that a text stands for, whatever separates its decimals and its groups.",
    examples={'=NUMBERVALUE("2.500,27",",",".")': 2500.27, '=NUMBERVALUE("3.5%")': 0.035, '=NUMBERVALUE("")': 0.0, '=NUMBERVALUE("9%%")': 0.0009},
    source=SOURCE.format("NUMBERVALUE"), future="_xlfn.",
)  # fmt: skip
def number_value(text: Text, decimal_separator: Text = ".", group_separator: Text | None = ",") -> Scalar:
    """White space counts nowhere; of separators the first character counts; group separators stand before the decimal one."""
    if not decimal_separator or not group_separator:
        return CellError("#VALUE!", "a separator is empty")
    decimal, group = decimal_separator[0], group_separator[0]
    if decimal == group and (decimal, group) != (",", ","):
        return CellError("#VALUE!", "the separators are the same")
    text = _SPACES.sub("", text)
    if not text:
        return 0.0
    body = text.rstrip("%")
    percents = len(text) - len(body)
    before, point, after = body.partition(decimal)
    if decimal in after or (point and group in after and group != decimal):
        return CellError("#VALUE!", "a separator stands where it cannot")
    if group != decimal:
        before = before.replace(group, "")
    if "." in before or "." in after:
        return VALUE
    match = _PLAIN.match(f"{before}.{after}" if point else before)
    if match is None or (match["inner"] and (match["sign"] or match["open"])) or (match["open"] and match["sign"]):
        return CellError("#VALUE!", "the text is no number")
    number = float(match["digits"] + (match["exponent"] or ""))
    for _ in range(min(percents, 400)):
        number /= 100.0
    if number - number != 0.0:
        return VALUE
    if number < 2.2250738585072014e-308:
        return 0.0
    return -number if match["open"] or "-" in (match["sign"], match["inner"]) else number


# -- FIXED and DOLLAR ----------------------------------------------------------------------------------------------------


def _rounded(number: float, decimals: int, grouped: bool) -> tuple[str, bool]:
    """The digits of a number rounded, and whether it is negative still."""
    shift = min(0, decimals)
    before, after = fixed_digits(abs(number), max(0, decimals), shift)
    if shift and before:
        before += "0" * -shift
    shown = f"{int(before or '0'):,}" if grouped else before or "0"
    negative = number < 0.0 and (before != "" or after.strip("0") != "")
    return f"{shown}.{after}" if after else shown, negative


def _fixed_vector(*values: Any) -> Grid:
    return mixed([fixed(*lane) for lane in lanes(*values)])


@function(
    "FIXED", category=CATEGORY, summary="A number rounded and written with its decimals, thousands grouped or not.",
    examples={"=FIXED(1234.567,1)": "1,234.6", "=FIXED(1234.567,-1)": "1,230", "=FIXED(-1234.567,-1,TRUE)": "-1230", "=FIXED(44.332)": "44.33"},
    source=SOURCE.format("FIXED"), vector=_fixed_vector,
)  # fmt: skip
def fixed(number: Number, decimals: Integer = 2, no_commas: Boolean = False) -> Scalar:
    if decimals > _MOST_DECIMALS:
        return CellError("#VALUE!", "at most 127 decimals")
    shown, negative = _rounded(number, max(-400, decimals), not no_commas)
    return "-" + shown if negative else shown


def _dollar_vector(*values: Any) -> Grid:
    return mixed([dollar(*lane) for lane in lanes(*values)])


@function(
    "DOLLAR", "USDOLLAR", category=CATEGORY, summary="A number rounded and written as an amount of dollars.",
    examples={"=DOLLAR(1234.567,2)": "$1,234.57", "=DOLLAR(1234.567,-2)": "$1,200", "=DOLLAR(-1234.567,-2)": "($1,200)", "=DOLLAR(-0.123,4)": "($0.1230)"},
    source=SOURCE.format("DOLLAR"), vector=_dollar_vector,
)  # fmt: skip
def dollar(number: Number, decimals: Integer = 2) -> Scalar:
    if decimals > _MOST_DECIMALS:
        return CellError("#VALUE!", "at most 127 decimals")
    shown, negative = _rounded(number, max(-400, decimals), True)
    return f"(${shown})" if negative else f"${shown}"


# -- BAHTTEXT ------------------------------------------------------------------------------------------------------------

_THAI_DIGITS: Final = ("ศูนย์", "หนึ่ง", "สอง", "สาม", "สี่", "ห้า", "หก", "เจ็ด", "แปด", "เก้า")
_THAI_POWERS: Final = ("", "สิบ", "ร้อย", "พัน", "หมื่น", "แสน")
_MILLION: Final = "ล้าน"
_BAHT, _SATANG, _EXACTLY, _MINUS = "บาท", "สตางค์", "ถ้วน", "ลบ"


def _thai(digits: str) -> str:
    """A whole number in Thai, in groups of six digits; "" for none."""
    digits = digits.lstrip("0")
    if len(digits) > 6:
        return _thai(digits[:-6]) + _MILLION + _thai_group(digits[-6:], higher=True)
    return _thai_group(digits, higher=False)


def _thai_group(digits: str, higher: bool) -> str:
    pieces = []
    for index, digit in enumerate(digits):
        power = len(digits) - 1 - index
        if digit == "0":
            continue
        if power == 1 and digit in "12":
            # Ten is without its one, and the two of twenty has a word of its own.
            pieces.append(("" if digit == "1" else "ยี่") + _THAI_POWERS[1])
        elif power == 0 and digit == "1" and (higher or len(digits) > 1):
            pieces.append("เอ็ด")
        else:
            pieces.append(_THAI_DIGITS[int(digit)] + _THAI_POWERS[power])
    return "".join(pieces)


@function(
    "BAHTTEXT", category=CATEGORY, summary="A number in Thai words, as an amount of baht.",
    examples={"=BAHTTEXT(1234)": "หนึ่งพันสองร้อยสามสิบสี่บาทถ้วน"}, source=SOURCE.format("BAHTTEXT"),
)  # fmt: skip
def baht_text(number: Number) -> Scalar:
    if abs(number) > 1e300:
        return NUM
    baht, satang = fixed_digits(abs(number), 2)
    words = _thai(baht)
    if words:
        words += _BAHT
    if satang == "00":
        words = (words or _THAI_DIGITS[0] + _BAHT) + _EXACTLY
    else:
        words += _thai(satang) + _SATANG
    return _MINUS + words if number < 0.0 else words
