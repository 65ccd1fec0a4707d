"""Sheets renamed, moved, copied, hidden and deleted: every formula follows, and all of it is taken back."""

from __future__ import annotations

import pytest

import sheetengine
from sheetengine.errors import ValueRefused


@pytest.fixture
def wb():
    wb = sheetengine.Workbook()
    ws, data, last = wb["Sheet1"], wb.add_sheet("Data"), wb.add_sheet("Last")
    ws["A1"], data["A1"], last["A1"] = 1, 2, 3
    wb.names["rate"] = "=Data!$A$1"
    wb.names["TWICE"] = "=LAMBDA(v,v*2+Data!$A$1)"
    ws["B1"] = "=Data!A1+SUM(Data:Last!A1)+rate"
    ws["B2"] = "=Renamed!A1"
    ws["B3"] = '=SHEET("Last")'
    ws["B4"] = "=LET(q,Data!A1,q+rate)"
    ws["B5"] = "=TWICE(3)"
    ws["C1:C50"] = "=Data!A1*2"
    return wb


def state(wb):
    return [
        (cell.address, cell.formula, None if isinstance(cell.value, sheetengine.CellError) else cell.value)
        for sheet in wb
        for cell in sheet.cells_with()
    ] + [dict(wb.names), wb.sheet_names, [sheet.state for sheet in wb]]


def check(wb):
    wb._engine.field.graph.check_invariants()
    fresh = sheetengine.Workbook()
    fresh.rename_sheet("Sheet1", "\u0001".replace("\u0001", "only for a moment"))
    for sheet in wb:
        fresh.add_sheet(sheet.name)
    fresh.remove_sheet("only for a moment")
    for name, formula in wb.names.items():
        fresh.names[name] = formula
    for sheet in wb:
        for cell in sheet.cells_with():
            fresh.range(cell.address).value = cell.formula or cell.value
    assert [cell.value for sheet in wb for cell in sheet.cells_with()] == [cell.value for sheet in fresh for cell in sheet.cells_with()]


def test_a_rename_rewrites_formulas_and_names_and_computes_nothing_but_what_it_heals(wb):
    before = state(wb)
    with wb.trace() as trace:
        wb.rename_sheet("Data", "Renamed")
    ws = wb["Sheet1"]
    assert ws["B1"].formula == "=Renamed!A1+SUM(Renamed:Last!A1)+rate"
    assert (wb.names["rate"], wb.names["TWICE"]) == ("=Renamed!$A$1", "=LAMBDA(v,v*2+Renamed!$A$1)")
    assert ws["B2"].value == 2.0
    assert ws["C50"].formula == "=Renamed!A50*2"
    # B2 had named the new name in vain; SHEET asks for places and names.
    assert trace.recomputed.ranges == ["Sheet1!B2:B3"]
    check(wb)
    wb["Renamed"]["A1"] = 20
    assert (ws["B1"].value, ws["B5"].value) == (63.0, 26.0)
    wb.undo()
    wb.undo()
    assert state(wb) == before
    wb.redo()
    assert ws["B2"].value == 2.0
    check(wb)


def test_a_rename_in_case_only(wb):
    wb.rename_sheet("Data", "DATA")
    assert wb["Sheet1"]["B1"].formula == "=DATA!A1+SUM(DATA:Last!A1)+rate"
    assert wb["Sheet1"]["B1"].value == 9.0


def test_names_that_no_sheet_may_have(wb):
    for name in ("", "x" * 32, "\U0001f600" * 16, "a\nb", "a/b", "'a", "last", "History"):
        with pytest.raises(ValueRefused):
            wb.rename_sheet("Data", name)
    assert wb.sheet_names == ["Sheet1", "Data", "Last"]


def test_a_moved_sheet_leaves_or_enters_a_3d_reference(wb):
    before = state(wb)
    assert wb["Sheet1"]["B1"].value == 9.0
    wb.move_sheet("Sheet1", 1)
    wb.move_sheet("Last", 0)
    assert wb.sheet_names == ["Last", "Data", "Sheet1"]
    assert (wb["Sheet1"]["B1"].value, wb["Sheet1"]["B3"].value) == (9.0, 1.0)
    wb.add_sheet("Between", at=1)["A1"] = 100
    assert wb["Sheet1"]["B1"].value == 109.0
    for _ in range(4):
        wb.undo()
    assert state(wb) == before


def test_a_copy_names_itself_where_the_original_named_itself():
    wb = sheetengine.Workbook()
    ws = wb["Sheet1"]
    other = wb.add_sheet("Other")
    other["A1"] = 7
    ws["A1"] = 5
    ws["A2:A9"] = "=A1+1"
    ws["B1"] = "=Sheet1!A1*10+Other!A1+base"
    ws["A1"].number_format = "0.00"
    wb.names["base"] = "=Sheet1!$A$1"
    copied = wb.copy_sheet("Sheet1")
    assert copied.name == "Sheet1 (2)"
    assert wb.sheet_names == ["Sheet1", "Sheet1 (2)", "Other"]
    copied["A1"] = 50
    assert copied["B1"].formula == "='Sheet1 (2)'!A1*10+Other!A1+base"
    assert (copied["B1"].value, copied["A9"].value, copied["A1"].text) == (557.0, 58.0, "50.00")
    assert (ws["B1"].value, ws["A9"].value) == (62.0, 13.0)
    assert wb.copy_sheet("Sheet1").name == "Sheet1 (3)"
    for _ in range(3):
        wb.undo()
    assert wb.sheet_names == ["Sheet1", "Other"]
    assert dict(wb.names) == {"base": "=Sheet1!$A$1"}


def test_a_deleted_sheet_comes_back_with_its_names(wb):
    wb.names["Data!local"] = "=Data!$A$1*3"
    wb["Data"]["B1"] = "=local"
    before = state(wb)
    wb.remove_sheet("Data")
    assert str(wb["Sheet1"]["B1"].value) == "#REF!"
    assert "Data!local" not in dict(wb.names)
    wb.undo()
    assert state(wb) == before
    assert wb["Data"]["B1"].value == 6.0


def test_one_sheet_stays_visible(wb):
    wb["Data"].state = "hidden"
    wb["Last"].state = "veryHidden"
    with pytest.raises(ValueRefused, match="only visible"):
        wb["Sheet1"].state = "hidden"
    wb.undo()
    assert wb["Last"].state == "visible"


def test_the_last_visible_sheet_stays():
    """Excel: a workbook must contain at least one visible worksheet."""
    wb = sheetengine.Workbook()
    other = wb.add_sheet("Other")
    other.state = "hidden"
    with pytest.raises(sheetengine.ValueRefused, match="only visible sheet"):
        wb.remove_sheet("Sheet1")
    other.state = "visible"
    wb.remove_sheet("Sheet1")


@pytest.mark.parametrize(
    ("edit", "place", "after"),
    [
        (lambda wb: wb.rename_sheet("Data", "New"), "A1", "#REF!"),
        (lambda wb: wb.rename_sheet("Data", "New"), "A5", "#N/A"),
        (lambda wb: wb.remove_sheet("Data"), "A1", "#REF!"),
        (lambda wb: wb.remove_sheet("Data"), "A4", "1.0"),
        (lambda wb: wb.add_sheet("Later", at=0), "A2", "0.0"),
        (lambda wb: wb.add_sheet("Later", at=0), "A4", "3.0"),
        (lambda wb: wb.add_sheet("Later", at=0), "A5", "3.0"),
        (lambda wb: wb.move_sheet("Data", 0), "A5", "1.0"),
        (lambda wb: wb.names.rename("here", "there"), "A3", "#REF!"),
        (lambda wb: wb.names.__delitem__("here"), "A3", "#REF!"),
        (lambda wb: setattr(wb.tables["Sales"], "name", "Costs"), "A6", "#REF!"),
        (lambda wb: wb.tables["Sales"].delete(), "A6", "#REF!"),
    ],
)
def test_what_names_by_text_or_asks_for_sheets_follows_what_comes_and_goes(edit, place, after):
    """INDIRECT is volatile, and so computed after every such edit (Microsoft, "Excel Recalculation": volatile actions)."""
    wb = sheetengine.Workbook()
    ws = wb["Sheet1"]
    data = wb.add_sheet("Data")
    data["A1"] = 5
    data["C1:C2"] = [["Net"], [3]]
    data.add_table("C1:C2", "Sales")
    wb.names["here"] = "=Data!$A$1"
    wb.names["count"] = "=SHEETS()"
    wb.names["which"] = "=LAMBDA(v,SHEET(v))"
    ws["A1:A6"] = [
        ['=INDIRECT("Data!A1")'], ['=INDIRECT("Later!A1")'], ['=INDIRECT("here")'], ["=count"], ['=which("Data")'], ['=SUM(INDIRECT("Sales[Net]"))'],
    ]  # fmt: skip
    before = [str(cell.value) for cell in ws["A1:A6"]]
    assert before == ["5.0", "#REF!", "5.0", "2.0", "2.0", "3.0"]
    edit(wb)
    assert str(ws[place].value) == after
    wb.undo()
    assert [str(cell.value) for cell in ws["A1:A6"]] == before
