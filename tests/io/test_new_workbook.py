"""New workbooks: all that a model has, read again by us and by others."""

from __future__ import annotations

import io

import openpyxl
import pytest

import sheetengine
from sheetengine.io.xlsx_read import read
from tests.io.test_round_trip import parts, through_libreoffice
from tests.io.test_save import saved


def model() -> sheetengine.Workbook:
    wb = sheetengine.Workbook(sheet="Data")
    ws = wb["Data"]
    ws["B2:D2"] = [["Item", "Net", "Gross"]]
    ws["B3:C6"] = [["ash", 1], ["elm", 2], ["oak", 3], ["yew", 4]]
    ws.add_table("B2:D6", "Sales")
    ws["D3:D6"] = "=[@Net]*1.19"
    ws["F2"] = "=SUM(Sales[Gross])"
    ws["F3"] = "=UNIQUE(Sales[Item])"
    ws["G3"] = '=F3#&"!"'
    ws["H3"] = "=@Sales[Net]"
    ws["I3"] = "=SORT(Sales[Net],1,-1)"
    ws["J3"] = '=IF({1;0},"yes","no")'
    ws["C3:C6"].number_format = '#,##0.00 "€"'
    wb.names["factor"] = 2.5
    wb.names["Data!own"] = "=Data!$C$4"
    ws["F9"] = "=factor*own"
    wb.add_sheet("Other")["A1"] = "=Data!F9+1"
    wb.iterate(count=50, change=0.01)
    return wb


def test_everything_comes_back():
    wb = model()
    again = sheetengine.open(saved(wb))
    assert not again._engine.dirty
    assert dict(again.names) == dict(wb.names)
    for name in wb.sheet_names:
        for row in wb[name].used_range.rows:
            for cell in row:
                twin = again[name].cell(cell.row, cell.column)
                assert cell.value == twin.value, cell
                assert cell.number_format == twin.number_format
                assert (cell.formula or "").replace("[@Net]", "Sales[[#This Row],[Net]]") == (twin.formula or ""), cell
    settings = again._engine.evaluator.iteration
    assert (settings.enabled, settings.count, settings.change) == (True, 50, 0.01)
    again["Data"]["C3"] = 10
    assert again["Data"]["D3"].value == pytest.approx(11.9)
    assert again["Data"]["F2"].value == pytest.approx(19 * 1.19)


def test_what_is_in_the_file():
    data = saved(model())
    sheet = parts(data)["xl/worksheets/sheet1.xml"].decode()
    assert '<c r="F3" t="str" cm="1"><f t="array" ref="F3:F6">_xlfn.UNIQUE(Sales[Item])</f><v>ash</v></c>' in sheet
    assert "_xlfn.ANCHORARRAY(F3)" in sheet
    assert "<f>Sales[[#This Row],[Net]]*1.19</f>" in sheet
    assert "<f>_xlfn.SINGLE(Sales[Net])</f>" in sheet
    assert "_xlfn._xlws.SORT" in sheet
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book["Data"].tables["Sales"].ref == "B2:D6"
    assert book["Data"]["C3"].number_format == '#,##0.00 "€"'
    assert book.defined_names["factor"].attr_text == "2.5"
    values = openpyxl.load_workbook(io.BytesIO(data), data_only=True)["Data"]
    assert [values.cell(row, 6).value for row in range(3, 7)] == ["ash", "elm", "oak", "yew"]
    assert values["F9"].value == 5


def test_long_texts_in_formulas_are_joined():
    """Excel: text values in formulas are limited to 255 characters; it removes a formula that has more from a file."""
    wb = sheetengine.Workbook()
    ws = wb["Sheet1"]
    text = "x" * 250 + '"' * 20 + "\U0001f600" * 200
    ws["A1"] = '=LEN("' + text.replace('"', '""') + '")&A2="' + "y" * 600 + '"'
    ws["B1:B9"] = '=A1&"' + "z" * 256 + '"'
    data = saved(wb)
    again = sheetengine.open(data, recalculate=True)
    assert again["Sheet1"]["A1"].value == ws["A1"].value
    assert again["Sheet1"]["B9"].value == ws["B9"].value == "z" * 256


def test_the_bare_name_of_a_function_is_marked():
    """Files have `_xleta.` before it. Source: formulas that Excel saved, in IronCalc's public issue 132."""
    wb = sheetengine.Workbook()
    ws = wb["Sheet1"]
    ws["A1:B2"] = [[1, 2], [3, 4]]
    ws["D1"] = "=BYROW(A1:B2,SUM)"
    ws["E1:E6"] = "=REDUCE(A1,A$1:B$2,max)"
    ws["F1"] = "=SUM"
    ws["G1"] = "=GROUPBY(A1:A2,B1:B2,SUM)"
    wb.names["total"] = "=LAMBDA(x,REDUCE(0,x,SUM))"
    wb.names["MIN"] = 5
    ws["J1"] = "=MIN+1"
    data = saved(wb)
    sheet = parts(data)["xl/worksheets/sheet1.xml"].decode()
    assert "_xlfn.BYROW(A1:B2,_xleta.SUM)" in sheet
    assert "_xlfn.REDUCE(A6,A$1:B$2,_xleta.MAX)" in sheet
    assert ">_xleta.SUM</f>" in sheet
    assert "_xlfn.GROUPBY(A1:A2,B1:B2,_xleta.SUM)" in sheet
    assert ">MIN+1</f>" in sheet
    assert b"_xlfn.REDUCE(0,_xlpm.x,_xleta.SUM)" in parts(data)["xl/workbook.xml"]
    again = sheetengine.open(data, recalculate=True)
    assert again["Sheet1"]["D1:D2"].value == [[3.0], [7.0]]
    assert again["Sheet1"]["D1"].formula == "=BYROW(A1:B2,SUM)"
    assert str(again["Sheet1"]["F1"].value) == "#CALC!"
    assert again["Sheet1"]["G1:H2"].value == [[1.0, 2.0], [3.0, 4.0]]
    assert again["Sheet1"]["J1"].value == 6.0
    assert again.names["total"] == "=LAMBDA(x,REDUCE(0,x,SUM))"


def test_errors_newer_than_the_format():
    """In the file they are #VALUE!, with a rich value beside that says which; as Excel writes them."""
    wb = sheetengine.Workbook()
    ws = wb["Sheet1"]
    ws["A1"] = "=SEQUENCE(3)"
    ws["A2"] = "in the way"
    ws["B1"] = "=FILTER({1,2},{FALSE,FALSE})"
    ws["C1"] = "=1/0"
    codes = [["#SPILL!", "#CALC!", "#DIV/0!"]]
    assert [[str(value) for value in row] for row in ws["A1:C1"].value] == codes
    data = saved(wb)
    assert 't="e"' in parts(data)["xl/worksheets/sheet1.xml"].decode()
    assert "#SPILL!" not in parts(data)["xl/worksheets/sheet1.xml"].decode()
    for plain in (False, True):
        document = read(data, plain=plain)
        assert [str(document.value(document.sheets[0], cell)) for cell in range(3)] == codes[0]
    again = sheetengine.open(data)
    assert [[str(value) for value in row] for row in again["Sheet1"]["A1:C1"].value] == codes
    again["Sheet1"]["A2"] = None
    assert again["Sheet1"]["A1:A3"].value == [[1.0], [2.0], [3.0]]
    again["Sheet1"]["D1"] = "=FILTER({1,2},{FALSE,FALSE})"
    third = saved(again)
    assert parts(third)["xl/richData/rdrichvalue.xml"] == parts(data)["xl/richData/rdrichvalue.xml"]
    assert str(sheetengine.open(third)["Sheet1"]["D1"].value) == "#CALC!"
    assert openpyxl.load_workbook(io.BytesIO(third), data_only=True)["Sheet1"]["D1"].value == "#VALUE!"


def test_numbers_keep_every_bit():
    wb = sheetengine.Workbook()
    numbers = [0.1 + 0.2, 1 / 3, 1e300, -2.2250738585072014e-308, 123456789012345678.0, 2.0**53 + 2, 1e-9, -0.5]
    wb["Sheet1"]["A1:A8"] = [[number] for number in numbers]
    assert sheetengine.open(saved(wb))["Sheet1"]["A1:A8"].values.ravel().tolist() == numbers


def test_texts_keep_every_character():
    wb = sheetengine.Workbook()
    texts = ["", " lead", "trail ", "two\nlines", "tab\there", "a\rb", "\x01", "_x0041_", "<&>\"'", "😀", "=not", "x" * 32767]
    for row, text in enumerate(texts, start=1):
        if text.startswith("="):
            wb["Sheet1"].cell(row, 1).value = '="=not"'
        else:
            wb["Sheet1"].cell(row, 1).value = text
    again = sheetengine.open(saved(wb))
    assert [again["Sheet1"].cell(row, 1).value for row in range(1, len(texts) + 1)] == texts


@pytest.mark.parametrize(
    ("formula", "written"),
    [
        ("=LET(f,LAMBDA(a,a+A1),f(3))", "_xlfn.LET(_xlpm.f,_xlfn.LAMBDA(_xlpm.a,_xlpm.a+A1),_xlpm.f(3))"),
        ("=LAMBDA(g,x,g(x))(LAMBDA(y,y+1),4)", "_xlfn.LAMBDA(_xlpm.g,_xlpm.x,_xlpm.g(_xlpm.x))(_xlfn.LAMBDA(_xlpm.y,_xlpm.y+1),4)"),
        ("=LET(SORT,LAMBDA(x,x),SORT(2))", "_xlfn.LET(_xlpm.SORT,_xlfn.LAMBDA(_xlpm.x,_xlpm.x),_xlpm.SORT(2))"),
        # The value of a name does not see the name: here SUM is Excel's.
        ("=LET(sum,SUM(A1:A2),sum*2)+SUM(A1)", "_xlfn.LET(_xlpm.sum,SUM(A1:A2),_xlpm.sum*2)+SUM(A1)"),
        ("=LET(x,A1,IF(x>0,x,#N/A))", "_xlfn.LET(_xlpm.x,A1,IF(_xlpm.x>0,_xlpm.x,#N/A))"),
        ('=LET(n,1,{1,#N/A,"n"})', '_xlfn.LET(_xlpm.n,1,{1,#N/A,"n"})'),
        ("=LET(f,LAMBDA(a,SUM(a)),f(B1#)+Nothing(1))", "_xlfn.LET(_xlpm.f,_xlfn.LAMBDA(_xlpm.a,SUM(_xlpm.a)),_xlpm.f(_xlfn.ANCHORARRAY(B1))+Nothing(1))"),
    ],
)  # fmt: skip
def test_names_of_a_formulas_own_are_marked_where_they_are(formula, written):
    """Excel puts `_xlpm.` before a name that LET or LAMBDA makes also where it is called; without it, it looks for a function.
    Source: formulas that Excel stored, quoted in public projects' notes on `_xlpm.`."""
    wb = sheetengine.Workbook()
    wb["Sheet1"]["B1"] = "=SEQUENCE(2)"
    wb["Sheet1"]["D1"] = formula
    data = saved(wb)
    text = parts(data)["xl/worksheets/sheet1.xml"].decode().replace("&gt;", ">").replace("&quot;", '"')
    assert f">{written}</f>" in text
    assert sheetengine.open(data)["Sheet1"]["D1"].formula == formula


def test_without_the_library_the_extra_is_named(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(sheetengine.MissingDependency, match=r"sheetengine\[xlsx\]"):
        saved(model())


@pytest.mark.libreoffice
def test_libreoffice_computes_the_same(tmp_path):
    wb = sheetengine.Workbook(sheet="Data")
    ws = wb["Data"]
    ws["A1:C1"] = [["Item", "Net", "Gross"]]
    ws["A2:B51"] = [[f"item {row}", row / 7] for row in range(50)]
    ws.add_table("A1:C51", "Sales")
    ws["C2:C51"] = "=[@Net]*1.19"
    ws["E1"] = "=SUM(Sales[Gross])"
    ws["E2"] = "=SUMPRODUCT(Sales[Net]*2)"
    ws["E3"] = '=TEXT(B3,"0.00")'
    theirs = sheetengine.open(through_libreoffice(saved(wb), tmp_path, "book.xlsx"), recalculate=True)
    for place in ("C2", "C51", "E1", "E2", "E3"):
        value = ws[place].value
        assert theirs["Data"][place].value == (pytest.approx(value, rel=1e-14) if isinstance(value, float) else value)
