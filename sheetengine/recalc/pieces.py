"""Formulas of a rectangle as plain pieces, to be kept and put back, copied or moved.

In: a field and a rectangle of a sheet. Out: `Piece`s: fills as large as they are in the blocks; operands as seen from each piece's first cell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sheetengine.compiler.bind import Mode
from sheetengine.graph.patterns import Rect
from sheetengine.recalc.blocks import AnyBlock, Block
from sheetengine.recalc.formulas import FormulaField
from sheetengine.store.chunk import Box
from sheetengine.syntax.operands import AnyOperand
from sheetengine.syntax.shape import Shape


@dataclass(frozen=True, slots=True)
class Piece:
    """Filled formulas of a rectangle as a snapshot keeps them: operands as seen from the first cell."""

    rect: Rect
    shape: Shape
    operands: tuple[AnyOperand, ...]
    mode: Mode
    array: tuple[int, int] | None = None
    frozen: bool = False


def pieces(field: FormulaField, sheet: int, rect: Rect) -> list[Piece]:
    """The formulas of a rectangle, to be put back by `FormulaField.put`."""
    store = field.book.sheets[sheet].store
    used = store.used_within(Box(*rect))
    if used is None:
        return []
    owners = store.owners(used)
    found: list[Piece] = []
    for owner in np.unique(owners[owners > 0]).tolist():
        block = field.blocks[owner]
        mask = owners == owner
        rows, columns = np.nonzero(mask)
        hull = Rect(used.top + int(rows.min()), used.left + int(columns.min()), used.top + int(rows.max()), used.left + int(columns.max()))
        whole = len(rows) == (hull.bottom - hull.top + 1) * (hull.right - hull.left + 1)
        if isinstance(block, Block) and whole:
            operands = block.syntax_operands(block.flat(hull.top, hull.left))
            found.append(piece(block, hull, operands))
            continue
        for down, right in zip(rows.tolist(), columns.tolist(), strict=True):
            row, column = used.top + down, used.left + right
            operands = block.syntax_operands(block.flat(row, column))
            found.append(piece(block, Rect(row, column, row, column), operands))
    return found


def piece(block: AnyBlock, rect: Rect, operands: Sequence[AnyOperand]) -> Piece:
    """A rectangle of a block, with its operands as seen from there."""
    return Piece(rect, block.program.shape, tuple(operands), block.program.mode, block.array, block.frozen)


__all__ = ["Piece", "piece", "pieces"]
