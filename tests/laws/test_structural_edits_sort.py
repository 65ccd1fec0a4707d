"""Sorting is numpy's stable lexsort over Excel's order of values; formulas go along as if copied."""

from __future__ import annotations

import numpy as np
from hypothesis import HealthCheck, given, settings, strategies as st

import sheetengine

laws = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
scalars = st.one_of(
    st.floats(-5, 5).map(lambda x: round(x, 1) + 0.0),
    st.sampled_from((None, True, False, "a", "B", "b", "", "z", sheetengine.CellError("#N/A"))),
)


def rank(value: object, descending: bool) -> tuple[int, float]:
    """A number that orders a value among all others, with numpy's own means."""
    if value is None:
        return 2, 0.0
    kind = 3 if isinstance(value, sheetengine.CellError) else 2 if isinstance(value, bool) else 1 if isinstance(value, str) else 0
    within = 0.0 if kind == 3 else float(value) if kind in (0, 2) else float(["", "a", "b", "z"].index(value.lower()))  # type: ignore[union-attr, arg-type]
    place = 100.0 * kind + within
    return 1, -place if descending else place


@laws
@given(st.lists(st.tuples(scalars, scalars), min_size=2, max_size=12), st.booleans(), st.booleans())
def test_sorting_is_a_stable_lexsort(rows: list[tuple[object, object]], first: bool, second: bool) -> None:
    wb = sheetengine.Workbook()
    ws = wb["Sheet1"]
    area = f"A1:C{len(rows)}"
    ws[area] = [[*row, float(number)] for number, row in enumerate(rows)]
    ws[area].sort(["B", "A"], descending=[first, second])
    one = np.array([rank(row[1], first) for row in rows])
    two = np.array([rank(row[0], second) for row in rows])
    order = np.lexsort((two[:, 1], two[:, 0], one[:, 1], one[:, 0]))
    assert ws[f"C1:C{len(rows)}"].values[:, 0].tolist() == order.tolist()
    assert [tuple(row[:2]) for row in (ws[area].value)] == [rows[place] for place in order.tolist()]
    wb.undo()
    assert [tuple(row[:2]) for row in ws[area].value] == rows


@laws
@given(st.lists(st.integers(0, 5), min_size=2, max_size=9), st.data())
def test_formulas_go_along_as_if_copied(keys: list[int], data: st.DataObject) -> None:
    texts = data.draw(
        st.lists(
            st.sampled_from(("=A{r}*2", "=$A$1+A{r}", "=F{r}", "=Other!A{r}", "=SUM(A{r}:B{r})", None)),
            min_size=len(keys),
            max_size=len(keys),
        )
    )
    wb = sheetengine.Workbook()
    wb.add_sheet("Other")
    ws = wb["Sheet1"]
    for row, (key, text) in enumerate(zip(keys, texts, strict=True), 1):
        ws[f"A{row}"] = key
        ws[f"C{row}"] = None if text is None else text.format(r=row)
        ws[f"D{row}"] = f"=A{row}+1"
    ws[f"A1:D{len(keys)}"].sort("A", descending=True)
    order = np.argsort(-np.array(keys), kind="stable").tolist()
    for row, place in enumerate(order, 1):
        text = texts[place]
        assert ws[f"C{row}"].formula == (None if text is None else text.format(r=row))
        assert ws[f"D{row}"].formula == f"=A{row}+1"
        assert ws[f"D{row}"].value == keys[place] + 1


def test_header_hidden_rows_and_formats() -> None:
    wb = sheetengine.Workbook()
    ws = wb["Sheet1"]
    ws["A1:B5"] = [["Item", "Net"], ["tea", 3], ["hidden", 99], ["jam", 9], ["ham", 4]]
    ws["B2"].number_format = "0.00"
    wb._engine.book.sheets[ws.id].hidden_rows.add(2)
    ws["A1:B5"].sort("net", header=True, descending=True)
    assert [row[0] for row in ws["A1:A5"].value] == ["Item", "jam", "hidden", "ham", "tea"]
    assert [ws[f"B{row}"].number_format for row in range(1, 6)] == ["General", "General", "General", "General", "0.00"]
