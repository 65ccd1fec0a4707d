"""Where the array form must give way to the scalar form: found by the laws, each kept as the smallest case."""

from __future__ import annotations

import pytest

import sheetengine

DATA = [[1, "a"], [0, "b"], [2, "c"], [1, "d"], [3, "e"], [1, "f"], [2, "g"], [3, "h"], [1, "i"]]


@pytest.fixture
def ws():
    ws = sheetengine.Workbook()["Sheet1"]
    ws["A1:B9"] = DATA
    return ws


def one_by_one(formula):
    """The same formulas each in a sheet of its own."""
    found = []
    for row in range(1, 10):
        ws = sheetengine.Workbook()["Sheet1"]
        ws["A1:B9"] = DATA
        ws["D1:D9"] = formula
        for other in range(1, 10):
            if other != row:
                ws[f"D{other}"] = "x"
        found.append(str(ws[f"D{row}"].value))
    return found


@pytest.mark.parametrize(
    "formula",
    [
        "=INDEX($A$1:$B$9,A1,1)",  # row 0 is the whole column, which spills
        "=B1:$B$9",  # a bare range that grows
        "=A1:B1",
        "=@A1:$A$9",
        "=IF(A1>1,A1:B1,0)",
        "=CHOOSE(A1+1,1,2,3,4)",
        "=SUM(A1:A2)&B1",
    ],
)
def test_a_filled_formula_is_its_cells(ws, formula):
    ws["D1:D9"] = formula
    assert [str(value) for (value,) in ws["D1:D9"].value] == one_by_one(formula)
    ws["A1"] = 1
    assert [str(value) for (value,) in ws["D1:D9"].value] == one_by_one(formula)


def test_a_bare_functions_name_called_with_too_much(ws):
    ws["D1"] = "=REDUCE(0,A1:A3,LEN)"
    assert str(ws["D1"].value) == "#VALUE!"
    ws["D2"] = "=SUM(MAP(A1:A3,ABS))"
    assert ws["D2"].value == 3.0


def test_the_second_run_of_an_intersection(ws):
    """The quick form is compiled for the second run; of a range it has none."""
    ws["D1"] = "=@A:A+1"
    for value in (5, 6, 7):
        ws["A1"] = value
        assert ws["D1"].value == value + 1


def test_numbers_behind_a_range_are_added_one_by_one():
    ws = sheetengine.Workbook()["Sheet1"]
    ws["A1:A3"], ws["B1"] = [[0.1], [0.2], [1e16]], 1.1
    ws["D1"] = "=SUM(A1:A3,B1,0.7)"
    found = set()
    for value in (0.1, 0.1, 0.1):  # the first, second and third run take different forms
        ws["A1"] = value
        found.add(ws["D1"].value)
    assert found == {((0.1 + 0.2 + 1e16) + 1.1) + 0.7}
