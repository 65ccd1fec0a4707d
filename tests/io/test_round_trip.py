"""Books with a bit of everything, opened, edited, recalculated and saved: nothing is lost, and others read the same values."""

from __future__ import annotations

import datetime
import io
import subprocess
import warnings
import zipfile

import numpy as np
import openpyxl
import pandas
import pytest

import sheetengine
from sheetengine.io.document import Document
from sheetengine.io.xlsx_read import read
from tests import needs
from tests.io import rich
from tests.io.test_save import saved

BOOKS = {"openpyxl": rich.by_openpyxl, "xlsxwriter": rich.by_xlsxwriter, "macros": rich.with_vba_and_pivot, "strict": rich.strict}


@pytest.fixture(params=BOOKS)
def book(request) -> bytes:
    return BOOKS[request.param]()


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_saved_without_edits_is_the_same_file(book):
    """Once it has all its values: a file without them gets them."""
    whole = saved(sheetengine.open(book))
    assert saved(sheetengine.open(whole)) == whole
    assert list(parts(whole)) == list(parts(book))


def test_recalculated_only_values_change(book):
    wb = sheetengine.open(book, recalculate=True)
    data = saved(wb)
    before, after = parts(book), parts(data)
    assert list(before) == list(after)
    assert {name for name in before if before[name] != after[name]} <= {name for name in before if "worksheets/sheet" in name}
    assert not wb.unsupported
    assert not sheetengine.recalculate_file(data, write=False).different


def test_edited_everything_else_stays(book):
    wb = sheetengine.open(book)
    ws = wb.sheets[0]
    ws["Z1"], ws["Z2"], ws["Z3"] = "new <text>", "=A2*2", datetime.date(2024, 1, 31)
    ws["A2"] = 100
    if "styles" not in str(parts(book).keys()):
        ws["Z3"].number_format = "General"
    data = saved(wb)
    before, after = parts(book), parts(data)
    changed = {name for name in before if before[name] != after.get(name)}
    assert changed <= {name for name in before if any(word in name for word in ("worksheets/sheet", "styles", "calcChain"))}
    if "strict" not in str(before["xl/workbook.xml"]):
        with warnings.catch_warnings():
            # openpyxl says what it drops: sparklines. We do not.
            warnings.simplefilter("ignore")
            sheet = openpyxl.load_workbook(io.BytesIO(data), data_only=True).worksheets[0]
        assert [sheet["Z1"].value, sheet["Z2"].value, sheet["A2"].value] == ["new <text>", 200, 100]
        assert sheet["Z3"].value == datetime.datetime(2024, 1, 31)
    mine = sheetengine.open(data)
    assert [mine.sheets[0][place].value for place in ("Z1", "Z2", "Z3")] == ["new <text>", 200.0, 45322.0]
    assert dict(mine.names) == dict(wb.names)


def test_what_is_read_of_openpyxl():
    wb = sheetengine.open(rich.by_openpyxl())
    assert wb["Data"]["D12"].value == sum(row * 1.5 * (row % 4) for row in range(2, 12))
    assert wb["Data"]["F1:F3"].value == [[6.0], [9.0], [12.0]]
    assert wb["Data"]["B2"].text == "3.00"
    assert wb["Other sheet"]["A1:A2"].value == [[wb["Data"]["D12"].value + 0.25], [9.0]]
    assert wb["Data"]["D2"].formula == "=B2*C2"
    assert dict(wb.names)["'Other sheet'!own"] == "=Data!$B$3"
    wb["Data"]["K1"] = "=SUM(Items[Price])"
    assert wb["Data"]["K1"].value == sum(row * 1.5 for row in range(2, 12))


def test_what_is_read_of_xlsxwriter():
    wb = sheetengine.open(rich.by_xlsxwriter())
    ws = wb["Data"]
    assert ws["D1:D3"].value == [[1.0], [2.0], [3.0]]
    assert ws["D1"].spill is not None
    assert ws["E1:E2"].value == [[1.5], [4.5]]
    assert ws["F1:F6"].value == [
        ["ab"],
        [sheetengine.CellError("#DIV/0!")],
        [True],
        [True],
        ['naïve <&> "x" _x0041_ ☺'],
        ["plain bold plain"],
    ]
    assert ws["G1"].text == "2024-01-01"
    ws["A1"] = 10
    assert ws["E1"].value == 30.0
    assert wb["Table"]["D3"].formula == "=Sales[[#This Row],[Net]]*1.19"
    wb["Table"]["C3"] = 10
    assert wb["Table"]["F2"].value == pytest.approx(1.19 * 15)
    assert ws["B12"].value == 3.75


def test_macros_pivots_and_custom_parts_stay(tmp_path):
    path = tmp_path / "book.xlsm"
    path.write_bytes(rich.with_vba_and_pivot())
    before = parts(path.read_bytes())
    found = sheetengine.recalculate_file(path, edits={"Data!A1": 7})
    assert found.signed
    after = parts(path.read_bytes())
    for name in ("xl/vbaProject.bin", "xl/pivotCache/pivotCacheDefinition1.xml", "customXml/item1.xml", "_xmlsignatures/sig1.xml"):
        assert before[name] == after[name]
    wb = sheetengine.open(path)
    wb.rename_sheet("Data", "Source")
    assert b'sheet="Source"' in parts(saved(wb))["xl/pivotCache/pivotCacheDefinition1.xml"]


def test_strict_open_xml_takes_new_sheets_and_arrays():
    wb = sheetengine.open(rich.strict())
    assert wb["S"]["A1:D1"].value == [[2.0, 6.0, 45322.0, True]]
    wb["S"]["A3"] = "=SEQUENCE(2)"
    wb.add_sheet("More")["A1"] = "=S!A4"
    again = sheetengine.open(saved(wb))
    assert again["More"]["A1"].value == 2.0
    assert again["S"]["A3"].spill is not None


def test_pandas_reads_what_we_write(tmp_path):
    wb = sheetengine.Workbook()
    ws = wb["Sheet1"]
    ws["A1:C1"] = [["n", "square", "name"]]
    ws["A2:A101"] = [[number] for number in range(100)]
    ws["B2:B101"] = "=A2^2"
    ws["C2:C101"] = '="no "&A2'
    wb.save(tmp_path / "out.xlsx")
    frame = pandas.read_excel(tmp_path / "out.xlsx", engine="openpyxl")
    assert frame["square"].tolist() == [number**2 for number in range(100)]
    assert frame["name"].tolist() == [f"no {number}" for number in range(100)]


# -- both readers ----------------------------------------------------------------------------------------------------------


def assert_same_document(one: Document, other: Document) -> None:
    assert (one.names, one.styles, one.calculation, one.date1904) == (other.names, other.styles, other.calculation, other.date1904)
    for mine, its in zip(one.sheets, other.sheets, strict=True):
        for plane in ("rows", "columns", "kinds", "styles", "missing", "formula_cells", "shared"):
            assert np.array_equal(getattr(mine, plane), getattr(its, plane)), (mine.name, plane)
        assert [one.value(mine, cell) for cell in range(len(mine))] == [other.value(its, cell) for cell in range(len(its))]
        for part in (
            "formula_texts",
            "shared_groups",
            "arrays",
            "data_tables",
            "merged",
            "hidden_rows",
            "column_spans",
            "tables",
            "filtered",
        ):
            assert getattr(mine, part) == getattr(its, part), (mine.name, part)


def test_both_readers_read_the_same(book):
    assert_same_document(read(book), read(book, plain=True))


@pytest.mark.shared
def test_both_readers_read_the_same_of_every_conformance_workbook():
    for path in sorted((needs.shared("conformance") / "workbooks").rglob("*.xlsx")):
        assert_same_document(read(path), read(path, plain=True))


# -- LibreOffice -------------------------------------------------------------------------------------------------------------


def through_libreoffice(data: bytes, folder, name: str) -> bytes:
    office = needs.libreoffice()
    (folder / "in").mkdir()
    path = folder / "in" / name
    path.write_bytes(data)
    home = f"-env:UserInstallation=file://{folder}/profile"
    subprocess.run(
        [office, home, "--headless", "--convert-to", "xlsx", "--outdir", str(folder), str(path)],
        capture_output=True,
        check=True,
        timeout=120,
    )
    return (folder / name).read_bytes()


@pytest.mark.libreoffice
@pytest.mark.parametrize("name", ["openpyxl", "xlsxwriter"])
def test_libreoffice_reads_the_same_values_and_we_read_what_it_writes(name, tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        wb = sheetengine.open(BOOKS[name](), recalculate=True)
        wb.sheets[0]["Y1"] = "=SUM(A2:D9)*1.5"
        data = saved(wb)
    theirs = sheetengine.open(through_libreoffice(data, tmp_path, "book.xlsx"))
    assert theirs.sheet_names == wb.sheet_names
    for sheet in wb:
        used = sheet.used_range
        assert used is not None
        for row in used.rows:
            for cell in row:
                value, its = cell.value, theirs[sheet.name].cell(cell.row, cell.column).value
                if isinstance(value, float) and isinstance(its, float):
                    assert its == pytest.approx(value, rel=1e-14), cell
                elif value != "" and not (sheet.name == "Data" and cell.column == 4):  # SEQUENCE, which LibreOffice 7 does not have
                    assert value == its, cell
