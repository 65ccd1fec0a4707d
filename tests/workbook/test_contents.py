"""Copies, fills, series, find and replace."""

from __future__ import annotations

import datetime

import pytest

import sheetengine
from sheetengine import Workbook
from sheetengine.workbook.autofill import continued, stepped


@pytest.mark.parametrize(
    ("start", "behind"),
    [
        ([5.0], [5.0, 5.0, 5.0]),
        ([1.0, 2.0], [3.0, 4.0, 5.0]),
        ([0.1, 0.2], [0.3, 0.4, 0.5]),
        ([10.0, 7.0], [4.0, 1.0, -2.0]),
        ([1.0, 2.0, 4.0], [5.33333333333333, 6.83333333333333, 8.33333333333333]),
        (["Item 1"], ["Item 2", "Item 3", "Item 4"]),
        (["Item 08"], ["Item 09", "Item 10", "Item 11"]),
        (["a1", "a3"], ["a5", "a7", "a9"]),
        (["Q3"], ["Q4", "Q1", "Q2"]),
        (["1st place"], ["2nd place", "3rd place", "4th place"]),
        (["Fri"], ["Sat", "Sun", "Mon"]),
        (["NOVEMBER"], ["DECEMBER", "JANUARY", "FEBRUARY"]),
        (["Jan", "Apr"], ["Jul", "Oct", "Jan"]),
        (["x", "y"], ["x", "y", "x"]),
        ([1.0, "a", 3.0, None], [5.0, "a", 7.0, None, 9.0]),
        ([True, None], [True, None, True]),
        (["a1", "b1"], ["a2", "b2", "a3"]),
    ],
)
def test_the_fill_handle_goes_on(start: list[object], behind: list[object]) -> None:
    assert continued(start, [False] * len(start), len(behind)) == behind  # type: ignore[arg-type]


def test_dates_go_on_by_days_months_and_weekdays() -> None:
    wb = Workbook()
    ws = wb["Sheet1"]
    ws["A1"] = datetime.date(2024, 1, 30)
    ws["A1"].autofill(ws["A1:A3"])
    assert [cell.date.date() for cell in ws["A1:A3"]] == [datetime.date(2024, 1, 30), datetime.date(2024, 1, 31), datetime.date(2024, 2, 1)]
    ws["B1:B2"] = [[datetime.date(2024, 1, 31)], [datetime.date(2024, 2, 29)]]
    ws["B1:B2"].autofill(ws["B1:B4"])
    assert [cell.date.date() for cell in ws["B3:B4"]] == [datetime.date(2024, 3, 31), datetime.date(2024, 4, 30)]
    ws["C1"] = datetime.date(2024, 3, 1)
    ws["C1:C3"].fill_series(step=1, unit="weekday")
    assert [cell.date.date() for cell in ws["C1:C3"]] == [datetime.date(2024, 3, 1), datetime.date(2024, 3, 4), datetime.date(2024, 3, 5)]
    assert ws["C3"].text == "2024-03-05"
    assert stepped(10.0, -3.0, 9, 2.0) == [10.0, 7.0, 4.0]


def test_fills_up_and_left_count_down() -> None:
    wb = Workbook()
    ws = wb["Sheet1"]
    ws["A8:A9"] = [[8], [9]]
    ws["A8:A9"].autofill(ws["A5:A9"])
    assert ws["A5:A7"].values[:, 0].tolist() == [5.0, 6.0, 7.0]
    ws["H1:I2"] = [["Item 8", "=H2*2"], [3, "=I1&1"]]
    ws["H1:I2"].autofill(ws["F1:I2"])
    assert [ws["F1"].value, ws["G1"].formula] == ["Item 7", "=F2*2"]
    assert [ws["F2"].value, ws["G2"].formula] == [3.0, "=G1&1"]
    wb.undo()
    assert ws["F1:G2"].value == [[None, None], [None, None]]


def test_formulas_fill_as_one_block() -> None:
    wb = Workbook()
    ws = wb["Sheet1"]
    ws["A1:A5000"] = [[float(row)] for row in range(5000)]
    ws["B1"] = "=A1*2+$A$1"
    ws["B1:B5000"].fill_down()
    assert len(wb._engine.field.blocks) == 1
    assert (ws["B5000"].formula, ws["B5000"].value) == ("=A5000*2+$A$1", 9998.0)
    ws["C1:C2"] = [["=A1"], ["=A1+B2"]]
    ws["C1:C2"].autofill(ws["C1:C5000"])
    assert (ws["C4999"].formula, ws["C5000"].formula) == ("=A4999", "=A4999+B5000")
    assert len(wb._engine.field.blocks) <= 3 + 2
    wb.undo()
    wb.undo()
    assert ws["C1"].value is None
    ws["B1:D1"].fill_right()
    assert ws["D1"].formula == "=C1*2+$A$1"
    ws["D1:D3"].fill_up()
    assert ws["D1"].value is None


def test_copies_repeat_over_a_larger_target_and_keep_formats() -> None:
    wb = Workbook()
    ws = wb["Sheet1"]
    other = wb.add_sheet("Other")
    ws["A1:B2"] = [[1, "=A1+$A$1"], ["t", None]]
    ws["A1"].number_format = "0.00"
    assert ws["A1:B2"].copy_to(other["C1:F4"]).address == "Other!C1:F4"
    assert other["F3"].formula == "=E3+$A$1"
    assert [other["E3"].text, other["C4"].value, other["D2"].value] == ["1.00", "t", None]
    # A target of another size takes one copy.
    assert ws["A1:B2"].copy_to(other["H1:H9"]).address == "Other!H1:I2"
    # Onto itself.
    ws["A1:B2"].copy_to(ws["B1"])
    assert [ws["B1"].value, ws["C1"].formula] == [1.0, "=B1+$A$1"]
    wb.undo()
    assert ws["B1"].formula == "=A1+$A$1"
    with pytest.raises(sheetengine.ValueRefused, match="does not fit"):
        ws["A1:B2"].copy_to(other["XFD1"])


def test_clearing_contents_formats_or_both() -> None:
    wb = Workbook()
    ws = wb["Sheet1"]
    for what, left in (("contents", (None, "0.00")), ("formats", (1.0, "General")), ("all", (None, "General"))):
        ws["A1"] = 1
        ws["A1"].number_format = "0.00"
        ws["A1"].clear(what)  # type: ignore[arg-type]
        assert (ws["A1"].value, ws["A1"].number_format) == left
        wb.undo()
        assert (ws["A1"].value, ws["A1"].number_format) == (1.0, "0.00")


def test_find_in_values_and_in_formulas() -> None:
    wb = Workbook()
    ws = wb["Sheet1"]
    ws["A1:C2"] = [["Net", "net total", 0.25], ["=B2*2", 12.5, "a*b"]]
    ws["C1"].number_format = "0%"
    found = [cell.address for cell in ws.find("net")]
    assert found == ["Sheet1!A1", "Sheet1!B1"]
    assert [cell.address for cell in ws.find("net", whole=True)] == ["Sheet1!A1"]
    assert [cell.address for cell in ws.find("net", match_case=True)] == ["Sheet1!B1"]
    assert [cell.address for cell in ws.find("25%")] == ["Sheet1!C1"]
    assert [cell.address for cell in ws.find(25)] == ["Sheet1!C1", "Sheet1!A2"]
    assert [cell.address for cell in ws.find("b2", look_in="formulas")] == ["Sheet1!A2"]
    assert [cell.address for cell in ws.find("a~*b")] == ["Sheet1!C2"]
    assert [cell.address for cell in ws["A1:A2"].find("n?t")] == ["Sheet1!A1"]


def test_replace_enters_anew_and_is_all_or_nothing() -> None:
    wb = Workbook()
    ws = wb["Sheet1"]
    ws["A1:A4"] = [["=SUM(B1:B2)"], ["B1 is it"], [12.0], ["x12"]]
    ws["B1:C2"] = [[1, 10], [2, 20]]
    assert ws.replace("B", "C") == 2
    assert (ws["A1"].formula, ws["A1"].value, ws["A2"].value) == ("=SUM(C1:C2)", 30.0, "C1 is it")
    assert ws["A3:A4"].replace("x", "") == 1
    assert ws["A4"].value == 12.0
    assert ws.replace(1, "3", whole=True) == 1
    assert ws["B1"].value == 3.0
    before = ws["A1:A4"].formulas, ws["A1:A4"].value
    with pytest.raises(sheetengine.FormulaSyntaxError):
        ws.replace("C", "((")
    assert (ws["A1:A4"].formulas, ws["A1:A4"].value) == before


def test_the_format_of_a_part_of_an_array_is_taken_back():
    """What is put back is the format alone: an array formula cannot be changed in part."""
    wb = sheetengine.Workbook()
    ws = wb["Sheet1"]
    ws["A1:A3"].set_array_formula("={1;2;3}")
    ws["A2:B2"].number_format = "0.00"
    assert wb.undo()
    assert (ws["A2"].number_format, ws["A1:A3"].value) == ("General", [[1.0], [2.0], [3.0]])
    assert wb.redo()
    assert (ws["A2"].number_format, ws["B2"].number_format, ws["A3"].number_format) == ("0.00", "0.00", "General")


def test_a_series_beside_an_array():
    """It begins with a cell of the array and is taken back as one step; where it would cut an array nothing is written."""
    wb = sheetengine.Workbook()
    ws = wb["Sheet1"]
    ws["A1:A2"].set_array_formula("={5;6}")
    ws["A1:C1"].fill_series(along="rows")
    assert ws["A1:C1"].value == [[5.0, 6.0, 7.0]]
    assert wb.undo()
    assert ws["A1:C2"].value == [[5.0, None, None], [6.0, None, None]]
    ws["D1:E1"] = [[1, 2]]
    ws["E2:E3"].set_array_formula("={7;8}")
    with pytest.raises(sheetengine.EditRefused):
        ws["D1:E2"].fill_series(along="columns")
    assert ws["D1:E3"].value == [[1.0, 2.0], [None, 7.0], [None, 8.0]]
