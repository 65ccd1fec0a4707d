"""Tables made, renamed, resized, extended: structured references follow, and all of it is taken back."""

from __future__ import annotations

import pytest

import sheetengine
from sheetengine.errors import EditRefused, UnknownReference, ValueRefused


@pytest.fixture
def wb():
    wb = sheetengine.Workbook()
    ws = wb["Sheet1"]
    ws["A1:C4"] = [["Item", "Qty", "Price"], ["tea", 2, 3.5], ["jam", 1, 4], ["rye", 5, 2]]
    table = ws.add_table("A1:C4", "Sales")
    table.add_column("Net", "=[@Qty]*[@Price]")
    ws["F1"] = "=SUM(Sales[Net])"
    ws["F2"] = "=SUM(Sales[[#All],[Qty]:[Price]])"
    ws["F3"] = '=SUMPRODUCT((Sales[Item]="jam")*Sales[Net])'
    ws["F4"] = "=LET(n,Sales[Net],SUM(n)+ROWS(Sales))"
    wb.names["total"] = "=SUM(Sales[Net])"
    ws["F5"] = "=total"
    return wb


def state(wb):
    return [(cell.address, cell.formula, cell.value) for sheet in wb for cell in sheet.cells_with()] + [repr(t) for t in wb.tables.values()]


def answers(wb):
    return [wb["Sheet1"][f"F{row}"].value for row in range(1, 6)]


def test_what_formulas_read(wb):
    assert answers(wb) == [21.0, 17.5, 4.0, 24.0, 21.0]
    assert wb["Sheet1"]["D3"].formula == "=[@Qty]*[@Price]"
    assert (len(wb.tables["SALES"]), wb.tables["Sales"]["Net"].values.tolist()) == (3, [[7.0], [4.0], [10.0]])


def test_the_filled_column_is_one_block(wb):
    field = wb._engine.field
    assert len({field.find(1, row, 3)[0].id for row in (1, 2, 3)}) == 1


def test_a_table_gets_another_name(wb):
    before = state(wb)
    with wb.trace() as trace:
        wb.tables["Sales"].name = "Orders"
    ws = wb["Sheet1"]
    assert (ws["F1"].formula, ws["F3"].formula) == ("=SUM(Orders[Net])", '=SUMPRODUCT((Orders[Item]="jam")*Orders[Net])')
    assert (ws["F4"].formula, wb.names["total"]) == ("=LET(n,Orders[Net],SUM(n)+ROWS(Orders))", "=SUM(Orders[Net])")
    assert len(trace.recomputed) == 0
    ws["B2"] = 4
    assert answers(wb)[0] == 28.0
    wb.undo()
    wb.undo()
    assert state(wb) == before


def test_a_column_gets_another_name_by_its_header_or_by_name(wb):
    before = state(wb)
    ws = wb["Sheet1"]
    ws["C1"] = "Unit price"
    wb.tables["Sales"].rename_column("Qty", "Number")
    assert ws["D2"].formula == "=[@Number]*[@[Unit price]]"
    assert ws["F2"].formula == "=SUM(Sales[[#All],[Number]:[Unit price]])"
    assert (ws["B1"].value, answers(wb)) == ("Number", [21.0, 17.5, 4.0, 24.0, 21.0])
    wb.undo()
    wb.undo()
    assert state(wb) == before


def test_headers_are_texts_and_unique(wb):
    ws = wb["Sheet1"]
    ws["A1:B1"] = [[2024, "Price"]]
    assert wb.tables["Sales"].columns == ("2024", "Price2", "Price", "Net")
    assert ws["A1:D1"].value == [["2024", "Price2", "Price", "Net"]]
    wb.undo()
    assert wb.tables["Sales"].columns == ("Item", "Qty", "Price", "Net")


def test_a_column_may_have_an_exclamation_mark_in_its_name(wb):
    ws = wb["Sheet1"]
    ws["B1"] = "Done!"
    assert ws["D2"].formula == "=[@[Done!]]*[@Price]"
    ws["G1"] = "=SUM(Sales[Done!])"
    assert (ws["G1"].value, ws["F1"].value) == (8.0, 21.0)


def test_an_array_formula_of_one_cell_in_a_header_becomes_its_text(wb):
    ws = wb["Sheet1"]
    before = state(wb)
    ws["B1"].set_array_formula('="Pie"&"ces"')
    assert (ws["B1"].formula, ws["B1"].value, ws["D2"].formula) == (None, "Pieces", "=[@Pieces]*[@Price]")
    assert answers(wb) == [21.0, 17.5, 4.0, 24.0, 21.0]
    wb.undo()
    assert state(wb) == before


def test_rows_are_appended_with_the_formulas_of_the_row_above(wb):
    before = state(wb)
    table = wb.tables["Sales"]
    table.append([["oil", 1, 8, None], ["egg", 12, 0.5, None]])
    ws = wb["Sheet1"]
    assert ws["D6"].formula == "=[@Qty]*[@Price]"
    assert (answers(wb)[0], answers(wb)[3]) == (35.0, 40.0)
    assert table.range.address == "Sheet1!A1:D6"
    wb.undo()
    assert state(wb) == before
    ws["B5"] = "in the way"
    with pytest.raises(EditRefused, match="not empty"):
        table.append(["oil", 1, 8, None])


def test_a_table_takes_another_range(wb):
    table = wb.tables["Sales"]
    table.resize("A1:D3")
    assert answers(wb)[:2] == [11.0, 10.5]
    # D4 is in no table now: `[@Qty]` there names nothing.
    assert str(wb["Sheet1"]["D4"].value) in ("#REF!", "#VALUE!")
    wb.undo()
    assert answers(wb)[0] == 21.0
    with pytest.raises(EditRefused):
        table.resize("A2:D4")


def test_a_deleted_table_leaves_cells_and_comes_back(wb):
    before = state(wb)
    wb.tables["Sales"].delete()
    assert str(wb["Sheet1"]["F1"].value) == "#REF!"
    assert wb["Sheet1"]["A2"].value == "tea"
    wb.undo()
    assert state(wb) == before


def test_what_is_refused(wb):
    ws = wb["Sheet1"]
    with pytest.raises(EditRefused, match="meets table Sales"):
        ws.add_table("C3:E9")
    for name in ("A1", "Sales", "total", "1st"):
        with pytest.raises(ValueRefused):
            ws.add_table("H1:I5", name)
    with pytest.raises(UnknownReference):
        wb.tables["Nope"]
    with pytest.raises(ValueRefused, match="already"):
        wb.tables["Sales"].rename_column("Qty", "price")
    assert list(wb.tables) == ["Sales"]
    assert ws.add_table("H1:I5").columns == ("Column1", "Column2")
