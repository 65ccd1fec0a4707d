"""The last traces of a workbook: which edit a cell was last computed for.

In: traces, as edits are made. Out: for a cell the newest trace that computed it, and why. Invariant: bounded; of what is older nothing
is said.
"""

from __future__ import annotations

from collections import deque

from sheetengine.trace import Trace
from sheetengine.workbook import Range

_MOST_EXPLAINED = 20_000
"""Cells in a trace up to which the way from the edit to a cell is looked for; beyond, only the edit is named."""


class History:
    """The newest traces, the last first."""

    def __init__(self, most: int = 200) -> None:
        self._traces: deque[Trace] = deque(maxlen=most)

    def add(self, trace: Trace) -> None:
        """An edit is through."""
        if trace.steps:
            self._traces.appendleft(trace)

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
