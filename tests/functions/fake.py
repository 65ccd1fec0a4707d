"""A context for calling functions without a workbook: cells in a dict, a fixed clock, fixed random numbers."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from sheetengine.functions.call import invoke
from sheetengine.functions.library import find
from sheetengine.grid import Grid
from sheetengine.values import NAME, REF, Area, CellError, Reference, Scalar


class FakeContext:
    """Cells of sheet 0 by (row, column); the calling cell is Z1."""

    def __init__(self, cells: dict[tuple[int, int], Scalar] | None = None, date1904: bool = False) -> None:
        self.cells = cells or {}
        self.sheet, self.row, self.column = 0, 0, 25
        self.date1904 = date1904

    def now(self) -> float:
        return 45000.25

    def random(self, count: int) -> NDArray[np.float64]:
        return np.random.default_rng(1).random(count)

    def cell(self, sheet: int, row: int, column: int) -> Scalar:
        return self.cells.get((row, column))

    def read(self, area: Area) -> Grid:
        flat = [self.cells.get((row, column)) for row in range(area.top, area.bottom + 1) for column in range(area.left, area.right + 1)]
        grid = Grid.from_flat(flat, (area.height, area.width))
        grid.source = area
        return grid

    def single(self, grid: Grid) -> Scalar:
        return grid.item(0, 0)

    def used(self, area: Area) -> Area | None:
        if not self.cells:
            return None
        rows, columns = [row for row, _ in self.cells], [column for _, column in self.cells]
        return area.intersect(Area(0, min(rows), min(columns), max(rows), max(columns)))

    def resolve(self, text: str, a1: bool) -> Reference | CellError:
        return REF

    def formula_text(self, sheet: int, row: int, column: int) -> str | None:
        return None

    def moved_value(self, sheet: int, row: int, column: int, down: int) -> object:
        return None

    def hidden_rows(self, sheet: int) -> Collection[int]:
        return ()

    def filtered_rows(self, sheet: int) -> Collection[int]:
        return ()

    def subtotals(self, area: Area) -> NDArray[np.bool_] | None:
        return None

    def number_format(self, sheet: int, row: int, column: int) -> str:
        return "General"

    def column_width(self, sheet: int, column: int) -> float:
        return 8.43

    def sheet_name(self, sheet: int) -> str:
        return "Sheet1"

    def sheet_position(self, sheet: int) -> int:
        return 1

    def sheet_named(self, name: str) -> int | None:
        return 0 if name.lower() == "sheet1" else None

    def sheet_count(self) -> int:
        return 1

    def file_name(self) -> str:
        return ""


def call(name: str, *arguments: object, context: FakeContext | None = None) -> object:
    """Call a function of the catalogue with values as the evaluator would hand them (floats, not ints)."""
    spec = find(name)
    if spec is None:
        return NAME
    values = [float(a) if isinstance(a, int) and not isinstance(a, bool) else a for a in arguments]
    return invoke(spec, values, context or FakeContext())
