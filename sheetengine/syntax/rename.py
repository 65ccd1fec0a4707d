"""Operands and shapes after something they name got another name: a sheet, a defined name, a table, a column.

In: operands or a shape, the old and the new name. Out: the same formula in its new words. Invariants: what does not name the thing is
given back as it is, the same object; a rename never changes what a formula means, only how it is written.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

from sheetengine.syntax.nodes import Call, Name
from sheetengine.syntax.operands import AnyOperand, NameReference, Reference, TableReference
from sheetengine.syntax.parser import parse
from sheetengine.syntax.shape import Shape, intern_shape
from sheetengine.syntax.tokens import tokenize
from sheetengine.syntax.walk import walk

Renaming = Callable[[AnyOperand], AnyOperand]


def sheet_renaming(old: str, new: str) -> Renaming:
    """References and names that stand on a sheet follow it.

    >>> from sheetengine.syntax.shape import lift
    >>> from sheetengine.syntax.printer import print_operand
    >>> print_operand(sheet_renaming("Old", "New one")(lift("=old!A1")[1][0]))
    "'New one'!A1"
    """
    lower = old.lower()

    def rename(operand: AnyOperand) -> AnyOperand:
        if type(operand) is Reference and operand.book is None and operand.sheet is not None:
            first = new if operand.sheet.lower() == lower else operand.sheet
            last = new if operand.last_sheet is not None and operand.last_sheet.lower() == lower else operand.last_sheet
            if (first, last) != (operand.sheet, operand.last_sheet):
                return replace(operand, sheet=first, last_sheet=last)
        if type(operand) is NameReference and operand.book is None and operand.sheet is not None and operand.sheet.lower() == lower:
            return replace(operand, sheet=new)
        return operand

    return rename


def name_renaming(old: str, new: str, sheets: Collection[str] = (), *, bare: bool = True) -> Renaming:
    """A defined name's users follow it; `sheets`, in lower case, are those before which the name means this one.

    `bare`: without a sheet before it the name means this one, where the formula stands.

    >>> from sheetengine.syntax.shape import lift
    >>> name_renaming("rate", "tax_rate")(lift("=Rate*2")[1][0])
    NameReference(name='tax_rate', sheet=None, book=None)
    """
    lower = old.lower()

    def rename(operand: AnyOperand) -> AnyOperand:
        if type(operand) is not NameReference or operand.book is not None or operand.name.lower() != lower:
            return operand
        meant = bare if operand.sheet is None else operand.sheet.lower() in sheets
        return replace(operand, name=new) if meant else operand

    return rename


def table_renaming(old: str, new: str) -> Renaming:
    """Structured references, and bare uses of a table's name, follow the table.

    >>> from sheetengine.syntax.shape import lift
    >>> from sheetengine.syntax.printer import print_operand
    >>> print_operand(table_renaming("Sales", "Orders")(lift("=SUM(Sales[Net])")[1][0]))
    'Orders[Net]'
    """
    lower = old.lower()

    def rename(operand: AnyOperand) -> AnyOperand:
        if type(operand) is TableReference and operand.book is None and (operand.table or "").lower() == lower:
            return replace(operand, table=new, spelling=None)
        if type(operand) is NameReference and operand.book is None and operand.sheet is None and operand.name.lower() == lower:
            return replace(operand, name=new)
        return operand

    return rename


def column_renaming(table: str, old: str, new: str, inside: bool) -> Renaming:
    """Structured references follow a renamed column; `inside`: the formula stands in the table, so `[@Net]` means it too."""
    lower = old.lower()

    def renamed(column: str | None) -> str | None:
        return new if column is not None and column.lower() == lower else column

    def rename(operand: AnyOperand) -> AnyOperand:
        if type(operand) is TableReference and operand.book is None:
            own = inside if operand.table is None else operand.table.lower() == table.lower()
            first, last = renamed(operand.first_column), renamed(operand.last_column)
            if own and (first, last) != (operand.first_column, operand.last_column):
                return replace(operand, first_column=first, last_column=last, spelling=None)
        return operand

    return rename


def rename_in_shape(shape: Shape, old: str, new: str) -> Shape:
    """A shape in which a defined name stayed as text: called like a function, or beside LET and LAMBDA.

    A formula that makes a name of its own by the old spelling keeps all of it: there the name is hidden.

    >>> from sheetengine.syntax.shape import lift
    >>> rename_in_shape(lift("=twice(A1)+1")[0], "twice", "double")
    Shape('double(·)+·')
    """
    lower = old.lower()
    used = {node.name.lower() for node in walk(parse(shape)) if isinstance(node, Name | Call)}
    if lower not in used or _is_local(shape, lower):
        return shape
    key = shape.key
    for token in reversed(tokenize(key)):
        if (token.kind == "LOCAL" and token.text.lower() == lower) or (token.kind == "FUNCTION" and token.text[:-1].lower() == lower):
            key = key[: token.offset] + new + key[token.offset + len(old) :]
    return intern_shape(key, _parts(key))


def _is_local(shape: Shape, lower: str) -> bool:
    for node in walk(parse(shape)):
        if isinstance(node, Call) and node.name in ("LET", "LAMBDA"):
            made = node.arguments[:-1:2] if node.name == "LET" else node.arguments[:-1]
            if any(isinstance(one, Name) and one.name.strip("[]").lower() == lower for one in made):
                return True
    return False


def _parts(key: str) -> list[str]:
    parts: list[str] = []
    current: list[str] = []
    for character in key:
        if "\x01" <= character <= "\x06":
            parts.append("".join(current))
            current = []
        else:
            current.append(character)
    return [*parts, "".join(current)]
