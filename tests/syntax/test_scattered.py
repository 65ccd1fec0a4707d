"""Formulas lifted many at once are what they are when lifted one by one."""

from __future__ import annotations

import pickle

import numpy as np

import sheetengine
from sheetengine.io.document import Document, SheetBuilder, TextPool
from sheetengine.syntax.fill_groups import group_fills
from sheetengine.syntax.scattered import is_simple, scatter
from sheetengine.workbook.loading import fill

ODD = ["$A$1*2", "A1:B2", "Sheet2!A1", "'a b'!A1+1", '"A1"&B2', "T[x]+A1", "A1#", "@A1", "#REF!+A1", "{1,2}+A1", "_xlfn.ACOT(A1)"]


def test_what_is_not_simple_is_left_to_the_lexer() -> None:
    assert [text for text in ODD if is_simple(text)] == []
    assert is_simple("LOG10(A1)+TAX2024*1E5-XFE1+A1048577+rate_A1+A1.B2")


def test_names_functions_and_exponents_are_no_cells() -> None:
    texts = [(5, row, f"LOG10(A{row + 1})+1E5*B{row * 3 + 1}-XFE{row + 1}") for row in range(12)]
    groups, rest = scatter(texts, "legacy")
    # XFE1 is a name, and a different one in each formula: the lexer must see to them.
    assert groups == []
    assert rest == texts


def test_a_sheet_of_scattered_formulas_is_the_same_whichever_way_they_are_lifted() -> None:
    rng = np.random.default_rng(5)
    shapes = ["{}*0.5+{}", "IF({}>{},1,{})", "LOG10({})+1E2", "{}+A1048576", "ROUND({}-{},3)", "{}%", "-{}^2", "SUM({},{})"]
    formulas = {}
    for row in range(300):
        for column in range(4, 8):
            shape = shapes[int(rng.integers(0, len(shapes)))]
            cells = [f"{'ABC'[int(rng.integers(0, 3))]}{int(rng.integers(1, 300))}" for _ in range(shape.count("{}"))]
            formulas[row, column] = shape.format(*cells)
    texts = TextPool()
    builder = SheetBuilder("Sheet1", texts)
    for row in range(300):
        for column in range(3):
            builder.add(row, column, float(rng.integers(1, 50)))
        for column in range(4, 8):
            builder.add(row, column, None, formula=formulas[row, column], missing=True)
    workbook = sheetengine.Workbook(sheet=None)
    fill(workbook, Document(sheets=[builder.finish()], texts=texts.texts))
    twin = sheetengine.Workbook()
    sheet = twin["Sheet1"]
    sheet["A1:C300"] = workbook["Sheet1"]["A1:C300"].values
    for (row, column), text in formulas.items():
        sheet.cell(row + 1, column + 1).value = "=" + text
    assert workbook["Sheet1"]["E1:H300"].formulas == sheet["E1:H300"].formulas
    assert workbook["Sheet1"]["E1:H300"].value == sheet["E1:H300"].value
    families = [block for block in workbook._engine.field if type(block).__name__ == "Family" and block.count > 100]
    assert len(families) >= 4
    for one in (workbook["Sheet1"], sheet):
        one["B7"] = 12.5
        one.insert_rows(3, 2)
    assert workbook["Sheet1"]["E1:H302"].formulas == sheet["E1:H302"].formulas
    assert workbook["Sheet1"]["E1:H302"].value == sheet["E1:H302"].value
    again = pickle.loads(pickle.dumps(workbook))
    assert again["Sheet1"]["E1:H302"].formulas == sheet["E1:H302"].formulas
    again["Sheet1"]["B9"] = 3.25
    sheet["B9"] = 3.25
    assert again["Sheet1"]["E1:H302"].value == sheet["E1:H302"].value


def test_columns_of_fills_among_columns_of_differences_stay_fills() -> None:
    somewhere = np.random.default_rng(3).integers(1, 5000, 100).tolist()
    runs = [(4, 0, 99, [f"A{somewhere[row]}+B{row + 1}*2" for row in range(100)], -1, "legacy")]
    runs += [(5, 0, 99, [f"A{row + 1}+B{row + 1}*2" for row in range(100)], -1, "legacy")]
    grouped = group_fills(runs, {})
    assert [group.runs for group in grouped.fills if group.runs[0][0] == 5] == [[[5, 0, 99]]]
    assert sum(len(group.rows) for group in grouped.scattered) > 30


def test_months_across_columns_stay_fills_along_their_rows() -> None:
    names = "ABCDEFGHIJKLMN"
    runs = []
    for column in range(1, 13):
        texts = [f"{names[column - 1]}{row + 1}*2+{names[column - 1]}{(row * 7) % 90 + 1}+{row % 9}" for row in range(90)]
        runs.append((column, 0, 89, texts, -1, "legacy"))
    grouped = group_fills(runs, {})
    assert grouped.scattered == []
    assert {len(group.runs) % 12 for group in grouped.fills} == {0}
