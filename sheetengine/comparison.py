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
from sheetengine.grid import NUMBER, Grid, Numbers
from sheetengine.number_text import round15
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
    """`compare` of every element of two grids whose shapes numpy broadcasts; with `unequal` only whether it is 0 counts."""
    if left.kinds is None and right.kinds is None:
        return _number_orders(left.numbers, right.numbers), None
    shape = np.broadcast_shapes(left.shape, right.shape)
    left, right = left.broadcast(shape), right.broadcast(shape)
    one, two = left.kind_plane(), right.kind_plane()
    errors = first_errors(left.error_plane(), right.error_plane())
    numeric = (one <= NUMBER) & (two <= NUMBER)
    orders = np.zeros(shape, np.int8)
    if numeric.all():
        return _number_orders(left.numbers, right.numbers), None
    orders[numeric] = _number_orders(left.numbers[numeric], right.numbers[numeric])
    rest = ~numeric
    pairs = zip(left[rest].flat(), right[rest].flat(), strict=True)
    if unequal:
        orders[rest] = [equal(one, other) is False for one, other in pairs]
    else:
        orders[rest] = [0 if isinstance(order, CellError) else order for order in (compare(one, other) for one, other in pairs)]
    return orders, errors


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
