"""What cells hold: numbers where spreadsheets go wrong, texts that look like something else, errors, blanks.

Out: strategies of Python values that `ws[address] = value` takes.
"""

from __future__ import annotations

from hypothesis import strategies as st

from sheetengine.values import CellError

# Whole numbers, quarters, what is not exact in binary, the edges of 15 digits, of dates, of doubles.
_TELLING = (
    0.0, 1.0, -1.0, 2.0, 3.0, 10.0, 0.5, 0.25, -2.5, 0.1, 0.2, 0.3, 1 / 3, 1e-9, 1e15, 123456789012345.6, 60.0, 366.0, 44927.0,
    2958465.0, -1e-300, 1e300, 1.7976931348623157e308,
)  # fmt: skip
_LOOKALIKES = (
    "",
    " ",
    "a",
    "A",
    "b",
    "ab",
    "abc",
    "3",
    "1.5",
    "-7",
    "TRUE",
    "false",
    "1/2/2023",
    "12:30",
    "50%",
    "$3",
    "#N/A",
    "é",
    "~*?",
    "x y",
    '"',
)
_CODES = ("#DIV/0!", "#N/A", "#VALUE!", "#REF!", "#NUM!", "#NAME?", "#NULL!")


def numbers() -> st.SearchStrategy[float]:
    """Finite numbers, those that tell errors apart first."""
    return st.sampled_from(_TELLING) | st.integers(-20, 20).map(float) | st.floats(-1e6, 1e6, allow_nan=False, allow_subnormal=False)


def texts() -> st.SearchStrategy[str]:
    """Short texts, among them those that read as a number, a date, a boolean, a pattern; never one that begins a formula."""
    plain = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=6)
    return st.sampled_from(_LOOKALIKES) | plain.filter(lambda text: not text.startswith("="))


def scalars() -> st.SearchStrategy[float | str | bool | CellError | None]:
    """Anything a cell may hold; numbers half of the time."""
    rare = texts() | st.booleans() | st.none() | st.sampled_from(_CODES).map(CellError)
    return st.one_of(numbers(), numbers(), numbers(), rare, texts(), st.integers(0, 5).map(float))
