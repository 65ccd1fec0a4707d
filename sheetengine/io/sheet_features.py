"""What stands around the cells of a sheet: columns, panes, merged cells, links, the filter.

In: the sheet's tree without its cells. Out: the fields of a `SheetDocument`. What is not understood here (conditional formats,
validation, drawings…) stays in the package, from which saving copies it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from xml.etree.ElementTree import Element

from sheetengine.address import MAX_COLUMNS, Range
from sheetengine.errors import UnknownReference
from sheetengine.io.document import ColumnSpan, Hyperlink, SheetDocument
from sheetengine.io.markup import boolean, integer, real
from sheetengine.io.package import Relationship

FEATURES: Final = frozenset({"sheetViews", "sheetFormatPr", "cols", "mergeCells", "autoFilter", "hyperlinks"})
"""The elements that are read; others may be large, and no tree is made of them."""


def read_features(sheet: SheetDocument, root: Element, links: Mapping[str, Relationship], notes: list[str]) -> None:
    """Fill in everything but the cells."""
    for element in root:
        match element.tag:
            case "sheetViews":
                _read_panes(sheet, element)
            case "sheetFormatPr":
                sheet.default_width = real(element.get("defaultColWidth"))
            case "cols":
                _read_columns(sheet, element)
            case "mergeCells":
                sheet.merged = [area for child in element if (area := read_area(child.get("ref"), sheet, notes)) is not None]
            case "autoFilter":
                sheet.filter = read_area(element.get("ref"), sheet, notes)
                read_filter(sheet, element, notes)
            case "hyperlinks":
                _read_hyperlinks(sheet, element, links, notes)


def read_filter(sheet: SheetDocument, element: Element, notes: list[str]) -> None:
    """A filter that has conditions: the rows that are hidden under it are filtered, which SUBTOTAL minds."""
    if element.find("filterColumn") is not None:
        area = read_area(element.get("ref"), sheet, notes)
        if area is not None:
            sheet.filtered.append(area)


def read_area(text: str | None, sheet: SheetDocument, notes: list[str]) -> Range | None:
    """A rectangle; one that is none is noted and left out."""
    try:
        return Range.parse(text or "")
    except UnknownReference as error:
        notes.append(f"sheet {sheet.name}: {error}; left out")
        return None


def _read_panes(sheet: SheetDocument, views: Element) -> None:
    for pane in views.iterfind("sheetView/pane"):
        if pane.get("state") in ("frozen", "frozenSplit"):
            sheet.frozen = (int(real(pane.get("ySplit")) or 0), int(real(pane.get("xSplit")) or 0))


def _read_columns(sheet: SheetDocument, columns: Element) -> None:
    for element in columns:
        first, last = integer(element.get("min")) - 1, integer(element.get("max")) - 1
        if element.tag == "col" and 0 <= first <= last and first < MAX_COLUMNS:
            width = real(element.get("width"))
            hidden = boolean(element.get("hidden"))
            sheet.column_spans.append(ColumnSpan(first, min(last, MAX_COLUMNS - 1), width, hidden, integer(element.get("style"))))


def _read_hyperlinks(sheet: SheetDocument, links: Element, targets: Mapping[str, Relationship], notes: list[str]) -> None:
    for element in links:
        area = read_area(element.get("ref"), sheet, notes)
        if area is not None:
            target = targets.get(element.get("r:id", ""))
            sheet.hyperlinks.append(Hyperlink(area, target.target if target else None, element.get("location"), element.get("tooltip")))
