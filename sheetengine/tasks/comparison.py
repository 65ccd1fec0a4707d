"""The values a file holds against those that were computed.

In: a workbook that was opened and computed. Out: for each formula of the file one outcome, and the cells where the two differ.
Invariant: no loop over cells but for those that differ.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sheetengine.address import Address, quote_sheet
from sheetengine.grid import BLANK, ERROR, NUMBER, TEXT, distinct
from sheetengine.io.document import SheetDocument
from sheetengine.recalc.book import SheetRecord
from sheetengine.values import Scalar, error_from_id
from sheetengine.workbook import Workbook

EQUAL: Final = 0
DIFFERENT: Final = 1
MISSING: Final = 2
"""The file had no value for the formula."""
UNSUPPORTED: Final = 3
"""The formula cannot be computed; its cell keeps the file's value."""

TOLERANCE: Final = 1e-12
"""Numbers count as equal up to this share of the larger one: Excel's own functions differ from release to release by more than a bit."""


@dataclass(frozen=True, slots=True)
class CellDifference:
    """A formula whose computed value is not the file's."""

    cell: str
    formula: str
    cached: Scalar
    computed: Scalar


@dataclass(slots=True, eq=False)
class SheetOutcome:
    """One sheet: its formulas' rows, columns, blocks (0: none) and outcomes."""

    record: SheetRecord
    sheet: SheetDocument
    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    owners: NDArray[np.int32]
    outcomes: NDArray[np.uint8]

    def count(self, outcome: int) -> int:
        """How many formulas have an outcome."""
        return int(np.count_nonzero(self.outcomes == outcome))


def outcomes(workbook: Workbook, tolerance: float = TOLERANCE) -> list[SheetOutcome]:
    """Every sheet of the file that is still there."""
    opened = workbook._file
    if opened is None:
        return []
    engine = workbook._engine
    document = opened.document
    pool = engine.book.pool.find_all(document.texts)
    found = []
    for number, place in opened.sheets.items():
        record = engine.book.sheets.get(number)
        sheet = document.sheets[place]
        if record is None:
            continue
        cells = sheet.formula_cells
        rows, columns = sheet.rows[cells].astype(np.int64), sheet.columns[cells].astype(np.int64)
        kinds, payload, owners = record.store.gather_planes(rows, columns)
        old_kinds, old = sheet.kinds[cells], sheet.payload[cells].copy()
        named = old_kinds == TEXT
        old[named] = pool[old[named].astype(np.int64)]
        result = np.where(_equal(old_kinds, old, kinds, payload, tolerance), np.uint8(EQUAL), np.uint8(DIFFERENT))
        result[(old_kinds == BLANK) & sheet.missing[cells]] = MISSING
        frozen = [owner for owner in distinct(owners).tolist() if owner <= 0 or engine.field.blocks[owner].frozen]
        # Where the file itself says #NAME?, it did not know the name either: there is nothing to keep.
        unknown = (old_kinds == ERROR) & np.isin(old, _name_errors(old[old_kinds == ERROR]))
        result[np.isin(owners, frozen)] = UNSUPPORTED
        result[unknown & (result == UNSUPPORTED)] = EQUAL
        found.append(SheetOutcome(record, sheet, rows, columns, owners, result))
    return found


def _name_errors(payload: NDArray[np.float64]) -> NDArray[np.float64]:
    """Those of some errors that are #NAME?, whatever their message."""
    numbers = distinct(payload)
    return numbers[[error_from_id(int(number)).code == "#NAME?" for number in numbers.tolist()]] if len(numbers) else numbers


def unsupported(workbook: Workbook, sheets: list[SheetOutcome]) -> dict[str, tuple[str, ...]]:
    """Cells that cannot be computed and keep a value; not those that the file, too, has no value for but #NAME?."""
    agreed = {
        address(outcome.record, int(outcome.rows[place]), int(outcome.columns[place]))
        for outcome in sheets
        for place in np.flatnonzero(outcome.outcomes == EQUAL).tolist()
        if outcome.owners[place] > 0 and workbook._engine.field.blocks[int(outcome.owners[place])].frozen
    }
    return {cell: why for cell, why in workbook.unsupported.items() if cell not in agreed}


def _equal(
    old_kinds: NDArray[np.uint8], old: NDArray[np.float64], kinds: NDArray[np.uint8], payload: NDArray[np.float64], tolerance: float
) -> NDArray[np.bool_]:
    same: NDArray[np.bool_] = (old_kinds == kinds) & (old == payload)
    numbers = (old_kinds == NUMBER) & (kinds == NUMBER) & ~same
    if numbers.any():
        one, other = old[numbers], payload[numbers]
        same[numbers] = np.abs(one - other) <= tolerance * np.maximum(np.abs(one), np.abs(other))
    errors = np.flatnonzero((old_kinds == ERROR) & (kinds == ERROR) & ~same)
    for place in errors.tolist():
        same[place] = error_from_id(int(old[place])).code == error_from_id(int(payload[place])).code
    return same


def differences(workbook: Workbook, sheets: list[SheetOutcome], skip: dict[int, set[int]] | None = None) -> Iterator[CellDifference]:
    """The cells that differ, sheet by sheet in the order of the file; `skip` gives by sheet formulas that do not count."""
    opened = workbook._file
    assert opened is not None
    engine = workbook._engine
    for outcome in sheets:
        left_out = (skip or {}).get(outcome.record.id, set())
        for place in np.flatnonzero(outcome.outcomes == DIFFERENT).tolist():
            if place in left_out:
                continue
            row, column = int(outcome.rows[place]), int(outcome.columns[place])
            formula = engine.field.formula_text(outcome.record.id, row, column) or ""
            cached = opened.document.value(outcome.sheet, int(outcome.sheet.formula_cells[place]))
            yield CellDifference(address(outcome.record, row, column), formula, cached, outcome.record.store.cell(row, column))


def address(record: SheetRecord, row: int, column: int) -> str:
    """A cell with its sheet."""
    return f"{quote_sheet(record.name)}!{Address(row, column)}"
