"""Depreciation: SLN, SYD, DB, DDB, VDB, AMORLINC, AMORDEGRC.

In: cost, salvage, life, a period or two; out: what is written off. Source: Microsoft's pages.
"""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np

from sheetengine.functions.context import Context
from sheetengine.functions.date_time.spans import year_fraction
from sheetengine.functions.financial.annuity import CATEGORY, SOURCE
from sheetengine.functions.financial.day_counts import BAD_BASIS, basis_of, security_arguments
from sheetengine.functions.library import function
from sheetengine.functions.signature import Boolean, Number, Value
from sheetengine.grid import Grid
from sheetengine.values import DIV0, DIV0_ID, NUM, CellError, Scalar


def _straight_vector(cost: Any, salvage: Any, life: Any) -> Grid:
    lives = np.atleast_1d(np.asarray(life, np.float64))
    quotients = np.subtract(cost, salvage) / lives
    return Grid.from_numbers_and_errors(quotients, np.broadcast_to(np.where(lives == 0.0, DIV0_ID, -1), quotients.shape))


@function("SLN", category=CATEGORY, summary="The straight-line depreciation of an asset for one period.",
          examples={"=SLN(30000,7500,10)": 2250.0}, source=SOURCE.format("SLN"), vector=_straight_vector)  # fmt: skip
def straight_line(cost: Number, salvage: Number, life: Number) -> float | CellError:
    """The same part every period."""
    return DIV0 if life == 0.0 else (cost - salvage) / life


@function("SYD", category=CATEGORY, summary="The depreciation of an asset for a period by the sum of the years' digits.",
          examples={"=SYD(30000,7500,10,1)": 4090.909090909091, "=SYD(30000,7500,10,10)": 409.09090909090907}, source=SOURCE.format("SYD"))  # fmt: skip
def years_digits(cost: Number, salvage: Number, life: Number, per: Number) -> float | CellError:
    """Falling evenly."""
    if salvage < 0.0 or life <= 0.0 or per <= 0.0 or per > life:
        return NUM
    return (cost - salvage) * (life - per + 1.0) * 2.0 / (life * (life + 1.0))


@function(
    "DB",
    category=CATEGORY,
    summary="The depreciation of an asset for a period by a fixed rate of its declining balance.",
    examples={"=DB(1000000,100000,6,1,7)": 186083.3333333333, "=DB(1000000,100000,6,7,7)": 15845.098473848071},
    source=SOURCE.format("DB"),
)
def fixed_declining(cost: Number, salvage: Number, life: Number, period: Number, month: Number = 12.0) -> float | CellError:
    """A rate rounded to three digits of what is left."""
    months = math.trunc(month)
    if cost < 0.0 or salvage < 0.0 or life <= 0.0 or period <= 0.0 or not 1 <= months <= 12:
        return NUM
    if period > life + (1.0 if months < 12 else 0.0):
        return NUM
    if cost == 0.0:
        return 0.0
    rate = math.floor((1.0 - math.pow(salvage / cost, 1.0 / life)) * 1000.0 + 0.5) / 1000.0
    first = cost * rate * months / 12.0
    number = math.trunc(period)
    if number <= 1:
        return first
    left = (cost - first) * math.pow(1.0 - rate, number - 2)
    # The last year has the months that the first had not.
    return left * rate * (12.0 - months) / 12.0 if number > life else left * rate


@function(
    "DDB",
    category=CATEGORY,
    summary="The depreciation of an asset for a period by a multiple of the straight rate of its declining balance.",
    examples={"=DDB(2400,300,10,1,2)": 480.0, "=DDB(2400,300,10,10)": 22.1225472, "=DDB(2400,300,3650,1)": 1.3150684931506849},
    source=SOURCE.format("DDB"),
)
def double_declining(cost: Number, salvage: Number, life: Number, period: Number, factor: Number = 2.0) -> float | CellError:
    """A multiple of the straight rate, down to salvage."""
    if cost < 0.0 or salvage < 0.0 or life <= 0.0 or period <= 0.0 or period > life or factor <= 0.0:
        return NUM
    before = _declined(cost, salvage, life, period - 1.0, factor) if period >= 2.0 else 0.0
    return _declined(cost, salvage, life, period, factor) - before


def _declined(cost: float, salvage: float, life: float, end: float, factor: float) -> float:
    """What a declining balance has written off by a moment, of the period it is in the part that has passed."""
    kept = 1.0 - min(factor / life, 1.0)
    whole = math.floor(end)
    left = max(cost * math.pow(kept, whole), salvage)
    after = max(cost * math.pow(kept, whole + 1.0), salvage)
    return max(cost - left, 0.0) + (left - after) * (end - whole)


_MOST_PERIODS: Final = 1_000_000


def _written_off(cost: float, salvage: float, life: float, start: float, end: float, factor: float, no_switch: bool) -> float:
    """What is written off between two moments.

    Periods begin at whole distances from the start, so that the first of a start of 2.5 is half a period (book VDB, saved by Excel 16).
    """
    rate = min(factor / life, 1.0)
    left, at, before = cost, 0.0, 0.0
    length = start - math.floor(start) or 1.0
    while at < end and left > 0.0:
        declining = min(left * rate, max(left - salvage, 0.0))
        straight = (left - salvage) / max(life - at, 1.0)
        if not no_switch and straight > declining:
            # From here on it is the straight line to the end of the life.
            straight_end = min(straight * (end - at), left - salvage)
            return (
                cost - left + straight_end - (before if at >= start - 1e-9 else cost - left + min(straight * (start - at), left - salvage))
            )
        if declining == 0.0:
            break
        length = min(length, end - at)
        left -= declining * length
        at += length
        length = 1.0
        if at <= start + 1e-9:
            before = cost - left
    return cost - left - before


@function(
    "VDB",
    category=CATEGORY,
    summary="The depreciation of an asset between two moments by a declining balance, with a change to the straight line where that is more.",
    examples={
        "=VDB(2400,300,10*365,0,1)": 1.3150684931506849,
        "=VDB(2400,300,10,0,0.875,1.5)": 315.0,
        "=VDB(2400,300,10*12,6,18)": 396.30605326475335,
        "=VDB(2400,300,10*12,6,18,1.5)": 311.8089366582344,
    },
    source=SOURCE.format("VDB"),
)
def variable_declining(
    cost: Number, salvage: Number, life: Number, start_period: Number, end_period: Number, factor: Number = 2.0, no_switch: Boolean = False
) -> float | CellError:
    """Written off between two moments."""
    if cost < 0.0 or salvage < 0.0 or life <= 0.0 or start_period < 0.0 or end_period < start_period or end_period > life or factor < 0.0:
        return NUM
    if end_period > _MOST_PERIODS:
        return CellError("#NUM!", "there are too many periods")
    if salvage > cost:
        return 0.0
    return _written_off(cost, salvage, life, start_period, end_period, factor, no_switch)


# -- the French methods --------------------------------------------------------------------------------------------------


def _french(context: Context, *values: Scalar) -> list[float] | CellError:
    """Cost, salvage, period, rate and the part of a year before the first period ends."""
    cost, purchased, first, salvage, period, rate, basis = values
    numbers = security_arguments(context, 2, purchased, first, cost, salvage, period, rate, basis)
    if isinstance(numbers, CellError):
        return numbers
    kind = basis_of(numbers[6])
    if kind is None or kind == 2:
        return BAD_BASIS
    if numbers[0] > numbers[1] or numbers[2] < 0.0 or not 0.0 <= numbers[3] <= numbers[2] or numbers[4] < 0.0 or numbers[5] < 0.0:
        return NUM
    years = year_fraction(numbers[0], numbers[1], kind)
    return NUM if years is None else [numbers[2], numbers[3], float(math.trunc(numbers[4])), numbers[5], years]


@function("AMORLINC", category=CATEGORY, summary="The depreciation of an asset for a period by the French straight line.",
          examples={"=AMORLINC(2400,39679,39813,300,1,0.15,1)": 360.0}, source=SOURCE.format("AMORLINC"), toolpak=True)  # fmt: skip
def french_linear(
    cost: Value,
    date_purchased: Value,
    first_period: Value,
    salvage: Value,
    period: Value,
    rate: Value,
    basis: Value = 0.0,
    *,
    context: Context,
) -> float | CellError:
    """A prorated first period, full ones, a rest."""
    found = _french(context, cost, date_purchased, first_period, salvage, period, rate, basis)
    if isinstance(found, CellError):
        return found
    price, rest, number, part, years = found
    full = price * part
    first = full * years if years > 0.0 else full
    if number == 0.0:
        return min(first, price - rest)
    left = price - rest - first - full * (number - 1.0)
    return max(min(full, left), 0.0)


def _round_half_up(number: float) -> float:
    return math.floor(number + 0.5)


@function("AMORDEGRC", category=CATEGORY, summary="The depreciation of an asset for a period by the French degressive method.",
          examples={"=AMORDEGRC(2400,39679,39813,300,1,0.15,1)": 776.0}, source=SOURCE.format("AMORDEGRC"), toolpak=True)  # fmt: skip
def french_degressive(
    cost: Value,
    date_purchased: Value,
    first_period: Value,
    salvage: Value,
    period: Value,
    rate: Value,
    basis: Value = 0.0,
    *,
    context: Context,
) -> float | CellError:
    """A declining balance with a coefficient by the asset's life, in whole units."""
    found = _french(context, cost, date_purchased, first_period, salvage, period, rate, basis)
    if isinstance(found, CellError):
        return found
    left, rest, number, part, years = found
    if part == 0.0:
        return NUM
    life = 1.0 / part
    # Microsoft: lives of 3 to 4 years 1.5, 5 to 6 years 2, more than 6 years 2.5; other short lives are #NUM!.
    if life < 3.0 or 4.0 < life < 5.0:
        return NUM
    scale = 1.5 if life <= 4.0 else 2.0 if life <= 6.0 else 2.5
    written = _round_half_up((years if years > 0.0 else 1.0) * part * scale * left)
    if number == 0.0:
        return written
    left -= written
    remaining = left - rest
    for step in range(int(min(number, 10_000.0))):
        written = _round_half_up(part * scale * left)
        remaining -= written
        if remaining < 0.0:
            # The period before the last takes half of what is left, the last one the other half, later ones nothing.
            return _round_half_up(left * 0.5) if number - step <= 1.0 else 0.0
        left -= written
    return written
