"""Sums and products of ranges: SUM and its kin, SUMPRODUCT.

SUM's order is part of its definition (`functions.ordered_sum`); SUMPRODUCT adds its products pairwise in row-major order, the
same for one formula and for a batch of them.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from sheetengine.coerce import Errors, first_errors, overlay_errors, to_number
from sheetengine.functions.arguments import collect_numbers
from sheetengine.functions.context import Context
from sheetengine.functions.library import function
from sheetengine.functions.ordered_sum import countable, ordered_sum, plain_total, unslid
from sheetengine.functions.signature import AllNumbers, Array, Number, Raw
from sheetengine.functions.stretch import over_parts
from sheetengine.functions.windows import Growing, all_errors, lanes_of, numbers_only, stacked_errors, summed
from sheetengine.grid import BLANK, NUMBER, Grid, Numbers
from sheetengine.tails import Tailed
from sheetengine.values import DIV0, MISSING, NA, VALUE, Area, CellError, Lambda, Reference, Scalar, error_id

_CATEGORY: Final = "math and trigonometry"
_SOURCE: Final = "Microsoft Support: {} function"
_LARGE: Final = 1 << 12
_TALL: Final = 1 << 16
_MOST_LANES: Final = 1 << 24


# -- SUM ---------------------------------------------------------------------------------------------------------------


def read_used(area: Area, context: Context) -> Grid | None:
    """An area's cells without the unused part of a large one; None where nothing is used."""
    if area.height * area.width <= _LARGE:
        return context.read(area)
    used = context.used(area)
    return None if used is None else context.read(used)


def grid_sum(grid: Grid, top_row: int = 0) -> float | CellError:
    """The sum of a grid's numbers, or its first error."""
    error = grid.first_error()
    if error is not None:
        return error
    if isinstance(grid, Tailed) and not countable(grid.last).any():
        grid = grid.head  # zeros add nothing
    return ordered_sum(countable(grid), top_row)


def _sum_batch(*arguments: Grid | Growing) -> Grid | None:
    grids = [argument for argument in arguments if isinstance(argument, Grid)]
    if sum(grid.size for grid in grids if unslid(grid.numbers) is None) > _MOST_LANES:
        return None
    lanes = [lanes_of(argument, numbers_only) for argument in arguments]
    answer = Grid.from_numbers(summed([one.totals() for one in lanes]))
    errors = all_errors(lanes)
    return answer if errors is None else overlay_errors(answer.broadcast(np.broadcast_shapes(answer.shape, errors.shape)), errors)


@function(
    "SUM", category=_CATEGORY, summary="The sum of numbers.",
    examples={"=SUM(3,2)": 5.0, "=SUM(\"5\",15,TRUE)": 21.0, "=SUM({1,\"2\";TRUE,4})": 5.0},
    source=_SOURCE.format("SUM"), batch=_sum_batch, growing=True, plain=plain_total,
)  # fmt: skip
def total_sum(number1: Raw, *more: Raw, context: Context) -> Scalar:
    """Directly given texts and booleans count, those in ranges and arrays do not."""
    total = 0.0
    for index, argument in enumerate((number1, *more)):
        if isinstance(argument, Reference):
            for area in argument.areas:
                grid = read_used(area, context)
                if grid is None:
                    continue
                source = grid.source
                one = grid_sum(grid, area.top if source is None else source.top)
                if isinstance(one, CellError):
                    return one
                total += one
            continue
        if isinstance(argument, Grid):
            one = grid_sum(argument, 0 if argument.source is None else argument.source.top)
        elif isinstance(argument, Lambda):
            return VALUE
        else:
            one = to_number(None if argument is MISSING else argument, context.date1904)  # type: ignore[arg-type]
        if isinstance(one, CellError):
            return one
        total = one if index == 0 else total + one
    return total


def argument_sum(argument: object, context: Context) -> float | CellError:
    """SUM of one evaluated argument."""
    answer = total_sum(argument, context=context)
    return answer if isinstance(answer, CellError) else float(answer)  # type: ignore[arg-type]


# -- products and squares ----------------------------------------------------------------------------------------------


def _product_batch(*grids: Grid) -> Grid | None:
    if sum(grid.size for grid in grids) > _MOST_LANES:
        return None
    members = max(grid.shape[0] for grid in grids)
    product = np.ones(members)
    counted = np.zeros(members, bool)
    errors: Errors | None = None
    with np.errstate(all="ignore"):
        for grid in grids:
            errors = first_errors(errors, stacked_errors(grid))
            number = grid.kind_plane() == NUMBER
            lines = np.where(number, grid.numbers, 1.0).reshape((grid.shape[0], -1))
            for index in range(lines.shape[1]):
                product = product * lines[:, index]
            counted |= number.reshape((grid.shape[0], -1)).any(axis=1)
    answer = Grid.from_numbers(np.where(counted, product, 0.0))
    return answer if errors is None else overlay_errors(answer, np.broadcast_to(errors, (members,)))


@function(
    "PRODUCT", category=_CATEGORY, summary="The product of numbers; 0 where there are none.",
    examples={"=PRODUCT(5,15,30)": 2250.0, "=PRODUCT({5,15,30},2)": 4500.0}, source=_SOURCE.format("PRODUCT"), batch=_product_batch,
)  # fmt: skip
def product(number1: Raw, *more: Raw, context: Context) -> Scalar:
    """A blank given for a number, an argument left empty too, is passed over, where SUM and its kin take it for 0 (ClosedXML PR 2442)."""
    given = [argument for argument in (number1, *more) if argument is not None and argument is not MISSING]
    numbers = collect_numbers(given, context)
    if isinstance(numbers, CellError):
        return numbers
    if not numbers.size:
        return 0.0
    with np.errstate(all="ignore"):
        # An accumulation is the strict order from left to right, which the batch form has too.
        return float(np.multiply.accumulate(numbers)[-1])


@function(
    "SUMSQ", category=_CATEGORY, summary="The sum of the squares of numbers.",
    examples={"=SUMSQ(3,4)": 25.0}, source=_SOURCE.format("SUMSQ"),
)  # fmt: skip
def sum_of_squares(number: AllNumbers) -> Scalar:
    with np.errstate(all="ignore"):
        return float(np.add.accumulate(number * number)[-1]) if number.size else 0.0


# -- SUMPRODUCT --------------------------------------------------------------------------------------------------------


def _sumproduct_batch(*grids: Grid) -> Grid | Numbers | None:
    first = grids[0]
    shape = first.numbers.shape
    if shape[1] > _TALL:
        return None
    if len(grids) == 2 and first.kinds is None and grids[1].kinds is None:
        # The way of most: two ranges of numbers.
        one, two = first.numbers, grids[1].numbers
        lanes = len(one) if len(one) > len(two) else len(two)
        if two.shape[1:] == shape[1:] and lanes * shape[1] * shape[2] <= _MOST_LANES:
            # In rows first, so that the product runs along memory; whoever calls a batch form has numpy's warnings off.
            products = one.reshape(len(one), -1) * two.reshape(len(two), -1)
            sums: Numbers = np.add.reduce(products, axis=1)
            return sums
    if any(grid.shape[1:] != first.shape[1:] for grid in grids):
        return Grid.full((max(grid.shape[0] for grid in grids),), VALUE)
    members = max(grid.shape[0] for grid in grids)
    if members * first.shape[1] * first.shape[2] > _MOST_LANES:
        return None
    errors: Errors | None = None
    if any(grid.kinds is not None for grid in grids):
        for grid in grids:
            errors = first_errors(errors, stacked_errors(grid))
        if first.shape[1:] == (1, 1):
            for grid in grids:
                if grid.kinds is not None:
                    errors = first_errors(errors, np.where(grid.kinds[:, 0, 0] == BLANK, error_id(VALUE), -1))
    with np.errstate(all="ignore"):
        lines = _products([countable(grid) for grid in grids])
        sums = lines.reshape((lines.shape[0], -1)).sum(axis=1)
    answer = Grid.from_numbers(sums)
    return answer if errors is None else overlay_errors(answer.broadcast((members,)), np.broadcast_to(errors, (members,)))


def _products(planes: list[Numbers]) -> Numbers:
    """The elementwise product in row-major order, the planes multiplied from left to right."""
    if len(planes) == 1:
        return np.ascontiguousarray(planes[0])
    result: Numbers = np.multiply(planes[0], planes[1], order="C")
    for plane in planes[2:]:
        result *= plane
    return result


def _total(products: Numbers) -> float:
    """The sum of products in row-major order; of whole columns without the zeros below the last product that is none: a cut by
    content, so that it is the same however they were computed."""
    if len(products) > _TALL:
        filled = np.flatnonzero(products.any(axis=1))
        products = products[: int(filled[-1]) + 1 if filled.size else 0]
    return float(products.reshape(-1).sum())


@function(
    "SUMPRODUCT", category=_CATEGORY, summary="The sum of the products of corresponding elements.",
    examples={"=SUMPRODUCT({1,2,3},{4,-2,-4})": -12.0, "=SUMPRODUCT({3,4;8,6;1,9},{2,7;6,7;5,3})": 156.0},
    source=_SOURCE.format("SUMPRODUCT"), batch=_sumproduct_batch,
)  # fmt: skip
def sum_of_products(array1: Array, *more: Array) -> Scalar:
    """What is no number counts as 0; arrays of different shapes are #VALUE!, and so is a single cell that is blank.

    Evidence: superuser.com/questions/565417.
    """
    grids = [array1, *more]
    shape = array1.shape
    if any(grid.shape != shape for grid in grids):
        return CellError("#VALUE!", "the arrays of SUMPRODUCT have different shapes")
    for grid in grids:
        error = grid.first_error()
        if error is not None:
            return error
    if array1.size == 1 and any(grid.item(0, 0) is None for grid in grids):
        return CellError("#VALUE!", "a single blank cell is no number for SUMPRODUCT")
    with np.errstate(all="ignore"):
        products = over_parts(grids, lambda parts: Grid(_products([countable(part) for part in parts])))  # type: ignore[arg-type]  # grids
        if isinstance(products, Tailed) and products.height > _TALL and not products.last.numbers.any():
            return _total(products.head.numbers)
        return _total(products.numbers)


# -- differences of squares ----------------------------------------------------------------------------------------------


def _paired(array_x: Grid, array_y: Grid) -> tuple[Numbers, Numbers] | CellError:
    """The pairs in which both are numbers; arrays of different sizes are #N/A."""
    if array_x.size != array_y.size:
        return NA
    for grid in (array_x, array_y):
        error = grid.first_error()
        if error is not None:
            return error
    both = (array_x.kind_plane() == NUMBER).ravel() & (array_y.kind_plane() == NUMBER).ravel()
    if not both.any():
        return DIV0
    return array_x.numbers.ravel()[both], array_y.numbers.ravel()[both]


def _sum_all(terms: Numbers) -> float:
    return float(np.add.accumulate(terms)[-1])


@function(
    "SUMX2MY2", category=_CATEGORY, summary="The sum of the differences of squares of corresponding values.",
    examples={"=SUMX2MY2({2,3,9,1,8,7,5},{6,5,11,7,5,4,4})": -55.0}, source=_SOURCE.format("SUMX2MY2"),
)  # fmt: skip
def sum_x2_minus_y2(array_x: Array, array_y: Array) -> Scalar:
    pairs = _paired(array_x, array_y)
    if isinstance(pairs, CellError):
        return pairs
    with np.errstate(all="ignore"):
        return _sum_all(pairs[0] * pairs[0] - pairs[1] * pairs[1])


@function(
    "SUMX2PY2", category=_CATEGORY, summary="The sum of the sums of squares of corresponding values.",
    examples={"=SUMX2PY2({2,3,9,1,8,7,5},{6,5,11,7,5,4,4})": 521.0}, source=_SOURCE.format("SUMX2PY2"),
)  # fmt: skip
def sum_x2_plus_y2(array_x: Array, array_y: Array) -> Scalar:
    pairs = _paired(array_x, array_y)
    if isinstance(pairs, CellError):
        return pairs
    with np.errstate(all="ignore"):
        return _sum_all(pairs[0] * pairs[0] + pairs[1] * pairs[1])


@function(
    "SUMXMY2", category=_CATEGORY, summary="The sum of the squares of differences of corresponding values.",
    examples={"=SUMXMY2({2,3,9,1,8,7,5},{6,5,11,7,5,4,4})": 79.0}, source=_SOURCE.format("SUMXMY2"),
)  # fmt: skip
def sum_of_squared_differences(array_x: Array, array_y: Array) -> Scalar:
    pairs = _paired(array_x, array_y)
    if isinstance(pairs, CellError):
        return pairs
    with np.errstate(all="ignore"):
        difference = pairs[0] - pairs[1]
        return _sum_all(difference * difference)


# -- the rest ------------------------------------------------------------------------------------------------------------


@function(
    "SERIESSUM", category=_CATEGORY, summary="The sum of a power series.",
    examples={"=SERIESSUM(2,0,1,{1,1,1})": 7.0}, source=_SOURCE.format("SERIESSUM"), toolpak=True,
)  # fmt: skip
def sum_of_series(x: Number, n: Number, m: Number, coefficients: Array) -> Scalar:
    """a1·x^n + a2·x^(n+m) + …; a coefficient that is no number is #VALUE!, a blank one counts for 0."""
    error = coefficients.first_error()
    if error is not None:
        return error
    total = 0.0
    flat = coefficients.flat()
    if any(isinstance(value, str | bool) for value in flat):
        return VALUE
    with np.errstate(all="ignore"):
        exponents = n + m * np.arange(len(flat), dtype=np.float64)
        if x == 0.0 and bool((exponents < 0.0).any()):
            return CellError("#NUM!", "0 to a negative power")
        powers = np.power(np.full(len(flat), x), exponents)
        factors = np.array([0.0 if value is None else value for value in flat], dtype=np.float64)
        total = float(np.add.accumulate(factors * powers)[-1])
    return total


@function(
    "PERCENTOF", category=_CATEGORY, summary="The share that a part of the data has in all of it.",
    examples={"=PERCENTOF({1,2},{1,2,3,4})": 0.3}, source=_SOURCE.format("PERCENTOF"), future="_xlfn.",
)  # fmt: skip
def percent_of(data_subset: Raw, data_all: Raw, *, context: Context) -> Scalar:
    part = argument_sum(data_subset, context)
    if isinstance(part, CellError):
        return part
    whole = argument_sum(data_all, context)
    if isinstance(whole, CellError):
        return whole
    return DIV0 if whole == 0.0 else part / whole


__all__ = ["argument_sum", "grid_sum", "read_used", "total_sum"]
