"""Rectangular values as numpy planes: what a range read, an array formula or a batch of cells is.

A `Grid` has up to three planes of one shape:

- `numbers` float64: the number; 0 or 1 for a boolean; the error's id (`values.error_id`) for an error; 0.0 for a
  blank and for a text, so that arithmetic may take the plane as it is wherever no kind is above BOOLEAN;
- `kinds` uint8, or None where every element is a number (the fast path everything else is measured against);
- `texts` object array of `str`, or None where no element is a text.

A value of a formula is two-dimensional (rows, columns). A batch over the members of a block has a first axis more:
(members, rows, columns); a scalar per member is (members, 1, 1), what all members share (1, rows, columns).

Invariants: numbers are finite and never -0.0; planes of a grid that came from a range are read-only views.
`source` is the area a grid was read from, else None: sums take their order from it; `tops` are the absolute first rows
of the members of a batch. `memo` is a dict on a grid that the engine keeps and hands out again as long as no cell of its
area changes, else None: a kernel keeps there what it would otherwise build anew for every formula (a hash of the keys, a
sorting, a grouping): `index = memo.get("exact")`, made and put there where missing. It goes when the area changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sheetengine.values import NUM_ID, Area, CellError, Scalar, error_from_id, error_id

BLANK: Final = 0
NUMBER: Final = 1
BOOLEAN: Final = 2
TEXT: Final = 3
ERROR: Final = 4

Numbers = NDArray[np.float64]
Kinds = NDArray[np.uint8]
Texts = NDArray[np.object_]

_FEW = bytes([NUMBER]) * 4096


def all_numbers(kinds: Kinds) -> bool:
    """Whether cells are numbers, every one; of no cells it is not so.

    >>> all_numbers(np.array([NUMBER, NUMBER], np.uint8)), all_numbers(np.empty(0, np.uint8))
    (True, False)
    """
    count = kinds.size
    if count <= len(_FEW):
        # Comparing bytes takes a fourth of the time of two reductions.
        return count > 0 and kinds.tobytes() == _FEW[:count]
    return bool(kinds.min() == NUMBER == kinds.max())


MOST_HELD: Final = 1 << 27
"""Elements of one array that are held: 1 GB of numbers."""


class TooLarge(MemoryError):
    """An array would have more elements than are held: the formula that wants it is #NUM!."""


class Grid:
    """A rectangle (or a batch of rectangles) of scalars.

    >>> grid = Grid.from_rows([[1.0, "a"], [None, True]])
    >>> grid.shape, grid.rows()
    ((2, 2), [[1.0, 'a'], [None, True]])
    """

    __slots__ = ("kinds", "memo", "numbers", "source", "texts", "tops")

    def __init__(self, numbers: Numbers, kinds: Kinds | None = None, texts: Texts | None = None, source: Area | None = None) -> None:
        self.numbers = numbers
        self.kinds = kinds
        self.texts = texts
        self.source = source
        self.tops: NDArray[np.int64] | None = None
        self.memo: dict[object, object] | None = None

    # -- making ----------------------------------------------------------------------------------------------------

    @classmethod
    def from_numbers(cls, numbers: Any) -> Grid:
        """A grid of numbers; what is not finite becomes #NUM!, -0.0 becomes 0.0.

        >>> Grid.from_numbers(np.array([[1.0, np.inf]])).rows()[0][1]
        CellError(code='#NUM!', message='', origin=None)
        """
        numbers = np.asarray(numbers, dtype=np.float64) + 0.0
        finite = np.isfinite(numbers)
        if finite.all():
            return cls(numbers)
        kinds = np.where(finite, np.uint8(NUMBER), np.uint8(ERROR))
        return cls(np.where(finite, numbers, float(NUM_ID)), kinds)

    @classmethod
    def from_numbers_and_errors(cls, numbers: Numbers, errors: NDArray[np.int64] | None) -> Grid:
        """Numbers with error lanes: `errors` holds an error's id, or -1 where there is none."""
        grid = cls.from_numbers(numbers)
        if errors is None:
            return grid
        wrong = errors >= 0
        if not wrong.any():
            return grid
        kinds = np.full(grid.shape, NUMBER, np.uint8) if grid.kinds is None else grid.kinds
        kinds = np.where(wrong, np.uint8(ERROR), kinds)
        return cls(np.where(wrong, errors.astype(np.float64), grid.numbers), kinds)

    @classmethod
    def from_booleans(cls, booleans: Any, errors: NDArray[np.int64] | None = None) -> Grid:
        """A grid of booleans with error lanes (-1: none)."""
        numbers = np.asarray(booleans).astype(np.float64)
        kinds = np.full(numbers.shape, BOOLEAN, np.uint8)
        if errors is not None:
            wrong = errors >= 0
            if wrong.any():
                kinds[wrong] = ERROR
                numbers[wrong] = errors[wrong]
        return cls(numbers, kinds)

    @classmethod
    def from_texts(cls, texts: Sequence[str] | Texts, shape: tuple[int, ...]) -> Grid:
        """A grid of texts, in row-major order."""
        plane = np.empty(len(texts), dtype=object)
        plane[:] = texts
        return cls(np.zeros(shape), np.full(shape, TEXT, np.uint8), plane.reshape(shape))

    @classmethod
    def from_flat(cls, scalars: Sequence[Scalar], shape: tuple[int, ...]) -> Grid:
        """A grid of any scalars, in row-major order.

        >>> Grid.from_flat([1.0, None], (1, 2)).kinds.tolist()
        [[1, 0]]
        """
        first = type(scalars[0]) if scalars else float
        if first is float and all(type(value) is float for value in scalars):
            return cls.from_numbers(np.array(scalars, dtype=np.float64).reshape(shape))
        if first is str and all(type(value) is str for value in scalars):
            return cls.from_texts(scalars, shape)  # type: ignore[arg-type]  # just checked
        count = len(scalars)
        numbers = np.zeros(count)
        kinds = np.zeros(count, np.uint8)
        texts: Texts | None = None
        for index, value in enumerate(scalars):
            if value is None:
                continue
            if isinstance(value, str):
                if texts is None:
                    texts = np.full(count, None, dtype=object)
                texts[index] = value
                kinds[index] = TEXT
            elif isinstance(value, bool | np.bool_):
                numbers[index] = value
                kinds[index] = BOOLEAN
            elif isinstance(value, CellError):
                numbers[index] = error_id(value)
                kinds[index] = ERROR
            else:
                number = float(value)
                if number - number == 0.0:
                    numbers[index] = number + 0.0
                    kinds[index] = NUMBER
                else:
                    numbers[index] = NUM_ID
                    kinds[index] = ERROR
        return cls(
            numbers.reshape(shape),
            None if count and kinds.min() == kinds.max() == NUMBER else kinds.reshape(shape),
            None if texts is None else texts.reshape(shape),
        )

    @classmethod
    def from_rows(cls, rows: Sequence[Sequence[Scalar]]) -> Grid:
        """A grid of nested rows of equal length."""
        return cls.from_flat([value for row in rows for value in row], (len(rows), len(rows[0]) if rows else 0))

    @classmethod
    def full(cls, shape: tuple[int, ...], value: Scalar) -> Grid:
        """The same scalar everywhere."""
        one = cls.from_flat([value], (1,) * len(shape))
        return one.broadcast(shape)

    @classmethod
    def blank(cls, shape: tuple[int, ...]) -> Grid:
        """Blank everywhere, without taking memory for it."""
        return cls(np.broadcast_to(np.float64(0.0), shape), np.broadcast_to(np.uint8(BLANK), shape))

    # -- shape -----------------------------------------------------------------------------------------------------

    @property
    def shape(self) -> tuple[int, ...]:
        """Of every plane."""
        return self.numbers.shape

    @property
    def height(self) -> int:
        """Number of rows."""
        return int(self.numbers.shape[-2])

    @property
    def width(self) -> int:
        """Number of columns."""
        return int(self.numbers.shape[-1])

    @property
    def size(self) -> int:
        """Number of elements."""
        return int(self.numbers.size)

    def __getitem__(self, key: Any) -> Grid:
        """The same numpy index applied to every plane; always gives a Grid."""
        return Grid(
            self.numbers[key],
            None if self.kinds is None else self.kinds[key],
            None if self.texts is None else self.texts[key],
        )

    def reshape(self, shape: tuple[int, ...]) -> Grid:
        """Every plane reshaped, row-major."""
        return Grid(
            self.numbers.reshape(shape),
            None if self.kinds is None else self.kinds.reshape(shape),
            None if self.texts is None else self.texts.reshape(shape),
        )

    def broadcast(self, shape: tuple[int, ...]) -> Grid:
        """Every plane broadcast to a shape, as numpy does."""
        return Grid(
            np.broadcast_to(self.numbers, shape),
            None if self.kinds is None else np.broadcast_to(self.kinds, shape),
            None if self.texts is None else np.broadcast_to(self.texts, shape),
        )

    def transpose(self) -> Grid:
        """Rows for columns."""
        return Grid(
            np.swapaxes(self.numbers, -1, -2),
            None if self.kinds is None else np.swapaxes(self.kinds, -1, -2),
            None if self.texts is None else np.swapaxes(self.texts, -1, -2),
        )

    # -- reading ---------------------------------------------------------------------------------------------------

    def kind_plane(self) -> Kinds:
        """The kinds, also where all are numbers."""
        return np.broadcast_to(np.uint8(NUMBER), self.shape) if self.kinds is None else self.kinds

    def text_plane(self) -> Texts:
        """The texts, also where there are none."""
        return np.broadcast_to(np.array(None, dtype=object), self.shape) if self.texts is None else self.texts

    def item(self, *index: int) -> Scalar:
        """One element as a scalar."""
        if self.kinds is None:
            return float(self.numbers[index])
        kind = self.kinds[index]
        if kind == NUMBER:
            return float(self.numbers[index])
        if kind == TEXT:
            assert self.texts is not None
            text: str = self.texts[index]
            return text
        if kind == BLANK:
            return None
        if kind == BOOLEAN:
            return bool(self.numbers[index])
        return error_from_id(int(self.numbers[index]))

    def flat(self) -> list[Scalar]:
        """All elements in row-major order."""
        if self.kinds is None:
            plain: list[Any] = self.numbers.ravel().tolist()
            return plain
        numbers = self.numbers.ravel().tolist()
        kinds = self.kinds.ravel().tolist()
        texts = [None] * len(numbers) if self.texts is None else self.texts.ravel().tolist()
        return [
            number
            if kind == NUMBER
            else text
            if kind == TEXT
            else None
            if kind == BLANK
            else number != 0.0
            if kind == BOOLEAN
            else error_from_id(int(number))
            for number, kind, text in zip(numbers, kinds, texts, strict=True)
        ]

    def rows(self) -> list[list[Scalar]]:
        """All elements of a two-dimensional grid, row by row."""
        flat, width = self.flat(), self.width
        return [flat[start : start + width] for start in range(0, len(flat), width)] if width else [[] for _ in range(self.height)]

    def first_error(self) -> CellError | None:
        """The first error in row-major order, or None."""
        if self.kinds is None:
            return None
        wrong = self.kinds == ERROR
        if not wrong.any():
            return None
        return error_from_id(int(self.numbers.ravel()[int(np.argmax(wrong.ravel()))]))

    def filled(self) -> int:
        """How many places are not blank."""
        return self.size if self.kinds is None else int(np.count_nonzero(self.kinds != BLANK))

    def error_plane(self) -> NDArray[np.int64] | None:
        """The ids of errors, -1 where there is none; None where there is none at all."""
        if self.kinds is None:
            return None
        wrong = self.kinds == ERROR
        return np.where(wrong, self.numbers, -1.0).astype(np.int64) if wrong.any() else None

    def __repr__(self) -> str:
        return f"Grid({self.rows()!r})" if self.numbers.ndim == 2 and self.size <= 64 else f"Grid(shape={self.shape})"


def assemble(parts: Iterable[Iterable[Grid]]) -> Grid:
    """Grids beside and below each other, as blocks of one; heights and widths must fit.

    >>> assemble([[Grid.from_rows([[1.0]]), Grid.from_rows([["b"]])]]).rows()
    [[1.0, 'b']]
    """
    rows = [list(row) for row in parts]
    pure = all(part.kinds is None for row in rows for part in row)
    texts = any(part.texts is not None for row in rows for part in row)
    return Grid(
        np.block([[part.numbers for part in row] for row in rows]),
        None if pure else np.block([[part.kind_plane() for part in row] for row in rows]),
        np.block([[part.text_plane() for part in row] for row in rows]) if texts else None,
    )


def distinct(values: NDArray[Any]) -> NDArray[Any]:
    """The distinct values of a flat array, ascending: as `np.unique`, which loads numpy.ma (40 ms) at its first call.

    >>> distinct(np.array([3, 1, 3])).tolist(), distinct(np.zeros(0)).tolist()
    ([1, 3], [])
    """
    ordered = np.sort(values)
    found: NDArray[Any] = ordered[np.concatenate((np.ones(min(1, len(ordered)), bool), ordered[1:] != ordered[:-1]))]
    return found
