"""One sheet of a workbook as scripts see it.

In: addresses. Out: ranges and edits. A sheet is known by its id, so that renaming it or moving its tab changes nothing for
those who hold it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import numpy as np

from sheetengine.address import MAX_COLUMNS, MAX_ROWS, Address, Range as Rectangle
from sheetengine.display.svg import SvgPicture
from sheetengine.errors import UnknownReference, ValueRefused
from sheetengine.store.chunk import Box
from sheetengine.syntax.operands import Corner
from sheetengine.values import Area
from sheetengine.workbook import sheet_edits
from sheetengine.workbook.finding import LookIn, find, replace
from sheetengine.workbook.looks import Looks, looks_of
from sheetengine.workbook.ranges import Range, rect_of
from sheetengine.workbook.tables import Table, add_table, headers_in, headers_typed

if TYPE_CHECKING:
    from sheetengine.recalc.book import SheetRecord
    from sheetengine.workbook.workbook import Workbook

T = TypeVar("T")


@lru_cache(maxsize=65_536)
def _rectangle(text: str) -> Rectangle:
    return Rectangle.parse(text)


_SINGLE = frozenset((float, int, str, bool))
"""Types whose values are those of a single cell, whatever they are."""


class Sheet:
    """Cells by address: `ws["A1"]`, `ws["A1:C9"]`, `ws["B:B"]`, or by row and column counted from 1: `ws.cell(1, 2)`."""

    __slots__ = ("id", "workbook")

    def __init__(self, workbook: Workbook, number: int) -> None:
        self.workbook = workbook
        self.id = number

    @property
    def name(self) -> str:
        """The name on its tab."""
        return self._record.name

    @name.setter
    def name(self, name: str) -> None:
        self.workbook.rename_sheet(self.name, name)

    @property
    def state(self) -> str:
        """`"visible"`, `"hidden"`, or `"veryHidden"`, which only a program shows again."""
        return self._record.state

    @state.setter
    def state(self, state: sheet_edits.Visibility) -> None:
        with self.workbook._engine.lock:
            self._alive()
            sheet_edits.set_state(self.workbook, self, state)

    @property
    def looks(self) -> Looks:
        """Frozen panes, widths, hidden rows and shading: what a viewer needs beside the cells."""
        self._alive()
        return looks_of(self)

    # -- cells -------------------------------------------------------------------------------------------------------

    def __getitem__(self, key: str) -> Range:
        return Range(self, self._place(key))

    def __setitem__(self, key: str, value: object) -> None:
        self._assign(self._place(key), value)

    def __delitem__(self, key: str) -> None:
        self._clear(self._place(key))

    def _place(self, key: str) -> Rectangle:
        if not isinstance(key, str):
            raise UnknownReference(f"a sheet is indexed by an address such as 'B3' or 'A1:C9', not {key!r}; use cell(row, column)")
        if "!" in key:
            raise UnknownReference(f"{key!r}: the sheet is known already; write the address alone, or use workbook.range")
        try:
            return _rectangle(key)
        except UnknownReference:
            area = self.workbook._named_area(key, self.id)
            if area is None or area.sheet != self.id:
                raise
            return Rectangle(*area[1:])

    def cell(self, row: int, column: int) -> Range:
        """A cell by row and column, both counted from 1."""
        if not (1 <= row <= 1_048_576 and 1 <= column <= 16_384):
            raise UnknownReference(f"row {row}, column {column} lies off the grid of 1,048,576 x 16,384 cells")
        return Range(self, Rectangle(row - 1, column - 1, row - 1, column - 1))

    @property
    def used_range(self) -> Range | None:
        """The least rectangle that holds all values and formulas, None for an empty sheet."""
        engine = self.workbook._engine
        with engine.lock:
            self.workbook._flush()
            boxes = self._record.store.used_boxes()
        if not boxes:
            return None
        rect = Rectangle(min(b.top for b in boxes), min(b.left for b in boxes), max(b.bottom for b in boxes), max(b.right for b in boxes))
        return Range(self, rect)

    @property
    def rows(self) -> Iterator[Range]:
        """The rows of the used range."""
        used = self.used_range
        return iter(()) if used is None else used.rows

    def cells_with(self, *, formula: bool | None = None, error: bool | None = None) -> Iterator[Range]:
        """The cells in use, row by row; with or without a formula, with or without an error, as asked."""
        engine = self.workbook._engine
        with engine.lock:
            self.workbook._flush()
            store = self._record.store
            found: list[tuple[int, int]] = []
            for box in store.used_boxes():
                kinds, _, _ = store.read_planes(Box(*box))
                owners = store.owners(box)
                wanted = (kinds != 0) | (owners > 0)
                if formula is not None:
                    wanted &= (owners > 0) == formula
                if error is not None:
                    wanted &= (kinds == 4) == error
                rows, columns = np.nonzero(wanted)
                found += zip((rows + box.top).tolist(), (columns + box.left).tolist(), strict=True)
        return (Range(self, Rectangle(row, column, row, column)) for row, column in sorted(found))

    def enter(self, address: str, text: str) -> None:
        """Type a text into a cell, or into each cell of a range, and let it be read as Excel's keyboard does: `12%`, `3/4`, `'text`.

        >>> from sheetengine import Workbook
        >>> ws = Workbook()["Sheet1"]
        >>> ws.enter("A1", "$1,234.50")
        >>> ws["A1"].value, ws["A1"].text
        (1234.5, '$1,234.50 ')
        """
        rectangle = self._place(address)
        self._edit(rectangle, lambda: self.workbook._editor.enter(self.id, rect_of(rectangle), text))

    def to_csv(
        self, target: Any, *, separator: str = ",", guard: Literal["escape", "keep", "refuse"] = "escape", encoding: str = "utf-8"
    ) -> None:
        """Write the values as .csv, to a path or a file object: numbers in full, dates as 2024-01-31.

        A text that a spreadsheet program would run as a formula gets an apostrophe before it; `guard="keep"` writes it as it is,
        "refuse" raises.
        """
        from sheetengine.workbook.csv_files import write_csv  # noqa: PLC0415  # file libraries load when they are needed

        with self.workbook._engine.lock:
            write_csv(self, target, separator=separator, guard=guard, encoding=encoding)

    def add_data_table(self, address: str, *, row_input: str | None = None, column_input: str | None = None) -> Range:
        """A what-if data table over a range with its headers, as Data > What-If Analysis > Data Table makes it.

        With both inputs the formula stands in the range's first cell, the values for `row_input` in its first row, those for
        `column_input` in its first column. With `column_input` alone the formulas stand in the first row, with `row_input` alone in the
        first column. The answer is the range of results.

        >>> from sheetengine import Workbook
        >>> ws = Workbook()["Sheet1"]
        >>> ws["A1:B1"] = [[100, 0.05]]
        >>> ws["D1:F3"] = [["=A1*(1+B1)", 0.1, 0.2], [10, None, None], [20, None, None]]
        >>> ws.add_data_table("D1:F3", row_input="B1", column_input="A1").values.tolist()
        [[11.0, 12.0], [22.0, 24.0]]
        """
        place = self._place(address)
        inputs = [None if one is None else self._place(one) for one in (row_input, column_input)]
        if inputs == [None, None] or any(one is not None and one.size != 1 for one in inputs):
            raise ValueRefused("a data table has a row input, a column input or both, each a single cell of its own sheet")
        if place.height < 2 or place.width < 2:
            raise ValueRefused(f"{address} has no room for headers and results")
        inside = Rectangle(place.top + 1, place.left + 1, place.bottom, place.right)
        corners = [None if one is None else Corner(one.top, one.left) for one in inputs]
        with self.workbook._engine.lock:
            self._alive()
            self.workbook._editor.data_table(self.id, rect_of(inside), *corners)
        return Range(self, inside)

    # -- tables ------------------------------------------------------------------------------------------------------

    def add_table(self, address: str, name: str | None = None, *, header: bool = True, totals: bool = False) -> Table:
        """Make a range a table, its first row the names of its columns; formulas read it as `Sales[Net]`.

        >>> from sheetengine import Workbook
        >>> ws = Workbook()["Sheet1"]
        >>> ws["A1:B3"] = [["Item", "Net"], ["tea", 3], ["jam", 4]]
        >>> ws.add_table("A1:B3", "Sales")
        <Table Sales Sheet1!A1:B3: Item, Net>
        >>> ws["D1"] = "=SUM(Sales[Net])"
        >>> ws["D1"].value
        7.0
        """
        self._alive()
        return add_table(self, address, name, header=header, totals=totals)

    @property
    def tables(self) -> list[Table]:
        """The tables on this sheet."""
        tables = self.workbook._engine.book.tables
        return [Table(self.workbook, key) for key, table in tables.items() if table.sheet == self.id]

    # -- finding -----------------------------------------------------------------------------------------------------

    def find(self, what: str | float, *, look_in: LookIn = "values", whole: bool = False, match_case: bool = False) -> list[Range]:
        """The cells that hold a text (`*` and `?` stand for any), row by row; `look_in="formulas"`: as they are edited.

        >>> from sheetengine import Workbook
        >>> ws = Workbook()["Sheet1"]
        >>> ws["A1:B2"] = [["net", 1], ["gross", "=B1*1.19"]]
        >>> ws.find("n?t"), ws.find("b1", look_in="formulas")
        ([<Sheet1!A1 'net'>], [<Sheet1!B2 =B1*1.19 -> 1.19>])
        """
        return self._find(None, what, look_in=look_in, whole=whole, match_case=match_case)

    def replace(self, what: str | float, by: str, *, whole: bool = False, match_case: bool = False) -> int:
        """Replace a text in formulas and constants, which are entered anew; the answer is how many cells changed."""
        return self._replace(None, what, by, whole=whole, match_case=match_case)

    def _find(self, area: Rectangle | None, what: str | float, *, look_in: LookIn, whole: bool, match_case: bool) -> list[Range]:
        with self.workbook._engine.lock:
            self._alive()
            found = list(find(self, area, what, look_in=look_in, whole=whole, match_case=match_case))
        return [self.cell(row + 1, column + 1) for row, column in found]

    def _replace(self, area: Rectangle | None, what: str | float, by: str, *, whole: bool, match_case: bool) -> int:
        rectangle = area or Rectangle(0, 0, MAX_ROWS - 1, MAX_COLUMNS - 1)
        return self._edit(rectangle, lambda: replace(self, area, what, by, whole=whole, match_case=match_case))

    # -- rows and columns --------------------------------------------------------------------------------------------

    def insert_rows(self, at: int, count: int = 1) -> None:
        """Insert blank rows before a row, counted from 1; formulas, names and formats follow."""
        self._lines(at, count, rows=True)

    def delete_rows(self, at: int, count: int = 1) -> None:
        """Delete rows from one on, counted from 1; what referred to them alone becomes #REF!."""
        self._lines(at, -count, rows=True)

    def insert_columns(self, at: int, count: int = 1) -> None:
        """Insert blank columns before a column, counted from 1."""
        self._lines(at, count, rows=False)

    def delete_columns(self, at: int, count: int = 1) -> None:
        """Delete columns from one on, counted from 1."""
        self._lines(at, -count, rows=False)

    def _lines(self, at: int, count: int, *, rows: bool) -> None:
        with self.workbook._engine.lock:
            self._alive()
            self.workbook._structure.lines(self.id, at, count, rows=rows)

    # -- edits -------------------------------------------------------------------------------------------------------

    def _assign(self, rectangle: Rectangle, value: object) -> None:
        workbook = self.workbook
        if (type(value) is float or type(value) in _SINGLE) and rectangle.top == rectangle.bottom and rectangle.left == rectangle.right:
            engine = workbook._engine
            if not engine.book.tables:
                # The way of most edits, without detours.
                with engine.lock:
                    self._alive()
                    workbook._editor.assign_cell(self.id, rectangle.top, rectangle.left, value)
                return
        value = value.value if isinstance(value, Range) else value
        self._edit(rectangle, lambda: self.workbook._editor.assign(self.id, rect_of(rectangle), value))

    def _edit(self, rectangle: Rectangle, edit: Callable[[], T]) -> T:
        """An edit of cells; where they are headers of tables the columns are renamed with it."""
        workbook = self.workbook
        with workbook._engine.lock:
            self._alive()
            headers = headers_in(workbook, self.id, rectangle) if workbook._engine.book.tables else None
            if not headers:
                return edit()
            with workbook.batch():
                done = edit()
                headers_typed(workbook, self.id, headers)
                return done

    @property
    def _deleted(self) -> bool:
        return self.id not in self.workbook._engine.book.sheets

    def _alive(self) -> None:
        _ = self._record

    @property
    def _record(self) -> SheetRecord:
        try:
            return self.workbook._engine.book.sheets[self.id]
        except KeyError:
            raise UnknownReference("this sheet was deleted") from None

    def _array_formula(self, rectangle: Rectangle, text: str) -> None:
        self._edit(rectangle, lambda: self.workbook._editor.array_formula(self.id, rect_of(rectangle), text))

    def _set_format(self, rectangle: Rectangle, pattern: str) -> None:
        with self.workbook._engine.lock:
            self._alive()
            self.workbook._editor.set_format(self.id, rect_of(rectangle), pattern)

    def _clear(self, rectangle: Rectangle) -> None:
        self._edit(rectangle, lambda: self.workbook._editor.clear(self.id, rect_of(rectangle)))

    def _name(self, area: Area) -> str:
        return str(Address(area.top, area.left))

    def show(self) -> SvgPicture:
        """A picture of the cells in use, shaded as the file says: notebooks show it, and it can be saved."""
        return (self.used_range or self["A1"]).show()

    def _repr_html_(self) -> str:
        return (self.used_range or self["A1"])._repr_html_()

    def __repr__(self) -> str:
        return "<Sheet, deleted>" if self._deleted else f"<Sheet {self.name!r}>"
