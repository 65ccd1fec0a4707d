"""The workbook part: its sheets, defined names, settings; the tables of sheets and which cell metadata means "spills".

In: trees of the parts. Out: plain tuples and the fields of a `Document`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple
from xml.etree.ElementTree import Element

from sheetengine.address import Range
from sheetengine.errors import UnknownReference
from sheetengine.io.document import Calculation, Mode, NameText, Visibility
from sheetengine.io.markup import boolean, integer, real, unescape_text
from sheetengine.names import Table

_STATES: Final[dict[str, Visibility]] = {"hidden": "hidden", "veryHidden": "veryHidden"}
_MODES: Final[dict[str, Mode]] = {"manual": "manual", "autoNoTable": "autoNoTable"}


class SheetEntry(NamedTuple):
    """A tab: its name, whether it shows, the relationship that leads to its part."""

    name: str
    state: Visibility
    relationship: str


def sheet_entries(workbook: Element) -> Iterator[SheetEntry]:
    """The tabs in order."""
    for element in workbook.iterfind("sheets/sheet"):
        yield SheetEntry(element.get("name", ""), _STATES.get(element.get("state", ""), "visible"), element.get("r:id", ""))


def defined_names(workbook: Element) -> Iterator[NameText]:
    """The names of every scope."""
    for element in workbook.iterfind("definedNames/definedName"):
        scope = element.get("localSheetId")
        text = "".join(element.itertext()).strip()
        hidden = boolean(element.get("hidden"))
        yield NameText(
            element.get("name", ""), text, None if scope is None else integer(scope, -1), hidden, unescape_text(element.get("comment", ""))
        )


def calculation(workbook: Element) -> Calculation:
    """How the file wants to be calculated."""
    element = workbook.find("calcPr")
    if element is None:
        return Calculation()
    return Calculation(
        mode=_MODES.get(element.get("calcMode", ""), "auto"),
        iterate=boolean(element.get("iterate")),
        iterate_count=max(1, min(integer(element.get("iterateCount"), 100), 32_767)),
        iterate_delta=_delta(element.get("iterateDelta")),
        full_calc_on_load=boolean(element.get("fullCalcOnLoad")),
        full_precision=boolean(element.get("fullPrecision"), default=True),
    )


def _delta(text: str | None) -> float:
    delta = real(text)
    return delta if delta is not None and 0.0 <= delta < float("inf") else 0.001


def uses_1904(workbook: Element) -> bool:
    """Whether dates count from 1904."""
    element = workbook.find("workbookPr")
    return element is not None and boolean(element.get("date1904"))


def active_tab(workbook: Element, count: int) -> int:
    """The tab that shows first."""
    view = workbook.find("bookViews/workbookView")
    active = integer(view.get("activeTab")) if view is not None else 0
    return active if 0 <= active < count else 0


def table(root: Element, sheet: int) -> Table | None:
    """A table part; None where it is not one, or its range is wrong."""
    try:
        area = Range.parse(root.get("ref", ""))
    except UnknownReference:
        return None
    name = root.get("displayName") or root.get("name")
    if root.tag != "table" or not name:
        return None
    columns = tuple(unescape_text(element.get("name", "")) for element in root.iterfind("tableColumns/tableColumn"))
    header, totals = integer(root.get("headerRowCount"), 1) > 0, integer(root.get("totalsRowCount")) > 0
    return Table(name, sheet, area.top, area.left, area.bottom, area.right, columns, header, totals)


def dynamic_metadata(root: Element) -> frozenset[int]:
    """The numbers in `cm` (from 1) that make an array formula a dynamic one."""
    types = [element.get("name", "") for element in root.iterfind("metadataTypes/metadataType")]
    spills: set[int] = set()
    for future in root.iterfind("futureMetadata"):
        if future.get("name") == "XLDAPR":
            for place, block in enumerate(future.iterfind("bk")):
                properties = next((item for item in block.iter() if item.tag.endswith("dynamicArrayProperties")), None)
                if properties is not None and boolean(properties.get("fDynamic")):
                    spills.add(place)
    found = set()
    for number, block in enumerate(root.iterfind("cellMetadata/bk"), start=1):
        for record in block.iterfind("rc"):
            kind = integer(record.get("t")) - 1
            if 0 <= kind < len(types) and types[kind] == "XLDAPR" and integer(record.get("v")) in spills:
                found.add(number)
    return frozenset(found)
