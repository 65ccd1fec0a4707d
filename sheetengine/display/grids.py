"""A rectangle of cells as a picture sees it: plain texts, fills and heads, no workbook.

In: built by who has a workbook. Out: `CellPicture` and `GridPicture`, which `html` and `svg` draw.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

Colour = tuple[int, int, int]


class CellPicture(NamedTuple):
    """One cell: text, kind (n number, t text, b boolean, e error, nothing where blank), formula, fill, and a bar's share and colour."""

    text: str
    kind: str = ""
    formula: str | None = None
    fill: Colour | None = None
    bar: tuple[float, Colour] | None = None


@dataclass(frozen=True, slots=True)
class GridPicture:
    """Rows of cells with the names of their columns and rows; `left_out` are the rows and columns beyond what is shown."""

    name: str
    columns: tuple[str, ...]
    widths: tuple[float, ...]
    """In pixels."""
    rows: tuple[str, ...]
    cells: tuple[tuple[CellPicture, ...], ...]
    left_out: tuple[int, int] = (0, 0)


def readable_on(fill: Colour) -> str:
    """Black or white, whichever is read more easily on a colour."""
    red, green, blue = fill
    return "#16191d" if 0.299 * red + 0.587 * green + 0.114 * blue > 140 else "#f5f4f0"


def said_of_rest(left_out: tuple[int, int]) -> str:
    """What is not shown, in words; nothing where all is.

    >>> said_of_rest((999_960, 0)), said_of_rest((0, 0)), said_of_rest((1, 3))
    ('999,960 more rows', '', '1 more row, 3 more columns')
    """
    parts = [(left_out[0], "row"), (left_out[1], "column")]
    return ", ".join(f"{count:,} more {what}{'' if count == 1 else 's'}" for count, what in parts if count)
