"""Where the rows, cells, formulas and values of a sheet's XML stand, byte by byte.

In: some complete rows, or a whole part. Out: a `Layout`, which `sheet_patch` cuts and joins by. Two ways to find one, as for reading: by
arithmetic on bytes for the common form, by the XML parser for any other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.parsers import expat

import numpy as np
from numpy.typing import NDArray

from sheetengine.io import cell_tags, markup
from sheetengine.io.byte_numbers import PADDING, Block, Places, quoted_number
from sheetengine.io.cell_tags import Odd, find_tags, read_cells
from sheetengine.io.cell_values import place_of
from sheetengine.io.markup import MarkupProblem, integer

OPENING = re.compile(rb"<[^\"'>]*(?:\"[^\"]*\"[^\"'>]*|'[^']*'[^\"'>]*)*>")
"""A whole opening tag, also one with `>` in an attribute."""


@dataclass(slots=True)
class Layout:
    """Cells in row-major order and rows in ascending order, with places in `data`; -1 stands for "there is none".

    `formulas`, `values` and `contents` are pairs of columns: where the element `<f>`, the element `<v>` or `<is>`, and the text in
    `<v>` begin and end. `row_ends` is where a new last cell of the row goes, -1 in a row that closes itself.
    """

    data: bytes
    keys: Places
    starts: Places
    ends: Places
    formulas: Places
    values: Places
    contents: Places
    types: NDArray[np.uint8]
    rows: Places
    row_starts: Places
    row_ends: Places
    prefix: str = ""


def common_layout(data: bytes) -> Layout:
    """The layout of complete rows in the common form; raises `Odd` for any other."""
    if b"xmlns" in data:
        raise Odd
    block = Block(b"".join((PADDING, data, PADDING)))
    if b"<" not in data:
        return _empty(block.data)
    tags = find_tags(block)
    cells = read_cells(block, tags)
    keys = cells.rows * 16_384 + cells.columns
    if len(keys) > 1 and not (keys[1:] > keys[:-1]).all():
        raise Odd
    codes, places = tags.codes, tags.places
    rows = np.flatnonzero(codes == cell_tags.ROW)
    numbers, _, good = quoted_number(block, places[rows] + 8)
    if not good.all() or not (block.words[places[rows]] == np.uint64(int.from_bytes(b'<row r="', "little"))).all():
        raise Odd
    row_numbers = numbers.astype(np.int64) - 1
    if len(row_numbers) > 1 and not (row_numbers[1:] > row_numbers[:-1]).all():
        raise Odd
    if len(keys) and not np.array_equal(row_numbers[np.cumsum(codes == cell_tags.ROW)[codes == cell_tags.CELL] - 1], cells.rows):
        raise Odd
    index = np.flatnonzero(codes == cell_tags.CELL)
    following = np.append(codes, np.uint8(cell_tags.ROW))
    places = np.append(places, len(data) + len(PADDING))
    formula_tags = index + 1
    has_formula = np.isin(following[formula_tags], (cell_tags.FORMULA, cell_tags.FORMULA_WITH, cell_tags.FORMULA_EMPTY))
    formulas, after = _elements(block, following, places, formula_tags, has_formula)
    value_tags = np.where(has_formula, after, index + 1)
    has_value = np.isin(following[value_tags], (cell_tags.VALUE, cell_tags.VALUE_EMPTY, cell_tags.INLINE))
    values, after = _elements(block, following, places, value_tags, has_value)
    # a cell's end: its own closing tag, or where its opening tag closes itself
    closing = np.where(has_value, after, value_tags)
    closed = following[closing] == cell_tags.CELL_END
    ends = np.where(closed, places[closing] + 4, 0)
    for cell in np.flatnonzero(~closed).tolist():
        ends[cell] = block.data.index(b">", int(places[index[cell]])) + 1
    simple = has_value & (following[value_tags] == cell_tags.VALUE)
    content_starts = places[value_tags] + 3
    content_starts += (block.bytes[np.minimum(content_starts - 1, len(block.bytes) - 1)] == ord(" ")) * cell_tags.PRESERVE_LENGTH
    contents = np.where(simple, np.stack([content_starts, values[1] - 4]), -1)
    closed_rows = following[rows + 1] == cell_tags.ROW
    last_tags = np.append(rows[1:], len(codes)) - 1
    row_ends = np.where(closed_rows, -1, places[last_tags])
    return Layout(block.data, keys, places[index], ends, formulas, values, contents, cells.types, row_numbers, places[rows], row_ends)


def _elements(block: Block, codes: NDArray[np.uint8], places: Places, tags: Places, there: NDArray[np.bool_]) -> tuple[Places, Places]:
    """Where elements begin and end, and the tag behind each: `<f>…</f>` are two tags, `<f/>` is one."""
    kinds = codes[tags]
    nexts = codes[np.minimum(tags + 1, len(codes) - 1)]
    pairs = (nexts == cell_tags.FORMULA_END) | (nexts == cell_tags.VALUE_END) | (nexts == cell_tags.INLINE_END)
    lengths = np.where(kinds == cell_tags.INLINE, 5, 4)
    closing = np.minimum(tags + 1, len(places) - 1)
    ends = places[closing] + lengths
    alone = np.flatnonzero(there & ~pairs)
    if len(alone):
        # `<v/>` and `<v />` are what writers leave; only other ways need a search.
        starts = places[tags[alone]]
        ends[alone] = np.where(
            block.bytes[starts + 3] == ord(">"), starts + 4, np.where(block.bytes[starts + 4] == ord(">"), starts + 5, -1)
        )
        for element in alone[ends[alone] < 0].tolist():
            ends[element] = block.data.index(b">", int(places[tags[element]])) + 1
    found = np.where(there, np.stack([places[tags], ends]), -1)
    return found, np.where(pairs, tags + 2, tags + 1)


def _empty(data: bytes) -> Layout:
    none = np.zeros(0, np.int64)
    pair = np.zeros((2, 0), np.int64)
    return Layout(data, none, none, none, pair, pair, pair, np.zeros(0, np.uint8), none, none, none)


class AnyLayout:
    """The layout of a whole part by the XML parser; `head` and `tail` are where the content of `<sheetData>` begins and ends.

    `head` is -1 where `<sheetData/>` closes itself; then `tail` is where that tag begins.
    """

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._parser = parser = expat.ParserCreate(namespace_separator=" ")
        parser.namespace_prefixes = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.StartDoctypeDeclHandler = self._refuse
        self._depth = self._inside = 0
        self._open: list[tuple[int, int] | None] = []
        """For each open element whether its tag closes itself, and where."""
        self._row = self._column = -1
        self._cells: list[list[int]] = []
        self._rows: list[list[int]] = []
        self.head = self.tail = -1
        self.prefix = ""
        try:
            parser.Parse(data, True)
        except expat.ExpatError as error:
            raise MarkupProblem(f"its XML is damaged: {expat.ErrorString(error.code)} (line {error.lineno})") from None

    def _refuse(self, *_: object) -> None:
        raise MarkupProblem("it has a document type declaration")

    def _opening_end(self, start: int) -> int:
        match = OPENING.match(self.data, start)
        if match is None:
            raise MarkupProblem(f"its XML is damaged at byte {start}")
        return match.end()

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        # Where the parser says that `<f/>` ends differs between its versions: it is known from here instead.
        start = self._parser.CurrentByteIndex
        end = self._opening_end(start)
        self._open.append((start, end) if self.data[end - 2 : end] == b"/>" else None)
        parts = tag.split(" ")
        local = parts[1] if len(parts) > 1 and parts[0] in markup.MAIN else ""
        here = self._parser.CurrentByteIndex
        if self._depth == 2 and local == "sheetData":
            self._inside = self._depth
            self.head = self._opening_end(here)
            self.prefix = f"{parts[2]}:" if len(parts) > 2 else ""
            return
        if not self._inside:
            return
        match self._depth - self._inside, local:
            case 1, "row":
                number = attributes.get("r")
                self._row = self._row + 1 if number is None else integer(number) - 1
                self._column = -1
                self._rows.append([self._row, here, -1])
            case 2, "c":
                place = attributes.get("r")
                if place is None:
                    self._column += 1
                else:
                    self._row, self._column = place_of(place)
                kind = attributes.get("t", "n")
                known = cell_tags.TYPES.index(kind) if kind in cell_tags.TYPES else cell_tags.TYPE_INLINE
                self._cells.append([self._row * 16_384 + self._column, here, -1, -1, -1, -1, -1, -1, -1, known])
            case 3, "f":
                self._cells[-1][3] = here
            case 3, "v" | "is":
                self._cells[-1][5] = here

    def _end(self, tag: str) -> None:
        inside = self._depth - self._inside
        self._depth -= 1
        closed = self._open.pop()
        if not self._inside:
            return
        here = self._parser.CurrentByteIndex if closed is None else closed[0]
        parts = tag.split(" ")
        local = parts[1] if len(parts) > 1 and parts[0] in markup.MAIN else ""
        end = self._opening_end(here) if closed is None else closed[1]
        match inside, local:
            case 0, "sheetData":
                self.tail = here
                if closed is not None:
                    self.head = -1
                self._inside = 0
            case 1, "row":
                self._rows[-1][2] = here if closed is None else -1
            case 2, "c":
                self._cells[-1][2] = end
            case 3, "f":
                self._cells[-1][4] = end
            case 3, "v" | "is":
                self._cells[-1][6] = end

    def layout(self) -> Layout:
        """Cells and rows; of two cells at one place the last counts, as in reading."""
        cells = np.array(self._cells, np.int64).reshape(-1, 10)
        rows = np.array(self._rows, np.int64).reshape(-1, 3)
        cells, rows = _last_of_each(cells), _last_of_each(rows)
        turned = cells.T
        return Layout(
            self.data, turned[0], turned[1], turned[2], turned[3:5], turned[5:7], np.full((2, len(cells)), -1, np.int64),
            turned[9].astype(np.uint8), rows.T[0], rows.T[1], rows.T[2], self.prefix,
        )  # fmt: skip


def _last_of_each(table: Places) -> Places:
    order = np.argsort(table[:, 0], kind="stable")
    table = table[order]
    return table[np.append(table[1:, 0] != table[:-1, 0], True)] if len(table) else table


def is_utf8(data: bytes) -> bool:
    """Whether places of characters that XML needs can be found by bytes."""
    head = data[:200]
    if head[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in head[:4]:
        return False
    match = re.search(rb"<\?xml[^>]*encoding=[\"']([^\"']*)", head)
    return match is None or match[1].lower() in (b"utf-8", b"us-ascii", b"ascii")
