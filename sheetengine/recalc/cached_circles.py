"""Circles among cells that count as computed: those of a file, whose values hide them.

In: the formulas of a workbook that was just filled. Out: blocks that may stand in a circle, to be computed once so that the live reads
tell. Invariant: a circle of static reads never escapes. A knot of blocks that read each other is no circle where all their reads lead
one way (a running total reads the row above; a ledger's columns feed each other from row to row): that is arithmetic on the edges,
so that files without circles cost no more than a look at the graph.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from sheetengine.graph.patterns import BOTTOM, LEFT, RIGHT, TOP, Edge, FillEdge, Rect
from sheetengine.recalc.blocks import AnyBlock, Block
from sheetengine.recalc.formulas import FormulaField
from sheetengine.recalc.plan import components
from sheetengine.recalc.reach import Reach


def suspects(field: FormulaField) -> Iterator[AnyBlock]:
    """The blocks of all knots whose reads do not lead one way."""
    waits: dict[int, set[int]] = {block.id: set() for block in field if not block.frozen}
    edges: dict[tuple[int, int], list[Edge]] = {}
    for block in field:
        if block.frozen:
            continue
        for edge in _readers(field, block):
            if edge.node in waits:
                waits[edge.node].add(block.id)
                edges.setdefault((edge.node, block.id), []).append(edge)
    for knot in components(waits):
        if len(knot) == 1 and knot[0] not in waits[knot[0]]:
            continue
        within = set(knot)
        places = {node: _places(field, field.blocks[node]) for node in knot}
        reads = [
            read
            for reader in knot
            for source in waits[reader] & within
            for edge in edges[reader, source]
            for rect in places[source]
            if (read := _read(field.blocks[reader], source, edge, rect)) is not None
        ]
        if not _lead_one_way(reads):
            yield from (field.blocks[node] for node in knot)


def _readers(field: FormulaField, block: AnyBlock) -> Iterator[Edge]:
    """The edges that read a block's cells; of ranges that read scattered cells those near them, which is cheaper to say."""
    for rect in _places(field, block):
        for edge in field.graph.reading(block.sheet, rect):
            if isinstance(block, Block) or not edge.of_single_cells:
                if edge.image(rect) is not None:
                    yield edge
            elif len(edge.images(block.rows, block.columns)):
                yield edge


def _places(field: FormulaField, block: AnyBlock) -> list[Rect]:
    """The rectangles that a block fills, arrays of its members among them."""
    return [block.rect, *(rect for _, rect in field.spills.places(block, block.all))]


def _read(reader: AnyBlock, source: int, edge: Edge, rect: Rect) -> Reach | None:
    """How far from the reading cells that lies which they read of a rectangle; None where it is nothing."""
    if isinstance(edge, FillEdge):
        assert isinstance(reader, Block)
        down, across = np.arange(edge.height), np.arange(edge.width)
        rows = _apart(
            reader.top + down,
            edge.top + (down if edge.relative & TOP else 0 * down),
            edge.bottom + (down if edge.relative & BOTTOM else 0 * down),
            rect.top,
            rect.bottom,
        )
        columns = _apart(
            reader.left + across,
            edge.left + (across if edge.relative & LEFT else 0 * across),
            edge.right + (across if edge.relative & RIGHT else 0 * across),
            rect.left,
            rect.right,
        )
    else:
        assert not isinstance(reader, Block)
        meets = (edge.tops <= rect.bottom) & (edge.bottoms >= rect.top) & (edge.lefts <= rect.right) & (edge.rights >= rect.left)
        if not meets.any():
            return None
        rows = _apart(reader.rows[meets], edge.tops[meets], edge.bottoms[meets], rect.top, rect.bottom)
        columns = _apart(reader.columns[meets], edge.lefts[meets], edge.rights[meets], rect.left, rect.right)
    return None if rows is None or columns is None else Reach(reader.id, source, *rows, *columns)


def _apart(own: NDArray[np.int64], one: NDArray[np.int64], other: NDArray[np.int64], first: int, last: int) -> tuple[int, int] | None:
    """Along one axis: the least and the greatest distance from places to what their intervals share with [first, last]."""
    low, high = np.maximum(np.minimum(one, other), first), np.minimum(np.maximum(one, other), last)
    shares = low <= high
    if not shares.any():
        return None
    return int((low - own)[shares].min()), int((high - own)[shares].max())


def _lead_one_way(reads: list[Reach]) -> bool:
    """Whether no chain of reads can come back to where it began.

    Where all reads of a knot lead up, or stay in their row, a circle stays in one row: what is left are the reads that can; and so on
    for the other directions, until nothing is left.
    """
    waits: dict[int, set[int]] = {}
    for read in reads:
        waits.setdefault(read.reader, set()).add(read.source)
        waits.setdefault(read.source, set())
    of = {node: number for number, knot in enumerate(components(waits)) for node in knot}
    knots: dict[int, list[Reach]] = {}
    for read in reads:
        if of[read.reader] == of[read.source]:
            knots.setdefault(of[read.reader], []).append(read)
    return all(any(len(left) < len(own) and _lead_one_way(left) for left in _ways(own)) for own in knots.values())


def _ways(reads: list[Reach]) -> Iterator[list[Reach]]:
    """For each direction that all reads keep to: those that can also stay where they are."""
    if all(read.down <= 0 for read in reads):
        yield [read for read in reads if read.down == 0]
    if all(read.up >= 0 for read in reads):
        yield [read for read in reads if read.up == 0]
    if all(read.right <= 0 for read in reads):
        yield [read for read in reads if read.right == 0]
    if all(read.left >= 0 for read in reads):
        yield [read for read in reads if read.left == 0]
