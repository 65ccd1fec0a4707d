"""A file's values are written band by band; no band takes anything from a row that the one before it began."""

from __future__ import annotations

import numpy as np
import pytest

import sheetengine
from sheetengine.io.document import Document, SheetBuilder, TextPool
from sheetengine.workbook import load_values
from sheetengine.workbook.loading import fill


@pytest.mark.parametrize("band", [1, 2, 3, 4, 7, 1000])
def test_every_value_of_a_sheet_arrives_wherever_bands_end(band: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load_values, "_BAND", band)
    rng = np.random.default_rng(band)
    texts = TextPool()
    builder = SheetBuilder("Sheet1", texts)
    expected = [
        [None if rng.random() < 0.2 else f"t{row}" if column == 2 else float(row * 5 + column) for column in range(5)] for row in range(60)
    ]
    for row, values in enumerate(expected):
        for column, value in enumerate(values):
            if value is not None:
                builder.add(row, column, value)
    workbook = sheetengine.Workbook(sheet=None)
    fill(workbook, Document(sheets=[builder.finish()], texts=texts.texts))
    assert workbook["Sheet1"]["A1:E60"].value == expected
