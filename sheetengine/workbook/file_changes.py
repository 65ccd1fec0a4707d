"""What differs between a workbook and the file it came from, sheet by sheet.

In: the stores and blocks of a sheet, and its `SheetDocument` where the file has it. Out: `SheetChanges` for the writers. Invariants:
a cell that holds what the file holds is not in the answer; formulas are compared block by block, as text only where a block is not
the one that was loaded.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from sheetengine.address import Range
from sheetengine.grid import BLANK, ERROR, TEXT
from sheetengine.io.document import NO_GROUP, ArrayFormula, DataTable, Document, SheetDocument
from sheetengine.io.sheet_changes import CONSTANT, FORMULA, KEEP, SPILLED, SheetChanges, followers_without_master
from sheetengine.recalc.book import SheetRecord
from sheetengine.recalc.engine import Engine
from sheetengine.syntax.file_forms import from_file
from sheetengine.syntax.fill import fill
from sheetengine.syntax.operands import AnyOperand
from sheetengine.syntax.printer import print_formula
from sheetengine.syntax.shape import Shape, lift
from sheetengine.values import error_from_id, error_id
from sheetengine.workbook.file_texts import FileTexts, data_table
from sheetengine.workbook.new_cells import NewCells, UsedCells, cells_in_use, joined, new_cells
from sheetengine.workbook.opened_file import OpenedFile

Places = NDArray[np.int64]


class SheetComparison:
    """One sheet of the workbook against the same sheet of the file."""

    def __init__(self, engine: Engine, opened: OpenedFile, record: SheetRecord, place: int, texts: FileTexts) -> None:
        self.engine = engine
        self.opened = opened
        self.record = record
        self.place = place
        self.document: Document = opened.document
        self.sheet: SheetDocument = opened.document.sheets[place]
        self.texts = texts

    def changes(self, style_of: Callable[[int, str], int], pool_of: Callable[[], Places]) -> SheetChanges | None:
        """What differs, None where nothing was written since the file was opened.

        `style_of` finds the cell style like another with a number format; `pool_of` gives the pool's ids of the document's texts.
        """
        record, sheet = self.record, self.sheet
        if self.opened.stamps.get(self.place) == (record.store.stamp, record.formats.stamp):
            return None
        now = cells_in_use(record.store)
        keys = sheet.rows.astype(np.int64) * 16_384 + sheet.columns
        kinds, payload, owners = self._now_at(now, keys)
        differs = (kinds != sheet.kinds) | (_comparable(kinds, payload) != self._old_payload(pool_of))
        states = np.where(owners < 0, np.uint8(SPILLED), np.uint8(CONSTANT))
        formulas: dict[int, str] = {}
        arrays: dict[int, ArrayFormula | DataTable] = {}
        changed = differs.copy()
        self._formulas(owners, states, changed, formulas, arrays)
        styles = np.full(len(keys), -1, np.int32)
        if self.opened.stamps[self.place][1] != record.formats.stamp:
            self._styles(sheet.rows.astype(np.int64), sheet.columns.astype(np.int64), sheet.styles, styles, style_of)
            changed |= styles >= 0
        self._followers(changed, states, formulas)
        chosen = np.flatnonzero(changed)
        new = self._new_cells(now, keys, style_of)
        return joined(keys, kinds, payload, states, styles, formulas, arrays, chosen, new)

    # -- cells of the file -------------------------------------------------------------------------------------------

    def _now_at(self, now: UsedCells, keys: Places) -> tuple[NDArray[np.uint8], NDArray[np.float64], NDArray[np.int32]]:
        kinds, payload, owners = np.zeros(len(keys), np.uint8), np.zeros(len(keys)), np.zeros(len(keys), np.int32)
        if len(now.keys):
            found = np.minimum(np.searchsorted(now.keys, keys), len(now.keys) - 1)
            there = now.keys[found] == keys
            found = found[there]
            kinds[there], payload[there], owners[there] = now.kinds[found], now.payload[found], now.owners[found]
        return kinds, payload, owners

    def _old_payload(self, pool_of: Callable[[], Places]) -> NDArray[np.float64]:
        sheet = self.sheet
        payload = _comparable(sheet.kinds, sheet.payload)
        named = np.flatnonzero(sheet.kinds == TEXT)
        if len(named):
            payload = payload.copy()
            payload[named] = pool_of()[sheet.payload[named].astype(np.int64)]
        return payload

    def _formulas(
        self,
        owners: NDArray[np.int32],
        states: NDArray[np.uint8],
        changed: NDArray[np.bool_],
        formulas: dict[int, str],
        arrays: dict[int, ArrayFormula | DataTable],
    ) -> None:
        """What became of the formulas, the file's and new ones on cells that the file has."""
        sheet, field = self.sheet, self.engine.field
        cells = sheet.formula_cells
        before = self.opened.owners[self.place]
        had = np.full(len(owners), -1, np.int64)
        had[cells] = np.arange(len(cells))
        known, which = np.unique(before, return_inverse=True)
        same = [owner in field.blocks and self.opened.unchanged(field.blocks[owner]) for owner in known.tolist()]
        kept = np.array(same, bool)[which] & (owners[cells] == before)
        # A formula that became no block stands in the file as long as the cell's value is the file's.
        refused = (before == 0) & (owners[cells] == 0) & ~changed[cells]
        states[cells[kept | refused]] = KEEP
        other = owners > 0
        other[cells[kept]] = False
        for cell in np.flatnonzero(other).tolist():
            formula = int(had[cell])
            block = field.blocks[int(owners[cell])]
            member = block.flat(int(sheet.rows[cell]), int(sheet.columns[cell]))
            if block.program.mode == "table" and (member or data_table(block) in sheet.data_tables):
                # The formula stands in the first cell alone; a table that the file has is there already.
                states[cell] = KEEP if data_table(block) in sheet.data_tables else SPILLED
                continue
            array = self.texts.array(block, member)
            old_array = sheet.arrays.get(cell)
            if (
                formula >= 0
                and (array is None) == (old_array is None)
                and (array is None or old_array is None or array.dynamic == old_array.dynamic)
                and self._old_text(formula) == print_formula(block.program.shape, block.syntax_operands(member))
            ):
                states[cell] = KEEP
                continue
            states[cell] = FORMULA
            changed[cell] = True
            formulas[cell] = self.texts.formula(block, member)
            if array is not None:
                arrays[cell] = array
        for cell, array in sheet.arrays.items():
            if states[cell] == KEEP and owners[cell] > 0 and array.dynamic:
                block = field.blocks[int(owners[cell])]
                rect = field.spills.range_of(block.id, block.flat(int(sheet.rows[cell]), int(sheet.columns[cell])))
                row, column = int(sheet.rows[cell]), int(sheet.columns[cell])
                area = Range(row, column, row, column) if rect is None else Range(*rect)
                if area != array.area:
                    arrays[cell] = ArrayFormula(area, dynamic=True)
                    changed[cell] = True
        for table in sheet.data_tables:
            first = (sheet.rows == table.area.top) & (sheet.columns == table.area.left)
            changed[first & (states != KEEP)] = True
        changed[cells] |= (states[cells] == CONSTANT) | (states[cells] == SPILLED)

    def _old_text(self, formula: int) -> str | None:
        """The file's own text of a formula, printed as we print it."""
        lifted = self._lifted(formula)
        return None if lifted is None else print_formula(*lifted)

    def _lifted(self, formula: int) -> tuple[Shape, list[AnyOperand]] | None:
        sheet = self.sheet
        text = sheet.formula_texts[formula]
        if text is not None:
            shape, operands = lift("=" + from_file(text))
            return shape, list(operands)
        master = sheet.shared_groups[int(sheet.shared[formula])]
        here, there = int(sheet.formula_cells[formula]), int(sheet.formula_cells[master])
        shape, operands = lift("=" + from_file(sheet.formula_texts[master] or ""))
        down, right = int(sheet.rows[here]) - int(sheet.rows[there]), int(sheet.columns[here]) - int(sheet.columns[there])
        return shape, [fill(operand, down, right) for operand in operands]

    def _followers(self, changed: NDArray[np.bool_], states: NDArray[np.uint8], formulas: dict[int, str]) -> None:
        """Formulas whose text stood in a cell that loses it are written out."""
        sheet = self.sheet
        if not sheet.shared_groups or not (sheet.shared != NO_GROUP).any():
            return
        gone = [cell for cell in sheet.formula_cells[states[sheet.formula_cells] != KEEP].tolist() if changed[cell]]
        for formula in followers_without_master(sheet, gone):
            cell = int(sheet.formula_cells[formula])
            lifted = self._lifted(formula)
            assert lifted is not None
            states[cell], changed[cell] = FORMULA, True
            formulas[cell] = self.texts.text(*lifted, self.record.id, int(sheet.rows[cell]), int(sheet.columns[cell]))

    # -- number formats ----------------------------------------------------------------------------------------------

    def _styles(
        self, rows: Places, columns: Places, old: NDArray[np.int32], into: NDArray[np.int32], style_of: Callable[[int, str], int]
    ) -> None:
        """Write the styles of cells whose number format is not the one of their style."""
        book = self.engine.book
        kinds, payload, _ = self.record.formats.gather_planes(rows, columns)
        wanted = np.where(kinds == BLANK, 0, payload).astype(np.int64)
        formats = np.array([book.format_id(pattern) for pattern in self.document.styles], np.int64)
        for cell in np.flatnonzero(wanted != formats[old]).tolist():
            into[cell] = style_of(int(old[cell]), book.formats[int(wanted[cell])])

    # -- cells that the file does not have -----------------------------------------------------------------------------

    def _new_cells(self, now: UsedCells, keys: Places, style_of: Callable[[int, str], int]) -> NewCells:
        fresh = ~_among(now.keys, keys)
        new_keys = now.keys[fresh]
        kinds, payload, owners = now.kinds[fresh], now.payload[fresh], now.owners[fresh]
        if self.opened.stamps[self.place][1] != self.record.formats.stamp:
            looks = cells_in_use(self.record.formats).keys
            looks = looks[~_among(looks, keys) & ~_among(looks, new_keys)]
            if len(looks):
                new_keys = np.concatenate((new_keys, looks))
                order = np.argsort(new_keys)
                new_keys = new_keys[order]
                kinds = np.concatenate((kinds, np.zeros(len(looks), np.uint8)))[order]
                payload = np.concatenate((payload, np.zeros(len(looks))))[order]
                owners = np.concatenate((owners, np.zeros(len(looks), np.int32)))[order]
        styles = np.full(len(new_keys), -1, np.int32)
        base = _column_styles(self.sheet, new_keys)
        self._styles(new_keys >> 14, new_keys & 16_383, base, styles, style_of)
        styles = np.where((styles < 0) & (base > 0), base, styles)
        return new_cells(self.engine, new_keys, kinds, payload, owners, styles, self.texts)


def _among(keys: Places, known: Places) -> NDArray[np.bool_]:
    """Which of some ascending keys are among others."""
    if len(known) == 0:
        return np.zeros(len(keys), bool)
    found: NDArray[np.bool_] = known[np.minimum(np.searchsorted(known, keys), len(known) - 1)] == keys
    return found


def _column_styles(sheet: SheetDocument, keys: Places) -> NDArray[np.int32]:
    """What cells that the file does not have look like: as their columns say."""
    styles = np.zeros(len(keys), np.int32)
    columns = keys & 16_383
    for span in sheet.column_spans:
        if span.style:
            styles[(columns >= span.first) & (columns <= span.last)] = span.style
    return styles


def _comparable(kinds: NDArray[np.uint8], payload: NDArray[np.float64]) -> NDArray[np.float64]:
    """Payloads in which errors of one code are one number, whatever their messages."""
    errors = np.flatnonzero(kinds == ERROR)
    if len(errors) == 0:
        return payload
    numbers, inverse = np.unique(payload[errors].astype(np.int64), return_inverse=True)
    bare = np.array([error_id(type(error)(error.code)) for error in map(error_from_id, numbers.tolist())], np.float64)
    payload = payload.copy()
    payload[errors] = bare[inverse]
    return payload
