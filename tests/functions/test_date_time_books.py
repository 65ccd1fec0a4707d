"""The date and time functions against values that Excel 16 saved: each row names the book under conformance/workbooks it is from."""

from __future__ import annotations

import math

import pytest

from sheetengine.grid import Grid
from sheetengine.values import CellError
from tests.functions.fake import call

E = CellError
G = Grid.from_rows

CASES: list[tuple[str, tuple[object, ...], object, str]] = [
    ("DATE", (1976.0, 2.0, 29.0), 27819.0, "DATE"),
    ("DATE", (6.0, 1.0, 1.0), 2193.0, "DATE"),
    ("DATE", (5.0, 1.0, 1.0), 1828.0, "DATE"),
    ("DATE", (2237.0, 12.0, 30.0), 123452.0, "DATE_DAY_MONTH_YEAR"),
    ("DATE", (2024.0, 1.0, 31.0), 45322.0, "DAYS_DAYS360"),
    ("DATE", (2023.0, 12.0, 4.0), 45264.0, "DATE"),
    ("DATE", (0.0, 0.0, 1.0), E("#NUM!"), "DATE"),
    ("DATE", (E("#VALUE!"), E("#VALUE!"), E("#VALUE!")), E("#VALUE!"), "DATE_DAY_MONTH_YEAR"),
    ("DATE", (9999.0, 13.0, -1.0), E("#NUM!"), "DATE"),
    ("DATEDIF", (40544.0, 40908.0, "YM"), 11.0, "DATEDIF"),
    ("DATEDIF", (40544.0, 40908.0, "M"), 11.0, "DATEDIF"),
    ("DATEDIF", (40544.0, 40908.0, "MD"), 30.0, "DATEDIF"),
    ("DATEDIF", (37043.0, 37483.0, "D"), 440.0, "DATEDIF"),
    ("DATEDIF", (37043.0, 37483.0, "YD"), 75.0, "DATEDIF"),
    ("DATEDIF", (40544.0, 40908.0, "Y"), 0.0, "DATEDIF"),
    ("DAY", (40041.0,), 16.0, "DATE_DAY_MONTH_YEAR"),
    ("DAY", (61.0,), 1.0, "DATE_DAY_MONTH_YEAR"),
    ("DAY", (40648.0,), 15.0, "DAY"),
    ("DAY", (40000.0,), 6.0, "DATE_DAY_MONTH_YEAR"),
    ("DAY", (32113.0,), 2.0, "DATE_DAY_MONTH_YEAR"),
    ("DAY", (32112.0,), 1.0, "DATE_DAY_MONTH_YEAR"),
    ("DAY", (-1.0,), E("#NUM!"), "DATE_DAY_MONTH_YEAR"),
    ("DAY", ("qwerty",), E("#VALUE!"), "DATE_DAY_MONTH_YEAR"),
    ("DAY", (E("#DIV/0!"),), E("#DIV/0!"), "DATE_DAY_MONTH_YEAR"),
    ("DAYS", (45671.00069444445, 45670.99930555555), 1.0, "DAYS_DAYS360"),
    ("DAYS", (0.006249999999999999, 1.0), -1.0, "DAYS_DAYS360"),
    ("DAYS", (None, True), -1.0, "DAYS_DAYS360"),
    ("DAYS", (46000.0, 45992.0), 8.0, "DAYS_DAYS360"),
    ("DAYS", (1.0, 0.0), 1.0, "DAYS_DAYS360"),
    ("DAYS", (45869.0, 45838.0), 31.0, "DAYS_DAYS360"),
    ("DAYS", (E("#DIV/0!"), 10.0), E("#DIV/0!"), "DAYS_DAYS360"),
    ("DAYS", ("abc", "def"), E("#VALUE!"), "DAYS_DAYS360"),
    ("DAYS", (-5.0, -10.0), E("#NUM!"), "DAYS_DAYS360"),
    ("DAYS360", (45667.0, 45658.0), -9.0, "DAYS_DAYS360"),
    ("DAYS360", (45992.000001, 46000.999999), 9.0, "DAYS_DAYS360"),
    ("DAYS360", (45322.0, 45350.0), 28.0, "DAYS_DAYS360"),
    ("DAYS360", (45658.0, 45688.0, 0.0), 30.0, "DAYS_DAYS360"),
    ("DAYS360", (45323.0, 45352.0), 30.0, "DAYS_DAYS360"),
    ("DAYS360", (45942.0, 46057.0), 112.0, "DAYS_DAYS360"),
    ("DAYS360", ("def", "abc"), E("#VALUE!"), "DAYS_DAYS360"),
    ("DAYS360", (-10.0, -5.0), E("#NUM!"), "DAYS_DAYS360"),
    ("DAYS360", (45658.0, 45688.0, "abc"), E("#VALUE!"), "DAYS_DAYS360"),
    ("EDATE", (32112.0, 82.33), 34608.0, "DATE_DAY_MONTH_YEAR"),
    ("EDATE", (12344.0, 0.0), 12344.0, "DATE_DAY_MONTH_YEAR"),
    ("EDATE", (40558.0, 2.0), 40617.0, "EDATE"),
    ("EDATE", (40558.0, -1.0), 40527.0, "EDATE"),
    ("EDATE", (32111.0, -5.0), 31958.0, "DATE_DAY_MONTH_YEAR"),
    ("EDATE", (32112.0, 82.9), 34608.0, "DATE_DAY_MONTH_YEAR"),
    ("EDATE", (61.0, -7.0), E("#NUM!"), "DATE_DAY_MONTH_YEAR"),
    ("EDATE", (32111.0, E("#DIV/0!")), E("#DIV/0!"), "DATE_DAY_MONTH_YEAR"),
    ("EOMONTH", (44987.0, 7.0), 45230.0, "EOMONTH"),
    ("EOMONTH", (45231.0, 1.0), 45291.0, "EOMONTH"),
    ("EOMONTH", (44987.0, "2"), 45077.0, "EOMONTH"),
    ("EOMONTH", (44987.0, 4.5), 45138.0, "EOMONTH"),
    ("EOMONTH", (44987.0, 0.0), 45016.0, "EOMONTH"),
    ("EOMONTH", (44987.0, 3.0), 45107.0, "EOMONTH"),
    ("EOMONTH", (44987.0, False), E("#VALUE!"), "EOMONTH"),
    ("EOMONTH", (44987.0, True), E("#VALUE!"), "EOMONTH"),
    ("MONTH", (32112.5,), 12.0, "DATE_DAY_MONTH_YEAR"),
    ("MONTH", (32111.0,), 11.0, "DATE_DAY_MONTH_YEAR"),
    ("MONTH", (32113.0,), 12.0, "DATE_DAY_MONTH_YEAR"),
    ("MONTH", (40040.0,), 8.0, "DATE_DAY_MONTH_YEAR"),
    ("MONTH", (4123.0,), 4.0, "MONTH"),
    ("MONTH", (123452.0,), 12.0, "DATE_DAY_MONTH_YEAR"),
    ("MONTH", ("qwerty",), E("#VALUE!"), "DATE_DAY_MONTH_YEAR"),
    ("MONTH", (E("#DIV/0!"),), E("#DIV/0!"), "DATE_DAY_MONTH_YEAR"),
    ("MONTH", (-1.0,), E("#NUM!"), "DATE_DAY_MONTH_YEAR"),
    ("TIME", (14.0, 45.0, 0.0), 0.6145833333333334, "MMULT"),
    ("TIME", (2.0, 30.0, 0.0), 0.10416666666666667, "MROUND_TRUNC_INT"),
    ("TIME", (14.0, 30.0, 0.0), 0.6041666666666666, "FLOOR_CEILING"),
    ("TIME", (14.0, 55.0, 0.0), 0.6215277777777778, "MMULT"),
    ("TIME", (14.0, 12.0, 0.0), 0.5916666666666667, "MMULT"),
    ("TIME", (15.0, 0.0, 0.0), 0.625, "MMULT"),
    ("YEAR", (32112.5,), 1987.0, "DATE_DAY_MONTH_YEAR"),
    ("YEAR", (32111.0,), 1987.0, "DATE_DAY_MONTH_YEAR"),
    ("YEAR", (40305.0,), 2010.0, "YEAR"),
    ("YEAR", (46016.0,), 2025.0, "YEAR"),
    ("YEAR", (2958465.999988426,), 9999.0, "YEAR"),
    ("YEAR", (2958466.0,), E("#NUM!"), "YEAR"),
    ("YEAR", (E("#DIV/0!"),), E("#DIV/0!"), "DATE_DAY_MONTH_YEAR"),
    ("YEAR", (-5.0,), E("#NUM!"), "YEAR"),
    ("YEARFRAC", (40909.0, 41120.0, 3.0), 0.5780821917808219, "YEARFRAC"),
    ("YEARFRAC", (40909.0, 41120.0), 0.5805555555555556, "YEARFRAC"),
    ("YEARFRAC", (40909.0, 41120.0, 1.0), 0.5765027322404371, "YEARFRAC"),
]


@pytest.mark.parametrize(("name", "arguments", "expected", "book"), CASES)
def test_as_excel_saved_it(name: str, arguments: tuple[object, ...], expected: object, book: str) -> None:
    found = call(name, *arguments)
    if isinstance(expected, float):
        assert isinstance(found, float), book
        assert math.isclose(found, expected, rel_tol=1e-11, abs_tol=1e-13), book
    else:
        assert found == expected, book
