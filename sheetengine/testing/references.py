"""References as formulas write them: cells and ranges with and without `$`, whole columns and rows, sheets, names.

Out: strategies of texts. The part of the grid they keep to is `height` x `width`, small by default, so that what reads meets what is written.
"""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from sheetengine.address import Address, Range, column_name, quote_sheet

HEIGHT, WIDTH = 12, 6
_SEEDS = ("rent", "tax_rate", "Total", "xs", "weight_1_1", "LOG10", "XFE1", "A1048577", "q.2023", "ünder")


def addresses(height: int = HEIGHT, width: int = WIDTH) -> st.SearchStrategy[str]:
    """Cells: `B3`."""
    return st.builds(lambda row, column: str(Address(row, column)), st.integers(0, height - 1), st.integers(0, width - 1))


@st.composite
def ranges(draw: st.DrawFn, height: int = HEIGHT, width: int = WIDTH, *, most: int = 24) -> str:
    """Rectangles of at most so many cells: `A1:B3`, single cells among them."""
    top, left = draw(st.integers(0, height - 1)), draw(st.integers(0, width - 1))
    bottom = draw(st.integers(top, height - 1))
    right = min(draw(st.integers(left, width - 1)), left + max(1, most // (bottom - top + 1)) - 1)
    return str(Range(top, left, bottom, right))


@st.composite
def corners(draw: st.DrawFn, height: int, width: int) -> str:
    """A cell with `$` before either part or both."""
    column, row = column_name(draw(st.integers(0, width - 1))), draw(st.integers(1, height))
    marks = draw(st.sampled_from(("", "", "", "$$", "$c", "$r")))
    return f"{'$' if marks in ('$$', '$c') else ''}{column}{'$' if marks in ('$$', '$r') else ''}{row}"


@st.composite
def references(
    draw: st.DrawFn,
    height: int = HEIGHT,
    width: int = WIDTH,
    *,
    sheets: Sequence[str] = (),
    single: bool | None = None,
    whole: bool = False,
) -> str:
    """References: cells and ranges on the formula's own sheet or one of `sheets`.

    `single`: only cells, or only what may be more than one; `whole`: now and then a whole column or row, which takes a second where a
    formula goes over every cell of it.
    """
    sheet = draw(st.sampled_from((None, None, None, *sheets))) if sheets else None
    prefix = "" if sheet is None else quote_sheet(sheet) + "!"
    many = ("range", "range", "range", "columns", "rows") if whole else ("range",)
    form = "cell" if single else draw(st.sampled_from(many if single is False else (*many, *["cell"] * (6 if whole else 1))))
    if form == "cell":
        return prefix + draw(corners(height, width))
    if form == "range":
        return f"{prefix}{draw(corners(height, width))}:{draw(corners(height, width))}"
    if form == "columns":
        left, right = sorted(draw(st.tuples(st.integers(0, width - 1), st.integers(0, width - 1))))
        return f"{prefix}{column_name(left)}:{column_name(right)}"
    top, bottom = sorted(draw(st.tuples(st.integers(1, height), st.integers(1, height))))
    return f"{prefix}{top}:{bottom}"


def names() -> st.SearchStrategy[str]:
    """Names that may be defined; some look like a function, or like a cell off the grid."""
    return st.sampled_from(_SEEDS)
