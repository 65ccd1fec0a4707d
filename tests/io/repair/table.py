"""Table parts against the sheets they stand on."""

from __future__ import annotations

import re
from collections import Counter

from sheetengine.address import Address, Range
from tests.io.repair.book import Book, SheetEntry, formula_problems
from tests.io.repair.parts import Element, Parts, child, children, in_order, local
from tests.io.repair.sheet import area_of, filter_problems, overlap

_ORDER = ("autoFilter", "sortState", "tableColumns", "tableStyleInfo", "extLst")
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")


def table_problems(parts: Parts, book: Book, found: list[str]) -> None:
    """The tables of all sheets, whose names and ids belong to the workbook."""
    seen: Counter[str] = Counter()
    for sheet in book.sheets:
        places: list[Range] = []
        for arrow in parts.arrows(sheet.path).values():
            if arrow.kind != "table" or arrow.target not in parts.data:
                continue
            tree = parts.tree(arrow.target)
            name = tree.get("displayName", "")
            seen.update({f"id {tree.get('id')}", f"name {name.casefold()!r}", f"name {tree.get('name', '').casefold()!r}"})
            if name.casefold() in book.names or not re.fullmatch(r"(?:[^\W\d]|\\)[\w.\\]*", name) or len(name) > 255:
                found.append(f"{arrow.target}: no table may be called {name!r} here")
            if not tree.get("id", "").isdigit() or tree.get("id") == "0":
                found.append(f"{arrow.target}: its id is {tree.get('id')!r}")
            area = area_of(tree.get("ref"), arrow.target, found)
            if area is None:
                continue
            if any(overlap(area, other) for other in places):
                found.append(f"{arrow.target}: it meets another table")
            places.append(area)
            _one(parts, book, sheet, arrow.target, tree, area, found)
    found += [f"two tables have one {what}" for what, count in seen.items() if count > 1]


def _one(parts: Parts, book: Book, sheet: SheetEntry, where: str, tree: Element, area: Range, found: list[str]) -> None:
    in_order(tree, _ORDER, where, found)
    header, totals = int(tree.get("headerRowCount", "1")), int(tree.get("totalsRowCount", "0"))
    if area.bottom - area.top + 1 < header + totals + 1:
        found.append(f"{where}: no row of data in {area}")
    columns = child(tree, "tableColumns")
    listed = [] if columns is None else list(children(columns, "tableColumn"))
    names = [_unescaped(one.get("name", "")) for one in listed]
    if len(listed) != area.right - area.left + 1 or (columns is not None and columns.get("count") != str(len(listed))):
        found.append(f"{where}: {len(listed)} columns in {area}")
    if len({name.casefold() for name in names}) != len(names) or not all(names):
        found.append(f"{where}: the columns are called {names}")
    ids = [one.get("id") for one in listed]
    if len(set(ids)) != len(ids) or "0" in ids or None in ids:
        found.append(f"{where}: the columns have the ids {ids}")
    for one in listed:
        for inner in one:
            if local(inner) in ("calculatedColumnFormula", "totalsRowFormula"):
                formula_problems(inner.text or "", f"{where}: column {one.get('name')}", found)
    for element in tree.iter():
        for attribute, value in element.attrib.items():
            if attribute.endswith("DxfId") and int(value) >= book.dxfs:
                found.append(f"{where}: {attribute} {value} of {book.dxfs}")
    filtered = child(tree, "autoFilter")
    if filtered is not None:
        filter_problems(filtered, where, found)
        own = area_of(filtered.get("ref"), where, found)
        if not header or (own is not None and own != Range(area.top, area.left, area.bottom - totals, area.right)):
            found.append(f"{where}: the filter of {filtered.get('ref')} in the table of {area}")
    cells = {cell.get("r"): cell for cell in parts.tree(sheet.path).iter() if local(cell) == "c"}
    if header:
        for offset, name in enumerate(names):
            place = str(Address(area.top, area.left + offset))
            shown = _text(cells.get(place), book)
            if shown != name:
                found.append(f"{where}: column {name!r} has the header {shown!r} in {place}")
            if place in cells and child(cells[place], "f") is not None:
                found.append(f"{where}: the header in {place} is a formula")
    for cell in cells.values():
        formula = child(cell, "f")
        several = formula is not None and formula.get("t") == "array" and ":" in formula.get("ref", "")
        if formula is not None and several and overlap(Range.parse(formula.get("ref", "")), area):
            found.append(f"{where}: an array formula of several cells stands in it ({formula.get('ref')})")
    merged = child(parts.tree(sheet.path), "mergeCells")
    for one in [] if merged is None else merged:
        if overlap(Range.parse(one.get("ref", "")), area):
            found.append(f"{where}: merged cells stand in it ({one.get('ref')})")


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)


def _text(cell: Element | None, book: Book) -> str | None:
    """A cell's text, None where it holds none."""
    if cell is None:
        return None
    value = child(cell, "v")
    match cell.get("t"):
        case "s" if value is not None and value.text:
            return _unescaped(book.strings[int(value.text)])
        case "inlineStr":
            return _unescaped("".join(piece.text or "" for piece in cell.iter() if local(piece) == "t"))
        case "str":
            return _unescaped("" if value is None else value.text or "")
    return None
