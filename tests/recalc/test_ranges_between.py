"""A range between two references reads all that lies between them, whoever gave the ends."""

from __future__ import annotations

import pytest

import sheetengine

FORMULAS = [
    "=SUM(Sheet1!A3:Sheet1!A200)",
    "=SUM(A3:INDEX(A10:A200,n))",
    "=SUM(INDEX(A1:A20,3):INDEX(A100:A200,50))",
    "=SUM(first:last)",
    "=SUM(IF(n>1,A3,A5):A200)",
    "=SUM(CHOOSE(1,A3,A5):XLOOKUP(1,C1:C2,A199:A200))",
    "=SUM((A3):(A200))",
]


@pytest.fixture
def wb():
    wb = sheetengine.Workbook()
    ws = wb["Sheet1"]
    ws["A1:A200"] = [[1.0]] * 200
    ws["C1:C2"] = [[0], [1]]
    wb.names["n"] = 191
    wb.names["first"] = "=Sheet1!$A$3"
    wb.names["last"] = "=Sheet1!$A$200"
    return wb


@pytest.mark.parametrize("formula", FORMULAS)
def test_an_edit_between_the_ends_is_felt(wb, formula):
    ws = wb["Sheet1"]
    ws["E1"] = formula
    before = ws["E1"].value
    with wb.trace() as trace:
        ws["A50"] = 101
    assert ws["E1"].value == before + 100
    assert list(trace.recomputed) == ["Sheet1!E1"]
    assert trace.why("Sheet1!E1").path[0] == "Sheet1!A50"
    with wb.trace() as trace:
        ws["A2"] = 5 if "A1:A20" not in formula else 1
    wb.recalculate(full=True)
    assert ws["E1"].value == before + 100


def test_filled_formulas_feel_what_lies_between_their_own_ends(wb):
    ws = wb["Sheet1"]
    ws["E1:E100"] = "=SUM(A1:INDEX(A5:A8,2))"
    ws["F1:F100"] = "=SUM(A$1:INDEX(A5:A8,2))"
    ws["G1:G100"] = "=SUM(Sheet1!$A$1:Sheet1!A5)"
    for cell, value in (("A3", 10), ("A50", 20), ("A107", 30), ("A1", 40)):
        ws[cell] = value
        incremental = ws["E1:G100"].value
        wb.recalculate(full=True)
        assert ws["E1:G100"].value == incremental
    with wb.trace() as trace:
        ws["A50"] = 21
    recomputed = set(trace.recomputed)
    assert {f"Sheet1!E{row}" for row in range(45, 51)} <= recomputed
    assert "Sheet1!E51" not in recomputed
    assert "Sheet1!G45" not in recomputed
    assert {f"Sheet1!G{row}" for row in range(46, 101)} <= recomputed


def test_scattered_formulas(wb):
    ws = wb["Sheet1"]
    cells = [f"{column}{row}" for column in "EGI" for row in range(1, 40, 3)]
    for number, cell in enumerate(cells):
        ws[cell] = f"=SUM(Sheet1!A{number + 1}:Sheet1!A{2 * number + 40})"
    values = {cell: ws[cell].value for cell in cells}
    ws["A30"] = 1001
    for number, cell in enumerate(cells):
        assert ws[cell].value == values[cell] + (1000 if number + 1 <= 30 <= 2 * number + 40 else 0)
