"""Changes to what formulas name and to number formats, as the journal keeps them.

In: the state to bring back. Out: the state that was. Each binds anew the formulas that mention what it changes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sheetengine.functions.library import FunctionSpec
from sheetengine.graph.patterns import Rect
from sheetengine.grid import Grid
from sheetengine.names import DefinedName, Table
from sheetengine.recalc.book import SheetRecord
from sheetengine.recalc.engine import Engine
from sheetengine.recalc.rebinding import rebind_blocks
from sheetengine.restructure.healing import Healed
from sheetengine.restructure.name_edits import rename_name
from sheetengine.restructure.sheet_edits import move_sheet, rename_sheet
from sheetengine.restructure.structure import Edit, Undo, restructure, take_back
from sheetengine.restructure.table_edits import put_table, rename_column, rename_table
from sheetengine.store.chunk import Box


@dataclass(frozen=True, slots=True)
class NameChange:
    """A defined name of one scope; `definition` None: there is none."""

    sheet: int | None
    key: str
    definition: DefinedName | None

    def swap(self, engine: Engine) -> NameChange:
        names = engine.book.names
        before = names.pop((self.sheet, self.key), None)
        if self.definition is not None:
            names[(self.sheet, self.key)] = self.definition
        engine.mentioned([f"name:{self.key}", f"function:{self.key}"])
        return NameChange(self.sheet, self.key, before)

    @property
    def size(self) -> int:
        return 8


@dataclass(frozen=True, slots=True)
class FunctionChange:
    """A user function; `spec` None: there is none."""

    key: str
    spec: FunctionSpec | None

    def swap(self, engine: Engine) -> FunctionChange:
        functions = engine.book.functions
        before = functions.pop(self.key, None)
        if self.spec is not None:
            functions[self.key] = self.spec
        call = self.key.upper() + "("
        names = [f"name:{key}" for (_, key), definition in engine.book.names.items() if call in definition.shape.key.upper()]
        engine.field.programs.forget_calls(self.key)
        engine.mentioned([f"function:{self.key.lower()}", f"name:{self.key.lower()}", *names])
        # One of Excel's own that the user's hides, or that shows again, is mentioned nowhere.
        rebind_blocks(engine.field, [block for block in engine.field if call in block.program.shape.key.upper()])
        return FunctionChange(self.key, before)

    @property
    def size(self) -> int:
        return 8


@dataclass(frozen=True, slots=True)
class SheetAdded:
    """A sheet that is there: swapping takes it out, with the names and tables that belong to it."""

    sheet: int

    def swap(self, engine: Engine) -> SheetTaken:
        book = engine.book
        names = {key: book.names.pop(key) for key in [key for key in book.names if key[0] == self.sheet]}
        tables = {key: book.tables.pop(key) for key in [key for key, table in book.tables.items() if table.sheet == self.sheet]}
        record, at = engine.take_sheet(self.sheet)
        engine.mentioned([f"table:{key}" for key in tables])
        return SheetTaken(record, at, names, tables)

    @property
    def size(self) -> int:
        return 8


@dataclass(frozen=True, slots=True, eq=False)
class SheetTaken:
    """A sheet that was taken out, with the place of its tab, its names and its tables: swapping puts it back."""

    record: SheetRecord
    at: int
    names: dict[tuple[int | None, str], DefinedName]
    tables: dict[str, Table]

    def swap(self, engine: Engine) -> SheetAdded:
        engine.book.names |= self.names
        engine.book.tables |= self.tables
        engine.put_sheet(self.record, self.at)
        engine.mentioned([f"table:{key}" for key in self.tables])
        return SheetAdded(self.record.id)

    @property
    def size(self) -> int:
        return 1_000


@dataclass(frozen=True, slots=True)
class SheetRenamed:
    """A sheet's former name; `healed` is what had named the present one before it was there."""

    sheet: int
    name: str
    healed: Healed | None = None

    def swap(self, engine: Engine) -> SheetRenamed:
        before = engine.book.sheets[self.sheet].name
        healed = rename_sheet(engine, self.sheet, self.name)
        _put_back(self.healed, engine)
        return SheetRenamed(self.sheet, before, healed)

    @property
    def size(self) -> int:
        return _size_with(self.healed)


def _size_with(healed: Healed | None) -> int:
    return 8 if healed is None else healed.size


def _put_back(healed: Healed | None, engine: Engine) -> None:
    if healed is not None:
        healed.put_back(engine)


@dataclass(frozen=True, slots=True)
class SheetMoved:
    """The place a sheet's tab had."""

    sheet: int
    at: int

    def swap(self, engine: Engine) -> SheetMoved:
        return SheetMoved(self.sheet, move_sheet(engine, self.sheet, self.at))

    @property
    def size(self) -> int:
        return 8


@dataclass(frozen=True, slots=True)
class SheetState:
    """Whether a sheet was visible, hidden, or hidden so that only a program shows it again."""

    sheet: int
    state: str

    def swap(self, engine: Engine) -> SheetState:
        record = engine.book.sheets[self.sheet]
        before, record.state = record.state, self.state
        return SheetState(self.sheet, before)

    @property
    def size(self) -> int:
        return 8


@dataclass(frozen=True, slots=True, eq=False)
class FormatChange:
    """The number formats of a rectangle alone: its cells may be a part of an array, which cannot be put back."""

    sheet: int
    rect: Rect
    place: tuple[int, int]
    formats: Grid | None

    @classmethod
    def of(cls, engine: Engine, sheet: int, rect: Rect) -> FormatChange:
        """What the rectangle has now."""
        formats = engine.book.sheets[sheet].formats
        used = formats.used_within(Box(*rect))
        if used is None:
            return cls(sheet, rect, (rect.top, rect.left), None)
        grid = formats.read(used)
        return cls(sheet, rect, (used.top, used.left), Grid(np.array(grid.numbers), np.array(grid.kind_plane())))

    def swap(self, engine: Engine) -> FormatChange:
        now = FormatChange.of(engine, self.sheet, self.rect)
        formats = engine.book.sheets[self.sheet].formats
        formats.clear(Box(*self.rect))
        if self.formats is not None:
            formats.write(*self.place, self.formats)
        if engine.evaluator.displayed.on:
            engine.mark_formulas()
        return now

    @property
    def size(self) -> int:
        return 8 if self.formats is None else self.formats.size


@dataclass(frozen=True, slots=True)
class TableChange:
    """A table's range and columns; `table` None: there is none."""

    key: str
    table: Table | None

    def swap(self, engine: Engine) -> TableChange:
        return TableChange(self.key, put_table(engine, self.key, self.table))

    @property
    def size(self) -> int:
        return 8


@dataclass(frozen=True, slots=True)
class TableRenamed:
    """A table that has the name `key` now, and the name it had."""

    key: str
    name: str
    healed: Healed | None = None

    def swap(self, engine: Engine) -> TableRenamed:
        before = engine.book.tables[self.key].name
        healed = rename_table(engine, self.key, self.name)
        _put_back(self.healed, engine)
        return TableRenamed(self.name.lower(), before, healed)

    @property
    def size(self) -> int:
        return _size_with(self.healed)


@dataclass(frozen=True, slots=True)
class ColumnRenamed:
    """A column of a table, by the name it has now, and the name it had."""

    key: str
    name: str
    former: str
    healed: Healed | None = None

    def swap(self, engine: Engine) -> ColumnRenamed:
        healed = rename_column(engine, self.key, self.name, self.former)
        _put_back(self.healed, engine)
        return ColumnRenamed(self.key, self.former, self.name, healed)

    @property
    def size(self) -> int:
        return _size_with(self.healed)


@dataclass(frozen=True, slots=True)
class NameRenamed:
    """A defined name of one scope that has the name `key` now, and the name it had."""

    sheet: int | None
    key: str
    name: str
    healed: Healed | None = None

    def swap(self, engine: Engine) -> NameRenamed:
        before = engine.book.names[self.sheet, self.key].name
        healed = rename_name(engine, self.sheet, self.key, self.name)
        _put_back(self.healed, engine)
        return NameRenamed(self.sheet, self.name.lower(), before, healed)

    @property
    def size(self) -> int:
        return _size_with(self.healed)


@dataclass(frozen=True, slots=True)
class ToDo:
    """A structural edit to be done."""

    edit: Edit

    def swap(self, engine: Engine) -> Done:
        return Done(restructure(engine, self.edit))

    @property
    def size(self) -> int:
        return 8


@dataclass(frozen=True, slots=True)
class Done:
    """A structural edit that was done, and what moving the cells back alone does not bring back."""

    undo: Undo

    def swap(self, engine: Engine) -> ToDo:
        take_back(engine, self.undo)
        return ToDo(self.undo.edit)

    @property
    def size(self) -> int:
        return self.undo.size


@dataclass(frozen=True, slots=True)
class CalendarChange:
    """The calendar that serial numbers count in; they stay, and mean other days."""

    date1904: bool

    def swap(self, engine: Engine) -> CalendarChange:
        engine.refuse_inside()
        before, engine.book.date1904 = engine.book.date1904, self.date1904
        engine.mark_formulas()
        return CalendarChange(before)

    @property
    def size(self) -> int:
        return 1


@dataclass(frozen=True, slots=True)
class DisplayedChange:
    """Precision as displayed, on or off."""

    on: bool

    def swap(self, engine: Engine) -> DisplayedChange:
        displayed = engine.evaluator.displayed
        before, displayed.on = displayed.on, self.on
        engine.mark_formulas()
        return DisplayedChange(before)

    @property
    def size(self) -> int:
        return 1
