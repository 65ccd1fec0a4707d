"""A worksheet part: its order, its rows and cells, its formulas, what stands on its cells."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field

from sheetengine.address import Address, Range
from sheetengine.errors import UnknownReference
from tests.io.repair.book import Book, SheetEntry, formula_problems, text_problems
from tests.io.repair.parts import Element, Parts, arrow_id, child, children, in_order, local

_ORDER = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr", "sheetProtection", "protectedRanges",
    "scenarios", "autoFilter", "sortState", "dataConsolidate", "customSheetViews", "mergeCells", "phoneticPr", "conditionalFormatting",
    "dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup", "headerFooter", "rowBreaks", "colBreaks",
    "customProperties", "cellWatches", "ignoredErrors", "smartTags", "drawing", "legacyDrawing", "legacyDrawingHF", "drawingHF", "picture",
    "oleObjects", "controls", "webPublishItems", "tableParts", "extLst",
)  # fmt: skip
_NOT_EMPTY = (
    "cols", "mergeCells", "conditionalFormatting", "dataValidations", "hyperlinks", "protectedRanges", "rowBreaks", "colBreaks",
    "ignoredErrors", "tableParts", "sheetViews",
)  # fmt: skip
_KINDS = {
    "drawing": "drawing",
    "legacyDrawing": "vmlDrawing",
    "legacyDrawingHF": "vmlDrawing",
    "tablePart": "table",
    "hyperlink": "hyperlink",
}
_ERRORS = ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA")
_ISO = re.compile(r"\d{4}-\d\d-\d\d(?:T[\d:.]+Z?)?|T?[\d:.]+Z?")


@dataclass
class _Formulas:
    cells: set[str] = field(default_factory=set)
    arrays: list[Range] = field(default_factory=list)
    masters: dict[str, Range] = field(default_factory=dict)


def area_of(text: str | None, where: str, found: list[str]) -> Range | None:
    """The rectangle of a `ref`."""
    try:
        return Range.parse(text or "")
    except UnknownReference:
        found.append(f"{where}: {text!r} is no place")
        return None


def filter_problems(element: Element, where: str, found: list[str]) -> None:
    """A filter whose conditions count columns that its range does not have, or one twice; how its rows are sorted is told of cells in it."""
    area = area_of(element.get("ref"), f"{where}: <autoFilter>", found)
    if area is None:
        return
    columns = [int(one.get("colId", "-1")) for one in children(element, "filterColumn")]
    if columns != sorted(set(columns)) or not all(0 <= column <= area.right - area.left for column in columns):
        found.append(f"{where}: the filter of {area} has conditions on the columns {columns}")
    for one in element.iter():
        if local(one) in ("sortState", "sortCondition"):
            sorted_by = area_of(one.get("ref"), f"{where}: <{local(one)}>", found)
            if sorted_by is not None and not (area.top <= sorted_by.top and sorted_by.bottom <= area.bottom):
                found.append(f"{where}: the filter of {area} is sorted by {sorted_by}")


def overlap(one: Range, other: Range) -> bool:
    return one.top <= other.bottom and other.top <= one.bottom and one.left <= other.right and other.left <= one.right


def sheet_problems(parts: Parts, book: Book, sheet: SheetEntry, found: list[str]) -> set[str]:
    """The faults of a worksheet; the answer is its formula cells."""
    where = sheet.path
    tree = parts.tree(where)
    in_order(tree, _ORDER, where, found, many=("conditionalFormatting",))
    for element in children(tree, *_NOT_EMPTY):
        if not len(element):
            found.append(f"{where}: <{local(element)}> is empty")
    formulas = _Formulas()
    used = _cells(tree, where, book, formulas, found)
    _columns(tree, where, book, found)
    dimension = child(tree, "dimension")
    area = None if dimension is None else area_of(dimension.get("ref"), where, found)
    if used is not None and area is not None:
        inside = area.top <= used.top and area.left <= used.left and area.bottom >= used.bottom and area.right >= used.right
        if not inside:
            found.append(f"{where}: the dimension {area} leaves out some of {used}")
    merged = _rectangles(tree, where, found)
    for one in formulas.arrays:
        if one.size > 1 and any(overlap(one, other) for other in merged):
            found.append(f"{where}: the array formula of {one} stands in merged cells")
    _arrows(parts, tree, where, found)
    _on_cells(tree, where, book, found)
    return formulas.cells


def _cells(tree: Element, where: str, book: Book, formulas: _Formulas, found: list[str]) -> Range | None:
    data = child(tree, "sheetData")
    last_row = 0
    box: tuple[int, int, int, int] | None = None
    for row in [] if data is None else data:
        number = row.get("r", "")
        if not number.isdigit() or not last_row < int(number) <= 1_048_576:
            found.append(f"{where}: row {number!r} behind row {last_row}")
            continue
        last_row = int(number)
        if int(row.get("s", "0")) >= book.styles:
            found.append(f"{where}: row {number} has style {row.get('s')}")
        last_column = -1
        for cell in children(row, "c"):
            try:
                place = Address.parse(cell.get("r", ""))
            except UnknownReference:
                found.append(f"{where}: a cell at {cell.get('r')!r}")
                continue
            if place.row != last_row - 1 or place.column <= last_column:
                found.append(f"{where}: cell {place} stands behind column {last_column + 1} of row {last_row}")
            last_column = place.column
            top, left, bottom, right = box or (place.row, place.column) * 2
            box = (min(top, place.row), min(left, place.column), max(bottom, place.row), max(right, place.column))
            _cell(cell, f"{where}: {place}", place, book, formulas, found)
    return Range(*box) if box else None


def _cell(cell: Element, where: str, place: Address, book: Book, formulas: _Formulas, found: list[str]) -> None:
    in_order(cell, ("f", "v", "is", "extLst"), where, found)
    if int(cell.get("s", "0")) >= book.styles:
        found.append(f"{where}: style {cell.get('s')} of {book.styles}")
    metadata = int(cell.get("cm", "0"))
    if metadata > book.cell_metadata:
        found.append(f"{where}: cell metadata {metadata} of {book.cell_metadata}")
    if int(cell.get("vm", "0")) > book.value_metadata:
        found.append(f"{where}: value metadata {cell.get('vm')} of {book.value_metadata}")
    formula = child(cell, "f")
    if formula is not None:
        _formula(formula, where, place, formulas, found)
    if metadata in book.dynamic and metadata and (formula is None or formula.get("t") != "array"):
        found.append(f"{where}: it is marked as a dynamic array and holds none")
    _value(cell, where, book, found)


def _value(cell: Element, where: str, book: Book, found: list[str]) -> None:
    kind, value, inline = cell.get("t", "n"), child(cell, "v"), child(cell, "is")
    text = "" if value is None else value.text or ""
    if (inline is not None) != (kind == "inlineStr") or (inline is not None and value is not None):
        found.append(f"{where}: type {kind} and {'a' if inline is not None else 'no'} text in the cell")
    if inline is not None:
        for piece in inline.iter():
            if local(piece) == "t":
                text_problems(piece, where, found)
    if value is None or (not text and kind in ("n", "str")):
        return
    good = True
    match kind:
        case "n":
            try:
                good = math.isfinite(float(text)) and re.fullmatch(r"[-+]?[\d.]+(?:[eE][-+]?\d+)?", text.strip()) is not None
            except ValueError:
                good = False
        case "b":
            good = text in ("0", "1", "true", "false")
        case "e":
            good = text in _ERRORS
        case "s":
            good = text.isdigit() and int(text) < len(book.strings)
        case "d":
            good = _ISO.fullmatch(text) is not None
        case "str":
            text_problems(value, where, found)
        case _:
            good = kind == "inlineStr"
    if not good:
        found.append(f"{where}: type {kind} and value {text[:40]!r}")


def _formula(formula: Element, where: str, place: Address, formulas: _Formulas, found: list[str]) -> None:
    kind, text = formula.get("t", "normal"), formula.text or ""
    formulas.cells.add(str(place))
    cell = Range(place.row, place.column, place.row, place.column)
    if kind == "normal" and not text and any(overlap(cell, one) for one in formulas.arrays):
        return  # Excel leaves `<f ca="1"/>` in the cells of a volatile array
    if any(overlap(cell, one) for one in formulas.arrays):
        found.append(f"{where}: a formula within an array")
    area = area_of(formula.get("ref"), where, found) if formula.get("ref") is not None else None
    if text and text != text.strip() and formula.get("{http://www.w3.org/XML/1998/namespace}space") != "preserve":
        found.append(f"{where}: the formula loses the white space at its edges")
    if kind == "array":
        if area is None or (area.top, area.left) != (place.row, place.column):
            found.append(f"{where}: an array of {formula.get('ref')}")
        elif any(overlap(area, one) for one in formulas.arrays):
            found.append(f"{where}: its array meets another")
        if area is not None:
            formulas.arrays.append(area)
    elif kind == "dataTable":
        if area is None or not (formula.get("r1") or formula.get("del1") == "1"):
            found.append(f"{where}: a data table without its cells")
        return
    elif kind == "shared":
        group = formula.get("si", "")
        if text:
            if group in formulas.masters or area is None or not overlap(area, cell):
                found.append(f"{where}: it begins shared group {group} of {formula.get('ref')}")
            else:
                formulas.masters[group] = area
        elif group not in formulas.masters:
            found.append(f"{where}: shared group {group!r} has not begun")
            return
        elif not overlap(formulas.masters[group], cell):
            found.append(f"{where}: it is outside of shared group {group}")
        if not text:
            return
    elif kind != "normal":
        found.append(f"{where}: a formula of type {kind}")
    formula_problems(text, where, found)


def _columns(tree: Element, where: str, book: Book, found: list[str]) -> None:
    holder, last = child(tree, "cols"), 0
    for column in [] if holder is None else holder:
        first, end = int(column.get("min", "0")), int(column.get("max", "0"))
        if not last < first <= end <= 16_384:
            found.append(f"{where}: columns {first} to {end} behind column {last}")
        if int(column.get("style", "0")) >= book.styles:
            found.append(f"{where}: columns with style {column.get('style')}")
        last = end


def _rectangles(tree: Element, where: str, found: list[str]) -> list[Range]:
    """Merged cells, which do not meet."""
    holder, merged = child(tree, "mergeCells"), []
    for element in [] if holder is None else holder:
        area = area_of(element.get("ref"), where, found)
        if area is None:
            continue
        if (area.top, area.left) == (area.bottom, area.right) or any(overlap(area, other) for other in merged):
            found.append(f"{where}: the merged cells {area}")
        merged.append(area)
    return merged


def _arrows(parts: Parts, tree: Element, where: str, found: list[str]) -> None:
    arrows, seen = parts.arrows(where), set()
    for element in tree.iter():
        name, wanted = local(element), arrow_id(element)
        if wanted is None or name not in _KINDS:
            continue
        arrow = arrows.get(wanted)
        if arrow is None or arrow.kind != _KINDS[name]:
            found.append(f"{where}: <{name}> leads to {None if arrow is None else arrow.kind}")
        if name != "hyperlink" and (name, wanted) in seen:
            found.append(f"{where}: two <{name}> lead to {wanted}")
        seen.add((name, wanted))
    listed = sum(local(element) == "tablePart" for element in tree.iter())
    if sum(arrow.kind == "table" for arrow in arrows.values()) != listed:
        found.append(f"{where}: not every table that it has is listed in it")
    for kind in ("tableParts", "mergeCells", "dataValidations"):
        holder = child(tree, kind)
        if holder is not None and holder.get("count", str(len(holder))) != str(len(holder)):
            found.append(f"{where}: <{kind}> counts {holder.get('count')} and holds {len(holder)}")
    if any(arrow.kind == "comments" for arrow in arrows.values()) and child(tree, "legacyDrawing") is None:
        found.append(f"{where}: comments without a drawing")


def _on_cells(tree: Element, where: str, book: Book, found: list[str]) -> None:
    """Conditional formats, validation, links, filters, views."""
    for element in tree.iter():
        name = local(element)
        if name in ("conditionalFormatting", "dataValidation", "ignoredError", "protectedRange", "selection") and "sqref" in element.attrib:
            areas = element.get("sqref", "").split()
            if not areas:
                found.append(f"{where}: <{name}> stands nowhere")
            for area in areas:
                area_of(area, f"{where}: <{name}>", found)
        elif name == "hyperlink":
            area_of(element.get("ref"), f"{where}: <{name}>", found)
        elif name == "autoFilter":
            filter_problems(element, where, found)
        if name == "hyperlink" and arrow_id(element) is None and not element.get("location"):
            found.append(f"{where}: a link to nowhere")
        if name == "cfRule":
            if int(element.get("dxfId", "-1")) >= book.dxfs:
                found.append(f"{where}: a conditional format has dxfId {element.get('dxfId')} of {book.dxfs}")
            if int(element.get("priority", "0")) < 1:
                found.append(f"{where}: a conditional format without priority")
        if name in ("formula", "formula1", "formula2"):
            formula_problems(element.text or "", f"{where}: <{name}>", found)
        if name == "sheetView" and int(element.get("workbookViewId", "0")) >= book.views:
            found.append(f"{where}: a view of window {element.get('workbookViewId')}")
        if name in ("rowBreaks", "colBreaks"):
            places = [int(one.get("id", "0")) for one in element]
            if places != sorted(set(places)):
                found.append(f"{where}: the breaks of <{name}> are not in order")
