"""Contents copied, filled, sorted, found and replaced, as scripts ask for them.

In: sheets by id, rectangles. Out: a changed engine and one journal entry; on any error neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sheetengine.address import Range
from sheetengine.errors import ValueRefused
from sheetengine.graph.patterns import Rect
from sheetengine.grid import Grid
from sheetengine.number_format import is_date_format
from sheetengine.recalc.engine import Engine
from sheetengine.recalc.snapshot import Snapshot, restore, take
from sheetengine.restructure.pasting import paste
from sheetengine.restructure.sorting import order_of, permute, refuse_sort
from sheetengine.store.chunk import Box
from sheetengine.values import Area, Scalar
from sheetengine.workbook.autofill import Unit, continued, stepped
from sheetengine.workbook.journal import ContentChange, Journal
from sheetengine.workbook.structure import check_fits

Line = list[tuple[int, int]]
"""Cells in the order in which a series goes through them."""


@dataclass(frozen=True, slots=True)
class SeriesRequest:
    """What `Range.fill_series` was asked for."""

    step: float
    stop: float | None
    across: bool
    growth: bool
    unit: Unit | None


class Contents:
    """Copies, fills and sorts in one workbook."""

    def __init__(self, engine: Engine, journal: Journal) -> None:
        self.engine = engine
        self.journal = journal

    # -- copying -----------------------------------------------------------------------------------------------------

    def copy(self, sheet: int, rect: Rect, target_sheet: int, target: Rect) -> Rect:
        """Values, formulas and formats to another place; a larger target of a whole number of times the size is filled."""
        height, width = rect.bottom - rect.top + 1, rect.right - rect.left + 1
        tall, wide = target.bottom - target.top + 1, target.right - target.left + 1
        if tall % height or wide % width:
            tall, wide = height, width
        check_fits(rect, target.top, target.left)
        target = Rect(target.top, target.left, target.top + tall - 1, target.left + wide - 1)
        self._paste(take(self.engine, sheet, rect, formats=True), target_sheet, target)
        return target

    def _paste(self, kept: Snapshot, sheet: int, target: Rect) -> None:
        before = take(self.engine, sheet, target, formats=True)
        paste(self.engine, kept, sheet, target)
        self.journal.note(ContentChange(before))

    # -- filling -----------------------------------------------------------------------------------------------------

    def fill_edge(self, sheet: int, rect: Rect, side: str) -> None:
        """The cells of one edge repeated over the rectangle: `down` from the first row, `right` from the first column…"""
        source, target = _edge(rect, side)
        if target is not None:
            self._paste(take(self.engine, sheet, source, formats=True), sheet, target)

    def autofill(self, sheet: int, source: Rect, target: Rect) -> None:
        """What dragging the fill handle from a range to a larger one writes."""
        side, rest = _beyond(source, target)
        if rest is None:
            return
        self.engine.flush([Area(sheet, *source)])
        before = take(self.engine, sheet, rest, formats=True)
        kept = take(self.engine, sheet, source, formats=True)
        try:
            self._lay(kept, sheet, source, rest, side)
            self._continue(kept, sheet, source, rest, side)
        except BaseException:
            restore(self.engine, before)
            raise
        self.journal.note(ContentChange(before))

    def _lay(self, kept: Snapshot, sheet: int, source: Rect, rest: Rect, side: str) -> None:
        """The source as often as it fits, and a part of it at the end."""
        long = _length(source, side)
        whole, over = divmod(_length(rest, side), long)
        if whole:
            paste(self.engine, kept, sheet, _stretch(rest, side, 0, whole * long))
        if over:
            part = _stretch(source, side, 0, over)
            paste(self.engine, take(self.engine, sheet, part, formats=True), sheet, _stretch(rest, side, whole * long, over))

    def _continue(self, kept: Snapshot, sheet: int, source: Rect, rest: Rect, side: str) -> None:
        """Series in place of repeated constants, line by line."""
        engine = self.engine
        date1904 = engine.book.date1904
        store = engine.book.sheets[sheet].store
        for line, beyond in zip(_lines(source, side), _lines(rest, side), strict=True):
            places = line if side in ("down", "right") else line[::-1]
            ahead = beyond if side in ("down", "right") else beyond[::-1]
            held: list[Scalar] = [None if store.owner(*place) else store.cell(*place) for place in places]
            dates = [is_date_format(engine.book.format_of(sheet, *place)) for place in places]
            values = continued(held, dates, len(ahead), back=side in ("up", "left"), date1904=date1904)
            free = [held[step % len(held)] is not None for step in range(len(ahead))]
            if all(free):
                top, left = min(ahead)
                flat = values if side in ("down", "right") else values[::-1]
                shape = (len(flat), 1) if side in ("down", "up") else (1, len(flat))
                engine.set_values(sheet, top, left, Grid.from_flat(flat, shape))
                continue
            for place, value, wanted in zip(ahead, values, free, strict=True):
                if wanted:
                    engine.set_value(sheet, *place, value)

    def series(self, sheet: int, rect: Rect, wanted: SeriesRequest) -> None:
        """A series in every line of a rectangle from the line's first cell on; the caller makes one step of the lines."""
        engine = self.engine
        engine.flush([Area(sheet, *rect)])
        store = engine.book.sheets[sheet].store
        side = "right" if wanted.across else "down"
        lines = _lines(rect, side)
        starts = [store.cell(*line[0]) for line in lines]
        for line, start in zip(lines, starts, strict=True):
            if type(start) is not float:
                raise ValueRefused(f"a series begins with a number; {Range(*line[0], *line[0])} holds {start!r}")
        for line, start in zip(lines, starts, strict=True):
            assert type(start) is float
            values = stepped(
                start, wanted.step, len(line), wanted.stop, growth=wanted.growth, unit=wanted.unit, date1904=engine.book.date1904
            )[1:]
            if values:
                shape = (1, len(values)) if wanted.across else (len(values), 1)
                # Of what is written alone: the first cell may be a part of an array, which cannot be put back.
                before = take(engine, sheet, Rect(*line[1], *line[len(values)]), formats=True)
                engine.set_values(sheet, *line[1], Grid.from_flat(values, shape))
                self._format_like(sheet, line[0], line[1 : len(values) + 1])
                self.journal.note(ContentChange(before))

    def _format_like(self, sheet: int, first: tuple[int, int], cells: Line) -> None:
        formats = self.engine.book.sheets[sheet].formats
        number = formats.cell(*first)
        (top, left), (bottom, right) = cells[0], cells[-1]
        formats.clear(Box(top, left, bottom, right))
        if number is not None:
            formats.write(top, left, Grid.full((bottom - top + 1, right - left + 1), number))

    # -- sorting -----------------------------------------------------------------------------------------------------

    def sort(self, sheet: int, rect: Rect, keys: Sequence[tuple[int, bool]]) -> None:
        """The rows of a rectangle in the order of some of its columns."""
        engine = self.engine
        engine.flush([Area(sheet, *rect)])
        refuse_sort(engine, sheet, rect)
        order = order_of(engine, sheet, rect, keys)
        kept = take(engine, sheet, rect, formats=True)
        permute(engine, kept, order)
        self.journal.note(ContentChange(kept))


def _edge(rect: Rect, side: str) -> tuple[Rect, Rect | None]:
    """The edge a fill starts from and what it fills."""
    top, left, bottom, right = rect
    if side in ("down", "up"):
        row = top if side == "down" else bottom
        rest = Rect(top + 1, left, bottom, right) if side == "down" else Rect(top, left, bottom - 1, right)
        return Rect(row, left, row, right), rest if bottom > top else None
    column = left if side == "right" else right
    rest = Rect(top, left + 1, bottom, right) if side == "right" else Rect(top, left, bottom, right - 1)
    return Rect(top, column, bottom, column), rest if right > left else None


def _beyond(source: Rect, target: Rect) -> tuple[str, Rect | None]:
    """Which way a range grows to a larger one, and by what."""
    if (source.left, source.right) == (target.left, target.right):
        if source.top == target.top and source.bottom <= target.bottom:
            rest = Rect(source.bottom + 1, source.left, target.bottom, source.right)
            return "down", rest if source.bottom < target.bottom else None
        if source.bottom == target.bottom and target.top < source.top:
            return "up", Rect(target.top, source.left, source.top - 1, source.right)
    if (source.top, source.bottom) == (target.top, target.bottom):
        if source.left == target.left and source.right < target.right:
            return "right", Rect(source.top, source.right + 1, source.bottom, target.right)
        if source.right == target.right and target.left < source.left:
            return "left", Rect(source.top, target.left, source.bottom, source.left - 1)
    raise ValueRefused(f"{Range(*target)} is not {Range(*source)} made longer at one side")


def _length(rect: Rect, side: str) -> int:
    return rect.bottom - rect.top + 1 if side in ("down", "up") else rect.right - rect.left + 1


def _stretch(rect: Rect, side: str, first: int, count: int) -> Rect:
    """`count` lines of a rectangle from one on, counted the way the fill goes."""
    match side:
        case "down":
            return rect._replace(top=rect.top + first, bottom=rect.top + first + count - 1)
        case "right":
            return rect._replace(left=rect.left + first, right=rect.left + first + count - 1)
        case "up":
            return rect._replace(top=rect.bottom - first - count + 1, bottom=rect.bottom - first)
        case _:
            return rect._replace(left=rect.right - first - count + 1, right=rect.right - first)


def _lines(rect: Rect, side: str) -> list[Line]:
    rows, columns = range(rect.top, rect.bottom + 1), range(rect.left, rect.right + 1)
    if side in ("down", "up"):
        return [[(row, column) for row in rows] for column in columns]
    return [[(row, column) for column in columns] for row in rows]


__all__ = ["Contents", "SeriesRequest"]
