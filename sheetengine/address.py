"""Places on the grid: cells and rectangles, 0-based inside, A1 and R1C1 as text.

In: text such as `$B$2`, `A1:C9`, `3:7`, `R[-1]C2`. Out: `Address` and `Range`.
Invariant: every `Address` and `Range` lies on Excel's grid of 1,048,576 rows by 16,384 columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from sheetengine.errors import UnknownReference

MAX_ROWS = 1_048_576
MAX_COLUMNS = 16_384


@lru_cache(maxsize=MAX_COLUMNS)
def column_name(column: int) -> str:
    """The letters of a 0-based column.

    >>> column_name(0), column_name(27), column_name(16383)
    ('A', 'AB', 'XFD')
    """
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@lru_cache(maxsize=MAX_COLUMNS)
def column_index(letters: str) -> int:
    """The 0-based column of its letters, which may lie off the grid (`XFE` is 16384).

    >>> column_index("A"), column_index("xfd")
    (0, 16383)
    """
    index = 0
    for letter in letters.upper():
        index = index * 26 + ord(letter) - 64
    return index - 1


@dataclass(frozen=True, slots=True, order=True)
class Address:
    """One cell of a sheet, 0-based.

    >>> Address.parse("$B$3")
    Address(row=2, column=1)
    >>> str(Address(2, 1))
    'B3'
    """

    row: int
    column: int

    @classmethod
    def parse(cls, text: str) -> Address:
        """Read `B3` or `$B$3`; raises `UnknownReference` for anything else or off the grid."""
        match = _CELL.fullmatch(text.strip())
        if match is None:
            raise UnknownReference(f"{text!r} is not the address of a cell, such as B3")
        row, column = int(match[2]) - 1, column_index(match[1])
        if not (0 <= row < MAX_ROWS and 0 <= column < MAX_COLUMNS):
            raise UnknownReference(f"{text!r} lies off the grid, whose last cell is XFD1048576")
        return cls(row, column)

    def __str__(self) -> str:
        return f"{column_name(self.column)}{self.row + 1}"


@dataclass(frozen=True, slots=True, order=True)
class Range:
    """A rectangle of cells, 0-based, both corners included.

    >>> Range.parse("C9:A1")
    Range(top=0, left=0, bottom=8, right=2)
    >>> str(Range.parse("B:C")), str(Range.parse("3:4")), str(Range.parse("B2"))
    ('B:C', '3:4', 'B2')
    """

    top: int
    left: int
    bottom: int
    right: int

    @classmethod
    def parse(cls, text: str) -> Range:
        """Read `A1`, `A1:C9`, `B:C` or `3:4`, with or without `$`; raises `UnknownReference`."""
        first, colon, last = text.strip().partition(":")
        if colon and (columns := _COLUMN.fullmatch(first)) and (other := _COLUMN.fullmatch(last)):
            left, right = sorted((column_index(columns[1]), column_index(other[1])))
            top, bottom = 0, MAX_ROWS - 1
        elif colon and (rows := _ROW.fullmatch(first)) and (other := _ROW.fullmatch(last)):
            top, bottom = sorted((int(rows[1]) - 1, int(other[1]) - 1))
            left, right = 0, MAX_COLUMNS - 1
        else:
            one = Address.parse(first)
            two = Address.parse(last) if colon else one
            top, bottom = sorted((one.row, two.row))
            left, right = sorted((one.column, two.column))
        if not (top >= 0 and bottom < MAX_ROWS and right < MAX_COLUMNS):
            raise UnknownReference(f"{text!r} lies off the grid, whose last cell is XFD1048576")
        return cls(top, left, bottom, right)

    @property
    def height(self) -> int:
        """Number of rows."""
        return self.bottom - self.top + 1

    @property
    def width(self) -> int:
        """Number of columns."""
        return self.right - self.left + 1

    @property
    def size(self) -> int:
        """Number of cells."""
        return self.height * self.width

    def __contains__(self, cell: Address) -> bool:
        return self.top <= cell.row <= self.bottom and self.left <= cell.column <= self.right

    def intersect(self, other: Range) -> Range | None:
        """The cells both hold, or None."""
        top, left = max(self.top, other.top), max(self.left, other.left)
        bottom, right = min(self.bottom, other.bottom), min(self.right, other.right)
        return Range(top, left, bottom, right) if top <= bottom and left <= right else None

    def cells(self) -> Iterator[Address]:
        """Row by row."""
        for row in range(self.top, self.bottom + 1):
            for column in range(self.left, self.right + 1):
                yield Address(row, column)

    def __str__(self) -> str:
        if self.top == 0 and self.bottom == MAX_ROWS - 1:
            return f"{column_name(self.left)}:{column_name(self.right)}"
        if self.left == 0 and self.right == MAX_COLUMNS - 1:
            return f"{self.top + 1}:{self.bottom + 1}"
        first = f"{column_name(self.left)}{self.top + 1}"
        if self.top == self.bottom and self.left == self.right:
            return first
        return f"{first}:{column_name(self.right)}{self.bottom + 1}"


def quote_sheet(name: str) -> str:
    """A sheet's name as a formula writes it, quoted where it must be.

    >>> quote_sheet("Draw"), quote_sheet("My sheet"), quote_sheet("It's"), quote_sheet("A1")
    ('Draw', "'My sheet'", "'It''s'", "'A1'")
    """
    if _PLAIN_SHEET.fullmatch(name) and not _CELL.fullmatch(name) and not _R1C1_LIKE.fullmatch(name):
        return name
    return "'" + name.replace("'", "''") + "'"


_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6})")
_COLUMN = re.compile(r"\$?([A-Za-z]{1,3})")
_ROW = re.compile(r"\$?([1-9][0-9]{0,6})")
_PLAIN_SHEET = re.compile(r"[^\W\d][\w.]*")
_R1C1_LIKE = re.compile(r"(?i)(R[0-9]*C?[0-9]*|C[0-9]*|TRUE|FALSE)")
