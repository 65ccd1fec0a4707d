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
    with pytest.raises(sheetengine.UnknownReference, match="not 1"):
        sheetengine.recalculate_file(path, out, edits={1: 10})


def test_a_name_for_a_constant_gets_another(tmp_path):
    """Rates are often names of no cell; the name is what changes in the file then."""
    path, out = tmp_path / "in.xlsx", tmp_path / "out.xlsx"
    book = xlsxwriter.Workbook(path)
    book.add_worksheet("Data").write_formula("A1", "=Rate*100&Unit", None, "4 pieces")
    book.define_name("Rate", "=0.04")
    book.define_name("Unit", '=" pieces"')
    book.define_name("Twice", "=Rate*2")
    book.close()
    sheetengine.recalculate_file(path, out, edits={"Rate": -0.05, "Unit": ' "bags"'})
    again = sheetengine.open(out)
    assert again["Data"]["A1"].value == '-5 "bags"'
    assert dict(again.names) == {"Rate": "=-0.05", "Unit": '=" ""bags"""', "Twice": "=Rate*2"}
    with pytest.raises(sheetengine.UnknownReference, match=r"Twice is a name for =Rate\*2, not for cells"):
        sheetengine.recalculate_file(path, out, edits={"Twice": 1})
    assert run(["recalc", str(path), "--dry-run", "--set", "Rate=7%"]) == 0


def test_what_excel_leaves_of_deleted_sheets_is_computed(tmp_path):
    """Where a sheet was deleted, Excel writes #REF! for its name and keeps the cell; nothing of that is beyond us."""
    book = xlsxwriter.Workbook(tmp_path / "in.xlsx")
    sheet = book.add_worksheet("Data")
    sheet.write_formula("A1", "=#REF!B2*2", None, "#REF!")
    sheet.write_formula("A2", "=IFERROR(SUM(#REF!$A$1:$B$9),5)", None, 5)
    sheet.write_formula("A3", "=IFERROR(lost,6)", None, 7)
    book.define_name("lost", "=#REF!$A$1")
    book.close()
    found = sheetengine.recalculate_file(tmp_path / "in.xlsx")
    assert (found.ok, found.equal, found.different, found.notes) == (True, 2, 1, [])
    again = sheetengine.open(tmp_path / "in.xlsx")
    assert again["Data"]["A1:A2"].formulas == [["=#REF!B2*2"], ["=IFERROR(SUM(#REF!$A$1:$B$9),5)"]]
    assert dict(again.names) == {"lost": "=#REF!$A$1"}


def test_folders_of_the_package_separated_by_backslashes(tmp_path):
    """Some writers of zip files on Windows do so: opening took them, writing did not."""
    path, odd = without_values(tmp_path / "in.xlsx"), tmp_path / "odd.xlsx"
    with zipfile.ZipFile(odd, "w") as archive:
        for name, data in parts(path.read_bytes()).items():
            archive.writestr(name.replace("/", "\\"), data)
    assert sheetengine.recalculate_file(odd).missing == 22
    assert list(parts(odd.read_bytes())) == [name.replace("/", "\\") for name in parts(path.read_bytes())]
    assert sheetengine.open(odd)["Data"]["D1"].value == 420.0


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


def hosted(path):
    """A file with values that a cube, a pivot table and a server gave when Excel had it open; B1 has none."""
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Data")
    sheet.write_formula("A1", '=GETPIVOTDATA("Sales",X1)', None, 7)
    sheet.write_formula("A2", '=IFERROR(CUBEVALUE("c","[Measures].[Profit]"),0)', None, 5)
    sheet.write_formula("A3", "=A1+A2", None, 99)
    sheet.write_formula("A4", '=RTD("server",,"topic")', None, "busy")
    for row in range(40):
        sheet.write_formula(row, 3, f'=_xlfn.WEBSERVICE("u"&E{row + 1})', None, row + 1)
    sheet.write_formula("D41", "=SUM(D1:D40)", None, 0)
    sheet.write_formula("A5", "=PRICE_OF(1)", None, 6)
    book.define_name("PRICE_OF", '=_xlfn.LAMBDA(_xlpm.x,RTD("server",,_xlpm.x))')
    book.close()
    return path


def test_what_only_a_host_can_answer_keeps_the_files_value(tmp_path):
    path = hosted(tmp_path / "in.xlsx")
    found = sheetengine.recalculate_file(path)
    assert not found.ok
    assert {cell: found.unsupported[cell] for cell in ("Data!A1", "Data!A2", "Data!A4", "Data!A5", "Data!D1")} == {
        "Data!A1": ("needs a host: GETPIVOTDATA",), "Data!A2": ("needs a host: CUBEVALUE",), "Data!A4": ("needs a host: RTD",),
        "Data!A5": ("needs a host: RTD",), "Data!D1": ("needs a host: WEBSERVICE",),
    }  # fmt: skip
    sheet = openpyxl.load_workbook(path, data_only=True)["Data"]
    assert [sheet[cell].value for cell in ("A1", "A2", "A3", "A4", "A5", "D7", "D41")] == [7, 5, 12, "busy", 6, 7, 820]
    assert run(["recalc", str(path)]) == 1


def test_a_host_of_ones_own_answers_instead(tmp_path):
    wb = sheetengine.open(hosted(tmp_path / "in.xlsx"))
    ws = wb["Data"]
    ws["A3"] = "=A1+A2"
    ws["B1"] = '=CUBEVALUE("c","m")'
    assert (ws["A3"].value, str(ws["B1"].value)) == (12, "#NAME?")
    wb.define("CUBEVALUE", lambda connection, member: 30)
    assert (ws["A2"].value, ws["A3"].value, ws["B1"].value) == (30, 37, 30)
    assert "Data!A2" not in wb.unsupported and "Data!A1" in wb.unsupported


def test_a_text_file_is_not_written_over(tmp_path, capsys):
    path = tmp_path / "data.csv"
    path.write_text("name,sum\n=1+1,+5 apples\n")
    before = path.read_bytes()
    assert run(["recalc", str(path)]) == 2
    assert "a text file holds no formulas" in capsys.readouterr().err
    assert run(["recalc", str(path), "-o", str(tmp_path / "out.csv")]) == 2
    assert "go into a workbook" in capsys.readouterr().err
    assert path.read_bytes() == before and not (tmp_path / "out.csv").exists()
    assert run(["recalc", str(path), "-o", str(tmp_path / "out.xlsx")]) == 0
    assert run(["recalc", str(path), "--dry-run"]) == 0
    assert openpyxl.load_workbook(tmp_path / "out.xlsx").active["A2"].value == "=1+1"
