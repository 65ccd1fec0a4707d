"""Financial functions: values of Microsoft's pages, laws that hold between them, edges, and the vector forms against the bodies."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sheetengine.functions.call import invoke
from sheetengine.functions.library import find
from sheetengine.grid import Grid
from sheetengine.values import Area, CellError, Reference
from tests.functions.fake import FakeContext, call

E = CellError
G = Grid.from_rows

# Microsoft's page of the function; the third number is the value, the fourth how far the page writes it out.
CASES: list[tuple[str, tuple[object, ...], object, float]] = [
    ("PMT", (0.08 / 12, 10, 10000, 0, 1), -1030.16, 0.005),
    ("PMT", (0.1, 0, 1000), E("#NUM!"), 0),
    ("PMT", (0, 10, 1000), -100.0, 1e-12),
    ("FV", (0.11 / 12, 35, -2000, None, 1), 82846.25, 0.005),
    ("PV", (0, 10, -100), 1000.0, 1e-12),
    ("NPER", (0.01, -100, -1000), -9.57859, 0.000005),
    ("NPER", (0.01, -10, 1000), E("#NUM!"), 0),  # the payment is the interest alone
    ("RATE", (48, -200, 8000), 0.0077014724882, 1e-13),
    ("RATE", (-1, -200, 8000), E("#NUM!"), 0),
    ("IPMT", (0.1, 4, 3, 8000), E("#NUM!"), 0),
    ("CUMIPMT", (0.09 / 12, 360, 125000, 13, 24, 0), -11135.23213075, 5e-9),
    ("CUMIPMT", (0.09 / 12, 360, 125000, 24, 13, 0), E("#NUM!"), 0),
    ("CUMPRINC", (0.09 / 12, 360, 125000, 13, 24, 0), -934.1071234, 5e-8),
    ("CUMPRINC", (True, 360, 125000, 13, 24, 0), E("#VALUE!"), 0),
    ("NPV", (0.08, 8000, 9200, 10000, 12000, 14500), 41922.06, 0.005),
    ("NPV", (0.08, G([[8000.0, 9200.0, 10000.0, 12000.0, 14500.0, None, "x", True]])), 41922.06, 0.005),
    ("NPV", (-1, 5), E("#DIV/0!"), 0),
    ("NPV", (0.1, G([[1.0, E("#N/A")]])), E("#N/A"), 0),
    ("IRR", (G([[-70000.0], [12000.0], [15000.0], [18000.0], [21000.0]]),), -0.021244848273411, 1e-13),
    ("IRR", (G([[-70000.0], [12000.0], [15000.0], [18000.0], [21000.0], [26000.0]]),), 0.0866, 0.00005),
    ("IRR", (G([[1.0, 2.0]]),), E("#NUM!"), 0),
    ("IRR", (G([["x", None]]),), E("#NUM!"), 0),
    ("MIRR", (G([[-120000.0], [39000.0], [30000.0], [21000.0], [37000.0], [46000.0]]), 0.1, 0.14), 0.13475911082831, 1e-13),
    ("MIRR", (G([[-120000.0], [39000.0], [30000.0], [21000.0]]), 0.1, 0.12), -0.048044655249980, 1e-13),
    ("MIRR", (G([[1.0, 2.0]]), 0.1, 0.12), E("#DIV/0!"), 0),
    ("XNPV", (0.09, G([[-10000.0, 2750.0]]), G([[39448.0, 39447.0]])), E("#NUM!"), 0),
    (
        "XIRR",
        (G([[-10000.0, 2750.0, 4250.0, 3250.0, 2750.0]]), G([[39448.0, 39508.0, 39751.0, 39859.0, 39904.0]]), 0.1),
        0.373362535,
        5e-10,
    ),
    ("XIRR", (G([[1.0, 2.0]]), G([[39448.0, 39508.0]])), E("#NUM!"), 0),
    ("FVSCHEDULE", (1, G([[0.09, 0.11, 0.1]])), 1.33089, 1e-12),
    ("FVSCHEDULE", (1, G([[0.09, "x"]])), E("#VALUE!"), 0),
    ("EFFECT", (0.0525, 4.9), 0.0535427, 5e-8),
    ("NOMINAL", (0.053543, 4), 0.05250032, 5e-9),
    ("RRI", (96, 10000, 11000), 0.0009933, 5e-8),
    ("PDURATION", (0.025, 2000, 2200), 3.86, 0.005),
    ("PDURATION", (0.025, 0, 2200), E("#NUM!"), 0),
    ("SLN", (1, 2, 0), E("#DIV/0!"), 0),
    ("SYD", (30000, 7500, 10, 11), E("#NUM!"), 0),
    ("DB", (1000000, 100000, 6, 1, 7), 186083.33, 0.005),
    ("DB", (1000000, 100000, 6, 2, 7), 259639.42, 0.005),
    ("DB", (1000000, 100000, 6, 7, 7), 15845.10, 0.005),
    ("DB", (1000000, 100000, 6, 7), E("#NUM!"), 0),
    ("DDB", (2400, 300, 120, 1, 2), 40.0, 1e-12),
    ("DDB", (2400, 300, 10, 2, 1.5), 306.0, 1e-12),
    ("DDB", (2400, 300, 10, 11), E("#NUM!"), 0),
    ("VDB", (2400, 300, 3650, 0, 1), 1.32, 0.005),
    ("VDB", (2400, 300, 120, 0, 1), 40.0, 1e-12),
    ("VDB", (2400, 300, 10, 5, 4), E("#NUM!"), 0),
    ("AMORLINC", (2400, 39679, 39813, 300, 1, 0.15, 1), 360.0, 1e-12),
    ("AMORLINC", (2400, 39679, 39813, 300, 1, 0.15, 2), E("#NUM!"), 0),
    ("AMORDEGRC", (2400, 39679, 39813, 300, 1, 0.15, 1), 776.0, 0),
    ("AMORDEGRC", (2400, 39679, 39813, 300, 1, 0.5, 1), E("#NUM!"), 0),  # a life of two years
    ("COUPNUM", (39107, 39767, 2, 1), 4.0, 0),
    ("COUPNUM", (39107, 39767, 3, 1), E("#NUM!"), 0),
    ("COUPPCD", (39767, 39107, 2, 1), E("#NUM!"), 0),
    ("PRICE", (39493, 43054, 0.0575, 0.065, 100, 2, 0), 94.63436162, 5e-9),
    ("PRICE", (39493, 43054, -0.0575, 0.065, 100, 2, 0), E("#NUM!"), 0),
    ("YIELD", (39493, 42689, 0.0575, 95.04287, 100, 2, 0), 0.065, 5e-8),
    ("YIELD", (39493, 42689, 0.0575, 0, 100, 2, 0), E("#NUM!"), 0),
    ("DURATION", (43282, 54058, 0.08, 0.09, 2, 1), 10.9191453, 5e-8),
    ("MDURATION", (39448, 42370, 0.08, 0.09, 2, 1), 5.73567, 5e-6),
    ("ODDFPRICE", (39763, 44256, 39736, 39873, 0.0785, 0.0625, 100, 2, 1), 113.597717, 5e-7),
    ("ODDFPRICE", (39763, 44256, 39736, 39872, 0.0785, 0.0625, 100, 2, 1), E("#NUM!"), 0),
    ("ODDFYIELD", (39763, 44256, 39736, 39873, 0.0575, 84.5, 100, 2, 0), 0.07724554159, 1e-11),
    ("ODDLPRICE", (39485, 39614, 39370, 0.0375, 0.0405, 100, 2, 0), 99.87828601, 5e-9),
    ("ODDLYIELD", (39558, 39614, 39440, 0.0375, 99.875, 100, 2, 0), 0.04519223562916916, 5e-7),
    ("ACCRINTM", (39539, 39614, 0.1, 1000, 3), 20.54794521, 5e-9),
    ("ACCRINTM", (39539, 39614, 0, 1000, 3), E("#NUM!"), 0),
    ("DISC", (39107, 39248, 97.975, 100, 1), 0.052420213, 5e-10),
    ("INTRATE", (39493, 39583, 1000000, 1014420, 2), 0.05768, 1e-12),
    ("RECEIVED", (39493, 39583, 1000000, 0.0575, 2), 1014584.654, 5e-4),
    ("PRICEDISC", (39494, 39508, 0.0525, 100, 2), 99.79583333, 5e-9),
    ("YIELDDISC", (39494, 39508, 99.795, 100, 2), 0.052823, 5e-7),
    ("PRICEMAT", (39493, 39551, 39397, 0.061, 0.061, 0), 99.98449888, 5e-9),
    ("YIELDMAT", (39522, 39755, 39394, 0.0625, 100.0123, 0), 0.060954, 5e-7),
    ("TBILLEQ", (39538, 39600, 0.0914), 0.09415149356594, 1e-13),
    ("TBILLPRICE", (39538, 39600, 0.09), 98.45, 1e-12),
    ("TBILLYIELD", (39538, 39600, 98.45), 0.091416963, 5e-10),
    ("DOLLARDE", (1.02, 16), 1.125, 1e-12),
    ("DOLLARDE", (1.1, 32), 1.3125, 1e-12),
    ("DOLLARDE", (1.1, -1), E("#NUM!"), 0),
    ("DOLLARFR", (1.125, 32), 1.04, 1e-12),
    ("DOLLARFR", (1.125, 0.5), E("#DIV/0!"), 0),
]


@pytest.mark.parametrize(("name", "arguments", "expected", "within"), CASES)
def test_values(name: str, arguments: tuple[object, ...], expected: object, within: float) -> None:
    found = call(name, *arguments)
    if isinstance(expected, float):
        assert isinstance(found, float)
        assert abs(found - expected) <= within
    else:
        assert found == expected


DATES = [(39493.0, 43054.0), (39507.0, 42429.0), (43890.0, 45535.0), (43861.0, 43951.0), (43921.0, 44012.0)]


@pytest.mark.parametrize(("settlement", "maturity"), DATES)
@pytest.mark.parametrize("frequency", [1, 2, 4])
@pytest.mark.parametrize("basis", range(5))
def test_price_and_yield_undo_each_other(settlement: float, maturity: float, frequency: int, basis: int) -> None:
    for wanted in (0.0, 0.031, 0.4):
        price = call("PRICE", settlement, maturity, 0.0575, wanted, 100, frequency, basis)
        found = call("YIELD", settlement, maturity, 0.0575, price, 100, frequency, basis)
        assert isinstance(found, float)
        assert math.isclose(found, wanted, rel_tol=1e-9, abs_tol=1e-12)


@pytest.mark.parametrize("basis", range(5))
@pytest.mark.parametrize("frequency", [1, 2, 4])
def test_odd_prices_and_yields_undo_each_other(frequency: int, basis: int) -> None:
    for issue in (39736.0, 39400.0, 38800.0):
        price = call("ODDFPRICE", 39763, 44256, issue, 39873, 0.0785, 0.0625, 100, frequency, basis)
        found = call("ODDFYIELD", 39763, 44256, issue, 39873, 0.0785, price, 100, frequency, basis)
        assert isinstance(found, float)
        assert math.isclose(found, 0.0625, rel_tol=1e-10)
    for last in (39370.0, 38900.0):
        price = call("ODDLPRICE", 39485, 39614, last, 0.0375, 0.0405, 100, frequency, basis)
        found = call("ODDLYIELD", 39485, 39614, last, 0.0375, price, 100, frequency, basis)
        assert isinstance(found, float)
        assert math.isclose(found, 0.0405, rel_tol=1e-10)


@pytest.mark.parametrize("due", [0, 1])
@pytest.mark.parametrize("rate", [0.0, 0.01, -0.02, 0.5])
def test_an_annuity_closes(rate: float, due: int) -> None:
    paid = call("PMT", rate, 24, 5000, -300, due)
    assert isinstance(paid, float)
    assert math.isclose(float(call("FV", rate, 24, paid, 5000, due)), -300, rel_tol=1e-10)  # type: ignore[arg-type]
    assert math.isclose(float(call("PV", rate, 24, paid, -300, due)), 5000, rel_tol=1e-10)  # type: ignore[arg-type]
    assert math.isclose(float(call("NPER", rate, paid, 5000, -300, due)), 24, rel_tol=1e-10)  # type: ignore[arg-type]
    assert math.isclose(float(call("RATE", 24, paid, 5000, -300, due)), rate, rel_tol=1e-9, abs_tol=1e-11)  # type: ignore[arg-type]
    principal = [call("PPMT", rate, period, 24, 5000, -300, due) for period in range(1, 25)]
    interest = [call("IPMT", rate, period, 24, 5000, -300, due) for period in range(1, 25)]
    assert math.isclose(sum(principal) + sum(interest), 24 * paid, rel_tol=1e-11)  # type: ignore[arg-type]


@pytest.mark.parametrize("due", [0, 1])
def test_cumulative_interest_is_the_sum_of_its_parts(due: int) -> None:
    parts = [call("IPMT", 0.0075, period, 360, 125000, 0, due) for period in range(5, 60)]
    assert math.isclose(float(call("CUMIPMT", 0.0075, 360, 125000, 5, 59, due)), sum(parts), rel_tol=1e-10)  # type: ignore[arg-type]


def test_variable_depreciation_adds_up() -> None:
    for no_switch in (False, True):
        parts = [call("VDB", 2400, 300, 10, start, start + 1, 1.5, no_switch) for start in range(10)]
        whole = call("VDB", 2400, 300, 10, 0, 10, 1.5, no_switch)
        assert math.isclose(sum(parts), whole, rel_tol=1e-12)  # type: ignore[arg-type]
    assert call("VDB", 2400, 300, 10, 0, 10) == 2100.0


def test_a_rate_out_of_reach_of_newton() -> None:
    assert math.isclose(float(call("IRR", G([[-70000.0, 12000.0, 15000.0]]))), -0.4435069413347406, rel_tol=1e-12)  # type: ignore[arg-type]


def test_dates_of_a_1904_workbook() -> None:
    context = FakeContext(date1904=True)
    assert call("COUPNCD", 40568 - 1462, 40862 - 1462, 2, 1, context=context) == 40678.0 - 1462.0
    assert call("PRICE", 39493 - 1462, 43054 - 1462, 0.0575, 0.065, 100, 2, 0, context=context) == call(
        "PRICE", 39493, 43054, 0.0575, 0.065, 100, 2, 0
    )


def test_ranges_among_the_arguments() -> None:
    context = FakeContext({(0, 0): -70000.0, (1, 0): 12000.0, (2, 0): "text", (3, 0): 15000.0, (4, 0): True, (5, 0): 90000.0})
    area = Reference((Area(0, 0, 0, 1048575, 0),))
    assert call("IRR", area, context=context) == call("IRR", G([[-70000.0, 12000.0, 15000.0, 90000.0]]))
    assert call("NPV", 0.1, area, context=context) == call("NPV", 0.1, -70000, 12000, 15000, 90000)


POOL: list[object] = [0.0, 1.0, -1.0, 0.01, 0.5, 12.0, 24.0, 360.0, -0.3, 1000.0, 1e300, 1e-12, -3.0, "5", "x", True, None]


@pytest.mark.parametrize("name", ["PMT", "FV", "PV", "IPMT", "PPMT", "SLN"])
def test_vector_forms_equal_the_bodies(name: str) -> None:
    spec = find(name)
    assert spec is not None
    assert spec.vector is not None
    generator = np.random.default_rng(5)
    columns = [[POOL[int(place)] for place in generator.integers(0, len(POOL), 300)] for _ in range(spec.signature.most)]
    arguments = [Grid.from_flat(column, (300, 1)) for column in columns]  # type: ignore[arg-type]
    found = invoke(spec, arguments, FakeContext())
    assert isinstance(found, Grid)
    for row in range(300):
        assert found.item(row, 0) == invoke(spec, [argument.item(row, 0) for argument in arguments], FakeContext())
