"""References in parts other than cells: charts, conditional formats, validation, links, pivot sources, tables.

In: a part's bytes, what becomes of a formula's text. Out: the part with every formula in it rewritten. Invariant: a part in which no
formula changes keeps its bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from sheetengine.io.cell_markup import escape, escape_attribute
from sheetengine.io.markup import unescape_entities

Rewrite = Callable[[str], str]
"""A formula's text without `=`, to the same or another."""

_ELEMENT = re.compile(
    rb"<((?:\w+:)?(?:f|formula|formula1|formula2|calculatedColumnFormula|totalsRowFormula))((?:\s[^<>]*)?)(?<!/)>([^<]*)</\1>"
)
_ATTRIBUTE = re.compile(rb'(\s(?:location|textlink)=")([^"]*)"')
_SOURCE = re.compile(rb'(<(?:\w+:)?worksheetSource\b[^>]*?\ssheet=")([^"]*)"')


def rewrite_references(data: bytes, rewrite: Rewrite) -> bytes:
    """All formulas of a part rewritten.

    >>> rewrite_references(b"<c:f>Old!$A$1</c:f>", lambda text: text.replace("Old", "New"))
    b'<c:f>New!$A$1</c:f>'
    """

    def element(match: re.Match[bytes]) -> bytes:
        old = unescape_entities(match[3].decode("utf-8", "replace"))
        new = rewrite(old)
        return match[0] if new == old else b"<%s%s>%s</%s>" % (match[1], match[2], escape(new).encode(), match[1])

    def attribute(match: re.Match[bytes]) -> bytes:
        old = unescape_entities(match[2].decode("utf-8", "replace"))
        bare = old.removeprefix("#")
        new = old[: len(old) - len(bare)] + rewrite(bare)
        return match[0] if new == old else match[1] + escape_attribute(new).encode() + b'"'

    return _ATTRIBUTE.sub(attribute, _ELEMENT.sub(element, data))


def rename_sources(data: bytes, names: dict[str, str]) -> bytes:
    """The sheets that pivot tables take their data from, by lower case of their old names."""

    def source(match: re.Match[bytes]) -> bytes:
        new = names.get(unescape_entities(match[2].decode("utf-8", "replace")).lower())
        return match[0] if new is None else match[1] + escape_attribute(new).encode() + b'"'

    return _SOURCE.sub(source, data)
