"""Statistical functions over blocks: the vector form gives the scalar form's bits, on mixed cells, for each shape a fill makes."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from sheetengine import Workbook
from sheetengine.recalc import evaluate
from sheetengine.values import Area, CellError, Reference, Scalar
from tests.functions.fake import FakeContext, call

ROWS, FIRST, LAST = 160, 100, 140
"""Cells, and the rows that are filled with formulas: their ranges cross from one leaf of a sum to the next at row 128."""
REDUCERS = [
    "AVERAGE", "AVERAGEA", "COUNT", "COUNTA", "COUNTBLANK", "DEVSQ", "MAX", "MAXA", "MIN", "MINA", "STDEV.P", "STDEV.S", "STDEVA",
    "STDEVPA", "SUM", "VAR.P", "VAR.S", "VARA", "VARPA",
]  # fmt: skip
PLACES = [
    "LARGE",
    "PERCENTILE.EXC",
    "PERCENTILE.INC",
    "PERCENTRANK.EXC",
    "PERCENTRANK.INC",
    "QUARTILE.EXC",
    "QUARTILE.INC",
    "SMALL",
    "TRIMMEAN",
]
SHAPES = ["A100:A109", "A100:B109", "A$90:A100", "A$1:B100", "A100:A$160", "A100:A100", "$A$1:$B$9"]
"""Windows, growing and shrinking ranges, one cell, one range for all."""


def mixed_cells(seed: int, strange: float) -> list[list[Scalar]]:
    """Two columns of numbers of many sizes, some of their cells texts, numeric texts, booleans, blanks or errors."""
    random = np.random.default_rng(seed)
    cells: list[list[Scalar]] = []
    others: list[Scalar] = ["text", "7", "", True, False, None, CellError("#N/A"), CellError("#DIV/0!")]
    for _ in range(ROWS):
        numbers = np.round(random.normal(size=2) * 10.0 ** random.integers(-3, 5, size=2), int(random.integers(0, 12))) + 0.0
        line: list[Scalar] = numbers.tolist()
        for index in range(2):
            if random.random() < strange:
                # Errors only now and then: they answer for everything that sees them.
                line[index] = others[int(random.integers(len(others) if random.random() < 0.2 else 6))]
        cells.append(line)
    return cells


def computed(cells: list[list[Scalar]], formulas: list[str]) -> list[list[Scalar]]:
    """Each formula filled down beside the cells."""
    workbook = Workbook()
    sheet = workbook["Sheet1"]
    for row, line in enumerate(cells, 1):
        for column, value in zip("AB", line, strict=True):
            if value is not None:
                sheet[f"{column}{row}"] = f"={value}" if isinstance(value, CellError) else value if value != "" else '=""'
    answers = []
    for index, formula in enumerate(formulas):
        name = f"{chr(ord('D') + index)}"
        sheet[f"{name}{FIRST}:{name}{LAST}"] = formula
    workbook.recalculate()
    for index in range(len(formulas)):
        name = f"{chr(ord('D') + index)}"
        answers.append([sheet[f"{name}{row}"].value for row in range(FIRST, LAST + 1)])
    return answers


def both_forms(cells: list[list[Scalar]], formulas: list[str]) -> tuple[list[list[Scalar]], list[list[Scalar]]]:
    """By array expressions, and cell by cell."""
    vector = computed(cells, formulas)
    few = evaluate.FEW
    evaluate.FEW = 1 << 60
    try:
        return vector, computed(cells, formulas)
    finally:
        evaluate.FEW = few


@pytest.mark.parametrize("name", REDUCERS)
@given(seed=st.integers(0, 1 << 20), strange=st.sampled_from([0.0, 0.03, 0.4]))
@settings(max_examples=5, deadline=None)
def test_a_block_is_its_cells(name: str, seed: int, strange: float) -> None:
    formulas = [f"={name}({shape})" for shape in SHAPES]
    if name != "COUNTBLANK":
        formulas += [
            f"={name}(A100,B100)",
            f"={name}(A100:A105,B$2,7.5)",
            f"={name}(A$1:A100,B100:B109,$B$7)",
            f"={name}(A100*2,A100:A109)",
        ]
    vector, scalar = both_forms(mixed_cells(seed, strange), formulas)
    for formula, one, other in zip(formulas, vector, scalar, strict=True):
        assert one == other, formula


@pytest.mark.parametrize("name", PLACES)
@given(seed=st.integers(0, 1 << 20), strange=st.sampled_from([0.0, 0.03, 0.4]))
@settings(max_examples=4, deadline=None)
def test_places_in_a_block_are_those_of_its_cells(name: str, seed: int, strange: float) -> None:
    formulas = [
        f"={name}(A100:B109,2)", f"={name}(A100:B109,0.4)", f"={name}($A$1:$B$40,B100)", f"={name}(A100:A109,B$2)",
        f"={name}(A$1:A100,A100/100)", f"={name}($A$1:$B$9,ROW()/60)", f"={name}(A100:A102,A100)", f"={name}(A100,A100)",
    ]  # fmt: skip
    vector, scalar = both_forms(mixed_cells(seed, strange), formulas)
    for formula, one, other in zip(formulas, vector, scalar, strict=True):
        assert one == other, formula


@pytest.mark.parametrize("name", ["RANK.EQ", "RANK.AVG", "MEDIAN", "MODE.SNGL", "GEOMEAN", "HARMEAN", "AVEDEV", "SKEW", "SKEW.P", "KURT"])
@given(seed=st.integers(0, 1 << 20), strange=st.sampled_from([0.0, 0.03, 0.4]))
@settings(max_examples=4, deadline=None)
def test_other_functions_of_a_block(name: str, seed: int, strange: float) -> None:
    formulas = [f"={name}(A100:B109)", f"={name}(A$1:B100)", f"={name}(A100,A101:A109,B100)"]
    if name.startswith("RANK"):
        formulas = [
            f"={name}(A3,A$1:A$90)",
            f"={name}(A3,$A$1:$B$160,1)",
            f"={name}(A3,A$1:A3)",
            f"={name}(A3,A$1:A$90,B3)",
            f"={name}(A3,B3)",
        ]
    vector, scalar = both_forms(mixed_cells(seed, strange), formulas)
    for formula, one, other in zip(formulas, vector, scalar, strict=True):
        assert one == other, formula


@pytest.mark.parametrize(
    "name", ["CORREL", "PEARSON", "RSQ", "SLOPE", "INTERCEPT", "STEYX", "COVARIANCE.P", "COVARIANCE.S", "FORECAST.LINEAR"]
)
@given(seed=st.integers(0, 1 << 20), strange=st.sampled_from([0.0, 0.03, 0.4]))
@settings(max_examples=4, deadline=None)
def test_pairs_in_a_block(name: str, seed: int, strange: float) -> None:
    rest = ["A100:A109,B100:B109", "A100:A118,$B$1:$B$19", "A$1:A100,B$1:B100", "A100:B103,A110:B113", "A100:A102,B100:B104", "A100,B100"]
    first = "A100," if name.startswith("FORECAST") else ""
    formulas = [f"={name}({first}{shape})" for shape in rest]
    if first:
        formulas += [f"={name}(0.5,{shape})" for shape in rest[:2]] + [f"={name}(A100,$A$1:$A$9,$B$1:$B$9)"]
    vector, scalar = both_forms(mixed_cells(seed, strange), formulas)
    for formula, one, other in zip(formulas, vector, scalar, strict=True):
        assert one == other, formula


def test_speed_of_windows_and_growing_ranges() -> None:
    """Against an algorithm of the wrong order, by generous bounds: each of these took 2 to 20 ms on two cores."""
    rows = 50_000
    workbook = Workbook()
    sheet = workbook["Sheet1"]
    sheet[f"A1:A{rows}"] = np.random.default_rng(1).normal(size=(rows, 1))
    for name in ("AVERAGE", "MAX", "COUNT"):
        for shape in ("A1:A10", "A$1:A1", "A1:A5000"):
            start = time.process_time()
            sheet[f"C1:C{rows // 2}"] = f"={name}({shape})"
            assert sheet["C9"].value is not None
            assert time.process_time() - start < 1.0, (name, shape)


@pytest.mark.parametrize("name", ["LARGE", "SMALL", "PERCENTILE.INC", "QUARTILE.EXC", "TRIMMEAN", "RANK.EQ", "PERCENTRANK.INC"])
def test_a_sorting_that_is_kept_goes_with_an_edit(name: str) -> None:
    """The numbers of a large range are sorted once; any edit in it is seen, one outside it changes nothing."""
    random = np.random.default_rng(4)
    numbers = np.round(random.normal(size=(5000, 1)), 6)
    sheet = Workbook()["Sheet1"]
    sheet["A1:A5000"] = numbers
    cells: dict[tuple[int, int], Scalar] = {(row, 0): float(number) for row, number in enumerate(numbers[:, 0])}
    place = {"LARGE": "3", "SMALL": "4999", "RANK.EQ": "A17", "PERCENTRANK.INC": "A17,9"}.get(
        name, "0.4" if name != "QUARTILE.EXC" else "3"
    )
    sheet["C1"] = f"={name}(A17,A1:A5000)" if name == "RANK.EQ" else f"={name}(A1:A5000,{place})"
    for step in range(8):
        row = int(random.integers(20, 5001))
        cells[row - 1, 0] = [float(random.normal()), "text", None, 9.0][step % 4]
        sheet[f"A{row}"] = cells[row - 1, 0]
        sheet["B7"] = float(step)
        whole, own = Reference((Area(0, 0, 0, 4999, 0),)), cells[16, 0]
        if name == "RANK.EQ":
            expected = call(name, own, whole, context=FakeContext(cells))
        elif name == "PERCENTRANK.INC":
            expected = call(name, whole, own, 9.0, context=FakeContext(cells))
        else:
            expected = call(name, whole, float(place), context=FakeContext(cells))
        assert sheet["C1"].value == expected
