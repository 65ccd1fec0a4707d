"""Texts that no cell holds any more are forgotten, and nobody notices."""

from __future__ import annotations

import pickle
import random
import warnings

import pytest
from hypothesis import given, strategies as st

import sheetengine
from sheetengine.store import text_pool
from tests.io import rich
from tests.io.test_edit_scripts import EDITS


def pool_of(wb: sheetengine.Workbook) -> text_pool.TextPool:
    return wb._engine.book.pool


def test_a_feed_of_texts_does_not_fill_the_memory(monkeypatch):
    monkeypatch.setattr(text_pool, "LEAST_CROWD", 100)
    wb = sheetengine.Workbook()
    ws = wb["Sheet1"]
    ws["B1"] = '=A1&"!"'
    ws["A2:A60"] = [[f"kept {row}"] for row in range(59)]
    for number in range(3_000):
        ws["A1"] = f"text {number}"
        assert ws["B1"].value == f"text {number}!"
    assert len(pool_of(wb)) < 600
    assert ws["A60"].value == "kept 58"
    assert wb.undo()
    assert ws["B1"].value == "text 2998!"


def test_texts_of_sheets_that_were_deleted_come_back(monkeypatch):
    monkeypatch.setattr(text_pool, "LEAST_CROWD", 20)
    wb = sheetengine.Workbook()
    other = wb.add_sheet("Other")
    other["A1:A3"] = [["ash"], ["elm"], ["oak"]]
    twin = wb.copy()
    wb.remove_sheet("Other")
    ws = wb["Sheet1"]
    ws["B1"] = "=LEN(A1)"
    for number in range(300):
        ws["A1"] = f"text {number}"
        assert ws["B1"].value == len(f"text {number}")
    assert len(pool_of(wb)) < 150
    while "Other" not in wb.sheet_names:
        assert wb.undo()
    assert wb["Other"]["A1:A3"].value == [["ash"], ["elm"], ["oak"]]
    assert twin["Other"]["A3"].value == "oak"
    assert pickle.loads(pickle.dumps(wb))["Other"]["A2"].value == "elm"


def test_texts_of_a_file_count_as_used():
    wb = sheetengine.open(rich.by_xlsxwriter())
    assert not pool_of(wb).crowded


@pytest.mark.parametrize("book", [rich.by_openpyxl, rich.by_xlsxwriter])
@given(seed=st.integers(0, 1 << 32))
def test_scripts_of_edits_give_the_same(book, seed):
    """One workbook that forgets texts before every round, one that never does."""
    assert script(book(), seed, forgets=True) == script(book(), seed, forgets=False)


def script(data: bytes, seed: int, *, forgets: bool) -> list[object]:
    """What cells show after each edit, and on the way back."""
    state: list[object] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        wb, chance = sheetengine.open(data), random.Random(seed)
        for number in range(12):
            if forgets:
                pool_of(wb).intern_all([f"unused {number} {one}" for one in range(len(pool_of(wb)) + 9)])
                pool_of(wb).crowded = True
            try:
                EDITS[chance.choice(list(EDITS))](wb, chance)
            except (sheetengine.SheetEngineError, IndexError):
                continue
            wb.sheets[0]["M20"] = f"text {number}"
            wb.sheets[0]["M21"] = '=M20&"!"'
            state.append([[str(cell.value) for row in ws.used_range.rows for cell in row] for ws in wb if ws.used_range is not None])
            assert not pool_of(wb).crowded
            assert not forgets or "unused 0 0" not in pool_of(wb)
        while wb.undo():
            state.append([str(ws["A1:D5"].value) for ws in wb])
    return state
