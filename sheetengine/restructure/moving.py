"""Where cells and references go when a rectangle is cut and pasted, on its own sheet or on another.

In: the rectangle and its new place. Out: the questions of `parts.Relocation`, for single cells, blocks and families. As in Excel:
references to cells that move follow them, those to cells that are overwritten become `#REF!`, and a range one of whose edges is moved
along it grows or shrinks with that edge. A formula that moves reads what it read.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sheetengine.graph.patterns import Indices, Rect
from sheetengine.recalc.blocks import Block
from sheetengine.recalc.book import Book
from sheetengine.restructure.shift import crossings, line_of, meet
from sheetengine.syntax.move import Move
from sheetengine.syntax.operands import AnyOperand, Reference
from sheetengine.syntax.shift import Extent, at_extent, corners_of, follows


class Moving:
    """A move of cells of a book."""

    def __init__(self, book: Book, sheet: int, source: Rect, target_sheet: int, top: int, left: int) -> None:
        self.book = book
        self.sheet, self.source = sheet, source
        self.down, self.right = top - source.top, left - source.left
        self.target_sheet = target_sheet
        self.target = Rect(top, left, source.bottom + self.down, source.right + self.right)
        self.touched = [(sheet, source), (target_sheet, self.target)]

    @property
    def inverse(self) -> Moving:
        """The way back."""
        return Moving(self.book, self.target_sheet, self.target, self.sheet, self.source.top, self.source.left)

    # -- single ones -----------------------------------------------------------------------------------------------

    def _sheet_of(self, operand: Reference, home: int) -> int | None:
        return home if operand.sheet is None else self.book.sheet_named(operand.sheet)

    def names(self, operand: AnyOperand, home: int) -> bool:
        """Whether an operand names cells of a sheet where something moves."""
        return type(operand) is Reference and follows(operand) and self._sheet_of(operand, home) in (self.sheet, self.target_sheet)

    def operand(self, operand: AnyOperand, home: int, row: int, column: int) -> AnyOperand:
        """The operand afterwards, of a formula that stood at a cell of sheet `home`."""
        if not follows(operand):
            return operand
        assert type(operand) is Reference
        sheet = self._sheet_of(operand, home)
        if sheet is None:
            return operand
        place = self.cell(home, row, column)
        new_home = home if place is None else place[0]
        before = corners_of(operand)
        after = self.area(sheet, before)
        if after is None:
            return at_extent(operand, None)
        new_sheet, extent = after
        moved = operand if extent == before else at_extent(operand, extent)
        if (operand.sheet is None and new_sheet != new_home) or (operand.sheet is not None and new_sheet != sheet):
            return replace(moved, sheet=self.book.sheets[new_sheet].name)
        return moved

    def cell(self, sheet: int, row: int, column: int) -> tuple[int, int, int] | None:
        """Where a cell goes, None where it is overwritten."""
        if sheet == self.sheet and _inside((row, column, row, column), self.source):
            return self.target_sheet, row + self.down, column + self.right
        if sheet == self.target_sheet and _inside((row, column, row, column), self.target):
            return None
        return sheet, row, column

    def area(self, sheet: int, extent: Extent) -> tuple[int, Extent] | None:
        """What a reference to a rectangle names afterwards."""
        if sheet == self.sheet:
            if _inside(extent, self.source):
                top, left, bottom, right = extent
                return self.target_sheet, (top + self.down, left + self.right, bottom + self.down, right + self.right)
            if self.sheet == self.target_sheet:
                extent = Move(self.source, self.down, self.right).edges(extent)
        if sheet == self.target_sheet and _inside(extent, self.target):
            return None
        return sheet, extent

    def places(self, sheet: int, rect: Rect) -> list[tuple[int, Rect]]:
        """Where the cells of a rectangle are afterwards, with those that they left."""
        found = [(sheet, rect)]
        source = self.source
        top, left = max(rect.top, source.top), max(rect.left, source.left)
        bottom, right = min(rect.bottom, source.bottom), min(rect.right, source.right)
        if sheet == self.sheet and top <= bottom and left <= right:
            found.append((self.target_sheet, Rect(top + self.down, left + self.right, bottom + self.down, right + self.right)))
        return found

    # -- blocks ----------------------------------------------------------------------------------------------------

    def cuts(self, block: Block) -> tuple[list[int], list[int]]:
        """The rows and columns of a block, counted from its first, before which its members' ways part."""
        rows: set[int] = set()
        columns: set[int] = set()
        source, target = self.source, self.target
        lines = (source.top, source.bottom + 1, target.top, target.bottom + 1)
        sides = (source.left, source.right + 1, target.left, target.right + 1)
        if block.sheet in (self.sheet, self.target_sheet):
            rows.update(line - block.top for line in lines)
            columns.update(side - block.left for side in sides)
        for operand in block.operands:
            if not self.names(operand, block.sheet):
                continue
            assert type(operand) is Reference and operand.first is not None
            ends = [operand.first] if operand.last is None else [operand.first, operand.last]
            for found, own, along, span in (
                (rows, lines, True, (source.top, source.bottom, self.down)),
                (columns, sides, False, (source.left, source.right, self.right)),
            ):
                corners = [line_of(corner, along) for corner in ends]
                found.update(crossings(corners, own))
                if len(corners) == 2 and span[2]:
                    # An edge that would pass the other one stays: the cells from which on it does.
                    (one, one_fixed), (two, two_fixed) = corners
                    if one is not None and two is not None and one_fixed != two_fixed:
                        for step in (span[2], -span[2]):
                            meeting = (one - two if one_fixed else two - one) + step
                            found.update((meeting, meeting + 1))
        return (
            sorted(cut for cut in rows if 0 < cut < block.height),
            sorted(cut for cut in columns if 0 < cut < block.width),
        )

    # -- families --------------------------------------------------------------------------------------------------

    def cells(self, sheet: int, rows: Indices, columns: Indices) -> tuple[Indices, Indices, NDArray[np.bool_], NDArray[np.bool_]]:
        """Where many cells go, which are left, and which of these cannot stay in one family with the others."""
        inside = (sheet == self.sheet) & _all_inside((rows, columns, rows, columns), self.source)
        over = (sheet == self.target_sheet) & _all_inside((rows, columns, rows, columns), self.target) & ~inside
        away = inside if self.sheet != self.target_sheet else np.zeros(len(rows), bool)
        return np.where(inside, rows + self.down, rows), np.where(inside, columns + self.right, columns), ~over, away

    def corners(self, sheet: int, corners: Indices) -> tuple[Indices, NDArray[np.bool_], NDArray[np.bool_]]:
        """What many rectangles become; those that are more than moved leave their family."""
        one = (corners[0], corners[1], corners[2], corners[3])
        none = np.zeros(corners.shape[1], bool)
        inside = _all_inside(one, self.source) if sheet == self.sheet else none
        meets = none.copy()
        for own, rect in self.touched:
            if own == sheet:
                meets |= (one[0] <= rect.bottom) & (one[2] >= rect.top) & (one[1] <= rect.right) & (one[3] >= rect.left)
        after = corners.copy()
        if self.sheet == self.target_sheet:
            after[0::2] += np.where(inside, self.down, 0)
            after[1::2] += np.where(inside, self.right, 0)
            return after, np.ones(corners.shape[1], bool), meets & ~inside
        return after, np.ones(corners.shape[1], bool), meets

    def feels(self, sheet: int, extent: Extent) -> bool:
        """Whether any cell of a rectangle moves or is overwritten."""
        return any(own == sheet and meet(extent, rect) for own, rect in self.touched)

    def displacement(self, sheet: int, extent: Extent) -> tuple[int, int] | None:
        """How far all cells of a rectangle go; None where some stay, and where they change their sheet, which their texts then name."""
        if self.sheet != self.target_sheet or sheet != self.sheet or not _inside(extent, self.source):
            return None
        return self.down, self.right


def _inside(extent: Extent, rect: Rect) -> bool:
    return rect.top <= extent[0] and rect.left <= extent[1] and extent[2] <= rect.bottom and extent[3] <= rect.right


def _all_inside(extents: tuple[Indices, Indices, Indices, Indices], rect: Rect) -> NDArray[np.bool_]:
    tops, lefts, bottoms, rights = extents
    found: NDArray[np.bool_] = (tops >= rect.top) & (lefts >= rect.left) & (bottoms <= rect.bottom) & (rights <= rect.right)
    return found
