"""What a relocation did to formulas, kept to be taken back.

In: the blocks as they were, those that took their place. Out: the field as it was. Invariants: a block that still stands as it was put in
goes as a whole; what has become another one since, by edits that were taken back themselves, goes by its cells.
"""

from __future__ import annotations

from dataclasses import dataclass, field as slot

import numpy as np
from numpy.typing import NDArray

from sheetengine.graph.patterns import Rect
from sheetengine.recalc.blocks import AnyBlock, Block
from sheetengine.recalc.family import Family
from sheetengine.recalc.formulas import FormulaField
from sheetengine.recalc.parts import Relocation
from sheetengine.recalc.positional import seed_watchers
from sheetengine.recalc.queries import as_areas
from sheetengine.recalc.taking_out import take_out
from sheetengine.restructure.merge import merge
from sheetengine.store.chunk import Box

Place = tuple[int, Rect]


@dataclass(slots=True)
class Kept:
    """A block as it was, with the members that lived (None: all)."""

    block: AnyBlock
    living: NDArray[np.bool_] | None
    mentions: set[str]
    seeded: bool = False


@dataclass(slots=True)
class Placed:
    """A block that took the place of one that was kept, as it was put in."""

    block: AnyBlock
    rects: list[Rect] | None = None
    """Its cells, where they are not all of its rectangle; a family's are in the family."""
    holes: int = 0
    extent: Rect = slot(init=False)

    def __post_init__(self) -> None:
        self.extent = self.block.rect
        self.holes = self.block.holes

    def places(self) -> list[Rect]:
        """Its cells."""
        if self.rects is not None:
            return self.rects
        if isinstance(self.block, Block):
            return [self.extent]
        return [Rect(*area[1:]) for area in as_areas(self.block.sheet, self.block.rows, self.block.columns)]

    def untouched(self, field: FormulaField) -> bool:
        """Whether it still stands as it was put in."""
        block = self.block
        return field.blocks.get(block.id) is block and block.holes == self.holes and block.array is None and block.rect == self.extent


@dataclass(slots=True)
class Relocated:
    """What a relocation did to formulas."""

    kept: list[Kept] = slot(default_factory=list)
    placed: list[Placed] = slot(default_factory=list)
    """The blocks that took the place of those kept."""
    felt: list[Place] = slot(default_factory=list)
    """The cells of blocks whose text stayed but that may compute another value."""
    rewritten: list[Place] = slot(default_factory=list)
    """Of these, the cells whose text is another now."""


def release(field: FormulaField, block: AnyBlock) -> None:
    """Arrays that spill from a block's cells go back into them, and spill again in the next round."""
    spills = field.spills
    if block.array is None:
        for member in list(spills.ranges.get(block.id, {})):
            field.changed_places += spills.clear(block, member)
            field.seed(block, None)
    for member in list(spills.blocked.get(block.id, ())):
        spills.unblock(block.id, member)
        field.seed(block, None)


def release_where(field: FormulaField, way: Relocation) -> None:
    """Release the arrays that fill, or want, cells that move."""
    found = [
        number for number, ranges in field.spills.ranges.items() if any(way.feels(field.blocks[number].sheet, r) for r in ranges.values())
    ]
    found += [
        number for number, places in field.spills.blocked.items() if any(way.feels(sheet, wanted) for sheet, wanted in places.values())
    ]
    for number in dict.fromkeys(found):
        release(field, field.blocks[number])


def take_away(field: FormulaField, done: Relocated) -> None:
    """Take the formulas out that a relocation put in; values stay. What has become another block since goes by its cells."""
    for placed in done.placed:
        block = placed.block
        if not placed.untouched(field) or field.spills.ranges.get(block.id):
            for rect in placed.places():
                take_out(field, block.sheet, rect)
            continue
        store = field.book.sheets[block.sheet].store
        if isinstance(block, Family):
            store.set_owners_at(block.rows, block.columns, 0)
        elif block.holes:
            owners = store.owners(Box(*block.rect))
            store.set_owners(Box(*block.rect), np.where(owners == block.id, np.int32(0), owners).astype(np.int32))
        else:
            store.set_owners(Box(*block.rect), 0)
        field.drop(block)


def put_back(field: FormulaField, done: Relocated, *, waiting: bool) -> None:
    """Enter the blocks that a relocation kept; their cells are free of formulas and lie where they lay.

    `waiting`: some of what they take the place of was not computed, so that none of their values is sure.
    """
    fresh = []
    for kept in done.kept:
        block = kept.block
        store = field.book.sheets[block.sheet].store
        block.id = field.number()
        block.program = field.programs.current(block.program, kept.mentions)
        if isinstance(block, Family):
            members = np.arange(len(block.rows)) if kept.living is None else np.flatnonzero(kept.living)
            store.set_owners_at(block.rows[members], block.columns[members], block.id)
        elif block.array is None:
            box = Box(*block.rect)
            if kept.living is None:
                store.set_owners(box, block.id)
            else:
                alive = kept.living.reshape(block.height, block.width)
                store.set_owners(box, np.where(alive, np.int32(block.id), store.owners(box)).astype(np.int32))
        field.enter(block, set(kept.mentions))
        if block.array is not None:
            field.spills.set_array(block, 0, *block.array)
        if not (kept.seeded or waiting) or block.frozen:
            del field.seeds[block.id]
        fresh.append(block.id)
    for sheet, rect in done.felt:
        owners = field.book.sheets[sheet].store.owners(Box(*rect))
        for number in np.unique(owners[owners > 0]).tolist():
            field.seed(field.blocks[number], None)
    seed_watchers(field)
    merge(field, fresh)


__all__ = ["Kept", "Place", "Placed", "Relocated", "put_back", "release", "release_where", "take_away"]
