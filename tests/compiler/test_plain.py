"""The plain form equals the vector form to the bit, or says nothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st

import sheetengine
from sheetengine.compiler.frame import NeedsCells, NeedsParts
from sheetengine.recalc.batch import BlockBatch
from sheetengine.recalc.blocks import Block, flats
from sheetengine.values import CellError

COUNT = 12
NUMBERS = st.one_of(
    st.sampled_from([0.0, 1.0, -1.0, 0.5, 3.0, 1e-300, 1e300, -1e200, 710.0, 1e-170, 100.0]), st.floats(-1e3, 1e3).map(lambda x: x + 0.0)
)
CELLS = st.one_of(NUMBERS, st.sampled_from([None, "text", True, "3", CellError("#N/A")]))

LEAVES = st.sampled_from(["A1", "B1", "$A$1", "2", "0.1", "SUM(A1:B3)", "SUMPRODUCT(A1:B2,B2:C3)", "INDEX($A$1:$A$9,3)", "MAX(A1:C1)"])


def _wider(inner):
    two = st.tuples(inner, st.sampled_from("+-*/^"), inner).map(lambda part: f"({part[0]}{part[1]}{part[2]})")
    call = st.tuples(st.sampled_from(["EXP", "SQRT", "ABS", "LN", "TANH", "SIN", "INT"]), inner).map(lambda part: f"{part[0]}({part[1]})")
    return st.one_of(two, call, inner.map(lambda one: f"-{one}"), inner.map(lambda one: f"{one}%"))


FORMULAS = st.tuples(st.recursive(LEAVES, _wider, max_leaves=5), st.sampled_from("+-*/"), LEAVES).map(
    lambda part: f"={part[0]}{part[1]}{part[2]}"
)


def _both(workbook, block):
    """The plain and the vector form's answers, as values, of a block computed as in a second round."""
    answers = []
    for form in (block.program.plain, block.program.vector):
        batch = BlockBatch(workbook._engine.reader, block, block.all)
        batch.cache = {}
        batch.fired = frozenset(range(len(block.slots)))
        answers.append(None if form is None else form(batch))
    plain, vector = answers
    if plain is None:
        return None, None
    flat = vector.reshape((vector.shape[0],))
    return plain, flat if flat.shape == plain.shape else flat.broadcast(plain.shape)


def _sheet(formula, planes):
    workbook = sheetengine.Workbook()
    sheet = workbook["Sheet1"]
    for letter, column in zip("ABC", planes, strict=True):
        sheet[f"{letter}1:{letter}{len(column)}"] = [[one] for one in column]
    sheet[f"E1:E{COUNT}"] = formula
    sheet["E1"].value  # noqa: B018  # computed
    (block,) = workbook._engine.field
    assert isinstance(block, Block)
    return workbook, block


@given(FORMULAS, st.lists(st.lists(CELLS, min_size=COUNT + 3, max_size=COUNT + 3), min_size=3, max_size=3))
def test_equal_to_the_bit_or_silent(formula, planes):
    workbook, block = _sheet(formula, planes)
    if block.program.vector is None:
        return
    try:
        plain, vector = _both(workbook, block)
    except (NeedsCells, NeedsParts):
        # The vector form gives up on these cells: they are computed one by one.
        return
    if plain is not None:
        assert vector.kinds is None
        assert plain.tobytes() == vector.numbers.tobytes()
        assert np.isfinite(plain).all()
        assert not np.signbit(plain[plain == 0]).any()


PLAIN = [
    "=A1*2+B1",
    "=1/(1+EXP(-(SUMPRODUCT(A1:B2,B2:C3)+INDEX($A$1:$A$9,3))))",
    "=-A1",
    "=A1%",
    "=EXP(A1-B1)",
    "=SQRT(A1*A1+B1^2)",
    "=(A1+B1)*(A1-B1)/$C$1",
    "=TANH(SUM(A1:C3)/1000)+1",
]


@pytest.mark.parametrize("formula", PLAIN)
def test_of_plain_numbers_it_answers(formula):
    planes = np.random.default_rng(3).random((3, COUNT + 3)) + 0.5
    workbook, block = _sheet(formula, planes.tolist())
    plain, vector = _both(workbook, block)
    assert plain is not None
    assert plain.tobytes() == vector.numbers.tobytes()


@pytest.mark.parametrize("odd", [None, "text", True, CellError("#N/A"), 0.0, 1e308])
def test_what_it_cannot_say_it_leaves(odd):
    """Division by zero and overflow too: 1/EXP(1E+308) must not become 0."""
    planes = np.ones((3, COUNT + 3)).tolist()
    planes[0][4] = odd
    workbook, block = _sheet("=1/EXP(10/A1+A1*10)", planes)
    assert _both(workbook, block)[0] is None
    assert isinstance(workbook["Sheet1"]["E5"].value, CellError) or odd is True


@pytest.mark.parametrize("formula", ["=SUM(A1:B3)", '=A1&"x"', "=IF(A1>1,1,2)", "=A1=B1", "=A1:A3+1", "=EXP(A1)"])
def test_where_it_brings_nothing_there_is_none(formula):
    _, block = _sheet(formula, np.ones((3, COUNT + 3)).tolist())
    assert block.program.plain is None


@given(st.lists(st.tuples(st.integers(0, COUNT), st.integers(0, 2), CELLS), min_size=1, max_size=6), st.sampled_from(PLAIN))
def test_edits_give_what_a_fresh_calculation_gives(edits, formula):
    """Numbers, then texts, errors and blanks among them, then numbers again: through the plain form and past it."""
    planes = (np.random.default_rng(5).random((3, COUNT + 3)) + 0.5).tolist()
    workbook, block = _sheet(formula, planes)
    sheet = workbook["Sheet1"]
    for row, column, value in [*edits, (0, 0, 2.0), (1, 1, 3.0)]:
        sheet.cell(row + 1, column + 1).value = value
        found = sheet[f"E1:E{COUNT}"].value
        workbook.recalculate(full=True)
        assert repr(sheet[f"E1:E{COUNT}"].value) == repr(found)
    assert len(flats(block, block.all)) == COUNT


@pytest.mark.parametrize("term", ["LET(x,$A$1,x+1)", "LAMBDA(x,x+1)($A$1)", "LET(x,B1,y,x+$A$1,x*y)", "SUM(LET(x,B1,x+$A$1),1)"])
def test_what_names_stand_for_is_read_anew(term):
    """From the third round of a plan on an answer is kept while the cells it reads stand: those of LET and LAMBDA are among them."""
    workbook, _ = _sheet(f"=B1*2+ABS({term})", np.ones((3, COUNT + 3)).tolist())
    sheet = workbook["Sheet1"]
    for value in (2.0, 3.0, 4.0, 5.0):
        sheet["A1"] = value
        found = sheet[f"E1:E{COUNT}"].value
    workbook.recalculate(full=True)
    assert sheet[f"E1:E{COUNT}"].value == found
