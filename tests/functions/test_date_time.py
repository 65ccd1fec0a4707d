"""Dates and times: values of Microsoft's pages, calendars, edges, arrays, and the vector forms against the bodies."""

from __future__ import annotations

import datetime
import math

import numpy as np
import pytest

from sheetengine.functions.call import invoke
from sheetengine.functions.library import find
from sheetengine.grid import Grid
from sheetengine.values import MISSING, Area, CellError, Reference
from tests.functions.fake import FakeContext, call

E = CellError

# Microsoft's page of the function, unless a remark says otherwise.
CASES: list[tuple[str, tuple[object, ...], object]] = [
    ("DATE", (2008, 1, 35), 39482.0),
    ("DATE", (108, 1, 2), 39449.0),
    ("DATE", (1900, 1, 0), 0.0),  # the day before the first
    ("DATE", (10000, 1, 1), E("#NUM!")),
    ("DATE", (-1, 1, 1), E("#NUM!")),
    ("DATE", (2024.9, 2.9, 29.9), 45351.0),  # arguments are cut off
    ("YEAR", (2958465.0,), 9999.0),
    ("DAY", (59.0,), 28.0),
    ("MONTH", (61.0,), 3.0),
    ("MONTH", (-1.0,), E("#NUM!")),
    ("DAY", (None,), 0.0),
    ("HOUR", (0.999999999,), 0.0),  # half a second short of midnight counts as midnight
    ("SECOND", (0.4 / 86400,), 0.0),
    ("SECOND", (0.6 / 86400,), 1.0),
    ("MINUTE", ("16:50:30",), 50.0),
    ("SECOND", (-0.1,), E("#NUM!")),
    ("TIME", (0, 0, 2000), 0.023148148148148147),
    ("TIME", (32768, 0, 0), E("#NUM!")),
    ("TIME", (1, -30, 0), 30 / 1440),
    ("TIMEVALUE", ("x",), E("#VALUE!")),
    ("TIMEVALUE", ("8/22/2011",), 0.0),
    ("DATEVALUE", ("Wednesday, December 3, 2014",), 41976.0),
    ("DATEVALUE", (40000.0,), E("#VALUE!")),
    ("DATEVALUE", ("5-JUL",), 45112.0),  # the year of the context's clock, 2023
    ("EDATE", ("31-Jan-2020", 1), 43890.0),  # 29 February 2020
    ("EDATE", (45000.0, True), E("#VALUE!")),
    ("EDATE", (1.0, -1), E("#NUM!")),
    ("EOMONTH", ("15-Jan-2024", 1), 45351.0),
    ("EOMONTH", (2958465.0, 1), E("#NUM!")),
    ("DAYS", (45292.9, 45291.1), 1.0),
    ("DAYS360", (42369.0, 42429.0), 59.0),  # 31 December 2015 to 29 February 2016
    ("DATEDIF", ("1/1/2001", "1/1/2003", "y"), 2.0),
    ("DATEDIF", ("1/31/2019", "3/1/2019", "MD"), -2.0),  # the page's "negative number"
    ("DATEDIF", ("1/1/2003", "1/1/2001", "Y"), E("#NUM!")),
    ("DATEDIF", ("1/1/2001", "1/1/2003", "Q"), E("#NUM!")),
    ("YEARFRAC", (39448.0, 39813.0, 1), 365 / 366),
    ("YEARFRAC", (39813.0, 39448.0, 1), 365 / 366),  # either way round
    ("YEARFRAC", (39448.0, 39813.0, 5), E("#NUM!")),
    ("YEARFRAC", (39448.0, True), E("#VALUE!")),
    ("WEEKDAY", (39492.0, 14), 1.0),  # Thursday begins the week
    ("WEEKDAY", (39492.0, 4), E("#NUM!")),
    ("WEEKDAY", (60.0,), 4.0),  # the false leap day was a Wednesday
    ("WEEKNUM", (44197.0,), 1.0),
    ("WEEKNUM", (44197.0, 21), 53.0),  # ISO 8601: 1 January 2021 is in week 53
    ("WEEKNUM", (44199.0, 11), 1.0),
    ("WEEKNUM", (44200.0, 11), 2.0),
    ("WEEKNUM", (44197.0, 3), E("#NUM!")),
    ("ISOWEEKNUM", (42370.0,), 53.0),  # 1 January 2016
    ("ISOWEEKNUM", (43830.0,), 1.0),  # 31 December 2019
    ("ISOWEEKNUM", (-1.0,), E("#NUM!")),
    ("NETWORKDAYS", (45297.0, 45298.0), 0.0),  # a weekend
    ("NETWORKDAYS", (41334.0, 41183.0), -110.0),
    ("NETWORKDAYS", (41183.0, 41334.0, "x"), E("#VALUE!")),
    ("NETWORKDAYS.INTL", (45292.0, 45298.0, "1111111"), 0.0),
    ("NETWORKDAYS.INTL", (45292.0, 45298.0, 18), E("#NUM!")),
    ("NETWORKDAYS.INTL", (45292.0, 45298.0, "00000x0"), E("#VALUE!")),
    ("WORKDAY", (45297.0, 1), 45299.0),  # Saturday to Monday
    ("WORKDAY", (45297.0, -1), 45296.0),  # Saturday to Friday
    ("WORKDAY", (45297.0, 0), 45297.0),
    ("WORKDAY", (1.0, -5), E("#NUM!")),
    ("WORKDAY.INTL", (40909.0, 30, 0), E("#NUM!")),
    ("WORKDAY.INTL", (45292.0, 1, "1111111"), E("#VALUE!")),
    ("NOW", (), 45000.25),
    ("TODAY", (), 45000.0),
]


@pytest.mark.parametrize(("name", "arguments", "expected"), CASES)
def test_values(name: str, arguments: tuple[object, ...], expected: object) -> None:
    found = call(name, *arguments)
    if isinstance(expected, float) and isinstance(found, float):
        assert math.isclose(found, expected, rel_tol=1e-14, abs_tol=1e-15)
    else:
        assert found == expected


def test_the_1904_calendar() -> None:
    context = FakeContext(date1904=True)
    assert call("DATE", 1904, 1, 1, context=context) == 0.0
    assert call("DATE", 2024, 1, 1, context=context) == 45292.0 - 1462.0
    # Microsoft, KB 175753: years before 1904, written in full or not, are #NUM!
    assert call("DATE", 4, 3, 31, context=context) == 90.0
    assert [call("DATE", year, 7, 5, context=context) for year in (0, 1, 3, 1900, 1903)] == [E("#NUM!")] * 5
    assert call("YEAR", 43830.0, context=context) == 2024.0
    assert call("WEEKDAY", 0.0, context=context) == 6.0  # 1 January 1904 was a Friday
    assert call("EOMONTH", 0.0, 0, context=context) == 30.0
    assert call("DAY", 2957004.0, context=context) == E("#NUM!")
    assert call("NETWORKDAYS", 43830.0, 43836.0, context=context) == 5.0
    assert call("DATEVALUE", "1/1/2024", context=context) == 43830.0


def test_every_day_of_a_century_agrees_with_python() -> None:
    epoch = datetime.date(1899, 12, 30)
    for serial in range(61, 36526, 97):
        day = epoch + datetime.timedelta(days=serial)
        assert call("DATE", day.year, day.month, day.day) == serial
        assert (call("YEAR", serial), call("MONTH", serial), call("DAY", serial)) == (day.year, day.month, day.day)
        assert call("ISOWEEKNUM", serial) == day.isocalendar().week
        assert call("WEEKDAY", serial, 2) == day.isoweekday()


def test_workdays_are_counted_back() -> None:
    for distance in range(1, 40):
        reached = call("WORKDAY", 45292.0, distance)
        assert call("NETWORKDAYS", 45293.0, reached) == distance


def test_holidays_in_a_range_are_kept_in_its_memo() -> None:
    context = FakeContext({(0, 0): 45293.0, (1, 0): "1/3/2024", (3, 0): None})
    assert call("NETWORKDAYS", 45292.0, 45296.0, Reference((Area(0, 0, 0, 3, 0),)), context=context) == 3.0
    grid = Grid.from_rows([[45293.0], [45294.0]])
    grid.memo = {}
    assert call("NETWORKDAYS", 45292.0, 45296.0, grid) == 3.0
    assert "holidays" in grid.memo
    assert call("NETWORKDAYS", 45292.0, 45296.0, grid) == 3.0


def test_arrays_pad_and_errors_keep_their_place() -> None:
    found = call("YEAR", Grid.from_rows([[45292.0, "x", E("#N/A")]]))
    assert isinstance(found, Grid)
    assert found.rows() == [[2024.0, E("#VALUE!"), E("#N/A")]]
    grown = call("DATE", Grid.from_rows([[2023.0], [2024.0]]), Grid.from_rows([[1.0, 2.0, 3.0]]), 1)
    assert isinstance(grown, Grid)
    assert grown.shape == (2, 3)


POOL: list[object] = [
    0.0,
    1.0,
    59.0,
    60.0,
    61.0,
    -1.0,
    45292.0,
    45292.999999,
    2958465.5,
    1e9,
    -1e15,
    3.0,
    2.0,
    11.0,
    21.0,
    "2024-02-29",
    "x",
    True,
    None,
]
VECTORS = [
    "DATE", "DATEDIF", "DAY", "DAYS", "DAYS360", "EDATE", "EOMONTH", "HOUR", "ISOWEEKNUM", "MINUTE", "MONTH", "NETWORKDAYS",
    "NETWORKDAYS.INTL", "SECOND", "TIME", "WEEKDAY", "WEEKNUM", "WORKDAY", "WORKDAY.INTL", "YEAR", "YEARFRAC",
]  # fmt: skip


@pytest.mark.parametrize("name", VECTORS)
@pytest.mark.parametrize("date1904", [False, True])
def test_vector_forms_equal_the_bodies(name: str, date1904: bool) -> None:
    spec = find(name)
    assert spec is not None
    assert spec.vector is not None
    generator = np.random.default_rng(3)
    context = FakeContext(date1904=date1904)
    count = min(spec.signature.most, 3)
    columns = [[POOL[int(place)] for place in generator.integers(0, len(POOL), 60)] for _ in range(count)]
    arguments: list[object] = [Grid.from_flat(column, (60, 1)) for column in columns]  # type: ignore[arg-type]
    if name in ("NETWORKDAYS", "WORKDAY"):
        arguments = [*arguments[:2], MISSING]
    found = invoke(spec, arguments, context)
    assert isinstance(found, Grid)
    for row in range(60):
        lanes = [argument.item(row, 0) if isinstance(argument, Grid) else argument for argument in arguments]
        one = invoke(spec, lanes, context)
        assert found.item(row, 0) == (float(one) if isinstance(one, int | float) else one)


SPANS: list[tuple[str, list[object]]] = [
    ("DATEDIF", ["D", "M", "Y", "YM", "MD", "YD", "Q"]),
    ("DAYS360", [False, True]),
    ("YEARFRAC", [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]),
    ("WEEKNUM", [1.0, 2.0, 3.0, 11.0, 16.0, 17.0, 21.0]),
]


@pytest.mark.parametrize(("name", "kinds"), SPANS)
@pytest.mark.parametrize("date1904", [False, True])
def test_vector_forms_of_spans_equal_the_bodies(name: str, kinds: list[object], date1904: bool) -> None:
    spec = find(name)
    assert spec is not None
    generator = np.random.default_rng(9)
    # Ends of months and leap days are where the rules differ: half of the days are drawn from around them.
    edges = np.array(
        [0, 1, 31, 58, 59, 60, 61, 366, 1461, 36525, 36584, 36585, 36586, 43889, 43890, 43891, 44255, 44256, 45350, 45351, 45352, 2957003]
    )
    days = np.concatenate([edges, generator.integers(0, 60000, 60)]).astype(float)
    starts, ends = generator.choice(days, 400), generator.choice(days, 400)
    context = FakeContext(date1904=date1904)
    for kind in kinds:
        arguments: list[object] = [Grid(starts.reshape(-1, 1)), Grid(ends.reshape(-1, 1)), kind]
        if name == "WEEKNUM":
            del arguments[1]
        found = invoke(spec, arguments, context)
        assert isinstance(found, Grid)
        for row in range(400):
            lanes = [argument.item(row, 0) if isinstance(argument, Grid) else argument for argument in arguments]
            assert found.item(row, 0) == invoke(spec, lanes, context), lanes
