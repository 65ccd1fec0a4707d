"""Tables that come, go, grow and get other names in opened files: the parts that say so, read again by openpyxl and LibreOffice."""

from __future__ import annotations

import io
import warnings
import zipfile

import openpyxl
import pytest

import sheetengine
from tests.io import rich
from tests.io.test_round_trip import parts, through_libreoffice
from tests.io.test_save import saved
from tests.io.test_save_structure import charted, part


def tables_of(data: bytes) -> dict[str, tuple[str, str, list[str]]]:
    """Name: sheet, place and columns, as openpyxl reads them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl says that it drops sparklines
        book = openpyxl.load_workbook(io.BytesIO(data))
    return {table.displayName: (sheet.title, table.ref, list(table.column_names)) for sheet in book for table in sheet.tables.values()}


def test_a_new_table():
    wb = sheetengine.open(charted())
    ws = wb["Data"]
    ws["C1:D3"] = [["Head", 2024], [1, 2], [3, 4]]
    ws.add_table("C1:D3", "Fresh")
    ws["F1"] = "=SUM(Fresh[2024])"
    data = saved(wb)
    assert tables_of(data) == {"Fresh": ("Data", "C1:D3", ["Head", "2024"])}
    again = sheetengine.open(data)
    assert again["Data"]["F1"].formula == "=SUM(Fresh[2024])"
    assert again["Data"]["D1"].value == "2024"
    assert parts(data)["xl/charts/chart1.xml"] == parts(charted())["xl/charts/chart1.xml"]
    again["Data"].add_table("A1:A5", "Second", header=False)
    assert tables_of(saved(again)).keys() == {"Fresh", "Second"}


def test_a_new_table_beside_others_and_on_a_new_sheet():
    wb = sheetengine.open(rich.by_xlsxwriter())
    wb["Table"]["H2:H4"] = [["Extra"], [1], [2]]
    wb["Table"].add_table("H2:H4", "More")
    ws = wb.add_sheet("Third")
    ws["A1:B2"] = [["a", "b\nc"], [1, 2]]
    ws.add_table("A1:B2", "Third_one")
    data = saved(wb)
    assert tables_of(data)["Sales"][1:] == ("B2:D5", ["Item", "Net", "Gross"])
    assert tables_of(data)["More"] == ("Table", "H2:H4", ["Extra"])
    assert sheetengine.open(data).tables["Third_one"].columns == ("a", "b\nc")


def test_the_last_table_goes_with_its_part():
    wb = sheetengine.open(rich.by_openpyxl(), recalculate=True)
    wb.tables["Items"].delete()
    data = saved(wb)
    assert tables_of(data) == {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert not [name for name in archive.namelist() if "table" in name]
    assert "tablePart" not in part(data, "xl/worksheets/sheet1.xml")
    assert "table+xml" not in part(data, "[Content_Types].xml")
    assert sheetengine.open(data)["Data"]["D12"].value == wb["Data"]["D12"].value


def test_a_table_under_another_name_keeps_its_part():
    wb = sheetengine.open(rich.by_xlsxwriter())
    old = part(rich.by_xlsxwriter(), "xl/tables/table1.xml")
    wb["Table"].insert_rows(1)
    wb.tables["Sales"].name = "Umsatz"
    data = saved(wb)
    assert part(data, "xl/tables/table1.xml") == old.replace("Sales", "Umsatz").replace("B2:D5", "B3:D6")
    assert sheetengine.open(data)["Table"]["F3"].formula == "=SUM(Umsatz[Gross])"


@pytest.mark.parametrize(
    ("change", "place", "columns"),
    [
        (lambda table, ws: table.add_column("Tax", "=[@Net]*0.19"), "B2:E5", ["Item", "Net", "Gross", "Tax"]),
        (lambda table, ws: table.resize("B2:C5"), "B2:C5", ["Item", "Net"]),
        (lambda table, ws: ws.insert_columns(3), "B2:E5", ["Item", "Column1", "Net", "Gross"]),
        (lambda table, ws: ws.delete_columns(3), "B2:C5", ["Item", "Gross"]),
        (lambda table, ws: table.append([["x", 9, None]]), "B2:D6", ["Item", "Net", "Gross"]),
        (lambda table, ws: ws["B3:D3"].delete("up"), "B2:D4", ["Item", "Net", "Gross"]),
    ],
)
def test_tables_that_grow_and_shrink(change, place, columns):
    wb = sheetengine.open(rich.by_xlsxwriter())
    change(wb.tables["Sales"], wb["Table"])
    data = saved(wb)
    assert tables_of(data) == {"Sales": ("Table", place, columns)}
    again = sheetengine.open(data)
    assert again.tables["Sales"].columns == tuple(columns)
    for row in wb["Table"].used_range.rows:
        for cell in row:
            assert again["Table"].cell(cell.row, cell.column).value == cell.value


def test_the_header_of_a_table_is_a_text():
    """Excel repairs a table whose header is a formula, or says another name than its column has."""
    wb = sheetengine.open(charted())
    ws = wb["Data"]
    ws["C1:D1"] = [['="a"&1', 7]]
    ws["C2:D2"] = [[1, 2]]
    ws.add_table("C1:D2", "T")
    assert (ws["C1"].formula, ws["C1"].value, ws["D1"].value) == (None, "a1", "7")
    ws["D1"] = '="b"&1'
    assert (ws["D1"].formula, ws["D1"].value, wb.tables["T"].columns) == (None, "b1", ("a1", "b1"))
    saved(wb)


@pytest.mark.libreoffice
def test_libreoffice_reads_the_tables(tmp_path):
    wb = sheetengine.open(rich.by_xlsxwriter())
    wb["Table"]["H2:I4"] = [["Extra", "Twice"], [1, None], [2, None]]
    wb["Table"].add_table("H2:I4", "More")
    wb["Table"]["I3:I4"] = "=[@Extra]*2"
    wb["Table"]["K1"] = "=SUM(More[Twice])+SUM(Sales[Net])"
    theirs = sheetengine.open(through_libreoffice(saved(wb), tmp_path, "book.xlsx"))
    assert theirs["Table"]["K1"].value == wb["Table"]["K1"].value == 12.0


def test_arrays_and_tables_keep_out_of_each_other():
    """As in Excel: a dynamic array does not spill into a table, and an array formula of several cells is none of its."""
    wb = sheetengine.open(charted())
    ws = wb["Data"]
    ws["C1:C2"] = [["Head"], ["=SEQUENCE(3)"]]
    table = ws.add_table("C1:C4", "T")
    assert str(ws["C2"].value) == "#SPILL!"
    saved(wb)
    table.delete()
    assert ws["C2:C4"].value == [[1.0], [2.0], [3.0]]
    ws["E2:E3"].set_array_formula("=A1:A2*2")
    with pytest.raises(sheetengine.EditRefused, match="array formula"):
        ws.add_table("E1:E3", "U")
    ws["G1:G3"] = [["Head"], [1], [2]]
    ws.add_table("G1:G3", "V")
    with pytest.raises(sheetengine.EditRefused, match="table V"):
        ws["G2:G3"].set_array_formula("=A1:A2*2")


def test_a_table_holds_no_merged_cells():
    wb = sheetengine.open(rich.by_openpyxl())
    with pytest.raises(sheetengine.EditRefused, match="H1:I2 is merged"):
        wb["Data"].add_table("H1:I5", "T")


@pytest.mark.parametrize(
    ("change", "columns"),
    [
        (lambda ws: ws["B1:C2"].fill_down(), ("Column1", "Column2", "Gross")),
        (lambda ws: ws["B2:D2"].fill_right(), ("Item", "Item2", "Item3")),
        (lambda ws: ws["F9:G9"].copy_to(ws["B2"]), ("Column1", "Column2", "Gross")),
        (lambda ws: ws["F9:G9"].move_to(ws["C2"]), ("Item", "Column1", "Column2")),
        (lambda ws: ws["C2"].move_to(ws["F9"]), ("Item", "Column1", "Gross")),
        (lambda ws: ws["B2:B3"].sort(descending=True), ("item 0", "Net", "Gross")),
        (lambda ws: ws.replace("Net", "Tara"), ("Item", "Tara", "Gross")),
        (lambda ws: ws["C2:D2"].clear(), ("Item", "Column1", "Column2")),
    ],
)
def test_whatever_is_written_over_headers_names_the_columns(change, columns):
    wb = sheetengine.open(rich.by_xlsxwriter())
    change(wb["Table"])
    assert wb.tables["Sales"].columns == columns
    assert tuple(wb["Table"]["B2:D2"].value[0]) == columns
    assert wb.undo()
    assert wb.tables["Sales"].columns == ("Item", "Net", "Gross")
    assert wb["Table"]["B2:D2"].value == [["Item", "Net", "Gross"]]


def test_control_characters_in_names_of_columns():
    wb = sheetengine.open(rich.by_xlsxwriter())
    wb.tables["Sales"].rename_column("Net", "a\x01_x0041_")
    again = sheetengine.open(saved(wb))
    assert again.tables["Sales"].columns == ("Item", "a\x01_x0041_", "Gross")
    assert again["Table"]["D3"].value == wb["Table"]["D3"].value


def test_a_table_without_rows_has_an_empty_one_in_files():
    """Excel keeps one, which the attribute says is none yet, and repairs a table of a header alone."""
    wb = sheetengine.open(rich.by_xlsxwriter())
    wb["Table"].delete_rows(3, 3)
    data = saved(wb)
    assert 'ref="B2:D3" insertRow="1"' in part(data, "xl/tables/table1.xml")
    wb["Table"]["C3"] = "in the way"
    with pytest.raises(sheetengine.FileFormatError, match="Sales, which has no row of data"):
        saved(wb)
    with pytest.raises(sheetengine.FileFormatError, match="Sales, which has no row of data"):
        wb.save(io.BytesIO(), rebuild=True)
