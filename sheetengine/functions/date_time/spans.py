"""Spans between two days and days at a distance of months: EDATE, EOMONTH, DATEDIF, DAYS, DAYS360, YEARFRAC.

In: serials; out: counts, fractions of years, serials. `days_360` and `year_fraction` are what the financial functions count by.
Invariant: the vector forms give to the bit what the bodies give.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from sheetengine.calendar import date_from_serial, date_planes, days_in_month, last_serial, shifted_date
from sheetengine.functions.context import Context
from sheetengine.functions.date_time.arguments import strict_numbers, strict_planes
from sheetengine.functions.date_time.parts import ALMOST, CATEGORY, SOURCE
from sheetengine.functions.date_time.span_planes import date_differences, days_360_planes, first_of_month_plane, year_fractions
from sheetengine.functions.library import function
from sheetengine.functions.signature import Boolean, Date, Number, Text, Value
from sheetengine.grid import Grid
from sheetengine.values import NUM, NUM_ID, CellError

Day = tuple[int, int, int]
"""Year, month and day."""

# -- months on -----------------------------------------------------------------------------------------------------------

_MOST_MONTHS = 200_000


def _months_on(start: float, months: float, end_of_month: bool, context: Context) -> float | CellError:
    found = date_from_serial(start, context.date1904)
    if found is None or abs(months) > _MOST_MONTHS:
        return NUM
    count = found[0] * 12 + found[1] - 1 + math.trunc(months)
    year, month = divmod(count, 12)
    if not 1 <= year <= 9999:
        return NUM
    longest = days_in_month(year, month + 1, context.date1904)
    day = longest if end_of_month else min(found[2], longest)
    serial = shifted_date(year, month + 1, day, context.date1904)
    return NUM if serial is None else float(serial)


def _months_vector(end_of_month: bool) -> Callable[..., Grid]:
    def vector(start_date: Any, months: Any, *, context: Context) -> Grid:
        (starts, counts), errors = strict_planes(context, start_date, months)
        wrong = (starts < 0.0) | (starts >= last_serial(context.date1904) + 1.0) | (np.abs(counts) > _MOST_MONTHS)
        years, month_numbers, days = date_planes(np.where(wrong, 0.0, starts), context.date1904)
        index = years * 12 + month_numbers - 1 + np.trunc(np.where(wrong, 0.0, counts)).astype(np.int64)
        wrong = wrong | (index < 12) | (index >= 120_000)
        index = np.where(wrong, 1970 * 12, index) - 1970 * 12
        firsts = first_of_month_plane(index, context.date1904)
        longest = first_of_month_plane(index + 1, context.date1904) - firsts
        serials = firsts + (longest if end_of_month else np.minimum(days, longest)) - 1
        wrong = wrong | (serials < 0) | (serials > last_serial(context.date1904))
        found = np.where(wrong, NUM_ID, -1)
        if errors is not None:
            found = np.where(errors >= 0, errors, found)
        return Grid.from_numbers_and_errors(serials.astype(np.float64), found)

    return vector


@function(
    "EDATE",
    category=CATEGORY,
    summary="The day that is a number of months before or after a date.",
    examples={'=EDATE("15-Jan-11",1)': 40589.0, '=EDATE("15-Jan-11",-1)': 40527.0, '=EDATE("31-Jan-2011",1)': 40602.0},
    source=SOURCE.format("EDATE"),
    vector=_months_vector(False),
    toolpak=True,
)
def months_on(start_date: Value, months: Value, *, context: Context) -> float | CellError:
    """The same day of another month, or its last."""
    numbers = strict_numbers(context, start_date, months)
    return numbers if isinstance(numbers, CellError) else _months_on(numbers[0], numbers[1], False, context)


@function(
    "EOMONTH",
    category=CATEGORY,
    summary="The last day of the month that is a number of months before or after a date.",
    examples={'=EOMONTH("1-Jan-11",1)': 40602.0, '=EOMONTH("1-Jan-11",-3)': 40482.0},
    source=SOURCE.format("EOMONTH"),
    vector=_months_vector(True),
    toolpak=True,
)
def end_of_month(start_date: Value, months: Value, *, context: Context) -> float | CellError:
    """The last day of another month."""
    numbers = strict_numbers(context, start_date, months)
    return numbers if isinstance(numbers, CellError) else _months_on(numbers[0], numbers[1], True, context)


# -- between two days ----------------------------------------------------------------------------------------------------


def _days_vector(end_date: Any, start_date: Any) -> Any:
    return np.atleast_1d(np.subtract(end_date, start_date))


@function("DAYS", category=CATEGORY, summary="The days from one date to another.", examples={'=DAYS("15-MAR-2021","1-FEB-2021")': 42.0, "=DAYS(44561,44197)": 364.0},
          source=SOURCE.format("DAYS"), vector=_days_vector, future="_xlfn.")  # fmt: skip
def days(end_date: Date, start_date: Date) -> float:
    """Days between."""
    return end_date - start_date


def _difference_vector(start_date: Any, end_date: Any, unit: Any, *, context: Context) -> Grid:
    whole = date_differences(start_date, end_date, unit.upper(), context) if isinstance(unit, str) else None
    if whole is not None:
        return whole
    starts, ends, units = np.broadcast_arrays(np.atleast_1d(start_date), end_date, np.asarray(unit, dtype=object))
    rows = zip(starts.tolist(), ends.tolist(), units.tolist(), strict=True)
    return Grid.from_flat([date_difference(start, end, word, context=context) for start, end, word in rows], starts.shape)


@function(
    "DATEDIF",
    category=CATEGORY,
    summary="The whole years, months or days between two dates, or what is left of them.",
    examples={
        '=DATEDIF(DATE(2001,1,1),DATE(2003,1,1),"Y")': 2.0,
        '=DATEDIF(DATE(2001,6,1),DATE(2002,8,15),"D")': 440.0,
        '=DATEDIF(DATE(2001,6,1),DATE(2002,8,15),"YD")': 75.0,
    },
    source=SOURCE.format("DATEDIF"),
    vector=_difference_vector,
)
def date_difference(start_date: Date, end_date: Date, unit: Text, *, context: Context) -> float | CellError:
    """Whole units between."""
    start, end = date_from_serial(start_date, context.date1904), date_from_serial(end_date, context.date1904)
    if start is None or end is None:
        return NUM
    if start_date > end_date:
        return CellError("#NUM!", "the start date is after the end date")
    months = (end[0] - start[0]) * 12 + end[1] - start[1] - (end[2] < start[2])
    match unit.upper():
        case "D":
            return end_date - start_date
        case "M":
            return float(months)
        case "Y":
            return float(months // 12)
        case "YM":
            return float(months % 12)
        case "MD":
            # Excel counts the start's day on in the month before the end's, though that month may not have it: from
            # 31 January to 1 March it answers -2 (or -1). Microsoft: "may result in a negative number, a zero, or an inaccurate result".
            if end[2] >= start[2]:
                return float(end[2] - start[2])
            year, month = (end[0], end[1] - 1) if end[1] > 1 else (end[0] - 1, 12)
            return float(end[2] - start[2] + days_in_month(year, month, context.date1904))
        case "YD":
            # Both days are laid into the start's year, or the end into the year after: 29 February counts as the start's year has it.
            year = start[0] + ((end[1], end[2]) < (start[1], start[2]))
            shifted = shifted_date(year, end[1], end[2], context.date1904)
            return NUM if shifted is None else float(shifted) - start_date
    return CellError("#NUM!", 'the unit must be "Y", "M", "D", "MD", "YM" or "YD"')


def is_last_of_february(day: Day, date1904: bool = False) -> bool:
    """Whether a day is the last of a February."""
    return day[1] == 2 and day[2] == days_in_month(day[0], 2, date1904)


def days_360(start: Day, end: Day, european: bool, date1904: bool = False) -> int:
    """Days in a year of twelve months of 30 days, as DAYS360 has it."""
    first, last = start[2], end[2]
    if european:
        first, last = min(first, 30), min(last, 30)
    else:
        if first == 31 or is_last_of_february(start, date1904):
            first = 30
        if last == 31 and first == 30:
            last = 30
    return (end[0] - start[0]) * 360 + (end[1] - start[1]) * 30 + last - first


def _days_360_vector(start_date: Any, end_date: Any, method: Any = False, *, context: Context) -> Grid:
    return days_360_planes(start_date, end_date, method, ALMOST, context)


@function(
    "DAYS360",
    category=CATEGORY,
    summary="The days between two dates in a year of twelve months of 30 days, by the US or the European method.",
    examples={
        "=DAYS360(40573,40575)": 1.0,
        "=DAYS360(40544,40908)": 360.0,
        "=DAYS360(40544,40575)": 30.0,
        "=DAYS360(45658,45688,TRUE)": 29.0,
    },
    source=SOURCE.format("DAYS360"),
    vector=_days_360_vector,
)
def days_between_360(start_date: Number, end_date: Number, method: Boolean = False, *, context: Context) -> float | CellError:
    """Days of 30-day months."""
    if start_date < 0.0 or end_date < 0.0:
        return NUM
    # A moment within half a second of midnight is the next day here (46000.999999 in a book saved by Excel 16), not in DAYS.
    start, end = (date_from_serial(serial + ALMOST, context.date1904) for serial in (start_date, end_date))
    if start is None or end is None:
        return NUM
    return float(days_360(start, end, method, context.date1904))


def days_30_360(start: Day, end: Day, date1904: bool = False) -> int:
    """Days by the US 30/360 rule of securities (basis 0), which also sees both ends at the end of February.

    A 31st as the end goes to the 30th only behind a 30th or 31st, not behind the end of February: Excel looks at the end first (D. Mahugh
    of Microsoft to OASIS, July 2008, "Excel's YEARFRAC algorithm").
    """
    first, last = start[2], end[2]
    from_february = is_last_of_february(start, date1904)
    if (last == 31 and first >= 30) or (from_february and is_last_of_february(end, date1904)):
        last = 30
    first = 30 if from_february else min(first, 30)
    return (end[0] - start[0]) * 360 + (end[1] - start[1]) * 30 + last - first


def is_leap(year: int) -> bool:
    """Whether a year has 366 days by the Gregorian rule; 1900 has not, even on Excel's calendar."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def actual_year(start: Day, end: Day) -> float:
    """The length of the year by which YEARFRAC divides actual days: of the one year where the span fits in one, else the mean."""
    if start[0] == end[0]:
        return 366.0 if is_leap(start[0]) else 365.0
    if end[0] == start[0] + 1 and (end[1], end[2]) <= (start[1], start[2]):
        leaps = (is_leap(start[0]) and (start[1], start[2]) <= (2, 29)) or (is_leap(end[0]) and (end[1], end[2]) >= (2, 29))
        return 366.0 if leaps else 365.0
    years = end[0] - start[0] + 1
    leaps_before = [(year // 4 - year // 100 + year // 400) for year in (start[0] - 1, end[0])]
    return (years * 365 + leaps_before[1] - leaps_before[0]) / years


def year_fraction(start: float, end: float, basis: int, date1904: bool = False) -> float | None:
    """The fraction of a year between two whole serials by one of the five bases, or None beyond the calendar."""
    if start > end:
        start, end = end, start
    first, last = date_from_serial(start, date1904), date_from_serial(end, date1904)
    if first is None or last is None:
        return None
    match basis:
        case 0:
            return days_30_360(first, last, date1904) / 360.0
        case 1:
            return (end - start) / actual_year(first, last)
        case 2:
            return (end - start) / 360.0
        case 3:
            return (end - start) / 365.0
    return days_360(first, last, True, date1904) / 360.0


@function(
    "YEARFRAC",
    category=CATEGORY,
    summary="The fraction of a year between two dates by one of five day counts.",
    examples={
        "=YEARFRAC(40909,41120)": 0.5805555555555556,
        "=YEARFRAC(40909,41120,1)": 0.5765027322404371,
        "=YEARFRAC(40909,41120,3)": 0.5780821917808219,
    },
    source=SOURCE.format("YEARFRAC"),
    vector=year_fractions,
    toolpak=True,
)
def fraction_of_year(start_date: Value, end_date: Value, basis: Value = 0.0, *, context: Context) -> float | CellError:
    """A span in years."""
    numbers = strict_numbers(context, start_date, end_date, basis)
    if isinstance(numbers, CellError):
        return numbers
    kind = math.trunc(numbers[2])
    if not 0 <= kind <= 4:
        return CellError("#NUM!", "the basis must be 0 to 4")
    fraction = year_fraction(math.floor(numbers[0]), math.floor(numbers[1]), kind, context.date1904)
    return NUM if fraction is None else fraction


__all__ = ["Day", "actual_year", "days_30_360", "days_360", "is_last_of_february", "is_leap", "year_fraction"]
