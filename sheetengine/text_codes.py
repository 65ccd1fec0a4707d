"""Texts as numbers that compare as the texts do: a plane of texts is read once, and compared with others as integers.

In: two grids whose shapes numpy broadcasts. Out: planes of codes, of the grids' own shapes; an element that is no text counts as "", which is
what a blank is beside a text. Invariant: codes are equal, or in order, where `collation` says so of the texts. Cost: each distinct text is
looked at once; a grid that the engine keeps remembers the numbers of its texts in its `memo`.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sheetengine.collation import fold_case, order_key
from sheetengine.grid import Grid, Texts

Codes = NDArray[np.int32]

_MEMO = "texts as numbers"


class _Numbered:
    """The texts of a plane, flat in row-major order, numbered in the order in which they are met."""

    def __init__(self, plane: Texts) -> None:
        flat = plane.ravel().tolist()
        self.numbers: dict[str, int] = {}
        """The number of each distinct text, without regard to case."""
        of = {text: self.numbers.setdefault(fold_case(text or ""), len(self.numbers)) for text in dict.fromkeys(flat)}
        self.codes: Codes = np.fromiter(map(of.__getitem__, flat), np.int32, len(flat))

    @cached_property
    def order(self) -> tuple[list[str], Codes]:
        """The sort keys of the distinct texts in order, and the place of each number among them."""
        keys = list(map(order_key, self.numbers))
        ordered = sorted(keys)
        places = {key: place for place, key in enumerate(ordered)}
        return ordered, np.fromiter(map(places.__getitem__, keys), np.int32, len(keys))


def equality_codes(left: Grid, right: Grid) -> tuple[Codes, Codes]:
    """Codes that are equal where the texts are, without regard to case.

    >>> one, two = equality_codes(Grid.from_rows([["Ash"], ["oak"], ["ASH"]]), Grid.from_rows([["ash"]]))
    >>> (one == two).tolist()
    [[True], [False], [True]]
    """
    (base, base_shape), (other, other_shape), swapped = _pair(left, right)
    numbers = base.numbers
    table = np.fromiter((numbers.get(text, -1) for text in other.numbers), np.int32, len(other.numbers))
    return _ordered(base.codes.reshape(base_shape), table[other.codes].reshape(other_shape), swapped)


def order_codes(left: Grid, right: Grid) -> tuple[Codes, Codes]:
    """Codes that are in the order of the texts.

    >>> one, two = order_codes(Grid.from_rows([["co-op"], ["Elm"]]), Grid.from_rows([["coop"]]))
    >>> (one > two).tolist()
    [[True], [True]]
    """
    (base, base_shape), (other, other_shape), swapped = _pair(left, right)
    keys, places = base.order
    # The base's texts have odd codes, so that there is room between any two of them.
    table = np.fromiter((_between(keys, order_key(text)) for text in other.numbers), np.int32, len(other.numbers))
    return _ordered((2 * places + 1)[base.codes].reshape(base_shape), table[other.codes].reshape(other_shape), swapped)


def _between(keys: list[str], key: str) -> int:
    place = bisect_left(keys, key)
    return 2 * place + (place < len(keys) and keys[place] == key)


def _ordered(base: Codes, other: Codes, swapped: bool) -> tuple[Codes, Codes]:
    return (other, base) if swapped else (base, other)


def _pair(left: Grid, right: Grid) -> tuple[tuple[_Numbered, tuple[int, ...]], tuple[_Numbered, tuple[int, ...]], bool]:
    """Both grids numbered, first the one whose numbers the other's are turned into: that with more texts."""
    one, two = _numbered(left), _numbered(right)
    swapped = len(two[0].numbers) > len(one[0].numbers)
    return (two, one, True) if swapped else (one, two, False)


def _numbered(grid: Grid) -> tuple[_Numbered, tuple[int, ...]]:
    """The texts of a grid numbered, and the shape of their plane: what only repeats is read once."""
    plane = _core(grid.text_plane())
    memo = grid.memo
    if memo is None:
        return _Numbered(plane), plane.shape
    known = memo.get(_MEMO)
    if not isinstance(known, _Numbered):
        known = memo[_MEMO] = _Numbered(plane)
    return known, plane.shape


def _core(plane: Texts) -> Texts:
    """A plane without the axes along which it is broadcast."""
    index: tuple[Any, ...] = tuple(slice(0, 1) if step == 0 else slice(None) for step in plane.strides)
    core: Texts = plane[index]
    return core
