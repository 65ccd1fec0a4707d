"""A function over the elements of arrays given for its single values.

In: coerced arguments, some of them grids. Out: a grid of answers. Invariants: an error joins its lane in the order of the
parameters; the vector form of a function gives what its body gives one by one, to the bit.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from sheetengine.coerce import Errors, first_errors, plane_booleans, plane_numbers, plane_texts
from sheetengine.functions.arguments import LAST_DAY, finish
from sheetengine.functions.context import Context
from sheetengine.functions.library import FunctionSpec
from sheetengine.functions.reference_arrays import ReferenceArray
from sheetengine.functions.signature import Kind, Parameter
from sheetengine.functions.stretch import common_shape, fit, over_parts
from sheetengine.grid import ERROR, Grid
from sheetengine.tails import Tailed
from sheetengine.values import NUM, VALUE, CellError, Lambda, Reference, Scalar, error_from_id, error_id


def run_over(spec: FunctionSpec, parameters: Sequence[Parameter], values: Sequence[object], context: Context) -> Grid:
    """The function over the elements of the grids given for its scalar parameters; any number of axes."""
    if not any(isinstance(value, Tailed) for value in values) or spec.volatile or spec.category == "user":
        return _over_elements(spec, parameters, values, context)

    def over(single: Sequence[object]) -> Grid:
        given = [one if p.kind.is_scalar else value for one, value, p in zip(single, values, parameters, strict=True)]
        return _over_elements(spec, parameters, given, context)

    return over_parts([value if p.kind.is_scalar else None for value, p in zip(values, parameters, strict=True)], over)


def _over_elements(spec: FunctionSpec, parameters: Sequence[Parameter], values: Sequence[object], context: Context) -> Grid:
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
    references: list[object] | None = [] if spec.dynamic else None
    answers = _answers(spec, parameters, lanes, count if good is None else len(good), context, references)
    if good is None:
        return _with_references(answers.reshape(shape), references)
    assert errors is not None
    numbers = errors.astype(np.float64)
    kinds = np.full(count, ERROR, np.uint8)
    numbers[good] = answers.numbers
    kinds[good] = answers.kind_plane()
    texts = None
    if answers.texts is not None:
        texts = np.full(count, None, dtype=object)
        texts[good] = answers.texts
    if references is not None:
        own = iter(references)
        references = [next(own) if error < 0 else error_from_id(error) for error in errors.tolist()]
    return _with_references(Grid(numbers, kinds, texts).reshape(shape), references)


def _with_references(answers: Grid, references: list[object] | None) -> Grid:
    found = references and any(isinstance(reference, Reference) for reference in references)
    return ReferenceArray(answers, references) if found and references is not None and len(answers.shape) == 2 else answers


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
    outside = (numbers < 0.0) | (numbers >= LAST_DAY + 1.0)
    if outside.any():
        errors = first_errors(errors, np.where(outside, error_id(NUM), -1))
    return np.floor(numbers), errors


def _answers(
    spec: FunctionSpec, parameters: Sequence[Parameter], lanes: Sequence[Any], count: int, context: Context, references: list[object] | None
) -> Grid:
    """One answer per lane, flat, through the vector form where there is one; `references` notes those that are references."""
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
        if references is not None:
            references.append(value)
        if isinstance(value, Reference):
            area = value.area
            # Of several cells only the first counts here: those who want them all have the reference.
            value = VALUE if area is None else context.cell(area.sheet, area.top, area.left)
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
