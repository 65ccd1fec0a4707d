"""The elements of arrays as the members of a batch: what the vector form of a LAMBDA's body runs over.

In: the frame a lambda was made in, the locals it captured, its arguments as grids whose first axis goes over the calls. Out: a `Batch`.
Invariant: slots and captured locals are the same for all members; elements that were read from a range are references to their cells,
as they are one by one.
"""

from __future__ import annotations

from collections.abc import Sequence

from sheetengine.compiler.frame import AreaLanes, Batch, Frame, NeedsCells
from sheetengine.functions.arguments import dereference, read_whole
from sheetengine.grid import Grid
from sheetengine.values import Area, CellError, Reference, Scalar


class Elements(Batch):
    """One member a call."""

    __slots__ = ("frame",)

    def __init__(self, frame: Frame, captured: Sequence[object], arguments: Sequence[Grid], count: int) -> None:
        super().__init__(frame.reader, count)
        self.cell, self.read, self.used = frame.cell, frame.read, frame.used
        self.frame = frame
        self.locals = [*map(self._captured, captured), *map(_argument, arguments)]

    def _captured(self, value: object) -> object:
        if isinstance(value, Reference) and value.area is not None:
            return self._shared(value.area)
        return value.reshape((1, *value.shape)) if isinstance(value, Grid) else value

    def _shared(self, area: Area) -> AreaLanes:
        def grid() -> Grid:
            found = read_whole(area, self.frame)
            if isinstance(found, CellError):
                raise NeedsCells
            return found.reshape((1, *found.shape))

        return AreaLanes(area, grid)

    def constant(self, index: int) -> Scalar | Grid:
        """Slot `index`."""
        return self.frame.operands[index]  # type: ignore[return-value]  # a slot of a constant

    def cells(self, index: int) -> Scalar | Grid:
        """The cell of slot `index`, the same for all."""
        return dereference(Reference((self._area(index),)), self.frame)  # type: ignore[return-value]  # a cell: a scalar

    def areas(self, index: int) -> AreaLanes:
        """The area of slot `index`, the same for all."""
        return self._shared(self._area(index))

    def intersected(self, index: int) -> Scalar | Grid:
        """Not known here."""
        raise NeedsCells

    def lines(self, index: int | None, *, rows: bool) -> Scalar | Grid:
        """Those of the one cell."""
        if index is None:
            return (self.frame.row if rows else self.frame.column) + 1.0
        area = self._area(index)
        return (area.top if rows else area.left) + 1.0

    def _area(self, index: int) -> Area:
        area = self.frame.operands[index]
        assert isinstance(area, Area)
        return area


def _argument(grid: Grid) -> object:
    if grid.source is None or grid.tops is None:
        return grid
    return AreaLanes(None, lambda: grid, grid.tops, grid.tops + (grid.shape[1] - 1))
