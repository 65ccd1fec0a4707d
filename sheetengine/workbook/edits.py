"""Edits: each checked as a whole, then made, then noted for undo.

In: sheets by id, rectangles, Python values, formulas' texts. Out: a changed engine and a journal entry; on any error neither.
"""

from __future__ import annotations

import numpy as np

from sheetengine.address import MAX_COLUMNS, MAX_ROWS, Range, quote_sheet
from sheetengine.compiler.bind import Mode
from sheetengine.errors import EditRefused, FormulaSyntaxError, ValueRefused
from sheetengine.graph.patterns import Rect
from sheetengine.grid import Grid
from sheetengine.recalc.data_tables import BOTH, COLUMN, ROW
from sheetengine.recalc.engine import Engine
from sheetengine.recalc.snapshot import take
from sheetengine.restructure.pasting import paste
from sheetengine.store.chunk import Box
from sheetengine.syntax.operands import AnyOperand, Corner
from sheetengine.syntax.parser import read
from sheetengine.syntax.printer import print_corner
from sheetengine.syntax.shape import Shape
from sheetengine.values import Area, Scalar
from sheetengine.workbook.changes import DisplayedChange, FormatChange
from sheetengine.workbook.entry import Entry, entries_of, entry_of, number_plane, number_rows, rows_of
from sheetengine.workbook.frames_in import Frame, frame_of, is_frame
from sheetengine.workbook.journal import CellChange, ContentChange, Journal
from sheetengine.workbook.keyboard import typed

Lifted = tuple[Shape, tuple[AnyOperand, ...]]


class Editor:
    """All edits of one workbook."""

    def __init__(self, engine: Engine, journal: Journal) -> None:
        self.engine = engine
        self.journal = journal

    # -- single cells ------------------------------------------------------------------------------------------------

    def assign_cell(self, sheet: int, row: int, column: int, value: object) -> None:
        """One cell gets a value or a formula."""
        engine = self.engine
        store = engine.book.sheets[sheet].store
        if type(value) is float and value - value == 0.0:
            # The way of most edits, without detours.
            number = value if abs(value) >= 2.2250738585072014e-308 else 0.0
            before: Scalar = None if engine.running or engine.evaluator.displayed.on else store.exchange(row, column, number)
            if before is not None:
                engine.edited(sheet, row, column)
                self.journal.note(CellChange(sheet, row, column, before))
                return
            if store.owner(row, column) == 0:
                self._assign_constant(sheet, row, column, number)
                return
        entry = entry_of(value, engine.book.date1904)
        if entry.formula is None and entry.pattern is None and store.owner(row, column) == 0:
            self._assign_constant(sheet, row, column, entry.value)
            return
        self._assign_entry(sheet, row, column, entry)

    def _assign_constant(self, sheet: int, row: int, column: int, value: Scalar) -> None:
        """A value into a cell that holds no formula."""
        before = self.engine.book.sheets[sheet].store.cell(row, column)
        self.engine.set_value(sheet, row, column, value)
        self.journal.note(CellChange(sheet, row, column, before))

    def _assign_entry(self, sheet: int, row: int, column: int, entry: Entry) -> None:
        engine = self.engine
        rect = Rect(row, column, row, column)
        lifted = None if entry.formula is None else self.parse(entry.formula, sheet, rect)
        before = take(engine, sheet, rect, formats=entry.pattern is not None)
        if lifted is not None:
            engine.set_formula(sheet, rect, *lifted, "dynamic")
        else:
            engine.set_value(sheet, row, column, entry.value)
            if entry.pattern is not None and engine.book.format_of(sheet, row, column) == "General":
                self._write_format(sheet, rect, entry.pattern)
        self.journal.note(ContentChange(before))

    def enter(self, sheet: int, rect: Rect, text: str) -> None:
        """What is typed into a cell, or with Ctrl+Enter into all cells of a range."""
        book = self.engine.book
        entry = typed(text, book.format_of(sheet, rect.top, rect.left), book.date1904)
        lifted = None if entry.formula is None else self.parse(entry.formula, sheet, rect)
        before = take(self.engine, sheet, rect, formats=entry.pattern is not None)
        if lifted is not None:
            self.engine.set_formula(sheet, rect, *lifted, "dynamic")
        else:
            self.engine.set_values(
                sheet, rect.top, rect.left, Grid.full((rect.bottom - rect.top + 1, rect.right - rect.left + 1), entry.value)
            )
        if entry.pattern is not None:
            self._write_format(sheet, rect, entry.pattern)
        self.journal.note(ContentChange(before))

    def write_value(self, sheet: int, row: int, column: int, value: Scalar) -> None:
        """A value as it is, without a guess and without a look at what the cell is for."""
        before = take(self.engine, sheet, Rect(row, column, row, column))
        self.engine.set_value(sheet, row, column, value)
        self.journal.note(ContentChange(before))

    def parse(self, text: str, sheet: int, rect: Rect) -> Lifted:
        """A formula's shape and operands; a syntax error says for which cell it was meant."""
        try:
            shape, operands, _ = read(text)
        except FormulaSyntaxError as error:
            where = Range(rect.top, rect.left, rect.top, rect.left)
            error.add_note(f"for cell {quote_sheet(self.engine.book.sheets[sheet].name)}!{where}, which is as it was")
            raise
        return shape, operands

    # -- ranges ------------------------------------------------------------------------------------------------------

    def assign(self, sheet: int, rect: Rect, value: object) -> None:
        """A range gets a single value or formula in every cell, or rows of them."""
        if (
            rect.top == rect.bottom
            and rect.left == rect.right
            and not isinstance(value, list | tuple | np.ndarray | range)
            and not hasattr(value, "to_numpy")
            and not is_frame(value)
        ):
            self.assign_cell(sheet, rect.top, rect.left, value)
            return
        plane = number_plane(value)
        if plane is not None:
            self._check_size(rect, plane.shape)
            self._write_grid(sheet, rect, plane)
            return
        if is_frame(value):
            self._assign_frame(sheet, rect, frame_of(value, self.engine.book.date1904))
            return
        rows = rows_of(value)
        if rows is None:
            self._assign_same(sheet, rect, value)
            return
        height, width = len(rows), len(rows[0])
        self._check_size(rect, (height, width))
        # The rest of the range repeats nothing: numpy and Excel both refuse other sizes than the range's own.
        plane = number_rows(rows)
        if plane is not None:
            self._write_grid(sheet, rect, plane)
            return
        scalars, special = entries_of(rows, self.engine.book.date1904)
        places = {index: (rect.top + index // width, rect.left + index % width) for index in special}
        formulas = {
            places[index]: self.parse(entry.formula, sheet, Rect(*places[index], *places[index]))
            for index, entry in special.items()
            if entry.formula is not None
        }
        patterns = [(places[index], entry.pattern) for index, entry in special.items() if entry.pattern is not None]
        before = take(self.engine, sheet, rect, formats=bool(patterns))
        self.engine.set_values(sheet, rect.top, rect.left, Grid.from_flat(scalars, (height, width)))
        for (row, column), lifted in formulas.items():
            self.engine.set_formula(sheet, Rect(row, column, row, column), *lifted, "dynamic")
        for (row, column), pattern in patterns:
            if self.engine.book.format_of(sheet, row, column) == "General":
                self._write_format(sheet, Rect(row, column, row, column), pattern)
        self.journal.note(ContentChange(before))

    def _assign_frame(self, sheet: int, rect: Rect, frame: Frame) -> None:
        """A table fills a range of its size, with or without a row for its header; from a single cell on it takes the room it needs."""
        height, width = frame.grid.shape
        single = rect.top == rect.bottom and rect.left == rect.right
        header = single or rect.bottom - rect.top + 1 == height + 1
        if single:
            rect = Rect(rect.top, rect.left, rect.top + height, rect.left + width - 1)
            if rect.bottom >= MAX_ROWS or rect.right >= MAX_COLUMNS:
                raise ValueRefused(f"a table of {height:,} rows and {width:,} columns does not fit on the sheet from there")
        self._check_size(rect, (height + header, width))
        before = take(self.engine, sheet, rect, formats=bool(frame.looks))
        first = rect.top + header
        if header:
            self.engine.set_values(sheet, rect.top, rect.left, Grid.from_flat(list(frame.names), (1, width)))
        if height:
            self.engine.set_values(sheet, first, rect.left, frame.grid)
        for look in frame.looks:
            column = rect.left + look.column
            self._write_format(sheet, Rect(first + look.first, column, first + look.last, column), look.pattern)
        self.journal.note(ContentChange(before))

    def _check_size(self, rect: Rect, shape: tuple[int, ...]) -> None:
        wanted = (rect.bottom - rect.top + 1, rect.right - rect.left + 1)
        if wanted != tuple(shape):
            where = Range(*rect)
            hint = ""
            if shape[0] == 1 and wanted == (shape[1], 1):
                hint = "; a flat list is a row: for a column write [[1], [2], [3]], or array.reshape(-1, 1)"
            raise ValueRefused(f"{where} has {_size(*wanted)}, the value {_size(*shape)}{hint}")

    def _write_grid(self, sheet: int, rect: Rect, grid: Grid) -> None:
        before = take(self.engine, sheet, rect)
        self.engine.set_values(sheet, rect.top, rect.left, grid)
        self.journal.note(ContentChange(before))

    def _assign_same(self, sheet: int, rect: Rect, value: object) -> None:
        if value is None:
            self.clear(sheet, rect)
            return
        entry = entry_of(value, self.engine.book.date1904)
        if entry.formula is not None:
            self.fill_formula(sheet, rect, entry.formula)
            return
        before = take(self.engine, sheet, rect, formats=entry.pattern is not None)
        self.engine.set_values(sheet, rect.top, rect.left, Grid.full((rect.bottom - rect.top + 1, rect.right - rect.left + 1), entry.value))
        if entry.pattern is not None:
            self._write_format(sheet, rect, entry.pattern)
        self.journal.note(ContentChange(before))

    def fill_formula(self, sheet: int, rect: Rect, text: str, mode: Mode = "dynamic") -> None:
        """One formula filled over a range, references shifting; its text is that of the first cell."""
        lifted = self.parse(text, sheet, rect)
        before = take(self.engine, sheet, rect)
        self.engine.set_formula(sheet, rect, *lifted, mode)
        self.journal.note(ContentChange(before))

    def data_table(self, sheet: int, rect: Rect, row_input: Corner | None, column_input: Corner | None) -> None:
        """A what-if data table over a rectangle that begins below and right of its headers."""
        given = [corner for corner in (row_input, column_input) if corner is not None]
        for corner in given:
            assert corner.row is not None and corner.column is not None
            if rect.top - 1 <= corner.row <= rect.bottom and rect.left - 1 <= corner.column <= rect.right:
                raise EditRefused("the input cells of a data table lie outside it")
        key = BOTH if len(given) == 2 else ROW if row_input is not None else COLUMN
        text = "=" + key
        for corner in given:
            text = text.replace("\x03", print_corner(corner), 1)
        shape, operands, _ = read(text)
        before = take(self.engine, sheet, rect)
        self.engine.set_formula(sheet, rect, shape, operands, "table")
        self.journal.note(ContentChange(before))

    def array_formula(self, sheet: int, rect: Rect, text: str) -> None:
        """One formula over the whole range, as Ctrl+Shift+Enter makes it."""
        lifted = self.parse(text, sheet, rect)
        size = (rect.bottom - rect.top + 1, rect.right - rect.left + 1)
        if size != (1, 1):
            self._refuse_array(sheet, rect)
        before = take(self.engine, sheet, rect)
        self.engine.set_formula(sheet, Rect(rect.top, rect.left, rect.top, rect.left), *lifted, "cse", size)
        self.journal.note(ContentChange(before))

    def _refuse_array(self, sheet: int, rect: Rect) -> None:
        """Excel takes no array formula of several cells in a table, nor over merged cells."""
        area = Area(sheet, *rect)
        for table in self.engine.book.tables.values():
            if table.area.sheet == sheet and table.area.intersect(area) is not None:
                raise EditRefused(f"{Range(*rect)} meets table {table.name}, which holds no array formula of several cells")
        for merged in self.engine.book.sheets[sheet].merged:
            if Area(sheet, *merged).intersect(area) is not None:
                raise EditRefused(f"{Range(*rect)} meets the merged cells {Range(*merged)}, which hold no array formula")

    def clear(self, sheet: int, rect: Rect) -> None:
        """Values and formulas go, formats stay."""
        before = take(self.engine, sheet, rect)
        self.engine.clear(sheet, rect)
        self.journal.note(ContentChange(before))

    def copy_cells(self, sheet: int, rect: Rect, target_sheet: int, top: int, left: int) -> None:
        """Values, formulas and formats of a range to another place, relative references shifting."""
        target = Rect(top, left, top + rect.bottom - rect.top, left + rect.right - rect.left)
        kept = take(self.engine, sheet, rect, formats=True)
        before = take(self.engine, target_sheet, target, formats=True)
        paste(self.engine, kept, target_sheet, target)
        self.journal.note(ContentChange(before))

    def clear_formats(self, sheet: int, rect: Rect) -> None:
        """Number formats go, contents stay."""
        self.set_format(sheet, rect, "General")

    # -- formats -----------------------------------------------------------------------------------------------------

    def set_format(self, sheet: int, rect: Rect, pattern: str) -> None:
        """A number format for every cell of a range."""
        before = FormatChange.of(self.engine, sheet, rect)
        self._write_format(sheet, rect, pattern)
        self.journal.note(before)

    def set_displayed(self, on: bool) -> None:
        """Precision as displayed: constants are rounded now, formulas from now on."""
        engine = self.engine
        if on:
            for sheet, record in engine.book.sheets.items():
                for box in record.store.used_boxes():
                    self.journal.note(ContentChange(take(engine, sheet, Rect(*box))))
                    rows, columns = np.nonzero(record.store.owners(box) == 0)
                    rows, columns = rows + box.top, columns + box.left
                    constants = record.store.gather(rows, columns)
                    record.store.scatter(rows, columns, engine.evaluator.displayed.flat(sheet, rows, columns, constants))
                    engine.mark(sheet, Rect(*box))
        self.journal.note(DisplayedChange(on).swap(engine))

    def _write_format(self, sheet: int, rect: Rect, pattern: str) -> None:
        formats = self.engine.book.sheets[sheet].formats
        number = self.engine.book.format_id(pattern)
        if number == 0:
            formats.clear(Box(*rect))
        else:
            formats.write(rect.top, rect.left, Grid.full((rect.bottom - rect.top + 1, rect.right - rect.left + 1), float(number)))
        if self.engine.evaluator.displayed.on:
            self.engine.mark_formulas()


def _size(rows: int, columns: int) -> str:
    return f"{rows} row{'s' * (rows != 1)} and {columns} column{'s' * (columns != 1)}"
