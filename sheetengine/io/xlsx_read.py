"""Read a .xlsx or .xlsm file into a `Document`.

In: a path, bytes or a file object. Out: a `Document` with its `package`, from which `xlsx_patch` saves. Every sheet goes through the
fast scanner where its XML is of the common form, through the plain reader where it is not; both give the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, TypeVar
from xml.etree.ElementTree import Element

import numpy as np

from sheetengine.io import markup, shared_strings, sheet_plain, sheet_scan, styles, workbook_part
from sheetengine.io.cell_tags import Odd
from sheetengine.io.cell_values import CellProblem, CellReader
from sheetengine.io.document import Document, SheetDocument, SheetKind, TextPool
from sheetengine.io.external_links import read_external_books
from sheetengine.io.formula_cells import FormulaColumns
from sheetengine.io.markup import MarkupProblem
from sheetengine.io.package import XLSB, Limits, Package, Source
from sheetengine.io.rich_errors import rich_errors
from sheetengine.io.sheet_features import FEATURES, read_features, read_filter

T = TypeVar("T")

_KINDS: Final[dict[str, SheetKind]] = {
    "worksheet": "worksheet", "chartsheet": "chartsheet", "dialogsheet": "dialogsheet", "xlMacrosheet": "macrosheet",
    "xlIntlMacrosheet": "macrosheet",
}  # fmt: skip


def read(source: Source, *, limits: Limits | None = None, plain: bool = False) -> Document:
    """Open a workbook; `plain` reads every part by the XML parser alone, as the tests do to compare."""
    return _Reading(Package(source, limits), plain).document()


class _Reading:
    """The parts of one workbook, read one after the other."""

    def __init__(self, package: Package, plain: bool) -> None:
        self.package = package
        self.plain = plain
        self.path = workbook_path(package)
        self.root = package.tree(self.path)
        if self.root.tag != "workbook":
            raise package.problem(f"its outermost element is <{self.root.tag[:60]}>, not <workbook>", self.path)
        self.arrows = package.relationships(self.path)
        self.texts = TextPool()
        self.result = Document(package=package, source=package.name, date1904=workbook_part.uses_1904(self.root), texts=self.texts.texts)

    def document(self) -> Document:
        """Everything."""
        result = self.result
        result.calculation = workbook_part.calculation(self.root)
        result.styles = self._tree("styles", styles.number_formats, ["General"])
        none: frozenset[int] = frozenset()
        self.dynamic = self._tree("sheetMetadata", workbook_part.dynamic_metadata, none)
        self.reader = CellReader(self._shared_strings(), self.texts, result.date1904)
        self.reader.rich_errors = result.rich_errors = self._rich_errors()
        result.external_books = read_external_books(self.package, self.path, self.root, self.reader)
        for entry in workbook_part.sheet_entries(self.root):
            self._add_sheet(entry)
        if not result.sheets:
            raise self.package.problem("the workbook has no sheets", self.path)
        for name in workbook_part.defined_names(self.root):
            if name.sheet is not None and not 0 <= name.sheet < len(result.sheets):
                result.notes.append(f"name {name.name} belongs to a sheet that the file does not have; left out")
            else:
                result.names.append(name)
        result.active = workbook_part.active_tab(self.root, len(result.sheets))
        return result

    def _part(self, kind: str) -> str | None:
        """The part that the workbook points at with an arrow of this kind."""
        for arrow in self.arrows.values():
            if arrow.kind == kind and not arrow.external:
                return arrow.target
        return None

    def _tree(self, kind: str, read: Callable[[Element], T], default: T) -> T:
        path = self._part(kind)
        return default if path is None or path not in self.package else read(self.package.tree(path))

    def _rich_errors(self) -> dict[int, float]:
        parts = [self._part(kind) for kind in ("sheetMetadata", "rdRichValueStructure", "rdRichValue")]
        if any(path is None or path not in self.package for path in parts):
            return {}
        return rich_errors(*(self.package.tree(path) for path in parts if path is not None))

    def _shared_strings(self) -> list[int]:
        path = self._part("sharedStrings")
        if path is None or path not in self.package:
            return []
        try:
            return shared_strings.read(lambda: self.package.blocks(path), self.texts, plain=self.plain)
        except MarkupProblem as problem:
            raise self.package.problem(str(problem), path) from None

    def _add_sheet(self, entry: workbook_part.SheetEntry) -> None:
        arrow = self.arrows.get(entry.relationship)
        if arrow is None or arrow.external:
            raise self.package.problem(f"sheet {entry.name!r} leads to no part of the package; the file is damaged", self.path)
        sheet = SheetDocument(entry.name, entry.state, _KINDS.get(arrow.kind, "worksheet"), arrow.target)
        number = len(self.result.sheets)
        self.result.sheets.append(sheet)
        if sheet.kind in ("worksheet", "macrosheet"):
            self._read_cells(sheet)
        for link in self.package.relationships(arrow.target).values():
            if link.kind == "table" and not link.external and link.target in self.package:
                root = self.package.tree(link.target)
                table = workbook_part.table(root, number)
                if (filtering := root.find("autoFilter")) is not None:
                    read_filter(sheet, filtering, self.result.notes)
                if table is None:
                    self.result.notes.append(f"part {link.target} holds no table with a name and a range; left out")
                else:
                    sheet.tables.append(table)

    def _read_cells(self, sheet: SheetDocument) -> None:
        path = sheet.path or ""
        kind = self.package.content_type(path)
        if kind and "sheet+xml" not in kind and not kind.endswith("/xml"):
            raise self.package.problem(f"sheet {sheet.name!r} should be here, but its content type is {kind}", path)
        notes: list[str] = []
        try:
            root = self._cells_and_rest(sheet, lambda: self.package.blocks(path), notes)
            read_features(sheet, root, self.package.relationships(path), notes)
        except MarkupProblem as problem:
            raise self.package.problem(str(problem), path) from None
        except CellProblem as problem:
            raise self.package.problem(f"sheet {sheet.name!r}, {problem}", path) from None
        self.result.notes += notes
        unknown = sheet.styles >= len(self.result.styles)
        if unknown.any():
            sheet.styles[unknown] = 0
            self.result.notes.append(f"sheet {sheet.name}: {int(np.count_nonzero(unknown))} cells have a style that the file lacks")

    def _cells_and_rest(self, sheet: SheetDocument, blocks: Callable[[], Iterable[bytes]], notes: list[str]) -> Element:
        if not self.plain:
            own_notes: list[str] = []
            try:
                around = sheet_scan.read_sheet(sheet, blocks(), self.reader, FormulaColumns(self.dynamic, own_notes))
                root = markup.parse(around, FEATURES)
                notes += own_notes
                return root
            except (Odd, MarkupProblem):
                sheet.hidden_rows.clear()
        return sheet_plain.read_sheet(sheet, blocks(), self.reader, FormulaColumns(self.dynamic, notes), FEATURES)


def part_of(package: Package, kind: str) -> str | None:
    """The part that the workbook points at with an arrow of a kind."""
    for arrow in package.relationships(workbook_path(package)).values():
        if arrow.kind == kind and not arrow.external and arrow.target in package:
            return arrow.target
    return None


def workbook_path(package: Package) -> str:
    """The part the package starts from; raises `FileFormatError` with what the file is instead of a workbook."""
    for arrow in package.relationships().values():
        if arrow.kind == "officeDocument" and not arrow.external:
            path = arrow.target
            break
    else:
        if "xl/workbook.bin" in package:
            raise package.problem(XLSB)
        raise package.problem("this zip package is not a workbook: nothing in _rels/.rels says where the workbook is")
    kind = package.content_type(path)
    if "sheet.binary" in kind or path.lower().endswith(".bin"):
        raise package.problem(XLSB)
    for word, what in (
        ("wordprocessing", "a Word document"),
        ("presentation", "a PowerPoint presentation"),
        ("drawing", "a Visio drawing"),
    ):
        if word in kind and "spreadsheet" not in kind:
            raise package.problem(f"this is {what}, not a workbook")
    if path not in package:
        raise package.problem("the workbook is missing from the package; the file is damaged", path)
    if kind and "spreadsheet" not in kind and "ms-excel" not in kind and not kind.endswith("/xml"):
        raise package.problem(f"the workbook should be here, but its content type is {kind}", path)
    return path
