"""IronCalc, a Rust engine with Python bindings."""

from __future__ import annotations

import contextlib
import importlib.metadata
import os
from collections.abc import Callable, Iterator

import ironcalc

from benchmarks.scenarios import Cell, Place


class IronCalc:
    """`load_from_xlsx` and `evaluate`; after an edit `set_user_input` and `evaluate`."""

    name = "IronCalc"

    def version(self) -> str:
        return importlib.metadata.version("ironcalc")

    def open(self, path: str) -> IronCalcSession:
        with _silence():
            model = ironcalc.load_from_xlsx(path, "en", "UTC", "en")
            model.evaluate()
        return IronCalcSession(model)


class IronCalcSession:
    """An open model."""

    def __init__(self, model: ironcalc.Model) -> None:
        self.model = model
        self.sheets = {sheet["name"]: index for index, sheet in enumerate(model.get_worksheets_properties())}

    def editor(self, edit: Place, result: Place) -> Callable[[Cell], object]:
        model = self.model
        source, target = (self.sheets[edit[0]], *edit[1:]), (self.sheets[result[0]], *result[1:])

        def run(value: Cell) -> object:
            model.set_user_input(*source, repr(value) if type(value) is float else str(value))
            model.evaluate()
            return model.get_cell_value(*target)

        return run

    def column(self, sheet: str, column: int, first: int, count: int) -> list[object]:
        number, get = self.sheets[sheet], self.model.get_cell_value
        return [get(number, row, column) for row in range(first, first + count)]


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """It prints a line for every formula without a cached value; a terminal or a pipe would cost it time that is not its own."""
    kept = [os.dup(1), os.dup(2)]
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept[0], 1)
        os.dup2(kept[1], 2)
        for one in (*kept, nowhere):
            os.close(one)
