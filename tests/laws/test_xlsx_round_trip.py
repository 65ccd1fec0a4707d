"""Write then read keeps every value, formula and name, to the bit: of new workbooks, and of opened ones after any edits."""

from __future__ import annotations

import io

import numpy as np
from hypothesis import assume, given

import sheetengine
from sheetengine.errors import FileFormatError
from sheetengine.io.xlsx_read import read
from sheetengine.testing import Step, apply, scripts
from sheetengine.testing.scripts import new_workbook
from sheetengine.workbook import Workbook
from tests.laws.laws import assert_same, check_invariants, circles_welcome, effort, state


def stored(workbook: Workbook) -> bytes:
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def reread(data: bytes, workbook: Workbook) -> Workbook:
    """The workbook from its file, which both readers must read alike."""
    one, other = read(data), read(data, plain=True)
    for mine, its in zip(one.sheets, other.sheets, strict=True):
        assert mine.formula_texts == its.formula_texts
        for plane in ("rows", "columns", "kinds", "missing", "formula_cells"):
            assert np.array_equal(getattr(mine, plane), getattr(its, plane)), plane
    again = sheetengine.open(data)
    # User functions are not in a file, and circles count as 0 only after a round.
    for name, function in workbook._engine.book.functions.items():
        again._engine.book.functions[name] = function
    return again


@effort(0.4)
@given(scripts(most=10, random=False))
def test_a_new_workbook_comes_back(script: list[Step]) -> None:
    with circles_welcome():
        workbook = new_workbook()
        apply(workbook, script)
        before = state(workbook)
        again = reread(stored(workbook), workbook)
        assert_same(state(again), before)
        check_invariants(again)


@effort(0.4)
@given(scripts(most=6, random=False), scripts(most=6, random=False))
def test_an_opened_and_edited_workbook_comes_back(script: list[Step], edits: list[Step]) -> None:
    with circles_welcome():
        workbook = new_workbook()
        apply(workbook, script)
        opened = reread(stored(workbook), workbook)
        apply(opened, edits)
        before = state(opened)
        try:
            data = stored(opened)
        except FileFormatError as error:
            assume("does not follow an edit yet" not in str(error))
            raise
        again = reread(data, opened)
        assert_same(state(again), before)
        check_invariants(again)
