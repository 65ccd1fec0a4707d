"""Arrays of different shapes as one operation sees them: stretched to a common shape, and their alike rows at the end kept in one.

In: grids. Out: grids of one shape. Invariant: extents of 1 repeat, what is missing otherwise is #N/A, as in Excel.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from sheetengine.grid import ERROR, MOST_HELD, Grid, TooLarge
from sheetengine.tails import Tailed
from sheetengine.values import NA, error_id


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
    if math.prod(shape) > MOST_HELD:
        raise TooLarge
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


def over_parts(values: Sequence[object], compute: Callable[[Sequence[object]], Grid]) -> Grid:
    """An operation element by element, computed once for all rows at the end that are alike in every array it is given."""
    parts = _parts(values)
    if parts is None:
        return compute(values)
    height, rows, cut = parts
    found = compute(cut)
    return Tailed(found, height) if found.height == rows else compute(values)


def _parts(values: Sequence[object]) -> tuple[int, int, list[object]] | None:
    """The height of the arrays, and all of them cut to the rows that differ and one more; None where none has a tail."""
    grids = [value for value in values if isinstance(value, Grid)]
    tailed = [grid for grid in grids if isinstance(grid, Tailed)]
    if not tailed or any(len(grid.shape) > 2 and grid.shape[0] > 1 for grid in grids):
        return None
    height = tailed[0].height
    rows = 1
    for grid in grids:
        if grid.height > height or (grid.height == height and not isinstance(grid, Tailed)):
            return None
        if isinstance(grid, Tailed):
            if grid.height < height:
                return None
            rows = max(rows, grid.part.height)
        elif grid.height > 1:
            # Behind the end of a lower array every row is #N/A, and the first of them stands for all.
            rows = max(rows, grid.height + 1)
    if rows >= height:
        return None
    return height, rows, [_cut(value, height, rows) if isinstance(value, Grid) else value for value in values]


def _cut(grid: Grid, height: int, rows: int) -> Grid:
    if grid.height == 1:
        return grid
    if isinstance(grid, Tailed):
        return grid.longer(rows)
    return fit(grid, (*grid.shape[:-2], rows, grid.width))
