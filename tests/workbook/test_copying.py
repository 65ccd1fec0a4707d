"""A copy and a pickled workbook answer alike, and no edit of one is felt by the other."""

from __future__ import annotations

import datetime
import math
import pickle
import subprocess
import sys

import numpy as np
import pytest

import sheetengine
from tests.needs import PROJECT


def model():
    wb = sheetengine.Workbook()
    ws = wb["Sheet1"]
    ws["A1:A1000"] = np.arange(1000.0)[:, None]
    ws["B1:B1000"] = "=A1*2+1"
    ws["B77"] = 5
    ws["C1"] = "=SEQUENCE(3)"
    ws["D1"] = "=SUM(B:B)"
    ws["D2"] = "=D2+1"
    ws["E1"] = "=1/0"
    ws["E2"] = '="t"&nope'
    ws["E3"] = "text"
    ws["E4"] = "=n+TODAY()"
    ws["E5"] = "=root(A5)"
    wb.names["n"] = "=Sheet1!$A$2"
    wb.define("root", math.sqrt)
    wb.fix_clock(datetime.datetime(2024, 2, 29))
    with pytest.warns(sheetengine.CircularReferenceWarning):
        wb.recalculate()
    return wb


def values(wb):
    return {cell.address: (cell.formula, cell.value) for sheet in wb for cell in sheet.cells_with()}


@pytest.fixture(params=[sheetengine.Workbook.copy, lambda wb: pickle.loads(pickle.dumps(wb))], ids=["copy", "pickle"])
def again(request):
    return request.param


def test_the_other_one_holds_the_same(again):
    wb = model()
    other = again(wb)
    assert values(other) == values(wb)
    assert other.circular == wb.circular == ["Sheet1!D2"]
    assert dict(other.names) == dict(wb.names)
    assert len(other._engine.field.blocks) == len(wb._engine.field.blocks)
    other._engine.field.graph.check_invariants()


def test_edits_of_one_are_not_felt_by_the_other(again):
    wb = model()
    before = values(wb)
    other = again(wb)
    sheet = other["Sheet1"]
    sheet["A1"] = 1000
    sheet["C2"] = "in the way"
    other.names["n"] = "=5"
    other.define("root", lambda x: -x)
    del sheet["B5:B900"]
    other.rename_sheet("Sheet1", "Other")
    assert (sheet["B1"].value, str(sheet["C1"].value), sheet["E5"].value, sheet["E4"].value) == (2001.0, "#SPILL!", -4.0, 45356.0)
    assert values(wb) == before
    wb["Sheet1"]["A2"] = 7
    assert (wb["Sheet1"]["B2"].value, sheet["B2"].value) == (15.0, 3.0)


def test_the_other_one_recalculates_afresh_to_the_same(again):
    other = again(model())
    before = values(other)
    with pytest.warns(sheetengine.CircularReferenceWarning):
        other.recalculate(full=True)
    assert values(other) == before


def test_a_pickle_is_read_by_another_process(tmp_path):
    wb = model()
    del wb["Sheet1"]["D2"]
    path = tmp_path / "wb.pickle"
    path.write_bytes(pickle.dumps(wb))
    # Errors and texts have numbers of their own in each process.
    code = (
        "import pickle, sys, sheetengine; other = sheetengine.Workbook(); other['Sheet1']['A1'] = '=another'; other['Sheet1']['A1'].value;"
        "wb = pickle.load(open(sys.argv[1], 'rb')); s = wb['Sheet1']; s['A5'] = 9;"
        "print(s['E1'].value, s['E2'].value, s['E3'].value, s['E5'].value, s['B5'].value, s['C3'].value)"
    )
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code, str(path)], capture_output=True, text=True, check=True, cwd=PROJECT)
    assert done.stdout.split() == ["#DIV/0!", "#NAME?", "text", "3.0", "19.0", "3.0"]


def test_a_function_that_cannot_be_imported_cannot_be_pickled():
    wb = model()
    wb.define("root", lambda x: x)
    with pytest.raises((pickle.PicklingError, AttributeError)):
        pickle.dumps(wb)


def test_a_user_function_may_be_defined_anew_and_may_hide_one_of_excels():
    wb = sheetengine.Workbook()
    ws = wb["Sheet1"]
    wb.names["three"] = "=SUM(1,2)"
    ws["A1"] = "=SUM(1,2)+ours(1)"
    ws["A2"] = "=three"
    wb.define("ours", lambda x: x * 10)
    assert (ws["A1"].value, ws["A2"].value) == (13.0, 3.0)
    wb.define("ours", lambda x: x * 100)
    wb.define("SUM", lambda *numbers: -1.0, replace=True)
    assert (ws["A1"].value, ws["A2"].value) == (99.0, -1.0)
    wb.undo()
    wb.undo()
    assert (ws["A1"].value, ws["A2"].value) == (13.0, 3.0)
