"""Securities without coupons, accrued interest, treasury bills, prices in fractions.

ACCRINT, ACCRINTM, DISC, INTRATE, PRICEDISC, PRICEMAT, RECEIVED, YIELDDISC, YIELDMAT, TBILLEQ, TBILLPRICE, TBILLYIELD, DOLLARDE,
DOLLARFR. In: dates, rates, amounts; out: amounts and rates. A year is what YEARFRAC makes of the basis.
"""

from __future__ import annotations

import math

from sheetengine.calendar import date_from_serial
from sheetengine.functions.context import Context
from sheetengine.functions.date_time.arguments import strict_numbers
from sheetengine.functions.date_time.spans import actual_year, year_fraction
from sheetengine.functions.financial.annuity import CATEGORY, SOURCE
from sheetengine.functions.financial.day_counts import (
    BAD_BASIS,
    BAD_FREQUENCY,
    Coupons,
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
from sheetengine.functions.signature import Boolean, Value
from sheetengine.values import DIV0, NUM, CellError, Scalar

# -- accrued interest ----------------------------------------------------------------------------------------------------


@function(
    "ACCRINT",
    category=CATEGORY,
    summary="The interest accrued by a security that pays periodic interest.",
    examples={"=ACCRINT(39508,39691,39569,0.1,1000,2,0)": 16.666666666666664, "=ACCRINT(39508,39691,39569,0.1,1000,4)": 16.944444444444446},
    source=SOURCE.format("ACCRINT"),
    toolpak=True,
)
def accrued_interest(
    issue: Value, first_interest: Value, settlement: Value, rate: Value, par: Value | None, frequency: Value, basis: Value = 0.0,
    calc_method: Boolean = True, *, context: Context,
) -> float | CellError:  # fmt: skip
    """Interest since issue (or, by the other method, without the full periods before the first interest's)."""
    face = 1000.0 if par is None else par
    numbers = security_arguments(context, 3, issue, first_interest, settlement, rate, face, frequency, basis)
    if isinstance(numbers, CellError):
        return numbers
    issued, first, settled, yearly, amount = numbers[:5]
    times, kind = frequency_of(numbers[5]), basis_of(numbers[6])
    if times is None:
        return BAD_FREQUENCY
    if kind is None:
        return BAD_BASIS
    if yearly <= 0.0 or amount <= 0.0 or issued >= settled:
        return NUM
    periods = _accrued_periods(issued, first, settled, times, kind, calc_method)
    return NUM if periods is None else amount * yearly / times * periods


def _accrued_periods(issued: float, first: float, settled: float, frequency: int, basis: int, from_issue: bool) -> float | None:
    # As Excel 16 counts (books ACCRINT_ACCRINTM and ACCRINT_extended): the days from the beginning of the period before the first
    # interest to settlement (negative where settlement is earlier) over that period, and from issue the rest of its own period
    # and the full periods between; the other method leaves out the full periods. After the first interest it is the period of settlement.
    step, month_end = 12 // frequency, is_month_end(first)
    period = -1
    if from_issue and settled > first:
        period = max(((day_of(settled)[0] - day_of(first)[0]) * 12 + day_of(settled)[1] - day_of(first)[1]) // step + 1, 0)
        while (begun := months_from(first, period * step, month_end)) is None or begun > settled:
            period -= 1
    start, end = months_from(first, period * step, month_end), months_from(first, (period + 1) * step, month_end)
    if start is None or end is None:
        return None
    length = period_length(Coupons(start, end, 1), frequency, basis)
    if issued >= start:
        return days_between(issued, settled, basis) / length
    own = coupons_around(issued, first, frequency)
    if own is None:
        return None
    if issued == own.previous:
        # A period from its first day on is a full one.
        rest = 1.0 if from_issue else 0.0
    else:
        rest = days_between(issued, own.following, basis) / _own_length(own, frequency, basis)
    return rest + (own.number - 1 + period if from_issue else 0) + days_between(start, settled, basis) / length


def _own_length(coupons: Coupons, frequency: int, basis: int) -> float:
    """The days of the period of issue, by months of 30 days where the basis has a year of 360 (ExcelFinancialFunctions, as Excel 2010)."""
    if basis == 0:
        return float(whole_months_days(day_of(coupons.previous), day_of(coupons.following)))
    if basis in (2, 4):
        return days_between(coupons.previous, coupons.following, 0 if basis == 2 else 4)
    return period_length(coupons, frequency, basis)


@function("ACCRINTM", category=CATEGORY, summary="The interest accrued by a security that pays interest at maturity.",
          examples={"=ACCRINTM(39539,39614,0.1,1000,3)": 20.54794520547945}, source=SOURCE.format("ACCRINTM"), toolpak=True)  # fmt: skip
def accrued_at_maturity(
    issue: Value, settlement: Value, rate: Value, par: Value = 1000.0, basis: Value = 0.0, *, context: Context
) -> float | CellError:
    """Interest since issue."""
    found = _years(context, issue, settlement, rate, 1000.0 if par is None else par, basis)
    if isinstance(found, CellError):
        return found
    years, yearly, amount = found
    return amount * yearly * years


# -- discounts -----------------------------------------------------------------------------------------------------------


def _years(context: Context, start: Scalar, end: Scalar, one: Scalar, two: Scalar, basis: Scalar) -> tuple[float, float, float] | CellError:
    """The years between two days and two positive amounts, or the error in them."""
    numbers = security_arguments(context, 2, start, end, one, two, basis)
    if isinstance(numbers, CellError):
        return numbers
    kind = basis_of(numbers[4])
    if kind is None:
        return BAD_BASIS
    if numbers[2] <= 0.0 or numbers[3] <= 0.0 or numbers[0] >= numbers[1]:
        return NUM
    years = year_fraction(numbers[0], numbers[1], kind)
    return NUM if years is None else (years, numbers[2], numbers[3])


@function("DISC", category=CATEGORY, summary="The discount rate of a security.",
          examples={"=DISC(39107,39248,97.975,100,1)": 0.05242021276595776}, source=SOURCE.format("DISC"), toolpak=True)  # fmt: skip
def discount(
    settlement: Value, maturity: Value, pr: Value, redemption: Value, basis: Value = 0.0, *, context: Context
) -> float | CellError:
    """The discount rate."""
    found = _years(context, settlement, maturity, pr, redemption, basis)
    if isinstance(found, CellError):
        return found
    years, paid, redeemed = found
    return DIV0 if years == 0.0 else (redeemed - paid) / redeemed / years


@function("INTRATE", category=CATEGORY, summary="The interest rate of a fully invested security.",
          examples={"=INTRATE(39493,39583,1000000,1014420,2)": 0.05768}, source=SOURCE.format("INTRATE"), toolpak=True)  # fmt: skip
def invested_rate(
    settlement: Value, maturity: Value, investment: Value, redemption: Value, basis: Value = 0.0, *, context: Context
) -> float | CellError:
    """The interest rate."""
    found = _years(context, settlement, maturity, investment, redemption, basis)
    if isinstance(found, CellError):
        return found
    years, invested, redeemed = found
    return DIV0 if years == 0.0 else (redeemed - invested) / invested / years


@function("RECEIVED", category=CATEGORY, summary="The amount received at maturity for a fully invested security.",
          examples={"=RECEIVED(39493,39583,1000000,0.0575,2)": 1014584.6544071021}, source=SOURCE.format("RECEIVED"), toolpak=True)  # fmt: skip
def received(
    settlement: Value, maturity: Value, investment: Value, discount: Value, basis: Value = 0.0, *, context: Context
) -> float | CellError:
    """The amount at maturity."""
    found = _years(context, settlement, maturity, investment, discount, basis)
    if isinstance(found, CellError):
        return found
    years, invested, rate = found
    rest = 1.0 - rate * years
    return NUM if rest <= 0.0 else invested / rest


@function("PRICEDISC", category=CATEGORY, summary="The price per 100 of a discounted security.",
          examples={"=PRICEDISC(39494,39508,0.0525,100,2)": 99.79583333333333}, source=SOURCE.format("PRICEDISC"), toolpak=True)  # fmt: skip
def discounted_price(
    settlement: Value, maturity: Value, discount: Value, redemption: Value, basis: Value = 0.0, *, context: Context
) -> float | CellError:
    """The price."""
    found = _years(context, settlement, maturity, discount, redemption, basis)
    if isinstance(found, CellError):
        return found
    years, rate, redeemed = found
    return redeemed - rate * redeemed * years


@function("YIELDDISC", category=CATEGORY, summary="The annual yield of a discounted security.",
          examples={"=YIELDDISC(39494,39508,99.795,100,2)": 0.05282257198685834}, source=SOURCE.format("YIELDDISC"), toolpak=True)  # fmt: skip
def discounted_yield(
    settlement: Value, maturity: Value, pr: Value, redemption: Value, basis: Value = 0.0, *, context: Context
) -> float | CellError:
    """The yield."""
    found = _years(context, settlement, maturity, pr, redemption, basis)
    if isinstance(found, CellError):
        return found
    years, paid, redeemed = found
    return DIV0 if years == 0.0 else (redeemed / paid - 1.0) / years


# -- interest at maturity ------------------------------------------------------------------------------------------------


def _at_maturity(
    context: Context, settlement: Scalar, maturity: Scalar, issue: Scalar, rate: Scalar, given: Scalar, basis: Scalar
) -> tuple[float, float, float, float, float] | CellError:
    """The years from issue to maturity, from settlement to maturity, from issue to settlement; the rate and a yield or price."""
    numbers = security_arguments(context, 3, settlement, maturity, issue, rate, given, basis)
    if isinstance(numbers, CellError):
        return numbers
    settled, matures, issued, yearly, other = numbers[:5]
    kind = basis_of(numbers[5])
    if kind is None:
        return BAD_BASIS
    if yearly < 0.0 or other < 0.0 or settled >= matures or issued > settled:
        return NUM
    # One length of a year for all three spans, that of issue to settlement, and what is left is what the others leave.
    year = actual_year(day_of(issued), day_of(settled)) if kind == 1 else 365.0 if kind == 3 else 360.0
    whole, past = days_between(issued, matures, kind) / year, days_between(issued, settled, kind) / year
    return whole, whole - past, past, yearly, other


@function("PRICEMAT", category=CATEGORY, summary="The price per 100 of a security that pays interest at maturity.",
          examples={"=PRICEMAT(39493,39551,39397,0.061,0.061,0)": 99.98449887555694}, source=SOURCE.format("PRICEMAT"), toolpak=True)  # fmt: skip
def price_at_maturity(
    settlement: Value, maturity: Value, issue: Value, rate: Value, yld: Value, basis: Value = 0.0, *, context: Context
) -> float | CellError:
    """The price."""
    found = _at_maturity(context, settlement, maturity, issue, rate, yld, basis)
    if isinstance(found, CellError):
        return found
    whole, left, past, yearly, wanted = found
    return (100.0 + whole * yearly * 100.0) / (1.0 + left * wanted) - past * yearly * 100.0


@function("YIELDMAT", category=CATEGORY, summary="The annual yield of a security that pays interest at maturity.",
          examples={"=YIELDMAT(39522,39755,39394,0.0625,100.0123,0)": 0.06095433369153867}, source=SOURCE.format("YIELDMAT"), toolpak=True)  # fmt: skip
def yield_at_maturity(
    settlement: Value, maturity: Value, issue: Value, rate: Value, pr: Value, basis: Value = 0.0, *, context: Context
) -> float | CellError:
    """The yield."""
    found = _at_maturity(context, settlement, maturity, issue, rate, pr, basis)
    if isinstance(found, CellError):
        return found
    whole, left, past, yearly, paid = found
    outlay = paid / 100.0 + past * yearly
    if paid <= 0.0 or left == 0.0:
        return NUM
    return ((1.0 + whole * yearly) / outlay - 1.0) / left


# -- treasury bills ------------------------------------------------------------------------------------------------------


def _bill(context: Context, settlement: Scalar, maturity: Scalar, given: Scalar) -> tuple[float, float] | CellError:
    """The days of a bill, a year at most, and a positive discount or price."""
    numbers = security_arguments(context, 2, settlement, maturity, given)
    if isinstance(numbers, CellError):
        return numbers
    settled, matures, number = numbers
    if number <= 0.0 or settled >= matures:
        return NUM
    first, last = date_from_serial(settled), date_from_serial(matures)
    if first is None or last is None or last > (first[0] + 1, first[1], first[2]):
        return CellError("#NUM!", "a treasury bill runs for a year at most")
    return matures - settled, number


@function("TBILLEQ", category=CATEGORY, summary="The yield of a treasury bill as a bond's.",
          examples={"=TBILLEQ(39538,39600,0.0914)": 0.09415149356594302}, source=SOURCE.format("TBILLEQ"), toolpak=True)  # fmt: skip
def bill_equivalent(settlement: Value, maturity: Value, discount: Value, *, context: Context) -> float | CellError:
    """The bond-equivalent yield."""
    found = _bill(context, settlement, maturity, discount)
    if isinstance(found, CellError):
        return found
    days, rate = found
    value = 1.0 - rate * days / 360.0
    if value <= 0.0:
        # A bill that is worth nothing yields 0 (HyperFormula, "List of differences": Excel's answer).
        return 0.0 if value == 0.0 else NUM
    if days <= 182.0:
        return 365.0 * rate / (360.0 - rate * days)
    # Beyond half a year a bond would have paid a coupon: the yield with one compounding.
    part = days / (366.0 if days == 366.0 else 365.0)
    return 2.0 * (math.sqrt(part * part - (2.0 * part - 1.0) * (1.0 - 1.0 / value)) - part) / (2.0 * part - 1.0)


@function("TBILLPRICE", category=CATEGORY, summary="The price per 100 of a treasury bill.",
          examples={"=TBILLPRICE(39538,39600,0.09)": 98.45}, source=SOURCE.format("TBILLPRICE"), toolpak=True)  # fmt: skip
def bill_price(settlement: Value, maturity: Value, discount: Value, *, context: Context) -> float | CellError:
    """The price."""
    found = _bill(context, settlement, maturity, discount)
    if isinstance(found, CellError):
        return found
    days, rate = found
    price = 100.0 * (1.0 - rate * days / 360.0)
    return NUM if price < 0.0 else price


@function("TBILLYIELD", category=CATEGORY, summary="The yield of a treasury bill.",
          examples={"=TBILLYIELD(39538,39600,98.45)": 0.09141696292534233}, source=SOURCE.format("TBILLYIELD"), toolpak=True)  # fmt: skip
def bill_yield(settlement: Value, maturity: Value, pr: Value, *, context: Context) -> float | CellError:
    """The yield."""
    found = _bill(context, settlement, maturity, pr)
    if isinstance(found, CellError):
        return found
    days, paid = found
    return (100.0 - paid) / paid * 360.0 / days


# -- prices in fractions -------------------------------------------------------------------------------------------------


def _fraction(context: Context, price: Scalar, fraction: Scalar) -> tuple[float, float, int, float] | CellError:
    numbers = strict_numbers(context, price, fraction)
    if isinstance(numbers, CellError):
        return numbers
    bottom = math.trunc(numbers[1])
    if numbers[1] < 0.0:
        return NUM
    if bottom == 0:
        return DIV0
    whole = float(math.trunc(numbers[0]))
    # As many digits as the denominator takes: 32nds are written with two.
    digits = 0 if bottom == 1 else len(str(bottom - 1))
    return whole, numbers[0] - whole, bottom, 10.0**digits if digits < 300 else math.inf


@function("DOLLARDE", category=CATEGORY, summary="A price written as a fraction as a decimal number.",
          examples={"=DOLLARDE(1.02,16)": 1.125, "=DOLLARDE(1.1,32)": 1.3125}, source=SOURCE.format("DOLLARDE"), toolpak=True)  # fmt: skip
def decimal_price(fractional_dollar: Value, fraction: Value, *, context: Context) -> float | CellError:
    """A decimal price."""
    found = _fraction(context, fractional_dollar, fraction)
    if isinstance(found, CellError):
        return found
    whole, rest, bottom, scale = found
    return whole + rest * scale / bottom


@function("DOLLARFR", category=CATEGORY, summary="A decimal price written as a fraction.",
          examples={"=DOLLARFR(1.125,16)": 1.02, "=DOLLARFR(1.125,32)": 1.04}, source=SOURCE.format("DOLLARFR"), toolpak=True)  # fmt: skip
def fractional_price(decimal_dollar: Value, fraction: Value, *, context: Context) -> float | CellError:
    """A price as a fraction."""
    found = _fraction(context, decimal_dollar, fraction)
    if isinstance(found, CellError):
        return found
    whole, rest, bottom, scale = found
    return whole + rest * bottom / scale
