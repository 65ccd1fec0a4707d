"""Any script of structural edits leaves what a workbook built from the resulting formulas holds, and each edit what a naive twin makes of it."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from tests.laws import structural as law

pytestmark = pytest.mark.filterwarnings("ignore::sheetengine.CircularReferenceWarning")
laws = settings(max_examples=35, deadline=None, suppress_health_check=list(HealthCheck))


@laws
@given(law.scripts)
def test_a_script_of_edits_equals_a_fresh_workbook(script: list[tuple[object, ...]]) -> None:
    wb = law.new_workbook()
    for step in script:
        law.perform(wb, step)
    twin = law.fresh(wb)
    assert law.same(law.state(wb), law.state(twin))
    law.check(wb)


@laws
@given(law.scripts)
def test_each_edit_rewrites_formulas_as_a_naive_twin_does(script: list[tuple[object, ...]]) -> None:
    wb = law.new_workbook()
    for step in script:
        before = law.contents(wb)
        if not law.perform(wb, step):
            assert law.contents(wb) == before
            continue
        match step:
            case ("lines", sheet, rows, at, count):
                expected = law.naive_shift(before, sheet, rows, at - 1, count, 0, (law.MAX_COLUMNS if rows else law.MAX_ROWS) - 1)
            case ("cells", sheet, area, way):
                rect = wb[sheet][area]._rect
                rows = way in ("down", "up")
                length = rect.height if rows else rect.width
                sign = 1 if way in ("down", "right") else -1
                band = (rect.left, rect.right) if rows else (rect.top, rect.bottom)
                expected = law.naive_shift(before, sheet, rows, rect.top if rows else rect.left, sign * length, *band)
            case _:
                continue
        assert law.contents(wb) == expected


@laws
@given(law.scripts)
def test_the_graph_answers_as_the_texts_say(script: list[tuple[object, ...]]) -> None:
    wb = law.new_workbook()
    for step in script:
        law.perform(wb, step)
    reads = list(law.naive_reads({key: value for key, value in law.contents(wb).items() if "ROW(" not in str(value)}))
    unread = {key for key, value in law.contents(wb).items() if "ROW(" in str(value)}
    for ws in wb:
        for row in range(law.ROWS + 2):
            for column in range(law.COLUMNS + 1):
                found = {
                    (one.sheet.name, cell.row - 1, cell.column - 1) for one in ws.cell(row + 1, column + 1).dependents() for cell in one
                }
                wanted = {
                    key
                    for key, (sheet, top, left, bottom, right) in reads
                    if sheet == ws.name and top <= row <= bottom and left <= column <= right
                }
                named = {key for key in found if "total" in str(wb[key[0]].cell(key[1] + 1, key[2] + 1).formula)}
                assert found - unread - named == wanted - named
