"""The workbook: the object programs hold.

In: files, values, formulas, names, functions. Out: sheets and ranges that read as computed, traces, files. This module only joins:
what an edit does is in `edits`, what a file becomes in `loading`, what a round does in `recalc`.
"""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from sheetengine.address import Range as Rectangle
from sheetengine.errors import StaleValueWarning, UnknownReference, ValueRefused
from sheetengine.functions.library import find as find_function
from sheetengine.names import name_problem
from sheetengine.recalc import copying
from sheetengine.recalc.engine import Engine
from sheetengine.recalc.live import CELL_FAILURES
from sheetengine.recalc.watch import Watch
from sheetengine.syntax.nodes import Operand
from sheetengine.syntax.parser import parse
from sheetengine.trace import Trace
from sheetengine.values import Area, CellError
from sheetengine.workbook import sheet_edits
from sheetengine.workbook.calculation import Calculation
from sheetengine.workbook.changes import FunctionChange, SheetAdded
from sheetengine.workbook.contents import Contents
from sheetengine.workbook.edits import Editor
from sheetengine.workbook.functions import user_function
from sheetengine.workbook.journal import Journal
from sheetengine.workbook.names import Names
from sheetengine.workbook.ranges import Range
from sheetengine.workbook.sheet import Sheet
from sheetengine.workbook.structure import Structure
from sheetengine.workbook.tables import Tables

if TYPE_CHECKING:
    from sheetengine.workbook.opened_file import OpenedFile


class Workbook(Calculation):
    """Sheets of cells that are always computed when they are read.

    >>> wb = Workbook()
    >>> ws = wb["Sheet1"]
    >>> ws["A1"] = 2
    >>> ws["B1"] = "=A1*21"
    >>> ws["B1"].value
    42.0
    """

    __slots__ = ("__weakref__", "_contents", "_file", "_sheets", "_structure", "names", "tables")

    def __init__(self, *, sheet: str | None = "Sheet1") -> None:
        self._hold(Engine())
        if sheet is not None:
            self._engine.book.add_sheet(sheet)

    def _hold(self, engine: Engine) -> None:
        """Be the workbook of an engine, with nothing to undo."""
        self._engine = engine
        self._journal = Journal(engine)
        self._editor = Editor(engine, self._journal)
        self._structure = Structure(engine, self._journal)
        self._contents = Contents(engine, self._journal)
        self._sheets: dict[int, Sheet] = {}
        self._watch: Watch | None = None
        self._file: OpenedFile | None = None
        self._kept: dict[str, tuple[str, ...]] = {}
        """Cells of the opened file whose formulas could not become blocks, and why; they keep the file's values."""
        self.names = Names(self)
        """Defined names: `wb.names["rate"] = "=Data!$B$1"`."""
        self.tables = Tables(self)
        """Tables by name: `wb.tables["Sales"]["Net"].values`."""

    # -- sheets ------------------------------------------------------------------------------------------------------

    def __getitem__(self, name: str) -> Sheet:
        if not isinstance(name, str):
            raise UnknownReference(f"a workbook is indexed by the name of a sheet, not {name!r}")
        number = self._engine.book.sheet_named(name)
        if number is None:
            known = ", ".join(repr(sheet.name) for sheet in self)
            raise UnknownReference(f"there is no sheet {name!r}; this workbook has {known or 'none'}")
        return self._sheet(number)

    def _sheet(self, number: int) -> Sheet:
        sheet = self._sheets.get(number)
        if sheet is None:
            sheet = self._sheets[number] = Sheet(self, number)
        return sheet

    def __iter__(self) -> Iterator[Sheet]:
        return (self._sheet(number) for number in list(self._engine.book.order))

    def __len__(self) -> int:
        return len(self._engine.book.order)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self._engine.book.sheet_named(name) is not None

    @property
    def sheets(self) -> list[Sheet]:
        """All sheets in the order of their tabs."""
        return list(self)

    @property
    def sheet_names(self) -> list[str]:
        """The names on the tabs."""
        return [sheet.name for sheet in self]

    def add_sheet(self, name: str | None = None, at: int | None = None) -> Sheet:
        """A new empty sheet, as the last tab or before the one at a place; formulas that waited for it heal."""
        with self._engine.lock:
            if name is None:
                number = len(self) + 1
                while f"Sheet{number}" in self:
                    number += 1
                name = f"Sheet{number}"
            sheet_edits.check_name(self, name)
            record = self._engine.book.add_sheet(name, at)
            self._engine.mentioned([f"sheet:{name.lower()}", "sheets"])
            self._journal.note(SheetAdded(record.id))
            return self._sheet(record.id)

    def rename_sheet(self, old: str, new: str) -> None:
        """Give a sheet another name; formulas and names follow."""
        with self._engine.lock:
            sheet_edits.rename(self, self[old], new)

    def move_sheet(self, name: str, to: int) -> None:
        """Put a sheet's tab at a place counted from 0."""
        with self._engine.lock:
            sheet_edits.move(self, self[name], to)

    def copy_sheet(self, name: str, new_name: str | None = None, *, at: int | None = None) -> Sheet:
        """A sheet like another, behind it; what its formulas name on their own sheet they name on the copy."""
        with self._engine.lock:
            return sheet_edits.copy(self, self[name], new_name, at)

    def remove_sheet(self, name: str) -> None:
        """Delete a sheet; formulas that read it become #REF!."""
        with self._engine.lock:
            sheet_edits.remove(self, self[name])

    # -- places ------------------------------------------------------------------------------------------------------

    def range(self, reference: str) -> Range:
        """A range by its full address, `Draw!A1:AB28`, or by a name that stands for one."""
        if not isinstance(reference, str):
            raise UnknownReference(f"a range is asked for by an address or a name, such as 'Draw!A1:AB28', not {reference!r}")
        sheet_text, bang, address = reference.rpartition("!")
        if bang:
            return self[sheet_text.strip("'").replace("''", "'")][address]
        area = self._named_area(reference, None)
        if area is not None:
            return self._range(area)
        if reference in self.names:
            raise UnknownReference(f"{reference} is a name for {self.names[reference]}, not for cells")
        if len(self) == 1:
            return self.sheets[0][reference]
        raise UnknownReference(f"{reference!r} names no sheet and is no name of a range; write Sheet!A1")

    def _range(self, area: Area) -> Range:
        return Range(self._sheet(area.sheet), Rectangle(*area[1:]))

    def _named_area(self, name: str, sheet: int | None) -> Area | None:
        if name_problem(name) is not None:
            return None
        definition = self._engine.book.name(name, sheet)
        if definition is None or not isinstance(parse(definition.shape), Operand):
            table = self._engine.book.tables.get(name.lower())
            return None if table is None else table.area
        found = self._engine.naming.resolve_text(name, True, sheet or self._engine.book.order[0], 0, 0)
        return None if isinstance(found, CellError) else found.area

    # -- functions ---------------------------------------------------------------------------------------------------

    def define(
        self,
        name: str,
        function: Callable[..., Any],
        *,
        arrays: bool = False,
        volatile: bool = False,
        raises: bool = False,
        replace: bool = False,
    ) -> None:
        """A Python function as a worksheet function; formulas that waited for it heal.

        With `arrays` arguments come whole (ranges as numpy arrays), otherwise one value at a time. An exception becomes #VALUE!
        with its text, or with `raises` a `UserFunctionError`. One of Excel's own functions is only hidden with `replace`; those that
        need a host (CUBEVALUE, RTD, WEBSERVICE…) are free to be defined.
        """
        problem = name_problem(name)
        if problem is not None:
            raise ValueRefused(f"{problem}; choose another name")
        known = find_function(name.upper())
        if known is not None and not known.host and not replace:
            raise ValueRefused(f"{name.upper()} is a function of Excel; choose another name, or hide it with define(…, replace=True)")
        spec = user_function(name, function, arrays=arrays, volatile=volatile, raises=raises)
        with self._engine.lock:
            self._journal.note(FunctionChange(name.upper(), spec).swap(self._engine))

    # -- copies ------------------------------------------------------------------------------------------------------

    def copy(self) -> Workbook:
        """A workbook of its own with the same contents; values are shared until one of the two writes. It has nothing to undo.

        >>> wb = Workbook()
        >>> wb["Sheet1"]["A1"] = 1
        >>> twin = wb.copy()
        >>> twin["Sheet1"]["A1"] = 2
        >>> wb["Sheet1"]["A1"].value, twin["Sheet1"]["A1"].value
        (1.0, 2.0)
        """
        with self._engine.lock:
            return self._adopt(copying.twin(self._engine), self._file, dict(self._kept))

    @classmethod
    def _adopt(cls, engine: Engine, file: OpenedFile | None, kept: dict[str, tuple[str, ...]]) -> Workbook:
        made = cls.__new__(cls)
        made._hold(engine)
        made._file, made._kept = file, kept
        return made

    def __deepcopy__(self, memo: dict[int, Any]) -> Workbook:
        return self.copy()

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickled as plain data: cells, formulas, names, settings; user functions by the names they are imported by."""
        with self._engine.lock:
            return _from_state, (copying.state_of(self._engine), self._file, dict(self._kept))

    # -- undo and trace ------------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def batch(self) -> Iterator[None]:
        """All edits inside or, where an exception leaves the block, none; they are one step for undo."""
        engine = self._engine
        with engine.lock:
            outermost = not self._journal.grouping
            if outermost:
                self._flush()
                self._journal.begin()
            try:
                yield
            except BaseException:
                if outermost:
                    self._journal.rollback()
                raise
            if outermost:
                self._journal.commit()
                self._flush()

    def undo(self) -> bool:
        """Take back the newest edit; False where there is none."""
        with self._engine.lock:
            return self._journal.undo()

    def redo(self) -> bool:
        """Do again what was taken back last; False where there is nothing."""
        with self._engine.lock:
            return self._journal.redo()

    def trace(self) -> Trace:
        """`with wb.trace() as trace:` — what the edits inside recompute, and why."""
        return Trace(self._engine)

    # -- files -------------------------------------------------------------------------------------------------------

    def save(self, path: Any, *, rebuild: bool = False) -> None:
        """Write an .xlsx file, formulas with their values, or a sheet's values as .csv; path or binary file object.

        An opened file is patched: every part that was not edited stays byte for byte. `rebuild` writes a new one instead, without what
        only the opened file holds (charts, styles, macros…). Cells that cannot be computed, whose reading raises, are written with the
        values they had; a `StaleValueWarning` names them.
        """
        from sheetengine.workbook.saving import save  # noqa: PLC0415  # file libraries load when they are needed

        with self._engine.lock:
            with contextlib.suppress(*CELL_FAILURES):
                self._flush()
            save(self, path, rebuild=rebuild)
            cells, count = self._engine.uncomputed(5)
            if count:
                names = ", ".join(self._address(Area(sheet, row, column, row, column)) for sheet, row, column in cells)
                more = ", …" if count > len(cells) else ""
                warnings.warn(f"saved with the values they had, as they cannot be computed: {names}{more}", StaleValueWarning, stacklevel=2)

    def __repr__(self) -> str:
        return f"<Workbook {', '.join(self.sheet_names)}>"


def _from_state(state: copying.EngineState, file: OpenedFile | None, kept: dict[str, tuple[str, ...]]) -> Workbook:
    engine = Engine()
    copying.fill_engine(engine, state)
    return Workbook._adopt(engine, file, kept)


def open_workbook(
    source: Any, *, recalculate: bool = False, formulas: bool = False, separator: str | None = None,
    encoding: str | None = None,
) -> Workbook:  # fmt: skip
    """Open an .xlsx, .xlsm or .csv file: path, bytes or file object.

    The file's values are taken as they are; what it holds no value for is computed at the first read. `recalculate`: everything is.
    In a .csv file, which is known by its name, a text that begins with "=" stays a text unless `formulas` says otherwise; `separator`
    and `encoding` are found out where they are not given.
    """
    from sheetengine.workbook.loading import load  # noqa: PLC0415  # as above

    workbook = Workbook(sheet=None)
    load(workbook, source, recalculate=recalculate, formulas=formulas, separator=separator, encoding=encoding)
    return workbook


__all__ = ["Workbook", "open_workbook"]
