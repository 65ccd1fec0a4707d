"""Many arrays in cells: each costs what it fills, not what the others do."""

from __future__ import annotations

import pickle
import time

import pytest

import sheetengine
from sheetengine.recalc.invariants import check_field

MANY = 10_000


@pytest.fixture
def ws():
    return sheetengine.Workbook()["Sheet1"]


def _check(ws):
    check_field(ws.workbook._engine.field)


def test_many_spills_are_linear(ws):
    """The search of all ranges for every one of them took 20 s."""
    ws[f"A1:A{MANY}"] = [[row] for row in range(MANY)]
    ws[f"B1:B{MANY}"] = "=A1*{1,2}"
    started = time.perf_counter()
    assert ws[f"C{MANY}"].value == 2.0 * (MANY - 1)
    assert time.perf_counter() - started < 8
    started = time.perf_counter()
    for row in range(1, 51):
        ws[f"A{row}"] = 7
        assert ws[f"C{row}"].value == 14.0
    assert time.perf_counter() - started < 2
    _check(ws)


def test_blocked_and_set_free_one_by_one(ws):
    ws["A1:A60"] = [[row] for row in range(1, 61)]
    ws["C5:C40"] = "in the way"
    ws["B1:B60"] = "=A1*{1,2}"
    assert [str(ws[f"B{row}"].value) for row in (4, 5, 40, 41)] == ["4.0", "#SPILL!", "#SPILL!", "41.0"]
    _check(ws)
    for row in range(5, 41):
        ws[f"C{row}"] = None
        assert ws[f"C{row}"].value == 2.0 * row
        assert str(ws["B40"].value) == ("#SPILL!" if row < 40 else "40.0")
    _check(ws)
    ws["C9"] = "again"
    assert str(ws["B9"].value) == "#SPILL!"
    ws.workbook.undo()
    assert (ws["B9"].value, ws["C9"].value) == (9.0, 18.0)
    _check(ws)


def test_later_anchors_give_way_to_earlier_ones_of_any_size(ws):
    ws["B4:B300"] = "=ROW()*{1,2}"
    assert ws["C300"].value == 600.0
    ws["A1"] = 200
    ws["C1"] = "=SEQUENCE($A$1)"
    assert ws["C200"].value == 200.0
    assert [str(ws[f"B{row}"].value) for row in (4, 200, 201)] == ["#SPILL!", "#SPILL!", "201.0"]
    _check(ws)
    ws["A1"] = 100
    assert [ws[f"C{row}"].value for row in (100, 101, 201)] == [100.0, 202.0, 402.0]
    assert [str(ws[f"B{row}"].value) for row in (100, 101)] == ["#SPILL!", "101.0"]
    _check(ws)


def test_rows_put_in_and_taken_back(ws):
    ws["A1:A50"] = [[row] for row in range(1, 51)]
    ws["B1:B50"] = "=A1*{1,2}"
    ws["C7"] = "in the way"
    before = [[str(cell) for cell in row] for row in ws["A1:C55"].value]
    ws.insert_rows(5, 3)
    assert (ws["C9"].value, str(ws["B10"].value), ws["C11"].value) == (12.0, "#SPILL!", 16.0)
    _check(ws)
    ws.workbook.undo()
    assert [[str(cell) for cell in row] for row in ws["A1:C55"].value] == before
    _check(ws)


def test_copies_keep_what_spilled_and_what_waits(ws):
    ws["A1:A20"] = [[row] for row in range(1, 21)]
    ws["C3"] = "in the way"
    ws["B1:B20"] = "=A1*{1,2}"
    assert str(ws["B3"].value) == "#SPILL!"
    for other in (ws.workbook.copy(), pickle.loads(pickle.dumps(ws.workbook))):
        copied = other["Sheet1"]
        _check(copied)
        copied["C3"] = None
        copied["A4"] = 9
        assert (copied["C3"].value, copied["C4"].value) == (6.0, 18.0)
        _check(copied)
    assert (str(ws["B3"].value), ws["C4"].value) == ("#SPILL!", 8.0)


def test_a_circle_through_spilled_cells(ws):
    ws["A1"] = "=SUM(C5:D9)*{1,2}"
    ws["C5:C9"] = "=F5*{1,2}"
    ws["F5:F9"] = 1
    assert (ws["A1"].value, ws["B1"].value) == (15.0, 30.0)
    _check(ws)
    ws["F9"] = "=B1"
    with pytest.warns(sheetengine.CircularReferenceWarning):
        ws.workbook.recalculate()
    assert ws["F9"].value == 0.0
    _check(ws)
    ws["F9"] = 2
    assert (ws["A1"].value, ws["B1"].value) == (18.0, 36.0)
    _check(ws)


def test_a_sheet_taken_out_with_its_spills(ws):
    book = ws.workbook
    other = book.add_sheet("Other")
    other["A1"] = "=SEQUENCE(3)"
    other["C2"] = "in the way"
    other["C1"] = "=SEQUENCE(3)"
    ws["A5"] = "=SEQUENCE(2,2)"
    assert (other["A3"].value, str(other["C1"].value), ws["B6"].value) == (3.0, "#SPILL!", 4.0)
    book.remove_sheet("Other")
    ws.insert_rows(2, 1)
    assert ws["B7"].value == 4.0
    _check(ws)
    book.undo()
    book.undo()
    other = book["Other"]
    other["C2"] = None
    assert (other["A3"].value, other["C3"].value) == (3.0, 3.0)
    _check(other)


def test_many_that_wait_wake_together(ws):
    """Each woken alone took 26 s for 20,000."""
    many = MANY // 2
    ws[f"A1:A{many}"] = [[row] for row in range(many)]
    ws[f"B1:B{many}"] = "=A1*{1,2}"
    ws[f"C1:C{many}"] = "in the way"
    assert str(ws[f"B{many}"].value) == "#SPILL!"
    ws["C7"] = None
    assert ws["C7"].value == 12.0
    ws[f"C1:C{many}"] = None
    started = time.perf_counter()
    assert ws[f"C{many}"].value == 2.0 * (many - 1)
    assert time.perf_counter() - started < 4
    _check(ws)


def test_one_element_that_waits_fills_nothing(ws):
    ws["A1"] = 1
    ws["B1"] = "=SEQUENCE(A1)"
    ws["D1"] = "=SUM(B1#)"
    assert ws["D1"].value == 1.0
    ws["B3"] = "in the way"
    ws["A1"] = 3
    assert [str(ws[place].value) for place in ("B1", "D1")] == ["#SPILL!", "#REF!"]
