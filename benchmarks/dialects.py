"""A `Book` written as .xlsx in the three dialects that files come in; formulas without cached values.

- `excel`: what Excel itself writes: shared formulas, a shared string table, `spans` and `dyDescent` on rows. Written here.
- `openpyxl`: every formula in full, inline numbers, by openpyxl's write-only mode.
- `xlsxwriter`: every formula in full with a 0 for a value and the file's demand to be calculated when it is opened.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.sax.saxutils import escape

from benchmarks.scenarios import Book, Cell

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def column_name(column: int) -> str:
    name = ""
    while column:
        column, letter = divmod(column - 1, 26)
        name = chr(65 + letter) + name
    return name


def _rows(columns: dict[int, list[Cell | None]]) -> Iterator[tuple[int, list[tuple[int, Cell]]]]:
    order = sorted(columns)
    for index in range(max(len(cells) for cells in columns.values())):
        row = [(column, cell) for column in order if index < len(columns[column]) and (cell := columns[column][index]) is not None]
        if row:
            yield index + 1, row


def write_openpyxl(book: Book, path: Path) -> None:
    from openpyxl import Workbook
    from openpyxl.workbook.defined_name import DefinedName

    workbook = Workbook(write_only=True)
    for name, columns in book.sheets.items():
        sheet = workbook.create_sheet(name)
        width, expected = max(columns), 1
        for number, row in _rows(columns):
            for _ in range(expected, number):
                sheet.append([])
            line: list[Cell | None] = [None] * width
            for column, cell in row:
                line[column - 1] = cell
            sheet.append(line)
            expected = number + 1
    for name, text in book.names.items():
        workbook.defined_names[name] = DefinedName(name, attr_text=text)
    workbook.save(path)


def write_xlsxwriter(book: Book, path: Path) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), {"constant_memory": False}) as workbook:
        for name, columns in book.sheets.items():
            sheet = workbook.add_worksheet(name)
            for number, row in _rows(columns):
                for column, cell in row:
                    if type(cell) is float or not str(cell).startswith("="):
                        sheet.write(number - 1, column - 1, cell)
                    else:
                        sheet.write_formula(number - 1, column - 1, str(cell))
        for name, text in book.names.items():
            workbook.define_name(name, "=" + text)


def write_excel(book: Book, path: Path) -> None:
    strings: dict[str, int] = {}
    sheets = [_excel_sheet(book, name, strings) for name in book.sheets]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as file:
        kinds = [("/xl/workbook.xml", "sheet.main"), ("/xl/styles.xml", "styles"), ("/xl/sharedStrings.xml", "sharedStrings")]
        kinds += [(f"/xl/worksheets/sheet{number}.xml", "worksheet") for number in range(1, len(sheets) + 1)]
        spreadsheet = "application/vnd.openxmlformats-officedocument.spreadsheetml"
        file.writestr(
            "[Content_Types].xml",
            _HEAD + '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            + "".join(f'<Override PartName="{part}" ContentType="{spreadsheet}.{kind}+xml"/>' for part, kind in kinds)
            + "</Types>",
        )
        file.writestr("_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")]))
        targets = [("worksheet", f"worksheets/sheet{number}.xml") for number in range(1, len(sheets) + 1)]
        file.writestr(
            "xl/_rels/workbook.xml.rels", _relations([*targets, ("styles", "styles.xml"), ("sharedStrings", "sharedStrings.xml")])
        )
        tabs = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(book.sheets, 1))
        names = "".join(f'<definedName name="{name}">{escape(text)}</definedName>' for name, text in sorted(book.names.items()))
        file.writestr(
            "xl/workbook.xml",
            f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><workbookPr defaultThemeVersion="166925"/><sheets>{tabs}</sheets>'
            + (f"<definedNames>{names}</definedNames>" if names else "")
            + '<calcPr calcId="191029"/></workbook>',
        )
        file.writestr(
            "xl/styles.xml",
            f'{_HEAD}<styleSheet xmlns="{_MAIN}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2">'
            '<fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1">'
            '<border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" '
            'fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
            '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
        )
        entries = "".join(f"<si><t>{escape(text)}</t></si>" for text in strings)
        file.writestr("xl/sharedStrings.xml", f'{_HEAD}<sst xmlns="{_MAIN}" uniqueCount="{len(strings)}">{entries}</sst>')
        for number, sheet in enumerate(sheets, 1):
            file.writestr(f"xl/worksheets/sheet{number}.xml", sheet)


def _relations(targets: list[tuple[str, str]]) -> str:
    lines = "".join(
        f'<Relationship Id="rId{n}" Type="{_RELATIONS}/{kind}" Target="{target}"/>' for n, (kind, target) in enumerate(targets, 1)
    )
    return f'{_HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{lines}</Relationships>'


def _excel_sheet(book: Book, name: str, strings: dict[str, int]) -> str:
    columns = book.sheets[name]
    groups = {column: (number, first, last) for number, (_, column, first, last) in enumerate(f for f in book.fills if f[0] == name)}
    letters = {column: column_name(column) for column in columns}
    height, spans = max(len(cells) for cells in columns.values()), f"{min(columns)}:{max(columns)}"
    pieces = [
        f'{_HEAD}<worksheet xmlns="{_MAIN}" xmlns:r="{_RELATIONS}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        'mc:Ignorable="x14ac" xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac">'
        f'<dimension ref="{letters[min(columns)]}1:{letters[max(columns)]}{height}"/><sheetViews><sheetView workbookViewId="0"/></sheetViews>'
        '<sheetFormatPr defaultRowHeight="15" x14ac:dyDescent="0.25"/><sheetData>'
    ]
    for row, cells in _rows(columns):
        pieces.append(f'<row r="{row}" spans="{spans}" x14ac:dyDescent="0.25">')
        for column, cell in cells:
            place = f"{letters[column]}{row}"
            if type(cell) is float:
                pieces.append(f'<c r="{place}"><v>{int(cell) if cell.is_integer() else repr(cell)}</v></c>')
                continue
            text = str(cell)
            if not text.startswith("="):
                pieces.append(f'<c r="{place}" t="s"><v>{strings.setdefault(text, len(strings))}</v></c>')
                continue
            number, first, last = groups.get(column, (0, 0, -1))
            if row == first < last:
                area = f"{letters[column]}{first}:{letters[column]}{last}"
                pieces.append(f'<c r="{place}"><f t="shared" ref="{area}" si="{number}">{escape(text[1:])}</f></c>')
            elif first <= row <= last and first < last:
                pieces.append(f'<c r="{place}"><f t="shared" si="{number}"/></c>')
            else:
                pieces.append(f'<c r="{place}"><f>{escape(text[1:])}</f></c>')
        pieces.append("</row>")
    pieces.append('</sheetData><pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/></worksheet>')
    return "".join(pieces)


DIALECTS: dict[str, Callable[[Book, Path], None]] = {
    "excel": write_excel,
    "openpyxl": write_openpyxl,
    "xlsxwriter": write_xlsxwriter,
}


def path_of(scenario_name: str, dialect: str, book: Callable[[], Book], size: str = "") -> Path:
    """The file of a workbook in a dialect, written where it is not there yet."""
    path = Path(__file__).parent / "data" / f"{scenario_name}{size}-{dialect}.xlsx"
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        part = path.with_suffix(".part.xlsx")
        DIALECTS[dialect](book(), part)
        part.rename(path)
    return path
