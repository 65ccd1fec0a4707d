"""Workbooks with a bit of everything, made by openpyxl and XlsxWriter as they come from PyPI."""

from __future__ import annotations

import io
import zlib

import openpyxl
import xlsxwriter
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule, ColorScaleRule
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.table import Table


def png() -> bytes:
    """A picture of one pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    head = (1).to_bytes(4, "big") * 2 + bytes([8, 2, 0, 0, 0])
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\xff\0\0")) + chunk(b"IEND", b"")


def by_openpyxl() -> bytes:
    """Chart, comment, table, validation, conditional formats, merged cells, link, names of both scopes, array formula; no values."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Data"
    sheet.append(["Item", "Price", "Count", "Total"])
    for row in range(2, 12):
        sheet.append([f"item {row}", row * 1.5, row % 4, f"=B{row}*C{row}"])
    sheet["D12"] = "=SUM(D2:D11)"
    sheet["D12"].font = Font(bold=True)
    sheet["D12"].fill = PatternFill("solid", fgColor="FFFF00")
    sheet["B2"].number_format = "#,##0.00"
    sheet["B2"].comment = Comment("a remark", "someone")
    sheet["F1"] = ArrayFormula("F1:F3", "=B2:B4*2")
    sheet["G1"].hyperlink = "https://example.org/"
    sheet.merge_cells("H1:I2")
    sheet.add_table(Table(displayName="Items", ref="A1:D11"))
    rule = DataValidation(type="list", formula1='"a,b"')
    rule.add("G5")
    sheet.add_data_validation(rule)
    sheet.conditional_formatting.add("B2:B11", ColorScaleRule(start_type="min", start_color="FFFFFF", end_type="max", end_color="FF0000"))
    sheet.conditional_formatting.add("C2:C11", CellIsRule(operator="greaterThan", formula=["2"], font=Font(color="FF0000")))
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=2, min_row=1, max_row=11), titles_from_data=True)
    sheet.add_chart(chart, "K2")
    other = book.create_sheet("Other sheet")
    other["A1"] = "=Data!D12+rate"
    other["A2"] = "=own*2"
    other.column_dimensions["A"].width = 30
    other.freeze_panes = "B2"
    book.defined_names["rate"] = DefinedName("rate", attr_text="0.25")
    other.defined_names["own"] = DefinedName("own", attr_text="Data!$B$3")
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def by_xlsxwriter() -> bytes:
    """Values with the formulas, dynamic and CSE arrays, chart, image, rich text, sparkline, comment, VBA part, filter, errors, dates."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet("Data")
    bold = book.add_format({"bold": True})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for row in range(10):
        sheet.write_number(row, 0, row + 0.5)
        sheet.write_formula(row, 1, f"=A{row + 1}*2", None, 2 * row + 1)
    sheet.write_dynamic_array_formula("D1:D3", "=_xlfn.SEQUENCE(3)", None, 1)
    sheet.write_number("D2", 2)
    sheet.write_number("D3", 3)
    sheet.write_array_formula("E1:E2", "{=A1:A2*3}", None, 1.5)
    sheet.write_number("E2", 4.5)
    sheet.write_formula("F1", '="a"&"b"', None, "ab")
    sheet.write_formula("F2", "=1/0", None, "#DIV/0!")
    sheet.write_formula("F3", "=A1>0", None, True)
    sheet.write_boolean("F4", True)
    sheet.write_string("F5", 'naïve <&> "x" _x0041_ \u263a')
    sheet.write_rich_string("F6", "plain ", bold, "bold", " plain")
    sheet.write_number("G1", 45292, day)
    sheet.write_comment("A1", "a remark")
    sheet.insert_image("K1", "dot.png", {"image_data": io.BytesIO(png())})
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": "=Data!$A$1:$A$10"})
    sheet.insert_chart("M1", chart)
    sheet.add_sparkline("H1", {"range": "Data!A1:A10"})
    sheet.autofilter("A1:B10")
    sheet.conditional_format("A1:A10", {"type": "data_bar"})
    table = book.add_worksheet("Table")
    table.add_table(
        "B2:D5", {"name": "Sales", "columns": [{"header": "Item"}, {"header": "Net"}, {"header": "Gross", "formula": "=[@Net]*1.19"}]}
    )
    for row in range(3):
        table.write_string(row + 2, 1, f"item {row}")
        table.write_number(row + 2, 2, row + 1)
        table.write_formula(row + 2, 3, "=Sales[[#This Row],[Net]]*1.19", None, (row + 1) * 1.19)
    table.write_formula("F2", "=SUM(Sales[Gross])", None, 7.14)
    book.define_name("factor", "=2.5")
    book.define_name("Data!local", "=Data!$A$2")
    sheet.write_formula("B12", "=factor*local", None, 3.75)
    book.close()
    return stream.getvalue()


def with_vba_and_pivot() -> bytes:
    """A macro-enabled workbook whose package has a VBA part, a pivot cache, custom XML and a signature: parts that only must stay."""
    import zipfile

    source = zipfile.ZipFile(io.BytesIO(by_xlsxwriter()))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "[Content_Types].xml":
                data = (
                    data.replace(b"spreadsheetml.sheet.main+xml", b"ms-excel.sheet.macroEnabled.main+xml")
                    .replace(b"application/vnd.openxmlformats-officedocument.ms-excel.sheet", b"application/vnd.ms-excel.sheet")
                    .replace(b"<Override", b'<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/><Override', 1)
                )
            if name == "xl/_rels/workbook.xml.rels":
                data = data.replace(
                    b"</Relationships>",
                    b'<Relationship Id="rId90" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" Target="vbaProject.bin"/>'
                    b'<Relationship Id="rId91" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/pivotCacheDefinition"'
                    b' Target="pivotCache/pivotCacheDefinition1.xml"/></Relationships>',
                )
            target.writestr(name, data)
        target.writestr("xl/vbaProject.bin", bytes(range(256)) * 20)
        target.writestr(
            "xl/pivotCache/pivotCacheDefinition1.xml",
            '<pivotCacheDefinition xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" refreshOnLoad="1"><cacheSource type="worksheet">'
            '<worksheetSource ref="A1:B10" sheet="Data"/></cacheSource><cacheFields count="0"/></pivotCacheDefinition>',
        )
        target.writestr("customXml/item1.xml", "<mine><keep/></mine>")
        target.writestr("_xmlsignatures/sig1.xml", "<Signature/>")
    return stream.getvalue()


def strict() -> bytes:
    """A workbook of strict Open XML: other namespaces, dates as ISO 8601."""
    import zipfile

    stream = io.BytesIO()
    main = "http://purl.oclc.org/ooxml/spreadsheetml/main"
    arrows = "http://purl.oclc.org/ooxml/officeDocument/relationships"
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" '
            'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" '
            'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
        )
        target.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
            f'Type="{arrows}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        target.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}" xmlns:r="{arrows}" conformance="strict"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>',
        )
        target.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
            f'Type="{arrows}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        )
        target.writestr(
            "xl/worksheets/sheet1.xml",
            f'<worksheet xmlns="{main}"><sheetData><row r="1"><c r="A1"><v>2</v></c><c r="B1"><f>A1*3</f><v>6</v></c>'
            '<c r="C1" t="d"><v>2024-01-31</v></c><c r="D1" t="b"><f>B1&gt;1</f><v>1</v></c></row></sheetData></worksheet>',
        )
    return stream.getvalue()


def fuzzed_books() -> list[bytes]:
    """The workbooks that are mutated."""
    return [by_openpyxl(), by_xlsxwriter(), with_vba_and_pivot(), strict()]
