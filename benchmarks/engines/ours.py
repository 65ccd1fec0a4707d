"""This project."""

from __future__ import annotations

from collections.abc import Callable

import sheetengine
from benchmarks.dialects import column_name
from benchmarks.scenarios import Cell, Place


class Ours:
    """`sheetengine.open(path, recalculate=True)`; an edit is an assignment, a read computes."""

    name = "sheetengine"

    def version(self) -> str:
        return sheetengine.__version__

    def open(self, path: str) -> OurSession:
        workbook = sheetengine.open(path, recalculate=True)
        workbook.recalculate()
        return OurSession(workbook)


class OurSession:
    """An open workbook."""

    def __init__(self, workbook: sheetengine.Workbook) -> None:
        self.workbook = workbook

    def editor(self, edit: Place, result: Place) -> Callable[[Cell], object]:
        source = self.workbook[edit[0]].cell(*edit[1:])
        target = self.workbook[result[0]].cell(*result[1:])

        def run(value: Cell) -> object:
            source.value = value
            return target.value

        return run

    def column(self, sheet: str, column: int, first: int, count: int) -> list[object]:
        name = column_name(column)
        return list(self.workbook[sheet][f"{name}{first}:{name}{first + count - 1}"].values[:, 0].tolist())
