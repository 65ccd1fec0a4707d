"""The engine: edits mark, one round computes all that is marked, before the next read.

In: values and formulas for cells of a `Book`. Out: values in the stores. This is the only place that joins formulas, graph and
store. Invariants: after `flush` every cell holds what a fresh calculation would give; a round that is interrupted leaves what it
did not compute marked, and the next one resumes; plans are kept by the class of the edit until the graph changes.
"""

from __future__ import annotations

import threading
import time
from array import array
from collections.abc import Iterable, Mapping, Sequence

from sheetengine.compiler.bind import Mode
from sheetengine.errors import EditRefused
from sheetengine.graph.patterns import Rect, Selection
from sheetengine.grid import Grid
from sheetengine.recalc.blocks import AnyBlock, select
from sheetengine.recalc.book import Book, SheetRecord
from sheetengine.recalc.cutoff import Frontier
from sheetengine.recalc.edited import edited_cells, pack, unpack
from sheetengine.recalc.evaluate import Evaluator
from sheetengine.recalc.events import RoundBegan, RoundEnded
from sheetengine.recalc.failures import cells_of, is_asked, meets
from sheetengine.recalc.few import QuickFormBroke
from sheetengine.recalc.formulas import FormulaField
from sheetengine.recalc.live import CELL_FAILURES
from sheetengine.recalc.naming import Naming
from sheetengine.recalc.parts import Relocation, remap
from sheetengine.recalc.plans import Plans
from sheetengine.recalc.reader import EngineReader
from sheetengine.recalc.rebinding import rebind
from sheetengine.recalc.settled import wake_blocked
from sheetengine.recalc.spill import SpillState
from sheetengine.recalc.taking_out import take_out
from sheetengine.recalc.watch import Watch
from sheetengine.recalc.what_if import WhatIf
from sheetengine.store.chunk import Box
from sheetengine.syntax.operands import AnyOperand
from sheetengine.syntax.shape import Shape
from sheetengine.values import Area, Scalar

_MOST_ROUNDS = 64
"""Rounds within a round: an array came or went, and what reads the cells it took is computed again."""


class Engine:
    """One workbook's formulas, kept computed."""

    def __init__(self) -> None:
        self.book = Book()
        self.field = FormulaField(self.book)
        self.naming = Naming(self.field)
        self.reader = EngineReader(self.book, self.naming)
        self.naming.reader = self.reader
        self.evaluator = Evaluator(self.field, self.reader)
        self.reader.what_if = WhatIf(self)
        self.lock = threading.RLock()
        self.automatic = True
        self.running = False
        self._cells = edited_cells()
        self._places: list[tuple[int, Rect]] = []
        self._plans = Plans(self.field)
        self.resting: dict[int, Selection | None] = {}
        """What the last round could not compute: it stays dirty, but does not begin a round unless it is asked for."""
        self._parked: dict[int, list[tuple[AnyBlock, SpillState]]] = {}
        """The formulas of sheets that were taken out and may come back, with what they spilled."""

    # -- edits -----------------------------------------------------------------------------------------------------

    def refuse_inside(self) -> None:
        """No edits from within a round."""
        if self.running:
            raise EditRefused("a function may not edit the workbook while it is being calculated")

    def set_value(self, sheet: int, row: int, column: int, value: Scalar) -> None:
        """Write a value into one cell."""
        if self.running:
            self.refuse_inside()
        store = self.book.sheets[sheet].store
        if store.owner(row, column) != 0:
            take_out(self.field, sheet, Rect(row, column, row, column))
        if self.evaluator.displayed.on:
            value = self.evaluator.displayed.landed(sheet, row, column, value)  # type: ignore[assignment]  # a scalar stays one
        store.set_cell(row, column, value)
        self._cells.append(pack(sheet, row, column))

    def edited(self, sheet: int, row: int, column: int) -> None:
        """A value was written into a cell that holds no formula."""
        self._cells.append(pack(sheet, row, column))

    def set_values(self, sheet: int, top: int, left: int, grid: Grid) -> None:
        """Write a grid with its first cell at a place."""
        self.refuse_inside()
        height, width = grid.shape
        rect = Rect(top, left, top + height - 1, left + width - 1)
        take_out(self.field, sheet, rect)
        if self.evaluator.displayed.on:
            grid = self.evaluator.displayed.table(sheet, top, left, grid)
        self.book.sheets[sheet].store.write(top, left, grid)
        self._places.append((sheet, rect))

    def set_formula(
        self, sheet: int, rect: Rect, shape: Shape, operands: Sequence[AnyOperand], mode: Mode, array: tuple[int, int] | None = None
    ) -> None:
        """Fill a formula over a rectangle; `array`: the size of a CSE formula that stands in the rectangle's first cell."""
        self.refuse_inside()
        whole = rect if array is None else Rect(rect.top, rect.left, rect.top + array[0] - 1, rect.left + array[1] - 1)
        take_out(self.field, sheet, whole)
        self.field.put(sheet, rect, shape, operands, mode, array)
        self._places.append((sheet, whole))

    def clear(self, sheet: int, rect: Rect) -> None:
        """Make cells blank."""
        self.refuse_inside()
        take_out(self.field, sheet, rect)
        self.book.sheets[sheet].store.clear(Box(*rect))
        self._places.append((sheet, rect))

    def mentioned(self, mentions: Iterable[str]) -> None:
        """Names, sheets, tables or functions appeared, changed or went: formulas that mention them are bound anew."""
        self.renamed()
        self.reader.forget()
        rebind(self.field, list(mentions))

    def renamed(self) -> None:
        """What a text may name is called otherwise now: INDIRECT and its like are computed, as Excel does it after renaming a sheet."""
        self.naming.forget()
        for number in self.field.volatile:
            self.field.seed(self.field.blocks[number], None)

    def mark(self, sheet: int, rect: Rect) -> None:
        """Cells changed by other means: what reads them is dirty."""
        self._places.append((sheet, rect))

    def relocate(self, way: Relocation) -> None:
        """Cells have moved: what waits to be computed, and what stands in circles, is known by its new place."""
        self.reader.forget()
        cells, self._places = remap(way, [unpack(key) for key in self._cells], self._places)
        self._cells = array("q", [pack(*cell) for cell in cells])
        self.field.changed_places = remap(way, [], self.field.changed_places)[1]
        circles = self.evaluator.circles
        circles.known, circles.iterated = (
            dict.fromkeys(cell for cell in [way.cell(*one) for one in cells] if cell is not None)
            for cells in (circles.known, circles.iterated)
        )

    def mark_formulas(self) -> None:
        """Every formula must be computed again."""
        self.field.seeds = dict.fromkeys(self.field.blocks)

    def mark_formula(self, sheet: int, row: int, column: int) -> None:
        """A formula must be computed again."""
        found = self.field.find(sheet, row, column)
        if found is not None:
            self.field.seed(found[0], select(found[0], [found[1]]))

    def take_sheet(self, sheet: int) -> tuple[SheetRecord, int]:
        """Take a sheet out with its formulas; formulas elsewhere that name it answer #REF!."""
        self.refuse_inside()
        record = self.book.sheets[sheet]
        removed = [(block, self.field.spills.state_of(block)) for block in self.field if block.sheet == sheet]
        for block, _ in removed:
            self.field.drop(block)
        self._parked[sheet] = removed
        taken = self.book.take_sheet(sheet)
        self.mentioned([f"sheet:{record.name.lower()}", "sheets"])
        return taken

    def put_sheet(self, record: SheetRecord, at: int) -> None:
        """Bring back a sheet that was taken out."""
        self.refuse_inside()
        self.book.put_sheet(record, at)
        for block, spilled in self._parked.pop(record.id):
            self.field.enter(block)
            self.field.spills.restore(spilled)
        self.mentioned([f"sheet:{record.name.lower()}", "sheets"])

    # -- rounds ----------------------------------------------------------------------------------------------------

    @property
    def dirty(self) -> bool:
        """Whether anything waits to be computed."""
        return bool(self._cells or self._places or self.field.seeds or self.field.changed_places)

    def flush(self, asked: Sequence[Area] | None = None) -> None:
        """Compute what is dirty, where calculation is automatic. Within a round it does nothing.

        What the last round could not compute is tried again where an edit concerns it, or where `asked` holds it (None: all cells).
        """
        if (self._cells or self._places or self.field.seeds or self.field.changed_places) and self.automatic and not self.running:
            if len(self._cells) == 1 and self._promptly(self._cells[0]):
                return
            if not self.resting:
                self.round()
                return
            held = self._held_back(asked)
            for number in held:
                del self.field.seeds[number]
            if self.dirty:
                self.round(held)
            else:
                self.field.seeds |= held

    def _held_back(self, asked: Sequence[Area] | None) -> dict[int, Selection | None]:
        """What the last round could not compute, and this one need not try."""
        field = self.field
        seeds = field.seeds
        held = {number: seeds[number] for number, known in self.resting.items() if number in field.blocks and seeds.get(number, 0) is known}
        if asked is None or not held or is_asked(asked, held, field):
            return {}
        if len(held) == len(seeds) and not (self._cells or self._places or field.changed_places):
            return held
        fresh = {number: selection for number, selection in seeds.items() if number not in held}
        plan = self._plans.find(self._cells, self._places + field.changed_places, fresh, field.volatile)
        return {} if meets(plan, held, field) else held

    def uncomputed(self, most: int) -> tuple[list[tuple[int, int, int]], int]:
        """The first cells that wait in vain to be computed, by sheet, row and column, and how many there are."""
        field = self.field
        return cells_of({number: field.seeds[number] for number in self.resting if number in field.seeds}, field, most)

    def _promptly(self, cell: int) -> bool:
        """The way of most edits, without detours: one cell was edited, and all that depends on it is prepared. False: a round is due."""
        field = self.field
        if self._places or field.seeds or field.changed_places or field.volatile or field.spills.blocked or self.book.pool.crowded:
            return False
        plan = self._plans.known(cell)
        ready = None if plan is None else self.evaluator.prompt(plan)
        if ready is None:
            return False
        self.reader.begin_round()
        self.running = True
        try:
            self.evaluator.run_promptly(ready)
        except (*CELL_FAILURES, QuickFormBroke):
            return False
        finally:
            self.running = False
        # Only now: where a round breaks off, the cell stays edited and the next read begins anew.
        del self._cells[:]
        return True

    def recalculate(self, *, full: bool = False, watch: Watch | None = None) -> None:
        """One round, in manual mode too, with the volatile cells; `full`: everything afresh; `watch` may stop it."""
        self.refuse_inside()
        if full:
            self.reader.forget()
            self.mark_formulas()
        circles = self.evaluator.circles
        if self.evaluator.iteration.enabled and circles.iterated:
            going_on, circles.iterated = circles.iterated, {}
            for place in going_on:
                self.mark_formula(*place)
        if self.dirty or self.field.volatile:
            self.evaluator.tally.watch = watch
            try:
                self.round()
            finally:
                self.evaluator.tally.watch = None
        if watch is not None:
            watch.ended(self.evaluator.tally.cells)

    def round(self, held: Mapping[int, Selection | None] | None = None) -> None:
        """Compute all that is dirty, each cell once, and what arrays that came or went bring with them; `held` is left as it is.

        An exception that concerns one cell is raised when all that does not depend on it is computed.
        """
        evaluator = self.evaluator
        listener = evaluator.listeners.tell
        started = time.perf_counter() if listener is not None else 0.0
        through = False
        if self.book.pool.crowded:
            # Between rounds nothing but the stores holds the ids of texts.
            self.book.pool.forget_unused()
            self._plans.forget_values()
        self.running = True
        self.reader.begin_round()
        if listener is not None:
            listener(RoundBegan(tuple(map(unpack, self._cells)), tuple(self._places)))
        try:
            evaluator.begin()
            if held:
                evaluator.failures.hold(held)
            volatile = self.field.volatile
            for _ in range(_MOST_ROUNDS):
                self._pass(volatile)
                volatile = set()
                places, evaluator.keeper.changed_places = evaluator.keeper.changed_places, []
                self._places += self.field.changed_places
                self.field.changed_places = []
                wake_blocked(self.field, self._places + places)
                if evaluator.early_cutoff:
                    self._places += places
                else:
                    evaluator.settled.seed_readers(self.field, places)
                if not (self._places or self.field.seeds):
                    break
            through = True
        finally:
            self.running = False
            self.reader.what_if.forget()
            for block, selection in evaluator.failures.selections():
                self.field.seed(block, selection)
            self.resting = dict(self.field.seeds) if through else {}
        if listener is not None:
            listener(RoundEnded(evaluator.tally.cells, evaluator.tally.restarts, time.perf_counter() - started))
        if evaluator.failures.error is not None:
            # Steps may have been cut: what they keep of their operands is not what the next round reads.
            self._plans.forget_values()
            raise evaluator.failures.error
        evaluator.circles.end(self.book)

    def _pass(self, volatile: set[int]) -> None:
        field = self.field
        self._places += field.changed_places
        field.changed_places = []
        if field.spills.blocked:
            self._places += [(sheet, Rect(row, column, row, column)) for sheet, row, column in map(unpack, self._cells)]
            self._cells = edited_cells()
            wake_blocked(self.field, self._places)
        cells, places, seeds = self._cells, self._places, field.seeds
        todo = self._plans.find(cells, places, seeds, volatile)
        if self.evaluator.early_cutoff:
            # What was circular counts as changed: where the circle is broken its cells are computed, though none has another value.
            self.evaluator.frontier = Frontier(
                field, [*map(unpack, cells), *self.evaluator.circles.known], places, seeds | dict.fromkeys(volatile)
            )
        self._cells, self._places, field.seeds = edited_cells(), [], {}
        try:
            self.evaluator.run(todo)
        except BaseException:
            # Nothing is lost: what was not computed stays dirty.
            for step in self.evaluator.left:
                for number, selection in step.parts:
                    if number in field.blocks:
                        field.seed(field.blocks[number], selection)
            self._places += self.evaluator.keeper.changed_places
            self.evaluator.keeper.changed_places = []
            self._plans.forget_values()
            raise
        finally:
            self.evaluator.frontier = None
