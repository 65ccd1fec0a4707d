"""Whatever way a round took, every formula cell holds what its scalar form gives for the cells it reads, to the bit.

The scalar form is the specification; arrays, running sums, quick forms, sweeps, levels and kept plans are ways to the same bits. Where every
cell is its scalar form and nothing is circular, the sheet is what a fresh calculation gives.
"""

from __future__ import annotations

import warnings

from hypothesis import given, settings, strategies as st

import sheetengine
from sheetengine.errors import CircularReferenceWarning
from sheetengine.testing import bits
from sheetengine.values import CellError
from tests.laws.laws import check_scalar_forms

ROWS = 48

FILLS = [
    "=A{r}*2+B{r}",
    "=A{r}-B{r}",
    "=C{r}^2-A{r}",
    "=IF(A{r}>B{r},A{r},C{r})",
    '=IF(A{r}=B{r},"same",C{r}&"!")',
    "=A{r}/B{r}",
    "=-A{r}%+1",
    "={me}{p}+A{r}",
    "=A{r}+{me}{p}",
    "={me}{p}-B{r}",
    "={me}{p}*0.5+A{r}",
    "=IF(B{r}>0,{me}{p},A{r})",
    "={me}{n}+A{r}",
    "=SUM(A$1:A{r})",
    "=SUM(A{r}:B{q})",
    "=AVERAGE(A{r}:A{q})",
    "=COUNT(A{r}:C{q})",
    "=MAX(A{r},B{r},C{r})",
    "=MIN(A$1:A{r})",
    "=VLOOKUP(A{r},$A$1:$C$20,2,FALSE)",
    "=MATCH(B{r},$A$1:$A$20,0)",
    "=INDEX($A$1:$C$20,MATCH(A{r},$A$1:$A$20,0),3)",
    '=XLOOKUP(A{r},$B$1:$B$20,$C$1:$C$20,"none")',
    "=SUMIFS(B$1:B$20,A$1:A$20,A{r})",
    "=COUNTIF($A$1:$A$20,B{r})",
    "=SUMPRODUCT(A{r}:A{q},B{r}:B{q})",
    "=ROUND(A{r}/3,2)",
    "=ABS(A{r})+SQRT(B{r})",
    '=UPPER(LEFT(A{r},3))&"-"&LEN(A{r})',
    '=IF(ISNUMBER(SEARCH("a",A{r})),1,0)',
    '=IFERROR(A{r}/B{r},"bad")',
    "=AND(A{r}>0,B{r}>0)",
    '=IF(OR(A{r}="ash",B{r}>"b",C{r}),XOR(A{r}>0,B{r}),C{r}&1<>"3")',
    "=LET(x,A{r}*2,y,C{r},IF(x>B{r},x+y,y&x))",
    "=LAMBDA(x,LET(y,x+1,MAX(x,y*B{r})))(A{r}/3)",
    "={left}{r}+1",
    "={left}{p}*{left}{r}",
    "=SUM({left}{p}:{left}{q})",
    "={right}{p}+A{r}",
    "={right}{r}-1",
    "=EXP(A{r}/100)",
    "=MOD(A{r},7)",
    '=TEXT(A{r},"0.00")',
    "=A{r}&B{r}",
    "=A{r}<>C{r}",
    "=CONCAT(A{r}:C{q})",
    '=TEXTJOIN("-",TRUE,A{r},"x",C{r})',
    "=TEXTJOIN(A{r},0,B{r}:C{q},$A$1:$B$2)",
    '=SWITCH(A{r},B{r},"same",3,C{r},"other")',
]

values = st.one_of(
    st.integers(-9, 9).map(float),
    st.sampled_from([0.1, 0.2, 0.3, 1e300, -1e300, 1e-300, 1.333, 2.225, 1e15, 123456789.123, -0.5]),
    st.floats(-1e6, 1e6, allow_nan=False),
    st.sampled_from(["", "ash", "Ash", "banana", "3", "1e2", "TRUE", "a*"]),
    st.booleans(),
    st.none(),
    st.sampled_from([CellError("#N/A"), CellError("#DIV/0!")]),
)
columns = st.sampled_from("DEFGHI")


@st.composite
def edits(draw: st.DrawFn) -> tuple[str, ...]:
    kind = draw(st.sampled_from(["value", "value", "value", "fill", "fill", "cell", "scatter", "clear", "column", "undo"]))
    row = draw(st.integers(1, ROWS))
    last = draw(st.integers(row, ROWS))
    column = draw(st.sampled_from("ABCABCDEFGHI")) if kind in ("value", "clear") else draw(columns)
    return kind, column, row, last, draw(st.sampled_from(FILLS)), draw(st.lists(values, min_size=1, max_size=8))  # type: ignore[return-value]


def formula(template: str, column: str, row: int) -> str:
    return template.format(r=row, p=max(row - 1, 1), n=row + 1, q=row + 4, me=column, left=chr(ord(column) - 1), right=chr(ord(column) + 1))


def apply(workbook: sheetengine.Workbook, edit: tuple) -> None:  # type: ignore[type-arg]
    kind, column, row, last, template, given_values = edit
    sheet = workbook["Sheet1"]
    match kind:
        case "value":
            # Again and again, read in between: from the second time on by a kept plan and prepared cells.
            for value in given_values[:4]:
                sheet[f"{column}{row}"] = value
                sheet["A1"].value  # noqa: B018
        case "column":
            sheet[f"{'ABC'[row % 3]}1:{'ABC'[row % 3]}{ROWS}"] = [[given_values[i % len(given_values)]] for i in range(ROWS)]
        case "fill":
            # A fill that reads the row above begins below the first row, so that it has one.
            row = max(row, 2)
            sheet[f"{column}{row}:{column}{max(row, last)}"] = formula(template, column, row)
        case "cell":
            sheet[f"{column}{row}"] = formula(template, column, row)
        case "scatter":
            for place in range(max(row, 2), max(row, last) + 1, 3):
                sheet[f"{column}{place}"] = formula(template, column, place)
        case "clear":
            sheet[f"{column}{row}:{column}{last}"].clear()
        case "undo":
            workbook.undo()


@settings(deadline=None)
@given(st.lists(st.lists(edits(), min_size=1, max_size=6), min_size=1, max_size=6), st.lists(values, min_size=3, max_size=12))
def test_every_cell_is_its_scalar_form(script: list[list[tuple[str, ...]]], start: list[object]) -> None:
    workbook = sheetengine.Workbook()
    sheet = workbook["Sheet1"]
    for place, column in enumerate("ABC"):
        sheet[f"{column}1:{column}{ROWS}"] = [[start[(i * (place + 1)) % len(start)]] for i in range(ROWS)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CircularReferenceWarning)
        for round_ in script:
            for edit in round_:
                apply(workbook, edit)
            workbook.recalculate()
            check_scalar_forms(workbook)
        before = sheet[f"A1:J{ROWS + 8}"].value
        if not workbook.circular:
            workbook.recalculate(full=True)
            assert [[bits(v) for v in row] for row in sheet[f"A1:J{ROWS + 8}"].value] == [[bits(v) for v in row] for row in before]
    workbook._engine.field.graph.check_invariants()
