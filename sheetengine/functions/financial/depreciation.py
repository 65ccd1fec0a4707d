"""Depreciation: SLN, SYD, DB, DDB, VDB, AMORLINC, AMORDEGRC.

In: cost, salvage, life, a period or two; out: what is written off. Source: Microsoft's pages.
"""

from __future__ import annotations

import math
from typing import Any, Final, NamedTuple

import numpy as np

from sheetengine.calendar import days_in_month
from sheetengine.functions.context import Context
from sheetengine.functions.financial.annuity import CATEGORY, SOURCE
from sheetengine.functions.financial.day_counts import BAD_BASIS, basis_of, day_of, days_between, security_arguments
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
    """A multiple of the straight rate, down to salvage; a period below 1 counts as the first (ExcelFinancialFunctions, "Compatibility")."""
    if cost < 0.0 or salvage < 0.0 or life <= 0.0 or period <= 0.0 or period > life or factor <= 0.0:
        return NUM
    period = max(period, 1.0)
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


def _written_off(cost: float, salvage: float, life: float, start: float, end: float, factor: float) -> float:
    """What is written off between two moments, with a change to the straight line.

    Periods begin at whole distances from the start, so that the first of a start of 2.5 is half a period (book VDB, saved by Excel 16).
    """
    rate = min(factor / life, 1.0)
    left, at, before = cost, 0.0, 0.0
    length = start - math.floor(start) or 1.0
    while at < end and left > 0.0:
        declining = min(left * rate, max(left - salvage, 0.0))
        straight = (left - salvage) / max(life - at, 1.0)
        if straight > declining:
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
    if no_switch:
        # Without the change what is written off adds up, within periods too (ExcelFinancialFunctions, "Compatibility").
        return _declined(cost, salvage, life, end_period, factor) - _declined(cost, salvage, life, start_period, factor)
    return _written_off(cost, salvage, life, start_period, end_period, factor)


# -- the French methods --------------------------------------------------------------------------------------------------

_FIGURES: Final = 13
"""Decimals to which Excel rounds before AMORDEGRC rounds to whole units."""


class _Asset(NamedTuple):
    """What the French methods write off: the period asked for, the rate, the share of a year before the first period ends."""

    cost: float
    salvage: float
    period: int
    rate: float
    first_part: float

    @property
    def life(self) -> int:
        """Periods, counted up."""
        return math.ceil(1.0 / self.rate)

    def first(self, rate: float) -> float:
        """What the first period takes, prorated; a whole year's where it has no day."""
        return min(self.cost * rate * (self.first_part or 1.0), self.cost - self.salvage)


def _french(context: Context, *values: Scalar) -> _Asset | CellError:
    cost, purchased, first, salvage, period, rate, basis = values
    numbers = security_arguments(context, 2, purchased, first, cost, salvage, period, rate, basis)
    if isinstance(numbers, CellError):
        return numbers
    kind = basis_of(numbers[6])
    if kind is None or kind == 2:
        return BAD_BASIS
    if numbers[0] > numbers[1] or numbers[2] < 0.0 or not 0.0 <= numbers[3] <= numbers[2] or numbers[4] < 0.0 or numbers[5] < 0.0:
        return NUM
    part = _first_part(int(numbers[0]), int(numbers[1]), kind)
    return _Asset(numbers[2], numbers[3], math.trunc(min(numbers[4], 1e6)), numbers[5], part)


def _first_part(purchased: int, first: int, basis: int) -> float:
    """The part of a year from purchase to the end of the first period; a year is that of the purchase, and 29 February counts as 28."""
    year, length = day_of(purchased)[0], 360.0
    if basis in (1, 3):
        length = 366.0 if basis == 1 and days_in_month(year, 2) == 29 else 365.0
        purchased -= day_of(purchased)[1:] == (2, 29)
        first -= day_of(first)[1:] == (2, 29)
    return days_between(purchased, first, basis) / length


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
    asset = _french(context, cost, date_purchased, first_period, salvage, period, rate, basis)
    if isinstance(asset, CellError):
        return asset
    first = asset.first(asset.rate)
    if asset.period == 0:
        return first
    full = asset.cost * asset.rate
    left = asset.cost - asset.salvage - first - full * (asset.period - 1.0)
    return max(min(full, left), 0.0)


def _round_half_up(number: float) -> float:
    return math.floor(round(number, _FIGURES) + 0.5)


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
    """A declining balance with a coefficient by the asset's life, in whole units; the last but one period takes half, the last the rest.

    The course is that of ExcelFinancialFunctions, which is checked against Excel 2010 (its page "Compatibility"); Microsoft's page gives the
    coefficients.
    """
    asset = _french(context, cost, date_purchased, first_period, salvage, period, rate, basis)
    if isinstance(asset, CellError):
        return asset
    # Microsoft: lives of 3 to 4 years 1.5, 5 to 6 years 2, more than 6 years 2.5; other short lives are #NUM!.
    if asset.rate == 0.0 or 1.0 / asset.rate < 3.0 or 4.0 < 1.0 / asset.rate < 5.0:
        return NUM
    life = asset.life
    if asset.period > life or asset.cost == asset.salvage:
        return 0.0
    share = asset.rate * (1.5 if life <= 4 else 2.0 if life <= 6 else 2.5)
    written = _round_half_up(asset.first(share))
    left = asset.cost - written
    last = life + (asset.first_part != 0.0) - 1
    for number in range(1, asset.period + 1):
        if left < asset.salvage:
            written = 0.0
        else:
            written = left * (0.5 if number == last - 2 else 1.0 if number > last - 2 else share)
        left -= written
    return _round_half_up(written)
