"""The metadata part: the `cm` number that makes array formulas dynamic, the `vm` numbers of errors newer than the format.

In: the part's bytes, or none. Out: the numbers to write and the new part. Without it Excel shows a dynamic array as {=…} of old, and
#SPILL! as #VALUE!.
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
_EMPTY: Final = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<metadata xmlns="{_MAIN}"></metadata>'.encode()
_RICH_TYPE: Final = (
    '<metadataType name="XLRICHVALUE" minSupportedVersion="120000" copy="1" pasteAll="1" pasteValues="1" merge="1" splitFirst="1" '
    'rowColShift="1" clearFormats="1" clearComments="1" assign="1" coerce="1"/>'
)
_RICH_BLOCK: Final = (
    '<bk><extLst><ext uri="{{3e2802c4-a4d2-4d8b-9148-e3be6c30e623}}">'
    '<xlrd:rvb xmlns:xlrd="http://schemas.microsoft.com/office/spreadsheetml/2017/richdata" i="{}"/></ext></extLst></bk>'
)
CONTENT_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheetMetadata+xml"


def with_dynamic(data: bytes | None) -> tuple[int, bytes]:
    """The `cm` number of dynamic arrays, and the part that defines it."""
    data = _EMPTY if data is None else data
    root = markup.parse(data)
    known = dynamic_metadata(root)
    if known:
        return min(known), data
    types = len(root.findall("metadataTypes/metadataType"))
    cells = len(root.findall("cellMetadata/bk"))
    data = _append(data, "metadataTypes", _TYPE, types + 1, after=None)
    data = _insert_future(data, _FUTURE)
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


def with_rich(data: bytes | None, count: int) -> tuple[int, bytes]:
    """The first of `count` new `vm` numbers, which stand for the rich values 0, 1…, and the part that defines them."""
    data = _EMPTY if data is None else data
    root = markup.parse(data)
    types, values = len(root.findall("metadataTypes/metadataType")), len(root.findall("valueMetadata/bk"))
    data = _append(data, "metadataTypes", _RICH_TYPE, types + 1, after=None)
    blocks = "".join(_RICH_BLOCK.format(number) for number in range(count))
    data = _insert_future(data, f'<futureMetadata name="XLRICHVALUE" count="{count}">{blocks}</futureMetadata>')
    records = "".join(f'<bk><rc t="{types + 1}" v="{number}"/></bk>' for number in range(count))
    after = "cellMetadata" if b"</cellMetadata>" in data else "futureMetadata"
    return values + 1, _append(data, "valueMetadata", records, values + count, after=after)


def _insert_future(data: bytes, future: str) -> bytes:
    """The properties of the new type: before the first list of cells or values that refers to them."""
    places = [place for name in (b"<cellMetadata", b"<valueMetadata", b"<extLst>", b"</metadata>") if (place := _outside(data, name)) >= 0]
    at = min(places)
    return data[:at] + future.encode() + data[at:]


def _outside(data: bytes, tag: bytes) -> int:
    """Where a tag first stands behind all future metadata, whose own lists may hold it."""
    start = data.rfind(b"</futureMetadata>")
    return data.find(tag, max(start, 0))
