"""A copied or unpickled workbook does what the one it came from does, and neither touches the other."""

from __future__ import annotations

import pickle
from collections.abc import Callable

from hypothesis import given, strategies as st

from sheetengine import Workbook
from sheetengine.testing import Step, apply, assert_computed, scripts
from sheetengine.testing.scripts import new_workbook
from tests.laws.laws import assert_same, check_invariants, circles_welcome, effort, state


def _pickled(workbook: Workbook) -> Workbook:
    twin: Workbook = pickle.loads(pickle.dumps(workbook))
    return twin


@effort(1)
@given(scripts(most=8, random=False), scripts(most=5, random=False, history=False), st.sampled_from([Workbook.copy, _pickled]))
def test_a_twin_goes_the_same_way(before: list[Step], after: list[Step], way: Callable[[Workbook], Workbook]) -> None:
    with circles_welcome():
        workbook = new_workbook()
        apply(workbook, before)
        start = state(workbook)
        twin = way(workbook)
        assert_same(state(twin), start)
        apply(twin, after)
        check_invariants(twin)
        assert_computed(twin)
        assert_same(state(workbook), start, "the twin's edits reached the workbook")
        apply(workbook, after)
        assert_same(state(workbook), state(twin))
        check_invariants(workbook)
