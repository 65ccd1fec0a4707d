"""Evaluation: the steps of a plan, one after the other.

In: a `Plan`, blocks, stores. Out: values in the stores, `Event`s to a listener, places where arrays came or went. Each step
takes the fastest form that gives the scalar form's bits: a scan for a chain, one array expression for many cells, cell by cell
for few or where an array expression gave up, the live form where the order is unknown.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np

from sheetengine.compiler.frame import NeedsCells, NeedsParts
from sheetengine.errors import EvaluationBug, SheetEngineError, UserFunctionError
from sheetengine.graph.patterns import Cells, Selection
from sheetengine.grid import Grid
from sheetengine.recalc import scan
from sheetengine.recalc.arrange import arrange
from sheetengine.recalc.blocks import AnyBlock, Block, flats, select, size
from sheetengine.recalc.circles import Circles
from sheetengine.recalc.cutoff import Frontier
from sheetengine.recalc.displayed import Displayed
from sheetengine.recalc.failures import Failures, bug
from sheetengine.recalc.few import FewCells, QuickFormBroke
from sheetengine.recalc.forms import Forms
from sheetengine.recalc.formulas import FormulaField
from sheetengine.recalc.iterate import Iteration
from sheetengine.recalc.keeping import Keeper
from sheetengine.recalc.listeners import Listeners
from sheetengine.recalc.live import CELL_FAILURES, Member, NotMine
from sheetengine.recalc.plan import Plan, Step
from sheetengine.recalc.reader import EngineReader
from sheetengine.recalc.sequences import Sequences
from sheetengine.recalc.settled import Settled
from sheetengine.recalc.watch import Tally
from sheetengine.values import Scalar

FEW = 6
"""Up to so many cells the scalar form is faster than the vector form (measured: benchmarks/crossover.py)."""
_QUICK = 12
"""How many times more cells are computed one by one where they have a quick form (0.4 us a cell; an array expression begins at 30)."""


class Evaluator:
    """Runs plans on one workbook."""

    def __init__(self, field: FormulaField, reader: EngineReader) -> None:
        self.field = field
        self.reader = reader
        self.listeners = Listeners()
        self.circles = Circles()
        self.tally = Tally()
        self.displayed = Displayed(field.book)
        self.forms = Forms(field, reader, self.displayed, self.circles, self.tally)
        self.keeper = Keeper(field, self.circles, self.listeners, self.tally)
        self.failures = Failures(field)
        """What this round cannot compute."""
        self.iteration = Iteration()
        self.early_cutoff = False
        """Whether a round stops at values that came out as they were."""
        self.frontier: Frontier | None = None
        self.left: list[Step] = []
        """The steps that the plan which runs has not come through."""
        self.serial = 0
        """Grows with every plan that runs."""
        self.settled = Settled()
        # Looking a method up and binding it anew takes as long as computing a cell of a prepared one.
        self._scalar, self._odd = self.forms.scalar, self._keep_odd
        self._sequences = Sequences(self)

    def begin(self) -> None:
        """A round begins."""
        self.tally.begin()
        self.circles.begin()
        self.failures.clear()

    # -- plans -----------------------------------------------------------------------------------------------------

    def run(self, plan: Plan) -> None:
        """All steps; on an exception `left` holds the steps that are not through."""
        plan.runs += 1
        if plan.arranged is None or plan.runs == 2:
            # The first run is often the only one: quick forms are compiled for the second.
            plan.arranged = arrange(plan.steps, self.field, self.reader, self._few_again if plan.runs == 2 else self._few_once)
        steps = list(plan.arranged)
        self.left = steps
        self.settled.clear()
        self.serial += 1
        tally = self.tally
        if tally.watch is not None:
            tally.total += sum(size(selection) for step in steps for _, selection in step.parts)
        while steps:
            step = steps[0]
            tally.step()
            spared = self.failures.spared(step) if self.failures else step
            if spared is None:
                del steps[0]
                continue
            steps[0] = spared
            if self.frontier is None:
                places = len(self.keeper.changed_places)
                self._step(spared, steps, plan)
                if places:
                    for number, selection in spared.parts:
                        self.settled.note(places, number, selection)
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
                steps[:] = [Step("live", [part for one in steps for part in one.parts])]
                self._sequences.live(steps[0], [])
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

    def prompt(self, plan: Plan) -> FewCells | None:
        """The cells of a plan that is nothing but prepared single ones while nobody listens; None where it is not."""
        steps = plan.arranged
        if steps is None or len(steps) != 1 or plan.runs < 2 or self.early_cutoff:
            return None
        ready = steps[0].ready
        if ready is None or self.listeners.tell is not None or self.tally.watch is not None or self.circles.known or self.displayed.on:
            return None
        ranges = self.field.spills.ranges
        return ready if not ranges or ranges.keys().isdisjoint(ready.blocks) else None

    def run_promptly(self, ready: FewCells) -> None:
        """Run such cells."""
        ready.run(self._scalar, self._odd)
        tally = self.tally
        tally.cells, tally.restarts = len(ready.members), 0

    def _few_once(self, block: AnyBlock) -> int:
        return FEW

    def _few_again(self, block: AnyBlock) -> int:
        return FEW if block.program.quick is None else FEW * _QUICK

    # -- one block ---------------------------------------------------------------------------------------------------

    def _block(self, block: AnyBlock, selection: Selection, step: Step, plan: Plan) -> None:
        count = size(selection)
        program = block.program
        started = time.perf_counter() if self.listeners.tell is not None else 0.0
        watched = self.tally.watch is not None and program.calls_user
        if program.vector is None or count <= FEW or block.array is not None or step.gave_up or watched or self.circles.stuck:
            self._cell_by_cell(block, flats(block, selection).tolist(), started)
            return
        step.runs += 1
        fired = plan.fired_slots(block.id)
        try:
            result = self.forms.vector(block, selection, step.cache if step.runs > 1 else None, fired)
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
        if not self.keeper.write_again(block, selection, result, step):
            self.keeper.write(block, selection, result, started)

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
        if quiet and self.listeners.tell is None and not self.circles.known and not self.displayed.on:
            tally = self.tally
            done, watch = tally.cells, tally.watch
            try:
                ready.run(self.forms.scalar, self._keep_odd, None if watch is None else lambda count: watch.step(done + count, tally.total))
            except CELL_FAILURES:
                pass  # below it is met again, with the cells that do not depend on it
            except QuickFormBroke as broke:
                number, member = broke.member
                self.failures.note(bug(self.field, blocks[number], member, broke.error), blocks[number], ())
            else:
                tally.cells = done + len(ready)
                return
            tally.cells = done
        for block, member in ready.members:
            if not self.failures.holds((block.id, member)):
                places = len(self.keeper.changed_places)
                self._cell_by_cell(block, [member], time.perf_counter())
                if places:
                    self.settled.note(places, block.id, select(block, [member]))

    def _keep_odd(self, member: Member, value: object) -> None:
        """Put away what is no plain number: a text, a boolean, an error, an array."""
        self._cell_by_cell(self.field.blocks[member[0]], [member[1]], 0.0, [value])

    def _in_parts(self, block: AnyBlock, selection: Selection, most: int, started: float) -> None:
        members = flats(block, selection)
        first = 0
        while first < len(members):
            self.tally.step()
            part = select(block, members[first : first + most])
            try:
                self.keeper.write(block, part, self.forms.vector(block, part, None, frozenset()), started)
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

    # -- cell by cell ------------------------------------------------------------------------------------------------

    def _cell_by_cell(self, block: AnyBlock, members: Sequence[int], started: float, known: Sequence[object] | None = None) -> None:
        """Compute members one by one and put their values away; `known`: they are computed already."""
        values: list[Scalar] = []
        plain: list[int] = []
        failed: list[int] = []
        first: SheetEngineError | None = None
        for place, member in enumerate(members):
            try:
                value = self.forms.scalar((block.id, member)) if known is None else known[place]
            except CELL_FAILURES as error:
                failed.append(member)
                first = first or error
                continue
            if isinstance(value, Grid) or block.array is not None:
                self.keeper.spill(block, member, value)
            else:
                values.append(value)  # type: ignore[arg-type]  # landed: a scalar
                plain.append(member)
        if failed:
            self.failures.note(first, block, failed)
        if self.field.spills.ranges.get(block.id) or self.field.spills.blocked:
            for member in plain:
                self.keeper.no_spill(block, member)
        if len(plain) == 1 and self.listeners.tell is None and not self.circles.known:
            self.keeper.put((block.id, plain[0]), values[0])
        elif plain:
            chosen = np.asarray(plain, np.int64)
            if isinstance(block, Block) and len(plain) == len(members) > 1 and plain[-1] - plain[0] == len(plain) - 1 and block.width == 1:
                self.keeper.write(block, Cells(plain[0], plain[-1], 0, 0), Grid.from_flat(values, (len(values),)), started)
            else:
                self.keeper.write(block, select(block, chosen), Grid.from_flat(values, (len(values),)), started)

    # -- cells that wait for each other -----------------------------------------------------------------------------

    def _chain(self, step: Step) -> None:
        ((number, selection),) = step.parts
        block = self.field.blocks[number]
        chain = scan.chain_of(block) if isinstance(selection, Cells) and block.program.vector is not None else None
        if chain is None or not isinstance(selection, Cells) or selection.count <= FEW or self.displayed.on or self.circles.stuck:
            self._sequences.live(step, [])
            return
        self._sequences.scan(block, chain, selection)
