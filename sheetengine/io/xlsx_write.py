"""New workbooks: the package that XlsxWriter makes, still without cells.

In: sheets with their looks, settings. Out: a `Document` read back from that package, ready to be patched. Cells are not
handed to XlsxWriter because it rounds numbers to 16 digits and takes them one by one; all that Excel is particular about (content
types, themes, styles) is its work.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import Any

from sheetengine.errors import MissingDependency
from sheetengine.io.document import Document
from sheetengine.io.new_sheet import SheetLooks
from sheetengine.io.xlsx_read import read


@dataclass(slots=True)
class SkeletonSheet:
    """One sheet without cells."""

    name: str
    state: str = "visible"
    looks: SheetLooks = field(default_factory=SheetLooks)


@dataclass(slots=True)
class Skeleton:
    """A workbook without cells, names and settings of calculation."""

    sheets: list[SkeletonSheet]
    date1904: bool = False


def skeleton(plan: Skeleton) -> Document:
    """The package as a document."""
    try:
        import xlsxwriter  # noqa: PLC0415  # an extra: loaded where it is used
    except ImportError as error:
        raise MissingDependency("writing a new workbook needs XlsxWriter: pip install 'sheetengine[xlsx]'") from error
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "default_date_format": None})
    if plan.date1904:
        book.date_1904 = True
    # The values in the file are right: Excel need not compute them before it shows them.
    book.calc_on_load = False
    visible = [sheet.state == "visible" for sheet in plan.sheets]
    for place, sheet in enumerate(plan.sheets):
        worksheet = book.add_worksheet(sheet.name)
        if sheet.state == "hidden":
            worksheet.hide()
        elif sheet.state == "veryHidden":
            worksheet.very_hidden()
        if any(visible) and place == visible.index(True):
            worksheet.activate()
            worksheet.set_first_sheet()
        _looks(worksheet, sheet)
    book.close()
    return read(stream.getvalue())


def _looks(worksheet: Any, sheet: SkeletonSheet) -> None:
    for column, width in sheet.looks.widths.items():
        worksheet.set_column(column, column, None if width == 0 else width, None, {"hidden": True} if width == 0 else {})
    for row in sheet.looks.hidden_rows:
        worksheet.set_row(row, None, None, {"hidden": True})
    for area in sheet.looks.merged:
        if area.size > 1:
            worksheet.merge_range(area.top, area.left, area.bottom, area.right, "")
