"""A workbook written to a file and opened again holds the same, and edits of it lead where a fresh calculation starts: formulas come back
as other blocks, scattered ones as families."""

from __future__ import annotations

import io

from hypothesis import assume, given, strategies as st

import sheetengine
from sheetengine.testing import Step, apply, assert_computed, bits, contents, scripts
from sheetengine.testing.scripts import new_workbook, scattered_steps, steps
from tests.laws.laws import check_invariants, circles_welcome, effort


@effort(1)
@given(
    scripts(most=8, random=False),
    st.lists(scattered_steps(), max_size=2),
    st.lists(steps(random=False, history=False), min_size=1, max_size=4),
)
def test_saved_opened_edited(script: list[Step], scattered: list[Step], edits: list[Step]) -> None:
    with circles_welcome():
        workbook = new_workbook()
        apply(workbook, script)
        apply(workbook, scattered)
        file = io.BytesIO()
        workbook.save(file)
        opened = sheetengine.open(file.getvalue())
        opened.fix_seed(1)
        opened._engine.reader.clock = workbook._engine.reader.clock
        mine, its = contents(workbook), contents(opened)
        for address in sorted(mine.keys() | its.keys()):
            one, other = mine.get(address, (None, None)), its.get(address, (None, None))
            assert one[0] == other[0], f"{address} holds {one[0]}, from the file {other[0]}"
            assert bits(one[1]) == bits(other[1]), f"{address} {one[0] or ''} holds {one[1]!r}, from the file {other[1]!r}"
        check_invariants(opened)
        if workbook.circular:
            opened.recalculate(full=True)  # a file does not say what stands in a circle
        # What the file's formulas name and nobody knows keeps the file's value, and stands in no circle.
        assume(not (workbook.circular and opened.unsupported))
        apply(opened, edits)
        assert_computed(opened)
        check_invariants(opened)
