"""Whatever was edited, in whatever order, every cell holds to the bit what a calculation afresh gives."""

from __future__ import annotations

from hypothesis import given

from sheetengine.testing import Step, apply, assert_computed, scripts
from sheetengine.testing.scripts import new_workbook
from tests.laws.laws import check_invariants, circles_welcome, effort


@effort(2)
@given(scripts())
def test_a_script_leads_where_a_fresh_calculation_starts(script: list[Step]) -> None:
    with circles_welcome():
        workbook = new_workbook()
        apply(workbook, script)
        assert_computed(workbook)
        check_invariants(workbook)
