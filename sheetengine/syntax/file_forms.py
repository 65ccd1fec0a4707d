"""What files spell otherwise than people do: `A1#` is `_xlfn.ANCHORARRAY(A1)`, `@x` is `_xlfn.SINGLE(x)`, `A:.A` is
`_xlfn._TRO_TRAILING(A:A)`, `[@Net]` names its table.

In: a formula's text of a file, or a shape and operands. Out: the other form. Invariant: either form of a formula that has none of
these is the text as it was.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Sequence
from typing import Final

from sheetengine.syntax import nodes
from sheetengine.syntax.file_parts import BARE, called, file_parts, recalled, to_file_text
from sheetengine.syntax.fill import column_predictor
from sheetengine.syntax.nodes import Node
from sheetengine.syntax.operands import AnyOperand, Constant, NameReference, Reference, TableReference
from sheetengine.syntax.parser import parse, read
from sheetengine.syntax.printer import print_formula, print_node
from sheetengine.syntax.shape import Shape, lift

_CALLS = re.compile(r"_xlfn\.(?:ANCHORARRAY|SINGLE|_TRO_(?:LEADING|TRAILING|ALL))\(", re.IGNORECASE)
_TRIMS = {"_TRO_LEADING": 1, "_TRO_TRAILING": 2, "_TRO_ALL": 3}
_TRIM_NAMES = {trim: name for name, trim in _TRIMS.items()}
_ANCHOR, _SINGLE = "ANCHORARRAY", "SINGLE"
_SIGNS: Final = frozenset((_ANCHOR, _SINGLE, *_TRIMS))
_CONTROL = re.compile(r"_x(00(?:0[0-8bcefBCEF]|1[0-9a-fA-F]))_")
"""Characters that XML cannot hold."""
_MOST_LITERAL: Final = 255
"""Characters of a text in a formula; Excel takes the formula out of a file that has more."""
_PREFIX: Final = "_xlfn."


def from_file(text: str) -> str:
    """The text, without `=`, as people write it; raises `FormulaSyntaxError` where it does not parse.

    >>> from_file("SUM(_xlfn.ANCHORARRAY(A1))+_xlfn.SINGLE(B1:B9)"), from_file("A1*2")
    ('SUM(A1#)+@B1:B9', 'A1*2')
    """
    if "_x00" in text:
        text = _CONTROL.sub(lambda match: chr(int(match[1], 16)), text)
    if "_xlfn." not in text or _CALLS.search(text) is None:
        return text
    shape, lifted, node = read("=" + text)
    operands = list(lifted)

    def signs(node: Node) -> Node:
        if isinstance(node, nodes.Call) and node.name in _TRIMS and len(node.arguments) == 1:
            inner = node.arguments[0]
            operand = operands[inner.index] if isinstance(inner, nodes.Operand) else None
            if isinstance(operand, Reference) and isinstance(inner, nodes.Operand):
                last = operand.first if operand.last is None else operand.last
                operands[inner.index] = dataclasses.replace(operand, last=last, trim=_TRIMS[node.name])
                return inner
        return _signs(node)

    return _as_called(shape, print_node(_rebuilt(node, signs), operands))


def _as_called(shape: Shape, text: str) -> str:
    """What was printed from a tree, which has the names of functions in capitals, with the names as a formula calls them."""
    names = (name for name in called(shape.parts) if name.upper() not in _SIGNS)
    changed, operands = lift("=" + text)
    parts = recalled(changed.parts, lambda name: name if name in _SIGNS else next(names))
    return print_formula(Shape(changed.key, parts), operands).removeprefix("=")


def to_file(
    shape: Shape, operands: Sequence[AnyOperand], prefix: Callable[[str], str], table_here: str | None = None,
    bare: Callable[[str], bool] | None = None,
) -> str:  # fmt: skip
    """The text for a file, without `=`; `table_here` is the name of the table around the cell, `bare` says whether a name without
    parentheses is that of a function.

    >>> to_file(*lift("=SUM(A1#)+[@Net]"), lambda name: "", "Sales")
    'SUM(_xlfn.ANCHORARRAY(A1))+Sales[[#This Row],[Net]]'
    """
    written = [_operand(operand, table_here) for operand in operands]
    trims = {place: operand.trim for place, operand in enumerate(written) if type(operand) is Reference and operand.trim}
    if trims or any("#" in part or "@" in part for part in shape.parts):
        node = parse(shape)

        def calls(node: Node) -> Node:
            if isinstance(node, nodes.Operand) and node.index in trims:
                return nodes.Call(_TRIM_NAMES[trims[node.index]], (node,))
            return _calls(node)

        rebuilt = _rebuilt(node, calls)
        if rebuilt != node:
            plain = [dataclasses.replace(one, trim=0) if type(one) is Reference and one.trim else one for one in written]
            shape, lifted = lift("=" + _as_called(shape, print_node(rebuilt, plain)))
            return to_file_text(shape, _bare(lifted, bare), lambda name: _PREFIX if name in _SIGNS else prefix(name), bare)
    return to_file_text(shape, _bare(written, bare), prefix, bare)


def _bare(operands: Sequence[AnyOperand], bare: Callable[[str], bool] | None) -> Sequence[AnyOperand]:
    """Operands with the names of functions marked."""
    if bare is None or not any(type(operand) is NameReference for operand in operands):
        return operands
    return [
        NameReference(BARE + one.name.upper()) if type(one) is NameReference and one.sheet is one.book is None and bare(one.name) else one
        for one in operands
    ]


def column_texts(
    shape: Shape, operands: Sequence[AnyOperand], row: int, prefix: Callable[[str], str], table_here: str | None = None,
    bare: Callable[[str], bool] | None = None,
) -> Callable[[int], str] | None:  # fmt: skip
    """The text for a file at each row of a column that a formula at `row` fills; None where only `to_file` can tell.

    >>> texts = column_texts(*lift("=XLOOKUP(A1,$B$1:$B$9,C1)"), 0, {"XLOOKUP": "_xlfn."}.get)
    >>> texts and texts(4)
    '_xlfn.XLOOKUP(A5,$B$1:$B$9,C5)'
    """
    if any("#" in part or "@" in part for part in shape.parts):
        return None
    written = [_operand(operand, table_here) for operand in operands]
    return column_predictor(shape, _bare(written, bare), row, file_parts(shape, prefix, bare))


def _operand(operand: AnyOperand, table_here: str | None) -> AnyOperand:
    if type(operand) is TableReference:
        return _in_file(operand, table_here)
    if type(operand) is Constant and type(operand.value) is str and len(operand.value) > _MOST_LITERAL // 2:
        return _short(operand)
    return operand


def _short(operand: Constant) -> Constant:
    """A text longer than Excel takes in a formula, as several that are joined.

    >>> len(_short(Constant("x" * 600)).spelling or "")
    610
    """
    text = str(operand.value)
    if len(text.encode("utf-16-le", "surrogatepass")) // 2 <= _MOST_LITERAL:
        return operand
    size = _MOST_LITERAL if text.isascii() else _MOST_LITERAL // 2
    pieces = (text[start : start + size].replace('"', '""') for start in range(0, len(text), size))
    return Constant(text, "(" + "&".join(f'"{piece}"' for piece in pieces) + ")")


def _in_file(operand: TableReference, table_here: str | None) -> TableReference:
    items = ("#This Row",) if operand.this_row and not operand.items else operand.items
    if operand.table is not None and items == operand.items and operand.spelling is not None and "@" not in operand.spelling:
        return operand
    return dataclasses.replace(operand, table=operand.table or table_here, items=items, this_row=False, spelling=None)


def _signs(node: Node) -> Node:
    if isinstance(node, nodes.Call) and len(node.arguments) == 1:
        if node.name == _ANCHOR:
            return nodes.Spill(node.arguments[0])
        if node.name == _SINGLE:
            return nodes.At(node.arguments[0])
    return node


def _calls(node: Node) -> Node:
    if isinstance(node, nodes.Spill):
        return nodes.Call(_ANCHOR, (node.operand,))
    if isinstance(node, nodes.At):
        return nodes.Call(_SINGLE, (node.operand,))
    return node


def _rebuilt(node: Node, change: Callable[[Node], Node]) -> Node:
    """A tree with every node changed, from the leaves up."""
    match node:
        case nodes.Unary(operator, operand):
            node = nodes.Unary(operator, _rebuilt(operand, change))
        case nodes.At(operand):
            node = nodes.At(_rebuilt(operand, change))
        case nodes.Percent(operand):
            node = nodes.Percent(_rebuilt(operand, change))
        case nodes.Spill(operand):
            node = nodes.Spill(_rebuilt(operand, change))
        case nodes.Parenthesised(inner):
            node = nodes.Parenthesised(_rebuilt(inner, change))
        case nodes.Binary(operator, left, right):
            node = nodes.Binary(operator, _rebuilt(left, change), _rebuilt(right, change))
        case nodes.RangeOf(left, right):
            node = nodes.RangeOf(_rebuilt(left, change), _rebuilt(right, change))
        case nodes.Intersection(left, right):
            node = nodes.Intersection(_rebuilt(left, change), _rebuilt(right, change))
        case nodes.Union(items):
            node = nodes.Union(tuple(_rebuilt(item, change) for item in items))
        case nodes.Call(name, arguments):
            node = nodes.Call(name, tuple(_rebuilt(argument, change) for argument in arguments))
        case nodes.Apply(function, arguments):
            node = nodes.Apply(_rebuilt(function, change), tuple(_rebuilt(argument, change) for argument in arguments))
    return change(node)
