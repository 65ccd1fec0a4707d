"""What a program sees while it runs for one cell, or for a batch of cells of a block.

In: a `Reader` (the engine's), the calling cell, its operands resolved to areas. Out: the `Context` of the functions.
Compiled code reads cells through these two classes and in no other way.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sheetengine.functions.context import Context
from sheetengine.grid import Grid
from sheetengine.values import Area, CellError, Reference, Scalar


class Reader(Protocol):
    """The engine's side of a frame: cells, surroundings, and lambdas of defined names."""

    @property
    def date1904(self) -> bool: ...

    def cell(self, sheet: int, row: int, column: int) -> Scalar: ...

    def read(self, area: Area) -> Grid: ...

    def used(self, area: Area) -> Area | None: ...

    def now(self) -> float: ...

    def random(self, sheet: int, row: int, column: int, call: int, count: int) -> NDArray[np.float64]: ...

    def resolve(self, text: str, a1: bool, sheet: int, row: int, column: int) -> Reference | CellError: ...

    def formula_text(self, sheet: int, row: int, column: int) -> str | None: ...

    def moved_value(self, sheet: int, row: int, column: int, down: int) -> object: ...

    def spilled(self, sheet: int, row: int, column: int) -> Area | None: ...

    def named_lambda(self, name: str, sheet: int | None, frame: Frame) -> object: ...

    def hidden_rows(self, sheet: int) -> Collection[int]: ...

    def filtered_rows(self, sheet: int) -> Collection[int]: ...

    def subtotals(self, area: Area) -> NDArray[np.bool_] | None: ...

    def number_format(self, sheet: int, row: int, column: int) -> str: ...

    def column_width(self, sheet: int, column: int) -> float: ...

    def sheet_name(self, sheet: int) -> str: ...

    def sheet_position(self, sheet: int) -> int: ...

    def sheet_named(self, name: str) -> int | None: ...

    def sheet_count(self) -> int: ...

    def file_name(self) -> str: ...


class Surroundings:
    """The part of `Context` that does not depend on the calling cell, passed on to the reader."""

    __slots__ = ("cell", "date1904", "read", "reader", "used")

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.date1904 = reader.date1904
        self.cell: Callable[[int, int, int], Scalar] = reader.cell
        self.read: Callable[[Area], Grid] = reader.read
        self.used: Callable[[Area], Area | None] = reader.used

    def single(self, grid: Grid) -> Scalar:
        return grid.item(0, 0) if grid.size else CellError("#CALC!", "the array is empty")

    def now(self) -> float:
        return self.reader.now()

    def formula_text(self, sheet: int, row: int, column: int) -> str | None:
        return self.reader.formula_text(sheet, row, column)

    def moved_value(self, sheet: int, row: int, column: int, down: int) -> object:
        return self.reader.moved_value(sheet, row, column, down)

    def hidden_rows(self, sheet: int) -> Collection[int]:
        return self.reader.hidden_rows(sheet)

    def filtered_rows(self, sheet: int) -> Collection[int]:
        return self.reader.filtered_rows(sheet)

    def subtotals(self, area: Area) -> NDArray[np.bool_] | None:
        return self.reader.subtotals(area)

    def number_format(self, sheet: int, row: int, column: int) -> str:
        return self.reader.number_format(sheet, row, column)

    def column_width(self, sheet: int, column: int) -> float:
        return self.reader.column_width(sheet, column)

    def sheet_name(self, sheet: int) -> str:
        return self.reader.sheet_name(sheet)

    def sheet_position(self, sheet: int) -> int:
        return self.reader.sheet_position(sheet)

    def sheet_named(self, name: str) -> int | None:
        return self.reader.sheet_named(name)

    def sheet_count(self) -> int:
        return self.reader.sheet_count()

    def file_name(self) -> str:
        return self.reader.file_name()


class Frame(Surroundings):
    """One evaluation for one cell: `operands[k]` is slot k's constant or `Area`, `locals` the values of LET and LAMBDA."""

    __slots__ = ("calls", "column", "depth", "lambdas", "locals", "operands", "outermost", "row", "sheet")

    def __init__(self, reader: Reader, sheet: int, row: int, column: int, operands: list[object], locals_: list[object]) -> None:
        super().__init__(reader)
        self.sheet = sheet
        self.row = row
        self.column = column
        self.operands = operands
        self.locals = locals_
        self.depth = 0
        """What the calls of lambdas that are under way have taken of the stack; the outermost frame counts for all."""
        self.calls = 0
        self.outermost: Frame | None = None
        """The frame of the whole formula, where this is one of a call."""
        self.lambdas: dict[object, object] | None = None
        """The lambdas of defined names that this formula has called."""

    def random(self, count: int) -> NDArray[np.float64]:
        # One count for the whole formula: a lambda that draws is called again and again and must draw anew.
        whole = self.outermost or self
        whole.calls += 1
        return self.reader.random(self.sheet, self.row, self.column, whole.calls, count)

    def resolve(self, text: str, a1: bool) -> Reference | CellError:
        return self.reader.resolve(text, a1, self.sheet, self.row, self.column)

    def inner(self, operands: list[object], locals_: list[object]) -> Frame:
        """A frame for the same cell with other operands or locals: a call of a lambda."""
        frame = Frame(self.reader, self.sheet, self.row, self.column, operands, locals_)
        frame.cell, frame.read, frame.used = self.cell, self.read, self.used
        frame.outermost = self.outermost or self
        return frame


class NeedsCells(Exception):  # a signal, not an error
    """A batch met something that only an evaluation cell by cell can answer; the caller does that instead."""


class NeedsParts(Exception):  # a signal, not an error
    """A batch would take too much memory at once; the caller goes in parts of at most `members`."""

    def __init__(self, members: int) -> None:
        super().__init__(members)
        self.members = members


MOST_STRETCHED = 1_000_000
"""Elements of one array that an operation makes of operands of different shapes (20,000 cells that all members share, against one of
each): 8 MB a plane, and no more time between two looks at the clock than that takes."""


def refuse_large(shape: tuple[int, ...]) -> None:
    """Raises `NeedsParts` where lanes of a shape (members, rows, columns) would be more than is made at once."""
    if len(shape) == 3 and shape[0] > 1:
        each = shape[1] * shape[2]
        if each > 1 and shape[0] * each > MOST_STRETCHED:
            raise NeedsParts(max(1, MOST_STRETCHED // each))


class AreaLanes:
    """A range operand over the members of a batch: one area that all share, or one for each.

    `grid()` gives all of it as (members, rows, columns), or None where heights or widths differ; then `hull` is the
    rectangle around all and `tops`, `bottoms` the absolute rows of each where all go over the same columns.
    """

    __slots__ = ("bottoms", "grid", "hull", "shared", "tops")

    def __init__(
        self,
        shared: Area | None,
        grid: Callable[[], Grid | None],
        tops: NDArray[np.int64] | None = None,
        bottoms: NDArray[np.int64] | None = None,
        hull: Callable[[], Grid] | None = None,
    ) -> None:
        self.shared = shared
        self.grid = grid
        self.tops = tops
        self.bottoms = bottoms
        self.hull = hull


class Batch(Surroundings):
    """One evaluation for many cells of a block. Position and randomness are per cell, so asking for them ends the batch."""

    __slots__ = ("cache", "count", "fired", "locals")

    def __init__(self, reader: Reader, count: int) -> None:
        super().__init__(reader)
        self.count = count
        self.cache: dict[object, object] | None = None
        """What may be kept from one round to the next of the same plan: results that depend on no slot in `fired`."""
        self.fired: frozenset[int] = frozenset()
        self.locals: list[object] = []
        """The values of LET and LAMBDA, as lanes."""

    def constant(self, index: int) -> Scalar | Grid:
        """Slot `index` as one scalar, or (members, 1, 1)."""
        raise NotImplementedError

    def cells(self, index: int) -> Scalar | Grid:
        """The cells of slot `index`: (members, 1, 1), or the scalar that all share."""
        raise NotImplementedError

    def areas(self, index: int) -> AreaLanes:
        """The areas of slot `index`."""
        raise NotImplementedError

    def intersected(self, index: int) -> Scalar | Grid:
        """Of the area of slot `index` each member's cell in its own row or column, as `@` has it."""
        raise NotImplementedError

    def lines(self, index: int | None, *, rows: bool) -> Scalar | Grid:
        """The numbers, from 1, of the rows or columns that the members' cells of slot `index` stand in; without it those of their own."""
        raise NotImplementedError

    @property
    def sheet(self) -> int:
        """Not known in a batch."""
        raise NeedsCells

    @property
    def row(self) -> int:
        """Not known in a batch."""
        raise NeedsCells

    @property
    def column(self) -> int:
        """Not known in a batch."""
        raise NeedsCells

    def single(self, grid: Grid) -> Scalar:
        """An array as one member's answer spills, which a batch cannot say."""
        raise NeedsCells

    def random(self, count: int) -> NDArray[np.float64]:
        """Not known in a batch."""
        raise NeedsCells

    def resolve(self, text: str, a1: bool) -> Reference | CellError:
        """Not known in a batch."""
        raise NeedsCells


def _is_context(frame: Frame, batch: Batch) -> tuple[Context, Context]:
    """Checked by mypy: both classes are what functions may ask."""
    return frame, batch
