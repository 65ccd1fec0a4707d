"""Whatever a script of structural edits does is taken back whole: by undo, by a batch that fails, by the inverse edit."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from tests.laws import structural as law

pytestmark = pytest.mark.filterwarnings("ignore::sheetengine.CircularReferenceWarning")
laws = settings(max_examples=35, deadline=None, suppress_health_check=list(HealthCheck))


@laws
@given(law.scripts, law.scripts)
def test_undo_of_any_script_restores_everything_and_redo_does_it_again(
    before: list[tuple[object, ...]], script: list[tuple[object, ...]]
) -> None:
    wb = law.new_workbook()
    for step in before:
        law.perform(wb, step)
    states = [law.state(wb)]
    done = 0
    for step in script:
        if step[0] != "undo" and law.perform(wb, step):
            done += 1
            states.append(law.state(wb))
    for known in reversed(states[:-1]):
        assert wb.undo()
        assert law.same(law.state(wb), known)
        law.check(wb)
    for known in states[1:]:
        assert wb.redo()
        assert law.same(law.state(wb), known)
    law.check(wb)


@laws
@given(law.scripts, law.scripts)
def test_undo_without_reading_in_between(before: list[tuple[object, ...]], script: list[tuple[object, ...]]) -> None:
    wb = law.new_workbook()
    for step in before:
        law.perform(wb, step)
    known = law.state(wb)
    done = sum(step[0] != "undo" and law.perform(wb, step) for step in script)
    for _ in range(done):
        wb.undo()
    assert law.same(law.state(wb), known)
    law.check(wb)


class Stop(Exception):
    pass


@laws
@given(law.scripts, law.scripts)
def test_a_batch_that_fails_changes_nothing(before: list[tuple[object, ...]], script: list[tuple[object, ...]]) -> None:
    wb = law.new_workbook()
    for step in before:
        law.perform(wb, step)
    known = law.state(wb)
    with pytest.raises(Stop), wb.batch():  # noqa: PT012  # the batch is what must fail
        for step in script:
            if step[0] != "undo":
                law.perform(wb, step)
        raise Stop
    assert law.same(law.state(wb), known)
    law.check(wb)


@laws
@given(law.scripts, st.booleans(), st.integers(1, law.ROWS), st.integers(1, 3))
def test_insert_then_delete_restores(script: list[tuple[object, ...]], rows: bool, at: int, count: int) -> None:
    wb = law.new_workbook()
    for step in script:
        law.perform(wb, step)
    known = law.state(wb)
    # A block that was cut between two of its holes stays in two, as it would be loaded.
    blocks = len(wb._engine.field.blocks) + sum(block.holes > 1 for block in wb._engine.field)
    ws = wb["Sheet1"]
    (ws.insert_rows if rows else ws.insert_columns)(at, count)
    (ws.delete_rows if rows else ws.delete_columns)(at, count)
    assert law.same(law.state(wb), known)
    assert len(wb._engine.field.blocks) <= blocks
