"""Arrays beside and below each other: HSTACK and VSTACK, of functions too.

In: ranges, arrays and single values, or functions for GROUPBY and PIVOTBY. Out: an array padded with #N/A, or a `FunctionStack`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from sheetengine.functions.context import Context
from sheetengine.functions.library import function
from sheetengine.functions.lookup.shapes import TOO_LARGE, fits, grid_of, padded
from sheetengine.functions.signature import Raw
from sheetengine.grid import Grid
from sheetengine.values import CALC, NA, CellError, Lambda, Reference

_CATEGORY: Final = "lookup and reference"
_SOURCE: Final = "Microsoft Support: {} function"


class FunctionStack(Lambda):
    """Functions beside or below each other, as HSTACK and VSTACK make them for GROUPBY and PIVOTBY; in a cell it is #CALC!."""

    __slots__ = ("across", "functions")

    def __init__(self, functions: Sequence[Lambda], across: bool) -> None:
        self.functions = functions
        self.across = across

    @property
    def least(self) -> int:
        """Arguments that cannot be left out."""
        return 1

    @property
    def most(self) -> int:
        """Arguments at the most."""
        return 255

    def __call__(self, *arguments: object) -> object:
        """It cannot be called: each function of it is."""
        return CALC


def _function_stack(arguments: Sequence[object], across: bool) -> FunctionStack | None:
    functions: list[Lambda] = []
    for argument in arguments:
        if isinstance(argument, FunctionStack):
            functions.extend(argument.functions)
        elif isinstance(argument, Lambda):
            functions.append(argument)
        else:
            return None
    return FunctionStack(functions, across)


def _single_areas(arguments: Sequence[object]) -> Iterator[object]:
    """The arguments, those of several areas (3-D references, unions) area by area."""
    for argument in arguments:
        if isinstance(argument, Reference):
            yield from (Reference((area,)) for area in argument.areas)
        else:
            yield argument


def _grids(arguments: Sequence[object], context: Context) -> list[Grid] | CellError:
    """Arguments as arrays; an error given by itself is an element like any other."""
    grids = []
    for argument in _single_areas(arguments):
        if isinstance(argument, CellError):
            grids.append(Grid.from_flat([argument], (1, 1)))
            continue
        grid = grid_of(argument, context)
        if isinstance(grid, CellError):
            return grid
        grids.append(grid)
    return grids


def joined(grids: Sequence[Grid], axis: int) -> Grid:
    """Grids one after the other along an axis; the other extents are the same."""
    pure = all(grid.kinds is None for grid in grids)
    return Grid(
        np.concatenate([grid.numbers for grid in grids], axis),
        None if pure else np.concatenate([grid.kind_plane() for grid in grids], axis),
        np.concatenate([grid.text_plane() for grid in grids], axis) if any(grid.texts is not None for grid in grids) else None,
    )


@function(
    "VSTACK",
    category=_CATEGORY,
    summary="Arrays below each other, narrower ones padded with #N/A.",
    examples={"=VSTACK({1,2},{3,4})": [[1.0, 2.0], [3.0, 4.0]], "=VSTACK({1,2},3)": [[1.0, 2.0], [3.0, CellError("#N/A")]]},
    source=_SOURCE.format("VSTACK"),
    future="_xlfn.",
)
def stack_down(array1: Raw, *arrays: Raw, context: Context) -> Grid | FunctionStack | CellError:
    """As wide as the widest."""
    functions = _function_stack((array1, *arrays), across=False)
    if functions is not None:
        return functions
    grids = _grids((array1, *arrays), context)
    if isinstance(grids, CellError):
        return grids
    width = max(grid.width for grid in grids)
    if not fits(sum(grid.height for grid in grids), width):
        return TOO_LARGE
    return joined([padded(grid, grid.height, width, NA) for grid in grids], 0)


@function(
    "HSTACK",
    category=_CATEGORY,
    summary="Arrays beside each other, lower ones padded with #N/A.",
    examples={"=HSTACK({1;2},{3;4})": [[1.0, 3.0], [2.0, 4.0]], "=HSTACK({1;2},3)": [[1.0, 3.0], [2.0, CellError("#N/A")]]},
    source=_SOURCE.format("HSTACK"),
    future="_xlfn.",
)
def stack_across(array1: Raw, *arrays: Raw, context: Context) -> Grid | FunctionStack | CellError:
    """As high as the highest."""
    functions = _function_stack((array1, *arrays), across=True)
    if functions is not None:
        return functions
    grids = _grids((array1, *arrays), context)
    if isinstance(grids, CellError):
        return grids
    height = max(grid.height for grid in grids)
    if not fits(height, sum(grid.width for grid in grids)):
        return TOO_LARGE
    return joined([padded(grid, height, grid.width, NA) for grid in grids], 1)
