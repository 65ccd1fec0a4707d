"""What differs between a workbook and the file it came from, sheet by sheet.

In: the stores and blocks of a sheet, and its `SheetDocument` where the file has it. Out: `SheetChanges` for the writers. Invariants:
a cell that holds what the file holds is not in the answer; formulas are compared block by block, as text only where a block is not
the one that was loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sheetengine.address import Range
from sheetengine.compiler.bound import same_tree
from sheetengine.grid import BLANK, ERROR, TEXT, distinct
from sheetengine.io.document import NO_GROUP, ArrayFormula, DataTable, Document, SheetDocument
from sheetengine.io.sheet_changes import CONSTANT, FORMULA, KEEP, SPILLED, SheetChanges, followers_without_master
from sheetengine.recalc.blocks import AnyBlock, Block
from sheetengine.recalc.book import SheetRecord
from sheetengine.recalc.data_tables import BOTH, ROW
from sheetengine.recalc.engine import Engine
from sheetengine.store import SheetStore
from sheetengine.syntax.file_forms import column_texts, from_file, to_file
from sheetengine.syntax.fill import fill
from sheetengine.syntax.operands import AnyOperand, Reference, TableReference
from sheetengine.syntax.printer import print_corner, print_formula
from sheetengine.syntax.shape import Shape, lift
from sheetengine.values import error_from_id, error_id
from sheetengine.workbook.opened_file import OpenedFile

Places = NDArray[np.int64]

_LEAST_FILL = 4
"""Rows of a block from which the texts down a column are predicted."""


@dataclass(slots=True)
class _Cells:
    """All cells in use, in order of their keys (row * 16384 + column)."""

    keys: Places
    kinds: NDArray[np.uint8]
    payload: NDArray[np.float64]
    owners: NDArray[np.int32]


def cells_in_use(store: SheetStore) -> _Cells:
    """The cells of a store that have a value or an owner."""
    columns: list[tuple[Places, NDArray[np.uint8], NDArray[np.float64], NDArray[np.int32]]] = []
    for box in store.used_boxes():
        kinds, payload, _ = store.read_planes(box)
        owners = store.owners(box)
        rows, across = np.nonzero((kinds != BLANK) | (owners > 0))
        keys = (rows + box.top) * 16_384 + across + box.left
        columns.append((keys, kinds[rows, across], payload[rows, across], owners[rows, across]))
    if not columns:
        return _Cells(np.zeros(0, np.int64), np.zeros(0, np.uint8), np.zeros(0), np.zeros(0, np.int32))
    keys, kinds, payload, owners = (np.concatenate(parts) for parts in zip(*columns, strict=True))
    if len(keys) > 1 and not (keys[1:] > keys[:-1]).all():
        order = np.argsort(keys)
        keys, kinds, payload, owners = keys[order], kinds[order], payload[order], owners[order]
    return _Cells(keys, kinds, payload, owners)


def data_table(block: AnyBlock) -> DataTable:
    """The what-if table that a block computes, as files have it."""
    assert isinstance(block, Block)
    inputs = [print_corner(operand.first) if operand.first else "" for operand in block.operands if isinstance(operand, Reference)]
    both = block.program.shape.key == BOTH
    return DataTable(Range(*block.rect), inputs[0], inputs[1] if both else None, both, both or block.program.shape.key == ROW)


class FileTexts:
    """The texts and formulas of a workbook as files have them."""

    def __init__(self, engine: Engine, prefix: Callable[[str], str]) -> None:
        self.engine = engine
        self.prefix = prefix
        self._forms: dict[int, bool] = {}

    def formula(self, block: AnyBlock, member: int) -> str:
        """A member's formula in file form, without `=`."""
        return self.text(block.program.shape, block.syntax_operands(member), block.sheet, *block.cell(member))

    def text(self, shape: Shape, operands: Sequence[AnyOperand], sheet: int, row: int, column: int) -> str:
        """A formula that stands at a cell, in file form."""
        return to_file(shape, operands, self.prefix, self._table_at(operands, sheet, row, column))

    def _table_at(self, operands: Sequence[AnyOperand], sheet: int, row: int, column: int) -> str | None:
        if not any(type(operand) is TableReference for operand in operands):
            return None
        table = self.engine.book.table_around(sheet, row, column)
        return None if table is None else table.name

    def many(self, block: AnyBlock, keys: Places) -> list[str]:
        """The formulas of some cells of a block, in their order."""
        if not isinstance(block, Block) or block.height < _LEAST_FILL:
            return [self.formula(block, block.flat(key >> 14, key & 16_383)) for key in keys.tolist()]
        known: dict[int, Callable[[int], str]] = {}
        found = []
        for key in keys.tolist():
            column = key & 16_383
            texts = known.get(column)
            if texts is None:
                member = block.flat(block.top, column)
                operands = block.syntax_operands(member)
                made = column_texts(
                    block.program.shape, operands, block.top, self.prefix, self._table_at(operands, block.sheet, key >> 14, column)
                )
                if made is None:
                    return [self.formula(block, block.flat(one >> 14, one & 16_383)) for one in keys.tolist()]
                texts = known[column] = made
            found.append(texts(key >> 14))
        return found

    def arrays(self, block: AnyBlock, keys: Places) -> dict[int, ArrayFormula | DataTable]:
        """Which of some cells of a block are array formulas or data tables, by their place among them."""
        plain = block.array is None and not self.engine.field.spills.ranges.get(block.id)
        if plain and block.program.mode == "legacy":
            return {}
        found: dict[int, ArrayFormula | DataTable] = {}
        for place, key in enumerate(keys.tolist()):
            array = self.array(block, block.flat(key >> 14, key & 16_383))
            if array is not None:
                found[place] = array
            elif plain:
                break
        return found

    def array(self, block: AnyBlock, member: int) -> ArrayFormula | DataTable | None:
        """The array formula or data table a member is written as, None for a plain one."""
        if block.program.mode == "table":
            return data_table(block)
        row, column = block.cell(member)
        rect = self.engine.field.spills.range_of(block.id, member)
        if block.array is not None:
            return ArrayFormula(Range(row, column, row + block.array[0] - 1, column + block.array[1] - 1))
        if block.program.mode != "dynamic":
            return None
        if rect is None and not self._needs_array(block, member, row, column):
            return None
        return ArrayFormula(Range(row, column, row, column) if rect is None else Range(*rect), dynamic=True)

    def _needs_array(self, block: AnyBlock, member: int, row: int, column: int) -> bool:
        """Whether an old Excel would read the text another way: then the file must say that it is dynamic."""
        known = self._forms.get(block.id)
        if known is None:
            program = block.program
            legacy, _ = self.engine.field.programs.program(program.shape, block.syntax_operands(member), block.sheet, row, column, "legacy")
            known = self._forms[block.id] = not same_tree(legacy.recipe.tree, program.recipe.tree)
        return known


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
        return _joined(keys, kinds, payload, states, styles, formulas, arrays, chosen, new)

    # -- cells of the file -------------------------------------------------------------------------------------------

    def _now_at(self, now: _Cells, keys: Places) -> tuple[NDArray[np.uint8], NDArray[np.float64], NDArray[np.int32]]:
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

    def _new_cells(self, now: _Cells, keys: Places, style_of: Callable[[int, str], int]) -> _New:
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


@dataclass(slots=True)
class _New:
    keys: Places
    kinds: NDArray[np.uint8]
    payload: NDArray[np.float64]
    states: NDArray[np.uint8]
    styles: NDArray[np.int32]
    formulas: list[str]
    arrays: dict[int, ArrayFormula | DataTable]


def new_cells(
    engine: Engine, keys: Places, kinds: NDArray[np.uint8], payload: NDArray[np.float64], owners: NDArray[np.int32],
    styles: NDArray[np.int32], texts: FileTexts,
) -> _New:  # fmt: skip
    """Cells written from nothing: their states, formulas and arrays."""
    states = np.where(owners > 0, np.uint8(FORMULA), np.where(owners < 0, np.uint8(SPILLED), np.uint8(CONSTANT)))
    by_place: dict[int, str] = {}
    arrays: dict[int, ArrayFormula | DataTable] = {}
    own = np.flatnonzero(owners > 0)
    for chosen in _by_value(owners[own]):
        places = own[chosen]
        block = engine.field.blocks[int(owners[places[0]])]
        if block.program.mode == "table":
            # The first cell of a data table says what it is; the others show its values.
            first = (keys[places] >> 14 == block.cell(0)[0]) & (keys[places] & 16_383 == block.cell(0)[1])
            states[places[~first]] = SPILLED
            places = places[first]
        by_place.update(zip(places.tolist(), texts.many(block, keys[places]), strict=True))
        arrays.update({int(places[index]): array for index, array in texts.arrays(block, keys[places]).items()})
    return _New(keys, kinds, payload, states, styles, [by_place[place] for place in own.tolist() if place in by_place], arrays)


def all_cells(engine: Engine, record: SheetRecord, style_of: Callable[[int, str], int], texts: FileTexts) -> SheetChanges:
    """A sheet that no file has: every cell of it."""
    now, looks = cells_in_use(record.store), cells_in_use(record.formats).keys
    keys = np.union1d(now.keys, looks)
    kinds, payload, owners = np.zeros(len(keys), np.uint8), np.zeros(len(keys)), np.zeros(len(keys), np.int32)
    place = np.searchsorted(keys, now.keys)
    kinds[place], payload[place], owners[place] = now.kinds, now.payload, now.owners
    styles = np.full(len(keys), -1, np.int32)
    numbers = record.formats.gather_planes(looks >> 14, looks & 16_383)[1].astype(np.int64)
    by_format = {number: style_of(0, engine.book.formats[number]) for number in distinct(numbers).tolist()}
    styles[np.searchsorted(keys, looks)] = [by_format[number] for number in numbers.tolist()]
    new = new_cells(engine, keys, kinds, payload, owners, styles, texts)
    none = np.zeros(0, np.int64)
    return _joined(none, kinds[:0], payload[:0], new.states[:0], styles[:0], {}, {}, none, new)


def _joined(
    keys: Places, kinds: NDArray[np.uint8], payload: NDArray[np.float64], states: NDArray[np.uint8], styles: NDArray[np.int32],
    formulas: dict[int, str], arrays: dict[int, ArrayFormula | DataTable], chosen: Places, new: _New,
) -> SheetChanges:  # fmt: skip
    """Cells of the file that change and new ones as one set of columns."""
    every = np.concatenate((keys[chosen], new.keys))
    order = np.argsort(every, kind="stable")
    every = every[order]
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    texts: dict[int, str] = {}
    if formulas:
        texts = {int(place[index]): formulas[cell] for index, cell in enumerate(chosen.tolist()) if cell in formulas}
    count = len(chosen)
    for cell, text in zip(np.flatnonzero(new.states == FORMULA).tolist(), new.formulas, strict=True):
        texts[int(place[count + cell])] = text
    found = {int(place[index]): arrays[cell] for index, cell in enumerate(chosen.tolist()) if cell in arrays} if arrays else {}
    found.update({int(place[count + cell]): array for cell, array in new.arrays.items()})
    return SheetChanges(
        (every >> 14).astype(np.int32),
        (every & 16_383).astype(np.int32),
        np.concatenate((kinds[chosen], new.kinds))[order],
        np.concatenate((payload[chosen], new.payload))[order],
        np.concatenate((states[chosen], new.states))[order],
        [texts[cell] for cell in sorted(texts)],
        found,
        np.concatenate((styles[chosen], new.styles))[order],
    )


def _by_value(values: NDArray[np.int32]) -> Iterator[Places]:
    """The places of each distinct value, ascending."""
    if len(values):
        order = np.argsort(values, kind="stable")
        yield from np.split(order, np.flatnonzero(np.diff(values[order])) + 1)


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
