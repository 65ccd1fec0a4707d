"""Arrays that nobody can hold are an error in their cell; no memory is taken for them."""

from __future__ import annotations

import pytest

from sheetengine import CellError, Workbook


@pytest.mark.parametrize("formula", ["=MEDIAN(A:A*2:2)", "=A:A*2:2", "=ROWS(SORT(A:A*2:2))", "=MEDIAN(B1:B1048575*1:1)"])
@pytest.mark.parametrize("cells", ["XFA9", "XFA9:XFA11"])
def test_too_large_to_be_held(formula: str, cells: str) -> None:
    """Excel runs out of resources and says so in a message; a cell of ours says #NUM!."""
    workbook = Workbook()
    sheet = workbook["Sheet1"]
    sheet["A1:A10"] = [[float(row)] for row in range(10)]
    sheet[cells] = formula
    assert sheet["XFA9"].value == CellError("#NUM!")


def test_whole_columns_times_whole_rows_are_summed() -> None:
    """Sums need not be written out: row 2 holds one number, 1, and column A those from 0 to 9."""
    workbook = Workbook()
    sheet = workbook["Sheet1"]
    sheet["A1:A10"] = [[float(row)] for row in range(10)]
    sheet["XFA9"] = "=SUM(A:A*2:2)"
    assert sheet["XFA9"].value == 45.0
