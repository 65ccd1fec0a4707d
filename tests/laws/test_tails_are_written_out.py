"""An array computed from ranges much higher than what is used of them is what it would be written out, row by row, to the bit."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings, strategies as st

from sheetengine import tails
from sheetengine.functions import arguments
from sheetengine.functions.library import catalogue
from sheetengine.functions.math import sums
from sheetengine.testing import bits, contents, formulas, scalars
from sheetengine.testing.formulas import _UNSTEADY, calls
from sheetengine.workbook import Workbook
from tests.laws.laws import circles_welcome, effort

USED, HEIGHT = 6, 40
COLUMNS = (
    "A1:A40",
    "C1:D40",
    "IF(A1:A40>0,B1:B40)",
    'A1:A40&""',
    "1/B1:B40",
    "B1:B40*C1:C40",
    "ISBLANK(B1:B40)",
    'IF(A1:A40="","",1)',
    "A1:A40+B1:B7",
)


def answers(rows: list[list[object]], text: str, worth: int) -> dict[object, object]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(arguments, "WORTH_A_TAIL", worth)
        patch.setattr(sums, "_TALL", 12)
        workbook = Workbook()
        workbook.largest_result = 10_000
        sheet = workbook["Sheet1"]
        if rows:
            sheet[f"A1:F{len(rows)}"] = rows
        sheet["H1"] = text
        with circles_welcome():
            return {address: bits(value) for address, (_, value) in contents(workbook).items()}


SHEETS = st.lists(st.lists(scalars(), min_size=6, max_size=6), max_size=USED)


@effort(4)
@given(SHEETS, formulas(depth=4, named=False, height=HEIGHT))
def test_any_formula(rows: list[list[object]], text: str) -> None:
    assert answers(rows, text, 1) == answers(rows, text, 10**9), text


@pytest.mark.parametrize("name", [name for name in catalogue() if name not in _UNSTEADY and name not in ("LET", "LAMBDA")])
def test_each_function(name: str) -> None:
    @settings(max_examples=max(4, settings.default.max_examples // 5))
    @given(SHEETS, calls(name, height=HEIGHT), st.sampled_from(COLUMNS))
    def law(rows: list[list[object]], text: str, column: str) -> None:
        # The arguments are computed from high ranges.
        text = re.sub(r"\$?[A-F]\$?\d+:\$?[A-F]\$?\d+", column, text)
        assert answers(rows, text, 1) == answers(rows, text, 10**9), text

    law()


WHOLE = [
    '=SUM(IF(A1:Z1048576>1,1,0))', '=SUMPRODUCT((A:A="x")*(B:B>1))', '=SUMPRODUCT(--(A:A="x"),B:B)', '=SUM((A:A="x")*B:B)', '=SUM((B:B>0)*B:B)',
    '=MAX(IF(A:A="x",B:B))', '=MIN(IF(A:A="x",B:B))', "=SUM(LEN(A:A))", '=COUNT(FILTER(B:B,A:A<>""))', "=INDEX(SORT(UNIQUE(A:A)),1)",
    '=XLOOKUP(1,(A:A="x")*(B:B=2),C:C)', '=MATCH(1,(A:A="x")*(B:B=2),0)', '=XMATCH(1,(A:A="x")*(B:B=2))', "=AND(ISBLANK(G:G))", '=OR(A:A="y")',
    '=AVERAGE(IF(A:A="x",B:B))', "=COUNT(1/(B:B>2))", "=SUM(IFERROR(B:B/C:C,0))", '=TEXTJOIN(",",TRUE,IF(B:B>2,B:B,""))', '=LARGE(IF(A:A="x",B:B),2)',
    '=STDEV(IF(A:A="x",B:B))', '=SUM(IF(ISNUMBER(SEARCH("x",A:A)),B:B))', "=SUM(ROUND(B:B/3,2))", '=LET(x,A:A,y,B:B,SUM((x="x")*y))',
    '=TAKE(SORT(FILTER(A:B,A:A="x"),2,-1),1,1)', "=MATCH(\"x3\",A:A&B:B,0)", "=ROWS(A:A&\"\")", "=XOR(A:A=\"x\")", "=INDEX(A:A&B:B,3)", "=COUNTA(A:A&\"\")",
]  # fmt: skip


@pytest.mark.parametrize("text", WHOLE)
def test_nothing_is_written_out_for_whole_columns(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rows: list[list[object]] = [["xyz"[row % 3], float(row % 5), float(row), None, None, None] for row in range(20)]
    plain = answers(rows, text.replace("1048576", "3000").replace(":A", "1:A3000").replace(":B", "1:B3000").replace(":C", "1:C3000").replace(":G", "1:G3000"), 10**9)  # fmt: skip

    def refuse(self: tails.Tailed, plane: object) -> None:
        raise AssertionError(f"{text}: {self.shape} written out")

    monkeypatch.setattr(tails.Tailed, "_out", refuse)
    found = answers(rows, text, 1024)
    if "ROWS" in text or "COUNTA" in text:
        assert found["Sheet1!H1"] == bits(1048576.0)
    elif "COUNT(1/" not in text:
        assert found == plain
