"""Early cutoff: a round that stops where values come out as they were.

In: what was edited, what must be computed in any case, and the cells of each step before and after. Out: which members of a step read
anything that changed. Excel has no such rule: there all that depends on an edit is computed. Invariants: a member is left out only where
none of the cells its text names changed; cells whose order is found while they run (circles, INDIRECT) are not left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sheetengine.graph.patterns import FillEdge, Indices, Rect, Selection
from sheetengine.grid import Kinds, Numbers
from sheetengine.recalc.blocks import AnyBlock, flats
from sheetengine.recalc.formulas import FormulaField
from sheetengine.store import SheetStore
from sheetengine.values import Area


class Look(NamedTuple):
    """Cells as they were before a step: their places, kinds and payloads."""

    sheet: int
    rows: Indices
    columns: Indices
    kinds: Kinds
    payload: Numbers


class Frontier:
    """What changed so far in a pass."""

    def __init__(
        self,
        field: FormulaField,
        cells: Iterable[tuple[int, int, int]],
        places: Iterable[tuple[int, Rect]],
        must: Mapping[int, Selection | None],
    ) -> None:
        self._field = field
        self._must = {
            number: flats(field.blocks[number], field.blocks[number].all if chosen is None else chosen)
            for number, chosen in must.items()
            if number in field.blocks
        }
        self._cells: dict[int, set[tuple[int, int]]] = {}
        self._rects: dict[int, list[Rect]] = {}
        for sheet, row, column in cells:
            self._cells.setdefault(sheet, set()).add((row, column))
        for sheet, rect in places:
            self._rects.setdefault(sheet, []).append(rect)

    # -- asking ------------------------------------------------------------------------------------------------------

    def choose(self, block: AnyBlock, selection: Selection) -> Indices:
        """The members of a selection that must be computed, or read what changed."""
        woken = np.zeros(block.length, bool)
        must = self._must.get(block.id)
        if must is not None:
            woken[must] = True
        for edge in self._field.graph.edges(block.id):
            for rect in self._rects.get(edge.sheet, ()):
                image = edge.image(rect)
                if image is not None:
                    woken[flats(block, image)] = True
            changed = self._cells.get(edge.sheet)
            if changed:
                rows, columns = np.array(list(changed), np.int64).T
                woken[edge.images(rows, columns)] = True
        members = flats(block, selection)
        chosen: Indices = members[woken[members]]
        return chosen

    def wakes(self, block: AnyBlock, member: int) -> bool:
        """Whether one member must be computed, or reads what changed."""
        must = self._must.get(block.id)
        if must is not None and len(must) and must[min(int(np.searchsorted(must, member)), len(must) - 1)] == member:
            return True
        return any(self._changed_in(area) for area in self._reads(block, member))

    def _reads(self, block: AnyBlock, member: int) -> Iterator[Area]:
        operands = block.member_operands(member)
        for edge in self._field.graph.edges(block.id):
            if isinstance(edge, FillEdge):
                area = operands[edge.slot]
                assert isinstance(area, Area)
                yield area
            else:
                yield Area(edge.sheet, *(int(ends[member]) for ends in (edge.tops, edge.lefts, edge.bottoms, edge.rights)))

    def _changed_in(self, area: Area) -> bool:
        sheet, top, left, bottom, right = area
        if any(r.top <= bottom and r.bottom >= top and r.left <= right and r.right >= left for r in self._rects.get(sheet, ())):
            return True
        changed = self._cells.get(sheet, set())
        if (bottom - top + 1) * (right - left + 1) <= len(changed):
            return any((row, column) in changed for row in range(top, bottom + 1) for column in range(left, right + 1))
        return any(top <= row <= bottom and left <= column <= right for row, column in changed)

    # -- noting ------------------------------------------------------------------------------------------------------

    def look(self, parts: Iterable[tuple[AnyBlock, Selection]]) -> list[Look]:
        """The cells of members, and those that their arrays fill, as they are now."""
        found = []
        for block, selection in parts:
            rows, columns = block.positions(flats(block, selection))
            for _, rect in self._field.spills.places(block, selection):
                down, right = np.mgrid[rect.top : rect.bottom + 1, rect.left : rect.right + 1]
                rows, columns = np.append(rows, down.ravel()), np.append(columns, right.ravel())
            kinds, payload, _ = self._store(block.sheet).gather_planes(rows, columns)
            found.append(Look(block.sheet, rows, columns, kinds, payload))
        return found

    def note(self, before: Iterable[Look]) -> None:
        """Those of the cells that hold something else now have changed."""
        for sheet, rows, columns, kinds, payload in before:
            now, held, _ = self._store(sheet).gather_planes(rows, columns)
            differs: NDArray[np.bool_] = (now != kinds) | (held != payload)
            if differs.any():
                self._cells.setdefault(sheet, set()).update(zip(rows[differs].tolist(), columns[differs].tolist(), strict=True))

    def _store(self, sheet: int) -> SheetStore:
        return self._field.book.sheets[sheet].store
