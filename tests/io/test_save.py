"""Workbooks written and read again: new ones, edited ones, untouched ones."""

from __future__ import annotations

import datetime
import io
import pickle
import warnings

import pytest
import xlsxwriter

import sheetengine
from sheetengine.io.xlsx_read import read
from tests import needs


def saved(workbook: sheetengine.Workbook) -> bytes:
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def rich() -> sheetengine.Workbook:
    wb = sheetengine.Workbook()
    ws = wb["Sheet1"]
    ws["A1:B3"] = [[1, 2.5], [0.1 + 0.2, "hé<llo "], [True, None]]
    ws["C1"] = "=A1+B1"
    ws["C2:C9"] = "=$A$1*2"
    ws["D1"] = "=SEQUENCE(3)"
    ws["E1"] = "=SUM(A1:A2*2)"
    ws["F1"] = "=XLOOKUP(1,A1:A3,B1:B3)"
    ws["G1"] = datetime.date(2024, 1, 1)
    ws["H1"] = "=LET(x,2,x*A1)"
    ws["I1"] = "=1/0"
    ws["J1"] = "=D1#"
    ws["K1"] = "=MAP(A1:A2,LAMBDA(a,a+1))"
    wb.names["rate"] = 0.5
    wb.names["block"] = ws["A1:B3"]
    ws["L1"] = "=rate*2"
    ws["M1"] = '=""'
    wb.add_sheet("Da ta")["A1"] = "=Sheet1!A1"
    return wb


def assert_same(one: sheetengine.Workbook, other: sheetengine.Workbook) -> None:
    assert one.sheet_names == other.sheet_names
    assert dict(one.names) == dict(other.names)
    for sheet in one:
        used = sheet.used_range
        again = other[sheet.name].used_range
        assert (used is None) == (again is None)
        if used is None:
            continue
        assert used.address == again.address
        for row in used.rows:
            for cell in row:
                twin = other[sheet.name].cell(cell.row, cell.column)
                assert (cell.value, cell.formula, cell.number_format) == (twin.value, twin.formula, twin.number_format), cell


def test_a_new_workbook_comes_back_as_it_was():
    wb = rich()
    again = sheetengine.open(saved(wb))
    assert not again._engine.dirty
    assert_same(wb, again)
    modes = {
        str(again["Sheet1"][a].formula): again._engine.field.find(1, 0, c)[0].program.mode for a, c in (("C1", 2), ("E1", 4), ("D1", 3))
    }
    assert modes == {"=A1+B1": "legacy", "=SUM(A1:A2*2)": "dynamic", "=SEQUENCE(3)": "dynamic"}


def test_an_edited_workbook_keeps_what_was_not_edited():
    first = sheetengine.open(saved(rich()))
    first["Sheet1"]["A1"] = 10
    first["Sheet1"]["Z9"] = "=A1*2"
    first["Sheet1"]["D1"] = "=SEQUENCE(2)"
    first["Sheet1"]["B2"] = None
    first["Sheet1"]["C3"].number_format = "0.000"
    first["Sheet1"]["AA1"].number_format = '#,##0 "piece(s)"'
    first.add_sheet("New")["B2"] = "x"
    first.names["rate"] = 0.7
    del first.names["block"]
    again = sheetengine.open(saved(first))
    assert_same(first, again)
    assert again["Sheet1"]["L1"].value == 1.4
    assert again["Sheet1"]["D3"].value is None
    assert again["Sheet1"]["AA1"].number_format == '#,##0 "piece(s)"'


def test_nothing_edited_nothing_written():
    data = saved(rich())
    assert saved(sheetengine.open(data)) == data


@pytest.mark.shared
def test_conformance_workbooks_recalculated_and_saved():
    """Every part but the sheets is byte for byte what it was; every value is what we computed; both readers agree."""
    for path in sorted((needs.shared("conformance") / "workbooks").rglob("*.xlsx")):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            wb = sheetengine.open(path, recalculate=True)
            wb.recalculate()
        before = wb._file.document
        data = saved(wb)
        after, plainly = read(data), read(data, plain=True)
        sheets = {sheet.path for sheet in before.sheets}
        assert [entry.filename for entry in before.package.entries] == [entry.filename for entry in after.package.entries]
        for entry in before.package.entries:
            if entry.filename not in sheets:
                assert before.package.read(entry.filename) == after.package.read(entry.filename), (path.name, entry.filename)
        for old, sheet, plain in zip(before.sheets, after.sheets, plainly.sheets, strict=True):
            store = wb._engine.book.sheets[wb._engine.book.sheet_named(sheet.name)].store
            assert old.formula_texts == sheet.formula_texts, path.name
            for cell in range(len(sheet)):
                value, mine = after.value(sheet, cell), store.cell(int(sheet.rows[cell]), int(sheet.columns[cell]))
                assert value == mine, (path.name, sheet.name, int(sheet.rows[cell]), int(sheet.columns[cell]))
                assert plainly.value(plain, cell) == value


def test_copies_and_pickles_of_an_opened_workbook_save_as_it_does():
    data = saved(rich())
    for twin in (sheetengine.open(data).copy(), pickle.loads(pickle.dumps(sheetengine.open(data)))):
        assert saved(twin) == data
        twin["Sheet1"]["A1"] = 10
        again = sheetengine.open(saved(twin))
        assert_same(twin, again)
        assert again["Sheet1"]["C1"].value == 12.5


def test_a_sheet_of_a_chart_holds_no_cells():
    """Cells may be written into it, as into any sheet; the file has no place for them, and says so."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        book.add_worksheet("Data").write("A1", 1)
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=Data!$A$1:$A$2"})
        book.add_chartsheet("Picture").set_chart(chart)
    wb = sheetengine.open(stream.getvalue())
    wb["Picture"]["A1"] = 5
    with pytest.raises(sheetengine.FileFormatError, match="'Picture' is a chartsheet, which holds no cells"):
        saved(wb)
    wb["Picture"]["A1"].clear()
    assert sheetengine.open(saved(wb)).sheet_names == ["Data", "Picture"]
