"""Matrices: MMULT, MDETERM, MINVERSE, MUNIT, and SEQUENCE."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from sheetengine.functions.library import function
from sheetengine.functions.math.lanes import CATEGORY, SOURCE, with_errors
from sheetengine.functions.signature import Array, Number
from sheetengine.grid import NUMBER, Grid, Numbers
from sheetengine.values import VALUE, CellError, Scalar

_MOST_ROWS: Final = 1_048_576
_MOST_COLUMNS: Final = 16_384
_MOST_CELLS: Final = 1 << 24
"""What is held at once; Excel answers #NUM! where an array does not fit its memory."""
_NO_ELEMENTS = CellError("#CALC!", "an array without elements")
_NO_SIZE = CellError("#VALUE!", "an array of more rows or columns than a sheet has, or of less than none")
_TOO_LARGE = CellError("#NUM!", "the array is too large to be held")


def _matrix(grid: Grid) -> Numbers | CellError:
    """The numbers of a matrix; an element that is no number (blank, text, boolean) is #VALUE!."""
    if grid.kinds is None:
        return grid.numbers
    error = grid.first_error()
    if error is not None:
        return error
    return grid.numbers if bool((grid.kinds == NUMBER).all()) else CellError("#VALUE!", "a matrix holds numbers only")


def _square(grid: Grid) -> Numbers | CellError:
    numbers = _matrix(grid)
    if not isinstance(numbers, CellError) and numbers.shape[0] != numbers.shape[1]:
        return CellError("#VALUE!", "the matrix is not square")
    return numbers


@function(
    "MMULT", category=CATEGORY, summary="The product of two matrices.",
    examples={"=MMULT({1,3;7,2},{2,0;0,2})": [[2.0, 6.0], [14.0, 4.0]], "=MMULT({1,2},{1,2})": CellError("#VALUE!")}, source=SOURCE.format("MMULT"),
)  # fmt: skip
def matrix_product(array1: Array, array2: Array) -> Grid | CellError:
    """One call for the whole product: its last bits would depend on how it is cut (design, traps of numpy)."""
    left = _matrix(array1)
    if isinstance(left, CellError):
        return left
    right = _matrix(array2)
    if isinstance(right, CellError):
        return right
    if left.shape[1] != right.shape[0]:
        return CellError("#VALUE!", "the columns of the first matrix are not as many as the rows of the second")
    if left.shape[0] * right.shape[1] > _MOST_CELLS or left.size * right.shape[1] > 1 << 36:
        return _TOO_LARGE
    with np.errstate(all="ignore"):
        # A product that overflows anywhere is #NUM! as a whole (book MMULT).
        answer = np.ascontiguousarray(left) @ np.ascontiguousarray(right)
    return Grid.from_numbers(answer)


_MOST_SQUARE: Final = 2000
_MOST_PLAIN: Final = 200
_SINGULAR: Final = CellError("#NUM!", "the matrix is singular")


def _eliminate(numbers: Numbers, right: Numbers) -> tuple[Numbers, Numbers, int]:
    """Gaussian elimination with partial pivoting: the triangle, the right side brought along, the number of swapped rows.

    Row operations that round after each product, as Excel's: libraries that fuse them find the determinant of
    {1,2,3;4,5,6;7,8,9} to be 0, where Excel has 6.66133814775094E-16.
    """
    triangle, right = np.array(numbers), np.array(right)
    swaps = 0
    for place in range(len(triangle)):
        pivot = place + int(np.argmax(np.abs(triangle[place:, place])))
        if triangle[pivot, place] == 0.0:
            continue
        if pivot != place:
            triangle[[place, pivot]] = triangle[[pivot, place]]
            right[[place, pivot]] = right[[pivot, place]]
            swaps += 1
        factors = triangle[place + 1 :, place] / triangle[place, place]
        triangle[place + 1 :, place:] -= np.outer(factors, triangle[place, place:])
        right[place + 1 :] -= np.outer(factors, right[place])
    return triangle, right, swaps


@function(
    "MDETERM", category=CATEGORY, summary="The determinant of a square matrix.",
    examples={"=MDETERM({1,3,8,5;1,3,6,1;1,1,1,0;7,3,10,2})": 88.0, "=MDETERM({3,6;1,1})": -3.0}, source=SOURCE.format("MDETERM"),
)  # fmt: skip
def determinant(array: Array) -> Scalar:
    numbers = _square(array)
    if isinstance(numbers, CellError):
        return numbers
    if len(numbers) > _MOST_SQUARE:
        return _TOO_LARGE
    with np.errstate(all="ignore"):
        if len(numbers) > _MOST_PLAIN:
            return float(np.linalg.det(numbers))
        triangle, swaps = _eliminate(numbers, np.empty((len(numbers), 0)))[::2]
        found = float(np.multiply.accumulate(np.diagonal(triangle))[-1])
        return -found if swaps % 2 else found


@function(
    "MINVERSE", category=CATEGORY, summary="The inverse of a square matrix.",
    examples={"=MINVERSE({4,-1;2,0})": [[0.0, 0.5], [-1.0, 2.0]]}, source=SOURCE.format("MINVERSE"),
)  # fmt: skip
def inverse(array: Array) -> Grid | CellError:
    numbers = _square(array)
    if isinstance(numbers, CellError):
        return numbers
    if len(numbers) > _MOST_SQUARE:
        return _TOO_LARGE
    with np.errstate(all="ignore"):
        if len(numbers) > _MOST_PLAIN:
            try:
                answer = np.linalg.inv(numbers)
            except np.linalg.LinAlgError:
                return _SINGULAR
        else:
            triangle, answer, _ = _eliminate(numbers, np.eye(len(numbers)))
            if not np.diagonal(triangle).all():
                return _SINGULAR
            for row in range(len(numbers) - 1, -1, -1):
                answer[row] /= triangle[row, row]
                answer[:row] -= np.outer(triangle[:row, row], answer[row])
    if not np.isfinite(answer).all():
        return _SINGULAR
    return Grid.from_numbers(answer)


def _munit_vector(dimension: Any) -> Grid:
    """The first elements: arrays do not nest, and need not be built."""
    size = np.trunc(np.asarray(dimension, np.float64))
    return with_errors(np.ones(size.shape), [(size < 1.0, VALUE), (size * size > _MOST_CELLS, _TOO_LARGE)])


@function(
    "MUNIT", category=CATEGORY, summary="The unit matrix of a size.", examples={"=MUNIT(2)": [[1.0, 0.0], [0.0, 1.0]]},
    source=SOURCE.format("MUNIT"), vector=_munit_vector, first_elements=True,
    future="_xlfn.",
)  # fmt: skip
def unit_matrix(dimension: Number) -> Grid | CellError:
    size = int(dimension)
    if size < 1:
        return VALUE
    return Grid(np.eye(size)) if size * size <= _MOST_CELLS else _TOO_LARGE


def array_size(rows: float | None, columns: float | None) -> tuple[int, int] | CellError:
    """The size of a new array: cut to whole numbers, 1 where empty; #VALUE! where it is none or exceeds a sheet."""
    height = 1 if rows is None else int(rows)
    width = 1 if columns is None else int(columns)
    if height == 0 or width == 0:
        return _NO_ELEMENTS
    if height < 0 or width < 0 or height > _MOST_ROWS or width > _MOST_COLUMNS:
        return _NO_SIZE
    return (height, width) if height * width <= _MOST_CELLS else _TOO_LARGE


def size_errors(rows: Any, columns: Any) -> list[tuple[Any, CellError]]:
    """`array_size` over lanes: masks with the error of each."""
    height = np.ones(1) if rows is None else np.trunc(np.asarray(rows, np.float64))
    width = np.ones(1) if columns is None else np.trunc(np.asarray(columns, np.float64))
    return [
        ((height == 0.0) | (width == 0.0), _NO_ELEMENTS),
        ((height < 0.0) | (width < 0.0) | (height > _MOST_ROWS) | (width > _MOST_COLUMNS), _NO_SIZE),
        (height * width > _MOST_CELLS, _TOO_LARGE),
    ]


def _lanes(*values: Any) -> int:
    return max(np.size(value) for value in values)


def _sequence_vector(rows: Any = None, columns: Any = None, start: Any = None, step: Any = None) -> Grid:
    first = np.broadcast_to(np.asarray(1.0 if start is None else start, np.float64), (_lanes(rows, columns, start, step),))
    return with_errors(first, size_errors(rows, columns))


@function(
    "SEQUENCE", category=CATEGORY, summary="An array of numbers that grow by a step.",
    examples={"=SEQUENCE(2,3)": [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], "=SEQUENCE(3,1,10,-2)": [[10.0], [8.0], [6.0]]},
    source=SOURCE.format("SEQUENCE"), vector=_sequence_vector, first_elements=True,
    future="_xlfn.",
)  # fmt: skip
def sequence(
    rows: Number | None = None, columns: Number | None = None, start: Number | None = None, step: Number | None = None
) -> Grid | CellError:
    size = array_size(rows, columns)
    if isinstance(size, CellError):
        return size
    first = 1.0 if start is None else start
    by = 1.0 if step is None else step
    with np.errstate(all="ignore"):
        return Grid.from_numbers(first + by * np.arange(size[0] * size[1], dtype=np.float64).reshape(size))
