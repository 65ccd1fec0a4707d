"""recalc and check: files computed where they lie, compared with what they held."""

from __future__ import annotations

import io
import json
import zipfile

import openpyxl
import pytest
import xlsxwriter

import sheetengine
from sheetengine.cli.group import run
from sheetengine.io.xlsx_read import read
from sheetengine.tasks.checking import check_files


def without_values(path, rows=20):
    """A workbook as openpyxl leaves it: formulas without values."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Data"
    for row in range(1, rows + 1):
        sheet.cell(row, 1, row)
        sheet.cell(row, 2, f"=A{row}*2")
    sheet["D1"] = f"=SUM(B1:B{rows})"
    sheet["D2"] = '=D1&" pieces"'
    book.save(path)
    return path


def stale(path):
    """A file whose values are out of date: B1 says 5 and should say 4, B2 is right, B3 has none, B4 is beyond us, B5 rests on it."""
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Data")
    sheet.write_number("A1", 2)
    sheet.write_formula("B1", "=A1*2", None, 5)
    sheet.write_formula("B2", "=A1+1", None, 3)
    sheet.write_formula("B3", "=NOSUCHFUNCTION(A1)", None, 42)
    sheet.write_formula("B4", "=B3+1", None, 43)
    sheet.write_formula("B5", "=NOW()", None, 1)
    sheet.write_formula("B6", "=B5*2", None, 2)
    book.close()
    return path


def parts(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_missing_values_are_filled_in_place(tmp_path):
    path = without_values(tmp_path / "in.xlsx")
    before = parts(path.read_bytes())
    found = sheetengine.recalculate_file(path)
    assert (found.missing, found.equal, found.different, found.ok, found.output) == (22, 0, 0, True, str(path))
    after = parts(path.read_bytes())
    assert list(before) == list(after)
    assert [name for name in before if before[name] != after[name]] == ["xl/worksheets/sheet1.xml"]
    values = openpyxl.load_workbook(path, data_only=True)["Data"]
    assert [values["B20"].value, values["D1"].value, values["D2"].value] == [40, 420, "420 pieces"]
    formulas = openpyxl.load_workbook(path)["Data"]
    assert formulas["B20"].value == "=A20*2"
    again = sheetengine.recalculate_file(path, write=False)
    assert (again.equal, again.missing) == (22, 0)


def test_what_cannot_be_computed_keeps_its_value_and_poisons_nothing(tmp_path):
    path, out = stale(tmp_path / "in.xlsx"), tmp_path / "out.xlsx"
    before = path.read_bytes()
    found = sheetengine.recalculate_file(path, out)
    assert path.read_bytes() == before
    assert found.unsupported == {"Data!B3": ("function NOSUCHFUNCTION",)}
    assert not found.ok
    assert [(one.cell, one.cached, one.computed) for one in found.differences if one.cell == "Data!B1"] == [("Data!B1", 5.0, 4.0)]
    assert found.volatile == ["Data!B5"]
    values = openpyxl.load_workbook(out, data_only=True)["Data"]
    assert [values["B1"].value, values["B2"].value, values["B3"].value, values["B4"].value] == [4, 3, 42, 43]
    assert openpyxl.load_workbook(out)["Data"]["B3"].value == "=NOSUCHFUNCTION(A1)"


def test_a_name_that_the_file_does_not_know_either_is_well(tmp_path):
    """Excel itself left #NAME? there: nothing was kept that we could not compute."""
    book = xlsxwriter.Workbook(tmp_path / "in.xlsx")
    sheet = book.add_worksheet("Data")
    sheet.write_formula("A1", "=nosuchname+1", None, "#NAME?")
    sheet.write_formula("A2", "=ISERROR(A1)", None, True)
    book.close()
    found = sheetengine.recalculate_file(tmp_path / "in.xlsx", write=False)
    assert (found.ok, found.equal, found.unsupported) == (True, 2, {})
    assert sheetengine.check_file(tmp_path / "in.xlsx").ok


def test_edits_go_in_before(tmp_path):
    path, out = stale(tmp_path / "in.xlsx"), tmp_path / "out.xlsx"
    sheetengine.recalculate_file(path, out, edits={"Data!A1": 10})
    values = openpyxl.load_workbook(out, data_only=True)["Data"]
    assert [values["A1"].value, values["B1"].value, values["B2"].value] == [10, 20, 11]
    with pytest.raises(sheetengine.UnknownReference):
        sheetengine.recalculate_file(path, out, edits={"Nowhere!A1": 10})


def test_edits_cost_one_round(tmp_path):
    path = without_values(tmp_path / "model.xlsx")
    assert sheetengine.recalculate_file(path, edits={"Data!A1": 100}).computed == 22
    assert sheetengine.open(path)["Data"]["D1"].value == 618.0


def test_progress_is_told(tmp_path):
    path = without_values(tmp_path / "in.xlsx")
    told = []
    sheetengine.recalculate_file(path, write=False, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (22, 22)


def test_check_counts_by_sheet_and_function_and_sets_volatile_aside(tmp_path):
    found = sheetengine.check_file(stale(tmp_path / "in.xlsx"))
    assert (found.total.matched, found.total.compared, found.set_aside) == (2, 3, 2)
    assert [one.cell for one in found.differences] == ["Data!B1"]
    assert list(found.sheets) == ["Data"]
    assert found.functions["operators"].compared == 3
    assert not found.ok


def test_check_of_a_folder_goes_on_after_a_broken_file(tmp_path):
    without_values(tmp_path / "a.xlsx")
    (tmp_path / "b.xlsx").write_bytes(b"PK not a workbook")
    (tmp_path / "~$a.xlsx").write_bytes(b"lock")
    found = list(check_files([tmp_path]))
    assert [one.error is None for one in found] == [True, False]
    assert "b.xlsx" in (found[1].error or "")


def test_commands(tmp_path, capsys):
    path = stale(tmp_path / "in.xlsx")
    assert run(["recalc", str(path), "-o", str(tmp_path / "out.xlsx"), "--set", "Data!A1=10", "--json"]) == 1
    answer = json.loads(capsys.readouterr().out)
    assert answer["unsupported"] == {"Data!B3": ["function NOSUCHFUNCTION"]}
    assert read(tmp_path / "out.xlsx").sheet("Data").payload[0] == 10.0
    assert run(["check", str(path), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["files"][0]["total"] == {"matched": 2, "compared": 3}
    assert run(["check", str(path)]) == 1
    assert "Data!B1 =A1*2  5.0 -> 4.0" in capsys.readouterr().out
    good = without_values(tmp_path / "good.xlsx")
    assert run(["recalc", str(good)]) == 0
    out = capsys.readouterr()
    assert "22 formulas" in out.out
    assert out.err == ""
    assert run(["check", str(good)]) == 0
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04 cut off")
    assert run(["recalc", str(tmp_path / "broken.xlsx")]) == 2
    assert "broken.xlsx" in capsys.readouterr().err
