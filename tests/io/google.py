"""A workbook in the dialect of Google Sheets' export, by hand: what it is known to write otherwise than Excel does.

Every number has a point, blank cells with a style are written out, all sheets give `customHeight`, results that Excel has no function for
are `IFERROR(__xludf.DUMMYFUNCTION("…"),value)`, one for each cell that they fill, ARRAYFORMULA is an array formula, constants may be
`t="str"`, and there is neither `dimension` nor `bookViews` nor a chain of calculation.
"""

from __future__ import annotations

import io
import zipfile

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_ARROWS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SPACES = (
    f'xmlns="{_MAIN}" xmlns:r="{_ARROWS}" xmlns:mx="http://schemas.microsoft.com/office/mac/excel/2008/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:mv="urn:schemas-microsoft-com:mac:vml" '
    'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" '
    'xmlns:x15="http://schemas.microsoft.com/office/spreadsheetml/2010/11/main" '
    'xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac" xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"'
)
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml."


def _dummy(text: str, value: str, *, first: bool = True) -> str:
    """What stands for a function that Excel does not have, as it is written into XML."""
    inner = text.replace('"', '""') if first else '""COMPUTED_VALUE""'
    return f'IFERROR(__xludf.DUMMYFUNCTION("{inner}"),{value})'.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


SHEET = f"""{_DECLARATION}
<worksheet {_SPACES}><sheetPr><outlinePr summaryBelow="0" summaryRight="0"/></sheetPr><sheetViews><sheetView showGridLines="0" \
workbookViewId="0"><pane ySplit="1.0" topLeftCell="A2" activePane="bottomLeft" state="frozen"/><selection activeCell="B3" sqref="B3" \
pane="bottomLeft"/></sheetView></sheetViews><sheetFormatPr customHeight="1" defaultColWidth="12.63" defaultRowHeight="15.75"/>\
<cols><col customWidth="1" min="1" max="1" width="20.5"/></cols><sheetData>\
<row r="1" ht="15.75" customHeight="1"><c r="A1" s="1" t="s"><v>0</v></c><c r="B1" s="1" t="s"><v>1</v></c><c r="C1" s="1" t="str"><v>kept as str</v></c>\
<c r="D1" s="2"/></row>\
<row r="2"><c r="A2" s="2" t="s"><v>2</v></c><c r="B2" s="2"><v>1.5</v></c><c r="C2" s="2"><f t="shared" ref="C2:C4" si="1">B2*2</f><v>3.0</v></c>\
<c r="D2" s="2" t="str"><f>{_dummy("UNIQUE(A2:A4)", '"ash"')}</f><v>ash</v></c><c r="E2"><f t="array" ref="E2:E4">B2:B4*10</f><v>15.0</v></c>\
<c r="F2" s="2" t="b"><f>B2&gt;1</f><v>1</v></c></row>\
<row r="3"><c r="A3" s="2" t="s"><v>3</v></c><c r="B3" s="2"><v>2.0</v></c><c r="C3" s="2"><f t="shared" si="1"/><v>4.0</v></c>\
<c r="D3" s="2" t="str"><f>{_dummy("", '"elm"', first=False)}</f><v>elm</v></c><c r="E3"><v>20.0</v></c>\
<c r="F3" s="2" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>\
<row r="4"><c r="A4" s="2" t="s"><v>2</v></c><c r="B4" s="3"><v>45292.0</v></c><c r="C4" s="2"><f t="shared" si="1"/><v>90584.0</v></c>\
<c r="D4" s="2"/><c r="E4"><v>452920.0</v></c><c r="F4" s="2" t="str"><f>IF(D2=A2,"same","other")</f><v>same</v></c></row>\
<row r="5"><c r="A5"><f>{_dummy('QUERY(A1:B4,"select sum(B) where A <> &")', "45295.5")}</f><v>45295.5</v></c>\
<c r="B5"><f>SUM(B2:B4)</f><v>45295.5</v></c><c r="C5" t="str"><f>{_dummy("GOOGLEFINANCE(A2)", '"#N/A"')}</f><v>#N/A</v></c>\
<c r="D5" t="e"><f>__xludf.DUMMYFUNCTION("SPARKLINE(B2:B4)")</f><v>#NAME?</v></c>\
<c r="E5"><f>SUM(E2:E4)</f><v>452955.0</v></c><c r="F5"><f t="array" ref="F5">SUM(IF(A2:A4="ash",B2:B4))</f><v>45293.5</v></c></row>\
</sheetData><mergeCells count="1"><mergeCell ref="A7:B8"/></mergeCells><conditionalFormatting sqref="B2:B4"><cfRule type="cellIs" dxfId="0" \
priority="1" operator="greaterThan"><formula>1</formula></cfRule></conditionalFormatting><dataValidations><dataValidation type="list" \
allowBlank="1" showErrorMessage="1" sqref="A2:A4"><formula1>"ash,elm"</formula1></dataValidation></dataValidations><drawing r:id="rId1"/>\
</worksheet>"""

_STYLES = (
    f'{_DECLARATION}\n<styleSheet {_SPACES}><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts><fonts count="3">'
    '<font><sz val="10.0"/><color rgb="FF000000"/><name val="Arial"/><scheme val="minor"/></font><font><b/><color theme="1"/><name val="Arial"/>'
    '<scheme val="minor"/></font><font><color theme="1"/><name val="Arial"/><scheme val="minor"/></font></fonts><fills count="2"><fill>'
    '<patternFill patternType="none"/></fill><fill><patternFill patternType="lightGray"/></fill></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf borderId="0" fillId="0" fontId="0" numFmtId="0" applyAlignment="1" applyFont="1"/></cellStyleXfs>'
    '<cellXfs count="4"><xf borderId="0" fillId="0" fontId="0" numFmtId="0" xfId="0" applyAlignment="1" applyFont="1"><alignment readingOrder="0" '
    'shrinkToFit="0" vertical="bottom" wrapText="0"/></xf><xf borderId="0" fillId="0" fontId="1" numFmtId="0" xfId="0" applyFont="1"/>'
    '<xf borderId="0" fillId="0" fontId="2" numFmtId="0" xfId="0" applyFont="1"/><xf borderId="0" fillId="0" fontId="2" numFmtId="164" xfId="0" '
    'applyNumberFormat="1"/></cellXfs><cellStyles count="1"><cellStyle xfId="0" name="Normal" builtinId="0"/></cellStyles><dxfs count="1"><dxf>'
    '<font/><fill><patternFill patternType="solid"><fgColor rgb="FFB7E1CD"/><bgColor rgb="FFB7E1CD"/></patternFill></fill><border/></dxf></dxfs>'
    "</styleSheet>"
)
_DRAWING = (
    f'{_DECLARATION}\n<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"/>'
)


def by_google() -> bytes:
    """The workbook."""
    texts = "".join(f"<si><t>{text}</t></si>" for text in ("Item", "Net", "ash", "elm"))
    head = f'{_DECLARATION}\n<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'

    def arrow(number: int, kind: str, target: str) -> str:
        return f'<Relationship Id="rId{number}" Type="{_ARROWS}/{kind}" Target="{target}"/>'

    parts = {
        "xl/worksheets/_rels/sheet1.xml.rels": head + arrow(1, "drawing", "../drawings/drawing1.xml") + "</Relationships>",
        "xl/drawings/drawing1.xml": _DRAWING,
        "xl/sharedStrings.xml": f'{_DECLARATION}\n<sst xmlns="{_MAIN}" count="5" uniqueCount="4">{texts}</sst>',
        "xl/worksheets/sheet1.xml": SHEET,
        "xl/styles.xml": _STYLES,
        "xl/workbook.xml": (
            f'{_DECLARATION}\n<workbook {_SPACES}><workbookPr/><sheets><sheet state="visible" name="Sheet1" sheetId="1" r:id="rId4"/></sheets>'
            '<definedNames><definedName name="Net">Sheet1!$B$2:$B$4</definedName><definedName hidden="1" localSheetId="0" '
            'name="_xlnm._FilterDatabase">Sheet1!$A$1:$B$4</definedName></definedNames><calcPr/></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": head
        + arrow(2, "styles", "styles.xml")
        + arrow(3, "sharedStrings", "sharedStrings.xml")
        + arrow(4, "worksheet", "worksheets/sheet1.xml")
        + "</Relationships>",
        "_rels/.rels": head + arrow(1, "officeDocument", "xl/workbook.xml") + "</Relationships>",
        "[Content_Types].xml": (
            f'{_DECLARATION}\n<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default ContentType="application/xml" '
            'Extension="xml"/><Default ContentType="application/vnd.openxmlformats-package.relationships+xml" Extension="rels"/>'
            f'<Override ContentType="{_TYPE}worksheet+xml" PartName="/xl/worksheets/sheet1.xml"/>'
            f'<Override ContentType="{_TYPE}styles+xml" PartName="/xl/styles.xml"/>'
            f'<Override ContentType="{_TYPE}sharedStrings+xml" PartName="/xl/sharedStrings.xml"/>'
            '<Override ContentType="application/vnd.openxmlformats-officedocument.drawing+xml" PartName="/xl/drawings/drawing1.xml"/>'
            f'<Override ContentType="{_TYPE}sheet.main+xml" PartName="/xl/workbook.xml"/></Types>'
        ),
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name, text in parts.items():
            target.writestr(name, text)
    return stream.getvalue()
