"""Excel's operators `+ - * / ^ &`, for one scalar and for a plane side by side.

In: scalars (`values.Scalar`) or `Grid`s. Out: a number or a text, or the `CellError` that says why not; errors are returned, never
raised. Invariant: a plane function gives in each element, to the bit, what the scalar one gives.
"""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np

from sheetengine.coerce import MOST_CHARACTERS, Errors, first_errors, overlay_errors, plane_numbers, plane_texts, to_number, to_text
from sheetengine.grid import Grid, Numbers
from sheetengine.values import DIV0, NUM, VALUE, CellError, Scalar, error_id

_SNAP_EXPONENT: Final = 50


def snap(result: float, operand: float) -> float:
    """The result of a formula's last `+` or `-`, 0 where it is that close to zero.

    Excel 97 and later: 0 when the result's binary exponent is at least 50 below the operand's. Evidence: KB 78113;
    with operands near 2^1024 a difference of 7 units in the last place gives 0, one of 8 does not.

    >>> snap(1.333 + 1.225 - 1.333 - 1.225, 1.225), snap(1e-3, 1.0)
    (0.0, 0.001)
    """
    if result == 0.0 or abs(result) > abs(operand) * 2e-15:
        return result
    return 0.0 if math.frexp(result)[1] + _SNAP_EXPONENT <= math.frexp(operand)[1] else result


def plane_snap(results: Numbers, operands: Numbers) -> Numbers:
    """`snap` of every element."""
    near = (np.abs(results) <= np.abs(operands) * 2e-15) & (results != 0.0)
    if not near.any():
        return results
    exponents = np.frexp(results)[1] + _SNAP_EXPONENT
    return np.where(near & (exponents <= np.frexp(operands)[1]), 0.0, results)


def power(base: float, exponent: float) -> float | CellError:
    """Excel's `^`: 0^0 is #NUM!, 0 to a negative power #DIV/0!, a negative base wants a whole exponent or an odd root.

    >>> power(2.0, 10.0), str(power(0.0, 0.0)), str(power(0.0, -1.0)), power(-8.0, 1 / 3), str(power(-8.0, 0.25))
    (1024.0, '#NUM!', '#DIV/0!', -2.0, '#NUM!')
    >>> power(-1e-302, 3.0)
    0.0
    """
    if base == 0.0:
        if exponent == 0.0:
            return NUM
        if exponent < 0.0:
            return DIV0
    if base < 0.0 and 0.0 < abs(exponent) < 0.5 and _is_odd_root(exponent):
        root = power(-base, exponent)
        return root if isinstance(root, CellError) else -root
    # One kernel for one number and for many: np.power with a scalar exponent of 2, 0.5 or -1 differs in the last bit.
    if 1e-100 < base < 1e100 and -3.0 <= exponent <= 3.0:
        # Nothing here overflows or is undefined, so numpy need not be told to keep quiet, which takes longer than the power.
        return float(np.power(np.array([base]), np.array([exponent]))[0])
    with np.errstate(all="ignore"):
        result = float(np.power(np.array([base]), np.array([exponent]))[0])
    return result + 0.0 if math.isfinite(result) else NUM  # a negative base that underflows leaves -0.0


def _is_odd_root(exponent: Any) -> Any:
    """Whether an exponent, or each of an array's, is 1/3, 1/5 and so on, as a division gives them."""
    root = np.rint(1.0 / exponent)
    return (np.abs(exponent) < 0.5) & (root % 2.0 == 1.0) & (1.0 / root == exponent)


def plane_power(base: Numbers, exponent: Numbers) -> tuple[Numbers, Errors | None]:
    """`power` of every element."""
    with np.errstate(all="ignore"):
        base, exponent = np.broadcast_arrays(np.asarray(base, np.float64), np.asarray(exponent, np.float64))
        results = np.power(base, np.array(exponent, copy=True))
        roots = np.isnan(results)
        if roots.any():
            roots &= _is_odd_root(exponent)
            results[roots] = -np.power(-base[roots], exponent[roots])
    zero = base == 0.0
    if not zero.any():
        return results, None
    errors = np.full(results.shape, -1, np.int64)
    errors[zero & (exponent == 0.0)] = error_id(NUM)
    errors[zero & (exponent < 0.0)] = error_id(DIV0)
    return results, errors


def arithmetic(operator: str, left: Scalar, right: Scalar, date1904: bool = False) -> float | CellError:
    """`+ - * / ^` on scalars; the left operand's error wins.

    >>> arithmetic("+", "3", 4.0), str(arithmetic("/", 1.0, None))
    (7.0, '#DIV/0!')
    """
    one = left if type(left) is float else to_number(left, date1904)
    two = right if type(right) is float else to_number(right, date1904)
    if type(one) is not float:
        return one
    if type(two) is not float:
        return two
    if operator == "+":
        result = one + two
    elif operator == "-":
        result = one - two
    elif operator == "*":
        result = one * two
    elif operator == "/":
        if two == 0.0:
            return DIV0
        result = one / two
    else:
        return power(one, two)
    # x - x is 0 for every finite x and NaN for the rest; + 0.0 turns -0.0 into 0.0.
    return result + 0.0 if result - result == 0.0 else NUM


def plane_arithmetic(operator: str, left: Any, right: Any, date1904: bool = False) -> Grid:
    """`arithmetic` of every element of two grids (either may be a scalar) whose shapes numpy broadcasts."""
    one, wrong = _operand(left, date1904)
    two, amiss = _operand(right, date1904)
    errors = first_errors(*_same_shape(wrong, amiss, one, two))
    with np.errstate(all="ignore"):
        if operator == "+":
            results = np.add(one, two)
        elif operator == "-":
            results = np.subtract(one, two)
        elif operator == "*":
            results = np.multiply(one, two)
        elif operator == "/":
            results = np.divide(one, two)
            zero = np.equal(two, 0.0)
            if np.any(zero):
                divided = np.where(zero, error_id(DIV0), -1)
                errors = first_errors(errors, np.broadcast_to(divided, results.shape))
        else:
            results, powered = plane_power(np.asarray(one), np.asarray(two))
            errors = first_errors(errors, powered)
    return Grid.from_numbers_and_errors(np.asarray(results), errors)


def _operand(value: Any, date1904: bool) -> tuple[Any, Errors | None]:
    if isinstance(value, Grid):
        return plane_numbers(value, date1904)
    number = to_number(value, date1904)
    if isinstance(number, CellError):
        return 0.0, np.array(error_id(number), np.int64)
    return number, None


def _same_shape(wrong: Errors | None, amiss: Errors | None, one: Any, two: Any) -> tuple[Errors | None, Errors | None]:
    if wrong is None and amiss is None:
        return None, None
    shape = np.broadcast_shapes(np.shape(one), np.shape(two))
    return (
        None if wrong is None else np.broadcast_to(wrong, shape),
        None if amiss is None else np.broadcast_to(amiss, shape),
    )


def plane_join(left: Any, right: Any) -> Grid:
    """`&` of every element of two grids (either may be a scalar) whose shapes numpy broadcasts."""
    one, wrong = _text_operand(left)
    two, amiss = _text_operand(right)
    shape = np.broadcast_shapes(np.shape(one), np.shape(two))
    errors = first_errors(*_same_shape(wrong, amiss, one, two))
    if np.shape(one) == ():
        joined = [str(one) + text for text in np.broadcast_to(two, shape).ravel().tolist()]
    elif np.shape(two) == ():
        joined = [text + str(two) for text in np.broadcast_to(one, shape).ravel().tolist()]
    else:
        pairs = zip(np.broadcast_to(one, shape).ravel().tolist(), np.broadcast_to(two, shape).ravel().tolist(), strict=True)
        joined = [first + second for first, second in pairs]
    if joined and max(map(len, joined)) > MOST_CHARACTERS:
        wide = np.array([len(text) > MOST_CHARACTERS for text in joined]).reshape(shape)
        errors = first_errors(errors, np.where(wide, error_id(VALUE), -1))
    grid = Grid.from_texts(joined, shape)
    return grid if errors is None else overlay_errors(grid, errors)


def join(left: Scalar, right: Scalar) -> str | CellError:
    """`&` on scalars; a text longer than a cell holds is #VALUE!.

    >>> join(1.0, "x"), join(None, True)
    ('1x', 'TRUE')
    """
    one = to_text(left)
    if isinstance(one, CellError):
        return one
    two = to_text(right)
    if isinstance(two, CellError):
        return two
    text = one + two
    return text if len(text) <= MOST_CHARACTERS else VALUE


def _text_operand(value: Any) -> tuple[Any, Errors | None]:
    if isinstance(value, Grid):
        return plane_texts(value)
    text = to_text(value)
    if isinstance(text, CellError):
        return "", np.array(error_id(text), np.int64)
    return text, None
