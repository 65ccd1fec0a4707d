"""Bonds with periodic interest: PRICE, YIELD, DURATION, MDURATION.

In: settlement, maturity, coupon rate, yield or price, redemption, coupons a year, basis; out: a price per 100, a yield, years.
Source: the formulas of Microsoft's pages. With one coupon left interest is simple.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from sheetengine.functions.context import Context
from sheetengine.functions.financial.annuity import CATEGORY, SOURCE
from sheetengine.functions.financial.day_counts import (
    BAD_BASIS,
    BAD_FREQUENCY,
    basis_of,
    coupons_around,
    days_between,
    frequency_of,
    period_length,
    security_arguments,
)
from sheetengine.functions.library import function
from sheetengine.functions.signature import Value
from sheetengine.values import NUM, CellError, Scalar


class Bond(NamedTuple):
    """What a settlement makes of a bond's dates: coupons to come, the parts of a period to the next and since the last."""

    number: int
    to_next: float
    since_last: float
    frequency: int


def bond_of(settlement: float, maturity: float, frequency: float, basis: float) -> Bond | CellError:
    """The periods of a bond, or the error in its arguments."""
    times, kind = frequency_of(frequency), basis_of(basis)
    if times is None:
        return BAD_FREQUENCY
    if kind is None:
        return BAD_BASIS
    if settlement >= maturity:
        return CellError("#NUM!", "the settlement must come before the maturity")
    coupons = coupons_around(settlement, maturity, times)
    if coupons is None:
        return NUM
    since_last = days_between(coupons.previous, settlement, kind) / period_length(coupons, times, kind)
    # What is left of the period, not COUPDAYSNC, which for the bases 2 and 3 counts actual days.
    return Bond(coupons.number, 1.0 - since_last, since_last, times)


def price_of(bond: Bond, rate: float, yield_: float, redemption: float) -> float:
    """The price per 100, inf or nan where there is none."""
    coupon = 100.0 * rate / bond.frequency
    accrued = coupon * bond.since_last
    if bond.number == 1:
        # Simple interest in the last period.
        divisor = 1.0 + yield_ / bond.frequency * bond.to_next
        return (redemption + coupon) / divisor - accrued if divisor != 0.0 else math.inf
    with np.errstate(all="ignore"):
        factors = np.power(1.0 + yield_ / bond.frequency, np.arange(float(bond.number)) + bond.to_next)
        return float(redemption / factors[-1] + (coupon / factors).sum() - accrued)


def yield_between(price: Callable[[float], float], wanted: float, guess: float, lowest: float) -> float | None:
    """The yield at which a falling price function gives a price, by secants inside a bracket; None where there is none."""
    low, high = lowest, max(guess, 0.0) + 1.0
    for _ in range(60):
        if price(high) <= wanted:
            break
        low, high = high, high * 2.0 + 1.0
    else:
        return None
    if not price(low) >= wanted:
        # At the lowest yield the price is without bound; nan there counts so.
        step = 1e-9
        low = lowest + step
        if not price(low) >= wanted:
            return None
    at = min(max(guess, low), high)
    width = high - low
    for _ in range(200):
        value = price(at) - wanted
        if value == 0.0:
            return at
        if value > 0.0:
            low = at
        else:
            high = at
        delta = max(abs(at), 1e-3) * 1e-6
        slope = (price(at + delta) - price(at - delta)) / (2.0 * delta)
        following = at - value / slope if slope != 0.0 and math.isfinite(slope) else math.nan
        if not low < following < high:
            following = (low + high) / 2.0
        if abs(following - at) <= 4e-16 * max(abs(at), 1e-3) or high - low <= 4e-16 * width:
            return following
        at = following
    return at


@function("PRICE", category=CATEGORY, summary="The price per 100 of a security that pays periodic interest.",
          examples={"=PRICE(39493,43054,0.0575,0.065,100,2,0)": 94.63436162132213}, source=SOURCE.format("PRICE"), toolpak=True)  # fmt: skip
def price(
    settlement: Value,
    maturity: Value,
    rate: Value,
    yld: Value,
    redemption: Value,
    frequency: Value,
    basis: Value = 0.0,
    *,
    context: Context,
) -> float | CellError:
    """The clean price."""
    numbers = security_arguments(context, 2, settlement, maturity, rate, yld, redemption, frequency, basis)
    if isinstance(numbers, CellError):
        return numbers
    coupon, wanted, redeemed = numbers[2:5]
    if coupon < 0.0 or wanted < 0.0 or redeemed <= 0.0:
        return NUM
    bond = bond_of(numbers[0], numbers[1], numbers[5], numbers[6])
    return bond if isinstance(bond, CellError) else price_of(bond, coupon, wanted, redeemed)


@function("YIELD", category=CATEGORY, summary="The yield of a security that pays periodic interest.",
          examples={"=YIELD(39493,42689,0.0575,95.04287,100,2,0)": 0.06500000688075479}, source=SOURCE.format("YIELD"), toolpak=True)  # fmt: skip
def yield_to_maturity(
    settlement: Value, maturity: Value, rate: Value, pr: Value, redemption: Value, frequency: Value, basis: Value = 0.0, *, context: Context
) -> float | CellError:
    """The yield to maturity."""
    numbers = security_arguments(context, 2, settlement, maturity, rate, pr, redemption, frequency, basis)
    if isinstance(numbers, CellError):
        return numbers
    coupon, paid, redeemed = numbers[2:5]
    if coupon < 0.0 or paid <= 0.0 or redeemed <= 0.0:
        return NUM
    bond = bond_of(numbers[0], numbers[1], numbers[5], numbers[6])
    if isinstance(bond, CellError):
        return bond
    periodic = 100.0 * coupon / bond.frequency
    if bond.number == 1:
        outlay = paid + bond.since_last * periodic
        return NUM if bond.to_next == 0.0 else (redeemed + periodic - outlay) / outlay * bond.frequency / bond.to_next
    found = yield_between(lambda at: price_of(bond, coupon, at, redeemed), paid, coupon, -float(bond.frequency))
    return CellError("#NUM!", "no yield gives this price") if found is None else found


def _duration(
    context: Context, settlement: Scalar, maturity: Scalar, coupon: Scalar, yld: Scalar, frequency: Scalar, basis: Scalar
) -> list[float] | CellError:
    numbers = security_arguments(context, 2, settlement, maturity, coupon, yld, frequency, basis)
    if isinstance(numbers, CellError):
        return numbers
    rate, wanted = numbers[2:4]
    if rate < 0.0 or wanted < 0.0:
        return NUM
    bond = bond_of(numbers[0], numbers[1], numbers[4], numbers[5])
    if isinstance(bond, CellError):
        return bond
    growth = 1.0 + wanted / bond.frequency
    times = np.arange(float(bond.number)) + bond.to_next
    flows = np.full(bond.number, 100.0 * rate / bond.frequency)
    flows[-1] += 100.0
    with np.errstate(all="ignore"):
        worth = flows / np.power(growth, times)
        return [float((times * worth).sum() / worth.sum() / bond.frequency), growth]


@function("DURATION", category=CATEGORY, summary="The Macaulay duration of a security in years.",
          examples={"=DURATION(43282,54058,0.08,0.09,2,1)": 10.919145281591925}, source=SOURCE.format("DURATION"), toolpak=True)  # fmt: skip
def duration(
    settlement: Value, maturity: Value, coupon: Value, yld: Value, frequency: Value, basis: Value = 0.0, *, context: Context
) -> float | CellError:
    """The mean time of the payments."""
    found = _duration(context, settlement, maturity, coupon, yld, frequency, basis)
    return found if isinstance(found, CellError) else found[0]


@function("MDURATION", category=CATEGORY, summary="The modified Macaulay duration of a security.",
          examples={"=MDURATION(39448,42370,0.08,0.09,2,1)": 5.73566981391884}, source=SOURCE.format("MDURATION"), toolpak=True)  # fmt: skip
def modified_duration(
    settlement: Value, maturity: Value, coupon: Value, yld: Value, frequency: Value, basis: Value = 0.0, *, context: Context
) -> float | CellError:
    """The relative change of the price with the yield."""
    found = _duration(context, settlement, maturity, coupon, yld, frequency, basis)
    return found if isinstance(found, CellError) else found[0] / found[1]
