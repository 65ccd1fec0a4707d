"""Saves an opened workbook: what changed is written into its parts, everything else is copied as it is packed.

In: a `Document` with its package, `WorkbookChanges`. Out: a zip package on a stream. Invariants: parts keep their order and, where
nothing in them changed, their bytes; what cannot be written is refused before the first byte.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import BinaryIO, Final
from zipfile import ZipInfo

import numpy as np

from sheetengine.address import Address
from sheetengine.grid import ERROR, distinct
from sheetengine.io import dynamic_metadata
from sheetengine.io.calc_chain import patch_chain
from sheetengine.io.document import ArrayFormula, Calculation, Document, NameText
from sheetengine.io.new_sheet import SheetLooks, empty_sheet
from sheetengine.io.package import Package
from sheetengine.io.package_edit import ARROWS, STRICT_ARROWS, PackageEdit, StreamPart
from sheetengine.io.part_references import Rewrite, rename_sources, rewrite_references
from sheetengine.io.rich_errors import ARROWS as RICH_ARROWS, CODES, rich_parts
from sheetengine.io.sheet_changes import CONSTANT, FORMULA, SPILLED, SheetChanges, no_changes
from sheetengine.io.sheet_patch import SheetPatch, write_sheet
from sheetengine.io.style_patch import StylePatch
from sheetengine.io.table_patch import TABLE_TYPE, list_tables, new_table, table_id
from sheetengine.io.workbook_patch import Tab, patch_calculation, patch_calendar, patch_names, patch_tabs, sheet_numbers
from sheetengine.io.xlsx_read import part_of, workbook_path
from sheetengine.io.zip_write import ZipWriter
from sheetengine.names import Table
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
    tables: list[Table] = field(default_factory=list)


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
    new_tables: dict[int, list[Table]] = field(default_factory=dict)
    """Tables that the file does not have, by place of the sheet."""
    gone_tables: dict[int, list[str]] = field(default_factory=dict)
    """The parts of tables that are no more, by place of the sheet."""
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


class _Patching:
    def __init__(self, document: Document, package: Package, changes: WorkbookChanges) -> None:
        self.document = document
        self.package = package
        self.changes = changes
        self.edit = PackageEdit(package)
        self.workbook = workbook_path(package)
        self.streamed: dict[str, SheetPatch] = {}
        self.strict = _STRICT in package.read(self.workbook)[:4000]
        self.table_ids = 0
        """The largest id that a table has."""
        self.metadata = 0
        self.rich: dict[str, int] = {}

    def write(self, stream: BinaryIO) -> None:
        self._prepare()
        self.edit.write(stream, self._stream_of)

    def _stream_of(self, name: str) -> StreamPart | None:
        patch = self.streamed.get(name)
        return None if patch is None else lambda writer, entry: self._stream(writer, entry, patch)

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
                self.streamed[self.edit.key(path)] = SheetPatch(sheet, changes.texts, self.metadata, self.rich)
        for path, data in changes.parts.items():
            self.edit.put(path, data)
        self._tables()
        if changes.styles is not None and changes.styles.changed:
            path = part_of(self.package, "styles")
            assert path is not None
            self.edit.put(path, changes.styles.data())
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
            self.edit.declare_anew(self.workbook, changes.main_type)
        self.edit.put(self.workbook, workbook)
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
                sheets[self.edit.key(sheet.path)] = sheet
        for entry in self.package.entries:
            name = entry.filename.replace("\\", "/").lower()
            if not name.endswith(".xml") or name == self.workbook.lower() or self.edit.is_gone(name):
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
                self.edit.put(name, rename_sources(around(self.edit.part(name)), self.changes.renamed))

    def _metadata(self, dynamic: bool, codes: list[str]) -> None:
        """The numbers that cells of dynamic arrays and of errors newer than the format carry."""
        path = part_of(self.package, "sheetMetadata")
        data = None if path is None else self.package.read(path)
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
                self.edit.add(target, text.encode(), content)
                self.edit.relate(self.workbook, kind, target, RICH_ARROWS)
        if path is not None:
            if data is not None:
                self.edit.put(path, data)
        elif data is not None:
            target = self._beside_workbook("metadata.xml")
            self.edit.add(target, data, dynamic_metadata.CONTENT_TYPE)
            self.edit.relate(self.workbook, "sheetMetadata", target)

    def _beside_workbook(self, name: str) -> str:
        folder = self.workbook.rpartition("/")[0]
        stem, _, ending = name.rpartition(".")
        return self.edit.free_name(f"{folder}/{stem}" if folder else stem, f".{ending}")

    # -- tables ------------------------------------------------------------------------------------------------------

    def _tables(self) -> None:
        """Tables that came and went, in the sheets they stand on."""
        changes = self.changes
        for sheet in self.document.sheets:
            for arrow in self.package.relationships(sheet.path or "").values():
                if arrow.kind == "table" and not arrow.external and arrow.target in self.package:
                    self.table_ids = max(self.table_ids, table_id(self.package.read(arrow.target)))
        for place in sorted(
            place for place in {*changes.new_tables, *changes.gone_tables} if changes.new_tables.get(place) or place in changes.gone_tables
        ):
            path = self.document.sheets[place].path
            assert path is not None
            gone = [one for part in changes.gone_tables.get(place, ()) for one in self.edit.remove(path, part)]
            new = [self._add_table(path, table) for table in changes.new_tables.get(place, ())]
            patch = self.streamed.setdefault(self.edit.key(path), SheetPatch(no_changes(), [], 0))
            patch.behind = partial(list_tables, gone=gone, new=new, strict=self.strict)

    def _add_table(self, sheet: str, table: Table) -> str:
        """A new table part; the answer is the id of the sheet's arrow to it."""
        self.table_ids += 1
        folder = self.workbook.rpartition("/")[0]
        path = self.edit.free_name(f"{folder}/tables/table" if folder else "tables/table", ".xml", 1)
        self.edit.add(path, new_table(table, self.table_ids, strict=self.strict), TABLE_TYPE)
        return self.edit.relate(sheet, "table", path, STRICT_ARROWS if self.strict else ARROWS)

    # -- tabs --------------------------------------------------------------------------------------------------------

    def _tabs(self, numbers: list[int]) -> tuple[list[Tab], list[int]]:
        """The tabs as the workbook is to list them, and the places of sheets that went."""
        assert self.changes.tabs is not None
        kept = {tab[0] for tab in self.changes.tabs if not isinstance(tab[0], NewSheet)}
        removed = [place for place in range(len(numbers)) if place not in kept]
        for place in removed:
            path = self.document.sheets[place].path or ""
            self.streamed.pop(path.lower(), None)
            self.edit.remove(self.workbook, path)
        folder = self.workbook.rpartition("/")[0]
        stem = f"{folder}/worksheets/sheet" if folder else "worksheets/sheet"
        following = max(numbers, default=0) + 1
        tabs = []
        for sheet, name, state in self.changes.tabs:
            if not isinstance(sheet, NewSheet):
                tabs.append(Tab(sheet, name, state))
                continue
            path = self.edit.free_name(stem, ".xml", 1)
            patch = SheetPatch(sheet.changes, self.changes.texts, self.metadata, self.rich)
            data = b"".join(patch.any(empty_sheet(sheet.looks, strict=self.strict)))
            ids = [self._add_table(path, table) for table in sheet.tables]
            self.edit.add(path, list_tables(data, (), ids, strict=self.strict) if ids else data, _SHEET_TYPE)
            arrow = self.edit.relate(self.workbook, "worksheet", path, STRICT_ARROWS if self.strict else ARROWS)
            tabs.append(Tab(None, name, state, arrow, following))
            following += 1
        return tabs, removed

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
        data = patch_chain(self.package.read(path), lambda sheet, place: None if place in gone.get(sheet, ()) else place, new)
        if data is not None:
            self.edit.put(path, data)
            return
        self.edit.remove(self.workbook, path)


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


__all__ = ["NewSheet", "WorkbookChanges", "write"]
