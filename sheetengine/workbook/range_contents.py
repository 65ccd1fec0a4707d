"""What the cells of a range hold: values, formulas, texts as displayed, dates, number formats; `Range` inherits it.

In: a range. Out: what its cells hold now, everything computed first; what is assigned goes to the sheet. A range of several cells answers
with nested lists or arrays, one of too many cells is refused before memory is taken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sheetengine.address import Range as Rectangle, quote_sheet
from sheetengine.calendar import datetime_from_serial
from sheetengine.errors import ValueRefused
from sheetengine.grid import ERROR
from sheetengine.number_format import BadFormat, format_value, is_date_format
from sheetengine.recalc.queries import origin
from sheetengine.store.chunk import Box
from sheetengine.syntax.r1c1 import a1_from_r1c1
from sheetengine.values import Area, CellError, Scalar
from sheetengine.workbook.functions import plane_of

if TYPE_CHECKING:
    from sheetengine.workbook.sheet import Sheet

_MOST_SHOWN = 5_000_000


class RangeContents:
    """The contents of a rectangle of cells."""

    __slots__ = ()

    sheet: Sheet
    _rect: Rectangle

    @property
    def address(self) -> str:
        """With its sheet, as a formula would name it: `Draw!A1:AB28`."""
        return f"{quote_sheet(self.sheet.name)}!{self._rect}"

    def _area(self) -> Area:
        rect = self._rect
        return Area(self.sheet.id, rect.top, rect.left, rect.bottom, rect.right)

    # -- values -------------------------------------------------------------------------------------------------------

    def _single(self) -> tuple[int, int]:
        if self._rect.size != 1:
            raise ValueRefused(
                f"{self.address} is {self._rect.height} x {self._rect.width} cells; use .values, .formulas or .texts for ranges"
            )
        return self._rect.top, self._rect.left

    @property
    def value(self) -> Any:
        """The value of the cell: float, str, bool, None or `CellError`; of a range, nested lists of them."""
        rect = self._rect
        workbook = self.sheet.workbook
        engine = workbook._engine
        with engine.lock:
            workbook._flush(self)
            if rect.top == rect.bottom and rect.left == rect.right:
                value = self.sheet._record.store.cell(rect.top, rect.left)
                return self._with_origin(value, rect.top, rect.left) if isinstance(value, CellError) else value
            self._refuse_huge()
            grid = self.sheet._record.store.read(self._box())
            rows = grid.rows()
            if grid.kinds is not None and (grid.kinds == ERROR).any():
                rows = [
                    [self._with_origin(v, rect.top + r, rect.left + c) if isinstance(v, CellError) else v for c, v in enumerate(row)]
                    for r, row in enumerate(rows)
                ]
            return rows

    @value.setter
    def value(self, value: object) -> None:
        self.sheet._assign(self._rect, value)

    def _with_origin(self, error: CellError, row: int, column: int) -> CellError:
        place = origin(self.sheet.workbook._engine, self.sheet.id, row, column)
        return error.at(self.sheet.workbook._address(place))

    def _box(self) -> Box:
        rect = self._rect
        return Box(rect.top, rect.left, rect.bottom, rect.right)

    def _refuse_huge(self) -> None:
        if self._rect.size > _MOST_SHOWN:
            raise ValueRefused(f"{self.address} has {self._rect.size:,} cells; take the used part of it: ws.used_range")

    @property
    def values(self) -> np.ndarray[Any, Any]:
        """All values as a numpy array (rows, columns): float64 where all are numbers, objects otherwise."""
        engine = self.sheet.workbook._engine
        with engine.lock:
            self.sheet.workbook._flush(self)
            self._refuse_huge()
            return plane_of(self.sheet._record.store.read(self._box()))

    def to_numpy(self) -> np.ndarray[Any, Any]:
        """As `values`: an array of one's own."""
        return np.array(self.values)

    def to_pandas(self, *, header: bool = True) -> Any:
        """A pandas DataFrame, the first row as its header; columns whose cells are formatted as dates are datetime64."""
        from sheetengine.workbook.frames_out import to_pandas  # noqa: PLC0415  # an extra: loaded where it is used

        return to_pandas(self, header=header)

    def to_polars(self, *, header: bool = True) -> Any:
        """A polars DataFrame, the first row as its header."""
        from sheetengine.workbook.frames_out import to_polars  # noqa: PLC0415  # an extra: loaded where it is used

        return to_polars(self, header=header)

    def to_arrow(self, *, header: bool = True) -> Any:
        """A pyarrow Table, the first row as its header."""
        from sheetengine.workbook.frames_out import to_arrow  # noqa: PLC0415  # an extra: loaded where it is used

        return to_arrow(self, header=header)

    # -- formulas -------------------------------------------------------------------------------------------------------

    @property
    def formula(self) -> str | None:
        """The formula of the cell with its "=", None where it holds none; of a range, that of its first cell."""
        return self._formula(self._rect.top, self._rect.left)

    @formula.setter
    def formula(self, text: str) -> None:
        if not isinstance(text, str) or not text.startswith("="):
            raise ValueRefused(f"a formula begins with '=': {text!r}")
        self.sheet._assign(self._rect, text)

    def _formula(self, row: int, column: int) -> str | None:
        engine = self.sheet.workbook._engine
        with engine.lock:
            return engine.field.formula_text(self.sheet.id, row, column)

    @property
    def formulas(self) -> list[list[str | None]]:
        """The formulas of all cells, None where there is none."""
        self._refuse_huge()
        rect = self._rect
        return [[self._formula(row, column) for column in range(rect.left, rect.right + 1)] for row in range(rect.top, rect.bottom + 1)]

    @property
    def formula_r1c1(self) -> str | None:
        """The formula of the (first) cell in R1C1: filled formulas have one text, `=R[-1]C*2` in every cell."""
        engine = self.sheet.workbook._engine
        with engine.lock:
            return engine.field.formula_r1c1(self.sheet.id, self._rect.top, self._rect.left)

    @formula_r1c1.setter
    def formula_r1c1(self, text: str) -> None:
        if not isinstance(text, str) or not text.startswith("="):
            raise ValueRefused(f"a formula begins with '=': {text!r}")
        self.sheet._assign(self._rect, a1_from_r1c1(text, self._rect.top, self._rect.left))

    def set_array_formula(self, text: str) -> None:
        """One formula over the whole range, as Ctrl+Shift+Enter makes it in Excel."""
        self.sheet._array_formula(self._rect, text)

    # -- as displayed ---------------------------------------------------------------------------------------------------

    @property
    def text(self) -> str:
        """The cell as displayed, by its number format."""
        row, column = self._single()
        return self._text(row, column)

    @property
    def texts(self) -> list[list[str]]:
        """All cells as displayed."""
        self._refuse_huge()
        rect = self._rect
        return [[self._text(row, column) for column in range(rect.left, rect.right + 1)] for row in range(rect.top, rect.bottom + 1)]

    def _text(self, row: int, column: int) -> str:
        engine = self.sheet.workbook._engine
        with engine.lock:
            self.sheet.workbook._flush(self)
            value = self.sheet._record.store.cell(row, column)
            pattern = engine.book.format_of(self.sheet.id, row, column)
        return displayed(value, pattern, engine.book.date1904)

    @property
    def date(self) -> Any:
        """The value as a `datetime`, for a cell whose number is a date; None for a blank one."""
        _row, _column = self._single()
        value = self.value
        if value is None:
            return None
        moment = datetime_from_serial(value, self.sheet.workbook._engine.book.date1904) if isinstance(value, float) else None
        if moment is None:
            raise ValueRefused(f"{self.address} holds {value!r}, which is no date")
        return moment

    def read(self, *, dates: bool = False) -> Any:
        """As `value`; with `dates`, numbers that are shown as dates or times come as `datetime`.

        >>> import datetime
        >>> from sheetengine import Workbook
        >>> ws = Workbook()["Sheet1"]
        >>> ws["A1:B1"] = [["due", datetime.date(2024, 2, 29)]]
        >>> ws["A1:B1"].read(dates=True)
        [['due', datetime.datetime(2024, 2, 29, 0, 0)]]
        """
        value = self.value
        if not dates:
            return value
        rows = value if isinstance(value, list) else [[value]]
        book = self.sheet.workbook._engine.book
        for down, row in enumerate(rows):
            for right, one in enumerate(row):
                if isinstance(one, float) and is_date_format(book.format_of(self.sheet.id, self._rect.top + down, self._rect.left + right)):
                    moment = datetime_from_serial(one, book.date1904)
                    row[right] = one if moment is None else moment
        return rows if isinstance(value, list) else rows[0][0]

    @property
    def is_date(self) -> bool:
        """Whether the cell is a number shown as a date or time."""
        row, column = self._single()
        engine = self.sheet.workbook._engine
        return isinstance(self.value, float) and is_date_format(engine.book.format_of(self.sheet.id, row, column))

    @property
    def number_format(self) -> str:
        """The number format of the (first) cell."""
        engine = self.sheet.workbook._engine
        return engine.book.format_of(self.sheet.id, self._rect.top, self._rect.left)

    @number_format.setter
    def number_format(self, pattern: str) -> None:
        try:
            format_value(1.0, pattern)
        except BadFormat as error:
            raise ValueRefused(f"{pattern!r} is no number format: {error}") from error
        self.sheet._set_format(self._rect, pattern)


def displayed(value: Scalar, pattern: str, date1904: bool) -> str:
    """A value as a cell shows it."""
    if value is None:
        return ""
    if isinstance(value, CellError):
        return str(value)
    try:
        return format_value(value, pattern, date1904=date1904)
    except BadFormat:
        # A date format over a number that is no date: a cell shows a row of #.
        return "########"
