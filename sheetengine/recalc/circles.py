"""Which cells depend on themselves.

In: the circles that rounds meet, members that are computed anew. Out: the cells that count as 0, and one warning for all that a round met.
Invariant: outside a round, `known` holds the cells that stood in a circle when they were last computed.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable

from sheetengine.errors import CircularReferenceWarning
from sheetengine.graph.patterns import Selection
from sheetengine.recalc.blocks import AnyBlock
from sheetengine.recalc.book import Book

Place = tuple[int, int, int]
"""Sheet, row and column of a cell."""

_NAMED = 5
"""Cells that a warning names."""


class Circles:
    """Cells in circles."""

    __slots__ = ("iterated", "known", "met", "stuck")

    def __init__(self) -> None:
        self.known: dict[Place, None] = {}
        self.iterated: dict[Place, None] = {}
        """Cells of circles that were iterated: the next recalculation that is asked for goes on with them."""
        self.met: list[Place] = []
        """Those of this round."""
        self.stuck: set[Place] = set()
        """Cells that stood in a circle earlier in this round: they stay 0 until it is through, whatever arrays come or go."""

    def begin(self) -> None:
        """A round begins."""
        self.stuck = set()

    def end(self, book: Book) -> None:
        """A round is through: one warning for all circles that it met."""
        met = sorted({cell for cell in self.met if cell in self.known}, key=lambda cell: (book.order.index(cell[0]), cell))
        self.met = []
        if met:
            names = ", ".join(book.cell_name(*cell) for cell in met[:_NAMED]) + (", …" if len(met) > _NAMED else "")
            warnings.warn(f"cells that depend on themselves count as 0: {names}", CircularReferenceWarning, stacklevel=2)

    def forget(self, places: Iterable[Place]) -> None:
        """Cells stand in no circle, as far as is known."""
        for place in places:
            if place not in self.stuck:
                self.known.pop(place, None)

    def forget_members(self, block: AnyBlock, selection: Selection) -> None:
        """Members stand in no circle, as far as is known."""
        rows, columns = block.positions(selection)
        self.forget((block.sheet, row, column) for row, column in zip(rows.tolist(), columns.tolist(), strict=True))
