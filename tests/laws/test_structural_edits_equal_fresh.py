"""Any script of structural edits leaves what a workbook built from the resulting formulas holds, and each edit what a naive twin makes of it."""

from __future__ import annotations

import contextlib

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

import sheetengine
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


@pytest.mark.parametrize("seed", range(3))
def test_sums_chains_and_windows_over_long_columns_equal_computing_all(seed: int) -> None:
    # The order of a sum follows absolute rows: what moved must be added anew, to the bit.
    rng = np.random.default_rng(seed)
    wb = sheetengine.Workbook()
    ws, other = wb["Sheet1"], wb.add_sheet("Other")
    ws["A1:B400"] = rng.normal(size=(400, 2)) * 10.0 ** rng.integers(-6, 6, size=(400, 2))
    ws["C1:C400"] = "=SUM(A$1:A1)"
    ws["D1:D300"] = "=SUM(A1:B90)"
    ws["E1"] = 1
    ws["E2:E400"] = "=E1+A2"
    ws["F1:F400"] = "=AVERAGE(A$5:A300)*B1"
    other["A1:A300"] = "=SUM(Sheet1!A3:Sheet1!A200)+Sheet1!C5"
    for number in range(5):
        at, count = int(rng.integers(1, 380)), int(rng.integers(1, 140))
        with contextlib.suppress(sheetengine.EditRefused):
            match int(rng.integers(0, 6)):
                case 0:
                    ws.insert_rows(at, count)
                case 1:
                    ws.delete_rows(at, count)
                case 2:
                    ws[f"A{at}:A{at + count}"].insert("down")
                case 3:
                    ws[f"A{at}:B{at + count}"].delete("up")
                case 4:
                    ws.insert_columns(int(rng.integers(1, 5)))
                case _:
                    ws[f"A{at}:A{at + count}"].move_to(ws[f"A{int(rng.integers(1, 600))}"])
        if number == 2:
            assert ws["C5"].value is not False
    found = [repr(sheet.used_range.value) for sheet in wb]
    wb.recalculate(full=True)
    assert [repr(sheet.used_range.value) for sheet in wb] == found
