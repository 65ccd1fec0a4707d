"""Defined names renamed: formulas, other names, LAMBDAs that call themselves."""

from __future__ import annotations

import io

import pytest

import sheetengine
from sheetengine.errors import FormulaSyntaxError, UnknownReference, ValueRefused


@pytest.fixture
def wb():
    wb = sheetengine.Workbook()
    ws, other = wb["Sheet1"], wb.add_sheet("Other")
    ws["A1"] = 10
    wb.names["rate"] = "=Sheet1!$A$1"
    wb.names["double"] = "=rate*2"
    wb.names["FACTOR"] = "=LAMBDA(n,IF(n<2,1,n*FACTOR(n-1)))"
    wb.names["Other!rate"] = 3
    ws["B1"] = "=rate+1"
    ws["B2"] = "=double"
    ws["B3"] = "=FACTOR(5)"
    ws["B4"] = "=LET(x,rate,x+rate)"
    ws["B5"] = "=LET(rate,1,rate)"
    ws["B6"] = "=Other!rate"
    other["B1"] = "=rate+1"
    return wb


def state(wb):
    return [(c.address, c.formula, c.value) for sheet in wb for c in sheet.cells_with()] + [dict(wb.names)]


def test_formulas_and_names_follow_and_nothing_is_computed(wb):
    before = state(wb)
    with wb.trace() as trace:
        wb.names.rename("rate", "tax")
        wb.names.rename("FACTOR", "FACTORIAL_OF")
    ws = wb["Sheet1"]
    assert [ws[f"B{row}"].formula for row in range(1, 7)] == [
        "=tax+1", "=double", "=FACTORIAL_OF(5)", "=LET(x,tax,x+tax)", "=LET(rate,1,rate)", "=Other!rate",
    ]  # fmt: skip
    assert wb["Other"]["B1"].formula == "=rate+1"
    assert wb.names["double"] == "=tax*2"
    assert wb.names["FACTORIAL_OF"] == "=LAMBDA(n,IF(n<2,1,n*FACTORIAL_OF(n-1)))"
    assert len(trace.recomputed) == 0
    ws["A1"] = 100
    assert [ws[f"B{row}"].value for row in range(1, 7)] == [101.0, 200.0, 120.0, 200.0, 1.0, 3.0]
    wb.recalculate(full=True)
    assert [ws[f"B{row}"].value for row in range(1, 7)] == [101.0, 200.0, 120.0, 200.0, 1.0, 3.0]
    for _ in range(3):
        wb.undo()
    assert state(wb) == before


def test_a_sheets_own_name(wb):
    wb.names.rename("Other!rate", "local")
    assert (wb["Other"]["B1"].formula, wb["Sheet1"]["B6"].formula) == ("=local+1", "=Other!local")
    assert wb["Sheet1"]["B1"].formula == "=rate+1"
    assert (wb["Other"]["B1"].value, wb["Sheet1"]["B6"].value) == (4.0, 3.0)


def test_what_is_refused(wb):
    with pytest.raises(UnknownReference):
        wb.names.rename("nope", "x")
    with pytest.raises(ValueRefused):
        wb.names.rename("rate", "double")
    with pytest.raises(ValueRefused):
        wb.names.rename("rate", "A1")


def test_a_name_of_whatever_sheet_uses_it():
    """`!$A$1` is on the sheet of the formula that uses the name; it is saved so, and cells cannot hold it, as in Excel."""
    wb = sheetengine.Workbook()
    one, two = wb["Sheet1"], wb.add_sheet("Two")
    one["A1"], two["A1"] = 1, 2
    wb.names["HERE"] = "=!$A$1*10"
    one["B1"] = two["B1"] = "=HERE"
    two["A1"] = 3
    assert (one["B1"].value, two["B1"].value) == (10.0, 30.0)
    file = io.BytesIO()
    wb.save(file)
    again = sheetengine.open(file.getvalue(), recalculate=True)
    assert again.names["HERE"] == "=!$A$1*10"
    assert again["Two"]["B1"].value == 30.0
    with pytest.raises(FormulaSyntaxError, match="wants a sheet's name"):
        one["C1"] = "=!A1"


def test_excels_own_names_by_either_spelling():
    """Who names ranges Database and Criteria has `_xlnm.Database` and `_xlnm.Criteria` in the file; formulas say either."""
    wb = sheetengine.Workbook()
    ws = wb["Sheet1"]
    ws["A1:B4"] = [["Tree", "Yield"], ["Apple", 14], ["Pear", 10], ["Apple", 9]]
    ws["D1:D2"] = [["Tree"], ["Apple"]]
    ws["F1"] = '=DSUM(Database,"Yield",Criteria)'
    ws["F2"] = "=ROWS(_xlnm.Print_Area)"
    wb.names["_xlnm.Database"] = "=Sheet1!$A$1:$B$4"
    wb.names["Sheet1!_xlnm.Criteria"] = "=Sheet1!$D$1:$D$2"
    wb.names["Sheet1!Print_Area"] = "=Sheet1!$A$1:$B$3"
    assert (ws["F1"].value, ws["F2"].value) == (23.0, 3.0)
    wb.names["_xlnm.Database"] = "=Sheet1!$A$1:$B$3"
    assert ws["F1"].value == 14.0


def test_a_rename_heals_what_waits_for_the_new_name_and_undo_makes_it_wait_again():
    wb = sheetengine.Workbook()
    ws = wb["Sheet1"]
    wb.names["half"] = "=LAMBDA(v,v/2)"
    wb.names["whole"] = "=part(8)"
    ws["A1:A3"] = "=part(6)"
    ws["B1"] = "=half(10)"
    ws["C1:D1"].set_array_formula("=part({2,4})")
    ws["E1"] = "=whole"
    assert str(ws["A1"].value) == str(ws["E1"].value) == "#NAME?"
    wb.names.rename("half", "part")
    assert [ws[place].value for place in ("A1", "B1", "C1", "D1", "E1")] == [3.0, 5.0, 1.0, 2.0, 4.0]
    wb.undo()
    assert (ws["A3"].formula, ws["B1"].formula, wb.names["whole"]) == ("=part(6)", "=half(10)", "=part(8)")
    assert [str(ws[place].value) for place in ("A1", "B1", "D1", "E1")] == ["#NAME?", "5.0", "#NAME?", "#NAME?"]
    wb.redo()
    assert (ws["A3"].value, ws["B1"].formula, ws["E1"].value) == (3.0, "=part(10)", 4.0)


def test_a_table_or_column_renamed_heals_what_waits_for_it():
    wb = sheetengine.Workbook()
    ws = wb["Sheet1"]
    ws["A1:B3"] = [["Item", "Net"], ["tea", 3], ["jam", 4]]
    table = ws.add_table("A1:B3", "Sales")
    ws["D1"], ws["D2"], ws["D3"] = "=SUM(Costs[Net])", "=SUM(Sales[Gross])", "=SUM(Sales[Net])"
    assert str(ws["D1"].value) != "7.0"
    table.name = "Costs"
    assert ws["D1"].value == 7.0
    table.rename_column("Net", "Gross")
    assert ws["D2"].value == ws["D3"].value == 7.0
    wb.undo()
    wb.undo()
    assert [cell.formula for cell in ws["D1:D3"]] == ["=SUM(Costs[Net])", "=SUM(Sales[Gross])", "=SUM(Sales[Net])"]
    assert ws["D3"].value == 7.0
    assert str(ws["D1"].value) != "7.0"


def test_a_name_of_the_workbook_behind_a_sheet_follows_its_new_name():
    """`Sheet1!rate` is the workbook's name where the sheet has none of its own."""
    wb = sheetengine.Workbook()
    ws, other = wb["Sheet1"], wb.add_sheet("Other")
    wb.names["rate"] = 2
    wb.names["Other!rate"] = 3
    ws["A1"], other["A1"] = "=Sheet1!rate+Other!rate", "=rate"
    wb.names.rename("rate", "tax")
    assert (ws["A1"].formula, ws["A1"].value, other["A1"].formula) == ("=Sheet1!tax+Other!rate", 5.0, "=rate")
    wb.undo()
    assert ws["A1"].formula == "=Sheet1!rate+Other!rate"
