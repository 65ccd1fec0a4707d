"""Ranges where a legacy formula wants a single value: cut to the formula's own row or column, in functions evaluated lazily too."""

from __future__ import annotations

import pytest

import sheetengine
from sheetengine.io.document import Document, SheetBuilder, TextPool
from sheetengine.values import VALUE, Scalar
from sheetengine.workbook.loading import fill


@pytest.mark.parametrize(
    ("formula", "beside", "elsewhere"),
    [
        ("IF(A1:A3>1,10,20)", 10.0, VALUE),
        ("IF(A1:A3,10,20)", 10.0, VALUE),
        ('CHOOSE(A1:A3,"a","b","c")', "b", VALUE),
        ("IFS(A1:A3=2,10,TRUE,20)", 10.0, VALUE),
        ("SWITCH(A1:A3,2,10,20)", 10.0, VALUE),
        ("IFERROR(A1:A3,7)", 2.0, 7.0),
        ("IFNA(1/(A1:A3-2),7)", sheetengine.CellError("#DIV/0!"), VALUE),
        ("IF(TRUE,A1:A3,0)", 2.0, VALUE),
        ("SUM(IF(TRUE,A1:A3,0))", 6.0, 6.0),
        ("SUM(CHOOSE(1,A1:A3))", 6.0, 6.0),
    ],
)
def test_a_range_is_intersected(formula: str, beside: Scalar, elsewhere: Scalar) -> None:
    document = Document()
    builder = SheetBuilder("Sheet1", TextPool(document.texts))
    for row in range(3):
        builder.add(row, 0, float(row + 1))
    builder.add(1, 2, None, formula=formula, missing=True)
    builder.add(8, 2, None, formula=formula, missing=True)
    document.sheets.append(builder.finish())
    workbook = sheetengine.Workbook(sheet=None)
    fill(workbook, document)
    assert workbook["Sheet1"]["C2"].value == beside
    assert workbook["Sheet1"]["C9"].value == elsewhere
