"""A batch that fails leaves the workbook as it was; one that ends is the same as its edits one by one, and one step for undo."""

from __future__ import annotations

from hypothesis import given, strategies as st

from sheetengine.testing import Step, apply, scripts
from sheetengine.testing.scripts import new_workbook, steps
from tests.laws.laws import assert_same, check_invariants, circles_welcome, effort, state

EDITS = st.lists(steps(history=False, random=False), min_size=1, max_size=5)


@effort(1)
@given(scripts(most=8, random=False), EDITS)
def test_a_broken_batch_leaves_nothing(before: list[Step], edits: list[Step]) -> None:
    with circles_welcome():
        workbook = new_workbook()
        apply(workbook, before)
        was, known = state(workbook), workbook._journal.undo_count
        apply(workbook, [Step("broken batch", content=tuple(edits))])
        assert_same(state(workbook), was)
        assert workbook._journal.undo_count == known
        check_invariants(workbook)


@effort(1)
@given(scripts(most=8, random=False), EDITS)
def test_a_batch_is_its_edits_and_one_step(before: list[Step], edits: list[Step]) -> None:
    with circles_welcome():
        one, other = new_workbook(), new_workbook()
        apply(one, before)
        apply(other, before)
        was, known = state(one), one._journal.undo_count
        apply(one, [Step("batch", content=tuple(edits))])
        apply(other, edits)
        assert_same(state(one), state(other))
        if one._journal.undo_count > known:
            assert one._journal.undo_count == known + 1
            assert one.undo()
            assert_same(state(one), was)
        check_invariants(one)
