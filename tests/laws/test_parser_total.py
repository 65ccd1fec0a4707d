"""Any text gives a tree, or a FormulaSyntaxError that points into it; never another exception."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from sheetengine.errors import FormulaSyntaxError
from sheetengine.syntax.parser import read
from sheetengine.syntax.walk import walk
from sheetengine.testing import formulas
from tests.laws.laws import effort

_PIECES = st.sampled_from(
    ["=", "(", ")", "{", "}", "[", "]", "[[", "]]", "!", "'", '"', ",", ";", ":", "#", "@", "%", "^", "&", "<>", " ", "\n", "\t", "$", ".", "\\", "_xlfn.", "A1", "$B$2:C3", "XFE1", "1:2", "A:B", "R1C1",
     "SUM(", "LET(", "LAMBDA(x,", "Sheet1!", "[1]!n", "[Book.xlsx]S!A1", "Jan:Mar!", "T[[#All],[a]]", "T[@b]", "#REF!", "#N/A", "TRUE", "1e5", "1e999", ".5", "1.", "é", "\x01", "\x05", "\U0001f600", "\x00", "\u2028", "İ"]
)  # fmt: skip


def check(text: str) -> None:
    try:
        shape, operands, node = read(text)
    except FormulaSyntaxError as raised:
        error = raised
    else:
        assert len(shape.parts) == len(operands) + 1
        assert sum(1 for _ in walk(node)) >= 1
        return
    assert 0 <= error.position <= error.end <= len(text)
    assert min(error.line, error.column) >= 1
    assert error.text == text
    assert error.message in str(error)


@effort(15)
@given(st.text(max_size=30) | st.lists(_PIECES, max_size=12).map("".join))
def test_any_text(text: str) -> None:
    check(text)
    check("=" + text)


@effort(6)
@given(st.data())
def test_mutations_of_real_formulas(data: st.DataObject) -> None:
    text = data.draw(formulas(depth=2, whole=True))
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(text)))
        gone = data.draw(st.integers(0, 3))
        text = text[:place] + data.draw(_PIECES | st.just("")) + text[place + gone :]
    check(text)


@pytest.mark.parametrize(
    "piece",
    ["(", ")", "-", "%", "@", "SUM(", "A1,", "A1+", "A1:", "A1 ", "{1,", "[", "[[", "'", '"', "#", "!", "T[", "LAMBDA(x,", "IF(A1,", "A1^", "1&", "a.", "$", "Sheet!", "[1]", "A1(", ")(", "\\", "x!"],
)  # fmt: skip
def test_deep_and_long_formulas_end_in_a_tree_or_a_message(piece: str) -> None:
    for count in (50, 300, 2_000, 9_000):
        check("=" + piece * count)
        check("=" + (piece * count)[:8190] + "1")
        check("=" + (piece * count)[:8000] + "1" + ")" * min(count, 190))


def test_the_limits_of_excel() -> None:
    check("=" + "+".join(["A1"] * 2731))  # 8,192 characters
    with pytest.raises(FormulaSyntaxError, match="8,192"):
        read("=" + "1" * 8_193)
    read("=" + "SUM(" * 64 + "1" + ")" * 64)
    with pytest.raises(FormulaSyntaxError, match="64 deep"):
        read("=" + "SUM(" * 65 + "1" + ")" * 65)
    read("=SUM(" + ",".join(["1"] * 255) + ")")
    with pytest.raises(FormulaSyntaxError, match="255 arguments"):
        read("=SUM(" + ",".join(["1"] * 256) + ")")
