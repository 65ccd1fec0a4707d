"""What the vector forms of lookup functions share: rows and columns of arguments, gathering, and the body lane by lane."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from sheetengine.functions.arguments import dereference, finish
from sheetengine.functions.context import Context
from sheetengine.grid import ERROR, NUMBER, Grid
from sheetengine.values import MISSING, NA_ID, VALUE, Area, CellError, Lambda, Reference


def table_of(argument: object) -> Area | Grid | CellError:
    """An argument that is one area or an array; a scalar is an array of one element, several areas are #VALUE!."""
    if isinstance(argument, Reference):
        return VALUE if argument.area is None else argument.area
    if isinstance(argument, Grid | CellError):
        return argument
    if isinstance(argument, Lambda):
        return VALUE
    return Grid.from_flat([None if argument is MISSING else argument], (1, 1))  # type: ignore[list-item]  # a scalar


def each_lane(body: Callable[..., object], arguments: Sequence[object], whole: frozenset[int], context: Context) -> Grid:
    """A body's answers one by one, for the cases a vector form does not have; `whole` are the places that are not lanes."""
    lanes = [index not in whole and isinstance(argument, Grid | np.ndarray) for index, argument in enumerate(arguments)]
    count = max(argument.size for argument, lane in zip(arguments, lanes, strict=True) if lane)  # type: ignore[attr-defined]
    columns: list[list[object]] = []
    for argument, lane in zip(arguments, lanes, strict=True):
        if not lane:
            columns.append([argument] * count)
        elif isinstance(argument, Grid):
            columns.append(list(argument.flat()))
        else:
            columns.append(argument.tolist())  # type: ignore[attr-defined]  # an array
    answers = []
    for row in zip(*columns, strict=True):
        answer = finish(body(*row, context=context))
        if isinstance(answer, Reference):
            answer = dereference(answer, context)
        if isinstance(answer, Grid):
            # Arrays do not nest: of an answer that is an array, the first element counts.
            answer = answer.item(0, 0) if answer.size == 1 else context.single(answer)
        elif isinstance(answer, Lambda):
            answer = CellError("#CALC!", "a function is no element of an array")
        answers.append(answer)
    return Grid.from_flat(answers, (count,))  # type: ignore[arg-type]  # scalars by now


def gather(cells: Grid, places: NDArray[np.int64], error: int = NA_ID) -> Grid:
    """The cells of a flat grid at some places; a negative place is an error (#N/A)."""
    missing = places < 0
    if not missing.any():
        return cells[places]
    if not cells.size:
        return Grid(np.full(places.shape, float(error)), np.full(places.shape, ERROR, np.uint8))
    found = cells[np.where(missing, 0, places)]
    numbers = np.where(missing, float(error), found.numbers)
    kinds = np.where(missing, np.uint8(ERROR), found.kind_plane())
    return Grid(numbers, kinds, found.texts)


def places_grid(places: NDArray[np.int64]) -> Grid:
    """0-based places as Excel counts them, #N/A for those below zero."""
    missing = places < 0
    if not missing.any():
        return Grid(places.astype(np.float64) + 1.0)
    return Grid(np.where(missing, float(NA_ID), places.astype(np.float64) + 1.0), np.where(missing, np.uint8(ERROR), np.uint8(NUMBER)))
