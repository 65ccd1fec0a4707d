"""The last traces of a workbook: which edit a cell was last computed for.

In: traces, as edits are made. Out: for a cell the newest trace that computed it, and why. Invariant: bounded; of what is older nothing
is said.
"""

from __future__ import annotations

from collections import deque

from sheetengine.trace import Trace
from sheetengine.workbook import Range

_MOST_CELLS = 2_000_000
"""Cells that all kept traces may have together: each takes 50 bytes."""
_MOST_EXPLAINED = 5_000
"""Cells in a trace up to which the way from the edit to a cell is looked for; beyond, only the edit is named."""


class History:
    """The newest traces, the last first."""

    def __init__(self, most: int = 200, most_cells: int = _MOST_CELLS) -> None:
        self._traces: deque[Trace] = deque()
        self._cells = 0
        self._most = most
        self._most_cells = most_cells

    def __len__(self) -> int:
        return len(self._traces)

    def add(self, trace: Trace) -> None:
        """An edit is through. What is older than the bounds allow is forgotten; the newest is kept however large."""
        if not trace.steps:
            return
        self._traces.appendleft(trace)
        self._cells += len(trace.recomputed)
        while len(self._traces) > 1 and (len(self._traces) > self._most or self._cells > self._most_cells):
            self._cells -= len(self._traces.pop().recomputed)

    def why(self, cell: Range) -> list[str]:
        """Why a cell was computed last, line by line; empty where it was not since the page began."""
        for trace in self._traces:
            row, column = cell.row - 1, cell.column - 1
            steps = [step for step in trace.steps if step.sheet == cell.sheet.id]
            if any(((step.rows == row) & (step.columns == column)).any() for step in steps):
                if len(trace.recomputed) <= _MOST_EXPLAINED:
                    return str(trace.why(cell.address)).splitlines()
                return [f"computed with {len(trace.recomputed) - 1:,} others"]
        return []
