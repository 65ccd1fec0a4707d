"""The order of a round: which blocks are computed when.

In: a `Dirty`. Out: a `Plan` of `Step`s, each after all that it waits for. Blocks that wait for each other become one
step of kind "knot", whose order is found cell by cell; a block that waits only for itself is a "chain".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from sheetengine.graph.patterns import Selection
from sheetengine.recalc.blocks import AnyBlock, flats
from sheetengine.recalc.dirty import Dirty
from sheetengine.recalc.few import FewCells
from sheetengine.recalc.formulas import FormulaField


@dataclass(slots=True, eq=False)
class Step:
    """Cells computed together: all at once ("block"), as a running sum ("chain"), one after the other ("few"), or in an order that is
    found while they run ("knot", "live").

    `order` is the order of single cells: block and member; of a knot, how it was last computed.
    """

    kind: Literal["block", "chain", "few", "knot", "live"]
    parts: list[tuple[int, Selection]]
    order: list[tuple[int, int]] | None = None
    ready: FewCells | None = None
    """What was looked up for the cells of "few"."""
    cache: dict[object, object] = field(default_factory=dict)
    runs: int = 0
    gave_up: bool = False
    """Whether the vector form gave up on it: not tried again."""


@dataclass(slots=True, eq=False)
class Plan:
    """The steps of a round in order; good as long as the graph's version stands."""

    steps: list[Step]
    version: int
    fired: set[tuple[int, int]] = field(default_factory=set)
    """Block and slot of the operands through which changes come in; all other operands stand as long as only this plan runs."""
    arranged: list[Step] | None = None
    """The steps with knots taken apart: made when the plan first runs, and once more when it runs again."""
    runs: int = 0
    _by_block: dict[int, frozenset[int]] = field(default_factory=dict)

    def fired_slots(self, block: int) -> frozenset[int]:
        """The slots of a block through which changes come in."""
        known = self._by_block.get(block)
        if known is None:
            known = self._by_block[block] = frozenset(slot for number, slot in self.fired if number == block)
        return known

    def forget_values(self) -> None:
        """Another plan ran: what steps kept of their operands may be out of date."""
        for step in self.arranged or self.steps:
            step.cache.clear()
            step.runs = 0


def in_order(step: Step, field: FormulaField) -> list[tuple[int, int]]:
    """A step's members by sheet, row and column: what stands in a circle must not depend on chance."""
    found: list[tuple[int, int, int, int, int]] = []
    if len(step.parts) == 1:
        number, selection = step.parts[0]
        return [(number, member) for member in flats(field.blocks[number], selection).tolist()]
    for number, selection in step.parts:
        block = field.blocks[number]
        members = flats(block, selection)
        rows, columns = block.positions(members)
        for row, column, member in zip(rows.tolist(), columns.tolist(), members.tolist(), strict=True):
            found.append((block.sheet, row, column, number, member))
    return [(number, member) for _, _, _, number, member in sorted(found)]


def plan(dirty: Dirty, blocks: Mapping[int, AnyBlock], version: int) -> Plan:
    """Order the dirty blocks. Blocks whose reads are known only when they run come as late as they may."""
    waits = {node: {other for other in dirty.waits[node] if other in dirty.selections} for node in dirty.selections}
    knots = list(components(waits))
    of = {node: index for index, knot in enumerate(knots) for node in knot}
    before: list[set[int]] = [{of[other] for node in knot for other in waits[node]} - {index} for index, knot in enumerate(knots)]
    after: list[list[int]] = [[] for _ in knots]
    for index, others in enumerate(before):
        for other in others:
            after[other].append(index)
    left = [len(others) for others in before]
    late = [any(blocks[node].program.dynamic for node in knot) for knot in knots]
    ready = [index for index in range(len(knots)) if not left[index] and not late[index]]
    held = [index for index in range(len(knots)) if not left[index] and late[index]]
    steps: list[Step] = []
    while ready or held:
        index = ready.pop() if ready else held.pop(0)
        steps.append(_step(knots[index], dirty, waits, late[index]))
        for following in after[index]:
            left[following] -= 1
            if not left[following]:
                (held if late[following] else ready).append(following)
    return Plan(steps, version, dirty.fired)


def _step(knot: list[int], dirty: Dirty, waits: Mapping[int, set[int]], late: bool) -> Step:
    parts = [(node, dirty.selections[node]) for node in knot]
    if late:
        return Step("live", parts)
    if len(knot) > 1:
        return Step("knot", parts)
    return Step("chain" if knot[0] in waits[knot[0]] else "block", parts)


def components(waits: Mapping[int, set[int]]) -> Iterator[list[int]]:
    """Strongly connected components, each after those it waits for (Tarjan, without recursion)."""
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[int] = []
    on_stack: set[int] = set()
    for root in waits:
        if root in index:
            continue
        work = [(root, iter(waits[root]))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, others = work[-1]
            for other in others:
                if other not in index:
                    index[other] = low[other] = len(index)
                    stack.append(other)
                    on_stack.add(other)
                    work.append((other, iter(waits[other])))
                    break
                if other in on_stack:
                    low[node] = min(low[node], index[other])
            else:
                work.pop()
                if work:
                    parent = work[-1][0]
                    low[parent] = min(low[parent], low[node])
                if low[node] == index[node]:
                    component = []
                    while True:
                        other = stack.pop()
                        on_stack.discard(other)
                        component.append(other)
                        if other == node:
                            break
                    yield component
