"""Tables: ranges with named columns, `wb.tables["Sales"]`, that formulas read as `Sales[Net]`.

In: a range with a header row. Out: a `Table` to rename, resize, extend; formulas follow. Every edit is noted for undo; on any error
nothing has changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sheetengine.address import MAX_ROWS, Range as Rectangle
from sheetengine.errors import EditRefused, UnknownReference, ValueRefused
from sheetengine.graph.patterns import Rect
from sheetengine.names import Table as Definition, name_problem
from sheetengine.number_text import general_text
from sheetengine.store.chunk import Box
from sheetengine.values import Area
from sheetengine.workbook.changes import ColumnRenamed, TableChange, TableRenamed
from sheetengine.workbook.ranges import Range

if TYPE_CHECKING:
    from sheetengine.workbook.sheet import Sheet
    from sheetengine.workbook.workbook import Workbook


class Table:
    """A table of a workbook, known by its name now."""

    __slots__ = ("_key", "_workbook")

    def __init__(self, workbook: Workbook, key: str) -> None:
        self._workbook = workbook
        self._key = key

    @property
    def _definition(self) -> Definition:
        found = self._workbook._engine.book.tables.get(self._key)
        if found is None:
            raise UnknownReference(f"there is no table {self._key!r} any more")
        return found

    # -- looking -----------------------------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """Its name, without regard to case the only one of its kind."""
        return self._definition.name

    @name.setter
    def name(self, name: str) -> None:
        workbook = self._workbook
        with workbook._engine.lock:
            if name != self.name:
                _check_name(workbook, name, but=self._key)
                workbook._journal.note(TableRenamed(self._key, name).swap(workbook._engine))
                self._key = name.lower()

    @property
    def sheet(self) -> Sheet:
        """The sheet it stands on."""
        return self._workbook._sheet(self._definition.sheet)

    @property
    def range(self) -> Range:
        """All of it, header and totals rows too."""
        own = self._definition
        return self._range(own.top, own.left, own.bottom, own.right)

    @property
    def data(self) -> Range:
        """Its rows of data."""
        own = self._definition
        rows = own.rows("#data")
        if rows is None:
            raise UnknownReference(f"table {own.name} has no rows of data")
        return self._range(rows[0], own.left, rows[1], own.right)

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of its columns."""
        return self._definition.columns

    def __getitem__(self, column: str) -> Range:
        """The data of a column: `table["Net"]`."""
        own, place, data = self._definition, self._column(column), self.data
        return self._range(data.row - 1, place, data.row - 2 + own.bottom - own.top + 1 - own.header - own.totals, place)

    def __len__(self) -> int:
        rows = self._definition.rows("#data")
        return 0 if rows is None else rows[1] - rows[0] + 1

    def _range(self, top: int, left: int, bottom: int, right: int) -> Range:
        return Range(self.sheet, Rectangle(top, left, bottom, right))

    def _column(self, name: str) -> int:
        place = self._definition.column(name)
        if place is None:
            raise UnknownReference(f"table {self.name} has no column {name!r}; it has {', '.join(self.columns)}")
        return place

    # -- changing ----------------------------------------------------------------------------------------------------

    def rename_column(self, old: str, new: str) -> None:
        """Give a column another name; header and formulas follow."""
        workbook, own, place = self._workbook, self._definition, self._column(old)
        _check_column(own, new, but=old)
        with workbook._engine.lock, workbook.batch():
            if own.header:
                workbook._editor.write_value(own.sheet, own.top, place, new)
            workbook._journal.note(ColumnRenamed(self._key, own.columns[place - own.left], new).swap(workbook._engine))

    def resize(self, address: str) -> None:
        """Take another range that begins with the same row; new columns are named by their headers, or `Column1` and so on."""
        workbook, own = self._workbook, self._definition
        place = self.sheet._place(address)
        if place.top != own.top or place.height < own.header + own.totals + 1:
            raise EditRefused(f"table {own.name} keeps its first row and at least one row of data: {address}")
        others = [table for key, table in workbook._engine.book.tables.items() if key != self._key]
        _check_place(others, own.sheet, place)
        _check_cells(workbook, own.sheet, place)
        with workbook._engine.lock, workbook.batch():
            columns = _headers(workbook, own.sheet, place, own.header, known={own.left + i: name for i, name in enumerate(own.columns)})
            changed = replace(own, left=place.left, bottom=place.bottom, right=place.right, columns=columns)
            workbook._journal.note(TableChange(self._key, changed).swap(workbook._engine))

    def add_column(self, name: str, value: object = None) -> Range:
        """A column at the right end; `value` is a formula for every row, a single value, or a list of them."""
        workbook, own = self._workbook, self._definition
        _check_column(own, name)
        beside = self._range(own.top, own.right + 1, own.bottom, own.right + 1)
        self._check_growth(beside)
        if any(cell is not None for row in _rows(beside) for cell in row):
            raise EditRefused(f"{beside.address} is not empty; table {own.name} cannot grow over it")
        with workbook._engine.lock, workbook.batch():
            if own.header:
                workbook._editor.write_value(own.sheet, own.top, own.right + 1, name)
            changed = replace(own, right=own.right + 1, columns=(*own.columns, name))
            workbook._journal.note(TableChange(self._key, changed).swap(workbook._engine))
            column = self[name]
            if value is not None:
                column.value = [[one] for one in value] if isinstance(value, list | tuple) else value
        return column

    def _check_growth(self, cells: Range) -> None:
        """Other tables, merged cells and arrays are in the way where the table grows."""
        own, workbook = self._definition, self._workbook
        others = [table for key, table in workbook._engine.book.tables.items() if key != self._key]
        _check_place(others, own.sheet, cells._rect)
        _check_cells(workbook, own.sheet, cells._rect)

    def append(self, rows: Sequence[Sequence[object]] | Sequence[object]) -> None:
        """Rows below the last one; a value left None in a column of formulas gets the formula of the row above."""
        workbook, own = self._workbook, self._definition
        table: list[list[object]] = [list(row) if isinstance(row, list | tuple) else [row] for row in rows]
        if not any(isinstance(row, list | tuple) for row in rows):
            table = [list(rows)]
        if own.totals:
            raise EditRefused(f"table {own.name} has a totals row; rows go in above it with insert_rows")
        if any(len(row) != len(own.columns) for row in table):
            raise ValueRefused(f"a row of table {own.name} has {len(own.columns)} values")
        top, bottom = own.bottom + 1, own.bottom + len(table)
        if bottom >= MAX_ROWS:
            raise EditRefused("the sheet has no room for these rows")
        below = self._range(top, own.left, bottom, own.right)
        self._check_growth(below)
        if any(cell is not None for row in _rows(below) for cell in row):
            raise EditRefused(f"{below.address} is not empty; table {own.name} cannot grow over it")
        formulas = [self._range(own.bottom, column, own.bottom, column).formula for column in range(own.left, own.right + 1)]
        with workbook._engine.lock, workbook.batch():
            below.value = table
            changed = replace(own, bottom=bottom)
            workbook._journal.note(TableChange(self._key, changed).swap(workbook._engine))
            for offset, formula in enumerate(formulas):
                if formula is None:
                    continue
                above = Rect(own.bottom, own.left + offset, own.bottom, own.left + offset)
                for down, row in enumerate(table):
                    if row[offset] is None:
                        workbook._editor.copy_cells(own.sheet, above, own.sheet, top + down, own.left + offset)

    def delete(self) -> None:
        """Make it a plain range again; the cells stay, formulas that name it become #REF!."""
        workbook = self._workbook
        with workbook._engine.lock:
            workbook._journal.note(TableChange(self._key, None).swap(workbook._engine))

    def __repr__(self) -> str:
        if self._key not in self._workbook._engine.book.tables:
            return f"<Table {self._key}, deleted>"
        return f"<Table {self.name} {self.range.address}: {', '.join(self.columns)}>"


class Tables(Mapping[str, Table]):
    """The tables of a workbook by name."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook

    def __getitem__(self, name: str) -> Table:
        if not isinstance(name, str) or name.lower() not in self._workbook._engine.book.tables:
            raise UnknownReference(f"there is no table {name!r}; this workbook has {', '.join(self) or 'none'}")
        return Table(self._workbook, name.lower())

    def __iter__(self) -> Iterator[str]:
        return iter([table.name for table in self._workbook._engine.book.tables.values()])

    def __len__(self) -> int:
        return len(self._workbook._engine.book.tables)

    def __repr__(self) -> str:
        return f"<Tables {', '.join(self)}>"


def add_table(sheet: Sheet, address: str, name: str | None, *, header: bool, totals: bool) -> Table:
    """Make a range a table. Without a header the columns are Column1, Column2 and so on."""
    workbook, place = sheet.workbook, sheet._place(address)
    book = workbook._engine.book
    with workbook._engine.lock:
        if name is None:
            number = 1
            while f"table{number}" in book.tables or (None, f"table{number}") in book.names:
                number += 1
            name = f"Table{number}"
        _check_name(workbook, name)
        if place.height < header + totals + 1:
            raise ValueRefused(f"{address} has no row of data beside its header and totals")
        _check_place(list(book.tables.values()), sheet.id, place)
        _check_cells(workbook, sheet.id, place)
        with workbook.batch():
            columns = _headers(workbook, sheet.id, place, header, known={})
            made = Definition(name, sheet.id, place.top, place.left, place.bottom, place.right, columns, header, totals)
            workbook._journal.note(TableChange(name.lower(), made).swap(workbook._engine))
    return Table(workbook, name.lower())


def headers_in(workbook: Workbook, sheet: int, place: Rectangle) -> list[tuple[int, int]]:
    """The cells of a rectangle that are headers of tables."""
    found = []
    for table in workbook._engine.book.tables.values():
        if table.header and table.sheet == sheet and place.top <= table.top <= place.bottom:
            found += [(table.top, column) for column in range(max(place.left, table.left), min(place.right, table.right) + 1)]
    return found


def headers_typed(workbook: Workbook, sheet: int, cells: Sequence[tuple[int, int]]) -> None:
    """Headers of tables were written: their texts name the columns, and formulas follow."""
    book = workbook._engine.book
    for row, column in cells:
        for key, table in list(book.tables.items()):
            if table.header and table.sheet == sheet and table.top == row and table.left <= column <= table.right:
                old = table.columns[column - table.left]
                formula = _is_formula(workbook, sheet, row, column)
                if formula:
                    workbook._engine.flush([Area(sheet, row, column, row, column)])
                value = book.sheets[sheet].store.cell(row, column)
                new = _unique(_as_text(value), [name for name in table.columns if name != old])
                if value != new or formula:
                    workbook._editor.write_value(sheet, row, column, new)
                if new != old:
                    workbook._journal.note(ColumnRenamed(key, old, new).swap(workbook._engine))


# -- checks ------------------------------------------------------------------------------------------------------------


def _check_name(workbook: Workbook, name: str, *, but: str | None = None) -> None:
    problem = name_problem(name)
    if problem is not None:
        raise ValueRefused(problem)
    book, key = workbook._engine.book, name.lower()
    if key != but and (key in book.tables or any(known == key for _, known in book.names)):
        raise ValueRefused(f"{name!r} is the name of something else already")


def _check_column(table: Definition, name: str, *, but: str | None = None) -> None:
    if not isinstance(name, str) or not 1 <= len(name) <= 255:
        raise ValueRefused(f"a column's name has 1 to 255 characters: {name!r}")
    if any(known.lower() == name.lower() and (but is None or known.lower() != but.lower()) for known in table.columns):
        raise ValueRefused(f"table {table.name} has a column {name!r} already")


def _check_place(tables: list[Definition], sheet: int, place: Rectangle) -> None:
    for table in tables:
        other = Rectangle(table.top, table.left, table.bottom, table.right)
        if table.sheet == sheet and other.intersect(place) is not None:
            raise EditRefused(f"{place} meets table {table.name} at {other}")


def _check_cells(workbook: Workbook, sheet: int, place: Rectangle) -> None:
    """Excel makes no table of merged cells, nor of array formulas that fill several."""
    for merged in workbook._engine.book.sheets[sheet].merged:
        if Rectangle(*merged).intersect(place) is not None:
            raise EditRefused(f"{Rectangle(*merged)} is merged; a table holds no merged cells")
    field = workbook._engine.field
    for (number, _), rect in field.spills.meeting(sheet, Rect(place.top, place.left, place.bottom, place.right)):
        if field.blocks[number].array not in (None, (1, 1)):
            raise EditRefused(f"{Rectangle(*rect)} is one array formula; a table holds none of several cells")


def _headers(workbook: Workbook, sheet: int, place: Rectangle, header: bool, known: dict[int, str]) -> tuple[str, ...]:
    """The names of a table's columns; header cells that are no texts, or not unique, are written as what they become."""
    names: list[str] = []
    if header:
        workbook._engine.flush([Area(sheet, place.top, place.left, place.top, place.right)])
    for column in range(place.left, place.right + 1):
        value: Any = workbook._engine.book.sheets[sheet].store.cell(place.top, column) if header else known.get(column)
        name = _unique(_as_text(value) or f"Column{column - place.left + 1}", names)
        names.append(name)
        formula = header and _is_formula(workbook, sheet, place.top, column)
        if header and (value != name or formula):
            workbook._editor.write_value(sheet, place.top, column, name)
    return tuple(names)


def _is_formula(workbook: Workbook, sheet: int, row: int, column: int) -> bool:
    """Whether a cell shows the value of a formula, which a header may not."""
    return bool(workbook._engine.book.sheets[sheet].store.owners(Box(row, column, row, column)).any())


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return "" if value is None else general_text(value) if isinstance(value, float) else str(value)


def _unique(name: str, others: Sequence[str]) -> str:
    taken = {other.lower() for other in others}
    base, number, found = name or "Column", 2, name or "Column1"
    while found.lower() in taken:
        found, number = f"{base}{number}", number + 1
    return found


def _rows(cells: Range) -> list[list[object]]:
    value = cells.value
    return value if isinstance(value, list) else [[value]]
