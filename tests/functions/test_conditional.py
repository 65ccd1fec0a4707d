"""SUMIF, COUNTIFS, MAXIFS and their kin: what they answer, and that a batch answers to the bit what one formula does.

Sources: Microsoft's pages of the functions (their examples); the rules under "Criteria" in ../shared/semantics.md, there marked as
recorded from Excel.
"""

from __future__ import annotations

import random
import time

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import sheetengine
from sheetengine.functions.call import invoke
from sheetengine.functions.library import find
from sheetengine.grid import Grid
from sheetengine.values import NA, VALUE, Area, CellError, Reference, Scalar
from tests.functions.fake import FakeContext

PAGE = [
    ["Property Value", "Commission", "Data"],
    [100_000.0, 7_000.0, 250_000.0],
    [200_000.0, 14_000.0, None],
    [300_000.0, 21_000.0, None],
    [400_000.0, 28_000.0, None],
]  # Microsoft's SUMIF page, first example
FOODS = [
    ["Category", "Food", "Sales"],
    ["Vegetables", "Tomatoes", 2300.0],
    ["Vegetables", "Celery", 5500.0],
    ["Fruits", "Oranges", 800.0],
    [None, "Butter", 400.0],
    ["Vegetables", "Carrots", 4200.0],
    ["Fruits", "Apples", 1200.0],
]  # Microsoft's SUMIF page, second example
SOLD = [
    ["Quantity Sold", "Product", "Salesperson"],
    [5.0, "Apples", "Tom"],
    [4.0, "Apples", "Sarah"],
    [15.0, "Artichokes", "Tom"],
    [3.0, "Artichokes", "Sarah"],
    [22.0, "Bananas", "Tom"],
    [12.0, "Bananas", "Sarah"],
    [10.0, "Carrots", "Tom"],
    [33.0, "Carrots", "Sarah"],
]  # Microsoft's SUMIFS page
GRADES = [[89.0, 1.0], [93.0, 2.0], [96.0, 2.0], [85.0, 3.0], [91.0, 1.0], [88.0, 1.0]]  # Microsoft's MAXIFS page


def book(rows: list[list[Scalar]], **cells: object) -> sheetengine.Workbook:
    workbook = sheetengine.Workbook()
    sheet = workbook["Sheet1"]
    for row, values in enumerate(rows, 1):
        for column, value in zip("ABCDEFGH", values, strict=False):
            sheet[f"{column}{row}"] = value
    for place, value in cells.items():
        sheet[place] = value
    return workbook


def value_of(rows: list[list[Scalar]], formula: str, **cells: object) -> object:
    workbook = book(rows, **cells)
    workbook["Sheet1"]["Z1"] = formula
    return workbook["Sheet1"]["Z1"].value


@pytest.mark.parametrize(
    ("rows", "formula", "expected"),
    [
        (PAGE, '=SUMIF(A2:A5,">160000",B2:B5)', 63_000.0),
        (PAGE, '=SUMIF(A2:A5,">160000")', 900_000.0),
        (PAGE, "=SUMIF(A2:A5,300000,B2:B5)", 21_000.0),
        (PAGE, '=SUMIF(A2:A5,">"&C2,B2:B5)', 49_000.0),
        (FOODS, '=SUMIF(A2:A7,"Fruits",C2:C7)', 2000.0),
        (FOODS, '=SUMIF(A2:A7,"Vegetables",C2:C7)', 12000.0),
        (FOODS, '=SUMIF(B2:B7,"*es",C2:C7)', 4300.0),
        (FOODS, '=SUMIF(A2:A7,"",C2:C7)', 400.0),
        (FOODS, '=SUMIF(A2:A7,"Fruits",C2)', 2000.0),  # the range of values takes the shape of the criteria range
        (FOODS, '=SUMIF(A2:A7,"Fruits",C2:D3)', 2000.0),
        (SOLD, '=SUMIFS(A2:A9,B2:B9,"=A*",C2:C9,"Tom")', 20.0),
        (SOLD, '=SUMIFS(A2:A9,B2:B9,"<>Bananas",C2:C9,"Tom")', 30.0),
        (SOLD, '=SUMIFS(A2:A9,B2:B8,"Apples")', VALUE),  # one shape
        (SOLD, '=SUMIFS(A2:A9,B2:B9,"Apples",C2:C9)', VALUE),
        (SOLD, '=COUNTIF(B2:B9,"apples")', 2.0),
        (SOLD, '=COUNTIFS(B2:B9,"A*",A2:A9,">=4",A2:A9,"<15")', 2.0),
        (SOLD, '=AVERAGEIF(B2:B9,"Bananas",A2:A9)', 17.0),
        (SOLD, '=AVERAGEIF(B2:B9,"Cherries",A2:A9)', CellError("#DIV/0!")),
        (SOLD, '=AVERAGEIFS(A2:A9,C2:C9,"Sarah",A2:A9,">3")', 49.0 / 3.0),
        (SOLD, '=MAXIFS(A2:A9,B2:B9,"Cherries")', 0.0),
        (GRADES, "=MAXIFS(A1:A6,B1:B6,1)", 91.0),
        (GRADES, "=MINIFS(A1:A6,B1:B6,1)", 88.0),
        (GRADES, '=MAXIFS(A1:A6,B1:B6,">1",A1:A6,"<96")', 93.0),
        # semantics.md, "Criteria"
        ([["1"], [1.0], [True], [None], ["x"]], "=COUNTIF(A1:A5,1)", 2.0),
        ([["1"], [1.0], [True], [None], ["x"]], '=COUNTIF(A1:A5,"1")', 2.0),
        ([["1"], [1.0], [True], [None], ["x"]], '=COUNTIF(A1:A5,"<5")', 1.0),
        ([["1"], [1.0], [True], [None], ["x"]], '=COUNTIF(A1:A5,"<>")', 4.0),
        ([["1"], [1.0], [True], [None], ["x"]], '=COUNTIF(A1:A5,"<>x")', 4.0),
        ([["1"], [1.0], [True], [None], ["x"]], '=COUNTIF(A1:A5,"*")', 2.0),
        ([["1"], [1.0], [True], [None], ["x"]], "=COUNTIF(A1:A5,TRUE)", 1.0),
        ([["brown"], ["Apple"], ["zoo"]], '=COUNTIF(A1:A3,"<brown")', 1.0),
        ([["a?"], ["ab"], ["a~"]], '=COUNTIF(A1:A3,"a~?")', 1.0),
        ([[0.0], [None]], "=COUNTIF(A1:A2,B9)", 1.0),  # a blank criterion is 0
        ([[1.0, NA], [2.0, 5.0]], "=SUMIF(A1:A2,2,B1:B2)", 5.0),  # an error counts only where its cell matches
        ([[1.0, NA], [2.0, 5.0]], '=SUMIF(A1:A2,"<2",B1:B2)', NA),
        ([[1.0, "5"], [1.0, True], [1.0, 3.0]], "=SUMIF(A1:A3,1,B1:B3)", 3.0),
        ([[1.0], [2.0]], "=COUNTIF({1,2},1)", VALUE),
        ([[1.0], [2.0]], '=COUNTIF(A1:A2,REPT("a",256))', VALUE),
        ([[1.0], [None], ["x"]], '=COUNTIF(A:A,"")', 1_048_574.0),
        ([[1.0], [None], ["x"]], '=COUNTIFS(A:A,"",B:B,"")', 1_048_574.0),
        ([[1.0], [None], ["x"]], '=COUNTIF(A:A,"<>x")', 1_048_575.0),
        ([[1.0, 2.0], [3.0, 4.0]], '=SUMIF(A1:B2,">1")', 9.0),
    ],
)  # fmt: skip
def test_one_answer(rows: list[list[Scalar]], formula: str, expected: Scalar) -> None:
    assert value_of(rows, formula) == expected


def test_an_error_is_a_criterion() -> None:
    assert value_of([[1.0], [2.0]], "=COUNTIF(A1:A4,NA())", A3="=NA()", A4="=1/0") == 1.0
    assert value_of([[1.0], [2.0]], '=COUNTIF(A1:A4,"#DIV/0!")', A3="=NA()", A4="=1/0") == 1.0


def test_an_array_of_criteria_gives_an_array() -> None:
    assert value_of(SOLD, '=SUM(SUMIF(C2:C9,{"Tom","Sarah"},A2:A9)*{1,10})') == 52.0 + 520.0
    assert value_of(SOLD, '=SUM(COUNTIFS(B2:B9,{"Apples";"Bananas"},C2:C9,{"Tom","Sarah"}))') == 4.0


# -- one and many ------------------------------------------------------------------------------------------------------------

SCALARS: list[Scalar] = [
    None, 0.0, 1.0, 2.0, 2.5, -1.0, 1e300, "1", "01", "a", "A", "ab", "b", "", "2.5", "é", "True", True, False, NA, CellError("#DIV/0!"),
]  # fmt: skip
CRITERIA: list[Scalar] = [
    *SCALARS, "=", "<>", "=a", "<>a", "a*", "<>a*", "?", ">1", ">=1", "<2", "<=2.5", ">a", "<=b", "<>1", "=1", ">=", "<TRUE", "#N/A", "x" * 256,
]  # fmt: skip
NAMES = ["SUMIFS", "COUNTIFS", "AVERAGEIFS", "MAXIFS", "MINIFS"]


class KeepingContext(FakeContext):
    """Hands out the same grid for the same area again, with a memo, as the engine does."""

    def __init__(self, cells: dict[tuple[int, int], Scalar]) -> None:
        super().__init__(cells)
        self.kept: dict[Area, Grid] = {}

    def read(self, area: Area) -> Grid:
        if area not in self.kept:
            self.kept[area] = super().read(area)
            self.kept[area].memo = {}
        return self.kept[area]


def same(one: Scalar, two: Scalar) -> bool:
    return type(one) is type(two) and one == two


@settings(deadline=None, max_examples=60)
@given(
    seed=st.integers(0, 1 << 30), height=st.sampled_from([1, 5, 70, 300, 700]), pairs=st.integers(1, 3),
    name=st.sampled_from(NAMES), kinds=st.sampled_from(["numbers", "few", "mixed"]),
)  # fmt: skip
def test_many_answers_are_the_single_ones(seed: int, height: int, pairs: int, name: str, kinds: str) -> None:
    """The grouped forms equal the definition to the bit, with errors, blanks and texts anywhere."""
    chance = random.Random(seed)

    def cell() -> Scalar:
        if kinds == "numbers":
            return chance.choice([0.0, 1.0, 2.0, 2.5, chance.random()])
        return chance.choice(SCALARS) if kinds == "mixed" else chance.choice(["a", "A", "b", 1.0, 2.0])

    cells: dict[tuple[int, int], Scalar] = {}
    for row in range(height):
        for column in range(pairs):
            cells[row, column] = cell()
        cells[row, pairs] = chance.random() * 10.0 ** chance.randint(-8, 8) if kinds != "mixed" or chance.random() < 0.9 else cell()
    ranges = [Reference((Area(0, 0, column, height - 1, column),)) for column in range(pairs)]
    values = Reference((Area(0, 0, pairs, height - 1, pairs),))
    queries = [[chance.choice(CRITERIA) for _ in range(40)] for _ in range(pairs)]
    if chance.random() < 0.3:
        queries[0] = [">1"] * 40
    spec = find(name)
    assert spec is not None

    def arguments(criteria: list[object]) -> list[object]:
        listed: list[object] = [] if name == "COUNTIFS" else [values]
        for own, criterion in zip(ranges, criteria, strict=True):
            listed += [own, criterion]
        return listed

    keeping = KeepingContext(cells)
    many = invoke(spec, arguments([Grid.from_flat(lane, (40, 1)) for lane in queries]), keeping)
    assert isinstance(many, Grid)
    for lane, criteria in enumerate(zip(*queries, strict=True)):
        direct = invoke(spec, arguments(list(criteria)), FakeContext(cells))
        assert same(many.item(lane, 0), direct), (criteria, many.item(lane, 0), direct)
        for _ in range(2):  # a range is grouped when it is asked for the second time
            assert same(invoke(spec, arguments(list(criteria)), keeping), direct), criteria


def test_ten_thousand_sums_take_milliseconds() -> None:
    """No cliff: one grouping serves all rows, and an edit of a value regroups nothing."""
    count = 10_000
    chance = np.random.default_rng(5)
    workbook = sheetengine.Workbook()
    sheet = workbook["Sheet1"]
    sheet[f"A1:A{count}"] = chance.integers(0, 1000, (count, 1)).astype(float)
    sheet[f"B1:B{count}"] = chance.random((count, 1))
    sheet[f"C1:C{count}"] = f"=SUMIFS(B$1:B${count},A$1:A${count},A1)"
    sheet[f"D1:D{count}"] = f'=SUMIFS(B$1:B${count},A$1:A${count},">="&A1,A$1:A${count},"<"&A1+50)'
    workbook.recalculate()
    keys, values = sheet[f"A1:A{count}"].values.ravel(), sheet[f"B1:B{count}"].values.ravel()
    assert sheet["C1"].value == float(np.add.accumulate(values[keys == keys[0]])[-1])
    inside = (keys >= keys[0]) & (keys < keys[0] + 50)
    assert sheet["D1"].value == pytest.approx(values[inside].sum(), rel=1e-13)
    started = time.process_time()
    sheet["B7"] = 0.25
    workbook.recalculate()
    assert time.process_time() - started < 0.5  # 0.05 s measured; cell by cell it takes seconds
    values[6] = 0.25
    assert sheet["C7"].value == float(np.add.accumulate(values[keys == keys[6]])[-1])


def test_an_edit_in_the_resized_range_reaches_the_formula() -> None:
    """Excel calls such a SUMIF volatile; here it depends on just the cells it reads."""
    made = sheetengine.Workbook()
    sheet = made["Sheet1"]
    sheet["A1:B4"] = [[1.0, 10.0], [2.0, 20.0], [1.0, 30.0], [1.0, 40.0]]
    sheet["D1"] = "=SUMIF(A1:A4,1,B1)"
    sheet["D2"] = "=AVERAGEIF($A$1:$A$4,1,B1:B2)"
    sheet["E1:E2"] = "=SUMIF(A$1:A2,1,B$1)"
    assert [sheet[cell].value for cell in ("D1", "D2", "E1", "E2")] == [80.0, 80.0 / 3.0, 10.0, 40.0]
    sheet["B4"] = 1000.0
    sheet["B3"] = 300.0
    assert [sheet[cell].value for cell in ("D1", "D2", "E1", "E2")] == [1310.0, 1310.0 / 3.0, 10.0, 310.0]
    assert sheet["D1"].formula == "=SUMIF(A1:A4,1,B1)"
    assert sheet["B4"].dependents()[0].address.endswith("D1")


@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 1 << 30), mixed=st.booleans())
def test_ranges_that_grow_are_answered_as_each_alone(seed: int, mixed: bool) -> None:
    """`COUNTIF(A$1:A1,A1)` filled down: one grouping for all rows, equal to the bit to what each formula gives by itself."""
    chance = random.Random(seed)
    count = 60
    made = sheetengine.Workbook()
    sheet = made["Sheet1"]
    for row in range(1, count + 1):
        plain = [value for value in SCALARS if not isinstance(value, CellError)]
        sheet[f"A{row}"] = chance.choice(SCALARS if mixed else ["a", "B", "b", 1.0, 2.0, None])
        sheet[f"B{row}"] = chance.choice(plain if mixed else [1.0, 2.0])
        sheet[f"C{row}"] = chance.random() * 10.0 ** chance.randint(-9, 9) if chance.random() < 0.95 else chance.choice(SCALARS)
    formulas = [
        "COUNTIF(A$1:A1,A1)", "COUNTIF(A$1:A1,B1)", "SUMIF(A$1:A1,A1,C$1:C1)", "SUMIF(C$1:C1,B1)", "AVERAGEIF(A$1:A1,A1,C$1:C1)",
        "COUNTIFS(A$1:A1,A1,B$1:B1,B1)", "SUMIFS(C$1:C1,A$1:A1,A1,B$1:B1,B1)", "MAXIFS(C$1:C1,A$1:A1,A1)", "MINIFS(C$1:C1,B$1:B1,B1)",
        'COUNTIF(A$1:B1,"b")', 'COUNTIF(A$1:A1,">"&B1)', "COUNTIF(A$1:A1,)", 'SUMIF(A$1:A1,"<>a",C$1)',
    ]  # fmt: skip
    for index, formula in enumerate(formulas):
        sheet[f"{'DEFGHIJKLMNOP'[index]}1:{'DEFGHIJKLMNOP'[index]}{count}"] = "=" + formula
        sheet[f"A{'DEFGHIJKLMNOP'[index]}1:A{'DEFGHIJKLMNOP'[index]}{count}"] = f"=LET(x,1,{formula})"
    for index, formula in enumerate(formulas):
        column = "DEFGHIJKLMNOP"[index]
        for row in range(1, count + 1):
            assert same(sheet[f"{column}{row}"].value, sheet[f"A{column}{row}"].value), (formula, row)


def test_growing_counts_have_no_cliff() -> None:
    count = 20_000
    made = sheetengine.Workbook()
    sheet = made["Sheet1"]
    sheet[f"A1:A{count}"] = np.arange(count, dtype=float).reshape((-1, 1)) % 100
    started = time.process_time()
    sheet[f"B1:B{count}"] = "=COUNTIF(A$1:A1,A1)"
    assert sheet[f"B{count}"].value == count / 100
    assert time.process_time() - started < 5.0  # 0.1 s measured; cell by cell it takes minutes
