"""Formulas bound anew: something that they mention appeared, changed or went.

In: mentions, or blocks. Out: the same formulas with the programs that their texts mean now, all of them marked. Invariant: what arrays
had spilled is taken back first; members of a family whose own texts mention nothing of it stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from sheetengine.compiler.operands import mentions_of
from sheetengine.graph.patterns import Rect
from sheetengine.recalc.blocks import AnyBlock, Block
from sheetengine.recalc.formulas import FormulaField
from sheetengine.recalc.pieces import Piece, piece


def rebind(field: FormulaField, mentions: Sequence[str]) -> None:
    """Something that formulas mention appeared, changed or went: bind those formulas anew."""
    numbers = sorted(field.mentions.blocks(mentions))
    field.programs.forget(mentions)
    for block in [field.blocks[number] for number in numbers if number in field.blocks]:
        _rebind(field, block, _mentioning(field, block, set(mentions)))


def rebind_blocks(field: FormulaField, blocks: Iterable[AnyBlock]) -> None:
    """Bind formulas anew and mark them."""
    for block in blocks:
        _rebind(field, block, field.members(block))


def _mentioning(field: FormulaField, block: AnyBlock, mentions: set[str]) -> NDArray[np.int64]:
    """The members of a block whose own texts mention any of these."""
    members = field.members(block)
    if isinstance(block, Block) or not mentions.isdisjoint(block.program.recipe.mentions):
        return members
    scope, shape = field.book.scope(block.sheet), block.program.shape
    found = [
        member
        for member in members.tolist()
        if not mentions.isdisjoint(mentions_of(shape, block.operands[member], scope, *block.cell(member)))
    ]
    return np.array(found, np.int64)


def _rebind(field: FormulaField, block: AnyBlock, members: NDArray[np.int64]) -> None:
    """Bind members anew and mark them; what is one program then stays together."""
    for member in list(field.spills.ranges.get(block.id, {})):
        field.changed_places += field.spills.clear(block, member)
    if isinstance(block, Block):
        pieces = _pieces_of(field, block, members)
        field.drop(block)
        for piece in pieces:
            field.put(block.sheet, piece.rect, piece.shape, piece.operands, piece.mode, piece.array, frozen=piece.frozen)
        return
    cells = [(*block.cell(member), block.syntax_operands(member)) for member in members.tolist()]
    if len(members) == block.count:
        field.drop(block)
    else:
        block.gone[members] = True
        block.holes += len(members)
        field.graph.version += 1
    field.put_members(block.sheet, block.program.shape, block.program.mode, cells, frozen=block.frozen)


def _pieces_of(field: FormulaField, block: AnyBlock, members: NDArray[np.int64]) -> list[Piece]:
    if isinstance(block, Block) and not block.holes:
        return [piece(block, block.rect, block.operands)]
    found = []
    for member in members.tolist():
        row, column = block.cell(member)
        found.append(piece(block, Rect(row, column, row, column), block.syntax_operands(member)))
    return found


__all__ = ["rebind", "rebind_blocks"]
