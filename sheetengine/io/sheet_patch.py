"""Writes changed cells into the XML of a sheet and leaves every other byte as it is.

In: the part as blocks of bytes, a `SheetChanges`. Out: the new part as blocks of bytes, and whether formula cells came or went. A value
that keeps its type is cut out and replaced; only where the type or the formula changes is a cell's opening tag written anew.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sheetengine.address import Range
from sheetengine.errors import UnknownReference
from sheetengine.grid import BLANK, BOOLEAN, ERROR, NUMBER, TEXT
from sheetengine.io import cell_tags
from sheetengine.io.byte_numbers import PADDING
from sheetengine.io.cell_markup import TYPES, cell_element, contents, formula_element, keeps_space, value_element
from sheetengine.io.cell_tags import Odd
from sheetengine.io.row_stream import read_head, row_blocks
from sheetengine.io.sheet_changes import CONSTANT, FORMULA, KEEP, SheetChanges
from sheetengine.io.sheet_layout import OPENING, AnyLayout, Layout, common_layout, is_utf8
from sheetengine.io.splices import Splices
from sheetengine.values import error_from_id

_TYPE_OF_KIND: Final = np.full(256, 255, np.uint8)
_TYPE_OF_KIND[[NUMBER, BOOLEAN, TEXT]] = (cell_tags.TYPE_NUMBER, cell_tags.TYPE_BOOLEAN, cell_tags.TYPE_TEXT)
_DIMENSION = re.compile(rb'(<dimension\s[^<>]*ref=")([^"]*)"')
_SPANS = re.compile(rb'(\sspans=")(\d{1,5}):(\d{1,5})"')
_REF = re.compile(rb'(\sref=)["\'][^"\']*["\']')
_ENCODING = re.compile(r"(<\?xml[^>]*encoding=[\"'])[^\"']*")


@dataclass(slots=True)
class SheetPatch:
    """One sheet's changes on their way into its part; `metadata` is the `cm` number of dynamic arrays."""

    changes: SheetChanges
    texts: Sequence[str]
    metadata: int = 0
    rich: Mapping[str, int] = field(default_factory=dict)
    """The `vm` numbers of errors newer than the format."""
    around: Callable[[bytes], bytes] | None = None
    """What becomes of the XML before and behind the cells."""
    behind: Callable[[bytes], bytes] | None = None
    """What becomes of the XML behind the cells, then."""

    def common(self, blocks: Iterable[bytes]) -> Iterator[bytes]:
        """The new part, streamed; raises `Odd`, perhaps late, where the XML is not of the common form."""
        stream = iter(blocks)
        head, rest = read_head(stream)
        yield self._head(head)
        keys = self.changes.keys()
        done, previous = 0, -1
        tail: list[bytes] = []
        for rows, after in row_blocks(stream, rest):
            if after is None or rows or done < len(keys):
                layout = common_layout(rows)
                if len(layout.rows):
                    if layout.rows[0] <= previous:
                        raise Odd
                    previous = int(layout.rows[-1])
                last = len(keys) if after is not None else int(np.searchsorted(keys, (previous + 1) * 16_384))
                yield self._rows(layout, keys, done, last, len(PADDING), len(layout.data) - len(PADDING))
                done = last
            if after is not None:
                tail.append(after)
        yield self._behind(b"".join(tail))

    def _behind(self, tail: bytes) -> bytes:
        tail = tail if self.around is None else self.around(tail)
        return tail if self.behind is None else self.behind(tail)

    def any(self, data: bytes) -> Iterator[bytes]:
        """The new part, by the XML parser."""
        if not is_utf8(data):
            data = _to_utf8(data)
        places = AnyLayout(data)
        keys = self.changes.keys()
        if places.tail < 0:
            raise Odd
        if places.head < 0:
            opening = OPENING.match(data, places.tail)
            assert opening is not None
            layout = _nothing(places.prefix)
            yield self._head(data[: places.tail])
            yield opening[0].rstrip(b"/>").rstrip() + b">"
            yield self._rows(layout, keys, 0, len(keys), 0, 0)
            yield f"</{places.prefix}sheetData>".encode()
            yield self._behind(data[opening.end() :])
            return
        yield self._head(data[: places.head])
        yield self._rows(places.layout(), keys, 0, len(keys), places.head, places.tail)
        yield self._behind(data[places.tail :])

    def _head(self, head: bytes) -> bytes:
        """`<dimension>` made larger where cells come outside of it: some readers believe it."""
        if self.around is not None:
            head = self.around(head)
        match = _DIMENSION.search(head)
        there = self.changes.kinds != BLANK
        if self.changes.styles is not None:
            there = there | (self.changes.styles > 0)
        if match is None or not there.any():
            return head
        try:
            old = Range.parse(match[2].decode("ascii", "replace"))
        except UnknownReference:
            return head
        rows, columns = self.changes.rows[there], self.changes.columns[there]
        top, left = min(old.top, int(rows.min())), min(old.left, int(columns.min()))
        new = Range(top, left, max(old.bottom, int(rows.max())), max(old.right, int(columns.max())))
        return head if new == old else head[: match.start(2)] + str(new).encode() + head[match.end(2) :]

    def _rows(self, layout: Layout, keys: NDArray[np.int64], first: int, last: int, begin: int, end: int) -> bytes:
        """The rows of a layout with the changes `first` to `last` (not included) written in."""
        data = layout.data
        if first == last:
            return data[begin:end]
        wanted = keys[first:last]
        found = np.searchsorted(layout.keys, wanted)
        there = np.zeros(len(wanted), np.bool_)
        inside = found < len(layout.keys)
        there[inside] = layout.keys[found[inside]] == wanted[inside]
        states = np.zeros(len(wanted), np.uint8) if self.changes.states is None else self.changes.states[first:last]
        kinds = self.changes.kinds[first:last]
        texts = contents(kinds, self.changes.payload[first:last], self.texts)
        cells = np.where(there, found, 0)
        quick = np.zeros(len(wanted), np.bool_)
        if len(layout.keys):
            quick = there & (states == KEEP) & (layout.contents[0][cells] >= 0) & (layout.types[cells] == _TYPE_OF_KIND[kinds])
        if self.changes.styles is not None:
            quick &= self.changes.styles[first:last] < 0
        for place in self.changes.arrays:
            if first <= place < last:
                quick[place - first] = False
        for place in np.flatnonzero(quick & (kinds == TEXT)).tolist():
            quick[place] = not keeps_space(texts[place])
        edits = Splices()
        chosen = np.flatnonzero(quick)
        old = cells[chosen]
        chosen_texts = texts if len(chosen) == len(texts) else [texts[place] for place in chosen.tolist()]
        edits.add_many(layout.contents[0][old], layout.contents[1][old], chosen_texts)
        quick |= self._filled(layout, edits, cells, there & ~quick & (states == KEEP), kinds, texts, first)
        offset = 0 if self.changes.states is None else int((self.changes.states[:first] == FORMULA).sum())
        formula_places = np.cumsum(states == FORMULA) - 1 + offset
        for place in np.flatnonzero(there & ~quick).tolist():
            cell = int(cells[place])
            new = self._rewritten(layout, cell, first + place, texts[place], int(formula_places[place]))
            edits.add(int(layout.starts[cell]), int(layout.ends[cell]), new)
        new_places = np.flatnonzero(~there).tolist()
        if new_places:
            self._insert(
                layout, edits, [(place, int(wanted[place]), int(found[place])) for place in new_places], first, texts, formula_places, end
            )
        return edits.apply(data, begin, end)

    # -- cells that are there --------------------------------------------------------------------------------------

    def _filled(
        self, layout: Layout, edits: Splices, cells: NDArray[np.int64], open_cells: NDArray[np.bool_], kinds: NDArray[np.uint8], texts: list[str],
        first: int,
    ) -> NDArray[np.bool_]:  # fmt: skip
        """Formulas that had no value get one behind `</f>`, and the opening tag a type where it is no number; says which are done.

        What writers without an engine leave is this, cell after cell.
        """
        data = layout.data
        done = np.zeros(len(kinds), np.bool_)
        if len(layout.keys):
            done |= open_cells & (layout.formulas[0][cells] >= 0)
        if not done.any():
            return done
        empty = (layout.values[0][cells] < 0) | (layout.contents[0][cells] < 0) | (layout.contents[0][cells] == layout.contents[1][cells])
        done &= empty & (layout.types[cells] == cell_tags.TYPE_NUMBER) & np.isin(kinds, (NUMBER, BOOLEAN, TEXT, ERROR))
        if self.changes.styles is not None:
            done &= self.changes.styles[first : first + len(kinds)] < 0
        for place in self.changes.arrays:
            if first <= place < first + len(kinds):
                done[place - first] = False
        starts, ends = layout.formulas[0][cells], layout.formulas[1][cells]
        has = layout.values[0][cells] >= 0
        value_starts, value_ends = np.where(has, layout.values[0][cells], ends), np.where(has, layout.values[1][cells], ends)
        prefix = layout.prefix
        for place in np.flatnonzero(done & (kinds != NUMBER)).tolist():
            opening = data[layout.starts[cells[place]] : starts[place]]
            if b" t=" in opening or b" vm=" in opening or opening[-1:] != b">" or keeps_space(texts[place]) or self._rich(first + place):
                done[place] = False
                continue
            edits.add(int(starts[place]) - 1, int(starts[place]) - 1, f' t="{TYPES[int(kinds[place])]}"')
        chosen = np.flatnonzero(done)
        edits.add_many(value_starts[chosen], value_ends[chosen], [f"<{prefix}v>{texts[place]}</{prefix}v>" for place in chosen.tolist()])
        return done

    def _rewritten(self, layout: Layout, cell: int, place: int, content: str, formula_place: int) -> str:
        """A cell of the file with another type or formula."""
        changes, data, prefix = self.changes, layout.data, layout.prefix
        state = KEEP if changes.states is None else int(changes.states[place])
        kind = int(changes.kinds[place])
        opening = OPENING.match(data, int(layout.starts[cell]))
        assert opening is not None
        formula_start, formula_end = int(layout.formulas[0][cell]), int(layout.formulas[1][cell])
        value_end = int(layout.values[1][cell])
        had_formula = formula_start >= 0
        formula, metadata = "", 0
        array = changes.arrays.get(place)
        if state == FORMULA:
            formula = formula_element(changes.formulas[formula_place], array, prefix)
            metadata = self.metadata if array is not None and array.dynamic else 0
        elif state == KEEP and had_formula:
            raw = data[formula_start:formula_end]
            if array is not None:
                raw = _REF.sub(lambda match: match[1] + f'"{array.area}"'.encode(), raw, count=1)
            formula = raw.decode()
        name, value = value_element(kind, content, computed=state != CONSTANT, prefix=prefix)
        gone = {b"t", b"vm"} | ({b"cm"} if state != KEEP else set())
        style = -1 if changes.styles is None else int(changes.styles[place])
        if style >= 0:
            gone.add(b"s")
        text = opening[0]
        kept = [match[0] for match in _ATTRIBUTE.finditer(text) if match[1] not in gone]
        attributes = b"".join(kept).decode()
        attributes += f' s="{style}"' if style > 0 else ""
        rich = self._rich(place)
        attributes += (f' t="{name}"' if name else "") + (f' cm="{metadata}"' if metadata else "") + (f' vm="{rich}"' if rich else "")
        # what stands behind formula and value (an extension list) stays
        behind = ""
        if not text.endswith(b"/>"):
            closing = data.rindex(b"<", 0, int(layout.ends[cell]))
            behind = data[max(formula_end, value_end, opening.end()) : closing].decode().strip()
        tag = text[1 : len(prefix) + 2].decode()
        if formula or value or behind:
            return f"<{tag}{attributes}>{formula}{value}{behind}</{tag}>"
        return f"<{tag}{attributes}/>" if len(kept) > 1 or style > 0 else ""

    # -- cells that are not ----------------------------------------------------------------------------------------

    def _insert(
        self,
        layout: Layout,
        edits: Splices,
        new: list[tuple[int, int, int]],
        first: int,
        texts: list[str],
        formulas: NDArray[np.int64],
        end: int,
    ) -> None:
        """Cells that the file does not have: into their rows, or into rows of their own."""
        by_row: dict[int, list[tuple[int, int, str]]] = {}
        for place, key, found in new:
            cell = self._new(first + place, key, texts[place], int(formulas[place]), layout.prefix)
            if cell:
                by_row.setdefault(key >> 14, []).append((key, found, cell))
        rows = layout.rows
        for row, cells in by_row.items():
            index = int(np.searchsorted(rows, row))
            if index == len(rows) or rows[index] != row:
                at = int(layout.row_starts[index]) if index < len(rows) else end
                inner = "".join(cell for _, _, cell in cells)
                edits.add(at, at, f'<{layout.prefix}row r="{row + 1}">{inner}</{layout.prefix}row>')
                continue
            start, row_end = int(layout.row_starts[index]), int(layout.row_ends[index])
            opening = OPENING.match(layout.data, start)
            assert opening is not None
            widened = _widened(opening[0], cells)
            if row_end < 0:
                inner = "".join(cell for _, _, cell in cells)
                edits.add(start, opening.end(), f"{widened.rstrip(b'/>').rstrip().decode()}>{inner}</{layout.prefix}row>")
                continue
            if widened != opening[0]:
                edits.add(start, opening.end(), widened.decode())
            for _, found, cell in cells:
                beside = found < len(layout.keys) and int(layout.keys[found]) >> 14 == row
                at = int(layout.starts[found]) if beside else row_end
                edits.add(at, at, cell)

    def _new(self, place: int, key: int, content: str, formula_place: int, prefix: str) -> str:
        changes = self.changes
        state = KEEP if changes.states is None else int(changes.states[place])
        style = 0 if changes.styles is None else max(int(changes.styles[place]), 0)
        kind = int(changes.kinds[place])
        formula, metadata = "", 0
        if state == FORMULA:
            array = changes.arrays.get(place)
            formula = formula_element(changes.formulas[formula_place], array, prefix)
            metadata = self.metadata if array is not None and array.dynamic else 0
        if kind == BLANK and not formula and not style:
            return ""
        computed = state != CONSTANT
        rich = self._rich(place)
        return cell_element(key >> 14, key & 16_383, style, kind, content, formula, metadata, computed=computed, prefix=prefix, rich=rich)

    def _rich(self, place: int) -> int:
        """The `vm` number of a cell's error, 0 for none."""
        if not self.rich or int(self.changes.kinds[place]) != ERROR:
            return 0
        return self.rich.get(error_from_id(int(self.changes.payload[place])).code, 0)


_ATTRIBUTE = re.compile(rb"\s+([\w:.-]+)\s*=\s*(?:\"[^\"]*\"|'[^']*')")


def _widened(opening: bytes, cells: list[tuple[int, int, str]]) -> bytes:
    """The row's `spans`, a hint that Excel writes, made to hold its new cells."""
    match = _SPANS.search(opening)
    if match is None:
        return opening
    low = min(int(match[2]), (cells[0][0] & 16_383) + 1)
    high = max(int(match[3]), (cells[-1][0] & 16_383) + 1)
    return opening[: match.start()] + match[1] + f'{low}:{high}"'.encode() + opening[match.end() :]


def _nothing(prefix: str) -> Layout:
    none, pair = np.zeros(0, np.int64), np.zeros((2, 0), np.int64)
    return Layout(b"", none, none, none, pair, pair, pair, np.zeros(0, np.uint8), none, none, none, prefix)


def _to_utf8(data: bytes) -> bytes:
    """A part in another encoding as UTF-8; its declaration says so."""
    match = re.search(rb"<\?xml[^>]*encoding=[\"']([^\"']*)", data[:200])
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in data[:4]
    text = data.decode("utf-16" if wide else match[1].decode("ascii") if match else "utf-8")
    return _ENCODING.sub(lambda match: match[1] + "UTF-8", text.removeprefix("\ufeff"), count=1).encode()


def write_sheet(
    patch: SheetPatch, add: Callable[[Iterable[bytes]], None], blocks: Callable[[], Iterable[bytes]], whole: Callable[[], bytes]
) -> None:
    """Hand the new part to `add`; where the common form fails on the way, `add` is called again with all of it."""
    try:
        add(patch.common(blocks()))
    except Odd:
        add(patch.any(whole()))
