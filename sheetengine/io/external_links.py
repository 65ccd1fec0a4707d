"""The workbooks that formulas name as `[1]`, `[2]`…: their names and the values that the file kept of them.

In: the external link parts of an opened package. Out: `names.ExternalBook`s. Nothing outside the file is ever opened.
"""

from __future__ import annotations

from urllib.parse import unquote
from xml.etree.ElementTree import Element

from sheetengine.grid import BLANK, BOOLEAN, ERROR, TEXT
from sheetengine.io.cell_values import CellProblem, CellReader, place_of
from sheetengine.io.markup import integer
from sheetengine.io.package import Package
from sheetengine.names import ExternalBook
from sheetengine.values import Scalar, error_from_id


def read_external_books(package: Package, workbook_path: str, workbook: Element, reader: CellReader) -> dict[int, ExternalBook]:
    """The books by their number in formulas; links that lead to no book (DDE, OLE) keep their number and hold nothing."""
    arrows = package.relationships(workbook_path)
    books = {}
    for number, element in enumerate(workbook.iterfind("externalReferences/externalReference"), start=1):
        arrow = arrows.get(element.get("r:id", ""))
        if arrow is None or arrow.external or arrow.target not in package:
            continue
        books[number] = _read_book(package, arrow.target, reader)
    return books


def _read_book(package: Package, part: str, reader: CellReader) -> ExternalBook:
    root = package.tree(part)
    link = root.find("externalBook")
    if link is None:
        return ExternalBook(part)
    target = package.relationships(part).get(link.get("r:id", ""))
    book = ExternalBook(unquote(target.target) if target else part)
    names = [element.get("val", "") for element in link.iterfind("sheetNames/sheetName")]
    for name in names:
        book.sheets[name.lower()] = {}
    for element in link.iterfind("definedNames/definedName"):
        book.names[element.get("name", "").lower()] = element.get("refersTo", "").removeprefix("=")
    for data in link.iterfind("sheetDataSet/sheetData"):
        number = integer(data.get("sheetId"), -1)
        if not 0 <= number < len(names):
            continue
        cells = book.sheets[names[number].lower()]
        for cell in data.iterfind("row/cell"):
            try:
                value = _value(cell, reader)
                if value is not None:
                    cells[place_of(cell.get("r", ""))] = value
            except CellProblem as problem:
                raise package.problem(str(problem), part) from None
    return book


def _value(cell: Element, reader: CellReader) -> Scalar:
    kind, payload = reader.value(cell.get("t", "n"), cell.findtext("v"))
    if kind == BLANK:
        return None
    if kind == TEXT:
        return reader.texts.texts[int(payload)]
    if kind == ERROR:
        return error_from_id(int(payload))
    return bool(payload) if kind == BOOLEAN else payload
