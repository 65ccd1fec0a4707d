"""Moments and their parts: DATE, TIME, YEAR … SECOND, WEEKDAY, WEEKNUM, NOW, TODAY.

In: serials or parts; out: parts or serials. Invariant: the vector forms give to the bit what the bodies give.
A moment less than half a second short of the next second (or day) counts as that one, in YEAR … SECOND alike.
"""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np

from sheetengine.calendar import date_from_serial, date_planes, last_serial, shifted_date, weekday
from sheetengine.functions.context import Context
from sheetengine.functions.date_time.arguments import strict_numbers
from sheetengine.functions.date_time.span_planes import first_of_month_plane, iso_week_numbers, week_numbers
from sheetengine.functions.library import function
from sheetengine.functions.signature import Date, Integer, Number, Value
from sheetengine.grid import Grid
from sheetengine.values import NUM, NUM_ID, CellError

CATEGORY: Final = "date and time"
SOURCE: Final = "Microsoft, {} function"

# -- years, months, days -------------------------------------------------------------------------------------------------


def _date_vector(year: Any, month: Any, day: Any, *, context: Context) -> Grid:
    years, months, days = np.broadcast_arrays(np.atleast_1d(year), month, day)
    # Beyond these bounds every answer is #NUM!, within them int64 holds every step.
    years = np.clip(years, -1, 10_000).astype(np.int64)
    wrong = (years < 0) | (years > 9999)
    years = np.where(years < 1900, years + 1900, years)
    if context.date1904:
        wrong |= years < 1904
    months = np.clip(months, -200_000, 200_000).astype(np.int64)
    days = np.clip(days, -8_000_000, 8_000_000).astype(np.int64)
    count = years * 12 + months - 1
    years = count // 12
    wrong = wrong | (years < 1) | (years > 9999)
    serials = first_of_month_plane(np.where(wrong, 0, count - 1970 * 12), context.date1904) + days - 1
    wrong |= (serials < 0) | (serials > last_serial(context.date1904))
    return Grid.from_numbers_and_errors(serials.astype(np.float64), np.where(wrong, NUM_ID, -1))


@function(
    "DATE",
    category=CATEGORY,
    summary="The serial number of a year, month and day; months and days beyond their limits count on.",
    examples={"=DATE(2008,7,8)": 39637.0, "=DATE(2008,14,2)": 39846.0, "=DATE(2008,1,-15)": 39432.0, "=DATE(1900,2,29)": 60.0},
    source=SOURCE.format("DATE"),
    vector=_date_vector,
)
def date(year: Integer, month: Integer, day: Integer, *, context: Context) -> float | CellError:
    """A day's serial."""
    if not 0 <= year <= 9999:
        return CellError("#NUM!", "the year must be 0 to 9999")
    if year < 1900:
        year += 1900
    if context.date1904 and year < 1904:
        return CellError("#NUM!", "the calendar begins with 1904")
    if abs(month) > 200_000 or abs(day) > 8_000_000:
        return NUM
    serial = shifted_date(year, month, day, context.date1904)
    return CellError("#NUM!", "the day is beyond the calendar") if serial is None else float(serial)


ALMOST: Final = 0.4995 / 86_400.0
"""By so much a moment may be short of the next second. Evidence: DAYS360(45992.000001,46000.999999) is 9 in a book saved by Excel 16."""


def _part_vector(place: int) -> Any:
    def vector(serial_number: Any, *, context: Context) -> Any:
        serials = np.atleast_1d(np.asarray(serial_number, np.float64))
        wrong = (serials < 0.0) | (serials + ALMOST >= last_serial(context.date1904) + 1.0)
        plane = date_planes(np.where(wrong, 0.0, serials) + ALMOST, context.date1904)[place].astype(np.float64)
        return Grid.from_numbers_and_errors(plane, np.where(wrong, NUM_ID, -1)) if wrong.any() else plane

    return vector


def _part(serial: float, place: int, context: Context) -> float | CellError:
    found = date_from_serial(serial + ALMOST, context.date1904) if serial >= 0.0 else None
    return CellError("#NUM!", "the date is beyond the calendar") if found is None else float(found[place])


@function("YEAR", category=CATEGORY, summary="The year of a date, 1900 to 9999.", examples={"=YEAR(39634)": 2008.0, '=YEAR("7/5/2010")': 2010.0},
          source=SOURCE.format("YEAR"), vector=_part_vector(0))  # fmt: skip
def year(serial_number: Number, *, context: Context) -> float | CellError:
    """A date's year."""
    return _part(serial_number, 0, context)


@function("MONTH", category=CATEGORY, summary="The month of a date, 1 to 12.", examples={'=MONTH("15-Apr-11")': 4.0, "=MONTH(60)": 2.0},
          source=SOURCE.format("MONTH"), vector=_part_vector(1))  # fmt: skip
def month(serial_number: Number, *, context: Context) -> float | CellError:
    """A date's month."""
    return _part(serial_number, 1, context)


@function("DAY", category=CATEGORY, summary="The day of the month of a date, 1 to 31.", examples={'=DAY("15-Apr-11")': 15.0, "=DAY(60)": 29.0, "=DAY(0)": 0.0},
          source=SOURCE.format("DAY"), vector=_part_vector(2))  # fmt: skip
def day(serial_number: Number, *, context: Context) -> float | CellError:
    """A date's day of the month."""
    return _part(serial_number, 2, context)


# -- hours, minutes, seconds ---------------------------------------------------------------------------------------------


def _clock_vector(place: int) -> Any:
    def vector(serial_number: Any, *, context: Context) -> Grid:
        serials = np.atleast_1d(np.asarray(serial_number, np.float64))
        wrong = (serials < 0.0) | (serials >= last_serial(context.date1904) + 1.0)
        moments = np.where(wrong, 0.0, serials) + ALMOST
        seconds = np.floor((moments - np.floor(moments)) * 86_400.0)
        found = seconds // 3600.0 if place == 0 else seconds // 60.0 % 60.0 if place == 1 else seconds % 60.0
        return Grid.from_numbers_and_errors(found, np.where(wrong, NUM_ID, -1))

    return vector


def _clock(serial: float, place: int, context: Context) -> float | CellError:
    if serial < 0.0 or serial >= last_serial(context.date1904) + 1.0:
        return NUM
    moment = serial + ALMOST
    seconds = math.floor((moment - math.floor(moment)) * 86_400.0)
    return float(seconds // 3600 if place == 0 else seconds // 60 % 60 if place == 1 else seconds % 60)


@function("HOUR", category=CATEGORY, summary="The hour of a time, 0 to 23.", examples={"=HOUR(0.75)": 18.0, '=HOUR("7/18/2011 7:45")': 7.0, '=HOUR("4/21/2012")': 0.0},
          source=SOURCE.format("HOUR"), vector=_clock_vector(0))  # fmt: skip
def hour(serial_number: Number, *, context: Context) -> float | CellError:
    """A moment's hour."""
    return _clock(serial_number, 0, context)


@function("MINUTE", category=CATEGORY, summary="The minute of a time, 0 to 59.", examples={'=MINUTE("12:45:00 PM")': 45.0, "=MINUTE(0.04)": 57.0},
          source=SOURCE.format("MINUTE"), vector=_clock_vector(1))  # fmt: skip
def minute(serial_number: Number, *, context: Context) -> float | CellError:
    """A moment's minute."""
    return _clock(serial_number, 1, context)


@function("SECOND", category=CATEGORY, summary="The second of a time, 0 to 59.", examples={'=SECOND("4:48:18 PM")': 18.0, '=SECOND("4:48 PM")': 0.0},
          source=SOURCE.format("SECOND"), vector=_clock_vector(2))  # fmt: skip
def second(serial_number: Number, *, context: Context) -> float | CellError:
    """A moment's second."""
    return _clock(serial_number, 2, context)


def _time_vector(hour: Any, minute: Any, second: Any) -> Grid:
    hours, minutes, seconds = np.broadcast_arrays(np.atleast_1d(hour), minute, second)
    wrong = (hours > 32_767) | (minutes > 32_767) | (seconds > 32_767)
    hours, minutes, seconds = (np.clip(plane, -(10**12), 32_767).astype(np.int64) for plane in (hours, minutes, seconds))
    total = hours * 3600 + minutes * 60 + seconds
    wrong = wrong | (total < 0)
    return Grid.from_numbers_and_errors(total % 86_400 / 86_400.0, np.where(wrong, NUM_ID, -1))


@function(
    "TIME",
    category=CATEGORY,
    summary="The time of day of hours, minutes and seconds as a fraction of a day.",
    examples={"=TIME(12,0,0)": 0.5, "=TIME(16,48,10)": 0.7001157407407408, "=TIME(27,0,0)": 0.125, "=TIME(0,750,0)": 0.5208333333333334},
    source=SOURCE.format("TIME"),
    vector=_time_vector,
)
def time(hour: Integer, minute: Integer, second: Integer) -> float | CellError:
    """A fraction of a day."""
    if max(hour, minute, second) > 32_767:
        return CellError("#NUM!", "hours, minutes and seconds must be at most 32767")
    total = hour * 3600 + minute * 60 + second
    return CellError("#NUM!", "the time is negative") if total < 0 else total % 86_400 / 86_400.0


# -- the clock -----------------------------------------------------------------------------------------------------------


@function(
    "NOW",
    category=CATEGORY,
    summary="The current date and time.",
    examples={"=NOW()>40000": True},
    source=SOURCE.format("NOW"),
    volatile=True,
)
def now(*, context: Context) -> float:
    """The round's moment."""
    return context.now()


@function(
    "TODAY",
    category=CATEGORY,
    summary="The current date.",
    examples={"=TODAY()=INT(NOW())": True},
    source=SOURCE.format("TODAY"),
    volatile=True,
)
def today(*, context: Context) -> float:
    """The round's day."""
    return float(math.floor(context.now()))


# -- days of the week, weeks ---------------------------------------------------------------------------------------------

_WEEK_STARTS: Final = {1: 0, 2: 1, **{10 + number: number % 7 for number in range(1, 8)}}
"""Return types of WEEKDAY and WEEKNUM and the day, from 0 for Sunday, that begins the week."""


def _weekday_vector(serial_number: Any, return_type: Any = 1, *, context: Context) -> Grid:
    serials, types = np.broadcast_arrays(np.atleast_1d(np.asarray(serial_number, np.float64)), return_type)
    days = (serials.astype(np.int64) + (5 if context.date1904 else 6)) % 7
    answers = np.zeros(serials.shape)
    wrong = serials > last_serial(context.date1904)
    known = types == 3
    answers[known] = (days[known] + 6) % 7
    for number, start in _WEEK_STARTS.items():
        lanes = types == number
        known = known | lanes
        answers[lanes] = (days[lanes] - start) % 7 + 1
    return Grid.from_numbers_and_errors(answers, np.where(wrong | ~known, NUM_ID, -1))


@function(
    "WEEKDAY",
    category=CATEGORY,
    summary="The day of the week of a date, counted from the day that the return type names.",
    examples={"=WEEKDAY(39492)": 5.0, "=WEEKDAY(39492,2)": 4.0, "=WEEKDAY(39492,3)": 3.0, "=WEEKDAY(1)": 1.0},
    source=SOURCE.format("WEEKDAY"),
    vector=_weekday_vector,
)
def weekday_number(serial_number: Date, return_type: Integer = 1, *, context: Context) -> float | CellError:
    """A date's day of the week."""
    if serial_number > last_serial(context.date1904):
        return NUM
    day = weekday(serial_number, context.date1904)
    if return_type == 3:
        return float((day + 6) % 7)
    start = _WEEK_STARTS.get(return_type)
    return CellError("#NUM!", "the return type must be 1, 2, 3 or 11 to 17") if start is None else float((day - start) % 7 + 1)


@function(
    "WEEKNUM",
    category=CATEGORY,
    summary="The number of the week of a date in its year; return type 21 is ISO 8601.",
    examples={"=WEEKNUM(40977)": 10.0, "=WEEKNUM(40977,2)": 11.0, "=WEEKNUM(40977,21)": 10.0},
    source=SOURCE.format("WEEKNUM"),
    vector=week_numbers,
    toolpak=True,
)
def week_number(serial_number: Value, return_type: Value = 1.0, *, context: Context) -> float | CellError:
    """A date's week, the one with 1 January being the first."""
    numbers = strict_numbers(context, serial_number, return_type)
    if isinstance(numbers, CellError):
        return numbers
    found = date_from_serial(numbers[0], context.date1904)
    kind = math.trunc(numbers[1])
    if found is None or (kind != 21 and kind not in _WEEK_STARTS):
        return NUM
    serial = math.floor(numbers[0])
    if kind == 21:
        return _iso_week(serial, context)
    first = shifted_date(found[0], 1, 1, context.date1904)
    assert first is not None
    offset = (weekday(first, context.date1904) - _WEEK_STARTS[kind]) % 7
    return float((serial - first + offset) // 7 + 1)


@function("ISOWEEKNUM", category=CATEGORY, summary="The ISO 8601 number of the week of a date.", examples={"=ISOWEEKNUM(40977)": 10.0, "=ISOWEEKNUM(42370)": 53.0},
          source=SOURCE.format("ISOWEEKNUM"), vector=iso_week_numbers, future="_xlfn.")  # fmt: skip
def iso_week_number(date: Date, *, context: Context) -> float | CellError:
    """A date's week, the one with the year's first Thursday being the first."""
    return NUM if date > last_serial(context.date1904) else _iso_week(int(date), context)


def _iso_week(serial: int, context: Context) -> float:
    # The week belongs to the year of its Thursday. Before March 1900 Excel's days of the week are one off, and so are its weeks.
    thursday = serial - (weekday(serial, context.date1904) + 6) % 7 + 3
    found = date_from_serial(thursday, context.date1904)
    if found is None:
        # Thursdays before the calendar are in the last week of 1899 (1903), those after it in the first of 10000.
        return 52.0 if thursday < 0 and not context.date1904 else 53.0 if thursday < 0 else 1.0
    first = shifted_date(found[0], 1, 1, context.date1904)
    assert first is not None
    return float((thursday - first) // 7 + 1)


__all__ = ["ALMOST", "CATEGORY", "SOURCE"]
