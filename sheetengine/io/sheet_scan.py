"""A sheet's XML scanned by arithmetic on bytes, some megabytes of rows at a time, straight into columns.

In: the part as blocks of bytes, a `CellReader`. Out: the cells of a `SheetDocument` and the XML around them. Only the form that Excel,
LibreOffice, openpyxl, XlsxWriter and Google Sheets write is read; anything else raises `Odd` and goes to `sheet_plain`, which is
the specification: both give equal documents, by test.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sheetengine.address import MAX_ROWS
from sheetengine.grid import BLANK, BOOLEAN, NUMBER, TEXT
from sheetengine.io import cell_tags, markup
from sheetengine.io.byte_numbers import PADDING, Block, Places, numbers, quoted_number, whole_numbers
from sheetengine.io.cell_tags import PRESERVE_LENGTH, Cells, Odd, Tags, find_tags, read_cells
from sheetengine.io.cell_values import CellProblem, CellReader
from sheetengine.io.document import NO_GROUP, SheetDocument, put_in_order
from sheetengine.io.formula_cells import FormulaColumns
from sheetengine.io.markup import MarkupProblem, unescape_entities, unescape_text
from sheetengine.io.shared_strings import text_of

_MOST_ROW: Final = 32 << 20
"""Bytes of one row at which the scanner gives up: the widest row of Excel takes some hundred thousand."""
_MOST_AROUND: Final = 128 << 20
_MOST_KNOWN: Final = 10_000

_ENCODING = re.compile(rb"encoding=[\"']([^\"']*)[\"']")
_MAIN = re.compile(
    rb"\sxmlns=\"(?:http://schemas\.openxmlformats\.org/spreadsheetml/2006/main|http://purl\.oclc\.org/ooxml/spreadsheetml/main)\""
)
_HIDDEN_ROW = re.compile(rb"<row ([^<>]*?hidden=\"(?:1|true)\"[^<>]*)>")
_ROW_NUMBER = re.compile(rb"(?:^|\s)r=\"([0-9]+)\"")
_ATTRIBUTE = re.compile(r"\s+([\w:]+)=\"([^\"<&]*)\"")
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
            if sum(map(len, tail)) > _MOST_AROUND:
                raise MarkupProblem(f"what stands behind the cells takes more than {_MOST_AROUND:,} bytes")
    if not tail:
        raise Odd
    scan.finish()
    return b"".join([head, *tail])


def read_head(stream: Iterator[bytes]) -> tuple[bytes, bytes]:
    """The XML up to and with `<sheetData>`, and what was read behind it."""
    data = next(stream, b"")
    while (found := data.find(b"<sheetData>")) < 0:
        more = next(stream, None)
        if more is None or len(data) > _MOST_AROUND:
            raise Odd
        data += more
    end = found + len(b"<sheetData>")
    head = data[:end]
    encoding = _ENCODING.search(head[:200])
    known = encoding is None or encoding[1].lower() in (b"utf-8", b"us-ascii")
    opening = head[head.find(b"<worksheet") :].partition(b">")[0]
    if not known or b"<!" in head or not head.lstrip(b"\xef\xbb\xbf").lstrip().startswith(b"<") or not _MAIN.search(opening):
        raise Odd
    return head, data[end:]


def row_blocks(stream: Iterator[bytes], rest: bytes) -> Iterator[tuple[bytes, bytes | None]]:
    """Blocks of complete rows; behind the last, the rest of the part in pieces, from `</sheetData>` on."""
    while True:
        end = rest.find(b"</sheetData>")
        if end >= 0:
            yield rest[:end], rest[end:]
            break
        cut = rest.rfind(b"</row>") + 6
        if cut > 6:
            yield rest[:cut], None
            rest = rest[cut:]
        elif len(rest) > _MOST_ROW:
            raise Odd
        more = next(stream, None)
        if more is None:
            raise Odd
        rest += more
    for piece in stream:
        yield b"", piece


class _Scan:
    """Collects the columns of a sheet, block by block."""

    def __init__(self, sheet: SheetDocument, reader: CellReader, formulas: FormulaColumns) -> None:
        self.sheet = sheet
        self.reader = reader
        self.formulas = formulas
        self.shared_strings = np.array(reader.shared_strings, np.int64)
        self.count = 0
        self.planes: list[tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32], NDArray[np.uint8], NDArray[np.float64]]] = []
        self.missing: list[NDArray[np.bool_]] = []
        self.attributes: dict[str, dict[str, str]] = {}
        self.followers: dict[str, str] = {}

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
        texts = _Slices(block.data)
        kinds = np.zeros(len(cells.rows), np.uint8)
        payload = np.zeros(len(cells.rows), np.float64)
        self._values(block, tags, cells, texts, kinds, payload)
        self._inline(block, tags, cells, texts, kinds, payload)
        missing = self._formulas(block, tags, cells, texts, kinds)
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
        self, block: Block, tags: Tags, cells: Cells, texts: _Slices, kinds: NDArray[np.uint8], payload: NDArray[np.float64]
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

    def _texts(self, texts: _Slices, starts: Places, ends: Places) -> list[int]:
        place = self.reader.texts.place
        found = texts.many(starts, ends)
        return [place(unescape_text(text)) for text in found] if texts.escapes else [place(text) for text in found]

    def _inline(
        self, block: Block, tags: Tags, cells: Cells, texts: _Slices, kinds: NDArray[np.uint8], payload: NDArray[np.float64]
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

    def _formulas(self, block: Block, tags: Tags, cells: Cells, texts: _Slices, kinds: NDArray[np.uint8]) -> NDArray[np.bool_]:
        codes = tags.codes
        missing = np.zeros(len(kinds), np.bool_)
        index = np.flatnonzero((codes == cell_tags.FORMULA) | (codes == cell_tags.FORMULA_WITH))
        if not len(index):
            return missing
        owners = tags.cells[index]
        starts, ends = tags.places[index] + 3, tags.places[index + 1]
        if (codes[index] == cell_tags.FORMULA).all() and not (block.bytes[starts] == ord("=")).any():
            found = texts.many(starts, ends)
            if (starts < ends).all():
                is_formula: NDArray[np.bool_] | None = None
                self.formulas.extend((owners + self.count).tolist(), found)
            else:
                is_formula = starts < ends
                self.formulas.extend((owners[is_formula] + self.count).tolist(), [text for text in found if text])
        else:
            is_formula = self._formulas_with(block, codes[index], owners, cells, texts, starts, ends)
        holders = owners if is_formula is None else owners[is_formula]
        missing[holders] = kinds[holders] == BLANK
        return missing

    def _formulas_with(
        self, block: Block, codes: NDArray[np.uint8], owners: Places, cells: Cells, texts: _Slices, starts: Places, ends: Places
    ) -> NDArray[np.bool_]:
        """Formulas of which some have attributes."""
        group_names = self._followers(block, codes, starts, ends)
        others = np.flatnonzero(group_names < 0)
        if 8 * len(others) > len(codes):
            return np.array(self._one_by_one(codes, owners, cells, texts, starts, ends), np.bool_)
        # Nearly all are `t="shared" si="0"/>`: runs of them are taken as arrays, between the formulas that have a text.
        is_formula = np.ones(len(codes), np.bool_)
        begin = 0
        for place in [*others.tolist(), len(codes)]:
            if place > begin and not self.formulas.follow(owners[begin:place] + self.count, group_names[begin:place]):
                raise Odd
            if place < len(codes):
                one = slice(place, place + 1)
                is_formula[place] = self._one_by_one(codes[one], owners[one], cells, texts, starts[one], ends[one])[0]
            begin = place + 1
        return is_formula

    def _followers(self, block: Block, codes: NDArray[np.uint8], starts: Places, ends: Places) -> Places:
        """The `si` of each formula that is nothing but a follower of a shared one, -1 for any other."""
        found = np.full(len(codes), -1, np.int64)
        chosen = np.flatnonzero((codes == cell_tags.FORMULA_WITH) & (ends - starts >= 19))
        places = starts[chosen]
        first, second = block.words[places], block.words[places + 8] & _SEVEN
        fits = (first == _FOLLOWER[0]) & (second == _FOLLOWER[1])
        chosen, places = chosen[fits], places[fits]
        value, digits, good = quoted_number(block, places + 15)
        behind = places + 15 + digits.astype(np.int64)
        good &= (behind + 3 == ends[chosen]) & ((block.quads[behind] & np.uint32(0xFFFFFF)) == _FOLLOWER_END)
        found[chosen[good]] = value[good]
        return found

    def _one_by_one(
        self, codes: NDArray[np.uint8], owners: Places, cells: Cells, texts: _Slices, starts: Places, ends: Places
    ) -> list[bool]:
        formulas, known, followers = self.formulas, self.attributes, self.followers
        add_cell, add_text, add_group = formulas.cells.append, formulas.texts.append, formulas.shared.append
        groups = formulas.current
        is_formula = []
        found = texts.many(starts, ends, clean=False)
        for plain, cell, text in zip((codes == cell_tags.FORMULA).tolist(), owners.tolist(), found, strict=True):
            if not plain and text in followers and (group := groups.get(followers[text])) is not None:
                # by far the most frequent in Excel's files, so without a call: `t="shared" si="0"/>`
                add_cell(cell + self.count)
                add_text(None)
                add_group(group)
                is_formula.append(True)
                continue
            if plain:
                attributes, body = _NONE, text
            elif text.endswith("/>"):
                attributes, body = known.get(text[:-2]) or self._attributes(text[:-2]), ""
                if len(attributes) == 2 and attributes.get("t") == "shared" and "si" in attributes:
                    followers[text] = attributes["si"]
            else:
                opening, closed, body = text.partition(">")
                if not closed:
                    raise Odd
                attributes = known.get(opening) or self._attributes(opening)
            body = texts.clean(body)
            if body and "t" not in attributes and body[0] != "=":
                add_cell(cell + self.count)
                add_text(body)
                add_group(NO_GROUP)
                is_formula.append(True)
                continue
            metadata = 0 if cells.metadata is None else int(cells.metadata[cell])
            row, column = int(cells.rows[cell]), int(cells.columns[cell])
            try:
                is_formula.append(formulas.add(cell + self.count, row, column, attributes, body, metadata))
            except CellProblem:
                raise Odd from None
        return is_formula

    def _attributes(self, opening: str) -> dict[str, str]:
        """The attributes in the text of a tag, which are the same in many."""
        data = " " + opening.rstrip()
        attributes = {}
        end = 0
        for match in _ATTRIBUTE.finditer(data):
            if match.start() != end:
                raise Odd
            end = match.end()
            attributes[match[1]] = match[2]
        if end != len(data):
            raise Odd
        if len(self.attributes) > _MOST_KNOWN:
            self.attributes.clear()
        self.attributes[opening] = attributes
        return attributes

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


_NONE: Final[dict[str, str]] = {}
_FOLLOWER: Final = tuple(np.uint64(int.from_bytes(part, "little")) for part in (b't="share', b'd" si="'))
_INLINE_HEAD: Final = np.uint64(int.from_bytes(b"<is><t>", "little"))
_INLINE_TAIL: Final = np.uint64(int.from_bytes(b"</t>", "little"))
_HALF: Final = np.uint64(32)
_SEVEN: Final = np.uint64(int.from_bytes(b"\xff" * 7, "little"))
_FOLLOWER_END: Final = np.uint32(int.from_bytes(b'"/>', "little"))


class _Slices:
    """Texts cut out of a block, with XML's entities and line ends undone."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    @cached_property
    def _dirty(self) -> bool:
        return b"&" in self._data or b"\r" in self._data

    @cached_property
    def escapes(self) -> bool:
        """Whether Excel's own escapes may be among them."""
        return b"_x" in self._data

    @cached_property
    def _ascii(self) -> str | None:
        # In ASCII, places of bytes are places of letters: one decoding for all, slices of it 3 times as fast.
        return self._data.decode("ascii") if self._data.isascii() else None

    def raw(self, start: int, end: int) -> str:
        """As it stands."""
        if self._ascii is not None:
            return self._ascii[start:end]
        try:
            return self._data[start:end].decode()
        except UnicodeDecodeError:
            raise Odd from None

    def one(self, start: int, end: int) -> str:
        """One text."""
        return self.clean(self.raw(start, end))

    def many(self, starts: Places, ends: Places, *, clean: bool = True) -> list[str]:
        """Many texts."""
        pairs = zip(starts.tolist(), ends.tolist(), strict=True)
        text, data = self._ascii, self._data
        if text is not None:
            found = [text[start:end] for start, end in pairs]
        else:
            try:
                found = [data[start:end].decode() for start, end in pairs]
            except UnicodeDecodeError:
                raise Odd from None
        if not clean or not self._dirty:
            return found
        if not found or b"\1" in data:
            return [self.clean(piece) for piece in found]
        # All at once; a character that XML does not allow keeps them apart.
        return self.clean("\1".join(found)).split("\1")

    def clean(self, text: str) -> str:
        """XML's entities and line ends undone."""
        try:
            return unescape_entities(text)
        except ValueError:
            raise Odd from None
