"""Evaluation: the steps of a plan, one after the other.

In: a `Plan`, blocks, stores. Out: values in the stores, `Event`s to a listener, places where arrays came or went. Each step
takes the fastest form that gives the scalar form's bits: a scan for a chain, one array expression for many cells, cell by cell
for few or where an array expression gave up, the live form where the order is unknown.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Sequence

import numpy as np

from sheetengine.address import column_name
from sheetengine.coerce import settle
from sheetengine.compiler.frame import AreaLanes, Frame, NeedsCells, NeedsParts
from sheetengine.errors import CircularReferenceWarning, EvaluationBug, SheetEngineError, UserFunctionError
from sheetengine.graph.patterns import Cells, Rect, Selection
from sheetengine.grid import Grid, TooLarge
from sheetengine.recalc import scan
from sheetengine.recalc.arrange import arrange
from sheetengine.recalc.batch import BlockBatch
from sheetengine.recalc.blocks import AnyBlock, Block, flats, select, size
from sheetengine.recalc.cutoff import Frontier
from sheetengine.recalc.displayed import Displayed
from sheetengine.recalc.events import Computed, Event, Listener, Spilled
from sheetengine.recalc.failures import Failures, bug
from sheetengine.recalc.few import FewCells, QuickFormBroke
from sheetengine.recalc.formulas import FormulaField
from sheetengine.recalc.iterate import Iteration
from sheetengine.recalc.landing import land
from sheetengine.recalc.live import CELL_FAILURES, Member, NotMine
from sheetengine.recalc.plan import Plan, Step
from sheetengine.recalc.reader import EngineReader
from sheetengine.recalc.sequences import Sequences
from sheetengine.recalc.watch import Watch
from sheetengine.store.chunk import Box
from sheetengine.store.prepared import Prepared
from sheetengine.values import MISSING, CellError, Lambda, Reference, Scalar

FEW = 6
"""Up to so many cells the scalar form is faster than the vector form (measured: benchmarks/crossover.py)."""
_QUICK = 12
"""How many times more cells are computed one by one where they have a quick form (0.4 us a cell; an array expression begins at 30)."""


class Evaluator:
    """Runs plans on one workbook."""

    def __init__(self, field: FormulaField, reader: EngineReader) -> None:
        self.field = field
        self.reader = reader
        self.listener: Listener | None = None
        """Tells all that listen; None where nobody does, so that nothing is told."""
        self._listeners: list[Listener] = []
        self.iteration = Iteration()
        self.displayed = Displayed(field.book)
        self.circular: dict[tuple[int, int, int], None] = {}
        self.early_cutoff = False
        """Whether a round stops at values that came out as they were."""
        self.frontier: Frontier | None = None
        self.met: list[tuple[int, int, int]] = []
        self.stuck: set[tuple[int, int, int]] = set()
        """Cells that stood in a circle earlier in this round: they stay 0 until it is through, whatever arrays come or go."""
        self.changed_places: list[tuple[int, Rect]] = []
        self.cells = 0
        self.restarts = 0
        self.largest = 1 << 25
        """Cells of the largest array that a formula may fill."""
        self.serial = 0
        """Grows with every plan that runs."""
        self.total = 0
        """Cells of the plans of this round so far."""
        self.watch: Watch | None = None
        self._sequences = Sequences(self)
        self.failures = Failures(field)
        """What this round cannot compute."""

    # -- listeners -------------------------------------------------------------------------------------------------

    def attach(self, listener: Listener) -> None:
        """Tell a listener what is computed from now on, beside those that listen already."""
        self._listeners.append(listener)
        self._choose_listener()

    def detach(self, listener: Listener) -> None:
        """Tell it no more."""
        self._listeners.remove(listener)
        self._choose_listener()

    def _choose_listener(self) -> None:
        listeners = tuple(self._listeners)

        def tell_all(event: Event) -> None:
            for one in listeners:
                one(event)

        self.listener = None if not listeners else listeners[0] if len(listeners) == 1 else tell_all

    # -- rounds ----------------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """A round begins: counters at 0."""
        self.cells = self.restarts = self.total = 0
        self.stuck = set()
        self.failures.clear()

    def end(self) -> None:
        """A round is through: one warning for all circles that it met."""
        order = self.field.book.order
        met = sorted({cell for cell in self.met if cell in self.circular}, key=lambda cell: (order.index(cell[0]), cell))
        self.met = []
        if met:
            names = ", ".join(map(self._name, met[:5])) + (", …" if len(met) > 5 else "")
            warnings.warn(f"cells that depend on themselves count as 0: {names}", CircularReferenceWarning, stacklevel=2)

    # -- plans -----------------------------------------------------------------------------------------------------

    def run(self, plan: Plan) -> None:
        """All steps; on an exception `left` holds the steps that are not through."""
        plan.runs += 1
        if plan.arranged is None or plan.runs == 2:
            # The first run is often the only one: quick forms are compiled for the second.
            plan.arranged = arrange(plan.steps, self.field, self.reader, self._few_again if plan.runs == 2 else self._few_once)
        steps = list(plan.arranged)
        self.left = steps
        self.serial += 1
        watch = self.watch
        if watch is not None:
            self.total += sum(size(selection) for step in steps for _, selection in step.parts)
        while steps:
            step = steps[0]
            if watch is not None:
                watch.step(self.cells, self.total)
            spared = self.failures.spared(step) if self.failures else step
            if spared is None:
                del steps[0]
                continue
            steps[0] = spared
            if self.frontier is None:
                self._step(spared, steps, plan)
            else:
                self._step_cut_off(spared, steps, plan, self.frontier)
            del steps[0]

    def _step(self, step: Step, steps: list[Step], plan: Plan) -> None:
        """One step, the first of those that are left."""
        if step.kind == "live":
            try:
                self._sequences.live(step, steps[1:])
            except NotMine:
                # It reads what a later step computes: all that is left finds its order together.
                parts = [part for one in steps for part in one.parts]
                del steps[1:]
                self._sequences.live(Step("live", parts), [])
        elif step.kind == "knot":
            self._sequences.live(step, [])
        elif step.kind == "chain":
            self._chain(step)
        elif step.kind == "few":
            self._few(step)
        else:
            ((number, selection),) = step.parts
            block = self.field.blocks[number]
            self._block(block, selection, step, plan)

    def _step_cut_off(self, step: Step, steps: list[Step], plan: Plan, frontier: Frontier) -> None:
        """What of a step reads anything that changed."""
        blocks = self.field.blocks
        if step.kind == "block":
            ((number, selection),) = step.parts
            chosen = frontier.choose(blocks[number], selection)
            if len(chosen):
                before = frontier.look([(blocks[number], chosen)])
                self._step(Step("block", [(number, select(blocks[number], chosen))]), steps, plan)
                frontier.note(before)
        elif step.kind == "few" or (step.kind == "chain" and scan.chain_of(blocks[step.parts[0][0]]) is not None):
            order = step.order or [(number, one) for number, selection in step.parts for one in flats(blocks[number], selection).tolist()]
            for number, member in order:
                if frontier.wakes(blocks[number], member) and not self.failures.holds((number, member)):
                    before = frontier.look([(blocks[number], select(blocks[number], [member]))])
                    self._cell_by_cell(blocks[number], [member], time.perf_counter())
                    frontier.note(before)
        else:
            before = frontier.look([(blocks[number], selection) for one in steps for number, selection in one.parts])
            self._step(step, steps, plan)
            frontier.note(before)

    def is_prompt(self, plan: Plan) -> bool:
        """Whether a plan is nothing but prepared single cells, and nobody listens."""
        steps = plan.arranged
        return (
            steps is not None and not self.early_cutoff and plan.runs > 1 and len(steps) == 1 and (ready := steps[0].ready) is not None and self.listener is None
            and self.watch is None and not self.circular and not self.displayed.on
            and (not self.field.spills.ranges or self.field.spills.ranges.keys().isdisjoint(ready.blocks))
        )  # fmt: skip

    def run_promptly(self, plan: Plan) -> None:
        """Run such a plan."""
        assert plan.arranged is not None
        ready = plan.arranged[0].ready
        assert ready is not None
        ready.run(self.compute, self._keep_odd)
        self.cells, self.restarts = len(ready), 0

    def _few_once(self, block: AnyBlock) -> int:
        return FEW

    def _few_again(self, block: AnyBlock) -> int:
        return FEW if block.program.quick is None else FEW * _QUICK

    # -- one block ---------------------------------------------------------------------------------------------------

    def _block(self, block: AnyBlock, selection: Selection, step: Step, plan: Plan) -> None:
        count = size(selection)
        program = block.program
        started = time.perf_counter() if self.listener is not None else 0.0
        watched = self.watch is not None and program.calls_user
        if program.vector is None or count <= FEW or block.array is not None or step.gave_up or watched or self.stuck:
            self._cell_by_cell(block, flats(block, selection).tolist(), started)
            return
        step.runs += 1
        fired = plan.fired_slots(block.id)
        try:
            result = self._vector(block, selection, step.cache if step.runs > 1 else None, fired)
        except NeedsCells:
            step.gave_up = True
            self._cell_by_cell(block, flats(block, selection).tolist(), started)
            return
        except NeedsParts as parts:
            self._in_parts(block, selection, parts.members, started)
            return
        except CELL_FAILURES as error:
            # Which cells it concerns, the scalar form says; a bug is told even where that form has none.
            step.gave_up = True
            self._one_by_one(block, flats(block, selection).tolist(), started, error)
            return
        if self.listener is not None or self.circular or step.runs == 1 or not self._write_again(block, selection, result, step):
            self.write(block, selection, result, started)

    def _write_again(self, block: AnyBlock, selection: Selection, flat: Grid, step: Step) -> bool:
        """Numbers into scattered cells that were looked up before; False where it is not that simple."""
        if flat.kinds is not None or isinstance(selection, Cells):
            return False
        places = step.cache.get(Prepared)
        if places is None:
            places = step.cache[Prepared] = Prepared(self.field.book.sheets[block.sheet].store, *block.positions(selection))
        assert isinstance(places, Prepared)
        if not places.write(flat.numbers):
            del step.cache[Prepared]
            return False
        self.cells += flat.size
        return True

    def _few(self, step: Step) -> None:
        """Single cells in order."""
        blocks = self.field.blocks
        ready = step.ready
        if ready is None:
            order = step.order or [
                (number, member) for number, selection in step.parts for member in flats(blocks[number], selection).tolist()
            ]
            ready = step.ready = FewCells(self.field.book, [(blocks[number], member) for number, member in order])
        spills = self.field.spills
        quiet = not spills.blocked and (not spills.ranges or spills.ranges.keys().isdisjoint(ready.blocks))
        if quiet and self.listener is None and not self.circular and not self.displayed.on:
            done, watch = self.cells, self.watch
            try:
                ready.run(self.compute, self._keep_odd, None if watch is None else lambda count: watch.step(done + count, self.total))
            except CELL_FAILURES:
                pass  # below it is met again, with the cells that do not depend on it
            except QuickFormBroke as broke:
                number, member = broke.member
                self.failures.note(bug(self.field, blocks[number], member, broke.error), blocks[number], ())
            else:
                self.cells = done + len(ready)
                return
            self.cells = done
        for block, member in ready.members:
            if not self.failures.holds((block.id, member)):
                self._cell_by_cell(block, [member], time.perf_counter())

    def _keep_odd(self, member: Member, value: object) -> None:
        """Put away what is no plain number: a text, a boolean, an error, an array."""
        self._cell_by_cell(self.field.blocks[member[0]], [member[1]], 0.0, [value])

    def _in_parts(self, block: AnyBlock, selection: Selection, most: int, started: float) -> None:
        members = flats(block, selection)
        first = 0
        while first < len(members):
            if self.watch is not None:
                self.watch.step(self.cells, self.total)
            part = select(block, members[first : first + most])
            try:
                self.write(block, part, self._vector(block, part, None, frozenset()), started)
            except NeedsParts as parts:
                if parts.members < most:  # another operand of the formula is larger yet
                    most = parts.members
                    continue
                self._cell_by_cell(block, members[first : first + most].tolist(), started)
            except NeedsCells:
                self._cell_by_cell(block, members[first : first + most].tolist(), started)
            except CELL_FAILURES as error:
                self._one_by_one(block, members[first : first + most].tolist(), started, error)
            first += most

    def _one_by_one(self, block: AnyBlock, members: Sequence[int], started: float, error: EvaluationBug | UserFunctionError) -> None:
        """Members whose vector form raised."""
        if isinstance(error, EvaluationBug):
            self.failures.note(error, block, ())
        self._cell_by_cell(block, members, started)

    def _vector(self, block: AnyBlock, selection: Selection, cache: dict[object, object] | None, fired: frozenset[int]) -> Grid:
        """The selection's values as a flat grid, by the vector form."""
        batch = BlockBatch(self.reader, block, selection)
        batch.cache = cache
        batch.fired = fired
        assert block.program.vector is not None
        plain = None if cache is None or self.displayed.on else block.program.plain
        try:
            if plain is not None:
                numbers = plain(batch)
                if numbers is not None:
                    return Grid(numbers)
            result = block.program.vector(batch)
        except TooLarge as error:
            raise NeedsCells from error
        except (NeedsCells, NeedsParts, SheetEngineError, MemoryError):
            raise
        except Exception as error:
            raise bug(self.field, block, int(flats(block, selection)[0]), error) from error
        count = batch.count
        if isinstance(result, Grid):
            if result.numbers.ndim != 3 or result.shape[1:] != (1, 1):
                raise NeedsCells
            flat = result.reshape((result.shape[0],))
            flat = settle(flat if result.shape[0] == count else flat.broadcast((count,)))
        elif isinstance(result, Reference | Lambda | AreaLanes):
            raise NeedsCells
        else:
            value: Scalar = 0.0 if result is None or result is MISSING else result  # type: ignore[assignment]
            flat = Grid.full((count,), value)
        return self.displayed.flat(block.sheet, *block.positions(selection), flat) if self.displayed.on else flat

    def write(self, block: AnyBlock, selection: Selection, flat: Grid, started: float) -> None:
        """The values of members into their cells."""
        store = self.field.book.sheets[block.sheet].store
        self.cells += flat.size
        listener = self.listener
        if listener is not None:
            rows, columns = block.positions(selection)
            before = store.gather(rows, columns)
        if self.circular:
            self.forget_circular(block, selection)
        if isinstance(selection, Cells):
            assert isinstance(block, Block)
            height, width = selection.last_row - selection.first_row + 1, selection.last_column - selection.first_column + 1
            store.write(block.top + selection.first_row, block.left + selection.first_column, flat.reshape((height, width)))
        else:
            store.scatter(*block.positions(selection), flat)
        if listener is not None:
            listener(Computed(block.id, block.sheet, rows, columns, before, flat, time.perf_counter() - started))

    # -- cell by cell ------------------------------------------------------------------------------------------------

    def _cell_by_cell(self, block: AnyBlock, members: Sequence[int], started: float, known: Sequence[object] | None = None) -> None:
        """Compute members one by one and put their values away; `known`: they are computed already."""
        values: list[Scalar] = []
        plain: list[int] = []
        failed: list[int] = []
        first: SheetEngineError | None = None
        for place, member in enumerate(members):
            try:
                value = self.compute((block.id, member)) if known is None else known[place]
            except CELL_FAILURES as error:
                failed.append(member)
                first = first or error
                continue
            if isinstance(value, Grid) or block.array is not None:
                self.spill(block, member, value)
            else:
                values.append(value)  # type: ignore[arg-type]  # landed: a scalar
                plain.append(member)
        if failed:
            self.failures.note(first, block, failed)
        if self.field.spills.ranges.get(block.id) or self.field.spills.blocked:
            for member in plain:
                self.no_spill(block, member)
        if len(plain) == 1 and self.listener is None and not self.circular:
            row, column = block.cell(plain[0])
            self.field.book.sheets[block.sheet].store.set_cell(row, column, values[0])
            self.cells += 1
        elif plain:
            chosen = np.asarray(plain, np.int64)
            if isinstance(block, Block) and len(plain) == len(members) > 1 and plain[-1] - plain[0] == len(plain) - 1 and block.width == 1:
                self.write(block, Cells(plain[0], plain[-1], 0, 0), Grid.from_flat(values, (len(values),)), started)
            else:
                self.write(block, select(block, chosen), Grid.from_flat(values, (len(values),)), started)

    def compute(self, member: Member) -> object:
        """One member's value as it lands: a scalar, or a Grid that spills."""
        if self.watch is not None:
            self.watch.cell(self.cells, self.total)
        block = self.field.blocks[member[0]]
        row, column = block.cell(member[1])
        if self.stuck and (block.sheet, row, column) in self.stuck:
            return 0.0
        program = block.program
        frame = Frame(self.reader, block.sheet, row, column, block.member_operands(member[1]), [])
        try:
            value = land(program.scalar(frame), program.mode, frame, self.largest)
        except TooLarge:
            value = CellError("#NUM!", "an array is too large to be held")
        except (SheetEngineError, MemoryError):
            raise
        except Exception as error:
            raise bug(self.field, block, member[1], error) from error
        return self.displayed.landed(block.sheet, row, column, value) if self.displayed.on else value

    # -- arrays ------------------------------------------------------------------------------------------------------

    def spill(self, block: AnyBlock, member: int, value: object) -> None:
        """What an array formula answers, into the cells it fills."""
        spills = self.field.spills
        row, column = block.cell(member)
        if (block.sheet, row, column) not in self.stuck:
            self.circular.pop((block.sheet, row, column), None)
        store = self.field.book.sheets[block.sheet].store
        old = spills.range_of(block.id, member) or Rect(row, column, row, column)
        listener = self.listener
        if listener is not None:
            before = store.read(Box(*old))
            copied = Grid(before.numbers.copy(), None if before.kinds is None else before.kinds.copy(), before.texts)
        if block.array is not None:
            places = spills.write_array(block, member, value)
        else:
            assert isinstance(value, Grid)
            places = spills.write(block, member, value)
        self.cells += 1
        self.changed_places += places
        if listener is not None:
            after = Grid.from_flat([store.cell(row, column)], (1,))
            at = np.array([row]), np.array([column])
            listener(Computed(block.id, block.sheet, *at, copied[0, :1], after, 0.0))
            if old != Rect(row, column, row, column) or places:
                listener(Spilled(block.sheet, old, copied))

    def no_spill(self, block: AnyBlock, member: int) -> None:
        """A member whose value is single now takes back what it filled."""
        spills = self.field.spills
        if spills.range_of(block.id, member) is not None or spills.is_blocked(block.id, member):
            self.changed_places += spills.clear(block, member)

    # -- cells that wait for each other -----------------------------------------------------------------------------

    def _chain(self, step: Step) -> None:
        ((number, selection),) = step.parts
        block = self.field.blocks[number]
        chain = scan.chain_of(block) if isinstance(selection, Cells) and block.program.vector is not None else None
        if chain is None or not isinstance(selection, Cells) or selection.count <= FEW or self.displayed.on or self.stuck:
            self._sequences.live(step, [])
            return
        self._sequences.scan(block, chain, selection)

    def keep(self, member: Member, value: object) -> None:
        """A member's value into its cell, an array into those it fills."""
        block = self.field.blocks[member[0]]
        if isinstance(value, Grid) or block.array is not None:
            self.spill(block, member[1], value)
            return
        self.no_spill(block, member[1])
        self.put(member, value)

    def put(self, member: Member, value: object) -> None:
        """A single value into a member's own cell."""
        block = self.field.blocks[member[0]]
        row, column = block.cell(member[1])
        store = self.field.book.sheets[block.sheet].store
        self.cells += 1
        if self.listener is None:
            store.set_cell(row, column, value)  # type: ignore[arg-type]  # landed: a scalar
            return
        before = Grid.from_flat([store.cell(row, column)], (1,))
        store.set_cell(row, column, value)  # type: ignore[arg-type]
        after = Grid.from_flat([value], (1,))  # type: ignore[list-item]
        self.listener(Computed(block.id, block.sheet, np.array([row]), np.array([column]), before, after, 0.0))

    def place_of(self, member: Member) -> tuple[int, int, int]:
        """Sheet, row and column."""
        block = self.field.blocks[member[0]]
        return (block.sheet, *block.cell(member[1]))

    def _name(self, cell: tuple[int, int, int]) -> str:
        sheet, row, column = cell
        return f"{self.field.book.sheets[sheet].name}!{column_name(column)}{row + 1}"

    def forget_circular(self, block: AnyBlock, selection: Selection) -> None:
        """Members stand in no circle, as far as is known."""
        rows, columns = block.positions(selection)
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
            if (block.sheet, row, column) not in self.stuck:
                self.circular.pop((block.sheet, row, column), None)
