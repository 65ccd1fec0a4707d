"""Edits of an opened file beyond its cells: sheets renamed, moved, added, removed; what does not follow yet is refused."""

from __future__ import annotations

import io
import warnings
import zipfile

import openpyxl
import pytest
import xlsxwriter

import sheetengine
from tests.io import rich
from tests.io.test_hostile import sheet as sheet_of
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


def moved(change) -> tuple[sheetengine.Workbook, bytes]:
    """The rich book of openpyxl with all its values, changed by structural edits, saved."""
    wb = sheetengine.open(saved(sheetengine.open(rich.by_openpyxl())))
    change(wb["Data"])
    return wb, saved(wb)


def assert_equal_cells(one: sheetengine.Workbook, other: sheetengine.Workbook) -> None:
    for sheet in one:
        used = sheet.used_range
        assert used is not None
        for row in used.rows:
            for cell in row:
                twin = other[sheet.name].cell(cell.row, cell.column)
                assert (cell.value, cell.formula, cell.number_format) == (twin.value, twin.formula, twin.number_format), cell


def test_rows_inserted_move_everything_on_the_sheet():
    wb, data = moved(lambda ws: ws.insert_rows(4, 3))
    assert_equal_cells(wb, sheetengine.open(data))
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book["Data"]
    assert sheet["D15"].value == "=SUM(D2:D14)"
    assert (sheet["D15"].font.bold, sheet["D12"].font.bold) == (True, False)
    assert sheet["D15"].fill.fgColor.rgb == "00FFFF00"
    assert sheet["B2"].comment.text == "a remark"
    assert [str(area) for area in sheet.merged_cells.ranges] == ["H1:I2"]
    assert {str(area.sqref) for area in sheet.conditional_formatting} == {"B2:B14", "C2:C14"}
    assert [str(rule.sqref) for rule in sheet.data_validations.dataValidation] == ["G8"]
    assert sheet.tables["Items"].ref == "A1:D14"
    assert sheet["G1"].hyperlink.target == "https://example.org/"
    assert "$B$2:$B$14" in part(data, "xl/charts/chart1.xml")
    assert openpyxl.load_workbook(io.BytesIO(data), data_only=True)["Data"]["D15"].value == wb["Data"]["D15"].value


def test_rows_inserted_above_everything():
    wb, data = moved(lambda ws: ws.insert_rows(1, 2))
    assert_equal_cells(wb, sheetengine.open(data))
    sheet = openpyxl.load_workbook(io.BytesIO(data))["Data"]
    assert [str(area) for area in sheet.merged_cells.ranges] == ["H3:I4"]
    assert sheet["B4"].comment.text == "a remark"
    assert sheet["B2"].comment is None
    assert sheet.tables["Items"].ref == "A3:D13"
    anchor = sheet._charts[0].anchor._from
    assert (anchor.row, anchor.col) == (3, 10)


def test_rows_deleted_take_what_stood_on_them():
    def change(ws):
        ws.delete_rows(12, 1)
        ws.delete_rows(5, 1)

    wb, data = moved(change)
    assert_equal_cells(wb, sheetengine.open(data))
    sheet = openpyxl.load_workbook(io.BytesIO(data))["Data"]
    assert sheet["D11"].value is None
    assert sheet.data_validations.dataValidation == []
    assert sheet.tables["Items"].ref == "A1:D10"
    assert {str(area.sqref) for area in sheet.conditional_formatting} == {"B2:B10", "C2:C10"}


def test_columns_inserted_and_deleted():
    def change(ws):
        ws.insert_columns(6, 2)
        ws.delete_columns(5)

    wb, data = moved(change)
    assert_equal_cells(wb, sheetengine.open(data))
    sheet = openpyxl.load_workbook(io.BytesIO(data))["Data"]
    assert [str(area) for area in sheet.merged_cells.ranges] == ["I1:J2"]
    assert sheet["G1"].value.ref == "G1:G3"
    assert sheet["H1"].hyperlink is not None


def test_moved_and_renamed_and_edited_at_once():
    def change(ws):
        ws.insert_rows(4)
        ws["A4:C4"] = [["new", 5, 6]]
        ws["D4"] = "=B4*C4"
        ws.workbook.rename_sheet("Data", "Prices")

    wb, data = moved(change)
    again = sheetengine.open(data)
    assert_equal_cells(wb, again)
    assert again["Prices"]["D13"].value == again["Other sheet"]["A1"].value - 0.25
    assert "'Prices'!$B$2:$B$12" in part(data, "xl/charts/chart1.xml").replace("Prices!", "'Prices'!")


def test_formulas_on_other_sheets_and_shared_ones_follow():
    text = (
        '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><f t="shared" si="0" ref="B1:B3">A1*2</f><v>2</v></c></row>'
        '<row r="2"><c r="A2"><v>2</v></c><c r="B2"><f t="shared" si="0"/><v>4</v></c></row>'
        '<row r="3" ht="30" customHeight="1"><c r="A3"><v>3</v></c><c r="B3"><f t="shared" si="0"/><v>6</v></c></row>'
    )
    wb = sheetengine.open(sheet_of(text))
    wb["S"].insert_rows(2)
    wb["S"]["A2"] = 10
    data = saved(wb)
    again = sheetengine.open(data)
    assert again["S"]["B1:B4"].formulas == [["=A1*2"], [None], ["=A3*2"], ["=A4*2"]]
    assert '<row r="4" ht="30" customHeight="1">' in part(data, "xl/worksheets/sheet1.xml")
    again["S"].delete_rows(1)
    third = sheetengine.open(saved(again))
    assert third["S"]["B1:B3"].formulas == [[None], ["=A2*2"], ["=A3*2"]]


def test_what_does_not_follow_is_refused_and_a_new_file_is_offered(tmp_path):
    wb = sheetengine.open(charted())
    wb["Data"]["A2:A3"].move_to(wb["Other"]["C2"])
    target = tmp_path / "out.xlsx"
    target.write_bytes(b"old")
    with pytest.raises(sheetengine.FileFormatError, match=r"cells that were moved between 'Data' and another sheet.*rebuild=True"):
        wb.save(target)
    assert target.read_bytes() == b"old"
    wb.save(target, rebuild=True)
    assert sheetengine.open(target)["Other"]["A2"].formula == "=Other!C2*2"
    assert wb.undo()
    saved(wb)


@pytest.mark.parametrize(
    ("change", "places", "merged", "rules", "validated", "comment"),
    [
        (lambda ws: ws["B20:B21"].insert("down"), {"D12": "=SUM(D2:D11)"}, "H1:I2", {"B2:B11", "C2:C11"}, "G5", "B2"),
        (lambda ws: ws["G1:I1"].insert("right"), None, None, None, None, None),
        (lambda ws: ws["G1:I2"].insert("down"), {"D12": "=SUM(D2:D11)"}, "H3:I4", {"B2:B11", "C2:C11"}, "G7", "B2"),
        (lambda ws: ws["A1:D3"].insert("down"), {"D15": "=SUM(D5:D14)"}, "H1:I2", {"B5:B14", "C5:C14"}, "G5", "B5"),
        (lambda ws: ws["A1:I12"].insert("right"), {"M12": "=SUM(M2:M11)"}, "Q1:R2", {"K2:K11", "L2:L11"}, "P5", "K2"),
        (lambda ws: ws["G3:G4"].delete("up"), {"D12": "=SUM(D2:D11)"}, "H1:I2", {"B2:B11", "C2:C11"}, "G3", "B2"),
        (lambda ws: ws["G5"].delete("left"), {"D12": "=SUM(D2:D11)"}, "H1:I2", {"B2:B11", "C2:C11"}, None, "B2"),
    ],
)
def test_single_cells_move_what_stands_on_them(change, places, merged, rules, validated, comment):
    """Cells, styles, merged cells, formats, validation, links and comments follow; what Excel refuses, the edit refuses."""
    if places is None:
        with pytest.raises(sheetengine.EditRefused):
            moved(change)
        return
    wb, data = moved(change)
    assert_equal_cells(wb, sheetengine.open(data))
    sheet = openpyxl.load_workbook(io.BytesIO(data))["Data"]
    for place, formula in places.items():
        assert sheet[place].value == formula
        assert (sheet[place].font.bold, sheet[place].fill.fgColor.rgb) == (True, "00FFFF00")
    assert [str(area) for area in sheet.merged_cells.ranges] == [merged]
    assert {str(area.sqref) for area in sheet.conditional_formatting} == rules
    assert [str(rule.sqref) for rule in sheet.data_validations.dataValidation] == ([] if validated is None else [validated])
    assert sheet[comment].comment.text == "a remark"
    assert {sheet.tables["Items"].ref} == {str(wb.tables["Items"].range.address).replace("$", "").rpartition("!")[2]}


def test_a_format_that_moves_in_part_is_cut():
    """Excel's cells carry their conditional format and validation with them."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet("S")
    for row in range(9):
        sheet.write_row(row, 0, [row, 2 * row, 3 * row])
    sheet.conditional_format("A1:C9", {"type": "cell", "criteria": ">", "value": 5, "format": book.add_format({"bold": True})})
    sheet.data_validation("A5:C5", {"validate": "whole", "criteria": ">", "value": 0})
    book.close()
    wb = sheetengine.open(stream.getvalue())
    wb["S"]["B3:B4"].insert("down")
    text = part(saved(wb), "xl/worksheets/sheet1.xml")
    assert 'sqref="A1:A9 B1:B11 C1:C9"' in text
    assert 'sqref="A5 B7 C5"' in text
    assert '<dimension ref="A1:C11"/>' in text


def test_shared_formulas_come_apart_where_single_cells_move():
    text = (
        '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><f t="shared" si="0" ref="B1:B3">A1*2</f><v>2</v></c></row>'
        '<row r="2" spans="1:2"><c r="A2"><v>2</v></c><c r="B2"><f t="shared" si="0"/><v>4</v></c></row>'
        '<row r="3" ht="30" customHeight="1"><c r="A3"><v>3</v></c><c r="B3"><f t="shared" si="0"/><v>6</v></c></row>'
    )
    wb = sheetengine.open(sheet_of(text))
    wb["S"]["B1:B2"].insert("down")
    data = saved(wb)
    assert sheetengine.open(data)["S"]["B1:B5"].formulas == [[None], [None], ["=A1*2"], ["=A2*2"], ["=A3*2"]]
    assert '<row r="3" ht="30" customHeight="1">' in part(data, "xl/worksheets/sheet1.xml")
    again = sheetengine.open(data)
    again["S"]["B1:B3"].delete("up")
    assert sheetengine.open(saved(again))["S"]["B1:B3"].formulas == [["=A2*2"], ["=A3*2"], [None]]


def test_tables_grow_and_get_other_headers():
    wb = sheetengine.open(rich.by_xlsxwriter())
    wb["Table"]["C2"] = "Price"
    data = saved(wb)
    again = sheetengine.open(data)
    assert again["Table"]["D3"].formula == "=Sales[[#This Row],[Price]]*1.19"
    assert 'name="Price"' in part(data, "xl/tables/table1.xml")
    assert "Net" not in part(data, "xl/tables/table1.xml")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl says that it drops sparklines
        book = openpyxl.load_workbook(io.BytesIO(data))
    assert list(book["Table"].tables["Sales"].column_names) == ["Item", "Price", "Gross"]


def test_a_formula_without_a_value_that_was_cleared_is_gone():
    """It had been taken for one that could not be read, once cells had moved."""
    wb = sheetengine.open(rich.by_openpyxl())
    wb["Data"].insert_rows(1)
    wb["Data"]["D12"].clear()
    again = sheetengine.open(saved(wb))
    assert again["Data"]["D12"].formula is None
    assert again["Data"]["D13"].value == wb["Data"]["D13"].value


def test_a_formula_that_cannot_be_read_moves_with_its_value():
    text = '<row r="1"><c r="A1"><f>[7]Book!A1*2</f><v>5</v></c><c r="B1"><f>A1+1</f><v>6</v></c></row>'
    wb = sheetengine.open(sheet_of(text))
    wb["S"].insert_rows(1, 2)
    data = part(saved(wb), "xl/worksheets/sheet1.xml")
    assert "<f>[7]Book!A1*2</f><v>5</v>" in data
    assert "<f>A3+1</f><v>6</v>" in data


def chained(data: bytes, places: list[str]) -> bytes:
    """A workbook with a chain of calculation of cells of its second sheet."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(stream, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "[Content_Types].xml":
                kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml"
                data = data.replace(b"</Types>", f'<Override PartName="/xl/calcChain.xml" ContentType="{kind}"/></Types>'.encode())
            if name == "xl/_rels/workbook.xml.rels":
                arrow = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/calcChain"
                data = data.replace(b"</Rel", f'<Relationship Id="rId77" Type="{arrow}" Target="calcChain.xml"/></Rel'.encode())
            target.writestr(name, data)
        cells = f'<c r="{places[0]}" i="2"/>' + "".join(f'<c r="{place}"/>' for place in places[1:])
        target.writestr(
            "xl/calcChain.xml", f'<calcChain xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{cells}</calcChain>'
        )
    return stream.getvalue()


def test_the_chain_of_calculation_follows_rows():
    """Excel repairs a file whose chain names a cell without a formula."""
    wb = sheetengine.open(chained(charted(), ["A1", "A2", "A3", "A4", "A5"]))
    wb["Other"].insert_rows(2)
    wb["Other"].delete_rows(1)
    chain = part(saved(wb), "xl/calcChain.xml")
    assert '<c r="A2" i="2"/><c r="A3"/><c r="A4"/><c r="A5"/></calcChain>' in chain
    wb["Other"].delete_rows(2, 4)
    data = saved(wb)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert "xl/calcChain.xml" not in archive.namelist()
    assert "calcChain" not in part(data, "[Content_Types].xml") + part(data, "xl/_rels/workbook.xml.rels")


def test_the_chain_of_calculation_without_formulas_that_shared_a_text():
    stream = io.BytesIO()
    book = openpyxl.Workbook()
    book.create_sheet("Other")["A1"] = 1
    book.save(stream)
    rows = (
        '<sheetData><row r="1"><c r="A1"><f t="shared" si="0" ref="A1:A3">B1*2</f><v>2</v></c><c r="B1"><v>1</v></c></row><row r="2"><c r="A2">'
        '<f t="shared" si="0"/><v>4</v></c><c r="B2"><v>2</v></c></row><row r="3"><c r="A3"><f t="shared" si="0"/><v>6</v></c><c r="B3"><v>3</v>'
        "</c></row></sheetData>"
    )
    with zipfile.ZipFile(stream) as source:
        content = {name: source.read(name) for name in source.namelist()}
    old = content["xl/worksheets/sheet2.xml"]
    content["xl/worksheets/sheet2.xml"] = old[: old.index(b"<sheetData>")] + rows.encode() + old[old.index(b"</sheetData>") + 12 :]
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as target:
        for name, data in content.items():
            target.writestr(name, data)
    wb = sheetengine.open(chained(stream.getvalue(), ["A3", "A2", "A1"]))
    wb["Other"]["A3"] = 6
    wb["Other"]["D1"].insert("down")
    data = saved(wb)
    assert '<c r="A1" i="2"/><c r="A2" i="2"/></calcChain>' in part(data, "xl/calcChain.xml")
    assert sheetengine.open(data)["Other"]["A1:A3"].formulas == [["=B1*2"], ["=B2*2"], [None]]


def test_cells_that_were_cut_and_pasted_take_along_what_stands_on_them():
    def change(ws):
        ws["D12"].move_to(ws["D20"])
        ws["G1:I5"].move_to(ws["P3"])
        ws["B12:C12"].move_to(ws["M30"])

    wb, data = moved(change)
    assert_equal_cells(wb, sheetengine.open(data))
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book["Data"]
    assert (sheet["D20"].value, sheet["D20"].font.bold, sheet["D20"].fill.fgColor.rgb) == ("=SUM(D2:D11)", True, "00FFFF00")
    assert (sheet["D12"].value, sheet["D12"].font.bold) == (None, False)
    assert [str(area) for area in sheet.merged_cells.ranges] == ["Q3:R4"]
    assert [str(rule.sqref) for rule in sheet.data_validations.dataValidation] == ["P7"]
    assert sheet["P3"].hyperlink.target == "https://example.org/"
    assert sheet["G1"].hyperlink is None
    assert book["Other sheet"]["A1"].value == "=Data!D20+rate"
    assert sheetengine.open(data)["Other sheet"]["A1"].value == wb["Other sheet"]["A1"].value


def test_a_table_with_its_comment_formats_and_chart_was_cut_and_pasted():
    wb, data = moved(lambda ws: ws["A1:D12"].move_to(ws["A40"]))
    assert_equal_cells(wb, sheetengine.open(data))
    sheet = openpyxl.load_workbook(io.BytesIO(data))["Data"]
    assert sheet.tables["Items"].ref == "A40:D50"
    assert sheet["B41"].comment.text == "a remark"
    assert {str(area.sqref) for area in sheet.conditional_formatting} == {"B41:B50", "C41:C50"}
    assert "$B$41:$B$50" in part(data, "xl/charts/chart1.xml")
    assert sheet["D51"].value == "=SUM(D41:D50)"
    wb, data = moved(lambda ws: ws["J1:Z30"].move_to(ws["K5"]))
    anchor = openpyxl.load_workbook(io.BytesIO(data))["Data"]._charts[0].anchor._from
    assert (anchor.row, anchor.col) == (5, 11)


def test_attributes_with_a_sign_that_closes_tags():
    """Excel writes `>` in attributes as it is."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    data, other = book.add_worksheet("A->B"), book.add_worksheet("Other")
    data.write_row(0, 0, ["x > y", "z"])
    data.write_row(1, 0, [1, 2])
    data.add_table("A1:B2", {"name": "T", "columns": [{"header": "x > y"}, {"header": "z"}]})
    data.write_url("A9", "internal:Other!A1", tip="to -> Other")
    data.data_validation("B9", {"validate": "whole", "criteria": ">", "value": 0, "input_title": "a>b", "input_message": "more > less"})
    other.write_formula("A1", "='A->B'!B2", None, 2)
    book.close()
    raw = io.BytesIO()
    with zipfile.ZipFile(stream) as source, zipfile.ZipFile(raw, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, content.replace(b"&gt;", b">") if b"<f>" not in content else content)
    wb = sheetengine.open(raw.getvalue())
    wb["A->B"].insert_rows(4)
    wb.add_sheet("Third")
    wb.tables["T"].rename_column("z", "zz")
    saved_one = saved(wb)
    again = openpyxl.load_workbook(io.BytesIO(saved_one))
    assert again.sheetnames == ["A->B", "Other", "Third"]
    sheet = again["A->B"]
    assert list(sheet.tables["T"].column_names) == ["x > y", "zz"]
    assert sheet["A10"].hyperlink.tooltip == "to -> Other"
    assert [str(rule.sqref) for rule in sheet.data_validations.dataValidation] == ["B10"]
    assert sheetengine.open(saved_one)["Other"]["A1"].formula == "='A->B'!B2"
