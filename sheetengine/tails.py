"""Arrays whose last rows are all alike: what is computed from whole columns, of which sheets use a part.

A `Tailed` grid holds the rows that differ and one row more that stands for all that follow. It is a `Grid` in every respect: whoever
asks for its planes gets them written out, once. Who knows of tails looks at `part` instead and pays for what is used.

Invariants: `part` has fewer rows than the grid; a tail is never seen in a value, only in the time that it took. Why this and not a
rewriting of formulas: docs/decisions/0080.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sheetengine.grid import MOST_HELD, Grid, Kinds, Numbers, Texts, TooLarge
from sheetengine.values import Area, CellError, Scalar


class Tailed(Grid):
    """A grid of `height` rows, given by the first of them; the last given one is repeated to the end.

    >>> tailed = Tailed(Grid.from_rows([[1.0], ["a"], [0.0]]), 5)
    >>> tailed.shape, tailed.rest, tailed.flat()
    ((5, 1), 2, [1.0, 'a', 0.0, 0.0, 0.0])
    """

    __slots__ = ("_height", "_kinds", "_numbers", "_texts", "part")

    def __init__(self, part: Grid, height: int, source: Area | None = None) -> None:
        assert 0 < part.height < height
        self.part = part
        self._height = height
        self._numbers: Numbers | None = None
        self._kinds: Kinds | None = None
        self._texts: Texts | None = None
        self.source = source
        self.tops = None
        self.memo = None

    @property
    def rest(self) -> int:
        """Rows that are not given."""
        return self._height - self.part.height

    @property
    def last(self) -> Grid:
        """The row that is repeated."""
        return self.part[..., -1:, :]

    @property
    def head(self) -> Grid:
        """The rows before it."""
        return self.part[..., :-1, :]

    def longer(self, rows: int) -> Grid:
        """The first rows of the whole, written out."""
        places = np.minimum(np.arange(rows), self.part.height - 1)
        return self.part if rows == self.part.height else self.part[..., places, :]

    # -- planes, written out where somebody looks -------------------------------------------------------------------------

    def _out(self, plane: NDArray[Any]) -> Any:
        if self.size > MOST_HELD:
            raise TooLarge
        written = np.empty(self.shape, plane.dtype)
        given = self.part.height
        written[..., :given, :] = plane
        written[..., given:, :] = plane[..., -1:, :]
        return written

    @property
    def numbers(self) -> Numbers:  # type: ignore[override]  # read only
        """The plane of numbers."""
        if self._numbers is None:
            self._numbers = self._out(self.part.numbers)
        return self._numbers

    @property
    def kinds(self) -> Kinds | None:  # type: ignore[override]  # read only
        """The plane of kinds, or None."""
        if self._kinds is None and self.part.kinds is not None:
            self._kinds = self._out(self.part.kinds)
        return self._kinds

    @property
    def texts(self) -> Texts | None:  # type: ignore[override]  # read only
        """The plane of texts, or None."""
        if self._texts is None and self.part.texts is not None:
            self._texts = self._out(self.part.texts)
        return self._texts

    # -- what a grid answers without its planes ---------------------------------------------------------------------------

    @property
    def shape(self) -> tuple[int, ...]:
        """Of the whole."""
        shape = self.part.shape
        return (*shape[:-2], self._height, shape[-1])

    @property
    def height(self) -> int:
        """Number of rows."""
        return self._height

    @property
    def width(self) -> int:
        """Number of columns."""
        return self.part.width

    @property
    def size(self) -> int:
        """Number of elements."""
        shape = self.part.shape
        return self.part.size // shape[-2] * self._height

    def __getitem__(self, key: Any) -> Grid:
        """As of any grid; of rows one after the other the tail is kept."""
        part = self.part
        if type(key) is int and key == 0 and part.numbers.ndim == 3:
            return Tailed(part[0], self._height)
        rows, columns = key if isinstance(key, tuple) and len(key) == 2 else (key, slice(None))
        if part.numbers.ndim != 2 or not isinstance(columns, slice):
            return super().__getitem__(key)
        if isinstance(rows, slice):
            start, stop, step = rows.indices(self._height)
            if step == 1 and start < stop:
                given = part[min(start, part.height - 1) : min(stop, part.height), columns] if stop > 0 else part[:0, columns]
                return given if given.height >= stop - start else Tailed(given, stop - start)
        elif isinstance(rows, int | np.integer) and 0 <= rows < self._height:
            return part[min(int(rows), part.height - 1), columns]
        elif isinstance(rows, np.ndarray) and rows.dtype.kind == "i":
            return part[np.minimum(rows, part.height - 1), columns]
        return super().__getitem__(key)

    def reshape(self, shape: tuple[int, ...]) -> Grid:
        """As of any grid; an axis more in front keeps the tail."""
        mine = self.shape
        if shape in (mine, (1, *mine)) or (mine[0] == 1 and shape == mine[1:] and len(mine) == 3):
            return Tailed(
                self.part.reshape((*shape[:-2], self.part.height, shape[-1])), self._height, self.source if shape == mine else None
            )
        return super().reshape(shape)

    def broadcast(self, shape: tuple[int, ...]) -> Grid:
        """As of any grid; other columns keep the tail."""
        if shape[-2] == self._height and len(shape) == len(self.shape):
            return Tailed(self.part.broadcast((*shape[:-2], self.part.height, shape[-1])), self._height)
        return super().broadcast(shape)

    def item(self, *index: int) -> Scalar:
        """One element as a scalar."""
        if len(index) == len(self.shape) and index[-2] >= self.part.height:
            assert index[-2] < self._height
            index = (*index[:-2], self.part.height - 1, index[-1])
        return self.part.item(*index)

    def flat(self) -> list[Scalar]:
        """All elements in row-major order."""
        given = self.part.flat()
        return given + given[-self.width :] * self.rest

    def first_error(self) -> CellError | None:
        """The first error in row-major order, or None."""
        return self.part.first_error()


def pieces(grid: Grid) -> list[tuple[Grid, int]]:
    """Rows of a grid and how many times each stands there, so that what is counted need not be written out.

    >>> [(piece.flat(), times) for piece, times in pieces(Tailed(Grid.from_rows([[1.0], [0.0]]), 5))]
    [([1.0], 1), ([0.0], 4)]
    """
    return [(grid.head, 1), (grid.last, grid.rest + 1)] if isinstance(grid, Tailed) else [(grid, 1)]
