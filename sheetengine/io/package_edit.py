"""A package with parts changed, added and taken away, and what its other parts say of them kept true.

In: an opened `Package`, new bytes of parts. Out: a zip package on a stream. Invariants: parts keep their order and, where nothing in
them changed, their packed bytes; every part that is added is declared and led to, every part that goes takes with it the arrows to
it, its declaration, and the parts that only it leads to.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterable
from typing import BinaryIO, Final
from zipfile import ZipInfo

from sheetengine.io.package import Package, relationships_part
from sheetengine.io.zip_write import ZipWriter, new_entry

ARROWS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
STRICT_ARROWS: Final = "http://purl.oclc.org/ooxml/officeDocument/relationships/"
_NO_ARROWS: Final = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
)
_TYPES: Final = "[Content_Types].xml"

StreamPart = Callable[[ZipWriter, ZipInfo], None]


class PackageEdit:
    """The changes of one package on their way into a file."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self._parts: dict[str, bytes | None] = {}
        """Parts of the package written anew as a whole, by their names in lower case; None: left out."""
        self._added: dict[str, bytes] = {}
        self._known: dict[str, str] = {}
        """The spelling of the names of added parts."""

    def key(self, path: str) -> str:
        """The name under which a part of the package is kept here."""
        return self.package.entry(path).filename.replace("\\", "/").lower()

    def __contains__(self, path: str) -> bool:
        key = path.lower()
        return key in self._known or (path in self.package and self._parts.get(key, b"") is not None)

    def part(self, path: str) -> bytes:
        """A part as it is now."""
        if path.lower() in self._known:
            return self._added[self._known[path.lower()]]
        known = self._parts.get(path.lower())
        return self.package.read(path) if known is None else known

    def put(self, path: str, data: bytes) -> None:
        """A part of the package, or one that was added, gets other bytes."""
        if path.lower() in self._known:
            self._added[self._known[path.lower()]] = data
        elif data != self.part(path):
            self._parts[self.key(path)] = data

    def add(self, path: str, data: bytes, kind: str | None = None) -> None:
        """A part that the package does not have; `kind` is its content type, where no ending says it."""
        self._added[path] = data
        self._known[path.lower()] = path
        if kind is not None:
            self._declare(path, kind)

    def free_name(self, stem: str, ending: str, first: int = 0) -> str:
        """A name that no part has: the stem with a number, where it needs one."""
        number = first
        while True:
            name = f"{stem}{number or ''}{ending}"
            if name not in self.package and name.lower() not in self._known:
                return name
            number += 1

    def relate(self, source: str, kind: str, target: str, base: str = ARROWS) -> str:
        """An arrow from a part to another; the answer is its id."""
        path = relationships_part(source)
        if path not in self:
            self.add(path, _NO_ARROWS)
        data = self.part(path)
        known = {match.decode() for match in re.findall(rb'\sId\s*=\s*["\']([^"\']*)', data)}
        number = len(known) + 1
        while f"rId{number}" in known:
            number += 1
        element = f'<Relationship Id="rId{number}" Type="{base}{kind}" Target="/{target}"/>'
        self.put(path, before_end(data, element.encode()))
        return f"rId{number}"

    def _declare(self, name: str, kind: str) -> None:
        self.put(_TYPES, before_end(self.part(_TYPES), f'<Override PartName="/{name}" ContentType="{kind}"/>'.encode()))

    def declare_anew(self, name: str, kind: str) -> None:
        """Another content type for a part of the package."""
        self._forget([name])
        self._declare(name, kind)

    def _forget(self, names: Iterable[str]) -> None:
        types = self.part(_TYPES)
        for name in names:
            own = rb"<Override\b[^>]*\sPartName\s*=\s*[\"']/" + re.escape(name.encode()) + rb"[\"'][^>]*?/>"
            types = re.sub(own, b"", types, flags=re.IGNORECASE)
        self.put(_TYPES, types)

    def remove(self, source: str, path: str) -> list[str]:
        """A part goes that an arrow of `source` leads to, with the parts that only it leads to; the answer are the ids of the arrows."""
        arrows = self.part(relationships_part(source))
        ids = [name for name, arrow in self.package.relationships(source).items() if not arrow.external and _same(arrow.target, path)]
        for name in ids:
            arrows = re.sub(rb"<Relationship\b[^>]*\sId\s*=\s*[\"']" + re.escape(name).encode() + rb"[\"'][^>]*?/>", b"", arrows)
        self.put(relationships_part(source), arrows)
        gone = {path.lower(), *(name for name, data in self._parts.items() if data is None)}
        stay = self._reach([""], without=gone)
        own = sorted(self._reach([path], without=set()) - stay)
        for part in own:
            self._parts[part] = self._parts[relationships_part(part).lower()] = None
        self._forget(name for part in own for name in (part, relationships_part(part)))
        return ids

    def is_gone(self, path: str) -> bool:
        """Whether a part of the package is left out."""
        return self._parts.get(path.lower(), b"") is None

    def _reach(self, start: Iterable[str], without: set[str]) -> set[str]:
        """The parts that arrows lead to from some parts, in lower case, those included."""
        package = self.package
        found: set[str] = set()
        waiting = list(start)
        while waiting:
            part = waiting.pop()
            if part.lower() in found or part.lower() in without:
                continue
            found.add(part.lower())
            waiting += [arrow.target for arrow in package.relationships(part).values() if not arrow.external and arrow.target in package]
        return found - {""}

    def write(self, stream: BinaryIO, streamed: Callable[[str], StreamPart | None] = lambda name: None) -> None:
        """The package; `streamed` says by the name of a part in lower case what writes it block by block."""
        writer = ZipWriter(stream)
        for entry in self.package.entries:
            name = entry.filename.replace("\\", "/").lower()
            if name in self._parts and (data := self._parts[name]) is None:
                continue
            own = streamed(name)
            if own is not None:
                own(writer, entry)
            elif name not in self._parts:
                writer.copy(entry, self.package.data)
            else:
                assert data is not None
                writer.add(copy.copy(entry), (data,))
        like = self.package.entries[0]
        for name, data in self._added.items():
            writer.add(new_entry(name, like), (data,))
        writer.close()


def _same(one: str, other: str) -> bool:
    return one.lower() == other.lower()


def before_end(data: bytes, element: bytes) -> bytes:
    """An element put at the end of a part's root, which may close itself."""
    at = data.rfind(b"</")
    if at >= 0:
        return data[:at] + element + data[at:]
    opening = re.search(rb"<((?:\w+:)?\w+)\b[^<>]*/>\s*$", data)
    assert opening is not None
    return data[: data.rindex(b"/>")] + b">" + element + b"</" + opening[1] + b">"
