"""Circles: which cells stand in one, and that the answer does not depend on history."""

from __future__ import annotations

import itertools
import warnings

import pytest

import sheetengine
from sheetengine.errors import CircularReferenceWarning


@pytest.fixture
def wb():
    return sheetengine.Workbook()


def computed(wb, place="A1"):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        wb["Sheet1"][place].value  # noqa: B018  # reading computes
    return [one for one in caught if one.category is CircularReferenceWarning]


def test_a_circle_counts_as_0_and_warns_once_a_round(wb):
    ws = wb["Sheet1"]
    ws["A1"], ws["B1"], ws["C1"], ws["D1"] = "=C1+1", "=A1+1", "=B1+1", "=C1+10"
    ws["F5"] = "=F5"
    (caught,) = computed(wb)
    assert str(caught.message) == "cells that depend on themselves count as 0: Sheet1!A1, Sheet1!B1, Sheet1!C1, Sheet1!F5"
    assert wb.circular == ["Sheet1!A1", "Sheet1!B1", "Sheet1!C1", "Sheet1!F5"]
    assert ws["A1:D1"].value == [[0.0, 0.0, 0.0, 10.0]]
    ws["A1"] = 1
    ws["F5"] = None
    assert computed(wb) == []
    assert wb.circular == []
    assert ws["A1:D1"].value == [[1.0, 2.0, 3.0, 13.0]]


@pytest.mark.parametrize("order", list(itertools.permutations(("A5", "B5", "C1", "D1"))))
def test_a_circle_within_a_circle_hides_no_way_back(wb, order):
    # B5 reads itself and A5; D1 leads back into the circle of A5 and C1 by way of B5 alone.
    formulas = {"A5": "=SUM(A1:D1)", "B5": "=SUM(A1:B5)", "C1": "=A5*2+B5", "D1": "=B5*2+C5"}
    ws = wb["Sheet1"]
    ws["C5"] = 1.0
    for place in order:
        ws[place] = formulas[place]
        computed(wb)
    assert wb.circular == ["Sheet1!C1", "Sheet1!D1", "Sheet1!A5", "Sheet1!B5"]
    assert [ws[place].value for place in formulas] == [0.0, 0.0, 0.0, 0.0]


def test_a_warning_made_an_error_leaves_the_round_complete(wb):
    ws = wb["Sheet1"]
    ws["A1"], ws["B1"] = "=B1", "=A1+1"
    ws["C1"] = "=A1+2"
    with pytest.raises(CircularReferenceWarning):
        ws["A1"].value  # noqa: B018  # reading computes; pytest makes warnings errors
    assert ws["C1"].value == 2.0


@pytest.mark.parametrize(
    "formula", ["=IF(FALSE,A1,0)", "=CHOOSE(2,A1,0)", "=ROW(A1)-1", "=COLUMNS(A1:B1)-2", "=IFERROR(0,A1)", "=OFFSET(A1,1,0)"]
)
def test_what_is_not_fetched_is_no_circle(wb, formula):
    wb["Sheet1"]["A1"] = formula
    assert computed(wb) == []
    assert wb["Sheet1"]["A1"].value == 0.0


def test_index_into_the_column_it_stands_in_is_no_circle(wb):
    ws = wb["Sheet1"]
    ws["A1:A3"] = [[1], [2], [3]]
    ws["A4"] = "=INDEX(A:A,2)"
    assert computed(wb) == []
    assert ws["A4"].value == 2.0
    ws["A2"] = 7
    assert ws["A4"].value == 7.0


def test_all_that_lead_back_into_a_circle_stand_in_it_wherever_the_search_begins(wb):
    """B5:D8 read themselves and the rows below, which read them: found first as circles of one, all are one circle."""
    ws = wb["Sheet1"]
    ws["B5:D8"] = "=SUM(B$5:D$10)"
    computed(wb)
    ws["A9:D10"] = "=A5*2+B5"
    computed(wb)
    assert {cell[-2:] for cell in wb.circular} >= {"B5", "D8", "B9", "C9", "D9"}
    other = sheetengine.Workbook()
    other["Sheet1"]["A9:D10"] = "=A5*2+B5"
    other["Sheet1"]["B5:D8"] = "=SUM(B$5:D$10)"
    computed(other)
    assert other.circular == wb.circular


def test_an_array_that_reads_what_it_fills_is_a_circle_and_settles(wb):
    ws = wb["Sheet1"]
    ws["F10"] = "=F11:F15+1"
    computed(wb)
    assert wb.circular == ["Sheet1!F10"]
    assert not wb._engine.dirty
    ws["F11"] = 1
    computed(wb)
    assert wb.circular == []
    assert str(ws["F10"].value) == "#SPILL!"


def test_of_two_arrays_that_meet_the_upper_left_one_fills_whoever_came_first():
    places = {"B1": "=SEQUENCE(4)", "A3": "=SEQUENCE(1,4)"}
    found = []
    for order in (["B1", "A3"], ["A3", "B1"]):
        ws = sheetengine.Workbook()["Sheet1"]
        for place in order:
            ws[place] = places[place]
            ws["A1"].value  # noqa: B018  # reading computes
        assert str(ws["A3"].value) == "#SPILL!"
        found.append([[str(value) for value in row] for row in ws["A1:E5"].value])
        ws["B1"] = None
        assert ws["A3:D3"].value == [[1.0, 2.0, 3.0, 4.0]]
    assert found[0] == found[1]


def test_iteration_goes_on_where_it_stood(wb):
    ws = wb["Sheet1"]
    wb.iterate(count=10, change=0)
    ws["A1"] = "=A1+1"
    assert ws["A1"].value == 10.0
    wb.recalculate(full=True)
    assert ws["A1"].value == 20.0
    assert wb.circular == []


def test_iteration_stops_where_changes_are_small(wb):
    ws = wb["Sheet1"]
    wb.iterate(count=100, change=0.001)
    ws["A1"] = "=IFERROR((A1+2/A1)/2,1)"
    assert abs(ws["A1"].value - 2**0.5) < 1e-6
