"""Books that Excel saved: every formula computed afresh, against the values the file holds.

Left out, as ../shared/conformance/README.md says: volatile functions, INFO and CELL, and all that depends on them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import sheetengine
from sheetengine.address import Address, Range
from sheetengine.io.document import NO_GROUP, Document, SheetDocument
from sheetengine.io.xlsx_read import read
from tests.conformance.cases import Case, agrees, functions_of

FLEETING: Final = frozenset(("NOW", "TODAY", "RAND", "RANDBETWEEN", "RANDARRAY", "INFO", "CELL"))

Place = tuple[int, int]


def cases_of_books(folder: Path) -> Iterator[Case]:
    """The cases of all books of a folder, book by book."""
    for path in sorted(folder.glob("*.xlsx")):
        yield from cases_of_book(path, folder.name)


def cases_of_book(path: Path, corpus: str) -> Iterator[Case]:
    """The formula cells of one book; the cells that an array formula fills count for it too."""
    document = read(path)
    book = sheetengine.open(path, recalculate=True)
    book.recalculate()
    formulas = {sheet.name: _formulas(sheet, book[sheet.name]) for sheet in document.sheets if sheet.kind == "worksheet"}
    called = {text: functions_of(text) for own in formulas.values() for text in set(own.values())}
    fleeting = _fleeting(book, formulas, called, {sheet.name: _anchors(sheet) for sheet in document.sheets})
    for sheet in document.sheets:
        if sheet.kind != "worksheet":
            continue
        own = formulas[sheet.name]
        ours = book[sheet.name]
        for cell, place in enumerate(zip(sheet.rows.tolist(), sheet.columns.tolist(), strict=True)):
            formula = own.get(place)
            if formula is None or (sheet.name, place) in fleeting or sheet.missing[cell]:
                continue
            address = str(Address(*place))
            expected = _cached(document, sheet, cell)
            value = ours[address].value
            yield Case(
                f"{corpus}/{path.name}!{sheet.name}!{address}", corpus, formula, called[formula], expected, value, agrees(expected, value)
            )


def _cached(document: Document, sheet: SheetDocument, cell: int) -> object:
    value = document.value(sheet, cell)
    return "" if value is None else value


def _formulas(sheet: SheetDocument, ours: sheetengine.Sheet) -> dict[Place, str]:
    """The formula of each cell as the engine has it, of each array formula in all its cells."""
    found: dict[Place, str] = {}
    places = list(zip(sheet.rows.tolist(), sheet.columns.tolist(), strict=True))
    for index, cell in enumerate(sheet.formula_cells.tolist()):
        place = places[cell]
        text = sheet.formula_texts[index]
        array = sheet.arrays.get(cell)
        if text is not None and sheet.shared[index] == NO_GROUP:
            formula = "=" + text
        else:
            formula = ours[str(Address(*place))].formula or "=" + (text or "")
        found[place] = formula
        if array is not None:
            area = array.area
            for row in range(area.top, area.bottom + 1):
                for column in range(area.left, area.right + 1):
                    found[row, column] = formula
    return found


def _anchors(sheet: SheetDocument) -> dict[Place, Range]:
    """The cells of array formulas by their first."""
    return {(int(sheet.rows[cell]), int(sheet.columns[cell])): array.area for cell, array in sheet.arrays.items()}


def _fleeting(
    book: sheetengine.Workbook,
    formulas: dict[str, dict[Place, str]],
    called: dict[str, frozenset[str]],
    anchors: dict[str, dict[Place, Range]],
) -> set[tuple[str, Place]]:
    """The cells whose value is not the file's to say."""
    waiting = [(name, place) for name, own in formulas.items() for place, text in own.items() if called[text] & FLEETING]
    found = set(waiting)
    while waiting:
        name, place = waiting.pop()
        array = anchors[name].get(place)
        filled = book[name][str(Address(*place)) if array is None else str(array)]
        reached = filled.dependents(transitive=True) if array is None else [filled, *filled.dependents(transitive=True)]
        for area in reached:
            height, width = area.shape
            for row in range(area.row - 1, area.row - 1 + height):
                for column in range(area.column - 1, area.column - 1 + width):
                    cell = (area.sheet.name, (row, column))
                    if cell not in found:
                        found.add(cell)
                        if cell[1] in anchors[cell[0]]:
                            waiting.append(cell)
    return found
