"""Every form of a program gives on every cell what its scalar form gives, to the bit: the array form over rectangles and over scattered
cells, in parts, and the quick form; for each function of the catalogue, by its signature, and for random formulas."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from sheetengine.compiler.frame import NeedsCells, NeedsParts
from sheetengine.functions.library import catalogue
from sheetengine.grid import Grid
from sheetengine.recalc.blocks import Block
from sheetengine.recalc.few import FewCells
from sheetengine.testing import bits, formulas, numbers, scalars, texts
from sheetengine.testing.formulas import calls
from sheetengine.workbook import Workbook
from tests.laws.laws import effort

ROWS, READ = 14, 28
_UNREAD = ("LET", "LAMBDA")

KINDS = st.sampled_from((numbers(), scalars(), st.integers(0, 6).map(float), texts(), st.booleans() | st.integers(-1, 2).map(float)))


@st.composite
def sheets(draw: st.DrawFn) -> list[list[object]]:
    """Rows of six columns, each column of one kind of values, some of them of numbers alone."""
    columns = [draw(st.lists(draw(KINDS), min_size=READ, max_size=READ)) for _ in range(6)]
    return [list(row) for row in zip(*columns, strict=True)]


def check(rows: list[list[object]], text: str, width: int) -> None:
    workbook = Workbook()
    sheet = workbook["Sheet1"]
    sheet[f"A1:F{READ}"] = rows
    sheet[f"H1:{'HIJ'[width - 1]}{ROWS}"] = text
    engine = workbook._engine
    engine.reader.begin_round()
    for block in list(engine.field):
        assert isinstance(block, Block)
        if any(edge.sheet == block.sheet and edge.extent().right >= block.left for edge in block.edges()):
            continue  # it reads itself, as whole rows do
        members = range(block.height * block.width)
        wanted = [engine.evaluator.forms.scalar((block.id, member)) for member in members]
        if block.program.recipe.dynamic and _reads_itself(workbook, block, wanted):
            continue  # by OFFSET or INDIRECT: a circle, or an order that the schedule finds
        if block.program.vector is not None and not any(isinstance(value, Grid) for value in wanted):
            chosen = np.array(sorted({0, 1, *members[::3], len(members) - 1}))
            for selection, answers in ((block.all, wanted), (chosen, [wanted[member] for member in chosen])):
                try:
                    found = engine.evaluator.forms.vector(block, selection, None, frozenset())
                except (NeedsCells, NeedsParts):
                    continue
                assert [bits(value) for value in found.flat()] == [bits(value) for value in answers], f"{text} over {selection}"
        elif block.program.vector is not None:
            with pytest.raises((NeedsCells, NeedsParts)):
                engine.evaluator.forms.vector(block, block.all, None, frozenset())
        _check_quick(workbook, block, wanted, text)


def _reads_itself(workbook: Workbook, block: Block, wanted: list[object]) -> bool:
    """Whether other values in a block's cells, of any kind, give others."""
    engine = workbook._engine
    store = engine.book.sheets[block.sheet].store
    shape = (block.height, block.width)
    for value in (97.5, -1e9, True, "text", None):
        store.write(block.top, block.left, Grid.full(shape, value))
        found = [engine.evaluator.forms.scalar((block.id, member)) for member in range(len(wanted))]
        if [bits(one) for one in found] != [bits(one) for one in wanted]:
            return True
    return False


def _check_quick(workbook: Workbook, block: Block, wanted: list[object], text: str) -> None:
    engine = workbook._engine
    if any(isinstance(value, Grid) for value in wanted):
        return
    store = engine.book.sheets[block.sheet].store
    few = FewCells(engine.book, [(block, member) for member in range(len(wanted))])
    for _ in range(2):  # the second run is the quick form's
        few.run(engine.evaluator.forms.scalar, engine.evaluator.keeper.keep)
        assert [bits(store.cell(*block.cell(member))) for member in range(len(wanted))] == [bits(value) for value in wanted], (
            f"quick {text}"
        )


@pytest.mark.parametrize("name", [name for name in catalogue() if name not in _UNREAD])
def test_each_function(name: str) -> None:
    @settings(max_examples=max(2, settings.default.max_examples // 20))
    @given(sheets(), calls(name), st.integers(1, 2), st.sampled_from(("", "SUM", "COUNTA", "ROWS")))
    def law(rows: list[list[object]], text: str, width: int, around: str) -> None:
        # What is made of an answer tells whether it was given whole, where the answer itself would spill.
        check(rows, f"={around}({text[1:]})" if around else text, width)

    law()


@effort(3)
@given(sheets(), formulas(depth=3, named=False), st.integers(1, 3))
def test_any_formula(rows: list[list[object]], text: str, width: int) -> None:
    check(rows, text, width)


_QUICK = ("ABS", "IF", "AND", "OR", "NOT", "MAX", "MIN", "SUM", "ROUND", "INT", "LEN", "LEFT", "MID", "UPPER", "ISNUMBER", "IFERROR", "MOD", "SIGN", "SQRT", "EXP", "AVERAGE", "COUNT")  # fmt: skip


@effort(3)
@given(sheets(), formulas(depth=3, named=False, functions=_QUICK), st.integers(1, 3))
def test_formulas_of_everyday_functions(rows: list[list[object]], text: str, width: int) -> None:
    check(rows, text, width)


@pytest.mark.parametrize(
    "call", ["SEQUENCE(A1)", "SEQUENCE(2,A1)", "SEQUENCE(2,2,A1)", "MUNIT(A1)", "SEQUENCE(A1*1)", "LET(x,A1,SEQUENCE(x))"]
)
@pytest.mark.parametrize("around", ["SUM", "COUNTA", "ROWS", "MAX"])
def test_members_get_arrays_of_their_own_whole(call: str, around: str) -> None:
    check([[3.0 + row % 3] * 6 for row in range(READ)], f"={around}({call})", 1)


@pytest.mark.parametrize(
    "text",
    ["=SUM(IFS(TRUE,TRUE,,))", "=ROWS(T.INV.2T({1},0))", "=ROWS(COUPPCD(0,0,{1}))", "=SUM({TRUE})", "=MAKEARRAY(2,2,LAMBDA(p,q,A1:A1))"],
)
def test_one_value_for_all_members(text: str) -> None:
    check([[float(row + 1)] * 6 for row in range(READ)], text, 1)


@pytest.mark.parametrize(
    "choice",
    [
        "IF(A1>5,A1:A2,5)",
        "IF(A1,A1:A2)",
        "IF(A1>5,{1,2},{1;2;3})",
        "IF(B1,A1:A2,C1:C2)",
        "IFERROR(1/(A1>5),A1:A2)",
        "IFERROR(1/(A1:A2-5),A1:A3)",
        "IFS(A1>5,A1:A2,TRUE,7)",
        "SWITCH(A1,5,A1:A2,6,{1,2},7)",
        "SWITCH(A1,{1,2;3,4},5,B1,6,7)",
    ],
)
@pytest.mark.parametrize("around", ["SUM", "COUNTA", "ROWS"])
def test_members_that_choose_between_shapes(choice: str, around: str) -> None:
    rows: list[list[object]] = [[float(row % 8), "x" if row % 3 else 1.0, 2.0, 3.0, 4.0, 5.0] for row in range(READ)]
    check(rows, f"={around}({choice})", 1)
