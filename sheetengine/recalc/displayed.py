"""Precision as displayed: what formulas give is kept with the digits that its cell shows.

In: values on their way into cells. Out: the same, numbers rounded by the cells' number formats. Off by default, as in Excel. Source:
Microsoft, "Set rounding precision".
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sheetengine.grid import NUMBER, Grid
from sheetengine.number_format import as_displayed
from sheetengine.recalc.book import Book


class Displayed:
    """Rounds for one workbook, where it is switched on."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self.on = False

    def landed(self, sheet: int, row: int, column: int, value: object) -> object:
        """What a cell gets: a single value, or an array with its first cell there."""
        if type(value) is float:
            return as_displayed(value, self._book.format_of(sheet, row, column))
        return self.table(sheet, row, column, value) if isinstance(value, Grid) else value

    def flat(self, sheet: int, rows: NDArray[np.int64], columns: NDArray[np.int64], values: Grid) -> Grid:
        """Many cells' values."""
        book = self._book
        formats = book.sheets[sheet].formats.gather(rows, columns)
        shown = np.where(formats.kind_plane() == NUMBER, formats.numbers, 0.0).astype(np.int64)
        chosen = np.flatnonzero((shown != 0) & (values.kind_plane() == NUMBER))
        if not len(chosen):
            return values
        numbers = np.array(values.numbers)
        patterns = [book.formats[number] for number in shown[chosen].tolist()]
        numbers[chosen] = [as_displayed(number, pattern) for number, pattern in zip(numbers[chosen].tolist(), patterns, strict=True)]
        return Grid(numbers, values.kinds, values.texts)

    def table(self, sheet: int, row: int, column: int, values: Grid) -> Grid:
        """An array's values, with its first cell at a place."""
        height, width = values.shape
        rows = np.repeat(np.arange(row, row + height), width)
        columns = np.tile(np.arange(column, column + width), height)
        return self.flat(sheet, rows, columns, values.reshape((values.size,))).reshape(values.shape)
