"""Cells whose order is known only when they run: circles of blocks, INDIRECT, formulas that read their own column.

In: members of blocks. Out: their values, each computed once, after those that it read; circles found. A formula that reads a
cell which is not computed yet is dropped without effect (`Pending`), and runs again behind that cell. Nothing recurses: the
formulas that wait stand on an explicit stack.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sheetengine.errors import EvaluationBug, SheetEngineError, UserFunctionError
from sheetengine.graph.patterns import Rect, Selection
from sheetengine.recalc.blocks import AnyBlock, Block, flats
from sheetengine.recalc.formulas import FormulaField
from sheetengine.values import Area

Member = tuple[int, int]
"""A block and one of its members."""

CELL_FAILURES: Final = (EvaluationBug, UserFunctionError)
"""What concerns one cell and what depends on it. Anything else that leaves an evaluation ends the round."""


class Pending(BaseException):
    """A formula read a cell that is not computed yet. Never leaves this package; no `except Exception` on the way stops it."""

    def __init__(self, member: Member) -> None:
        super().__init__(member)
        self.member = member


class NotMine(Exception):  # a signal, not an error
    """A formula needs a cell that a later step computes: the steps must become one."""


class Waiting:
    """The members that are not computed yet, and the check that a read meets none of them."""

    def __init__(self, field: FormulaField) -> None:
        self._field = field
        self._undone: dict[int, NDArray[np.bool_]] = {}
        self._by_sheet: dict[int, list[AnyBlock]] = {}

    def add(self, block: AnyBlock, selection: Selection) -> None:
        """Members that will be computed."""
        mask = self._undone.get(block.id)
        if mask is None:
            mask = self._undone[block.id] = np.zeros(block.length, bool)
            self._by_sheet.setdefault(block.sheet, []).append(block)
        mask[flats(block, selection)] = True

    def done(self, member: Member) -> None:
        """A member has its value."""
        self._undone[member[0]][member[1]] = False

    def wait(self, member: Member) -> None:
        """A member is to be computed after all."""
        self._undone[member[0]][member[1]] = True

    def holds(self, member: Member) -> bool:
        """Whether a member is still to be computed."""
        mask = self._undone.get(member[0])
        return mask is not None and bool(mask[member[1]])

    def cell(self, sheet: int, row: int, column: int) -> None:
        """Raises `Pending` where a cell is not computed yet."""
        owner = self._field.book.sheets[sheet].store.owner(row, column)
        if owner == 0:
            return
        mask = self._undone.get(abs(owner))
        if mask is None:
            return
        block = self._field.blocks[abs(owner)]
        member = block.flat(row, column) if owner > 0 else self._field.spills.anchor_of(sheet, -owner, row, column)
        if member is not None and mask[member]:
            raise Pending((block.id, member))

    def area(self, area: Area) -> None:
        """Raises `Pending` with the first cell of an area that is not computed yet."""
        sheet, top, left, bottom, right = area
        for block in self._by_sheet.get(sheet, ()):
            mask = self._undone[block.id]
            if isinstance(block, Block):
                first, last = max(top - block.top, 0), min(bottom - block.top, block.height - 1)
                start, end = max(left - block.left, 0), min(right - block.left, block.width - 1)
                if first <= last and start <= end:
                    part = mask.reshape(block.height, block.width)[first : last + 1, start : end + 1]
                    if part.any():
                        down, across = divmod(int(part.argmax()), end - start + 1)
                        raise Pending((block.id, (first + down) * block.width + start + across))
            else:
                inside = mask & (block.rows >= top) & (block.rows <= bottom) & (block.columns >= left) & (block.columns <= right)
                if inside.any():
                    raise Pending((block.id, int(inside.argmax())))
        spills = self._field.spills
        if spills.ranges:
            for anchor, _ in sorted(spills.meeting(sheet, Rect(top, left, bottom, right))):
                if self.holds(anchor):
                    raise Pending(anchor)


class LiveRun:
    """Computes members in an order that it finds.

    A circle is a set of members that read each other, each perhaps through others; which members stand in one does not depend on where
    the search began. Tarjan's components, found while the formulas run: a member that meets one further down on the stack closes a
    circle with all between them. Its members count as 0 from then on, and each is run once more, for what else it reads: a member
    found that way which leads back into the circle stands in it too.
    """

    def __init__(
        self,
        waiting: Waiting,
        own: Callable[[Member], bool],
        compute: Callable[[Member], object],
        keep: Callable[[Member, object], None],
        failed: Callable[[Member], bool],
        fail: Callable[[SheetEngineError | None, Member], None],
    ) -> None:
        self.waiting = waiting
        self.own = own
        self.compute = compute
        self.keep = keep
        self.failed = failed
        """Whether a member cannot be computed; nor can what reads it."""
        self.fail = fail
        self.restarts = 0
        self.circles = 0
        self.order: list[Member] = []
        self._open: dict[Member, int] = {}
        """The members of circles that are not through yet, each with the place on the stack where its circle begins."""

    def run(self, members: Iterable[Member], on_circle: Callable[[Sequence[Member]], None]) -> None:
        """Compute every member; cells in a circle are handed to `on_circle`, which gives them values."""
        waiting, opened = self.waiting, self._open
        for start in members:
            if not waiting.holds(start) or self.failed(start):
                continue
            stack = [start]
            places = {start: 0}
            while stack:
                member = stack[-1]
                try:
                    value = self.compute(member) if member not in opened else self._explore(member)
                except Pending as pending:
                    self.restarts += 1
                    needed = pending.member
                    if self.failed(needed):
                        self._give_up(None, stack)
                        break
                    place = opened.get(needed, places.get(needed))
                    if place is not None:
                        self._close(stack, place, on_circle)
                    elif self.own(needed):
                        places[needed] = len(stack)
                        stack.append(needed)
                    else:
                        raise NotMine from None
                    continue
                except CELL_FAILURES as error:
                    self._give_up(error, stack)
                    break
                stack.pop()
                del places[member]
                if member not in opened:
                    self.keep(member, value)
                    waiting.done(member)
                    self.order.append(member)
                elif opened[member] == len(stack):
                    # The first of a circle is through, and so is the circle.
                    for one in [one for one, place in opened.items() if place == len(stack)]:
                        del opened[one]
                        waiting.done(one)

    def _give_up(self, error: SheetEngineError | None, stack: list[Member]) -> None:
        """The member on top cannot be computed, nor can those below, which wait for it, and the circles they stand in."""
        for one in [stack[-1], *stack[:-1], *self._open]:
            self.waiting.wait(one)
            self.fail(error, one)
        self._open.clear()

    def _close(self, stack: list[Member], place: int, on_circle: Callable[[Sequence[Member]], None]) -> None:
        """A circle from a place on the stack to its top, and the circles it meets."""
        opened = self._open
        place = min([place, *(opened[one] for one in stack[place:] if one in opened)])
        fresh = [one for one in stack[place:] if one not in opened]
        for one in [one for one, begin in opened.items() if begin > place]:
            opened[one] = place
        opened.update(dict.fromkeys(stack[place:], place))
        self.circles += 1
        if fresh:
            on_circle(fresh)

    def _explore(self, member: Member) -> object:
        """Run a member of a circle for its reads: those of its own circle give 0, one of a circle further down closes both to one."""
        place = self._open[member]
        own = [one for one, begin in self._open.items() if begin == place]
        for one in own:
            self.waiting.done(one)
        try:
            return self.compute(member)
        finally:
            for one in own:
                self.waiting.wait(one)
