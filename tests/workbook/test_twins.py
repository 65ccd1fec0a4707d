"""A copied or unpickled workbook takes every kind of edit, as the one it came from does."""

from __future__ import annotations

import pickle
from collections.abc import Callable

import pytest

from sheetengine import Workbook


def _made() -> Workbook:
    workbook = Workbook()
    sheet = workbook["Sheet1"]
    sheet["A1:A4"] = [[3], [1], [2], [5]]
    sheet["B1:B4"] = "=A1*10"
    sheet["D1:E3"] = [["Item", "Price"], ["ash", 2], ["oak", "=A1"]]
    sheet.add_table("D1:E3", "Woods")
    workbook.names["total"] = "=SUM(Sheet1!$B$1:$B$4)"
    sheet["G1"] = "=total"
    return workbook


EDITS: dict[str, Callable[[Workbook], object]] = {
    "value": lambda wb: wb["Sheet1"].__setitem__("A1", 7),
    "insert rows": lambda wb: wb["Sheet1"].insert_rows(2),
    "delete columns": lambda wb: wb["Sheet1"].delete_columns(1),
    "insert cells": lambda wb: wb["Sheet1"]["A2"].insert(shift="down"),
    "move": lambda wb: wb["Sheet1"]["A1:B2"].move_to(wb["Sheet1"]["I1"]),
    "copy": lambda wb: wb["Sheet1"]["A1:B2"].copy_to(wb["Sheet1"]["I1"]),
    "sort": lambda wb: wb["Sheet1"]["A1:A4"].sort(),
    "add a sheet": lambda wb: wb.add_sheet("Other"),
    "rename the sheet": lambda wb: wb.rename_sheet("Sheet1", "Data"),
    "name": lambda wb: wb.names.__setitem__("total", "=Sheet1!$A$1"),
    "remove the table": lambda wb: wb.tables["Woods"].delete(),
    "fill": lambda wb: wb["Sheet1"]["B4:B6"].fill_down(),
    "replace": lambda wb: wb["Sheet1"].replace("ash", "elm"),
    "array formula": lambda wb: wb["Sheet1"]["J1:J2"].set_array_formula("=A1:A2*2"),
    "several": lambda wb: _several(wb),
    "function": lambda wb: wb.define("TWICE", lambda number: 2 * number),
}


def _several(workbook: Workbook) -> None:
    with workbook.batch():
        workbook["Sheet1"]["A2"] = 9
        workbook["Sheet1"].delete_rows(3)


def _state(workbook: Workbook) -> object:
    return [(sheet.name, used.formulas, used.values.tolist()) for sheet in workbook if (used := sheet.used_range) is not None]


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("way", [Workbook.copy, lambda workbook: pickle.loads(pickle.dumps(workbook))], ids=["copied", "pickled"])
def test_a_twin_takes_every_edit(way: Callable[[Workbook], Workbook], edit: str) -> None:
    workbook = _made()
    twin, before = way(workbook), _state(workbook)
    EDITS[edit](twin)
    assert _state(workbook) == before, "the other one is touched"
    EDITS[edit](workbook)
    assert _state(twin) == _state(workbook)
    twin.undo()
    assert _state(twin) == before
