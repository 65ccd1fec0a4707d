"""Edits of an opened file beyond its cells: sheets renamed, moved, added, removed; what does not follow yet is refused."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest
import xlsxwriter

import sheetengine
from tests.io.test_save import saved


def charted() -> bytes:
    """A chart, a conditional format, validation, a link and a name on two sheets."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    data, other = book.add_worksheet("Data"), book.add_worksheet("Other")
    for row in range(5):
        data.write_number(row, 0, row + 1)
        other.write_formula(row, 0, f"=Data!A{row + 1}*2", None, 2 * (row + 1))
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": "=Data!$A$1:$A$5"})
    other.insert_chart("C3", chart)
    other.conditional_format("A1:A5", {"type": "formula", "criteria": "=Data!$A1>2", "format": book.add_format({"bold": True})})
    other.data_validation("B1", {"validate": "list", "source": "=Data!$A$1:$A$5"})
    other.write_url("B3", "internal:Data!A1")
    book.define_name("first", "=Data!$A$1")
    book.define_name("Other!local", "=Other!$A$2")
    book.close()
    return stream.getvalue()


def part(data: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name).decode()


def test_a_renamed_sheet_is_renamed_everywhere():
    wb = sheetengine.open(charted())
    wb.rename_sheet("Data", "New one")
    data = saved(wb)
    assert "'New one'!$A$1:$A$5" in part(data, "xl/charts/chart1.xml")
    sheet = part(data, "xl/worksheets/sheet2.xml")
    assert "<formula>'New one'!$A1&gt;2</formula>" in sheet
    assert "<formula1>'New one'!$A$1:$A$5</formula1>" in sheet
    assert "location=\"'New one'!A1\"" in sheet
    assert "Data!" not in sheet.replace('display="Data!A1"', "")
    again = sheetengine.open(data)
    assert again.sheet_names == ["New one", "Other"]
    assert again.names["first"] == "='New one'!$A$1"
    assert (again["Other"]["A3"].formula, again["Other"]["A3"].value) == ("='New one'!A3*2", 6.0)
    assert openpyxl.load_workbook(io.BytesIO(data)).sheetnames == ["New one", "Other"]


def test_two_sheets_exchange_their_names():
    wb = sheetengine.open(charted())
    wb.rename_sheet("Data", "x")
    wb.rename_sheet("Other", "Data")
    wb.rename_sheet("x", "Other")
    data = saved(wb)
    assert "Other!$A$1:$A$5" in part(data, "xl/charts/chart1.xml")
    assert sheetengine.open(data)["Data"]["A3"].formula == "=Other!A3*2"


def test_sheets_move_come_and_go():
    wb = sheetengine.open(charted())
    wb.add_sheet("Third")["A1"] = "=Data!A5"
    wb.move_sheet("Other", 0)
    data = saved(wb)
    again = sheetengine.open(data)
    assert again.sheet_names == ["Other", "Data", "Third"]
    assert again["Third"]["A1"].value == 5.0
    assert again.names["Other!local"] == "=Other!$A$2"
    again.remove_sheet("Other")
    last = saved(again)
    with zipfile.ZipFile(io.BytesIO(last)) as archive:
        assert not [name for name in archive.namelist() if "chart" in name or "sheet2.xml" in name]
    assert sheetengine.open(last).sheet_names == ["Data", "Third"]
    assert openpyxl.load_workbook(io.BytesIO(last)).sheetnames == ["Data", "Third"]


def test_what_does_not_follow_is_refused_and_a_new_file_is_offered(tmp_path):
    wb = sheetengine.open(charted())
    wb["Data"].insert_rows(2)
    target = tmp_path / "out.xlsx"
    target.write_bytes(b"old")
    with pytest.raises(sheetengine.FileFormatError, match=r"inserted or deleted in 'Data'.*rebuild=True"):
        wb.save(target)
    assert target.read_bytes() == b"old"
    wb.save(target, rebuild=True)
    assert sheetengine.open(target)["Other"]["A2"].formula == "=Data!A3*2"
    assert wb.undo()
    saved(wb)


def test_tables_that_change_are_refused():
    wb = sheetengine.open(charted())
    wb["Data"]["C1:C2"] = [["Head"], [1]]
    wb["Data"].add_table("C1:C2", "Fresh")
    with pytest.raises(sheetengine.FileFormatError, match="table Fresh was added"):
        saved(wb)
