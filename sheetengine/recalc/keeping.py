"""Values into their cells: those of many members, of one, and of arrays that spill.

In: members and what their forms gave. Out: values in the stores, `Computed` and `Spilled` for those who listen, the places where arrays
came or went. Invariant: a member that was computed stands in no circle, unless it is stuck in one.
"""

from __future__ import annotations

import time

import numpy as np

from sheetengine.graph.patterns import Cells, Rect, Selection
from sheetengine.grid import Grid
from sheetengine.recalc.blocks import AnyBlock, Block
from sheetengine.recalc.circles import Circles, Place
from sheetengine.recalc.events import Computed
from sheetengine.recalc.filled import Filled
from sheetengine.recalc.formulas import FormulaField
from sheetengine.recalc.listeners import Listeners
from sheetengine.recalc.live import Member
from sheetengine.recalc.plan import Step
from sheetengine.recalc.watch import Tally
from sheetengine.store.prepared import Prepared


class Keeper:
    """Writes what is computed."""

    def __init__(self, field: FormulaField, circles: Circles, listeners: Listeners, tally: Tally) -> None:
        self._field = field
        self._circles = circles
        self._listeners = listeners
        self._tally = tally
        self.changed_places: list[tuple[int, Rect]] = []
        """Where arrays came or went: whoever reads there is dirty."""

    # -- many members ----------------------------------------------------------------------------------------------

    def write(self, block: AnyBlock, selection: Selection, flat: Grid, started: float) -> None:
        """The values of members, computed since `started`."""
        store = self._field.book.sheets[block.sheet].store
        self._tally.cells += flat.size
        tell = self._listeners.tell
        if tell is not None:
            rows, columns = block.positions(selection)
            before = store.gather(rows, columns)
        if self._circles.known:
            self._circles.forget_members(block, selection)
        if isinstance(selection, Cells):
            assert isinstance(block, Block)
            height, width = selection.last_row - selection.first_row + 1, selection.last_column - selection.first_column + 1
            store.write(block.top + selection.first_row, block.left + selection.first_column, flat.reshape((height, width)))
        else:
            store.scatter(*block.positions(selection), flat)
        if tell is not None:
            tell(Computed(block.id, block.sheet, rows, columns, before, flat, time.perf_counter() - started))

    def write_again(self, block: AnyBlock, selection: Selection, flat: Grid, step: Step) -> bool:
        """Numbers into scattered cells that the step looked up before; False where it is not that simple, and nothing is written."""
        if (
            self._listeners.tell is not None
            or self._circles.known
            or step.runs == 1
            or flat.kinds is not None
            or isinstance(selection, Cells)
        ):
            return False
        places = step.cache.get(Prepared)
        if places is None:
            places = step.cache[Prepared] = Prepared(self._field.book.sheets[block.sheet].store, *block.positions(selection))
        assert isinstance(places, Prepared)
        if not places.write(flat.numbers):
            del step.cache[Prepared]
            return False
        self._tally.cells += flat.size
        return True

    # -- one member ------------------------------------------------------------------------------------------------

    def keep(self, member: Member, value: object) -> None:
        """A member's value into its cell, an array into those it fills."""
        block = self._field.blocks[member[0]]
        if isinstance(value, Grid) or block.array is not None:
            self.spill(block, member[1], value)
            return
        self.no_spill(block, member[1])
        self.put(member, value)

    def put(self, member: Member, value: object) -> None:
        """A single value into a member's own cell."""
        sheet, row, column = self.place_of(member)
        store = self._field.book.sheets[sheet].store
        self._tally.cells += 1
        tell = self._listeners.tell
        if tell is None:
            store.set_cell(row, column, value)  # type: ignore[arg-type]  # landed: a scalar
            return
        before = Grid.from_flat([store.cell(row, column)], (1,))
        store.set_cell(row, column, value)  # type: ignore[arg-type]
        after = Grid.from_flat([value], (1,))  # type: ignore[list-item]
        tell(Computed(member[0], sheet, np.array([row]), np.array([column]), before, after, 0.0))

    def place_of(self, member: Member) -> Place:
        """Where a member stands."""
        block = self._field.blocks[member[0]]
        return (block.sheet, *block.cell(member[1]))

    # -- arrays ----------------------------------------------------------------------------------------------------

    def spill(self, block: AnyBlock, member: int, value: object) -> None:
        """What an array formula answers, into the cells it fills."""
        spills = self._field.spills
        sheet, row, column = place = self.place_of((block.id, member))
        self._circles.forget([place])
        self._tally.cells += 1
        tell = self._listeners.tell
        if tell is None:
            self._fill(block, member, value)
            return
        store = self._field.book.sheets[sheet].store
        old = spills.range_of(block.id, member) or Rect(row, column, row, column)
        height, width = value.shape if isinstance(value, Grid) else (1, 1)
        filled = Filled(store, sheet, block.id, Rect(row, column, max(old.bottom, row + height - 1), max(old.right, column + width - 1)))
        before = Grid.from_flat([store.cell(row, column)], (1,))
        self._fill(block, member, value)
        after = Grid.from_flat([store.cell(row, column)], (1,))
        tell(Computed(block.id, sheet, np.array([row]), np.array([column]), before, after, 0.0))
        self._tell(filled, (row, column))

    def _fill(self, block: AnyBlock, member: int, value: object) -> None:
        spills = self._field.spills
        if block.array is not None:
            self.changed_places += spills.write_array(block, member, value)
        else:
            assert isinstance(value, Grid)
            self.changed_places += spills.write(block, member, value)

    def no_spill(self, block: AnyBlock, member: int) -> None:
        """A member whose value is single now takes back what it filled."""
        spills = self._field.spills
        old = spills.range_of(block.id, member)
        if old is None and not spills.is_blocked(block.id, member):
            return
        filled = None
        if old is not None and self._listeners.tell is not None:
            filled = Filled(self._field.book.sheets[block.sheet].store, block.sheet, block.id, old)
        self.changed_places += spills.clear(block, member)
        self._tell(filled, block.cell(member))

    def _tell(self, filled: Filled | None, anchor: tuple[int, int]) -> None:
        event = None if filled is None else filled.event(anchor)
        if event is not None and self._listeners.tell is not None:
            self._listeners.tell(event)
