"""What a relocation of formulas carries along: the field and the way, what was found before, what has been put in.

In: blocks that were put in at their new places. Out: of these, which must be computed, and the record from which all is taken back.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sheetengine.compiler.bound import ConstantSlot
from sheetengine.graph.patterns import Rect
from sheetengine.recalc.blocks import AnyBlock, Block
from sheetengine.recalc.family import Family
from sheetengine.recalc.formulas import FormulaField
from sheetengine.recalc.parts import Relocation
from sheetengine.recalc.positional import positional
from sheetengine.recalc.queries import as_areas
from sheetengine.restructure.relocated import Placed, Relocated
from sheetengine.syntax.operands import Reference


class Relocating:
    """One relocation of the formulas of a field, shared by those who put blocks and families in."""

    def __init__(self, field: FormulaField, way: Relocation, mentions: Sequence[str] = (), *, tells: bool = False) -> None:
        self.field = field
        self.way = way
        self.tells = tells
        """Whether somebody listens to what is rewritten."""
        self.done = Relocated()
        self.mentioning = field.mentions.blocks(mentions)
        """Blocks whose texts mention what the edit changes: they are bound anew."""
        self.mentions: dict[int, set[str]] = {}
        """What the texts of the blocks mention that were taken out."""
        self.fresh: list[int] = []
        """Blocks that may have come beside their own formula, or are small."""

    def settle_seed(self, block: AnyBlock, wanted: bool) -> None:
        """Let a block that was entered be computed, or not."""
        if not wanted or block.frozen:
            self.field.seeds.pop(block.id, None)

    def feels_values(self, block: AnyBlock, moved: bool) -> bool:
        """Whether a block may compute another value: it reads more than single cells that move with their references."""
        if moved and positional(block.program):
            return True
        follow = isinstance(block, Block) and len(block.operands) == len(block.slots)
        for edge in block.all_edges():
            if not self.way.feels(edge.sheet, edge.extent()):
                continue
            if edge.slot in block.program.recipe.unread or not follow or isinstance(block, Family) or not _single(block, edge.slot):
                return True
            if not self.way.names(block.operands[edge.slot], block.sheet):
                return True
        return False

    def note(self, block: Block, alive: NDArray[np.bool_] | None, *, rewritten: bool) -> None:
        """Record a block that was put in, with its living cells (None: all)."""
        sheet, rect = block.sheet, block.rect
        rects: list[Rect] | None = None
        if alive is not None:
            rows, columns = np.nonzero(alive)
            rects = [Rect(*area[1:]) for area in as_areas(sheet, rows + rect.top, columns + rect.left)]
        self.done.placed.append(Placed(block, rects))
        if rewritten:
            self.done.rewritten += [(sheet, one) for one in rects or [rect]]


def _single(block: Block, index: int) -> bool:
    slot = block.slots[index]
    return type(slot) is not ConstantSlot and type(block.operands[index]) is Reference and block.operands[index].last is None  # type: ignore[union-attr]


__all__ = ["Relocating"]
