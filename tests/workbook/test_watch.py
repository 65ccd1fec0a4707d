"""A round with a time limit, a cancelled one, one that reports: nothing is lost, and the next read resumes."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest

import sheetengine
from sheetengine.errors import RecalculationInterrupted


class Counted(sheetengine.Workbook):
    """A workbook that counts the calls of its function."""

    calls = 0


def slow_model(rows=300):
    wb = Counted()
    ws = wb["Sheet1"]
    wb.calculation = "manual"

    def pause(x):
        wb.calls += 1
        time.sleep(0.002)
        return x + 1

    wb.define("pause", pause)
    ws["A1:A300"] = np.arange(300.0)[:, None]
    ws[f"B1:B{rows}"] = "=pause(A1)"
    ws["C1:C300"] = "=B1*2"
    return wb, ws


def finished(wb, ws):
    wb.recalculate()
    return np.array_equal(ws["C1:C300"].values[:, 0], (np.arange(300.0) + 1) * 2)


def test_a_time_limit_stops_a_round_and_the_next_resumes():
    wb, ws = slow_model()
    with pytest.raises(RecalculationInterrupted, match=r"longer than 0\.1 s"):
        wb.recalculate(timeout=0.1)
    assert 0 < wb.calls < 300
    assert finished(wb, ws)


def test_a_round_is_cancelled_from_another_thread():
    wb, ws = slow_model()
    told = threading.Timer(0.1, wb.cancel)
    told.start()
    with pytest.raises(RecalculationInterrupted, match="cancelled"):
        wb.recalculate()
    told.join()
    assert finished(wb, ws)


def test_nothing_to_cancel():
    assert sheetengine.Workbook().cancel() is False


def test_progress_goes_up_to_all_cells():
    wb, ws = slow_model()
    seen = []
    wb.recalculate(progress=lambda done, total: seen.append((done, total)))
    assert len(seen) > 3
    assert seen == sorted(seen)
    assert seen[-1] == (600, 600)
    assert finished(wb, ws)


def test_a_report_that_raises_stops_the_round_and_loses_nothing():
    wb, ws = slow_model()

    def refuse(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        wb.recalculate(progress=refuse)
    assert finished(wb, ws)


def test_a_quick_round_within_its_limit():
    wb = sheetengine.Workbook()
    ws = wb["Sheet1"]
    ws["A1"] = 1
    ws["A2:A5000"] = "=A1+1"
    wb.recalculate(timeout=60)
    assert ws["A5000"].value == 5000.0


def test_a_result_may_be_limited():
    wb = sheetengine.Workbook()
    ws = wb["Sheet1"]
    wb.largest_result = 100
    ws["A1"] = "=SEQUENCE(101)"
    ws["B1"] = "=SEQUENCE(100)"
    ws["C1"] = "=SUM(SEQUENCE(101))"
    assert "largest_result" in ws["A1"].value.message
    assert (str(ws["A1"].value), ws["A2"].value, ws["B100"].value, ws["C1"].value) == ("#NUM!", None, 100.0, 5151.0)
    assert wb.copy().largest_result == 100
