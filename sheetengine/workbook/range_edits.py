"""What scripts do to the cells of a range beside assigning to them; `Range` inherits it.

In: a range and what to do. Out: the edit, made by `structure`, `contents` or `finding`, one step for undo.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

from sheetengine.address import MAX_COLUMNS, MAX_ROWS, Range as Rectangle, column_index
from sheetengine.errors import ValueRefused
from sheetengine.graph.patterns import Rect
from sheetengine.workbook.autofill import Unit
from sheetengine.workbook.contents import SeriesRequest
from sheetengine.workbook.structure import check_fits

if TYPE_CHECKING:
    from sheetengine.workbook.finding import LookIn
    from sheetengine.workbook.ranges import Range
    from sheetengine.workbook.sheet import Sheet


class RangeEdits:
    """The edits of a rectangle of cells."""

    __slots__ = ()

    sheet: Sheet
    _rect: Rectangle

    def _edit_rect(self) -> tuple[int, Rect]:
        self.sheet._alive()
        rect = self._rect
        return self.sheet.id, Rect(rect.top, rect.left, rect.bottom, rect.right)

    # -- clearing ----------------------------------------------------------------------------------------------------

    def clear(self, what: Literal["contents", "formats", "all"] = "contents") -> None:
        """Values and formulas go; with "formats" the number formats, with "all" both."""
        if what not in ("contents", "formats", "all"):
            raise ValueRefused(f"what is cleared is 'contents', 'formats' or 'all', not {what!r}")
        workbook = self.sheet.workbook
        with workbook.batch():
            if what != "formats":
                self.sheet._clear(self._rect)
            if what != "contents":
                workbook._editor.clear_formats(*self._edit_rect())

    # -- cells that move ---------------------------------------------------------------------------------------------

    def insert(self, shift: Literal["down", "right"] = "down") -> None:
        """Insert blank cells here; the cells move down, or to the right, and what reads them follows.

        >>> from sheetengine import Workbook
        >>> ws = Workbook()["Sheet1"]
        >>> ws["A1:B2"] = [[1, 5], [2, "=A2*10"]]
        >>> ws["A1"].insert(shift="down")
        >>> ws["B2"].formula, ws["B2"].value
        ('=A3*10', 20.0)
        """
        with self.sheet.workbook._engine.lock:
            self.sheet.workbook._structure.insert(*self._edit_rect(), shift)

    def delete(self, shift: Literal["up", "left"] = "up") -> None:
        """Delete these cells; those below move up, or those to the right move left. What read them alone becomes #REF!."""
        with self.sheet.workbook._engine.lock:
            self.sheet.workbook._structure.delete(*self._edit_rect(), shift)

    def move_to(self, target: Range) -> Range:
        """Cut these cells and paste them from the target's first cell on, on any sheet; formulas that read them follow.

        >>> from sheetengine import Workbook
        >>> wb = Workbook()
        >>> ws, other = wb["Sheet1"], wb.add_sheet("Other")
        >>> ws["A1:B1"] = [[4, "=A1+1"]]
        >>> ws["A1"].move_to(other["C3"])
        <Other!C3 4.0>
        >>> ws["B1"].formula
        '=Other!C3+1'
        """
        rect, place = self._rect, target._rect
        check_fits(Rect(rect.top, rect.left, rect.bottom, rect.right), place.top, place.left)
        reached = Rectangle(place.top, place.left, place.top + rect.height - 1, place.left + rect.width - 1)

        def move() -> None:
            self.sheet.workbook._structure.move(*self._edit_rect(), target.sheet.id, place.top, place.left)

        self.sheet._edit(rect, lambda: target.sheet._edit(reached, move))
        return type(target)(target.sheet, reached)

    def copy_to(self, target: Range) -> Range:
        """Values, formulas and formats from the target's first cell on; relative references shift.

        A target of a whole number of times the size is filled. The answer is the range that was written.

        >>> from sheetengine import Workbook
        >>> ws = Workbook()["Sheet1"]
        >>> ws["A1:B1"] = [[1, "=A1*2"]]
        >>> ws["A1:B1"].copy_to(ws["A2:B4"])
        <Sheet1!A2:B4>
        >>> ws["B4"].formula
        '=A4*2'
        """
        own, where = self._rect, target._rect
        # Of a target that is smaller the source's size is written, from its first cell on.
        down, right = max(own.height, where.height) - 1, max(own.width, where.width) - 1
        reached = Rectangle(where.top, where.left, min(where.top + down, MAX_ROWS - 1), min(where.left + right, MAX_COLUMNS - 1))
        whole = Rect(where.top, where.left, where.bottom, where.right)
        written = target.sheet._edit(reached, lambda: self.sheet.workbook._contents.copy(*self._edit_rect(), target.sheet.id, whole))
        return type(target)(target.sheet, Rectangle(*written))

    # -- filling -----------------------------------------------------------------------------------------------------

    def _fill(self, side: str) -> None:
        self.sheet._edit(self._rect, lambda: self.sheet.workbook._contents.fill_edge(*self._edit_rect(), side))

    def fill_down(self) -> None:
        """The first row in all rows: formulas shift, constants and formats repeat (Ctrl+D)."""
        self._fill("down")

    def fill_right(self) -> None:
        """The first column in all columns (Ctrl+R)."""
        self._fill("right")

    def fill_up(self) -> None:
        """The last row in all rows."""
        self._fill("up")

    def fill_left(self) -> None:
        """The last column in all columns."""
        self._fill("left")

    def autofill(self, target: Range) -> None:
        """What dragging the fill handle over a target writes, which is this range made longer at one side.

        >>> from sheetengine import Workbook
        >>> ws = Workbook()["Sheet1"]
        >>> ws["A1:C2"] = [[1, "Item 1", "=A1*2"], [3, "Item 2", "=A2*2"]]
        >>> ws["A1:C2"].autofill(ws["A1:C4"])
        >>> ws["A3:C4"].value, ws["C4"].formula
        ([[5.0, 'Item 3', 10.0], [7.0, 'Item 4', 14.0]], '=A4*2')
        """
        if target.sheet is not self.sheet:
            raise ValueRefused("a fill stays on its sheet")
        where = target._rect
        whole = Rect(where.top, where.left, where.bottom, where.right)
        self.sheet._edit(where, lambda: self.sheet.workbook._contents.autofill(*self._edit_rect(), whole))

    def fill_series(
        self,
        step: float = 1.0,
        stop: float | None = None,
        *,
        kind: Literal["linear", "growth"] = "linear",
        unit: Unit | None = None,
        along: Literal["rows", "columns"] | None = None,
    ) -> None:
        """A series from the first cell of every column on (of every row: `along="rows"`), as the Series dialog makes it.

        `unit`: the step is in days, weekdays, months or years of dates. Without `along` the series follow the longer side.

        >>> from sheetengine import Workbook
        >>> ws = Workbook()["Sheet1"]
        >>> ws["A1"] = 2
        >>> ws["A1:A6"].fill_series(step=3, stop=12)
        >>> ws["A1:A6"].value
        [[2.0], [5.0], [8.0], [11.0], [None], [None]]
        """
        if kind not in ("linear", "growth") or unit not in (None, "day", "weekday", "month", "year"):
            raise ValueRefused(f"a series is 'linear' or 'growth', its unit 'day', 'weekday', 'month' or 'year', not {kind!r}, {unit!r}")
        if along not in (None, "rows", "columns"):
            raise ValueRefused(f"a series goes along 'rows' or 'columns', not {along!r}")
        across = self._rect.width > self._rect.height if along is None else along == "rows"
        wanted = SeriesRequest(float(step), None if stop is None else float(stop), across, kind == "growth", unit)
        with self.sheet.workbook.batch():
            self.sheet._edit(self._rect, lambda: self.sheet.workbook._contents.series(*self._edit_rect(), wanted))

    # -- sorting -----------------------------------------------------------------------------------------------------

    def sort(self, by: str | int | Sequence[str | int] = 1, *, descending: bool | Sequence[bool] = False, header: bool = False) -> None:
        """The rows in the order of one or more columns: letters of the sheet, or numbers counted from 1 within the range.

        As Excel does it: numbers, texts, FALSE, TRUE, errors, blanks last either way; equal rows keep their order; formulas go along,
        their relative references as seen from the new row; hidden rows stay. With `header` the first row stays, too, and its texts
        may name the columns.

        >>> from sheetengine import Workbook
        >>> ws = Workbook()["Sheet1"]
        >>> ws["A1:B4"] = [["Item", "Net"], ["tea", 3], ["jam", 9], ["ham", 4]]
        >>> ws["A1:B4"].sort("Net", descending=True, header=True)
        >>> ws["A2:A4"].value
        [['jam'], ['ham'], ['tea']]
        """
        with self.sheet.workbook._engine.lock:
            sheet, rect = self._edit_rect()
            names: Sequence[str | int] = [by] if isinstance(by, str | int) else list(by)
            if not names:
                raise ValueRefused("a range is sorted by at least one column")
            ways = [descending] * len(names) if isinstance(descending, bool) else list(descending)
            if len(ways) != len(names):
                raise ValueRefused(f"{len(names)} columns and {len(ways)} directions")
            keys = [(self._column(name, header), bool(way)) for name, way in zip(names, ways, strict=True)]
            body = rect._replace(top=rect.top + 1) if header else rect
            if body.top < body.bottom:
                self.sheet._edit(Rectangle(*body), lambda: self.sheet.workbook._contents.sort(sheet, body, keys))

    def _column(self, name: str | int, header: bool) -> int:
        """A column of the range, counted from 0."""
        rect = self._rect
        if isinstance(name, int) and not isinstance(name, bool):
            if 1 <= name <= rect.width:
                return name - 1
            raise ValueRefused(f"column {name} of {rect.width}")
        if isinstance(name, str):
            if header:
                titles: list[Any] = [self.sheet.cell(rect.top + 1, rect.left + 1 + offset).value for offset in range(rect.width)]
                for offset, title in enumerate(titles):
                    if isinstance(title, str) and title.lower() == name.lower():
                        return offset
            if name.isascii() and name.isalpha() and rect.left <= column_index(name) <= rect.right:
                return column_index(name) - rect.left
        raise ValueRefused(f"{name!r} is no column of {rect}")

    # -- finding -----------------------------------------------------------------------------------------------------

    def find(self, what: str | float, *, look_in: LookIn = "values", whole: bool = False, match_case: bool = False) -> list[Range]:
        """The cells that hold a text (`*` and `?` stand for any), row by row; `look_in="formulas"`: as they are edited."""
        return self.sheet._find(self._rect, what, look_in=look_in, whole=whole, match_case=match_case)

    def replace(self, what: str | float, by: str, *, whole: bool = False, match_case: bool = False) -> int:
        """Replace a text in formulas and constants, which are entered anew; the answer is how many cells changed."""
        return self.sheet._replace(self._rect, what, by, whole=whole, match_case=match_case)
