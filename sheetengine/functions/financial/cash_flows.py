"""Cash flows: NPV, IRR, MIRR, XNPV, XIRR, FVSCHEDULE, and rates of growth: EFFECT, NOMINAL, RRI, PDURATION.

In: amounts in order, or amounts with days; out: a value today or a rate. Rates are sought by Newton's method from the guess, then, where
that leaves the rates above -100 %, between the nearest two rates whose values have different signs.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sheetengine.calendar import last_serial
from sheetengine.functions.arguments import as_grid, collect_numbers
from sheetengine.functions.context import Context
from sheetengine.functions.date_time.arguments import strict_number, strict_numbers
from sheetengine.functions.financial.annuity import CATEGORY, SOURCE, growth
from sheetengine.functions.financial.rates import between, newton
from sheetengine.functions.library import function
from sheetengine.functions.signature import Number, Numbers, Raw, Value
from sheetengine.grid import NUMBER
from sheetengine.values import DIV0, NUM, CellError, Reference

Flat = NDArray[np.float64]


# -- even periods --------------------------------------------------------------------------------------------------------


def _present(rate: float, amounts: Flat) -> float:
    """The value one period before the first amount."""
    with np.errstate(all="ignore"):
        return float((amounts / np.power(1.0 + rate, np.arange(1.0, len(amounts) + 1.0))).sum())


@function(
    "NPV",
    category=CATEGORY,
    summary="The value today of payments at the ends of even periods.",
    examples={"=NPV(0.1,-10000,3000,4200,6800)": 1188.4434123352207},
    source=SOURCE.format("NPV"),
)
def net_present_value(rate: Number, value1: Raw, *value2: Raw, context: Context) -> float | CellError:
    """Payments discounted."""
    amounts = collect_numbers([value1, *value2], context)
    if isinstance(amounts, CellError):
        return amounts
    return DIV0 if rate == -1.0 else _present(rate, amounts)


@function(
    "IRR",
    category=CATEGORY,
    summary="The internal rate of return of payments in even periods.",
    examples={"=IRR({-70000;12000;15000;18000;21000;26000})": 0.08663094803653162, "=IRR({-70000;12000;15000},-0.1)": -0.4435069413347406},
    source=SOURCE.format("IRR"),
)
def internal_rate(values: Numbers, guess: Number = 0.1) -> float | CellError:
    """The rate at which the payments are worth nothing."""
    if not (values > 0.0).any() or not (values < 0.0).any():
        return CellError("#NUM!", "there must be a payment and a receipt")
    if guess <= -1.0:
        return NUM
    steps = np.arange(float(len(values)))
    # Zeros in front move the equation, not its root, and let it overflow.
    values = values / np.abs(values).max()

    def equation(rate: float) -> tuple[float, float]:
        with np.errstate(all="ignore"):
            worth = values / np.power(1.0 + rate, steps)
            return float(worth.sum()), float(-(steps * worth).sum() / (1.0 + rate))

    found = newton(equation, guess, 1e-13)
    if found is None:
        found = between(equation, guess)
    return CellError("#NUM!", "no rate was found; give another guess") if found is None else found


@function(
    "MIRR",
    category=CATEGORY,
    summary="The internal rate of return where payments are financed and receipts reinvested at rates of their own.",
    examples={"=MIRR({-120000;39000;30000;21000;37000;46000},0.1,0.12)": 0.1260941303659051},
    source=SOURCE.format("MIRR"),
)
def modified_rate(values: Numbers, finance_rate: Number, reinvest_rate: Number) -> float | CellError:
    """The modified rate."""
    count = len(values)
    gains, costs = np.where(values > 0.0, values, 0.0), np.where(values < 0.0, values, 0.0)
    if not gains.any() or not costs.any() or count < 2 or finance_rate == -1.0 or reinvest_rate == -1.0:
        return DIV0
    end = -_present(reinvest_rate, gains) * growth(reinvest_rate, count)
    start = _present(finance_rate, costs) * (1.0 + finance_rate)
    if start == 0.0:
        return DIV0
    return growth(end / start - 1.0, 1.0 / (count - 1)) - 1.0


# -- days ----------------------------------------------------------------------------------------------------------------


def _listed(argument: object, context: Context) -> Flat | CellError:
    """All cells as numbers, one after the other: blanks are 0, texts that are no numbers and booleans are #VALUE!."""
    grid = as_grid(argument, context)
    if isinstance(grid, CellError):
        return grid
    error = grid.first_error()
    if error is not None:
        return error
    if grid.kinds is None or bool((grid.kinds <= NUMBER).all()):
        return grid.numbers.ravel()
    numbers = []
    for value in grid.flat():
        number = strict_number(value, context.date1904)
        if isinstance(number, CellError):
            return number
        numbers.append(number)
    return np.array(numbers)


def _dated(amounts: Flat, days: Flat, context: Context, any_order: bool) -> tuple[Flat, Flat] | CellError:
    """Amounts and their distances from the day that is given first in years of 365 days; others may lie before it in `any_order`."""
    if len(amounts) != len(days) or not len(amounts):
        return CellError("#NUM!", "there must be as many dates as values")
    days = np.floor(days)
    if (days < 0.0).any() or (days > last_serial(context.date1904)).any():
        return NUM
    if not any_order and (days < days[0]).any():
        return CellError("#NUM!", "no date may lie before the first")
    return amounts, (days - days[0]) / 365.0


@function(
    "XNPV",
    category=CATEGORY,
    summary="The value on the first day of payments on given days.",
    examples={"=XNPV(0.09,{-10000;2750;4250;3250;2750},{39448;39508;39751;39859;39904})": 2086.647602031535},
    source=SOURCE.format("XNPV"),
    toolpak=True,
)
def dated_present_value(rate: Value, values: Numbers, dates: Numbers, *, context: Context) -> float | CellError:
    """Payments discounted by days; what is no number is passed over, so that a text in one list alone is #NUM!."""
    number = strict_number(rate, context.date1904)
    if isinstance(number, CellError):
        return number
    found = _dated(values, dates, context, any_order=False)
    if isinstance(found, CellError):
        return found
    if number <= 0.0:
        return CellError("#NUM!", "the rate must be positive")
    with np.errstate(all="ignore"):
        return float((found[0] / np.power(1.0 + number, found[1])).sum())


_MOST_HALVINGS: Final = 100


def _bisect_as_excel(value_at: Callable[[float], float], guess: float, far: float, scale: float) -> float | None:
    """The root where Excel's XIRR stops: it halves an interval, and its answers are 1E-9 to 1E-8 off.

    Every answer of the book XIRR (Excel 16) is a midpoint of such an interval: of [-guess, guess], of [guess, 2 guess], [2 guess, 4 guess] …
    above it, of [-1, -guess] below. It stops once half the width is under about 5E-9 + 7.5E-9 |rate| and the value is near 0; the two
    bounds are fitted to the 13 answers known (the book and Microsoft's example, 0.373362535).
    """
    at_guess, below = value_at(guess), value_at(-guess)
    if not math.isfinite(at_guess):
        return None
    if (at_guess > 0.0) != (below > 0.0):
        low, high = -guess, guess
    elif far != 0.0 and (at_guess > 0.0) != (far > 0.0):
        low, high = guess, 2.0 * guess
        while (value_at(high) > 0.0) == (at_guess > 0.0):
            low, high = high, 2.0 * high
            if high > 1e12:
                return None
    else:
        low, high = -1.0, -guess
    positive = value_at(high) > 0.0
    for _ in range(_MOST_HALVINGS):
        middle, half = (low + high) / 2.0, (high - low) / 2.0
        value = value_at(middle)
        if half <= 5e-9 + 7.5e-9 * abs(middle) and abs(value) <= 2e-8 * scale:
            return middle
        if (value > 0.0) == positive:
            high = middle
        else:
            low = middle
    return None


@function(
    "XIRR",
    category=CATEGORY,
    summary="The internal rate of return of payments on given days.",
    examples={"=XIRR({-10000;2750;4250;3250;2750},{39448;39508;39751;39859;39904},0.1)": 0.3733625352382659},
    source=SOURCE.format("XIRR"),
    toolpak=True,
)
def dated_internal_rate(values: Raw, dates: Raw, guess: Value = 0.1, *, context: Context) -> float | CellError:
    """The rate at which payments on days are worth nothing.

    Days may lie before the first, as [MS-OI29500] 2.1.1070 says against Microsoft's page of the function.
    """
    amounts = _listed(values, context)
    if isinstance(amounts, CellError):
        return amounts
    days = _listed(dates, context)
    if isinstance(days, CellError):
        return days
    number = strict_number(guess, context.date1904)
    if isinstance(number, CellError):
        return number
    found = _dated(amounts, days, context, any_order=True)
    if isinstance(found, CellError):
        return found
    amounts, years = found
    if not (amounts > 0.0).any() or not (amounts < 0.0).any() or number <= -1.0:
        return NUM

    def value_at(rate: float) -> float:
        with np.errstate(all="ignore"):
            return float((amounts / np.power(1.0 + rate, years)).sum())

    start = min(abs(number), 0.99) if number < 0.0 else number or 0.1
    rate = _bisect_as_excel(value_at, start, float(amounts[years == years.min()].sum()), float(np.abs(amounts).max()))
    return CellError("#NUM!", "no rate was found; give another guess") if rate is None else rate


@function(
    "FVSCHEDULE",
    category=CATEGORY,
    summary="The value at the end of an amount that grows by a series of rates.",
    examples={"=FVSCHEDULE(1,{0.09,0.11,0.1})": 1.3308900000000003},
    source=SOURCE.format("FVSCHEDULE"),
    toolpak=True,
)
def scheduled_value(principal: Value, schedule: Raw, *, context: Context) -> float | CellError:
    """An amount after several rates."""
    amount = strict_number(principal, context.date1904)
    if isinstance(amount, CellError):
        return amount
    if isinstance(schedule, Reference) and schedule.area is not None:
        used = context.used(schedule.area)
        if used is None:
            return amount
        schedule = context.read(used)
    grid = as_grid(schedule, context)
    if isinstance(grid, CellError):
        return grid
    error = grid.first_error()
    if error is not None:
        return error
    if grid.kinds is None or bool((grid.kinds <= NUMBER).all()):
        with np.errstate(all="ignore"):
            return amount * float(np.prod(1.0 + grid.numbers))
    for value in grid.flat():
        rate = strict_number(value, context.date1904)
        if isinstance(rate, CellError):
            return rate
        amount *= 1.0 + rate
    return amount


# -- rates of growth -----------------------------------------------------------------------------------------------------


@function("EFFECT", category=CATEGORY, summary="The effective rate of a year whose nominal rate is compounded several times.",
          examples={"=EFFECT(0.0525,4)": 0.05354266737075841}, source=SOURCE.format("EFFECT"), toolpak=True)  # fmt: skip
def effective_rate(nominal_rate: Value, npery: Value, *, context: Context) -> float | CellError:
    """The effective rate."""
    numbers = strict_numbers(context, nominal_rate, npery)
    if isinstance(numbers, CellError):
        return numbers
    rate, times = numbers[0], math.trunc(numbers[1])
    return NUM if rate <= 0.0 or times < 1 else growth(rate / times, times) - 1.0


@function("NOMINAL", category=CATEGORY, summary="The nominal rate of a year that compounded several times gives an effective rate.",
          examples={"=NOMINAL(0.053543,4)": 0.052500319868356016}, source=SOURCE.format("NOMINAL"), toolpak=True)  # fmt: skip
def nominal_rate(effect_rate: Value, npery: Value, *, context: Context) -> float | CellError:
    """The nominal rate."""
    numbers = strict_numbers(context, effect_rate, npery)
    if isinstance(numbers, CellError):
        return numbers
    rate, times = numbers[0], math.trunc(numbers[1])
    return NUM if rate <= 0.0 or times < 1 else times * (growth(rate, 1.0 / times) - 1.0)


@function("RRI", category=CATEGORY, summary="The rate per period at which an investment grows to a value.",
          examples={"=RRI(96,10000,11000)": 0.0009933073762913303}, source=SOURCE.format("RRI"), future="_xlfn.")  # fmt: skip
def growth_rate(nper: Number, pv: Number, fv: Number) -> float | CellError:
    """The equivalent rate."""
    if nper <= 0.0 or pv == 0.0:
        return NUM
    return growth(fv / pv - 1.0, 1.0 / nper) - 1.0


@function("PDURATION", category=CATEGORY, summary="The periods in which an investment grows to a value.",
          examples={"=PDURATION(0.025,2000,2200)": 3.859866162622648, "=PDURATION(0.025/12,1000,1200)": 87.6054764193714},
          source=SOURCE.format("PDURATION"), future="_xlfn.")  # fmt: skip
def growth_periods(rate: Number, pv: Number, fv: Number) -> float | CellError:
    """The periods of growth."""
    if rate <= 0.0 or pv <= 0.0 or fv <= 0.0:
        return NUM
    return (math.log(fv) - math.log(pv)) / math.log1p(rate)
