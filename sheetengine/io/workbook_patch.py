"""The workbook part with other tabs and names, everything else byte for byte.

In: the part's bytes, the tabs and the defined names as they are to be. Out: the new bytes. Invariant: an element that says what it
said keeps its bytes; only the number of its sheet may change.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from sheetengine.io.cell_markup import escape, escape_attribute, keeps_space
from sheetengine.io.document import Calculation, NameText
from sheetengine.io.markup import ATTRIBUTES, integer, unescape_entities

_SHEETS = re.compile(rb"<((?:\w+:)?)sheets\b[^>]*>(.*?)</(?:\w+:)?sheets>", re.DOTALL)
_SHEET = re.compile(rb"<(?:\w+:)?sheet\b" + ATTRIBUTES + rb"(?:/>|>.*?</(?:\w+:)?sheet>)", re.DOTALL)
_NAMES = re.compile(rb"<(?:\w+:)?definedNames\b[^>]*?(?:/>|>(.*?)</(?:\w+:)?definedNames>)", re.DOTALL)
_NAME = re.compile(rb"<(?:\w+:)?definedName\b(" + ATTRIBUTES + rb")(?:/>|>(.*?)</(?:\w+:)?definedName>)", re.DOTALL)
_BEFORE_NAMES = re.compile(rb"</(?:\w+:)?sheets>|</(?:\w+:)?functionGroups>|</(?:\w+:)?externalReferences>")
_CALCULATION = re.compile(rb"<(?:\w+:)?calcPr\b[^>]*?/?>")
_BEFORE_CALCULATION = re.compile(
    rb"</(?:\w+:)?sheets>|</(?:\w+:)?functionGroups>|</(?:\w+:)?externalReferences>|</(?:\w+:)?definedNames>|<(?:\w+:)?definedNames\b[^>]*/>"
)
_PROPERTIES = re.compile(rb"<(?:\w+:)?workbookPr\b[^>]*?/?>")
_AFTER_PROPERTIES = re.compile(rb"<((?:\w+:)?)(?:workbookProtection|bookViews|sheets)\b")
_VIEW = re.compile(rb"(<(?:\w+:)?workbookView\b[^>]*?)(\s*/?>)")


class Tab(NamedTuple):
    """A sheet as the workbook lists it; `place` is where the file has it, None for a new one with its numbers."""

    place: int | None
    name: str
    state: str = "visible"
    relationship: str = ""
    number: int = 0


def _attribute(name: bytes) -> re.Pattern[bytes]:
    return re.compile(rb"\s" + name + rb"\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")


_ATTRIBUTES = {
    name: _attribute(name)
    for name in (
        b"name", b"state", b"sheetId", b"localSheetId", b"activeTab", b"firstSheet",
        b"calcMode", b"iterate", b"iterateCount", b"iterateDelta", b"fullPrecision", b"date1904",
    )
}  # fmt: skip


def _get(element: bytes, name: bytes) -> str | None:
    match = _ATTRIBUTES[name].search(element)
    if match is None:
        return None
    return unescape_entities((match[1] if match[1] is not None else match[2]).decode("utf-8", "replace"))


def _set(element: bytes, name: bytes, value: str | None) -> bytes:
    """An opening tag with an attribute changed, added or taken away."""
    match = _ATTRIBUTES[name].search(element)
    text = b"" if value is None else b' %s="%s"' % (name, escape_attribute(value).encode())
    if match is not None:
        return element[: match.start()] + text + element[match.end() :]
    end = re.search(rb"\s*/?>", element)
    assert end is not None
    return element[: end.start()] + text + element[end.start() :]


def sheet_numbers(data: bytes) -> list[int]:
    """The `sheetId` of each tab."""
    match = _SHEETS.search(data)
    return [] if match is None else [integer(_get(element, b"sheetId")) for element in _SHEET.findall(match[2])]


def patch_tabs(data: bytes, tabs: Sequence[Tab]) -> bytes:
    """The workbook with these tabs in this order."""
    match = _SHEETS.search(data)
    assert match is not None
    old = _SHEET.findall(match[2])
    prefix = match[1].decode()
    pieces = []
    for tab in tabs:
        if tab.place is None:
            state = f' state="{tab.state}"' if tab.state != "visible" else ""
            pieces.append(
                f'<{prefix}sheet name="{escape_attribute(tab.name)}" sheetId="{tab.number}"{state} r:id="{tab.relationship}"/>'.encode()
            )
            continue
        element = old[tab.place]
        if _get(element, b"name") != tab.name:
            element = _set(element, b"name", tab.name)
        if (_get(element, b"state") or "visible") != tab.state:
            element = _set(element, b"state", None if tab.state == "visible" else tab.state)
        pieces.append(element)
    new = b"".join(pieces)
    if new.replace(b" ", b"") != match[2].replace(b" ", b""):
        data = data[: match.start(2)] + new + data[match.end(2) :]
        data = _moved_view(data, tabs)
    return data


def _moved_view(data: bytes, tabs: Sequence[Tab]) -> bytes:
    """The tab that shows first keeps showing, at its new place."""

    def moved(match: re.Match[bytes]) -> bytes:
        view = match[1] + match[2]
        for name in (b"activeTab", b"firstSheet"):
            old = integer(_get(view, name))
            new = next((index for index, tab in enumerate(tabs) if tab.place == old), 0)
            if _get(view, name) is not None and new != old:
                view = _set(view, name, str(new))
        return view

    return _VIEW.sub(moved, data)


def patch_calculation(data: bytes, settings: Calculation) -> bytes:
    """The workbook part with other settings of calculation; what an attribute's absence says is said by its absence."""
    plain = Calculation()
    wanted = {
        b"calcMode": None if settings.mode == plain.mode else settings.mode,
        b"iterate": "1" if settings.iterate else None,
        b"iterateCount": None if settings.iterate_count == plain.iterate_count else str(settings.iterate_count),
        b"iterateDelta": None if settings.iterate_delta == plain.iterate_delta else repr(settings.iterate_delta),
        b"fullPrecision": None if settings.full_precision else "0",
    }
    match = _CALCULATION.search(data)
    if match is None:
        prefix = _SHEETS.search(data)
        before = [found.end() for found in _BEFORE_CALCULATION.finditer(data)]
        if prefix is None or not before:
            return data
        element, start, end = b"<%scalcPr/>" % prefix[1], before[-1], before[-1]
    else:
        element, start, end = match[0], match.start(), match.end()
    for name, value in wanted.items():
        element = _set(element, name, value)
    return data[:start] + element + data[end:]


def patch_calendar(data: bytes, date1904: bool) -> bytes:
    """The workbook part with dates that count from 1904, or from 1900."""
    match = _PROPERTIES.search(data)
    if match is not None:
        return data[: match.start()] + _set(match[0], b"date1904", "1" if date1904 else None) + data[match.end() :]
    following = _AFTER_PROPERTIES.search(data)
    if following is None or not date1904:
        return data
    return data[: following.start()] + b'<%sworkbookPr date1904="1"/>' % following[1] + data[following.start() :]


def patch_names(data: bytes, names: Sequence[NameText], places: dict[int, int]) -> bytes:
    """The workbook with these defined names; `places`: where the file's sheets are now, which the names' numbers follow."""
    found = _NAMES.search(data)
    wanted = {(name.sheet, name.name.lower()): name for name in names}
    pieces: list[bytes] = []
    prefix = ""
    if found is not None:
        prefix = found[0][1 : found[0].index(b"definedNames")].decode()
        for match in _NAME.finditer(found[1] or b""):
            local = _get(match[0], b"localSheetId")
            sheet = None if local is None else places.get(integer(local, -1), -1)
            name = wanted.pop((sheet, (_get(match[0], b"name") or "").lower()), None)
            if name is None:
                continue
            element = match[0]
            if unescape_entities((match[2] or b"").decode("utf-8", "replace")) != name.text:
                end = match.end(1) - match.start()
                element = element[:end] + f">{escape(name.text)}</{prefix}definedName>".encode()
            if sheet is not None and integer(local, -1) != sheet:
                end = element.index(b">") + 1
                element = _set(element[:end], b"localSheetId", str(sheet)) + element[end:]
            pieces.append(element)
    for name in wanted.values():
        local = "" if name.sheet is None else f' localSheetId="{name.sheet}"'
        hidden = ' hidden="1"' if name.hidden else ""
        comment = f' comment="{escape_attribute(name.comment)}"' if name.comment else ""
        space = ' xml:space="preserve"' if keeps_space(name.text) else ""
        opening = f'<{prefix}definedName name="{escape_attribute(name.name)}"{comment}{local}{hidden}{space}>'
        pieces.append(f"{opening}{escape(name.text)}</{prefix}definedName>".encode())
    block = b"<%sdefinedNames>%s</%sdefinedNames>" % (prefix.encode(), b"".join(pieces), prefix.encode()) if pieces else b""
    if found is not None:
        same = block.replace(b"\n", b"") == re.sub(rb">\s+<", b"><", found[0])
        return data if same else data[: found.start()] + block + data[found.end() :]
    if not block:
        return data
    at = max(match.end() for match in _BEFORE_NAMES.finditer(data))
    return data[:at] + block + data[at:]
