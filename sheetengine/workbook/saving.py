"""A workbook becomes a file.

In: a workbook, a path or a file object. Out: an .xlsx package, .xlsm where it was one, or the values of a .csv. An opened workbook is
patched: what was not edited stays byte for byte; a new one is a skeleton made by XlsxWriter with its cells patched in. Invariants:
what the file cannot take is refused before anything is written; on any failure a file of that name is as it was.
"""

from __future__ import annotations

import io
import os
import re
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO

import numpy as np
from numpy.typing import NDArray

from sheetengine.address import Range
from sheetengine.errors import FileFormatError
from sheetengine.functions import library
from sheetengine.grid import TEXT, distinct
from sheetengine.io import xlsx_patch
from sheetengine.io.atomic_write import replace_file
from sheetengine.io.csv_read import ENDINGS as CSV_ENDINGS
from sheetengine.io.document import Calculation, Document, Mode, NameText
from sheetengine.io.new_sheet import SheetLooks
from sheetengine.io.sheet_shift import Way
from sheetengine.io.shift_package import CannotMove, shifted_package
from sheetengine.io.style_patch import StylePatch
from sheetengine.io.xlsx_patch import NewSheet, WorkbookChanges
from sheetengine.io.xlsx_read import part_of, read
from sheetengine.io.xlsx_write import Skeleton, SkeletonSheet, skeleton
from sheetengine.recalc.book import SheetRecord
from sheetengine.restructure.move_edit import MoveEdit
from sheetengine.restructure.shift_edit import ShiftEdit
from sheetengine.syntax.file_forms import to_file
from sheetengine.syntax.move import Move
from sheetengine.workbook.csv_files import only_sheet, write_csv
from sheetengine.workbook.file_changes import SheetComparison
from sheetengine.workbook.file_texts import FileTexts
from sheetengine.workbook.new_cells import all_cells
from sheetengine.workbook.renamed_text import sheets_renamed
from sheetengine.workbook.saved_tables import TableChanges, table_changes, without_room

if TYPE_CHECKING:
    from sheetengine.io.sheet_changes import SheetChanges
    from sheetengine.workbook.opened_file import OpenedFile
    from sheetengine.workbook.workbook import Workbook

_OPEN_XML = "application/vnd.openxmlformats-officedocument.spreadsheetml."
_TYPES = {
    ".xlsx": f"{_OPEN_XML}sheet.main+xml",
    ".xltx": f"{_OPEN_XML}template.main+xml",
    ".xlsm": "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    ".xltm": "application/vnd.ms-excel.template.macroEnabled.main+xml",
}
"""What the workbook part must be by the ending of the file's name: Excel opens no file where they differ."""


def save(workbook: Workbook, target: str | os.PathLike[str] | BinaryIO, *, rebuild: bool = False) -> None:
    """Write a workbook; `rebuild`: as a new file, without what only the opened file holds (charts, styles, macros…)."""
    if isinstance(target, str | os.PathLike):
        ending = os.path.splitext(os.fspath(target))[1].lower()
        if ending in CSV_ENDINGS:
            write_csv(only_sheet(workbook, os.fspath(target)), target, separator="," if ending == ".csv" else "\t")
            return
        if ending not in _TYPES:
            raise FileFormatError(
                f"{os.fspath(target)}: workbooks are written as .xlsx or .xlsm, sheets as .csv; give the file such an ending"
            )
        writing = _Saving(workbook, rebuild=rebuild, ending=ending)
        if ending in (".xlsx", ".xltx") and writing.has_macros:
            raise FileFormatError(
                f"{os.fspath(target)}: the workbook has macros, which {ending} cannot hold; save it as {ending[:-1]}m, "
                "or without them by save(path, rebuild=True)"
            )
        replace_file(target, writing.write)
        return
    if isinstance(target, io.TextIOBase):
        raise TypeError("the file is open as text; open it in binary mode ('wb') to save a workbook")
    if not hasattr(target, "write"):
        raise TypeError(f"a path or a binary file object is needed to save a workbook, not {type(target).__name__}")
    whole = io.BytesIO()
    _Saving(workbook, rebuild=rebuild).write(whole)
    target.write(whole.getvalue())


class _Saving:
    """One workbook on its way into one file."""

    def __init__(self, workbook: Workbook, *, rebuild: bool, ending: str = "") -> None:
        self.workbook = workbook
        self.engine = workbook._engine
        self.book = workbook._engine.book
        self.main_type = _TYPES.get(ending)
        opened = workbook._file
        self.opened: OpenedFile | None = opened if opened is not None and opened.document.package is not None and not rebuild else None
        self.document: Document = self._skeleton() if self.opened is None else self.opened.document
        self.styles: StylePatch | None = None
        self._find_styles()
        self.texts = FileTexts(self.engine, self._prefix)
        self._pool_ids: NDArray[np.int64] | None = None
        self._file_prefixes: dict[str, str] | None = None

    def _find_styles(self) -> None:
        package = self.document.package
        assert package is not None
        path = part_of(package, "styles")
        self.styles = None if path is None else StylePatch(package.read(path), self.document.styles)

    @property
    def has_macros(self) -> bool:
        """Whether the package holds Visual Basic, or macro sheets of Excel 4."""
        package = self.document.package
        assert package is not None
        return part_of(package, "vbaProject") is not None or any(sheet.kind == "macrosheet" for sheet in self.document.sheets)

    def write(self, stream: BinaryIO) -> None:
        """The package."""
        changes = self._changes() if self.opened is not None else self._everything()
        changes.calculation = self._calculation()
        changes.date1904 = None if self.book.date1904 == self.document.date1904 else self.book.date1904
        changes.main_type = self.main_type
        changes.texts = self._shared_texts(changes)
        changes.styles = self.styles
        xlsx_patch.write(self.document, changes, stream)

    # -- what the writers ask ------------------------------------------------------------------------------------------

    def _style(self, base: int, pattern: str) -> int:
        if self.styles is None:
            if pattern == "General":
                return 0
            raise FileFormatError(f"the file has no styles part, so the number format {pattern!r} cannot be written into it")
        return self.styles.style(base, pattern)

    def _prefix(self, name: str) -> str:
        """What a file puts before a function's name: Excel's prefix of functions newer than the format."""
        spec = library.find(name)
        if spec is not None:
            return spec.future
        if self._file_prefixes is None:
            self._file_prefixes = {}
            for sheet in self.document.sheets:
                for text in sheet.formula_texts:
                    if text is not None and "_xl" in text:
                        self._file_prefixes.update((found[2].upper(), found[1]) for found in _PREFIXED.finditer(text))
        return self._file_prefixes.get(name, "")

    def _pool(self) -> NDArray[np.int64]:
        if self._pool_ids is None:
            self._pool_ids = self.book.pool.find_all(self.document.texts)
        return self._pool_ids

    def _shared_texts(self, changes: WorkbookChanges) -> list[str]:
        """Number the texts of all changes, each once."""
        sheets = [*changes.sheets.values(), *(tab[0].changes for tab in changes.tabs or () if isinstance(tab[0], NewSheet))]
        used = [sheet.payload[sheet.kinds == TEXT].astype(np.int64) for sheet in sheets]
        ids = distinct(np.concatenate(used)) if used else np.zeros(0, np.int64)
        for sheet, own in zip(sheets, used, strict=True):
            sheet.payload[sheet.kinds == TEXT] = np.searchsorted(ids, own)
        texts: list[str] = self.book.pool.take(ids).tolist()
        return texts

    # -- an opened file ------------------------------------------------------------------------------------------------

    def _changes(self) -> WorkbookChanges:
        opened = self.opened
        assert opened is not None
        opened, tables_now = self._moved(opened)
        self._find_styles()
        changes = WorkbookChanges(parts=tables_now.parts, new_tables=tables_now.new, gone_tables=tables_now.gone)
        tabs: list[tuple[int | NewSheet, str, str]] = []
        for number in self.book.order:
            record = self.book.sheets[number]
            place = opened.sheets.get(number)
            if place is None:
                cells = all_cells(self.engine, record, self._style, self.texts)
                tables = [table for table in self.book.tables.values() if table.sheet == number]
                tabs.append((NewSheet(record.name, cells, record.state, _looks(record), tables), record.name, record.state))
                continue
            tabs.append((place, record.name, record.state))
            found = SheetComparison(self.engine, opened, record, place, self.texts).changes(self._style, self._pool)
            written = found is not None and len(found) > 0
            kind = self.document.sheets[place].kind
            if kind in ("chartsheet", "dialogsheet") and (written or tables_now.new.get(place)):
                raise FileFormatError(
                    f"{self.document.source}: {record.name!r} is a {kind}, which holds no cells; clear what was written into it"
                )
            if found is not None and written:
                changes.sheets[place] = found
        if tabs != [(place, sheet.name, sheet.state) for place, sheet in enumerate(self.document.sheets)]:
            changes.tabs = tabs
        if changes.tabs is not None or self.book.names != opened.names:
            changes.names = self._names()
        names = {
            sheet.name: name for place, name, _ in tabs if isinstance(place, int) and (sheet := self.document.sheets[place]).name != name
        }
        if names:
            changes.renamed = {old.lower(): new for old, new in names.items()}
            changes.rewrite = sheets_renamed(names)
        return changes

    def _moved(self, opened: OpenedFile) -> tuple[OpenedFile, TableChanges]:
        """The opened file with what stands on cells where the cells are now, and what becomes of its tables.

        What cannot follow is refused before anything is written.
        """
        book = self.book
        shifts: dict[int, list[Way]] = {}
        reasons = []
        for number, place in opened.sheets.items():
            for edit in book.sheets[number].shifts if number in book.sheets else []:
                if isinstance(edit, MoveEdit) and edit.sheet == edit.target_sheet:
                    shifts.setdefault(place, []).append(Move(edit.source, edit.top - edit.source.top, edit.left - edit.source.left))
                elif isinstance(edit, ShiftEdit):
                    shifts.setdefault(place, []).append(edit.shift)
                else:
                    reasons.append(f"cells that were moved between {book.sheets[number].name!r} and another sheet")
        package = opened.document.package
        assert package is not None
        if shifts and not reasons:
            try:
                document = read(shifted_package(opened.document, shifts))
            except CannotMove as error:
                reasons.append(str(error))
            else:
                assert document.package is not None
                document.package.name = package.name
                opened = opened.at(document, shifts)
                self.document, self.opened, self._pool_ids = document, opened, None
        tables = table_changes(opened, book, shifts)
        reasons += tables.reasons
        if reasons:
            raise FileFormatError(
                f"{package.name}: this does not follow an edit yet in an opened file, so nothing was written: {'; '.join(reasons)}. "
                "save(path, rebuild=True) writes a new file with values, formulas, names, tables, number formats, widths and merged cells alone"
            )
        return opened, tables

    def _calculation(self) -> Calculation | None:
        """The settings of calculation where they are not the file's."""
        known, engine = self.document.calculation, self.engine
        mode: Mode = "manual" if not engine.automatic else "auto" if known.mode == "manual" else known.mode
        iteration = engine.evaluator.iteration
        now = replace(
            known, mode=mode, iterate=iteration.enabled, iterate_count=iteration.count, iterate_delta=iteration.change,
            full_precision=not engine.evaluator.displayed.on,
        )  # fmt: skip
        return None if now == known else now

    def _names(self) -> list[NameText]:
        """All defined names, those of the file that were not understood among them."""
        opened = self.opened
        places = {number: index for index, number in enumerate(self.book.order)}
        found: list[NameText] = []
        if opened is not None:
            numbers = {place: number for number, place in opened.sheets.items()}
            for name in self.document.names:
                sheet = None if name.sheet is None else numbers[name.sheet]
                if (sheet, name.name.lower()) not in opened.names and (sheet is None or sheet in places):
                    found.append(name._replace(sheet=None if sheet is None else places[sheet]))
        for (sheet, key), definition in self.book.names.items():
            if sheet is not None and sheet not in places:
                continue
            same = opened is not None and opened.names.get((sheet, key)) is definition
            text = definition.text if same else to_file(definition.shape, definition.operands, self._prefix, bare=self.texts.bare(sheet))
            index = None if sheet is None else places[sheet]
            found.append(NameText(definition.name, text, index, definition.hidden, definition.comment))
        return found

    # -- a new file ----------------------------------------------------------------------------------------------------

    def _skeleton(self) -> Document:
        book = self.book
        sheets = []
        for number in book.order:
            record = book.sheets[number]
            sheets.append(SkeletonSheet(record.name, record.state, _looks(record)))
        return skeleton(Skeleton(sheets, date1904=book.date1904))

    def _everything(self) -> WorkbookChanges:
        if reasons := without_room(self.book):
            raise FileFormatError(f"this cannot be written as Excel has it, so nothing was written: {'; '.join(reasons)}")
        changes = WorkbookChanges(names=self._names())
        for place, number in enumerate(self.book.order):
            changes.sheets[place] = all_cells(self.engine, self.book.sheets[number], self._style, self.texts)
            if tables := [table for table in self.book.tables.values() if table.sheet == number]:
                changes.new_tables[place] = tables
        return changes


_PREFIXED = re.compile(r"(?<!\w)((?:_xlfn\.|_xlws\.|_xludf\.)+)([^\W\d][\w.]*)\(")


def _looks(record: SheetRecord) -> SheetLooks:
    return SheetLooks(dict(record.widths), set(record.hidden_rows), [Range(*area) for area in record.merged])


__all__ = ["SheetChanges", "save"]
