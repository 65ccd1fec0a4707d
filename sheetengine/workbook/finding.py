"""Find and replace, as Excel's dialog does.

In: a text with wildcards (`*`, `?`, `~` before one that is meant as it is) or a number, a range. Out: the cells that hold it; or their
contents rewritten and entered again, as if typed. Formulas are searched as their texts, constants as a user edits them; with
`look_in="values"` cells are searched as they are displayed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

import numpy as np

from sheetengine.address import Address, Range as Rectangle
from sheetengine.coerce import to_text
from sheetengine.errors import ValueRefused
from sheetengine.number_format import format_value, is_date_format
from sheetengine.store.chunk import Box
from sheetengine.values import CellError, Scalar
from sheetengine.workbook.range_contents import displayed

if TYPE_CHECKING:
    from sheetengine.workbook.sheet import Sheet

LookIn = Literal["values", "formulas"]


def pattern_of(what: str | float, *, match_case: bool = False) -> re.Pattern[str]:
    """The expression of a text with wildcards.

    >>> bool(pattern_of("b?d~*").search("a Bad* day")), bool(pattern_of(12.5).fullmatch("12.5"))
    (True, True)
    """
    text = to_text(float(what)) if isinstance(what, int | float) and not isinstance(what, bool) else what
    if not isinstance(text, str) or not text:
        raise ValueRefused(f"what is looked for is a text or a number, not {what!r}")
    pieces = re.findall(r"~[*?~]|[\s\S]", text)
    body = "".join(
        ".*" if piece == "*" else "." if piece == "?" else re.escape(piece[1:] if len(piece) == 2 else piece) for piece in pieces
    )
    return re.compile(body, re.DOTALL | (0 if match_case else re.IGNORECASE))


def find(
    sheet: Sheet, area: Rectangle | None, what: str | float, *, look_in: LookIn = "values", whole: bool = False, match_case: bool = False
) -> Iterator[tuple[int, int]]:
    """The cells that hold a text, row by row."""
    if look_in not in ("values", "formulas"):
        raise ValueRefused(f"look_in is 'values' or 'formulas', not {look_in!r}")
    pattern = pattern_of(what, match_case=match_case)
    match = pattern.fullmatch if whole else pattern.search
    engine = sheet.workbook._engine
    for row, column in _cells(sheet, area):
        text = (
            _shown(sheet, row, column)
            if look_in == "values"
            else engine.field.formula_text(sheet.id, row, column) or _edited(sheet, row, column)
        )
        if match(text):
            yield row, column


def replace(sheet: Sheet, area: Rectangle | None, what: str | float, by: str, *, whole: bool = False, match_case: bool = False) -> int:
    """Rewrite formulas and constants; the answer is how many cells changed. One that no formula can be made of changes nothing at all."""
    pattern = pattern_of(what, match_case=match_case)
    workbook = sheet.workbook
    engine = workbook._engine
    changed = 0
    with workbook.batch():
        for row, column in list(_cells(sheet, area)):
            formula = engine.field.find(sheet.id, row, column)
            text = engine.field.formula_text(sheet.id, row, column) if formula is not None else _edited(sheet, row, column)
            if text is None or (formula is None and engine.book.sheets[sheet.id].store.owner(row, column) != 0):
                continue
            fresh = (by if pattern.fullmatch(text) else text) if whole else pattern.sub(lambda _: by, text)
            if fresh == text:
                continue
            changed += 1
            sheet.enter(str(Address(row, column)), fresh)
    return changed


def _cells(sheet: Sheet, area: Rectangle | None) -> Iterator[tuple[int, int]]:
    """The cells in use, row by row."""
    workbook = sheet.workbook
    workbook._flush()
    store = workbook._engine.book.sheets[sheet.id].store
    found: list[tuple[int, int]] = []
    for box in store.used_boxes():
        common = box if area is None else box.intersect(Box(area.top, area.left, area.bottom, area.right))
        if common is not None:
            kinds, _, _ = store.read_planes(common)
            rows, columns = np.nonzero((kinds != 0) | (store.owners(common) > 0))
            found += zip((rows + common.top).tolist(), (columns + common.left).tolist(), strict=True)
    return iter(sorted(found))


def _value(sheet: Sheet, row: int, column: int) -> tuple[Scalar, str]:
    book = sheet.workbook._engine.book
    return book.sheets[sheet.id].store.cell(row, column), book.format_of(sheet.id, row, column)


def _shown(sheet: Sheet, row: int, column: int) -> str:
    return displayed(*_value(sheet, row, column), sheet.workbook._engine.book.date1904)


def _edited(sheet: Sheet, row: int, column: int) -> str:
    """A constant as a user sees it who edits its cell."""
    value, pattern = _value(sheet, row, column)
    if isinstance(value, float) and is_date_format(pattern):
        whole = "m/d/yyyy" if value >= 1 else ""
        time = "h:mm:ss AM/PM" if value % 1 else ""
        return format_value(value, f"{whole} {time}".strip() or "m/d/yyyy", date1904=sheet.workbook._engine.book.date1904)
    if isinstance(value, float) and pattern.rstrip("_)").endswith("%"):
        text = to_text(float(f"{value * 100:.15g}"))
        return f"{text}%"
    if isinstance(value, CellError):
        return value.code
    text = to_text(value)
    assert isinstance(text, str)
    return text


__all__ = ["find", "pattern_of", "replace"]
