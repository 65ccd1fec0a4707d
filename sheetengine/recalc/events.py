"""What a round did, as it tells those who listen: a trace, a progress bar.

In: what evaluation wrote. Out: `Event`s in order. Invariant: listening changes no value.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sheetengine.grid import Grid


@dataclass(frozen=True, slots=True, eq=False)
class Computed:
    """Cells of one block that were computed together, in order, with their values before and after (flat grids)."""

    block: int
    sheet: int
    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    before: Grid
    after: Grid
    seconds: float


@dataclass(frozen=True, slots=True, eq=False)
class Spilled:
    """Cells that an array filled or left, the cell of its formula excepted, with their values before and after (flat grids)."""

    sheet: int
    anchor: tuple[int, int]
    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    before: Grid
    after: Grid


@dataclass(frozen=True, slots=True)
class RoundBegan:
    """What was edited since the last round: cells, rectangles of sheets."""

    cells: tuple[tuple[int, int, int], ...]
    places: tuple[tuple[int, tuple[int, int, int, int]], ...]


@dataclass(frozen=True, slots=True)
class RoundEnded:
    """A round is through: how many cells it computed, how many restarts it took."""

    cells: int
    restarts: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A structural edit, or its undoing: the formulas whose text it changed, and the cells that it moved, as rectangles of sheets."""

    places: tuple[tuple[int, tuple[int, int, int, int]], ...]
    moved: tuple[tuple[int, tuple[int, int, int, int]], ...]


Event = Computed | Spilled | RoundBegan | RoundEnded | Rewritten
Listener = Callable[[Event], None]
