"""Why a cell was computed: the shortest way from an edit, also where a round computed many cells."""

from __future__ import annotations

import time

import numpy as np

import sheetengine


def test_the_way_is_the_shortest_and_names_what_each_reads() -> None:
    book = sheetengine.Workbook()
    sheet = book["Sheet1"]
    sheet["A1:A3"] = [[1], [2], [3]]
    sheet["B1"], sheet["B2"], sheet["B3"] = "=SUM(A1:A3)", "=B1*2", "=B2+A3+B1"
    with book.trace() as trace:
        sheet["A2"] = 5
    assert trace.why("Sheet1!B3").path == ("Sheet1!A2", "Sheet1!B1", "Sheet1!B3")
    assert trace.why("Sheet1!B3").reads == ("Sheet1!A1:A3", "Sheet1!B1")
    assert str(trace.why("Sheet1!B2")).splitlines() == [
        "Sheet1!A2 was edited",
        "  Sheet1!B1 reads Sheet1!A1:A3",
        "    Sheet1!B2 reads Sheet1!B1",
    ]
    with book.trace() as other:
        sheet["A3"] = 7
    assert other.why("Sheet1!B3").path == ("Sheet1!A3", "Sheet1!B3")
    assert not other.why("Sheet1!A3")


def test_a_long_chain_takes_no_time_in_its_square() -> None:
    book = sheetengine.Workbook()
    sheet = book["Sheet1"]
    rows = 4_000
    sheet[f"A1:A{rows}"] = np.ones((rows, 1))
    sheet["B1"] = "=A1"
    sheet[f"B2:B{rows}"] = "=B1+A2"
    sheet["C1"] = f"=SUM(B1:B{rows})"
    with book.trace() as trace:
        sheet["A1"] = 2
    started = time.process_time()
    reason = trace.why(f"Sheet1!B{rows}")
    assert len(reason.path) == rows + 1 and reason.path[0] == "Sheet1!A1"
    assert trace.why("Sheet1!C1").path == ("Sheet1!A1", "Sheet1!B1", "Sheet1!C1")
    # 0.4 s alone on a machine; looking at all cells for each took minutes.
    assert time.process_time() - started < 20
