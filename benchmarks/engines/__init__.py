"""One adapter per engine: open and compute a file, edit a cell and recompute, read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from benchmarks.scenarios import Cell, Place


class Session(Protocol):
    """An opened and computed workbook."""

    def editor(self, edit: Place, result: Place) -> Callable[[Cell], object]:
        """A function that writes a value into one cell, recomputes all its dependents and answers what another cell holds."""

    def column(self, sheet: str, column: int, first: int, count: int) -> list[object]:
        """Values of a column."""


class Engine(Protocol):
    """An engine as this benchmark drives it."""

    name: str

    def version(self) -> str: ...

    def open(self, path: str) -> Session:
        """Open a file and compute everything in it."""


def engines() -> list[Engine]:
    """All that are installed, ours first."""
    from benchmarks.engines.ours import Ours

    found: list[Engine] = [Ours()]
    try:
        from benchmarks.engines.formualizer_peer import Formualizer

        found.append(Formualizer())
    except ImportError as missing:
        print(f"no formualizer: {missing}")
    try:
        from benchmarks.engines.ironcalc_peer import IronCalc

        found.append(IronCalc())
    except ImportError as missing:
        print(f"no IronCalc: {missing}")
    return found
