"""A call of a function: arguments coerced, arrays run over, errors passed on, the answer made a value.

In: a `FunctionSpec`, evaluated arguments (scalar, Grid, Reference, Lambda, MISSING), a `Context`. Out: a value.
Invariants: the first argument in order that is an error answers the call; an unexpected Python exception is not caught
here (only overflow is: it is Excel's #NUM!).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sheetengine.coerce import (
    MOST_CHARACTERS,
    Errors,
    first_errors,
    plane_booleans,
    plane_numbers,
    plane_texts,
    to_boolean,
    to_number,
    to_text,
)
from sheetengine.functions.context import Context
from sheetengine.functions.library import FunctionSpec
from sheetengine.functions.signature import Kind, Parameter
from sheetengine.functions.toolpak import toolpak_argument
from sheetengine.grid import ERROR, NUMBER, Grid
from sheetengine.values import MISSING, NA, NUM, VALUE, Area, CellError, Lambda, Reference, Scalar, error_from_id, error_id

_LAST_DAY = 2958465.0
_MOST_READ = 1 << 25
"""Cells of 32 whole columns: 300 MB."""


def invoke(spec: FunctionSpec, arguments: Sequence[object], context: Context) -> object:
    """Call a function with evaluated arguments; the number of them was checked when the formula was bound."""
    parameters = spec.signature.assigned(len(arguments))
    values: list[object] = []
    lifted = False
    rest: list[object] | None = None
    for place, (argument, parameter) in enumerate(zip(arguments, parameters, strict=True)):
        kind = parameter.kind
        if kind is Kind.ALL_NUMBERS:
            rest = [] if rest is None else rest
            rest.append(argument)
            continue
        if kind.is_scalar:
            if spec.toolpak:
                argument = toolpak_argument(argument, parameter, context)
            elif isinstance(argument, Reference):
                argument = dereference(argument, context)
            if isinstance(argument, Grid):
                if argument.shape == (1, 1):
                    argument = argument.item(0, 0)
                else:
                    lifted = True
                    values.append(argument)
                    continue
            value = scalar_argument(argument, parameter, context.date1904)
        else:
            value = whole_argument(argument, parameter, context)
        if isinstance(value, CellError) and kind is not Kind.ANY and kind is not Kind.RAW:
            if lifted or _lift(arguments[place + 1 :], parameters[place + 1 :]):
                # An error beside an array joins every lane in its turn: it does not outrank the errors before it.
                values.append(value)
                continue
            return value
        values.append(value)
    if rest is not None:
        numbers = collect_numbers(rest, context)
        if isinstance(numbers, CellError):
            return numbers
        values.append(numbers)
    elif spec.signature.gathers:
        values.append(np.empty(0))
    if lifted:
        return run_over(spec, parameters[: len(values)], values, context)
    return call_body(spec, values, context)


def _lift(arguments: Sequence[object], parameters: Sequence[Parameter]) -> bool:
    """Whether one of these arguments makes the call run over its elements."""
    for argument, parameter in zip(arguments, parameters, strict=True):
        if not parameter.kind.is_scalar:
            continue
        if isinstance(argument, Reference):
            area = argument.area
            if area is not None and (area.height > 1 or area.width > 1):
                return True
        elif isinstance(argument, Grid) and argument.shape != (1, 1):
            return True
    return False


def call_body(spec: FunctionSpec, values: Sequence[object], context: Context) -> object:
    """The body on coerced arguments."""
    try:
        result = spec.body(*values, context=context) if spec.signature.context else spec.body(*values)
    except OverflowError:
        return NUM
    return finish(result)


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
    return context.read(area)


def scalar_argument(argument: object, parameter: Parameter, date1904: bool) -> object:
    """One scalar coerced to its parameter's kind."""
    kind = parameter.kind
    if argument is MISSING:
        if parameter.default is None:
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
    return math.floor(number) + 0.0 if 0.0 <= number < _LAST_DAY + 1.0 else NUM


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
    if grid.kinds is None:
        return grid.numbers.reshape(-1)
    error = grid.first_error()
    if error is not None:
        return error
    numbers: NDArray[np.float64] = grid.numbers[grid.kinds == NUMBER]
    return numbers


# -- running over arrays -----------------------------------------------------------------------------------------------


def common_shape(shapes: Sequence[tuple[int, ...]]) -> tuple[int, ...]:
    """The shape of an array operation: the largest extent along each axis.

    >>> common_shape([(1, 3), (2, 1), (2, 2)])
    (2, 3)
    """
    deepest = max(map(len, shapes))
    padded = [(1,) * (deepest - len(shape)) + shape for shape in shapes]
    return tuple(max(extents) for extents in zip(*padded, strict=True))


def fit(grid: Grid, shape: tuple[int, ...]) -> Grid:
    """A grid stretched to a shape as Excel does: extents of 1 repeat, what is missing otherwise is #N/A.

    >>> fit(Grid.from_rows([[1.0, 2.0]]), (1, 3)).rows()[0][2]
    CellError(code='#N/A', message='', origin=None)
    """
    if grid.shape == shape:
        return grid
    if all(own in (1, wanted) for own, wanted in zip(grid.shape[::-1], shape[::-1], strict=False)):
        return grid.broadcast(shape)
    own = (1,) * (len(shape) - len(grid.shape)) + grid.shape
    stretched = grid.reshape(own).broadcast(tuple(wanted if extent == 1 else extent for extent, wanted in zip(own, shape, strict=True)))
    numbers = np.full(shape, float(error_id(NA)))
    kinds = np.full(shape, ERROR, np.uint8)
    texts = None if stretched.texts is None else np.full(shape, None, dtype=object)
    inside = tuple(slice(0, extent) for extent in stretched.shape)
    numbers[inside] = stretched.numbers
    kinds[inside] = stretched.kind_plane()
    if texts is not None:
        texts[inside] = stretched.text_plane()
    return Grid(numbers, kinds, texts)


def run_over(spec: FunctionSpec, parameters: Sequence[Parameter], values: Sequence[object], context: Context) -> Grid:
    """The function over the elements of the grids given for its scalar parameters; any number of axes."""
    shape = common_shape([value.shape for value, p in zip(values, parameters, strict=True) if isinstance(value, Grid) and p.kind.is_scalar])
    count = math.prod(shape)
    lanes: list[Any] = []
    errors: Errors | None = None
    for value, parameter in zip(values, parameters, strict=True):
        if isinstance(value, CellError) and parameter.kind is not Kind.ANY and parameter.kind is not Kind.RAW:
            errors = first_errors(errors, np.full(count, error_id(value), np.int64))
            lanes.append(None)
        elif parameter.kind.is_scalar and isinstance(value, Grid):
            lane, wrong = lane_of(fit(value, shape).reshape((count,)), parameter, context.date1904)
            lanes.append(lane)
            errors = first_errors(errors, wrong)
        else:
            lanes.append(value)
    good = None if errors is None else np.flatnonzero(errors < 0)
    if good is not None:
        lanes = [
            lane[good] if p.kind.is_scalar and isinstance(lane, np.ndarray | Grid) else lane
            for lane, p in zip(lanes, parameters, strict=True)
        ]
    answers = _answers(spec, parameters, lanes, count if good is None else len(good), context)
    if good is None:
        return answers.reshape(shape)
    assert errors is not None
    numbers = errors.astype(np.float64)
    kinds = np.full(count, ERROR, np.uint8)
    numbers[good] = answers.numbers
    kinds[good] = answers.kind_plane()
    texts = None
    if answers.texts is not None:
        texts = np.full(count, None, dtype=object)
        texts[good] = answers.texts
    return Grid(numbers, kinds, texts).reshape(shape)


def lane_of(grid: Grid, parameter: Parameter, date1904: bool) -> tuple[Any, Errors | None]:
    """A flat grid as the array a vector form takes for a parameter, and its errors."""
    kind = parameter.kind
    if kind is Kind.NUMBER:
        return plane_numbers(grid, date1904)
    if kind is Kind.TEXT:
        return plane_texts(grid)
    if kind is Kind.BOOLEAN:
        return plane_booleans(grid)
    if kind is Kind.VALUE:
        return grid, grid.error_plane()
    if kind is Kind.ANY:
        return grid, None
    numbers, errors = plane_numbers(grid, date1904)
    if kind is Kind.INTEGER:
        huge = np.abs(numbers) >= 2.0**62
        if huge.any():
            # Python's integers have no bound, numpy's do: such lanes go one by one.
            whole = np.empty(numbers.shape, dtype=object)
            whole[:] = [int(number) for number in numbers.tolist()]
            return whole, errors
        return numbers.astype(np.int64), errors
    outside = (numbers < 0.0) | (numbers >= _LAST_DAY + 1.0)
    if outside.any():
        errors = first_errors(errors, np.where(outside, error_id(NUM), -1))
    return np.floor(numbers), errors


def _answers(spec: FunctionSpec, parameters: Sequence[Parameter], lanes: Sequence[Any], count: int, context: Context) -> Grid:
    """One answer per lane, flat, through the vector form where there is one."""
    if count == 0:
        return Grid(np.empty(0))
    if spec.vector is not None and not any(
        isinstance(lane, np.ndarray) and lane.dtype == object and p.kind is Kind.INTEGER for lane, p in zip(lanes, parameters, strict=True)
    ):
        with np.errstate(all="ignore"):
            found = spec.vector(*lanes, context=context) if spec.signature.context else spec.vector(*lanes)
        if not isinstance(found, Grid):
            found = Grid.from_numbers(found)
        return found if found.shape == (count,) else found.broadcast((count,))
    columns = [_column(lane, parameter, count) for lane, parameter in zip(lanes, parameters, strict=True)]
    keywords = {"context": context} if spec.signature.context else {}
    body = spec.body
    scalars: list[Scalar] = []
    single = [place for place, parameter in enumerate(parameters) if parameter.kind.is_scalar]
    known: dict[object, Scalar] = {}
    pure = not spec.volatile and spec.category != "user"
    for row in zip(*columns, strict=True):
        # What is given whole is the same for all lanes: lanes that agree in the rest have one answer (of a function that is pure).
        key = tuple([(row[place].__class__, row[place]) for place in single])
        if pure and key in known:
            scalars.append(known[key])
            continue
        try:
            value = finish(body(*row, **keywords))
        except OverflowError:
            value = NUM
        if isinstance(value, Reference):
            value = dereference(value, context)
        if isinstance(value, Grid):
            # Arrays do not nest: of an answer that is an array, the first element counts.
            value = value.item(0, 0) if value.size == 1 else context.single(value)
        elif isinstance(value, Lambda):
            value = CellError("#CALC!", "a function is no element of an array")
        known[key] = value  # type: ignore[assignment]
        scalars.append(value)  # type: ignore[arg-type]
    return Grid.from_flat(scalars, (count,))


def _column(lane: Any, parameter: Parameter, count: int) -> list[Any]:
    if parameter.kind.is_scalar:
        if isinstance(lane, Grid):
            return lane.flat()
        if isinstance(lane, np.ndarray):
            plain: list[Any] = lane.tolist()
            return plain
    return [lane] * count


__all__ = [
    "as_grid",
    "call_body",
    "collect_numbers",
    "common_shape",
    "dereference",
    "error_from_id",
    "finish",
    "fit",
    "invoke",
    "numbers_of",
    "run_over",
    "scalar_argument",
    "sorted_numbers",
]
