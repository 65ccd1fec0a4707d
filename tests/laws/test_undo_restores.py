"""Undo brings back every cell, formula, name and sheet to the bit; redo brings back what was undone."""

from __future__ import annotations

from hypothesis import given, strategies as st

from sheetengine.testing import Step, apply, scripts
from sheetengine.testing.scripts import new_workbook, steps
from tests.laws.laws import assert_same, check_invariants, circles_welcome, effort, state


@effort(1)
@given(scripts(most=8, random=False), st.lists(steps(history=False, random=False), min_size=1, max_size=5))
def test_undo_and_redo(before: list[Step], edits: list[Step]) -> None:
    with circles_welcome():
        workbook = new_workbook()
        apply(workbook, before)
        states = [state(workbook)]
        known = workbook._journal.undo_count
        for step in edits:
            apply(workbook, [step])
            if workbook._journal.undo_count > known:
                known += 1
                states.append(state(workbook))
            assert_same(state(workbook), states[-1], "an edit that undo knows nothing of")
        for wanted in states[-2::-1]:
            assert workbook.undo()
            assert_same(state(workbook), wanted)
            check_invariants(workbook)
        for wanted in states[1:]:
            assert workbook.redo()
            assert_same(state(workbook), wanted)
        # Where nothing was edited, what the first script undid can still be done again.
        assert len(states) == 1 or not workbook.redo()
        check_invariants(workbook)
