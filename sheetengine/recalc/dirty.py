"""What an edit makes dirty: the closure of changed places over the graph's edges.

In: changed rectangles and blocks. Out: for each block the cells to compute, and which block must wait for which.
Exact to the cell: an edge's image is exact, and a block that reads itself is closed by arithmetic, not cell by cell.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from sheetengine.graph.graph import DependencyGraph
from sheetengine.graph.patterns import BOTTOM, TOP, Cells, Edge, FillEdge, Indices, Rect, Selection
from sheetengine.recalc.blocks import AnyBlock, Block, union


@dataclass(slots=True)
class Dirty:
    """The cells to compute by block, and for each block those that it waits for (itself among them if it reads itself)."""

    selections: dict[int, Selection] = field(default_factory=dict)
    waits: dict[int, set[int]] = field(default_factory=dict)


Place = tuple[int, Rect]
"""A changed rectangle of a sheet."""


def closure(
    graph: DependencyGraph,
    blocks: Mapping[int, AnyBlock],
    places: Iterable[Place],
    seeds: Mapping[int, Selection],
    spilled: Callable[[int, Selection], Iterable[Place]],
    scattered: Iterable[tuple[int, Indices, Indices]] = (),
) -> Dirty:
    """Everything that depends on changed places or on blocks that must be computed themselves."""
    dirty = Dirty()
    waiting: deque[tuple[int, Selection]] = deque()

    def feel(source: int, found: Iterable[tuple[Edge, Selection]]) -> None:
        for edge, selection in found:
            target = edge.node
            if source:
                dirty.waits.setdefault(target, set()).add(source)
                if source == target and isinstance(edge, FillEdge) and isinstance(selection, Cells):
                    block = blocks[target]
                    assert isinstance(block, Block)
                    selection = _own_closure(edge, block, selection)
            mark(target, selection)

    def mark(target: int, selection: Selection) -> None:
        known = dirty.selections.get(target)
        if known is None:
            dirty.selections[target] = selection
            dirty.waits.setdefault(target, set())
            waiting.append((target, selection))
            return
        merged, delta = union(blocks[target], known, selection)
        if delta is not None:
            dirty.selections[target] = merged
            waiting.append((target, delta))

    for target, selection in seeds.items():
        mark(target, selection)
    for sheet, rect in places:
        feel(0, graph.dependents(sheet, rect))
    for sheet, rows, columns in scattered:
        feel(0, graph.dependents_of_cells(sheet, rows, columns))
    while waiting:
        source, selection = waiting.popleft()
        block = blocks[source]
        if isinstance(selection, Cells):
            assert isinstance(block, Block)
            rect = Rect(
                block.top + selection.first_row, block.left + selection.first_column,
                block.top + selection.last_row, block.left + selection.last_column,
            )  # fmt: skip
            feel(source, graph.dependents(block.sheet, rect))
        else:
            feel(source, graph.dependents_of_cells(block.sheet, *block.positions(selection)))
        for sheet, rect in spilled(source, selection):
            feel(source, graph.dependents(sheet, rect))
    return dirty


def _own_closure(edge: FillEdge, block: Block, image: Cells) -> Selection:
    """All that follows within a block that reads itself along its rows: a suffix, a prefix, or every n-th row."""
    moves = edge.relative & (TOP | BOTTOM)
    if moves != TOP | BOTTOM or block.width > 1:
        return image
    near_up, near_down = block.top - edge.bottom, edge.top - block.top
    height = image.last_row - image.first_row + 1
    if near_up >= 1:
        if near_up <= height:
            return Cells(image.first_row, block.height - 1, 0, 0)
        steps = np.arange(image.first_row, block.height, near_up)
        return np.unique((steps[:, None] + np.arange(height)).ravel()[: block.height * height]).clip(0, block.height - 1) if edge.top == edge.bottom else image
    if near_down >= 1:
        if near_down <= height:
            return Cells(0, image.last_row, 0, 0)
        steps = np.arange(image.last_row, -1, -near_down)
        return np.unique((steps[:, None] - np.arange(height)).ravel()).clip(0, block.height - 1) if edge.top == edge.bottom else image
    return image
