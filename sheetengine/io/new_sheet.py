"""The XML of a sheet without cells: columns' widths, hidden rows, merged cells.

In: looks. Out: a worksheet part, into whose `<sheetData>` the cells are patched as into any other.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sheetengine.address import Range

_NAMESPACES = {
    False: (
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
    True: ("http://purl.oclc.org/ooxml/spreadsheetml/main", "http://purl.oclc.org/ooxml/officeDocument/relationships"),
}


@dataclass(slots=True)
class SheetLooks:
    """What a new sheet looks like, apart from its cells; columns and rows are 0-based."""

    widths: dict[int, float] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    merged: list[Range] = field(default_factory=list)


def empty_sheet(looks: SheetLooks, *, strict: bool = False) -> bytes:
    """The part."""
    main, relationships = _NAMESPACES[strict]
    rows = "".join(f'<row r="{row + 1}" hidden="1"/>' for row in sorted(looks.hidden_rows))
    merged = "".join(f'<mergeCell ref="{area}"/>' for area in looks.merged)
    parts = [
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n',
        f'<worksheet xmlns="{main}" xmlns:r="{relationships}">',
        columns_element(looks.widths),
        f"<sheetData>{rows}</sheetData>" if rows else "<sheetData/>",
        f'<mergeCells count="{len(looks.merged)}">{merged}</mergeCells>' if merged else "",
        "</worksheet>",
    ]
    return "".join(parts).encode()


def columns_element(widths: dict[int, float]) -> str:
    """`<cols>`, columns of one width side by side as one; a width of 0 is a hidden column."""
    spans: list[list[float]] = []
    for column, width in sorted(widths.items()):
        if spans and spans[-1][1] == column - 1 and spans[-1][2] == width:
            spans[-1][1] = column
        else:
            spans.append([column, column, width])
    if not spans:
        return ""
    inner = "".join(
        f'<col min="{int(first) + 1}" max="{int(last) + 1}" width="{width:g}"'
        + (' hidden="1"' if width == 0 else "")
        + ' customWidth="1"/>'
        for first, last, width in spans
    )
    return f"<cols>{inner}</cols>"
