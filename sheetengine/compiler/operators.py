"""Binary operators on any two values, for the scalar and the vector form alike.

In: an operator and two evaluated operands. Out: their value: scalars by the rules of `coerce`, arrays stretched to each other's shape.
"""

from __future__ import annotations

from typing import Final, Protocol

from sheetengine.arithmetic import arithmetic, join, plane_arithmetic, plane_join
from sheetengine.comparison import compare_by, plane_compare
from sheetengine.compiler.frame import refuse_large
from sheetengine.functions.stretch import common_shape, fit, over_parts
from sheetengine.grid import Grid


class Dated(Protocol):
    """What an operator asks of where it is evaluated: the calendar in which texts are dates."""

    date1904: bool


def operate(operator: str, left: object, right: object, where: Dated) -> object:
    """A binary operator on any two values: scalars, or arrays stretched to each other's shape."""
    if isinstance(left, Grid) or isinstance(right, Grid):
        return over_parts((left, right), lambda pair: _over_elements(operator, pair[0], pair[1], where.date1904))
    if operator == "&":
        return join(left, right)  # type: ignore[arg-type]
    if operator in _COMPARISONS:
        return compare_by(operator, left, right)  # type: ignore[arg-type]
    return arithmetic(operator, left, right, where.date1904)  # type: ignore[arg-type]


def _over_elements(operator: str, left: object, right: object, date1904: bool) -> Grid:
    if isinstance(left, Grid) and isinstance(right, Grid):
        shape = common_shape([left.shape, right.shape])
        refuse_large(shape)
        left, right = fit(left, shape), fit(right, shape)
    return plane_operate(operator, left, right, date1904)


def plane_operate(operator: str, left: object, right: object, date1904: bool) -> Grid:
    """A binary operator on grids whose shapes numpy broadcasts; either may be a scalar."""
    if operator == "&":
        return plane_join(left, right)
    if operator in _COMPARISONS:
        deepest = max(value.numbers.ndim for value in (left, right) if isinstance(value, Grid))
        one = left if isinstance(left, Grid) else Grid.from_flat([left], (1,) * deepest)  # type: ignore[list-item]
        two = right if isinstance(right, Grid) else Grid.from_flat([right], (1,) * deepest)  # type: ignore[list-item]
        return plane_compare(operator, one, two)
    return plane_arithmetic(operator, left, right, date1904)


_COMPARISONS: Final = frozenset(("=", "<>", "<", ">", "<=", ">="))
