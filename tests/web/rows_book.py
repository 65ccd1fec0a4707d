"""A workbook of a million rows, made in memory: a file of that size takes longer to open than a test may."""

from __future__ import annotations

import numpy as np

import sheetengine

ROWS = 1_000_000


def book_of_a_million_rows() -> sheetengine.Workbook:
    """A: 1, 2, 3 …; B: twice A; D1: the sum of B."""
    book = sheetengine.Workbook()
    sheet = book["Sheet1"]
    sheet[f"A1:A{ROWS}"] = np.arange(1.0, ROWS + 1).reshape(-1, 1)
    sheet[f"B1:B{ROWS}"] = "=A1*2"
    sheet["D1"] = f"=SUM(B1:B{ROWS})"
    return book
