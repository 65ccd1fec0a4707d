"""What a rectangle holds, kept to be put back: values, formulas, number formats.

In: a rectangle of a sheet. Out: a `Snapshot` that restores it. Invariant: restoring gives back every constant, formula, array
and format; computed values follow in the next round.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sheetengine.graph.patterns import Rect
from sheetengine.grid import BLANK, Grid
from sheetengine.recalc.engine import Engine
from sheetengine.recalc.pieces import Piece, pieces
from sheetengine.store.chunk import Box


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """A rectangle as it was: constants (blank where a formula stood), formulas, formats, each with its place."""

    sheet: int
    rect: Rect
    place: tuple[int, int] | None
    values: Grid | None
    pieces: tuple[Piece, ...]
    format_place: tuple[int, int] | None = None
    formats: Grid | None = None

    @property
    def size(self) -> int:
        """Elements it keeps, for the bound of the journal."""
        return (0 if self.values is None else self.values.size) + 8 * len(self.pieces)


def take(engine: Engine, sheet: int, rect: Rect, *, formats: bool = False) -> Snapshot:
    """What a rectangle holds now."""
    record = engine.book.sheets[sheet]
    if rect.top == rect.bottom and rect.left == rect.right and not formats and record.store.owner(rect.top, rect.left) == 0:
        # A single constant, as nearly always when a formula is typed: 2 us where the general way takes 50.
        value = record.store.cell(rect.top, rect.left)
        if value is None:
            return Snapshot(sheet, rect, None, None, ())
        return Snapshot(sheet, rect, (rect.top, rect.left), Grid.from_flat([value], (1, 1)), ())
    used = record.store.used_within(Box(*rect))
    place, values = None, None
    if used is not None:
        grid = record.store.read(used)
        kinds = np.array(grid.kind_plane())
        numbers = np.array(grid.numbers)
        owners = record.store.owners(used)
        frozen = [owner for owner in np.unique(owners).tolist() if owner and engine.field.blocks[abs(owner)].frozen]
        # A computed value is computed again; one that the file left and we cannot compute is kept.
        foreign = (owners != 0) & ~np.isin(np.abs(owners), frozen)
        kinds[foreign], numbers[foreign] = BLANK, 0.0
        place, values = (used.top, used.left), Grid(numbers, kinds, grid.texts)
    format_place, kept = None, None
    if formats:
        looks = record.formats.used_within(Box(*rect))
        if looks is not None:
            grid = record.formats.read(looks)
            format_place, kept = (looks.top, looks.left), Grid(np.array(grid.numbers), np.array(grid.kind_plane()))
        else:
            format_place = (rect.top, rect.left)
    return Snapshot(sheet, rect, place, values, tuple(pieces(engine.field, sheet, rect)), format_place, kept)


def restore(engine: Engine, snapshot: Snapshot) -> None:
    """Put a rectangle back as it was."""
    sheet, rect = snapshot.sheet, snapshot.rect
    engine.clear(sheet, rect)
    record = engine.book.sheets[sheet]
    if snapshot.place is not None and snapshot.values is not None:
        record.store.write(*snapshot.place, snapshot.values)
    if snapshot.format_place is not None:
        record.formats.clear(Box(*rect))
        if snapshot.formats is not None:
            record.formats.write(*snapshot.format_place, snapshot.formats)
    for piece in snapshot.pieces:
        engine.field.put(sheet, piece.rect, piece.shape, piece.operands, piece.mode, piece.array, frozen=piece.frozen)
    engine.mark(sheet, rect)
