"""Arrays in cells: what a formula's array fills, what stands in its way.

In: a formula's cell and its array. Out: values and owners written, the places that changed. A spilled cell is owned by
`-id` of the block its anchor belongs to; the range of a CSE formula is written by the same means but never changes its size.
Invariants: the rectangles here are those of the owner plane; a blocked anchor holds #SPILL! and wrote nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from sheetengine.address import MAX_COLUMNS, MAX_ROWS
from sheetengine.coerce import settle
from sheetengine.functions.call import fit
from sheetengine.graph.patterns import Rect, Selection
from sheetengine.grid import BLANK, Grid
from sheetengine.recalc.blocks import AnyBlock, flats
from sheetengine.recalc.book import Book
from sheetengine.store.chunk import Box
from sheetengine.values import Area, CellError

Place = tuple[int, Rect]


class Spills:
    """The spilled ranges of a workbook, by block and member; the anchor is part of its range."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self.ranges: dict[int, dict[int, Rect]] = {}
        self.blocked: dict[tuple[int, int], tuple[int, Rect]] = {}
        self.is_fixed: Callable[[int], bool] = lambda block: False
        """Whether a block is a CSE formula, whose range nothing takes away."""

    def range_of(self, block: int, member: int) -> Rect | None:
        """What a member fills, or None where its value is a single one."""
        return self.ranges.get(block, {}).get(member)

    def anchor_of(self, block: int, row: int, column: int) -> int | None:
        """The member of a block whose range holds a cell."""
        for member, rect in self.ranges.get(block, {}).items():
            if rect.top <= row <= rect.bottom and rect.left <= column <= rect.right:
                return member
        return None

    def places(self, block: AnyBlock, selection: Selection) -> Iterator[Place]:
        """The ranges that some members of a block fill."""
        own = self.ranges.get(block.id)
        if own:
            members = set(flats(block, selection).tolist())
            for member, rect in own.items():
                if member in members:
                    yield block.sheet, rect

    def waiting_for(self, sheet: int, rect: Rect) -> list[tuple[int, int]]:
        """Blocked anchors that a change in a rectangle may set free."""
        return [
            key for key, (own, wanted) in self.blocked.items()
            if own == sheet and wanted.top <= rect.bottom and wanted.bottom >= rect.top and wanted.left <= rect.right and wanted.right >= rect.left
        ]  # fmt: skip

    def set_array(self, block: AnyBlock, member: int, height: int, width: int) -> None:
        """The fixed range of a CSE formula."""
        row, column = block.cell(member)
        rect = Rect(row, column, row + height - 1, column + width - 1)
        self.ranges.setdefault(block.id, {})[member] = rect
        self._own(block, rect)

    def _own(self, block: AnyBlock, rect: Rect) -> None:
        store = self._book.sheets[block.sheet].store
        store.set_owners(Box(*rect), -block.id)
        store.set_owner(rect.top, rect.left, block.id)

    def write_array(self, block: AnyBlock, member: int, value: object) -> list[Place]:
        """The value of a CSE formula over its whole range: single values everywhere, arrays cut or padded with #N/A."""
        rect = self.ranges[block.id][member]
        shape = (rect.bottom - rect.top + 1, rect.right - rect.left + 1)
        grid = value if isinstance(value, Grid) else Grid.from_flat([value], (1, 1))  # type: ignore[list-item]
        grid = settle(fit(grid[: shape[0], : shape[1]], shape))
        self._book.sheets[block.sheet].store.write(rect.top, rect.left, grid)
        return []

    def write(self, block: AnyBlock, member: int, grid: Grid) -> list[Place]:
        """Spill an array from a member's cell; the answer is what changed beyond the range it filled before."""
        row, column = block.cell(member)
        store = self._book.sheets[block.sheet].store
        wanted = Rect(row, column, row + grid.height - 1, column + grid.width - 1)
        old = self.range_of(block.id, member)
        obstacle = self._obstacle(block, wanted, old)
        if obstacle is not None:
            changed = self.clear(block, member)
            self.blocked[(block.id, member)] = (block.sheet, wanted)
            store.set_cell(row, column, CellError("#SPILL!", obstacle))
            return changed
        self.blocked.pop((block.id, member), None)
        changed = []
        if old is not None and old != wanted:
            changed += self.clear(block, member)
        for other, its, rect in self._behind(block, wanted):
            changed += self._take_back(block.sheet, other, its)
            self.blocked[(other, its)] = (block.sheet, rect)
        store.write(row, column, settle(grid))
        if old != wanted:
            self.ranges.setdefault(block.id, {})[member] = wanted
            self._own(block, wanted)
            changed.append((block.sheet, wanted))
        return changed

    def _behind(self, block: AnyBlock, wanted: Rect) -> list[tuple[int, int, Rect]]:
        """The arrays in the way whose anchors come later by row and column: they give way, so that who came first does not matter."""
        owners = np.unique(self._book.sheets[block.sheet].store.owners(Box(*wanted)))
        return [
            (other, member, rect)
            for other in (-owners[owners < 0]).tolist()
            if other != block.id and not self.is_fixed(other)
            for member, rect in self.ranges.get(other, {}).items()
            if rect[:2] > wanted[:2] and rect.top <= wanted.bottom and rect.left <= wanted.right and rect.right >= wanted.left
        ] + [
            (block.id, member, rect)
            for member, rect in self.ranges.get(block.id, {}).items()
            if rect[:2] > wanted[:2] and rect.top <= wanted.bottom and rect.left <= wanted.right and rect.right >= wanted.left
        ]  # fmt: skip

    def _obstacle(self, block: AnyBlock, wanted: Rect, old: Rect | None) -> str | None:
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
            for other, _, rect in self._behind(block, wanted):
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
        own = self.ranges.get(block.id, {}).get(member)
        if own is None:
            return
        store = self._book.sheets[block.sheet].store
        box = Box(*own)
        mine = store.owners(box) == -block.id
        kinds, payload, texts = store.read_planes(box)
        store.write_planes(box, np.where(mine, np.uint8(BLANK), kinds), np.where(mine, 0.0, payload), texts)

    def _take_back(self, sheet: int, block: int, member: int) -> list[Place]:
        self.blocked.pop((block, member), None)
        old = self.ranges.get(block, {}).pop(member, None)
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
        self.ranges.pop(block, None)
        for key in [key for key in self.blocked if key[0] == block]:
            del self.blocked[key]


def _address(place: Area) -> str:
    from sheetengine.address import column_name  # noqa: PLC0415  # only for the message

    return f"{column_name(place.left)}{place.top + 1}"
