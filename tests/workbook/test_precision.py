"""Precision as displayed. Source: Microsoft, "Set rounding precision"."""

from __future__ import annotations

import io

import numpy as np
import pytest

import sheetengine


@pytest.fixture
def wb():
    wb = sheetengine.Workbook()
    ws = wb["Sheet1"]
    ws["A1:C20"].number_format = "0.00"
    ws["A1:A20"] = np.arange(1, 21)[:, None] / 7
    ws["B1:B20"] = "=A1*2"
    ws["C1"] = "=A1"
    ws["C2:C20"] = "=C1+A2/3"
    ws["D1"] = "=SUM(B1:B20)"
    ws["E1"] = "=SEQUENCE(2)/3"
    ws["E1:E2"].number_format = "0.0%"
    return wb


def test_cells_keep_what_they_show(wb):
    ws = wb["Sheet1"]
    before = ws["A1:E20"].value
    wb.precision_as_displayed = True
    a = [round(n / 7 + 1e-12, 2) for n in range(1, 21)]
    assert ws["A1:A20"].values.ravel().tolist() == a
    b = [round(n * 2 + 1e-12, 2) for n in a]
    assert ws["B1:B20"].values.ravel().tolist() == b
    c = [a[0]]
    for n in a[1:]:
        c.append(round(c[-1] + n / 3 + 1e-12, 2))
    assert ws["C1:C20"].values.ravel().tolist() == c
    assert ws["D1"].value == pytest.approx(sum(b), abs=1e-9)
    assert ws["E1:E2"].values.ravel().tolist() == [0.333, 0.667]
    ws["A1"] = 1.239
    assert (ws["A1"].value, ws["B1"].value) == (1.24, 2.48)
    ws["A1:A2"] = [[5.555], [6.666]]
    assert ws["A1:A2"].values.ravel().tolist() == [5.56, 6.67]
    for _ in range(3):
        wb.undo()
    assert not wb.precision_as_displayed
    assert ws["A1:E20"].value == before


def test_one_cell_and_many_agree_and_so_does_a_fresh_calculation(wb):
    ws = wb["Sheet1"]
    wb.precision_as_displayed = True
    ws["A3"] = 9.876
    incremental = ws["A1:E20"].value
    wb.recalculate(full=True)
    assert ws["A1:E20"].value == incremental


def test_a_format_with_fewer_digits(wb):
    ws = wb["Sheet1"]
    wb.precision_as_displayed = True
    ws["B1:B20"].number_format = "0"
    assert ws["B2"].value == 1.0


def test_a_file_says_so(wb):
    wb.precision_as_displayed = True
    twin = wb.copy()
    assert twin.precision_as_displayed
    stream = io.BytesIO()
    wb.save(stream)
    again = sheetengine.open(stream.getvalue())
    assert again.precision_as_displayed
    again["Sheet1"]["A1"] = 0.777
    assert (again["Sheet1"]["A1"].value, again["Sheet1"]["B1"].value) == (0.78, 1.56)


def test_settings_of_calculation_go_through_files():
    wb = sheetengine.Workbook()
    wb["Sheet1"]["A1"] = 1
    wb.names["n"] = "=Sheet1!$A$1"
    wb.iterate(count=7, change=0.25)
    wb.calculation = "manual"
    stream = io.BytesIO()
    wb.save(stream)
    again = sheetengine.open(stream.getvalue())
    assert again.calculation == "manual"
    settings = again._engine.evaluator.iteration
    assert (settings.enabled, settings.count, settings.change) == (True, 7, 0.25)
    again.iterate(enabled=False)
    again.calculation = "automatic"
    stream = io.BytesIO()
    again.save(stream)
    third = sheetengine.open(stream.getvalue())
    assert (third.calculation, third._engine.evaluator.iteration.enabled) == ("automatic", False)
