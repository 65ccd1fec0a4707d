"""Why a cell was computed: the shortest chain of reads that leads from an edit to it.

In: a trace, a cell. Out: a `Reason`. Cost: the formulas between the edit and the cell, and no others.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from sheetengine.address import Address
from sheetengine.recalc.engine import Engine
from sheetengine.recalc.events import Computed
from sheetengine.recalc.queries import fillers, precedents
from sheetengine.values import Area

if TYPE_CHECKING:
    from sheetengine.trace.trace import Trace

Cell = tuple[int, int, int]
"""Sheet, row, column."""

_FEW = 64
"""Cells of an area that are looked up one by one."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a cell was computed: the reads that lead from an edit to it, each (cell, what its formula reads there)."""

    cell: str
    path: tuple[str, ...]
    reads: tuple[str, ...] = field(default=())
    filled: bool = False
    """Whether the cell has no formula: the array of the cell before it on the path fills it."""

    def __bool__(self) -> bool:
        return bool(self.path)

    def __str__(self) -> str:
        if not self.path:
            return f"{self.cell} was not computed"
        steps = [f"{cell} reads {read}" for cell, read in zip(self.path[1:], self.reads, strict=True)]
        if self.filled:
            steps[-1] = f"{self.path[-1]} is filled by {self.reads[-1]}"
        return "\n".join([f"{self.path[0]} was edited", *(f"{'  ' * depth}{step}" for depth, step in enumerate(steps, 1))])


def reason_for(trace: Trace, engine: Engine, cell: str) -> Reason:
    """The reads that lead from an edit to a cell, found backwards from the cell, nearest first."""
    target = trace.cell(cell)
    computed = _Computed(trace.steps)
    if target not in computed.places:
        for anchor in computed.filling(engine, Area(*target, *target[1:])):
            because = reason_for(trace, engine, f"{trace.prefix(anchor[0])}{Address(*anchor[1:])}")
            return Reason(cell, (*because.path, cell), (*because.reads, because.cell), filled=True)
        return Reason(cell, ())
    came: dict[Cell, tuple[Cell, str] | None] = {target: None}
    waiting = deque([target])
    while waiting:
        here = waiting.popleft()
        sheet, row, column = here
        for area in precedents(engine, Area(sheet, row, column, row, column)):
            source = _edit_in(trace, area)
            if source is not None:
                return _reason(trace, cell, source, here, trace.name(area), came)
            for other in (*computed.within(area), *computed.filling(engine, area)):
                if other not in came:
                    came[other] = (here, trace.name(area))
                    waiting.append(other)
    # Nothing it reads was edited: its own formula was, or it is volatile.
    return Reason(cell, (cell,))


def _edit_in(trace: Trace, area: Area) -> Area | None:
    for sheet, rect in trace.edited:
        common = area.intersect(Area(sheet, *rect))
        if common is not None:
            return common
    return None


def _reason(trace: Trace, cell: str, source: Area, first: Cell, read: str, came: dict[Cell, tuple[Cell, str] | None]) -> Reason:
    path, reads = [trace.name(source)], [read]
    here: Cell | None = first
    while here is not None:
        path.append(f"{trace.prefix(here[0])}{Address(here[1], here[2])}")
        step = came[here]
        if step is None:
            break
        here = step[0]
        reads.append(step[1])
    return Reason(cell, tuple(path), tuple(reads))


class _Computed:
    """The cells of a trace by place: those within an area are found without looking at all of them."""

    def __init__(self, steps: list[Computed]) -> None:
        self._sheets = {
            sheet: (
                np.concatenate([step.rows for step in steps if step.sheet == sheet]),
                np.concatenate([step.columns for step in steps if step.sheet == sheet]),
            )
            for sheet in {step.sheet for step in steps}
        }
        self.places = {
            (sheet, row, column)
            for sheet, (rows, columns) in self._sheets.items()
            for row, column in zip(rows.tolist(), columns.tolist(), strict=True)
        }

    def filling(self, engine: Engine, area: Area) -> list[Cell]:
        """The cells outside an area whose arrays reach into it."""
        return [cell for one in fillers(engine, area) if (cell := one[:3]) in self.places]

    def within(self, area: Area) -> list[Cell]:
        """Row by row."""
        if (area.bottom - area.top + 1) * (area.right - area.left + 1) <= _FEW:
            around = ((area.sheet, r, c) for r in range(area.top, area.bottom + 1) for c in range(area.left, area.right + 1))
            return [cell for cell in around if cell in self.places]
        if area.sheet not in self._sheets:
            return []
        rows, columns = self._sheets[area.sheet]
        inside = (rows >= area.top) & (rows <= area.bottom) & (columns >= area.left) & (columns <= area.right)
        return sorted((area.sheet, row, column) for row, column in zip(rows[inside].tolist(), columns[inside].tolist(), strict=True))
