"""Sheets that hold pivot tables, and sheets that pivot tables take their data from, whose rows and cells move."""

from __future__ import annotations

import io
import re
import zipfile

import openpyxl
import pytest
import xlsxwriter

import sheetengine
from tests.io.repair import problems
from tests.io.test_save import saved
from tests.io.test_save_structure import part

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_ARROWS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml."
_FIELD = '<cacheField name="{}" numFmtId="0"><sharedItems{}</cacheField>'
CACHE = (
    f'<pivotCacheDefinition xmlns="{_MAIN}" xmlns:r="{_ARROWS}" r:id="rId1" refreshOnLoad="1" recordCount="0"><cacheSource type="worksheet">'
    '<worksheetSource ref="A1:B5" sheet="Data"/></cacheSource><cacheFields count="2">'
    + _FIELD.format("Item", ' count="2"><s v="ash"/><s v="elm"/></sharedItems>') + _FIELD.format("Net", "/>") + "</cacheFields></pivotCacheDefinition>"
)  # fmt: skip
TABLE = (
    f'<pivotTableDefinition xmlns="{_MAIN}" name="P" cacheId="1" dataCaption="Values"><location ref="D4:E7" firstHeaderRow="1" '
    'firstDataRow="1" firstDataCol="1" rowPageCount="1" colPageCount="1"/><pivotFields count="2"><pivotField axis="axisRow" showAll="0">'
    '<items count="3"><item x="0"/><item x="1"/><item t="default"/></items></pivotField><pivotField dataField="1" showAll="0"/></pivotFields>'
    '<rowFields count="1"><field x="0"/></rowFields><rowItems count="3"><i><x/></i><i><x v="1"/></i><i t="grand"><x/></i></rowItems>'
    '<colItems count="1"><i/></colItems><dataFields count="1"><dataField name="Sum of Net" fld="1" baseField="0" baseItem="0"/></dataFields>'
    "</pivotTableDefinition>"
)


def pivoted(own_sheet: bool = True) -> bytes:
    """A workbook of XlsxWriter with a pivot table put in: on the sheet of its data, or on another."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    data, other = book.add_worksheet("Data"), book.add_worksheet("Report")
    for row, values in enumerate((("Item", "Net"), ("ash", 1), ("elm", 2), ("ash", 3), ("elm", 4))):
        data.write_row(row, 0, values)
    for row, values in enumerate((("Row Labels", "Sum of Net"), ("ash", 4), ("elm", 6), ("Grand Total", 10))):
        (data if own_sheet else other).write_row(3 + row, 3, values)
    book.close()
    sheet = f"xl/worksheets/sheet{1 if own_sheet else 2}.xml"
    result = io.BytesIO()
    with zipfile.ZipFile(stream) as source, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            text = source.read(name)
            if name == "[Content_Types].xml":
                for path, kind in (
                    ("pivotTables/pivotTable1", "pivotTable"),
                    ("pivotCache/pivotCacheDefinition1", "pivotCacheDefinition"),
                    ("pivotCache/pivotCacheRecords1", "pivotCacheRecords"),
                ):
                    text = text.replace(
                        b"</Types>", f'<Override PartName="/xl/{path}.xml" ContentType="{_TYPE}{kind}+xml"/></Types>'.encode()
                    )
            if name == "xl/workbook.xml":
                text = re.sub(rb"(<calcPr[^>]*/>)", rb'\1<pivotCaches><pivotCache cacheId="1" r:id="rId90"/></pivotCaches>', text, count=1)
            if name == "xl/_rels/workbook.xml.rels":
                text = text.replace(
                    b"</Relationships>", _arrow("rId90", "pivotCacheDefinition", "/xl/pivotCache/pivotCacheDefinition1.xml")
                )
            target.writestr(name, text)
        for path, kind, name in (
            (sheet, "pivotTable", "/xl/pivotTables/pivotTable1.xml"),
            ("xl/pivotTables/pivotTable1.xml", "pivotCacheDefinition", "/xl/pivotCache/pivotCacheDefinition1.xml"),
            ("xl/pivotCache/pivotCacheDefinition1.xml", "pivotCacheRecords", "/xl/pivotCache/pivotCacheRecords1.xml"),
        ):
            folder, _, file = path.rpartition("/")
            head = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            target.writestr(f"{folder}/_rels/{file}.rels", head + _arrow("rId1", kind, name))
        target.writestr("xl/pivotTables/pivotTable1.xml", TABLE)
        target.writestr("xl/pivotCache/pivotCacheDefinition1.xml", CACHE)
        target.writestr("xl/pivotCache/pivotCacheRecords1.xml", f'<pivotCacheRecords xmlns="{_MAIN}" count="0"/>')
    return result.getvalue()


def _arrow(number: str, kind: str, target: str) -> bytes:
    return f'<Relationship Id="{number}" Type="{_ARROWS}/{kind}" Target="{target}"/></Relationships>'.encode()


@pytest.mark.parametrize(
    ("change", "source", "location"),
    [
        (lambda ws: ws.insert_rows(1, 2), "A3:B7", "D6:E9"),
        (lambda ws: ws["A3:B3"].insert("down"), "A1:B6", "D4:E7"),
        (lambda ws: ws["A2:B2"].delete("up"), "A1:B4", "D4:E7"),
        (lambda ws: ws.insert_columns(3), "A1:B5", "E4:F7"),
        (lambda ws: ws["D1:E1"].insert("down"), "A1:B5", "D5:E8"),
        (lambda ws: ws.delete_rows(9, 3), "A1:B5", "D4:E7"),
    ],
)
def test_pivot_tables_and_their_sources_follow(change, source, location):
    assert not problems(pivoted())
    wb = sheetengine.open(pivoted())
    change(wb["Data"])
    data = saved(wb)
    assert not problems(data)
    assert f'<worksheetSource ref="{source}" sheet="Data"/>' in part(data, "xl/pivotCache/pivotCacheDefinition1.xml")
    assert f'<location ref="{location}"' in part(data, "xl/pivotTables/pivotTable1.xml")
    pivot = openpyxl.load_workbook(io.BytesIO(data))["Data"]._pivots[0]
    assert (pivot.location.ref, pivot.cache.cacheSource.worksheetSource.ref) == (location, source)
    first, last = location.split(":")
    assert sheetengine.open(data)["Data"][first].value == "Row Labels"
    assert sheetengine.open(data)["Data"][last].value == 10.0


@pytest.mark.parametrize(
    "change",
    [
        lambda ws: ws.insert_rows(5),
        lambda ws: ws.insert_rows(3),
        lambda ws: ws.insert_columns(5),
        lambda ws: ws["D1"].insert("down"),
        lambda ws: ws["E5"].delete("left"),
    ],
    ids=["rows", "between it and its filters", "columns", "cells above part of it", "cells of it"],
)
def test_a_pivot_table_is_not_cut(change, tmp_path):
    """Nor does Excel; what the workbook holds can still be written as a new file."""
    wb = sheetengine.open(pivoted())
    change(wb["Data"])
    with pytest.raises(sheetengine.FileFormatError, match=r"the pivot table in D4:E7.*, which would be cut.*rebuild=True"):
        saved(wb)
    wb.save(tmp_path / "new.xlsx", rebuild=True)


def test_a_source_on_another_sheet_follows():
    wb = sheetengine.open(pivoted(own_sheet=False))
    wb["Data"].insert_rows(3)
    wb.rename_sheet("Data", "Orders")
    data = saved(wb)
    assert '<worksheetSource ref="A1:B6" sheet="Orders"/>' in part(data, "xl/pivotCache/pivotCacheDefinition1.xml")
    assert not problems(data)
