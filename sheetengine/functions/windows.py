"""Many ranges reduced at once: what the batch forms of SUM, COUNT, MAX, VAR and their kin are made of.

In: one argument of a batch, a Grid (members, rows, columns) or `Growing` ranges over one hull, and the rule that says which of its
cells count. Out: per member its first error, its total in SUM's order, how many cells count, the largest or smallest of them, the
squares of their distances from a centre. Invariant: equal to the bit to the same reduction of the one range.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple, Protocol, TypeAlias

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from sheetengine.coerce import Errors, first_errors
from sheetengine.functions.ordered_sum import ordered_sum, ordered_sums, unslid
from sheetengine.functions.range_sums import Rows, range_totals
from sheetengine.grid import BLANK, BOOLEAN, ERROR, NUMBER, Grid, Numbers

_PORTION: Final = 1 << 20
"""Cells of windows that are copied at a time."""

Mask = NDArray[np.bool_]
Rule: TypeAlias = Callable[[Grid], tuple[Numbers, Mask | None]]
"""From cells to their numbers, 0.0 for those that do not count, and the mask of those that do (None: all)."""


class Growing(NamedTuple):
    """Ranges over all columns of one hull, whose heights differ from member to member: running totals, `A$1:A1` filled down."""

    hull: Grid
    tops: Rows
    bottoms: Rows

    @property
    def top_row(self) -> int:
        """The absolute row of the hull's first."""
        return int(self.tops.min())


# -- rules -------------------------------------------------------------------------------------------------------------


def numbers_only(grid: Grid) -> tuple[Numbers, Mask | None]:
    """Of a range or an array only numbers count: AVERAGE, MAX, VAR."""
    kinds = grid.kinds
    if kinds is None:
        return grid.numbers, None
    counted = kinds == NUMBER
    if counted.all():
        return grid.numbers, None
    others = (kinds == BOOLEAN) | (kinds == ERROR)
    return (np.where(others, 0.0, grid.numbers) if others.any() else grid.numbers), counted


def texts_and_booleans_too(grid: Grid) -> tuple[Numbers, Mask | None]:
    """Texts count for 0, booleans for 0 or 1: AVERAGEA, MAXA, VARA."""
    kinds = grid.kinds
    if kinds is None:
        return grid.numbers, None
    wrong = kinds == ERROR
    counted = (kinds != BLANK) & ~wrong
    return (np.where(wrong, 0.0, grid.numbers) if wrong.any() else grid.numbers), None if counted.all() else counted


# -- the ranges of one argument ----------------------------------------------------------------------------------------


class Lanes(Protocol):
    """One argument over the members of a batch; each answer has one element a member, or one for all."""

    errors: Errors | None

    def totals(self) -> Numbers:
        """The sums."""

    def counts(self) -> Numbers:
        """How many cells count."""

    def extremes(self, extreme: np.ufunc, nothing: float) -> Numbers:
        """`np.maximum` or `np.minimum` of the cells that count; `nothing` where none does."""

    def squares(self, centres: Numbers) -> Numbers:
        """The sums of the squared distances from each member's centre."""


class Stacked:
    """Ranges of one shape, (members, rows, columns)."""

    def __init__(self, grid: Grid, rule: Rule) -> None:
        self.tops = grid.tops
        if self.tops is None and grid.source is not None:
            self.tops = np.array([grid.source.top], np.int64)
        self.numbers, self.counted = rule(grid)
        self.errors = stacked_errors(grid)

    def totals(self) -> Numbers:
        """The sums."""
        return ordered_sums(self.numbers, self.tops)

    def counts(self) -> Numbers:
        """How many cells count."""
        members, height, width = self.numbers.shape
        if self.counted is None:
            return np.full(members, float(height * width))
        counts: Numbers = np.count_nonzero(self.counted, axis=(1, 2)).astype(np.float64)
        return counts

    def extremes(self, extreme: np.ufunc, nothing: float) -> Numbers:
        """The largest or smallest of the cells that count."""
        numbers = self.numbers if self.counted is None else np.where(self.counted, self.numbers, nothing)
        found: Numbers = extreme.reduce(numbers, axis=(1, 2), initial=nothing)
        return found

    def squares(self, centres: Numbers) -> Numbers:
        """The sums of the squared distances from each member's centre."""
        members = max(len(self.numbers), len(centres))
        portion = max(1, _PORTION // max(1, self.numbers[0].size))
        parts = []
        for first in range(0, members, portion):
            lanes = slice(first, first + portion)
            numbers = self.numbers if len(self.numbers) == 1 else self.numbers[lanes]
            apart = numbers - (centres if len(centres) == 1 else centres[lanes])[:, None, None]
            if self.counted is not None:
                apart *= self.counted if len(self.counted) == 1 else self.counted[lanes]
            tops = self.tops if self.tops is None or len(self.tops) == 1 else self.tops[lanes]
            parts.append(ordered_sums(apart * apart, tops))
        return parts[0] if len(parts) == 1 else np.concatenate(parts)


class Ranged:
    """Ranges between two rows over all columns of one plane: sliding windows and growing ranges."""

    def __init__(self, plane: Grid, top_row: int, tops: Rows, bottoms: Rows, rule: Rule) -> None:
        self.top_row, self.tops, self.bottoms = top_row, tops, bottoms
        self.numbers, self.counted = rule(plane)
        self.errors = ranged_errors(plane, top_row, tops, bottoms)

    def totals(self) -> Numbers:
        """The sums."""
        return range_totals(self.numbers, self.top_row, self.tops, self.bottoms)

    def counts(self) -> Numbers:
        """How many cells count."""
        if self.counted is None:
            sizes: Numbers = ((self.bottoms - self.tops + 1) * self.numbers.shape[1]).astype(np.float64)
            return sizes
        above = np.zeros(len(self.counted) + 1, np.int64)
        np.cumsum(np.count_nonzero(self.counted, axis=1), out=above[1:])
        return (above[self.bottoms - self.top_row + 1] - above[self.tops - self.top_row]).astype(np.float64)

    def extremes(self, extreme: np.ufunc, nothing: float) -> Numbers:
        """The largest or smallest of the cells that count."""
        numbers = self.numbers if self.counted is None else np.where(self.counted, self.numbers, nothing)
        lines: Numbers = extreme.reduce(numbers, axis=1, initial=nothing)
        firsts, lasts = self.tops - self.top_row, self.bottoms - self.top_row
        if len(firsts) and bool((firsts == firsts[0]).all()):
            start = int(firsts[0])
            running: Numbers = extreme.accumulate(lines[start:])[lasts - start]
            return running
        # The extremes of 2, 4, 8, … rows from each row on; two of them that overlap cover a range.
        found = np.full(len(firsts), nothing)
        lengths = lasts - firsts + 1
        reach = 1
        while True:
            now = (lengths >= reach) & (lengths < 2 * reach)
            if now.any():
                found[now] = extreme(lines[firsts[now]], lines[lasts[now] - reach + 1])
            if 2 * reach > int(lengths.max(initial=0)):
                return found
            lines = extreme(lines[:-reach], lines[reach:])
            reach *= 2

    def squares(self, centres: Numbers) -> Numbers:
        """The sums of the squared distances from each member's centre."""
        heights = self.bottoms - self.tops + 1
        firsts = self.tops - self.top_row
        if len(firsts) and bool((heights == heights[0]).all()):
            return self._squares_of_windows(firsts, int(heights[0]), np.broadcast_to(centres, firsts.shape))
        sums = np.empty(len(firsts))
        centre_list = np.broadcast_to(centres, firsts.shape).tolist()
        for index, (top, height, centre) in enumerate(zip(firsts.tolist(), heights.tolist(), centre_list, strict=True)):
            apart = self.numbers[top : top + height] - centre
            if self.counted is not None:
                apart *= self.counted[top : top + height]
            sums[index] = ordered_sum(apart * apart, self.top_row + top)
        return sums

    def _squares_of_windows(self, firsts: Rows, height: int, centres: Numbers) -> Numbers:
        windows = sliding_window_view(self.numbers, height, axis=0).swapaxes(1, 2)
        masks = None if self.counted is None else sliding_window_view(self.counted, height, axis=0).swapaxes(1, 2)
        portion = max(1, _PORTION // (height * self.numbers.shape[1]))
        parts = []
        for start in range(0, len(firsts), portion):
            chosen = firsts[start : start + portion]
            apart = windows[chosen] - centres[start : start + portion, None, None]
            if masks is not None:
                apart *= masks[chosen]
            parts.append(ordered_sums(apart * apart, chosen + self.top_row))
        return np.concatenate(parts)


def lanes_of(argument: Grid | Growing, rule: Rule) -> Lanes:
    """One argument of a batch, in the form that shares the most work between its members."""
    if isinstance(argument, Growing):
        return Ranged(argument.hull, argument.top_row, argument.tops, argument.bottoms, rule)
    tops = argument.tops
    if tops is not None and len(tops) == len(argument.numbers):
        numbers = unslid(argument.numbers)
        kinds = None if argument.kinds is None else unslid(argument.kinds)
        if numbers is not None and (argument.kinds is None or kinds is not None) and bool((np.diff(tops) == 1).all()):
            texts = None if argument.texts is None else unslid(argument.texts)
            return Ranged(Grid(numbers, kinds, texts), int(tops[0]), tops, tops + (argument.height - 1), rule)
    return Stacked(argument, rule)


def all_errors(lanes: Sequence[Lanes]) -> Errors | None:
    """The first error of each member, by the order of the arguments."""
    errors: Errors | None = None
    for one in lanes:
        errors = first_errors(errors, one.errors)
    return errors


def summed(terms: Sequence[Any]) -> Any:
    """The arguments' parts added from left to right."""
    total = terms[0]
    with np.errstate(all="ignore"):
        for one in terms[1:]:
            total = total + one
    return total


# -- errors ------------------------------------------------------------------------------------------------------------


def stacked_errors(grid: Grid) -> Errors | None:
    """The first error of each member of a batch, -1 where it has none; None where no member has one."""
    kinds = grid.kinds
    if kinds is None:
        return None
    wrong = kinds == ERROR
    if not wrong.any():
        return None
    members = len(kinds)
    wrong = wrong.reshape((members, -1))
    place = wrong.argmax(axis=1)
    lane = np.arange(members)
    ids = grid.numbers.reshape((members, -1))[lane, place]
    return np.where(wrong[lane, place], ids, -1.0).astype(np.int64)


def ranged_errors(plane: Grid, top_row: int, tops: Rows, bottoms: Rows) -> Errors | None:
    """The first error of each range, row-major."""
    if plane.kinds is None:
        return None
    wrong = plane.kinds == ERROR
    rows = np.flatnonzero(wrong.any(axis=1))
    if not len(rows):
        return None
    ids = plane.numbers[rows, wrong[rows].argmax(axis=1)].astype(np.int64)
    place = np.searchsorted(rows + top_row, tops)
    nearest = np.minimum(place, len(rows) - 1)
    found = (place < len(rows)) & (rows[nearest] + top_row <= bottoms)
    return np.where(found, ids[nearest], -1)


__all__ = [
    "Growing",
    "Lanes",
    "Mask",
    "Rule",
    "all_errors",
    "lanes_of",
    "numbers_only",
    "stacked_errors",
    "summed",
    "texts_and_booleans_too",
]
