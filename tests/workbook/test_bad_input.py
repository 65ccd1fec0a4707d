"""What a caller may get wrong: each an exception that names the place, the workbook as it was."""

from __future__ import annotations

import datetime
import decimal
import fractions
import io
import zipfile
from contextlib import contextmanager, suppress

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

import sheetengine
from sheetengine import FileFormatError, FormulaSyntaxError, SheetEngineError, UnknownReference, ValueRefused
from tests.needs import PROJECT


def _book():
    workbook = sheetengine.Workbook()
    sheet = workbook["Sheet1"]
    sheet["A1:A3"] = [[1], [2], [3]]
    sheet["B1:B3"] = "=A1*2"
    sheet["C1"] = "=SUM(B1:B3)"
    workbook.names["rate"] = "=Sheet1!$A$1"
    return workbook


def _state(workbook):
    used = workbook["Sheet1"].used_range
    return workbook.sheet_names, dict(workbook.names), used.address, used.value, used.formulas


@contextmanager
def _untouched(workbook):
    before = _state(workbook)
    yield
    assert _state(workbook) == before
    assert not workbook.redo(), "nothing to do again"


# -- formulas ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("=1+", 1, 4),
        ("=SUM(1,2", 1, 9),
        ("=)", 1, 2),
        ("=1 2", 1, 4),
        ("=A1:", 1, 5),
        ('="abc', 1, 2),
        ("=\n\n1+*2", 3, 3),
        ("={1,2;3}", 1, 2),
    ],
)
@pytest.mark.parametrize("place", ["A1", "D4", "B1:B3", "D1:E9"])
def test_a_syntax_error_says_where(text, line, column, place):
    workbook = _book()
    with _untouched(workbook), pytest.raises(FormulaSyntaxError) as caught:
        workbook["Sheet1"][place] = text
    assert caught.value.line == line
    assert abs(caught.value.column - column) <= 1
    assert "^" in str(caught.value)
    assert f"for cell Sheet1!{place.partition(':')[0]}, which is as it was" in caught.value.__notes__


def test_one_wrong_formula_among_many_values_changes_none():
    workbook = _book()
    with _untouched(workbook), pytest.raises(FormulaSyntaxError) as caught:
        workbook["Sheet1"]["A1:C2"] = [[9, 9, "=A1"], [9, "=SUM(", 9]]
    assert "for cell Sheet1!B2, which is as it was" in caught.value.__notes__


def test_a_batch_with_a_wrong_formula_changes_nothing():
    workbook = _book()

    def edits():
        with workbook.batch():
            workbook["Sheet1"]["A1"] = 100
            workbook.names["rate"] = 5
            workbook["Sheet1"]["D1"] = "=1+"

    with _untouched(workbook), pytest.raises(FormulaSyntaxError):
        edits()


@given(st.text(max_size=30))
def test_any_text_behind_an_equals_sign_is_a_formula_or_a_syntax_error(text):
    workbook = sheetengine.Workbook()
    try:
        workbook["Sheet1"]["A1"] = "=" + text
    except (FormulaSyntaxError, ValueRefused):
        assert workbook["Sheet1"]["A1"].value is None
        assert workbook["Sheet1"]["A1"].formula is None


@pytest.mark.parametrize("text", ["=Costs!A1", "=nosuch+1", "=NOSUCH(1)", "=SUM(Costs!A1:B2)", "='My sheet'!A1"])
def test_a_formula_of_what_does_not_exist_is_accepted_and_heals(text):
    workbook = _book()
    sheet = workbook["Sheet1"]
    sheet["D1"] = text
    assert str(sheet["D1"].value) in ("#NAME?", "#REF!")
    assert sheet["D1"].value.message
    for name in ("Costs", "My sheet"):
        workbook.add_sheet(name)["A1"] = 5
    workbook.names["nosuch"] = 5
    workbook.define("NOSUCH", lambda x: x + 4)
    assert sheet["D1"].value in (5.0, 6.0)


# -- places ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address", ["XFE1", "A1048577", "A0", "A1:XFE2", "", "1", "A", "A1:", "A-1", "R1C1x", "A1:B2:C3", "Sheet1!A1", "nosuch"]
)
def test_addresses_that_are_none(address):
    workbook = _book()
    sheet = workbook["Sheet1"]
    with _untouched(workbook):
        with pytest.raises(UnknownReference):
            sheet[address]
        with pytest.raises(UnknownReference):
            sheet[address] = 1


def test_places_off_the_grid_name_the_grid():
    workbook = _book()
    sheet = workbook["Sheet1"]
    for wrong in (lambda: sheet["XFE1"], lambda: sheet.cell(0, 1), lambda: sheet.cell(1, 16_385), lambda: sheet["A1"].offset(-1, 0)):
        with pytest.raises(UnknownReference, match="off the grid"):
            wrong()


def test_sheets_that_are_none_name_those_there_are():
    workbook = _book()
    with _untouched(workbook), pytest.raises(UnknownReference, match="there is no sheet 'Costs'; this workbook has 'Sheet1'"):
        workbook["Costs"]
    for key in (1, None, ("Sheet1", "A1")):
        with pytest.raises(UnknownReference):
            workbook[key]
    with pytest.raises(UnknownReference, match="no sheet 'Costs'"):
        workbook.range("Costs!A1")
    with pytest.raises(UnknownReference, match="no name 'nosuch'"):
        workbook.names["nosuch"]
    with pytest.raises(UnknownReference):
        del workbook.names["nosuch"]


@pytest.mark.parametrize("name", ["A1", "R1C1", "1st", "a b", "", "x" * 256, "TRUE", "a+b", "R", "c"])
def test_names_that_no_name_can_be(name):
    workbook = _book()
    with _untouched(workbook), pytest.raises(ValueRefused):
        workbook.names[name] = 1


def test_names_of_formulas_that_do_not_parse():
    workbook = _book()
    with _untouched(workbook), pytest.raises(FormulaSyntaxError):
        workbook.names["rate"] = "=1+"


@pytest.mark.parametrize("name", ["", "x" * 32, "a/b", "a:b", "a[b", "'a", "a'", "Sheet1", "SHEET1"])
def test_sheet_names_that_no_sheet_can_have(name):
    workbook = _book()
    with _untouched(workbook), pytest.raises(ValueRefused):
        workbook.add_sheet(name)


# -- values ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        float("nan"), float("inf"), -float("inf"), np.float64("nan"), np.float32("inf"), np.array(np.nan), decimal.Decimal("NaN"),
        decimal.Decimal("Infinity"), decimal.Decimal("1e400"), fractions.Fraction(10**400), 10**400, 1j, np.complex128(1j), object(),
        b"bytes", {1: 2}, {1}, len, "x" * 32_768, datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC), datetime.date(1899, 1, 1),
    ],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_values_that_no_cell_can_hold(value):
    workbook = _book()
    for place in ("A1", "D1", "A1:B2"):
        with _untouched(workbook), pytest.raises(ValueRefused):
            workbook["Sheet1"][place] = value
    with _untouched(workbook), pytest.raises(ValueRefused):
        workbook["Sheet1"]["A1:B1"] = [1, value]


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_an_array_with_a_value_that_no_cell_can_hold_says_where(dtype):
    workbook = _book()
    plane = np.ones((3, 4), dtype)
    plane[1, 2] = np.nan
    with _untouched(workbook), pytest.raises(ValueRefused, match="row 2, column 3 of the array"):
        workbook["Sheet1"]["A1:D3"] = plane


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        (decimal.Decimal("0.1"), 0.1), (fractions.Fraction(1, 4), 0.25), (np.float32(0.5), 0.5), (np.int64(7), 7.0), (np.uint8(255), 255.0),
        (np.bool_(True), True), (np.str_("text"), "text"), (np.array(3), 3.0), (True, True), (10**15, 1e15), (-0.0, 0.0), (5e-324, 0.0),
        (datetime.date(2024, 1, 31), 45322.0), (datetime.datetime(2024, 1, 31, 12), 45322.5), (datetime.time(6), 0.25),
        (datetime.timedelta(hours=36), 1.5), (np.datetime64("2024-01-31"), 45322.0), (np.timedelta64(12, "h"), 0.5), (pd.Timestamp("2024-01-31"), 45322.0),
        (np.datetime64("NaT"), None), (pd.NA, None), (pd.NaT, None), (None, None),
    ],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_values_are_converted_never_stored_as_they_are(value, stored):
    workbook = sheetengine.Workbook()
    workbook["Sheet1"]["B2"] = value
    found = workbook["Sheet1"]["B2"].value
    assert found == stored
    assert type(found) is type(stored)
    assert str(found) != "-0.0"


def test_a_date_brings_its_format_to_a_plain_cell_alone():
    sheet = sheetengine.Workbook()["Sheet1"]
    sheet["A1"] = datetime.date(2024, 1, 31)
    assert sheet["A1"].text == "2024-01-31"
    sheet["A2"].number_format = "d.m.yy"
    sheet["A2"] = datetime.date(2024, 1, 31)
    assert sheet["A2"].text == "31.1.24"


@pytest.mark.parametrize("value", [[[1, 2]], [[1], [2], [3]], [1, 2, 3], np.ones((2, 3)), np.ones((1, 2, 2)), [[1, 2], [3]], [], [[]]])
def test_values_of_another_size_than_the_range(value):
    workbook = _book()
    with _untouched(workbook), pytest.raises(ValueRefused):
        workbook["Sheet1"]["A1:B2"] = value


def test_a_number_format_that_is_none():
    workbook = _book()
    with _untouched(workbook), pytest.raises(ValueRefused, match="is no number format"):
        workbook["Sheet1"]["A1"].number_format = '0"'


# -- files -------------------------------------------------------------------------------------------------------------

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096)


def _archive():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        package.writestr("letter.txt", "not a workbook")
    return packed.getvalue()


WORKBOOK = (PROJECT / "workbooks" / "digits.xlsx").read_bytes()
NO_WORKBOOKS = {
    "empty": b"",
    "text": b"a,b\n1,2\n",
    "xls or encrypted": OLE,
    "an archive": _archive(),
    "cut in half": WORKBOOK[: len(WORKBOOK) // 2],
    "cut at its end": WORKBOOK[:-10],
    "its head alone": WORKBOOK[:4],
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(100),
}


@pytest.mark.parametrize("what", NO_WORKBOOKS)
def test_files_that_are_no_workbooks(what, tmp_path):
    content = NO_WORKBOOKS[what]
    path = tmp_path / "book.xlsx"
    path.write_bytes(content)
    for source in (content, io.BytesIO(content), path, str(path)):
        with pytest.raises(FileFormatError) as caught:
            sheetengine.open(source)
        if isinstance(source, str):
            assert source in str(caught.value)
    assert path.read_bytes() == content


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(FileNotFoundError):
        sheetengine.open(tmp_path / "none.xlsx")


@given(st.integers(0, len(WORKBOOK) - 1), st.integers(1, 255))
def test_a_flipped_byte_is_read_or_refused(place, flip):
    """Never another exception."""
    broken = bytearray(WORKBOOK)
    broken[place] ^= flip
    with suppress(SheetEngineError):
        sheetengine.open(bytes(broken))
