"""A block in parts that go the same way: what is left of it after a relocation.

In: a block and a relocation. Out: rectangles of its members with their new places and operands, as few as there are ways to go.
Nothing here looks at cells: a block of 100,000 filled formulas takes as long as one of ten.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from sheetengine.graph.patterns import Cells, Indices, Rect
from sheetengine.recalc.blocks import Block
from sheetengine.syntax.fill import fill
from sheetengine.syntax.operands import AnyOperand
from sheetengine.syntax.shift import Extent


class Relocation(Protocol):
    """Where cells go, and with them the references to them."""

    touched: list[tuple[int, Rect]]

    def names(self, operand: AnyOperand, home: int) -> bool:
        """Whether an operand of a formula on sheet `home` may follow cells that move."""

    def operand(self, operand: AnyOperand, home: int, row: int, column: int) -> AnyOperand:
        """The operand afterwards, of a formula that stood at a cell of sheet `home`."""

    def cell(self, sheet: int, row: int, column: int) -> tuple[int, int, int] | None:
        """Where a cell goes, None where it is deleted or overwritten."""

    def area(self, sheet: int, extent: Extent) -> tuple[int, Extent] | None:
        """What a reference to a rectangle names afterwards."""

    def places(self, sheet: int, rect: Rect) -> list[tuple[int, Rect]]:
        """Where the cells of a rectangle are afterwards, at least: what appeared between them may be among it."""

    def cuts(self, block: Block) -> tuple[list[int], list[int]]:
        """The rows and columns of a block, counted from its first, before which its members' ways part."""

    def cells(self, sheet: int, rows: Indices, columns: Indices) -> tuple[Indices, Indices, NDArray[np.bool_], NDArray[np.bool_]]:
        """Where many cells go, which of them are left, and which cannot stay in one family with the others."""

    def corners(self, sheet: int, corners: Indices) -> tuple[Indices, NDArray[np.bool_], NDArray[np.bool_]]:
        """What many rectangles become, which of them are left, and whose members leave their family."""

    def feels(self, sheet: int, extent: Extent) -> bool:
        """Whether any cell of a rectangle moves, goes or appears."""

    def displacement(self, sheet: int, extent: Extent) -> tuple[int, int] | None:
        """How far down and right all cells of a rectangle go, and references to it; None where that is not one way, or off its sheet."""


class Part(NamedTuple):
    """Some members of a block after a relocation: their place and the operands of the first of them."""

    cells: Cells
    sheet: int
    rect: Rect
    operands: tuple[AnyOperand, ...]


def parts(block: Block, way: Relocation) -> list[Part]:
    """The members that are left, in rectangles within which operands follow by arithmetic."""
    if block.program.mode == "table":
        return _whole(block, way)
    row_cuts, column_cuts = way.cuts(block)
    found: list[Part] = []
    for first_row, last_row in _stretches(row_cuts, block.height):
        for first_column, last_column in _stretches(column_cuts, block.width):
            found += _part(block, way, Cells(first_row, last_row, first_column, last_column))
    return found


def _whole(block: Block, way: Relocation) -> list[Part]:
    """A what-if table, which is never cut."""
    place = way.cell(block.sheet, block.top, block.left)
    if place is None:
        return []
    sheet, top, left = place
    operands = tuple(way.operand(operand, block.sheet, block.top, block.left) for operand in block.operands)
    return [Part(block.all, sheet, Rect(top, left, top + block.height - 1, left + block.width - 1), operands)]


_MOST_PLACES = 64


def remap(
    way: Relocation, cells: list[tuple[int, int, int]], places: list[tuple[int, Rect]]
) -> tuple[list[tuple[int, int, int]], list[tuple[int, Rect]]]:
    """Cells and rectangles that were edited, where they lie after a relocation; of very many rectangles what is around them."""
    moved = [place for cell in cells if (place := way.cell(*cell)) is not None]
    found = list(dict.fromkeys(one for sheet, rect in places for one in way.places(sheet, rect)))
    if len(found) > _MOST_PLACES:
        around: dict[int, Rect] = {}
        for sheet, rect in found:
            known = around.get(sheet, rect)
            around[sheet] = Rect(
                min(known.top, rect.top), min(known.left, rect.left), max(known.bottom, rect.bottom), max(known.right, rect.right)
            )
        found = list(around.items())
    return moved, found


def _part(block: Block, way: Relocation, cells: Cells) -> Iterator[Part]:
    row, column = block.top + cells.first_row, block.left + cells.first_column
    place = way.cell(block.sheet, row, column)
    if place is None:
        return
    operands = _operands(block, way, cells.first_row, cells.first_column)
    down, right = cells.last_row - cells.first_row, cells.last_column - cells.first_column
    if down or right:
        last = _operands(block, way, cells.last_row, cells.last_column)
        if [fill(operand, down, right) for operand in operands] != last:
            # Corners whose line was deleted gather at one place: seen from their cells these are formulas of their own.
            for one in range(cells.first_row, cells.last_row + 1):
                for other in range(cells.first_column, cells.last_column + 1):
                    yield from _part(block, way, Cells(one, one, other, other))
            return
    sheet, top, left = place
    yield Part(cells, sheet, Rect(top, left, top + down, left + right), tuple(operands))


def _operands(block: Block, way: Relocation, down: int, right: int) -> list[AnyOperand]:
    row, column = block.top + down, block.left + right
    return [way.operand(fill(operand, down, right), block.sheet, row, column) for operand in block.operands]


def _stretches(cuts: list[int], count: int) -> Iterator[tuple[int, int]]:
    edges = [0, *cuts, count]
    for first, end in itertools.pairwise(edges):
        yield first, end - 1
