"""The row or column of cells that a lookup searches, with the indexes that searching makes.

In: a range or an array. Out: a `Line`; that of a range is kept with its cells, so that its indexes serve until one of them changes.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import pairwise
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sheetengine.collation import fold_case, order_key
from sheetengine.functions.context import Context
from sheetengine.functions.distinct_numbers import DistinctNumbers
from sheetengine.grid import NUMBER, TEXT, Grid
from sheetengine.tails import Tailed
from sheetengine.values import Area, Reference

Places: TypeAlias = NDArray[np.int64]
Ordered: TypeAlias = "Any"  # a list or an array of values that can be compared with a key of their kind

_LONG: Final = 1 << 16


class KindIndex:
    """The cells of one kind of a line: their distinct values in order, and the first and last place of each."""

    __slots__ = ("_distinct", "firsts", "lasts", "values")

    def __init__(self, values: Ordered, firsts: Places, lasts: Places) -> None:
        self._distinct: DistinctNumbers | None = None
        self.values = values
        self.firsts = firsts
        self.lasts = lasts

    def distinct(self) -> DistinctNumbers:
        """The values, which must be numbers, to be found for many keys at once."""
        if self._distinct is None:
            self._distinct = DistinctNumbers(self.values)
        return self._distinct

    def below(self, key: Any) -> int:
        """How many distinct values are less than a key."""
        if isinstance(self.values, list):
            return bisect_left(self.values, key)
        return int(np.searchsorted(self.values, key, "left"))


class Line:
    """A row or column of cells, flat, as far as any of it is used; `length` counts the unused rest too."""

    __slots__ = ("_firsts", "_folded", "_grid", "_indexes", "_lasts", "_nexts", "_ordered", "_sorted", "cells", "head", "kept", "length")

    def __init__(self, cells: Grid, length: int, kept: bool = False) -> None:
        self.cells = cells
        """The cells as they lie."""
        self.length = length
        self.head: Line = Line(cells.part, cells.part.size) if isinstance(cells, Tailed) else self
        """The line as far as the first of anything is found in it."""
        self.kept = kept
        """Whether it will be used again, so that an index pays."""
        self._grid: Grid | None = None
        self._folded: list[str] | None = None
        self._ordered: list[str] | None = None
        self._indexes: dict[int, KindIndex] = {}
        self._firsts: dict[str, int] | None = None
        self._lasts: dict[str, int] | None = None
        self._nexts: dict[int, list[int] | Places | None] = {}
        self._sorted: dict[int, tuple[Ordered, Places] | None] = {}

    @property
    def grid(self) -> Grid:
        """The cells, flat."""
        if self._grid is None:
            self._grid = self.cells.reshape((self.cells.size,))
        return self._grid

    @property
    def count(self) -> int:
        """Number of cells that are held."""
        return self.cells.size

    def folded(self) -> list[str]:
        """All texts in one case, "" for what is no text."""
        if self._folded is None:
            texts = self.grid.texts
            plain: list[Any] = [] if texts is None else texts.tolist()
            self._folded = list(map(fold_case, plain)) if None not in plain else [fold_case(text) if text else "" for text in plain]
        return self._folded

    def places_of(self, kind: int) -> Places:
        """Where the cells of a kind are."""
        kinds = self.grid.kinds
        if kinds is None:
            return np.arange(self.count) if kind == NUMBER else np.empty(0, np.int64)
        return np.flatnonzero(kinds == kind)

    def ordered(self) -> list[str]:
        """The order keys of all texts, "" for what is no text."""
        if self._ordered is None:
            texts = self.grid.texts
            plain: list[Any] = [] if texts is None else texts.tolist()
            self._ordered = [order_key(text) if text is not None else "" for text in plain]
        return self._ordered

    def values_of(self, kind: int) -> Ordered:
        """The line's values as ordered keys of a kind see them; only the places of that kind mean anything."""
        return self.ordered() if kind == TEXT else self.grid.numbers

    def index(self, kind: int) -> KindIndex:
        """The index of one kind, made once."""
        known = self._indexes.get(kind)
        if known is None:
            known = self._indexes[kind] = self._text_index() if kind == TEXT else self._number_index(kind)
        return known

    def _number_index(self, kind: int) -> KindIndex:
        places = self.places_of(kind)
        values = self.grid.numbers[places]
        order = np.argsort(values, kind="stable")
        values = values[order]
        starts = np.flatnonzero(np.concatenate(([True], values[1:] != values[:-1]))) if len(values) else np.empty(0, np.int64)
        ends = np.concatenate((starts[1:], [len(values)])) - 1 if len(values) else starts
        order = places[order]
        return KindIndex(values[starts], order[starts], order[ends])

    def known_texts(self, last: bool) -> dict[str, int]:
        """The first (or last) place of each text."""
        known = self._lasts if last else self._firsts
        if known is None:
            folded = self.folded()
            places = self.places_of(TEXT).tolist()
            texts = folded if len(places) == len(folded) else [folded[place] for place in places]
            # Of equal keys the one that comes last stays in a dict.
            known = dict(zip(texts, places, strict=True)) if last else dict(zip(reversed(texts), reversed(places), strict=True))
            if last:
                self._lasts = known
            else:
                self._firsts = known
        return known

    def _text_index(self) -> KindIndex:
        firsts, lasts = self.known_texts(False), self.known_texts(True)
        entries = sorted([(order_key(text), text) for text in firsts])
        return KindIndex(
            [key for key, _ in entries],
            np.array([firsts[text] for _, text in entries], np.int64),
            np.array([lasts[text] for _, text in entries], np.int64),
        )

    def next_of(self, kind: int) -> list[int] | Places | None:
        """For each place the first at or behind it that holds the kind; None where all do."""
        if kind not in self._nexts:
            kinds = self.grid.kinds
            fits = np.full(self.count, kind == NUMBER) if kinds is None else kinds == kind
            if fits.all():
                self._nexts[kind] = None
            else:
                places = np.where(fits, np.arange(self.count), self.count)
                nexts = np.minimum.accumulate(places[::-1])[::-1]
                # A search by halves looks at a few of them; many searches at many.
                self._nexts[kind] = nexts if len(nexts) > _LONG else nexts.tolist()
        return self._nexts[kind]

    def sorted_run(self, kind: int) -> tuple[Ordered, Places] | None:
        """The values of a kind and their places where they ascend and the binary search may be any binary search."""
        if kind not in self._sorted:
            places = self.places_of(kind)
            together = len(places) == 0 or int(places[-1]) - int(places[0]) + 1 == len(places)
            self._sorted[kind] = None
            if kind == TEXT:
                ordered = self.ordered()
                texts = [ordered[place] for place in places.tolist()]
                pairs = pairwise(texts)
                if all(one <= two for one, two in pairs) if together else all(one < two for one, two in pairs):
                    self._sorted[kind] = texts, places
            else:
                values = self.grid.numbers[places]
                if bool(np.all(values[1:] >= values[:-1]) if together else np.all(values[1:] > values[:-1])):
                    self._sorted[kind] = values, places
        return self._sorted[kind]


# -- lines of ranges ---------------------------------------------------------------------------------------------------------


def line_of_area(area: Area, context: Context) -> Line:
    """The line of a row or column of a sheet; it is kept in the grid's memo, so that its indexes serve until a cell changes."""
    length = max(area.height, area.width)
    used = context.used(area)
    if used is None:
        return Line(Grid(np.empty(0)), length)
    grid = context.read(area._replace(bottom=used.bottom, right=used.right))
    memo = grid.memo
    if memo is None:
        return Line(grid, length)
    line = memo.get("line")
    if isinstance(line, Line) and line.length == length:
        return line
    line = memo["line"] = Line(grid, length, kept=True)
    return line


def line_of(argument: object, context: Context) -> Line | None:
    """The line that an argument is; None where it is not one row or one column."""
    if isinstance(argument, Reference):
        area = argument.area
        if area is None or (area.height > 1 and area.width > 1):
            return None
        return line_of_area(area, context)
    assert isinstance(argument, Grid)
    if argument.height > 1 and argument.width > 1:
        return None
    return Line(argument, argument.size)
