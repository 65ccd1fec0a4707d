"""Arrays in cells: what a formula's array fills, what stands in its way.

In: a formula's cell and its array. Out: values and owners written, the places that changed. A spilled cell is owned by
`-id` of the block its anchor belongs to; the range of a CSE formula is written by the same means but never changes its size.
Invariants: the rectangles here are those of the owner plane; a blocked anchor holds #SPILL! and wrote nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from sheetengine.address import MAX_COLUMNS, MAX_ROWS
from sheetengine.coerce import settle
from sheetengine.functions.stretch import fit
from sheetengine.graph.patterns import Rect, Selection
from sheetengine.graph.rect_index import RectIndex
from sheetengine.grid import BLANK, Grid
from sheetengine.recalc.blocks import AnyBlock, flats
from sheetengine.recalc.book import Book
from sheetengine.store.chunk import Box
from sheetengine.values import Area, CellError

Place = tuple[int, Rect]
Anchor = tuple[int, int]
"""A block and one of its members."""

SpillState = tuple[list[tuple[Anchor, Place]], list[tuple[Anchor, Place]]]
"""Anchors with what they fill, and with what they would fill."""


class Spills:
    """The spilled ranges of a workbook, by block and member; the anchor is part of its range."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._ranges: dict[int, dict[int, Rect]] = {}
        self._filled: RectIndex[Anchor] = RectIndex()
        self._blocked: dict[int, dict[int, Place]] = {}
        self._wanted: RectIndex[Anchor] = RectIndex()
        self.is_fixed: Callable[[int], bool] = lambda block: False
        """Whether a block is a CSE formula, whose range nothing takes away."""

    @property
    def ranges(self) -> Mapping[int, Mapping[int, Rect]]:
        """What members fill, by block; a block that fills nothing is not there."""
        return self._ranges

    @property
    def blocked(self) -> Mapping[int, Mapping[int, Place]]:
        """What members would fill if they had room, by block; a block that wants nothing is not there."""
        return self._blocked

    def range_of(self, block: int, member: int) -> Rect | None:
        """What a member fills, or None where its value is a single one."""
        own = self._ranges.get(block)
        return None if own is None else own.get(member)

    def is_blocked(self, block: int, member: int) -> bool:
        """Whether a member's array has no room."""
        return (block, member) in self._wanted

    def anchor_of(self, sheet: int, block: int, row: int, column: int) -> int | None:
        """The member of a block whose range holds a cell."""
        if block not in self._ranges:
            return None
        for (other, member), _ in self._filled.meeting(sheet, Rect(row, column, row, column)):
            if other == block:
                return member
        return None

    def meeting(self, sheet: int, rect: Rect) -> list[tuple[Anchor, Rect]]:
        """The ranges that reach into a rectangle, with their anchors."""
        return self._filled.meeting(sheet, rect)

    def enter(self, sheet: int, block: int, member: int, rect: Rect) -> None:
        """Note what a member fills; owners and values are the caller's."""
        self._ranges.setdefault(block, {})[member] = rect
        self._filled.add((block, member), sheet, rect)

    def take_out(self, block: int, member: int) -> Rect | None:
        """Forget what a member fills; owners and values are the caller's. The answer is its range."""
        own = self._ranges.get(block)
        if own is None or member not in own:
            return None
        rect = own.pop(member)
        if not own:
            del self._ranges[block]
        self._filled.remove((block, member))
        return rect

    def block(self, sheet: int, block: int, member: int, rect: Rect) -> None:
        """Note that a member's array has no room in a rectangle."""
        self._blocked.setdefault(block, {})[member] = (sheet, rect)
        self._wanted.add((block, member), sheet, rect)

    def unblock(self, block: int, member: int) -> None:
        """Forget that a member's array had no room."""
        own = self._blocked.get(block)
        if own is not None and own.pop(member, None) is not None:
            self._wanted.remove((block, member))
            if not own:
                del self._blocked[block]

    def state(self) -> SpillState:
        """All of it as plain values."""
        return list(self._filled.items()), list(self._wanted.items())

    def state_of(self, block: AnyBlock) -> SpillState:
        """What one block fills and wants."""
        filled = [((block.id, member), (block.sheet, rect)) for member, rect in self._ranges.get(block.id, {}).items()]
        return filled, [((block.id, member), place) for member, place in self._blocked.get(block.id, {}).items()]

    def restore(self, state: SpillState) -> None:
        """Enter what `state` or `state_of` gave."""
        for (block, member), (sheet, rect) in state[0]:
            self.enter(sheet, block, member, rect)
        for (block, member), (sheet, rect) in state[1]:
            self.block(sheet, block, member, rect)

    def places(self, block: AnyBlock, selection: Selection) -> Iterator[Place]:
        """The ranges that some members of a block fill."""
        own = self._ranges.get(block.id)
        if own:
            for member in flats(block, selection).tolist():
                rect = own.get(member)
                if rect is not None:
                    yield block.sheet, rect

    def waiting_for(self, sheet: int, rect: Rect) -> list[tuple[int, int]]:
        """Blocked anchors that a change in a rectangle may set free."""
        return [anchor for anchor, _ in self._wanted.meeting(sheet, rect)]

    def set_array(self, block: AnyBlock, member: int, height: int, width: int) -> None:
        """The fixed range of a CSE formula."""
        row, column = block.cell(member)
        rect = Rect(row, column, row + height - 1, column + width - 1)
        self.enter(block.sheet, block.id, member, rect)
        self._own(block, rect)

    def _own(self, block: AnyBlock, rect: Rect) -> None:
        store = self._book.sheets[block.sheet].store
        store.set_owners(Box(*rect), -block.id)
        store.set_owner(rect.top, rect.left, block.id)

    def write_array(self, block: AnyBlock, member: int, value: object) -> list[Place]:
        """The value of a CSE formula over its whole range: single values everywhere, arrays cut or padded with #N/A."""
        rect = self._ranges[block.id][member]
        shape = (rect.bottom - rect.top + 1, rect.right - rect.left + 1)
        grid = value if isinstance(value, Grid) else Grid.from_flat([value], (1, 1))  # type: ignore[list-item]
        grid = settle(fit(grid[: shape[0], : shape[1]], shape))
        self._book.sheets[block.sheet].store.write(rect.top, rect.left, grid)
        return []

    def write(self, block: AnyBlock, member: int, grid: Grid) -> list[Place]:
        """Spill an array from a member's cell; the answer is what changed beyond the cells it filled before and fills now.

        Who reads those waits for the member in any case.
        """
        row, column = block.cell(member)
        store = self._book.sheets[block.sheet].store
        wanted = Rect(row, column, row + grid.height - 1, column + grid.width - 1)
        old = self.range_of(block.id, member)
        behind = self._behind(block, wanted)
        obstacle = self._obstacle(block, wanted, old, behind)
        if obstacle is not None:
            changed = self.clear(block, member)
            self.block(block.sheet, block.id, member, wanted)
            store.set_cell(row, column, CellError("#SPILL!", obstacle))
            return changed
        self.unblock(block.id, member)
        changed = []
        if old is not None and old != wanted:
            self.clear(block, member)
            changed += [(block.sheet, rect) for rect in _beyond(wanted, old)]
        for (other, its), rect in behind:
            changed += self._take_back(block.sheet, other, its)
            self.block(block.sheet, other, its, rect)
        store.write(row, column, settle(grid))
        if old != wanted:
            self.enter(block.sheet, block.id, member, wanted)
            self._own(block, wanted)
            changed += [(block.sheet, rect) for rect in ([wanted] if old is None else _beyond(old, wanted))]
        return changed

    def _behind(self, block: AnyBlock, wanted: Rect) -> list[tuple[Anchor, Rect]]:
        """The arrays in the way whose anchors come later by row and column: they give way, so that who came first does not matter."""
        return [
            (anchor, rect)
            for anchor, rect in self._filled.meeting(block.sheet, wanted)
            if rect[:2] > wanted[:2] and not self.is_fixed(anchor[0])
        ]

    def _obstacle(self, block: AnyBlock, wanted: Rect, old: Rect | None, behind: Sequence[tuple[Anchor, Rect]]) -> str | None:
        """Why an array cannot be written, or None."""
        if wanted.bottom >= MAX_ROWS or wanted.right >= MAX_COLUMNS:
            return "the array reaches over the edge of the sheet"
        record = self._book.sheets[block.sheet]
        box = Box(*wanted)
        used = record.store.used_within(box)
        if used is not None:
            kinds, _, _ = record.store.read_planes(used)
            owners = record.store.owners(used)
            free = (kinds == BLANK) & (owners == 0)
            if old is not None:
                rows, columns = np.arange(used.top, used.bottom + 1), np.arange(used.left, used.right + 1)
                inside = ((rows >= old.top) & (rows <= old.bottom))[:, None] & ((columns >= old.left) & (columns <= old.right))
                free |= inside & (owners == -block.id)
            for (other, _), rect in behind:
                rows, columns = np.arange(used.top, used.bottom + 1), np.arange(used.left, used.right + 1)
                inside = ((rows >= rect.top) & (rows <= rect.bottom))[:, None] & ((columns >= rect.left) & (columns <= rect.right))
                free |= inside & (owners == -other)
            top, left = wanted.top - used.top, wanted.left - used.left
            if top == 0 and left == 0:
                free[0, 0] = True
            if not free.all():
                down, right = (int(axis[0]) for axis in np.nonzero(~free))
                place = Area(block.sheet, used.top + down, used.left + right, used.top + down, used.left + right)
                return f"the array needs {_address(place)}, which is not empty"
        for top, left, bottom, right in record.merged:
            if top <= wanted.bottom and bottom >= wanted.top and left <= wanted.right and right >= wanted.left:
                return "the array meets merged cells"
        for table in self._book.tables.values():
            if table.sheet == block.sheet and table.area.intersect(Area(block.sheet, *wanted)) is not None:
                return f"the array meets table {table.name}"
        return None

    def clear(self, block: AnyBlock, member: int) -> list[Place]:
        """Take back what a member filled, its own cell excepted; the answer is what changed."""
        return self._take_back(block.sheet, block.id, member)

    def blank(self, block: AnyBlock, member: int) -> None:
        """Blank what a member filled, its own cell excepted; the cells stay its own."""
        own = self.range_of(block.id, member)
        if own is None:
            return
        store = self._book.sheets[block.sheet].store
        box = Box(*own)
        mine = store.owners(box) == -block.id
        kinds, payload, texts = store.read_planes(box)
        store.write_planes(box, np.where(mine, np.uint8(BLANK), kinds), np.where(mine, 0.0, payload), texts)

    def _take_back(self, sheet: int, block: int, member: int) -> list[Place]:
        self.unblock(block, member)
        old = self.take_out(block, member)
        if old is None:
            return []
        store = self._book.sheets[sheet].store
        box = Box(*old)
        owners = store.owners(box)
        mine = owners == -block
        kinds, payload, texts = store.read_planes(box)
        store.write_planes(box, np.where(mine, np.uint8(BLANK), kinds), np.where(mine, 0.0, payload), texts)
        store.set_owners(box, np.where(mine, 0, owners).astype(np.int32))
        return [(sheet, old)]

    def forget(self, block: int) -> None:
        """A block went; its ranges were cleared before."""
        for member in self._ranges.pop(block, ()):
            self._filled.remove((block, member))
        for member in self._blocked.pop(block, ()):
            self._wanted.remove((block, member))

    def check_invariants(self, blocks: Mapping[int, AnyBlock]) -> None:
        """The places are indexed as they are kept by block, on the sheets that the blocks lie on."""
        filled, wanted = (dict(part) for part in self.state())
        assert filled == {
            (block, member): (blocks[block].sheet, rect) for block, own in self._ranges.items() for member, rect in own.items()
        }
        assert wanted == {(block, member): place for block, own in self._blocked.items() for member, place in own.items()}
        assert all(self._ranges.values()) and all(self._blocked.values()), "a block that fills or wants nothing is kept"
        self._filled.check_invariants()
        self._wanted.check_invariants()


def _beyond(inner: Rect, outer: Rect) -> list[Rect]:
    """The cells of a rectangle that lie outside another from the same first cell."""
    bottom, right = min(inner.bottom, outer.bottom), min(inner.right, outer.right)
    below = [Rect(bottom + 1, outer.left, outer.bottom, outer.right)] if outer.bottom > bottom else []
    beside = [Rect(outer.top, right + 1, bottom, outer.right)] if outer.right > right else []
    return below + beside


def _address(place: Area) -> str:
    from sheetengine.address import column_name  # noqa: PLC0415  # only for the message

    return f"{column_name(place.left)}{place.top + 1}"
