"""formualizer, a Rust engine with Python bindings."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Callable

import formualizer

from benchmarks.scenarios import Cell, Place


class Formualizer:
    """`load_workbook` and `evaluate_all`; after an edit `set_value` and `evaluate_all`."""

    name = "formualizer"

    def version(self) -> str:
        return importlib.metadata.version("formualizer")

    def open(self, path: str) -> FormualizerSession:
        workbook = formualizer.load_workbook(path)
        workbook.evaluate_all()
        return FormualizerSession(workbook)


class FormualizerSession:
    """An open workbook."""

    def __init__(self, workbook: formualizer.Workbook) -> None:
        self.workbook = workbook

    def editor(self, edit: Place, result: Place) -> Callable[[Cell], object]:
        set_value, evaluate, get_value = self.workbook.set_value, self.workbook.evaluate_all, self.workbook.get_value

        def run(value: Cell) -> object:
            set_value(*edit, value)
            evaluate()
            return get_value(*result)

        return run

    def column(self, sheet: str, column: int, first: int, count: int) -> list[object]:
        get_value = self.workbook.get_value
        return [get_value(sheet, row, column) for row in range(first, first + count)]
