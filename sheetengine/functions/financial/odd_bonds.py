"""Bonds whose first or last period is odd: ODDFPRICE, ODDFYIELD, ODDLPRICE, ODDLYIELD.

In: the dates of the odd period, rate, yield or price, redemption, coupons a year, basis; out: a price per 100 or a yield.
The odd period is cut at quasi-coupon dates (the regular ones carried on); each piece counts as its share of its quasi-period.
Source: the formulas of Microsoft's pages.
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
    Coupons,
    basis_of,
    coupons_around,
    days_between,
    frequency_of,
    is_month_end,
    months_from,
    period_length,
    security_arguments,
)
from sheetengine.functions.library import function
from sheetengine.functions.signature import Value
from sheetengine.values import NUM, CellError, Scalar

_MOST_PERIODS = 40_000


class _First(NamedTuple):
    """An odd first period in parts of quasi-periods: all of it, what is accrued, what is to come; and the coupons after it."""

    whole: float
    accrued: float
    to_come: float
    later: int
    frequency: int


def _first_period(issue: float, settlement: float, first_coupon: float, maturity: float, frequency: int, basis: int) -> _First | None:
    later = coupons_around(first_coupon, maturity, frequency)
    if later is None or later.previous != first_coupon:
        # The first coupon must be one of those counted back from maturity.
        return None
    step, month_end = 12 // frequency, is_month_end(maturity)
    whole = accrued = to_come = 0.0
    end = int(first_coupon)
    for index in range(1, _MOST_PERIODS):
        start = months_from(first_coupon, -index * step, month_end)
        if start is None:
            return None
        length = period_length(Coupons(start, end, 1), frequency, basis)
        begun = max(start, issue)
        whole += 1.0 if begun == start else days_between(begun, end, basis) / length
        if settlement > begun:
            accrued += 1.0 if begun == start and settlement >= end else days_between(begun, min(settlement, end), basis) / length
        if settlement < end:
            to_come += 1.0 if settlement <= start else days_between(settlement, end, basis) / length
        if start <= issue:
            return _First(whole, accrued, to_come, later.number, frequency)
        end = start
    return None


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
    step, month_end = 12 // frequency, is_month_end(last_interest)
    whole = accrued = to_come = 0.0
    start = int(last_interest)
    for index in range(1, _MOST_PERIODS):
        end = months_from(last_interest, index * step, month_end)
        if end is None:
            return None
        length = period_length(Coupons(start, end, 1), frequency, basis)
        stop = min(maturity, end)
        whole += 1.0 if stop == end else days_between(start, stop, basis) / length
        if settlement > start:
            accrued += 1.0 if settlement >= end else days_between(start, min(settlement, stop), basis) / length
        if settlement < stop:
            to_come += days_between(max(settlement, start), stop, basis) / length
        if end >= maturity:
            return _Last(whole, accrued, to_come)
        start = end
    return None


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
