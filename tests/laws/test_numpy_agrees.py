"""SUMPRODUCT, MMULT, SUM, EXP, INDEX and the arithmetic operators give numpy's result: equal for integers, for floats within 4 ulp times
the condition number of the sum."""

from __future__ import annotations

import numpy as np
from hypothesis import given, strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from sheetengine.address import Range
from sheetengine.workbook import Workbook
from tests.laws.laws import effort

Plane = NDArray[np.float64]
EPSILON = np.finfo(np.float64).eps

INTEGERS = st.integers(-1_000_000, 1_000_000).map(float)
FLOATS = st.floats(-1e12, 1e12, allow_subnormal=False).map(lambda number: number if abs(number) > 1e-200 else 0.0)


def planes(height: int, width: int) -> st.SearchStrategy[Plane]:
    return st.sampled_from((INTEGERS, FLOATS)).flatmap(lambda element: arrays.arrays(np.float64, (height, width), elements=element))


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Plane, Plane]:
    height, width = draw(st.integers(1, 40)), draw(st.integers(1, 5))
    return draw(planes(height, width)), draw(planes(height, width))


def place(workbook: Workbook, plane: Plane, left: int) -> str:
    """Put a plane into the sheet; the answer is its address."""
    address = str(Range(0, left, plane.shape[0] - 1, left + plane.shape[1] - 1))
    workbook["Sheet1"][address] = plane
    return address


def near(found: float, terms: Plane, wanted: float) -> bool:
    """Within 4 ulp of the sum of the terms' sizes, which is the sum times its condition number; whole numbers exactly."""
    if (terms == np.rint(terms)).all() and np.abs(terms).sum() < 2**53:
        return found == wanted
    return bool(abs(found - wanted) <= 4 * EPSILON * np.abs(terms).sum())


@effort(1)
@given(pairs())
def test_sums_and_products(two: tuple[Plane, Plane]) -> None:
    one, other = two
    workbook = Workbook()
    sheet = workbook["Sheet1"]
    a, b = place(workbook, one, 0), place(workbook, other, 10)
    sheet["Z1"], sheet["Z2"], sheet["Z3"] = f"=SUM({a})", f"=SUMPRODUCT({a},{b})", f"=SUM({a}*{b})"
    exact = (one * other).ravel()
    assert near(sheet["Z1"].value, one.ravel(), float(one.sum()))
    assert near(sheet["Z2"].value, exact, float(exact.sum()))
    assert sheet["Z3"].value == sheet["Z2"].value or near(sheet["Z3"].value, exact, float(exact.sum()))


@effort(1)
@given(st.data())
def test_matrix_products(data: st.DataObject) -> None:
    height, depth, width = (data.draw(st.integers(1, 9)) for _ in range(3))
    one, other = data.draw(planes(height, depth)), data.draw(planes(depth, width))
    workbook = Workbook()
    sheet = workbook["Sheet1"]
    a, b = place(workbook, one, 0), place(workbook, other, 12)
    sheet["AA1"] = f"=MMULT({a},{b})"
    found = np.array(sheet[str(Range(0, 26, height - 1, 25 + width))].values, np.float64)
    for row in range(height):
        for column in range(width):
            assert near(found[row, column], one[row] * other[:, column], float(one[row] @ other[:, column]))


@effort(1)
@given(pairs())
def test_operators_are_ieee(two: tuple[Plane, Plane]) -> None:
    one, other = two
    workbook = Workbook()
    sheet = workbook["Sheet1"]
    place(workbook, one[:, :1], 0)
    place(workbook, other[:, :1], 1)
    rows = len(one)
    # Parentheses keep Excel's rule of sums near zero out of it.
    for column, formula in zip("CDEFG", ("=(A1+B1)", "=(A1-B1)", "=A1*B1", "=IF(B1=0,0,A1/B1)", "=EXP(A1/1E+12)"), strict=True):
        sheet[f"{column}1:{column}{rows}"] = formula
    a, b = one[:, 0], other[:, 0]
    divided = np.divide(a, b, out=np.zeros_like(a), where=b != 0)
    for column, wanted in zip("CDEFG", (a + b, a - b, a * b, divided, np.exp(a / 1e12)), strict=True):
        found = np.array(sheet[f"{column}1:{column}{rows}"].values, np.float64).reshape(rows)
        wanted = np.where(np.abs(wanted) < np.finfo(np.float64).tiny, found, wanted)  # what is smaller counts as zero in Excel
        assert found.tolist() == (wanted + 0.0).tolist(), column


@effort(1)
@given(pairs(), st.data())
def test_index_is_indexing(two: tuple[Plane, Plane], data: st.DataObject) -> None:
    plane, _ = two
    workbook = Workbook()
    address = place(workbook, plane, 0)
    row, column = data.draw(st.integers(1, plane.shape[0])), data.draw(st.integers(1, plane.shape[1]))
    sheet = workbook["Sheet1"]
    sheet["Z1"], sheet["Z2"], sheet["Z3"] = (
        f"=INDEX({address},{row},{column})",
        f"=SUM(INDEX({address},{row},0))",
        f"=SUM(INDEX({address},0,{column}))",
    )
    assert sheet["Z1"].value == plane[row - 1, column - 1]
    assert near(sheet["Z2"].value, plane[row - 1], float(plane[row - 1].sum()))
    assert near(sheet["Z3"].value, plane[:, column - 1], float(plane[:, column - 1].sum()))
