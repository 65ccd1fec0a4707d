"""Formulas after cells have moved: blocks, families, edges and owners follow by arithmetic, and are kept to be put back.

In: a `Relocation`, before the values move. Out: `Relocated`: the blocks as they were, and the places of those that took their
stead. Invariants: a block that feels nothing is not touched; what may compute another value is seeded, and nothing else; no cell
is visited and nothing is parsed, but where an operand became `#REF!` or a formula names what changed, it is bound anew.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sheetengine.recalc.blocks import AnyBlock
from sheetengine.recalc.family import Family
from sheetengine.recalc.formulas import FormulaField
from sheetengine.recalc.parts import Relocation
from sheetengine.recalc.positional import seed_watchers
from sheetengine.restructure.gather import gather, gather_in
from sheetengine.restructure.merge import merge
from sheetengine.restructure.relocate_blocks import put_block
from sheetengine.restructure.relocate_families import put_family
from sheetengine.restructure.relocated import Kept, Relocated, release
from sheetengine.restructure.relocating import Relocating
from sheetengine.restructure.settle import settle


class Relocator:
    """One relocation of the formulas of a field: `begin` before the values move, `finish` after."""

    def __init__(self, field: FormulaField, way: Relocation, mentions: Sequence[str] = (), *, tells: bool = False) -> None:
        self.field = field
        self.way = way
        self._state = Relocating(field, way, mentions, tells=tells)
        self._owners: list[tuple[AnyBlock, NDArray[np.bool_] | None, bool]] = []

    # -- before ----------------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Find the blocks that feel the relocation and take them out of the graph; their cells stay theirs."""
        field = self.field
        # What was written cell by cell is shifted sooner as one family than as many blocks.
        gather(field)
        felt = self._felt()
        for number in felt:
            block = field.blocks[number]
            release(field, block)
            living = field.alive(block)
            self._owners.append((block, living, number in field.seeds))
        for block, _, _ in self._owners:
            self._state.mentions[block.id] = field.withdraw(block)

    def _felt(self) -> list[int]:
        field, way = self.field, self.way
        found: dict[int, None] = dict.fromkeys(sorted(self._state.mentioning))
        for sheet, rect in way.touched:
            for edge in field.graph.reading(sheet, rect):
                found[edge.node] = None
        for block in field.blocks.values():
            if block.id in found:
                continue
            if way.feels(block.sheet, block.rect) or (block.program.recipe.unread and self._unread_feels(block)):
                found[block.id] = None
        for number, ranges in field.spills.ranges.items():
            if any(way.feels(field.blocks[number].sheet, rect) for rect in ranges.values()):
                found[number] = None
        for number, places in field.spills.blocked.items():
            if any(way.feels(sheet, wanted) for sheet, wanted in places.values()):
                found[number] = None
        return [number for number in found if number in field.blocks]

    def _unread_feels(self, block: AnyBlock) -> bool:
        return any(self.way.feels(edge.sheet, edge.extent()) for edge in block.all_edges() if edge.slot in block.program.recipe.unread)

    # -- after -----------------------------------------------------------------------------------------------------

    def finish(self) -> Relocated:
        """Put in what became of the blocks; the owner planes have moved with the values."""
        state = self._state
        for block, living, seeded in self._owners:
            before, numbered = len(state.done.placed), len(state.fresh)
            put = put_family(state, block, living, seeded) if isinstance(block, Family) else put_block(state, block, living, seeded)
            if not put:
                state.done.felt.append((block.sheet, block.rect))
            else:
                numbers = [placed.block.id for placed in state.done.placed[before:]] + state.fresh[numbered:]
                waits = seeded or any(number in self.field.seeds for number in numbers)
                state.done.kept.append(Kept(block, living, state.mentions[block.id], waits))
        seed_watchers(self.field)
        state.fresh += settle(self.field, state.fresh)
        merge(self.field, state.fresh)
        gather_in(self.field, state.fresh)
        return state.done


__all__ = ["Relocator"]
