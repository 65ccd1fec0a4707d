"""Single cells with what they read looked up beforehand: right also where the planes move on the way."""

from __future__ import annotations

import sheetengine


def test_planes_that_move_between_two_cells_of_one_round_are_looked_up_anew() -> None:
    workbook = sheetengine.Workbook()
    sheet = workbook["Sheet1"]
    sheet["D1"] = "=A1"
    sheet["D9"] = "=ROW(A1:A2)"  # spills: the chunk of D1 is merged into a larger one
    assert (sheet["D1"].value, sheet["D9"].value, sheet["D10"].value) == (0.0, 1.0, 2.0)


def test_cells_written_far_away_after_a_plan_was_made_do_not_disturb_it() -> None:
    workbook = sheetengine.Workbook()
    sheet = workbook["Sheet1"]
    sheet["A1"], sheet["B1"] = 1.0, "=A1*2"
    for number in range(40):
        sheet["A1"] = float(number)
        assert sheet["B1"].value == 2.0 * number
        sheet.cell(number * 7 + 3, number + 3).value = float(number)


def test_a_copy_of_a_workbook_is_not_written_by_plans_of_the_first() -> None:
    workbook = sheetengine.Workbook()
    sheet = workbook["Sheet1"]
    sheet["A1"], sheet["B1"] = 1.0, "=A1*2"
    sheet["A1"] = 2.0
    assert sheet["B1"].value == 4.0
    twin = workbook.copy()
    sheet["A1"] = 3.0
    assert sheet["B1"].value == 6.0
    assert twin["Sheet1"]["B1"].value == 4.0
    twin["Sheet1"]["A1"] = 5.0
    assert (twin["Sheet1"]["B1"].value, sheet["B1"].value) == (10.0, 6.0)


def test_texts_errors_and_blanks_go_the_long_way_and_come_back() -> None:
    workbook = sheetengine.Workbook()
    sheet = workbook["Sheet1"]
    sheet["A1"], sheet["B1"], sheet["C1"] = 1.0, "=A1+1", '=IF(B1>0,B1,"none")'
    for value, wanted in ((1.0, 2.0), (-5.0, "none"), (True, 2.0), (3.0, 4.0), (None, 1.0), ("7", 8.0), (2.0, 3.0)):
        sheet["A1"] = value
        assert sheet["C1"].value == wanted
    sheet["A1"] = "ash"
    assert str(sheet["C1"].value) == "#VALUE!"
    sheet["A1"] = 1.0
    assert sheet["C1"].value == 2.0


def test_formulas_that_wait_for_each_other_have_an_order_before_they_run() -> None:
    workbook = sheetengine.Workbook()
    sheet = workbook["Sheet1"]
    rows = 500
    sheet["A1"], sheet["B1"] = 1.0, 0.5
    sheet[f"A2:A{rows}"] = "=A1*0.99+B1"
    sheet[f"B2:B{rows}"] = "=B1+A2*0.001"
    one, two = 1.0, 0.5
    for _ in range(rows - 1):
        one = one * 0.99 + two
        two = two + one * 0.001
    assert (sheet[f"A{rows}"].value, sheet[f"B{rows}"].value) == (one, two)
    assert workbook._engine.evaluator.tally.restarts == 0
