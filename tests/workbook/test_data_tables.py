"""What-if data tables: one and two inputs, made from Python and read from files. Source: Microsoft, "Calculate multiple results by using a
data table"."""

from __future__ import annotations

import io
import zipfile

import numpy as np
import openpyxl
import pytest

import sheetengine
from sheetengine.errors import EditRefused, ValueRefused


@pytest.fixture
def wb():
    wb = sheetengine.Workbook()
    ws = wb["Sheet1"]
    ws["A1:A3"] = [[0.05], [120], [100000]]  # rate, months, loan
    ws["A5"] = "=A1/12"
    ws["A4"] = "=PMT(A5,A2,-A3)"
    return wb


RATES = [0.03, 0.04, 0.05, 0.06]
MONTHS = [60.0, 120.0, 240.0]


def payment(rate, months, loan=100000.0):
    rate /= 12
    return loan * rate / (1 - (1 + rate) ** -months)


def test_two_inputs(wb):
    ws = wb["Sheet1"]
    ws["D1"] = "=A4"
    ws["E1:G1"] = [MONTHS]
    ws["D2:D5"] = [[rate] for rate in RATES]
    table = ws.add_data_table("D1:G5", row_input="A2", column_input="A1")
    assert table.address == "Sheet1!E2:G5"
    np.testing.assert_allclose(table.values, [[payment(r, m) for m in MONTHS] for r in RATES], rtol=1e-12)
    assert (ws["E2"].formula, ws["G5"].formula) == ("=TABLE(A2,A1)", "=TABLE(A2,A1)")
    assert (ws["A1"].value, ws["A2"].value) == (0.05, 120.0)


def test_an_edit_computes_what_depends_on_it(wb):
    ws = wb["Sheet1"]
    ws["D1"] = "=A4"
    ws["E1:G1"] = [MONTHS]
    ws["D2:D5"] = [[rate] for rate in RATES]
    table = ws.add_data_table("D1:G5", row_input="A2", column_input="A1")
    ws["I1"] = "=SUM(E2:G5)"
    wb.recalculate()
    with wb.trace() as trace:
        ws["D3"] = 0.1
    assert trace.recomputed.ranges == ["Sheet1!E3:G3", "Sheet1!I1"]
    with wb.trace() as trace:
        ws["A3"] = 200000
    np.testing.assert_allclose(table.values[0], [payment(0.03, m, 200000.0) for m in MONTHS], rtol=1e-12)
    assert len(trace.recomputed) == 15
    ws["K9"] = 1
    wb.undo()
    wb.undo()
    np.testing.assert_allclose(table.values[0], [payment(0.03, m) for m in MONTHS], rtol=1e-12)


@pytest.mark.parametrize("by_row", [False, True])
def test_one_input_with_several_formulas(wb, by_row):
    ws = wb["Sheet1"]
    if by_row:
        ws["E1:H1"] = [RATES]
        ws["D2:D3"] = [["=A4"], ["=A4*A2"]]
        table = ws.add_data_table("D1:H3", row_input="A1")
        found = table.values.T
    else:
        ws["D2:D5"] = [[rate] for rate in RATES]
        ws["E1:F1"] = [["=A4", "=A4*A2"]]
        table = ws.add_data_table("D1:F5", column_input="A1")
        found = table.values
    np.testing.assert_allclose(found, [[payment(r, 120), payment(r, 120) * 120] for r in RATES], rtol=1e-12)


def test_each_cell_of_a_random_table_has_a_chance_of_its_own(wb):
    ws = wb["Sheet1"]
    wb.fix_seed(1)
    ws["D1:E1"] = [[None, "=RAND()"]]
    ws["D2:D6"] = [[n] for n in range(5)]
    table = ws.add_data_table("D1:E6", column_input="B9")
    first = table.values[:, 0]
    assert len(set(first.tolist())) == 5
    wb.recalculate()
    assert not set(first.tolist()) & set(table.values[:, 0].tolist())


def test_errors_and_texts_are_values(wb):
    ws = wb["Sheet1"]
    ws["D1:E1"] = [[None, '=IF(A1=0,1/A1,"rate "&A1)']]
    ws["D2:D3"] = [[0], [2]]
    table = ws.add_data_table("D1:E3", column_input="A1")
    assert [str(row[0]) for row in table.value] == ["#DIV/0!", "rate 2"]


def test_a_table_is_changed_whole_or_not_at_all(wb):
    ws = wb["Sheet1"]
    ws["D1:E1"] = [[None, "=A4"]]
    ws["D2:D4"] = [[0.1], [0.2], [0.3]]
    table = ws.add_data_table("D1:E4", column_input="A1")
    with pytest.raises(EditRefused, match=r"Sheet1!E2:E4 is one data table"):
        ws["E3"] = 1
    before = table.values.copy()
    ws["E2:E4"] = None
    assert table.value == [[None], [None], [None]]
    wb.undo()
    np.testing.assert_array_equal(table.values, before)


def test_what_is_refused(wb):
    ws = wb["Sheet1"]
    with pytest.raises(ValueRefused):
        ws.add_data_table("D1:E4")
    with pytest.raises(ValueRefused):
        ws.add_data_table("D1:D4", column_input="A1")
    with pytest.raises(EditRefused):
        ws.add_data_table("D1:F4", column_input="E2")


def saved(wb):
    stream = io.BytesIO()
    wb.save(stream)
    return stream.getvalue()


def test_a_table_goes_through_a_file(wb):
    ws = wb["Sheet1"]
    ws["D1"] = "=A4"
    ws["E1:G1"] = [MONTHS]
    ws["D2:D5"] = [[rate] for rate in RATES]
    ws.add_data_table("D1:G5", row_input="A2", column_input="A1")
    ws["I1:J1"] = [[None, "=A4"]]
    ws["I2:I3"] = [[0.1], [0.2]]
    ws.add_data_table("I1:J3", column_input="A1")
    values = ws["D1:J5"].value
    data = saved(wb)
    xml = zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml").decode()
    assert '<f t="dataTable" ref="E2:G5" dt2D="1" dtr="1" r1="A2" r2="A1"/>' in xml
    assert '<f t="dataTable" ref="J2:J3" r1="A1"/>' in xml
    assert xml.count("dataTable") == 2
    again = sheetengine.open(data)
    with again.trace() as trace:
        assert again["Sheet1"]["D1:J5"].value == values
    assert len(trace.recomputed) == 0
    again["Sheet1"]["A3"] = 50000
    np.testing.assert_allclose(again["Sheet1"]["E2:G2"].values, [[payment(0.03, m, 50000.0) for m in MONTHS]], rtol=1e-12)
    xml = zipfile.ZipFile(io.BytesIO(saved(again))).read("xl/worksheets/sheet1.xml").decode()
    assert xml.count("dataTable") == 2
    again["Sheet1"]["J2:J3"] = None
    xml = zipfile.ZipFile(io.BytesIO(saved(again))).read("xl/worksheets/sheet1.xml").decode()
    assert xml.count("dataTable") == 1
    assert openpyxl.load_workbook(io.BytesIO(data), data_only=True)["Sheet1"]["G5"].value == pytest.approx(payment(0.06, 240))


def test_copies_have_tables_of_their_own(wb):
    ws = wb["Sheet1"]
    ws["D1:E1"] = [[None, "=A4"]]
    ws["D2:D3"] = [[0.1], [0.2]]
    ws.add_data_table("D1:E3", column_input="A1")
    twin = wb.copy()
    twin["Sheet1"]["A3"] = 1000
    assert twin["Sheet1"]["E2"].value == pytest.approx(payment(0.1, 120, 1000.0))
    assert ws["E2"].value == pytest.approx(payment(0.1, 120))


def test_an_input_that_was_deleted_is_said_to_be_so(wb):
    """ECMA-376 18.3.1.40: `del1`, `del2` where the first, the second input cell of a data table was deleted."""
    ws = wb["Sheet1"]
    ws["D1"] = "=A4"
    ws["E1:G1"] = [MONTHS]
    ws["D2:D3"] = [[0.03], [0.04]]
    ws.add_data_table("D1:G3", row_input="A2", column_input="B9")
    wb = sheetengine.open(saved(wb))
    wb["Sheet1"].delete_rows(9)
    data = saved(wb)
    xml = zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml").decode()
    assert '<f t="dataTable" ref="E2:G3" dt2D="1" dtr="1" r1="A2" del2="1"/>' in xml
    again = sheetengine.open(data)
    assert str(again["Sheet1"]["E2"].value) == "#REF!"
    assert "the input cells of the data table are gone" in str(again.unsupported)


def test_a_table_whose_formula_reads_another_table():
    wb = sheetengine.Workbook()
    ws = wb["Sheet1"]
    ws["A1:B1"] = [[2, 3]]
    ws["D1:E3"] = [[None, "=A1*10"], [1, None], [2, None]]
    ws.add_data_table("D1:E3", column_input="A1")
    ws["G1:H3"] = [[None, "=SUM(E2:E3)*B1"], [5, None], [7, None]]
    ws.add_data_table("G1:H3", column_input="B1")
    assert ws["H2:H3"].values.tolist() == [[150.0], [210.0]]
    wb.recalculate(full=True)
    assert ws["H2:H3"].values.tolist() == [[150.0], [210.0]]


def test_the_formula_of_a_later_row_is_computed_by_the_table_itself():
    wb = sheetengine.Workbook()
    ws = wb["Sheet1"]
    ws["A1:A2"] = [[1], ["=A1+1"]]
    ws["C1:D3"] = [[None, 5], ["=1", None], ["=A2*10", None]]
    ws.add_data_table("C1:D3", row_input="B9")
    with wb.batch():
        ws["A1"] = 4
        ws["C2:C3"] = "=A$2*B$9"
    wb.recalculate(full=True)
    assert ws["D2:D3"].values.tolist() == [[25.0], [25.0]]


def test_an_input_cell_that_is_part_of_an_array_formula():
    wb = sheetengine.Workbook()
    ws = wb["Sheet1"]
    ws["A1:A3"].set_array_formula("={1;2;3}")
    ws["C1:D3"] = [[None, "=A2*10"], [7, None], [8, None]]
    ws.add_data_table("C1:D3", column_input="A2")
    assert ws["D2:D3"].values.tolist() == [[70.0], [80.0]]
    assert ws["A1:A3"].values.tolist() == [[1.0], [2.0], [3.0]]
