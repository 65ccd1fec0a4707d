"""`A1.:B9`, `A1:.B9`, `A1.:.B9`: ranges without their empty edges. Source: Microsoft, "TRIMRANGE function", section on trim references."""

from __future__ import annotations

import io

import pytest

import sheetengine
from sheetengine.syntax.file_forms import from_file, to_file
from sheetengine.syntax.fill import column_predictor, fill
from sheetengine.syntax.printer import print_formula
from sheetengine.syntax.r1c1 import print_r1c1
from sheetengine.syntax.shape import lift

TEXTS = ["=SUM(A:.A)", "=A1.:B9", "=A1:.$B$9+1", "='My sheet'!A1.:.B9", "=1:.3", "=COUNT(A.:.C)", "=A1:B9"]


@pytest.mark.parametrize("text", TEXTS)
def test_printed_as_written(text):
    assert print_formula(*lift(text)) == text


def test_filled_and_predicted():
    shape, operands = lift("=SUM(A1:.B$9)")
    assert print_formula(shape, [fill(operand, 2, 1) for operand in operands]) == "=SUM(B3:.C$9)"
    assert column_predictor(shape, operands, 0)(4) == "SUM(A5:.B$9)"


def test_in_r1c1():
    assert print_r1c1(*lift("=SUM(A:.A)+A1.:B2"), 0, 1) == "=SUM(C[-1]:.C[-1])+RC[-1].:R[1]C"


@pytest.mark.parametrize(("text", "file"), [("SUM(A:.A)", "SUM(_xlfn._TRO_TRAILING(A:A))"), ("A1.:.B9", "_xlfn._TRO_ALL(A1:B9)"), ("A1.:B9", "_xlfn._TRO_LEADING(A1:B9)")])  # fmt: skip
def test_in_files(text, file):
    assert from_file(file) == text
    assert to_file(*lift("=" + text), lambda name: "") == file


def test_what_is_left_of_a_range():
    wb = sheetengine.Workbook()
    ws = wb["Sheet1"]
    ws["A3:B5"] = [[1, 2], [3, None], [5, 6]]
    ws["D1"] = "=ROWS(A1:.B20)&ROWS(A1.:B20)&ROWS(A1.:.B20)&COLUMNS(A:.C)"
    ws["E1"] = "=A2.:.C9"
    ws["I1"] = '=SUM(INDIRECT("A:.B"))'
    assert ws["D1"].value == "51832"
    assert ws["E1"].spill.value == [[1.0, 2.0], [3.0, 0.0], [5.0, 6.0]]
    assert ws["I1"].value == 17.0
    ws["A6"] = 10
    assert ws["E1"].spill.address == "Sheet1!E1:F4"
    assert ws["I1"].value == 27.0


def test_through_a_file():
    wb = sheetengine.Workbook()
    ws = wb["Sheet1"]
    ws["A1:A2"] = [[1], [2]]
    ws["C1"] = "=SUM(A:.A)"
    ws["D1"] = "=A1:.A9"
    stream = io.BytesIO()
    wb.save(stream)
    again = sheetengine.open(stream.getvalue())["Sheet1"]
    assert (again["C1"].formula, again["D1"].formula, again["D2"].value) == ("=SUM(A:.A)", "=A1:.A9", 2.0)
    again["A3"] = 3
    assert (again["C1"].value, again["D3"].value) == (6.0, 3.0)


def test_rows_inserted_inside():
    wb = sheetengine.Workbook()
    ws = wb["Sheet1"]
    ws["A1:A3"] = [[1], [2], [3]]
    ws["C1"] = "=SUM(A1:.A9)"
    ws.insert_rows(2)
    assert ws["C1"].formula == "=SUM(A1:.A10)"
