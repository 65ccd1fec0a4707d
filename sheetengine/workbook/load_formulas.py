"""The formulas of a document into blocks.

In: the formula columns of a `SheetDocument` whose values are in the store. Out: blocks and families that count as computed where
the file has values, arrays with the cells they fill. Invariant: a formula that does not become a block is in the answer with its
reason, and its cell keeps the file's value.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sheetengine.address import Range
from sheetengine.errors import FormulaSyntaxError
from sheetengine.graph.patterns import Rect
from sheetengine.grid import ERROR, distinct
from sheetengine.io.document import SheetDocument
from sheetengine.recalc.blocks import select
from sheetengine.recalc.engine import Engine
from sheetengine.recalc.placement import place, place_scattered
from sheetengine.store.chunk import Box
from sheetengine.syntax.file_forms import from_file
from sheetengine.syntax.fill_groups import FileRun, Refused, group_fills
from sheetengine.syntax.parser import read
from sheetengine.values import SPILL_ID

_MOST_ARRAY = 4_000_000
"""Cells of an array formula's range; a larger one is no model's but an attack on memory."""


def load_formulas(engine: Engine, number: int, sheet: SheetDocument, *, everything: bool = False) -> list[Refused]:
    """Put a sheet's formulas in; the answer is those that could not be. `everything`: the file's values count as out of date."""
    if len(sheet.formula_cells) == 0:
        return []
    loading = _Loading(engine, number, sheet)
    loading.arrays()
    grouped = group_fills(loading.in_columns(), loading.masters())
    place(engine.field, number, grouped.fills, loading.lacks_value)
    place_scattered(engine.field, number, grouped.scattered, loading.lacks_value)
    loading.spilled()
    if not everything:
        loading.mark()
    return loading.refused + grouped.refused


class _Loading:
    def __init__(self, engine: Engine, number: int, sheet: SheetDocument) -> None:
        self.engine = engine
        self.number = number
        self.sheet = sheet
        self.refused: list[Refused] = []
        self.done: set[int] = set()
        """Places among the formulas of those that are in as array formulas, or refused."""
        self.formula_of: dict[int, int] = {}
        """Where sheets have arrays: cell -> place among the formulas."""
        self.dirty = sheet.missing.copy()

    @cached_property
    def missing(self) -> set[tuple[int, int]]:
        """The cells whose formulas have no value in the file."""
        sheet = self.sheet
        return set(zip(sheet.rows[sheet.missing].tolist(), sheet.columns[sheet.missing].tolist(), strict=True))

    def lacks_value(self, row: int, column: int) -> bool:
        """Whether the file has no value for a formula's cell."""
        return (row, column) in self.missing

    # -- array formulas ----------------------------------------------------------------------------------------------

    def arrays(self) -> None:
        """Array formulas entered with Ctrl+Shift+Enter, one by one."""
        sheet = self.sheet
        if not sheet.arrays:
            return
        self.formula_of = {cell: formula for formula, cell in enumerate(sheet.formula_cells.tolist())}
        store = self.engine.book.sheets[self.number].store
        for cell, array in sheet.arrays.items():
            formula = self.formula_of.get(cell)
            if formula is None or array.dynamic:
                continue
            row, column = int(sheet.rows[cell]), int(sheet.columns[cell])
            self.done.add(formula)
            text = sheet.formula_texts[formula] or ""
            area = array.area
            reason = None
            if (area.top, area.left) != (row, column):
                reason = f"the array formula's range is {area}, which does not begin at its cell"
            elif area.size > _MOST_ARRAY:
                reason = f"the array formula's range {area} is too large"
            elif bool(store.owners(_box(area)).any()) or self._others(area):
                reason = f"the array formula's range {area} meets another formula"
            else:
                try:
                    shape, operands, _ = read("=" + from_file(text))
                except FormulaSyntaxError as error:
                    reason = error.message
            if reason is not None:
                self.refused.append(Refused(row, column, text, reason))
                continue
            size = (area.bottom - area.top + 1, area.right - area.left + 1)
            frozen = not self.lacks_value(row, column)
            self.engine.field.put(self.number, Rect(row, column, row, column), shape, operands, "cse", size, frozen=frozen)

    def _others(self, area: Range) -> bool:
        """Whether another formula stands in an array's range."""
        sheet = self.sheet
        cells = sheet.formula_cells
        rows, columns = sheet.rows[cells], sheet.columns[cells]
        inside = (rows >= area.top) & (rows <= area.bottom) & (columns >= area.left) & (columns <= area.right)
        return int(np.count_nonzero(inside)) > 1

    def spilled(self) -> None:
        """The ranges that dynamic arrays filled when the file was written."""
        sheet = self.sheet
        field = self.engine.field
        for cell, array in sheet.arrays.items():
            if not array.dynamic:
                continue
            row, column = int(sheet.rows[cell]), int(sheet.columns[cell])
            found = field.find(self.number, row, column)
            if found is None:
                continue
            block, member = found
            area = array.area
            fits = (area.top, area.left) == (row, column) and area.size <= _MOST_ARRAY
            if fits and area.size > 1 and not bool((self._owners(area) != 0).ravel()[1:].any()):
                field.spills.set_array(block, member, area.bottom - area.top + 1, area.right - area.left + 1)
            elif area.size > 1 or (int(sheet.kinds[cell]) == ERROR and int(sheet.payload[cell]) == SPILL_ID):
                # What the file says cannot be, or the array had no room: it is computed to know what is in its way.
                self.dirty[cell] = True

    def _owners(self, area: Range) -> NDArray[np.int32]:
        return self.engine.book.sheets[self.number].store.owners(_box(area))

    # -- the others ----------------------------------------------------------------------------------------------------

    def in_columns(self) -> Iterator[FileRun]:
        """The formulas column by column, downwards, in runs of unbroken rows: of texts, or of followers of one shared group."""
        sheet = self.sheet
        cells = sheet.formula_cells
        if len(cells) == 0:
            return
        # Columns fit 16 bits, which numpy sorts by digits, without room of the size of the whole.
        columns = sheet.columns[cells].astype(np.int16)
        order = np.argsort(columns, kind="stable").astype(np.int32)
        columns, rows, shared = columns[order], sheet.rows[cells[order]], sheet.shared[order]
        special = np.zeros(len(cells), bool)
        if sheet.arrays:
            dynamic = {formula for cell, formula in self.formula_of.items() if cell in sheet.arrays} - self.done
            special[list(self.done | dynamic)] = True
            special = special[order]
        else:
            dynamic = set()
        joined = (columns[1:] == columns[:-1]) & (shared[1:] == shared[:-1]) & (rows[1:] == rows[:-1] + 1)
        joined &= ~(special[1:] | special[:-1])
        firsts = np.flatnonzero(np.concatenate(([True], ~joined)))
        lasts = np.append(firsts[1:] - 1, len(cells) - 1)
        texts, done = sheet.formula_texts, self.done
        ordered = zip(
            firsts.tolist(), lasts.tolist(), columns[firsts].tolist(), rows[firsts].tolist(), shared[firsts].tolist(), strict=True
        )
        for begin, end, column, row, group in ordered:
            formula = int(order[begin])
            if formula not in done:
                mode = "dynamic" if formula in dynamic else "legacy"
                own = [texts[place] or "" for place in order[begin : end + 1].tolist()] if group < 0 else None
                yield column, row, row + end - begin, own, group, mode

    def masters(self) -> dict[int, tuple[int, int, str]]:
        """Where the text of each shared group stands."""
        sheet = self.sheet
        found = {}
        for group, formula in sheet.shared_groups.items():
            cell = int(sheet.formula_cells[formula])
            found[group] = (int(sheet.rows[cell]), int(sheet.columns[cell]), sheet.formula_texts[formula] or "")
        return found

    # -- what is dirty -------------------------------------------------------------------------------------------------

    def mark(self) -> None:
        """What has no value in the file is dirty, the other formulas of the sheet count as computed."""
        sheet, field = self.sheet, self.engine.field
        for block in field:
            if block.sheet == self.number:
                field.seeds.pop(block.id, None)
        cells = np.flatnonzero(self.dirty)
        if len(cells) == 0:
            return
        rows, columns = sheet.rows[cells].astype(np.int64), sheet.columns[cells].astype(np.int64)
        _, _, owners = self.engine.book.sheets[self.number].store.gather_planes(rows, columns)
        for owner in distinct(owners[owners > 0]).tolist():
            block = field.blocks[owner]
            mine = owners == owner
            if int(np.count_nonzero(mine)) == block.count:
                field.seeds[owner] = None
            else:
                members = [block.flat(row, column) for row, column in zip(rows[mine].tolist(), columns[mine].tolist(), strict=True)]
                field.seeds[owner] = select(block, members)


def _box(area: Range) -> Box:
    return Box(area.top, area.left, area.bottom, area.right)
