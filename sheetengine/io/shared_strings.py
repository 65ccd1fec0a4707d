"""The shared string table: the texts that cells name by number.

In: the part, as blocks of bytes. Out: for each entry the place of its text in the workbook's pool. Rich text is read as its
plain text: the runs together, phonetic hints left out. The common form is read by a regular expression, anything else by
the plain reader, which is the specification.
"""

from __future__ import annotations

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
    return read_plain(blocks(), texts)
