"""Annuities: PMT, PV, FV, NPER, RATE, IPMT, PPMT, CUMIPMT, CUMPRINC, ISPMT.

In: a rate per period, periods, payments, amounts now and at the end; out: the one that is sought. Money paid is negative.
All solve  pv (1+r)^n + pmt (1 + r due) ((1+r)^n - 1) / r + fv = 0  (Microsoft, PV function). Invariant: body and vector form
share one expression and one power kernel, so they agree to the bit.
"""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np

from sheetengine.functions.context import Context
from sheetengine.functions.date_time.arguments import strict_numbers
from sheetengine.functions.financial.rates import between, newton
from sheetengine.functions.library import function
from sheetengine.functions.signature import Number, Value
from sheetengine.grid import Grid
from sheetengine.values import DIV0, DIV0_ID, NUM, CellError

CATEGORY: Final = "financial"
SOURCE: Final = "Microsoft, {} function"


def growth(rate: float, periods: float) -> float:
    """(1 + rate) ** periods as the planes have it: inf or nan where it is no number, as 0^0: PV(-1,0,100,400) is #NUM! in Excel."""
    # One kernel for one number and for many (coerce.power says why).
    with np.errstate(all="ignore"):
        return math.nan if rate == -1.0 and periods == 0.0 else float(np.power(np.array([1.0 + rate]), np.array([periods]))[0])


def growth_plane(rate: Any, periods: Any) -> Any:
    """`growth` of every element."""
    bases, exponents = np.broadcast_arrays(np.atleast_1d(np.add(1.0, rate)), periods)
    grown = np.power(np.array(bases, np.float64), np.array(exponents, np.float64))
    return np.where((bases == 0.0) & (exponents == 0.0), np.nan, grown)


def _due(type_: Any) -> Any:
    return (np.asarray(type_) != 0.0).astype(np.float64)


def _choose(rate: Any, plain: Any, compound: Any) -> Any:
    return np.where(np.equal(rate, 0.0), plain, compound)


# -- payment, present and future value -----------------------------------------------------------------------------------


def _payment(rate: Any, pv: Any, fv: Any, due: Any, factor: Any) -> Any:
    return -(pv * factor + fv) * rate / ((1.0 + rate * due) * (factor - 1.0))


def _payment_vector(rate: Any, nper: Any, pv: Any, fv: Any = 0.0, type_: Any = 0.0) -> Any:
    return _choose(rate, -np.add(pv, fv) / nper, _payment(rate, pv, fv, _due(type_), growth_plane(rate, nper)))


@function(
    "PMT",
    category=CATEGORY,
    summary="The payment per period of a loan or an annuity.",
    examples={"=PMT(0.08/12,10,10000)": -1037.0320893591636, "=PMT(0.06/12,18*12,0,50000)": -129.0811608679973},
    source=SOURCE.format("PMT"),
    vector=_payment_vector,
)
def payment(rate: Number, nper: Number, pv: Number, fv: Number = 0.0, type_: Number = 0.0) -> float | CellError:
    """The payment per period."""
    if nper == 0.0:
        return CellError("#NUM!", "there must be a period")
    if rate == 0.0:
        return -(pv + fv) / nper
    due = 1.0 if type_ != 0.0 else 0.0
    factor = growth(rate, nper)
    if (1.0 + rate * due) * (factor - 1.0) == 0.0:
        return NUM
    return _payment(rate, pv, fv, due, factor)  # type: ignore[no-any-return]  # floats in, float out


def _future(rate: Any, pmt: Any, pv: Any, due: Any, factor: Any) -> Any:
    return -(pv * factor + pmt * (1.0 + rate * due) * (factor - 1.0) / rate)


def _future_vector(rate: Any, nper: Any, pmt: Any, pv: Any = 0.0, type_: Any = 0.0) -> Any:
    return _choose(
        rate, -(pv + np.multiply(pmt, nper)), _future(np.asarray(rate, np.float64), pmt, pv, _due(type_), growth_plane(rate, nper))
    )


def future(rate: float, nper: float, pmt: float, pv: float, due: float) -> float:
    """The value at the end, as FV has it."""
    if rate == 0.0:
        return -(pv + pmt * nper)
    return _future(rate, pmt, pv, due, growth(rate, nper))  # type: ignore[no-any-return]  # floats in, float out


def _future_value_vector(rate: Any, nper: Any, pmt: Any, pv: Any = 0.0, type_: Any = 0.0) -> Grid:
    values = _future_vector(rate, nper, pmt, pv, type_)
    divided = np.equal(rate, -1.0) & np.less(nper, 0.0)
    return Grid.from_numbers_and_errors(values, np.broadcast_to(np.where(divided, DIV0_ID, -1), values.shape))


@function(
    "FV",
    category=CATEGORY,
    summary="The value at the end of an annuity or an investment.",
    examples={"=FV(0.06/12,10,-200,-500,1)": 2581.4033740601362, "=FV(0.12/12,12,-1000)": 12682.503013196976},
    source=SOURCE.format("FV"),
    vector=_future_value_vector,
)
def future_value(rate: Number, nper: Number, pmt: Number, pv: Number = 0.0, type_: Number = 0.0) -> float | CellError:
    """The value at the end."""
    # 0 to a negative power: FV(-1,-1,1) is #DIV/0! in a book saved by Excel 16.
    return DIV0 if rate == -1.0 and nper < 0.0 else future(rate, nper, pmt, pv, 1.0 if type_ != 0.0 else 0.0)


def _present(rate: Any, pmt: Any, fv: Any, due: Any, factor: Any) -> Any:
    return -(fv + pmt * (1.0 + rate * due) * (factor - 1.0) / rate) / factor


def _present_vector(rate: Any, nper: Any, pmt: Any, fv: Any = 0.0, type_: Any = 0.0) -> Any:
    return _choose(
        rate, -(fv + np.multiply(pmt, nper)), _present(np.asarray(rate, np.float64), pmt, fv, _due(type_), growth_plane(rate, nper))
    )


@function(
    "PV",
    category=CATEGORY,
    summary="The value today of an annuity or an investment.",
    examples={"=PV(0.08/12,12*20,500)": -59777.14585118777},
    source=SOURCE.format("PV"),
    vector=_present_vector,
)
def present_value(rate: Number, nper: Number, pmt: Number, fv: Number = 0.0, type_: Number = 0.0) -> float | CellError:
    """The value today."""
    if rate == 0.0:
        return -(fv + pmt * nper)
    factor = growth(rate, nper)
    if factor == 0.0:
        return NUM
    return _present(rate, pmt, fv, 1.0 if type_ != 0.0 else 0.0, factor)  # type: ignore[no-any-return]  # floats in, float out


@function(
    "NPER",
    category=CATEGORY,
    summary="The number of periods of an annuity or an investment.",
    examples={"=NPER(0.12/12,-100,-1000,10000,1)": 59.67386567429457, "=NPER(0.12/12,-100,-1000,10000)": 60.08212285376166},
    source=SOURCE.format("NPER"),
)
def periods(rate: Number, pmt: Number, pv: Number, fv: Number = 0.0, type_: Number = 0.0) -> float | CellError:
    """The periods."""
    if rate == 0.0:
        return NUM if pmt == 0.0 else -(pv + fv) / pmt
    if rate <= -1.0:
        return NUM
    paid = pmt * (1.0 + rate * (1.0 if type_ != 0.0 else 0.0))
    top, bottom = paid - fv * rate, paid + pv * rate
    if bottom == 0.0 or top / bottom <= 0.0:
        return CellError("#NUM!", "these payments never reach the goal")
    return math.log(top / bottom) / math.log1p(rate)


# -- the rate ------------------------------------------------------------------------------------------------------------


def _discounted(rate: float, nper: float, pmt: float, pv: float, fv: float, due: float) -> tuple[float, float]:
    """What an annuity is worth today at a rate, and the slope of that."""
    try:
        discount = math.exp(-nper * math.log1p(rate))
    except OverflowError:
        return math.inf, math.inf
    falling = -nper * discount / (1.0 + rate)
    if abs(rate) < 1e-9:
        # The first terms of the series, where the quotients lose their digits.
        annuity = nper - nper * (nper + 1.0) / 2.0 * rate
        bending = -nper * (nper + 1.0) / 2.0 + nper * (nper + 1.0) * (nper + 2.0) / 3.0 * rate
    else:
        annuity = -math.expm1(-nper * math.log1p(rate)) / rate
        bending = (-falling - annuity) / rate
    value = pv + pmt * (1.0 + rate * due) * annuity + fv * discount
    return value, pmt * (due * annuity + (1.0 + rate * due) * bending) + fv * falling


_MOST_STEPS_OF_RATE: Final = 500
"""From a guess far above the rate each step goes down by about 1 / nper."""


@function(
    "RATE",
    category=CATEGORY,
    summary="The interest rate per period of an annuity.",
    examples={"=RATE(4*12,-200,8000)": 0.007701472488210098},
    source=SOURCE.format("RATE"),
)
def interest_rate(nper: Number, pmt: Number, pv: Number, fv: Number = 0.0, type_: Number = 0.0, guess: Number = 0.1) -> float | CellError:
    """The rate, by Newton's method from the guess.

    Of several rates Excel finds the one that the steps over the annuity's value at its end lead to: RATE(12,-100,400,100,1) is -0.4997
    and not 0.3126 (HyperFormula, "List of differences" and issue 603: Excel's answers).
    """
    due = 1.0 if type_ != 0.0 else 0.0
    if guess <= -1.0:
        return CellError("#VALUE!", "the guess must be above -100 %")  # so Excel: HyperFormula issue 1250
    if nper <= 0.0:
        return NUM

    def today(rate: float) -> tuple[float, float]:
        return _discounted(rate, nper, pmt, pv, fv, due)

    def at_the_end(rate: float) -> tuple[float, float]:
        value, slope = today(rate)
        return value, slope + value * nper / (1.0 + rate)  # the quotient of the two is that of the value at the end and its slope

    found = newton(at_the_end, guess, 1e-14, _MOST_STEPS_OF_RATE)
    if found is None and (fv != 0.0 or not due):
        # Payments in advance that leave nothing are worth nothing at -100 %, where Excel ends without an answer.
        found = newton(today, guess, 1e-14)
        if found is None:
            found = between(today, guess)
    return CellError("#NUM!", "no rate was found; give another guess") if found is None else found


# -- interest and principal ----------------------------------------------------------------------------------------------


def _interest_vector(rate: Any, per: Any, nper: Any, pv: Any, fv: Any = 0.0, type_: Any = 0.0) -> Any:
    rate, per, nper, pv, fv, due = np.broadcast_arrays(
        *(np.atleast_1d(np.asarray(x, np.float64)) for x in (rate, per, nper, pv, fv, _due(type_)))
    )
    payments = _payment_vector(rate, nper, pv, fv, due)
    balances = _future_vector(rate, per - 1.0, payments, pv, due)
    interest = np.where(due == 0.0, balances * rate, np.where(per == 1.0, payments * 0.0, balances * rate / (1.0 + rate)))
    return np.where((per < 1.0) | (per >= nper + 1.0) | (nper <= 0.0), np.nan, interest)


def _split(rate: float, per: float, nper: float, pv: float, fv: float, type_: float) -> tuple[float, float] | CellError:
    """The payment and the interest in it."""
    if per < 1.0 or per >= nper + 1.0 or nper <= 0.0:
        return CellError("#NUM!", "the period must be 1 to nper")
    due = 1.0 if type_ != 0.0 else 0.0
    paid = payment(rate, nper, pv, fv, due)
    if isinstance(paid, CellError):
        return paid
    if not math.isfinite(paid):
        return NUM
    balance = future(rate, per - 1.0, paid, pv, due)
    if due == 0.0:
        return paid, balance * rate
    if per == 1.0:
        return paid, 0.0
    return NUM if rate == -1.0 else (paid, balance * rate / (1.0 + rate))


@function(
    "IPMT",
    category=CATEGORY,
    summary="The interest in one payment of an annuity.",
    examples={"=IPMT(0.1/12,1,3*12,8000)": -66.66666666666667, "=IPMT(0.1,3,3,8000)": -292.44712990936574},
    source=SOURCE.format("IPMT"),
    vector=_interest_vector,
)
def interest_payment(rate: Number, per: Number, nper: Number, pv: Number, fv: Number = 0.0, type_: Number = 0.0) -> float | CellError:
    """Interest in a payment."""
    found = _split(rate, per, nper, pv, fv, type_)
    return found if isinstance(found, CellError) else found[1]


def _principal_vector(rate: Any, per: Any, nper: Any, pv: Any, fv: Any = 0.0, type_: Any = 0.0) -> Any:
    return _payment_vector(rate, nper, pv, fv, type_) - _interest_vector(rate, per, nper, pv, fv, type_)


@function(
    "PPMT",
    category=CATEGORY,
    summary="The principal in one payment of an annuity.",
    examples={"=PPMT(0.1/12,1,2*12,2000)": -75.62318600836685, "=PPMT(0.08,10,10,200000)": -27598.05346242135},
    source=SOURCE.format("PPMT"),
    vector=_principal_vector,
)
def principal_payment(rate: Number, per: Number, nper: Number, pv: Number, fv: Number = 0.0, type_: Number = 0.0) -> float | CellError:
    """Principal in a payment."""
    found = _split(rate, per, nper, pv, fv, type_)
    return found if isinstance(found, CellError) else found[0] - found[1]


@function("ISPMT", category=CATEGORY, summary="The interest of one period of a loan whose principal is paid back in even parts.",
          examples={"=ISPMT(0.1,0,4,4000)": -400.0, "=ISPMT(0.1,3,4,4000)": -100.0}, source=SOURCE.format("ISPMT"))  # fmt: skip
def even_interest(rate: Number, per: Number, nper: Number, pv: Number) -> float | CellError:
    """Interest of a period."""
    return DIV0 if nper == 0.0 else pv * rate * (per / nper - 1.0)


def _cumulative(
    context: Context, rate: Any, nper: Any, pv: Any, start_period: Any, end_period: Any, type_: Any
) -> tuple[float, float] | CellError:
    """Interest and principal paid from one period to another."""
    numbers = strict_numbers(context, rate, nper, pv, start_period, end_period, type_)
    if isinstance(numbers, CellError):
        return numbers
    rate, nper, pv = numbers[:3]
    # Both periods are cut to integers before they are judged ([MS-OI29500] 2.1.918).
    first, last, due = map(math.trunc, numbers[3:])
    if rate <= 0.0 or nper <= 0.0 or pv <= 0.0 or first < 1 or last < first or last > nper or due not in (0, 1):
        return NUM
    paid = payment(rate, nper, pv, 0.0, due)
    if isinstance(paid, CellError):
        return paid

    def debt(payments: int) -> float:
        if payments == 0:
            return float(pv)
        if due == 0.0:
            return -future(rate, float(payments), paid, pv, 0.0)
        return -future(rate, payments - 1.0, paid, pv + paid, 0.0)

    principal = debt(last) - debt(first - 1)
    return paid * (last - first + 1) - principal, principal


@function("CUMIPMT", category=CATEGORY, summary="The interest paid on a loan from one period to another.",
          examples={"=CUMIPMT(0.09/12,30*12,125000,13,24,0)": -11135.232130750845, "=CUMIPMT(0.09/12,30*12,125000,1,1,0)": -937.5},
          source=SOURCE.format("CUMIPMT"), toolpak=True)  # fmt: skip
def cumulative_interest(
    rate: Value, nper: Value, pv: Value, start_period: Value, end_period: Value, type_: Value, *, context: Context
) -> float | CellError:
    """Interest over periods."""
    found = _cumulative(context, rate, nper, pv, start_period, end_period, type_)
    return found if isinstance(found, CellError) else found[0]


@function("CUMPRINC", category=CATEGORY, summary="The principal paid on a loan from one period to another.",
          examples={"=CUMPRINC(0.09/12,30*12,125000,13,24,0)": -934.1071234208765, "=CUMPRINC(0.09/12,30*12,125000,1,1,0)": -68.27827118097616},
          source=SOURCE.format("CUMPRINC"), toolpak=True)  # fmt: skip
def cumulative_principal(
    rate: Value, nper: Value, pv: Value, start_period: Value, end_period: Value, type_: Value, *, context: Context
) -> float | CellError:
    """Principal over periods."""
    found = _cumulative(context, rate, nper, pv, start_period, end_period, type_)
    return found if isinstance(found, CellError) else found[1]


__all__ = ["CATEGORY", "SOURCE", "future", "growth", "growth_plane"]
