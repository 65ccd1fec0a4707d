"""What an edit makes dirty: the closure of changed places over the graph's edges.

In: what reads the changed places, and blocks that must be computed themselves. Out: for each block the cells to compute,
which block must wait for which, and through which operands a change comes in. Exact to the cell: an edge's image is exact,
cells of a block that were overwritten do not count, and a block that reads itself is closed by arithmetic, not cell by cell.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sheetengine.graph.graph import DependencyGraph
from sheetengine.graph.patterns import BOTTOM, LEFT, RIGHT, TOP, Cells, Edge, FillEdge, Rect, Selection
from sheetengine.recalc.blocks import AnyBlock, Block, flats, union

Alive = Callable[[AnyBlock], NDArray[np.bool_] | None]
"""Which members of a block still hold its formula (flat), or None where all do."""


@dataclass(slots=True)
class Dirty:
    """The cells to compute by block, and for each block those that it waits for (itself among them if it reads itself)."""

    selections: dict[int, Selection] = field(default_factory=dict)
    waits: dict[int, set[int]] = field(default_factory=dict)
    fired: set[tuple[int, int]] = field(default_factory=set)
    """Block and slot of every operand through which a change comes in."""


Place = tuple[int, Rect]
"""A changed rectangle of a sheet."""


def closure(
    graph: DependencyGraph,
    blocks: Mapping[int, AnyBlock],
    first: Iterable[tuple[Edge, Selection]],
    seeds: Mapping[int, Selection],
    spilled: Callable[[int, Selection], Iterable[Place]],
    alive: Alive,
) -> Dirty:
    """Everything that depends on changed places (`first`: the edges that read them) or on blocks that must be computed."""
    dirty = Dirty()
    waiting: deque[tuple[int, Selection]] = deque()

    def feel(source: int, found: Iterable[tuple[Edge, Selection]]) -> None:
        for edge, selection in found:
            target = edge.node
            dirty.fired.add((target, edge.slot))
            if source:
                dirty.waits.setdefault(target, set()).add(source)
            mark(target, selection, edge if source == target else None)

    def mark(target: int, selection: Selection, own: Edge | None = None) -> None:
        block = blocks[target]
        if block.frozen:
            return
        living = alive(block) if block.holes else None
        if living is not None:
            members = flats(block, selection)
            kept = members[living[members]]
            if len(kept) == 0:
                return
            selection = selection if len(kept) == len(members) else kept
        if not isinstance(selection, Cells) and isinstance(block, Block) and len(selection) == block.height * block.width:
            selection = block.all
        if own is not None and isinstance(own, FillEdge) and isinstance(block, Block):
            selection = _own_closure(own, block, selection, living)
        known = dirty.selections.get(target)
        if known is None:
            dirty.selections[target] = selection
            dirty.waits.setdefault(target, set())
            waiting.append((target, selection))
            return
        merged, delta = union(block, known, selection)
        if delta is not None:
            dirty.selections[target] = merged
            waiting.append((target, delta))

    for target, selection in seeds.items():
        mark(target, selection)
    feel(0, first)
    while waiting:
        source, selection = waiting.popleft()
        feel(source, dependents_of(graph, blocks[source], selection))
        for sheet, rect in spilled(source, selection):
            feel(source, graph.dependents(sheet, rect))
    return dirty


def dependents_of(graph: DependencyGraph, block: AnyBlock, selection: Selection) -> Iterable[tuple[Edge, Selection]]:
    """The edges that read any of a block's selected cells."""
    if isinstance(selection, Cells):
        assert isinstance(block, Block)
        rect = Rect(
            block.top + selection.first_row, block.left + selection.first_column,
            block.top + selection.last_row, block.left + selection.last_column,
        )  # fmt: skip
        return graph.dependents(block.sheet, rect)
    return graph.dependents_of_cells(block.sheet, *block.positions(selection))


_ALL = TOP | LEFT | BOTTOM | RIGHT


def _own_closure(edge: FillEdge, block: Block, image: Selection, living: NDArray[np.bool_] | None) -> Selection:
    """All that follows within a block which reads itself along one line of cells: a suffix, a prefix, or every n-th cell.

    Other blocks that read themselves are closed step by step by the caller.
    """
    if edge.relative != _ALL or (block.width > 1 and block.height > 1) or edge.top != edge.bottom or edge.left != edge.right:
        return _window_closure(edge, block, image) if living is None else image
    step = (block.top - edge.top) if block.width == 1 else (block.left - edge.left)
    aside = (block.left - edge.left) if block.width == 1 else (block.top - edge.top)
    if aside != 0 or step == 0:
        return image
    count = block.height * block.width
    members = flats(block, image)
    if abs(step) == 1 and living is None:
        return _line(block, int(members.min()), count - 1) if step == 1 else _line(block, 0, int(members.max()))
    reached = np.zeros(count, bool)
    reached[members] = True
    if step < 0:
        reached = reached[::-1]
    stride = abs(step)
    alive = np.ones(count, bool) if living is None else living if step > 0 else living[::-1]
    place = np.arange(count)
    for phase in range(min(stride, count)):
        line = slice(phase, None, stride)
        last_hole = np.maximum.accumulate(np.where(alive[line], -1, place[line]))
        last_start = np.maximum.accumulate(np.where(reached[line], place[line], -1))
        reached[line] = alive[line] & (last_start > last_hole)
    return np.flatnonzero(reached if step > 0 else reached[::-1])


def _line(block: Block, first: int, last: int) -> Cells:
    return Cells(first, last, 0, 0) if block.width == 1 else Cells(0, 0, first, last)


def _window_closure(edge: FillEdge, block: Block, image: Selection) -> Selection:
    """A column whose cells read a window, or all, of the rows above them, or of those below."""
    if block.width > 1 or not edge.left <= block.left <= edge.right:
        return image
    members = flats(block, image)
    if edge.relative & BOTTOM and edge.bottom == block.top - 1:
        return _line(block, int(members.min()), block.height - 1)
    if edge.relative & TOP and edge.top == block.top + 1:
        return _line(block, 0, int(members.max()))
    return image
