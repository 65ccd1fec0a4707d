"""Several cells edited at once share a plan where each has the same one by itself; where not, nothing is missed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import sheetengine


def picture_book() -> sheetengine.Workbook:
    """A picture of 6 x 6 read whole by three cells, its first row by one more, and each cell of its last column by a filled formula."""
    book = sheetengine.Workbook()
    sheet = book["Sheet1"]
    sheet["A1:F6"] = np.zeros((6, 6))
    for row in range(1, 4):
        sheet[f"H{row}"] = f"=SUMPRODUCT(A1:F6,A1:F6)+{row}"
    sheet["H4"] = "=SUM(A1:F1)"
    sheet["I1:I6"] = "=F1*2"
    sheet["J1"] = "=SUM(H1:H4)"
    return book


def test_a_stroke_within_one_class_computes_what_one_cell_computes() -> None:
    book = picture_book()
    sheet = book["Sheet1"]
    with book.trace() as one:
        sheet["B2"] = 1
    with book.trace() as many:
        for cell in ("B2", "B3", "C2", "C3", "D4"):
            sheet[cell] = 2
    assert list(many.recomputed) == list(one.recomputed)
    assert set(one.recomputed) == {"Sheet1!H1", "Sheet1!H2", "Sheet1!H3", "Sheet1!J1"}
    assert sheet["H1"].value == 5 * 4 + 1
    # A plan found for a stroke serves single cells and the other way round, until the formulas change.
    sheet["K1"] = "=B3*10"
    with book.trace() as after:
        sheet["B3"] = 1
        sheet["C3"] = 1
    assert "Sheet1!K1" in after.recomputed and sheet["K1"].value == 10


def test_cells_of_several_classes_miss_nothing() -> None:
    book = picture_book()
    sheet = book["Sheet1"]
    with book.trace() as trace:
        sheet["B2"], sheet["A1"], sheet["F5"] = 1, 2, 3
    assert set(trace.recomputed) == {f"Sheet1!{cell}" for cell in ("H1", "H2", "H3", "H4", "I5", "J1")}
    assert (sheet["H4"].value, sheet["I5"].value) == (2.0, 6.0)


_CELLS = st.tuples(st.integers(1, 6), st.sampled_from("ABCDEF"), st.integers(0, 9))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(_CELLS, min_size=1, max_size=30), min_size=1, max_size=5))
def test_strokes_equal_a_fresh_calculation(strokes: list[list[tuple[int, str, int]]]) -> None:
    book = picture_book()
    sheet = book["Sheet1"]
    for stroke in strokes:
        with book.trace() as trace:
            for row, column, value in stroke:
                sheet[f"{column}{row}"] = value
        recomputed = set(trace.recomputed)
        assert {"Sheet1!H1", "Sheet1!J1"} <= recomputed
        assert ("Sheet1!H4" in recomputed) == any(row == 1 for row, _, _ in stroke)
        assert {cell for cell in recomputed if "!I" in cell} == {f"Sheet1!I{row}" for row, column, _ in stroke if column == "F"}
    values = sheet["A1:J6"].value
    book.recalculate(full=True)
    assert sheet["A1:J6"].value == values


def test_more_cells_than_are_looked_up_one_by_one() -> None:
    book = picture_book()
    sheet = book["Sheet1"]
    for _ in range(2):
        for row in range(1, 7):
            for column in "ABCDE":
                sheet[f"{column}{row}"] = 1
    assert sheet["H1"].value == pytest.approx(31)
