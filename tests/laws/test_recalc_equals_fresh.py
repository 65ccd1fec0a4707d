"""Whatever was edited, in whatever order, every cell holds to the bit what a calculation afresh gives."""

from __future__ import annotations

import warnings

from hypothesis import given

from sheetengine.errors import CircularReferenceWarning
from sheetengine.testing import Step, apply, assert_computed, scripts
from sheetengine.testing.scripts import new_workbook
from tests.laws.laws import check_invariants, effort


@effort(2)
@given(scripts())
def test_a_script_leads_where_a_fresh_calculation_starts(script: list[Step]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CircularReferenceWarning)
        workbook = new_workbook()
        apply(workbook, script)
        assert_computed(workbook)
        check_invariants(workbook)
