"""Lambdas called for all elements at once: the answers of one call after the other, to the bit; and recursion without end."""

from __future__ import annotations

import sys

import pytest

from sheetengine import Workbook
from sheetengine.compiler import lambdas
from sheetengine.functions import lambda_arrays
from sheetengine.functions.lambda_arrays import MANY

MIXED = [1.0, -2.5, "a", None, True, "=NA()", 0.1 + 0.2, "7", '=""', 1e300, 3.0, False, "b", 5e-324, 0.3, 12.0]
ROWS = 40

CELLS = [
    "MAP(A1:A40,LAMBDA(x,x*2+1))", "MAP(A1:A40,B1:B40,LAMBDA(x,y,x/y))", "MAP(A1:C40,LAMBDA(x,x&\"!\"))", "MAP(A1:C40,LAMBDA(x,-x%))",
    "MAP(A1:C40,LAMBDA(x,IF(x>1,x,\"small\")))", "MAP(A1:C40,LAMBDA(x,IFERROR(1/x,\"none\")))", "MAP(A1:A40,LAMBDA(x,LEN(x)))",
    "MAP(A1:C40,LAMBDA(x,LET(y,x+1,y*y)))", "MAP(A1:C40,LAMBDA(x,x))", "MAP(A1:C40,LAMBDA(x,7))", "MAP(A1:C40,LAMBDA(x,$B$1))",
    "MAP(A1:C40,LAMBDA(x,SUM(x,1)))", "MAP(A1:C40,LAMBDA(x,AND(x>0,x<2)))", "MAP(A1:C40,LAMBDA(x,MAX(x,0)))", "MAP(A1:C40,LAMBDA(x,COUNT(x)))",
    "MAP(A1:C40+0,LAMBDA(x,SUM(x,1)))", "MAP(A1:C40&\"\",LAMBDA(x,SUM(x,1)))", "MAP(A1:A40,LAMBDA(x,ROW(x)))", "MAP(A1:A40,LAMBDA(x,SUM($C$1:C3)*x))",
    "MAP(A1:C40,LAMBDA(x,ISBLANK(x)))", "MAP(A1:C40,LAMBDA(x,x=\"A\"))", "MAP(A1:C40,LAMBDA(x,COUNTIF($A$1:$A$40,x)))", "MAP(A1:C40,LAMBDA(x,ROUND(x,0)))",
    "MAP(A1:C40,LAMBDA(x,SUBTOTAL(103,x)))", "MAP(A1:A40,LAMBDA(x,VLOOKUP(x,$A$1:$C$40,2,FALSE)))", "MAP(A1:A40,B1:C40,LAMBDA(x,y,x+y))",
    "LET(k,3,MAP(A1:C40,LAMBDA(x,x*k)))", "LET(k,A1:A3,MAP(A1:C40,LAMBDA(x,x+k)))", "LET(k,A1:A3,MAP(A1:C40,LAMBDA(x,SUM(k)+x)))",
    "LET(f,LAMBDA(z,z+1),MAP(A1:C40,LAMBDA(x,f(x))))", "MAP(A1:C40,LAMBDA(x,[y],x))", "MAP(A1:C40,LAMBDA(x,LAMBDA(z,z*z)(x)))",
    "MAP(A1:C40,LAMBDA(x,INDEX($B$1:$B$3,2)+x))", "MAP(A1:C40,LAMBDA(x,SWITCH(x,1,\"one\",3,\"three\",\"?\")))", "MAP(A1:C40,LAMBDA(x,IFS(x>1,\"b\",TRUE,x)))",
    "BYROW(A1:C40,LAMBDA(r,SUM(r)))", "BYROW(A1:C40,LAMBDA(r,MAX(r)))", "BYROW(A1:C40,LAMBDA(r,AVERAGE(r)))", "BYROW(A1:C40,LAMBDA(r,COUNTA(r)))",
    "BYROW(A1:C40,LAMBDA(r,SUM(r)/COUNT(r)))", "BYROW(A1:C40&\"\",LAMBDA(r,CONCAT(r)))", "BYROW(A1:C40,LAMBDA(r,TEXTJOIN(\"-\",TRUE,r)))",
    "BYROW(A1:C40,LAMBDA(r,r))", "BYROW(A1:C40,LAMBDA(r,INDEX(r,1,2)))", "BYROW(A1:C40,SUM)", "BYROW(D1:F40,LAMBDA(r,SUM(r*r)))", "BYROW(D1:F40,LAMBDA(r,SUMPRODUCT(r,$D$1:$F$1)))",
    "BYCOL(TRANSPOSE(A1:C40),LAMBDA(c,SUM(c)))", "BYCOL(A1:C40,LAMBDA(c,SUM(c)))", "BYCOL(D1:AM3,LAMBDA(c,SUM(c)))", "BYCOL(D1:AM3,LAMBDA(c,SUMSQ(c)))",
    "MAKEARRAY(8,5,LAMBDA(r,c,r*10+c))", "MAKEARRAY(8,5,LAMBDA(r,c,MOD(r,c)))", "MAKEARRAY(40,1,LAMBDA(r,c,INDEX($A$1:$A$40,r)))", "MAKEARRAY(5,8,LAMBDA(r,c,IF(r=c,1,0)))",
]  # fmt: skip


def _book() -> Workbook:
    workbook = Workbook()
    sheet = workbook["Sheet1"]
    for row in range(ROWS):
        for column in range(3):
            sheet.cell(row + 1, column + 1).value = MIXED[(row * (column + 3) + column) % len(MIXED)]
        for column in range(3, 39):
            sheet.cell(row + 1, column + 1).value = (row + 1) * 0.1 + column / 7
    return workbook


def _answers(formulas: list[str]) -> list[list[list[object]]]:
    found = []
    workbook = _book()
    sheet = workbook["Sheet1"]
    for formula in formulas:
        sheet["AP1"] = "=" + formula
        found.append([[repr(sheet.cell(row, column).value) for column in range(42, 42 + 41)] for row in range(1, ROWS + 2)])
    return found


def test_all_at_once_is_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    at_once = _answers(CELLS)
    monkeypatch.setattr(lambda_arrays, "MANY", 10**9)
    one_by_one = _answers(CELLS)
    for formula, first, second in zip(CELLS, at_once, one_by_one, strict=True):
        assert first == second, formula


def test_plain_bodies_do_run_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The body's scalar code is not called: neither for operators nor for functions of cells, branches, or totals of rows."""

    def refuse(*_: object) -> object:
        raise AssertionError("called one by one")

    monkeypatch.setattr(lambdas.Closure, "call", refuse)
    sheet = _book()["Sheet1"]
    for formula in (
        "MAP(A1:A40,LAMBDA(x,x*2+1))", "MAP(A1:C40,LAMBDA(x,IF(x>1,x,\"small\")))", "MAP(A1:C40,LAMBDA(x,LET(y,x+1,y*y)))",
        "BYROW(D1:F40,LAMBDA(r,SUM(r)))", "MAKEARRAY(8,5,LAMBDA(r,c,MOD(r,c)))", "LET(k,3,MAP(A1:C40,LAMBDA(x,x*k)))",
    ):  # fmt: skip
        sheet["AP1"] = "=" + formula
        assert sheet["AP1"].value is not None, formula
    assert MANY <= ROWS


def test_filled_let_and_lambda_are_the_formula_written_out() -> None:
    """LET in a filled column runs as one array operation; cell by cell it is the same formula without names."""
    workbook = _book()
    sheet = workbook["Sheet1"]
    for let, plain in (
        ("LET(x,A1,y,B1,IFERROR(x/y,x&y))", "IFERROR(A1/B1,A1&B1)"), ("LET(x,A1,SUM(x,1))", "SUM(A1,1)"), ("LET(r,A1:C1,SUM(r)/COUNTA(r))", "SUM(A1:C1)/COUNTA(A1:C1)"),
        ("LET(x,$A$3,SUM(x,B1))", "SUM($A$3,B1)"), ("LAMBDA(x,x^2)(D1)", "D1^2"), ("LET(a,D1,LET(b,a+1,a*b)+LET(c,a-1,c))", "D1*(D1+1)+(D1-1)"),
        ("LET(x,INDEX($A$1:$A$40,ROW()),SUM(x))", "SUM(INDEX($A$1:$A$40,ROW()))"), ("LET(x,A1,COUNT(x)&ISBLANK(x))", "COUNT(A1)&ISBLANK(A1)"),
    ):  # fmt: skip
        sheet["AP1:AP40"] = "=" + let
        sheet["AQ1:AQ40"] = "=" + plain
        assert [repr(sheet.cell(row, 42).value) for row in range(1, 41)] == [repr(sheet.cell(row, 43).value) for row in range(1, 41)], let


@pytest.mark.parametrize(("depth", "value"), [(1, 1.0), (1000, 1000.0), (8000, 8000.0), (8191, 8191.0), (8192, "#NUM!"), (1e9, "#NUM!")])
def test_recursion_goes_as_deep_as_excels(depth: float, value: object) -> None:
    """16,384 / (parameters + 1), the first call among them; then #NUM!, and Python's own limit is as it was."""
    limit = sys.getrecursionlimit()
    workbook = Workbook()
    workbook.names["DOWN"] = "=LAMBDA(n,IF(n=0,0,1+DOWN(n-1)))"
    workbook["Sheet1"]["A1"] = f"=DOWN({depth})"
    found = workbook["Sheet1"]["A1"].value
    assert (found if isinstance(found, float) else str(found)) == value
    assert sys.getrecursionlimit() == limit


@pytest.mark.parametrize(
    "formula",
    ["G(1)", "SUM(MAP({1,2},G))", "REDUCE(0,{1},LAMBDA(a,b,H(b)))", "LAMBDA(f,f(f))(LAMBDA(f,f(f)))", "INDIRECT(\"LOOP\")", "K(1)"],
)  # fmt: skip
def test_recursion_without_end_is_an_error(formula: str) -> None:
    workbook = Workbook()
    workbook.names["G"] = "=LAMBDA(x,G(x))"
    workbook.names["H"] = "=LAMBDA(x,REDUCE(0,{1},LAMBDA(a,b,H(b))))"
    workbook.names["K"] = "=LAMBDA(x,SUM(MAP({1,2},K)))"
    workbook.names["LOOP"] = '=INDIRECT("LOOP")'
    workbook["Sheet1"]["A1"] = "=" + formula
    assert str(workbook["Sheet1"]["A1"].value) in ("#NUM!", "#REF!")


def test_each_call_draws_anew() -> None:
    sheet = Workbook()["Sheet1"]
    sheet["A1"] = "=COUNTA(UNIQUE(MAP(SEQUENCE(50),LAMBDA(x,RAND()))))"
    assert sheet["A1"].value == 50.0


@pytest.mark.parametrize(
    "call",
    ["MAKEARRAY(3,2,LAMBDA(p,q,A1:B2))", "MAP(D1:E3,LAMBDA(x,A1:B2))", "BYROW(D1:E3,LAMBDA(r,A1:B2))", "BYCOL(D1:E3,LAMBDA(c,A1:B2))"],
)
def test_an_array_among_the_answers_ends_the_calls(call: str, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[object] = []
    plainly = lambdas.Closure.__call__
    monkeypatch.setattr(lambdas.Closure, "__call__", lambda self, *given: calls.append(given) or plainly(self, *given))
    sheet = _book()["Sheet1"]
    sheet["AP1"] = "=" + call
    assert str(sheet["AP1"].value) == "#CALC!"
    assert len(calls) == 1


def test_plain_folds_make_no_call(monkeypatch: pytest.MonkeyPatch) -> None:
    """REDUCE and SCAN with a lambda of plain values run the quick form of its body; over a whole column they end where it is used up."""
    calls: list[object] = []
    plainly = lambdas.Closure.__call__
    monkeypatch.setattr(lambdas.Closure, "__call__", lambda self, *given: calls.append(given) or plainly(self, *given))
    sheet = _book()["Sheet1"]
    for body in ("a+v", "MAX(a,v)", "IF(AND(v>0,v<3),a+v,a)", "LET(x,v*2,a+x)", "a&v", "a+v*$D$1", "a+v*k", 'IF(v="b",a,v)'):
        sheet["AP1"] = f"=LET(k,$D$2,REDUCE(1,D1:AM40,LAMBDA(a,v,{body})))"
        assert isinstance(sheet["AP1"].value, float | str)
        assert not calls, body
    sheet["AP1"] = "=SUM(SCAN(0,F:F,LAMBDA(a,v,a+v)))"
    assert sheet["AP1"].value > 0
    assert len(calls) < 2 * ROWS


def test_a_cell_that_no_call_asks_for_is_not_read() -> None:
    """A formula that names its own cell in a branch not taken is no circle, however its calls are made."""
    workbook = _book()
    sheet = workbook["Sheet1"]
    sheet["AP1"] = "=REDUCE(0,D1:AM40,LAMBDA(a,v,IF(v>1000,$AP$1,a+1)))"
    assert sheet["AP1"].value == ROWS * 36
    assert not workbook.circular


def test_what_a_user_function_answers_is_asked_for_at_each_call() -> None:
    workbook = _book()
    asked: list[float] = []
    workbook.define("ASKED", lambda value: asked.append(value) or float(len(asked)))
    workbook["Sheet1"]["AP1"] = "=REDUCE(0,D1:D40,LAMBDA(a,v,a+ASKED(v)*0))"
    assert workbook["Sheet1"]["AP1"].value == 0.0
    assert len(asked) == ROWS
