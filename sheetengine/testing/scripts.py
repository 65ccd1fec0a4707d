"""Workbooks and edit scripts: what real sheets are made of, close together so that it meets.

Out: strategies of lists of `Step`s, and of workbooks built from them. A script fills columns with formulas (plain, chains, windows,
running totals, lookups, sums by criteria, text, formulas that spill, that read what they name at run time, that call the clock), writes
mixed values among them, overwrites and clears parts, copies, names, adds and removes sheets, undoes and redoes, in batches too.
"""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from sheetengine.address import Address, Range
from sheetengine.testing.formulas import formulas
from sheetengine.testing.references import HEIGHT, WIDTH, addresses, names, ranges, references
from sheetengine.testing.steps import Step, apply
from sheetengine.testing.values import scalars
from sheetengine.workbook import Workbook

SHEETS = ("Sheet1", "My data")

# Formulas of a cell as seen from D5, which a fill takes along. `{x}` is a cell of the same sheet, `{r}` a range, `{n}` a name.
_FILLED = (
    "=A5*2+B5", "=IF(A5>B5,A5,B5)", "=A5&\"-\"&B5", "=SUM(A5:C5)", "=A5-$B$1", "=ABS(A5)^2", "=ROUND(A5/3,2)", "=-A5%", "=A5=B5",
    "=IFERROR(A5/B5,\"none\")", "=UPPER(LEFT(A5,2))&LEN(B5)", "=MAX(A5,B$2)", "=N(A5)+1", "=A5", "=(A5+B5)*(A5-B5)", "=NOT(A5)",
    "=CHOOSE(2,A5,B5,1)", "=ISNUMBER(A5)+0", "=TEXT(A5,\"0.00\")", "=IFS(A5>1,A5,TRUE,B5)", "=A5+{x}", "=SUM({r})+A5", "=INDEX({r},1,1)*A5",
    "=IF(ISBLANK(A5),\"\",A5)", "=MOD(A5,7)", "=DATE(2020,A5,1)", "=SUMPRODUCT(A5:B5,A4:B4)", "=AND(A5,B5)", "=EXP(A5/100)", "=SWITCH(A5,1,2,B5)",
)  # fmt: skip
_CHAINS = (
    "=D4+A5", "=D4*2", "=A5+D4", "=D4-A5", "=D4", "=IF(A5>0,D4+1,D4)", "=D4&A5", "=MAX(D4,A5)", "=C5+1", "=D6+A5", "=E5*2+A5", "=D3+D4",
    "=SUM(D$1:D4)", "=SUM(D6:D$14)", "=D4+C5", "=C4+D4", "=D4+E4", "=IFERROR(D4+1,0)", "=SUM(D2:D4)",
)  # fmt: skip
_WINDOWS = (
    "=SUM(A5:A7)", "=AVERAGE(A4:B6)", "=SUM(A$1:A5)", "=COUNT(A$1:A5)", "=MAX(A$1:B5)", "=MIN(A3:A5)", "=SUM(A5:A$12)", "=STDEV(A5:A8)",
    "=COUNTA(A5:B6)", "=PRODUCT(A5:A7)", "=MEDIAN(A4:A8)", "=SUM(A:A)", "=SUM(5:5)", "=SUM($A$1:$B$12)", "=MMULT(A5:B5,$A$1:$B$2)",
)  # fmt: skip
_LOOKUPS = (
    "=VLOOKUP(A5,$A$1:$B$12,2,FALSE)", "=VLOOKUP(A5,$A$1:$B$12,2)", "=MATCH(A5,$B$1:$B$12,0)", "=XLOOKUP(A5,$A$1:$A$12,$B$1:$B$12,\"-\")",
    "=INDEX($A$1:$B$12,A5,1)", "=SUMIF($A$1:$A$12,A5,$B$1:$B$12)", "=COUNTIF($A$1:$A$12,\">\"&A5)", "=SUMIFS($B$1:$B$12,$A$1:$A$12,A5)",
    "=AVERAGEIFS($B$1:$B$12,$A$1:$A$12,\"<>\"&A5)", "=RANK(A5,$A$1:$A$12)", "=COUNTIFS($A$1:$A$12,A5,$B$1:$B$12,B5)", "=HLOOKUP(A5,$A$1:$C$4,2,FALSE)",
)  # fmt: skip
_SPILLING = (
    "={r}*2", "=SEQUENCE(3)", "=SEQUENCE({x})", "=TRANSPOSE({r})", "=FILTER({r},{r}>0,\"none\")", "=SORT({r})", "=UNIQUE({r})", "={x}#",
    "=SUM({x}#)", "=IF({r}>1,{r},0)", "=MAP({r},LAMBDA(v,v+1))", "=LET(v,{r},v&\"!\")", "=VSTACK({r},{x})", "=IFERROR({r}/{r},0)",
)  # fmt: skip
_LIVE = (
    "=INDIRECT(\"B\"&A5)", "=SUM(OFFSET({x},1,0,2,1))", "=OFFSET({x},A5,0)", "=INDIRECT(\"{x}\")+1", "=ROW()+COLUMN({x})", "=IF({x}>0,{x},0)",
    "=INDEX({r},2,1)", "=CHOOSE(1,{x},{x})", "={n}+1", "=SUM({n})", "={n}*A5", "=LET(v,{n},v+A5)", "=NOW()>0", "=TODAY()+A5", "=CELL(\"row\",{x})",
)  # fmt: skip
_RANDOM = ("=RAND()+A5", "=RANDBETWEEN(1,6)", "=IF(RAND()>0.5,A5,B5)")
_MEANINGS = (
    "={x}",
    "={r}",
    "=3",
    '="text"',
    "=SUM({r})",
    "={x}+1",
    "=Sheet1!$A$1",
    "=SEQUENCE(2)",
    "=LAMBDA(v,v*2)",
    "='My data'!$A$1:$B$3",
    "=OFFSET($A$1,1,0)",
)
_PLACES = Range(0, 0, HEIGHT - 1, WIDTH - 1)


@st.composite
def _pattern(draw: st.DrawFn, patterns: Sequence[str]) -> str:
    """One of the patterns, its places filled in."""
    text = draw(st.sampled_from(patterns))
    while "{x}" in text:
        text = text.replace("{x}", draw(references(single=True)), 1)
    while "{r}" in text:
        text = text.replace("{r}", draw(ranges(most=8)), 1)
    return text.replace("{n}", draw(names()))


@st.composite
def _fills(draw: st.DrawFn, random: bool) -> tuple[str, str]:
    """A rectangle and the formula of its first cell: a pattern as seen from there, or any formula at all."""
    kinds: tuple[Sequence[str], ...] = (_FILLED, _FILLED, _CHAINS, _CHAINS, _WINDOWS, _LOOKUPS, _LIVE)
    patterns = draw(st.sampled_from((*kinds, (), *[_RANDOM] * random)))
    rect = Range.parse(draw(ranges(HEIGHT, WIDTH, most=HEIGHT)))
    if draw(st.booleans()):
        rect = Range(rect.top, rect.left, min(HEIGHT - 1, max(rect.bottom, rect.top + 7)), rect.left)
    if not patterns:
        return str(rect), draw(formulas(sheets=SHEETS, depth=1))
    return str(rect), draw(_pattern(patterns))


@st.composite
def _values(draw: st.DrawFn) -> tuple[str, list[list[object]]]:
    """A rectangle and rows of mixed values for it."""
    rect = Range.parse(draw(ranges(most=HEIGHT)))
    one = draw(st.sampled_from((scalars(), st.integers(-5, 9), st.integers(0, 3))))
    return str(rect), draw(st.lists(st.lists(one, min_size=rect.width, max_size=rect.width), min_size=rect.height, max_size=rect.height))


@st.composite
def scattered_steps(draw: st.DrawFn, sheet: str = "Sheet1") -> Step:
    """Many formulas of one shape with operands of their own, anywhere: what becomes a family."""
    shape = draw(st.sampled_from(("={}*{}+1", "={}+{}", "=SUM({}:{})", '={}&"-"&{}', "=IF({}>{},1,2)", "=MAX({}:{},3)")))
    places = draw(st.lists(addresses(HEIGHT + 8, WIDTH + 4), min_size=9, max_size=14, unique=True))
    return Step("batch", content=tuple(Step("write", sheet, place, shape.format(draw(addresses()), draw(addresses()))) for place in places))


@st.composite
def steps(draw: st.DrawFn, *, structure: bool = True, history: bool = True, random: bool = True) -> Step:
    """One edit; `structure`: also of names and sheets; `history`: also undo, redo and batches; `random`: also random numbers."""
    sheet = draw(st.sampled_from(("Sheet1", "Sheet1", "Sheet1", "My data")))
    forms = ["value"] * 5 + ["values"] * 3 + ["fill"] * 6 + ["spill"] * 2 + ["clear"] * 2 + ["array", "copy", "read", "read"]
    forms += ["name", "name", "unname", "add", "remove", "rename"] * structure + [
        "undo",
        "undo",
        "redo",
        "batch",
        "broken",
        "scattered",
    ] * history
    form = draw(st.sampled_from(forms))
    match form:
        case "value":
            return Step("write", sheet, draw(addresses()), draw(scalars()))
        case "values":
            return Step("write", sheet, *draw(_values()))
        case "fill":
            return Step("write", sheet, *draw(_fills(random)))
        case "spill":
            return Step("write", sheet, draw(addresses()), draw(_pattern(_SPILLING)))
        case "clear":
            return Step("clear", sheet, draw(ranges()))
        case "array":
            return Step("array", sheet, draw(ranges(most=6)), draw(_pattern(_SPILLING)))
        case "copy":
            return Step("copy", sheet, draw(ranges(most=8)), draw(addresses(HEIGHT - 3, WIDTH - 2)))
        case "read":
            return Step("read", sheet, draw(addresses()))
        case "name":
            return Step("name", "", draw(names()), draw(_pattern(_MEANINGS)))
        case "unname":
            return Step("unname", "", draw(names()))
        case "add":
            return Step("add sheet", "My data")
        case "remove":
            return Step("remove sheet", "My data")
        case "rename":
            old, new = draw(st.sampled_from((("My data", "Other"), ("Other", "My data"))))
            return Step("rename sheet", old, "", new)
        case "undo":
            return Step("undo")
        case "redo":
            return Step("redo")
        case "scattered":
            return draw(scattered_steps(sheet))
    inner = draw(st.lists(steps(structure=structure, history=False, random=random), min_size=1, max_size=4))
    return Step("batch" if form == "batch" else "broken batch", content=tuple(inner))


@st.composite
def plain_steps(draw: st.DrawFn) -> Step:
    """Edits whose formulas read what their texts say, one value each: no names, no arrays, nothing found at run time."""
    sheet = draw(st.sampled_from(("Sheet1", "Sheet1", "My data")))
    form = draw(st.sampled_from(("value", "values", "clear", "fill", "fill", "fill", "read")))
    if form in ("value", "read"):
        return Step("write" if form == "value" else "read", sheet, draw(addresses()), draw(scalars()))
    if form == "values":
        return Step("write", sheet, *draw(_values()))
    if form == "clear":
        return Step("clear", sheet, draw(ranges()))
    rect = Range.parse(draw(ranges(HEIGHT, WIDTH, most=HEIGHT)))
    patterns = draw(st.sampled_from((_FILLED, _CHAINS, [one for one in _WINDOWS if "MMULT" not in one], _LOOKUPS)))
    text = draw(_pattern(patterns))
    # A pattern is written as seen from D5, so that it reaches to either side.
    return Step("write", sheet, str(rect), text if draw(st.booleans()) else text.replace("A5", "'My data'!A5"))


@st.composite
def scripts(draw: st.DrawFn, *, most: int = 12, structure: bool = True, history: bool = True, random: bool = True) -> list[Step]:
    """Edit scripts; the first step puts values where the formulas look for them."""
    seedling = Step("write", "Sheet1", "A1:B12", draw(st.lists(st.lists(scalars(), min_size=2, max_size=2), min_size=12, max_size=12)))
    return [seedling, *draw(st.lists(steps(structure=structure, history=history, random=random), min_size=1, max_size=most))]


def new_workbook() -> Workbook:
    """The workbook that scripts begin with: two sheets, the clock and the seed fixed."""
    import datetime  # noqa: PLC0415  # for this one moment

    workbook = Workbook()
    workbook.add_sheet("My data")
    workbook.fix_clock(datetime.datetime(2024, 2, 29, 12, 0))
    workbook.fix_seed(1)
    return workbook


@st.composite
def workbooks(draw: st.DrawFn, *, most: int = 12) -> Workbook:
    """Workbooks, as an edit script leaves them."""
    workbook = new_workbook()
    apply(workbook, draw(scripts(most=most)))
    return workbook


__all__ = ["Address", "new_workbook", "scripts", "steps", "workbooks"]
