"""A workbook that reads two others, as Excel writes it: `[1]` and `[2]` in formulas, the values it last saw of them in parts of its own."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def linked_book(formulas: Sequence[str]) -> bytes:
    """The package; the formulas stand in column A and have no values yet.

    Book 1, `prices.xlsx`: sheet Sheet1 with A1:A3 = 10, 20, 30, B1 = "tea", B2 = TRUE, B3 = #N/A, and sheet `Year 2` with A1 = 7; its
    names RATE (Sheet1!$A$1) and NOWHERE. Book 2, `stock.xlsx`: sheet Stock, of which nothing is kept.
    """
    cells = "".join(f'<row r="{row}"><c r="A{row}"><f>{escape(text[1:])}</f></c></row>' for row, text in enumerate(formulas, 1))
    parts = {
        "[Content_Types].xml": f"""<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels"
            ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>
            <Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>
            <Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPES}.worksheet+xml"/>
            <Override PartName="/xl/externalLinks/externalLink1.xml" ContentType="{_TYPES}.externalLink+xml"/>
            <Override PartName="/xl/externalLinks/externalLink2.xml" ContentType="{_TYPES}.externalLink+xml"/></Types>""",
        "_rels/.rels": _relationships([("rId1", "officeDocument", "xl/workbook.xml", "")]),
        "xl/workbook.xml": f"""<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet name="Main" sheetId="1" r:id="rId1"/></sheets>
            <externalReferences><externalReference r:id="rId2"/><externalReference r:id="rId3"/></externalReferences></workbook>""",
        "xl/_rels/workbook.xml.rels": _relationships(
            [
                ("rId1", "worksheet", "worksheets/sheet1.xml", ""),
                ("rId2", "externalLink", "externalLinks/externalLink1.xml", ""),
                ("rId3", "externalLink", "externalLinks/externalLink2.xml", ""),
            ]
        ),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_MAIN}"><sheetData>{cells}</sheetData></worksheet>',
        "xl/externalLinks/externalLink1.xml": f"""<externalLink xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><externalBook r:id="rId1">
            <sheetNames><sheetName val="Sheet1"/><sheetName val="Year 2"/></sheetNames>
            <definedNames><definedName name="RATE" refersTo="=Sheet1!$A$1"/><definedName name="NOWHERE"/></definedNames>
            <sheetDataSet><sheetData sheetId="0">
            <row r="1"><cell r="A1"><v>10</v></cell><cell r="B1" t="str"><v>tea</v></cell></row>
            <row r="2"><cell r="A2"><v>20</v></cell><cell r="B2" t="b"><v>1</v></cell></row>
            <row r="3"><cell r="A3"><v>30</v></cell><cell r="B3" t="e"><v>#N/A</v></cell></row></sheetData>
            <sheetData sheetId="1"><row r="1"><cell r="A1"><v>7</v></cell></row></sheetData></sheetDataSet></externalBook></externalLink>""",
        "xl/externalLinks/_rels/externalLink1.xml.rels": _relationships(
            [("rId1", "externalLinkPath", "prices.xlsx", ' TargetMode="External"')]
        ),
        "xl/externalLinks/externalLink2.xml": f"""<externalLink xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><externalBook r:id="rId1">
            <sheetNames><sheetName val="Stock"/></sheetNames></externalBook></externalLink>""",
        "xl/externalLinks/_rels/externalLink2.xml.rels": _relationships(
            [("rId1", "externalLinkPath", "stock.xlsx", ' TargetMode="External"')]
        ),
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + text)
    return file.getvalue()


def _relationships(arrows: Sequence[tuple[str, str, str, str]]) -> str:
    entries = "".join(f'<Relationship Id="{key}" Type="{_OFFICE}/{kind}" Target="{target}"{mode}/>' for key, kind, target, mode in arrows)
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{entries}</Relationships>'
