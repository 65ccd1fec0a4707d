"""What goes into a function's body and what comes out: arguments coerced to their parameters, ranges read, answers made values.

In: evaluated arguments (scalar, Grid, Reference, Lambda, MISSING). Out: what a parameter's kind asks for, or the error that answers
the call. Invariant: a range much higher than what is used of it is read as a `Tailed` grid, never row by row.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sheetengine.coerce import MOST_CHARACTERS, to_boolean, to_number, to_text
from sheetengine.functions.context import Context
from sheetengine.functions.signature import Kind, Parameter
from sheetengine.grid import NUMBER, Grid
from sheetengine.tails import Tailed
from sheetengine.values import MISSING, NUM, VALUE, Area, CellError, Lambda, Reference, Scalar

LAST_DAY: Final = 2958465.0
_MOST_READ: Final = 1 << 25
"""Cells of 32 whole columns: 300 MB."""

WORTH_A_TAIL: Final = 1024
"""So many unused rows at the end of a range are kept as one."""


def dereference(reference: Reference, context: Context) -> object:
    """The values a reference means: a scalar for one cell, a grid for one area, #VALUE! for several."""
    area = reference.area
    if area is None:
        return VALUE
    if area.top == area.bottom and area.left == area.right:
        return context.cell(area.sheet, area.top, area.left)
    return read_whole(area, context)


def read_whole(area: Area, context: Context) -> Grid | CellError:
    """All cells of an area, blanks and all; #NUM! where they are more than can be held."""
    if area.height * area.width > _MOST_READ:
        return CellError("#NUM!", f"a range of {area.height:,} x {area.width:,} cells is too large to be read whole")
    return _tailed(area, context) if area.height > WORTH_A_TAIL else context.read(area)


def _tailed(area: Area, context: Context) -> Grid:
    used = context.used(area)
    bottom = area.top if used is None else used.bottom + 1
    if area.bottom - bottom < WORTH_A_TAIL:
        return context.read(area)
    return Tailed(context.read(area._replace(bottom=bottom)), area.height, area)


def scalar_argument(argument: object, parameter: Parameter, date1904: bool) -> object:
    """One scalar coerced to its parameter's kind."""
    kind = parameter.kind
    if argument is MISSING:
        if parameter.default is None or parameter.omissible:
            return None
        argument = None
    if isinstance(argument, CellError):
        return argument
    if isinstance(argument, Lambda):
        return argument if kind is Kind.ANY else VALUE
    scalar: Scalar = argument  # type: ignore[assignment]  # nothing else is left
    if kind is Kind.NUMBER:
        return scalar if type(scalar) is float else to_number(scalar, date1904)
    if kind is Kind.TEXT:
        return to_text(scalar)
    if kind is Kind.BOOLEAN:
        return to_boolean(scalar)
    if kind is Kind.INTEGER or kind is Kind.DATE:
        number = to_number(scalar, date1904)
        return number if isinstance(number, CellError) else _whole(number, kind)
    return scalar


def _whole(number: float, kind: Kind) -> object:
    if kind is Kind.INTEGER:
        return int(number)
    return math.floor(number) + 0.0 if 0.0 <= number < LAST_DAY + 1.0 else NUM


def whole_argument(argument: object, parameter: Parameter, context: Context) -> object:
    """One argument for a parameter that takes it whole."""
    kind = parameter.kind
    if argument is MISSING and parameter.default is None:
        return None
    if kind is Kind.RAW:
        return argument
    if isinstance(argument, CellError):
        return argument
    if kind is Kind.ARRAY:
        return as_grid(argument, context)
    if kind is Kind.NUMBERS:
        return collect_numbers([argument], context)
    if kind is Kind.SORTED:
        return sorted_numbers(argument, context)
    if kind is Kind.FUNCTION:
        return argument if isinstance(argument, Lambda) else VALUE
    return argument if isinstance(argument, Reference) else VALUE


def as_grid(argument: object, context: Context) -> Grid | CellError:
    """Any value as a two-dimensional grid; several areas are #VALUE!."""
    if isinstance(argument, Grid):
        return argument
    if isinstance(argument, Reference):
        area = argument.area
        return VALUE if area is None else read_whole(area, context)
    if argument is MISSING:
        return Grid.from_flat([None], (1, 1))
    if isinstance(argument, Lambda):
        return VALUE
    return Grid.from_flat([argument], (1, 1))  # type: ignore[list-item]  # a scalar


def collect_numbers(arguments: Sequence[object], context: Context) -> NDArray[np.float64] | CellError:
    """All numbers of the arguments, flat, by the rule of SUM; the first error in order answers."""
    parts: list[NDArray[np.float64]] = []
    for argument in arguments:
        if isinstance(argument, Reference):
            for area in argument.areas:
                used = context.used(area)
                if used is None:
                    continue
                found = numbers_of(context.read(used))
                if isinstance(found, CellError):
                    return found
                parts.append(found)
        elif isinstance(argument, Grid):
            found = numbers_of(argument)
            if isinstance(found, CellError):
                return found
            parts.append(found)
        elif isinstance(argument, Lambda):
            return VALUE
        else:
            number = to_number(None if argument is MISSING else argument, context.date1904)  # type: ignore[arg-type]
            if isinstance(number, CellError):
                return number
            parts.append(np.array([number]))
    return parts[0] if len(parts) == 1 else np.concatenate(parts) if parts else np.empty(0)


def sorted_numbers(argument: object, context: Context) -> NDArray[np.float64] | CellError:
    """`collect_numbers` of one argument, in ascending order; kept with the grid of a range that the engine keeps."""
    if isinstance(argument, Reference) and argument.area is not None:
        used = context.used(argument.area)
        if used is None:
            return np.empty(0)
        grid = context.read(used)
        if grid.memo is None:
            numbers = numbers_of(grid)
            return numbers if isinstance(numbers, CellError) else np.sort(numbers)
        kept: NDArray[np.float64] | CellError | None = grid.memo.get("sorted")  # type: ignore[assignment]  # what is put there below
        if kept is None:
            numbers = numbers_of(grid)
            kept = numbers if isinstance(numbers, CellError) else np.sort(numbers)
            grid.memo["sorted"] = kept
        return kept
    numbers = collect_numbers([argument], context)
    return numbers if isinstance(numbers, CellError) else np.sort(numbers)


def numbers_of(grid: Grid) -> NDArray[np.float64] | CellError:
    """The numbers of a range or array, flat in row-major order: blanks, texts and booleans do not count."""
    if isinstance(grid, Tailed) and grid.part.kinds is not None:
        given, alike = numbers_of(grid.part), numbers_of(grid.last)
        if isinstance(given, CellError) or isinstance(alike, CellError) or not alike.size:
            return given
        return np.concatenate((given, np.tile(alike, grid.rest)))
    if grid.kinds is None:
        return grid.numbers.reshape(-1)
    error = grid.first_error()
    if error is not None:
        return error
    numbers: NDArray[np.float64] = grid.numbers[grid.kinds == NUMBER]
    return numbers


def finish(result: object) -> object:
    """A body's answer as a value: numbers finite and without -0, texts no longer than a cell holds."""
    if type(result) is float:
        return result + 0.0 if result - result == 0.0 else NUM
    if isinstance(result, bool) or result is None:
        return result
    if isinstance(result, str):
        return result if len(result) <= MOST_CHARACTERS else VALUE
    if isinstance(result, np.bool_):
        return bool(result)
    if isinstance(result, int | np.integer | np.floating):
        number = float(result)
        return number + 0.0 if math.isfinite(number) else NUM
    return result
