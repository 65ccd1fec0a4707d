"""Everything about one cell: what the panel beside the grid shows.

In: a cell and the history of its workbook. Out: plain values for JSON. Invariant: bounded, whatever the cell reads and whoever reads it.
"""

from __future__ import annotations

from typing import Any

from sheetengine.values import CellError
from sheetengine.web.formula_spans import formula_spans
from sheetengine.web.history import History
from sheetengine.workbook import Range

_MOST_AREAS = 200


def inspect(cell: Range, history: History) -> dict[str, Any]:
    """A cell's formula, value, format, precedents, dependents, and why it was last computed."""
    formula, value = cell.formula, cell.value
    spans = [] if formula is None else formula_spans(formula, cell.sheet)
    colours = {span.area.address: span.colour for span in spans if span.area is not None}
    dependents = cell.dependents()
    spill = cell.spill
    return {
        "cell": cell.address,
        "sheet": cell.sheet.id,
        "row": cell.row - 1,
        "column": cell.column - 1,
        "formula": [span.plain() for span in spans],
        "edit": formula if formula is not None else typed_form(value, cell),
        "value": plain(value),
        "text": cell.text,
        "kind": kind_of(value),
        "format": cell.number_format,
        "precedents": [place(area) | {"colour": colours.get(area.address, -1)} for area in cell.precedents()[:_MOST_AREAS]],
        "dependents": [place(area) for area in dependents[:_MOST_AREAS]],
        "dependent_cells": sum(len(area) for area in dependents),
        "spill": None if spill is None else place(spill),
        "error": {"message": value.message, "origin": value.origin} if isinstance(value, CellError) else None,
        "why": history.why(cell),
    }


def place(area: Range) -> dict[str, Any]:
    """An area as the page outlines it."""
    height, width = area.shape
    return {
        "area": area.address,
        "sheet": area.sheet.id,
        "rect": [area.row - 1, area.column - 1, area.row - 2 + height, area.column - 2 + width],
    }


def plain(value: object) -> object:
    """A value as JSON has it; an error is its code."""
    return str(value) if isinstance(value, CellError) else value


def kind_of(value: object) -> str:
    """What a value is: blank, number, text, boolean or error."""
    match value:
        case None:
            return "blank"
        case bool():
            return "boolean"
        case float():
            return "number"
        case str():
            return "text"
    return "error"


def typed_form(value: object, cell: Range) -> str:
    """A constant as one would type it into the cell: what F2 shows."""
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case float():
            return cell.text if cell.is_date else repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value)
