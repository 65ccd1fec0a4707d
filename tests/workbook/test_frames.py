"""Ranges to and from numpy, pandas, polars and Arrow."""

from __future__ import annotations

import datetime
import decimal
import sys

import numpy as np
import pandas
import polars
import pyarrow
import pytest

import sheetengine

DAY = datetime.datetime(2024, 1, 31)
HEAD = ["name", "size", "good", "day", "gap"]
ROWS = [["ash", 1.5, True, DAY, 1.0], ["=oak", 2.0, False, DAY + datetime.timedelta(hours=12), None], ["elm", -3.0, True, DAY, 3.0]]


@pytest.fixture
def ws():
    sheet = sheetengine.Workbook()["Sheet1"]
    sheet["A1:E1"] = [HEAD]
    sheet["A2:E4"] = [[value if value != "=oak" else None for value in row] for row in ROWS]
    sheet["A3"] = '="="&"oak"'
    return sheet


def test_to_pandas(ws):
    frame = ws["A1:E4"].to_pandas(header=True)
    assert list(frame.columns) == HEAD
    assert [frame[name].dtype.kind for name in HEAD[1:]] == ["f", "b", "M", "f"]
    assert frame["name"].tolist() == ["ash", "=oak", "elm"]
    assert frame["day"].tolist() == [pandas.Timestamp(row[3]) for row in ROWS]
    assert frame["gap"].isna().tolist() == [False, True, False]
    plain = ws["B2:B4"].to_pandas(header=False)
    assert plain[0].tolist() == [1.5, 2.0, -3.0]


def test_to_polars_and_arrow(ws):
    frame = ws["A1:E4"].to_polars()
    assert frame.schema == {
        "name": polars.String, "size": polars.Float64, "good": polars.Boolean, "day": polars.Datetime("us"), "gap": polars.Float64,
    }  # fmt: skip
    assert frame["gap"].to_list() == [1.0, None, 3.0]
    assert frame["day"].to_list() == [row[3] for row in ROWS]
    table = ws["A1:E4"].to_arrow()
    assert table.column_names == HEAD
    assert table.column("gap").to_pylist() == [1.0, None, 3.0]
    assert table.column("name").to_pylist() == ["ash", "=oak", "elm"]


def test_columns_of_several_kinds_and_errors(ws):
    ws["B2"] = "text"
    ws["B3"] = "=1/0"
    assert ws["A1:B4"].to_pandas()["size"].tolist() == ["text", sheetengine.CellError("#DIV/0!"), -3.0]
    assert ws["A1:B4"].to_polars()["size"].to_list() == ["text", None, "-3"]
    assert ws["A1:B4"].to_arrow().column("size").to_pylist() == ["text", None, "-3"]


def test_names_are_made_unique(ws):
    ws["A1:E1"] = [["a", "a", None, 3, "a"]]
    assert ws["A1:E4"].to_polars().columns == ["a", "a_2", "column_3", "3", "a_3"]


@pytest.mark.parametrize("make", [pandas.DataFrame, polars.DataFrame, lambda data: pyarrow.table(data)], ids=["pandas", "polars", "arrow"])
@pytest.mark.parametrize("at", ["A1", "A1:E4"])
def test_a_table_fills_a_range_and_comes_back(make, at):
    columns = dict(zip(HEAD, map(list, zip(*ROWS, strict=True)), strict=True))
    ws = sheetengine.Workbook()["Sheet1"]
    ws[at] = make(columns)
    assert ws["A1:E1"].value == [HEAD]
    assert ws["A3"].formula is None
    assert ws["A3"].value == "=oak"
    assert ws["E3"].value is None
    assert ws["D2"].number_format.startswith("yyyy-mm-dd")
    assert ws["A1:E4"].to_polars().rows() == [tuple(row) for row in ROWS]


def test_values_alone_and_wrong_sizes():
    frame = pandas.DataFrame({"a": [1, 2], "b": [3.5, np.nan]})
    ws = sheetengine.Workbook()["Sheet1"]
    ws["B2:C3"] = frame
    assert ws["B2:C3"].value == [[1.0, 3.5], [2.0, None]]
    with pytest.raises(sheetengine.ValueRefused, match="rows"):
        ws["A1:B9"] = frame
    with pytest.raises(sheetengine.ValueRefused, match="infinity"):
        ws["A1"] = pandas.DataFrame({"a": [np.inf]})
    assert ws["B2"].value == 1.0
    ws.workbook.undo()
    assert ws["B2"].value is None


def test_nullable_and_odd_types():
    frame = pandas.DataFrame(
        {"n": pandas.array([1, None], "Int64"), "c": pandas.Categorical(["x", None]), "b": pandas.array([True, None], "boolean")}
    )
    ws = sheetengine.Workbook()["Sheet1"]
    ws["A1"] = frame
    assert ws["A2:C3"].value == [[1.0, "x", True], [None, None, None]]
    with pytest.raises(sheetengine.ValueRefused, match="time zone"):
        ws["A1"] = pandas.DataFrame({"t": pandas.to_datetime(["2024-01-01"]).tz_localize("UTC")})


def test_the_days_around_the_day_that_never_was():
    days = [datetime.datetime(1900, 1, 1), datetime.datetime(1900, 2, 28), datetime.datetime(1900, 3, 1)]
    ws = sheetengine.Workbook()["Sheet1"]
    ws["A1"] = polars.DataFrame({"d": days})
    assert ws["A2:A4"].value == [[1.0], [59.0], [61.0]]
    assert ws["A1:A4"].to_polars()["d"].to_list() == days


def test_a_library_that_is_not_there_is_named(ws, monkeypatch):
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(sheetengine.MissingDependency, match=r"sheetengine\[frames\]"):
        ws["A1:E4"].to_polars()


def test_no_loop_over_cells():
    """A million numbers in and out in a time that a loop would take for a tenth of them."""
    import time

    numbers = np.arange(1_000_000.0)
    ws = sheetengine.Workbook()["Sheet1"]
    began = time.process_time()
    ws["A1"] = polars.DataFrame({"n": numbers})
    back = ws["A1:A1000001"].to_polars()["n"].to_numpy()
    assert time.process_time() - began < 1.0
    assert np.array_equal(back, numbers)


@pytest.mark.parametrize("dtype", ["float64", "object", "Float64"])
def test_a_gap_in_a_frame_is_a_blank_and_a_nan_alone_is_refused(dtype):
    ws = sheetengine.Workbook()["Sheet1"]
    column = pandas.Series([1.5, None if dtype == "Float64" else float("nan"), 3.0], dtype=dtype)
    ws["A1"] = pandas.DataFrame({"a": column, "b": ["x", None, float("nan")]})
    assert ws["A1:B4"].value == [["a", "b"], [1.5, "x"], [None, None], [3.0, None]]
    ws["C1:C3"] = column
    assert ws["C1:C3"].value == [[1.5], [None], [3.0]]
    for value in (float("nan"), np.float64("nan"), [[float("nan")]], np.array([[float("nan")]]), np.array([[float("nan")]], object)):
        with pytest.raises(sheetengine.ValueRefused, match="nan"):
            ws["D1"] = value
    for missing in (pandas.NA, pandas.NaT, None):
        ws["D1"] = 1
        ws["D1"] = missing
        assert ws["D1"].value is None


@pytest.mark.parametrize("make", [pandas.DataFrame, polars.DataFrame, lambda data: pyarrow.table(data)], ids=["pandas", "polars", "arrow"])
def test_times_and_durations_come_back(make):
    """[h]:mm is a duration, h:mm shorter than a day a time; neither is a moment of the year 1899."""
    times = [datetime.time(1, 2, 3), datetime.time(23, 59)]
    durations = [datetime.timedelta(hours=30), datetime.timedelta(minutes=-5)]
    ws = sheetengine.Workbook()["Sheet1"]
    ws["A1"] = make({"time": times, "duration": durations})
    assert [ws[place].number_format for place in ("A2", "B3")] == ["h:mm:ss", "[h]:mm:ss"]
    ws["A4:B4"] = [[None, None]]
    assert ws["A1:B4"].to_polars().rows() == [*zip(times, durations, strict=True), (None, None)]
    assert ws["A1:B4"].to_arrow().to_pydict() == {"time": [*times, None], "duration": [*durations, None]}
    frame = ws["A1:B4"].to_pandas()
    assert frame["time"].tolist() == [*times, pandas.NaT]
    assert frame["duration"].dtype.kind == "m"
    assert frame["duration"].tolist()[:2] == durations
    assert frame["duration"].isna().tolist() == [False, False, True]
    ws["A2"] = 1.5
    assert ws["A1:A3"].to_polars()["time"].to_list()[0] == datetime.datetime(1900, 1, 1, 12)


def test_a_column_of_dates_and_times_has_the_format_of_each():
    ws = sheetengine.Workbook()["Sheet1"]
    ws["A1"] = pandas.DataFrame({"t": [datetime.time(1, 2), None, datetime.date(2024, 1, 1), 5]})
    assert [ws.cell(row, 1).number_format for row in range(2, 6)] == ["h:mm:ss", "General", "yyyy-mm-dd", "General"]
    ws["C1"] = pandas.DataFrame({"t": [datetime.date(2024, 1, 1), None]})
    assert [ws.cell(row, 3).number_format for row in range(2, 4)] == ["yyyy-mm-dd", "yyyy-mm-dd"]


@pytest.mark.parametrize(
    "table", [pandas.DataFrame({"a": [], "b": []}), polars.DataFrame({"a": [], "b": []}), pyarrow.table({"a": [], "b": []})],
    ids=["pandas", "polars", "arrow"],
)  # fmt: skip
def test_a_table_without_rows_is_its_header(table):
    """What a query without results gives."""
    ws = sheetengine.Workbook()["Sheet1"]
    ws["A1"] = table
    assert str(ws.used_range.address).replace("$", "") == "Sheet1!A1:B1"
    assert ws["A1:B1"].value == [["a", "b"]]
    with pytest.raises(sheetengine.ValueRefused, match="without columns"):
        ws["A1"] = pandas.DataFrame()


@pytest.mark.parametrize(
    ("values", "what"),
    [
        ([1.0, float("inf")], "column 'x' of the table, row 2: a cell cannot hold infinity"),
        ([None, [1]], "column 'x' of the table, row 2: a cell holds a number, text"),
        (["a", "b" * 32768], "column 'x' of the table, row 2: a cell holds at most 32,767 characters"),
        (["a", None, "\ud800"], "column 'x' of the table, row 3: .* lone surrogate"),
        ([pandas.Timestamp("1850-01-01")], "column 'x' of the table, row 1: 1850"),
    ],
)
def test_what_a_cell_cannot_hold_is_refused_by_column_and_row(values, what):
    ws = sheetengine.Workbook()["Sheet1"]
    with pytest.raises(sheetengine.ValueRefused, match=what):
        ws["A1"] = pandas.DataFrame({"fine": range(len(values)), "x": pandas.Series(values, dtype=object if None in values else None)})
    assert ws.used_range is None


def test_decimals_and_masked_arrays_have_gaps():
    ws = sheetengine.Workbook()["Sheet1"]
    ws["A1"] = pandas.DataFrame({"d": [decimal.Decimal("1.10"), decimal.Decimal("NaN"), None]})
    assert ws["A2:A4"].value == [[1.1], [None], [None]]
    ws["C1:D2"] = np.ma.array([[1, 2], [3, 4]], mask=[[0, 1], [0, 0]])
    assert ws["C1:D2"].value == [[1.0, None], [3.0, 4.0]]
    with pytest.raises(sheetengine.ValueRefused, match="empty array, of 0 by 3"):
        ws["E1"] = np.zeros((0, 3))
