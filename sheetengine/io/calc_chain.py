"""The calculation chain: Excel's list of all formula cells, which must not name a cell that has none.

In: the part's bytes, where each cell is now or that it lost its formula, cells that got one, by the `sheetId` of their sheet. Out: the
new bytes, None where no cell is left. Invariant: entries that stay keep their bytes but for an `i` that had stood for the same as the
one before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

_ENTRY = re.compile(rb"<(?:\w+:)?c\s[^<>]*?/>")
_PLACE = re.compile(rb'\sr="([A-Za-z]+[0-9]+)"')
_SHEET = re.compile(rb'\si="([0-9]+)"')


def patch_chain(data: bytes, now: Callable[[int, str], str | None], new: Iterable[tuple[int, str]] = ()) -> bytes | None:
    """The chain with its cells where `now` says that they are, without those it has no place for, and with others at its end.

    >>> chain = b'<calcChain><c r="A1" i="1"/><c r="A2"/><c r="A3"/></calcChain>'
    >>> patch_chain(chain, lambda sheet, place: {"A1": None, "A2": "A9"}.get(place, place), [(2, "B7")])
    b'<calcChain><c r="A9" i="1"/><c r="A3"/><c r="B7" i="2"/></calcChain>'
    """
    pieces: list[bytes] = []
    at, sheet, written, kept = 0, 0, 0, 0
    for match in _ENTRY.finditer(data):
        entry = match[0]
        named = _SHEET.search(entry)
        sheet = int(named[1]) if named else sheet
        place = _PLACE.search(entry)
        pieces.append(data[at : match.start()])
        at = match.end()
        if place is not None:
            moved = now(sheet, place[1].decode())
            if moved is None:
                continue
            number = b' i="%d"' % sheet if named is None and sheet != written else b""
            if number or moved.encode() != place[1]:
                entry = entry[: place.start(1)] + moved.encode() + b'"' + number + entry[place.end() :]
        written = sheet
        kept += 1
        pieces.append(entry)
    rest = data[at:]
    closing = rest.rfind(b"</")
    added = b"".join(b'<c r="%s" i="%d"/>' % (place.encode(), number) for number, place in new)
    if not kept and not added:
        return None
    if closing < 0:
        return None
    return b"".join(pieces) + rest[:closing] + added + rest[closing:]
