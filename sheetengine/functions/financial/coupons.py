"""Coupon dates and days: COUPPCD, COUPNCD, COUPNUM, COUPDAYBS, COUPDAYS, COUPDAYSNC.

In: settlement, maturity, coupons a year, day count basis; out: serials and days.
"""

from __future__ import annotations

from collections.abc import Callable

from sheetengine.functions.context import Context
from sheetengine.functions.financial.annuity import CATEGORY, SOURCE
from sheetengine.functions.financial.day_counts import (
    BAD_BASIS,
    BAD_FREQUENCY,
    Coupons,
    basis_of,
    coupons_around,
    days_between,
    days_to_coupon,
    frequency_of,
    period_length,
    security_arguments,
    serial_out,
)
from sheetengine.functions.library import function
from sheetengine.functions.signature import Value
from sheetengine.values import NUM, CellError, Scalar

_Answer = Callable[[float, Coupons, int, int], float]


def _answer(context: Context, settlement: Scalar, maturity: Scalar, frequency: Scalar, basis: Scalar, answer: _Answer) -> float | CellError:
    numbers = security_arguments(context, 2, settlement, maturity, frequency, basis)
    if isinstance(numbers, CellError):
        return numbers
    times, kind = frequency_of(numbers[2]), basis_of(numbers[3])
    if times is None:
        return BAD_FREQUENCY
    if kind is None:
        return BAD_BASIS
    if numbers[0] >= numbers[1]:
        return CellError("#NUM!", "the settlement must come before the maturity")
    coupons = coupons_around(numbers[0], numbers[1], times)
    return NUM if coupons is None else answer(numbers[0], coupons, times, kind)


@function("COUPPCD", category=CATEGORY, summary="The last coupon date before the settlement of a security.",
          examples={"=COUPPCD(40568,40862,2,1)": 40497.0}, source=SOURCE.format("COUPPCD"), toolpak=True)  # fmt: skip
def previous_coupon(settlement: Value, maturity: Value, frequency: Value, basis: Value = 0.0, *, context: Context) -> float | CellError:
    """The last coupon date."""
    return _answer(context, settlement, maturity, frequency, basis, lambda _, coupons, __, ___: serial_out(coupons.previous, context))


@function("COUPNCD", category=CATEGORY, summary="The next coupon date after the settlement of a security.",
          examples={"=COUPNCD(40568,40862,2,1)": 40678.0}, source=SOURCE.format("COUPNCD"), toolpak=True)  # fmt: skip
def next_coupon(settlement: Value, maturity: Value, frequency: Value, basis: Value = 0.0, *, context: Context) -> float | CellError:
    """The next coupon date."""
    return _answer(context, settlement, maturity, frequency, basis, lambda _, coupons, __, ___: serial_out(coupons.following, context))


@function("COUPNUM", category=CATEGORY, summary="The coupons between the settlement and the maturity of a security.",
          examples={"=COUPNUM(39107,39767,2,1)": 4.0}, source=SOURCE.format("COUPNUM"), toolpak=True)  # fmt: skip
def coupon_count(settlement: Value, maturity: Value, frequency: Value, basis: Value = 0.0, *, context: Context) -> float | CellError:
    """The coupons to come."""
    return _answer(context, settlement, maturity, frequency, basis, lambda _, coupons, __, ___: float(coupons.number))


@function("COUPDAYBS", category=CATEGORY, summary="The days from the beginning of the coupon period to the settlement.",
          examples={"=COUPDAYBS(40568,40862,2,1)": 71.0}, source=SOURCE.format("COUPDAYBS"), toolpak=True)  # fmt: skip
def days_since_coupon(settlement: Value, maturity: Value, frequency: Value, basis: Value = 0.0, *, context: Context) -> float | CellError:
    """The days since the last coupon."""
    return _answer(context, settlement, maturity, frequency, basis, lambda day, coupons, _, kind: days_between(coupons.previous, day, kind))


@function("COUPDAYS", category=CATEGORY, summary="The days of the coupon period that holds the settlement.",
          examples={"=COUPDAYS(40568,40862,2,1)": 181.0, "=COUPDAYS(40568,40862,2,0)": 180.0}, source=SOURCE.format("COUPDAYS"), toolpak=True)  # fmt: skip
def coupon_days(settlement: Value, maturity: Value, frequency: Value, basis: Value = 0.0, *, context: Context) -> float | CellError:
    """The days of the coupon period."""
    return _answer(context, settlement, maturity, frequency, basis, lambda _, coupons, times, kind: period_length(coupons, times, kind))


@function("COUPDAYSNC", category=CATEGORY, summary="The days from the settlement to the next coupon date.",
          examples={"=COUPDAYSNC(40568,40862,2,1)": 110.0}, source=SOURCE.format("COUPDAYSNC"), toolpak=True)  # fmt: skip
def days_before_coupon(settlement: Value, maturity: Value, frequency: Value, basis: Value = 0.0, *, context: Context) -> float | CellError:
    """The days to the next coupon."""
    return _answer(context, settlement, maturity, frequency, basis, days_to_coupon)
