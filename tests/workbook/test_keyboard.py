"""What Excel makes of a typed text. Sources: Microsoft, "Enter data manually in worksheet cells" and the pages named there."""

from __future__ import annotations

import datetime

import pytest

import sheetengine

THIS_YEAR = datetime.date.today().year


def serial(year, month, day):
    return float((datetime.date(year, month, day) - datetime.date(1899, 12, 30)).days)


CASES = [
    ("12", 12.0, "General"),
    ("-12.5", -12.5, "General"),
    ("+5", 5.0, "General"),
    ("(5)", -5.0, "General"),
    ("12%", 0.12, "0%"),
    ("12.5%", 0.125, "0.00%"),
    ("1e3", 1000.0, "0.00E+00"),
    ("1,234", 1234.0, "#,##0"),
    ("1,234.5", 1234.5, "#,##0.00"),
    ("$5", 5.0, "$#,##0_);[Red]($#,##0)"),
    ("$1,234.50", 1234.5, "$#,##0.00_);[Red]($#,##0.00)"),
    ("0 3/4", 0.75, "# ?/?"),
    ("1 11/16", 1.6875, "# ??/??"),
    ("3/4", serial(THIS_YEAR, 3, 4), "d-mmm"),
    ("3/4/2021", serial(2021, 3, 4), "m/d/yyyy"),
    ("2021-03-04", serial(2021, 3, 4), "m/d/yyyy"),
    ("4-Mar-2021", serial(2021, 3, 4), "d-mmm-yy"),
    ("March 4, 2021", serial(2021, 3, 4), "d-mmm-yy"),
    ("Mar 2021", serial(2021, 3, 1), "mmm-yy"),
    ("4 Mar", serial(THIS_YEAR, 3, 4), "d-mmm"),
    ("12:30", 12.5 / 24, "h:mm"),
    ("6:00 PM", 0.75, "h:mm AM/PM"),
    ("1:02:03", (3600 + 120 + 3) / 86400, "h:mm:ss"),
    ("25:30:00", 25.5 / 24, "[h]:mm:ss"),
    ("3/4/2021 12:00", serial(2021, 3, 4) + 0.5, "m/d/yyyy h:mm"),
    ("TRUE", True, "General"),
    ("false", False, "General"),
    ("'12", "12", "General"),
    ("'=A1", "=A1", "General"),
    ("text", "text", "General"),
    (" padded ", " padded ", "General"),
    ("31/12/2021", "31/12/2021", "General"),
    ("1-2-3-4", "1-2-3-4", "General"),
    ("12345678901234567", 12345678901234500.0, "General"),
    ("0.12345678901234567", 0.123456789012345, "General"),
]


@pytest.mark.parametrize(("text", "value", "pattern"), CASES, ids=[case[0] for case in CASES])
def test_typed(text, value, pattern):
    ws = sheetengine.Workbook()["Sheet1"]
    ws.enter("A1", text)
    cell = ws["A1"]
    assert (cell.value, type(cell.value), cell.number_format) == (value, type(value), pattern)


@pytest.mark.parametrize(("text", "formula"), [("=B1+1", "=B1+1"), ("-B1", "=-B1"), ("+B1*2", "=+B1*2"), ("@SUM(B1)", "=SUM(B1)")])
def test_typed_formulas(text, formula):
    ws = sheetengine.Workbook()["Sheet1"]
    ws["B1"] = 4
    ws.enter("A1", text)
    assert ws["A1"].formula == formula


def test_an_error_and_an_empty_text():
    ws = sheetengine.Workbook()["Sheet1"]
    ws.enter("A1", "#n/a")
    assert ws["A1"].value == sheetengine.CellError("#N/A")
    ws.enter("A1", "")
    assert ws["A1"].value is None


def test_the_format_of_the_cell_has_its_say():
    ws = sheetengine.Workbook()["Sheet1"]
    ws["A1"].number_format = "@"
    ws.enter("A1", "=1+1")
    assert (ws["A1"].value, ws["A1"].formula) == ("=1+1", None)
    ws["A2:A3"].number_format = "0.0%"
    ws.enter("A2", "12")
    ws.enter("A3", "0.12")
    assert (ws["A2"].value, ws["A3"].value, ws["A2"].text) == (0.12, 0.12, "12.0%")
    ws["A4"].number_format = "0.00"
    ws.enter("A4", "3/4/2021")
    assert (ws["A4"].value, ws["A4"].number_format) == (44259.0, "0.00")


def test_typing_is_one_edit_that_is_taken_back():
    wb = sheetengine.Workbook()
    ws = wb["Sheet1"]
    ws.enter("A1", "12%")
    wb.undo()
    assert (ws["A1"].value, ws["A1"].number_format) == (None, "General")


def test_what_is_no_formula_leaves_the_cell_as_it_was():
    ws = sheetengine.Workbook()["Sheet1"]
    ws["A1"] = 7
    with pytest.raises(sheetengine.FormulaSyntaxError):
        ws.enter("A1", "-(")
    assert ws["A1"].value == 7.0
