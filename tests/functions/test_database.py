"""The database functions. Sources: Microsoft's pages (DSUM, DGET, DCOUNT), whose table is used throughout."""

from __future__ import annotations

import pytest

import sheetengine
from sheetengine.values import CellError

TABLE = [
    ["Tree", "Height", "Age", "Yield", "Profit", "Height"],
    ["=Apple", ">10", None, None, None, "<16"],
    ["=Pear", None, None, None, None, None],
    ["Tree", "Height", "Age", "Yield", "Profit", None],
    ["Apple", 18, 20, 14, 105, None],
    ["Pear", 12, 12, 10, 96, None],
    ["Cherry", 13, 14, 9, 105, None],
    ["Apple", 14, 15, 10, 75, None],
    ["Pear", 9, 8, 8, 77, None],
    ["Apple", 8, 9, 6, 45, None],
]


@pytest.fixture(scope="module")
def workbook() -> sheetengine.Workbook:
    made = sheetengine.Workbook()
    sheet = made["Sheet1"]
    for row, values in enumerate(TABLE, 1):
        for column, value in zip("ABCDEF", values, strict=True):
            sheet[f"{column}{row}"] = f'="{value}"' if isinstance(value, str) and value.startswith("=") else value
    sheet["H1:H3"] = [["Tree"], ["app"], [None]]
    sheet["I2"] = "=C5>AVERAGE($C$5:$C$10)"
    sheet["J1:J2"] = [["Tree"], ["<>Apple"]]
    sheet["K2"] = "East"
    sheet["L1:L2"] = [["Profit"], [105]]
    sheet["M1:M2"] = [["TREE"], ["*rr?"]]
    sheet["N2"] = "=AND(E5>80,B5<$B$5)"
    return made


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ('=DCOUNT(A4:E10,"Age",A1:F2)', 1.0),
        ('=DCOUNTA(A4:E10,"Profit",A1:F2)', 1.0),
        ('=DMAX(A4:E10,"Profit",A1:F3)', 96.0),
        ('=DMIN(A4:E10,"Profit",A1:B2)', 75.0),
        ('=DSUM(A4:E10,"Profit",A1:A2)', 225.0),
        ('=DSUM(A4:E10,"Profit",A1:F2)', 75.0),
        ('=DPRODUCT(A4:E10,"Yield",A1:B2)', 140.0),
        ('=DAVERAGE(A4:E10,"Yield",A1:B2)', 12.0),
        ("=DAVERAGE(A4:E10,3,A4:E10)", 13.0),
        ('=DSTDEV(A4:E10,"Yield",A1:A3)', 2.96647939483827),
        ('=DSTDEVP(A4:E10,"Yield",A1:A3)', 2.65329983228432),
        ('=DVAR(A4:E10,"Yield",A1:A3)', 8.8),
        ('=DVARP(A4:E10,"Yield",A1:A3)', 7.04),
        ('=DGET(A4:E10,"Yield",A1:A3)', CellError("#NUM!")),
        ('=DGET(A4:E10,"Yield",A1:F2)', 10.0),
        ('=DGET(A4:E10,"Tree",M1:M2)', "Cherry"),
    ],
)
def test_microsofts_examples(workbook: sheetengine.Workbook, formula: str, expected: object) -> None:
    workbook["Sheet1"]["Z1"] = formula
    found = workbook["Sheet1"]["Z1"].value
    assert found == (pytest.approx(expected, rel=1e-13) if isinstance(expected, float) else expected)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("=DCOUNT(A4:E10,,A1:A3)", 5.0),  # without a field the records are counted
        ('=DSUM(A4:E10,"Profit",H1:H2)', 225.0),  # begins with
        ('=DSUM(A4:E10,"Profit",H1:H3)', 503.0),  # a row of blanks asks nothing
        ('=DSUM(A4:E10,"Profit",J1:J2)', 278.0),
        ('=DSUM(A4:E10,"Profit",I1:I2)', 285.0),  # computed: ages 20, 14 and 15 are above the average of 13
        ('=DCOUNT(A4:E10,"Profit",N1:N2)', 2.0),
        ('=DCOUNT(A4:E10,"Profit",K1:K2)', 0.0),  # a constant under a blank heading is not TRUE
        ('=DCOUNT(A4:E10,"profit",L1:L2)', 2.0),
        ("=DCOUNT(A4:E10,5.9,L1:L2)", 2.0),
        ("=DCOUNT(A4:E10,0,L1:L2)", CellError("#VALUE!")),
        ("=DCOUNT(A4:E10,6,L1:L2)", CellError("#VALUE!")),
        ('=DCOUNT(A4:E10,"Weight",L1:L2)', CellError("#VALUE!")),
        ('=DCOUNT(A4:E4,"Tree",L1:L2)', CellError("#VALUE!")),  # headings alone
        ('=DSUM({1,2;3,4},1,L1:L2)', CellError("#VALUE!")),  # a range is wanted
        ('=DCOUNT(A4:E10,"Tree",L1:L2)', 0.0),
        ('=DCOUNTA(A4:E10,"Tree",L1:L2)', 2.0),
        ('=DMAX(A4:E10,"Tree",L1:L2)', 0.0),
        ('=DGET(A4:E10,"Tree",K1:K2)', CellError("#VALUE!")),
    ],
)  # fmt: skip
def test_the_rules_of_criteria(workbook: sheetengine.Workbook, formula: str, expected: object) -> None:
    workbook["Sheet1"]["Z1"] = formula
    assert workbook["Sheet1"]["Z1"].value == expected


def test_a_computed_criterion_follows_its_cells() -> None:
    made = sheetengine.Workbook()
    sheet = made["Sheet1"]
    sheet["A1:B4"] = [["Tree", "Profit"], ["Apple", 105], ["Pear", 96], ["Plum", 75]]
    sheet["D2"] = "=B2>AVERAGE($B$2:$B$4)"
    sheet["F1"] = '=DCOUNT(A1:B4,"Profit",D1:D2)'
    assert sheet["F1"].value == 2.0
    sheet["B4"] = 1000.0
    assert sheet["F1"].value == 1.0
