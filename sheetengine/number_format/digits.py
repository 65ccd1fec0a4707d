"""Decimal digits of a number as displays have them: at most 15 significant ones, halves away from zero.

In: a number that is not negative. Out: strings of digits. Excel rounds what it shows from the 15-digit decimal, not from the
binary fraction, so 1.005 in two places is 1.01 (semantics.md, "ROUND family works on the 15-digit decimal").
"""

from __future__ import annotations

import math
from typing import Final

SIGNIFICANT: Final = 15
GENERAL_WIDTH: Final = 11
"""Characters that General fills at most, the sign not counted."""


def significant_digits(number: float) -> tuple[str, int]:
    """The 15 digits of a number and the power of ten of the first of them.

    >>> significant_digits(1234.5)
    ('123450000000000', 3)
    """
    mantissa, _, exponent = f"{number:.14e}".partition("e")
    return mantissa[0] + mantissa[2:], int(exponent)


def fixed_digits(number: float, places: int, shift: int = 0) -> tuple[str, str]:
    """The digits before and after the point of a number times 10^shift, rounded; "" before it where that is zero.

    >>> fixed_digits(1.005, 2), fixed_digits(0.125, 2, 2), fixed_digits(0.004, 2), fixed_digits(1e20, 0)
    (('1', '01'), ('12', '50'), ('', '00'), ('100000000000000000000', ''))
    """
    digits, exponent = significant_digits(number)
    keep = exponent + shift + 1 + places
    if number == 0.0 or keep < 0:
        return "", "0" * places
    if keep >= SIGNIFICANT:
        kept = digits + "0" * (keep - SIGNIFICANT)
    else:
        kept = str(int(digits[:keep] or "0") + (digits[keep] >= "5"))
    kept = kept.zfill(places)
    if places == 0:
        return kept.lstrip("0"), ""
    return kept[:-places].lstrip("0"), kept[-places:]


def general(number: float) -> str:
    """A number as General shows it in a cell that is wide enough: 11 characters, the sign aside.

    >>> general(1 / 3), general(123456789012.0), general(12345678901.5), general(1234567.891234), general(7.25741561530799e306)
    ('0.333333333', '1.23457E+11', '12345678902', '1234567.891', '7.2574E+306')
    >>> general(-0.000123456789), general(0.00001), general(0.0000123456), general(-5.0), general(1e11)
    ('-0.000123457', '0.00001', '1.23456E-05', '-5', '1E+11')
    """
    if number == int(number) and abs(number) < 1e11:
        return str(int(number))
    if number < 0.0:
        return "-" + general(-number)
    digits, exponent = significant_digits(number)
    # Small numbers stay plain where nothing is lost by it: 0.00001, but 1.23456E-05.
    decimals = len(digits.rstrip("0")) - exponent - 1
    if -5 < exponent < GENERAL_WIDTH or (exponent < 0 and decimals <= GENERAL_WIDTH - 2):
        places = max(0, GENERAL_WIDTH - 2 - max(0, exponent))
        before, after = fixed_digits(number, places)
        after = after.rstrip("0")
        if len(before) <= GENERAL_WIDTH:
            return f"{before or '0'}.{after}" if after else before or "0"
    return scientific(digits, exponent, GENERAL_WIDTH)


def scientific(digits: str, exponent: int, width: int) -> str:
    """Digits with an exponent, in a width: one digit before the point and at most five after it."""
    for _ in range(2):
        tail = f"E{'-' if exponent < 0 else '+'}{abs(exponent):02d}"
        keep = max(1, min(6, width - 1 - len(tail)))
        rounded = str(int(digits[:keep]) + (len(digits) > keep and digits[keep] >= "5"))
        if len(rounded) == keep:
            break
        # 9.999996 has become 10: one power more.
        digits, exponent = rounded.ljust(SIGNIFICANT, "0"), exponent + 1
    rounded = rounded[:keep].rstrip("0")
    fraction = f".{rounded[1:]}" if len(rounded) > 1 else ""
    return f"{rounded[0]}{fraction}{tail}"


def fraction_of(number: float, largest: int) -> tuple[int, int]:
    """Numerator and denominator of the last convergent of a number's continued fraction within a denominator.

    Excel takes convergents, not the nearest of all fractions: 0.456 as `?/?` is 1/2 although 4/9 is closer.

    >>> fraction_of(0.456, 9), fraction_of(0.45, 9), fraction_of(3.14159265358979, 999)
    ((1, 2), (4, 9), (355, 113))
    """
    before, now = (0, 1), (1, 0)
    rest = number
    for _ in range(64):
        whole = math.floor(rest)
        following = (whole * now[0] + before[0], whole * now[1] + before[1])
        if following[1] > largest:
            break
        before, now = now, following
        rest -= whole
        if rest < 5e-8:
            break
        rest = 1.0 / rest
    return now
