"""References that follow their cells: what inserting, deleting and moving make of an operand.

In: an operand, and where the cells it may name go. Out: the operand that names them there, or `#REF!` where none is left.
Invariants: absolute and relative parts go alike; what is whole (`A:A`, `3:3`) stays whole along its own axis; a reference to
several sheets, or to another workbook, follows nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from sheetengine.address import MAX_COLUMNS, MAX_ROWS
from sheetengine.syntax.operands import AnyOperand, Corner, Reference

Extent = tuple[int, int, int, int]
"""Top, left, bottom, right; both ends included."""


class Shift(NamedTuple):
    """Lines of one sheet inserted or deleted within a band: `count` of them come before line `at`, or -count go from `at` on.

    `rows` says whether lines are rows. The band is `low` to `high` of the other axis: all of it for whole rows and columns.
    """

    rows: bool
    at: int
    count: int  # type: ignore[assignment]  # tuple.count, which nobody asks a shift
    low: int
    high: int

    @property
    def size(self) -> int:
        """Lines of the grid."""
        return MAX_ROWS if self.rows else MAX_COLUMNS

    @property
    def whole(self) -> bool:
        """Whether it moves whole rows or columns."""
        return self.low == 0 and self.high == (MAX_COLUMNS if self.rows else MAX_ROWS) - 1

    @property
    def gone(self) -> int:
        """How many lines are deleted."""
        return max(-self.count, 0)

    @property
    def inverse(self) -> Shift:
        """What takes the lines back."""
        return self._replace(count=-self.count)

    @property
    def zone(self) -> Extent:
        """All cells that move or go."""
        return self.extent(self.at, self.size - 1)

    def extent(self, first: int, last: int) -> Extent:
        """Some lines of the band as a rectangle."""
        return (first, self.low, last, self.high) if self.rows else (self.low, first, self.high, last)

    def line(self, line: int) -> int | None:
        """Where a line goes; None where it is deleted or pushed off the grid.

        >>> Shift(True, 3, -2, 0, 16383).line(4), Shift(True, 3, -2, 0, 16383).line(5)
        (None, 3)
        """
        if line < self.at:
            return line
        if line < self.at + self.gone:
            return None
        moved = line + self.count
        return moved if moved < self.size else None

    def interval(self, low: int, high: int) -> tuple[int, int] | None:
        """What becomes of the lines `low` to `high`: they grow and shrink with what lies between their ends.

        >>> rows = Shift(True, 3, 2, 0, 16383)
        >>> rows.interval(0, 3), rows.interval(0, 2), rows.inverse.interval(2, 9), rows.inverse.interval(3, 4)
        ((0, 5), (0, 2), (2, 7), None)
        """
        last = self.size - 1
        if low == 0 and high == last:
            return low, high
        end = self.at + self.gone
        if low >= self.at:
            low = self.at if low < end else low + self.count
        if high >= self.at:
            high = self.at - 1 if high < end else min(high + self.count, last)
        return (low, high) if low <= high and low <= last else None

    def reaches(self, extent: Extent) -> bool:
        """Whether a rectangle lies within the band, so that it follows as one."""
        top, left, bottom, right = extent
        return (self.low <= left and right <= self.high) if self.rows else (self.low <= top and bottom <= self.high)

    def area(self, extent: Extent) -> Extent | None:
        """What becomes of a rectangle; one that the band holds only in part stays where it is."""
        if not self.reaches(extent):
            return extent
        top, left, bottom, right = extent
        if self.rows:
            lines = self.interval(top, bottom)
            return None if lines is None else (lines[0], left, lines[1], right)
        lines = self.interval(left, right)
        return None if lines is None else (top, lines[0], bottom, lines[1])

    def cell(self, row: int, column: int) -> tuple[int, int] | None:
        """Where a cell goes."""
        if self.rows:
            if not self.low <= column <= self.high:
                return row, column
            line = self.line(row)
            return None if line is None else (line, column)
        if not self.low <= row <= self.high:
            return row, column
        line = self.line(column)
        return None if line is None else (row, line)

    def pieces(self, extent: Extent) -> list[Extent]:
        """The cells of a rectangle afterwards, as rectangles: one that the band holds in part is cut along it.

        >>> Shift(True, 3, 1, 1, 1).pieces((0, 0, 8, 2))
        [(0, 0, 8, 0), (0, 1, 9, 1), (0, 2, 8, 2)]
        """
        top, left, bottom, right = extent
        first, last, end = (left, right, bottom) if self.rows else (top, bottom, right)
        if end < self.at or last < self.low or self.high < first:
            return [extent]
        cuts = [first, *(line for line in (self.low, self.high + 1) if first < line <= last), last + 1]
        parts = [(top, low, bottom, high - 1) if self.rows else (low, left, high - 1, right) for low, high in pairwise(cuts)]
        return [moved for part in parts if (moved := self.area(part)) is not None]

    def cuts(self, low: int, high: int) -> list[int]:
        """The lines at which the way of a line changes."""
        return [line for line in (self.at, self.at + self.gone, self.size - max(self.count, 0)) if low < line <= high]


def corners_of(reference: Reference) -> Extent:
    """The rectangle of a reference that names cells."""
    first = reference.first
    assert first is not None
    last = reference.last or first
    top, bottom = (0, MAX_ROWS - 1) if first.row is None or last.row is None else (first.row, last.row)
    left, right = (0, MAX_COLUMNS - 1) if first.column is None or last.column is None else (first.column, last.column)
    return min(top, bottom), min(left, right), max(top, bottom), max(left, right)


def follows(operand: AnyOperand) -> bool:
    """Whether an operand names cells of one sheet of this workbook, so that it follows them."""
    return type(operand) is Reference and operand.first is not None and operand.book is None and operand.last_sheet is None


def at_extent(reference: Reference, extent: Extent | None) -> Reference:
    """The reference with its corners at another rectangle, in its own spelling of `$`; `None`: what it named is gone.

    >>> from sheetengine.syntax.printer import print_operand
    >>> print_operand(at_extent(Reference(Corner(4, 0, True), Corner(1, 1)), (2, 0, 9, 1)))
    'A$10:B3'
    """
    first, last = reference.first, reference.last
    assert first is not None
    if extent is None:
        return replace(reference, first=None, last=None)
    top, left, bottom, right = extent
    if last is None:
        if top != bottom or left != right:
            raise AssertionError("a cell became a range")
        return replace(reference, first=_at(first, top, left))
    if first.row is not None and last.row is not None and first.row > last.row:
        top, bottom = bottom, top
    if first.column is not None and last.column is not None and first.column > last.column:
        left, right = right, left
    return replace(reference, first=_at(first, top, left), last=_at(last, bottom, right))


def _at(corner: Corner, row: int, column: int) -> Corner:
    return Corner(
        None if corner.row is None else row, None if corner.column is None else column, corner.row_absolute, corner.column_absolute
    )


def follow(operand: AnyOperand, area: Callable[[Extent], Extent | None]) -> AnyOperand:
    """An operand after its cells have gone where `area` says.

    >>> from sheetengine.syntax.printer import print_operand
    >>> from sheetengine.syntax.shape import lift
    >>> print_operand(follow(lift("=A$1:$B9")[1][0], Shift(True, 4, 3, 0, 16383).area))
    'A$1:$B12'
    """
    if not follows(operand):
        return operand
    assert type(operand) is Reference
    before = corners_of(operand)
    after = area(before)
    return operand if after == before else at_extent(operand, after)


def keep_relative(old: AnyOperand, new: AnyOperand) -> AnyOperand:
    """Of a moved operand of a defined name what its absolute parts say: its relative parts are distances, and stay as they are.

    >>> from sheetengine.syntax.printer import print_operand
    >>> from sheetengine.syntax.shape import lift
    >>> print_operand(keep_relative(lift("=A$1:$B9")[1][0], lift("=A$4:$B12")[1][0]))
    'A$4:$B9'
    """
    assert type(old) is Reference and type(new) is Reference and old.first is not None
    first, last = old.first, old.last
    fixed = [corner for corner in (first, last) if corner is not None]
    if all((c.row is None or c.row_absolute) and (c.column is None or c.column_absolute) for c in fixed):
        return new
    if new.first is None or new.sheet != old.sheet:
        return old
    end = None if last is None or new.last is None else _absolute_parts(last, new.last)
    return replace(old, first=_absolute_parts(first, new.first), last=end)


def _absolute_parts(old: Corner, new: Corner) -> Corner:
    return Corner(
        new.row if old.row_absolute else old.row, new.column if old.column_absolute else old.column, old.row_absolute, old.column_absolute
    )
