"""The formulas of a workbook as blocks: put in, taken out, merged, found by cell.

In: lifted formulas at rectangles. Out: blocks in the graph, owners in the stores. Invariants: a cell holds a formula of a
block exactly where the store's owner plane has the block's id; what a block reads is in the graph as long as it is here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from sheetengine.address import MAX_COLUMNS, MAX_ROWS
from sheetengine.compiler.bind import Mode
from sheetengine.compiler.bound import AreaSlot, Slot
from sheetengine.compiler.compile import Program
from sheetengine.graph.graph import DependencyGraph
from sheetengine.graph.patterns import Cells, Rect, Selection
from sheetengine.recalc.blocks import AnyBlock, Block, flats, select, union
from sheetengine.recalc.book import Book
from sheetengine.recalc.family import Family
from sheetengine.recalc.mentions import Mentions
from sheetengine.recalc.programs import Programs
from sheetengine.recalc.spill import Spills
from sheetengine.store.chunk import Box
from sheetengine.syntax.fill import fill
from sheetengine.syntax.operands import AnyOperand, Reference, TableReference
from sheetengine.syntax.printer import print_formula
from sheetengine.syntax.r1c1 import print_r1c1
from sheetengine.syntax.scattered import Scattered
from sheetengine.syntax.shape import Shape
from sheetengine.values import Area

LEAST_FAMILY = 8


class FormulaField:
    """All blocks of a workbook."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.programs = Programs(book)
        self.graph = DependencyGraph()
        self.blocks: dict[int, AnyBlock] = {}
        self.spills = Spills(book)
        self.spills.is_fixed = lambda number: self.blocks[number].array is not None
        self.mentions = Mentions(book)
        self.volatile: set[int] = set()
        self.seeds: dict[int, Selection | None] = {}
        """Blocks, or members of them, that were put in and not computed yet; None means all."""
        self.changed_places: list[tuple[int, Rect]] = []
        """Places that changed by the way; the engine takes them over."""
        self.settled = 0
        """How many blocks there were when small ones were last gathered into families."""
        self._next = 1

    # -- finding ---------------------------------------------------------------------------------------------------

    def find(self, sheet: int, row: int, column: int) -> tuple[AnyBlock, int] | None:
        """The block and member whose formula stands in a cell."""
        owner = self.book.sheets[sheet].store.owner(row, column)
        if owner <= 0:
            return None
        block = self.blocks[owner]
        return block, block.flat(row, column)

    def anchor(self, sheet: int, row: int, column: int) -> tuple[AnyBlock, int] | None:
        """The block and member that fill a cell, be it with their own value or by spilling."""
        owner = self.book.sheets[sheet].store.owner(row, column)
        if owner == 0:
            return None
        block = self.blocks[abs(owner)]
        if owner > 0:
            return block, block.flat(row, column)
        member = self.spills.anchor_of(sheet, -owner, row, column)
        return None if member is None else (block, member)

    def formula_text(self, sheet: int, row: int, column: int) -> str | None:
        """The formula of a cell with its "="; the cells of a CSE formula all show it."""
        found = self.find(sheet, row, column)
        if found is None:
            found = self.anchor(sheet, row, column)
            if found is None or found[0].array is None:
                return None
        block, member = found
        return print_formula(block.program.shape, block.syntax_operands(member))

    def formula_r1c1(self, sheet: int, row: int, column: int) -> str | None:
        """The formula of a cell in R1C1: the same text in every cell of a fill."""
        found = self.find(sheet, row, column) or self.anchor(sheet, row, column)
        if found is None or (found[0].array is None and found[0].cell(found[1]) != (row, column)):
            return None
        block, member = found
        return print_r1c1(block.program.shape, block.syntax_operands(member), *block.cell(member))

    def alive(self, block: AnyBlock) -> NDArray[np.bool_] | None:
        """Which members still hold the block's formula."""
        if not block.holes:
            return None
        if isinstance(block, Family):
            return ~block.gone
        owners = self.book.sheets[block.sheet].store.owners(Box(*block.rect))
        living: NDArray[np.bool_] = (owners == block.id).ravel()
        return living

    def members(self, block: AnyBlock) -> NDArray[np.int64]:
        """The members that still hold the block's formula."""
        living = self.alive(block)
        return np.arange(block.length) if living is None else np.flatnonzero(living)

    def __iter__(self) -> Iterator[AnyBlock]:
        return iter(self.blocks.values())

    # -- putting in ------------------------------------------------------------------------------------------------

    def put(
        self, sheet: int, rect: Rect, shape: Shape, operands: Sequence[AnyOperand], mode: Mode, array: tuple[int, int] | None = None,
        *, frozen: bool = False,
    ) -> None:  # fmt: skip
        """One formula filled over a rectangle whose cells were taken out before; operands as seen from its first cell.

        `frozen`: where it names what we cannot compute, its cells keep the values they have.
        """
        top, left, bottom, right = rect
        single = top == bottom and left == right
        if single and array is None and not frozen and self._continue(
            sheet, top, left, lambda block: block.continues(shape, operands, mode, top, left)
        ):  # fmt: skip
            return
        program, slots = self.programs.program(shape, operands, sheet, top, left, mode)
        if single:
            self._put_cell(sheet, top, left, program, slots, operands, array, frozen=frozen)
            return
        if self.fills(sheet, rect, program, slots, operands):
            self._attach(Block(self.number(), sheet, rect, program, slots, operands), frozen=frozen)
            return
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                own = [fill(operand, row - top, column - left) for operand in operands]
                self._put_cell(sheet, row, column, *self.programs.program(shape, own, sheet, row, column, mode), own, None, frozen=frozen)

    def fills(self, sheet: int, rect: Rect, program: Program, slots: Sequence[Slot], operands: Sequence[AnyOperand]) -> bool:
        """Whether every cell of a fill is the same program with operands that follow by arithmetic."""
        probe = Block(0, sheet, rect, program, slots, operands)
        if not all(_on_grid(edge.extent()) for edge in probe.all_edges()):
            return False
        down, right = rect.bottom - rect.top, rect.right - rect.left
        if any(isinstance(one, Reference) and one.book is not None and fill(one, down, right) != one for one in operands):
            # What another workbook's cells hold is part of the program: each cell of the fill has its own.
            return False
        if any(isinstance(operand, TableReference) and (operand.table is None or _is_this_row(operand)) for operand in operands):
            # A table's data rows are a rectangle: what holds at both ends of the fill holds between them.
            own = [fill(operand, down, right) for operand in operands]
            last, last_slots = self.programs.program(program.shape, own, sheet, rect.bottom, rect.right, program.mode)
            return last is program and probe.fits(last, last_slots, own, rect.bottom, rect.right)
        return True

    def number(self) -> int:
        """A number for a new block."""
        self._next += 1
        return self._next - 1

    def _attach(self, block: Block, *, frozen: bool = False) -> None:
        block.frozen = frozen and bool(block.program.recipe.unsupported)
        self.book.sheets[block.sheet].store.set_owners(Box(*block.rect), block.id)
        self.enter(block)

    def enter(self, block: AnyBlock, mentions: set[str] | None = None) -> None:
        """Enter a block whose cells are owned by it already; `mentions`: what its texts mention, where that is known."""
        self.blocks[block.id] = block
        self.graph.add(block.id, block.edges())
        self.mentions.note(block, mentions)
        if block.program.volatile:
            self.volatile.add(block.id)
        self.seeds[block.id] = None

    def _put_cell(
        self, sheet: int, row: int, column: int, program: Program, slots: Sequence[Slot], operands: Sequence[AnyOperand],
        array: tuple[int, int] | None, *, frozen: bool = False,
    ) -> None:  # fmt: skip
        if array is None and not frozen and self._join(sheet, row, column, program, slots, operands):
            return
        block = Block(self.number(), sheet, Rect(row, column, row, column), program, slots, operands)
        block.array = array
        self._attach(block, frozen=frozen)
        if array is not None:
            self.spills.set_array(block, 0, *array)

    def put_family(
        self,
        sheet: int,
        program: Program,
        cells: Sequence[tuple[int, int]],
        slots: Sequence[Sequence[Slot]],
        operands: Sequence[Sequence[AnyOperand]],
    ) -> None:
        """Formulas of one program scattered over a sheet, on cells without formulas."""
        rows, columns = (np.array(axis, np.int64) for axis in zip(*cells, strict=True))
        family = Family(self.number(), sheet, program, rows, columns, slots, operands)
        store = self.book.sheets[sheet].store
        for row, column in cells:
            store.set_owner(row, column, family.id)
        self.enter(family)

    def put_scattered(self, sheet: int, program: Program, groups: Sequence[Scattered]) -> None:
        """Formulas of one program on cells without formulas, all their operands constants and single cells of the sheet."""
        family = Family.of_cells(self.number(), sheet, program, groups)
        self.book.sheets[sheet].store.set_owners_at(family.rows, family.columns, family.id)
        self.enter(family)

    def put_members(
        self, sheet: int, shape: Shape, mode: Mode, members: Iterable[tuple[int, int, Sequence[AnyOperand]]], *, frozen: bool = False
    ) -> None:
        """Formulas of one shape on cells without formulas, each (row, column, operands): families of what is one program."""
        found: dict[tuple[object, ...], tuple[Program, list[tuple[int, int]], list[Sequence[Slot]], list[Sequence[AnyOperand]]]] = {}
        for row, column, operands in members:
            program, slots = self.programs.program(shape, operands, sheet, row, column, mode)
            # Members of a family are of one program and read the same sheets.
            key = (id(program), *[slot.sheet if type(slot) is AreaSlot else None for slot in slots])
            entry = found.setdefault(key, (program, [], [], []))
            entry[1].append((row, column))
            entry[2].append(slots)
            entry[3].append(operands)
        for program, cells, slots_of, operands_of in found.values():
            if len(cells) >= LEAST_FAMILY and not (frozen and program.recipe.unsupported):
                self.put_family(sheet, program, cells, slots_of, operands_of)
                continue
            for (row, column), its_slots, its_operands in zip(cells, slots_of, operands_of, strict=True):
                self._put_cell(sheet, row, column, program, its_slots, its_operands, None, frozen=frozen)

    def _join(self, sheet: int, row: int, column: int, program: Program, slots: Sequence[Slot], operands: Sequence[AnyOperand]) -> bool:
        return self._continue(sheet, row, column, lambda block: block.fits(program, slots, operands, row, column))

    def _continue(self, sheet: int, row: int, column: int, fits: Callable[[Block], bool]) -> bool:
        """Let the block above, or to the left, take in a cell that continues it."""
        store = self.book.sheets[sheet].store
        for up, back in ((1, 0), (0, 1)):
            if row < up or column < back:
                continue
            owner = store.owner(row - up, column - back)
            block = self.blocks.get(owner)
            if not isinstance(block, Block) or not fits(block):
                continue
            rect = block.rect
            inside = rect.top <= row <= rect.bottom and rect.left <= column <= rect.right
            if inside:
                block.holes -= 1
                self.graph.version += 1
            elif up and block.width == 1 and row == rect.bottom + 1:
                self._grow(block, block.height + 1, 1)
            elif back and block.height == 1 and column == rect.right + 1:
                self._grow(block, 1, block.width + 1)
            else:
                continue
            store.set_owner(row, column, block.id)
            down, right = row - block.top, column - block.left
            self.seed(block, Cells(down, down, right, right))
            return True
        return False

    def _grow(self, block: Block, height: int, width: int) -> None:
        block.height, block.width = height, width
        if block.program.recipe.hulls:
            self.graph.replace(block.id, block.edges())  # how far a range between two operands reaches depends on the size
        else:
            self.graph.grow(block.id, height, width)

    def seed(self, block: AnyBlock, selection: Selection | None) -> None:
        """Note that members must be computed; None for all."""
        known = self.seeds.get(block.id, _NONE)
        if known is _NONE:
            self.seeds[block.id] = selection
        elif known is not None:
            if selection is None:
                self.seeds[block.id] = None
            elif isinstance(known, Cells) and isinstance(selection, Cells) and selection[2:] == known[2:] and selection[0] == known[1] + 1:
                # A column that is written cell by cell from the top
                self.seeds[block.id] = Cells(known[0], selection[1], known[2], known[3])
            else:
                self.seeds[block.id] = union(block, known, selection)[0]

    def waiting(self, block: AnyBlock, members: NDArray[np.int64]) -> NDArray[np.bool_] | None:
        """Which of some members of a block wait to be computed; None: all."""
        if block.id not in self.seeds:
            return np.zeros(len(members), bool)
        selection = self.seeds[block.id]
        return None if selection is None else np.isin(members, flats(block, selection))

    def wait_only(self, block: AnyBlock, members: NDArray[np.int64]) -> None:
        """Of a block that was just entered, and waits whole, let only these members wait."""
        del self.seeds[block.id]
        if len(members):
            self.seed(block, select(block, members))

    # -- taking out ------------------------------------------------------------------------------------------------

    def drop(self, block: AnyBlock) -> None:
        """Take a block out of the graph; the owners of its cells are the caller's."""
        self.graph.remove(block.id)
        del self.blocks[block.id]
        self.mentions.forget(block)
        self.volatile.discard(block.id)
        self.seeds.pop(block.id, None)
        self.spills.forget(block.id)

    def withdraw(self, block: AnyBlock) -> set[str]:
        """Take a block out to be entered again: its owners and spilled ranges stay. The answer is what its texts mention."""
        mentions = self.mentions.of(block)
        state = self.spills.state_of(block)
        self.drop(block)
        self.spills.restore(state)
        return mentions

    # -- what the reader asks ----------------------------------------------------------------------------------------

    def spilled(self, sheet: int, row: int, column: int) -> Area | None:
        """The cells that the formula in a cell fills, None where it holds none that spills."""
        found = self.find(sheet, row, column)
        if found is None:
            return None
        block, member = found
        rect = self.spills.range_of(block.id, member)
        if rect is not None:
            return Area(sheet, *rect)
        # An array formula whose array has one element fills its own cell, unless something is in its way.
        single = block.program.mode == "dynamic" and block.program.recipe.array and not self.spills.is_blocked(block.id, member)
        return Area(sheet, row, column, row, column) if single else None


_NONE: Selection = Cells(-1, -1, -1, -1)


def _is_this_row(operand: TableReference) -> bool:
    return operand.this_row or any(item.lower() == "#this row" for item in operand.items)


def _on_grid(rect: Rect) -> bool:
    return rect.top >= 0 and rect.left >= 0 and rect.bottom < MAX_ROWS and rect.right < MAX_COLUMNS


__all__ = ["FormulaField"]
