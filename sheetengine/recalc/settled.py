"""Who has read what an array filled, and who has not: after a pass only the latter are computed again, and arrays that lacked the room.

In: members as they are computed, the places where arrays came or went. Out: the readers of those places that were computed before, or not at
all, and the arrays that may have room there now, as seeds of the next pass. Invariant: a member that is left out was computed in this pass after the place had changed, and all that depends on it after it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sheetengine.graph.patterns import Rect, Selection
from sheetengine.recalc.blocks import flats, select
from sheetengine.recalc.formulas import FormulaField


class Settled:
    """Members computed in one pass, with the number of places that had changed before."""

    __slots__ = ("_members",)

    def __init__(self) -> None:
        self._members: dict[int, list[tuple[int, Selection]]] = {}

    def clear(self) -> None:
        """A pass begins."""
        self._members.clear()

    def note(self, places: int, number: int, selection: Selection) -> None:
        """Members were computed when so many places had changed."""
        self._members.setdefault(number, []).append((places, selection))

    def seed_readers(self, field: FormulaField, places: Sequence[tuple[int, Rect]]) -> None:
        """Mark the readers of places that changed after they were computed."""
        for index, (sheet, rect) in enumerate(places):
            for edge, selection in list(field.graph.dependents(sheet, rect)):
                block = field.blocks[edge.node]
                through = [members for known, members in self._members.get(block.id, ()) if known > index]
                if through:
                    mask = np.ones(block.length, bool)
                    for members in through:
                        mask[flats(block, members)] = False
                    wanted = flats(block, selection)
                    left: NDArray[np.int64] = wanted[mask[wanted]]
                    if not len(left):
                        continue
                    selection = select(block, left)
                field.seed(block, selection)


def wake_blocked(field: FormulaField, places: Sequence[tuple[int, Rect]]) -> None:
    """Arrays that had no room try again where cells in their way changed."""
    spills = field.spills
    if spills.blocked:
        woken: dict[int, set[int]] = {}
        for sheet, rect in places:
            for number, member in spills.waiting_for(sheet, rect):
                woken.setdefault(number, set()).add(member)
        for number, members in woken.items():
            field.seed(field.blocks[number], select(field.blocks[number], sorted(members)))
