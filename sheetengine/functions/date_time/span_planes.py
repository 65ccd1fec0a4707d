"""The vector forms of WEEKNUM, ISOWEEKNUM, DATEDIF, DAYS360 and YEARFRAC: their bodies' rules over arrays.

In: lanes as `FunctionSpec.vector` has them; out: a flat `Grid`, to the bit what the bodies answer.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sheetengine.calendar import date_planes, last_serial
from sheetengine.coerce import Errors
from sheetengine.functions.context import Context
from sheetengine.functions.date_time.arguments import strict_planes
from sheetengine.grid import Grid
from sheetengine.values import NUM_ID

Days = NDArray[np.int64]
Dates = tuple[Days, Days, Days]
"""Years, months and days."""

_EPOCH_1970: Final = 25_569
_EPOCH_1970_1904: Final = 24_107
_LEAP_SERIAL: Final = 60


def first_of_month_plane(months: Days, date1904: bool) -> Days:
    """The serials of the first days of months counted from January 1970."""
    days = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    if date1904:
        return days + _EPOCH_1970_1904
    serials = days + _EPOCH_1970
    return serials - (serials <= _LEAP_SERIAL)


def _answers(numbers: Any, wrong: Any, errors: Errors | None) -> Grid:
    found = np.where(wrong, NUM_ID, -1)
    if errors is not None:
        found = np.where(errors >= 0, errors, found)
    return Grid.from_numbers_and_errors(np.asarray(numbers, np.float64), found)


def _beyond(serials: NDArray[np.float64], context: Context) -> NDArray[np.bool_]:
    return (serials < 0.0) | (serials >= last_serial(context.date1904) + 1.0)


def _weekdays(serials: Days, date1904: bool) -> Days:
    return (serials + (5 if date1904 else 6)) % 7


def _first_of_year(years: Days, date1904: bool) -> Days:
    return first_of_month_plane((years - 1970) * 12, date1904)


def _iso_weeks(serials: Days, date1904: bool) -> Days:
    thursdays = serials - (_weekdays(serials, date1904) + 6) % 7 + 3
    outside = (thursdays < 0) | (thursdays > last_serial(date1904))
    held = np.where(outside, 0, thursdays)
    weeks = (held - _first_of_year(date_planes(held.astype(np.float64), date1904)[0], date1904)) // 7 + 1
    return np.where(outside, np.where(thursdays < 0, 53 if date1904 else 52, 1), weeks)


_WEEK_STARTS: Final = np.full(22, -1)
_WEEK_STARTS[[1, 2, 11, 12, 13, 14, 15, 16, 17]] = [0, 1, 1, 2, 3, 4, 5, 6, 0]


def week_numbers(serial_number: Any, return_type: Any = 1.0, *, context: Context) -> Grid:
    """WEEKNUM."""
    (serials, types), errors = strict_planes(context, serial_number, return_type)
    wrong = _beyond(serials, context) | (types < 1.0) | (types >= 22.0)
    days = np.floor(np.where(wrong, 0.0, serials)).astype(np.int64)
    kinds = np.trunc(np.where(wrong, 1.0, types)).astype(np.int64)
    starts = _WEEK_STARTS[kinds]
    wrong = wrong | ((starts < 0) & (kinds != 21))
    first = _first_of_year(date_planes(days.astype(np.float64), context.date1904)[0], context.date1904)
    weeks = (days - first + (_weekdays(first, context.date1904) - starts) % 7) // 7 + 1
    iso = kinds == 21
    if iso.any():
        weeks = np.where(iso, _iso_weeks(days, context.date1904), weeks)
    return _answers(weeks, wrong, errors)


def iso_week_numbers(date: Any, *, context: Context) -> Grid:
    """ISOWEEKNUM."""
    serials = np.atleast_1d(np.asarray(date, np.float64))
    wrong = serials > last_serial(context.date1904)
    return _answers(_iso_weeks(np.where(wrong, 0.0, serials).astype(np.int64), context.date1904), wrong, None)


def _leaps(years: Days) -> NDArray[np.bool_]:
    leaps: NDArray[np.bool_] = (years % 4 == 0) & ((years % 100 != 0) | (years % 400 == 0))
    return leaps


def _last_of_february(dates: Dates, date1904: bool) -> NDArray[np.bool_]:
    years, months, days = dates
    longest = 28 + (_leaps(years) | ((years == 1900) & (not date1904)))
    last: NDArray[np.bool_] = (months == 2) & (days == longest)
    return last


def _european(start: Dates, end: Dates) -> Days:
    return (end[0] - start[0]) * 360 + (end[1] - start[1]) * 30 + np.minimum(end[2], 30) - np.minimum(start[2], 30)


def days_360_planes(start_date: Any, end_date: Any, method: Any, almost: float, context: Context) -> Grid:
    """DAYS360; `almost` is by how much a moment may be short of the next day."""
    starts, ends, european = np.broadcast_arrays(np.atleast_1d(start_date), end_date, method)
    wrong = (starts < 0.0) | (ends < 0.0) | _beyond(starts + almost, context) | _beyond(ends + almost, context)
    start = date_planes(np.where(wrong, 0.0, starts + almost), context.date1904)
    end = date_planes(np.where(wrong, 0.0, ends + almost), context.date1904)
    first = np.where((start[2] == 31) | _last_of_february(start, context.date1904), 30, start[2])
    last = np.where((end[2] == 31) & (first == 30), 30, end[2])
    american = (end[0] - start[0]) * 360 + (end[1] - start[1]) * 30 + last - first
    return _answers(np.where(european, _european(start, end), american), wrong, None)


def _actual_years(start: Dates, end: Dates) -> NDArray[np.float64]:
    one = np.where(_leaps(start[0]), 366.0, 365.0)
    starts, ends = start[1] * 100 + start[2], end[1] * 100 + end[2]
    near = (end[0] == start[0] + 1) & (ends <= starts)
    leaps = (_leaps(start[0]) & (starts <= 229)) | (_leaps(end[0]) & (ends >= 229))
    years = end[0] - start[0] + 1
    before, after = (year // 4 - year // 100 + year // 400 for year in (start[0] - 1, end[0]))
    mean = (years * 365 + after - before) / years
    return np.where(start[0] == end[0], one, np.where(near, np.where(leaps, 366.0, 365.0), mean))


def year_fractions(start_date: Any, end_date: Any, basis: Any = 0.0, *, context: Context) -> Grid:
    """YEARFRAC."""
    (starts, ends, bases), errors = strict_planes(context, start_date, end_date, basis)
    wrong = _beyond(starts, context) | _beyond(ends, context) | (bases <= -1.0) | (bases >= 5.0)
    starts, ends = np.floor(np.where(wrong, 0.0, starts)), np.floor(np.where(wrong, 0.0, ends))
    starts, ends = np.minimum(starts, ends), np.maximum(starts, ends)
    kinds = np.trunc(np.where(wrong, 0.0, bases))
    start, end = date_planes(starts, context.date1904), date_planes(ends, context.date1904)
    february = _last_of_february(start, context.date1904)
    thirtieth = (february & _last_of_february(end, context.date1904)) | ((end[2] == 31) & (start[2] >= 30))
    last, first = np.where(thirtieth, 30, end[2]), np.where(february, 30, np.minimum(start[2], 30))
    american = (end[0] - start[0]) * 360 + (end[1] - start[1]) * 30 + last - first
    spans = np.where(kinds == 0.0, american, np.where(kinds == 4.0, _european(start, end), ends - starts))
    years = np.where(kinds == 1.0, _actual_years(start, end), np.where(kinds == 3.0, 365.0, 360.0))
    return _answers(spans / years, wrong, errors)


def date_differences(start_date: Any, end_date: Any, unit: str, context: Context) -> Grid | None:
    """DATEDIF for one unit, or None for a unit that is none."""
    starts, ends = np.broadcast_arrays(np.atleast_1d(np.asarray(start_date, np.float64)), end_date)
    last = last_serial(context.date1904)
    wrong = (starts > ends) | (starts > last) | (ends > last)
    starts, ends = np.where(wrong, 0.0, starts), np.where(wrong, 0.0, ends)
    if unit == "D":
        return _answers(ends - starts, wrong, None)
    start, end = date_planes(starts, context.date1904), date_planes(ends, context.date1904)
    months = (end[0] - start[0]) * 12 + end[1] - start[1] - (end[2] < start[2])
    if unit == "M":
        return _answers(months, wrong, None)
    if unit == "Y":
        return _answers(months // 12, wrong, None)
    if unit == "YM":
        return _answers(months % 12, wrong, None)
    return None
