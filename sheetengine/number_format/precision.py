"""Precision as displayed: a number as its cell shows it.

In: a number and a pattern. Out: the number rounded to the digits that the pattern shows. General, dates and texts leave it as it is.
Source: Microsoft, "Set rounding precision".
"""

from __future__ import annotations

from functools import lru_cache

from sheetengine.number_format.digits import fixed_digits, fraction_of, significant_digits
from sheetengine.number_format.display import Format, compiled
from sheetengine.number_format.numeric import Decimal, Fraction, Scientific
from sheetengine.number_format.scan import BadFormat

_MOST_DENOMINATOR = 10**5


@lru_cache(maxsize=65_536)
def as_displayed(number: float, pattern: str) -> float:
    """A number with the digits that a pattern shows.

    >>> as_displayed(2.675, "0.00"), as_displayed(0.12345, "0.0%"), as_displayed(1234567.0, "0.0,"), as_displayed(1 / 3, "General")
    (2.68, 0.123, 1234600.0, 0.3333333333333333)
    >>> as_displayed(0.3, "# ?/4"), as_displayed(123456.0, "0.0E+00"), as_displayed(45000.123, "yyyy-mm-dd")
    (0.25, 120000.0, 45000.123)
    """
    try:
        shown = _branch(compiled(pattern), number)
    except BadFormat:
        return number
    size = abs(number)
    if isinstance(shown, Decimal):
        size = _fixed(size, shown.places, shown.shift)
    elif isinstance(shown, Scientific):
        power = significant_digits(size)[1] + shown.shift if size else 0
        power = power // max(1, shown.whole.count) * max(1, shown.whole.count)
        size = _fixed(size, shown.fraction.count, shown.shift - power)
    elif isinstance(shown, Fraction):
        whole = float(int(size))
        if shown.fixed:
            size = whole + int((size - whole) * shown.fixed + 0.5) / shown.fixed
        else:
            assert shown.denominator is not None
            most = 10 ** max(shown.numerator.count, shown.denominator.count) - 1
            top, bottom = fraction_of(size - whole, min(most, _MOST_DENOMINATOR))
            size = whole + top / bottom
    else:
        return number
    return -size if number < 0.0 and size else size


def _branch(form: Format, number: float) -> object:
    for branch in form.branches:
        if branch.takes(number):
            return branch.shown
    raise BadFormat("no section is for this number")


def _fixed(size: float, places: int, shift: int) -> float:
    before, after = fixed_digits(size, places, shift)
    return float(f"{before or '0'}.{after or '0'}e{-shift}")
