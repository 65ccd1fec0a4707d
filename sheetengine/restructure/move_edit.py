"""A rectangle cut and pasted, as a structural edit.

In: the rectangle and where it goes. Out: what of it `structure.restructure` does. Invariant: an array formula, a data table or merged
cells move whole or not at all.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sheetengine.address import Range
from sheetengine.errors import EditRefused
from sheetengine.graph.patterns import Rect
from sheetengine.names import Table
from sheetengine.recalc.blocks import Block
from sheetengine.recalc.book import Book
from sheetengine.recalc.engine import Engine
from sheetengine.restructure.moving import Moving
from sheetengine.restructure.shift import meet
from sheetengine.store import SheetStore
from sheetengine.store.chunk import Box
from sheetengine.syntax.shift import Extent


@dataclass(frozen=True, slots=True)
class MoveEdit:
    """Cells of a sheet cut and pasted with their first cell at a place of a sheet (`structure.Edit`)."""

    sheet: int
    source: Rect
    target_sheet: int
    top: int
    left: int

    @property
    def target(self) -> Rect:
        """Where they go."""
        source = self.source
        return Rect(self.top, self.left, self.top + source.bottom - source.top, self.left + source.right - source.left)

    def way(self, book: Book) -> Moving:
        """Where cells go."""
        return Moving(book, self.sheet, self.source, self.target_sheet, self.top, self.left)

    def back(self, book: Book) -> Moving:
        """Where they come from."""
        return self.way(book).inverse

    def refuse(self, engine: Engine) -> None:
        """Raise `EditRefused` where Excel would not do it."""
        field, book = engine.field, engine.book
        wholes: list[tuple[int, Extent, str]] = []
        for number, ranges in field.spills.ranges.items():
            if field.blocks[number].array is not None:
                wholes.append((field.blocks[number].sheet, ranges[0], "array formula"))
        for block in field:
            if isinstance(block, Block) and block.program.mode == "table":
                wholes.append((block.sheet, block.rect, "data table"))
        for record in book.sheets.values():
            wholes += [(record.id, merged, "merged cell") for merged in record.merged]
        for sheet, extent, what in wholes:
            for own, rect in ((self.sheet, self.source), (self.target_sheet, self.target)):
                if own == sheet and meet(extent, rect) and not _holds(rect, extent):
                    raise EditRefused(f"{book.sheets[sheet].name}!{Range(*extent)} is one {what}; it cannot be moved or replaced in part")
        for table in book.tables.values():
            area = table.area[1:]
            over = table.sheet == self.target_sheet and _holds(self.target, area)
            if over and not (table.sheet == self.sheet and _holds(self.source, area)):
                raise EditRefused(f"table {table.name} would be overwritten; delete it first")

    def destroys(self) -> list[tuple[int, Box]]:
        """What stands where the cells go."""
        return [(self.target_sheet, Box(*self.target))]

    def move(self, book: Book, *, back: bool) -> None:
        """Values, owners and formats."""
        source, target = (self.target, self.source) if back else (self.source, self.target)
        sheets = (self.target_sheet, self.sheet) if back else (self.sheet, self.target_sheet)
        one, two = book.sheets[sheets[0]], book.sheets[sheets[1]]
        for here, there in ((one.store, two.store), (one.formats, two.formats)):
            _move_cells(here, source, there, target)

    def table(self, table: Table) -> Table | None:
        """A table that moves whole."""
        if table.sheet != self.sheet or not _holds(self.source, table.area[1:]):
            return table
        down, right = self.top - self.source.top, self.left - self.source.left
        return replace(
            table, sheet=self.target_sheet, top=table.top + down, left=table.left + right,
            bottom=table.bottom + down, right=table.right + right,
        )  # fmt: skip

    def looks(self, book: Book) -> None:
        """Merged cells."""
        down, right = self.top - self.source.top, self.left - self.source.left
        here, there = book.sheets[self.sheet], book.sheets[self.target_sheet]
        moving = [area for area in here.merged if _holds(self.source, area)]
        here.merged = [area for area in here.merged if area not in moving]
        there.merged = [area for area in there.merged if not _holds(self.target, area)]
        there.merged += [(top + down, left + right, bottom + down, end + right) for top, left, bottom, end in moving]


def _holds(rect: Rect, extent: Extent) -> bool:
    return rect.top <= extent[0] and rect.left <= extent[1] and extent[2] <= rect.bottom and extent[3] <= rect.right


def _move_cells(here: SheetStore, source: Rect, there: SheetStore, target: Rect) -> None:
    here.move(Box(*source), target.top - source.top, target.left - source.left, there)


__all__ = ["MoveEdit"]
