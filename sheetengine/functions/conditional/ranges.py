"""The ranges of a conditional function, cut to what is used of them and laid beside each other.

In: references and a `Context`. Out: `Conditions`, grids of one shape, or the error Excel answers. Invariant: what lies outside the
cut is blank in every range, so it can only be counted, and only where every criterion finds blanks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from sheetengine.functions.context import Context
from sheetengine.grid import Grid
from sheetengine.values import VALUE, Area, CellError, Reference

_LAST_ROW: Final = 1_048_575
_LAST_COLUMN: Final = 16_383

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Conditions:
    """Criteria ranges and the range of values, all of one shape."""

    areas: tuple[Area, ...]
    grids: tuple[Grid, ...]
    values: Grid | None
    outside: int
    """How many cells of each range were cut away; all of them are blank."""
    date1904: bool


def conditions_of(ranges: Sequence[Reference], values: Reference | None, context: Context, resize: bool) -> Conditions | CellError:
    """Ranges read; with `resize` the values begin where their range begins and take the shape of the criteria range (SUMIF)."""
    areas: list[Area] = []
    for reference in (*ranges, values) if values is not None else ranges:
        area = reference.area
        if area is None:
            return VALUE
        areas.append(area)
    first = areas[0]
    height, width = first.height, first.width
    if values is not None and resize:
        last = areas[-1]
        bottom, right = min(last.top + height - 1, _LAST_ROW), min(last.left + width - 1, _LAST_COLUMN)
        areas[-1] = Area(last.sheet, last.top, last.left, bottom, right)
    elif any(area.height != height or area.width != width for area in areas):
        return CellError("#VALUE!", "the ranges have different shapes")
    tall, wide = _used_extent(areas, context)
    tall, wide = min(tall, height), min(wide, width)
    grids = [context.read(Area(area.sheet, area.top, area.left, area.top + tall - 1, area.left + wide - 1)) for area in areas]
    cut = tuple(Area(area.sheet, area.top, area.left, area.top + tall - 1, area.left + wide - 1) for area in areas)
    count = len(ranges)
    return Conditions(
        cut[:count], tuple(grids[:count]), grids[count] if values is not None else None, height * width - tall * wide, context.date1904
    )


def _used_extent(areas: Sequence[Area], context: Context) -> tuple[int, int]:
    """Rows and columns from the top left corner that hold anything in any of the ranges, at least one of each."""
    tall = wide = 1
    for area in areas:
        used = context.used(area)
        if used is not None:
            tall, wide = max(tall, used.bottom - area.top + 1), max(wide, used.right - area.left + 1)
    return tall, wide


def kept(key: object, grids: Sequence[Grid], make: Callable[[], Made]) -> Made:
    """What was made for these grids before, as long as they are the same; it is kept with the first of them."""
    memo = grids[0].memo
    if memo is None:
        return make()
    others = tuple(grids[1:])
    entry = memo.get(key)
    if isinstance(entry, tuple) and len(entry[0]) == len(others) and all(one is two for one, two in zip(entry[0], others, strict=True)):
        return entry[1]  # type: ignore[no-any-return]  # put there below
    made = make()
    memo[key] = (others, made)
    return made
