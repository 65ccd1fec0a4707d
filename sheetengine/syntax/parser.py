"""Parsing: a shape becomes a tree, by lark, once per shape.

In: a `Shape`. Out: a `Node`; a shape that is no formula raises `FormulaSyntaxError` with its place in the text. The
LALR table ships built (`formula.table`, made by `python -m sheetengine.syntax.build_table`), for building it takes
longer than starting Python. Trees are made by callbacks while lark reduces: nothing recurses with the formula's depth.
"""

from __future__ import annotations

import io
import math
import pkgutil
import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from sheetengine.errors import FormulaSyntaxError
from sheetengine.syntax import nodes
from sheetengine.syntax.nodes import Node
from sheetengine.syntax.operands import AnyOperand
from sheetengine.syntax.shape import CELL, PLACEHOLDERS, RANGE, Shape, lift
from sheetengine.syntax.tokens import ShapeError, tokenize
from sheetengine.values import CellError

if TYPE_CHECKING:
    from lark import Lark, Token

_TREES: dict[str, Node | ShapeError] = {}
_MOST_TREES = 50_000

parsed = 0
"""How many times lark has parsed: one per shape, whatever the number of formulas."""


def parse(shape: Shape) -> Node:
    """The tree of a shape.

    >>> parse(lift("=-2^A1")[0])
    Binary(operator='^', left=Unary(operator='-', operand=Operand(index=0)), right=Operand(index=1))
    """
    known = _TREES.get(shape.key)
    if known is None:
        if len(_TREES) >= _MOST_TREES:
            _TREES.clear()
        known = _TREES[shape.key] = _parse(shape)
    if isinstance(known, ShapeError):
        text = "=" + "".join(shape.parts)
        raise FormulaSyntaxError(known.message, text, min(known.offset + 1, len(text)), expected=known.expected)
    return known


_HERE: Final = re.compile(f"!(?=[{CELL}{RANGE}])")


def read(text: str, *, of_name: bool = False) -> tuple[Shape, tuple[AnyOperand, ...], Node]:
    """Lift and parse a formula; a `FormulaSyntaxError` points into the very text. A name's formula may hold `!A1`, a cell of any sheet.

    >>> read("=SUM(A1,")
    Traceback (most recent call last):
        ...
    sheetengine.errors.FormulaSyntaxError: the formula ends too early (line 1, column 9)
      =SUM(A1,
              ^
    expected: a value, ',', ')'
    """
    shape, operands = lift(text)
    if not of_name and "!" in shape.key and (here := _HERE.search(shape.key)) is not None:
        raise FormulaSyntaxError("'!' wants a sheet's name before it", text, _position(text, shape, here.start()), expected=("a value",))
    try:
        return shape, operands, parse(shape)
    except FormulaSyntaxError:
        known = _TREES[shape.key]
        assert isinstance(known, ShapeError)
        position = _position(text, shape, known.offset)
        raise FormulaSyntaxError(known.message, text, position, expected=known.expected) from None


def _position(text: str, shape: Shape, offset: int) -> int:
    """Where in the user's text an offset of the key lies: the text is the parts with lexemes between."""
    from sheetengine.syntax.shape import _LEXEME  # noqa: PLC0415  # shared with the one place that reports errors

    start = 1 if text[:1] == "=" else 0
    marks = 0
    into = 0
    for character in shape.key[:offset]:
        if character in PLACEHOLDERS:
            marks += 1
            into = 0
        else:
            into += 1
    position = start
    lifted = 0
    for match in _LEXEME.finditer(text, start):
        if lifted == marks:
            break
        from sheetengine.syntax.shape import _classify  # noqa: PLC0415  # as above

        if not isinstance(_classify(match[0]), str):
            lifted += 1
            position = match.end()
    return min(position + into, len(text))


def _parse(shape: Shape) -> Node | ShapeError:
    global parsed
    from lark.exceptions import UnexpectedToken  # noqa: PLC0415  # lark loads with the first shape that is parsed

    parsed += 1
    try:
        tokens = tokenize(shape.key)
        if not tokens:
            return ShapeError("the formula is empty", 0, ("a value",))
        result = _lark().parse(tokens)  # the custom lexer takes tokens
    except ShapeError as error:
        return error
    except UnexpectedToken as error:
        offset = len(shape.key) if error.token.type == "$END" else int(error.token.start_pos or 0)
        message = "the formula ends too early" if error.token.type == "$END" else _unexpected(error.token, shape.key)
        return ShapeError(message, offset, _words(error.expected))
    node: Node = result  # type: ignore[assignment]  # the callbacks give nodes
    return node


def _unexpected(token: Token, key: str) -> str:
    names = {
        "SPACE": "a space",
        "RPAR": "')'",
        "COMMA": "','",
        "NUMBER": "a number",
        "TEXT": "a text",
        "CELL": "a cell",
        "RANGE": "a range",
        "NAME": "a name",
    }
    return f"{names.get(token.type, repr(str(token)))} does not fit here"


_VALUES = {"NUMBER", "TEXT", "CELL", "RANGE", "NAME", "TABLE", "BOOLEAN", "ERROR", "ARRAY", "FUNCTION", "LPAR", "LOCAL"}
_OPERATORS = {"PLUS", "MINUS", "STAR", "SLASH", "CARET", "AMPERSAND", "COMPARE", "PERCENT"}


def _words(expected: Any) -> tuple[str, ...]:
    kinds = set(expected)
    words = []
    if kinds & _VALUES:
        words.append("a value")
    elif kinds & _OPERATORS:
        words.append("an operator")
    if "COMMA" in kinds:
        words.append("','")
    if "RPAR" in kinds:
        words.append("')'")
    if "$END" in kinds:
        words.append("the end of the formula")
    return tuple(words)


def _lexer_class() -> Any:
    """Lark's door for our tokens; made here, for its base class loads with lark."""
    from sheetengine.syntax.lark_door import TokenLexer  # noqa: PLC0415  # as above

    return TokenLexer


class TreeBuilder:
    """The callbacks: one per rule of the grammar, each gives a node."""

    def one(self, items: list[Any]) -> Node:
        return items[0]  # type: ignore[no-any-return]

    def union(self, items: list[Any]) -> Node:
        return nodes.Union(tuple(items[::2]))

    def binary(self, items: list[Any]) -> Node:
        return nodes.Binary(str(items[1]), items[0], items[2])

    def unary(self, items: list[Any]) -> Node:
        return nodes.Unary(str(items[0]), items[1])

    def at(self, items: list[Any]) -> Node:
        return nodes.At(items[1])

    def percent(self, items: list[Any]) -> Node:
        return nodes.Percent(items[0])

    def spill(self, items: list[Any]) -> Node:
        return nodes.Spill(items[0])

    def intersection(self, items: list[Any]) -> Node:
        return nodes.Intersection(items[0], items[2])

    def range_of(self, items: list[Any]) -> Node:
        return nodes.RangeOf(items[0], items[2])

    def apply(self, items: list[Any]) -> Node:
        return nodes.Apply(items[0], items[2])

    def operand(self, items: list[Any]) -> Node:
        return nodes.Operand(int(items[0]))

    def name(self, items: list[Any]) -> Node:
        return nodes.Name(str(items[0]))

    def boolean(self, items: list[Any]) -> Node:
        return nodes.Literal(str(items[0]).upper() == "TRUE")

    def error(self, items: list[Any]) -> Node:
        return nodes.Literal(CellError(str(items[0])))

    def array(self, items: list[Any]) -> Node:
        return nodes.ArrayLiteral(read_array(str(items[0])))

    def call(self, items: list[Any]) -> Node:
        return nodes.Call(str(items[0])[:-1].upper(), items[1])

    def parenthesised(self, items: list[Any]) -> Node:
        return nodes.Parenthesised(items[1])

    def parenthesised_union(self, items: list[Any]) -> Node:
        return nodes.Union(tuple(items[1:-1:2]))

    def arguments(self, items: list[Any]) -> tuple[Node, ...]:
        arguments = tuple(items[::2])
        return () if len(arguments) == 1 and isinstance(arguments[0], nodes.Omitted) else arguments

    def omitted(self, items: list[Any]) -> Node:
        return nodes.Omitted()


_ELEMENT = re.compile(r"\s*(\"(?:[^\"]|\"\")*\"|[+-]?\s*(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|#[A-Z_/0]+[!?]?|[A-Za-z]+)\s*")


def read_array(text: str) -> tuple[tuple[float | str | bool | CellError, ...], ...]:
    """The rows of an array literal; raises `ShapeError` where it is none.

    >>> read_array('{1,-2;"a",TRUE}')
    ((1.0, -2.0), ('a', True))
    """
    rows: list[tuple[float | str | bool | CellError, ...]] = []
    row: list[float | str | bool | CellError] = []
    position, last = 1, len(text) - 1
    while True:
        match = _ELEMENT.match(text, position, last)
        if match is None:
            raise ShapeError("an array holds numbers, texts, TRUE, FALSE and errors only", 0, ("a constant",))
        row.append(_element(match[1]))
        position = match.end()
        if position == last or text[position] == ";":
            rows.append(tuple(row))
            row = []
            if position == last:
                break
        elif text[position] != ",":
            raise ShapeError("the elements of an array are separated by ',' and ';'", 0, ("','", "';'", "'}'"))
        position += 1
    if len({len(one) for one in rows}) > 1:
        raise ShapeError("the rows of an array are of one length", 0)
    return tuple(rows)


def _element(text: str) -> float | str | bool | CellError:
    if text[0] == '"':
        return text[1:-1].replace('""', '"')
    if text[0] == "#":
        try:
            return CellError(text)
        except ValueError:
            raise ShapeError(f"{text} is not an error value", 0) from None
    upper = text.upper()
    if upper in ("TRUE", "FALSE"):
        return upper == "TRUE"
    try:
        number = float(text.replace(" ", ""))
    except ValueError:
        raise ShapeError(f"an array holds numbers, texts, TRUE, FALSE and errors only, not {text}", 0, ("a constant",)) from None
    if math.isinf(number):
        raise ShapeError(f"{text.strip()} is too large: numbers go to 1.797E+308", 0)
    return number


def build_lark() -> Lark:
    """Lark built from the grammar, without the shipped table."""
    from lark import Lark  # noqa: PLC0415  # as above

    return Lark(_shipped("formula.lark").decode(), parser="lalr", lexer=_lexer_class(), maybe_placeholders=False)


@cache
def _lark() -> Lark:
    from lark import Lark  # noqa: PLC0415  # as above

    instance = Lark.__new__(Lark)
    instance._load(io.BytesIO(_shipped("formula.table")), transformer=TreeBuilder())
    return instance


def _shipped(name: str) -> bytes:
    # lark has pkgutil loaded already; importlib.resources would load ten modules for two files.
    data = pkgutil.get_data("sheetengine.syntax", name)
    assert data is not None
    return data
