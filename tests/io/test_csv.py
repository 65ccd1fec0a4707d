"""Text with separators, both ways; nothing that looks like a formula goes through by accident."""

from __future__ import annotations

import datetime
import io

import pytest

import sheetengine


def opened(tmp_path, data: bytes | str, name="in.csv", **options):
    path = tmp_path / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return sheetengine.open(path, **options)


def test_values_are_what_they_seem_and_nothing_is_lost(tmp_path):
    wb = opened(tmp_path, 'a,1,2.50,-3e2\r\n"x,y","say ""hi""",TRUE,false\n007,12345678901234567890,12%,2024-01-31\n,,end\n')
    assert wb.sheet_names == ["in"]
    assert wb["in"]["A1:D4"].value == [
        ["a", 1.0, 2.5, -300.0],
        ["x,y", 'say "hi"', True, False],
        ["007", "12345678901234567890", "12%", "2024-01-31"],
        [None, None, "end", None],
    ]


@pytest.mark.parametrize(
    ("text", "options"),
    [("1;2\n3;4\n", {}), ("1\t2\n3\t4\n", {}), ("sep=|\n1|2\n3|4\n", {}), ("1:2\n3:4\n", {"separator": ":"})],
)
def test_the_separator_is_found(tmp_path, text, options):
    assert opened(tmp_path, text, **options)["in"]["A1:B2"].value == [[1.0, 2.0], [3.0, 4.0]]


@pytest.mark.parametrize(
    ("data", "options"),
    [
        ("naïve,1".encode("utf-8-sig"), {}),
        ("naïve,1".encode("utf-16"), {}),
        ("naïve,1".encode("cp1252"), {}),
        ("naïve,1".encode("mac-roman"), {"encoding": "mac-roman"}),
    ],
)
def test_encodings(tmp_path, data, options):
    assert opened(tmp_path, data, **options)["in"]["A1:B1"].value == [["naïve", 1.0]]


def test_formulas_only_on_request(tmp_path):
    text = "2,=A1*2,=HYPERLINK(A1),+1+1,@SUM(A1)\n"
    wb = opened(tmp_path, text)
    assert wb["in"]["A1:E1"].value == [[2.0, "=A1*2", "=HYPERLINK(A1)", "+1+1", "@SUM(A1)"]]
    assert wb["in"]["B1"].formula is None
    wb = opened(tmp_path, text, formulas=True)
    assert (wb["in"]["B1"].value, wb["in"]["B1"].formula) == (4.0, "=A1*2")


def test_what_looks_like_a_formula_is_guarded(tmp_path):
    wb = sheetengine.Workbook()
    ws = wb["Sheet1"]
    ws["A1"] = 0.1 + 0.2
    ws["B1"] = '="="&"cmd|x"'
    ws["C1"], ws["D1"], ws["E1"] = "-5", -5, "@SUM(A1)"
    ws["F1"] = datetime.date(2024, 1, 31)
    ws["G1"] = "=1/0"
    ws["A2"] = "two\nlines"
    wb.save(tmp_path / "out.csv")
    data = (tmp_path / "out.csv").read_bytes()
    assert data == b"0.30000000000000004,'=cmd|x,'-5,-5,'@SUM(A1),2024-01-31,#DIV/0!\r\n\"two\nlines\",,,,,,\r\n"
    again = sheetengine.open(tmp_path / "out.csv")
    assert again["out"]["A1:E1"].value == [[0.1 + 0.2, "=cmd|x", "-5", -5.0, "@SUM(A1)"]]
    stream = io.StringIO()
    ws.to_csv(stream, separator=";", guard="keep")
    assert stream.getvalue().startswith("0.30000000000000004;=cmd|x;-5;-5;@SUM(A1)")
    with pytest.raises(sheetengine.ValueRefused, match="=cmd"):
        ws.to_csv(tmp_path / "out.csv", guard="refuse")
    assert (tmp_path / "out.csv").read_bytes() == data


def test_a_csv_becomes_a_workbook_and_back(tmp_path):
    wb = opened(tmp_path, "1,2\n3,4\n")
    wb["in"]["C1:C2"] = "=A1+B1"
    wb.save(tmp_path / "out.xlsx")
    again = sheetengine.open(tmp_path / "out.xlsx")
    assert again["in"]["C2"].value == 7.0
    again.add_sheet("other")
    with pytest.raises(sheetengine.FileFormatError, match=r"one sheet.*to_csv"):
        again.save(tmp_path / "out.csv")


@pytest.mark.parametrize("name", ["in.tsv", "in.CSV"])
def test_known_by_its_name(tmp_path, name):
    assert opened(tmp_path, "1\t2\n", name=name)["in"]["B1"].value == 2.0


def test_bytes_without_a_name_are_told_how():
    with pytest.raises(sheetengine.FileFormatError, match=r"\.csv"):
        sheetengine.open(b"1,2\n3,4\n")
    stream = io.BytesIO(b"1,\0\0\0")
    stream.name = "x.csv"
    with pytest.raises(sheetengine.FileFormatError, match="binary"):
        sheetengine.open(stream)


def test_tasks_name_the_file_and_a_text_that_was_cut(tmp_path):
    path = tmp_path / "long.csv"
    path.write_text(f"a,b\n1,{'x' * 40_000}\n")
    found = sheetengine.recalculate_file(path, tmp_path / "out.xlsx")
    assert found.source == sheetengine.check_file(path).source == sheetengine.diff_files(path, path).first == str(path)
    assert found.notes == ["line 2: a text of 40,000 characters was cut to 32,767, all that a cell holds"]
    assert len(sheetengine.open(tmp_path / "out.xlsx")["long"]["B2"].value) == 32_767
