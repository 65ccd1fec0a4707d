"""A sheet's XML after rows, columns or single cells were inserted or deleted, or cells were cut and pasted.

In: bytes of the part, a `Way`, what becomes of formulas. Out: the part with every place in it where its cells are now. Invariants:
cells keep their XML but for their address; what stood on deleted cells alone goes; what cannot be moved raises `CannotMove` with its
name, before anything is written.
"""

from __future__ import annotations

import re
from typing import Final

from sheetengine.address import Address, Range, column_index, column_name
from sheetengine.errors import UnknownReference
from sheetengine.io.filter_columns import conditions_lost, moved_conditions
from sheetengine.io.markup import ATTRIBUTES
from sheetengine.io.part_references import Rewrite, rewrite_references
from sheetengine.syntax.move import Move
from sheetengine.syntax.shift import Shift

Way = Shift | Move
"""What cells went through: lines and cells inserted or deleted, or cells cut and pasted."""


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
    b"sortCondition",
)
_ELEMENT: Final = {
    name: re.compile(rb"<((?:\w+:)?)" + name + rb"\b(" + ATTRIBUTES + rb")(/>|>.*?</\1" + name + rb">)", re.DOTALL) for name in _ON_CELLS
}
_OWN_AREA = re.compile(rb'\s(?:ref|(sqref))="([^"]*)"')
_LISTS: Final = (b"mergeCells", b"hyperlinks", b"dataValidations", b"ignoredErrors", b"protectedRanges")
_LIST: Final = {name: re.compile(rb"<((?:\w+:)?)" + name + rb"\b[^>]*>.*?</\1" + name + rb">", re.DOTALL) for name in _LISTS}
_VALIDATION = re.compile(rb"<(?:\w+:)?dataValidation\b")
_SHARED = re.compile(rb"<((?:\w+:)?)f\b([^>]*?\st=\"shared\"[^>]*?)(/>|>(.*?)</\1f>)", re.DOTALL)
_DIMENSION = re.compile(rb'(<(?:\w+:)?dimension\s[^<>]*?ref=")[^"]*"')
_EXTENDED = re.compile(rb"(<((?:\w+:)?)sqref>)([^<]*)(</\2sqref>)")


def shift_sheet(data: bytes, shift: Way, rewrite: Rewrite) -> bytes:
    """The sheet part; `rewrite` is for formulas outside of cells."""
    match = _CELLS.search(data)
    if match is None:
        raise CannotMove("a sheet without cells of the usual form")
    whole = shift if isinstance(shift, Shift) and shift.whole else None
    body = match[2] or b""
    head, tail = data[: match.start()], data[match.end() :]
    if body:
        start = match.start(2) - match.start()
        cells = match[0][:start] + (_rows(body, whole) if whole is not None else _banded(body, shift)) + match[0][start + len(body) :]
    else:
        cells = match[0]
    head = _AREAS.sub(lambda found: found[1] + _areas(found[2], shift, keep=True) + b'"', head)
    if whole is None:
        head = _dimension(head, cells)
    elif not whole.rows:
        head = re.sub(rb"<(?:\w+:)?cols>.*?</(?:\w+:)?cols>", lambda found: _columns(found[0], whole), head, flags=re.DOTALL)
    return head + cells + _around(tail, shift, rewrite)


def formula_cells(data: bytes) -> set[str]:
    """The addresses of the cells of a sheet part that hold a formula."""
    found = set()
    for cell in _CELL.finditer(data):
        place = _PLACE.search(cell[2]) if _FORMULA.search(cell[4] or b"") else None
        if place is not None:
            found.add((place[2] + place[3]).decode())
    return found


def area_text(text: bytes, shift: Way) -> bytes | None:
    """A rectangle as text, None where all of it is gone."""
    try:
        area = Range.parse(text.decode("ascii", "replace"))
    except UnknownReference:
        return text
    moved = shift.area((area.top, area.left, area.bottom, area.right))
    return None if moved is None else str(Range(*moved)).encode()


def _areas(text: bytes, shift: Way, *, keep: bool, split: bool = False) -> bytes:
    """Several rectangles; where none is left, the old ones if they must be some. `split`: one that moves in part becomes several."""
    moved = []
    for one in text.split():
        if not split:
            moved += [one for one in (area_text(one, shift),) if one is not None]
            continue
        try:
            area = Range.parse(one.decode("ascii", "replace"))
        except UnknownReference:
            moved.append(one)
        else:
            moved += [str(Range(*piece)).encode() for piece in shift.pieces((area.top, area.left, area.bottom, area.right))]
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


def _banded(body: bytes, shift: Way) -> bytes:
    """The rows after single cells moved: each cell goes to its place, the rows stay.

    Formulas that share one text get out of each other's sight; those that need a text again get it from the engine.
    """
    openings: dict[int, tuple[bytes, bytes]] = {}
    cells: dict[int, list[tuple[int, bytes]]] = {}
    for row in _ROW.finditer(body):
        number = _NUMBER.search(row[2])
        if number is None:
            raise CannotMove("rows without numbers")
        openings[int(number[1])] = (row[1], _SPANS.sub(b"", row[2]))
        for cell in _CELL.finditer(row[4] or b""):
            place = _PLACE.search(cell[2])
            if place is None:
                raise CannotMove("cells without addresses")
            moved = shift.cell(int(place[3]) - 1, column_index(place[2].decode()))
            if moved is not None:
                at = cell.start(2) - cell.start()
                address = b'%s%s"' % (place[1], str(Address(*moved)).encode())
                text = cell[0][: at + place.start()] + address + cell[0][at + place.end() :]
                cells.setdefault(moved[0] + 1, []).append((moved[1], _formulas(_SHARED.sub(_alone, text), shift)))
    prefix = next(iter(openings.values()))[0] if openings else b""
    rows = []
    for line in sorted(openings.keys() | cells.keys()):
        own, opening = openings.get(line, (prefix, b' r="%d"' % line))
        inner = b"".join(text for _, text in sorted(cells.get(line, [])))
        rows.append(b"<%srow%s>%s</%srow>" % (own, opening, inner, own) if inner else b"<%srow%s/>" % (own, opening))
    return b"".join(rows)


def _alone(match: re.Match[bytes]) -> bytes:
    """A formula that shares its text with others by itself: with the text where it stands there."""
    return b"<%sf>%s</%sf>" % (match[1], match[4], match[1]) if match[4] else b""


def _dimension(head: bytes, cells: bytes) -> bytes:
    """The rectangle of all cells, found anew."""
    places = [
        Address.parse((place[2] + place[3]).decode()) for cell in _CELL.finditer(cells) if (place := _PLACE.search(cell[2])) is not None
    ]
    if not places:
        return head
    rows, columns = [place.row for place in places], [place.column for place in places]
    area = Range(min(rows), min(columns), max(rows), max(columns))
    return _DIMENSION.sub(lambda match: match[1] + str(area).encode() + b'"', head, count=1)


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


def _formulas(inner: bytes, shift: Way) -> bytes:
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


def _around(tail: bytes, shift: Way, rewrite: Rewrite) -> bytes:
    if isinstance(shift, Shift) and not shift.rows:
        tail = _ELEMENT[b"autoFilter"].sub(lambda match: _filter(match, shift), tail)
    tail = rewrite_references(tail, rewrite)
    for name in _ON_CELLS:
        tail = _ELEMENT[name].sub(lambda match: _on_cells(match, shift), tail)
    tail = _EXTENDED.sub(lambda match: match[1] + _areas(match[3], shift, keep=True, split=True) + match[4], tail)
    for name in _LISTS:
        tail = _LIST[name].sub(lambda match: _counted(match[0]), tail)
    if isinstance(shift, Shift) and shift.whole:
        tail = _BREAKS.sub(lambda match: _breaks(match[0], match[2] == b"row", shift), tail)
    return tail


def _filter(match: re.Match[bytes], shift: Shift) -> bytes:
    """The conditions of the sheet's filter at the columns where they are now, while its range is still the old one."""
    area = _OWN_AREA.search(match[2])
    if area is None:
        return match[0]
    old = Range.parse(area[2].decode())
    new = shift.area((old.top, old.left, old.bottom, old.right))
    if new is None or not shift.reaches((old.top, old.left, old.bottom, old.right)):
        return match[0]
    left = new[1]

    def now(place: int) -> int | None:
        line = shift.line(old.left + place)
        return None if line is None else line - left

    if conditions_lost(match[0], now):
        raise CannotMove("a filter, of which a column with conditions was deleted")
    return moved_conditions(match[0], now)


def _on_cells(match: re.Match[bytes], shift: Way) -> bytes:
    """An element that stands on cells: moved, or gone with the last of them."""
    area = _OWN_AREA.search(match[2])
    if area is None:
        return match[0]
    moved = _areas(area[2], shift, keep=False, split=area[1] is not None)
    if not moved or (b":" in area[2] and b":" not in moved and b"mergeCell" in match[0][:20]):
        return b""
    at = match.start(2) - match.start()
    return match[0][: at + area.start(2)] + moved + match[0][at + area.end(2) :]


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
