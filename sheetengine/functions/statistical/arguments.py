"""All arguments of a function such as AVERAGE, for one formula: what counts of each, and where it stands.

In: evaluated arguments. Out: parts, one for each area, array or single value, or the first error in their order. A value written
directly is coerced (#VALUE! where it cannot be); what counts of a range or an array is up to a `Rule`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sheetengine.coerce import to_number
from sheetengine.functions.context import Context
from sheetengine.functions.math.sums import read_used
from sheetengine.functions.ordered_sum import ordered_sum
from sheetengine.functions.windows import Mask, Rule
from sheetengine.grid import Grid, Numbers
from sheetengine.tails import Tailed
from sheetengine.values import MISSING, VALUE, CellError, Lambda, Reference


class Part(NamedTuple):
    """Numbers of one rectangle, 0.0 where `counted` (None: everywhere) is false; its absolute first row."""

    numbers: Numbers
    counted: Mask | None
    top_row: int

    @property
    def size(self) -> int:
        """How many cells count."""
        return self.numbers.size if self.counted is None else int(np.count_nonzero(self.counted))

    @property
    def total(self) -> float:
        """Their sum, in SUM's order."""
        return ordered_sum(self.numbers, self.top_row)

    @property
    def chosen(self) -> Numbers:
        """The cells that count, flat."""
        flat: Numbers = self.numbers.reshape(-1) if self.counted is None else self.numbers[self.counted]
        return flat

    def squares(self, centre: float) -> float:
        """The sum of their squared distances from a centre."""
        apart = self.numbers - centre
        if self.counted is not None:
            apart *= self.counted
        return ordered_sum(apart * apart, self.top_row)


def parts_of(arguments: Sequence[object], rule: Rule, context: Context) -> list[Part] | CellError:
    """What counts of all arguments."""
    parts: list[Part] = []
    for argument in arguments:
        if isinstance(argument, Reference):
            for area in argument.areas:
                grid = read_used(area, context)
                if grid is None:
                    continue
                error = grid.first_error()
                if error is not None:
                    return error
                parts.append(Part(*rule(grid), area.top if grid.source is None else grid.source.top))
        elif isinstance(argument, Grid):
            error = argument.first_error()
            if error is not None:
                return error
            top = 0 if argument.source is None else argument.source.top
            parts.append(Part(*rule(_counted(argument, rule)), top))
        elif isinstance(argument, Lambda):
            return VALUE
        else:
            number = to_number(None if argument is MISSING else argument, context.date1904)  # type: ignore[arg-type]
            if isinstance(number, CellError):
                return number
            parts.append(Part(np.array([[number]]), None, 0))
    return parts


def _counted(grid: Grid, rule: Rule) -> Grid:
    """A grid without the alike rows at its end, where nothing in them counts."""
    if not isinstance(grid, Tailed):
        return grid
    _, counted = rule(grid.last)
    return grid if counted is None or counted.any() else grid.head
