"""Rows, columns and cells inserted, deleted and moved: what follows, what is refused, what it costs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import sheetengine
from sheetengine import Workbook
from sheetengine.syntax import parser


def sheet_of(cells: dict[str, object]) -> tuple[Workbook, sheetengine.Sheet]:
    wb = Workbook()
    ws = wb["Sheet1"]
    for address, value in cells.items():
        ws[address] = value
    return wb, ws


# -- references ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("formula", "after_insert", "after_delete"),
    [
        ("=SUM(A3:A5)", "=SUM(A3:A6)", "=SUM(A3:A4)"),
        ("=SUM(A4:A9)", "=SUM(A5:A10)", "=SUM(A4:A8)"),
        ("=SUM(A1:A3)", "=SUM(A1:A3)", "=SUM(A1:A3)"),
        ("=SUM(A4:A4)", "=SUM(A5:A5)", "=SUM(#REF!)"),
        ("=A4+$A$4+A$5", "=A5+$A$5+A$6", "=#REF!+#REF!+A$4"),
        ("=SUM(A:B)+COUNT(2:5)", "=SUM(A:B)+COUNT(2:6)", "=SUM(A:B)+COUNT(2:4)"),
        ("=SUM(A5:A3)", "=SUM(A6:A3)", "=SUM(A4:A3)"),
        ("=SUM(Sheet1!A1:B8,Other!A1:A9)", "=SUM(Sheet1!A1:B9,Other!A1:A9)", "=SUM(Sheet1!A1:B7,Other!A1:A9)"),
        ("=SUM(Sheet1:Other!A4:A5)", "=SUM(Sheet1:Other!A4:A5)", "=SUM(Sheet1:Other!A4:A5)"),
        ('=INDIRECT("A4")', '=INDIRECT("A4")', '=INDIRECT("A4")'),
    ],
)
def test_references_follow_row_4(formula: str, after_insert: str, after_delete: str) -> None:
    wb, ws = sheet_of({"A1:B9": [[float(row), row * 0.5] for row in range(9)]})
    other = wb.add_sheet("Other")
    ws["F1"] = formula
    other["F1"] = formula.replace("(A", "(Sheet1!A").replace("=A", "=Sheet1!A")
    ws.insert_rows(4)
    assert ws["F1"].formula == after_insert
    wb.undo()
    ws.delete_rows(4)
    assert ws["F1"].formula == after_delete
    wb.undo()
    assert ws["F1"].formula == formula


def test_names_of_both_scopes_follow_and_relative_ones_stay() -> None:
    wb, ws = sheet_of({"A1:A9": [[float(row)] for row in range(9)]})
    wb.names["fixed"] = "=Sheet1!$A$4:$A$6"
    wb.names["Sheet1!own"] = "=Sheet1!$A$5"
    wb.names["sheetless"] = "=SUM(Sheet1!$A$1:$A$9)*2"
    wb.names["beside"] = "=Sheet1!B1"
    ws["D8"] = 1000
    ws["C8"] = "=SUM(fixed)+own+sheetless+beside"
    before = ws["C8"].value
    ws.insert_rows(5, 2)
    assert dict(wb.names) == {
        "fixed": "=Sheet1!$A$4:$A$8",
        "Sheet1!own": "=Sheet1!$A$7",
        "sheetless": "=SUM(Sheet1!$A$1:$A$11)*2",
        "beside": "=Sheet1!B1",
    }
    # `beside` is the cell to the right of whatever uses it, as before.
    assert ws["C10"].value == before
    ws.delete_rows(7)
    assert wb.names["Sheet1!own"] == "=Sheet1!#REF!"
    assert str(ws["C9"].value) == "#REF!"
    wb.undo()
    wb.undo()
    assert ws["C8"].value == before


def test_tables_grow_and_shrink_and_structured_references_follow() -> None:
    wb, ws = sheet_of({"B2:C5": [["Item", "Net"], ["tea", 1], ["jam", 2], ["ham", 4]]})
    ws.add_table("B2:C5", "Sales")
    ws["E1"] = "=SUM(Sales[Net])"
    ws["E3"] = "=Sales[@Net]*10"
    assert ws["E1"].value == 7.0
    ws.insert_rows(4)
    ws["C4"] = 100
    assert ws["E1"].value == 107.0
    ws.insert_columns(3)
    assert wb._engine.book.tables["sales"].columns == ("Item", "Column1", "Net")
    assert ws["B2:D2"].value == [["Item", "Column1", "Net"]]
    assert ws["F1"].formula == "=SUM(Sales[Net])"
    assert ws["F3"].value == 10.0
    with pytest.raises(sheetengine.EditRefused, match="header row"):
        ws.delete_rows(2)
    with pytest.raises(sheetengine.EditRefused, match="moved in part"):
        ws["B3"].insert(shift="down")
    ws.delete_rows(1, 6)
    assert wb._engine.book.tables == {}
    for _ in range(4):
        wb.undo()
    assert ws["E1"].value == 7.0
    assert ws["E3"].value == 10.0


# -- arrays --------------------------------------------------------------------------------------------------------------


def test_an_array_formula_moves_whole_or_not_at_all() -> None:
    wb, ws = sheet_of({"A1:A3": [[1.0], [2.0], [3.0]]})
    ws["C3:C5"].set_array_formula("=A1:A3*2")
    assert ws["C5"].value == 6.0
    for refused in (lambda: ws.insert_rows(4), lambda: ws.delete_rows(4), lambda: ws["C4"].delete(), lambda: ws["C4"].move_to(ws["E1"])):
        with pytest.raises(sheetengine.EditRefused, match="array formula"):
            refused()
    ws.insert_rows(3)
    assert ws["C6"].formula == "=A1:A4*2"
    assert ws["C4:C6"].values[:, 0].tolist() == [2.0, 4.0, 0.0]
    ws["C4:C6"].move_to(ws["E1"])
    assert ws["E1:E3"].values[:, 0].tolist() == [2.0, 4.0, 0.0]
    assert ws["C4"].value is None
    ws.delete_rows(1, 3)
    assert ws["E1"].value is None
    wb.undo()
    assert ws["E1:E3"].values[:, 0].tolist() == [2.0, 4.0, 0.0]


def test_a_spilling_formula_spills_again() -> None:
    wb, ws = sheet_of({"C2": "=SEQUENCE(4)", "F1": "=SUM(C2#)", "F2": "=SUM(C2:C5)"})
    assert (ws["F1"].value, ws["F2"].value) == (10.0, 10.0)
    ws.insert_rows(4)
    assert ws["C2"].spill.address == "Sheet1!C2:C5"
    assert (ws["F1"].value, ws["F2"].formula, ws["F2"].value) == (10.0, "=SUM(C2:C6)", 10.0)
    ws.insert_rows(1)
    assert ws["C3"].spill.address == "Sheet1!C3:C6"
    ws["H1"] = 5
    ws["H1"].move_to(ws["C5"])
    assert str(ws["C3"].value) == "#SPILL!"
    ws["C5"].delete(shift="left")
    assert ws["C3"].value == 1.0
    while wb.undo():
        pass
    assert ws.used_range is None


def test_a_data_table_is_not_cut() -> None:
    wb, ws = sheet_of({"A1:B1": [[100, 0.05]], "D1:F3": [["=A1*(1+B1)", 0.1, 0.2], [10, None, None], [20, None, None]]})
    table = ws.add_data_table("D1:F3", row_input="B1", column_input="A1")
    assert table.values.tolist() == [[11.0, 12.0], [22.0, 24.0]]
    for at in (2, 3):
        with pytest.raises(sheetengine.EditRefused, match="data table"):
            ws.insert_rows(at)
    ws.insert_rows(1)
    ws.insert_columns(1)
    assert ws["F3:G4"].values.tolist() == [[11.0, 12.0], [22.0, 24.0]]
    ws["B2"] = 7
    ws["F2"] = 0.5
    assert ws["F3"].value == 15.0
    for _ in range(4):
        wb.undo()
    assert ws["E2:F3"].values.tolist() == [[11.0, 12.0], [22.0, 24.0]]


# -- looks ---------------------------------------------------------------------------------------------------------------


def test_merged_cells_hidden_rows_widths_and_formats_follow() -> None:
    wb, ws = sheet_of({"A1": 1, "B2": 0.5, "C5": 2})
    record = wb._engine.book.sheets[ws.id]
    record.merged, record.hidden_rows, record.widths = [(2, 0, 4, 1)], {5}, {1: 20.0}
    ws["B2"].number_format = "0%"
    ws.insert_rows(3)
    assert (record.merged, record.hidden_rows) == ([(3, 0, 5, 1)], {6})
    # What is inserted looks like what stands above it.
    assert ws["B3"].number_format == "0%"
    ws.insert_rows(5)
    assert record.merged == [(3, 0, 6, 1)]
    ws.insert_columns(3)
    assert record.widths == {1: 20.0, 2: 20.0}
    with pytest.raises(sheetengine.EditRefused, match="merged"):
        ws["A1"].insert(shift="down")
    ws.delete_rows(3, 5)
    assert record.merged == []
    for _ in range(4):
        wb.undo()
    assert (record.merged, record.hidden_rows, record.widths) == ([(2, 0, 4, 1)], {5}, {1: 20.0})
    assert (ws["B2"].number_format, ws["B3"].number_format) == ("0%", "General")


def test_what_would_be_pushed_off_the_sheet_is_refused() -> None:
    wb, ws = sheet_of({"A1048576": 1, "XFD1": 2})
    with pytest.raises(sheetengine.EditRefused, match="pushed off"):
        ws.insert_rows(1)
    with pytest.raises(sheetengine.EditRefused, match="pushed off"):
        ws.insert_columns(5)
    ws.delete_rows(1)
    assert ws["A1048575"].value == 1.0
    for wrong in (lambda: ws.insert_rows(0), lambda: ws.delete_rows(1, 0), lambda: ws.insert_columns(16385), lambda: ws["A1"].insert("up")):  # type: ignore[arg-type]
        with pytest.raises(sheetengine.ValueRefused):
            wrong()
    assert wb.undo()
    assert not wb.sheets[0]["A1048575"].value


# -- moving --------------------------------------------------------------------------------------------------------------


def test_a_moved_edge_of_a_range_takes_the_range_with_it() -> None:
    _, ws = sheet_of({"A1:A5": [[1.0], [2.0], [3.0], [4.0], [5.0]], "C1": "=SUM(A1:A5)", "C2": "=SUM(A2:A4)"})
    ws["A5"].move_to(ws["A8"])
    assert (ws["C1"].formula, ws["C2"].formula) == ("=SUM(A1:A8)", "=SUM(A2:A4)")
    ws["A1"].move_to(ws["A3"])
    assert (ws["C1"].formula, ws["C2"].formula) == ("=SUM(A3:A8)", "=SUM(A2:A4)")
    ws["A4"].move_to(ws["B4"])
    assert ws["C2"].formula == "=SUM(A2:A4)"
    assert ws["C1"].value == 6.0


def test_what_is_overwritten_by_a_move_is_gone() -> None:
    wb, ws = sheet_of({"A1": 1, "B1": 2, "C1": "=A1+B1", "C2": "=SUM(B1:B2)"})
    ws["A1"].move_to(ws["B1"])
    assert ws["C1"].formula == "=B1+#REF!"
    assert ws["C2"].formula == "=SUM(B1:B2)"
    wb.undo()
    assert (ws["C1"].formula, ws["C1"].value) == ("=A1+B1", 3.0)


def test_moves_across_sheets_name_the_sheet_where_they_must() -> None:
    wb, ws = sheet_of({"A1": 5, "B1": "=A1*2", "C1": "=B1+A1"})
    other = wb.add_sheet("My sheet")
    wb.names["base"] = "=Sheet1!$A$1"
    ws["B1"].move_to(other["B2"])
    assert (other["B2"].formula, ws["C1"].formula, ws["C1"].value) == ("=Sheet1!A1*2", "='My sheet'!B2+A1", 15.0)
    ws["A1"].move_to(other["A1"])
    assert (other["B2"].formula, wb.names["base"]) == ("='My sheet'!A1*2", "='My sheet'!$A$1")
    wb.undo()
    wb.undo()
    assert ([ws["B1"].formula, ws["C1"].formula], wb.names["base"]) == (["=A1*2", "=B1+A1"], "=Sheet1!$A$1")


def test_a_trace_says_what_moved_what_was_rewritten_and_why_a_cell_was_computed() -> None:
    wb, ws = sheet_of({"A1:A5": [[1.0], [2.0], [3.0], [4.0], [5.0]], "C1": "=SUM(A1:A5)", "C2": "=A5", "D1": "=C1*2", "E1": 7})
    with wb.trace() as trace:
        ws.insert_rows(3)
    assert trace.rewritten == ["Sheet1!C1", "Sheet1!C2"]
    assert list(trace.recomputed) == ["Sheet1!C1", "Sheet1!D1"]
    assert trace.changed == {}
    assert str(trace.why("Sheet1!D1")) == ("Sheet1!A3:A6 was edited\n  Sheet1!C1 reads Sheet1!A1:A6\n    Sheet1!D1 reads Sheet1!C1")
    assert "Sheet1!3:1048576" in str(trace)
    with wb.trace() as undone:
        wb.undo()
    assert undone.rewritten == ["Sheet1!C1", "Sheet1!C2"]
    with pytest.raises(ZeroDivisionError), wb.batch():  # noqa: PT012  # the batch is what must fail
        ws.delete_rows(1, 3)
        ws["A1"].move_to(ws["E1"])
        ws["A1:A2"].insert(shift="right")
        raise ZeroDivisionError
    assert [cell.formula for cell in ws["C1:D1"]] == ["=SUM(A1:A5)", "=C1*2"]
    assert (ws["D1"].value, ws["E1"].value) == (30.0, 7.0)


# -- cost ----------------------------------------------------------------------------------------------------------------


def test_a_hundred_thousand_formulas_shift_as_one() -> None:
    wb, ws = sheet_of({})
    ws["A1:A100000"] = np.arange(100_000.0)[:, None]
    ws["B1:B100000"] = "=A1*2+$F$1"
    ws["D1:D100000"] = "=SUM(A1:A3)"
    assert ws["B100000"].value == 199_998.0
    field = wb._engine.field
    edges, parsed = field.graph.edge_count(), parser.parsed
    visited = field.book.sheets[ws.id].store
    asked = []
    original = type(visited).cell
    type(visited).cell = lambda store, row, column: asked.append((row, column)) or original(store, row, column)  # type: ignore[method-assign]
    try:
        ws.insert_rows(1)
        ws.insert_rows(50_000)
        ws.delete_rows(50_000)
        ws.delete_rows(1)
    finally:
        type(visited).cell = original  # type: ignore[method-assign]
    assert asked == []
    assert parser.parsed == parsed
    assert (len(field.blocks), field.graph.edge_count()) == (2, edges)
    with wb.trace() as trace:
        ws.insert_rows(50_001)
    # Single cells that moved with their references are what they were; sums that grew or moved are computed.
    assert "Sheet1!B5" not in trace.recomputed
    assert all(text.startswith("Sheet1!D") for text in trace.recomputed.ranges)
    assert {"Sheet1!B50002:B100001", "Sheet1!D49999:D50000"} <= set(trace.rewritten)


def test_a_thousand_edits_leave_the_graph_as_small_as_a_fresh_load(tmp_path: Path) -> None:
    wb, ws = sheet_of({})
    ws["A1:A2000"] = np.arange(2000.0)[:, None]
    ws["B1:B2000"] = "=A1*2+$F$1"
    for place in range(500):
        ws.insert_rows(2 + 3 * place)
    assert size_of_graph(wb) == size_after_loading(wb, tmp_path) == (2, 4)
    for place in reversed(range(500)):
        ws.delete_rows(2 + 3 * place)
    assert ws["B2000"].formula == "=A2000*2+$F$1"
    assert ws["B2000"].value == 3998.0
    assert size_of_graph(wb) == (1, 2)


@settings(max_examples=15, deadline=None)
@given(st.integers(40, 300), st.lists(st.tuples(st.booleans(), st.integers(1, 300)), max_size=60))
def test_no_script_leaves_a_larger_graph_than_a_fresh_load(
    tmp_path_factory: pytest.TempPathFactory, rows: int, script: list[tuple[bool, int]]
) -> None:
    wb, ws = sheet_of({})
    ws[f"A1:A{rows}"] = np.arange(float(rows))[:, None]
    ws[f"B1:B{rows}"] = "=A1*2+$F$1"
    ws[f"C1:D{rows}"] = "=SUM(A1:A3)+B1"
    for insert, place in script:
        (ws.insert_rows if insert else ws.delete_rows)(place % rows + 1)
    fresh = size_after_loading(wb, tmp_path_factory.mktemp("graph"))
    assert all(own <= loaded for own, loaded in zip(size_of_graph(wb), fresh, strict=True))


def size_of_graph(wb: Workbook) -> tuple[int, int]:
    field = wb._engine.field
    return len(field.blocks), field.graph.edge_count()


def size_after_loading(wb: Workbook, folder: Path) -> tuple[int, int]:
    path = folder / "fresh.xlsx"
    wb.save(path)
    return size_of_graph(sheetengine.open(path))


def test_a_family_shifts_by_arrays() -> None:
    wb, ws = sheet_of({"A1:A400": [[float(row)] for row in range(400)]})
    rng = np.random.default_rng(5)
    for row in range(1, 401, 2):
        ws[f"C{row}"] = f"=A{rng.integers(1, 400)}*2+$A$3"
    ws.insert_rows(1)
    ws.delete_rows(1)
    families = [block for block in wb._engine.field if not hasattr(block, "slots")]
    assert len(families) == 1
    before = {cell.address: (cell.formula, cell.value) for cell in ws["C1:C400"]}
    ws.insert_rows(100, 3)
    assert ws["C1"].formula is not None
    ws.delete_rows(101)
    ws.insert_columns(2)
    for _ in range(3):
        wb.undo()
    assert {cell.address: (cell.formula, cell.value) for cell in ws["C1:C400"]} == before
    ws.delete_rows(3)
    assert ws["C2"].formula is None or "$A$3" not in ws["C2"].formula
    assert str(ws["C4"].formula).endswith("+#REF!")
    wb.undo()
    assert {cell.address: (cell.formula, cell.value) for cell in ws["C1:C400"]} == before


def test_a_family_that_uses_names_shifts_by_arrays() -> None:
    wb, ws = sheet_of({"A1:A400": [[float(row)] for row in range(400)]})
    other = wb.add_sheet("Other")
    other["A1"] = 3
    wb.names["rate"] = "=Other!$A$1"
    wb.names["here"] = "=Sheet1!$A$200"
    rng = np.random.default_rng(6)
    for row in range(1, 401, 2):
        ws[f"C{row}"] = f"=A{rng.integers(1, 400)}*rate"
        ws[f"E{row}"] = f"=A{rng.integers(1, 400)}*here"
    before = {cell.address: (cell.formula, cell.value) for cell in ws["C1:E400"]}
    ws.insert_rows(1)
    ws.delete_rows(1)
    by_rate = next(
        block for block in wb._engine.field if not hasattr(block, "slots") and "name:rate" in wb._engine.field.mentions.of(block)
    )
    spelt = by_rate.operands[0]
    ws.insert_rows(100, 3)
    twin = wb._engine.field.blocks[by_rate.id]
    assert twin.operands[0] is spelt  # not bound anew: only its arrays were
    assert wb.names["here"] == "=Sheet1!$A$203"
    shifted = {cell.address: (cell.formula, cell.value) for cell in ws["C1:E403"]}
    wb.recalculate(full=True)
    assert {cell.address: (cell.formula, cell.value) for cell in ws["C1:E403"]} == shifted
    assert sorted(str(value) for _, value in shifted.values()) == sorted([*(str(value) for _, value in before.values()), *["None"] * 9])
    copied = wb.copy()
    assert [cell.formula for cell in copied["Sheet1"]["C1:C403"]] == [cell.formula for cell in ws["C1:C403"]]
    for _ in range(3):
        wb.undo()
    assert {cell.address: (cell.formula, cell.value) for cell in ws["C1:E400"]} == before
