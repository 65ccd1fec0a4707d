"""A formula that cannot be computed takes nothing else with it: what does not depend on it is computed, readable and saved."""

from __future__ import annotations

import pytest

import sheetengine
from sheetengine.errors import UserFunctionError
from sheetengine.values import CellError


def test_a_function_that_edits_its_workbook_is_refused_and_answers_an_error() -> None:
    workbook = sheetengine.Workbook()
    sheet = workbook["Sheet1"]

    def meddle(value: float) -> float:
        sheet["Z1"] = value
        return value

    workbook.define("MEDDLE", meddle)
    sheet["A1"], sheet["B1"], sheet["C1"] = 1, "=MEDDLE(A1)", "=A1+1"
    found = sheet["B1"].value
    assert isinstance(found, CellError)
    assert found.code == "#VALUE!"
    assert "EditRefused" in found.message
    assert "may not edit" in found.message
    assert sheet["C1"].value == 2.0
    assert sheet["Z1"].value is None
    assert not workbook._engine.dirty
    workbook.define("MEDDLE", meddle, raises=True)
    with pytest.raises(UserFunctionError, match="MEDDLE: EditRefused"):
        sheet["B1"].value  # noqa: B018  # reading computes
