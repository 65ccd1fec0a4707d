"""R1C1: references by row and column, relative ones as distances from the formula's cell.

In: a formula or a reference in one notation, and the cell it stands at (0-based). Out: the same in the other. Invariants: what is
no reference (texts, names, functions, structured references) stays as it is written; a distance that leads off the grid gives
`#REF!`, as a fill does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from sheetengine.address import MAX_COLUMNS, MAX_ROWS, column_name
from sheetengine.syntax.operands import COLONS, AnyOperand, Corner, Reference
from sheetengine.syntax.printer import print_operand, print_prefix
from sheetengine.syntax.shape import ERROR, Shape

_ROW = r"[Rr](?:\[([+-]?[0-9]{1,7})\]|([0-9]{1,7}))?"
_COLUMN = r"[Cc](?:\[([+-]?[0-9]{1,7})\]|([0-9]{1,7}))?"
_CORNER = rf"(?:{_ROW}{_COLUMN}|{_ROW}|{_COLUMN})"
_ONE = re.compile(_CORNER)
_NESTED = r"\[(?:[^\[\]']|'.|\[(?:[^\[\]']|'.)*\])*\]"
_STRETCH = re.compile(
    r'"(?:[^"]|"")*"'  # a text
    r"|'(?:[^']|'')*'"  # a sheet's name
    r'|\{(?:"(?:[^"]|"")*"|[^{}"])*\}'  # an array
    rf"|{ERROR}|#REF!"
    rf"|(?P<first>{_CORNER})(?::(?P<last>{_CORNER}))?(?![\w.\\?(\[!])"
    rf"|[\w.\\?$]+(?:{_NESTED})?"  # a name, a function, a number, a table
    rf"|{_NESTED}"
)


def a1_from_r1c1(text: str, row: int, column: int) -> str:
    """A formula, or a reference alone, with its R1C1 references in A1.

    >>> a1_from_r1c1("=R[-1]C*2+SUM(R1C1:RC[-1])", 4, 3)
    '=D4*2+SUM($A$1:C5)'
    >>> a1_from_r1c1("'My sheet'!R2", 0, 0), a1_from_r1c1("C[1]:C3", 0, 0), a1_from_r1c1("R[-1]C", 0, 0)
    ("'My sheet'!$2:$2", 'B:$C', '#REF!')
    """

    def in_a1(match: re.Match[str]) -> str:
        first = match["first"]
        return match[0] if first is None else _range_in_a1(first, match["last"], row, column)

    return _STRETCH.sub(in_a1, text)


def _range_in_a1(first: str, last: str | None, row: int, column: int) -> str:
    one = _corner(first, row, column)
    two = one if last is None else _corner(last, row, column)
    if one is None or two is None:
        return "#REF!"
    if (one[0] is None, one[1] is None) != (two[0] is None, two[1] is None):
        # A row and a column, say: two references with a colon between.
        return f"{_range_in_a1(first, None, row, column)}:{_range_in_a1(last or first, None, row, column)}"
    whole = one[0] is None or one[1] is None
    begin, end = (f"{corner[1] or ''}{corner[0] or ''}" for corner in (one, two))
    return begin if last is None and not whole else f"{begin}:{end}"


def _corner(text: str, row: int, column: int) -> tuple[str | None, str | None] | None:
    """A corner's row and column as A1 writes them, None for what it leaves out; None where it lies off the grid."""
    match = _ONE.fullmatch(text)
    assert match is not None
    groups = match.groups()
    has_row, has_column = text[0] in "Rr", "c" in text.lower()
    step, number = groups[0] or groups[4], groups[1] or groups[5]
    aside, place = groups[2] or groups[6], groups[3] or groups[7]
    down = _axis(step, number, row, MAX_ROWS) if has_row else 0
    right = _axis(aside, place, column, MAX_COLUMNS) if has_column else 0
    if down is None or right is None:
        return None
    return (
        f"{'$' if number else ''}{down + 1}" if has_row else None,
        f"{'$' if place else ''}{column_name(right)}" if has_column else None,
    )


def _axis(step: str | None, number: str | None, own: int, count: int) -> int | None:
    place = int(number) - 1 if number else own + int(step or 0)
    return place if 0 <= place < count else None


def print_r1c1(shape: Shape, operands: Sequence[AnyOperand], row: int, column: int) -> str:
    """The text of a formula with its leading `=`, references in R1C1.

    >>> from sheetengine.syntax.shape import lift
    >>> print_r1c1(*lift("=D4*2+SUM($A$1:C5)+Data!3:3"), 4, 3)
    '=R[-1]C*2+SUM(R1C1:RC[-1])+Data!R[-2]'
    """
    pieces = ["=", shape.parts[0]]
    for operand, part in zip(operands, shape.parts[1:], strict=True):
        pieces.append(_reference_in_r1c1(operand, row, column) if type(operand) is Reference else print_operand(operand))
        pieces.append(part)
    return "".join(pieces)


def _reference_in_r1c1(reference: Reference, row: int, column: int) -> str:
    prefix = print_prefix(reference.sheet, reference.last_sheet, reference.book)
    if reference.first is None:
        return prefix + "#REF!"
    first = _corner_in_r1c1(reference.first, row, column)
    if reference.last is None:
        return prefix + first
    last = _corner_in_r1c1(reference.last, row, column)
    whole = reference.first.row is None or reference.first.column is None
    return prefix + (first if whole and first == last and not reference.trim else f"{first}{COLONS[reference.trim]}{last}")


def _corner_in_r1c1(corner: Corner, row: int, column: int) -> str:
    return _part("R", corner.row, corner.row_absolute, row) + _part("C", corner.column, corner.column_absolute, column)


def _part(letter: str, place: int | None, absolute: bool, own: int) -> str:
    if place is None:
        return ""
    if absolute:
        return f"{letter}{place + 1}"
    return letter if place == own else f"{letter}[{place - own}]"
