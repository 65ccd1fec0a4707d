"""The graph as the public face shows it: one edge an operand, precedents and dependents, names and functions that heal."""

from __future__ import annotations

import pytest

import sheetengine


def addresses(ranges):
    return [one.address for one in ranges]


@pytest.fixture
def wb():
    return sheetengine.Workbook()


def test_a_filled_column_is_one_node_with_an_edge_per_operand(wb):
    wb["Sheet1"]["C1:C100000"] = "=A1*2+B1"
    graph = wb._engine.field.graph
    assert (graph.node_count(), graph.edge_count()) == (1, 2)
    assert addresses(wb["Sheet1"]["A5:A9"].dependents()) == ["Sheet1!C5:C9"]
    assert addresses(wb["Sheet1"]["C5:C9"].precedents()) == ["Sheet1!A5:A9", "Sheet1!B5:B9"]
    graph.check_invariants()


def test_direct_and_transitive(wb):
    ws, other = wb["Sheet1"], wb.add_sheet("Other")
    ws["B1"], ws["C1"], other["A1"] = "=A1+1", "=SUM(B1:B9)", "=Sheet1!C1"
    assert addresses(ws["A1"].dependents()) == ["Sheet1!B1"]
    assert addresses(ws["A1"].dependents(transitive=True)) == ["Sheet1!B1", "Sheet1!C1", "Other!A1"]
    assert addresses(other["A1"].precedents()) == ["Sheet1!C1"]
    assert addresses(other["A1"].precedents(transitive=True)) == ["Sheet1!A1", "Sheet1!B1:B9", "Sheet1!C1"]


def test_overwritten_cells_depend_on_nothing(wb):
    ws = wb["Sheet1"]
    ws["B1:B9"] = "=A1"
    ws["B5"] = 7
    assert addresses(ws["A1:A9"].dependents()) == ["Sheet1!B1:B4", "Sheet1!B6:B9"]
    assert addresses(ws["B4:B6"].precedents()) == ["Sheet1!A4", "Sheet1!A6"]


def test_what_is_only_pointed_at_is_no_precedent(wb):
    ws = wb["Sheet1"]
    ws["B1"] = "=ROW(A1)+COLUMNS(A1:C1)"
    assert addresses(ws["B1"].precedents()) == []
    assert addresses(ws["A1"].dependents()) == []


def test_an_array_is_a_precedent_of_those_that_read_its_cells(wb):
    ws = wb["Sheet1"]
    ws["A1"] = "=SEQUENCE(3)"
    ws["C1"], ws["C2"] = "=A3*2", "=SUM(A1#)"
    assert ws["C1:C2"].value == [[6.0], [6.0]]
    ws["A1"] = "=SEQUENCE(2)"
    assert ws["C1:C2"].value == [[0.0], [3.0]]


@pytest.mark.parametrize(
    ("formula", "error", "heal", "value"),
    [
        ("=tax_rate*2", "#NAME?", lambda wb: wb.names.__setitem__("tax_rate", 4), 8.0),
        ("=Costs!A1+1", "#REF!", lambda wb: wb.add_sheet("Costs").__setitem__("A1", 4), 5.0),
        ("=TWICE(4)", "#NAME?", lambda wb: wb.define("TWICE", lambda value: value * 2), 8.0),
        ("=TWICE(4)", "#NAME?", lambda wb: wb.names.__setitem__("TWICE", "=LAMBDA(x,x*2)"), 8.0),
        ("=SUM(Jan:Mar!A1)", "#REF!", lambda wb: [wb.add_sheet(name).__setitem__("A1", 1) for name in ("Jan", "Feb", "Mar")], 3.0),
    ],
)
def test_what_a_formula_names_in_vain_heals_it_when_it_appears(wb, formula, error, heal, value):
    ws = wb["Sheet1"]
    ws["B1"], ws["B2"] = formula, "=B1+1"
    assert str(ws["B1"].value) == error
    assert ws["B1"].value.message
    assert str(ws["B2"].value) == error
    assert ws["B2"].value.origin == "Sheet1!B1"
    heal(wb)
    assert (ws["B1"].value, ws["B2"].value) == (value, value + 1)
