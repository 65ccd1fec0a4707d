"""Functions that call a function for each element, row or column of an array: MAP, REDUCE, SCAN, BYROW, BYCOL, MAKEARRAY.

In: arrays, and a `Lambda`. Out: what its calls answered, as an array. Invariants: the elements of a range are references to its cells,
as in Excel (ROW, SUBTOTAL, COUNTIF and OFFSET take them; a text among them is left out by SUM), those of a computed array are values.
Many calls are made all at once where the lambda can, with the same answers to the bit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, overload

import numpy as np

from sheetengine.functions.arguments import as_grid
from sheetengine.functions.context import Context
from sheetengine.functions.library import function
from sheetengine.functions.signature import Array, Function, Integer, Raw
from sheetengine.grid import Grid
from sheetengine.tails import Tailed
from sheetengine.values import CALC, MISSING, NA, VALUE, Area, CellError, Lambda, Reference, Scalar

_CATEGORY = "logical"
_SOURCE = "Microsoft Support: {} function"
_NESTED = CellError("#CALC!", "arrays cannot hold arrays")

MANY: Final = 16
"""From so many calls on they are made at once: for fewer the array operations cost more than the calls (measured: docs/decisions/0015)."""


def _element(value: object) -> Scalar:
    """What a lambda answered as one element of an array."""
    if isinstance(value, Grid):
        return value.item(0, 0) if value.shape == (1, 1) else _NESTED
    if isinstance(value, (Lambda, Reference)):
        return CALC
    return None if value is MISSING else value  # type: ignore[return-value]  # a scalar


def _takes(callee: Lambda, count: int) -> bool:
    return callee.least <= count <= callee.most


class _Cells(Sequence[object]):
    """Cells of an area, counted row by row: each is made a reference where it is asked for."""

    def __init__(self, area: Area, places: range) -> None:
        self._area = area
        self._places = places

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, place: int) -> Reference: ...

    @overload
    def __getitem__(self, place: slice) -> _Cells: ...

    def __getitem__(self, place: int | slice) -> Reference | _Cells:
        if isinstance(place, slice):
            return _Cells(self._area, self._places[place])
        down, right = divmod(self._places[place], self._area.width)
        row, column = self._area.top + down, self._area.left + right
        return Reference((Area(self._area.sheet, row, column, row, column),))


def _elements(grid: Grid) -> Sequence[object]:
    """The elements row by row: of a range references."""
    return grid.flat() if grid.source is None else _Cells(grid.source, range(grid.size))


def _members(grid: Grid) -> Grid:
    """The elements as the members of calls made at once."""
    flat = grid.reshape((grid.size, 1, 1))
    if grid.source is not None:
        flat.source = grid.source
        flat.tops = np.repeat(np.arange(grid.source.top, grid.source.bottom + 1), grid.width)
    return flat


def _calls(
    callee: Lambda, arguments: Sequence[Grid], one_by_one: Callable[[], Iterable[Scalar]], shape: tuple[int, int]
) -> Grid | CellError:
    """The answers of all calls: at once where they are many and the lambda can, else one by one."""
    count = arguments[0].shape[0]
    if not _takes(callee, len(arguments)):
        return VALUE
    if count >= MANY:
        with np.errstate(all="ignore"):
            found = callee.over(arguments)
        if found is not None:
            return found.reshape(shape)
    return _gathered(one_by_one(), shape)


def _gathered(answers: Iterable[Scalar], shape: tuple[int, int]) -> Grid | CellError:
    """The answers as an array, whose rows go on like the last where the answers end.

    Arrays do not nest: one among the answers is the end of all, and of the calls that make them.
    """
    found: list[Scalar] = []
    for answer in answers:
        if answer is _NESTED:
            return _NESTED
        found.append(answer)
    height = len(found) // shape[1]
    grid = Grid.from_flat(found, (height, shape[1]))
    return grid if height == shape[0] else Tailed(grid, shape[0])


@function(
    "MAP",
    category=_CATEGORY,
    summary="An array made by a function of each element.",
    examples={"=MAP({1,2,3},LAMBDA(x,x^2))": [[1.0, 4.0, 9.0]]},
    source=_SOURCE.format("MAP"),
    future="_xlfn.",
)
def map_(array1: Raw, *arrays_and_lambda: Raw, context: Context) -> object:
    """Call a lambda with the elements of one or more arrays of one shape; what is missing in a smaller one is #N/A."""
    if not arrays_and_lambda:
        return VALUE
    callee = arrays_and_lambda[-1]
    if not isinstance(callee, Lambda):
        return callee if isinstance(callee, CellError) else VALUE
    grids = []
    for argument in (array1, *arrays_and_lambda[:-1]):
        grid = as_grid(argument, context) if not isinstance(argument, CellError) else argument
        if isinstance(grid, CellError):
            return grid
        grids.append(grid)
    if not _takes(callee, len(grids)):
        return VALUE
    shape = max(g.height for g in grids), max(g.width for g in grids)
    if any(grid.shape != shape for grid in grids):
        columns = [_padded(grid, shape) for grid in grids]
        return _gathered((_element(callee(*values)) for values in zip(*columns, strict=True)), shape)

    def one_by_one() -> Iterator[Scalar]:
        return (_element(callee(*values)) for values in zip(*map(_elements, grids), strict=True))

    return _calls(callee, [_members(grid) for grid in grids], one_by_one, shape)


def _padded(grid: Grid, shape: tuple[int, int]) -> list[object]:
    elements, width = _elements(grid), grid.width
    return [elements[i * width + j] if i < grid.height and j < width else NA for i in range(shape[0]) for j in range(shape[1])]


@function(
    "REDUCE",
    category=_CATEGORY,
    summary="A value carried through the elements of an array.",
    examples={"=REDUCE(0,{1,2,3},LAMBDA(a,b,a+b))": 6.0},
    source=_SOURCE.format("REDUCE"),
    future="_xlfn.",
)
def reduce(initial_value: Raw, array: Array, function_: Function) -> object:
    """Fold an array row by row; left out, the initial value is the first element."""
    if not _takes(function_, 2):
        return VALUE
    accumulator: object = initial_value
    for accumulator in _carried(initial_value, array, function_):  # noqa: B007  # the last is the answer
        pass
    return accumulator


def _carried(start: object, array: Grid, callee: Lambda) -> Iterator[object]:
    """The accumulator at each element, row by row; left out, it starts as the first element.

    Rows that are alike to the end, as those of a whole column are, need not all be gone through: where one of them has left the
    accumulator as it was, so will the rest, and the answers end there.
    """
    first = int(start is MISSING)
    shortened = isinstance(array, Tailed) and callee.steady and array.part.size - array.width >= first
    given = array.part if isinstance(array, Tailed) and shortened else array
    values = given.flat()
    elements = values if array.source is None else _Cells(array.source, range(array.size))
    if first:
        start = values[0]
        yield start
    count, last_row = given.size, given.size - array.width if shortened else given.size
    before = yield from callee.fold(start, elements[first:last_row], values[first:last_row])
    if not shortened:
        return
    behind = yield from callee.fold(before, elements[last_row:count], values[last_row:count])
    if isinstance(behind, float | str | bool | CellError) and type(behind) is type(before) and behind == before:
        return
    values = array.flat()
    elements = values if array.source is None else elements
    yield from callee.fold(behind, elements[count:], values[count:])


@function(
    "SCAN",
    category=_CATEGORY,
    summary="All intermediate values of REDUCE.",
    examples={"=SCAN(0,{1,2,3},LAMBDA(a,b,a+b))": [[1.0, 3.0, 6.0]]},
    source=_SOURCE.format("SCAN"),
    future="_xlfn.",
)
def scan(initial_value: Raw, array: Array, function_: Function) -> object:
    """The running values of a fold, in the array's shape."""
    if not _takes(function_, 2):
        return VALUE
    return _gathered(map(_element, _carried(initial_value, array, function_)), (array.height, array.width))


@function(
    "BYROW",
    category=_CATEGORY,
    summary="One value per row of an array.",
    examples={"=BYROW({1,2;3,4},LAMBDA(r,SUM(r)))": [[3.0], [7.0]]},
    source=_SOURCE.format("BYROW"),
    future="_xlfn.",
)
def by_row(array: Array, function_: Function) -> object:
    """Call a lambda with each row."""
    height, area = array.height, array.source
    rows = array.reshape((height, 1, array.width))
    if area is not None:
        rows.source, rows.tops = area, np.arange(area.top, area.bottom + 1)

    def one(i: int) -> object:
        return array[i : i + 1] if area is None else Reference((area._replace(top=area.top + i, bottom=area.top + i),))

    return _calls(function_, [rows], lambda: (_element(function_(one(i))) for i in range(height)), (height, 1))


@function(
    "BYCOL",
    category=_CATEGORY,
    summary="One value per column of an array.",
    examples={"=BYCOL({1,2;3,4},LAMBDA(c,SUM(c)))": [[4.0, 6.0]]},
    source=_SOURCE.format("BYCOL"),
    future="_xlfn.",
)
def by_column(array: Array, function_: Function) -> object:
    """Call a lambda with each column."""
    width, area = array.width, array.source
    columns = array.transpose().reshape((width, array.height, 1))
    if area is not None:
        columns.source, columns.tops = area, np.full(width, area.top)

    def one(j: int) -> object:
        return array[:, j : j + 1] if area is None else Reference((area._replace(left=area.left + j, right=area.left + j),))

    return _calls(function_, [columns], lambda: (_element(function_(one(j))) for j in range(width)), (1, width))


@function(
    "MAKEARRAY",
    category=_CATEGORY,
    summary="An array computed from row and column numbers.",
    examples={"=MAKEARRAY(2,2,LAMBDA(r,c,r*10+c))": [[11.0, 12.0], [21.0, 22.0]]},
    source=_SOURCE.format("MAKEARRAY"),
    future="_xlfn.",
)
def make_array(rows: Integer, columns: Integer, function_: Function) -> object:
    """Call a lambda with each 1-based row and column."""
    if rows < 1 or columns < 1:
        return VALUE
    if rows > 1_048_576 or columns > 16_384 or rows * columns > 10_000_000:
        return CellError("#NUM!", "an array of that size cannot be held")
    row_numbers = Grid(np.repeat(np.arange(1.0, rows + 1.0), columns).reshape(-1, 1, 1))
    column_numbers = Grid(np.tile(np.arange(1.0, columns + 1.0), rows).reshape(-1, 1, 1))

    def one_by_one() -> Iterator[Scalar]:
        return (_element(function_(float(row), float(column))) for row in range(1, rows + 1) for column in range(1, columns + 1))

    return _calls(function_, [row_numbers, column_numbers], one_by_one, (rows, columns))
