"""Blocks: a program with its operands bound over a set of cells.

`Block` is a rectangle of cells whose formulas are the same as seen from each of them; `Family` is formulas of one
program scattered over a sheet, with arrays of operands. Both give: positions of a selection, the operands of one
member, the edges for the graph. Invariants: a cell belongs to a block where the store's owner plane says so; cells of
a block's rectangle with another owner are holes, counted in `holes`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

import numpy as np

from sheetengine.compiler.bind import Mode
from sheetengine.compiler.bound import BOTTOM, LEFT, RIGHT, TOP, AreaSlot, ConstantSlot, Slot
from sheetengine.compiler.compile import Program
from sheetengine.graph.patterns import Cells, Edge, FillEdge, Indices, Rect, Selection, distinct
from sheetengine.recalc.family import Family, by_sheet
from sheetengine.syntax.fill import fill
from sheetengine.syntax.operands import AnyOperand, Constant, Reference
from sheetengine.syntax.shape import Shape
from sheetengine.syntax.shift import follows
from sheetengine.values import Area


class Block:
    """A rectangle of filled formulas; a single formula is one of 1 x 1. `array` is the size of a CSE formula's range."""

    __slots__ = ("array", "frozen", "height", "holes", "id", "left", "operands", "program", "sheet", "slots", "top", "width")

    def __init__(
        self, number: int, sheet: int, rect: Rect, program: Program, slots: Sequence[Slot], operands: Sequence[AnyOperand]
    ) -> None:
        self.id = number
        self.sheet = sheet
        self.top, self.left = rect.top, rect.left
        self.height, self.width = rect.bottom - rect.top + 1, rect.right - rect.left + 1
        self.program = program
        self.slots = tuple(slots)
        self.operands = tuple(operands)
        self.holes = 0
        self.array: tuple[int, int] | None = None
        self.frozen = False
        """Whether it names what we cannot compute and keeps the values its file had."""

    @property
    def rect(self) -> Rect:
        """Where it lies."""
        return Rect(self.top, self.left, self.top + self.height - 1, self.left + self.width - 1)

    @property
    def all(self) -> Cells:
        """Every cell of it, holes too."""
        return Cells(0, self.height - 1, 0, self.width - 1)

    @property
    def count(self) -> int:
        """Formulas in it."""
        return self.height * self.width - self.holes

    @property
    def length(self) -> int:
        """Members and holes: so long is a mask over them."""
        return self.height * self.width

    def cell(self, flat: int) -> tuple[int, int]:
        """Row and column of a member."""
        down, right = divmod(flat, self.width)
        return self.top + down, self.left + right

    def flat(self, row: int, column: int) -> int:
        """The member at a row and column."""
        return (row - self.top) * self.width + column - self.left

    def positions(self, selection: Selection) -> tuple[Indices, Indices]:
        """Rows and columns of a selection's cells, row by row."""
        if isinstance(selection, Cells):
            rows = np.arange(self.top + selection.first_row, self.top + selection.last_row + 1)
            columns = np.arange(self.left + selection.first_column, self.left + selection.last_column + 1)
            return np.repeat(rows, len(columns)), np.tile(columns, len(rows))
        return self.top + selection // self.width, self.left + selection % self.width

    def area(self, slot: AreaSlot, down: int, right: int) -> Area:
        """What a slot is for the member `down` and `right` of the first."""
        relative = slot.relative
        top = slot.top + (down if relative & TOP else 0)
        bottom = slot.bottom + (down if relative & BOTTOM else 0)
        left = slot.left + (right if relative & LEFT else 0)
        end = slot.right + (right if relative & RIGHT else 0)
        if top > bottom:
            top, bottom = bottom, top
        if left > end:
            left, end = end, left
        return Area(slot.sheet, top, left, bottom, end)

    @property
    def plain(self) -> bool:
        """Whether each operand is a constant or follows its cells, so that operand `i` is slot `i` and nothing else is."""
        return len(self.operands) == len(self.slots) and all(
            type(slot) is ConstantSlot if type(operand) is Constant else follows(operand) and type(slot) is AreaSlot
            for operand, slot in zip(self.operands, self.slots, strict=True)
        )

    def member_operands(self, flat: int) -> list[object]:
        """The operands of one member as its frame has them."""
        down, right = divmod(flat, self.width)
        return [slot.value if type(slot) is ConstantSlot else self.area(slot, down, right) for slot in self.slots]  # type: ignore[arg-type]

    def syntax_operands(self, flat: int) -> list[AnyOperand]:
        """The operands of one member as its text has them."""
        if self.program.mode == "table":
            return list(self.operands)
        down, right = divmod(flat, self.width)
        return [fill(operand, down, right) for operand in self.operands]

    def all_edges(self) -> Iterator[FillEdge]:
        """What its operands are, read or not, one edge each."""
        for index, slot in enumerate(self.slots):
            if type(slot) is AreaSlot:
                area = (slot.top, slot.left, slot.bottom, slot.right)
                yield FillEdge(self.id, index, slot.sheet, area, slot.relative, self.height, self.width)

    def edges(self) -> Iterator[Edge]:
        """What it reads, one edge per operand."""
        unread = self.program.recipe.unread
        yield from (edge for edge in self.all_edges() if edge.slot not in unread)
        for group in self.hulls():
            yield self._hull_edge(group)

    def hulls(self) -> Iterator[list[int]]:
        """The operands between which ranges lie, sheet by sheet: no range spans two."""
        for group in self.program.recipe.hulls:
            yield from by_sheet([(slot.sheet, index) for index in group if type(slot := self.slots[index]) is AreaSlot])

    def _hull_edge(self, group: Sequence[int]) -> FillEdge:
        """All that lies between the slots of a group."""
        slots = [slot for index in group if type(slot := self.slots[index]) is AreaSlot]
        top, top_moves = _least([(slot.top, bool(slot.relative & TOP)) for slot in slots])
        left, left_moves = _least([(slot.left, bool(slot.relative & LEFT)) for slot in slots])
        bottom, bottom_moves = _most([(slot.bottom, bool(slot.relative & BOTTOM)) for slot in slots], self.height - 1)
        right, right_moves = _most([(slot.right, bool(slot.relative & RIGHT)) for slot in slots], self.width - 1)
        relative = TOP * top_moves | LEFT * left_moves | BOTTOM * bottom_moves | RIGHT * right_moves
        return FillEdge(self.id, group[0], slots[0].sheet, (top, left, bottom, right), relative, self.height, self.width)

    def continues(self, shape: Shape, operands: Sequence[AnyOperand], mode: Mode, row: int, column: int) -> bool:
        """Whether a formula is this block's copied to a cell, by the text alone: where it says no, `fits` may say yes."""
        if shape.key != self.program.shape.key or mode != self.program.mode or self.array is not None or self.frozen:
            return False
        down, right = row - self.top, column - self.left
        for mine, its in zip(self.operands, operands, strict=True):
            if type(mine) is Reference:
                # What another workbook's cells hold is part of the program.
                if mine.book is not None or fill(mine, down, right) != its:
                    return False
            elif type(mine) is not Constant or mine != its or type(mine.value) is not type(its.value):
                return False
        return True

    def fits(self, program: Program, slots: Sequence[Slot], operands: Sequence[AnyOperand], row: int, column: int) -> bool:
        """Whether a formula at a cell is this block's formula as seen from that cell, in its spelling too."""
        if program is not self.program or self.array is not None or self.frozen:
            return False
        down, right = row - self.top, column - self.left
        for mine, its in zip(self.operands, operands, strict=True):
            if type(mine) is not Reference and mine != its:
                return False
            if type(mine) is Reference and (
                type(its) is not Reference
                or (mine.sheet, mine.last_sheet, mine.book, mine.first is None) != (its.sheet, its.last_sheet, its.book, its.first is None)
            ):
                return False
        # Slots that are resized (the values of SUMIF) are equal where the references are not.
        if program.recipe.resized and any(fill(mine, down, right) != its for mine, its in zip(self.operands, operands, strict=True)):
            return False
        for own, other in zip(self.slots, slots, strict=True):
            if type(own) is ConstantSlot:
                if own != other or type(own.value) is not type(other.value):
                    return False
            elif type(other) is not AreaSlot or own != seen_from(other, -down, -right):
                return False
        return True


def _least(edges: Sequence[tuple[int, bool]]) -> tuple[int, bool]:
    """The least of some edges (place, moves with the cell) over all members, and whether it moves; where that changes, one that is no larger."""
    moving, still = [place for place, moves in edges if moves], [place for place, moves in edges if not moves]
    if not still:
        return min(moving), True
    return min(moving + still), False


def _most(edges: Sequence[tuple[int, bool]], last: int) -> tuple[int, bool]:
    """The greatest of some edges; `last` is how far the last member lies from the first."""
    moving, still = [place for place, moves in edges if moves], [place for place, moves in edges if not moves]
    if moving and (not still or max(moving) >= max(still)):
        return max(moving), True
    return max([*still, *(place + last for place in moving)]), False


def seen_from(slot: AreaSlot, down: int, right: int) -> AreaSlot:
    """A slot as a cell has it that lies so much further down and right."""
    relative = slot.relative
    return AreaSlot(
        slot.sheet,
        slot.top + (down if relative & TOP else 0),
        slot.left + (right if relative & LEFT else 0),
        slot.bottom + (down if relative & BOTTOM else 0),
        slot.right + (right if relative & RIGHT else 0),
        relative,
    )


AnyBlock: TypeAlias = Block | Family


def area_of(slot: Slot) -> Area:
    """A slot that is an area, as seen from the home cell."""
    assert type(slot) is AreaSlot
    return Area(*slot[:5])


def frame_operands(slots: Sequence[Slot]) -> list[object]:
    """Slots as a frame at the home cell has them."""
    return [slot.value if type(slot) is ConstantSlot else area_of(slot) for slot in slots]


def select(block: AnyBlock, flat: Sequence[int] | Indices) -> Selection:
    """Some members as a selection: a rectangle where they are one."""
    if isinstance(block, Block) and len(flat) == 1:
        down, right = divmod(int(flat[0]), block.width)
        return Cells(down, down, right, right)
    return distinct(np.asarray(flat, np.int64))


def size(selection: Selection) -> int:
    """How many cells are selected."""
    return selection.count if isinstance(selection, Cells) else len(selection)


def flats(block: AnyBlock, selection: Selection) -> Indices:
    """A selection as sorted flat indices."""
    if not isinstance(selection, Cells):
        return selection
    assert isinstance(block, Block)
    rows = np.arange(selection.first_row, selection.last_row + 1)[:, None] * block.width
    return (rows + np.arange(selection.first_column, selection.last_column + 1)).ravel()


def union(block: AnyBlock, old: Selection, new: Selection) -> tuple[Selection, Selection | None]:
    """Two selections together, and what the second adds (at least), or None where it adds nothing."""
    if isinstance(old, Cells) and isinstance(new, Cells):
        if old[0] <= new[0] and new[1] <= old[1] and old[2] <= new[2] and new[3] <= old[3]:
            return old, None
        if new[0] <= old[0] and old[1] <= new[1] and new[2] <= old[2] and old[3] <= new[3]:
            return new, new
        if old[2:] == new[2:] and new[0] <= old[1] + 1 and old[0] <= new[1] + 1:
            merged = Cells(min(old[0], new[0]), max(old[1], new[1]), old[2], old[3])
            if new[0] < old[0] and new[1] > old[1]:
                return merged, new
            fresh = (new[0], old[0] - 1) if new[0] < old[0] else (old[1] + 1, new[1])
            return merged, Cells(*fresh, old[2], old[3])
        if old[:2] == new[:2] and new[2] <= old[3] + 1 and old[2] <= new[3] + 1:
            return Cells(old[0], old[1], min(old[2], new[2]), max(old[3], new[3])), new
    one, two = flats(block, old), flats(block, new)
    delta = np.setdiff1d(two, one, assume_unique=True)
    return (np.union1d(one, delta), delta) if len(delta) else (old, None)
