"""diff: what differs, and what only follows."""

from __future__ import annotations

import json

import openpyxl
import pytest

import sheetengine
from sheetengine.cli.group import run
from sheetengine.tasks.alignment import align
from sheetengine.tasks.differing import diff_files, diff_workbooks


def model(extra_row: int | None = None) -> sheetengine.Workbook:
    """Twenty rows of a price list with a total and a rate; with a row more before row `extra_row` where that is given."""
    wb = sheetengine.Workbook(sheet="List")
    ws = wb["List"]
    rows = [(f"item {number}", float(number), float(number % 7)) for number in range(1, 21)]
    if extra_row is not None:
        rows.insert(extra_row - 1, ("extra", 100.0, 2.0))
    count = len(rows)
    ws[f"A1:C{count}"] = [list(row) for row in rows]
    ws[f"D1:D{count}"] = f"=B1*C1*$B${count + 2}"
    ws[f"D{count + 1}"] = f"=SUM(D1:D{count})"
    ws[f"B{count + 2}"] = 1.19
    return wb


def test_the_same_is_the_same():
    assert diff_workbooks(model(), model()).same


def test_a_formula_a_constant_a_result_a_name():
    one, other = model(), model()
    other["List"]["B3"] = 4
    other["List"]["D5"] = "=B5+C5"
    other["List"]["F1"] = "note"
    one.names["rate"] = 1
    found = diff_workbooks(one, other)
    assert [(change.before, change.old_value, change.new_value) for change in found.constants] == [
        ("List!B3", 3.0, 4.0),
        (None, None, "note"),
    ]
    assert [(change.before, change.old_formula, change.new_formula) for change in found.formulas] == [("List!D5", "=B5*C5*$B$22", "=B5+C5")]
    assert [change.before for change in found.results] == ["List!D3", "List!D21"]
    assert [(change.before, change.after) for change in found.names] == [("rate", None)]


@pytest.mark.parametrize("row", [2, 7, 20])
def test_an_inserted_row_is_one_line(row):
    found = diff_workbooks(model(), model(extra_row=row))
    assert found.lines_inserted == [f"List!{row}:{row}"]
    assert found.lines_deleted == found.moved == []
    # What is new is the row's own cells; the rates and the sum only follow.
    assert [(change.before, change.after) for change in found.formulas] == [(None, f"List!D{row}")]
    assert {change.before for change in found.constants} == {None}
    assert [change.after for change in found.results] == ["List!D22"]
    back = diff_workbooks(model(extra_row=row), model())
    assert (back.lines_deleted, back.lines_inserted) == ([f"List!{row}:{row}"], [])
    assert [(change.before, change.after) for change in back.formulas] == [(f"List!D{row}", None)]


def test_a_moved_block_is_one_line():
    one, other = model(), model()
    for place, at in ((one["List"], "H2:I4"), (other["List"], "M30:N32")):
        place[at] = [[11, "p"], [12, "q"], [13, "r"]]
    found = diff_workbooks(one, other)
    assert [(block.before, block.after) for block in found.moved] == [("List!H2:I4", "List!M30:N32")]
    assert found.formulas == found.constants == []


def test_sheets_that_came_and_went():
    one, other = model(), model()
    one.add_sheet("Old")
    other.add_sheet("New")
    found = diff_workbooks(one, other)
    assert (found.sheets_removed, found.sheets_added) == (["Old"], ["New"])


def test_alignment_keeps_order():
    places = align(list("the quick brown fox"), list("then a quick red fox"))
    matched = [place for place in places if place is not None]
    assert matched == sorted(set(matched))


def test_the_command(tmp_path, capsys):
    other = model()
    other["List"]["B3"] = 4
    model().save(tmp_path / "a.xlsx")
    other.save(tmp_path / "b.xlsx")
    assert run(["diff", str(tmp_path / "a.xlsx"), str(tmp_path / "b.xlsx"), "--json"]) == 1
    answer = json.loads(capsys.readouterr().out)
    assert [change["before"] for change in answer["constants"]] == ["List!B3"]
    assert run(["diff", str(tmp_path / "a.xlsx"), str(tmp_path / "b.xlsx")]) == 1
    assert "List!B3" in capsys.readouterr().out
    assert run(["diff", str(tmp_path / "a.xlsx"), str(tmp_path / "a.xlsx")]) == 0
    assert capsys.readouterr().out == "no difference\n"


def test_time_and_chance_are_no_difference(tmp_path):
    """Where nobody has computed the files, both are computed at one moment; NOW counts hundredths of a second."""
    book = openpyxl.Workbook()
    for place, formula in {"A1": "=NOW()", "A2": "=RAND()", "A3": "=RANDBETWEEN(1,1000000)"}.items():
        book.active[place] = formula
    for name in ("a", "b"):
        book.save(tmp_path / f"{name}.xlsx")
    assert diff_files(tmp_path / "a.xlsx", tmp_path / "b.xlsx").same
