"""Files that were made to do harm, or broke: a clear error in seconds and little memory, never a hang, a crash or a path outside."""

from __future__ import annotations

import io
import resource
import subprocess
import sys
import time
import zipfile

import pytest

import sheetengine
from tests.io import fuzz, rich
from tests.needs import PROJECT

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def changed(part: str, change, data: bytes | None = None, compression=zipfile.ZIP_DEFLATED) -> bytes:
    """A workbook with one part changed by a function of its text."""
    source = zipfile.ZipFile(io.BytesIO(data or rich.strict()))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, change(content.decode()) if name == part else content)
    return stream.getvalue()


def sheet(cells: str, before: str = "", after: str = "") -> bytes:
    text = f'<worksheet xmlns="{MAIN}">{before}<sheetData>{cells}</sheetData>{after}</worksheet>'
    return changed("xl/worksheets/sheet1.xml", lambda _: text)


def refused(data: bytes, words: str) -> None:
    began = time.process_time()
    with pytest.raises(sheetengine.FileFormatError, match=words):
        sheetengine.open(data)
    assert time.process_time() - began < 10


# -- what is no workbook -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"hello", r"not a workbook.*\.csv"),
        (b"<html><table></table></html>", "web page"),
        (b"<?xml version='1.0'?><Workbook/>", "XML file"),
        (b"PK\x03\x04 cut off", "damaged or cut off"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500 + "Workbook".encode("utf-16-le"), r"\.xls.*save it as \.xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500 + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"\x09\x08\x10\x00\x00\x06\x05\x00", r"\.xls"),
    ],
)
def test_what_is_no_workbook_says_what_to_do(data, words):
    refused(data, words)


def test_other_packages_are_called_by_their_names():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<x/>")
    refused(stream.getvalue(), "OpenDocument.*save it as")
    refused(
        changed("[Content_Types].xml", lambda text: text.replace("spreadsheetml.sheet.main", "ms-excel.sheet.binary.macroEnabled.main")),
        "xlsb",
    )
    word = "wordprocessingml.document.main"
    refused(changed("[Content_Types].xml", lambda text: text.replace("spreadsheetml.sheet.main", word)), "Word document")


def test_a_file_cut_off_at_any_place():
    data = rich.by_openpyxl()
    for length in range(0, len(data), max(1, len(data) // 60)):
        refused(data[:length], ".")


# -- bombs -----------------------------------------------------------------------------------------------------------------


def test_entities_are_not_expanded():
    laughs = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
    for part in ("xl/workbook.xml", "xl/worksheets/sheet1.xml", "[Content_Types].xml"):
        refused(changed(part, lambda text: laughs + text.replace("</", "&b;</", 1)), "document type")


def test_a_part_that_unpacks_to_gigabytes():
    refused(changed("xl/worksheets/sheet1.xml", lambda _: " " * 60_000_000), "zip bomb|limit")


def test_parts_that_overlap():
    data = bytearray(rich.by_openpyxl())
    directory = data.rindex(b"PK\x05\x06")
    begin = int.from_bytes(data[directory + 16 : directory + 20], "little")
    entry = bytes(data[begin : data.index(b"PK\x01\x02", begin + 4)])
    count = 65
    data[begin:begin] = entry * count
    directory += len(entry) * count
    for at, size in ((directory + 8, 2), (directory + 10, 2)):
        data[at : at + size] = (int.from_bytes(data[at : at + size], "little") + count).to_bytes(size, "little")
    size = int.from_bytes(data[directory + 12 : directory + 16], "little") + len(entry) * count
    data[directory + 12 : directory + 16] = size.to_bytes(4, "little")
    refused(bytes(data), "twice|overlap")


def test_parts_that_are_not_where_the_directory_says():
    data = bytearray(rich.by_openpyxl())
    begin = data.index(b"PK\x01\x02")
    data[begin + 42 : begin + 46] = (2_000_000).to_bytes(4, "little")
    refused(bytes(data), "not where its directory says")


def test_deep_nesting():
    refused(sheet("<row>" + "<c>" * 5_000 + "</c>" * 5_000 + "</row>"), "nested")
    refused(sheet("", after="<x>" * 5_000 + "</x>" * 5_000), "nested")


MEMORY_CASES = {
    "dimension": sheet('<row r="1"><c r="A1"><v>1</v></c></row>', before='<dimension ref="A1:XFD1048576"/>'),
    "columns": sheet('<row r="1"><c r="A1"><v>1</v></c></row>', before='<cols><col min="1" max="2147483647" width="9" hidden="1"/></cols>' * 50),
    "corners": sheet('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'),
    "array": sheet('<row r="1"><c r="A1"><f t="array" ref="A1:XFD1048576">1+1</f><v>2</v></c></row>'),
    "shared": sheet('<row r="1"><c r="A1"><f t="shared" si="0" ref="A1:XFD1048576">B1</f><v>2</v></c><c r="B1"><f t="shared" si="0"/><v>1</v></c></row>'),
    "cyclic shared": sheet('<row r="1"><c r="A1"><f t="shared" si="0"/></c><c r="B1"><f t="shared" si="1" ref="B1">A1</f></c><c r="C1"><f t="shared" si="0" ref="A1:C1">B1</f></c></row>'),
    "data table": sheet('<row r="1"><c r="A1"><f t="dataTable" ref="A1:XFD1048576" r1="B1" dt2D="1" dtr="1" r2="C1"/><v>2</v></c></row>'),
    "merged": sheet("", after='<mergeCells>' + '<mergeCell ref="A1:XFD1048576"/>' * 5_000 + "</mergeCells>"),
    "sequence": sheet('<row r="1"><c r="A1"><f>SUM(SEQUENCE(1048576,16384))</f></c></row>'),
    "text": sheet('<row r="1"><c r="A1"><f>REPT(REPT("x",32767),32767)</f></c></row>'),
    "parentheses": sheet('<row r="1"><c r="A1"><f>' + "(" * 4_000 + "1" + ")" * 4_000 + "</f></c></row>"),
    "operators": sheet('<row r="1"><c r="A1"><f>' + "-" * 8_000 + "1</f></c></row>"),
    "external": sheet('<row r="1"><c r="A1"><f>SUM([1]x!A1:XFD1048575)</f><v>1</v></c></row>'),
    "rows": sheet("".join(f'<row r="{row}"/>' for row in range(1, 100_001))),
}  # fmt: skip


def test_little_memory_and_time(tmp_path):
    """In a process that may take 1 GiB: each is opened and computed, or refused, in seconds."""
    for name, data in MEMORY_CASES.items():
        (tmp_path / f"{name}.xlsx").write_bytes(data)
    code = f"""
import pathlib, resource, time, warnings
warnings.simplefilter("ignore")
import sheetengine
resource.setrlimit(resource.RLIMIT_DATA, (1 << 30, 1 << 30))
for path in sorted(pathlib.Path({str(tmp_path)!r}).iterdir()):
    began = time.process_time()
    try:
        wb = sheetengine.open(path)
        wb.recalculate(timeout=8)
        answer = "opened"
    except (sheetengine.FileFormatError, sheetengine.RecalculationInterrupted) as error:
        answer = "refused"
    assert time.process_time() - began < 10, path
    print(path.stem, answer, sep=":", flush=True)
    wb = None
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, timeout=150, check=False)
    assert done.returncode == 0, done.stdout[-300:] + done.stderr[-1500:]
    assert [line.partition(":")[0] for line in done.stdout.splitlines()] == sorted(MEMORY_CASES)


# -- lies ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ('<row r="1048577"><c><v>1</v></c></row>', "off the grid"),
        ('<row r="1"><c r="XFE1"><v>1</v></c></row>', "off the grid"),
        ('<row r="1"><c r="A1"><v>one</v></c></row>', "A1.*not a number"),
        ('<row r="1"><c r="A1" t="s"><v>7</v></c></row>', "shared string"),
        ('<row r="1"><c r="A1" t="x"><v>7</v></c></row>', "type of cell"),
        ('<row r="1"><c r="A1" t="b"><v>maybe</v></c></row>', "neither TRUE nor FALSE"),
        ('<row r="1"><c r="A1"><f t="array" ref="A1:">1</f></c></row>', "range"),
        ('<row r="1"><c r="A1"><f t="strange">1</f></c></row>', "type of formula"),
        ("<row", "XML is damaged"),
    ],
)
def test_what_a_sheet_says_wrongly_names_cell_and_part(cells, words):
    with pytest.raises(sheetengine.FileFormatError, match=words) as caught:
        sheetengine.open(sheet(cells))
    assert "xl/worksheets/sheet1.xml" in str(caught.value)


def test_no_path_leads_outside():
    refused(changed("xl/_rels/workbook.xml.rels", lambda text: text.replace("worksheets/sheet1.xml", "../../../../etc/passwd")), "outside")
    stream = io.BytesIO(rich.strict())
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("../evil.xml", "x")
    refused(stream.getvalue(), "outside")


def test_wrong_content_types_and_missing_parts():
    refused(changed("[Content_Types].xml", lambda text: text.replace("spreadsheetml.worksheet", "drawingml.chart")), "content type")
    refused(changed("xl/workbook.xml", lambda _: f'<workbook xmlns="{MAIN}"/>'), "no sheets")
    refused(changed("xl/workbook.xml", lambda _: "<workbook/>"), "sheets|workbook")
    refused(changed("xl/_rels/workbook.xml.rels", lambda text: text.replace("rId1", "rId9")), "leads to no part")


def test_formulas_that_do_not_parse_keep_their_values_and_poison_nothing():
    data = sheet('<row r="1"><c r="A1"><f>SUM((</f><v>4</v></c><c r="B1"><f>A1*2</f><v>7</v></c></row>')
    wb = sheetengine.open(data, recalculate=True)
    assert (wb.sheets[0]["A1"].value, wb.sheets[0]["B1"].value) == (4.0, 8.0)
    assert list(wb.unsupported) == ["S!A1"]
    stream = io.BytesIO()
    wb.save(stream)
    assert b"<f>SUM((</f><v>4</v>" in zipfile.ZipFile(stream).read("xl/worksheets/sheet1.xml")


# -- the fuzzer --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(4))
def test_mutations(seed):
    """2,500 mutations for each of four seeds: opened or refused, nothing else."""
    found = fuzz.run(rich.fuzzed_books(), 2_500, seed)
    assert found["opened"] > 100
    assert found["refused"] > 100
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 2 << 20
