"""A function called for all members of a block at once.

In: the function, the lanes of its arguments. Out: lanes. Arguments that all members share make one call. Single values that differ are
one call too, over arrays whose first axis is the members. Ranges that differ go through the function's batch form, where it has one.
Invariant: what the scalar form would see otherwise (a single cell, which is a range; an array of one element) raises `NeedsCells`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sheetengine.compiler import bound as b
from sheetengine.compiler.frame import AreaLanes, Batch, NeedsCells, refuse_large
from sheetengine.compiler.lanes import Lanes, one_for_all, read_lanes
from sheetengine.functions.arguments import dereference
from sheetengine.functions.call import invoke
from sheetengine.functions.library import FunctionSpec
from sheetengine.functions.stretch import common_shape
from sheetengine.functions.windows import Growing
from sheetengine.grid import NUMBER, Grid
from sheetengine.values import MISSING, Reference


def call_lanes(tree: b.FunctionCall, codes: Sequence[Lanes]) -> Lanes:
    """A call's answers, of the lanes of its arguments."""
    function = tree.function
    parameters = function.signature.assigned(len(codes))
    is_cell = [isinstance(argument, b.CellRead) for argument in tree.arguments]
    is_single = [parameter.kind.is_scalar for parameter in parameters]

    def call(batch: Batch) -> object:
        arguments: list[object] = []
        varying = lone = False
        for code, parameter, cell in zip(codes, parameters, is_cell, strict=True):
            argument = code(batch)
            if isinstance(argument, AreaLanes):
                if argument.shared is not None:
                    argument = Reference((argument.shared,))
                elif parameter.kind.is_scalar:
                    if function.toolpak:
                        # It takes no range for a single value; whether a member's is one cell, the scalar form sees.
                        raise NeedsCells
                    argument = read_lanes(argument, batch)
                else:
                    varying = True
            elif isinstance(argument, Grid) and not parameter.kind.is_scalar:
                if cell and function.batch is None:
                    # A single cell counts as a range here (SUM leaves its text out): only a reference says so.
                    raise NeedsCells
                if argument.shape[0] == 1 and not cell:
                    if argument.kinds is not None and argument.shape == (1, 1, 1):
                        # Whether it is a value or an array of one, which SUM tells apart, the scalar form knows.
                        raise NeedsCells
                    argument = argument[0]
                else:
                    varying = True
            elif cell and not parameter.kind.is_scalar:
                lone = True
            arguments.append(argument)
        if not varying:
            if lone:
                # One cell for all members: not its value but a reference to it is what the function takes.
                raise NeedsCells
            if function.first_elements and _lanes_of_single_values(arguments, is_single):
                raise NeedsCells
            _refuse_large(arguments, is_single)
            result = invoke(function, arguments, batch)
            if isinstance(result, Reference):
                result = dereference(result, batch)
            return one_for_all(result)
        return _call_batch(function, arguments, is_cell, is_single, batch)

    return call


def _lanes_of_single_values(arguments: Sequence[object], is_single: Sequence[bool]) -> bool:
    """Whether the members of a block give a function single values: each of them gets its answer whole."""
    grids = [argument for argument, single in zip(arguments, is_single, strict=True) if single and isinstance(argument, Grid)]
    return any(grid.numbers.ndim == 3 for grid in grids) and all(grid.shape[-2:] == (1, 1) for grid in grids)


def _refuse_large(arguments: Sequence[object], is_single: Sequence[bool]) -> None:
    """Raises `NeedsParts` where a function runs over more elements than are made at once."""
    shapes = [argument.shape for argument, single in zip(arguments, is_single, strict=True) if single and isinstance(argument, Grid)]
    if shapes:
        areas = [argument.area for argument, single in zip(arguments, is_single, strict=True) if single and isinstance(argument, Reference)]
        refuse_large(common_shape(shapes + [(area.height, area.width) for area in areas if area is not None]))


def _call_batch(
    function: FunctionSpec, arguments: Sequence[object], is_cell: Sequence[bool], is_single: Sequence[bool], batch: Batch
) -> object:
    """A function of ranges that differ from member to member, through its batch form."""
    if function.batch is None:
        raise NeedsCells
    # A single value (the criterion of COUNTIF) is taken as it is, whatever its kind.
    lanes = [
        _batch_argument(argument, cell or single or function.any_value, function, batch)
        for argument, cell, single in zip(arguments, is_cell, is_single, strict=True)
    ]
    with np.errstate(all="ignore"):
        found = function.batch(*lanes)
    if found is None:
        raise NeedsCells
    if not isinstance(found, Grid):
        found = Grid.from_numbers(found)
    return found.reshape((found.size, 1, 1))


def _batch_argument(argument: object, cell: bool, function: FunctionSpec, batch: Batch) -> Grid | Growing:
    """One argument as a batch form takes it; a value computed or written directly only where it is a number, coerced by nobody, or of any kind."""
    if isinstance(argument, AreaLanes):
        grid = argument.grid()
        if grid is not None:
            grid.tops = argument.tops
            return grid
        if not function.growing or argument.hull is None or argument.tops is None or argument.bottoms is None:
            raise NeedsCells
        return Growing(argument.hull(), argument.tops, argument.bottoms)
    if isinstance(argument, Reference):
        found = dereference(argument, batch)
        if not isinstance(found, Grid):
            found = Grid.from_flat([found], (1, 1))  # type: ignore[list-item]  # the scalar of one cell
        shared = found.reshape((1, *found.shape))
        shared.source = found.source
        return shared
    if isinstance(argument, Grid):
        lanes = argument if argument.numbers.ndim == 3 else argument.reshape((1, *argument.shape))
        if not cell and lanes.shape[1:] == (1, 1) and lanes.kinds is not None and not (lanes.kinds == NUMBER).all():
            raise NeedsCells
        return lanes
    if cell or type(argument) is float:
        return Grid.from_flat([None if argument is MISSING else argument], (1, 1, 1))  # type: ignore[list-item]  # a scalar
    raise NeedsCells
