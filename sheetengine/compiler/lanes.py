"""Lanes: what code over a batch gives, one value or array a member, or one that all share.

In: areas and grids. Out: grids whose first axis is the members.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from sheetengine.compiler.frame import AreaLanes, Batch, NeedsCells
from sheetengine.functions.arguments import WORTH_A_TAIL, read_whole
from sheetengine.grid import Grid
from sheetengine.values import CellError

Lanes: TypeAlias = Callable[[Batch], object]
"""Code over a batch: a scalar that all members share, a Grid of (members, rows, columns), or `AreaLanes` not read yet."""


def read_lanes(areas: AreaLanes, batch: Batch) -> Grid:
    """The values of areas, one a member; one area that all share has a first axis of one."""
    shared = areas.shared
    if shared is not None and shared.height > WORTH_A_TAIL:
        whole = read_whole(shared, batch)
        if isinstance(whole, CellError):
            raise NeedsCells
        return whole.reshape((1, *whole.shape))
    grid = areas.grid()
    if grid is None:
        raise NeedsCells
    return grid


def one_for_all(value: object) -> object:
    """A two-dimensional grid that all members share, with the members' axis."""
    return value.reshape((1, *value.shape)) if isinstance(value, Grid) and value.numbers.ndim == 2 else value
