"""What the language does over time: spills that grow and are blocked, sheets that move between the ends of a 3-D reference, circles that
iterate, and what is volatile. Expected values follow from the definitions, or from the page that is named.
"""

from __future__ import annotations

import datetime

import pytest

from sheetengine import CellError, Workbook
from sheetengine.errors import CircularReferenceWarning

# -- spills (Microsoft: Dynamic array formulas and spilled array behavior) ------------------------------------------------


def test_a_spill_grows_and_shrinks_and_wakes_what_reads_it() -> None:
    workbook = Workbook()
    sheet = workbook["Sheet1"]
    sheet["A1"], sheet["C1"], sheet["E1"], sheet["F1"], sheet["G1"] = 3, "=SEQUENCE(A1)", "=SUM(C1#)", "=C4", "=ROWS(C1#)"
    for size in (3, 5, 1, 2, 4, 3):
        sheet["A1"] = size
        assert (sheet["E1"].value, sheet["F1"].value, sheet["G1"].value) == (size * (size + 1) / 2, 4.0 if size >= 4 else 0.0, size)
        assert [sheet.cell(row, 3).value for row in range(1, 7)] == [float(row) if row <= size else None for row in range(1, 7)]


@pytest.mark.parametrize("what", [5, "text", True, "=1", '=""', "=NA()"])
def test_whatever_stands_in_the_way_blocks_and_frees(what: object) -> None:
    sheet = Workbook()["Sheet1"]
    sheet["B1"] = "=SEQUENCE(3)"
    sheet["D1"] = "=IFERROR(SUM(B1#),-1)"
    assert sheet["D1"].value == 6.0
    sheet["B3"] = what
    assert (str(sheet["B1"].value), sheet["B2"].value, sheet["D1"].value) == ("#SPILL!", None, -1.0)
    sheet["B3"] = None
    assert [sheet.cell(row, 2).value for row in (1, 2, 3)] == [1.0, 2.0, 3.0]
    assert sheet["D1"].value == 6.0


def test_two_spills_that_meet() -> None:
    """The one whose cell comes first by row has the place, whichever was entered first (docs/differences-from-excel.md)."""
    for order in (("A3", "B1"), ("B1", "A3")):
        sheet = Workbook()["Sheet1"]
        for cell in order:
            sheet[cell] = "=SEQUENCE(1,3)" if cell == "A3" else "=SEQUENCE(4)"
            assert sheet[cell].value is not None
        assert (sheet["B3"].value, str(sheet["A3"].value)) == (3.0, "#SPILL!")
        sheet["B1"] = None
        assert sheet["A3:C3"].values.tolist() == [[1.0, 2.0, 3.0]]


def test_a_spill_on_a_spill_on_a_spill() -> None:
    sheet = Workbook()["Sheet1"]
    sheet["A1"], sheet["C1"], sheet["E1"], sheet["G1"] = 2, "=SEQUENCE(A1)", "=C1#*10", "=SUM(E1#)"
    for size, total in ((2, 30.0), (4, 100.0), (1, 10.0)):
        sheet["A1"] = size
        assert sheet["G1"].value == total


# -- 3-D references (Microsoft: Create a reference to the same cell range on multiple worksheets) --------------------------


def test_sheets_count_while_they_stand_between_the_ends() -> None:
    workbook = Workbook()
    main = workbook["Sheet1"]
    for number, name in enumerate(("First", "Middle", "Last", "Outside")):
        workbook.add_sheet(name)["A1"] = 10.0**number
    main["A5"] = "=SUM(First:Last!A1)"
    assert main["A5"].value == 111.0
    workbook.move_sheet("Outside", 2)
    assert (workbook.sheet_names, main["A5"].value) == (["Sheet1", "First", "Outside", "Middle", "Last"], 1111.0)
    workbook.move_sheet("Middle", 4)
    assert main["A5"].value == 1101.0
    workbook.add_sheet("New", 2)["A1"] = 5
    assert main["A5"].value == 1106.0
    workbook.remove_sheet("Outside")
    assert main["A5"].value == 106.0
    workbook.rename_sheet("First", "Start here")
    assert (main["A5"].formula, main["A5"].value) == ("=SUM('Start here:Last'!A1)", 106.0)
    workbook["New"]["A1"] = 7
    assert main["A5"].value == 108.0


# -- iteration (Microsoft: Remove or allow a circular reference) -----------------------------------------------------------

ITERATED: list[tuple[dict[str, object], int, float, str, float]] = [
    ({"A1": "=A1+1"}, 1, 0.001, "A1", 1), ({"A1": "=A1+1"}, 10, 0.001, "A1", 10), ({"A1": "=A1+1"}, 100, 0.001, "A1", 100), ({"A1": "=A1+0.0001"}, 100, 0.001, "A1", 0.0001),
    ({"A1": "=A1+0.0001"}, 100, 0, "A1", 0.01), ({"A1": "=A1+1", "B1": "=A1*2"}, 5, 0.001, "B1", 10), ({"A1": "=B1+1", "B1": "=A1"}, 4, 0.001, "A1", 4),
    ({"A1": "=B1+1", "B1": "=A1"}, 4, 0.001, "B1", 4), ({"A1": "=B1", "B1": "=A1+1"}, 4, 0.001, "A1", 3), ({"A1": "=B1", "B1": "=A1+1"}, 4, 0.001, "B1", 4),
    ({"A1": "=A1/2+1"}, 100, 1e-12, "A1", 2), ({"A1": "=A1/2+1"}, 3, 0, "A1", 1.75), ({"A1": "=IF(A1=0,2,(A1+2/A1)/2)"}, 100, 1e-14, "A1", 2**0.5),
    ({"A1": "=COS(A1)"}, 1000, 1e-13, "A1", 0.7390851332151607), ({"A1": 100, "A2": "=A1-A3", "A3": "=A2*0.1"}, 100, 1e-10, "A2", 100 / 1.1),
    ({"A1": 100, "A2": "=A1-A3", "A3": "=A2*0.1"}, 100, 1e-10, "A3", 10 / 1.1), ({"A1": "=A1+B1", "B1": 3}, 7, 0.001, "A1", 21), ({"A1": "=MIN(A1+1,5)"}, 100, 0.001, "A1", 5),
    ({"A1": "=MAX(A1,B1)", "B1": 8}, 100, 0.001, "A1", 8), ({"A1": "=SUM(A1:A3)", "A2": 1, "A3": 2}, 3, 0, "A1", 9), ({"A1": "=IF(A1<3,A1+1,A1)"}, 100, 0.001, "A1", 3),
    ({"A1": "=C1+1", "B1": "=A1+1", "C1": "=B1+1"}, 2, 0, "C1", 6),
]  # fmt: skip


@pytest.mark.parametrize(("cells", "count", "change", "cell", "expected"), ITERATED, ids=[f"{c}-{n}-{d}-{a}" for c, n, d, a, _ in ITERATED])
def test_circles_iterate(cells: dict[str, object], count: int, change: float, cell: str, expected: float) -> None:
    """Pass after pass over the cells by row and column, until nothing changes by as much, or so many passes are done."""
    workbook = Workbook()
    workbook.iterate(count=count, change=change)
    with workbook.batch():
        for address, value in cells.items():
            workbook["Sheet1"][address] = value
    assert workbook["Sheet1"][cell].value == pytest.approx(expected, rel=1e-9)


def test_recalculating_goes_on_with_circles() -> None:
    """What Excel shows for ten iterations: 19 and 20, then 39 and 40 (Wyman W, "Excel Iterative Calculation and Circular Reference", 2015)."""
    workbook = Workbook()
    workbook.iterate(count=10)
    sheet = workbook["Sheet1"]
    with workbook.batch():
        sheet["A1"], sheet["A2"], sheet["B1"] = "=1+A2", "=1+A1", "=A1*10"
    assert (sheet["A1"].value, sheet["A2"].value) == (19.0, 20.0)
    other = workbook.copy()
    workbook.recalculate()
    assert (sheet["A1"].value, sheet["A2"].value, sheet["B1"].value) == (39.0, 40.0, 390.0)
    sheet.insert_rows(1)
    workbook.recalculate()
    assert (sheet["A2"].value, sheet["A3"].value, sheet["B2"].value) == (59.0, 60.0, 590.0)
    other.recalculate()
    assert (other["Sheet1"]["A1"].value, other["Sheet1"]["B1"].value) == (39.0, 390.0)


def test_a_circle_without_iteration_is_zero_and_told() -> None:
    workbook = Workbook()
    workbook["Sheet1"]["A1"] = "=A1+1"
    with pytest.warns(CircularReferenceWarning):
        assert workbook["Sheet1"]["A1"].value == 0.0
    assert workbook.circular == ["Sheet1!A1"]


# -- what is volatile (Microsoft: Excel Recalculation, Volatile and Non-Volatile Functions) --------------------------------

VOLATILE = [
    "RAND()", "NOW()", "TODAY()", "RANDBETWEEN(1,9)", "RANDARRAY()", "OFFSET(Z1,0,0)", 'INDIRECT("Z1")', "SUM(OFFSET(Z1,0,0))", "IF(TRUE,1,RAND())", "1+NOW()*0",
    "LET(x,RAND(),x)", "SUM(RANDARRAY(3))", "MAP({1},LAMBDA(x,RAND()))",
]  # fmt: skip
STEADY = [
    "INDEX(Z1:Z9,2)", "ROWS(Z1:Z9)", "COLUMNS(Z1:Z9)", "AREAS(Z1)", "SUM(Z1:Z9)", "ROW()", "CHOOSE(1,Z1)", "LOOKUP(1,Z1:Z9)", "SUMIF(Z1:Z9,1)", "SEQUENCE(1)", "XLOOKUP(1,Z1:Z9,Z1:Z9)",
]  # fmt: skip


@pytest.mark.parametrize("formula", VOLATILE)
def test_volatile_formulas_are_computed_in_every_round(formula: str) -> None:
    assert _recomputed(formula) == ["Sheet1!A1", "Sheet1!B1"]


@pytest.mark.parametrize("formula", STEADY)
def test_the_others_are_not(formula: str) -> None:
    assert _recomputed(formula) == []


def _recomputed(formula: str) -> list[str]:
    workbook = Workbook()
    sheet = workbook["Sheet1"]
    sheet["A1"], sheet["B1"] = "=" + formula, "=A1"
    assert sheet["B1"].value is not None
    with workbook.trace() as trace:
        sheet["Y1"] = 1
    return sorted(trace.recomputed)


def test_clock_and_seed_can_be_fixed() -> None:
    values = []
    for _ in range(2):
        workbook = Workbook()
        workbook.fix_clock(datetime.datetime(2024, 2, 29, 12))
        workbook.fix_seed(7)
        workbook["Sheet1"]["A1:A3"] = [["=NOW()"], ["=TODAY()"], ["=RAND()"]]
        values.append([line[0] for line in workbook["Sheet1"]["A1:A3"].value])
    assert values[0] == values[1]
    assert values[0][:2] == [45351.5, 45351.0]


@pytest.mark.parametrize("text", ["×", "A1", ")", "R1C1+", "SUM()", "OFFSET(A1,0,0)", '"', ""])
@pytest.mark.parametrize("form", ["TRUE", "FALSE"])
def test_a_text_that_names_nothing_is_an_error_in_both_forms(text: str, form: str) -> None:
    workbook = Workbook()
    sheet = workbook["Sheet1"]
    sheet["A1"] = 5
    sheet["B1"] = text
    sheet["C1"] = f"=INDIRECT(B1,{form})"
    found = sheet["C1"].value
    assert found == 5.0 if (text, form) == ("A1", "TRUE") else isinstance(found, CellError) and found.code == "#REF!"
