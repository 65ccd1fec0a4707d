"""LINEST, LOGEST, TREND and GROWTH: least squares of one or several variables.

In: known y's, known x's, new x's as ranges or arrays of numbers; out: coefficients with their statistics, or the fitted values.
As in Excel 2003 and later (Microsoft, "Description of the LINEST function", KB 828533) the means are subtracted first where there is
an intercept, then the columns are made orthogonal, the largest first; one that adds nothing to those before it is left out: its
coefficient and its standard error are 0, and it costs no degree of freedom.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sheetengine.functions.arguments import as_grid
from sheetengine.functions.context import Context
from sheetengine.functions.library import function
from sheetengine.functions.signature import Array, Boolean, Raw
from sheetengine.functions.statistical.densities import CATEGORY, SOURCE
from sheetengine.grid import NUMBER, Grid, Numbers
from sheetengine.values import MISSING, NA, NUM, REF, VALUE, CellError

_NOTHING_NEW: Final = 1e-15
"""The share of a column's sum of squares below which what is left of it counts as none."""
_MOST_WORK: Final = 2e9

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Fit:
    """Coefficients, one per variable, the intercept, and what their statistics are computed from."""

    coefficients: Matrix
    intercept: float
    inverse: Matrix
    means: Matrix
    rows: int
    rank: int
    explained: float
    residual: float
    constant: bool

    @property
    def freedom(self) -> int:
        """Degrees of freedom that are left."""
        return self.rows - self.rank - self.constant


def least_squares(y: Numbers, x: Matrix, constant: bool) -> Fit | CellError:
    """The fit of y to the columns of x; #NUM! beyond the range of doubles."""
    rows, columns = x.shape
    if float(rows) * columns * columns > _MOST_WORK:
        return NUM
    with np.errstate(all="ignore"):
        means = x.mean(axis=0) if constant else np.zeros(columns)
        level = float(y.mean()) if constant else 0.0
        centred, heights = x - means, y - level
        if constant:
            # A constant column has no deviations, though its mean may miss it by a bit.
            centred[:, (x == x[0]).all(axis=0)] = 0.0
        basis, triangle, order = _orthogonal(centred)
        rank = len(order)
        inverse = np.zeros((columns, columns))
        coefficients = np.zeros(columns)
        if columns == 1 and rank == 1:
            square = float((centred[:, 0] * centred[:, 0]).sum())
            coefficients[0] = float((centred[:, 0] * heights).sum()) / square
            inverse[0, 0] = 1.0 / square
        elif rank:
            back = np.linalg.inv(triangle)
            found = back @ (basis.T @ heights)
            chosen = centred[:, order]
            # One step of refinement brings back the digits that an ill-conditioned table takes.
            found = found + back @ (basis.T @ (heights - chosen @ found))
            coefficients[order] = found
            inverse[np.ix_(order, order)] = back @ back.T
        fitted = centred @ coefficients
        apart = heights - fitted
        residual, explained = float((apart * apart).sum()), float((fitted * fitted).sum())
        intercept = level - float((coefficients * means).sum()) if constant else 0.0
    if not (np.isfinite(coefficients).all() and math.isfinite(residual) and math.isfinite(explained)):
        return NUM
    return Fit(coefficients, intercept, inverse, means, rows, rank, explained, residual, constant)


def _orthogonal(columns: Matrix) -> tuple[Matrix, Matrix, list[int]]:
    """An orthogonal basis of the columns, the triangle that leads back to them, and their order; columns without anything new are left out."""
    rest = columns.copy()
    squares = (columns * columns).sum(axis=0)
    basis: list[Matrix] = []
    order: list[int] = []
    shares: list[Matrix] = []
    while len(order) < min(columns.shape):
        left = (rest * rest).sum(axis=0)
        left[order] = 0.0
        left = np.where(left > _NOTHING_NEW * squares, left, 0.0)
        place = int(np.argmax(left))
        if not left[place] > 0.0:
            break
        direction = rest[:, place]
        for known in basis:
            direction = direction - known * (known * direction).sum()
        size = math.sqrt(float((direction * direction).sum()))
        if not size > 0.0 or not math.isfinite(size):
            break
        direction = direction / size
        basis.append(direction)
        order.append(place)
        along = direction @ rest
        shares.append(direction @ columns)
        rest = rest - np.outer(direction, along)
    if not order:
        return np.zeros((columns.shape[0], 0)), np.zeros((0, 0)), []
    triangle = np.triu(np.array([share[order] for share in shares]))
    return np.array(basis).T, triangle, order


def plain_numbers(grid: Grid) -> Numbers | CellError:
    """A grid in which everything must be a number, else #VALUE! (or the error that is in it)."""
    if grid.kinds is None:
        return grid.numbers
    error = grid.first_error()
    if error is not None:
        return error
    return grid.numbers if (grid.kinds == NUMBER).all() else VALUE


@dataclass(frozen=True, slots=True)
class Table:
    """Known y's as a line, known x's with a column for each variable, and how they lay on the sheet."""

    y: Numbers
    x: Matrix
    layout: str
    shape: tuple[int, int]


def read_table(known_y: Grid, known_x: object, context: Context, logarithm: bool) -> Table | CellError:
    """The arguments known y's and known x's of all four functions."""
    y = plain_numbers(known_y)
    if isinstance(y, CellError):
        return y
    if logarithm and (y <= 0.0).any():
        return CellError("#NUM!", "a known y is not above 0")
    shape = (known_y.height, known_y.width)
    line = np.log(y.reshape(-1)) if logarithm else y.reshape(-1)
    if known_x is None or known_x is MISSING:
        return Table(line, np.arange(1.0, y.size + 1.0).reshape(-1, 1), "same", shape)
    grid = as_grid(known_x, context)
    if isinstance(grid, CellError):
        return grid
    x = plain_numbers(grid)
    if isinstance(x, CellError):
        return x
    if grid.shape == known_y.shape:
        layout = "same"
    elif known_y.width == 1:
        layout = "columns"
    elif known_y.height == 1:
        layout = "rows"
    else:
        return REF
    if (layout == "columns" and grid.height != known_y.height) or (layout == "rows" and grid.width != known_y.width):
        return REF
    columns = x.reshape(-1, 1) if layout == "same" else x if layout == "columns" else x.T
    return Table(line, columns, layout, shape)


# -- LINEST and LOGEST ------------------------------------------------------------------------------------------------------


def _statistics(fit: Fit, logarithm: bool, full: bool) -> Grid:
    """Excel's table: coefficients from the last variable to the first, then the intercept; below them the statistics."""
    columns = len(fit.coefficients)
    first = [*fit.coefficients[::-1].tolist(), fit.intercept]
    if logarithm:
        with np.errstate(all="ignore"):
            first = [float(number) for number in np.exp(first)]
    rows: list[list[Any]] = [first]
    if full:
        freedom = fit.freedom
        spread = fit.residual / freedom if freedom > 0 else 0.0
        errors: list[Any] = np.sqrt(np.maximum(np.diag(fit.inverse), 0.0) * spread)[::-1].tolist()
        if fit.constant:
            errors.append(math.sqrt(max(0.0, spread * (1.0 / fit.rows + float(fit.means @ fit.inverse @ fit.means)))))
        else:
            errors.append(NA)
        total = fit.explained + fit.residual
        share: Any = fit.explained / total if total else 1.0
        quotient: Any = fit.explained / fit.rank / spread if freedom > 0 and spread and fit.rank else NUM
        blanks = [NA] * (columns - 1)
        rows += [
            errors,
            [share, math.sqrt(spread), *blanks],
            [quotient, float(freedom), *blanks],
            [fit.explained, fit.residual, *blanks],
        ]
    return Grid.from_flat([value for row in rows for value in row], (len(rows), columns + 1))


def _estimate(known_y: Grid, known_x: object, const: bool | None, stats: bool, context: Context, logarithm: bool) -> Grid | CellError:
    table = read_table(known_y, known_x, context, logarithm)
    if isinstance(table, CellError):
        return table
    fit = least_squares(table.y, table.x, const is not False)
    return fit if isinstance(fit, CellError) else _statistics(fit, logarithm, stats)


@function(
    "LINEST", category=CATEGORY, summary="The line, or plane, that fits points best, with its statistics.",
    examples={"=LINEST({1;9;5;7},{0;4;2;3})": [[2.0, 1.0]], "=LINEST({1;9;5;7},{0;4;2;3},FALSE)": [[2.31034482758621, 0.0]]},
    source=SOURCE.format("LINEST"),
)  # fmt: skip
def linest(
    known_ys: Array, known_xs: Raw = None, const: Boolean | None = None, stats: Boolean = False, *, context: Context
) -> Grid | CellError:
    return _estimate(known_ys, known_xs, const, stats, context, logarithm=False)


@function(
    "LOGEST", category=CATEGORY, summary="The exponential curve that fits points best, with its statistics.",
    examples={"=LOGEST({33100;47300;69000;102000;150000;220000},{11;12;13;14;15;16})": [[1.4632756281161756, 495.30477015871133]]},
    source=SOURCE.format("LOGEST"),
)  # fmt: skip
def logest(
    known_ys: Array, known_xs: Raw = None, const: Boolean | None = None, stats: Boolean = False, *, context: Context
) -> Grid | CellError:
    return _estimate(known_ys, known_xs, const, stats, context, logarithm=True)


# -- TREND and GROWTH -------------------------------------------------------------------------------------------------------


def _fitted(known_y: Grid, known_x: object, new_x: object, const: bool | None, context: Context, logarithm: bool) -> Grid | CellError:
    table = read_table(known_y, known_x, context, logarithm)
    if isinstance(table, CellError):
        return table
    places: Matrix = table.x
    shape = table.shape
    if new_x is not None and new_x is not MISSING:
        grid = as_grid(new_x, context)
        if isinstance(grid, CellError):
            return grid
        numbers = plain_numbers(grid)
        if isinstance(numbers, CellError):
            return numbers
        if table.layout == "same":
            places, shape = numbers.reshape(-1, 1), (grid.height, grid.width)
        elif table.layout == "columns":
            places, shape = numbers, (grid.height, 1)
        else:
            places, shape = numbers.T, (1, grid.width)
        if places.shape[1] != table.x.shape[1]:
            return REF
    fit = least_squares(table.y, table.x, const is not False)
    if isinstance(fit, CellError):
        return fit
    with np.errstate(all="ignore"):
        values = places @ fit.coefficients + fit.intercept
        return Grid.from_numbers((np.exp(values) if logarithm else values).reshape(shape))


@function(
    "TREND", category=CATEGORY, summary="The heights of the line that fits points best.",
    examples={"=TREND({1;9;5;7},{0;4;2;3},{5;6})": [[11.0], [13.0]]}, source=SOURCE.format("TREND"),
)  # fmt: skip
def trend(known_ys: Array, known_xs: Raw = None, new_xs: Raw = None, const: Boolean | None = None, *, context: Context) -> Grid | CellError:
    return _fitted(known_ys, known_xs, new_xs, const, context, logarithm=False)


@function(
    "GROWTH", category=CATEGORY, summary="The heights of the exponential curve that fits points best.",
    examples={
        "=GROWTH({33100;47300;69000;102000;150000;220000},{11;12;13;14;15;16},{17;18})": [[320196.71836347098], [468536.05418404367]],
    },
    source=SOURCE.format("GROWTH"),
)  # fmt: skip
def growth(
    known_ys: Array, known_xs: Raw = None, new_xs: Raw = None, const: Boolean | None = None, *, context: Context
) -> Grid | CellError:
    return _fitted(known_ys, known_xs, new_xs, const, context, logarithm=True)
