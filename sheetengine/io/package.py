"""An Open XML package: the parts of a .xlsx file, how they point at each other, and what is refused.

In: a path, bytes or a file object. Out: `Package`: the bytes of a part, whole or as a stream, its relationships and content
type. Invariants: nothing is ever written to disk or fetched from outside; every failure is a `FileFormatError` that names the
file; no part takes more memory than `Limits` allows.
"""

from __future__ import annotations

import io
import os
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple, TypeAlias
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from sheetengine.errors import FileFormatError
from sheetengine.io import markup

Source: TypeAlias = str | os.PathLike[str] | bytes | bytearray | memoryview | BinaryIO

BLOCK: Final = 1 << 19
"""Bytes of a part taken at a time: large enough for numpy, small enough for the cache."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
XLSB: Final = "this is a binary workbook (.xlsb); open it in Excel or LibreOffice and save it as .xlsx"
_LOCAL = b"PK\x03\x04"
_SAVE_AS = "open it in Excel or LibreOffice and save it as .xlsx"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may ask for: parts read whole, parts read as a stream, how far a part may inflate beyond `grace` bytes.

    Deflate cannot pass 1032:1; sheets of real workbooks stay below 60:1.
    """

    whole: int = 256 << 20
    stream: int = 4 << 30
    ratio: int = 200
    grace: int = 8 << 20
    parts: int = 65_000


class Relationship(NamedTuple):
    """One arrow from a part: its kind (the last word of its type), and the part or the address it points at."""

    kind: str
    target: str
    external: bool


class Package:
    """The parts of an opened file; `data` is the file as it was, kept for saving without loss."""

    def __init__(self, source: Source, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self.data, self.name = take(source)
        self._archive: zipfile.ZipFile | None = None
        self.entries: list[zipfile.ZipInfo] = []
        self._places: dict[str, zipfile.ZipInfo] = {}
        self._relationships: dict[str, dict[str, Relationship]] = {}
        self._open_zip()
        self._defaults, self._overrides = self._read_content_types()

    # -- failures --------------------------------------------------------------------------------------------------

    def problem(self, reason: str, part: str | None = None) -> FileFormatError:
        """An error that names the file, the part and the reason."""
        return FileFormatError(f"{self.name}: {f'part {part}: ' if part else ''}{reason}")

    def _opened(self) -> zipfile.ZipFile:
        """The archive, whose directory is read once: of a thousand sheets it is large."""
        if self._archive is None:
            self._archive = zipfile.ZipFile(io.BytesIO(self.data))
        return self._archive

    def __getstate__(self) -> dict[str, object]:
        return self.__dict__ | {"_archive": None}

    # -- opening ---------------------------------------------------------------------------------------------------

    def _open_zip(self) -> None:
        data = self.data
        if data[:8] == _OLE:
            raise self.problem(_describe_ole(data))
        if not data:
            raise self.problem("the file is empty")
        if data[:2] != b"PK":
            raise self.problem(_describe_unknown(data))
        try:
            self.entries = self._opened().infolist()
        except (zipfile.BadZipFile, struct.error, ValueError, IndexError, UnicodeError, OverflowError, NotImplementedError) as error:
            raise self.problem(f"the zip package is damaged or cut off ({error}); get a new copy of the file") from None
        if len(self.entries) > self.limits.parts:
            raise self.problem(f"the package has {len(self.entries)} parts; no workbook has more than {self.limits.parts}")
        if sum(entry.compress_size for entry in self.entries) > len(data):
            raise self.problem("parts of the package overlap, as in a zip bomb; it is not read")
        for entry in self.entries:
            begin = entry.header_offset
            if data[begin : begin + 4] != _LOCAL or begin + 30 + entry.compress_size > len(data):
                raise self.problem(
                    f"the zip package is damaged: part {entry.filename} is not where its directory says; get a new copy of the file"
                )
            name = entry.filename.replace("\\", "/")
            if name.startswith("/") or ".." in name.split("/") or name[1:2] == ":":
                raise self.problem(f"part name {entry.filename!r} leads outside the package; the file is not to be trusted")
            if self._places.setdefault(_key(name), entry) is not entry and not entry.is_dir():
                raise self.problem(f"the package holds part {name} twice")

    def _read_content_types(self) -> tuple[dict[str, str], dict[str, str]]:
        if "[Content_Types].xml" not in self:
            raise self.problem(self._describe_foreign())
        defaults: dict[str, str] = {}
        overrides: dict[str, str] = {}
        for element in self.tree("[Content_Types].xml"):
            kind = element.get("ContentType", "")
            if element.tag == "Default":
                defaults[element.get("Extension", "").lower()] = kind
            elif element.tag == "Override":
                overrides[element.get("PartName", "").lstrip("/").lower()] = kind
        return defaults, overrides

    def _describe_foreign(self) -> str:
        if "mimetype" in self:
            kind = self.read("mimetype")[:80].decode("ascii", "replace").strip()
            if "opendocument" in kind:
                return f"this is an OpenDocument file ({kind}); {_SAVE_AS}"
        if "xl/workbook.bin" in self:
            return XLSB
        return "this zip file is not a workbook: part [Content_Types].xml is missing"

    # -- parts -----------------------------------------------------------------------------------------------------

    def __contains__(self, part: str) -> bool:
        return _key(part) in self._places

    def entry(self, part: str) -> zipfile.ZipInfo:
        """The zip entry of a part; part names do not mind case."""
        found = self._places.get(_key(part))
        if found is None:
            raise self.problem("it is missing from the package; the file is damaged", part)
        if found.flag_bits & 1:
            raise self.problem(f"it is encrypted; remove the password: {_SAVE_AS} without one", part)
        return found

    def _check_size(self, entry: zipfile.ZipInfo, most: int) -> None:
        if entry.file_size > most:
            raise self.problem(f"it unpacks to {entry.file_size:,} bytes; the limit is {most:,} (see Limits)", entry.filename)
        if entry.file_size > self.limits.grace and entry.file_size > self.limits.ratio * max(entry.compress_size, 1):
            ratio = entry.file_size // max(entry.compress_size, 1)
            raise self.problem(f"it unpacks to {ratio} times its size, as a zip bomb does; it is not read (see Limits)", entry.filename)

    def read(self, part: str) -> bytes:
        """A part as a whole."""
        return b"".join(self.blocks(part, whole=True))

    def blocks(self, part: str, size: int = BLOCK, *, whole: bool = False) -> Iterator[bytes]:
        """A part, some bytes at a time."""
        entry = self.entry(part)
        self._check_size(entry, self.limits.whole if whole else self.limits.stream)
        try:
            with self._opened().open(entry) as stream:
                while block := stream.read(size):
                    yield block
        except (zipfile.BadZipFile, zlib.error, EOFError, struct.error, NotImplementedError, RuntimeError, ValueError, OSError) as error:
            raise self.problem(f"its packed data is damaged ({error}); get a new copy of the file", part) from None

    def tree(self, part: str) -> Element:
        """A part as a tree; the right way for small parts."""
        data = self.read(part)
        try:
            return markup.parse(data)
        except markup.MarkupProblem as error:
            raise self.problem(str(error), part) from None

    def content_type(self, part: str) -> str:
        """What the package says a part is, "" where it says nothing."""
        known = self._overrides.get(part.lower())
        return known if known is not None else self._defaults.get(part.lower().rpartition(".")[2], "")

    # -- relationships ---------------------------------------------------------------------------------------------

    def relationships(self, part: str = "") -> dict[str, Relationship]:
        """The arrows from a part (from the package itself for ""), by their ids."""
        known = self._relationships.get(part.lower())
        if known is None:
            known = self._relationships[part.lower()] = self._read_relationships(part)
        return known

    def _read_relationships(self, part: str) -> dict[str, Relationship]:
        folder = part.rpartition("/")[0]
        path = relationships_part(part)
        if path not in self:
            return {}
        found = {}
        for element in self.tree(path):
            if element.tag != "Relationship":
                continue
            external = element.get("TargetMode", "").lower() == "external"
            target = element.get("Target", "")
            found[element.get("Id", "")] = Relationship(
                element.get("Type", "").rpartition("/")[2], target if external else self._resolve(folder, target, path), external
            )
        return found

    def _resolve(self, folder: str, target: str, part: str) -> str:
        target = target.replace("\\", "/").partition("#")[0]
        path = posixpath.normpath(target if target.startswith("/") else posixpath.join("/" + folder, target)).lstrip("/")
        steps = [step for step in posixpath.join(folder, target).split("/") if step not in ("", ".")]
        depth = 0
        for step in [step for step in target.split("/") if step] if target.startswith("/") else steps:
            depth += -1 if step == ".." else 1
            if depth < 0:
                raise self.problem(f"its target {target!r} leads outside the package; the file is not to be trusted", part)
        return path if path in self else unquote(path)


def _key(part: str) -> str:
    """Names of parts do not mind case, and some writers of zip files separate folders by backslashes."""
    return part.replace("\\", "/").lower()


def relationships_part(part: str) -> str:
    """Where the arrows of a part are kept.

    >>> relationships_part("xl/workbook.xml"), relationships_part("")
    ('xl/_rels/workbook.xml.rels', '_rels/.rels')
    """
    folder, _, file = part.rpartition("/")
    return f"{folder}/_rels/{file}.rels" if folder else f"_rels/{file}.rels"


def take(source: Source) -> tuple[bytes, str]:
    """The bytes of a file and a name for messages."""
    if isinstance(source, bytes | bytearray | memoryview):
        return bytes(source), "the workbook given as bytes"
    if isinstance(source, str | os.PathLike):
        path = Path(source)
        if path.is_dir():
            raise FileFormatError(f"{path}: this is a folder, not a workbook")
        return path.read_bytes(), str(path)
    if not hasattr(source, "read"):
        raise TypeError(f"a path, bytes or a binary file object is needed to open a workbook, not {type(source).__name__}")
    data = source.read()
    name = getattr(source, "name", None)
    name = name if isinstance(name, str) else "the workbook given as a file object"
    if isinstance(data, str):
        raise FileFormatError(f"{name}: it is open as text; open it in binary mode ('rb')")
    return bytes(data), name


def _describe_ole(data: bytes) -> str:
    """What an OLE compound file is: an encrypted package, an old .xls, something else."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return f"the workbook is encrypted with a password; {_SAVE_AS} without a password"
    if "Workbook".encode("utf-16-le") in data or "Book".encode("utf-16-le") in data:
        return f"this is a workbook of Excel 97-2003 (.xls); {_SAVE_AS}"
    return f"this is an OLE compound file, not an .xlsx workbook; if Excel opens it, {_SAVE_AS}"


def _describe_unknown(data: bytes) -> str:
    head = data[:512].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if data[:2] in (b"\x09\x08", b"\x09\x04", b"\x09\x02") or data[:4] == b"\x09\x00\x04\x00":
        return f"this is a workbook of an Excel before 97 (.xls); {_SAVE_AS}"
    if head.startswith((b"<html", b"<!doctype html", b"<table")):
        return f"this is a web page, whatever its name says; {_SAVE_AS}"
    if head.startswith(b"<?xml"):
        return f"this is an XML file, not an .xlsx package; if it is an XML spreadsheet, {_SAVE_AS}"
    return "this is not a workbook: an .xlsx file is a zip package, and this is none (for text with commas, give it the ending .csv)"
