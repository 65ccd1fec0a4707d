"""What a file's ending promises, and where it cannot be written."""

from __future__ import annotations

import io
import pickle
import zipfile

import openpyxl
import pytest
import xlsxwriter

import sheetengine
from sheetengine import FileFormatError
from sheetengine.workbook import saving
from tests.io import rich

KINDS = {
    "xlsx": "vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    "xltx": "vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml",
    "xlsm": "vnd.ms-excel.sheet.macroEnabled.main+xml",
    "xltm": "vnd.ms-excel.template.macroEnabled.main+xml",
}


def kinds_of(path):
    """The content types declared for the workbook part."""
    with zipfile.ZipFile(path) as archive:
        types = archive.read("[Content_Types].xml").decode()
    return [kind for kind in KINDS.values() if f'PartName="/xl/workbook.xml" ContentType="application/{kind}"' in types], types


@pytest.mark.parametrize("ending", KINDS)
@pytest.mark.parametrize("made", ["new", "opened"])
def test_the_content_type_is_that_of_the_ending(tmp_path, ending, made):
    wb = sheetengine.Workbook() if made == "new" else sheetengine.open(rich.by_openpyxl())
    path = tmp_path / f"out.{ending}"
    wb.save(path)
    found, types = kinds_of(path)
    assert found == [KINDS[ending]] and types.count('"/xl/workbook.xml"') == 1
    assert sheetengine.open(path).sheet_names == wb.sheet_names
    assert openpyxl.load_workbook(path).sheetnames == wb.sheet_names
    back = tmp_path / "back.xlsx"
    sheetengine.open(path).save(back)
    assert kinds_of(back)[0] == [KINDS["xlsx"]]


def test_macros_are_not_lost_by_an_ending(tmp_path):
    wb = sheetengine.open(rich.with_vba_and_pivot())
    for ending in ("xlsx", "xltx"):
        with pytest.raises(FileFormatError, match=f"has macros, which .{ending} cannot hold; save it as .{ending[:-1]}m"):
            wb.save(tmp_path / f"out.{ending}")
    assert list(tmp_path.iterdir()) == []
    wb.save(tmp_path / "out.xlsm")
    assert "xl/vbaProject.bin" in zipfile.ZipFile(tmp_path / "out.xlsm").namelist()
    wb.save(tmp_path / "out.xlsx", rebuild=True)
    assert "xl/vbaProject.bin" not in zipfile.ZipFile(tmp_path / "out.xlsx").namelist()


def test_a_missing_folder_is_named_and_not_the_file_beside(tmp_path):
    path = tmp_path / "nowhere" / "out.xlsx"
    with pytest.raises(FileNotFoundError, match="no such folder to save into") as caught:
        sheetengine.Workbook().save(path)
    assert caught.value.filename == str(path) and ".tmp" not in str(caught.value)


def test_a_file_open_as_text_is_refused(tmp_path):
    with open(tmp_path / "out.xlsx", "w") as file, pytest.raises(TypeError, match="open as text; open it in binary mode"):
        sheetengine.Workbook().save(file)


def test_a_binary_workbook_is_named():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="bin" ContentType="application/octet-stream"/></Types>',
        )
        archive.writestr("xl/workbook.bin", b"\x83\x01\x00")
    with pytest.raises(FileFormatError, match=r"binary workbook \(\.xlsb\)"):
        sheetengine.open(stream.getvalue())


@pytest.mark.parametrize("source", ["new", "xlsxwriter", "openpyxl"])
def test_the_calendar_is_switched_saved_and_taken_back(source):
    """As in Excel the numbers stay and mean other days: 1,462 of them later."""
    if source == "new":
        wb = sheetengine.Workbook()
    else:
        stream = io.BytesIO()
        book = openpyxl.Workbook() if source == "openpyxl" else xlsxwriter.Workbook(stream)
        if source == "openpyxl":
            book.save(stream)
        else:
            book.add_worksheet()
            book.close()
        wb = sheetengine.open(stream.getvalue())
    ws = wb.sheets[0]
    ws["A1"] = 45292
    ws["B1"] = "=YEAR(A1)"
    assert (wb.date1904, ws["B1"].value) == (False, 2024)
    wb.date1904 = True
    assert (ws["A1"].value, ws["B1"].value) == (45292, 2028)
    wb.undo()
    assert (wb.date1904, ws["B1"].value) == (False, 2024)
    wb.redo()
    stream = io.BytesIO()
    pickle.loads(pickle.dumps(wb)).save(stream)
    again = sheetengine.open(stream.getvalue())
    assert (again.date1904, again.sheets[0]["B1"].value) == (True, 2028)
    assert openpyxl.load_workbook(stream).epoch == openpyxl.utils.datetime.CALENDAR_MAC_1904
    again.date1904 = False
    stream = io.BytesIO()
    again.save(stream)
    assert openpyxl.load_workbook(stream).epoch == openpyxl.utils.datetime.CALENDAR_WINDOWS_1900


def test_a_directory_is_read_once_whatever_the_number_of_sheets(monkeypatch):
    wb = sheetengine.Workbook()
    for _ in range(40):
        wb.add_sheet()["A1"] = 1
    stream = io.BytesIO()
    wb.save(stream)
    monkeypatch.setattr(saving._Saving, "write", saving._Saving.write.__wrapped__)  # without the tests' own look at the file
    reads = []
    original = zipfile.ZipFile._RealGetContents
    monkeypatch.setattr(zipfile.ZipFile, "_RealGetContents", lambda self: (reads.append(1), original(self))[1])
    again = sheetengine.open(stream.getvalue())
    again.sheets[3]["A1"] = 2
    again.save(io.BytesIO())
    assert len(reads) == 1
