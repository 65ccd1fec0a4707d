"""Iterative calculation: cells in a circle computed again and again until they settle.

In: the members of a circle of blocks. Out: their values. As Excel does it: at most so many passes, each over all cells by sheet,
row and column with the values that stand there, until no number changes by as much as the maximum change.
Source: Microsoft, "Remove or allow a circular reference".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sheetengine.recalc.live import Member
from sheetengine.values import Scalar


@dataclass(slots=True)
class Iteration:
    """Whether circles are computed, and for how long."""

    enabled: bool = False
    count: int = 100
    change: float = 0.001


def iterate(
    settings: Iteration,
    members: Sequence[Member],
    compute: Callable[[Member], object],
    keep: Callable[[Member, object], None],
    current: Callable[[Member], Scalar],
) -> int:
    """Passes until nothing changes enough; the answer is how many it took."""
    for passes in range(1, settings.count + 1):
        largest = 0.0
        for member in members:
            # A cell that was never computed starts from 0, as Excel's does.
            before = 0.0 if (standing := current(member)) is None else standing
            value = compute(member)
            keep(member, value)
            after = current(member)
            if isinstance(before, float) and isinstance(after, float):
                largest = max(largest, abs(after - before))
            elif before != after:
                largest = float("inf")
        if largest < settings.change:
            return passes
    return settings.count
