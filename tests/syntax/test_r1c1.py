"""R1C1 text to A1 and back, from the cell C5 (row 5, column 3)."""

from __future__ import annotations

import pytest

import sheetengine
from sheetengine.syntax.r1c1 import a1_from_r1c1, print_r1c1
from sheetengine.syntax.shape import lift

BOTH_WAYS = [
    ("=RC#/R[1]C+#N/A", "=C5#/C6+#N/A"),
    ("=RC", "=C5"),
    ("=R[-1]C", "=C4"),
    ("=RC[-2]*2", "=A5*2"),
    ("=R1C1", "=$A$1"),
    ("=R1C", "=C$1"),
    ("=RC1", "=$A5"),
    ("=SUM(R1C1:R[-1]C[-1])", "=SUM($A$1:B4)"),
    ("=SUM(R)", "=SUM(5:5)"),
    ("=SUM(R3:R5)", "=SUM($3:$5)"),
    ("=SUM(R[-2]:R4)", "=SUM(3:$4)"),
    ("=SUM(C)", "=SUM(C:C)"),
    ("=SUM(C[-2]:C7)", "=SUM(A:$G)"),
    ("='My sheet'!R[1]C[1]", "='My sheet'!D6"),
    ("=Jan:Mar!R1C1", "=Jan:Mar!$A$1"),
    ('="R1C1"&RC[1]', '="R1C1"&D5'),
    ("=ROUND(RC[1],2)+RATE_R1C1", "=ROUND(D5,2)+RATE_R1C1"),
    ("=SUM(Sales[R1C1])", "=SUM(Sales[R1C1])"),
    ("=R[1]C R[2]C", "=C6 C7"),
    ("=R[1048571]C[16381]", "=XFD1048576"),
    ("=#REF!+Data!#REF!", "=#REF!+Data!#REF!"),
]


@pytest.mark.parametrize(("r1c1", "a1"), BOTH_WAYS)
def test_both_ways(r1c1: str, a1: str) -> None:
    assert a1_from_r1c1(r1c1, 4, 2) == a1
    assert print_r1c1(*lift(a1), 4, 2) == r1c1


@pytest.mark.parametrize("text", ["=R[-5]C", "=RC[-3]", "=R[1048572]C", "=RC16385", "=R0C1", "=SUM(R1C1:R[-9]C)"])
def test_what_lies_off_the_grid_is_a_dead_reference(text: str) -> None:
    assert "#REF!" in a1_from_r1c1(text, 4, 2)


def test_a_fill_has_one_text_in_every_cell() -> None:
    ws = sheetengine.Workbook()["Sheet1"]
    ws["A1:A9"] = [[n] for n in range(9)]
    ws["B2:B9"].formula_r1c1 = "=RC[-1]+R[-1]C[-1]*R1C1"
    assert ws["B9"].formula == "=A9+A8*$A$1"
    assert {cell.formula_r1c1 for cell in ws["B2:B9"]} == {"=RC[-1]+R[-1]C[-1]*R1C1"}
    assert ws["A1"].formula_r1c1 is None


def test_indirect_reads_r1c1() -> None:
    ws = sheetengine.Workbook()["Sheet1"]
    ws["A1:A3"] = [[1], [20], [300]]
    for place, formula, value in [
        ("C1", '=INDIRECT("R2C1",FALSE)', 20.0),
        ("C2", '=SUM(INDIRECT("R1C[-2]:R[1]C1",FALSE))', 321.0),
        ("C3", '=INDIRECT("Sheet1!RC[-2]",FALSE)', 300.0),
        ("C4", '=SUM(INDIRECT("C1",FALSE))', 321.0),
        ("C5", '=INDIRECT("R[-9]C",FALSE)', "#REF!"),
        ("C6", '=INDIRECT("A1",FALSE)', "#REF!"),
    ]:
        ws[place] = formula
        assert (ws[place].value if isinstance(value, float) else str(ws[place].value)) == value
