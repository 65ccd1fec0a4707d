"""Formulas that differ in the names they read are one program; a name that changes reaches those that mention it, no other."""

from __future__ import annotations

import io

import pytest
import xlsxwriter

import sheetengine
from sheetengine.recalc.family import Family

COUNT = 12


@pytest.fixture
def workbook():
    """B1:B12 read a name each, whose cells are A1:A12."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        page = book.add_worksheet("Sheet1")
        for row in range(COUNT):
            page.write(row, 0, row + 1)
            book.define_name(f"part_{row + 1}", f"=Sheet1!$A${row + 1}")
            # A column apart and in no order, so that no fill is seen.
            page.write_formula(row * 3 % COUNT + row // 4, 1 + row % 2, f"=SUM(part_{row + 1})*2", None, (row + 1) * 2)
    return sheetengine.open(file.getvalue())


def _cell_of(workbook, name):
    return next(cell for cell in workbook["Sheet1"].cells_with(formula=True) if f"({name})" in cell.formula)


def test_one_program_one_family(workbook):
    field = workbook._engine.field
    assert len(field.programs) == 1
    (family,) = field
    assert isinstance(family, Family)
    assert family.count == COUNT


def test_a_name_reaches_those_that_mention_it(workbook):
    cell = _cell_of(workbook, "part_3")
    with workbook.trace() as trace:
        workbook.names["part_3"] = "=Sheet1!$A$5"
    assert list(trace.recomputed) == [cell.address]
    assert cell.value == 10.0
    assert cell.formula == "=SUM(part_3)*2"
    workbook.undo()
    assert cell.value == 6.0


def test_a_name_that_goes_and_comes_back(workbook):
    cell = _cell_of(workbook, "part_3")
    before = {one.address: one.value for one in workbook["Sheet1"].cells_with(formula=True)}
    del workbook.names["part_3"]
    assert str(cell.value) == "#NAME?"
    assert workbook.unsupported == {cell.address: ("name part_3",)}
    assert set(workbook.errors()) == {cell.address}
    workbook.names["part_3"] = "=Sheet1!$A$3"
    assert {one.address: one.value for one in workbook["Sheet1"].cells_with(formula=True)} == before


def test_edits_still_reach_a_formula_that_left_its_family(workbook):
    cell = _cell_of(workbook, "part_3")
    workbook.names["part_3"] = "=Sheet1!$A$5"
    workbook["Sheet1"]["A5"] = 100
    assert cell.value == 200.0
    with workbook.trace() as trace:
        workbook["Sheet1"]["A3"] = 7
    assert list(trace.recomputed) == []


def test_formulas_stay_together_where_all_mention_what_changed(workbook):
    for row in range(1, 41):
        workbook["Sheet1"].cell(row, 10).value = f"=SUM(part_1,A{40 - row * 7 % 39})"
    workbook.names["part_1"] = "=Sheet1!$A$2"
    values = [workbook["Sheet1"].cell(row, 10).value for row in range(1, 41)]
    assert values == [2.0 + (40 - row * 7 % 39 if 40 - row * 7 % 39 <= COUNT else 0) for row in range(1, 41)]


def test_a_formula_inside_a_name_is_part_of_the_programs_it_was_bound_into(workbook):
    workbook.names["twice"] = "=Sheet1!$A$1*2"
    workbook["Sheet1"]["H1"] = "=twice+1"
    workbook["Sheet1"]["H9"] = "=twice+1"
    assert workbook["Sheet1"]["H9"].value == 3.0
    workbook.names["twice"] = "=Sheet1!$A$1*20"
    assert (workbook["Sheet1"]["H1"].value, workbook["Sheet1"]["H9"].value) == (21.0, 21.0)


def test_a_circle_that_was_written_over_is_none():
    workbook = sheetengine.Workbook()
    sheet = workbook["Sheet1"]
    sheet["A1:B1"] = [["=B1+1", "=A1+1"]]
    with pytest.warns(sheetengine.CircularReferenceWarning):
        found = workbook.circular
    assert found == ["Sheet1!A1", "Sheet1!B1"]
    sheet["B1"] = 4
    assert workbook.circular == []
    assert sheet["A1"].value == 5.0
    workbook.undo()
    with pytest.warns(sheetengine.CircularReferenceWarning):
        found = workbook.circular
    assert found == ["Sheet1!A1", "Sheet1!B1"]
