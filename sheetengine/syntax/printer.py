"""Formula text from a shape and operands, and from a tree.

In: a `Shape` and operands, as lifted or shifted. Out: the text, exactly as the user wrote it but for references, which
are in Excel's own spelling. Names of functions newer than Excel 2007 get in files the prefix that Excel wants.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from sheetengine.address import column_name, quote_sheet
from sheetengine.syntax import nodes
from sheetengine.syntax.nodes import Node
from sheetengine.syntax.operands import COLONS, AnyOperand, Constant, Corner, NameReference, Reference, TableReference
from sheetengine.syntax.shape import Shape, print_number
from sheetengine.syntax.structured import print_structured
from sheetengine.values import CellError


def print_formula(shape: Shape, operands: Sequence[AnyOperand]) -> str:
    """The text of a formula with its leading `=`.

    >>> from sheetengine.syntax.shape import lift
    >>> print_formula(*lift("=SUM( a1:b2 , 1.50)"))
    '=SUM( A1:B2 , 1.50)'
    """
    pieces = ["=", shape.parts[0]]
    for operand, part in zip(operands, shape.parts[1:], strict=True):
        pieces.append(print_operand(operand))
        pieces.append(part)
    return "".join(pieces)


def print_operand(operand: AnyOperand) -> str:
    """One operand.

    >>> print_operand(Reference(Corner(0, 0, True, False), Corner(1, 1), "My sheet"))
    "'My sheet'!A$1:B2"
    """
    match operand:
        case Constant(value, spelling):
            if spelling is not None:
                return spelling
            return '"' + value.replace('"', '""') + '"' if isinstance(value, str) else print_number(value)
        case Reference(first, last, sheet, last_sheet, book, trim):
            prefix = print_prefix(sheet, last_sheet, book)
            if first is None:
                return prefix + "#REF!"
            if last is None:
                return prefix + print_corner(first)
            return f"{prefix}{print_corner(first)}{COLONS[trim]}{print_corner(last)}"
        case NameReference(name, sheet, book):
            return print_prefix(sheet, None, book) + name
        case TableReference():
            prefix = print_prefix(None, None, operand.book)
            return prefix + (operand.spelling if operand.spelling is not None and not operand.book else print_structured(operand))


def print_corner(corner: Corner) -> str:
    """One corner of a reference."""
    column = "" if corner.column is None else ("$" if corner.column_absolute else "") + column_name(corner.column)
    row = "" if corner.row is None else ("$" if corner.row_absolute else "") + str(corner.row + 1)
    return column + row


def print_prefix(sheet: str | None, last_sheet: str | None, book: str | None) -> str:
    """What stands before a reference: sheets and workbook with their `!`."""
    if sheet is None and book is None:
        return ""
    names = (sheet or "") + (f":{last_sheet}" if last_sheet is not None else "")
    if book is not None:
        path, _, file = book.rpartition("\\") if "\\" in book else book.rpartition("/")
        slash = book[len(path) : len(path) + 1] if path else ""
        text = f"{path}{slash}[{file}]{names}"
        plain = not path and re.fullmatch(r"[\w.]*", file) and re.fullmatch(r"[\w.:]*", names) and not names[:1].isdigit()
        return (text if plain else "'" + text.replace("'", "''") + "'") + "!"
    if last_sheet is not None:
        one, two = quote_sheet(sheet or ""), quote_sheet(last_sheet)
        return f"{names}!" if not one.startswith("'") and not two.startswith("'") else "'" + names.replace("'", "''") + "'!"
    # What Excel leaves of the name of a sheet that was deleted.
    return "#REF!" if sheet == "#REF" else quote_sheet(sheet or "") + "!"


_BINDING = {"=": 1, "<>": 1, "<": 1, ">": 1, "<=": 1, ">=": 1, "&": 2, "+": 3, "-": 3, "*": 4, "/": 4, "^": 5}


def print_node(node: Node, operands: Sequence[AnyOperand]) -> str:
    """The text of a tree, parentheses where the tree has them or must have them.

    >>> from sheetengine.syntax.parser import read
    >>> shape, operands, node = read("= ( 1+2 ) * A1 ")
    >>> print_node(node, operands)
    '(1+2)*A1'
    """
    return _print(node, operands)[0]


def _print(node: Node, operands: Sequence[AnyOperand]) -> tuple[str, int]:
    """Text and binding strength: 1 comparison … 5 power, 6 percent, 7 sign, 8 intersection, 9 range, 10 the rest."""

    def below(child: Node, least: int) -> str:
        text, strength = _print(child, operands)
        return text if strength >= least else f"({text})"

    match node:
        case nodes.Operand(index):
            return print_operand(operands[index]), 10
        case nodes.Literal(value):
            return (("TRUE" if value else "FALSE") if isinstance(value, bool) else value.code), 10
        case nodes.Omitted():
            return "", 10
        case nodes.ArrayLiteral(rows):
            return "{" + ";".join(",".join(_element(value) for value in row) for row in rows) + "}", 10
        case nodes.Parenthesised(inner):
            return f"({below(inner, 0)})", 10
        case nodes.Unary(operator, operand):
            return operator + below(operand, 7), 7
        case nodes.At(operand):
            return "@" + below(operand, 7), 7
        case nodes.Percent(operand):
            return below(operand, 6) + "%", 6
        case nodes.Spill(operand):
            return below(operand, 10) + "#", 10
        case nodes.Binary(operator, _, _):
            return _print_chain(node, operands), _BINDING[operator]
        case nodes.RangeOf(left, right):
            return f"{below(left, 9)}:{below(right, 10)}", 9
        case nodes.Intersection(left, right):
            return f"{below(left, 8)} {below(right, 9)}", 8
        case nodes.Union(items):
            return "(" + ",".join(below(item, 0) for item in items) + ")", 10
        case nodes.Call(name, arguments):
            return f"{name}({','.join(below(argument, 0) for argument in arguments)})", 10
        case nodes.Apply(function, arguments):
            return f"{below(function, 10)}({','.join(below(argument, 0) for argument in arguments)})", 10
        case nodes.Name(name):
            return name, 10
    raise AssertionError(f"no such node: {node!r}")


def _print_chain(node: nodes.Binary, operands: Sequence[AnyOperand]) -> str:
    """Operators associate left, so a long sum is deep on its left: gone down without recursion."""
    pieces: list[str] = []
    current: Node = node
    while isinstance(current, nodes.Binary) and _BINDING[current.operator] <= 10:
        strength = _BINDING[current.operator]
        text, own = _print(current.right, operands)
        pieces.append(current.operator + (text if own > strength else f"({text})"))
        following = current.left
        if isinstance(following, nodes.Binary) and _BINDING[following.operator] < strength:
            pieces.append(f"({_print(following, operands)[0]})")
            return "".join(reversed(pieces))
        current = following
    text, own = _print(current, operands)
    pieces.append(text if own >= 6 else f"({text})")
    return "".join(reversed(pieces))


def _element(value: float | str | bool | CellError) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, str):
        return '"' + value.replace('"', '""') + '"'
    return value.code if isinstance(value, CellError) else ("-" if value < 0 else "") + print_number(abs(value))
