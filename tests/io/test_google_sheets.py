"""Files as Google Sheets exports them."""

from __future__ import annotations

import io

import openpyxl
import pytest

import sheetengine
from sheetengine.io.xlsx_read import read
from tests.io.google import by_google
from tests.io.repair import problems
from tests.io.test_round_trip import parts, through_libreoffice
from tests.io.test_save import saved
from tests.io.test_save_structure import part

_VALUES = [
    ["Item", "Net", "kept as str", None, None, None],
    ["ash", 1.5, 3.0, "ash", 15.0, True],
    ["elm", 2.0, 4.0, "elm", 20.0, "#DIV/0!"],
    ["ash", 45292.0, 90584.0, None, 452920.0, "same"],
    [45295.5, 45295.5, "#N/A", "#NAME?", 452955.0, 45293.5],
]


def values(wb: sheetengine.Workbook) -> list[list[object]]:
    rows = wb["Sheet1"]["A1:F5"].value
    return [[str(one) if isinstance(one, sheetengine.CellError) else one for one in row] for row in rows]


@pytest.mark.parametrize("recalculate", [False, True])
def test_what_it_holds(recalculate):
    """IFERROR catches the #NAME? of a function that Excel does not have and gives the value beside it, as it does in Excel."""
    assert not problems(by_google())
    wb = sheetengine.open(by_google(), recalculate=recalculate)
    wb.recalculate()
    assert values(wb) == _VALUES
    assert not wb.unsupported
    assert wb["Sheet1"]["D2"].formula == '=IFERROR(__xludf.DUMMYFUNCTION("UNIQUE(A2:A4)"),"ash")'
    assert wb["Sheet1"]["B4"].number_format == "yyyy\\-mm\\-dd"
    assert wb["Sheet1"]["E2"].formula == "=B2:B4*10"


def test_scanned_and_parsed_it_is_the_same():
    one, other = read(by_google()), read(by_google(), plain=True)
    assert one.sheets[0].formula_texts == other.sheets[0].formula_texts
    assert one.sheets[0].payload.tolist() == other.sheets[0].payload.tolist()
    assert one.sheets[0].kinds.tolist() == other.sheets[0].kinds.tolist()


def test_recalc_and_check_find_every_value_right():
    stream = io.BytesIO()
    found = sheetengine.recalculate_file(by_google(), stream)
    assert (found.ok, found.equal, found.different, found.missing) == (True, 15, 0, 0)
    assert parts(stream.getvalue()) == parts(by_google())
    checked = sheetengine.check_file(by_google())
    assert (checked.ok, checked.total.matched) == (True, 15)


def test_edited_and_saved():
    wb = sheetengine.open(by_google())
    ws = wb["Sheet1"]
    ws["B2"] = 10
    ws.insert_rows(2)
    ws["B2"].value = 1
    data = saved(wb)
    sheet = part(data, "xl/worksheets/sheet1.xml")
    assert not problems(data)
    assert 'IFERROR(__xludf.DUMMYFUNCTION("UNIQUE(A2:A4)"),"ash")' in sheet.replace("&quot;", '"')
    assert '<f t="array" ref="E3:E5">B3:B5*10</f>' in sheet
    again = sheetengine.open(data)["Sheet1"]
    assert again["C3:C5"].value == [[20.0], [4.0], [90584.0]]
    assert (again["B6"].value, again["F6"].value) == (45304.0, 45302.0)
    assert openpyxl.load_workbook(io.BytesIO(data))["Sheet1"]["B5"].number_format == "yyyy\\-mm\\-dd"


@pytest.mark.libreoffice
def test_libreoffice_agrees(tmp_path):
    theirs = sheetengine.open(through_libreoffice(saved(sheetengine.open(by_google(), recalculate=True)), tmp_path, "book.xlsx"))
    assert values(theirs)[1][:4] == _VALUES[1][:4]
    assert values(theirs)[4][0] == 45295.5
