"""Watching over a round: a time limit, cancellation from another thread, a report of how far it is.

In: limits, what an evaluator counts. Out: `RecalculationInterrupted` in the thread that calculates; what was not computed stays dirty. Invariant: a
watched round that ends gives what an unwatched one gives.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from sheetengine.errors import RecalculationInterrupted

Progress = Callable[[int, int], None]
"""Told how many cells are computed and how many there are to compute, as far as is known."""

_REPORT_EVERY = 0.05
_CELLS_BETWEEN = 64


class Watch:
    """Asked by the evaluator between steps, and every so often within one."""

    def __init__(self, timeout: float | None = None, progress: Progress | None = None) -> None:
        self._started = time.monotonic()
        self._deadline = None if timeout is None else self._started + timeout
        self._timeout = timeout
        self._progress = progress
        self._reported = 0.0
        self._calls = 0
        self.cancelled = False

    def cell(self, done: int, total: int) -> None:
        """A cell is about to be computed on its own."""
        self._calls += 1
        if self._calls >= _CELLS_BETWEEN:
            self.step(done, total)

    def step(self, done: int, total: int) -> None:
        """A step, or a part of one, is about to begin."""
        self._calls = 0
        now = time.monotonic()
        if self.cancelled:
            raise RecalculationInterrupted(
                f"the round was cancelled with {done:,} of {max(done, total):,} cells computed; the others stay dirty"
            )
        if self._deadline is not None and now >= self._deadline:
            raise RecalculationInterrupted(
                f"the round took longer than {self._timeout:g} s; {done:,} of {max(done, total):,} cells are computed, the others stay dirty"
            )
        if self._progress is not None and now - self._reported >= _REPORT_EVERY:
            self._reported = now
            self._progress(done, max(done, total))

    def ended(self, done: int) -> None:
        """The round is through."""
        if self._progress is not None:
            self._progress(done, done)


class Tally:
    """How far a round is, told to whoever watches over it."""

    __slots__ = ("cells", "restarts", "total", "watch")

    def __init__(self) -> None:
        self.watch: Watch | None = None
        self.begin()

    def begin(self) -> None:
        """A round begins."""
        self.cells = 0
        """Cells computed."""
        self.restarts = 0
        """Cells begun that turned out to need another first."""
        self.total = 0
        """Cells of the plans so far, counted where somebody watches."""

    def cell(self) -> None:
        """A cell is about to be computed on its own."""
        if self.watch is not None:
            self.watch.cell(self.cells, self.total)

    def step(self) -> None:
        """A step, or a part of one, is about to begin."""
        if self.watch is not None:
            self.watch.step(self.cells, self.total)
