"""What a workbook holds beside formulas: sheets with their values, names, tables, user functions, other workbooks.

In: definitions from a file or the user. Out: `Book`, and for each sheet a `Scope`, the questions a formula is bound by.
Invariants: sheet ids are never used twice; two sheets, two names of one scope or two tables never differ in case only.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sheetengine.address import Address
from sheetengine.functions import library
from sheetengine.functions.library import FunctionSpec
from sheetengine.names import DefinedName, ExternalBook, Table, other_spelling
from sheetengine.store import SheetStore, TextPool


@dataclass(slots=True, eq=False)
class SheetRecord:
    """One sheet: its name, values, number formats, and what of its looks functions may ask for."""

    id: int
    name: str
    store: SheetStore
    formats: SheetStore
    """Per cell a number: the place of its number format in `Book.formats`; blank is General."""
    state: str = "visible"
    hidden_rows: set[int] = field(default_factory=set)
    filtered_rows: set[int] = field(default_factory=set)
    widths: dict[int, float] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    shifts: list[object] = field(default_factory=list)
    """The structural edits (`structure.Edit`) of the sheet since it was made or opened, in order, without those taken back."""


class Book:
    """Sheets in the order of their tabs, and everything formulas may name.

    >>> book = Book()
    >>> costs = book.add_sheet("Costs")
    >>> book.sheet_named("COSTS") == costs.id
    True
    """

    def __init__(self) -> None:
        self.pool = TextPool()
        self.sheets: dict[int, SheetRecord] = {}
        self.order: list[int] = []
        self.names: dict[tuple[int | None, str], DefinedName] = {}
        self.tables: dict[str, Table] = {}
        self.functions: dict[str, FunctionSpec] = {}
        self.external: dict[str, ExternalBook] = {}
        self.formats: list[str] = ["General"]
        self._format_ids: dict[str, int] = {"General": 0}
        self.date1904 = False
        self.file_name = ""
        self._by_name: dict[str, int] = {}
        self._next = 1

    # -- sheets ----------------------------------------------------------------------------------------------------

    def add_sheet(self, name: str, at: int | None = None) -> SheetRecord:
        """A new empty sheet, as the last tab or at a place; the name was checked by the caller."""
        record = SheetRecord(self._next, name, SheetStore(self.pool), SheetStore(self.pool))
        self._next += 1
        self.put_sheet(record, len(self.order) if at is None else at)
        return record

    def put_sheet(self, record: SheetRecord, at: int) -> None:
        """Enter a sheet that was taken out, or made elsewhere."""
        self.sheets[record.id] = record
        self.order.insert(at, record.id)
        self._by_name[record.name.lower()] = record.id

    def take_sheet(self, sheet: int) -> tuple[SheetRecord, int]:
        """Take a sheet out; the answer is what `put_sheet` needs to bring it back."""
        record = self.sheets.pop(sheet)
        at = self.order.index(sheet)
        del self.order[at]
        del self._by_name[record.name.lower()]
        return record, at

    def rename_sheet(self, sheet: int, name: str) -> None:
        """Give a sheet another name."""
        record = self.sheets[sheet]
        del self._by_name[record.name.lower()]
        record.name = name
        self._by_name[name.lower()] = sheet

    def sheet_named(self, name: str) -> int | None:
        """The id of a sheet, without regard to case."""
        return self._by_name.get(name.lower())

    def sheets_between(self, first: str, last: str) -> list[int] | None:
        """The sheets of a 3-D reference in the order of their tabs, or None where an end does not exist."""
        one, two = self.sheet_named(first), self.sheet_named(last)
        if one is None or two is None:
            return None
        places = sorted((self.order.index(one), self.order.index(two)))
        return self.order[places[0] : places[1] + 1]

    # -- formats ---------------------------------------------------------------------------------------------------

    def format_id(self, pattern: str) -> int:
        """The number of a number format, which is given one where it is new."""
        known = self._format_ids.get(pattern)
        if known is None:
            known = self._format_ids[pattern] = len(self.formats)
            self.formats.append(pattern)
        return known

    def cell_name(self, sheet: int, row: int, column: int) -> str:
        """A cell as messages name it."""
        return f"{self.sheets[sheet].name}!{Address(row, column)}"

    def format_of(self, sheet: int, row: int, column: int) -> str:
        """The number format of a cell."""
        number = self.sheets[sheet].formats.cell(row, column)
        return "General" if number is None else self.formats[int(number)]  # type: ignore[arg-type]  # a number by construction

    # -- names -----------------------------------------------------------------------------------------------------

    def name(self, name: str, sheet: int | None) -> DefinedName | None:
        """A defined name: the sheet's own, else the workbook's; Excel's own by either of their spellings."""
        lower = name.lower()
        found = (None if sheet is None else self.names.get((sheet, lower))) or self.names.get((None, lower))
        if found is None and (other := other_spelling(lower)) is not None:
            found = (None if sheet is None else self.names.get((sheet, other))) or self.names.get((None, other))
        return found

    def function(self, name: str) -> FunctionSpec | None:
        """A user function or one of Excel's; the user's come first."""
        return self.functions.get(name.upper()) or library.find(name.upper())

    def table_around(self, sheet: int, row: int, column: int) -> Table | None:
        """The table a cell lies in."""
        for table in self.tables.values():
            if table.sheet == sheet and table.top <= row <= table.bottom and table.left <= column <= table.right:
                return table
        return None

    def scope(self, sheet: int) -> SheetScope:
        """The scope of the formulas of one sheet."""
        return SheetScope(self, sheet)


class SheetScope:
    """The questions a formula on one sheet is bound by (`names.Scope`)."""

    __slots__ = ("_book", "sheet")

    def __init__(self, book: Book, sheet: int) -> None:
        self._book = book
        self.sheet = sheet

    def sheet_named(self, name: str) -> int | None:
        """As `Book.sheet_named`."""
        return self._book.sheet_named(name)

    def sheets_between(self, first: str, last: str) -> list[int] | None:
        """As `Book.sheets_between`."""
        return self._book.sheets_between(first, last)

    def name(self, name: str, sheet: int | None) -> DefinedName | None:
        """As `Book.name`."""
        return self._book.name(name, sheet)

    def table(self, name: str | None, row: int, column: int) -> Table | None:
        """A table by name, or with None the one around a cell."""
        return self._book.table_around(self.sheet, row, column) if name is None else self._book.tables.get(name.lower())

    def function(self, name: str) -> FunctionSpec | None:
        """As `Book.function`."""
        return self._book.function(name)

    def external(self, book: str) -> ExternalBook | None:
        """Another workbook's cached cells, by the name or number a formula calls it."""
        return self._book.external.get(book.lower())
