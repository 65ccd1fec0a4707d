"""Batches: what the vector form of a program reads for some members of a block at once.

In: a block, a selection, a reader. Out: operands as lanes, (members, rows, columns). Invariants: members come in the order of
the selection; what is kept in `cache` depends on no slot in `fired`, so it stands while only plans of one class run.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple, TypeVar

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from sheetengine.coerce import overlay_errors
from sheetengine.compiler.bound import BOTTOM, LEFT, RIGHT, TOP, AreaSlot, ConstantSlot
from sheetengine.compiler.frame import AreaLanes, Batch, NeedsCells, NeedsParts
from sheetengine.graph.patterns import Cells, Indices, Selection
from sheetengine.grid import NUMBER, Grid
from sheetengine.recalc.blocks import AnyBlock, Block, size
from sheetengine.recalc.family import Family
from sheetengine.recalc.reader import EngineReader
from sheetengine.values import VALUE_ID, Area, Scalar

Plane = TypeVar("Plane", bound=np.generic)

MOST_ELEMENTS = 4_000_000
"""Elements of one operand's lanes that are built at once; windows over a plane are views and do not count."""


class _Geometry(NamedTuple):
    """Where the areas of a slot lie: one for all, of equal size, over the same columns, or none of these."""

    tops: Indices
    lefts: Indices
    bottoms: Indices
    hull: Area
    kind: Literal["shared", "equal", "columns", "mixed"]


class BlockBatch(Batch):
    """Some members of a block."""

    __slots__ = ("block", "selection", "source")

    def __init__(self, reader: EngineReader, block: AnyBlock, selection: Selection) -> None:
        super().__init__(reader, size(selection))
        self.source = reader
        self.block = block
        self.selection = selection

    # -- constants -------------------------------------------------------------------------------------------------

    def constant(self, index: int) -> Scalar | Grid:
        """Slot `index`: one scalar for a rectangle, one per member for a family whose members differ."""
        block = self.block
        if isinstance(block, Block):
            slot = block.slots[index]
            assert type(slot) is ConstantSlot
            return slot.value
        return self._kept(("constant", index), lambda: self._family_constant(block, index))  # type: ignore[return-value]

    def _family_constant(self, block: Family, index: int) -> Scalar | Grid:
        values = block.constants[index]
        members = [values[member] for member in self.selection.tolist()]  # type: ignore[union-attr]  # a family's selection is an array
        first: Scalar = members[0]
        if all(value == first and type(value) is type(first) for value in members):
            return first
        return Grid.from_flat(members, (len(members), 1, 1))

    def _kept(self, key: object, make: Callable[[], object]) -> object:
        """Something that does not depend on values: kept as long as the plan."""
        if self.cache is None:
            return make()
        found = self.cache.get(key, self)
        if found is self:
            found = self.cache[key] = make()
        return found

    def _steady(self, key: object, index: int, make: Callable[[], object]) -> object:
        """Something that depends on the values of one slot."""
        return make() if index in self.fired else self._kept(key, make)

    # -- cells -----------------------------------------------------------------------------------------------------

    def cells(self, index: int) -> Scalar | Grid:
        """The cells of slot `index`."""
        return self._steady(("cells", index), index, lambda: self._cells(index))  # type: ignore[return-value]

    def _cells(self, index: int) -> Scalar | Grid:
        block, selection, count = self.block, self.selection, self.count
        if isinstance(block, Family):
            tops, lefts = block.corners[index][:2, selection]  # type: ignore[index]
            return self.source.gather(block.sheets[index], tops, lefts).reshape((count, 1, 1))
        slot = block.slots[index]
        assert type(slot) is AreaSlot
        down, right = slot.relative & TOP, slot.relative & LEFT
        if not down and not right:
            return self.source.cell(slot.sheet, slot.top, slot.left)
        if isinstance(selection, Cells):
            top, left = slot.top, slot.left
            height, width = selection.last_row - selection.first_row + 1, selection.last_column - selection.first_column + 1
            first, last = (top + selection.first_row, top + selection.last_row) if down else (top, top)
            start, end = (left + selection.first_column, left + selection.last_column) if right else (left, left)
            grid = self.source.read(Area(slot.sheet, first, start, last, end))
            if grid.shape != (height, width):
                grid = grid.broadcast((height, width))
            return grid.reshape((count, 1, 1))
        rows = slot.top + (selection // block.width if down else np.zeros(count, np.int64))
        columns = slot.left + (selection % block.width if right else np.zeros(count, np.int64))
        return self.source.gather(slot.sheet, rows, columns).reshape((count, 1, 1))

    # -- areas -----------------------------------------------------------------------------------------------------

    def areas(self, index: int) -> AreaLanes:
        """The areas of slot `index`."""
        return self._steady(("areas", index), index, lambda: self._areas(index))  # type: ignore[return-value]

    def _areas(self, index: int) -> AreaLanes:
        geometry = self._kept(("geometry", index), lambda: self._geometry(index))
        assert isinstance(geometry, _Geometry)
        tops, lefts, bottoms, hull, kind = geometry
        if kind == "shared":
            return AreaLanes(hull, lambda: _with_members(self.source.read(hull)))
        if kind != "equal":
            return AreaLanes(None, lambda: None, tops, bottoms, (lambda: self.source.read(hull)) if kind == "columns" else None)
        height, width = int(bottoms[0] - tops[0]) + 1, hull.right - int(lefts.max()) + 1
        steady = self.cache is not None and index not in self.fired
        made: list[Grid] = []

        def lanes() -> Grid:
            if made:
                return made[0]
            grid = self._windows(hull, tops, lefts, height, width)
            if steady:
                grid = _contiguous(grid)
                made.append(grid)
            return grid

        return AreaLanes(None, lanes, tops, bottoms)

    def _geometry(self, index: int) -> _Geometry:
        """Where the areas lie, and whether they are one, of equal size, or over the same columns; it depends on no value."""
        sheet, tops, lefts, bottoms, rights = self.corners(index)
        columns = _same(lefts) and _same(rights)
        hull = Area(sheet, int(tops.min()), int(lefts.min()), int(bottoms.max()), int(rights.max()))
        if self.count == 1 or (columns and _same(tops) and _same(bottoms)):
            return _Geometry(tops, lefts, bottoms, hull, "shared")
        if _same(bottoms - tops) and _same(rights - lefts):
            return _Geometry(tops, lefts, bottoms, hull, "equal")
        return _Geometry(tops, lefts, bottoms, hull, "columns" if columns else "mixed")

    def corners(self, index: int) -> tuple[int, Indices, Indices, Indices, Indices]:
        """Sheet, tops, lefts, bottoms and rights of slot `index`, one for each member."""
        block, selection = self.block, self.selection
        if isinstance(block, Family):
            return (block.sheets[index], *block.corners[index][:, selection])  # type: ignore[index]
        slot = block.slots[index]
        assert type(slot) is AreaSlot
        if isinstance(selection, Cells):
            height, width = selection.last_row - selection.first_row + 1, selection.last_column - selection.first_column + 1
            down = np.repeat(np.arange(selection.first_row, selection.last_row + 1), width)
            right = np.tile(np.arange(selection.first_column, selection.last_column + 1), height)
        else:
            down, right = selection // block.width, selection % block.width
        still = np.zeros(self.count, np.int64)
        relative = slot.relative
        tops, bottoms = slot.top + (down if relative & TOP else still), slot.bottom + (down if relative & BOTTOM else still)
        lefts, rights = slot.left + (right if relative & LEFT else still), slot.right + (right if relative & RIGHT else still)
        return slot.sheet, np.minimum(tops, bottoms), np.minimum(lefts, rights), np.maximum(tops, bottoms), np.maximum(lefts, rights)

    def _windows(self, hull: Area, tops: Indices, lefts: Indices, height: int, width: int) -> Grid:
        """Equal rectangles out of their hull: (members, height, width)."""
        count = self.count
        steps = np.diff(tops)
        if _same(lefts) and hull.height <= 4 * (count + height) and len(steps) and (steps == 1).all():
            grid = self.source.read(hull)
            found = Grid(
                _slide(grid.numbers, height),
                None if grid.kinds is None else _slide(grid.kinds, height),
                None if grid.texts is None else _slide(grid.texts, height),
            )
            found.tops = tops
            return found
        if count * height * width > MOST_ELEMENTS and count > 1:
            raise NeedsParts(max(1, MOST_ELEMENTS // (height * width)))
        if hull.height * hull.width <= 4 * MOST_ELEMENTS:
            grid = self.source.read(hull)
            rows = (tops - hull.top)[:, None, None] + np.arange(height)[None, :, None]
            columns = (lefts - hull.left)[:, None, None] + np.arange(width)[None, None, :]
            found = grid[rows, columns]
        else:
            rows = np.broadcast_to(tops[:, None, None] + np.arange(height)[None, :, None], (count, height, width)).ravel()
            columns = np.broadcast_to(lefts[:, None, None] + np.arange(width)[None, None, :], (count, height, width)).ravel()
            found = self.source.gather(hull.sheet, rows, columns).reshape((count, height, width))
        found.tops = tops
        return found

    def intersected(self, index: int) -> Scalar | Grid:
        """The cell of each member's area in its own row or column; #VALUE! where there is none."""
        sheet, tops, lefts, bottoms, rights = self.corners(index)
        own_rows, own_columns = self.block.positions(self.selection)
        rows = np.where(tops == bottoms, tops, own_rows)
        columns = np.where(lefts == rights, lefts, own_columns)
        inside = (rows >= tops) & (rows <= bottoms) & (columns >= lefts) & (columns <= rights)
        grid = self.source.gather(sheet, np.where(inside, rows, tops), np.where(inside, columns, lefts))
        if not inside.all():
            grid = overlay_errors(grid, np.where(inside, -1, VALUE_ID))
        return grid.reshape((self.count, 1, 1))

    def lines(self, index: int | None, *, rows: bool) -> Scalar | Grid:
        """ROW and COLUMN of a cell: it depends on no value."""
        return self._kept(("lines", index, rows), lambda: self._lines(index, rows))  # type: ignore[return-value]

    def _lines(self, index: int | None, rows: bool) -> Grid:
        if index is None:
            own_rows, own_columns = self.block.positions(self.selection)
        else:
            _, own_rows, own_columns, _, _ = self.corners(index)
        numbers = (own_rows if rows else own_columns).astype(np.float64)
        return Grid(numbers + 1.0).reshape((self.count, 1, 1))


def _same(values: Indices) -> bool:
    return bool((values == values[0]).all())


def _slide(plane: NDArray[Plane], height: int) -> NDArray[Plane]:
    return sliding_window_view(plane, height, axis=0).swapaxes(1, 2)


def _with_members(grid: Grid) -> Grid:
    shared = grid.reshape((1, *grid.shape))
    shared.source, shared.memo = grid.source, grid.memo
    if grid.source is not None:
        shared.tops = np.array([grid.source.top])
    return shared


def _contiguous(grid: Grid) -> Grid:
    """A grid to keep: laid out in a row, and without kinds where the hull's texts and blanks lie between the members."""
    plain = grid.kinds is None or bool((grid.kinds == NUMBER).all())
    kept = Grid(
        np.ascontiguousarray(grid.numbers),
        None if plain or grid.kinds is None else np.ascontiguousarray(grid.kinds),
        None if plain or grid.texts is None else np.ascontiguousarray(grid.texts),
    )
    kept.tops = grid.tops
    return kept


__all__ = ["BlockBatch", "NeedsCells"]
