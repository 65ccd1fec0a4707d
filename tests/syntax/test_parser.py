"""Trees: precedence, associativity, every construct of the grammar; what is said where a text is no formula."""

from __future__ import annotations

import pytest

import sheetengine
from sheetengine.errors import FormulaSyntaxError
from sheetengine.syntax import parser
from sheetengine.syntax.nodes import (
    Apply,
    ArrayLiteral,
    At,
    Binary,
    Call,
    Intersection,
    Literal,
    Name,
    Omitted,
    Operand,
    Percent,
    RangeOf,
    Spill,
    Unary,
    Union,
)
from sheetengine.syntax.parser import read
from sheetengine.values import CellError

A, B, C = Operand(0), Operand(1), Operand(2)

TREES = [
    ("=A1+B1*C1", Binary("+", A, Binary("*", B, C))),
    ("=A1-B1-C1", Binary("-", Binary("-", A, B), C)),
    ("=A1^B1^C1", Binary("^", Binary("^", A, B), C)),
    ("=-A1^B1", Binary("^", Unary("-", A), B)),
    ("=A1-B1^C1", Binary("-", A, Binary("^", B, C))),
    ("=-A1%", Percent(Unary("-", A))),
    ("=A1%%", Percent(Percent(A))),
    ("=A1^B1%", Binary("^", A, Percent(B))),
    ("=A1&B1+C1", Binary("&", A, Binary("+", B, C))),
    ("=A1=B1&C1", Binary("=", A, Binary("&", B, C))),
    ("=A1<>B1>=C1", Binary(">=", Binary("<>", A, B), C)),
    ("=--A1", Unary("-", Unary("-", A))),
    ("=@A1:A9", At(A)),
    ("=A1#", Spill(A)),
    ("=A1#:B1", RangeOf(Spill(A), B)),
    ("=A1:INDEX(B1:B9,2)", RangeOf(A, Call("INDEX", (B, C)))),
    ("=INDEX(A1:A9,1):INDEX(B1:B9,2)", RangeOf(Call("INDEX", (A, B)), Call("INDEX", (C, Operand(3))))),
    ("=A1:A9 B1:B9", Intersection(A, B)),
    ("=SUM((A1,B1))", Call("SUM", (Union((A, B)),))),
    ("=A1,B1", Union((A, B))),
    ("=IF(A1,,B1)", Call("IF", (A, Omitted(), B))),
    ("=IF(,,)", Call("IF", (Omitted(), Omitted(), Omitted()))),
    ("=NOW()", Call("NOW", ())),
    ("=sum(A1)", Call("SUM", (A,))),
    ("={1,-2;\"a\",TRUE}", ArrayLiteral(((1.0, -2.0), ("a", True)))),
    ("=#N/A", Literal(CellError("#N/A"))),
    ("=TRUE", Literal(True)),
    ("=LET(x,A1,x*x)", Call("LET", (Name("x"), A, Binary("*", Name("x"), Name("x"))))),
    ("=LAMBDA(x,x+1)(A1)", Apply(Call("LAMBDA", (Name("x"), Binary("+", Name("x"), Operand(0)))), (Operand(1),))),
    ("=LAMBDA([y],y)()", Apply(Call("LAMBDA", (Name("[y]"), Name("y"))), ())),
]  # fmt: skip


@pytest.mark.parametrize(("text", "tree"), TREES)
def test_trees(text: str, tree: object) -> None:
    assert read(text)[2] == tree


@pytest.mark.parametrize(
    ("text", "value"),
    [("=-2^2", 4.0), ("=0-2^2", -4.0), ("=2^3^2", 64.0), ("=2^-1", 0.5), ("=50%*2", 1.0), ("=1+2&3", "33"), ("=1=1=TRUE", True), ("=10%%", 0.001), ('=+"3"', "3"), ('=-"3"', -3.0), ("=2<1+2", True)],
)  # fmt: skip
def test_precedence_in_values(text: str, value: object) -> None:
    sheet = sheetengine.Workbook()["Sheet1"]
    sheet["A1"] = text
    assert sheet["A1"].value == value


MESSAGES = [
    ("=SUM(A1", 8, "the formula ends too early"),
    ("=A1+", 5, "the formula ends too early"),
    ("=", 2, "the formula is empty"),
    ("=A1+*2", 5, "'*' does not fit here"),
    ("=A1)", 4, "')' does not fit here"),
    ("=(A1,", 6, "the formula ends too early"),
    ('="abc', 2, "quotation mark"),
    ("={1,2", 2, "an array is not closed"),
    ("={1,A1}", 2, "an array holds numbers"),
    ("={1,2;3}", 2, "of one length"),
    ("=A1 ? 2", 5, "'?'"),
    ("=A1\n+\n)", 1, "')' does not fit here"),
]


@pytest.mark.parametrize(("text", "column", "message"), MESSAGES)
def test_messages_point_at_the_place(text: str, column: int, message: str) -> None:
    with pytest.raises(FormulaSyntaxError) as caught:
        read(text)
    assert message in caught.value.message
    assert caught.value.column == column
    assert "^" in str(caught.value)


def test_a_formula_that_does_not_parse_leaves_the_workbook_as_it_was() -> None:
    sheet = sheetengine.Workbook()["Sheet1"]
    sheet["A1"] = 5
    with pytest.raises(FormulaSyntaxError) as caught:
        sheet["A1"] = "=SUM(A2"
    assert "for cell Sheet1!A1" in caught.value.__notes__[0]
    with pytest.raises(FormulaSyntaxError):
        sheet["A1:B2"] = [[1, 2], ["=1+", 4]]
    assert sheet["A1:B2"].value == [[5.0, None], [None, None]]


def test_lark_parses_each_shape_once() -> None:
    sheet = sheetengine.Workbook()["Sheet1"]
    before = parser.parsed
    sheet["C1:C1000"] = "=A1*2+B1*3-7*A1/11"
    sheet["D5"] = "=B5*20+C5*30-70*C5/110"
    assert parser.parsed - before <= 1
