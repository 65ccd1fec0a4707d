"""Excel's conversions, its comparison order and its arithmetic, for one scalar and for a plane side by side.

In: scalars (`values.Scalar`) or `Grid`s. Out: a converted value, or the `CellError` that says why not; errors are
returned, never raised. Invariant: a plane function gives in each element, to the bit, what the scalar one gives:
where an element is not plain the plane function calls the scalar one.
"""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sheetengine.grid import BLANK, BOOLEAN, ERROR, NUMBER, TEXT, Grid, Numbers, Texts
from sheetengine.number_text import general_text, parse_number, round15
from sheetengine.values import DIV0, NUM, VALUE, CellError, Scalar, error_id

Errors = NDArray[np.int64]

# -- conversions -------------------------------------------------------------------------------------------------------


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


# -- comparison --------------------------------------------------------------------------------------------------------

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


def fold_case(text: str) -> str:
    """The form in which texts are equal that Excel takes for equal: letters without case, accents kept.

    >>> fold_case("Straße") == fold_case("STRASSE"), fold_case("É") == fold_case("e")
    (False, False)
    """
    return text.lower()


def _rank(value: Scalar) -> int:
    return 2 if isinstance(value, bool) else 1 if isinstance(value, str) else 0


def compare(left: Scalar, right: Scalar) -> int | CellError:
    """Excel's order of scalars: numbers before texts before booleans; a blank is the other side's 0, "" or FALSE.

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
        first, second = fold_case(str(left)), fold_case(str(right))
        return 0 if first == second else -1 if first < second else 1
    return int(left) - int(right)  # both are booleans


_ORDER_TESTS: Final = {
    "=": lambda order: order == 0,
    "<>": lambda order: order != 0,
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
    order = compare(left, right)
    return order if isinstance(order, CellError) else bool(_ORDER_TESTS[operator](order))


def plane_orders(left: Grid, right: Grid) -> tuple[NDArray[np.int8], Errors | None]:
    """`compare` of every element of two grids of one shape (or shapes numpy broadcasts)."""
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
    orders[rest] = [0 if isinstance(order, CellError) else order for order in (compare(a, b) for a, b in pairs)]
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
    orders, errors = plane_orders(left, right)
    return Grid.from_booleans(_ORDER_TESTS[operator](orders), errors)


# -- arithmetic --------------------------------------------------------------------------------------------------------

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
    """Excel's `^`: 0^0 is #NUM!, 0 to a negative power #DIV/0!, a negative base wants a whole exponent.

    >>> power(2.0, 10.0), str(power(0.0, 0.0)), str(power(0.0, -1.0)), str(power(-8.0, 1 / 3))
    (1024.0, '#NUM!', '#DIV/0!', '#NUM!')
    """
    if base == 0.0:
        if exponent == 0.0:
            return NUM
        if exponent < 0.0:
            return DIV0
    # One kernel for one number and for many: np.power with a scalar exponent of 2, 0.5 or -1 differs in the last bit.
    if 1e-100 < base < 1e100 and -3.0 <= exponent <= 3.0:
        # Nothing here overflows or is undefined, so numpy need not be told to keep quiet, which takes longer than the power.
        return float(np.power(np.array([base]), np.array([exponent]))[0])
    with np.errstate(all="ignore"):
        result = float(np.power(np.array([base]), np.array([exponent]))[0])
    return result if math.isfinite(result) else NUM


def plane_power(base: Numbers, exponent: Numbers) -> tuple[Numbers, Errors | None]:
    """`power` of every element."""
    with np.errstate(all="ignore"):
        base, exponent = np.broadcast_arrays(np.asarray(base, np.float64), np.asarray(exponent, np.float64))
        results = np.power(base, np.array(exponent, copy=True))
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


MOST_CHARACTERS: Final = 32_767


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
