"""How workbooks, names, ranges and traces behave as Python objects: mappings, arrays, pickles, messages."""

from __future__ import annotations

import copy
import gc
import math
import pickle
import weakref

import numpy as np
import pandas as pd
import pytest

import sheetengine
from sheetengine import EditRefused, FormulaSyntaxError, UnknownReference, ValueRefused, Workbook


@pytest.fixture
def wb():
    return Workbook()


@pytest.fixture
def ws(wb):
    return wb["Sheet1"]


def twice(x):
    return x * 2


# -- mappings ------------------------------------------------------------------------------------------------------------


def test_names_are_a_mapping(wb):
    assert "k" not in wb.names and "Nope!k" not in wb.names and 5 not in wb.names
    assert wb.names.get("k", 7) == 7 and wb.names.pop("k", None) is None
    wb.names.setdefault("k", 3)
    assert wb.names["k"] == "=3" and "K" in wb.names and wb.names.pop("k") == "=3" and len(wb.names) == 0
    with pytest.raises(KeyError):
        wb.names["k"]
    assert wb.tables.get("T") is None and "T" not in wb.tables and "Nope" not in wb


@pytest.mark.parametrize(("value", "text"), [(3, "=3"), (-2.5, "=-2.5"), (1e20, "=1E+20"), (0.1, "=0.1")])
def test_a_name_of_a_number_is_written_as_excel_writes_it(wb, value, text):
    wb.names["k"] = value
    assert wb.names["k"] == text


def test_an_unknown_reference_is_a_key_error_with_a_plain_message(wb):
    with pytest.raises(KeyError) as caught:
        wb["Nope"]
    assert isinstance(caught.value, UnknownReference)
    assert str(caught.value) == "there is no sheet 'Nope'; this workbook has 'Sheet1'"


# -- arrays and numbers --------------------------------------------------------------------------------------------------


def test_a_range_is_its_values_to_numpy_and_pandas(ws):
    ws["A1:B2"] = [[1, 2], [3, 4]]
    array = np.asarray(ws["A1:B2"])
    assert array.dtype == float and array.tolist() == [[1, 2], [3, 4]]
    assert np.asarray(ws["A1:B2"], dtype=int).tolist() == [[1, 2], [3, 4]]
    assert pd.DataFrame(ws["A1:B2"]).to_numpy().tolist() == [[1, 2], [3, 4]]
    assert [cell.value for cell in ws["A1:B2"]] == [1, 2, 3, 4]
    with pytest.raises(UnknownReference, match=r"range\[row, column\]"):
        ws["A1:B2"][0]


def test_the_number_of_a_cell(ws):
    ws["A1"], ws["A2"], ws["A3"] = 2.5, "2.5", True
    assert float(ws["A1"]) == 2.5 and math.floor(float(ws["A1"])) == 2
    for other in ("A2", "A3", "A4", "A1:A2"):
        with pytest.raises(ValueRefused):
            float(ws[other])


# -- what was deleted ----------------------------------------------------------------------------------------------------


def test_what_stood_on_a_deleted_sheet_can_be_shown_and_says_so(wb):
    ws = wb.add_sheet("Gone")
    ws["A1:B2"] = [["x", "y"], [1, "=A2"]]
    table = ws.add_table("A1:B2", "T")
    cell, cells = ws["B2"], ws["A1:B2"]
    wb.remove_sheet("Gone")
    assert [repr(one) for one in (ws, cell, cells, table)] == [
        "<Sheet, deleted>", "<B2 of a deleted sheet>", "<A1:B2 of a deleted sheet>", "<Table t, deleted>",
    ]  # fmt: skip
    for read in (
        lambda: list(cells), lambda: cell.value, lambda: cells.values, lambda: cell.text, lambda: ws.used_range, lambda: list(ws.rows),
        lambda: ws.cells_with(), lambda: ws.name, lambda: ws.state, lambda: cell.address,
    ):  # fmt: skip
        with pytest.raises(UnknownReference, match="deleted"):
            read()


# -- pickles and attributes ----------------------------------------------------------------------------------------------


def test_a_lambda_that_cannot_be_pickled_is_named(wb, ws):
    wb.define("TWICE", twice)
    ws["A1"] = "=TWICE(4)"
    assert pickle.loads(pickle.dumps(wb))["Sheet1"]["A1"].value == 8
    wb.define("THRICE", lambda x: x * 3)
    with pytest.raises(pickle.PicklingError, match=r"THRICE is .*lambda.*top level of a module"):
        pickle.dumps(wb)
    ws["A2"] = "=THRICE(4)"
    assert copy.deepcopy(wb)["Sheet1"]["A2"].value == 12


def test_a_trace_does_not_pickle_and_says_so(wb, ws):
    with wb.trace() as trace:
        ws["A1"] = 1
    with pytest.raises(pickle.PicklingError, match="to_json"):
        pickle.dumps(trace)


def test_a_misspelt_attribute_is_refused_and_workbooks_can_be_watched(wb):
    with pytest.raises(AttributeError):
        wb.calculatoin = "manual"
    seen = weakref.ref(wb)
    assert seen() is wb
    other = Workbook()
    gone = weakref.ref(other)
    del other
    gc.collect()
    assert gone() is None


# -- edits ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["undo", "redo"])
def test_nothing_is_taken_back_inside_a_batch(wb, ws, name):
    ws["A1"] = 1
    ws["A2"] = 2
    wb.undo()
    with wb.batch():
        ws["B1"] = 5
        with pytest.raises(EditRefused, match="inside a batch"):
            getattr(wb, name)()
        ws["B2"] = 6
    assert ws["A1:B2"].value == [[1.0, 5.0], [None, 6.0]]
    wb.undo()
    assert ws["A1:B2"].value == [[1.0, None], [None, None]]


def test_a_function_of_excel_is_not_replaced_by_accident(wb, ws):
    ws["A1"] = "=SUM(1,2)"
    with pytest.raises(ValueRefused, match="SUM is a function of Excel"):
        wb.define("sum", lambda *numbers: -1.0)
    assert ws["A1"].value == 3
    wb.define("SUM", lambda *numbers: -1.0, replace=True)
    assert ws["A1"].value == -1
    with pytest.raises(ValueRefused, match="choose another name"):
        wb.define("TAX1", twice)


def test_traces_nest(wb, ws):
    ws["B1"] = "=A1+1"
    ws["B2"] = "=A2+1"
    with wb.trace() as outer:
        ws["A1"] = 1
        with wb.trace() as inner:
            ws["A2"] = 2
        ws["A1"] = 3
    assert list(inner.recomputed) == ["Sheet1!B2"]
    assert list(outer.recomputed) == ["Sheet1!B1", "Sheet1!B2", "Sheet1!B1"]
    with outer, pytest.raises(sheetengine.SheetEngineError, match="already"), outer:
        pass


def test_a_list_for_a_column_says_how_to_write_one(ws):
    with pytest.raises(ValueRefused, match=r"3 rows and 1 column, the value 1 row and 3 columns; a flat list is a row.*\[\[1\], \[2\]"):
        ws["A1:A3"] = [1, 2, 3]
    with pytest.raises(ValueRefused, match=r"reshape"):
        ws["A1:A3"] = np.arange(3)


@pytest.mark.parametrize("formula", ["=1E400", "=A1+2e999", "={1,1E400}", "=-1E309"])
def test_a_number_too_large_is_a_mistake_in_a_formula(ws, formula):
    with pytest.raises(FormulaSyntaxError, match="too large"):
        ws["B1"] = formula
    assert ws["B1"].formula is None


@pytest.mark.parametrize("text", ["\ud800", "ok \udcff", '="\ud800"'])
def test_half_a_character_is_refused(wb, ws, text):
    for write in (
        lambda: ws.__setitem__("A1", text), lambda: ws.enter("A1", text), lambda: ws.__setitem__("A1:B1", [[1, text]]),
        lambda: ws.__setitem__("A1", pd.DataFrame({"a": np.array(["x", text], object)}, dtype=object)), lambda: wb.names.__setitem__("k", text),
    ):  # fmt: skip
        with pytest.raises(ValueRefused, match="lone surrogate"):
            write()
    assert ws.used_range is None
    ws["A1"] = "😀"
    assert ws["A1"].value == "😀"
