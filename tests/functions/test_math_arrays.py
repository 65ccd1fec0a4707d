"""Math functions of arrays and ranges: sums, products, matrices, subtotals, random arrays; batches against single calls.

Values: Microsoft Support (each function's page), books saved by Excel 16 (named where the case is from one), else the definition.
"""

from __future__ import annotations

import math
from collections.abc import Collection

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from sheetengine.functions.library import find
from sheetengine.functions.windows import Growing
from sheetengine.grid import Grid
from sheetengine.values import MISSING, Area, CellError, Reference, Scalar
from tests.functions.fake import FakeContext, call


def grid(*rows: list[Scalar]) -> Grid:
    return Grid.from_rows([[float(value) if type(value) is int else value for value in row] for row in rows])


def reference(top: int, left: int, bottom: int, right: int) -> Reference:
    return Reference((Area(0, top, left, bottom, right),))


X, Y = grid([2, 3, 9, 1, 8, 7, 5]), grid([6, 5, 11, 7, 5, 4, 4])
NA_ERROR = CellError("#N/A")

TABLE = [
    # the book PRODUCT_SUM and Microsoft Support
    ("SUM", (3, 2), 5), ("SUM", ("5", 15, True), 21), ("SUM", ("seven",), "#VALUE!"), ("SUM", (grid([1, "2"], [True, 4]),), 5), ("SUM", (MISSING, 2), 2),
    ("SUM", (grid([1, NA_ERROR, CellError("#REF!")]),), "#N/A"), ("SUM", (1e308, 1e308), "#NUM!"), ("SUM", (grid(["a", None]),), 0),
    ("PRODUCT", (5, 15, 30), 2250), ("PRODUCT", (grid([5, 15, 30]), 2), 4500), ("PRODUCT", (grid(["a", None, True]),), 0), ("PRODUCT", ("7",), 7),
    ("PRODUCT", ("seven",), "#VALUE!"), ("PRODUCT", (True,), 1), ("PRODUCT", (1e200, 1e200), "#NUM!"), ("PRODUCT", (grid([2, NA_ERROR]),), "#N/A"),
    ("SUMSQ", (3, 4), 25), ("SUMSQ", (grid([3, "x", True, 4]),), 25), ("SUMSQ", (grid([None]),), 0), ("SUMSQ", ("x",), "#VALUE!"), ("SUMSQ", (1e200,), "#NUM!"),
    ("SUMPRODUCT", (grid([1, 2, 3]), grid([4, -2, -4])), -12), ("SUMPRODUCT", (grid([3, 4], [8, 6], [1, 9]), grid([2, 7], [6, 7], [5, 3])), 156),
    ("SUMPRODUCT", (grid([1, 2, 3]), grid([1], [2], [3])), "#VALUE!"), ("SUMPRODUCT", (grid([1, "x", True]), grid([2, 2, 2])), 2),
    ("SUMPRODUCT", (grid([1, NA_ERROR]), grid([2, 2])), "#N/A"), ("SUMPRODUCT", (grid([1, 2]),), 3), ("SUMPRODUCT", (3, 4), 12),
    ("SUMPRODUCT", (grid([True, False, True]),), 0),
    ("SUMX2MY2", (X, Y), -55), ("SUMX2MY2", (X, grid([1, 2])), "#N/A"), ("SUMX2MY2", (grid([3, "x"]), grid([2, 9])), 5), ("SUMX2MY2", (grid(["a"]), grid([2])), "#DIV/0!"),
    ("SUMX2MY2", (grid([NA_ERROR]), grid([2])), "#N/A"),
    ("SUMX2PY2", (X, Y), 521), ("SUMX2PY2", (X, grid([1, 2])), "#N/A"), ("SUMX2PY2", (grid([3, None]), grid([2, 9])), 13), ("SUMX2PY2", (3, 4), 25),
    ("SUMX2PY2", (grid([1, 2]), grid([1], [2])), 10),
    ("SUMXMY2", (X, Y), 79), ("SUMXMY2", (X, grid([1, 2])), "#N/A"), ("SUMXMY2", (grid([3, True]), grid([2, 9])), 1), ("SUMXMY2", (3, 4), 1), ("SUMXMY2", (grid([True]), grid([1])), "#DIV/0!"),
    ("SERIESSUM", (2, 0, 1, grid([1, 1, 1])), 7), ("SERIESSUM", (math.pi / 4, 0, 2, grid([1, -1 / 2, 1 / 24, -1 / 720])), 0.7071032148228457), ("SERIESSUM", (2, 0, 1, grid([1, "x"])), "#VALUE!"),
    ("SERIESSUM", (2, 0, 1, 5), 5), ("SERIESSUM", (0, -1, 1, grid([1, 1])), "#NUM!"), ("SERIESSUM", ("x", 0, 1, 5), "#VALUE!"),
    ("PERCENTOF", (grid([1, 2]), grid([1, 2, 3, 4])), 0.3), ("PERCENTOF", (1, 4), 0.25), ("PERCENTOF", (1, 0), "#DIV/0!"), ("PERCENTOF", (grid(["x"]), 4), 0), ("PERCENTOF", ("x", 4), "#VALUE!"),
    # the book MMULT
    ("MMULT", (grid([1, 3], [7, 2]), grid([2, 0], [0, 2])), [[2, 6], [14, 4]]), ("MMULT", (grid([1, 2]), grid([1, 2])), "#VALUE!"), ("MMULT", (grid([1, None], [3, 4]), grid([1, 2], [3, 4])), "#VALUE!"),
    ("MMULT", (grid([1, "4"]), grid([1], [2])), "#VALUE!"), ("MMULT", (grid([1, NA_ERROR]), grid([1], [2])), "#N/A"), ("MMULT", (grid([1, 2]), grid([3], [4])), [[11]]),
    ("MDETERM", (grid([1, 3, 8, 5], [1, 3, 6, 1], [1, 1, 1, 0], [7, 3, 10, 2]),), 88), ("MDETERM", (grid([3, 6, 1], [1, 1, 0], [3, 10, 2]),), 1), ("MDETERM", (grid([3, 6], [1, 1]),), -3),
    ("MDETERM", (grid([1, 3, 8, 5], [1, 3, 6, 1]),), "#VALUE!"), ("MDETERM", (grid([1, 2], [2, 4]),), 0), ("MDETERM", (5,), 5), ("MDETERM", (grid([1, "x"], [2, 4]),), "#VALUE!"),
    ("MINVERSE", (grid([4, -1], [2, 0]),), [[0, 0.5], [-1, 2]]), ("MINVERSE", (grid([1, 2], [2, 4]),), "#NUM!"), ("MINVERSE", (grid([1, 2]),), "#VALUE!"), ("MINVERSE", (-1,), [[-1]]), ("MINVERSE", (0,), "#NUM!"),
    ("MUNIT", (2,), [[1, 0], [0, 1]]), ("MUNIT", (1.7,), [[1]]), ("MUNIT", (0.2,), "#VALUE!"), ("MUNIT", (-1,), "#VALUE!"), ("MUNIT", (True,), [[1]]), ("MUNIT", (1e9,), "#NUM!"),
    # the book SEQUENCE
    ("SEQUENCE", (2, 3), [[1, 2, 3], [4, 5, 6]]), ("SEQUENCE", (3, 1, 10, -2), [[10], [8], [6]]), ("SEQUENCE", (0,), "#CALC!"), ("SEQUENCE", (-1,), "#VALUE!"), ("SEQUENCE", (0.3,), "#CALC!"),
    ("SEQUENCE", (MISSING, 3, MISSING, 2.5), [[1, 3.5, 6]]), ("SEQUENCE", (999999999,), "#VALUE!"), ("SEQUENCE", (1048576, 16384), "#NUM!"), ("SEQUENCE", ("2",), [[1], [2]]), ("SEQUENCE", (2, 1, 5, 0), [[5], [5]]),
    # the book GCD_LCM
    ("GCD", (grid([4, 8, 12]),), 4), ("GCD", (grid([4, 8, 12], [1, 2, 3]),), 1), ("GCD", (grid([4, -8, 12]),), "#NUM!"), ("GCD", (grid([4, "8", 12]),), 4), ("GCD", (grid([None, 5]),), 5),
    ("LCM", (grid([4.8, 8.4, 12]),), 24), ("LCM", (grid([4, 0, 12]),), 0), ("LCM", (grid([None, 5]),), 0), ("LCM", (grid([True, 5]),), "#VALUE!"), ("LCM", (grid(["x", 5]),), "#VALUE!"),
    ("MULTINOMIAL", (grid([2, 3, 4]),), 1260), ("MULTINOMIAL", (grid([2, NA_ERROR]),), "#N/A"), ("MULTINOMIAL", (grid([None, 3]),), 1),
    ("ROUND", (grid([1.25, 2.35]), grid([1], [0])), [[1.3, 2.4], [1, 2]]), ("ABS", (grid([-1, "x", None]),), [[1, CellError("#VALUE!"), 0]]),
    ("MROUND", (grid([7, 8]), 5), [[5, 10]]), ("MROUND", (grid([7, True]), 5), [[5, CellError("#VALUE!")]]),
    ("RANDBETWEEN", (3, 3), 3), ("RANDBETWEEN", (2, 1), "#NUM!"), ("RANDBETWEEN", (True, 3), "#VALUE!"), ("RANDBETWEEN", ("x", 3), "#VALUE!"), ("RANDBETWEEN", (grid([3, 4]), 4), None),
    ("RANDARRAY", (1, 2, 5, 5, True), [[5, 5]]), ("RANDARRAY", (1, 1, 2, 1), "#VALUE!"), ("RANDARRAY", (0,), "#CALC!"), ("RANDARRAY", (-1,), "#VALUE!"), ("RANDARRAY", (1, 1, 0.5, 3, True), "#VALUE!"),
]  # fmt: skip


def agree(found: object, wanted: object) -> bool:
    if isinstance(wanted, list):
        if not isinstance(found, Grid):
            return False
        return all(agree(one, two) for row, line in zip(found.rows(), wanted, strict=True) for one, two in zip(row, line, strict=True))
    if isinstance(wanted, CellError):
        return found == wanted
    if isinstance(wanted, str):
        return isinstance(found, CellError) and found.code == wanted
    return isinstance(found, float) and math.isclose(found, wanted, rel_tol=1e-12, abs_tol=1e-15)  # type: ignore[arg-type]


@pytest.mark.parametrize(("name", "arguments", "wanted"), [case for case in TABLE if case[2] is not None])
def test_table(name: str, arguments: tuple[object, ...], wanted: object) -> None:
    found = call(name, *arguments)
    assert agree(found, wanted), found


# -- ranges: a column of 7, "7", "seven", TRUE, an error, and blanks, as in the book PRODUCT_SUM ------------------------------

CELLS: dict[tuple[int, int], Scalar] = {(0, 0): 7.0, (1, 0): "7", (2, 0): "seven", (3, 0): True, (4, 0): CellError("#DIV/0!"), (6, 0): 3.0}


@pytest.mark.parametrize(
    ("name", "rows", "wanted"),
    [
        ("SUM", (0, 0), 7), ("SUM", (1, 1), 0), ("SUM", (2, 2), 0), ("SUM", (3, 3), 0), ("SUM", (4, 4), "#DIV/0!"), ("SUM", (0, 3), 7), ("SUM", (5, 6), 3),
        ("PRODUCT", (0, 0), 7), ("PRODUCT", (1, 1), 0), ("PRODUCT", (3, 3), 0), ("PRODUCT", (4, 4), "#DIV/0!"), ("PRODUCT", (0, 3), 7), ("PRODUCT", (5, 5), 0),
        ("SUM", (5, 1048575), 3), ("SUM", (20, 1048575), 0), ("GCD", (5, 6), 3), ("LCM", (5, 6), 0), ("GCD", (5, 5), "#VALUE!"), ("LCM", (6, 1048575), 0),
        ("GCD", (0, 1), 7), ("GCD", (0, 2), "#VALUE!"), ("GCD", (3, 3), "#VALUE!"), ("SQRTPI", (0, 1), "#VALUE!"), ("MROUND", (0, 0), None),
    ],
)  # fmt: skip
def test_ranges(name: str, rows: tuple[int, int], wanted: object) -> None:
    if wanted is None:
        assert call(name, reference(rows[0], 0, rows[1], 0), 2, context=FakeContext(CELLS)) == 8.0
        return
    found = call(name, reference(rows[0], 0, rows[1], 0), context=FakeContext(CELLS))
    assert agree(found, wanted), found


def test_elimination_rounds_as_excel_does() -> None:
    """Excel shows 6.66133814775094E-16 for this singular matrix, and an inverse of numbers around 4.5E+15."""
    matrix = grid([1, 2, 3], [4, 5, 6], [7, 8, 9])
    assert agree(call("MDETERM", matrix), 6.66133814775094e-16)
    inverse = call("MINVERSE", matrix)
    assert isinstance(inverse, Grid)
    assert inverse.numbers[0, 0] == pytest.approx(-4.5035996273705e15)


@pytest.mark.parametrize("size", [1, 2, 7, 60, 250])
def test_inverse_and_determinant_of_random_matrices(size: int) -> None:
    matrix = np.random.default_rng(size).normal(size=(size, size))
    inverse = call("MINVERSE", Grid(matrix))
    assert isinstance(inverse, Grid)
    assert np.allclose(inverse.numbers @ matrix, np.eye(size), atol=1e-8)
    assert call("MDETERM", Grid(matrix)) == pytest.approx(float(np.linalg.det(matrix)), rel=1e-9)


def test_sum_of_a_union_and_of_several_arguments() -> None:
    context = FakeContext({(0, 0): 1.0, (5, 5): 2.0})
    union = Reference((Area(0, 0, 0, 0, 0), Area(0, 5, 5, 5, 5), Area(0, 0, 0, 0, 0)))
    assert call("SUM", union, 10, context=context) == 14.0


def test_sum_takes_the_first_error_in_the_order_of_arguments() -> None:
    assert call("SUM", "x", CellError("#N/A")) == CellError("#VALUE!")
    assert call("SUM", CellError("#N/A"), "x") == NA_ERROR


class HidingContext(FakeContext):
    """Rows 1 hidden by hand and 2 by a filter; the cell in row 3 is a subtotal."""

    def hidden_rows(self, sheet: int) -> Collection[int]:
        return (1,)

    def filtered_rows(self, sheet: int) -> Collection[int]:
        return (2,)

    def subtotals(self, area: Area) -> NDArray[np.bool_] | None:
        cells = np.zeros((area.height, area.width), bool)
        cells[3 - area.top] = True
        return cells


@pytest.mark.parametrize(
    ("name", "arguments", "wanted"),
    [
        ("SUBTOTAL", (9,), 1 + 2 + 16), ("SUBTOTAL", (109,), 1 + 16), ("SUBTOTAL", (6,), 32), ("SUBTOTAL", (109.9,), 17), ("SUBTOTAL", (12,), "#VALUE!"),
        ("SUBTOTAL", (0,), "#VALUE!"), ("SUBTOTAL", (100,), "#VALUE!"), ("SUBTOTAL", ("x",), "#VALUE!"),
        ("AGGREGATE", (9, 4), 31), ("AGGREGATE", (9, 5), 25), ("AGGREGATE", (9, 0), 23), ("AGGREGATE", (9, 1), 17), ("AGGREGATE", (9, 7), 25), ("AGGREGATE", (9, 8), "#VALUE!"),
        ("AGGREGATE", (20, 4), "#VALUE!"), ("AGGREGATE", (14, 4), "#VALUE!"),
    ],
)  # fmt: skip
def test_subtotals(name: str, arguments: tuple[object, ...], wanted: object) -> None:
    """1, 2, 4, 8, 16 down a column: what is left out shows in the sum (Microsoft Support, SUBTOTAL and AGGREGATE)."""
    context = HidingContext({(row, 0): 2.0**row for row in range(5)})
    found = call(name, *arguments, reference(0, 0, 4, 0), context=context)
    assert agree(found, wanted), found


def test_aggregate_ignores_errors_where_told() -> None:
    context = FakeContext({(0, 0): 1.0, (1, 0): CellError("#DIV/0!"), (2, 0): 5.0})
    assert call("AGGREGATE", 9, 6, reference(0, 0, 2, 0), context=context) == 6.0
    assert call("AGGREGATE", 9, 4, reference(0, 0, 2, 0), context=context) == CellError("#DIV/0!")
    assert call("AGGREGATE", 9, 6, grid([1, 2]), context=context) == CellError("#VALUE!")
    assert call("SUBTOTAL", 9, grid([1, 2]), context=context) == CellError("#VALUE!")


def test_random_numbers() -> None:
    rand = call("RAND")
    assert isinstance(rand, float)
    assert 0.0 <= rand < 1.0
    for name, arguments in (("RANDARRAY", (20, 5, 3, 9, True)), ("RANDBETWEEN", (Grid.full((20, 5), 3.0), 9))):
        found = call(name, *arguments)
        assert isinstance(found, Grid)
        assert found.shape == (20, 5)
        assert set(found.numbers.ravel().tolist()) <= set(map(float, range(3, 10)))
        assert len(set(found.numbers.ravel().tolist())) == 7


# -- batches -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["SUM", "PRODUCT", "SUMPRODUCT"])
@pytest.mark.parametrize("shape", [(30, 28, 28), (5, 1, 7), (4, 10, 1), (1, 3, 3), (3, 200, 2)])
@pytest.mark.parametrize("plain", [True, False])
def test_batch_is_the_single_call(name: str, shape: tuple[int, int, int], plain: bool) -> None:
    """One shared operand and one for each member, numbers only or with texts, booleans, blanks and errors."""
    random = np.random.default_rng(shape[1])
    own = Grid(random.normal(size=shape))
    shared = Grid(random.normal(size=(1, *shape[1:])))
    if not plain:
        scalars: list[Scalar] = random.normal(size=math.prod(shape)).tolist()
        scalars[::5] = ["text"] * len(scalars[::5])
        scalars[1::7] = [True] * len(scalars[1::7])
        scalars[2::11] = [None] * len(scalars[2::11])
        scalars[-1] = NA_ERROR
        own = Grid.from_flat(scalars, shape)
    spec = find(name)
    assert spec is not None
    assert spec.batch is not None
    for grids in ((own,), (own, shared), (shared, own)):
        found = spec.batch(*grids)
        found = found if isinstance(found, Grid) else Grid.from_numbers(found)
        members = shape[0]
        wanted = [call(name, *(part[member if part.shape[0] > 1 else 0] for part in grids)) for member in range(members)]
        assert found.flat() == wanted


def test_batch_of_sliding_windows_with_texts_and_errors() -> None:
    column = Grid.from_flat(
        [NA_ERROR if row == 90 else "x" if row % 9 == 0 else True if row % 7 == 0 else row / 7 for row in range(300)], (300, 1)
    )
    windows = Grid(
        sliding_window_view(column.numbers, 40, axis=0).swapaxes(1, 2), sliding_window_view(column.kind_plane(), 40, axis=0).swapaxes(1, 2)
    )
    windows.tops = np.arange(261)
    spec = find("SUM")
    assert spec is not None
    assert spec.batch is not None
    context = FakeContext({(row, 0): value for row, value in enumerate(column.flat())})
    assert spec.batch(windows).flat() == [call("SUM", reference(top, 0, top + 39, 0), context=context) for top in range(261)]


def test_running_totals_with_texts_and_errors() -> None:
    hull = Grid.from_flat(
        [NA_ERROR if row == 401 else "x" if row % 9 == 0 else True if row % 7 == 0 else row / 7 for row in range(600)], (300, 2)
    )
    context = FakeContext({(5 + row, column): value for row, line in enumerate(hull.rows()) for column, value in enumerate(line)})
    bottoms = np.arange(5, 305)
    spec = find("SUM")
    assert spec is not None
    assert spec.batch is not None
    for tops in (np.full(300, 5), np.maximum(5, bottoms - 20), bottoms):
        wanted = [
            call("SUM", reference(top, 0, bottom, 1), context=context) for top, bottom in zip(tops.tolist(), bottoms.tolist(), strict=True)
        ]
        hull_of_all = hull[int(tops.min()) - 5 :]
        assert spec.batch(Growing(hull_of_all, tops, bottoms)).flat() == wanted


def test_sumproduct_of_whole_columns_is_cut_where_nothing_follows() -> None:
    tall = Grid.blank((1_048_576, 1))
    numbers, kinds = np.zeros((1_048_576, 1)), np.zeros((1_048_576, 1), np.uint8)
    numbers[:3, 0], kinds[:3, 0] = (1.0, 2.0, 3.0), 1
    assert call("SUMPRODUCT", Grid(numbers, kinds), Grid(numbers, kinds)) == 14.0
    assert call("SUMPRODUCT", tall, tall) == 0.0
