"""The metadata part that makes array formulas dynamic: the `cm` number their cells carry.

In: the part's bytes, or none. Out: the number to write and the new part. Without it Excel shows a dynamic array as {=…} of old.
"""

from __future__ import annotations

import re
from typing import Final

from sheetengine.io import markup
from sheetengine.io.workbook_part import dynamic_metadata

_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_TYPE: Final = (
    '<metadataType name="XLDAPR" minSupportedVersion="120000" copy="1" pasteAll="1" pasteValues="1" merge="1" splitFirst="1" '
    'rowColShift="1" clearFormats="1" clearComments="1" assign="1" coerce="1" cellMeta="1"/>'
)
_FUTURE: Final = (
    '<futureMetadata name="XLDAPR" count="1"><bk><extLst><ext uri="{bdbb8cdc-fa1e-496e-a857-3c3f30c029c3}">'
    '<xda:dynamicArrayProperties xmlns:xda="http://schemas.microsoft.com/office/spreadsheetml/2017/dynamicarray" fDynamic="1" fCollapsed="0"/>'
    "</ext></extLst></bk></futureMetadata>"
)
CONTENT_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheetMetadata+xml"
RELATIONSHIP: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sheetMetadata"


def with_dynamic(data: bytes | None) -> tuple[int, bytes]:
    """The `cm` number of dynamic arrays, and the part that defines it."""
    if data is None:
        new = (
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            f'<metadata xmlns="{_MAIN}"><metadataTypes count="1">{_TYPE}</metadataTypes>{_FUTURE}'
            '<cellMetadata count="1"><bk><rc t="1" v="0"/></bk></cellMetadata></metadata>'
        )
        return 1, new.encode()
    root = markup.parse(data)
    known = dynamic_metadata(root)
    if known:
        return min(known), data
    types = len(root.findall("metadataTypes/metadataType"))
    cells = len(root.findall("cellMetadata/bk"))
    data = _append(data, "metadataTypes", _TYPE, types + 1, after=None)
    data = _insert_future(data)
    data = _append(data, "cellMetadata", f'<bk><rc t="{types + 1}" v="0"/></bk>', cells + 1, after="futureMetadata")
    return cells + 1, data


def _append(data: bytes, element: str, inner: str, count: int, after: str | None) -> bytes:
    """Put an element at the end of a list of the part, which is made where it is missing."""
    opening = re.search(rf'<{element}\b[^>]*?count="(\d+)"'.encode(), data)
    closing = data.find(f"</{element}>".encode())
    if opening is not None and closing >= 0:
        data = data[:closing] + inner.encode() + data[closing:]
        return data[: opening.start(1)] + str(count).encode() + data[opening.end(1) :]
    block = f'<{element} count="{count}">{inner}</{element}>'.encode()
    if after is not None:
        at = data.rindex(f"</{after}>".encode()) + len(after) + 3
    else:
        match = re.search(rb"<metadata\b[^>]*>", data)
        assert match is not None
        at = match.end()
    return data[:at] + block + data[at:]


def _insert_future(data: bytes) -> bytes:
    """The properties of the new type: before the first list of cells or values that refers to them."""
    places = [place for name in (b"<cellMetadata", b"<valueMetadata", b"<extLst>", b"</metadata>") if (place := _outside(data, name)) >= 0]
    at = min(places)
    return data[:at] + _FUTURE.encode() + data[at:]


def _outside(data: bytes, tag: bytes) -> int:
    """Where a tag first stands behind all future metadata, whose own lists may hold it."""
    start = data.rfind(b"</futureMetadata>")
    return data.find(tag, max(start, 0))
