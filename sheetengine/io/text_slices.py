"""Texts cut out of a block of bytes, many at a time.

In: the bytes, places in them. Out: texts with XML's entities and line ends undone; what is no text raises `Odd`.
"""

from __future__ import annotations

from functools import cached_property

from sheetengine.io.byte_numbers import Places
from sheetengine.io.cell_tags import Odd
from sheetengine.io.markup import unescape_entities


class TextSlices:
    """Texts cut out of a block, with XML's entities and line ends undone."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    @cached_property
    def _dirty(self) -> bool:
        return b"&" in self._data or b"\r" in self._data

    @cached_property
    def escapes(self) -> bool:
        """Whether Excel's own escapes may be among them."""
        return b"_x" in self._data

    @cached_property
    def _ascii(self) -> str | None:
        # In ASCII, places of bytes are places of letters: one decoding for all, slices of it 3 times as fast.
        return self._data.decode("ascii") if self._data.isascii() else None

    def raw(self, start: int, end: int) -> str:
        """As it stands."""
        if self._ascii is not None:
            return self._ascii[start:end]
        try:
            return self._data[start:end].decode()
        except UnicodeDecodeError:
            raise Odd from None

    def one(self, start: int, end: int) -> str:
        """One text."""
        return self.clean(self.raw(start, end))

    def many(self, starts: Places, ends: Places, *, clean: bool = True) -> list[str]:
        """Many texts."""
        pairs = zip(starts.tolist(), ends.tolist(), strict=True)
        text, data = self._ascii, self._data
        if text is not None:
            found = [text[start:end] for start, end in pairs]
        else:
            try:
                found = [data[start:end].decode() for start, end in pairs]
            except UnicodeDecodeError:
                raise Odd from None
        if not clean or not self._dirty:
            return found
        if not found or b"\1" in data:
            return [self.clean(piece) for piece in found]
        # All at once; a character that XML does not allow keeps them apart.
        return self.clean("\1".join(found)).split("\1")

    def clean(self, text: str) -> str:
        """XML's entities and line ends undone."""
        try:
            return unescape_entities(text)
        except ValueError:
            raise Odd from None
