"""What can be opened, and what a failure says."""

from __future__ import annotations

import io

import pytest

import sheetengine
from tests.io import rich


def test_paths_bytes_and_file_objects(tmp_path):
    data = rich.by_xlsxwriter()
    path = tmp_path / "book.xlsx"
    path.write_bytes(data)
    sources = [path, str(path), data, bytearray(data), memoryview(data), io.BytesIO(data)]
    with path.open("rb") as file:
        sources.append(file)
        for source in sources:
            assert sheetengine.open(source)["Data"]["B1"].value == 1.0


def test_what_is_no_file(tmp_path):
    with pytest.raises(FileNotFoundError):
        sheetengine.open(tmp_path / "none.xlsx")
    with pytest.raises(sheetengine.FileFormatError, match="folder"):
        sheetengine.open(tmp_path)
    with pytest.raises(TypeError, match="path, bytes or a binary file object"):
        sheetengine.open(42)
    with pytest.raises(sheetengine.FileFormatError, match="text"):
        sheetengine.open(io.StringIO("x"))


def test_the_message_names_the_file(tmp_path):
    path = tmp_path / "broken.xlsx"
    path.write_bytes(rich.by_openpyxl()[:-100])
    with pytest.raises(sheetengine.FileFormatError, match=r"broken\.xlsx"):
        sheetengine.open(path)


def test_endings_that_cannot_be_written(tmp_path):
    wb = sheetengine.Workbook()
    for name in ("out.xls", "out.ods", "out", "out.xlsb"):
        with pytest.raises(sheetengine.FileFormatError, match=r"\.xlsx or \.xlsm"):
            wb.save(tmp_path / name)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(TypeError):
        wb.save(42)


def test_settings_of_calculation():
    wb = sheetengine.Workbook()
    wb["Sheet1"]["A1"] = 1
    wb["Sheet1"]["B1"] = "=A1+1"
    wb.calculation = "manual"
    stream = io.BytesIO()
    wb.recalculate()
    wb.save(stream)
    again = sheetengine.open(stream.getvalue())
    assert again.calculation == "manual"
    again["Sheet1"]["A1"] = 5
    assert again["Sheet1"]["B1"].value == 2.0
    again.recalculate()
    assert again["Sheet1"]["B1"].value == 6.0


def test_missing_values_are_computed_and_others_are_not():
    """One formula without a value: it is computed, and what rests on it; a stale value beside it stays."""
    from tests.io.test_hostile import sheet

    wb = sheetengine.open(
        sheet(
            '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><f>A1+1</f></c><c r="C1"><f>B1+1</f><v>99</v></c><c r="D1"><f>A1*5</f><v>77</v></c></row>'
        )
    )
    ws = wb.sheets[0]
    assert ws["A1:D1"].value == [[1.0, 2.0, 3.0, 77.0]]
    ws["A1"] = 2
    assert ws["D1"].value == 10.0


def test_many_formulas_become_few_blocks():
    wb = sheetengine.Workbook()
    ws = wb["Sheet1"]
    ws["A1:A2000"] = [[float(row)] for row in range(2000)]
    ws["B1:C2000"] = "=A1*2"
    for row in range(1, 2000, 2):
        ws[f"D{row}"] = "=A1+$A$1".replace("A1+", f"A{row}+")
    stream = io.BytesIO()
    wb.save(stream)
    again = sheetengine.open(stream.getvalue())
    kinds = sorted(type(block).__name__ for block in again._engine.field)
    assert kinds == ["Block", "Family"]
    assert again["Sheet1"]["D1999"].value == 1998.0
    again["Sheet1"]["A1"] = 5
    assert again["Sheet1"]["D1999"].value == 2003.0
    assert again["Sheet1"]["C1"].value == again["Sheet1"]["B1"].value * 2


def test_of_two_cells_at_one_place_the_last_counts_and_no_formula_is_lost():
    from tests.io.test_hostile import sheet

    rows = "".join(
        f'<row r="{row}"><c r="A{row}"><v>{row}</v></c><c r="B{row}"><f>A{row}*2</f><v>{2 * row}</v></c></row>' for row in range(1, 9)
    )
    for twice in ('<row r="1"><c r="B1"><v>7</v></c></row>', '<row r="8"><c r="B1"><v>7</v></c></row>'):
        wb = sheetengine.open(sheet(rows + twice))
        ws = wb.sheets[0]
        assert ws["B1"].value == 7.0
        assert ws["B2:B8"].formulas == [[f"=A{row}*2"] for row in range(2, 9)]
        ws["A5"] = 50
        assert ws["B5"].value == 100.0
