"""A formula is printed as it was written, and its tree printed and parsed again is the same tree."""

from __future__ import annotations

from hypothesis import given, strategies as st

from sheetengine.syntax.parser import read
from sheetengine.syntax.printer import print_formula, print_node
from sheetengine.syntax.r1c1 import a1_from_r1c1, print_r1c1
from sheetengine.syntax.walk import walk
from sheetengine.testing import formulas
from tests.laws.laws import effort

SHEETS = ("Sheet1", "My data", "It's", "A1", "2023", "Zürich")


@effort(5)
@given(formulas(sheets=SHEETS, depth=3, whole=True))
def test_printing_gives_back_the_text(text: str) -> None:
    shape, operands, _ = read(text)
    printed = print_formula(shape, operands)
    assert read(printed)[:2] == (shape, operands)
    assert print_formula(*read(printed)[:2]) == printed
    assert printed == text


@effort(5)
@given(formulas(sheets=SHEETS, depth=3, whole=True))
def test_a_tree_printed_and_parsed_is_the_same_tree(text: str) -> None:
    _, operands, node = read(text)
    printed = print_node(node, operands)
    _, again, other = read("=" + printed)
    assert other == node
    assert list(again) == list(operands)
    assert print_node(other, again) == printed
    assert sum(1 for _ in walk(other)) == sum(1 for _ in walk(node))


@effort(4)
@given(formulas(sheets=SHEETS, depth=2, whole=True), st.integers(0, 20), st.integers(0, 20))
def test_r1c1_and_back(text: str, row: int, column: int) -> None:
    shape, operands, _ = read(text)
    there = print_r1c1(shape, operands, row, column)
    back = read(a1_from_r1c1(there, row, column))
    assert print_r1c1(*back[:2], row, column) == there
