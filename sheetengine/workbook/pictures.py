"""Ranges and sheets as pictures: bounded, whatever their size.

In: a range. Out: a `GridPicture` for `display` to draw. Invariant: at most `MOST_ROWS` x `MOST_COLUMNS` cells are read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheetengine.address import Range as Rectangle, column_name
from sheetengine.display.grids import CellPicture, GridPicture
from sheetengine.workbook.showing import shown_cells

if TYPE_CHECKING:
    from sheetengine.workbook.ranges import Range

MOST_ROWS, MOST_COLUMNS = 60, 40
_WIDTH, _CHARACTER, _ROOM = 72.0, 7.0, 5.0


def picture_of(cells: Range) -> GridPicture:
    """What of a range fits into a picture; whole columns and rows are cut to what is used."""
    sheet = cells.sheet
    height, width = cells.shape
    top, left = cells.row - 1, cells.column - 1
    used = sheet.used_range
    below = 0 if used is None else used.row + used.shape[0] - 1
    beside = 0 if used is None else used.column + used.shape[1] - 1
    # Of a range that reaches to the end of the sheet, what lies beyond the last cell in use is not "left out": it is nothing.
    if height > MOST_ROWS:
        height = max(1, min(height, below - top))
    if width > MOST_COLUMNS:
        width = max(1, min(width, beside - left))
    shown_height, shown_width = min(height, MOST_ROWS), min(width, MOST_COLUMNS)
    part = sheet[str(Rectangle(top, left, top + shown_height - 1, left + shown_width - 1))]
    looks = sheet.looks
    formulas = part.formulas
    rows = tuple(
        tuple(CellPicture(one.text, one.kind, formula, one.fill, one.bar) for one, formula in zip(line, line_formulas, strict=True))
        for line, line_formulas in zip(shown_cells(part, looks), formulas, strict=True)
    )
    columns = range(left, left + shown_width)
    widths = tuple(max(6.0, looks.widths[column] * _CHARACTER + _ROOM) if column in looks.widths else _WIDTH for column in columns)
    return GridPicture(
        cells.address,
        tuple(map(column_name, columns)),
        widths,
        tuple(str(row + 1) for row in range(top, top + shown_height)),
        rows,
        (height - shown_height, width - shown_width),
    )
