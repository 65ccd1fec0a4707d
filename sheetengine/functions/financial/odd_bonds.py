"""Bonds whose first or last period is odd: ODDFPRICE, ODDFYIELD, ODDLPRICE, ODDLYIELD.

In: the dates of the odd period, rate, yield or price, redemption, coupons a year, basis; out: a price per 100 or a yield.
The odd period is cut at quasi-coupon dates (the regular ones carried on); each piece counts as its share of its quasi-period. Source: the
formulas of Microsoft's pages; what they leave open (which days count, where quasi-coupons fall, how whole periods are counted) as in
ExcelFinancialFunctions, which is checked against 199,252 answers of Excel 2010 (its page "Compatibility").
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from sheetengine.functions.context import Context
from sheetengine.functions.financial.annuity import CATEGORY, SOURCE
from sheetengine.functions.financial.bonds import yield_between
from sheetengine.functions.financial.day_counts import (
    BAD_BASIS,
    BAD_FREQUENCY,
    basis_of,
    coupons_around,
    day_of,
    days_between,
    frequency_of,
    is_month_end,
    months_from,
    period_length,
    security_arguments,
    whole_months_days,
)
from sheetengine.functions.library import function
from sheetengine.functions.signature import Value
from sheetengine.values import NUM, CellError, Scalar

_MOST_PERIODS = 40_000


class _First(NamedTuple):
    """An odd first period in parts of quasi-periods: all of it, what is accrued; periods to the first coupon; the coupons after it."""

    whole: float
    accrued: float
    to_come: float
    later: int
    frequency: int


def _first_period(issue: float, settlement: float, first_coupon: float, maturity: float, frequency: int, basis: int) -> _First | None:
    later = coupons_around(first_coupon, maturity, frequency)
    own = coupons_around(settlement, first_coupon, frequency)
    all_of_it = coupons_around(issue, first_coupon, frequency)
    if later is None or later.previous != first_coupon or own is None or all_of_it is None:
        # The first coupon must be one of those counted back from maturity.
        return None
    step = 12 // frequency
    length = period_length(own, frequency, basis)
    if days_between(issue, first_coupon, basis) < length:
        whole, accrued = days_between(issue, first_coupon, basis) / length, days_between(issue, settlement, basis) / length
        return _First(whole, accrued, max(days_between(settlement, first_coupon, basis), 0.0) / length, later.number, frequency)
    whole = accrued = 0.0
    end = int(first_coupon)
    for index in range(min(all_of_it.number, _MOST_PERIODS), 0, -1):
        # Quasi-coupons go back from one to the next, without a rule for the ends of months.
        start = months_from(end, -step, False)
        if start is None:
            return None
        own_length = days_between(start, end, basis) if basis == 1 else length
        whole += 1.0 if index > 1 else days_between(issue, end, basis) / own_length
        accrued += max(days_between(max(issue, start), min(settlement, end), basis), 0.0) / own_length
        end = start
    if basis in (2, 3):
        to_come = days_between(settlement, own.following, basis)
    else:
        to_come = length - days_between(own.previous, settlement, basis)
    between = _periods_between(settlement, first_coupon, step)
    return None if between is None else _First(whole, accrued, to_come / length + between, later.number, frequency)


def _periods_between(settlement: float, first_coupon: float, step: int) -> int | None:
    """The quasi-periods between settlement and first coupon, as Excel counts them.

    Where coupons fall on the ends of months it counts from the end of the settlement's month, and a settlement before that has one more.
    """
    month_end = is_month_end(first_coupon)
    _, month, day = day_of(first_coupon)
    if not month_end and month != 2 and day > 28:
        month_end = is_month_end(settlement)
    begin = months_from(settlement, 0, month_end)
    if begin is None:
        return None
    count = int(settlement < begin)
    date = months_from(begin, step, month_end)
    while date is not None and date < first_coupon:
        count += 1
        date = months_from(date, step, month_end)
    return None if date is None else count


def _first_price(first: _First, rate: float, yield_: float, redemption: float) -> float:
    coupon = 100.0 * rate / first.frequency
    with np.errstate(all="ignore"):
        factors = np.power(1.0 + yield_ / first.frequency, np.arange(first.later + 1.0) + first.to_come)
        flows = np.full(first.later + 1, coupon)
        flows[0] = coupon * first.whole
        flows[-1] += redemption
        return float((flows / factors).sum() - coupon * first.accrued)


def _first_arguments(
    context: Context, settlement: Scalar, maturity: Scalar, issue: Scalar, first_coupon: Scalar, *rest: Scalar
) -> tuple[_First, list[float]] | CellError:
    numbers = security_arguments(context, 4, settlement, maturity, issue, first_coupon, *rest)
    if isinstance(numbers, CellError):
        return numbers
    settled, matures, issued, first, rate, given, redeemed = numbers[:7]
    times, kind = frequency_of(numbers[7]), basis_of(numbers[8])
    if times is None:
        return BAD_FREQUENCY
    if kind is None:
        return BAD_BASIS
    if not matures > first > settled > issued:
        return CellError("#NUM!", "the dates must be in the order issue, settlement, first coupon, maturity")
    if rate < 0.0 or given < 0.0 or redeemed <= 0.0:
        return NUM
    period = _first_period(issued, settled, first, matures, times, kind)
    return NUM if period is None else (period, [rate, given, redeemed])


@function("ODDFPRICE", category=CATEGORY, summary="The price per 100 of a security with an odd first period.",
          examples={"=ODDFPRICE(39763,44256,39736,39873,0.0785,0.0625,100,2,1)": 113.59771747407883}, source=SOURCE.format("ODDFPRICE"), toolpak=True)  # fmt: skip
def odd_first_price(
    settlement: Value, maturity: Value, issue: Value, first_coupon: Value, rate: Value, yld: Value, redemption: Value, frequency: Value,
    basis: Value = 0.0, *, context: Context,
) -> float | CellError:  # fmt: skip
    """The price."""
    found = _first_arguments(context, settlement, maturity, issue, first_coupon, rate, yld, redemption, frequency, basis)
    return found if isinstance(found, CellError) else _first_price(found[0], *found[1])


@function("ODDFYIELD", category=CATEGORY, summary="The yield of a security with an odd first period.",
          examples={"=ODDFYIELD(39763,44256,39736,39873,0.0575,84.5,100,2,0)": 0.07724554159746808}, source=SOURCE.format("ODDFYIELD"), toolpak=True)  # fmt: skip
def odd_first_yield(
    settlement: Value, maturity: Value, issue: Value, first_coupon: Value, rate: Value, pr: Value, redemption: Value, frequency: Value,
    basis: Value = 0.0, *, context: Context,
) -> float | CellError:  # fmt: skip
    """The yield."""
    found = _first_arguments(context, settlement, maturity, issue, first_coupon, rate, pr, redemption, frequency, basis)
    if isinstance(found, CellError):
        return found
    period, (coupon, paid, redeemed) = found
    if paid <= 0.0:
        return NUM
    answer = yield_between(lambda at: _first_price(period, coupon, at, redeemed), paid, coupon, -float(period.frequency))
    return CellError("#NUM!", "no yield gives this price") if answer is None else answer


class _Last(NamedTuple):
    """An odd last period in parts of quasi-periods: all of it, up to settlement, from settlement on."""

    whole: float
    accrued: float
    to_come: float


def _last_period(last_interest: float, settlement: float, maturity: float, frequency: int, basis: int) -> _Last | None:
    all_of_it = coupons_around(last_interest, maturity, frequency)
    if all_of_it is None:
        return None
    whole = accrued = to_come = 0.0
    start = int(last_interest)
    count = min(all_of_it.number, _MOST_PERIODS)
    for index in range(1, count + 1):
        end = months_from(start, 12 // frequency, False)
        if end is None:
            return None
        length = max(_whole_days(start, end, basis), 1.0)
        own = length if index < count else max(_whole_days(start, maturity, basis), 0.0)
        whole += own / length
        if end < settlement:
            accrued += own / length
        elif start < settlement:
            accrued += max(days_between(start, settlement, basis), 0.0) / length
        to_come += max(days_between(max(settlement, start), min(maturity, end), basis), 0.0) / length
        start = end
    return _Last(whole, accrued, to_come)


def _whole_days(start: float, end: float, basis: int) -> float:
    """The days of a quasi-period; of the US 30/360 count with both its ends taken to the 30th."""
    return float(whole_months_days(day_of(start), day_of(end))) if basis == 0 else days_between(start, end, basis)


def _last_arguments(
    context: Context, settlement: Scalar, maturity: Scalar, last_interest: Scalar, *rest: Scalar
) -> tuple[_Last, int, list[float]] | CellError:
    numbers = security_arguments(context, 3, settlement, maturity, last_interest, *rest)
    if isinstance(numbers, CellError):
        return numbers
    settled, matures, last, rate, given, redeemed = numbers[:6]
    times, kind = frequency_of(numbers[6]), basis_of(numbers[7])
    if times is None:
        return BAD_FREQUENCY
    if kind is None:
        return BAD_BASIS
    if not matures > settled > last:
        return CellError("#NUM!", "the dates must be in the order last interest, settlement, maturity")
    if rate < 0.0 or given < 0.0 or redeemed <= 0.0:
        return NUM
    period = _last_period(last, settled, matures, times, kind)
    return NUM if period is None else (period, times, [rate, given, redeemed])


@function("ODDLPRICE", category=CATEGORY, summary="The price per 100 of a security with an odd last period.",
          examples={"=ODDLPRICE(39485,39614,39370,0.0375,0.0405,100,2,0)": 99.87828601472134}, source=SOURCE.format("ODDLPRICE"), toolpak=True)  # fmt: skip
def odd_last_price(
    settlement: Value, maturity: Value, last_interest: Value, rate: Value, yld: Value, redemption: Value, frequency: Value, basis: Value = 0.0,
    *, context: Context,
) -> float | CellError:  # fmt: skip
    """The price."""
    found = _last_arguments(context, settlement, maturity, last_interest, rate, yld, redemption, frequency, basis)
    if isinstance(found, CellError):
        return found
    period, times, (coupon, wanted, redeemed) = found
    periodic = 100.0 * coupon / times
    return (redeemed + period.whole * periodic) / (period.to_come * wanted / times + 1.0) - period.accrued * periodic


@function("ODDLYIELD", category=CATEGORY, summary="The yield of a security with an odd last period.",
          examples={"=ODDLYIELD(39558,39614,39440,0.0375,99.875,100,2,0)": 0.04519223562916916}, source=SOURCE.format("ODDLYIELD"), toolpak=True)  # fmt: skip
def odd_last_yield(
    settlement: Value, maturity: Value, last_interest: Value, rate: Value, pr: Value, redemption: Value, frequency: Value, basis: Value = 0.0,
    *, context: Context,
) -> float | CellError:  # fmt: skip
    """The yield."""
    found = _last_arguments(context, settlement, maturity, last_interest, rate, pr, redemption, frequency, basis)
    if isinstance(found, CellError):
        return found
    period, times, (coupon, paid, redeemed) = found
    periodic = 100.0 * coupon / times
    outlay = paid + period.accrued * periodic
    if paid <= 0.0 or period.to_come == 0.0 or not math.isfinite(outlay):
        return NUM
    return (redeemed + period.whole * periodic - outlay) / outlay * times / period.to_come
