"""Lifting: a formula's text becomes a shape and operands. This is the only lexer.

In: text, with or without its leading `=`. Out: a `Shape`, the text with every constant, reference and name replaced by
a placeholder of its kind, and the operands in order. Invariants: shapes with equal keys have equal trees; the parts of
a shape and the operands' spellings put together are the text. One regular expression splits the text; what a lexeme is
is decided once per lexeme (a bounded cache), for fills repeat them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from sheetengine.address import MAX_COLUMNS, MAX_ROWS, column_index
from sheetengine.errors import FormulaSyntaxError
from sheetengine.syntax.operands import AnyOperand, Constant, Corner, NameReference, Reference
from sheetengine.syntax.structured import read_structured

MOST_CHARACTERS: Final = 8192
NUMBER, TEXT, CELL, RANGE, NAME, TABLE = "\x01", "\x02", "\x03", "\x04", "\x05", "\x06"
PLACEHOLDERS: Final = frozenset((NUMBER, TEXT, CELL, RANGE, NAME, TABLE))

_BRACKETS = r"\[(?:[^\[\]']|'.|\[(?:[^\[\]']|'.)*\])*\]"
_CELL = r"\$?[A-Za-z]{1,3}\$?[0-9]+"
_AFTER = r"(?![\w.\\?(!\[])"
_TRIM = r"(?:\.:\.?|:\.)"
ERROR = (
    r"#(?:NULL!|DIV/0!|VALUE!|NAME\?|NUM!|N/A|GETTING_DATA|SPILL!|CONNECT!|BLOCKED!|UNKNOWN!|FIELD!|CALC!|BUSY!|PYTHON!|TIMEOUT!|EXTERNAL!)"
)
"""The errors that a formula may hold as they are; #REF! is also what is left of a reference."""
_SHEET = (
    r"(?:'(?:[^']|'')*+'!|\[[^\[\]]+\][^\W](?:[\w. ]*[\w.])?(?::[\w.]+)?!|\[[^\[\]]+\]!|[^\W](?:[\w.]*)(?::[\w.]+)?!"
    r"|(?:\[[^\[\]]+\])?#REF!(?=\$?\w))"
)
"""What says, before a reference or name, where it is: a sheet, several, another workbook; #REF! where Excel deleted the sheet."""
_WITH_SHEET = re.compile(_SHEET)
_LEXEME = re.compile(
    r'("(?:[^"]|"")*+"'  # a text; the repetition gives nothing back: an unclosed quotation mark would take quadratic time
    r'|\{(?:"(?:[^"]|"")*"|[^{}"])*\}'  # an array literal
    rf"|{ERROR}"
    rf"|{_SHEET}?"
    r"(?:#REF!"
    rf"|{_CELL}{_TRIM}{_CELL}{_AFTER}"
    rf"|\$?[A-Za-z]{{1,3}}{_TRIM}\$?[A-Za-z]{{1,3}}{_AFTER}"
    rf"|\$?[0-9]+{_TRIM}\$?[0-9]+(?![\w.])"
    rf"|{_CELL}{_AFTER}(?::{_CELL}{_AFTER})?"
    rf"|\$?[A-Za-z]{{1,3}}:\$?[A-Za-z]{{1,3}}{_AFTER}"
    r"|\$?[0-9]+:\$?[0-9]+(?![\w.])"
    rf"|[^\W\d][\w.?\\]*\(|\\[\w.?\\]*|[^\W\d][\w.?\\]*(?:{_BRACKETS})?)"
    rf"|{_BRACKETS}"
    r"|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
)
_FULL_CELL = re.compile(r"(\$?)([A-Za-z]{1,3})(\$?)([0-9]+)")
_COLUMNS = re.compile(r"(\$?)([A-Za-z]{1,3}):(\$?)([A-Za-z]{1,3})")
_ROWS = re.compile(r"(\$?)([0-9]+):(\$?)([0-9]+)")
_PREFIX = re.compile(r"(?<!\w)(?:_xlfn\.|_xlws\.|_xlpm\.|_xludf\.|_xlop\.|_xleta\.)+", re.IGNORECASE)
_LOCAL_NAMES = re.compile(r"(?<![\w.])(?:_xlfn\.)?(?:LET|LAMBDA)\(", re.IGNORECASE)
_SIMPLE_BRACKET = re.compile(r"\[\s*((?:_xlop\.)?[^\W\d][\w.]*)\s*\]")


class Shape:
    """A formula without its operands. Made by `lift` alone, one object per key.

    `parts` is the text around the operands: one more than there are operands; `key` the same with placeholders.
    """

    __slots__ = ("key", "parts")

    def __init__(self, key: str, parts: tuple[str, ...]) -> None:
        self.key = key
        self.parts = parts

    def __repr__(self) -> str:
        return f"Shape({'·'.join(self.parts)!r})"

    def __reduce__(self) -> tuple[object, ...]:
        return (intern_shape, (self.key, self.parts))


_SHAPES: dict[str, Shape] = {}
_MOST_SHAPES = 100_000


def intern_shape(key: str, parts: Sequence[str]) -> Shape:
    """The shape of a key."""
    shape = _SHAPES.get(key)
    if shape is None:
        if len(_SHAPES) >= _MOST_SHAPES:
            _SHAPES.clear()
        shape = _SHAPES[key] = Shape(key, tuple(parts))
    return shape


_KNOWN: dict[str, tuple[str, AnyOperand] | str | None] = {}
_MOST_KNOWN = 50_000


def lift(text: str) -> tuple[Shape, tuple[AnyOperand, ...]]:
    """Split a formula into its shape and its operands; raises `FormulaSyntaxError` on what is no lexeme at all.

    >>> shape, operands = lift("=A1*2+B1")
    >>> shape, [type(operand).__name__ for operand in operands]
    (Shape('·*·+·'), ['Reference', 'Constant', 'Reference'])
    >>> lift("=C7*5+$D$2")[0] is shape
    True
    """
    body = text[1:] if text[:1] == "=" else text
    if len(body) > MOST_CHARACTERS:
        raise FormulaSyntaxError(f"a formula has at most {MOST_CHARACTERS:,} characters, this one {len(body):,}", text, MOST_CHARACTERS)
    pieces = _LEXEME.split(body)
    if not body.isprintable():
        _refuse_marks(pieces[::2], text)
    local = "(" in body and _LOCAL_NAMES.search(body) is not None
    operands: list[AnyOperand] = []
    key: list[str] = []
    parts: list[str] = []
    around = pieces[0]
    known = _KNOWN
    for index in range(1, len(pieces), 2):
        lexeme = pieces[index]
        found = known.get(lexeme, known)
        if found is known:
            found = _classify(lexeme)
            if type(found) is tuple and found[0] == NUMBER and found[1].value == math.inf:  # type: ignore[union-attr]  # a constant
                message = f"{lexeme} is too large: numbers go to 1.797E+308"
                position = max(text.find(lexeme), 0)
                raise FormulaSyntaxError(message, text, position, position + len(lexeme))
            if len(known) >= _MOST_KNOWN:
                known.clear()
            known[lexeme] = found
        if type(found) is tuple:
            mark, operand = found
            if local and mark in (NAME, TABLE):
                kept = _kept_name(lexeme, operand)
                if kept is not None:
                    around += kept + pieces[index + 1]
                    continue
            key.append(around)
            key.append(mark)
            parts.append(around)
            operands.append(operand)
            around = pieces[index + 1]
        elif type(found) is str:
            around += found + pieces[index + 1]
        else:
            # A range one of whose ends lies off the grid is a name on that side: A1:XFE1.
            for side, part in enumerate(lexeme.split(":", 1)):
                one = _classify(part)
                assert type(one) is tuple
                key += [around + (":" if side else ""), one[0]]
                parts.append(around + (":" if side else ""))
                operands.append(one[1])
                around = ""
            around = pieces[index + 1]
    key.append(around)
    parts.append(around)
    joined = "".join(key)
    shape = _SHAPES.get(joined)
    if shape is None:
        _refuse_strays(parts, operands, text)
        shape = intern_shape(joined, parts)
    return shape, tuple(operands)


def _kept_name(lexeme: str, operand: AnyOperand) -> str | None:
    """How a name is written that stays in the shape: LET and LAMBDA make names of their own."""
    if type(operand) is NameReference:
        if operand.sheet is None and operand.book is None:
            return operand.name
        return None
    simple = _SIMPLE_BRACKET.fullmatch(lexeme)
    return None if simple is None else "[" + _PREFIX.sub("", simple[1]) + "]"


_STRAY = re.compile(r"[^\w\s.()+\-*/^&=<>,:%@#\[\]{}\"!?;'/\\\x01-\x06]|[\x01-\x06]")


def _refuse_strays(parts: Sequence[str], operands: Sequence[AnyOperand], text: str) -> None:
    for part in parts:
        match = _STRAY.search(part)
        if match is not None and '"' not in part:
            position = max(text.find(match[0]), 0)
            raise FormulaSyntaxError(f"{match[0]!r} has no meaning in a formula", text, position, expected=("an operator", "a value"))


def _refuse_marks(around: Sequence[str], text: str) -> None:
    """Our placeholders, written by the user: they would make the key of another formula."""
    for part in around:
        for mark in PLACEHOLDERS:
            if mark in part:
                raise FormulaSyntaxError(
                    f"{mark!r} has no meaning in a formula", text, text.find(mark), expected=("an operator", "a value")
                )


def _classify(lexeme: str) -> tuple[str, AnyOperand] | str | None:
    """What a lexeme is: (placeholder, operand), text that stays in the shape, or None for a range with an end off the grid."""
    first = lexeme[0]
    if first == '"':
        return TEXT, Constant(lexeme[1:-1].replace('""', '"'))
    if first in "0123456789." and ":" not in lexeme and "!" not in lexeme:
        value = float(lexeme)
        plain = "" if value == math.inf else print_number(value)
        return NUMBER, Constant(value, None if plain == lexeme else lexeme)
    if first == "{" or (first == "#" and not lexeme.startswith("#REF!")):
        return lexeme
    if lexeme[-1] == "(":
        return _PREFIX.sub("", lexeme)
    upper = lexeme.upper()
    if upper in ("TRUE", "FALSE", "#REF!"):
        return lexeme
    mark = _reference(lexeme, None, None, None)
    if mark is not None:
        return mark
    # Not any exclamation mark: a column of a table may have one in its name, `Sales[Done!]`.
    sheet = _WITH_SHEET.match(lexeme)
    if sheet is not None:
        return _with_sheet(lexeme, sheet.end())
    if "[" in lexeme:
        return TABLE, read_structured(lexeme)
    if ":" in lexeme:
        return None
    return NAME, NameReference(_PREFIX.sub("", lexeme))


def _with_sheet(lexeme: str, end: int) -> tuple[str, AnyOperand]:
    """A reference or name behind the sheet that ends at a place of the lexeme."""
    prefix, rest = lexeme[: end - 1], lexeme[end:]
    if prefix.startswith("'"):
        prefix = prefix[1:-1].replace("''", "'")
    book: str | None = None
    if "[" in prefix and "]" in prefix:
        opening = prefix.index("[")
        closing = prefix.rindex("]")
        book = prefix[:opening] + prefix[opening + 1 : closing] if opening else prefix[1:closing]
        prefix = prefix[closing + 1 :]
    first, colon, last = prefix.partition(":")
    sheet = first or None
    if rest == "#REF!":
        return CELL, Reference(None, None, sheet, last if colon else None, book)
    mark = _reference(rest, sheet, last if colon else None, book)
    if mark is not None:
        return mark
    if "[" in rest:
        table = read_structured(rest)
        return TABLE, type(table)(table.table, table.items, table.first_column, table.last_column, table.this_row, book or sheet)
    return NAME, NameReference(_PREFIX.sub("", rest), sheet, book)


def _reference(text: str, sheet: str | None, last_sheet: str | None, book: str | None) -> tuple[str, AnyOperand] | None:
    """A reference on the grid, or None."""
    first, colon, last = text.partition(":")
    trim = first.endswith(".") + 2 * last.startswith(".")
    if trim:
        untrimmed = _reference(f"{first.rstrip('.')}:{last.lstrip('.')}", sheet, last_sheet, book)
        if untrimmed is None:
            return None
        assert isinstance(untrimmed[1], Reference)
        return RANGE, replace(untrimmed[1], trim=trim)
    cell = _FULL_CELL.fullmatch(first)
    if cell is not None:
        one = _corner(cell)
        if one is None:
            return None
        if not colon:
            return CELL, Reference(one, None, sheet, last_sheet, book)
        other = _FULL_CELL.fullmatch(last)
        two = _corner(other) if other is not None else None
        return None if two is None else (RANGE, Reference(one, two, sheet, last_sheet, book))
    if not colon:
        return None
    columns = _COLUMNS.fullmatch(text)
    if columns is not None:
        left, right = column_index(columns[2]), column_index(columns[4])
        if left >= MAX_COLUMNS or right >= MAX_COLUMNS:
            return None
        one, two = Corner(None, left, False, columns[1] == "$"), Corner(None, right, False, columns[3] == "$")
        return RANGE, Reference(one, two, sheet, last_sheet, book)
    rows = _ROWS.fullmatch(text)
    if rows is not None:
        top, bottom = int(rows[2]) - 1, int(rows[4]) - 1
        if not (0 <= top < MAX_ROWS and 0 <= bottom < MAX_ROWS):
            return None
        one, two = Corner(top, None, rows[1] == "$", False), Corner(bottom, None, rows[3] == "$", False)
        return RANGE, Reference(one, two, sheet, last_sheet, book)
    return None


def _corner(match: re.Match[str]) -> Corner | None:
    column, row = column_index(match[2]), int(match[4]) - 1
    if column >= MAX_COLUMNS or not 0 <= row < MAX_ROWS:
        return None
    return Corner(row, column, match[3] == "$", match[1] == "$")


def print_number(value: float) -> str:
    """A constant as a formula writes it: as short as reads back the same.

    >>> print_number(2.0), print_number(0.1), print_number(1e20)
    ('2', '0.1', '1E+20')
    """
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    text = repr(value).upper()
    if "E" in text:
        mantissa, _, exponent = text.partition("E")
        return f"{mantissa.removesuffix('.0')}E{int(exponent):+03d}"
    return text
