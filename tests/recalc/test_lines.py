"""ROW and COLUMN of a cell over many members at once."""

from __future__ import annotations

import time

import pytest

import sheetengine

CASES = {
    "=ROW()*2": lambda row, column: row * 2.0,
    "=COLUMN()+ROW()/8": lambda row, column: column + row / 8,
    "=ROW(B3)-ROW($A$2)": lambda row, column: row + 2 - 2.0,
    "=COLUMN(B$3)*100+COLUMN($B3)": lambda row, column: (column - 2) * 100.0 + 2,
    "=-ROW(A1)%": lambda row, column: -row / 100,
    '=IF(ROW()>50,"late",ROW())': lambda row, column: "late" if row > 50 else float(row),
    '=ROW()&":"&COLUMN(C1)': lambda row, column: f"{row}:{column - 1}",
    "=LET(r,ROW(),r*r+COLUMN())": lambda row, column: float(row * row + column),
    "=INDEX($A$1:$A$200,ROW()+1)": lambda row, column: 10.0 * (row + 1),
    "=SUM(ROW(),$A$1)": lambda row, column: row + 10.0,
    "=ABS(50-ROW())+MOD(ROW(),7)": lambda row, column: abs(50 - row) + row % 7.0,
    "=SUM(MAP({1,2},LAMBDA(x,x*ROW()+COLUMN(A1))))": lambda row, column: 3.0 * row + 2 * (column - 3),
}


def _values(ws, place):
    return [list(row) for row in ws[place].value]


@pytest.mark.parametrize("formula", CASES)
def test_filled_and_scattered_and_moved(formula):
    of = CASES[formula]
    ws = sheetengine.Workbook()["Sheet1"]
    ws["A1:A200"] = [[10 * row] for row in range(1, 201)]
    ws["D1:F100"] = formula
    wanted = [[of(row, column) for column in range(4, 7)] for row in range(1, 101)]
    assert _values(ws, "D1:F100") == wanted
    vector = ws.workbook._engine.field.find(ws.id, 5, 4)[0].program.vector
    assert ("MAP" in formula) == (vector is None), "the case does not run over members"
    for row in range(2, 101, 3):
        ws[f"E{row}"] = None
    ws.workbook.recalculate(full=True)
    assert [row[1] for row in _values(ws, "D1:F100")] == [None if row % 3 == 2 else of(row, 5) for row in range(1, 101)]
    ws.workbook.recalculate(full=True)
    assert [row[::2] for row in _values(ws, "D1:F100")] == [row[::2] for row in wanted]


def test_rows_put_in_above_and_columns_taken_out():
    ws = sheetengine.Workbook()["Sheet1"]
    ws["D1:D100"] = "=ROW()*1000+ROW(C1)"
    ws["E1:E100"] = "=COLUMN()*1000+COLUMN(D1)"
    assert (ws["D100"].value, ws["E100"].value) == (100100.0, 5004.0)
    ws.insert_rows(41, 10)
    assert [ws[f"D{row}"].value for row in (40, 41, 51, 110)] == [40040.0, None, 51051.0, 110110.0]
    ws.delete_columns(1, 2)
    assert [ws[f"C{row}"].value for row in (40, 41, 51, 110)] == [3002.0, None, 3002.0, 3002.0]
    assert [ws[f"B{row}"].value for row in (40, 51, 110)] == [40040.0, 51051.0, 110110.0]
    ws.workbook.undo()
    ws.workbook.undo()
    assert [ws[f"D{row}"].value for row in (40, 41, 51, 100)] == [40040.0, 41041.0, 51051.0, 100100.0]
    assert ws["E100"].value == 5004.0


def test_a_filled_column_of_row_numbers_is_fast():
    """Cell by cell it took half a second."""
    ws = sheetengine.Workbook()["Sheet1"]
    ws["A1"] = "=ROW()*2"
    assert ws["A1"].value == 2.0
    ws["B1:B200000"] = "=ROW()*2"
    started = time.perf_counter()
    assert ws["B200000"].value == 400000.0
    assert time.perf_counter() - started < 0.4
