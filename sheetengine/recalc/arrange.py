"""Blocks that wait for each other, or for themselves, put in an order that needs no asking at run time.

In: the parts of a knot. Out: steps, each after all that it reads: lines swept down, up or across where the reads allow it (ledgers down
rows, months across columns), else levels, whose members do not read each other. None where the cells wait for each other in a
circle, or read more than can be laid out: then their order is found while they run (`live`). Static reads alone decide, so an order
found here holds whatever the values are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from sheetengine.graph.patterns import BOTTOM, LEFT, RIGHT, TOP, Cells, Edge, FillEdge, Indices, Rect, Selection
from sheetengine.recalc import scan
from sheetengine.recalc.batch import BlockBatch
from sheetengine.recalc.blocks import AnyBlock, Block, flats, size
from sheetengine.recalc.formulas import FormulaField
from sheetengine.recalc.plan import Step
from sheetengine.recalc.reach import Reach
from sheetengine.recalc.reader import EngineReader

_MOST_PAIRS = 4_000_000
"""Reads of a knot's cells by each other that are laid out one by one."""
_WIDE = 24
"""Members of a level from which on levels are found by array operations, and computed by them."""
_NARROW = 64
"""Groups up to which each is a step of its own, however small."""

Part = tuple[int, Selection]
Few = Callable[[AnyBlock], int]
"""Up to how many cells of a block are computed one by one."""


def arrange(steps: Sequence[Step], field: FormulaField, reader: EngineReader, few: Few) -> list[Step]:
    """The steps with knots taken apart, and neighbours of few cells made one."""
    found: list[Step] = []
    for step in steps:
        orders = None
        if step.kind == "knot" or (step.kind == "chain" and not _is_scan(field, step.parts[0], few)):
            orders = untangled(field, reader, step.parts, few)
        found += [step] if orders is None else orders
    return _together(found, field, few)


def _is_scan(field: FormulaField, part: Part, few: Few) -> bool:
    block = field.blocks[part[0]]
    return (
        isinstance(part[1], Cells) and size(part[1]) > few(block) and block.program.vector is not None and scan.chain_of(block) is not None
    )


def _together(steps: Sequence[Step], field: FormulaField, few: Few) -> list[Step]:
    """Neighbours of few cells as one step."""
    found: list[Step] = []
    for step in steps:
        block = field.blocks[step.parts[0][0]]
        if step.kind == "few" or (step.kind == "block" and size(step.parts[0][1]) <= few(block) and block.array is None):
            if found and found[-1].kind == "few" and found[-1].order is None and step.order is None:
                found[-1].parts += step.parts
            else:
                found.append(Step("few", list(step.parts), step.order))
        else:
            found.append(step)
    return found


def untangled(field: FormulaField, reader: EngineReader, parts: Sequence[Part], few: Few) -> list[Step] | None:
    """Steps for blocks that wait for each other, None where no order is known beforehand."""
    for number, _ in parts:
        block = field.blocks[number]
        if block.program.vector is None or block.array is not None or field.spills.ranges.get(number):
            return None
    swept = _swept(field, parts, few)
    return _levels(field, reader, parts, few) if swept is None else swept


# -- sweeps ------------------------------------------------------------------------------------------------------------


def _swept(field: FormulaField, parts: Sequence[Part], few: Few) -> list[Step] | None:
    hulls = {number: _hull(field.blocks[number], selection) for number, selection in parts}
    reads = [
        read
        for number, _ in parts
        for edge in field.graph.edges(number)
        for source, hull in hulls.items()
        if field.blocks[source].sheet == edge.sheet and (read := _read(edge, field.blocks[number], hulls[number], source, hull)) is not None
    ]
    for by_row in (True, False):
        for forward in (True, False):
            ahead = [_ahead(read, by_row, forward) for read in reads]
            if any(distance > 0 for distance in ahead):
                continue
            ties = [read for read, distance in zip(reads, ahead, strict=True) if distance == 0]
            own = [read for read in ties if read.reader == read.source]
            if any(_ahead(read, not by_row, True) >= 0 for read in own):
                continue
            rank = _ranked([number for number, _ in parts], [read for read in ties if read.reader != read.source])
            if rank is not None:
                return _lines(field, parts, rank, by_row, forward, bool(own), few)
    return None


def _ahead(read: Reach, by_row: bool, forward: bool) -> int:
    """How far ahead of the sweep a read reaches; below 0: only what is swept already."""
    if by_row:
        return read.down if forward else -read.up
    return read.right if forward else -read.left


def _hull(block: AnyBlock, selection: Selection) -> Rect:
    if isinstance(selection, Cells) and isinstance(block, Block):
        return Rect(
            block.top + selection.first_row, block.left + selection.first_column, block.top + selection.last_row,
            block.left + selection.last_column,
        )  # fmt: skip
    rows, columns = block.positions(selection)
    return Rect(int(rows.min()), int(columns.min()), int(rows.max()), int(columns.max()))


def _read(edge: Edge, block: AnyBlock, hull: Rect, source: int, of: Rect) -> Reach | None:
    extent = edge.extent()
    if extent.top > of.bottom or extent.bottom < of.top or extent.left > of.right or extent.right < of.left:
        return None
    if isinstance(edge, FillEdge):
        assert isinstance(block, Block)
        rows = _distances(edge.top, edge.bottom, bool(edge.relative & TOP), bool(edge.relative & BOTTOM), block.top, (hull.top, hull.bottom), (of.top, of.bottom))  # fmt: skip
        columns = _distances(edge.left, edge.right, bool(edge.relative & LEFT), bool(edge.relative & RIGHT), block.left, (hull.left, hull.right), (of.left, of.right))  # fmt: skip
        return Reach(edge.node, source, *rows, *columns)
    rows, columns = block.positions(np.arange(len(edge.tops)))  # type: ignore[assignment]  # a family's
    return Reach(
        edge.node, source, int((edge.tops - rows).min()), int((edge.bottoms - rows).max()), int((edge.lefts - columns).min()),
        int((edge.rights - columns).max()),
    )  # fmt: skip


def _distances(
    low: int, high: int, low_moves: bool, high_moves: bool, home: int, own: tuple[int, int], of: tuple[int, int]
) -> tuple[int, int]:
    """The least and the greatest distance along one axis from a reading cell to one that it reads."""
    if low_moves == high_moves or low <= high:
        near = low - home if low_moves else max(low, of[0]) - own[1]
        far = high - home if high_moves else min(high, of[1]) - own[0]
        if low_moves == high_moves:
            return min(near, far), max(near, far)
        # An edge that stands still and one that moves may change sides on the way.
        crossed = low + own[1] - home > high if low_moves else high + own[0] - home < low
        if not crossed:
            return near, far
    return of[0] - own[1], of[1] - own[0]


def _ranked(numbers: Sequence[int], ties: Sequence[Reach]) -> dict[int, int] | None:
    """An order of blocks within a line, None where they wait for each other there too."""
    before: dict[int, set[int]] = {number: set() for number in numbers}
    for read in ties:
        before[read.reader].add(read.source)
    rank: dict[int, int] = {}
    while before:
        free = [number for number, others in before.items() if not others]
        if not free:
            return None
        for number in free:
            rank[number] = len(rank)
            del before[number]
        for others in before.values():
            others.difference_update(free)
    return rank


def _lines(
    field: FormulaField, parts: Sequence[Part], rank: dict[int, int], by_row: bool, forward: bool, own: bool, few: Few
) -> list[Step]:
    """The members line by line: as steps of one block each where lines are wide, else as single cells in order."""
    numbers, members, lines, across = _members(field, parts, by_row)
    ranks = np.concatenate([np.full(size(selection), rank[number], np.int64) for number, selection in parts])
    order = np.lexsort((across, ranks, lines if forward else -lines))
    numbers, members, lines = numbers[order], members[order], lines[order]
    if own:
        # Within a line they wait for each other too.
        return [Step("few", list(parts), list(zip(numbers.tolist(), members.tolist(), strict=True)))]
    return _groups(field, parts, numbers, members, lines)


def _groups(field: FormulaField, parts: Sequence[Part], numbers: Indices, members: Indices, lines: Indices) -> list[Step]:
    """Members of one block in one line, or level, as one step; single cells in order where most lines are narrow."""
    starts = np.flatnonzero(np.concatenate(([True], (numbers[1:] != numbers[:-1]) | (lines[1:] != lines[:-1]))))
    if len(starts) > _NARROW and len(numbers) < _WIDE * len(starts):
        return [Step("few", list(parts), list(zip(numbers.tolist(), members.tolist(), strict=True)))]
    ends = np.append(starts[1:], len(numbers))
    return [
        Step("block", [(int(numbers[start]), _selection(field.blocks[int(numbers[start])], members[start:end]))])
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
    ]


def _members(field: FormulaField, parts: Sequence[Part], by_row: bool = True) -> tuple[Indices, Indices, Indices, Indices]:
    """Block, member, row and column of every cell; column and row where not `by_row`."""
    numbers, members, rows, columns = [], [], [], []
    for number, selection in parts:
        block = field.blocks[number]
        own = flats(block, selection)
        members.append(own)
        numbers.append(np.full(len(own), number, np.int64))
        down, across = block.positions(own)
        rows.append(down)
        columns.append(across)
    lines, others = (rows, columns) if by_row else (columns, rows)
    return np.concatenate(numbers), np.concatenate(members), np.concatenate(lines), np.concatenate(others)


def _selection(block: AnyBlock, members: Indices) -> Selection:
    members = np.sort(members)
    if isinstance(block, Block) and members[-1] - members[0] == len(members) - 1:
        first_row, first = divmod(int(members[0]), block.width)
        last_row, last = divmod(int(members[-1]), block.width)
        if first_row == last_row or block.width == 1:
            return Cells(first_row, last_row, first, last)
    return members


# -- levels ------------------------------------------------------------------------------------------------------------


def _levels(field: FormulaField, reader: EngineReader, parts: Sequence[Part], few: Few) -> list[Step] | None:
    numbers, members, rows, columns = _members(field, parts)
    sheets = np.concatenate([np.full(size(selection), field.blocks[number].sheet, np.int64) for number, selection in parts])
    keys = (sheets << 34) | (rows << 14) | columns
    order = np.argsort(keys)
    sorted_keys = keys[order]
    pairs = _pairs(field, reader, parts, sorted_keys, order)
    if pairs is None:
        return None
    level = _level_of(len(keys), *pairs)
    if level is None:
        return None
    order = np.lexsort((members, numbers, level))
    numbers, members, level = numbers[order], members[order], level[order]
    return _groups(field, parts, numbers, members, level)


def _pairs(
    field: FormulaField, reader: EngineReader, parts: Sequence[Part], sorted_keys: Indices, order: Indices
) -> tuple[Indices, Indices] | None:
    """Who reads whom among the cells of a knot, as places in the list of its cells: readers and what they read."""
    readers, sources = [], []
    first, total = 0, 0
    for number, selection in parts:
        block = field.blocks[number]
        count = size(selection)
        batch = BlockBatch(reader, block, selection)
        for edge in field.graph.edges(number):
            sheet, tops, lefts, bottoms, rights = batch.corners(edge.slot)
            heights, widths = bottoms - tops + 1, rights - lefts + 1
            total += int((heights * widths).sum())
            if total > _MOST_PAIRS:
                return None
            own = np.arange(first, first + count)
            if int(heights.max()) > 1 or int(widths.max()) > 1:
                sizes = heights * widths
                own, width = np.repeat(own, sizes), np.repeat(widths, sizes)
                inside = np.arange(len(own)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
                tops, lefts = np.repeat(tops, sizes) + inside // width, np.repeat(lefts, sizes) + inside % width
            wanted = (np.int64(sheet) << 34) | (tops << 14) | lefts
            place = np.minimum(np.searchsorted(sorted_keys, wanted), len(sorted_keys) - 1)
            hit = np.flatnonzero(sorted_keys[place] == wanted)
            readers.append(own[hit])
            sources.append(order[place[hit]])
        first += count
    return (np.concatenate(readers), np.concatenate(sources)) if readers else (np.empty(0, np.int64), np.empty(0, np.int64))


def _level_of(count: int, readers: Indices, sources: Indices) -> Indices | None:
    """The level of each cell: one above the highest that it reads; None where some wait for each other in a circle."""
    left = np.bincount(readers, minlength=count)
    by_source = np.argsort(sources, kind="stable")
    readers, sources = readers[by_source], sources[by_source]
    starts = np.searchsorted(sources, np.arange(count + 1))
    level = np.zeros(count, np.int64)
    front = np.flatnonzero(left == 0)
    done, number = len(front), 0
    while len(front) >= _WIDE:
        number += 1
        sizes = starts[front + 1] - starts[front]
        edges = np.repeat(starts[front] - (np.cumsum(sizes) - sizes), sizes) + np.arange(int(sizes.sum()))
        woken, times = np.unique(readers[edges], return_counts=True)
        left[woken] -= times
        front = woken[left[woken] == 0]
        level[front] = number
        done += len(front)
    # Narrow levels: an array operation for each would cost more than its cells.
    waiting, begins, targets = left.tolist(), starts.tolist(), readers.tolist()
    fronts = front.tolist()
    levels: dict[int, int] = {}
    while fronts:
        number += 1
        following = []
        for cell in fronts:
            for target in targets[begins[cell] : begins[cell + 1]]:
                waiting[target] -= 1
                if not waiting[target]:
                    levels[target] = number
                    following.append(target)
        done += len(following)
        fronts = following
    if done < count:
        return None
    if levels:
        level[list(levels)] = list(levels.values())
    return level
