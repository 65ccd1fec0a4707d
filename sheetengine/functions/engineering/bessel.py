"""The Bessel functions of whole order.

In: a number and an order cut to a whole one; out: J, Y, I or K of it. Excel 2010 and later compute them to full precision, so the
values of scipy stand for theirs (older pages of Microsoft show seven digits that are right and then some that are not).
"""

from __future__ import annotations

import importlib
import math
from functools import cache
from typing import Any, Final

import numpy as np

from sheetengine.functions.engineering.toolpak import toolpak
from sheetengine.functions.signature import Number
from sheetengine.values import NUM, CellError, Scalar

_NEGATIVE_ORDER = CellError("#NUM!", "the order is negative")
_NOT_POSITIVE = CellError("#NUM!", "the number is not positive")
_MOST_ORDER: Final = 2.0**31


@cache
def special() -> Any:
    """scipy.special, loaded at the first use: it takes longer to import than the engine."""
    return importlib.import_module("scipy.special")


def _value(name: str, x: float, n: float, positive: bool) -> Scalar:
    order = math.trunc(n)
    if order < 0:
        return _NEGATIVE_ORDER
    if positive and x <= 0.0:
        return _NOT_POSITIVE
    if order >= _MOST_ORDER:
        return NUM
    with np.errstate(all="ignore"):
        return float(getattr(special(), name)(float(order), x))


@toolpak("BESSELJ", "The Bessel function of the first kind.", {"=BESSELJ(1.9,2)": 0.329925727692387})
def bessel_j(x: Number, n: Number) -> Scalar:
    return _value("jv", x, n, positive=False)


@toolpak("BESSELY", "The Bessel function of the second kind.", {"=BESSELY(2.5,1)": 0.14591813796678577})
def bessel_y(x: Number, n: Number) -> Scalar:
    return _value("yv", x, n, positive=True)


@toolpak("BESSELI", "The modified Bessel function of the first kind.", {"=BESSELI(1.5,1)": 0.98166642857790378})
def bessel_i(x: Number, n: Number) -> Scalar:
    return _value("iv", x, n, positive=False)


@toolpak("BESSELK", "The modified Bessel function of the second kind.", {"=BESSELK(1.5,1)": 0.27738780045684381})
def bessel_k(x: Number, n: Number) -> Scalar:
    return _value("kv", x, n, positive=True)
