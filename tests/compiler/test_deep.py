"""Formulas as long and as deep as Excel allows: none costs more than its length, none meets Python's limit of frames."""

from __future__ import annotations

import io
import sys

import pytest

import sheetengine
from sheetengine.compiler import scalar


@pytest.fixture
def ws():
    ws = sheetengine.Workbook()["Sheet1"]
    ws["A1:A60"] = [[n / 7] for n in range(60)]
    return ws


@pytest.mark.parametrize("call", ["IF(TRUE,{},0)", "IFERROR({},0)", "IF(A1=9,1,{})", "CHOOSE(1,{})", "IFS(TRUE,{})", "SWITCH(1,1,{})"])
def test_each_level_of_a_lazy_call_is_compiled_once(ws, monkeypatch, call):
    text = "A2*7"
    for _ in range(60):
        text = call.format(text)
    compiled = []
    original = scalar._argument
    monkeypatch.setattr(scalar, "_argument", lambda tree: compiled.append(tree) or original(tree))
    ws["B1:B50"] = "=" + text
    assert ws["B1"].value == 1.0
    assert ws["B50"].value == 50.0
    assert 60 <= len(compiled) < 1000


@pytest.mark.parametrize("operator", ["+", "-", "*", "/", "&", "^", "=", ">"])
def test_a_long_run_of_operators(ws, operator):
    ws["B1:B50"] = "=" + operator.join(["A2"] * 2000)
    ws["C1:C50"] = "=" + operator.join(["A2"] * 20)
    expected = {"+": 2000 / 7, "-": -1998 / 7, "*": 0.0}.get(operator)
    if expected is not None:
        assert ws["B1"].value == pytest.approx(expected)
    filled = ws["B1:B50"].value
    for row in (1, 7, 50):
        # One cell and many agree to the bit.
        ws[f"B{row}"] = ws[f"B{row}"].formula
        assert ws[f"B{row}"].value == filled[row - 1][0]


def test_a_run_equals_the_tree_it_would_be(ws):
    """25 operators stay flat, 24 are a tree: adding a neutral one changes nothing, the near-zero rule included."""
    terms = ["1.333", "+1.225", "-1.333", "-1.225"]
    ws["B1"] = "=" + "+0" * 0 + "".join(terms)
    ws["B2"] = "=0" + "+0" * 30 + "+" + "".join(terms)
    assert ws["B1"].value == ws["B2"].value == 0.0
    ws["B3"] = "=(0" + "+0" * 30 + "+" + "".join(terms) + ")"
    assert ws["B3"].value == (1.333 + 1.225) - 1.333 - 1.225 != 0.0
    ws["B4"] = "=A60+" + "+".join(f"A{row}" for row in range(59, 0, -1))
    ws["B5"] = "=" + "+".join(f"A{row}*{row}" for row in range(1, 40)) + '&"x"'
    assert ws["B4"].value == pytest.approx(sum(n / 7 for n in range(60)))
    assert ws["B5"].value.endswith("x")


def test_parentheses_to_the_limit(ws):
    before = sys.getrecursionlimit()
    ws["B1:B50"] = "=" + "(" * 250 + "A1" + "+1)" * 250
    assert ws["B1"].value == 250.0
    assert ws["B50"].value == 250 + 49 / 7
    assert sys.getrecursionlimit() == before
    with pytest.raises(sheetengine.FormulaSyntaxError, match="nested more than 256"):
        ws["B1"] = "=" + "(" * 300 + "A1" + ")" * 300


def test_ranges_made_of_ranges_have_a_limit(ws):
    for operator in (":", " "):
        ws["B1"] = "=SUM(" + operator.join(["A2"] * 100) + ")"
        assert ws["B1"].value == 1 / 7
        with pytest.raises(sheetengine.FormulaSyntaxError, match="more than 256"):
            ws["B1"] = "=SUM(" + operator.join(["A2"] * 1000) + ")"


def test_long_formulas_go_through_files(ws):
    wb = ws.workbook
    ws["B1"] = "=" + "+".join(["A2"] * 2000)
    ws["B2"] = "=" + "(" * 250 + "A1" + "+1)" * 250
    ws["B3"] = "=" + "IF(TRUE," * 60 + "A2" + ",0)" * 60
    stream = io.BytesIO()
    wb.save(stream)
    again = sheetengine.open(stream.getvalue(), recalculate=True)["Sheet1"]
    for cell in ("B1", "B2", "B3"):
        assert (again[cell].formula, again[cell].value) == (ws[cell].formula, ws[cell].value)
