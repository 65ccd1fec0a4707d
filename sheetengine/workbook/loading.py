"""A document becomes a workbook.

In: a path, bytes or a file object, read by `io` into a `Document`. Out: the workbook filled: sheets, values by planes, formulas as
blocks, names, tables, settings. Invariants: the file's values stay as they are until something they depend on changes; what has no
value is dirty; a formula that cannot be computed keeps the file's value and is listed, whatever it was.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import numpy as np

from sheetengine.address import Address, quote_sheet
from sheetengine.errors import FormulaSyntaxError
from sheetengine.io.csv_read import ENDINGS, read_csv
from sheetengine.io.document import Document, SheetDocument
from sheetengine.io.package import Source, take
from sheetengine.io.xlsx_read import read
from sheetengine.names import DefinedName, Table
from sheetengine.recalc.book import Book, SheetRecord
from sheetengine.recalc.cached_circles import suspects
from sheetengine.syntax.file_forms import from_file
from sheetengine.syntax.parser import read as read_formula
from sheetengine.workbook.load_formulas import load_formulas
from sheetengine.workbook.load_tables import load_data_tables
from sheetengine.workbook.load_values import write_formats, write_values
from sheetengine.workbook.opened_file import OpenedFile

if TYPE_CHECKING:
    from sheetengine.workbook.workbook import Workbook


def load(
    workbook: Workbook, source: Source, *, recalculate: bool = False, formulas: bool = False, separator: str | None = None,
    encoding: str | None = None,
) -> None:  # fmt: skip
    """Open a file into an empty workbook; `recalculate`: the file's values count as out of date. The rest is for .csv files."""
    name = os.fspath(source) if isinstance(source, str | os.PathLike) else getattr(source, "name", "")
    if isinstance(name, str) and name.lower().endswith(ENDINGS):
        data, shown = take(source)
        # A package by another name is still a package.
        if data[:4] != b"PK\x03\x04":
            fill(workbook, read_csv(data, shown, separator=separator, encoding=encoding, formulas=formulas), recalculate=recalculate)
            return
        source = data
    fill(workbook, read(source), recalculate=recalculate)


def fill(workbook: Workbook, document: Document, *, recalculate: bool = False) -> None:
    """Fill an empty workbook from a document."""
    engine = workbook._engine
    book = engine.book
    settings = document.calculation
    book.date1904 = document.date1904
    engine.automatic = settings.mode != "manual"
    engine.evaluator.displayed.on = not settings.full_precision
    iteration = engine.evaluator.iteration
    iteration.enabled, iteration.count, iteration.change = settings.iterate, settings.iterate_count, settings.iterate_delta
    records = [book.add_sheet(sheet.name) for sheet in document.sheets]
    for number, external in document.external_books.items():
        book.external[str(number)] = external
    for sheet, record in zip(document.sheets, records, strict=True):
        _fill_looks(record, sheet)
        for table in sheet.tables:
            book.tables.setdefault(table.name.lower(), _on_sheet(table, record.id))
    _fill_names(book, document, records)
    texts = book.pool.intern_all(document.texts)
    book.pool.all_used()
    formats = np.array([book.format_id(pattern) for pattern in document.styles], np.int64)
    for sheet, record in zip(document.sheets, records, strict=True):
        write_values(record.store, sheet, texts)
        write_formats(record.formats, sheet, formats)
    everything = recalculate or settings.full_calc_on_load
    for sheet, record in zip(document.sheets, records, strict=True):
        for refused in load_formulas(engine, record.id, sheet, everything=everything):
            place = f"{quote_sheet(record.name)}!{Address(refused.row, refused.column)}"
            workbook._kept[place] = (f"formula that does not parse: {refused.reason}",)
        for data_table, reason in load_data_tables(engine, record.id, sheet, everything=everything):
            place = f"{quote_sheet(record.name)}!{Address(data_table.area.top, data_table.area.left)}"
            workbook._kept[place] = (reason,)
    if not everything and not iteration.enabled:
        # Values hide circles: what may stand in one is computed by the first read, which finds out.
        for block in suspects(engine.field):
            engine.field.seed(block, block.all)
    opened = OpenedFile(document, {record.id: place for place, record in enumerate(records)})
    opened.remember(engine)
    workbook._file = opened


def _fill_looks(record: SheetRecord, sheet: SheetDocument) -> None:
    """What of a sheet's looks functions may ask for."""
    record.state = sheet.state
    record.hidden_rows = set(sheet.hidden_rows)
    record.filtered_rows = {row for area in sheet.filtered for row in sheet.hidden_rows if area.top < row <= area.bottom}
    for span in sheet.column_spans:
        width = 0.0 if span.hidden else span.width
        if width is not None:
            record.widths.update(dict.fromkeys(range(span.first, span.last + 1), width))
    record.merged = [(area.top, area.left, area.bottom, area.right) for area in sheet.merged]


def _on_sheet(table: Table, sheet: int) -> Table:
    return Table(table.name, sheet, table.top, table.left, table.bottom, table.right, table.columns, table.header, table.totals)


def _fill_names(book: Book, document: Document, records: list[SheetRecord]) -> None:
    for name in document.names:
        sheet = None if name.sheet is None else records[name.sheet].id
        try:
            shape, operands, _ = read_formula("=" + from_file(name.text), of_name=True)
        except FormulaSyntaxError as error:
            document.notes.append(f"name {name.name} stands for {name.text[:60]!r}, which does not parse ({error.message}); left out")
            continue
        book.names.setdefault(
            (sheet, name.name.lower()), DefinedName(name.name, name.text, shape, operands, sheet, name.hidden, name.comment)
        )


__all__ = ["fill", "load"]
