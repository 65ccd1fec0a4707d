"""A sheet's XML, and the parts that hang on it, after rows or columns were inserted or deleted.

In: bytes of a part, a `Shift` of whole lines, what becomes of formulas. Out: the part with every place in it where its cells are now.
Invariants: cells keep their XML but for their address; what stood on deleted cells alone goes; what cannot be moved raises `CannotMove`
with its name, before anything is written.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from sheetengine.address import Range, column_index, column_name
from sheetengine.errors import UnknownReference
from sheetengine.io.part_references import Rewrite, rewrite_references
from sheetengine.syntax.shift import Shift


class CannotMove(Exception):
    """What of a sheet cannot be moved yet."""


_CELLS = re.compile(rb"<((?:\w+:)?)sheetData\b[^>]*?(?:/>|>(.*)</\1sheetData>)", re.DOTALL)
_ROW = re.compile(rb"<((?:\w+:)?)row\b([^>]*?)(/>|>(.*?)</\1row>)", re.DOTALL)
_CELL = re.compile(rb"<((?:\w+:)?)c\b([^>]*?)(/>|>(.*?)</\1c>)", re.DOTALL)
_NUMBER = re.compile(rb'\sr="(\d{1,7})"')
_PLACE = re.compile(rb'(\sr=")([A-Za-z]{1,3})(\d{1,7})"')
_SPANS = re.compile(rb'\sspans="[^"]*"')
_FORMULA = re.compile(rb"<(?:\w+:)?f\b[^>]*>")
_REF = re.compile(rb'(\s(?:ref|r1|r2)=")([^"]*)"')
_AREAS = re.compile(rb'(\s(?:ref|sqref|activeCell|topLeftCell)=")([^"]*)"')
_COLUMN = re.compile(rb"<(?:\w+:)?col\b[^>]*?/>")
_MIN, _MAX = re.compile(rb'\smin="(\d+)"'), re.compile(rb'\smax="(\d+)"')
_BREAKS = re.compile(rb"<((?:\w+:)?)(row|col)Breaks\b[^>]*>.*?</\1\2Breaks>", re.DOTALL)
_BREAK = re.compile(rb'<(?:\w+:)?brk\b[^>]*?\sid="(\d+)"[^>]*?/>')
_ON_CELLS: Final = (
    b"mergeCell",
    b"hyperlink",
    b"conditionalFormatting",
    b"dataValidation",
    b"ignoredError",
    b"protectedRange",
    b"autoFilter",
    b"sortState",
)
_ELEMENT: Final = {name: re.compile(rb"<((?:\w+:)?)" + name + rb"\b([^>]*?)(/>|>.*?</\1" + name + rb">)", re.DOTALL) for name in _ON_CELLS}
_OWN_AREA = re.compile(rb'\s(?:ref|sqref)="([^"]*)"')
_LISTS: Final = (b"mergeCells", b"hyperlinks", b"dataValidations", b"ignoredErrors", b"protectedRanges")
_LIST: Final = {name: re.compile(rb"<((?:\w+:)?)" + name + rb"\b[^>]*>.*?</\1" + name + rb">", re.DOTALL) for name in _LISTS}
_VALIDATION = re.compile(rb"<(?:\w+:)?dataValidation\b")
_EXTENDED = re.compile(rb"(<((?:\w+:)?)sqref>)([^<]*)(</\2sqref>)")


def shift_sheet(data: bytes, shift: Shift, rewrite: Rewrite) -> bytes:
    """The sheet part; `rewrite` is for formulas outside of cells."""
    match = _CELLS.search(data)
    if match is None:
        raise CannotMove("a sheet without cells of the usual form")
    body = match[2] or b""
    head, tail = data[: match.start()], data[match.end() :]
    if body:
        start = match.start(2) - match.start()
        cells = match[0][:start] + _rows(body, shift) + match[0][start + len(body) :]
    else:
        cells = match[0]
    head = _AREAS.sub(lambda found: found[1] + _areas(found[2], shift, keep=True) + b'"', head)
    if not shift.rows:
        head = re.sub(rb"<(?:\w+:)?cols>.*?</(?:\w+:)?cols>", lambda found: _columns(found[0], shift), head, flags=re.DOTALL)
    return head + cells + _around(tail, shift, rewrite)


def area_text(text: bytes, shift: Shift) -> bytes | None:
    """A rectangle as text, None where all of it is gone."""
    try:
        area = Range.parse(text.decode("ascii", "replace"))
    except UnknownReference:
        return text
    moved = shift.area((area.top, area.left, area.bottom, area.right))
    return None if moved is None else str(Range(*moved)).encode()


def _areas(text: bytes, shift: Shift, *, keep: bool) -> bytes:
    """Several rectangles; where none is left, the old ones if they must be some."""
    moved = [area for one in text.split() if (area := area_text(one, shift)) is not None]
    return b" ".join(moved) if moved or not keep else text


# -- cells -----------------------------------------------------------------------------------------------------------------


def _rows(body: bytes, shift: Shift) -> bytes:
    def row(match: re.Match[bytes]) -> bytes:
        number = _NUMBER.search(match[2])
        if number is None:
            raise CannotMove("rows without numbers")
        inner = match[4] or b""
        opening = match[2]
        if shift.rows:
            line = shift.line(int(number[1]) - 1)
            if line is None:
                return b""
            new = line + 1
            if new == int(number[1]):
                return match[0] if b"<f" not in inner else _row_of(match, opening, _formulas(inner, shift))
            opening = _NUMBER.sub(b' r="%d"' % new, opening, count=1)
            inner = _PLACE.sub(lambda cell: b'%s%s%d"' % (cell[1], cell[2], new), inner)
        else:
            opening = _SPANS.sub(b"", opening)
            inner = _CELL.sub(lambda cell: _moved_cell(cell, shift), inner)
        return _row_of(match, opening, _formulas(inner, shift))

    return _ROW.sub(row, body)


def _row_of(match: re.Match[bytes], opening: bytes, inner: bytes) -> bytes:
    if match[3] == b"/>":
        return b"<%srow%s/>" % (match[1], opening)
    return b"<%srow%s>%s</%srow>" % (match[1], opening, inner, match[1])


def _moved_cell(match: re.Match[bytes], shift: Shift) -> bytes:
    place = _PLACE.search(match[2])
    if place is None:
        raise CannotMove("cells without addresses")
    line = shift.line(column_index(place[2].decode()))
    if line is None:
        return b""
    at = match.start(2) - match.start()
    new = b'%s%s%s"' % (place[1], column_name(line).encode(), place[3])
    return match[0][: at + place.start()] + new + match[0][at + place.end() :]


def _formulas(inner: bytes, shift: Shift) -> bytes:
    """The rectangles of array formulas and data tables; the texts are compared with the engine's later."""

    def formula(match: re.Match[bytes]) -> bytes:
        return _REF.sub(lambda found: found[1] + _areas(found[2], shift, keep=True) + b'"', match[0])

    return _FORMULA.sub(formula, inner) if b"ref=" in inner or b"r1=" in inner else inner


# -- around the cells ------------------------------------------------------------------------------------------------------


def _columns(cols: bytes, shift: Shift) -> bytes:
    def column(match: re.Match[bytes]) -> bytes:
        low, high = _MIN.search(match[0]), _MAX.search(match[0])
        if low is None or high is None:
            return match[0]
        moved = shift.interval(int(low[1]) - 1, int(high[1]) - 1)
        if moved is None:
            return b""
        return _MAX.sub(b' max="%d"' % (moved[1] + 1), _MIN.sub(b' min="%d"' % (moved[0] + 1), match[0]))

    moved = _COLUMN.sub(column, cols)
    return moved if _COLUMN.search(moved) else b""


def _around(tail: bytes, shift: Shift, rewrite: Rewrite) -> bytes:
    if not shift.rows and b"filterColumn" in tail:
        raise CannotMove("a filter with conditions on columns that move")
    tail = rewrite_references(tail, rewrite)
    for name in _ON_CELLS:
        tail = _ELEMENT[name].sub(lambda match: _on_cells(match, shift), tail)
    tail = _EXTENDED.sub(lambda match: match[1] + _areas(match[3], shift, keep=True) + match[4], tail)
    for name in _LISTS:
        tail = _LIST[name].sub(lambda match: _counted(match[0]), tail)
    return _BREAKS.sub(lambda match: _breaks(match[0], match[2] == b"row", shift), tail)


def _on_cells(match: re.Match[bytes], shift: Shift) -> bytes:
    """An element that stands on cells: moved, or gone with the last of them."""
    area = _OWN_AREA.search(match[2])
    if area is None:
        return match[0]
    moved = _areas(area[1], shift, keep=False)
    if not moved or (b":" in area[1] and b":" not in moved and b"mergeCell" in match[0][:20]):
        return b""
    at = match.start(2) - match.start()
    return match[0][: at + area.start(1)] + moved + match[0][at + area.end(1) :]


def _counted(element: bytes) -> bytes:
    """A list with the number of its children; gone where it has none."""
    begin, end = element.index(b">") + 1, element.rindex(b"</")
    count = (
        element.count(b"<", begin, end) - element.count(b"</", begin, end)
        if b"dataValidation" not in element[:30]
        else len(_VALIDATION.findall(element, begin, end))
    )
    return re.sub(rb'\scount="\d+"', b' count="%d"' % count, element[:begin]) + element[begin:] if count else b""


def _breaks(element: bytes, rows: bool, shift: Shift) -> bytes:
    if rows != shift.rows:
        return element

    def one(match: re.Match[bytes]) -> bytes:
        line = shift.line(int(match[1]))
        at = match.start(1) - match.start()
        return b"" if line is None else match[0][:at] + b"%d" % line + match[0][at + len(match[1]) :]

    moved = _BREAK.sub(one, element)
    count = len(_BREAK.findall(moved))
    return re.sub(rb'\s(count|manualBreakCount)="\d+"', b' \\1="%d"' % count, moved) if count else b""


# -- parts that hang on a sheet --------------------------------------------------------------------------------------------

_ANCHOR = re.compile(rb"<((?:\w+:)?)(two|one)CellAnchor\b([^>]*)>(.*?)</\1\2CellAnchor>", re.DOTALL)
_END = re.compile(rb"<((?:\w+:)?)(from|to)>(.*?)</\1\2>", re.DOTALL)
_COMMENT = re.compile(rb"<((?:\w+:)?)(comment|threadedComment)\b([^>]*)(/>|>.*?</\1\2>)", re.DOTALL)
_SHAPE = re.compile(rb"<v:shape\b.*?</v:shape>", re.DOTALL)
_VML_LINE = {True: re.compile(rb"(<x:Row>)(\d+)(</x:Row>)"), False: re.compile(rb"(<x:Column>)(\d+)(</x:Column>)")}
_VML_ANCHOR = re.compile(rb"(<x:Anchor>)([^<]*)(</x:Anchor>)")


def shift_drawing(data: bytes, shift: Shift) -> bytes:
    """Pictures and charts move with the cells they stand on; those that shall not, stay."""
    line = re.compile(rb"(<(?:\w+:)?" + (b"row" if shift.rows else b"col") + rb">)(\d+)(<)")

    def anchor(match: re.Match[bytes]) -> bytes:
        if b'editAs="absolute"' in match[3]:
            return match[0]
        ends = {found[2]: int(number[2]) for found in _END.finditer(match[4]) if (number := line.search(found[3])) is not None}
        if b"from" not in ends:
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


def _gathered(line: int, shift: Shift) -> int:
    """Where a line goes; one that is deleted is where what follows begins."""
    moved = shift.line(line)
    return shift.at if moved is None else moved


def shift_comments(data: bytes, shift: Shift) -> bytes:
    """Comments, old and threaded, by the cells they belong to."""

    def comment(match: re.Match[bytes]) -> bytes:
        area = _OWN_AREA.search(match[3])
        moved = None if area is None else area_text(area[1], shift)
        if area is None or moved is None:
            return b"" if area is not None else match[0]
        at = match.start(3) - match.start()
        return match[0][: at + area.start(1)] + moved + match[0][at + area.end(1) :]

    return _COMMENT.sub(comment, data)


def shift_vml(data: bytes, shift: Shift) -> bytes:
    """The frames of old comments."""
    place = 2 if shift.rows else 0

    def shape(match: re.Match[bytes]) -> bytes:
        found = _VML_LINE[shift.rows].search(match[0])
        if found is None:
            return match[0]
        line = shift.line(int(found[2]))
        if line is None:
            return b""
        moved = _VML_LINE[shift.rows].sub(lambda number: b"%s%d%s" % (number[1], line, number[3]), match[0])
        by = line - int(found[2])

        def anchor(text: re.Match[bytes]) -> bytes:
            numbers = text[2].split(b",")
            if len(numbers) != 8:
                return text[0]
            for index in (place, place + 4):
                numbers[index] = b" %d" % max(int(numbers[index]) + by, 0)
            return text[1] + b",".join(numbers) + text[3]

        return _VML_ANCHOR.sub(anchor, moved)

    return _SHAPE.sub(shape, data)


Mover = Callable[[bytes, Shift], bytes]
MOVERS: Final[dict[str, Mover]] = {
    "drawing": shift_drawing, "comments": shift_comments, "threadedComment": shift_comments, "vmlDrawing": shift_vml,
}  # fmt: skip
"""By the kind of the arrow from the sheet."""
HARMLESS: Final = frozenset({"table", "hyperlink", "printerSettings", "image", "customProperty", "oleObject", "package"})
