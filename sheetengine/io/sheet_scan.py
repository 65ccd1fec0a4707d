"""A sheet's XML scanned by arithmetic on bytes, some megabytes of rows at a time, straight into columns.

In: the part as blocks of bytes, a `CellReader`. Out: the cells of a `SheetDocument` and the XML around them. Only the form that Excel,
LibreOffice, openpyxl, XlsxWriter and Google Sheets write is read; anything else raises `Odd` and goes to `sheet_plain`, which is
the specification: both give equal documents, by test.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sheetengine.address import MAX_ROWS
from sheetengine.grid import BLANK, BOOLEAN, NUMBER, TEXT
from sheetengine.io import cell_tags, markup
from sheetengine.io.byte_numbers import PADDING, Block, Places, numbers, quoted_number, whole_numbers
from sheetengine.io.cell_tags import PRESERVE_LENGTH, Cells, Odd, Tags, find_tags, read_cells
from sheetengine.io.cell_values import CellProblem, CellReader
from sheetengine.io.document import SheetDocument, put_in_order
from sheetengine.io.formula_cells import FormulaColumns
from sheetengine.io.formula_scan import FormulaScan
from sheetengine.io.markup import MarkupProblem, unescape_text
from sheetengine.io.row_stream import MOST_AROUND, read_head, row_blocks
from sheetengine.io.shared_strings import text_of
from sheetengine.io.text_slices import TextSlices

_HIDDEN_ROW = re.compile(rb"<row ([^<>]*?hidden=\"(?:1|true)\"[^<>]*)>")
_ROW_NUMBER = re.compile(rb"(?:^|\s)r=\"([0-9]+)\"")
_SIMPLE_INLINE = re.compile(r"<t(?: xml:space=\"preserve\")?>([^<]*)</t>")


def read_sheet(sheet: SheetDocument, blocks: Iterable[bytes], reader: CellReader, formulas: FormulaColumns) -> bytes:
    """Fill the cells of a sheet; gives the XML of everything but the cells. Raises `Odd`, having touched only its arguments."""
    scan = _Scan(sheet, reader, formulas)
    stream = iter(blocks)
    head, rest = read_head(stream)
    tail: list[bytes] = []
    for rows, after in row_blocks(stream, rest):
        if rows:
            if reader.rich_errors and b' vm="' in rows:
                raise Odd
            scan.block(rows)
        if after is not None:
            tail.append(after)
            if sum(map(len, tail)) > MOST_AROUND:
                raise MarkupProblem(f"what stands behind the cells takes more than {MOST_AROUND:,} bytes")
    if not tail:
        raise Odd
    scan.finish()
    return b"".join([head, *tail])


class _Scan:
    """Collects the columns of a sheet, block by block."""

    def __init__(self, sheet: SheetDocument, reader: CellReader, formulas: FormulaColumns) -> None:
        self.sheet = sheet
        self.reader = reader
        self.formulas = formulas
        self.formula_scan = FormulaScan(formulas)
        self.shared_strings = np.array(reader.shared_strings, np.int64)
        self.count = 0
        self.planes: list[tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32], NDArray[np.uint8], NDArray[np.float64]]] = []
        self.missing: list[NDArray[np.bool_]] = []

    def block(self, data: bytes) -> None:
        """Some complete rows."""
        if b"xmlns" in data:
            raise Odd
        if b"<" not in data:
            return
        block = Block(b"".join((PADDING, data, PADDING)))
        tags = find_tags(block)
        self._hidden_rows(data, block, tags)
        cells = read_cells(block, tags)
        texts = TextSlices(block.data)
        kinds = np.zeros(len(cells.rows), np.uint8)
        payload = np.zeros(len(cells.rows), np.float64)
        self._values(block, tags, cells, texts, kinds, payload)
        self._inline(block, tags, cells, texts, kinds, payload)
        missing = self.formula_scan.block(block, tags, cells, texts, kinds, self.count)
        self.planes.append((cells.rows.astype(np.int32), cells.columns.astype(np.int32), cells.styles, kinds, payload))
        self.missing.append(missing)
        self.formulas.settle(cells.rows, cells.columns, self.count)
        self.count += len(kinds)

    def _hidden_rows(self, data: bytes, block: Block, tags: Tags) -> None:
        places = tags.places[tags.codes == cell_tags.ROW]
        words = block.words[places + 1]
        mask, pattern = np.uint64(int.from_bytes(b"\xff" * 7, "little")), np.uint64(int.from_bytes(b'row r="', "little"))
        if not ((words & mask) == pattern).all() or (block.bytes[places + 8] == ord("0")).any():
            raise Odd
        numbers_of_rows, _, good = quoted_number(block, places + 8)
        if not good.all() or (len(places) and int(numbers_of_rows.max()) > MAX_ROWS):
            raise Odd
        if b"hidden" in data:
            for match in _HIDDEN_ROW.finditer(data):
                number = _ROW_NUMBER.search(match[1])
                if number is None:
                    raise Odd
                self.sheet.hidden_rows.add(int(number[1]) - 1)

    def _values(
        self, block: Block, tags: Tags, cells: Cells, texts: TextSlices, kinds: NDArray[np.uint8], payload: NDArray[np.float64]
    ) -> None:
        index = np.flatnonzero((tags.codes == cell_tags.VALUE) | (tags.codes == cell_tags.VALUE_EMPTY))
        if not len(index):
            return
        owners = tags.cells[index]
        starts = tags.places[index] + 3
        starts += (block.bytes[starts - 1] == ord(" ")) * PRESERVE_LENGTH
        ends = np.where(tags.codes[index] == cell_tags.VALUE, tags.places[np.minimum(index + 1, len(tags.codes) - 1)], starts)
        types = cells.types[owners]
        for kind in np.flatnonzero(np.bincount(types, minlength=len(cell_tags.TYPES))).tolist():
            chosen = np.flatnonzero(types == kind)
            if len(chosen) == len(types):
                some, first, last = owners, starts, ends
            else:
                some, first, last = owners[chosen], starts[chosen], ends[chosen]
            match kind:
                case cell_tags.TYPE_NUMBER:
                    found, good = numbers(block, first, last)
                    kinds[some], payload[some] = NUMBER, found
                    if not good.all():
                        empty = last <= first
                        kinds[some[empty]], payload[some[empty]] = BLANK, 0.0
                        good |= empty
                case cell_tags.TYPE_SHARED:
                    number, good = whole_numbers(block, first, last)
                    good &= number < len(self.shared_strings)
                    kinds[some] = TEXT
                    payload[some[good]] = self.shared_strings[number[good].astype(np.int64)]
                case cell_tags.TYPE_BOOLEAN:
                    digit = block.bytes[first]
                    good = (last - first == 1) & ((digit == ord("0")) | (digit == ord("1")))
                    kinds[some], payload[some] = BOOLEAN, digit - np.uint8(ord("0"))
                case cell_tags.TYPE_TEXT | cell_tags.TYPE_INLINE:
                    kinds[some], payload[some] = TEXT, self._texts(texts, first, last)
                    continue
                case _:
                    good = np.zeros(len(some), np.bool_)
            for place in np.flatnonzero(~good).tolist():
                cell = int(some[place])
                kinds[cell], payload[cell] = self._one(cell_tags.TYPES[kind], texts.one(int(first[place]), int(last[place])))

    def _one(self, kind: str, text: str) -> tuple[int, float]:
        try:
            return self.reader.value(kind, text)
        except CellProblem:
            raise Odd from None  # the plain reader names the cell

    def _texts(self, texts: TextSlices, starts: Places, ends: Places) -> list[int]:
        place = self.reader.texts.place
        found = texts.many(starts, ends)
        return [place(unescape_text(text)) for text in found] if texts.escapes else [place(text) for text in found]

    def _inline(
        self, block: Block, tags: Tags, cells: Cells, texts: TextSlices, kinds: NDArray[np.uint8], payload: NDArray[np.float64]
    ) -> None:
        index = np.flatnonzero(tags.codes == cell_tags.INLINE)
        if not len(index):
            return
        owners = tags.cells[index]
        if not (cells.types[owners] == cell_tags.TYPE_INLINE).all():
            raise Odd
        place = self.reader.texts.place
        kinds[owners] = TEXT
        starts, ends = tags.places[index], tags.places[index + 1]
        if ((block.words[starts] & _SEVEN) == _INLINE_HEAD).all() and ((block.words[ends - 8] >> _HALF) == _INLINE_TAIL).all():
            found = texts.many(starts + 7, ends - 4, clean=False)
            if (ends - starts >= 11).all() and not any("<" in text for text in found):
                # `<is><t>…</t></is>` and nothing else: what openpyxl and most others write.
                payload[owners] = self._texts(texts, starts + 7, ends - 4)
                return
        for cell, start, end in zip(owners.tolist(), tags.places[index].tolist(), tags.places[index + 1].tolist(), strict=True):
            raw = texts.raw(start, end)
            opening, closed, inner = raw.partition(">")
            match = _SIMPLE_INLINE.fullmatch(inner)
            if opening != "<is" or not closed:
                raise Odd
            if match:
                text = unescape_text(texts.clean(match[1]))
            else:
                try:
                    text = text_of(markup.parse(f"<is>{inner}</is>".encode()))
                except MarkupProblem:
                    raise Odd from None
            payload[cell] = place(text)

    def finish(self) -> None:
        """Hand the columns over."""
        sheet = self.sheet
        if self.planes:
            parts = [list(plane) for plane in zip(*self.planes, strict=True)]
            self.planes.clear()
            # One plane after the other: the pieces of one go before the next is joined.
            for name, pieces in zip(("rows", "columns", "styles", "kinds", "payload"), parts, strict=True):
                setattr(sheet, name, np.concatenate(pieces))
                pieces.clear()
            sheet.missing = np.concatenate(self.missing)
            self.missing.clear()
        self.formulas.store(sheet)
        put_in_order(sheet)


_INLINE_HEAD: Final = np.uint64(int.from_bytes(b"<is><t>", "little"))
_INLINE_TAIL: Final = np.uint64(int.from_bytes(b"</t>", "little"))
_HALF: Final = np.uint64(32)
_SEVEN: Final = np.uint64(int.from_bytes(b"\xff" * 7, "little"))
