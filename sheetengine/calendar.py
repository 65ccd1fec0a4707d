"""Serial numbers and dates on Excel's two calendars.

In: years, months, days or serials; out: the other. On the 1900 calendar serial 1 is 1900-01-01 and serial 60 the 29 February
1900 that never was; serial 0 shows as 1900-01-00. On the 1904 calendar serial 0 is 1904-01-01. Both end with the year 9999.
Source: Microsoft, "Date systems in Excel"; ISO/IEC 29500-1, 18.17.4.
"""

from __future__ import annotations

import datetime
import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

LAST_SERIAL: Final = 2_958_465
"""31 December 9999 on the 1900 calendar."""
LAST_SERIAL_1904: Final = LAST_SERIAL - 1_462
DAYS_BETWEEN_CALENDARS: Final = 1_462
_EPOCH: Final = datetime.date(1899, 12, 30).toordinal()
_EPOCH_1904: Final = datetime.date(1904, 1, 1).toordinal()
_LEAP_SERIAL: Final = 60
MONTH_NAMES: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
DAY_NAMES: Final = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")


def last_serial(date1904: bool = False) -> int:
    """The serial of 31 December 9999."""
    return LAST_SERIAL_1904 if date1904 else LAST_SERIAL


def serial_from_date(year: int, month: int, day: int, date1904: bool = False) -> int | None:
    """The serial of a day that is on the calendar, or None.

    >>> serial_from_date(1900, 1, 1), serial_from_date(1900, 2, 29), serial_from_date(1900, 3, 1), serial_from_date(2024, 2, 30)
    (1, 60, 61, None)
    """
    if not date1904 and (year, month, day) == (1900, 2, 29):
        return _LEAP_SERIAL
    try:
        ordinal = datetime.date(year, month, day).toordinal()
    except ValueError:
        return None
    if date1904:
        return ordinal - _EPOCH_1904 if ordinal >= _EPOCH_1904 else None
    serial = ordinal - _EPOCH
    serial = serial if serial > _LEAP_SERIAL else serial - 1
    return serial if serial >= 1 else None


def date_from_serial(serial: float, date1904: bool = False) -> tuple[int, int, int] | None:
    """Year, month and day of a serial (its fraction is the time of day), or None beyond the calendar.

    >>> date_from_serial(60), date_from_serial(0), date_from_serial(45292.75), date_from_serial(-1)
    ((1900, 2, 29), (1900, 1, 0), (2024, 1, 1), None)
    """
    day = math.floor(serial)
    if day < 0 or day > last_serial(date1904):
        return None
    if date1904:
        date = datetime.date.fromordinal(day + _EPOCH_1904)
    elif day == 0:
        return 1900, 1, 0
    elif day == _LEAP_SERIAL:
        return 1900, 2, 29
    else:
        date = datetime.date.fromordinal(day + _EPOCH + (day < _LEAP_SERIAL))
    return date.year, date.month, date.day


def shifted_date(year: int, month: int, day: int, date1904: bool = False) -> int | None:
    """The serial of a year, month and day of any size, counted on from the first of the month as DATE does, or None.

    >>> shifted_date(2024, 14, 1) == serial_from_date(2025, 2, 1), shifted_date(2024, 1, 0) == serial_from_date(2023, 12, 31)
    (True, True)
    """
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    if not 1 <= year <= 9999:
        return None
    first = _first_of_month(year, month, date1904)
    serial = first + day - 1
    return serial if 0 <= serial <= last_serial(date1904) else None


def _first_of_month(year: int, month: int, date1904: bool) -> int:
    ordinal = datetime.date(year, month, 1).toordinal()
    if date1904:
        return ordinal - _EPOCH_1904
    serial = ordinal - _EPOCH
    return serial if serial > _LEAP_SERIAL else serial - 1


def days_in_month(year: int, month: int, date1904: bool = False) -> int:
    """The days of a month; February 1900 has 29 on the 1900 calendar.

    >>> days_in_month(1900, 2), days_in_month(2023, 2)
    (29, 28)
    """
    if (year, month) == (1900, 2) and not date1904:
        return 29
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def weekday(serial: float, date1904: bool = False) -> int:
    """0 for Sunday to 6 for Saturday, as Excel counts (before March 1900 a day off, as the leap day makes it).

    >>> weekday(1), weekday(45292)
    (0, 1)
    """
    day = math.floor(serial)
    return (day + 5) % 7 if date1904 else (day + 6) % 7


def serial_from_datetime(
    moment: datetime.date | datetime.datetime | datetime.time | datetime.timedelta, date1904: bool = False
) -> float | None:
    """The serial of a Python date, datetime, time of day or duration, or None before the calendar begins.

    >>> serial_from_datetime(datetime.datetime(2024, 1, 1, 6)), serial_from_datetime(datetime.timedelta(hours=36))
    (45292.25, 1.5)
    """
    if isinstance(moment, datetime.timedelta):
        return moment.total_seconds() / 86_400
    if isinstance(moment, datetime.time):
        return _day_fraction(moment)
    serial = serial_from_date(moment.year, moment.month, moment.day, date1904)
    if serial is None or not isinstance(moment, datetime.datetime):
        return serial
    return serial + _day_fraction(moment.time())


def _day_fraction(time: datetime.time) -> float:
    return (time.hour * 3600 + time.minute * 60 + time.second + time.microsecond / 1e6) / 86_400


def datetime_from_serial(serial: float, date1904: bool = False) -> datetime.datetime | None:
    """A serial as a datetime to the microsecond; None beyond the calendar and for the days that never were.

    >>> datetime_from_serial(45292.25)
    datetime.datetime(2024, 1, 1, 6, 0)
    """
    day = math.floor(serial)
    microseconds = round((serial - day) * 86_400_000_000)
    # A time typed to the millisecond comes back as typed: the double itself is only good to a few microseconds.
    if abs(microseconds - round(microseconds, -3)) <= 20:
        microseconds = round(microseconds, -3)
    date = date_from_serial(day, date1904)
    if date is None or date[2] == 0 or (date == (1900, 2, 29)):
        return None
    try:
        return datetime.datetime(*date) + datetime.timedelta(microseconds=microseconds)
    except OverflowError:
        return None


def seconds_of_day(serial: float) -> float:
    """The seconds since midnight of a serial, rounded to the microsecond.

    >>> seconds_of_day(0.5), seconds_of_day(45292.75)
    (43200.0, 64800.0)
    """
    return round((serial - math.floor(serial)) * 86_400, 6)


def date_planes(serials: NDArray[np.float64], date1904: bool = False) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Years, months and days of serials that are all on the calendar.

    >>> [plane.tolist() for plane in date_planes(np.array([0.0, 60.0, 45292.5]))]
    [[1900, 1900, 2024], [1, 2, 1], [0, 29, 1]]
    """
    days = np.floor(serials).astype(np.int64)
    if date1904:
        offsets = days + (_EPOCH_1904 - datetime.date(1970, 1, 1).toordinal())
    else:
        offsets = days + (_EPOCH - datetime.date(1970, 1, 1).toordinal()) + (days < _LEAP_SERIAL)
    dates = offsets.astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    year = months.astype(np.int64) // 12 + 1970
    month = months.astype(np.int64) % 12 + 1
    day = (dates - months).astype(np.int64) + 1
    if not date1904:
        leap, zero = days == _LEAP_SERIAL, days == 0
        year = np.where(zero, 1900, year)
        month = np.where(leap, 2, np.where(zero, 1, month))
        day = np.where(leap, 29, np.where(zero, 0, day))
    return year, month, day
