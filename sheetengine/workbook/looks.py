"""How a sheet wants to be shown: frozen panes, widths of columns, hidden rows, merged cells, shading.

In: a sheet. Out: `Looks`, for whoever draws the sheet: a page, a notebook. Nothing here is computed with; a workbook that was not opened
from a file has the defaults.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sheetengine.io.colour_scales import Shading, read_shadings

if TYPE_CHECKING:
    from sheetengine.workbook.sheet import Sheet


@dataclass(frozen=True, slots=True)
class Looks:
    """What a sheet looks like beside its cells; columns and rows count from 0."""

    frozen: tuple[int, int] = (0, 0)
    """Rows and columns that stay in view."""
    widths: dict[int, float] = field(default_factory=dict)
    """Columns of another width than usual, in characters; 0 is hidden."""
    hidden_rows: frozenset[int] = frozenset()
    merged: tuple[tuple[int, int, int, int], ...] = ()
    shadings: tuple[Shading, ...] = ()


def looks_of(sheet: Sheet) -> Looks:
    """The looks of a sheet, from what the workbook keeps and from the file it was opened from."""
    record = sheet.workbook._engine.book.sheets[sheet.id]
    frozen = (0, 0)
    shadings: tuple[Shading, ...] = ()
    opened = sheet.workbook._file
    place = None if opened is None else opened.sheets.get(sheet.id)
    if opened is not None and place is not None:
        document = opened.document
        page = document.sheets[place]
        frozen = page.frozen
        if document.package is not None and page.path is not None and page.path in document.package:
            shadings = tuple(read_shadings(document.package.read(page.path)))
    return Looks(frozen, dict(record.widths), frozenset(record.hidden_rows), tuple(record.merged), shadings)
