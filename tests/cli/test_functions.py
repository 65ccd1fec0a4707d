"""`sheetengine functions`: the catalogue as declared."""

from __future__ import annotations

import json

from sheetengine.cli.group import run
from sheetengine.functions import reference
from sheetengine.functions.library import catalogue
from tests.needs import PROJECT


def test_one_function_with_its_examples(capsys):
    assert run(["functions", "pmt"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("PMT(rate, nper, pv, [fv], [type])\n  The payment per period")
    assert "=PMT(0.08/12,10,10000)  ->  -1037.03208935916" in out
    assert "financial" in out
    assert "vector" in out


def test_an_unknown_function_names_its_neighbours(capsys):
    assert run(["functions", "VLOKUP"]) == 2
    assert "there is no function VLOKUP; VLOOKUP" in capsys.readouterr().err


def test_a_category(capsys):
    assert run(["functions", "--category", "financial", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {one["category"] for one in found} == {"financial"}
    assert len(found) == sum(spec.category == "financial" for spec in catalogue().values())


def test_an_unknown_category_names_those_there_are(capsys):
    assert run(["functions", "--category", "money"]) == 2
    assert "financial" in capsys.readouterr().err


def test_all_functions_are_listed(capsys):
    assert run(["functions"]) == 0
    words = set(capsys.readouterr().out.split())
    assert words >= set(catalogue())


def test_the_page_is_what_the_declarations_say():
    assert (PROJECT / "docs" / "functions.md").read_text("utf-8") == reference.text(), "stale: make docs"
