"""The formulas of one sheet as they come: plain, shared groups, arrays, data tables.

In: for each cell with `<f>`, its attributes and text, in the order of the file. Out: the formula columns of a `SheetDocument`.
Shared by the plain reader and the fast one. Invariant: groups are numbered anew, as files may use a number twice.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sheetengine.address import Range, column_name
from sheetengine.errors import UnknownReference
from sheetengine.io.cell_values import CellProblem
from sheetengine.io.document import FIRST_PREDICTED, NO_GROUP, ArrayFormula, DataTable, SheetDocument
from sheetengine.io.markup import boolean
from sheetengine.io.predicted_formulas import ColumnOfFormulas


class FormulaColumns:
    """Collects formulas; `dynamic` are the `cm` numbers that mean a dynamic array, `current` the group that an `si` means now."""

    __slots__ = ("arrays", "cells", "columns", "current", "data_tables", "dynamic", "groups", "notes", "said", "settled", "shared", "texts")

    def __init__(self, dynamic: frozenset[int], notes: list[str]) -> None:
        self.dynamic = dynamic
        self.notes = notes
        self.cells = array("i")
        self.texts: list[str | None] = []
        self.shared = array("i")
        self.groups: dict[int, int] = {}
        self.arrays: dict[int, ArrayFormula] = {}
        self.data_tables: list[DataTable] = []
        self.current: dict[str, int] = {}
        self.said = 0
        """Groups that the file itself makes."""
        self.settled = 0
        self.columns: dict[int, ColumnOfFormulas] = {}

    def settle(self, rows: NDArray[np.int64], columns: NDArray[np.int64], base: int) -> None:
        """Let go of the texts that repeat others, among the formulas added since last time; `base` is the first cell of the arrays."""
        first, self.settled = self.settled, len(self.cells)
        if first == self.settled:
            return
        places = np.array(self.cells[first:], np.int64) - base
        own_rows, own_columns = rows[places], columns[places]
        order = np.argsort(own_columns, kind="stable")
        bounds = np.flatnonzero(np.diff(own_columns[order])) + 1
        for part in np.split(order, bounds):
            column, formulas, at = int(own_columns[part[0]]), (part + first).tolist(), own_rows[part].tolist()
            state = self.columns.get(column)
            if state is None:
                state = self.columns[column] = ColumnOfFormulas()
            if not self._all_predicted(state, formulas, at):
                self._settle_column(state, formulas, at)

    def _all_predicted(self, state: ColumnOfFormulas, formulas: list[int], rows: list[int]) -> bool:
        """A stretch of a column in which every text is the predicted one, compared as a whole."""
        count = len(formulas)
        step = formulas[1] - formulas[0] if count > 1 else 1
        if state.predict is None or self.arrays or rows[-1] - rows[0] != count - 1 or formulas[-1] - formulas[0] != step * (count - 1):
            return False
        stretch = slice(formulas[0], formulas[-1] + 1, step)
        if self.texts[stretch] != state.predict.many(rows[0], rows[-1] + 1):
            return False
        self.texts[stretch] = [None] * count
        self.shared[stretch] = array("i", [FIRST_PREDICTED + state.place]) * count
        return True

    def _settle_column(self, state: ColumnOfFormulas, formulas: list[int], rows: list[int]) -> None:
        texts, shared, arrays = self.texts, self.shared, self.arrays
        place, count = 0, len(formulas)
        while place < count:
            if state.idle:
                passed = formulas[place : place + state.idle]
                last = passed[-1]
                if not arrays and all(texts[one] is not None and shared[one] == NO_GROUP for one in passed):
                    place += len(passed)
                    state.pass_over(rows[place - 1], texts[last] or "", last, len(passed))
                    continue
            formula, row = formulas[place], rows[place]
            place += 1
            text = texts[formula]
            if text is None or shared[formula] != NO_GROUP or (arrays and self.cells[formula] in arrays):
                continue
            leader = state.leader(row, text, formula)
            if leader >= 0:
                group = FIRST_PREDICTED + leader
                if shared[leader] == NO_GROUP:
                    self.groups[group] = leader
                    shared[leader] = group
                texts[formula], shared[formula] = None, group

    def extend(self, cells: list[int], texts: list[str]) -> None:
        """Many plain formulas at once, none of them empty or with a `=` before it."""
        self.cells.extend(cells)
        self.texts.extend(texts)
        self.shared.extend([NO_GROUP] * len(cells))

    def follow(self, cells: NDArray[np.int64], names: NDArray[np.int64]) -> bool:
        """Many followers of shared formulas at once, each with its `si`; False, and nothing done, where one has no master."""
        groups = []
        distinct, which = np.unique(names, return_inverse=True)
        for name in distinct.tolist():
            group = self.current.get(str(name))
            if group is None:
                return False
            groups.append(group)
        self.cells.frombytes(cells.astype(np.int32).tobytes())
        self.texts.extend([None] * len(cells))
        self.shared.frombytes(np.array(groups, np.int32)[which].tobytes())
        return True

    def add(self, cell: int, row: int, column: int, attributes: Mapping[str, str], text: str, metadata: int) -> bool:
        """The formula of a cell; False where the element holds none, so that the cell is a constant."""
        kind = attributes.get("t", "normal")
        text = text.removeprefix("=")  # some writers put it there, Excel does not
        match kind:
            case "normal":
                return self._append(cell, text, NO_GROUP) if text else False
            case "shared":
                return self._add_shared(cell, row, column, attributes, text)
            case "array":
                area = _area(attributes.get("ref"), row, column)
                if not text:
                    return False
                self.arrays[cell] = ArrayFormula(area, metadata in self.dynamic)
                return self._append(cell, text, NO_GROUP)
            case "dataTable":
                first, second = attributes.get("r1", ""), attributes.get("r2")
                two, by_row = boolean(attributes.get("dt2D")), boolean(attributes.get("dtr"))
                self.data_tables.append(DataTable(_area(attributes.get("ref"), row, column), first, second, two, by_row))
                return False
        raise CellProblem(f"{kind[:40]!r} is not a type of formula")

    def _append(self, cell: int, text: str | None, group: int) -> bool:
        self.cells.append(cell)
        self.texts.append(text)
        self.shared.append(group)
        return True

    def _add_shared(self, cell: int, row: int, column: int, attributes: Mapping[str, str], text: str) -> bool:
        name = attributes.get("si", "")
        if text and ("ref" in attributes or name not in self.current):
            group = self.current[name] = self.said
            self.said += 1
            self.groups[group] = len(self.texts)
            return self._append(cell, text, group)
        group = self.current.get(name, NO_GROUP)
        if group == NO_GROUP:
            self.notes.append(f"{column_name(column)}{row + 1} belongs to a shared formula that the file does not hold; it keeps its value")
            return False
        return self._append(cell, None, group)

    def store(self, sheet: SheetDocument) -> None:
        """Hand the columns over."""
        sheet.formula_cells = np.array(self.cells, np.int32)
        sheet.formula_texts = self.texts
        sheet.shared = np.array(self.shared, np.int32)
        sheet.shared_groups = self.groups
        sheet.arrays = self.arrays
        sheet.data_tables = self.data_tables


def _area(text: str | None, row: int, column: int) -> Range:
    if text is None:
        return Range(row, column, row, column)
    try:
        return Range.parse(text)
    except UnknownReference as error:
        raise CellProblem(f"the range of its formula is wrong: {error}") from None
