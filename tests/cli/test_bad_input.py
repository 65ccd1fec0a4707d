"""Bad input: one clear message that names the place, code 2, no traceback, the file as it was."""

from __future__ import annotations

import zipfile

import pytest

from tests.needs import PROJECT

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096)


def _write(path, content):
    path.write_bytes(content)


def _truncated(path):
    path.write_bytes((PROJECT / "workbooks" / "digits.xlsx").read_bytes()[:20_000])


def _zip(path):
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("letter.txt", "not a workbook")


@pytest.mark.parametrize("command", [("calc",), ("deps",)])
@pytest.mark.parametrize(
    ("name", "make", "words"),
    [
        ("empty.xlsx", lambda path: _write(path, b""), "is empty"),
        ("text.xlsx", lambda path: _write(path, b"a,b\n1,2\n"), "not a workbook"),
        ("old.xls", lambda path: _write(path, OLE), "save it as .xlsx"),
        ("secret.xlsx", lambda path: _write(path, OLE), "OLE"),
        ("cut.xlsx", _truncated, "damaged or cut off"),
        ("archive.xlsx", _zip, "not a workbook"),
    ],
)
def test_files_that_are_no_workbooks(sheetengine, tmp_path, command, name, make, words):
    path = tmp_path / name
    make(path)
    before = path.read_bytes()
    answer = sheetengine(*command, path, "A1")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith(f"Error: {path}: ")
    assert words in answer.err
    assert "Traceback" not in answer.err
    assert path.read_bytes() == before


@pytest.mark.parametrize("name", ["none.xlsx", "."])
def test_files_that_are_none(sheetengine, tmp_path, name):
    answer = sheetengine("calc", tmp_path / name)
    assert answer.code == 2
    assert "does not exist" in answer.err or "is a directory" in answer.err


@pytest.mark.parametrize("command", [("calc",), ("deps",)])
@pytest.mark.parametrize(
    ("reference", "words"),
    [
        ("Costs!A1", "there is no sheet 'Costs'; this workbook has 'Loan'"),
        ("Interest", "there is no name, table or address 'Interest'; sheets: Loan, It's notes"),
        ("A1", "sheets: Loan, It's notes"),
        ("Loan!XFE1", "'XFE1' lies off the grid"),
        ("Loan!A1048577", "'A1048577' lies off the grid"),
        ("Loan!A0", "'A0' is not the address of a cell"),
        ("Loan!A1:", "is not the address of a cell"),
        ("Loan!", "is not the address of a cell"),
        ("", "there is no name, table or address ''"),
        ("Loan!A1+1", "is not the address of a cell"),
    ],
)
def test_places_that_are_none(sheetengine, loan, command, reference, words):
    answer = sheetengine(*command, loan, reference)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("Error: ")
    assert words in answer.err


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        ("Loan!B1=nan", "a cell cannot hold nan"),
        ("Loan!B1=-Infinity", "a cell cannot hold -Infinity"),
        ("Loan!B1=1e999", "1e999 is too large for a cell"),
        ("Loan!B1=2024-13-01", "is no date"),
        ("Loan!B1==1+", "line 1, column 4"),
        ("Loan!B1==SUM(1,2", "for cell Loan!B1, which is as it was"),
        ("Loan!B1=" + "x" * 32_768, "at most 32,767 characters"),
        ("Costs!B1=1", "there is no sheet 'Costs'"),
        ("Loan!XFE1=1", "off the grid"),
        ("Interest=1", "there is no name, table or address 'Interest'"),
        ("B1", "is not REF=VALUE"),
        ("Share=1", "Share is a name for =Loan!$B$1/2, not for cells\nin --set Share=1"),
        ("Loan!B1==SUM(", "for cell Loan!B1, which is as it was\nin --set Loan!B1==SUM("),
    ],
)
def test_edits_that_are_refused_leave_no_answer(sheetengine, loan, edit, words):
    before = loan.read_bytes()
    answer = sheetengine("calc", loan, "Payment", "--set", "Loan!B2=20", "--set", edit)
    assert (answer.code, answer.out) == (2, "")
    assert words in answer.err
    assert loan.read_bytes() == before


def test_a_formula_of_what_does_not_exist_is_no_bad_input(sheetengine, loan):
    """As in Excel: it answers an error, and heals when the name appears."""
    answer = sheetengine(
        "calc", loan, "Loan!G1", "Loan!G2", "--set", "Loan!G1=NOSUCH(1)", "--set", "Loan!G1==NOSUCH(1)", "--set", "Loan!G2==Costs!A1"
    )
    assert answer.out == "Loan!G1\t#NAME?\nLoan!G2\t#REF!\n"
