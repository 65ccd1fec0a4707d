"""REDUCE and SCAN answer what the calls of their lambda answer one after the other, to the bit, whatever form the calls took."""

from __future__ import annotations

import pytest
from hypothesis import example, given, strategies as st

from sheetengine.compiler import lambdas
from sheetengine.functions import arguments
from sheetengine.testing import bits, contents, scalars
from sheetengine.workbook import Workbook
from tests.laws.laws import circles_welcome, effort

LEAVES = st.sampled_from(
    ["a", "v", "a", "v", "k", "r", "$D$1", "$D$2", "2", "0.1", "-7", '"b"', '""', "TRUE", "NA()", "{1,2}", "$D$1:$D$2", "ROW(v)"]
)


def _wider(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    def made(pattern: str) -> st.SearchStrategy[str]:
        return st.tuples(*[inner] * pattern.count("{}")).map(lambda parts: pattern.format(*parts))

    return st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/", "^", "&", "=", "<", ">=", "<>"]), inner).map(
            lambda p: f"({p[0]}{p[1]}{p[2]})"
        ),
        *map(made, ["IF({},{},{})", "MAX({},{})", "SUM({},{},1)", "AND({},{}>0)", "OR({},{})", "LET(x,{},y,x,IF({}>1,x,y+{}))"]),
        *map(
            made,
            ["ROUND({},1)", "MOD({},3)", "LEN({})", "ISNUMBER({})", "IFERROR({},{})", "UPPER({})", "-{}", "{}%", "N({})", "ISBLANK({})"],
        ),
        *map(made, ["LAMBDA(z,z+{})({})", "SUM(MAP({},LAMBDA(m,m+a)))", "COUNT({},{})", "LEFT({},{})", "SUBTOTAL(9,{})", "NOT({})"]),
    )


BODIES = st.recursive(LEAVES, _wider, max_leaves=6)
STARTS = st.sampled_from(["0", "1", '""', '"s"', "", "TRUE", "$D$1", "$D$1:$D$2", "NA()"])
ARRAYS = st.sampled_from(
    ["A1:B24", "A1:A24", "A1:A24*1", 'A1:B24&""', "IF(A1:A24>0,A1:A24)", "C1:C24", "A1:C8", "SEQUENCE(9)", "G30:G53", "G30:H53+5"]
)
CELLS = st.lists(st.lists(scalars(), min_size=4, max_size=4), min_size=2, max_size=8)


def answers(rows: list[list[object]], formula: str, quick: int, tail: int) -> dict[object, object]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lambdas, "WORTH_A_QUICK_FORM", quick)
        patch.setattr(arguments, "WORTH_A_TAIL", tail)
        workbook = Workbook()
        sheet = workbook["Sheet1"]
        sheet[f"A1:D{len(rows)}"] = rows
        sheet["H1"] = formula
        with circles_welcome():
            return {address: bits(value) for address, (_, value) in contents(workbook).items()}


@effort(4)
@given(CELLS, STARTS, ARRAYS, BODIES)
@example([[1.0] * 4] * 2, "", "A1:A24*1", "a")
@example([[1.0, -1.0, None, 3.0]] * 2, "5", "A1:B24", "-a")
@example([[5.0] * 4] * 2, "", "G30:G53+5", "a+v")
def test_any_body(rows: list[list[object]], start: str, array: str, body: str) -> None:
    for function in ("REDUCE", "SCAN"):
        formula = f"=LET(k,0.3,r,$D$1,{function}({start},{array},LAMBDA(a,v,{body})))"
        one_by_one = answers(rows, formula, 10**9, 10**9)
        assert answers(rows, formula, 1, 10**9) == one_by_one, formula
        assert answers(rows, formula, 1, 1) == one_by_one, formula
