"""The Bessel functions have Excel's own digits, which are not those of the functions.

Sources: values recorded from Excel in SheetJS/bessel, issue 5 (BESSELI, ten digits) and in question 30279 of scicomp.stackexchange.com
(BESSELJ around 8, fifteen digits); Microsoft's pages (nine digits).
"""

from __future__ import annotations

import pytest

from sheetengine.values import CellError
from tests.functions.fake import call

OF_I = [
    (-13.2, 3, -42092.84027), (-13.8, 9, -5663.903109), (-10.08, 2, 2465.760003), (-11.06, 0, 7717.636762), (-9.86, 4, 1061.120531),
    (-12.81, 7, -5926.01108), (-13.07, 6, 12963.19511), (-14.37, 7, -32766.94859), (-9.02, 2, 881.4361669), (-13.3, 16, 8.029039773),
    (-13.2, 0, 59922.88267), (-10.21, 5, -974.2341176), (-11.4, 3, -7078.122098), (-10.09, 4, 1346.003156), (-10.78, 11, -26.13731414),
    (-9.41, 11, -3.543708301), (-11.59, 0, 12801.13745),
]  # fmt: skip
OF_J = [
    (7.99999952316284, 0, 0.17165091838403), (7.99999952316284, 1, 0.2346362739686), (7.99999952316284, 2, -0.112991846395527),
    (7.99999952316284, 3, -0.291132200533783), (8, 0, 0.171650807317694), (8, 1, 0.234628386507074), (8, 2, -0.112993710690925),
    (8, 3, -0.291125241852537), (8.00000095367431, 0, 0.171650583550973), (8.00000095367431, 1, 0.234628522235498),
    (8.00000095367431, 2, -0.112993459984572), (8.00000095367431, 3, -0.29112524549285),
]  # fmt: skip


@pytest.mark.parametrize(("x", "n", "value"), OF_I)
def test_besseli_to_the_digits_recorded(x: float, n: int, value: float) -> None:
    assert call("BESSELI", x, n) == pytest.approx(value, rel=4e-10)  # the tenth digit


@pytest.mark.parametrize(("x", "n", "value"), OF_J)
def test_besselj_to_the_digits_recorded(x: float, n: int, value: float) -> None:
    assert call("BESSELJ", x, n) == pytest.approx(value, rel=1e-14 if x < 8 or n == 1 else 6e-10)


@pytest.mark.parametrize(
    ("name", "x", "n", "value"),
    [
        ("BESSELJ", 1.9, 2, 0.329925829),
        ("BESSELK", 1.5, 1, 0.277387804),
        ("BESSELI", 1.5, 1, 0.981666428),
        ("BESSELY", 2.5, 1, 0.145918138),
    ],
)
def test_microsofts_examples(name: str, x: float, n: int, value: float) -> None:
    found = call(name, x, n)
    assert isinstance(found, float)
    assert round(found, 9) == value


@pytest.mark.parametrize(
    ("name", "x", "n", "value"),
    [
        ("BESSELJ", 1.9, -1, CellError("#NUM!")),
        ("BESSELK", 0.0, 1, CellError("#NUM!")),
        ("BESSELY", -1.0, 1, CellError("#NUM!")),
        ("BESSELI", "x", 1, CellError("#VALUE!")),
        ("BESSELI", 800.0, 1, CellError("#NUM!")),
        ("BESSELJ", 0.0, 0, 57568490574.0 / 57568490411.0),  # 1.0000000028
        ("BESSELJ", 0.0, 5, 0.0),
        ("BESSELI", 1e-300, 7, 0.0),
        ("BESSELJ", 1e-300, 7, 0.0),
        ("BESSELK", 800.0, 3, 0.0),
    ],
)
def test_limits(name: str, x: object, n: int, value: object) -> None:
    assert call(name, x, n) == value


@pytest.mark.parametrize("n", [0, 1, 2, 3, 10, 25])
@pytest.mark.parametrize("x", [0.05, 0.7, 2.0, 3.7, 3.8, 7.9, 9.5])
def test_close_to_the_functions_themselves(x: float, n: int) -> None:
    """The approximations are good to 2E-7, but for J of odd order behind 8."""
    special = pytest.importorskip("scipy.special")
    for name, exact in (("BESSELJ", special.jv), ("BESSELY", special.yv), ("BESSELI", special.iv), ("BESSELK", special.kv)):
        value = float(exact(n, x))
        if abs(value) < 1e300:
            scale = abs(value) + (1e-7 if name in ("BESSELJ", "BESSELY") else 0.0)
            assert call(name, x, n) == pytest.approx(value, abs=scale * (1e-6 if name != "BESSELJ" or x < 8 else 1e-3)), (name, x, n)
