"""A rectangle of cells as it looks: texts by their formats, what kind each is, and its shading.

In: a range. Out: rows of `Shown`. Invariant: a cell's text is what `Range.text` gives for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sheetengine.io.colour_scales import Colour, Shading
from sheetengine.values import CellError
from sheetengine.workbook.looks import Looks

if TYPE_CHECKING:
    from sheetengine.workbook.ranges import Range

_MOST_RANKED = 2_000_000
"""Cells of a rule whose least and greatest are looked for."""


class Shown(NamedTuple):
    """One cell: text, kind (n number, t text, b boolean, e error, nothing where blank), fill, and the share and colour of a bar."""

    text: str
    kind: str
    fill: Colour | None = None
    bar: tuple[float, Colour] | None = None


_BLANK = Shown("", "")


def shown_cells(cells: Range, looks: Looks) -> list[list[Shown]]:
    """The cells of a range, row by row."""
    value = cells.value
    values = [[value]] if cells.size == 1 else value
    texts = cells.texts
    rows = [
        [_BLANK if one is None else Shown(text, kind_letter(one)) for one, text in zip(line, line_texts, strict=True)]
        for line, line_texts in zip(values, texts, strict=True)
    ]
    for shading in looks.shadings:
        _shade(cells, values, rows, shading)
    return rows


def kind_letter(value: object) -> str:
    """n number, t text, b boolean, e error, nothing for a blank."""
    if value is None:
        return ""
    if isinstance(value, float):
        return "n"
    return "b" if isinstance(value, bool) else "e" if isinstance(value, CellError) else "t"


def _shade(cells: Range, values: list[list[object]], rows: list[list[Shown]], shading: Shading) -> None:
    top, left = cells.row - 1, cells.column - 1
    height, width = cells.shape
    low = high = None
    for area in shading.areas:
        for row in range(max(top, area.top), min(top + height - 1, area.bottom) + 1):
            for column in range(max(left, area.left), min(left + width - 1, area.right) + 1):
                value = values[row - top][column - left]
                if type(value) is not float:
                    continue
                if low is None or high is None:
                    low, high = _ends(cells, shading)
                old = rows[row - top][column - left]
                if shading.bar:
                    rows[row - top][column - left] = old._replace(bar=(shading.share(value, low, high), shading.colours[0]))
                elif old.fill is None:
                    rows[row - top][column - left] = old._replace(fill=shading.colour(value, low, high))


def _ends(cells: Range, shading: Shading) -> tuple[float, float]:
    """The least and the greatest number of all cells of a rule, where a stop asks for them."""
    if None not in shading.stops or sum(area.size for area in shading.areas) > _MOST_RANKED:
        return 0.0, 1.0
    found: list[float] = []
    for area in shading.areas:
        plane = cells.sheet[str(area)].values
        numbers = plane if plane.dtype == np.float64 else np.array([one for one in plane.ravel().tolist() if type(one) is float])
        if numbers.size:
            found += [float(numbers.min()), float(numbers.max())]
    return (min(found), max(found)) if found else (0.0, 1.0)
