"""Excel's order of values and its six comparison operators, for one scalar and for a plane side by side.

In: scalars (`values.Scalar`) or `Grid`s. Out: an order or a truth value, or the error of an operand. Invariant: a plane function
gives in each element what the scalar one gives.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sheetengine.coerce import Errors, first_errors
from sheetengine.collation import fold_case, order_key
from sheetengine.grid import BLANK, BOOLEAN, ERROR, NUMBER, TEXT, Grid, Numbers
from sheetengine.number_text import round15
from sheetengine.text_codes import equality_codes, order_codes
from sheetengine.values import CellError, Scalar

_CLOSE: Final = 4e-15


def compare_numbers(left: float, right: float) -> int:
    """-1, 0 or 1; two numbers that agree in 15 significant digits are equal.

    >>> compare_numbers(0.1 + 0.2, 0.3), compare_numbers(1.0, 2.0)
    (0, -1)
    """
    if left == right:
        return 0
    if abs(left - right) <= _CLOSE * max(abs(left), abs(right)):
        left, right = round15(left), round15(right)
        if left == right:
            return 0
    return -1 if left < right else 1


def _rank(value: Scalar) -> int:
    return 2 if isinstance(value, bool) else 1 if isinstance(value, str) else 0


def compare(left: Scalar, right: Scalar) -> int | CellError:
    """Excel's order of scalars: numbers before texts before booleans; a blank is the other side's 0, "" or FALSE.

    >>> compare("é", "f"), compare("co-op", "coop")
    (-1, 1)
    >>> compare(1.0, "a"), compare("b", "A"), compare(True, "zzz"), compare(None, 0.0), compare(None, "")
    (-1, 1, 1, 0, 0)
    """
    if type(left) is float and type(right) is float:
        return compare_numbers(left, right)
    if isinstance(left, CellError):
        return left
    if isinstance(right, CellError):
        return right
    if left is None:
        left = "" if isinstance(right, str) else False if isinstance(right, bool) else 0.0
    if right is None:
        right = "" if isinstance(left, str) else False if isinstance(left, bool) else 0.0
    one, two = _rank(left), _rank(right)
    if one != two:
        return -1 if one < two else 1
    if one == 0:
        return compare_numbers(float(left), float(right))
    if one == 1:
        first, second = order_key(str(left)), order_key(str(right))
        return 0 if first == second else -1 if first < second else 1
    return int(left) - int(right)  # both are booleans


def equal(left: Scalar, right: Scalar) -> bool | CellError:
    """Whether `compare` is 0; of two texts it is seen without their places in the order."""
    if isinstance(left, str) and isinstance(right, str):
        return fold_case(left) == fold_case(right)
    order = compare(left, right)
    return order if isinstance(order, CellError) else order == 0


_ORDER_TESTS: Final = {
    "<": lambda order: order < 0,
    ">": lambda order: order > 0,
    "<=": lambda order: order <= 0,
    ">=": lambda order: order >= 0,
}


def compare_by(operator: str, left: Scalar, right: Scalar) -> bool | CellError:
    """The six comparison operators on scalars.

    >>> compare_by("=", "a", "A"), compare_by(">", True, 5.0)
    (True, True)
    """
    if operator == "=" or operator == "<>":
        same = equal(left, right)
        return same if isinstance(same, CellError) else same == (operator == "=")
    order = compare(left, right)
    return order if isinstance(order, CellError) else bool(_ORDER_TESTS[operator](order))


def _plane_orders(left: Grid, right: Grid, unequal: bool) -> tuple[NDArray[np.int8], Errors | None]:
    """`compare` of every element of two grids whose shapes numpy broadcasts; with `unequal` only whether it is 0 counts.

    An element of which one side is an error has any order.
    """
    if left.kinds is None and right.kinds is None:
        return _number_orders(left.numbers, right.numbers), None
    shape = np.broadcast_shapes(left.shape, right.shape)
    one, two = _kinds_in(left), _kinds_in(right)
    errors = first_errors(left.error_plane(), right.error_plane()) if _ERRORS & (one | two) else None
    if errors is not None:
        errors = np.broadcast_to(errors, shape)
    if not (one | two) & ~_NUMBERS:
        return _number_orders(left.numbers, right.numbers), errors
    if not (one | two) & ~_TEXTS and _TEXT in (one, two):
        return np.broadcast_to(_text_orders(left, right, unequal), shape), errors
    return _mixed_orders(left, right, shape, unequal), errors


_TEXT, _ERRORS = 1 << TEXT, 1 << ERROR
_NUMBERS, _TEXTS = 1 << NUMBER | 1 << BLANK, 1 << TEXT | 1 << BLANK


def _kinds_in(grid: Grid) -> int:
    """Which kinds a grid has elements of, as bits; of no elements all may be there."""
    if grid.kinds is None:
        return 1 << NUMBER
    return int(np.bitwise_or.reduce(np.left_shift(np.uint8(1), grid.kinds), axis=None)) if grid.size else _NUMBERS


def _mixed_orders(left: Grid, right: Grid, shape: tuple[int, ...], unequal: bool) -> NDArray[np.int8]:
    """Where kinds are mixed: by the ranks of the kinds, and by value where they are of one rank; a blank takes the other's."""
    one, two = np.broadcast_to(left.kind_plane(), shape), np.broadcast_to(right.kind_plane(), shape)
    orders: NDArray[np.int8] = np.sign(_RANKS[one] - _RANKS[two])
    blank = (one == BLANK) | (two == BLANK)
    numeric, booleans = (
        (one <= NUMBER) & (two <= NUMBER),
        (one == BOOLEAN) & (two == BOOLEAN) | blank & ((one == BOOLEAN) | (two == BOOLEAN)),
    )
    texts = (one == TEXT) & (two == TEXT) | blank & ((one == TEXT) | (two == TEXT))
    if numeric.any():
        here, there = np.broadcast_to(left.numbers, shape), np.broadcast_to(right.numbers, shape)
        orders[numeric] = _number_orders(here[numeric], there[numeric])
    if booleans.any():
        here, there = np.broadcast_to(left.numbers, shape), np.broadcast_to(right.numbers, shape)
        orders[booleans] = np.sign(here[booleans] - there[booleans])
    if texts.any():
        orders[texts] = np.broadcast_to(_text_orders(left, right, unequal), shape)[texts]
    return orders


_RANKS: Final = np.zeros(5, np.int8)
_RANKS[TEXT], _RANKS[BOOLEAN] = 1, 2


def _text_orders(left: Grid, right: Grid, unequal: bool) -> NDArray[np.int8]:
    if unequal:
        one, two = equality_codes(left, right)
        differ: NDArray[np.int8] = (one != two).view(np.int8)
        return differ
    one, two = order_codes(left, right)
    orders: NDArray[np.int8] = np.sign(one - two).astype(np.int8)
    return orders


def _number_orders(left: Numbers, right: Numbers) -> NDArray[np.int8]:
    difference = left - right
    orders = np.sign(difference).astype(np.int8)
    close = np.abs(difference) <= _CLOSE * np.maximum(np.abs(left), np.abs(right))
    close &= difference != 0.0
    if close.any():
        left, right = np.broadcast_arrays(left, right)
        orders[close] = [compare_numbers(a, b) for a, b in zip(left[close].tolist(), right[close].tolist(), strict=True)]
    return orders


def plane_compare(operator: str, left: Grid, right: Grid) -> Grid:
    """The six comparison operators on grids."""
    if operator == "=" or operator == "<>":
        orders, errors = _plane_orders(left, right, True)
        return Grid.from_booleans((orders == 0) == (operator == "="), errors)
    orders, errors = _plane_orders(left, right, False)
    return Grid.from_booleans(_ORDER_TESTS[operator](orders), errors)
