"""XML of a package's parts, safely: no document type, no entities but XML's own, no deep nesting.

In: the bytes of a part. Out: elements whose tags are local names, the same for transitional and strict Open XML.
Invariant: whatever the bytes are, the answer is a tree or a `MarkupProblem` that says what is wrong and where.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

MAIN: Final = frozenset({"http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main"})
_RELATIONSHIPS = frozenset({
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships", "http://purl.oclc.org/ooxml/officeDocument/relationships",
})  # fmt: skip
_PLAIN = MAIN | {
    "http://schemas.openxmlformats.org/package/2006/relationships",
    "http://schemas.openxmlformats.org/package/2006/content-types",
}
ATTRIBUTES: Final = rb"""(?:[^>"']|"[^"]*"|'[^']*')*?"""
"""Attributes for patterns over bytes: Excel writes `>` in them as it is, in names of sheets and columns, tips and messages."""
_MOST_DEPTH = 200
_MOST_ELEMENTS = 1_500_000


class MarkupProblem(Exception):
    """What is wrong with a part's XML; the reader adds the names of file and part."""


def parse(data: bytes, only: frozenset[str] | None = None) -> Element:
    """The tree of a part; tags of the main namespaces are bare, others `{namespace}name`, `r:id` is `r:id`.

    With `only`, children of the root with other tags are left out, and the root's own text.
    """
    builder = Builder(only)
    feed((data,), builder.start, builder.end, builder.data)
    return builder.close()


class Builder:
    """Makes a tree from the events of `feed`; refuses one that would not fit in memory."""

    __slots__ = ("_builder", "_count", "_depth", "_only", "_skipped")

    def __init__(self, only: frozenset[str] | None = None) -> None:
        self._builder = TreeBuilder()
        self._only = only
        self._depth = self._skipped = self._count = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if self._skipped or (self._only is not None and self._depth == 1 and tag not in self._only):
            self._skipped += 1
            return
        self._depth += 1
        self._count += 1
        if self._count > _MOST_ELEMENTS:
            raise MarkupProblem(f"it has more than {_MOST_ELEMENTS:,} elements, which no workbook needs there")
        self._builder.start(tag, attributes)

    def end(self, tag: str) -> None:
        """An element ends."""
        if self._skipped:
            self._skipped -= 1
            return
        self._depth -= 1
        self._builder.end(tag)

    def data(self, text: str) -> None:
        """Some text."""
        if not self._skipped and (self._only is None or self._depth > 1):
            self._builder.data(text)

    def close(self) -> Element:
        """The tree."""
        return self._builder.close()


def feed(
    chunks: Iterable[bytes],
    start: Callable[[str, dict[str, str]], object],
    end: Callable[[str], object],
    data: Callable[[str], object],
) -> None:
    """Run handlers over a part that comes in chunks; tags and attributes named as by `parse`."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    names: dict[str, str] = {}
    depth = 0

    def local(name: str) -> str:
        known = names.get(name)
        if known is None:
            space, _, own = name.rpartition(" ")
            known = own if not space or space in _PLAIN else f"r:{own}" if space in _RELATIONSHIPS else f"{{{space}}}{own}"
            names[name] = known
        return known

    def on_start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _MOST_DEPTH:
            raise MarkupProblem(f"elements are nested more than {_MOST_DEPTH} deep (line {parser.CurrentLineNumber})")
        start(local(tag), {local(name): value for name, value in attributes.items()} if attributes else attributes)

    def on_end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        end(local(tag))

    def refuse(*_: object) -> None:
        raise MarkupProblem("it has a document type declaration, which no workbook needs and which can make a file grow without bound")

    parser.StartElementHandler = on_start
    parser.EndElementHandler = on_end
    parser.CharacterDataHandler = data
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        message = expat.ErrorString(error.code) or str(error)
        raise MarkupProblem(f"its XML is damaged: {message} (line {error.lineno}, column {error.offset + 1})") from None
    except (LookupError, UnicodeError, ValueError) as error:
        raise MarkupProblem(f"its XML cannot be decoded: {error}") from None


_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


def unescape_text(text: str) -> str:
    r"""A cell's text with Excel's own escapes of control characters undone.

    >>> unescape_text("a_x000D_b"), unescape_text("_x005F_x000D_")
    ('a\rb', '_x000D_')
    """
    if "_x" not in text:
        return text
    text = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    # Two escapes may be the halves of one character beyond the basic plane; a half alone is no text.
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


_ENTITY = re.compile(r"&(?:(lt|gt|amp|quot|apos)|#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6}));")
_NAMED: Final = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}


def unescape_entities(text: str) -> str:
    r"""XML's entities and line ends undone; raises ValueError for what is no entity.

    >>> unescape_entities("a &lt; b&#10;\r\n&#x263A;")
    'a < b\n\n☺'
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "&" not in text:
        return text
    if "&#" not in text:
        # all but always the case, and ten times as fast
        text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&apos;", "'")
        if text.count("&") != text.count("&amp;"):
            raise ValueError(text)
        return text.replace("&amp;", "&")
    if text.count("&") != len(_ENTITY.findall(text)):
        raise ValueError(text)
    return _ENTITY.sub(_character, text)


def _character(match: re.Match[str]) -> str:
    if match[1]:
        return _NAMED[match[1]]
    number = int(match[2]) if match[2] else int(match[3], 16)
    if not (number in (9, 10, 13) or 0x20 <= number <= 0xD7FF or 0xE000 <= number <= 0xFFFD or 0x10000 <= number <= 0x10FFFF):
        raise ValueError(match[0])  # not a character that XML allows
    return chr(number)


def boolean(text: str | None, default: bool = False) -> bool:
    """An attribute that is true or false, in any of XML Schema's spellings."""
    return default if text is None else text.strip() in ("1", "true", "on", "True", "t")


_INTEGER = re.compile(r"\s*[+-]?[0-9]{1,18}\s*")


def integer(text: str | None, default: int = 0) -> int:
    """An attribute that is a whole number; what is none reads as the default."""
    return int(text) if text is not None and _INTEGER.fullmatch(text) else default


_REAL = re.compile(r"\s*[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\s*")


def real(text: str | None) -> float | None:
    """A number as XML Schema writes it (Python's own `float` takes more, such as 1_000), or None."""
    return float(text) if text is not None and _REAL.fullmatch(text) else None
