"""Day counts and coupon dates of securities.

In: whole serials on the 1900 calendar (`security_arguments` brings those of a 1904 workbook there); out: days, coupon dates, counts of
coupons. Coupon dates are counted from an anchor in whole months; from the last day of a month they are last days of months.
Bases: 0 US 30/360, 1 actual/actual, 2 actual/360, 3 actual/365, 4 European 30/360.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

from sheetengine.calendar import DAYS_BETWEEN_CALENDARS, LAST_SERIAL, date_from_serial, days_in_month, shifted_date
from sheetengine.functions.context import Context
from sheetengine.functions.date_time.arguments import strict_numbers
from sheetengine.functions.date_time.spans import Day, days_30_360, days_360, is_last_of_february
from sheetengine.values import CellError, Scalar

BAD_BASIS: Final = CellError("#NUM!", "the basis must be 0 to 4")
BAD_FREQUENCY: Final = CellError("#NUM!", "the frequency must be 1, 2 or 4")
_BEYOND: Final = CellError("#NUM!", "the date is beyond the calendar")


def security_arguments(context: Context, dates: int, *values: Scalar) -> list[float] | CellError:
    """Arguments as numbers, the first so many of them days on the 1900 calendar."""
    numbers = strict_numbers(context, *values)
    if isinstance(numbers, CellError):
        return numbers
    shift = DAYS_BETWEEN_CALENDARS if context.date1904 else 0
    for place in range(dates):
        serial = math.floor(numbers[place]) + shift
        if not shift <= serial <= LAST_SERIAL:
            return _BEYOND
        numbers[place] = float(serial)
    return numbers


def serial_out(serial: int, context: Context) -> float:
    """A day of the 1900 calendar as the workbook counts it."""
    return float(serial - DAYS_BETWEEN_CALENDARS if context.date1904 else serial)


def frequency_of(number: float) -> int | None:
    """1, 2 or 4 coupons a year, or None."""
    frequency = math.trunc(number)
    return frequency if frequency in (1, 2, 4) else None


def basis_of(number: float) -> int | None:
    """0 to 4, or None."""
    basis = math.trunc(number)
    return basis if 0 <= basis <= 4 else None


def day_of(serial: float) -> Day:
    """Year, month and day; days before the calendar are on the same line of months."""
    found = date_from_serial(serial)
    return (1899, 12, 31) if found is None else found


def days_between(start: float, end: float, basis: int) -> float:
    """The days from one serial to another, negative where the other comes first."""
    if basis == 0:
        return float(days_30_360(day_of(start), day_of(end)))
    if basis == 4:
        return float(days_360(day_of(start), day_of(end), True))
    return float(end - start)


def is_month_end(serial: float) -> bool:
    """Whether a day is the last of its month."""
    year, month, day = day_of(serial)
    return day == days_in_month(year, month)


def months_from(serial: float, months: int, month_end: bool) -> int | None:
    """The day some months from another, or None beyond the calendar."""
    year, month, day = day_of(serial)
    year, month = divmod(year * 12 + month - 1 + months, 12)
    if not 1 <= year <= 9999:
        return None
    longest = days_in_month(year, month + 1)
    return shifted_date(year, month + 1, longest if month_end else min(day, longest))


class Coupons(NamedTuple):
    """The coupon dates around a settlement and the coupons from it to maturity."""

    previous: int
    following: int
    number: int


def coupons_around(settlement: float, maturity: float, frequency: int) -> Coupons | None:
    """The coupon period that holds a day before maturity, or None beyond the calendar."""
    step = 12 // frequency
    month_end = is_month_end(maturity)
    first, last = day_of(settlement), day_of(maturity)
    count = max(((last[0] - first[0]) * 12 + last[1] - first[1]) // step, 1)
    following = months_from(maturity, -(count - 1) * step, month_end)
    while following is not None and following <= settlement:
        count -= 1
        following = months_from(maturity, -(count - 1) * step, month_end)
    previous = months_from(maturity, -count * step, month_end)
    while previous is not None and previous > settlement:
        count += 1
        following, previous = previous, months_from(maturity, -count * step, month_end)
    return None if previous is None or following is None else Coupons(previous, following, count)


def period_length(coupons: Coupons, frequency: int, basis: int) -> float:
    """The days of a coupon period."""
    if basis == 1:
        return float(coupons.following - coupons.previous)
    return (365.0 if basis == 3 else 360.0) / frequency


def days_to_coupon(settlement: float, coupons: Coupons, frequency: int, basis: int) -> float:
    """The days from a settlement to the next coupon."""
    if basis != 0:
        return days_between(settlement, coupons.following, basis)
    # The US rule is not additive: what the days since the last coupon leave of the period.
    whole = whole_months_days(day_of(coupons.previous), day_of(coupons.following))
    return whole - days_between(coupons.previous, settlement, basis)


def whole_months_days(start: Day, end: Day) -> int:
    """The days of the US 30/360 count between two coupon dates, both taken to the 30th where they end their month."""
    first = 30 if is_last_of_february(start) else min(start[2], 30)
    last = 30 if is_last_of_february(end) else min(end[2], 30)
    return (end[0] - start[0]) * 360 + (end[1] - start[1]) * 30 + last - first
