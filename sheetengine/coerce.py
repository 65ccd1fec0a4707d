"""Excel's conversions, for one scalar and for a plane side by side.

In: scalars (`values.Scalar`) or `Grid`s. Out: a converted value, or the `CellError` that says why not; errors are
returned, never raised. Invariant: a plane function gives in each element, to the bit, what the scalar one gives:
where an element is not plain the plane function calls the scalar one.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sheetengine.grid import BLANK, BOOLEAN, ERROR, NUMBER, TEXT, Grid, Numbers, Texts
from sheetengine.number_text import general_text, parse_number
from sheetengine.values import VALUE, CellError, Scalar, error_id

Errors = NDArray[np.int64]
MOST_CHARACTERS: Final = 32_767
"""Of a text in a cell."""


def to_number(value: Scalar, date1904: bool = False) -> float | CellError:
    """A scalar as an operand of arithmetic: blanks are 0, booleans 0 or 1, texts what VALUE makes of them.

    >>> to_number("3"), to_number(True), to_number(None), str(to_number("abc")), str(to_number(""))
    (3.0, 1.0, 0.0, '#VALUE!', '#VALUE!')
    """
    if type(value) is float:
        return value
    if value is None:
        return 0.0
    if isinstance(value, bool):
        return 1.0 if value else 0.0
    if isinstance(value, str):
        number = parse_number(value, date1904)
        return VALUE if number is None else number
    if isinstance(value, CellError):
        return value
    return float(value)


def to_text(value: Scalar) -> str | CellError:
    """A scalar as an operand of `&`.

    >>> to_text(0.1 + 0.2), to_text(True), to_text(None)
    ('0.3', 'TRUE', '')
    """
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, CellError):
        return value
    return general_text(value)


def to_boolean(value: Scalar) -> bool | CellError:
    """A scalar as a condition: numbers by being 0 or not, of the texts only TRUE and FALSE.

    >>> to_boolean("true"), to_boolean(2.0), to_boolean(None), str(to_boolean("1"))
    (True, True, False, '#VALUE!')
    """
    if isinstance(value, bool):
        return value
    if value is None:
        return False
    if isinstance(value, str):
        word = value.upper()
        return True if word == "TRUE" else False if word == "FALSE" else VALUE
    if isinstance(value, CellError):
        return value
    return value != 0.0


def plane_numbers(grid: Grid, date1904: bool = False) -> tuple[Numbers, Errors | None]:
    """Every element as `to_number` has it, and the ids of errors (-1: none), or None where there are none."""
    kinds = grid.kinds
    if kinds is None or (kinds.size and kinds.max() <= BOOLEAN):
        return grid.numbers, None
    numbers = np.array(grid.numbers)
    errors = np.full(grid.shape, -1, np.int64)
    wrong = kinds == ERROR
    errors[wrong] = numbers[wrong]
    texts = kinds == TEXT
    if texts.any():
        assert grid.texts is not None
        converted = [to_number(text, date1904) for text in grid.texts[texts].tolist()]
        errors[texts] = [error_id(value) if isinstance(value, CellError) else -1 for value in converted]
        numbers[texts] = [0.0 if isinstance(value, CellError) else value for value in converted]
    numbers[wrong] = 0.0
    return numbers, errors if (errors >= 0).any() else None


def plane_texts(grid: Grid) -> tuple[Texts, Errors | None]:
    """Every element as `to_text` has it, "" in the places of errors, and their ids."""
    kinds = grid.kinds
    plane = np.empty(grid.shape, dtype=object)
    if kinds is None:
        plane.reshape(-1)[:] = [general_text(number) for number in grid.numbers.ravel().tolist()]
        return plane, None
    if grid.texts is not None and kinds.size and kinds.min() == TEXT == kinds.max():
        return grid.texts, None
    plane.reshape(-1)[:] = ["" if isinstance(value, CellError) else to_text(value) for value in grid.flat()]
    return plane, grid.error_plane()


def plane_booleans(grid: Grid) -> tuple[NDArray[np.bool_], Errors | None]:
    """Every element as `to_boolean` has it, and the ids of errors."""
    kinds = grid.kinds
    if kinds is None or (kinds.size and kinds.max() <= BOOLEAN):
        return grid.numbers != 0.0, None
    converted = [to_boolean(value) for value in grid.flat()]
    errors = np.array([error_id(value) if isinstance(value, CellError) else -1 for value in converted], np.int64)
    truths = np.array([value is True for value in converted], bool)
    return truths.reshape(grid.shape), errors.reshape(grid.shape) if (errors >= 0).any() else None


def first_errors(left: Errors | None, right: Errors | None) -> Errors | None:
    """Where both sides have an error the left one wins."""
    if left is None:
        return right
    if right is None:
        return left
    return np.where(left >= 0, left, right)


def overlay_errors(grid: Grid, errors: Errors) -> Grid:
    """The grid with errors written over the elements that have one (-1: none)."""
    wrong = np.broadcast_to(errors >= 0, grid.shape)
    if not wrong.any():
        return grid
    numbers = np.where(wrong, errors, grid.numbers).astype(np.float64)
    kinds = np.where(wrong, np.uint8(ERROR), grid.kind_plane())
    return Grid(numbers, kinds, grid.texts)


def settle(grid: Grid) -> Grid:
    """What lands in cells: blanks of a computed array are zeros."""
    kinds = grid.kinds
    if kinds is None or not (kinds == BLANK).any():
        return grid
    settled = np.where(kinds == BLANK, np.uint8(NUMBER), kinds)
    return Grid(grid.numbers, None if settled.max() == settled.min() == NUMBER else settled, grid.texts)
