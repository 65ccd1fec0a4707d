"""Formulas seen from their cell: what a fill repeats.

In: operands and the cell they stand at. Out: keys that are equal for all cells of a fill, operands for another cell of
it, and the text that a fill predicts, so that a file's filled formulas need not be lifted one by one.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from sheetengine.address import MAX_COLUMNS, MAX_ROWS, column_name
from sheetengine.syntax.operands import COLONS, AnyOperand, Corner, Reference
from sheetengine.syntax.printer import print_operand, print_prefix
from sheetengine.syntax.shape import Shape


def relative_key(operand: AnyOperand, row: int, column: int) -> Hashable:
    """An operand as seen from a cell: relative parts as distances.

    >>> from sheetengine.syntax.shape import lift
    >>> relative_key(lift("=A1")[1][0], 0, 1) == relative_key(lift("=A2")[1][0], 1, 1)
    True
    """
    if type(operand) is not Reference or operand.first is None:
        return operand
    ends = tuple(
        None
        if corner is None
        else (
            corner.row if corner.row is None or corner.row_absolute else corner.row - row,
            corner.column if corner.column is None or corner.column_absolute else corner.column - column,
            corner.row_absolute,
            corner.column_absolute,
        )
        for corner in (operand.first, operand.last)
    )
    return (ends, operand.sheet, operand.last_sheet, operand.book, operand.trim)


def fill(operand: AnyOperand, down: int, right: int) -> AnyOperand:
    """An operand copied to another cell: relative parts move; off the grid it becomes `#REF!`.

    >>> from sheetengine.syntax.shape import lift
    >>> print_operand(fill(lift("=A$1:B2")[1][0], 1, 2))
    'C$1:D3'
    """
    if type(operand) is not Reference or operand.first is None or (down == 0 and right == 0):
        return operand
    first = _moved(operand.first, down, right)
    last = None if operand.last is None else _moved(operand.last, down, right)
    if first is None or (last is None and operand.last is not None):
        return Reference(None, None, operand.sheet, operand.last_sheet, operand.book)
    return Reference(first, last, operand.sheet, operand.last_sheet, operand.book, operand.trim)


def _moved(corner: Corner, down: int, right: int) -> Corner | None:
    row, column = corner.row, corner.column
    if row is not None and not corner.row_absolute:
        row += down
        if not 0 <= row < MAX_ROWS:
            return None
    if column is not None and not corner.column_absolute:
        column += right
        if not 0 <= column < MAX_COLUMNS:
            return None
    return Corner(row, column, corner.row_absolute, corner.column_absolute)


class ColumnPredictor:
    """The text of a formula filled down its column, by the row where it stands."""

    __slots__ = ("_offsets", "_template")

    def __init__(self, template: str, offsets: Sequence[int]) -> None:
        self._template = template
        self._offsets = tuple(offsets)

    def __call__(self, row: int) -> str:
        """The text at one row."""
        offsets = self._offsets
        if len(offsets) == 1:
            return self._template % (row + offsets[0])
        if len(offsets) == 2:
            return self._template % (row + offsets[0], row + offsets[1])
        return self._template % tuple([row + offset for offset in offsets])

    def many(self, first: int, end: int) -> list[str]:
        """The texts of all rows from the first up to, but without, the end."""
        if not self._offsets:
            return [self._template % ()] * (end - first)
        return list(map(self._template.__mod__, zip(*[range(first + offset, end + offset) for offset in self._offsets], strict=True)))


def column_predictor(shape: Shape, operands: Sequence[AnyOperand], row: int, parts: Sequence[str] | None = None) -> ColumnPredictor:
    """The text (without `=`) that a formula at `row` has when it is filled down its column to another row.

    `parts` stand for the shape's own where the text is to be in another form, as files have it.

    >>> from sheetengine.syntax.shape import lift
    >>> column_predictor(*lift("=A1*2+$B$1"), 0)(9)
    'A10*2+$B$1'
    """
    parts = shape.parts if parts is None else parts
    pieces = [_escape(parts[0])]
    offsets: list[int] = []
    for operand, part in zip(operands, parts[1:], strict=True):
        if type(operand) is Reference and operand.first is not None:
            pieces.append(_escape(print_prefix(operand.sheet, operand.last_sheet, operand.book)))
            for corner, colon in ((operand.first, ""), (operand.last, COLONS[operand.trim])):
                if corner is None:
                    continue
                column = "" if corner.column is None else ("$" if corner.column_absolute else "") + column_name(corner.column)
                pieces.append(colon + column)
                if corner.row is None:
                    continue
                if corner.row_absolute:
                    pieces.append(f"${corner.row + 1}")
                else:
                    pieces.append("%d")
                    offsets.append(corner.row + 1 - row)
        else:
            pieces.append(_escape(print_operand(operand)))
        pieces.append(_escape(part))
    template = "".join(pieces)
    return ColumnPredictor(template, offsets)


def _escape(text: str) -> str:
    return text.replace("%", "%%")
