"""The tokens of a shape, as lark is given them.

In: a shape's key. Out: tokens with their place in the key. Here white space is judged: a space between two references
is the intersection operator, anywhere else it is nothing.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from sheetengine.syntax.shape import CELL, NAME, NUMBER, RANGE, TABLE, TEXT


class ShapeError(Exception):
    """A shape that is no formula: where in its key, and what could stand there. Callers turn it into a FormulaSyntaxError."""

    def __init__(self, message: str, offset: int, expected: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset
        self.expected = expected


class ShapeToken(NamedTuple):
    """One token: lark's terminal, its text, its place in the key, the number of the operand it stands for."""

    kind: str
    text: str
    offset: int
    operand: int = -1


_TOKEN = re.compile(
    r"(?P<WHITE>\s+)"
    r"|(?P<HERE>!(?=[\x03\x04]))"  # in a name's formula: of the sheet where the name is used
    r"|(?P<PLACE>[\x01-\x06])"
    r"|(?P<ARRAY>\{(?:\"(?:[^\"]|\"\")*\"|[^{}\"])*\})"
    r"|(?P<ERROR>#(?:NULL!|DIV/0!|VALUE!|REF!|NAME\?|NUM!|N/A|GETTING_DATA|SPILL!|CONNECT!|BLOCKED!|UNKNOWN!|FIELD!|CALC!|BUSY!|PYTHON!|TIMEOUT!|EXTERNAL!))"
    r"|(?P<FUNCTION>[^\W\d][\w.?\\]*\()"
    r"|(?P<LOCAL>[^\W\d][\w.?\\]*|\\[\w.?\\]*|\[[^\W\d][\w.]*\])"
    r"|(?P<COMPARE><>|<=|>=|=|<|>)"
    r"|(?P<SIGN>[()+\-*/^&,:%@#])"
)
_SIGNS = {
    "(": "LPAR", ")": "RPAR", "+": "PLUS", "-": "MINUS", "*": "STAR", "/": "SLASH", "^": "CARET", "&": "AMPERSAND",
    ",": "COMMA", ":": "COLON", "%": "PERCENT", "@": "AT", "#": "HASH",
}  # fmt: skip
_PLACES = {NUMBER: "NUMBER", TEXT: "TEXT", CELL: "CELL", RANGE: "RANGE", NAME: "NAME", TABLE: "TABLE"}
_ENDS_REFERENCE = frozenset(("CELL", "RANGE", "NAME", "TABLE", "RPAR", "HASH", "LOCAL", "ERROR"))
_STARTS_REFERENCE = frozenset(("CELL", "RANGE", "NAME", "TABLE", "LPAR", "FUNCTION", "LOCAL", "ERROR"))

MOST_FUNCTIONS_DEEP = 64
MOST_DEEP = 256
MOST_ARGUMENTS = 255


def tokenize(key: str) -> list[ShapeToken]:
    """All tokens of a key; raises `ShapeError` at what is none, and beyond Excel's limits of nesting."""
    tokens: list[ShapeToken] = []
    position = 0
    operands = 0
    space_before = False
    while position < len(key):
        match = _TOKEN.match(key, position)
        if match is None:
            raise ShapeError(_stray(key, position), position, ("a value", "an operator"))
        kind, text = match.lastgroup or "", match[0]
        offset, position = position, match.end()
        if kind == "WHITE":
            space_before = " " in text or space_before
            continue
        if kind == "HERE":
            continue
        operand = -1
        if kind == "PLACE":
            kind, operand = _PLACES[text], operands
            operands += 1
        elif kind == "SIGN":
            kind = _SIGNS[text]
            if kind == "LPAR" and tokens and tokens[-1].kind == "RPAR" and not space_before:
                kind = "APPLY"
        elif kind == "LOCAL" and text.upper() in ("TRUE", "FALSE"):
            kind = "BOOLEAN"
        if space_before and tokens and tokens[-1].kind in _ENDS_REFERENCE and kind in _STARTS_REFERENCE:
            tokens.append(ShapeToken("SPACE", " ", offset - 1))
        space_before = False
        tokens.append(ShapeToken(kind, text, offset, operand))
    _check_depth(tokens)
    return tokens


def _check_depth(tokens: list[ShapeToken]) -> None:
    depth: list[list[int]] = []
    functions = 0
    signs = 0
    joints = 0
    for token in tokens:
        joints += token.kind in ("COLON", "SPACE")
        if joints > MOST_DEEP:
            raise ShapeError(f"more than {MOST_DEEP} ranges are made of others with ':' and ' '", token.offset)
        signs = signs + 1 if token.kind in ("MINUS", "PLUS", "AT", "PERCENT", "HASH") else 0
        if signs > MOST_DEEP:
            raise ShapeError(f"more than {MOST_DEEP} signs in a row", token.offset)
        if token.kind in ("FUNCTION", "LPAR", "APPLY"):
            functions += token.kind == "FUNCTION"
            depth.append([token.kind == "FUNCTION", 1])
            if functions > MOST_FUNCTIONS_DEEP:
                raise ShapeError(f"functions are nested more than {MOST_FUNCTIONS_DEEP} deep", token.offset)
            if len(depth) > MOST_DEEP:
                raise ShapeError(f"parentheses are nested more than {MOST_DEEP} deep", token.offset)
        elif token.kind == "RPAR" and depth:
            functions -= depth.pop()[0]
        elif token.kind == "COMMA" and depth:
            depth[-1][1] += 1
            if depth[-1][0] and depth[-1][1] > MOST_ARGUMENTS:
                raise ShapeError(f"a function takes at most {MOST_ARGUMENTS} arguments", token.offset)


def _stray(key: str, position: int) -> str:
    character = key[position]
    if character == '"':
        return "a text is not closed: its last quotation mark is missing"
    if character == "{":
        return "an array is not closed: its } is missing"
    if character == "'":
        return "a sheet's name is not closed: ' and ! are missing after it"
    if character == "[":
        return "a [ is not closed"
    return f"{character!r} does not fit here"
