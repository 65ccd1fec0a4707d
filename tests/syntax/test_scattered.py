"""Formulas lifted many at once are what they are when lifted one by one."""

from __future__ import annotations

import pickle

import numpy as np
from hypothesis import given, settings, strategies as st

import sheetengine
from sheetengine.io.document import Document, SheetBuilder, TextPool
from sheetengine.syntax.fill import fill as filled
from sheetengine.syntax.fill_groups import group_fills
from sheetengine.syntax.operands import Corner, Reference
from sheetengine.syntax.scattered import are_simple, scatter
from sheetengine.syntax.shape import lift
from sheetengine.workbook.loading import fill

ODD = ["$A$1*2", "A1:B2", "Sheet2!A1", "'a b'!A1+1", '"A1"&B2', "T[x]+A1", "A1#", "@A1", "#REF!+A1", "{1,2}+A1", "_xlfn.ACOT(A1)"]


def test_what_is_not_simple_is_left_to_the_lexer() -> None:
    assert [text for text in ODD if are_simple([text])] == []
    plain = "LOG10(A1)+TAX2024*1E5-XFE1+A1048577+rate_A1+A1.B2"
    assert are_simple([plain])
    assert not are_simple([plain, ODD[0], plain])


def test_names_functions_and_exponents_are_no_cells() -> None:
    texts = [f"LOG10(A{row + 1})+1E5*B{row * 3 + 1}-XFE{row + 1}" for row in range(12)]
    groups, rest = scatter([(5, 0, texts)], "legacy")
    # XFE1 is a name, and a different one in each formula: the lexer must see to them.
    assert groups == []
    assert rest == [(5, row, text) for row, text in enumerate(texts)]


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


_pieces = st.lists(
    st.tuples(st.sampled_from(("fill", "different", "odd")), st.integers(1, 90), st.integers(1, 500)), min_size=1, max_size=12
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(_pieces)
def test_whatever_a_column_holds_each_formula_is_grouped_as_by_itself(pieces: list[tuple[str, int, int]]) -> None:
    texts: list[str] = []
    for kind, count, seed in pieces:
        for _ in range(count):
            row, other = len(texts) + 1, (len(texts) * 7919 + seed) % 900 + 1
            texts.append(
                {"fill": f"A{row}*2+B{row + seed}", "different": f"A{other}*2+B{(other * 31) % 700 + 1}", "odd": f"$A${other}&C{row}"}[kind]
            )
    grouped = group_fills([(5, 0, len(texts) - 1, texts, -1, "legacy")], {})
    found: dict[int, object] = {}
    for group in grouped.fills:
        for _, first, last in group.runs:
            for row in range(first, last + 1):
                assert row not in found
                found[row] = (group.shape, [filled(operand, row - group.row, 0) for operand in group.operands])
    for group in grouped.scattered:
        for place, row in enumerate(group.rows.tolist()):
            assert row not in found
            own = list(group.operands)
            for index, (rows, columns) in group.cells.items():
                own[index] = Reference(Corner(int(rows[place]), int(columns[place])))
            found[row] = (group.shape, own)
    assert found == {row: (shape, list(operands)) for row, text in enumerate(texts) for shape, operands in [lift("=" + text)]}
