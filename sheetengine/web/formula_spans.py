"""A formula cut into stretches, its references coloured as Excel colours them.

In: a formula's text and the sheet it stands on. Out: stretches of text, those that name cells with the area they name and the number
of a colour. Invariants: the stretches put together are the text; one area has one colour however often it is named; colours are
numbered in the order of first naming.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sheetengine.errors import FormulaSyntaxError, UnknownReference
from sheetengine.syntax.operands import AnyOperand, Constant, NameReference, Reference
from sheetengine.syntax.printer import print_operand
from sheetengine.syntax.shape import lift
from sheetengine.workbook import Range, Sheet

_FUNCTION = re.compile(r"([^\W\d][\w.]*)(?=\()")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a formula; `kind` is plain, function, number, text, name or reference."""

    text: str
    kind: str = "plain"
    area: Range | None = None
    colour: int = -1

    def plain(self) -> dict[str, object]:
        """As JSON has it."""
        found: dict[str, object] = {"text": self.text, "kind": self.kind}
        if self.area is not None:
            found |= {"area": self.area.address, "colour": self.colour}
        return found


def formula_spans(text: str, sheet: Sheet) -> list[Span]:
    """The stretches of a formula, `=` included; of one that does not parse, the text whole."""
    try:
        shape, operands = lift(text)
    except FormulaSyntaxError:
        return [Span(text)]
    spans = list(_words("=" + shape.parts[0]))
    colours: dict[Range, int] = {}
    for operand, part in zip(operands, shape.parts[1:], strict=True):
        spans.append(_operand(operand, sheet, colours))
        spans += _words(part)
    return spans


def _words(part: str) -> list[Span]:
    return [Span(piece, "function" if place % 2 else "plain") for place, piece in enumerate(_FUNCTION.split(part)) if piece]


def _operand(operand: AnyOperand, sheet: Sheet, colours: dict[Range, int]) -> Span:
    text = print_operand(operand)
    if isinstance(operand, Constant):
        return Span(text, "text" if isinstance(operand.value, str) else "number")
    area = _area(operand, text, sheet)
    kind = "reference" if isinstance(operand, Reference) else "name"
    return Span(text, kind) if area is None else Span(text, kind, area, colours.setdefault(area, len(colours)))


def _area(operand: AnyOperand, text: str, sheet: Sheet) -> Range | None:
    try:
        match operand:
            case Reference(first=None) | Reference(book=str()) | Reference(last_sheet=str()):
                return None
            case Reference(sheet=None):
                return sheet[text]
            case NameReference(sheet=None, book=None):
                return _named(text, sheet)
            case _:
                return sheet.workbook.range(text)
    except UnknownReference:
        return None


def _named(name: str, sheet: Sheet) -> Range:
    try:
        # A sheet's own names come first.
        return sheet[name]
    except UnknownReference:
        return sheet.workbook.range(name)
