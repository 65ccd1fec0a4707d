"""Texts as days and times: DATEVALUE and TIMEVALUE.

In: a text as en-US writes dates. Out: a serial, or the fraction of a day.
"""

from __future__ import annotations

import re
from typing import Final

from sheetengine.calendar import date_from_serial
from sheetengine.functions.context import Context
from sheetengine.functions.date_time.parts import CATEGORY, SOURCE
from sheetengine.functions.library import function
from sheetengine.functions.signature import Text
from sheetengine.number_text import parse_date, parse_time
from sheetengine.values import CellError

_DAY_NAME: Final = re.compile(r"(?:Sun|Mon|Tues|Wednes|Thurs|Fri|Satur)day,\s*", re.IGNORECASE)


def _moment(text: str, context: Context) -> tuple[int | None, float | None] | None:
    """The day and the time of day that a text says, either None where it does not say it; None where it is no moment."""
    current = date_from_serial(context.now(), context.date1904)
    this_year = None if current is None else current[0]
    # The long form of a date begins with its day of the week, which Excel does not check.
    text = _DAY_NAME.sub("", text.strip(" \t\r\n"))
    time = parse_time(text)
    if time is not None:
        return None, time
    day = parse_date(text, context.date1904, this_year)
    if day is not None:
        return day, None
    for gap in re.finditer(r"\s+", text):
        before, after = text[: gap.start()], text[gap.end() :]
        time = parse_time(after)
        day = parse_date(before, context.date1904, this_year) if time is not None else None
        if time is None:
            time = parse_time(before)
            day = parse_date(after, context.date1904, this_year) if time is not None else None
        if day is not None and time is not None:
            return day, time
    return None


@function(
    "DATEVALUE",
    category=CATEGORY,
    summary="The serial number of a date given as text; a time in the text is left out.",
    examples={'=DATEVALUE("8/22/2011")': 40777.0, '=DATEVALUE("22-MAY-2011")': 40685.0, '=DATEVALUE("2011/02/23")': 40597.0},
    source=SOURCE.format("DATEVALUE"),
)
def date_value(date_text: Text, *, context: Context) -> float | CellError:
    """A text's day."""
    found = _moment(date_text, context)
    if found is None:
        return CellError("#VALUE!", f"{date_text[:40]!r} is not a date")
    return float(found[0] or 0)


@function(
    "TIMEVALUE",
    category=CATEGORY,
    summary="The time of day of a time given as text, as a fraction of a day; a date in the text is left out.",
    examples={'=TIMEVALUE("2:24 AM")': 0.1, '=TIMEVALUE("22-Aug-2011 6:35 AM")': 0.2743055555555556},
    source=SOURCE.format("TIMEVALUE"),
)
def time_value(time_text: Text, *, context: Context) -> float | CellError:
    """A text's time of day."""
    found = _moment(time_text, context)
    if found is None:
        return CellError("#VALUE!", f"{time_text[:40]!r} is not a time")
    return (found[1] or 0.0) % 1.0
