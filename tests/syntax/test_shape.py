"""Lifting: what of a formula is an operand, and what stays in its shape."""

from __future__ import annotations

import pytest

from sheetengine.errors import FormulaSyntaxError
from sheetengine.syntax.operands import Constant, Corner, NameReference, Reference, TableReference
from sheetengine.syntax.printer import print_formula
from sheetengine.syntax.shape import lift

OPERANDS = [
    ("=A1", [Reference(Corner(0, 0))]),
    ("=$A$1", [Reference(Corner(0, 0, True, True))]),
    ("=A1:B$2", [Reference(Corner(0, 0), Corner(1, 1, True, False))]),
    ("=XFD1048576", [Reference(Corner(1048575, 16383))]),
    ("=XFE1", [NameReference("XFE1")]),
    ("=A1048577", [NameReference("A1048577")]),
    ("=A0", [NameReference("A0")]),
    ("=LOG10", [Reference(Corner(9, 8508))]),
    ("=LOG10(100)", [Constant(100.0)]),
    ("=weight_1_1", [NameReference("weight_1_1")]),
    ("=B:C", [Reference(Corner(None, 1), Corner(None, 2))]),
    ("=$3:4", [Reference(Corner(2, None, True, False), Corner(3, None))]),
    ("=Sheet1!A1", [Reference(Corner(0, 0), None, "Sheet1")]),
    ("='quo''ted'!A1", [Reference(Corner(0, 0), None, "quo'ted")]),
    ("=Jan:Mar!A1", [Reference(Corner(0, 0), None, "Jan", "Mar")]),
    ("='Jan 1:Mar 2'!A1", [Reference(Corner(0, 0), None, "Jan 1", "Mar 2")]),
    ("=[1]Sheet!A1", [Reference(Corner(0, 0), None, "Sheet", None, "1")]),
    ("=[1]!name", [NameReference("name", None, "1")]),
    ("=Sheet1!rate", [NameReference("rate", "Sheet1")]),
    ("=Sheet1!#REF!", [Reference(None, None, "Sheet1")]),
    ("=#REF!$A1", [Reference(Corner(0, 0, False, True), None, "#REF")]),
    ("=SUM(#REF!A:A,#REF!left)", [Reference(Corner(None, 0), Corner(None, 0), "#REF"), NameReference("left", "#REF")]),
    ("=Sales[Net]", [TableReference("Sales", (), "Net")]),
    ("=Sales[Done!]", [TableReference("Sales", (), "Done!")]),
    ("=[@Done!]", [TableReference(None, (), "Done!", None, True)]),
    ("=Sales['#SPILL!]", [TableReference("Sales", (), "#SPILL!")]),
    ('="a""b"', [Constant('a"b')]),
    ("=1.50", [Constant(1.5, "1.50")]),
    ("=1.7e308", [Constant(1.7e308, "1.7e308")]),
]


@pytest.mark.parametrize(("text", "operands"), OPERANDS)
def test_operands(text: str, operands: list[object]) -> None:
    assert list(lift(text)[1]) == operands


def test_formulas_that_differ_in_operands_alone_are_one_shape() -> None:
    assert lift("=A1*2+B1")[0] is lift("=C7*5+$D$2")[0] is lift("=Data!A1*2.50+'x y'!B1")[0]
    assert lift("=A1*2")[0] is not lift("=A1 *2")[0]
    assert lift("=A1*2")[0] is not lift("=A1*B2")[0]
    assert lift("=A1:B2")[0] is not lift("=A1")[0]


def test_white_space_and_spelling_come_back() -> None:
    for text in (
        "= A1\n +\tB1 ",
        "=sum(a1 , 1.50)",
        "={1, 2;3,4}",
        "=-  -A1",
        "=Sales[ [#Totals] , [Net] ]",
        "=true+#n/a" if False else "=true",
    ):
        assert print_formula(*lift(text)).upper() == text.upper()
    assert print_formula(*lift("=sum($a$1:b2)")) == "=sum($A$1:B2)"


def test_names_stay_where_a_formula_makes_names() -> None:
    shape, operands = lift("=LET(x,A1,x+rate)")
    assert [type(operand).__name__ for operand in operands] == ["Reference"]
    assert "rate" in shape.key


def test_placeholders_in_the_text_are_refused() -> None:
    lift("=A1+1")
    for mark in "\x01\x02\x03\x04\x05\x06":
        with pytest.raises(FormulaSyntaxError):
            lift(f"={mark}+{mark}")
    assert lift('="\x03"')[1] == (Constant("\x03"),)


def test_prefixes_of_files_are_not_part_of_names() -> None:
    assert lift("=_xlfn.XLOOKUP(A1,B:B,C:C)")[0] is lift("=XLOOKUP(A1,B:B,C:C)")[0]
    assert lift("=_xlfn._xlws.SORT(A1:A3)")[0] is lift("=SORT(A1:A3)")[0]
    assert lift("=_xlfn.LET(_xlpm.x,A1,_xlpm.x)")[0] is lift("=LET(x,A1,x)")[0]
