"""Structured references: `Sales[[#Headers],[Net]:[Gross]]`, `[@Net]`, `Sales[]`.

In: the lexeme. Out: a `TableReference`. In column names `'` escapes `[ ] # @ '`.
"""

from __future__ import annotations

import re

from sheetengine.syntax.operands import TableReference

_ITEMS = ("#all", "#data", "#headers", "#totals", "#this row")
_PARTS = re.compile(r"\[((?:[^\[\]']|'.)*)\]|([^\[\],:]+)")
_ESCAPED = re.compile(r"'(.)")
_TO_ESCAPE = re.compile(r"([\[\]#'@])")


def read_structured(lexeme: str) -> TableReference:
    """Read one.

    >>> read_structured("Sales[[#Totals],[Net]]").items, read_structured("[@[a b]]").first_column
    (('#Totals',), 'a b')
    """
    opening = lexeme.index("[")
    table = lexeme[:opening] or None
    inside = lexeme[opening + 1 : -1].strip(" ")
    this_row = False
    if inside.startswith("@"):
        this_row = True
        inside = inside[1:].strip(" ")
    items: list[str] = []
    columns: list[str] = []
    if inside.startswith("["):
        # XlsxWriter leaves the brackets of a column off behind an item: [[#This Row],Net].
        for part, bare in _PARTS.findall(inside):
            if part.strip().lower() in _ITEMS:
                items.append(part.strip())
            elif part or bare.strip():
                columns.append(_ESCAPED.sub(r"\1", part or bare.strip()))
    elif inside.lower() in _ITEMS:
        items.append(inside)
    elif inside:
        columns.append(_ESCAPED.sub(r"\1", inside))
    first = columns[0] if columns else None
    last = columns[1] if len(columns) > 1 else None
    return TableReference(table, tuple(items), first, last, this_row, None, lexeme)


def print_structured(reference: TableReference) -> str:
    """Write one.

    >>> print_structured(TableReference("Sales", ("#Totals",), "Net", None))
    'Sales[[#Totals],[Net]]'
    >>> print_structured(TableReference("Sales", (), " Net", None))
    'Sales[[ Net]]'
    """
    table = reference.table or ""
    first, last = reference.first_column, reference.last_column
    columns = "" if first is None else f"[{_escape(first)}]" if last is None else f"[{_escape(first)}]:[{_escape(last)}]"
    if reference.this_row and not reference.items:
        if first is not None and last is None and re.fullmatch(r"[^\W\d]\w*", first):
            return f"{table}[@{first}]"
        return f"{table}[@{columns}]" if columns else f"{table}[@]"
    items = [f"[{item}]" for item in reference.items]
    if not items:
        # A name with spaces at its edges would lose them in single brackets, which may hold some for the reader.
        if first is not None and last is None and first == first.strip():
            return f"{table}[{_escape(first)}]"
        return f"{table}[{columns}]"
    if len(items) == 1 and not columns:
        return f"{table}{items[0]}"
    return f"{table}[{','.join([*items, columns] if columns else items)}]"


def _escape(column: str) -> str:
    return _TO_ESCAPE.sub(r"'\1", column)
