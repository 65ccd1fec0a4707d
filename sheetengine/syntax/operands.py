"""The operands that are lifted out of a formula: constants, references, names, structured references.

In: lexemes of a formula. Out: immutable values, 0-based, with what is absolute and what moves. Invariant: an operand
knows nothing of the workbook: a sheet or a name here is text that may or may not exist.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Constant:
    """A number or a text; `spelling` is how the user wrote it, where that differs from how we would."""

    value: float | str
    spelling: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Corner:
    """A cell as a reference names it. `row` None: the whole column; `column` None: the whole row."""

    row: int | None
    column: int | None
    row_absolute: bool = False
    column_absolute: bool = False


@dataclass(frozen=True, slots=True)
class Reference:
    """A cell (`last` None) or a range, on a sheet, on several (`last_sheet`), or in another workbook (`book`).

    `first` None is what is left of a reference whose cells were deleted: `Sheet1!#REF!`. `trim` says which empty edges are left off:
    1 those before, `A1.:B9`, 2 those behind, `A1:.B9`, 3 both, `A1.:.B9`.
    """

    first: Corner | None
    last: Corner | None = None
    sheet: str | None = None
    last_sheet: str | None = None
    book: str | None = None
    trim: int = 0


COLONS = (":", ".:", ":.", ".:.")
"""How a range is written, by its `trim`."""


@dataclass(frozen=True, slots=True)
class NameReference:
    """A defined name, or what may become one."""

    name: str
    sheet: str | None = None
    book: str | None = None


@dataclass(frozen=True, slots=True)
class TableReference:
    """A structured reference: `Sales[[#Totals],[Net]:[Gross]]`; `table` None is the table around the cell."""

    table: str | None
    items: tuple[str, ...] = ()
    first_column: str | None = None
    last_column: str | None = None
    this_row: bool = False
    book: str | None = None
    spelling: str | None = field(default=None, compare=False)


AnyOperand: TypeAlias = Constant | Reference | NameReference | TableReference
