"""What a formula may name: defined names, tables, sheets, user functions, and the scope that finds them.

In: definitions from a file or the user. Out: `Scope`, the questions a formula is bound by. Invariants: names are found
without regard to case; a sheet's own name hides the workbook's of the same spelling.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final, Protocol

from sheetengine.functions.library import FunctionSpec
from sheetengine.syntax.operands import AnyOperand
from sheetengine.syntax.shape import Shape
from sheetengine.values import Area, Scalar


@dataclass(frozen=True, slots=True, eq=False)
class DefinedName:
    """A name and the formula it stands for; `sheet` is the id of the sheet it belongs to, None for the workbook."""

    name: str
    text: str
    shape: Shape
    operands: tuple[AnyOperand, ...]
    sheet: int | None = None
    hidden: bool = False
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its range with header and totals rows, and the names of its columns."""

    name: str
    sheet: int
    top: int
    left: int
    bottom: int
    right: int
    columns: tuple[str, ...]
    header: bool = True
    totals: bool = False

    @property
    def area(self) -> Area:
        """The whole of it."""
        return Area(self.sheet, self.top, self.left, self.bottom, self.right)

    def rows(self, item: str) -> tuple[int, int] | None:
        """First and last row of `#All`, `#Headers`, `#Data` or `#Totals`, or None where the table has none."""
        first = self.top + (1 if self.header else 0)
        last = self.bottom - (1 if self.totals else 0)
        match item.lower():
            case "#all":
                return self.top, self.bottom
            case "#headers":
                return (self.top, self.top) if self.header else None
            case "#totals":
                return (self.bottom, self.bottom) if self.totals else None
            case _:
                return (first, last) if first <= last else None

    def column(self, name: str) -> int | None:
        """The column of the grid of that name, without regard to case."""
        wanted = name.lower()
        for offset, own in enumerate(self.columns):
            if own.lower() == wanted:
                return self.left + offset
        return None


@dataclass(slots=True)
class ExternalBook:
    """Another workbook's cells as the file cached them: sheet name in lower case -> {(row, column): value}."""

    name: str
    sheets: dict[str, dict[tuple[int, int], Scalar]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)


class Scope(Protocol):
    """What a formula is bound by; `sheet` is the one it stands on."""

    @property
    def sheet(self) -> int: ...

    def sheet_named(self, name: str) -> int | None: ...

    def sheets_between(self, first: str, last: str) -> list[int] | None: ...

    def name(self, name: str, sheet: int | None) -> DefinedName | None: ...

    def table(self, name: str | None, row: int, column: int) -> Table | None:
        """A table by name, or with None the one around a cell."""

    def function(self, name: str) -> FunctionSpec | None: ...

    def external(self, book: str) -> ExternalBook | None: ...


_NAME = re.compile(r"[^\W\d][\w.?\\]*|\\[\w.?\\]*")
_CELL_LIKE = re.compile(r"(?i)\$?([A-Z]{1,3})\$?([0-9]+)|R[0-9]*C?[0-9]*|C[0-9]*|TRUE|FALSE")


BUILT_IN: Final = frozenset(
    ("print_area", "print_titles", "criteria", "_filterdatabase", "extract", "consolidate_area", "database", "sheet_title")
)
_IN_FILES: Final = "_xlnm."


def other_spelling(lower: str) -> str | None:
    """How a name of Excel's own is written otherwise, in lower case: files have `_xlnm.` before it, formulas may have it or not.

    >>> other_spelling("print_area"), other_spelling("_xlnm.database"), other_spelling("rate")
    ('_xlnm.print_area', 'database', None)
    """
    bare = lower.removeprefix(_IN_FILES)
    if bare not in BUILT_IN:
        return None
    return bare if bare != lower else _IN_FILES + bare


def name_problem(name: str) -> str | None:
    """Why Excel would refuse a name, or None.

    >>> name_problem("tax_rate"), name_problem("A1"), name_problem("1st")
    (None, "'A1' reads as a cell or a constant", "'1st' is not a name: letters, digits, '_', '.' and '?', not a digit first")
    """
    if not _NAME.fullmatch(name) or len(name) > 255:
        return f"{name!r} is not a name: letters, digits, '_', '.' and '?', not a digit first"
    match = _CELL_LIKE.fullmatch(name)
    if match and not (match[1] and (int(match[2]) > 1_048_576 or int(match[2]) == 0 or (len(match[1]) == 3 and match[1].upper() > "XFD"))):
        return f"{name!r} reads as a cell or a constant"
    return None
