"""A trace: what was computed, in order, what changed, why; as text, JSON and Mermaid."""

from __future__ import annotations

import json
import warnings

import pytest

import sheetengine
from sheetengine.errors import CircularReferenceWarning, SheetEngineError, UnknownReference
from sheetengine.values import SPILL


@pytest.fixture
def wb():
    wb = sheetengine.Workbook()
    ws = wb["Sheet1"]
    ws["A1:A3"] = [[1], [2], [3]]
    ws["B1:B3"] = "=A1*2"
    ws["B4"] = "=SUM(B1:B3)"
    wb.add_sheet("My data")["A1"] = "=Sheet1!B4+1"
    return wb


def test_the_cells_recomputed_in_order(wb):
    with wb.trace() as trace:
        wb["Sheet1"]["A2"] = 20
    assert list(trace.recomputed) == ["Sheet1!B2", "Sheet1!B4", "'My data'!A1"]
    assert len(trace.recomputed) == 3
    assert "Sheet1!B4" in trace.recomputed
    assert "Sheet1!B1" not in trace.recomputed
    assert trace.recomputed[0] == "Sheet1!B2"
    assert trace.recomputed[1:] == ["Sheet1!B4", "'My data'!A1"]
    assert trace.recomputed.ranges == ["Sheet1!B2", "Sheet1!B4", "'My data'!A1"]


def test_what_changed_and_why(wb):
    with wb.trace() as trace:
        wb["Sheet1"]["A2"] = 20
        wb["Sheet1"]["A3"] = 3
    assert trace.changed == {"Sheet1!B2": (4.0, 40.0), "Sheet1!B4": (12.0, 48.0), "'My data'!A1": (13.0, 49.0)}
    reason = trace.why("'My data'!A1")
    assert reason.path == ("Sheet1!A2", "Sheet1!B2", "Sheet1!B4", "'My data'!A1") or reason.path[0] == "Sheet1!A3"
    assert str(trace.why("Sheet1!B2")) == "Sheet1!A2 was edited\n  Sheet1!B2 reads Sheet1!A2"
    assert not trace.why("Sheet1!B1")
    assert str(trace.why("Sheet1!B1")) == "Sheet1!B1 was not computed"
    for wrong in ("B1", "Nowhere!B1", "Sheet1!B0"):
        with pytest.raises(UnknownReference):
            trace.why(wrong)


def test_as_text_json_and_mermaid(wb):
    with wb.trace() as trace:
        wb["Sheet1"]["A2"] = 20
    lines = str(trace).splitlines()
    assert lines[0] == "edited: Sheet1!A2"
    assert lines[1].startswith("recomputed: 3 cells, 3 changed, ")
    assert [line[0] for line in lines[2:]] == ["├", "├", "└"]
    assert lines[3].endswith("  =SUM(B1:B3)")
    found = json.loads(trace.to_json())
    assert found["edited"] == ["Sheet1!A2"]
    assert [block["formula"] for block in found["blocks"]] == ["=A2*2", "=SUM(B1:B3)", "=Sheet1!B4+1"]
    assert all(block["seconds"] > 0 for block in found["blocks"])
    assert found["changed"]["Sheet1!B4"] == [12.0, 48.0]
    assert trace.to_mermaid().splitlines()[1:5] == ['  e0(["Sheet1!A2"])', '  b0["Sheet1!B2"]', "  e0 --> b0", '  b1["Sheet1!B4"]']


def test_a_block_is_one_line(wb):
    wb["Sheet1"]["D1:D1000"] = "=$A$1+1"
    with wb.trace() as trace:
        wb["Sheet1"]["A1"] = 5
    assert len(trace.recomputed) == 1003
    assert "Sheet1!D1:D1000  1,000 cells" in str(trace)


def test_a_new_formula_is_its_own_reason(wb):
    with wb.trace() as trace:
        wb["Sheet1"]["C1"] = "=B4*2"
    assert list(trace.recomputed) == ["Sheet1!C1"]
    assert trace.why("Sheet1!C1").path[-1] == "Sheet1!C1"


def test_circles_are_shown(wb):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CircularReferenceWarning)
        with wb.trace() as trace:
            wb["Sheet1"]["A1"] = "=B4"
    assert trace.circular == ["Sheet1!A1", "Sheet1!B1", "Sheet1!B4"]
    assert "circular, 0: Sheet1!A1, Sheet1!B1, Sheet1!B4" in str(trace)
    assert json.loads(trace.to_json())["circular"] == trace.circular


def test_nothing_happened(wb):
    with wb.trace() as trace:
        wb["Sheet1"]["A1"].value  # noqa: B018  # nothing is dirty
    assert list(trace.recomputed) == []
    assert str(trace).startswith("edited: nothing")


def test_a_trace_listens_once(wb):
    with wb.trace() as one, pytest.raises(SheetEngineError, match="listening already"), one:
        pass
    with wb.trace() as trace:
        wb["Sheet1"]["A1"] = 7
    assert len(trace.recomputed) == 3


def test_an_exception_inside_ends_the_trace(wb):
    def broken():
        with wb.trace():
            wb["Sheet1"]["A1"] = 7
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken()
    with wb.trace() as trace:
        wb["Sheet1"]["A1"] = 8
    assert len(trace.recomputed) == 3


def _spilling() -> sheetengine.Workbook:
    made = sheetengine.Workbook()
    sheet = made["Sheet1"]
    sheet["B1"], sheet["A1"], sheet["D1"], sheet["E1"] = 3, "=SEQUENCE(B1)*B1", "=SUM(A1#)", "=A3"
    return made


def test_cells_that_an_array_fills_or_leaves_have_changed() -> None:
    wb = _spilling()
    sheet = wb["Sheet1"]
    with wb.trace() as trace:
        sheet["B1"] = 4
    assert trace.changed == {
        "Sheet1!A1": (3.0, 4.0), "Sheet1!A2": (6.0, 8.0), "Sheet1!A3": (9.0, 12.0), "Sheet1!A4": (None, 16.0),
        "Sheet1!D1": (18.0, 40.0), "Sheet1!E1": (9.0, 12.0),
    }  # fmt: skip
    with wb.trace() as trace:
        sheet["B1"] = 1
    assert trace.changed == {
        "Sheet1!A1": (4.0, 1.0), "Sheet1!A2": (8.0, None), "Sheet1!A3": (12.0, None), "Sheet1!A4": (16.0, None),
        "Sheet1!D1": (40.0, 1.0), "Sheet1!E1": (12.0, 0.0),
    }  # fmt: skip
    with wb.trace() as trace:
        sheet["B1"], sheet["A3"] = 3, "in the way"
    assert trace.changed["Sheet1!A1"] == (1.0, SPILL)
    assert "Sheet1!A2" not in trace.changed


def test_why_leads_through_what_an_array_fills() -> None:
    wb = _spilling()
    with wb.trace() as trace:
        wb["Sheet1"]["B1"] = 4
    assert str(trace.why("Sheet1!E1")) == "Sheet1!B1 was edited\n  Sheet1!A1 reads Sheet1!B1\n    Sheet1!E1 reads Sheet1!A3"
    assert str(trace.why("Sheet1!A4")) == "Sheet1!B1 was edited\n  Sheet1!A1 reads Sheet1!B1\n    Sheet1!A4 is filled by Sheet1!A1"
    assert not trace.why("Sheet1!A5")
    assert "b0 --> " in trace.to_mermaid()
