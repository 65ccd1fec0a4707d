"""Table parts after their tables got another place, another name or other headers.

In: a part's bytes, the table as it is. Out: the new bytes. The number of columns stays: columns that came or went would need ids, and
formulas that only Excel knows.
"""

from __future__ import annotations

import re

from sheetengine.address import Range
from sheetengine.io.cell_markup import escape_attribute
from sheetengine.names import Table

_ROOT = re.compile(rb"<(?:\w+:)?table\b[^>]*>")
_FILTER = re.compile(rb"<(?:\w+:)?autoFilter\b[^>]*>")
_COLUMN = re.compile(rb"<(?:\w+:)?tableColumn\b[^>]*>")
_REF = re.compile(rb'(\sref=")[^"]*"')
_NAMES = re.compile(rb'(\s(?:name|displayName)=")[^"]*"')
_NAME = re.compile(rb'(\sname=")[^"]*"')


def patch_table(data: bytes, table: Table) -> bytes:
    """The part for a table of as many columns.

    >>> part = b'<table name="T" displayName="T" ref="A1:A3"><autoFilter ref="A1:A3"/><tableColumn id="1" name="x"/></table>'
    >>> patch_table(part, Table("T", 1, 1, 0, 4, 0, ("y",)))
    b'<table name="T" displayName="T" ref="A2:A5"><autoFilter ref="A2:A5"/><tableColumn id="1" name="y"/></table>'
    """
    area = Range(table.top, table.left, table.bottom, table.right)
    filtered = Range(table.top, table.left, table.bottom - table.totals, table.right)
    names = iter(table.columns)

    def root(match: re.Match[bytes]) -> bytes:
        named = _NAMES.sub(lambda found: found[1] + escape_attribute(table.name).encode() + b'"', match[0])
        return _REF.sub(lambda found: found[1] + str(area).encode() + b'"', named, count=1)

    def column(match: re.Match[bytes]) -> bytes:
        # A line end in a header is written as Excel writes it.
        name = escape_attribute(next(names).replace("\n", "_x000a_"))
        return _NAME.sub(lambda found: found[1] + name.encode() + b'"', match[0], count=1)

    data = _ROOT.sub(root, data, count=1)
    data = _FILTER.sub(lambda match: _REF.sub(lambda found: found[1] + str(filtered).encode() + b'"', match[0]), data, count=1)
    return _COLUMN.sub(column, data)
