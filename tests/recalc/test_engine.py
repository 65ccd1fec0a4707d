"""Rounds: volatile functions, manual mode, chains, user functions that misbehave."""

from __future__ import annotations

import datetime

import pytest

import sheetengine
from sheetengine.errors import UserFunctionError
from sheetengine.recalc.invariants import check_field


@pytest.fixture
def wb():
    return sheetengine.Workbook()


def test_a_chain_of_a_million_cells(wb):
    ws = wb["Sheet1"]
    ws["A1"] = 1
    ws["A2:A1000000"] = "=A1+1"
    assert ws["A1000000"].value == 1_000_000.0
    with wb.trace() as trace:
        ws["A1"] = 10
    assert ws["A1000000"].value == 1_000_009.0
    assert len(trace.recomputed) == 999_999


def test_clock_and_seed_are_fixed(wb):
    ws = wb["Sheet1"]
    wb.fix_clock(datetime.datetime(2024, 2, 29, 12))
    ws["A1"], ws["A2"] = "=NOW()", "=TODAY()"
    assert ws["A1:A2"].value == [[45351.5], [45351.0]]
    found = []
    for _ in range(2):
        wb.fix_seed(7)
        ws["B1:B3"] = "=RAND()"
        found.append(ws["B1:B3"].value)
        ws["C1"] = 1
        assert ws["B1:B3"].value != found[-1], "volatile cells run in every round"
    assert found[0] == found[1]
    assert len({value for (value,) in found[0]}) == 3


def test_the_clock_stands_still_within_a_round(wb):
    ws = wb["Sheet1"]
    ws["A1:A50"] = "=NOW()"
    ws["B1"] = "=MAX(A1:A50)=MIN(A1:A50)"
    assert ws["B1"].value is True


def test_manual_mode_computes_when_told(wb):
    ws = wb["Sheet1"]
    ws["A1"], ws["B1"] = 1, "=A1*2"
    assert ws["B1"].value == 2.0
    wb.calculation = "manual"
    ws["A1"] = 5
    assert ws["B1"].value == 2.0
    wb.recalculate()
    assert ws["B1"].value == 10.0
    ws["A1"] = 6
    wb.calculation = "automatic"
    assert ws["B1"].value == 12.0


def test_full_recalculation_runs_everything(wb):
    calls = []
    wb.define("SEEN", lambda value: calls.append(value) or value)
    wb["Sheet1"]["A1"] = "=SEEN(4)"
    assert wb["Sheet1"]["A1"].value == 4.0
    wb.recalculate()
    assert calls == [4.0]
    wb.recalculate(full=True)
    assert calls == [4.0, 4.0]


def test_a_user_function_that_raises(wb):
    ws = wb["Sheet1"]
    wb.define("BAD", lambda value: 1 / 0)
    ws["A1"] = "=BAD(1)"
    assert str(ws["A1"].value) == "#VALUE!"
    assert ws["A1"].value.message == "BAD: ZeroDivisionError: division by zero"
    wb.define("WORSE", lambda value: 1 / 0, raises=True)
    ws["A2"] = "=WORSE(1)"
    with pytest.raises(UserFunctionError, match="WORSE: ZeroDivisionError"):
        ws["A2"].value  # noqa: B018  # reading computes


def test_an_edit_costs_what_it_dirties(wb):
    ws = wb["Sheet1"]
    ws["A1:A9"] = [[n] for n in range(9)]
    ws["B1:B9"] = "=A1*2"
    ws["D1:D5000"] = "=C1+1"
    ws["B1"].value  # noqa: B018  # reading computes
    with wb.trace() as trace:
        ws["A3"] = 1
        ws["A4"] = 1
    assert trace.recomputed.ranges == ["Sheet1!B3:B4"]


def test_overwriting_most_of_a_block_splits_it(wb):
    ws = wb["Sheet1"]
    ws["A1:A40"] = [[n] for n in range(40)]
    ws["B1:B40"] = "=A1*2"
    for row in range(1, 41, 3):
        ws[f"B{row}:B{row + 1}"] = 0
    assert [value for (value,) in ws["B1:B40"].value] == [0.0 if row % 3 != 2 else row * 2.0 for row in range(40)]
    ws["A3"] = 50
    assert ws["B3"].value == 100.0
    check_field(wb._engine.field)


def test_a_function_handed_on_by_its_name_counts_as_called(wb):
    """What INDIRECT reads is known only when it runs, and RANDBETWEEN is drawn anew, in a lambda or by the bare name."""
    ws = wb["Sheet1"]
    ws["A1"] = 1
    ws["C1"] = '=SUM(MAP({"A1","A2"},INDIRECT))'
    ws["D1"] = "=SUM(MAP(SEQUENCE(9,1,1,0),SEQUENCE(9,1,1000000,0),RANDBETWEEN))"
    before = ws["D1"].value
    assert ws["C1"].value == 1
    ws["A2"] = 5
    assert ws["C1"].value == 6
    assert ws["D1"].value != before


def test_values_of_sumif_that_are_resized_keep_their_text():
    """`B4:B7` is read as B4:B10, but the formula bar shows what was typed."""
    wb = sheetengine.Workbook()
    ws = wb["Sheet1"]
    ws["D1"], ws["D2"] = '=SUMIF(A3:A9,">0",B3:B4)', '=SUMIF(A4:A10,">0",B4:B7)'
    assert ws["D2"].formula == '=SUMIF(A4:A10,">0",B4:B7)'
    ws["E1:E3"] = "=AVERAGEIF(A3:A9,1,B3)"
    assert ws["E3"].formula == "=AVERAGEIF(A5:A11,1,B5)"
