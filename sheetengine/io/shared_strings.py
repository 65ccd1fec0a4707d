"""The shared string table: the texts that cells name by number.

In: the part, as blocks of bytes. Out: for each entry the place of its text in the workbook's pool. Rich text is read as its
plain text: the runs together, phonetic hints left out. The common form is read by a regular expression, anything else by
the plain reader, which is the specification.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from xml.etree.ElementTree import Element

from sheetengine.io import markup
from sheetengine.io.document import TextPool


def read_plain(blocks: Iterable[bytes], texts: TextPool) -> list[int]:
    """Every entry, by the XML parser."""
    places: list[int] = []
    reader = TextReader()

    def end(tag: str) -> None:
        reader.end(tag)
        if tag == "si":
            places.append(texts.place(reader.take()))

    markup.feed(blocks, lambda tag, _: reader.start(tag), end, reader.data)
    return places


class TextReader:
    """Collects the text of `<si>` or `<is>` from an XML parser's events: `<t>` and `<r><t>`, not `<rPh>`."""

    __slots__ = ("_hints", "_inside", "_pieces")

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._inside = False
        self._hints = 0

    def start(self, tag: str) -> None:
        """An element begins."""
        if tag == "t":
            self._inside = not self._hints
        elif tag == "rPh":
            self._hints += 1

    def end(self, tag: str) -> None:
        """An element ends."""
        if tag == "t":
            self._inside = False
        elif tag == "rPh":
            self._hints -= 1

    def data(self, text: str) -> None:
        """Some text."""
        if self._inside:
            self._pieces.append(text)

    def take(self) -> str:
        """What was collected, with Excel's escapes undone; the next text begins."""
        text = markup.unescape_text("".join(self._pieces))
        self._pieces.clear()
        return text


def text_of(element: Element) -> str:
    """The text of an `<si>` or `<is>` that is a tree already."""
    pieces = [child.text or "" for child in element if child.tag == "t"]
    pieces += [part.text or "" for run in element if run.tag == "r" for part in run if part.tag == "t"]
    return markup.unescape_text("".join(pieces))


def read(blocks: Callable[[], Iterable[bytes]], texts: TextPool, *, plain: bool = False) -> list[int]:
    """Every entry of the part that `blocks` gives, from its beginning each time it is called."""
    if not plain:
        count = len(texts.texts)
        try:
            return _read_common(blocks(), texts)
        except _Odd:
            for text in texts.texts[count:]:
                del texts.places[text]
            del texts.texts[count:]
    return read_plain(blocks(), texts)


class _Odd(Exception):
    """The part is not of the common form."""


_HEAD = re.compile(rb"(?:\xef\xbb\xbf)?(?:<\?xml ([^<>]*)\?>)?\s*<sst(?:\s[^<>]*)?>")
_ENCODING = re.compile(rb"encoding=[\"'](?!(?i:utf-8)[\"'])")
_SIMPLE = re.compile(r"<si>\s*<t(?: xml:space=\"preserve\")?>([^<]*)</t>\s*</si>")
_ANY = re.compile(r"<si>(.*?)</si>|<si/>", re.DOTALL)
_MOST_ENTRY = 32 << 20


def _read_common(blocks: Iterable[bytes], texts: TextPool) -> list[int]:
    """The entries of the form that the usual programs write; `_Odd` for any other."""
    stream = iter(blocks)
    data = next(stream, b"")
    head = _HEAD.match(data)
    if head is None or _ENCODING.search(head[1] or b"") or b'xmlns="' not in head[0]:
        raise _Odd
    rest = data[head.end() :]
    places: list[int] = []
    for more in stream:
        cut = rest.rfind(b"</si>") + 5
        if cut > 5:
            _entries(rest[:cut], texts, places)
            rest = rest[cut:]
        elif len(rest) > _MOST_ENTRY:
            raise _Odd
        rest += more
    end = rest.find(b"</sst>")
    if end < 0 or rest[end + 6 :].strip():
        raise _Odd
    _entries(rest[:end], texts, places)
    return places


def _entries(data: bytes, texts: TextPool, places: list[int]) -> None:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise _Odd from None
    place = texts.place
    clean = markup.unescape_entities if "&" in text or "\r" in text else str
    found = _SIMPLE.findall(text)
    try:
        # four tags each and no other: every tag of the block belongs to one of them
        if text.count("<") == 4 * len(found):
            if clean is str and "_x" not in text:
                places += [place(entry) for entry in found]
            else:
                places += [place(markup.unescape_text(clean(entry))) for entry in found]
            return
        end = 0
        for match in _ANY.finditer(text):
            if text[end : match.start()].strip():
                raise _Odd
            end = match.end()
            simple = _SIMPLE.fullmatch(match[0])
            entry = markup.unescape_text(clean(simple[1])) if simple else text_of(markup.parse(match[0].encode()))
            places.append(place(entry))
    except (markup.MarkupProblem, ValueError):
        raise _Odd from None
    if text[end:].strip():
        raise _Odd
