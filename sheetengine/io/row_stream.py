"""A sheet's XML as it streams by: what stands before the cells, blocks of complete rows, what stands behind.

In: the part as blocks of bytes. Out: bytes. A part that does not begin as writers begin it raises `Odd`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from sheetengine.io.cell_tags import Odd

_MOST_ROW: Final = 32 << 20
"""Bytes of one row at which the scanner gives up: the widest row of Excel takes some hundred thousand."""
MOST_AROUND: Final = 128 << 20
"""Bytes before or behind the cells."""

_ENCODING = re.compile(rb"encoding=[\"']([^\"']*)[\"']")
_MAIN = re.compile(
    rb"\sxmlns=\"(?:http://schemas\.openxmlformats\.org/spreadsheetml/2006/main|http://purl\.oclc\.org/ooxml/spreadsheetml/main)\""
)


def read_head(stream: Iterator[bytes]) -> tuple[bytes, bytes]:
    """The XML up to and with `<sheetData>`, and what was read behind it."""
    data = next(stream, b"")
    while (found := data.find(b"<sheetData>")) < 0:
        more = next(stream, None)
        if more is None or len(data) > MOST_AROUND:
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
