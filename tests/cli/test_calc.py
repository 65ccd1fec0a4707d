"""`sheetengine calc`: values after edits."""

from __future__ import annotations

import json

import click
import pytest
from hypothesis import given, strategies as st

from sheetengine.cli.places import split_edit, value_of
from sheetengine.errors import ValueRefused
from sheetengine.values import CellError

PAYMENT = -100_000 * 0.05 / (1 - 1.05**-10)


def test_one_value_stands_alone(sheetengine, loan):
    """So that a script can take it: nothing but the value is on stdout."""
    answer = sheetengine("calc", loan, "Payment")
    assert (answer.code, answer.out, answer.err) == (0, "-12950.4575\n", "")


def test_values_are_shown_by_their_format(sheetengine, loan):
    assert sheetengine("calc", loan, "Rate", "Loan!B4").out == "Rate\t5.00%\nLoan!B4\t2024-01-01\n"


def test_json_has_full_values(sheetengine, loan):
    found = json.loads(sheetengine("calc", loan, "Payment", "Loan!A1:B2", "Loan!B7", "--json").out)
    assert found["values"]["Payment"] == pytest.approx(PAYMENT, rel=1e-12)
    assert found["values"]["Loan!A1:B2"] == [["rate", 0.05], ["years", 10.0]]
    assert found["values"]["Loan!B7"]["error"] == "#DIV/0!"
    assert (found["circular"], found["unsupported"]) == ([], {})


def test_edits_are_computed_and_the_file_stays(sheetengine, loan):
    before = loan.read_bytes()
    answer = sheetengine("calc", loan, "Loan!E11", "Loan!E1", "--set", "Rate=10%", "--set", "Loan!D1==D2*50")
    assert answer.out == "Loan!E11\t15.4\nLoan!E1\t10\n"
    assert loan.read_bytes() == before


def test_the_trace_says_what_an_edit_recomputed(sheetengine, loan):
    answer = sheetengine("calc", loan, "Loan!E11", "--set", "Loan!D3=5", "--trace")
    assert answer.out == "2.85\n"
    assert "recomputed: 2 cells, 2 changed" in answer.err
    found = json.loads(sheetengine("calc", loan, "--set", "Loan!D3=5", "--trace", "--json").out)
    assert found["trace"]["edited"] == ["Loan!D3"]
    assert set(found["trace"]["changed"]) == {"Loan!E3", "Loan!E11"}


def test_full_computes_everything(sheetengine, loan):
    found = json.loads(sheetengine("calc", loan, "--full", "--trace", "--json").out)
    assert found["trace"]["recomputed"] == len(found["values"]) == 14


def test_without_references_all_formulas_are_listed(sheetengine, loan):
    answer = sheetengine("calc", loan)
    assert len(answer.out.splitlines()) == 14
    assert "Loan!B5   -12950.4575  =PMT(B1,B2,B3)" in answer.out


def test_a_long_listing_is_cut_and_says_so(sheetengine, loan):
    answer = sheetengine("calc", loan, "--limit", "3")
    assert len(answer.out.splitlines()) == 3
    assert answer.err == "… 11 more cells with formulas; see --limit\n"


def test_a_range_is_a_grid(sheetengine, loan):
    lines = sheetengine("calc", loan, "Loan!A1:B3").out.splitlines()
    assert lines == ["Loan!A1:B3", "   A       B", "1  rate     5.00%", "2  years       10", "3  amount  100000"]


def test_a_high_range_is_cut_and_says_so(sheetengine, loan):
    answer = sheetengine("calc", loan, "Loan!D1:E10", "--limit", "4")
    assert len(answer.out.splitlines()) == 4
    assert answer.err == "… 8 more rows; see --limit\n"


def test_a_whole_column_is_no_accident(sheetengine, loan):
    assert len(sheetengine("calc", loan, "Loan!D:D", "--limit", "20").out.splitlines()) == 22


def test_formulas_instead_of_values(sheetengine, loan):
    assert sheetengine("calc", loan, "Payment", "--formulas").out == "=PMT(B1,B2,B3)\n"
    assert json.loads(sheetengine("calc", loan, "Loan!D1:E1", "--formulas", "--json").out)["values"] == {"Loan!D1:E1": [[None, "=D1*$B$1"]]}


def test_a_circle_is_listed_with_an_exit_code(sheetengine, circle):
    answer = sheetengine("calc", circle, "Sheet1!A1", "C1")
    assert answer.code == 1
    assert answer.out == "Sheet1!A1\t0\nC1\t2\n"
    assert answer.err == "2 cells depend on themselves and count as 0: Sheet1!A1, Sheet1!B1\n"
    assert json.loads(sheetengine("calc", circle, "--json").out)["circular"] == ["Sheet1!A1", "Sheet1!B1"]


def test_an_edit_that_breaks_a_circle_makes_all_well(sheetengine, circle):
    answer = sheetengine("calc", circle, "A1", "--set", "B1=4")
    assert (answer.code, answer.out, answer.err) == (0, "5\n", "")


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("-2.5e-3", -0.0025), (".5", 0.5), ("7.", 7.0), ("12%", 0.12), ("FALSE", False), ("#n/a", CellError("#N/A")),
        ("hello", "hello"), ("'=A1'", "=A1"), ("'12", "12"), ("'it's", "it's"), ("1_000", "1_000"), ("0x10", "0x10"), ("", None),
    ],
)  # fmt: skip
def test_what_is_typed_is_read_as_in_a_cell(typed, value):
    found = value_of(typed)
    assert found == value
    assert type(found) is type(value)


def test_a_date_and_a_moment(sheetengine, loan):
    assert sheetengine("calc", loan, "Loan!B4", "--set", "Loan!B4=2024-02-29").out == "2024-02-29\n"
    assert sheetengine("calc", loan, "Loan!G1", "--set", "Loan!G1=2024-02-29 12:30", "--json").out.count("45351.520833333336") == 1


@pytest.mark.parametrize("typed", ["nan", "NaN", "-inf", "Infinity", "2024-02-30"])
def test_what_no_cell_can_hold_is_refused(typed):
    with pytest.raises(ValueRefused):
        value_of(typed)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_number_comes_through(number):
    assert value_of(repr(number)) == number


@given(st.text(min_size=1).filter(lambda name: "\n" not in name), st.text())
def test_a_quoted_sheet_may_have_any_name(name, value):
    place = "'" + name.replace("'", "''") + "'!A1"
    assert split_edit(f"{place}={value}") == (place.strip(), value)


@pytest.mark.parametrize("text", ["", "A1", "=3", " =3"])
def test_what_is_no_edit_is_a_usage_error(text):
    with pytest.raises(click.BadParameter):
        split_edit(text)
