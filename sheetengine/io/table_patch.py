"""Table parts: new ones, and those whose tables got another place, another name, other headers or other columns.

In: a part's bytes, the table as it is. Out: the new bytes, and the list of tables in a sheet's XML. Invariants: a column that stays
keeps its id and its own formulas; header cells are the caller's, and say what the columns are called.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Final

from sheetengine.address import Range
from sheetengine.io.cell_markup import escape_attribute, escape_controls
from sheetengine.io.filter_columns import moved_conditions
from sheetengine.io.markup import ATTRIBUTES
from sheetengine.io.package_edit import ARROWS, STRICT_ARROWS
from sheetengine.names import Table

TABLE_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.table+xml"
_MAIN: Final = {False: "http://schemas.openxmlformats.org/spreadsheetml/2006/main", True: "http://purl.oclc.org/ooxml/spreadsheetml/main"}
_ROOT = re.compile(rb"<(?:\w+:)?table\b" + ATTRIBUTES + rb">")
_FILTER = re.compile(rb"<((?:\w+:)?)autoFilter\b[^>]*?(?:/>|>.*?</\1autoFilter>)", re.DOTALL)
_SORT = re.compile(rb"<((?:\w+:)?)sortState\b[^>]*?(?:/>|>.*?</\1sortState>)", re.DOTALL)
_COLUMNS = re.compile(rb"(<((?:\w+:)?)tableColumns\b[^>]*>)(.*?)(</\2tableColumns>)", re.DOTALL)
_COLUMN = re.compile(rb"(<((?:\w+:)?)tableColumn\b" + ATTRIBUTES + rb")(?:/>|>.*?</\2tableColumn>)", re.DOTALL)
_REF = re.compile(rb'(\sref=")[^"]*"')
_NAMES = re.compile(rb'(\s(?:name|displayName)=")[^"]*"')
_NAME = re.compile(rb'(\sname=")[^"]*"')
_ID = re.compile(rb'\sid="(\d+)"')
_ROWS = re.compile(rb'\s(?:headerRowCount|totalsRowCount|insertRow|insertRowShift)="[^"]*"')
_LIST = re.compile(rb"<((?:\w+:)?)tableParts\b[^>]*?(?:/>|>(.*?)</\1tableParts>)", re.DOTALL)
_LISTED = re.compile(rb"<(?:\w+:)?tablePart\b[^>]*?(?:/>|></(?:\w+:)?tablePart>)")
_END = re.compile(rb"(?:<((?:\w+:)?)extLst\b(?:(?!<\1extLst\b).)*</\1extLst>\s*)?</((?:\w+:)?)worksheet>", re.DOTALL)


def new_table(table: Table, number: int, *, strict: bool = False) -> bytes:
    """The part of a new table; `number` is its id, which no other table of the workbook has.

    >>> new_table(Table("T", 1, 0, 0, 2, 1, ("x", "y")), 3).decode()[56:217]
    '<table xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" id="3" name="T" displayName="T" ref="A1:B3" totalsRowShown="0"><autoFilter ref="A1:B3"/>'
    """
    name = escape_attribute(table.name)
    area, filtered = _areas(table)
    shown = "" if table.totals else ' totalsRowShown="0"'
    rows = f'<autoFilter ref="{filtered}"/>' if table.header else ""
    columns = "".join(f'<tableColumn id="{place}" name="{_attribute(column)}"/>' for place, column in enumerate(table.columns, start=1))
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<table xmlns="{_MAIN[strict]}" id="{number}" name="{name}" displayName="{name}" ref="{area}"{_row_counts(table)}'
        f"{shown}>{rows}"
        f'<tableColumns count="{len(table.columns)}">{columns}</tableColumns>'
        '<tableStyleInfo name="TableStyleMedium2" showFirstColumn="0" showLastColumn="0" showRowStripes="1" showColumnStripes="0"/></table>'
    ).encode()


def table_id(data: bytes) -> int:
    """The id that a table part says."""
    root = _ROOT.search(data)
    found = None if root is None else _ID.search(root[0])
    return 0 if found is None else int(found[1])


def patch_table(data: bytes, table: Table, old: Sequence[str]) -> bytes:
    """The part for a table as it is now; `old` are the names of the columns that the part has.

    As many columns as there were are the same under perhaps other names; of more or fewer, those of the same name are.

    >>> part = b'<table name="T" displayName="T" ref="A1:A3"><autoFilter ref="A1:A3"/><tableColumns count="1">'
    >>> part += b'<tableColumn id="1" name="x"/></tableColumns></table>'
    >>> patch_table(part, Table("T", 1, 1, 0, 4, 0, ("y",)), ["x"]).decode()[:72]
    '<table name="T" displayName="T" ref="A2:A5"><autoFilter ref="A2:A5"/><ta'
    """
    area, filtered = _areas(table)

    def root(match: re.Match[bytes]) -> bytes:
        named = _NAMES.sub(lambda found: found[1] + escape_attribute(table.name).encode() + b'"', _ROWS.sub(b"", match[0]))
        counts = _row_counts(table).encode()
        return _REF.sub(lambda found: found[1] + str(area).encode() + b'"' + counts, named, count=1)

    def columns(match: re.Match[bytes]) -> bytes:
        elements = [(found[0], len(found[1])) for found in _COLUMN.finditer(match[3])]
        inner = b"".join(_columns(elements, table.columns, old, match[2]))
        return re.sub(rb'\scount="\d+"', b' count="%d"' % len(table.columns), match[1]) + inner + match[4]

    data = _ROOT.sub(root, data, count=1)
    if table.header:
        now = now_at(old, table.columns)
        around = b'\\g<1>%s"' % str(filtered).encode()
        data = _FILTER.sub(lambda match: moved_conditions(_REF.sub(around, match[0], count=1), now.get), data, count=1)
    else:
        data = _FILTER.sub(b"", data, count=1)
    # How the rows were sorted is told of places; they stay sorted, and nothing else needs it.
    return _COLUMNS.sub(columns, _SORT.sub(b"", data), count=1)


def now_at(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """Where the columns are that stay, by the places they had."""
    if len(new) == len(old):
        return {place: place for place in range(len(old))}
    places = {name.lower(): place for place, name in enumerate(new)}
    return {place: places[name.lower()] for place, name in enumerate(old) if name.lower() in places}


def _columns(elements: list[tuple[bytes, int]], names: Sequence[str], old: Sequence[str], prefix: bytes) -> list[bytes]:
    kept: list[tuple[bytes, int] | None] = [None] * len(names)
    for was, now in now_at(old, names).items():
        if was < len(elements):
            kept[now] = elements[was]
    free = max((int(found[1]) for element, _ in elements if (found := _ID.search(element)) is not None), default=0)
    written = []
    # Each with the length of its opening tag, within which its name stands.
    for name, known_one in zip(names, kept, strict=True):
        if known_one is None:
            free += 1
            new = b'<%stableColumn id="%d" name=""/>' % (prefix, free)
            known_one = new, len(new)
        element, opening = known_one
        named = _NAME.search(element, 0, opening)
        assert named is not None
        written.append(element[: named.end(1)] + _attribute(name).encode() + element[named.end() - 1 :])
    return written


def _attribute(name: str) -> str:
    """A column's name; line ends and control characters in it are written as Excel writes them."""
    return escape_attribute(escape_controls(name).replace("\n", "_x000a_"))


def is_empty(table: Table) -> bool:
    """Whether it has no row of data, which in files is a row that waits for data below its header."""
    return table.rows("#data") is None


def _areas(table: Table) -> tuple[Range, Range]:
    """All of it, and what its filter is for."""
    bottom = table.bottom + is_empty(table)
    return Range(table.top, table.left, bottom, table.right), Range(table.top, table.left, bottom - table.totals, table.right)


def _row_counts(table: Table) -> str:
    return (
        (' insertRow="1"' if is_empty(table) else "")
        + ("" if table.header else ' headerRowCount="0"')
        + (' totalsRowCount="1"' if table.totals else "")
    )


def list_tables(data: bytes, gone: Collection[str], new: Sequence[str], *, strict: bool = False) -> bytes:
    """The end of a sheet's XML, or all of it, with the tables that it lists, by the ids of the arrows to them.

    >>> list_tables(b"</sheetData><pageMargins/></worksheet>", (), ["rId1"]).decode()[26:53]
    '<tableParts count="1"><tabl'
    """
    found = _LIST.search(data)
    listed = [] if found is None else _LISTED.findall(found[2] or b"")
    ids = {f'"{one}"'.encode() for one in gone}
    kept = [element for element in listed if not any(one in element for one in ids)]
    end = _END.search(data)
    assert end is not None
    prefix = end[2]
    space = (STRICT_ARROWS if strict else ARROWS).rstrip("/").encode()
    kept += [b'<%stablePart xmlns:r="%s" r:id="%s"/>' % (prefix, space, one.encode()) for one in new]
    element = b'<%stableParts count="%d">%s</%stableParts>' % (prefix, len(kept), b"".join(kept), prefix) if kept else b""
    if found is not None:
        return data[: found.start()] + element + data[found.end() :]
    return data[: end.start()] + element + data[end.start() :]
