"""A round that is interrupted, runs out of memory or meets a bug of ours loses nothing: what was not computed stays marked, and the next
read goes on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given, strategies as st

import sheetengine
from sheetengine.errors import EvaluationBug
from sheetengine.recalc.reader import EngineReader
from sheetengine.testing import Step, apply, assert_computed, scripts
from sheetengine.testing.scripts import new_workbook, steps
from sheetengine.workbook import Workbook
from tests.laws.laws import check_invariants, circles_welcome, effort


@contextmanager
def failing(workbook: Workbook, after: int, error: BaseException) -> Iterator[None]:
    """Reads of cells fail, from the given one on."""
    reader: EngineReader = workbook._engine.reader
    left = [after]

    def counted(read):  # type: ignore[no-untyped-def]
        def wrapped(*arguments):  # type: ignore[no-untyped-def]
            left[0] -= 1
            if left[0] < 0:
                raise error
            return read(*arguments)

        return wrapped

    names = ("cell", "read", "gather")
    for name in names:
        setattr(reader, name, counted(getattr(reader, name)))
    try:
        yield
    finally:
        for name in names:
            delattr(reader, name)


ERRORS = st.sampled_from((KeyboardInterrupt, MemoryError, RuntimeError, ZeroDivisionError))


@effort(2)
@given(
    scripts(most=8, history=False, random=False),
    st.lists(steps(history=False, random=False), min_size=1, max_size=4),
    ERRORS,
    st.integers(0, 30),
)
def test_what_was_interrupted_is_resumed(before: list[Step], edits: list[Step], kind: type[BaseException], after: int) -> None:
    with circles_welcome():
        workbook = new_workbook()
        apply(workbook, before)
        workbook["Sheet1"]["A1"].value  # noqa: B018  # reading computes
        with failing(workbook, after, kind("from the test")):
            met = None
            try:
                apply(workbook, edits)
                workbook["Sheet1"]["A1"].value  # noqa: B018  # as above
            except (EvaluationBug, kind) as caught:
                met = caught
        if isinstance(met, EvaluationBug):
            assert kind in (RuntimeError, ZeroDivisionError), "only what is our bug is called one"
            assert re.match(r".+![A-Z]+[0-9]+ =", str(met)), "a bug names cell and formula"
        check_invariants(workbook)
        assert_computed(workbook)
        check_invariants(workbook)


def test_ctrl_c_in_a_long_column_keeps_what_is_done_and_goes_on() -> None:
    workbook = sheetengine.Workbook()
    sheet = workbook["Sheet1"]
    calls = []

    def slow(value: float) -> float:
        calls.append(value)
        if len(calls) == 500:
            raise KeyboardInterrupt
        return value * 2

    workbook.define("SLOW", slow)
    sheet["A1:A1000"] = [[float(n)] for n in range(1000)]
    sheet["B1:B1000"] = "=SLOW(A1)"
    sheet["C1"] = "=SUM(B1:B1000)"
    with pytest.raises(KeyboardInterrupt):
        sheet["C1"].value  # noqa: B018  # reading computes
    assert workbook._engine.dirty
    assert sheet["C1"].value == 999000.0
    assert not workbook._engine.dirty


def test_a_bug_names_cell_and_formula(monkeypatch: pytest.MonkeyPatch) -> None:
    workbook = sheetengine.Workbook()
    sheet = workbook["Sheet1"]
    sheet["A1"], sheet["B2"], sheet["B3"] = 2, "=A1+1", "=B2*2"
    with monkeypatch.context() as patched:

        def broken(*_: object) -> None:
            raise AttributeError("broken on purpose")

        patched.setattr(EngineReader, "cell", broken)
        with pytest.raises(EvaluationBug, match=r"Sheet1!B2 =A1\+1 .*AttributeError: broken on purpose"):
            sheet["B3"].value  # noqa: B018  # reading computes
    assert sheet["B3"].value == 6.0
