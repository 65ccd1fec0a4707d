"""The chunks of a sheet, and how they come to be: where cells are written, a chunk starts, grows or swallows its neighbours.

In: rectangles that will hold values; out: chunks that cover them.
Rule: a chunk takes what makes its used box no larger than `SMALL` cells, or `SPARSITY` times the cells in use; what does not
fit becomes a chunk of its own. A chunk reserves room in the direction it grew, in proportion to its size, so that cells
written one after another cost amortised O(1).

Invariants: chunks are disjoint and lie on the grid; `epoch` has grown whenever a plane handed out before may no longer be
the store's.
"""

from __future__ import annotations

from collections.abc import Iterable

from sheetengine.address import MAX_COLUMNS, MAX_ROWS
from sheetengine.store.chunk import Box, Chunk
from sheetengine.store.chunk_index import ChunkIndex

SMALL = 1024
SPARSITY = 8
_REACH = 16
"""Rows and columns between two cells at most for one to join the chunk of the other."""
_MOST_MEMBERS = 256
GRID = Box(0, 0, MAX_ROWS - 1, MAX_COLUMNS - 1)


class ChunkMap:
    """Chunks by place, made where they are claimed.

    >>> chunks = ChunkMap()
    >>> for row in range(1000):
    ...     _ = chunks.claim(Box(row, 0, row, 0)).use(Box(row, 0, row, 0), 1)
    >>> len(chunks.index), chunks.claim(Box(999, 0, 999, 0)).rows
    (1, 1024)
    """

    __slots__ = ("epoch", "index")

    def __init__(self) -> None:
        self.index = ChunkIndex()
        self.epoch = 0

    def claim(self, box: Box) -> Chunk | None:
        """See to it that every cell of a box lies in a chunk; the answer is that chunk, None where they are several."""
        if not GRID.contains(box):
            raise IndexError(f"rows {box.top} to {box.bottom}, columns {box.left} to {box.right} lie off the grid")
        met = self.index.overlapping(box)
        if len(met) == 1 and met[0].box.contains(box):
            return met[0]
        if met:
            grown = self._grow(met, box)
            if grown is None:
                for piece in _without(box, met):
                    self.index.add(Chunk(piece))
            return grown
        reach = Box(max(0, box.top - _REACH), max(0, box.left - _REACH), box.bottom + _REACH, box.right + _REACH)
        near = [(box.union(used).area, chunk) for chunk in self.index.overlapping(reach) if (used := chunk.used())]
        for _, chunk in sorted(near, key=lambda pair: pair[0]):
            grown = self._grow([chunk], box)
            if grown is not None:
                return grown
        return self._start(box)

    def _start(self, box: Box) -> Chunk:
        """A new chunk, which takes some room more where its box is small and the room is free."""
        roomy = Box(box.top, box.left, min(max(box.bottom, box.top + 7), MAX_ROWS - 1), min(max(box.right, box.left + 3), MAX_COLUMNS - 1))
        if box.area < 32 and not self.index.overlapping(roomy):
            box = roomy
        chunk = Chunk(box)
        self.index.add(chunk)
        return chunk

    def _grow(self, members: list[Chunk], box: Box) -> Chunk | None:
        """One chunk of the members' cells, a box, and all the chunks their bounds meet; None where that is too sparse."""
        old = _around(members)
        need = self._closure(box if old is None else box.union(old), members)
        if need is None or not _dense(need[0], need[1], box.area):
            return None
        tight, group = need
        wish = _with_reserve(tight, old, max(SMALL, 2 * SPARSITY * (sum(chunk.count for chunk in group) + box.area)))
        if wish != tight:
            # What lies in the reserve is swallowed too: otherwise small chunks would hem a large one in, and every one
            # of them that is met later would cost a copy of the large one.
            wider = self._closure(wish, group)
            if wider is not None and wider[0] == wish:
                group_box = _around(wider[1])
                if group_box is None or _dense(box.union(group_box), wider[1], box.area):
                    return self._merge(wider[1], wish, wish)
        return self._merge(group, tight, wish)

    def _closure(self, box: Box, members: Iterable[Chunk]) -> tuple[Box, list[Chunk]] | None:
        """A box grown until it holds all that is used of the chunks it meets, and those chunks."""
        group = dict.fromkeys(members)
        while True:
            met = [chunk for chunk in self.index.overlapping(box) if chunk not in group]
            if not met:
                return box, list(group)
            if len(group) + len(met) > _MOST_MEMBERS:
                return None
            for chunk in met:
                group[chunk] = None
                used = chunk.used()
                if used is not None:
                    box = box.union(used)

    def _merge(self, members: list[Chunk], box: Box, wish: Box) -> Chunk:
        """One chunk over a box in place of the members, with capacity for what it wishes to have."""
        if len(members) == 1:
            (chunk,) = members
            whole = box.union(chunk.box)
            if chunk.fits(whole) and len(self.index.overlapping(whole)) == 1:
                self.index.remove(chunk)
                chunk.resize(whole.bottom - whole.top + 1, whole.right - whole.left + 1)
                self.index.add(chunk)
                return chunk
        merged = Chunk(box, wish.bottom - box.top + 1, wish.right - box.left + 1)
        for chunk in members:
            used = chunk.used()
            if used is not None:
                merged.take_from(chunk, used)
        merged.count = min(sum(chunk.count for chunk in members), merged.rows * merged.columns)
        merged.exact = all(chunk.exact for chunk in members)
        for chunk in members:
            self.discard(chunk)
        self.index.add(merged)
        self.epoch += 1
        return merged

    def discard(self, chunk: Chunk) -> None:
        """Take a chunk out, with what it holds."""
        self.index.remove(chunk)
        chunk.drop()
        self.epoch += 1

    def own(self, chunk: Chunk) -> None:
        """Make a chunk's planes its own before they are written."""
        if chunk.shared:
            chunk.unshare()
            self.epoch += 1

    def check_invariants(self) -> None:
        """What the head of this module says."""
        self.index.check_invariants()
        for chunk in self.index:
            assert GRID.contains(chunk.box)


def _around(chunks: Iterable[Chunk]) -> Box | None:
    boxes = [used for chunk in chunks if (used := chunk.used())]
    return (
        Box(min(b.top for b in boxes), min(b.left for b in boxes), max(b.bottom for b in boxes), max(b.right for b in boxes))
        if boxes
        else None
    )


def _dense(box: Box, members: list[Chunk], cells: int) -> bool:
    area = box.area
    if area <= SMALL:
        return True
    if area > SPARSITY * (sum(chunk.count for chunk in members) + cells):
        return False
    inexact = [chunk for chunk in members if not chunk.exact]
    for chunk in inexact:
        chunk.recount()
    return not inexact or area <= SPARSITY * (sum(chunk.count for chunk in members) + cells)


def _with_reserve(box: Box, old: Box | None, most: int) -> Box:
    """A box with room in the directions in which it outgrew the old one, of no more than so many cells."""
    if old is None:
        return box
    height, width = old.bottom - old.top + 1, old.right - old.left + 1
    down = max(height, 8) if box.bottom > old.bottom else 0
    across = max(width, 1) if box.right > old.right else 0
    up = max(height // 2, 8) if box.top < old.top else 0
    back = max(width // 2, 1) if box.left < old.left else 0
    while down or across or up or back:
        wish = Box(
            max(0, min(box.top, old.top - up)),
            max(0, min(box.left, old.left - back)),
            min(MAX_ROWS - 1, max(box.bottom, old.bottom + down)),
            min(MAX_COLUMNS - 1, max(box.right, old.right + across)),
        )
        if wish.area <= most:
            return wish
        down, across, up, back = down // 2, across // 2, up // 2, back // 2
    return box


def _without(box: Box, chunks: list[Chunk]) -> list[Box]:
    """The cells of a box that lie in none of the chunks, as disjoint boxes."""
    pieces = [box]
    for chunk in chunks:
        hole = chunk.box
        rest: list[Box] = []
        for piece in pieces:
            inner = piece.intersect(hole)
            if inner is None:
                rest.append(piece)
                continue
            if piece.top < inner.top:
                rest.append(Box(piece.top, piece.left, inner.top - 1, piece.right))
            if inner.bottom < piece.bottom:
                rest.append(Box(inner.bottom + 1, piece.left, piece.bottom, piece.right))
            if piece.left < inner.left:
                rest.append(Box(inner.top, piece.left, inner.bottom, inner.left - 1))
            if inner.right < piece.right:
                rest.append(Box(inner.top, inner.right + 1, inner.bottom, piece.right))
        pieces = rest
    return pieces
