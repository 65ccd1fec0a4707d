"""The parts that hang on a sheet after lines or cells of it were inserted, deleted or moved: drawings, comments, pivot tables.

In: bytes of a part, a `Way`. Out: the part with every place in it where its cells are now. Invariants: what stood on deleted cells
alone goes; what stands across the edge of the moved cells stays; what cannot be moved raises `CannotMove` with its name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from sheetengine.address import Range
from sheetengine.io.sheet_shift import CannotMove, Way, area_text
from sheetengine.syntax.move import Move
from sheetengine.syntax.shift import Shift

_ANCHOR = re.compile(rb"<((?:\w+:)?)(two|one)CellAnchor\b([^>]*)>(.*?)</\1\2CellAnchor>", re.DOTALL)
_END = re.compile(rb"<((?:\w+:)?)(from|to)>(.*?)</\1\2>", re.DOTALL)
_LINE = {True: re.compile(rb"(<(?:\w+:)?row>)(\d+)(<)"), False: re.compile(rb"(<(?:\w+:)?col>)(\d+)(<)")}
_COMMENT = re.compile(rb"<((?:\w+:)?)(comment|threadedComment)\b([^>]*)(/>|>.*?</\1\2>)", re.DOTALL)
_REF = re.compile(rb'\sref="([^"]*)"')
_SHAPE = re.compile(rb"<v:shape\b.*?</v:shape>", re.DOTALL)
_VML_LINE = {True: re.compile(rb"(<x:Row>)(\d+)(</x:Row>)"), False: re.compile(rb"(<x:Column>)(\d+)(</x:Column>)")}
_VML_ANCHOR = re.compile(rb"(<x:Anchor>)([^<]*)(</x:Anchor>)")
_LOCATION = re.compile(rb"<(?:\w+:)?location\b[^>]*>")
_PAGES = re.compile(rb'\srowPageCount="(\d+)"')


def shift_drawing(data: bytes, shift: Way) -> bytes:
    """Pictures and charts move with the cells they stand on; those that shall not, stay."""
    if isinstance(shift, Move):
        return _ANCHOR.sub(lambda match: _moved_anchor(match, shift), data)
    line, across = _LINE[shift.rows], _LINE[not shift.rows]

    def anchor(match: re.Match[bytes]) -> bytes:
        if b'editAs="absolute"' in match[3]:
            return match[0]
        ends = {found[2]: int(number[2]) for found in _END.finditer(match[4]) if (number := line.search(found[3])) is not None}
        beside = [int(number[2]) for found in _END.finditer(match[4]) if (number := across.search(found[3])) is not None]
        if b"from" not in ends or not all(shift.low <= number <= shift.high for number in beside):
            return match[0]
        new = {b"from": _gathered(ends[b"from"], shift)}
        if b"to" in ends:
            size = ends[b"to"] - ends[b"from"]
            new[b"to"] = new[b"from"] + size if b'editAs="oneCell"' in match[3] else max(_gathered(ends[b"to"], shift), new[b"from"])

        def end(found: re.Match[bytes]) -> bytes:
            at = found.start(3) - found.start()
            inner = line.sub(lambda number: b"%s%d%s" % (number[1], new[found[2]], number[3]), found[3], count=1)
            return found[0][:at] + inner + found[0][at + len(found[3]) :]

        at = match.start(4) - match.start()
        return match[0][:at] + _END.sub(end, match[4]) + match[0][at + len(match[4]) :]

    return _ANCHOR.sub(anchor, data)


def _moved_anchor(match: re.Match[bytes], move: Move) -> bytes:
    """A picture goes with cells that are cut and pasted where all of it stands on them."""
    ends = [(_LINE[True].search(end[3]), _LINE[False].search(end[3])) for end in _END.finditer(match[4])]
    places = [(int(row[2]), int(column[2])) for row, column in ends if row is not None and column is not None]
    top, left, bottom, right = move.source
    inside = all(top <= row <= bottom and left <= column <= right for row, column in places)
    if b'editAs="absolute"' in match[3] or len(places) != len(ends) or not inside:
        return match[0]

    def end(found: re.Match[bytes]) -> bytes:
        text = _LINE[True].sub(lambda number: b"%s%d%s" % (number[1], int(number[2]) + move.down, number[3]), found[0])
        return _LINE[False].sub(lambda number: b"%s%d%s" % (number[1], int(number[2]) + move.right, number[3]), text)

    at = match.start(4) - match.start()
    return match[0][:at] + _END.sub(end, match[4]) + match[0][at + len(match[4]) :]


def _gathered(line: int, shift: Shift) -> int:
    """Where a line goes; one that is deleted is where what follows begins."""
    moved = shift.line(line)
    return shift.at if moved is None else moved


def shift_comments(data: bytes, shift: Way) -> bytes:
    """Comments, old and threaded, by the cells they belong to."""

    def comment(match: re.Match[bytes]) -> bytes:
        area = _REF.search(match[3])
        moved = None if area is None else area_text(area[1], shift)
        if area is None or moved is None:
            return b"" if area is not None else match[0]
        at = match.start(3) - match.start()
        return match[0][: at + area.start(1)] + moved + match[0][at + area.end(1) :]

    return _COMMENT.sub(comment, data)


def shift_vml(data: bytes, shift: Way) -> bytes:
    """The frames of old comments."""
    if isinstance(shift, Move):
        return _SHAPE.sub(lambda match: _moved_shape(match[0], shift), data)
    place = 2 if shift.rows else 0

    def shape(match: re.Match[bytes]) -> bytes:
        found, across = _VML_LINE[shift.rows].search(match[0]), _VML_LINE[not shift.rows].search(match[0])
        if found is None or (across is not None and not shift.low <= int(across[2]) <= shift.high):
            return match[0]
        line = shift.line(int(found[2]))
        if line is None:
            return b""
        moved = _VML_LINE[shift.rows].sub(lambda number: b"%s%d%s" % (number[1], line, number[3]), match[0])
        by = line - int(found[2])

        return _VML_ANCHOR.sub(lambda text: _anchor_by(text, {place: by, place + 4: by}), moved)

    return _SHAPE.sub(shape, data)


def _moved_shape(shape: bytes, move: Move) -> bytes:
    """A frame whose cell was cut and pasted, or overwritten."""
    row, column = _VML_LINE[True].search(shape), _VML_LINE[False].search(shape)
    if row is None or column is None:
        return shape
    now = move.cell(int(row[2]), int(column[2]))
    if now is None:
        return b""
    down, right = now[0] - int(row[2]), now[1] - int(column[2])
    shape = _VML_LINE[True].sub(lambda number: b"%s%d%s" % (number[1], now[0], number[3]), shape)
    shape = _VML_LINE[False].sub(lambda number: b"%s%d%s" % (number[1], now[1], number[3]), shape)
    return _VML_ANCHOR.sub(lambda text: _anchor_by(text, {0: right, 4: right, 2: down, 6: down}), shape)


def _anchor_by(text: re.Match[bytes], by: Mapping[int, int]) -> bytes:
    """The eight numbers that say where a frame is, some of them larger or smaller."""
    numbers = text[2].split(b",")
    if len(numbers) != 8:
        return text[0]
    for index, more in by.items():
        numbers[index] = b" %d" % max(int(numbers[index]) + more, 0)
    return text[1] + b",".join(numbers) + text[3]


def shift_pivot(data: bytes, shift: Way) -> bytes:
    """A pivot table moves as a whole, with the filters that stand above it; Excel cuts none either."""

    def location(match: re.Match[bytes]) -> bytes:
        found, pages = _REF.search(match[0]), _PAGES.search(match[0])
        if found is None:
            return match[0]
        area = Range.parse(found[1].decode("ascii", "replace"))
        # The filters have a row each, and one between them and the table.
        top = max(area.top - (int(pages[1]) + 1 if pages is not None else 0), 0)
        extent = (top, area.left, area.bottom, area.right)
        moved = shift.area(extent)
        if moved is None or _cut(extent, shift) or (moved[2] - moved[0], moved[3] - moved[1]) != (extent[2] - top, area.right - area.left):
            raise CannotMove(f"the pivot table in {area}, which would be cut")
        new = Range(moved[0] + area.top - top, *moved[1:])
        return match[0][: found.start(1)] + str(new).encode() + match[0][found.end(1) :]

    return _LOCATION.sub(location, data, count=1)


def _cut(extent: tuple[int, int, int, int], shift: Way) -> bool:
    """Whether only a part of a rectangle lies where cells move."""
    if isinstance(shift, Move):
        return shift.pieces(extent) not in ([extent], [shift.area(extent)])
    top, left, bottom, right = shift.zone
    meets = extent[0] <= bottom and extent[2] >= top and extent[1] <= right and extent[3] >= left
    return meets and not shift.reaches(extent)


Mover = Callable[[bytes, Way], bytes]
MOVERS: Final[dict[str, Mover]] = {
    "drawing": shift_drawing, "comments": shift_comments, "threadedComment": shift_comments, "vmlDrawing": shift_vml,
    "pivotTable": shift_pivot,
}  # fmt: skip
"""By the kind of the arrow from the sheet."""
HARMLESS: Final = frozenset({"table", "hyperlink", "printerSettings", "image", "customProperty", "oleObject", "package"})
