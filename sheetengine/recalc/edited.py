"""Cells edited since the last round, each packed into one whole number.

In: sheet, row and column of an edit. Out: the edited cells sheet by sheet, each once, row by row. A hundred thousand of them are an array
of numbers that numpy takes as it is, where so many tuples would take longer to look at than the round they begin.
"""

from __future__ import annotations

from array import array
from typing import TypeAlias

import numpy as np

from sheetengine.graph.patterns import Indices, distinct

Cell = tuple[int, int, int]
"""Sheet, row and column."""
Edited: TypeAlias = "array[int]"
"""Packed cells, in the order of the edits."""

_SHEET, _ROW = 34, 14
_LINE = ~(0xFFFFF << _ROW)
"""What is left of a packed cell without its row."""


def edited_cells() -> Edited:
    """None yet."""
    return array("q")


def pack(sheet: int, row: int, column: int) -> int:
    """A cell as one number; cells of a sheet come in the order of rows, then columns.

    >>> unpack(pack(2, 1048575, 16383))
    (2, 1048575, 16383)
    """
    return sheet << _SHEET | row << _ROW | column


def unpack(key: int) -> Cell:
    """The cell of a number."""
    return key >> _SHEET, (key >> _ROW) & 0xFFFFF, key & 0x3FFF


def grouped(edited: Edited) -> list[tuple[int, Indices, Indices]]:
    """The rows and columns of edited cells by sheet, each cell once, row by row.

    >>> [(sheet, rows.tolist(), columns.tolist()) for sheet, rows, columns in grouped(array("q", [pack(1, 5, 0), pack(1, 2, 3), pack(1, 5, 0)]))]
    [(1, [2, 5], [3, 0])]
    """
    if len(edited) == 0:
        return []
    keys = np.frombuffer(edited, np.int64)
    lines = keys & _LINE
    if lines.min() == lines.max():
        # One column: to mark its rows takes a tenth of the time of sorting them.
        rows = (keys ^ lines[0]) >> _ROW
        first, last = int(rows.min()), int(rows.max())
        if last - first < 64 * len(rows):
            marks = np.zeros(last - first + 1, bool)
            marks[rows - first] = True
            rows = np.flatnonzero(marks)
            rows += first
            sheet, _, column = unpack(edited[0])
            return [(sheet, rows, np.full(len(rows), column))]
    keys = distinct(keys)
    sheets, rows, columns = keys >> _SHEET, (keys >> _ROW) & 0xFFFFF, keys & 0x3FFF
    if sheets[0] == sheets[-1]:
        return [(int(sheets[0]), rows, columns)]
    return [(sheet, rows[sheets == sheet], columns[sheets == sheet]) for sheet in distinct(sheets).tolist()]


__all__ = ["Cell", "Edited", "edited_cells", "grouped", "pack", "unpack"]
