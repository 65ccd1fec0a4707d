"""`sheetengine deps`: what a cell reads, and what reads it."""

from __future__ import annotations

import json

import xlsxwriter


def test_precedents_as_a_tree(sheetengine, loan):
    answer = sheetengine("deps", loan, "Loan!B6", "--transitive")
    assert answer.code == 0
    assert answer.out == (
        "Loan!B6  -129504.575  =B5*B2\n"
        "├─ Loan!B2  10\n"
        "└─ Loan!B5  -12950.4575  =PMT(B1,B2,B3)\n"
        "   ├─ Loan!B1  5.00%\n"
        "   ├─ Loan!B2  (above)\n"
        "   └─ Loan!B3  100000\n"
    )


def test_without_transitive_one_level(sheetengine, loan):
    assert len(sheetengine("deps", loan, "Loan!B6").out.splitlines()) == 3


def test_dependents_by_name_filled_cells_as_one_line(sheetengine, loan):
    answer = sheetengine("deps", loan, "Rate", "--dependents", "--transitive")
    assert "├─ Loan!E1:E10  10 cells  =D1*$B$1\n│  └─ Loan!E11  2.75  =SUM(E1:E10)\n" in answer.out


def test_a_cell_without_reads_says_so(sheetengine, loan):
    answer = sheetengine("deps", loan, "Loan!A1")
    assert (answer.out, answer.err) == ("Loan!A1  rate\n", "Loan!A1 reads nothing\n")
    assert sheetengine("deps", loan, "Loan!A1", "--dependents").err == "nothing reads Loan!A1\n"


def test_json_nests(sheetengine, loan):
    found = json.loads(sheetengine("deps", loan, "Loan!B6", "--transitive", "--json").out)
    assert found["direction"] == "precedents"
    assert [link["range"] for link in found["links"]] == ["Loan!B2", "Loan!B5"]
    assert found["links"][1]["links"][1] == {"range": "Loan!B2", "cells": 1, "formula": None, "value": 10.0, "again": True}


def test_a_circle_ends(sheetengine, circle):
    answer = sheetengine("deps", circle, "A1", "--transitive")
    assert answer.code == 1
    assert answer.out.splitlines() == ["Sheet1!A1  0  =B1+1", "└─ Sheet1!B1  0  =A1+1", "   └─ Sheet1!A1  (above)"]


def test_a_chain_of_thousands_is_bounded(sheetengine, tmp_path):
    path = tmp_path / "chain.xlsx"
    with xlsxwriter.Workbook(path) as file:
        page = file.add_worksheet("Sheet1")
        page.write(0, 0, 1)
        for row in range(1, 3000):
            page.write_formula(row, 0, f"=A{row}+1", None, row + 1)
    lines = sheetengine("deps", path, "A3000", "--transitive", "--limit", "10").out.splitlines()
    assert lines[0] == "Sheet1!A3000  3000  =A2999+1"
    assert len(lines) <= 11
    # The whole way to the first cell, as JSON too: nothing recurses per cell.
    found = json.loads(sheetengine("deps", path, "A300", "--transitive", "--limit", "5000", "--json").out)
    assert found["range"] == "Sheet1!A300"
    depth = 0
    while found.get("links"):
        found, depth = found["links"][0], depth + 1
    assert (depth, found["range"]) == (299, "Sheet1!A1")


def test_the_network_as_a_tree(sheetengine):
    from tests.needs import PROJECT

    answer = sheetengine("deps", PROJECT / "workbooks" / "digits.xlsx", "Draw!AF2", "--transitive")
    assert "└─ Draw!AE2:AE11  10 cells" in answer.out
    assert "Parameters!A2:AB29  784 cells" in answer.out
    assert "Draw!A1:AB28  784 cells" in answer.out
