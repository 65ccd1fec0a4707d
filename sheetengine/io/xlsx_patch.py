"""Saves an opened workbook: what changed is written into its parts, everything else is copied as it is packed.

In: a `Document` with its package, `WorkbookChanges`. Out: a zip package on a stream. Invariants: parts keep their order and, where
nothing in them changed, their bytes; what cannot be written is refused before the first byte.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import BinaryIO, Final
from zipfile import ZipInfo

import numpy as np

from sheetengine.address import Address
from sheetengine.grid import ERROR, distinct
from sheetengine.io import dynamic_metadata
from sheetengine.io.calc_chain import patch_chain
from sheetengine.io.document import ArrayFormula, Calculation, Document, NameText
from sheetengine.io.new_sheet import SheetLooks, empty_sheet
from sheetengine.io.package import Package, relationships_part
from sheetengine.io.part_references import Rewrite, rename_sources, rewrite_references
from sheetengine.io.rich_errors import ARROWS, CODES, rich_parts
from sheetengine.io.sheet_changes import CONSTANT, FORMULA, SPILLED, SheetChanges, no_changes
from sheetengine.io.sheet_patch import SheetPatch, write_sheet
from sheetengine.io.style_patch import StylePatch
from sheetengine.io.workbook_patch import Tab, patch_calculation, patch_calendar, patch_names, patch_tabs, sheet_numbers
from sheetengine.io.xlsx_read import workbook_path
from sheetengine.io.zip_write import ZipWriter, new_entry
from sheetengine.values import error_from_id

_SHEET_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_STRICT: Final = b"http://purl.oclc.org/ooxml/spreadsheetml/main"


@dataclass(slots=True)
class NewSheet:
    """A sheet that the file does not have."""

    name: str
    changes: SheetChanges
    state: str = "visible"
    looks: SheetLooks = field(default_factory=SheetLooks)


@dataclass(slots=True)
class WorkbookChanges:
    """What to write: by place in the document the changes of its sheets, and where they differ the tabs and the names.

    `texts` are those that the payloads of texts stand for; `tabs` gives for each tab the place of a sheet of the file or a new
    one, and its name; `names` are all names, their sheets numbered by the new tabs; `calculation` are the settings where they differ.
    """

    sheets: dict[int, SheetChanges] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    styles: StylePatch | None = None
    tabs: list[tuple[int | NewSheet, str, str]] | None = None
    rewrite: Rewrite | None = None
    """What becomes of formulas outside of cells, where sheets got other names: of charts, conditional formats, validation."""
    parts: dict[str, bytes] = field(default_factory=dict)
    """Other parts that are written anew as a whole, by their paths."""
    renamed: dict[str, str] = field(default_factory=dict)
    """Sheets that got another name, by the old one in lower case."""
    names: list[NameText] | None = None
    calculation: Calculation | None = None
    date1904: bool | None = None
    """The calendar, where it is not the file's."""
    main_type: str | None = None
    """The content type of the workbook part: what the ending of the file's name promises."""


def write(document: Document, changes: WorkbookChanges, stream: BinaryIO) -> None:
    """Write the package with the changes."""
    package = document.package
    assert package is not None
    _Patching(document, package, changes).write(stream)


def part_of(package: Package, kind: str) -> str | None:
    """The part that the workbook points at with an arrow of a kind."""
    for arrow in package.relationships(workbook_path(package)).values():
        if arrow.kind == kind and not arrow.external and arrow.target in package:
            return arrow.target
    return None


class _Patching:
    def __init__(self, document: Document, package: Package, changes: WorkbookChanges) -> None:
        self.document = document
        self.package = package
        self.changes = changes
        self.workbook = workbook_path(package)
        self.whole: dict[str, bytes | None] = {}
        """Parts written anew as a whole, by their names in lower case; None: left out."""
        self.added: dict[str, bytes] = {}
        self.streamed: dict[str, SheetPatch] = {}
        self.metadata = 0
        self.rich: dict[str, int] = {}

    def write(self, stream: BinaryIO) -> None:
        self._prepare()
        writer = ZipWriter(stream)
        for entry in self.package.entries:
            name = entry.filename.replace("\\", "/").lower()
            patch = self.streamed.get(name)
            if patch is not None:
                self._stream(writer, entry, patch)
            elif name not in self.whole:
                writer.copy(entry, self.package.data)
            elif (data := self.whole[name]) is not None:
                writer.add(copy.copy(entry), (data,))
        like = self.package.entries[0]
        for name, data in self.added.items():
            writer.add(new_entry(name, like), (data,))
        writer.close()

    def _stream(self, writer: ZipWriter, entry: ZipInfo, patch: SheetPatch) -> None:
        def add(blocks: Iterable[bytes]) -> None:
            writer.add(copy.copy(entry), blocks)

        write_sheet(patch, add, lambda: self.package.blocks(entry.filename), lambda: self.package.read(entry.filename))

    # -- what changes ------------------------------------------------------------------------------------------------

    def _prepare(self) -> None:
        changes = self.changes
        everything = [*changes.sheets.values(), *(tab[0].changes for tab in changes.tabs or () if isinstance(tab[0], NewSheet))]
        for sheet in everything:
            sheet.check()
        dynamic = any(isinstance(array, ArrayFormula) and array.dynamic for sheet in everything for array in sheet.arrays.values())
        codes = _newer_errors(everything)
        if dynamic or codes:
            self._metadata(dynamic, codes)
        for place, sheet in changes.sheets.items():
            path = self.document.sheets[place].path
            assert path is not None
            if len(sheet):
                self.streamed[self.package.entry(path).filename.replace("\\", "/").lower()] = SheetPatch(
                    sheet, changes.texts, self.metadata, self.rich
                )
        for path, data in changes.parts.items():
            self.whole[self.package.entry(path).filename.replace("\\", "/").lower()] = data
        if changes.styles is not None and changes.styles.changed:
            path = part_of(self.package, "styles")
            assert path is not None
            self.whole[path.lower()] = changes.styles.data()
        workbook = self.package.read(self.workbook)
        numbers = sheet_numbers(workbook)
        places = {place: place for place in range(len(numbers))}
        removed: list[int] = []
        if changes.tabs is not None:
            tabs, removed = self._tabs(numbers)
            workbook = patch_tabs(workbook, tabs)
            places = {tab.place: index for index, tab in enumerate(tabs) if tab.place is not None}
        if changes.names is not None:
            workbook = patch_names(workbook, changes.names, places)
        if changes.calculation is not None:
            workbook = patch_calculation(workbook, changes.calculation)
        if changes.date1904 is not None:
            workbook = patch_calendar(workbook, changes.date1904)
        if changes.main_type is not None and changes.main_type != self.package.content_type(self.workbook):
            self._declare_anew(self.workbook, changes.main_type)
        if workbook != self.package.read(self.workbook):
            self.whole[self.workbook.lower()] = workbook
        self._chain(numbers, removed)
        if changes.rewrite is not None:
            self._rewrite(changes.rewrite)

    def _rewrite(self, rewrite: Rewrite) -> None:
        """Formulas outside of cells follow."""

        def around(data: bytes) -> bytes:
            return rewrite_references(data, rewrite)

        sheets = {}
        for sheet in self.document.sheets:
            if sheet.path and sheet.path in self.package:
                sheets[self.package.entry(sheet.path).filename.replace("\\", "/").lower()] = sheet
        for entry in self.package.entries:
            name = entry.filename.replace("\\", "/").lower()
            if not name.endswith(".xml") or name == self.workbook.lower() or self.whole.get(name, b"") is None:
                continue
            if name in sheets and sheets[name].kind in ("worksheet", "macrosheet"):
                patch = self.streamed.get(name)
                if patch is None:
                    patch = SheetPatch(no_changes(), [], 0)
                    whole = self.package.read(name)
                    # Sheets are streamed; one without a formula outside of its cells is not touched.
                    if around(_around_cells(whole)) == _around_cells(whole):
                        continue
                    self.streamed[name] = patch
                patch.around = around
                continue
            if any(word in name for word in ("chart", "drawing", "table", "pivotcache", "slicer", "timeline")):
                old = self._part(name)
                new = rename_sources(around(old), self.changes.renamed)
                if new != old:
                    self.whole[name] = new

    def _metadata(self, dynamic: bool, codes: list[str]) -> None:
        """The numbers that cells of dynamic arrays and of errors newer than the format carry."""
        path = part_of(self.package, "sheetMetadata")
        old = data = None if path is None else self.package.read(path)
        if dynamic:
            self.metadata, data = dynamic_metadata.with_dynamic(data)
        known = {error_from_id(int(payload)).code: number for number, payload in self.document.rich_errors.items()}
        self.rich = {code: known[code] for code in codes if code in known}
        new = [code for code in codes if code not in known]
        # A file with rich values of its own keeps them as they are; errors it does not have yet are #VALUE! in it.
        if new and part_of(self.package, "rdRichValue") is None:
            first, data = dynamic_metadata.with_rich(data, len(new))
            self.rich |= {code: first + place for place, code in enumerate(new)}
            for name, (kind, content, text) in rich_parts(new).items():
                target = self._beside_workbook("richData/" + name)
                self.added[target] = text.encode()
                self._relate(kind, target, ARROWS)
                self._declare(target, content)
        if path is not None:
            if data is not None and data != old:
                self.whole[path.lower()] = data
        elif data is not None:
            target = self._beside_workbook("metadata.xml")
            self.added[target] = data
            self._relate("sheetMetadata", target)
            self._declare(target, dynamic_metadata.CONTENT_TYPE)

    def _beside_workbook(self, name: str) -> str:
        folder = self.workbook.rpartition("/")[0]
        stem, _, ending = name.rpartition(".")
        return self._free_name(f"{folder}/{stem}" if folder else stem, f".{ending}")

    def _free_name(self, stem: str, ending: str, first: int = 0) -> str:
        number = first
        while True:
            name = f"{stem}{number or ''}{ending}"
            if name not in self.package and name not in self.added:
                return name
            number += 1

    def _relate(self, kind: str, target: str, base: str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/") -> str:
        """An arrow from the workbook to a new part; the answer is its id."""
        path = relationships_part(self.workbook)
        data = self._part(path)
        known = {match.decode() for match in re.findall(rb'\sId\s*=\s*["\']([^"\']*)', data)}
        number = len(known) + 1
        while f"rId{number}" in known:
            number += 1
        if b"purl.oclc.org/ooxml/officeDocument/relationships" in data and kind == "worksheet":
            base = "http://purl.oclc.org/ooxml/officeDocument/relationships/"
        element = f'<Relationship Id="rId{number}" Type="{base}{kind}" Target="/{target}"/>'
        self.whole[path.lower()] = _before_end(data, element.encode())
        return f"rId{number}"

    def _declare(self, name: str, kind: str) -> None:
        data = self._part("[Content_Types].xml")
        self.whole["[content_types].xml"] = _before_end(data, f'<Override PartName="/{name}" ContentType="{kind}"/>'.encode())

    def _declare_anew(self, name: str, kind: str) -> None:
        """Another content type for a part of the file."""
        own = rb"<Override\b[^>]*\sPartName\s*=\s*[\"']/" + re.escape(name.encode()) + rb"[\"'][^>]*?/>"
        self.whole["[content_types].xml"] = re.sub(own, b"", self._part("[Content_Types].xml"), flags=re.IGNORECASE)
        self._declare(name, kind)

    def _part(self, path: str) -> bytes:
        known = self.whole.get(path.lower())
        return self.package.read(path) if known is None else known

    # -- tabs --------------------------------------------------------------------------------------------------------

    def _tabs(self, numbers: list[int]) -> tuple[list[Tab], list[int]]:
        """The tabs as the workbook is to list them, and the places of sheets that went."""
        assert self.changes.tabs is not None
        kept = {tab[0] for tab in self.changes.tabs if not isinstance(tab[0], NewSheet)}
        removed = [place for place in range(len(numbers)) if place not in kept]
        for place in removed:
            self._remove(self.document.sheets[place].path or "")
        folder = self.workbook.rpartition("/")[0]
        stem = f"{folder}/worksheets/sheet" if folder else "worksheets/sheet"
        following = max(numbers, default=0) + 1
        tabs = []
        strict = _STRICT in self.package.read(self.workbook)[:4000]
        for sheet, name, state in self.changes.tabs:
            if not isinstance(sheet, NewSheet):
                tabs.append(Tab(sheet, name, state))
                continue
            path = self._free_name(stem, ".xml", 1)
            patch = SheetPatch(sheet.changes, self.changes.texts, self.metadata, self.rich)
            self.added[path] = b"".join(patch.any(empty_sheet(sheet.looks, strict=strict)))
            self._declare(path, _SHEET_TYPE)
            tabs.append(Tab(None, name, state, self._relate("worksheet", path), following))
            following += 1
        return tabs, removed

    def _remove(self, path: str) -> None:
        """A sheet's part goes, with the parts that only it leads to."""
        arrows = self._part(relationships_part(self.workbook))
        for name, arrow in self.package.relationships(self.workbook).items():
            if arrow.target.lower() == path.lower() and not arrow.external:
                arrows = re.sub(rb"<Relationship\b[^>]*\sId\s*=\s*[\"']" + re.escape(name).encode() + rb"[\"'][^>]*?/>", b"", arrows)
        self.whole[relationships_part(self.workbook).lower()] = arrows
        self.streamed.pop(path.lower(), None)
        others = [sheet.path or "" for sheet in self.document.sheets if sheet.path and self.whole.get(sheet.path.lower(), b"") is not None]
        stay = _reach(self.package, [self.workbook, ""], without={path.lower()}) | _reach(
            self.package, [other for other in others if other != path], without={path.lower()}
        )
        types = self._part("[Content_Types].xml")
        for part in sorted(_reach(self.package, [path], without=set()) - stay):
            for gone in (part, relationships_part(part).lower()):
                self.whole[gone] = None
                types = re.sub(
                    rb"<Override\b[^>]*PartName=\"/" + re.escape(gone).encode() + rb"\"[^>]*?/>", b"", types, flags=re.IGNORECASE
                )
        self.whole["[content_types].xml"] = types

    # -- the calculation chain ---------------------------------------------------------------------------------------

    def _chain(self, numbers: list[int], removed: list[int]) -> None:
        path = part_of(self.package, "calcChain")
        if path is None:
            return
        gone: dict[int, set[str]] = {}
        new: list[tuple[int, str]] = []
        for place, sheet in self.changes.sheets.items():
            if sheet.states is None or place in removed:
                continue
            document = self.document.sheets[place]
            cells = document.formula_cells
            had = document.rows[cells].astype(np.int64) * 16_384 + document.columns[cells]
            keys = sheet.keys()
            lost = np.isin(keys, had) & np.isin(sheet.states, (CONSTANT, SPILLED))
            came = ~np.isin(keys, had) & (sheet.states == FORMULA)
            if lost.any():
                gone[numbers[place]] = {str(Address(key >> 14, key & 16_383)) for key in keys[lost].tolist()}
            new += [(numbers[place], str(Address(key >> 14, key & 16_383))) for key in keys[came].tolist()]
        for place in removed:
            document = self.document.sheets[place]
            cells = document.formula_cells
            places = zip(document.rows[cells].tolist(), document.columns[cells].tolist(), strict=True)
            gone[numbers[place]] = {str(Address(row, column)) for row, column in places}
        if not gone and not new:
            return
        data = patch_chain(self.package.read(path), gone, new)
        if data is not None:
            self.whole[path.lower()] = data
            return
        self._remove(path)


def _reach(package: Package, start: Iterable[str], without: set[str]) -> set[str]:
    """The parts that arrows lead to from some parts, in lower case, those included."""
    found: set[str] = set()
    waiting = list(start)
    while waiting:
        part = waiting.pop()
        if part.lower() in found or part.lower() in without:
            continue
        found.add(part.lower())
        waiting += [arrow.target for arrow in package.relationships(part).values() if not arrow.external and arrow.target in package]
    return found - {""}


def _newer_errors(sheets: Iterable[SheetChanges]) -> list[str]:
    """The errors among changed cells that the format itself does not know."""
    numbers: set[int] = set()
    for sheet in sheets:
        numbers.update(distinct(sheet.payload[sheet.kinds == ERROR]).astype(np.int64).tolist())
    return sorted({error_from_id(number).code for number in numbers} & set(CODES.values()))


def _around_cells(data: bytes) -> bytes:
    """A sheet's XML without its cells, as far as bytes can tell."""
    begin, end = data.find(b"sheetData"), data.rfind(b"sheetData>")
    return data[:begin] + data[end:] if 0 <= begin < end else data


def _before_end(data: bytes, element: bytes) -> bytes:
    """An element put at the end of a part's root."""
    at = data.rindex(b"</")
    return data[:at] + element + data[at:]


__all__ = ["NewSheet", "WorkbookChanges", "part_of", "write"]
