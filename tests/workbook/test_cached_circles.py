"""Circles in files that have values for their cells."""

from __future__ import annotations

import io
import warnings

import pytest
import xlsxwriter

import sheetengine
from sheetengine.cli.group import run
from sheetengine.recalc.cached_circles import suspects


def book(write, **names):
    """A file whose formulas all have the value 7."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as file:
        file.calc_on_load = False
        sheet = file.add_worksheet("S")
        file.add_worksheet("T")
        write(
            lambda cell, text: (file.get_worksheet_by_name("T") if cell[0] == "!" else sheet).write_formula(cell.lstrip("!"), text, None, 7)
        )
        for name, text in names.items():
            file.define_name(name, text)
    return stream.getvalue()


def circles(data):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", sheetengine.CircularReferenceWarning)
        return sheetengine.open(data).circular


@pytest.mark.parametrize(
    ("formulas", "expected"),
    [
        ({"A1": "=A1+1"}, ["A1"]),
        ({"A1": "=B1+1", "B1": "=C5*2", "C5": "=SUM(A1:A3)", "D1": "=A1"}, ["A1", "B1", "C5"]),
        ({"A1": "=T!B9", "!B9": "=S!A1"}, ["A1", "T!B9"]),
        ({"A1": "=SUM(A:A)"}, ["A1"]),
        ({"C3": "=IF(TRUE,1,C3)"}, []),
        ({"C3": "=ROW(C3)+COLUMNS(A1:C3)"}, []),
        ({"A1": "=Named"}, ["A1"]),
        ({"A1": "=B2", "B2": "=A3", "A3": "=B1", "B1": "=5"}, []),
        ({"A1": "=B2", "B2": "=A3", "A3": "=B1", "B1": "=A1"}, ["A1", "B1", "B2", "A3"]),
    ],
)
def test_static_circles_are_found(formulas, expected):
    data = book(lambda put: [put(cell, text) for cell, text in formulas.items()], Named="=S!$A$1+1")
    assert circles(data) == [cell if "!" in cell else f"S!{cell}" for cell in expected]


def test_a_circle_within_a_filled_column_is_found():
    def write(put):
        for row in range(1, 101):
            put(f"A{row}", f"=A{row + 1}+1")
        put("A101", "=A1")

    assert len(circles(book(write))) == 101


def running(put):
    put("B1", "=A1")
    for row in range(2, 101):
        put(f"B{row}", f"=B{row - 1}+A{row}")
        put(f"C{row}", f"=SUM(C$1:C{row - 1})+B{row}")


def ledger(put):
    for row in range(2, 101):
        put(f"B{row}", f"=D{row - 1}")
        put(f"C{row}", f"=B{row}*0.05")
        put(f"D{row}", f"=B{row}+C{row}-MAX(D$1:D{row - 1})")


def sheets_in_turn(put):
    for row in range(2, 101):
        put(f"A{row}", f"=T!A{row - 1}+1")
        put(f"!A{row}", f"=B{row}+S!A{row}")


def backwards(put):
    for row in range(1, 100):
        put(f"A{row}", f"=A{row + 1}+B{row}")
        put(f"B{row}", f"=SUM(A{row + 1}:A$200)")


@pytest.mark.parametrize("write", [running, ledger, sheets_in_turn, backwards])
def test_chains_are_no_circles_and_keep_the_files_values(write):
    wb = sheetengine.open(book(write))
    assert list(suspects(wb._engine.field)) == []
    assert wb.circular == []
    assert wb["S"]["B50"].value in (7, None)


def test_a_file_that_iterates_keeps_what_it_came_to():
    stream = io.BytesIO()
    wb = sheetengine.Workbook()
    wb.iterate()
    wb["Sheet1"]["A1"] = "=A1/2+1"
    wb.recalculate()
    wb.save(stream)
    again = sheetengine.open(stream.getvalue())
    assert again["Sheet1"]["A1"].value == wb["Sheet1"]["A1"].value != 0
    assert again.circular == []


def test_the_command_line_says_so(tmp_path, capsys):
    path = tmp_path / "c.xlsx"
    path.write_bytes(book(lambda put: [put("A1", "=B1"), put("B1", "=A1"), put("E1", "=2")]))
    assert run(["calc", str(path), "S!E1"]) == 1
    assert "depend on themselves" in capsys.readouterr().err
