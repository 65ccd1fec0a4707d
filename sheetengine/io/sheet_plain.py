"""A sheet's XML read by the XML parser, cell by cell: slow, and the specification that `sheet_scan` is held to.

In: the part as blocks of bytes, a `CellReader`. Out: the cells and features of a `SheetDocument`. Takes whatever the XML parser
takes: prefixes, comments, CDATA, any order of attributes, cells and rows without their address.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from xml.etree.ElementTree import Element

import numpy as np

from sheetengine.address import MAX_COLUMNS, MAX_ROWS, column_name
from sheetengine.grid import BLANK, ERROR, TEXT
from sheetengine.io import markup
from sheetengine.io.cell_values import CellProblem, CellReader, place_of
from sheetengine.io.document import SheetDocument, put_in_order
from sheetengine.io.formula_cells import FormulaColumns
from sheetengine.io.markup import MarkupProblem, boolean, integer
from sheetengine.io.shared_strings import TextReader


def read_sheet(
    sheet: SheetDocument, blocks: Iterable[bytes], reader: CellReader, formulas: FormulaColumns, only: frozenset[str]
) -> Element:
    """Fill the cells of a sheet; gives the tree of what stands around them, of the tags in `only`."""
    events = _Events(sheet, reader, formulas, only)
    markup.feed(blocks, events.start, events.end, events.data)
    events.finish()
    return events.root()


class _Events:
    """The parser's handlers: `sheetData` goes to the columns, everything else to a tree."""

    def __init__(self, sheet: SheetDocument, reader: CellReader, formulas: FormulaColumns, only: frozenset[str]) -> None:
        self.sheet = sheet
        self.reader = reader
        self.formulas = formulas
        self.tree = markup.Builder(only)
        self.depth = 0
        self.cells_depth = 0
        self.rows, self.columns, self.styles = array("i"), array("i"), array("i")
        self.kinds, self.missing = array("B"), array("B")
        self.payload = array("d")
        self.row, self.column = -1, -1
        self.seen_data = False
        self.text = TextReader()
        self.pieces: list[str] | None = None
        self._clear()

    def _clear(self) -> None:
        self.kind = "n"
        self.style = self.metadata = 0
        self.value: str | None = None
        self.formula: tuple[dict[str, str], str] | None = None
        self.attributes: dict[str, str] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if not self.cells_depth:
            if self.depth == 1 and tag != "worksheet":
                raise MarkupProblem(f"its outermost element is <{tag}>, not <worksheet>")
            self.tree.start(tag, attributes)
            if tag == "sheetData" and self.depth == 2:
                if self.seen_data:
                    raise MarkupProblem("it has two elements <sheetData>")
                self.seen_data = True
                self.cells_depth = self.depth
            return
        match self.depth - self.cells_depth, tag:
            case 1, "row":
                self._start_row(attributes)
            case 2, "c":
                self._start_cell(attributes)
            case 3, "v":
                self.pieces = []
            case 3, "f":
                self.attributes = attributes
                self.pieces = []
            case _:
                self.text.start(tag)

    def _start_row(self, attributes: dict[str, str]) -> None:
        number = attributes.get("r")
        self.row = self.row + 1 if number is None else integer(number) - 1
        if not 0 <= self.row < MAX_ROWS:
            raise CellProblem(f"row {number or self.row + 1} lies off the grid, whose last row is {MAX_ROWS}")
        if boolean(attributes.get("hidden")):
            self.sheet.hidden_rows.add(self.row)
        self.column = -1

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self._clear()
        place = attributes.get("r")
        if place is None:
            self.column += 1
            if self.column >= MAX_COLUMNS:
                raise CellProblem(f"row {self.row + 1} has more than {MAX_COLUMNS} cells")
            if self.row < 0:
                raise CellProblem("a cell stands outside of any row")
        else:
            self.row, self.column = place_of(place)
        self.kind = attributes.get("t", "n")
        self.style = max(0, min(integer(attributes.get("s")), 1 << 30))
        self.metadata = integer(attributes.get("cm"))
        self.rich = integer(attributes.get("vm"))

    def end(self, tag: str) -> None:
        inside = self.depth - self.cells_depth
        self.depth -= 1
        if not self.cells_depth:
            self.tree.end(tag)
        elif inside == 0:
            self.cells_depth = 0
            self.tree.end(tag)
        elif inside == 2 and tag == "c":
            self._end_cell()
        elif inside == 3 and tag == "v":
            self.value = "".join(self.pieces or ())
            self.pieces = None
        elif inside == 3 and tag == "f":
            self.formula = (self.attributes, "".join(self.pieces or ()))
            self.pieces = None
        elif inside == 3 and tag == "is":
            self.value = self.text.take()
            if self.kind == "inlineStr":
                self.kind = "is"
        else:
            self.text.end(tag)

    def data(self, text: str) -> None:
        if not self.cells_depth:
            self.tree.data(text)
        elif self.pieces is not None:
            self.pieces.append(text)
        else:
            self.text.data(text)

    def _end_cell(self) -> None:
        cell = len(self.rows)
        try:
            kind, payload = self._value()
            if self.rich and kind == ERROR:
                payload = self.reader.rich_errors.get(self.rich, payload)
            formula = self.formula is not None and self.formulas.add(cell, self.row, self.column, *self.formula, self.metadata)
        except CellProblem as problem:
            raise CellProblem(f"cell {self._place()}: {problem}") from None
        self.rows.append(self.row)
        self.columns.append(self.column)
        self.styles.append(self.style)
        self.kinds.append(kind)
        self.payload.append(payload)
        self.missing.append(formula and kind == BLANK)

    def _value(self) -> tuple[int, float]:
        if self.kind == "is":
            return TEXT, float(self.reader.texts.place(self.value or ""))
        return self.reader.value(self.kind, self.value)

    def _place(self) -> str:
        return f"{column_name(self.column)}{self.row + 1}"

    def finish(self) -> None:
        sheet = self.sheet
        sheet.rows, sheet.columns = np.array(self.rows, np.int32), np.array(self.columns, np.int32)
        sheet.styles = np.array(self.styles, np.int32)
        sheet.kinds, sheet.missing = np.array(self.kinds, np.uint8), np.array(self.missing, np.bool_)
        sheet.payload = np.array(self.payload, np.float64)
        self.formulas.settle(sheet.rows.astype(np.int64), sheet.columns.astype(np.int64), 0)
        self.formulas.store(sheet)
        put_in_order(sheet)

    def root(self) -> Element:
        return self.tree.close()
