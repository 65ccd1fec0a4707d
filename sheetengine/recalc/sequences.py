"""Cells that wait for each other: chains down a column, knots, circles, and cells whose reads are known only when they run.

In: steps of an evaluator. Out: their values in the stores, circles noted, what fails held with all that read it. Invariant: the order
found is one in which every cell is computed after those it read, and cells in a circle count as 0 or are computed until they settle.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sheetengine.compiler.frame import NeedsCells, NeedsParts
from sheetengine.errors import EvaluationBug, SheetEngineError
from sheetengine.graph.patterns import Cells
from sheetengine.grid import Grid
from sheetengine.recalc.batch import BlockBatch
from sheetengine.recalc.blocks import AnyBlock, Block
from sheetengine.recalc.failures import bug
from sheetengine.recalc.iterate import iterate
from sheetengine.recalc.live import CELL_FAILURES, LiveRun, Member, Waiting
from sheetengine.recalc.plan import Step, in_order
from sheetengine.recalc.scan import Chain, run as run_scan
from sheetengine.values import MISSING, Scalar

if TYPE_CHECKING:
    from sheetengine.recalc.evaluate import Evaluator

_PART = 200_000
"""Members of one array expression at a time: larger ones fall out of the processor's cache."""


_CELLS = object()


class Sequences:
    """Runs such steps for an evaluator."""

    def __init__(self, evaluator: Evaluator) -> None:
        self.evaluator = evaluator

    def scan(self, block: AnyBlock, chain: Chain, selection: Cells) -> None:
        """A chain down a column by one `accumulate`, where all but the cell above can be read at once."""
        evaluator = self.evaluator
        assert isinstance(block, Block)
        started = time.perf_counter() if evaluator.listeners.tell is not None else 0.0
        first, last = selection.first_row, selection.last_row
        above: Scalar = evaluator.reader.cell(block.sheet, block.top + first - 1, block.left)
        for start in range(first, last + 1, _PART):
            part = Cells(start, min(start + _PART - 1, last), 0, 0)
            evaluator.tally.step()
            rest = self._rest(block, chain, part)
            if rest is _CELLS:
                self.live(Step("chain", [(block.id, Cells(start, last, 0, 0))]), [])
                return
            values = run_scan(chain, above, None if rest is MISSING else rest, part.count, evaluator.reader.date1904)
            evaluator.keeper.write(block, part, values, started)
            above = values.item(values.size - 1)

    def _rest(self, block: AnyBlock, chain: Chain, part: Cells) -> object:
        """What a chain's cells read beside the cell above; `_CELLS` where only their scalar form can say."""
        failures = self.evaluator.failures
        try:
            rest = chain.rest(BlockBatch(self.evaluator.reader, block, part))
        except (NeedsCells, NeedsParts):
            return _CELLS
        except CELL_FAILURES as error:
            if isinstance(error, EvaluationBug):
                failures.note(error, block, ())
            return _CELLS
        except (SheetEngineError, MemoryError):
            raise
        except Exception as error:
            failures.note(bug(self.evaluator.field, block, part.first_row, error), block, ())
            return _CELLS
        return _CELLS if isinstance(rest, Grid) and (rest.numbers.ndim != 3 or rest.shape[1:] != (1, 1)) else rest

    def live(self, step: Step, later: Sequence[Step]) -> None:
        """Members in the order that their reads ask for."""
        evaluator = self.evaluator
        field = evaluator.field
        waiting = Waiting(field)
        for number, selection in step.parts:
            waiting.add(field.blocks[number], selection)
        own = {number for number, _ in step.parts}
        for one in later:
            for number, selection in one.parts:
                waiting.add(field.blocks[number], selection)
        for block, selection in evaluator.failures.selections():
            waiting.add(block, selection)  # whoever reads one of them fails too
        members = in_order(step, field)
        if evaluator.circles.known:
            for number, selection in step.parts:
                evaluator.circles.forget_members(field.blocks[number], selection)
        met: list[Member] = []
        run = LiveRun(
            waiting, lambda member: member[0] in own, evaluator.forms.scalar, evaluator.keeper.keep, evaluator.failures.holds, self._fail
        )
        outer, evaluator.reader.guard = evaluator.reader.guard, waiting
        try:
            run.run(step.order or members, lambda circle: self._circle(circle, met))
        finally:
            evaluator.reader.guard = outer
        evaluator.tally.restarts += run.restarts
        step.order = None if run.circles or evaluator.failures else run.order
        if met and evaluator.iteration.enabled:
            for cell in map(evaluator.keeper.place_of, dict.fromkeys(met)):
                evaluator.circles.known.pop(cell, None)
                evaluator.circles.iterated[cell] = None
            self._iterate(members)
        else:
            for number, member in met:
                if field.blocks[number].array is None:
                    evaluator.keeper.no_spill(field.blocks[number], member)
            evaluator.circles.stuck.update(map(evaluator.keeper.place_of, met))
        evaluator.circles.met += [evaluator.keeper.place_of(member) for member in met]

    def _fail(self, error: SheetEngineError | None, member: Member) -> None:
        self.evaluator.failures.note(error, self.evaluator.field.blocks[member[0]], [member[1]])

    def _iterate(self, members: Sequence[Member]) -> None:
        """Circles until they settle; where one of their cells fails, none of them has."""
        evaluator = self.evaluator
        left = [member for member in members if not evaluator.failures.holds(member)]
        try:
            iterate(evaluator.iteration, left, evaluator.forms.scalar, evaluator.keeper.keep, self._current)
        except CELL_FAILURES as error:
            for member in left:
                self._fail(error, member)

    def _current(self, member: Member) -> Scalar:
        block = self.evaluator.field.blocks[member[0]]
        return self.evaluator.field.book.sheets[block.sheet].store.cell(*block.cell(member[1]))

    def _circle(self, circle: Sequence[Member], met: list[Member]) -> None:
        evaluator = self.evaluator
        for member in circle:
            met.append(member)
            if not evaluator.iteration.enabled:
                block = evaluator.field.blocks[member[0]]
                if block.array is None:
                    # What it fills stays its own until the circle is through: whoever reads that stands in the circle too.
                    evaluator.field.spills.blank(block, member[1])
                    evaluator.keeper.put(member, 0.0)
                else:
                    evaluator.keeper.spill(block, member[1], 0.0)
            evaluator.circles.known[evaluator.keeper.place_of(member)] = None
