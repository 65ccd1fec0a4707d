"""Numbers as texts and texts as numbers, as `&`, VALUE and arithmetic have them.

In: a float or what a user could type into a cell, en-US; out: Excel's 15-digit text, or the number (a date becomes its serial).
Source: Microsoft, "VALUE function", "Floating-point arithmetic may give inaccurate results in Excel".
"""

from __future__ import annotations

import datetime
import re
from functools import lru_cache
from typing import Final

from sheetengine.calendar import MONTH_NAMES, serial_from_date

_LONGEST_PLAIN: Final = 20


def round15(number: float) -> float:
    """The double nearest to a number's first 15 significant decimal digits.

    >>> round15(0.1 + 0.2)
    0.3
    """
    return float(f"{number:.14e}")


def general_text(number: float) -> str:
    """A number as `&` writes it: 15 digits, an exponent from 1E+20 up or where the plain form would be longer than 20 characters.

    >>> general_text(1 / 3), general_text(1e20), general_text(-0.00001), general_text(123456789012345678.0)
    ('0.333333333333333', '1E+20', '-0.00001', '123456789012346000')
    """
    if number == int(number) and -1e15 < number < 1e15:
        return str(int(number))
    mantissa, _, exponent_text = f"{number:.14e}".partition("e")
    exponent = int(exponent_text)
    negative = mantissa[0] == "-"
    digits = mantissa.lstrip("-").replace(".", "").rstrip("0")
    if exponent >= 0:
        if exponent >= _LONGEST_PLAIN:
            return _scientific(digits, exponent, negative)
        plain = digits.ljust(exponent + 1, "0")
        if len(plain) > exponent + 1:
            plain = f"{plain[: exponent + 1]}.{plain[exponent + 1 :]}"
    else:
        plain = "0." + "0" * (-exponent - 1) + digits
        if len(plain) > _LONGEST_PLAIN:
            return _scientific(digits, exponent, negative)
    return "-" + plain if negative else plain


def _scientific(digits: str, exponent: int, negative: bool) -> str:
    fraction = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{'-' if negative else ''}{digits[0]}{fraction}E{'-' if exponent < 0 else '+'}{abs(exponent):02d}"


# -- texts as numbers ----------------------------------------------------------------------------------------------------

_PLAIN = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\Z", re.ASCII)
_MONEY = re.compile(
    r"(?P<sign>[+-]?)\s*(?P<open>\(?)\s*(?P<before>[$%]?)\s*(?P<inner>[+-]?)\s*"
    r"(?P<number>(?:\d{1,3}(?:,\d{3,})+|\d+)(?:\.\d*)?|\.\d+)(?P<exponent>[eE][+-]?\d+)?\s*(?P<percent>%?)\s*(?P<close>\)?)\s*(?P<after>%?)\Z",
    re.ASCII,
)
_FRACTION = re.compile(r"(?P<sign>[+-]?)(?P<whole>\d+) +(?P<top>\d+)/(?P<bottom>\d{1,5})\Z", re.ASCII)
_TIME = re.compile(
    r"(?P<hour>\d{1,4}):(?P<minute>\d{1,4})(?::(?P<second>\d{1,4})(?P<fraction>\.\d*)?|(?P<tail>\.\d+))?(?:\s+(?P<half>[aApP])[mM]?)?\Z|(?P<only>\d{1,2})\s+(?P<only_half>[aApP])[mM]?\Z",
    re.ASCII,
)
_SHORTEST_MONTH: Final = 3
# Any beginning of a month's name will do: SEPT2 and MARC1, names of genes, become dates in Excel.
_MONTHS: Final = {
    name[:length].lower(): index + 1 for index, name in enumerate(MONTH_NAMES) for length in range(_SHORTEST_MONTH, len(name) + 1)
}
_MONTH_WORD: Final = "|".join(sorted(_MONTHS, key=len, reverse=True))
_NUMERIC_DATE = re.compile(r"(\d{1,4})([/-])(\d{1,4})(?:\2(\d{1,4}))?\Z", re.ASCII)
_DAY_MONTH = re.compile(rf"(\d{{1,2}})[\s/-]*({_MONTH_WORD})\.?(?:[\s/,-]*(\d{{1,4}}))?\Z", re.IGNORECASE | re.ASCII)
_MONTH_DAY = re.compile(rf"({_MONTH_WORD})\.?[\s/-]*(\d{{1,4}})(?:(?:\s*,\s*|[\s/-]+)(\d{{1,4}}))?\Z", re.IGNORECASE | re.ASCII)


@lru_cache(maxsize=4096)
def parse_number(text: str, date1904: bool = False) -> float | None:
    """The number that a text stands for, or None.

    >>> parse_number(" $1,234.50 "), parse_number("12%"), parse_number("(5)"), parse_number("1 1/2"), parse_number("x")
    (1234.5, 0.12, -5.0, 1.5, None)
    >>> parse_number("2024-01-01"), parse_number("12:00"), parse_number("1-Jan-2024 6:00 PM")
    (45292.0, 0.5, 45292.75)
    """
    whole, text = text, text.strip(" \t\r\n")
    if _PLAIN.match(text):
        return _finite(float(text))
    if not text or not any("0" <= character <= "9" for character in text):
        return None
    money = _MONEY.match(text)
    if money is not None:
        return _money(money)
    fraction = _FRACTION.match(text)
    if fraction is not None:
        bottom = int(fraction["bottom"])
        if bottom == 0:
            return None
        number = int(fraction["whole"]) + int(fraction["top"]) / bottom
        return -number if fraction["sign"] == "-" else number
    # A date with spaces around it is no date (books saved by Excel: GCD, MROUND, COT of " 2024-01-10 ").
    return parse_moment(text, date1904) if len(text) == len(whole) else None


def _finite(number: float) -> float | None:
    # What a user could type holds 15 digits at most; longer texts are cut there as on entry.
    return number + 0.0 if abs(number) < 1.7976931348623158e308 else None


def _money(match: re.Match[str]) -> float | None:
    parts = match.groupdict()
    bracketed = parts["open"] == "("
    percents = (parts["before"] == "%") + (parts["percent"] == "%") + (parts["after"] == "%")
    if bracketed != (parts["close"] == ")") or (parts["sign"] and parts["inner"]) or percents > 1:
        return None
    if bracketed and (parts["sign"] or parts["inner"]):
        return None
    number = float(parts["number"].replace(",", "") + (parts["exponent"] or ""))
    if percents:
        number /= 100.0
    negative = bracketed or parts["sign"] == "-" or parts["inner"] == "-"
    return _finite(-number if negative else number)


def parse_moment(text: str, date1904: bool = False) -> float | None:
    """The serial of a date, a time or both as en-US writes them, or None.

    >>> parse_moment("Mar 5, 2021"), parse_moment("3/5/2021 12:00"), parse_moment("25:30:00")
    (44260.0, 44260.5, 1.0625)
    """
    time = parse_time(text)
    if time is not None:
        return time
    date = parse_date(text, date1904)
    if date is not None:
        return float(date)
    for match in re.finditer(r"\s+", text):
        before, after = text[: match.start()], text[match.end() :]
        time = parse_time(after)
        if time is not None:
            date = parse_date(before, date1904)
        else:
            time = parse_time(before)
            date = None if time is None else parse_date(after, date1904)
        if date is not None and time is not None:
            return date + time
    return None


def parse_time(text: str) -> float | None:
    """A time of day or a duration as a fraction of days, or None; "a" and "p" want a space before them, as at Excel's keyboard.

    >>> parse_time("1:30 PM"), parse_time("0:00:43.2"), parse_time("3a")
    (0.5625, 0.0005, None)
    """
    match = _TIME.match(text)
    if match is None:
        return None
    half = match["half"] or match["only_half"]
    if match["only"]:
        hour, minute, second = int(match["only"]), 0, 0.0
    elif match["tail"]:
        # m:ss.f - with a fraction and no third part the parts are minutes and seconds
        hour, minute, second = 0, int(match["hour"]), int(match["minute"]) + float(match["tail"])
    else:
        hour, minute = int(match["hour"]), int(match["minute"])
        second = int(match["second"] or 0) + float("0" + (match["fraction"] or "0") if (match["fraction"] or "") != "." else 0)
    if half:
        if not 0 <= hour <= 12 or minute > 59 or second >= 60:
            return None
        hour = hour % 12 + (12 if half in "pP" else 0)
    # One part may run over its limit, and only one: 25:30 and 0:90 are durations, 25:90 is a text.
    if (hour > 23) + (minute > 59) + (second >= 60) > 1 or hour > 9999:
        return None
    return (hour * 3600 + minute * 60 + second) / 86_400


def _full_year(year: int, digits: int) -> int | None:
    if digits <= 2:
        return year + (2000 if year < 30 else 1900)
    return year if digits == 4 and year >= 1900 else None


def parse_date(text: str, date1904: bool = False, this_year: int | None = None) -> int | None:
    """The serial of a date without a time, or None; where no year is written it is the current one.

    >>> parse_date("1/31/99"), parse_date("2021/3/5"), parse_date("5 March 2021"), parse_date("31/12/2020")
    (36191, 44260, 44260, None)
    """
    match = _NUMERIC_DATE.match(text)
    if match is not None:
        return _numeric_date(match, date1904, this_year)
    match = _DAY_MONTH.match(text)
    if match is not None:
        year = _year_or_current(match[3], this_year)
        return None if year is None else serial_from_date(year, _MONTHS[match[2].lower()], int(match[1]), date1904)
    match = _MONTH_DAY.match(text)
    if match is None:
        return None
    month = _MONTHS[match[1].lower()]
    if match[3] is None and (len(match[2]) == 4 or int(match[2]) > 31):
        # "Mar 2021" and "Mar-99" are the first of a month
        year = _full_year(int(match[2]), len(match[2]))
        return None if year is None else serial_from_date(year, month, 1, date1904)
    if len(match[2]) > 2:
        return None
    year = _year_or_current(match[3], this_year)
    return None if year is None else serial_from_date(year, month, int(match[2]), date1904)


def _year_or_current(written: str | None, this_year: int | None) -> int | None:
    if written is None:
        return this_year if this_year is not None else datetime.date.today().year
    return _full_year(int(written), len(written))


def _numeric_date(match: re.Match[str], date1904: bool, this_year: int | None) -> int | None:
    first, second, third = match[1], match[3], match[4]
    if third is None:
        if len(first) == 4:
            return serial_from_date(int(first), int(second), 1, date1904) if len(second) <= 2 else None
        month = int(first)
        if len(first) > 2 or not 1 <= month <= 12:
            return None
        if len(second) == 4 or (len(second) <= 2 and int(second) > 31):
            year = _full_year(int(second), len(second))
            return None if year is None else serial_from_date(year, month, 1, date1904)
        year = _year_or_current(None, this_year)
        return None if year is None or len(second) > 2 else serial_from_date(year, month, int(second), date1904)
    if len(first) == 4:
        return serial_from_date(int(first), int(second), int(third), date1904) if len(second) <= 2 and len(third) <= 2 else None
    if len(first) > 2 or len(second) > 2:
        return None
    year = _full_year(int(third), len(third))
    return None if year is None else serial_from_date(year, int(first), int(second), date1904)
