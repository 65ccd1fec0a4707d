"""References to other workbooks answer with the values that the file kept of them (ISO 29500-1, 18.14: external links); nothing is opened."""

from __future__ import annotations

import io

import pytest

import sheetengine
from tests.functions.cases import Expected, literal, same
from tests.language.linked_book import linked_book

CASES = [
    ("=[1]Sheet1!A1", "10"), ("=[1]Sheet1!$A$2*2", "40"), ("=SUM([1]Sheet1!A1:A3)", "60"), ("=[1]Sheet1!B1", '"tea"'), ("=[1]Sheet1!B2", "TRUE"),
    ("=[1]Sheet1!B3", "#N/A"), ("=[1]Sheet1!C9", "0"), ("='[1]Year 2'!A1", "7"), ("=[1]Sheet1!A1+'[1]Year 2'!A1", "17"), ("=COUNT([1]Sheet1!A1:B3)", "3"),
    ("=MAX([1]Sheet1!$A:$A)", "30"), ("=VLOOKUP(20,[1]Sheet1!A1:B3,2,FALSE)", "TRUE"), ("=INDEX([1]Sheet1!A1:A3,3)", "30"), ("=MATCH(30,[1]Sheet1!A1:A3,0)", "3"),
    ("=SUMPRODUCT([1]Sheet1!A1:A3,{1;2;3})", "140"), ("=IFERROR([1]Sheet1!B3,\"none\")", '"none"'), ("=AVERAGE([1]Sheet1!A1:A2)", "15"), ("=[1]!RATE*2", "20"),
    ("=[1]Sheet1!A1&[1]Sheet1!B1", '"10tea"'), ("=IF([1]Sheet1!B2,1,2)", "1"), ("=ISBLANK([1]Sheet1!C9)", "TRUE"), ("=COUNTA([1]Sheet1!B1:B3)", "3"), ("=LEN([1]Sheet1!B1)", "3"),
    ("=XLOOKUP(20,[1]Sheet1!A1:A3,[1]Sheet1!A1:A3)+1", "21"),
]  # fmt: skip


@pytest.fixture(scope="module")
def workbook() -> sheetengine.Workbook:
    return sheetengine.open(io.BytesIO(linked_book([formula for formula, _ in CASES])), recalculate=True)


@pytest.mark.parametrize("row", range(1, len(CASES) + 1), ids=[formula for formula, _ in CASES])
def test_values_come_from_the_file(workbook: sheetengine.Workbook, row: int) -> None:
    expected: Expected = literal(CASES[row - 1][1])
    assert not isinstance(expected, list)
    found = workbook["Main"].cell(row, 1).value
    assert same(found, expected), f"{CASES[row - 1][0]}: {found!r}"


def test_what_the_file_does_not_keep_is_an_error() -> None:
    formulas = ["=[1]Nowhere!A1", "=[3]Sheet1!A1", "=[1]!NOWHERE", "=[1]!NOSUCH"]
    workbook = sheetengine.open(io.BytesIO(linked_book(formulas)), recalculate=True)
    assert [str(workbook["Main"].cell(row, 1).value) in ("#REF!", "#NAME?") for row in range(1, 5)] == [True] * 4


def test_formulas_and_links_outlive_a_save() -> None:
    workbook = sheetengine.open(io.BytesIO(linked_book([formula for formula, _ in CASES])))
    workbook["Main"]["C1"] = "=[1]Sheet1!A3+1"
    file = io.BytesIO()
    workbook.save(file)
    again = sheetengine.open(io.BytesIO(file.getvalue()), recalculate=True)
    assert again["Main"]["C1"].value == 31.0
    assert [again["Main"].cell(row, 1).formula for row in (1, 3, 8)] == ["=[1]Sheet1!A1", "=SUM([1]Sheet1!A1:A3)", "='[1]Year 2'!A1"]


def test_filled_formulas_read_their_own_cells() -> None:
    """In a filled column, in a filled row, and where one cell is written beneath another."""
    workbook = sheetengine.open(io.BytesIO(linked_book(["=1"])))
    sheet = workbook["Main"]
    sheet["C1:C3"] = "=[1]Sheet1!A1"
    sheet["D1:E1"] = "=[1]Sheet1!A1"
    sheet["F1:F3"] = "=[1]Sheet1!$A$1"
    for row in (1, 2, 3):
        sheet.cell(row, 7).value = f"=[1]Sheet1!A{row}*2"
    assert sheet["C1:C3"].values.tolist() == [[10.0], [20.0], [30.0]]
    assert sheet["D1:E1"].value == [[10.0, "tea"]]
    assert sheet["F1:F3"].values.tolist() == [[10.0]] * 3
    assert sheet["G1:G3"].values.tolist() == [[20.0], [40.0], [60.0]]
