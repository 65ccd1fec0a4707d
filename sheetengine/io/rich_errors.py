"""Errors newer than the file format: `#SPILL!`, `#CALC!` and others stand in a cell as #VALUE! with a number in `vm`.

In: the metadata part, and the parts of rich values it leads to. Out: which `vm` numbers mean which error. The type of such an error
counts like ERROR.TYPE, from 0 (as in workbooks that Excel saved: 8 is #SPILL!, 13 is #CALC!).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from xml.etree.ElementTree import Element

from sheetengine.io.markup import integer
from sheetengine.values import ERROR_CODES, CellError, error_id

CODES: Final = {
    number: code
    for number, code in enumerate(ERROR_CODES)
    if code in ("#SPILL!", "#CONNECT!", "#BLOCKED!", "#UNKNOWN!", "#FIELD!", "#CALC!")
}
"""By the number in the file."""


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _children(element: Element, name: str) -> list[Element]:
    return [child for child in element if _local(child) == name]


def rich_errors(metadata: Element, structures: Element, values: Element) -> dict[int, float]:
    """The payload of the error that each `vm` number means; other rich values (stocks, pictures) are not in the answer."""
    kinds = [structure.get("t", "") for structure in _children(structures, "s")]
    places = [
        next((place for place, key in enumerate(_children(structure, "k")) if key.get("n") == "errorType"), -1)
        for structure in _children(structures, "s")
    ]
    errors: list[float | None] = []
    for value in _children(values, "rv"):
        kind = integer(value.get("s"), -1)
        fields = _children(value, "v")
        code = None
        if 0 <= kind < len(kinds) and kinds[kind] == "_error" and 0 <= places[kind] < len(fields):
            code = CODES.get(integer(fields[places[kind]].text, -1))
        errors.append(None if code is None else float(error_id(CellError(code))))
    types = [element.get("name", "") for element in metadata.iterfind("metadataTypes/metadataType")]
    blocks: list[float | None] = []
    for future in metadata.iterfind("futureMetadata"):
        if future.get("name") == "XLRICHVALUE":
            for block in future.iterfind("bk"):
                index = next((integer(item.get("i"), -1) for item in block.iter() if _local(item) == "rvb"), -1)
                blocks.append(errors[index] if 0 <= index < len(errors) else None)
    found: dict[int, float] = {}
    for number, block in enumerate(metadata.iterfind("valueMetadata/bk"), start=1):
        for record in block.iterfind("rc"):
            kind, index = integer(record.get("t")) - 1, integer(record.get("v"), -1)
            if 0 <= kind < len(types) and types[kind] == "XLRICHVALUE" and 0 <= index < len(blocks):
                error = blocks[index]
                if error is not None:
                    found[number] = error
    return found


# -- writing -----------------------------------------------------------------------------------------------------------------

_DATA = "http://schemas.microsoft.com/office/spreadsheetml/2017/richdata"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
ARROWS: Final = "http://schemas.microsoft.com/office/2017/06/relationships/"


def rich_parts(codes: Sequence[str]) -> dict[str, tuple[str, str, str]]:
    """The parts that say what the rich values 0, 1… are: by file name the kind of arrow, the content type, the XML."""
    numbers = {code: number for number, code in CODES.items()}
    values = "".join(f'<rv s="0"><v>{numbers[code]}</v><v>0</v></rv>' for code in codes)
    return {
        "rdrichvalue.xml": (
            "rdRichValue", "application/vnd.ms-excel.rdrichvalue+xml", f'{_HEAD}<rvData xmlns="{_DATA}" count="{len(codes)}">{values}</rvData>',
        ),
        "rdrichvaluestructure.xml": (
            "rdRichValueStructure", "application/vnd.ms-excel.rdrichvaluestructure+xml",
            f'{_HEAD}<rvStructures xmlns="{_DATA}" count="1"><s t="_error"><k n="errorType" t="i"/><k n="subType" t="i"/></s></rvStructures>',
        ),
        "rdRichValueTypes.xml": (
            "rdRichValueTypes", "application/vnd.ms-excel.rdrichvaluetypes+xml",
            f'{_HEAD}<rvTypesInfo xmlns="http://schemas.microsoft.com/office/spreadsheetml/2017/richdata2"><global><keyFlags><key name="_Self">'
            '<flag name="ExcludeFromFile" value="1"/><flag name="ExcludeFromCalcComparison" value="1"/></key></keyFlags></global></rvTypesInfo>',
        ),
    }  # fmt: skip
