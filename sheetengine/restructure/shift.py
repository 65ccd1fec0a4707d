"""Where cells and references go when lines of a sheet are inserted or deleted, for blocks and families by arithmetic.

In: a `Shift` of one sheet. Out: the cuts at which the members of a block go different ways, places and operands after it, arrays of
them for families. Invariant: between two cuts every corner of every operand moves like an affine map, but for corners whose line was
deleted, which gather at the edge of what is left (`parts` sees to those).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sheetengine.graph.patterns import Indices, Rect
from sheetengine.recalc.blocks import Block
from sheetengine.recalc.book import Book
from sheetengine.syntax.operands import AnyOperand, Corner, Reference
from sheetengine.syntax.shift import Extent, Shift, corners_of, follow, follows


class Shifting:
    """A shift of one sheet of a book (`relocate.Relocation`)."""

    def __init__(self, book: Book, sheet: int, shift: Shift) -> None:
        self.book = book
        self.sheet = sheet
        self.shift = shift
        self.touched = [(sheet, Rect(*shift.zone))]
        """All cells that move, go, or appear."""

    # -- single ones -----------------------------------------------------------------------------------------------

    def names(self, operand: AnyOperand, home: int) -> bool:
        """Whether an operand of a formula on sheet `home` follows cells of the sheet."""
        if not follows(operand):
            return False
        assert type(operand) is Reference
        return (home if operand.sheet is None else self.book.sheet_named(operand.sheet)) == self.sheet

    def operand(self, operand: AnyOperand, home: int, row: int, column: int) -> AnyOperand:
        """The operand afterwards, of a formula that stood at a cell of sheet `home`."""
        return follow(operand, self.shift.area) if self.names(operand, home) else operand

    def cell(self, sheet: int, row: int, column: int) -> tuple[int, int, int] | None:
        """Where a cell goes, None where it is deleted."""
        if sheet != self.sheet:
            return sheet, row, column
        place = self.shift.cell(row, column)
        return None if place is None else (sheet, *place)

    def area(self, sheet: int, extent: Extent) -> tuple[int, Extent] | None:
        """What a reference to a rectangle names afterwards."""
        if sheet != self.sheet:
            return sheet, extent
        after = self.shift.area(extent)
        return None if after is None else (sheet, after)

    def places(self, sheet: int, rect: Rect) -> list[tuple[int, Rect]]:
        """Where the cells of a rectangle are afterwards, what was inserted between them included."""
        if not self.feels(sheet, rect):
            return [(sheet, rect)]
        shift = self.shift
        low, high = max(shift.low, rect.left if shift.rows else rect.top), min(shift.high, rect.right if shift.rows else rect.bottom)
        inside = rect._replace(left=low, right=high) if shift.rows else rect._replace(top=low, bottom=high)
        after = shift.area(inside)
        found = [] if after is None else [(sheet, Rect(*after))]
        first, last = (rect.left, rect.right) if shift.rows else (rect.top, rect.bottom)
        for start, end in ((first, low - 1), (high + 1, last)):
            if start <= end:
                found.append((sheet, rect._replace(left=start, right=end) if shift.rows else rect._replace(top=start, bottom=end)))
        return found

    # -- blocks ----------------------------------------------------------------------------------------------------

    def cuts(self, block: Block) -> tuple[list[int], list[int]]:
        """The rows and columns of a block, counted from its first, before which its members' ways part."""
        shift = self.shift
        along: set[int] = set()
        across: set[int] = set()
        lines = (shift.at, shift.at + shift.gone, shift.size - max(shift.count, 0))
        band = () if shift.whole else (shift.low, shift.high + 1)
        length, breadth = (block.height, block.width) if shift.rows else (block.width, block.height)
        if block.sheet == self.sheet:
            start, side = (block.top, block.left) if shift.rows else (block.left, block.top)
            along.update(line - start for line in lines)
            across.update(line - side for line in band)
        for operand in block.operands:
            if not self.names(operand, block.sheet):
                continue
            assert type(operand) is Reference and operand.first is not None
            ends = [operand.first] if operand.last is None else [operand.first, operand.last]
            own = [line_of(corner, shift.rows) for corner in ends]
            other = [line_of(corner, not shift.rows) for corner in ends]
            if length > 1:
                along.update(crossings(own, lines))
            if breadth > 1:
                across.update(crossings(other, band))
        cutline_of = sorted(cut for cut in along if 0 < cut < length)
        cut_across = sorted(cut for cut in across if 0 < cut < breadth)
        return (cutline_of, cut_across) if shift.rows else (cut_across, cutline_of)

    # -- families --------------------------------------------------------------------------------------------------

    def cells(self, sheet: int, rows: Indices, columns: Indices) -> tuple[Indices, Indices, NDArray[np.bool_], NDArray[np.bool_]]:
        """Where many cells go, which of them are left, and which cannot stay in one family with the others."""
        none = np.zeros(len(rows), bool)
        if sheet != self.sheet:
            return rows, columns, ~none, none
        shift = self.shift
        lines, others = (rows, columns) if shift.rows else (columns, rows)
        moves = (others >= shift.low) & (others <= shift.high) & (lines >= shift.at)
        kept = ~(moves & (lines < shift.at + shift.gone))
        moved = np.where(moves, lines + shift.count, lines)
        kept &= moved < shift.size
        return (moved, columns, kept, none) if shift.rows else (rows, moved, kept, none)

    def corners(self, sheet: int, corners: Indices) -> tuple[Indices, NDArray[np.bool_], NDArray[np.bool_]]:
        """What many rectangles (tops, lefts, bottoms, rights) become, which are left, and whose members leave their family."""
        none = np.zeros(corners.shape[1], bool)
        if sheet != self.sheet:
            return corners, ~none, none
        shift = self.shift
        own, other = ((0, 2), (1, 3)) if shift.rows else ((1, 3), (0, 2))
        lows, highs = corners[own[0]], corners[own[1]]
        last = shift.size - 1
        moves = (corners[other[0]] >= shift.low) & (corners[other[1]] <= shift.high) & ~((lows == 0) & (highs == last))
        end = shift.at + shift.gone
        new_lows = np.where(lows < shift.at, lows, np.where(lows < end, shift.at, lows + shift.count))
        new_highs = np.where(highs < shift.at, highs, np.where(highs < end, shift.at - 1, np.minimum(highs + shift.count, last)))
        after = corners.copy()
        after[own[0]], after[own[1]] = np.where(moves, new_lows, lows), np.where(moves, new_highs, highs)
        return after, (after[own[0]] <= after[own[1]]) & (after[own[0]] <= last), none

    def feels(self, sheet: int, extent: Extent) -> bool:
        """Whether any cell of a rectangle moves, goes or appears."""
        return sheet == self.sheet and meet(extent, self.shift.zone)

    def displacement(self, sheet: int, extent: Extent) -> tuple[int, int] | None:
        """How far all cells of a rectangle go; None where some stay or go off the grid."""
        shift = self.shift
        first, last = (extent[0], extent[2]) if shift.rows else (extent[1], extent[3])
        if sheet != self.sheet or first < shift.at + shift.gone or last + shift.count >= shift.size or not shift.reaches(extent):
            return None
        whole = first == 0 and last == shift.size - 1
        return None if whole else (shift.count, 0) if shift.rows else (0, shift.count)


def line_of(corner: Corner, rows: bool) -> tuple[int | None, bool]:
    """A corner's line and whether it is fixed."""
    return (corner.row, corner.row_absolute) if rows else (corner.column, corner.column_absolute)


def crossings(ends: list[tuple[int | None, bool]], lines: tuple[int, ...]) -> list[int]:
    """The members at which a relative end of a reference reaches a line, or passes the reference's other end."""
    found = [line - place for place, fixed in ends if place is not None and not fixed for line in lines]
    if len(ends) == 2 and ends[0][1] != ends[1][1]:
        (one, fixed), (two, _) = ends
        if one is not None and two is not None:
            meeting = one - two if fixed else two - one
            found += [meeting, meeting + 1]
    return found


def meet(one: Extent, two: Extent) -> bool:
    """Whether two rectangles have a cell in common."""
    return one[0] <= two[2] and one[2] >= two[0] and one[1] <= two[3] and one[3] >= two[1]


__all__ = ["Extent", "Shifting", "corners_of"]
