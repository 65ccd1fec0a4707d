"""Whether anyone listens or not, the cells come to hold the same."""

from __future__ import annotations

from hypothesis import given

from sheetengine.testing import Step, apply, scripts
from sheetengine.testing.scripts import new_workbook
from tests.laws.laws import assert_same, check_invariants, circles_welcome, effort, state


@effort(1)
@given(scripts())
def test_a_traced_script_computes_the_same(script: list[Step]) -> None:
    with circles_welcome():
        alone, watched = new_workbook(), new_workbook()
        for step in script:
            apply(alone, [step])
            alone["Sheet1"]["A1"].value  # noqa: B018  # reading computes, as leaving a trace does
            with watched.trace() as trace:
                apply(watched, [step])
            assert len(trace.recomputed) == len(list(trace.recomputed))
            assert str(trace)
            assert trace.to_json()
            assert trace.to_mermaid().startswith("flowchart")
        assert_same(state(alone), state(watched))
        assert alone.circular == watched.circular
        check_invariants(watched)
