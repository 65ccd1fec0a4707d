"""Formulas after cells have moved: blocks, families, edges and owners follow by arithmetic, and are kept to be put back.

In: a `Relocation`, before the values move. Out: `Relocated`: the blocks as they were, and the places of those that took their
stead. Invariants: a block that feels nothing is not touched; what may compute another value is seeded, and nothing else; no cell
is visited and nothing is parsed, but where an operand became `#REF!` or a formula names what changed, it is bound anew.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sheetengine.compiler.bound import AreaSlot, ConstantSlot, Slot
from sheetengine.compiler.compile import Program
from sheetengine.compiler.operands import area_slot, resolve
from sheetengine.graph.patterns import Rect
from sheetengine.recalc.blocks import AnyBlock, Block, seen_from
from sheetengine.recalc.family import Family
from sheetengine.recalc.formulas import FormulaField
from sheetengine.recalc.parts import Part, Relocation, parts
from sheetengine.recalc.positional import positional, seed_watchers
from sheetengine.recalc.queries import as_areas
from sheetengine.restructure.gather import gather, gather_in
from sheetengine.restructure.merge import merge
from sheetengine.restructure.relocated import Kept, Placed, Relocated, hull, release
from sheetengine.restructure.rigid import at_seam, displaced
from sheetengine.store.chunk import Box
from sheetengine.syntax.fill import fill
from sheetengine.syntax.operands import AnyOperand, Constant, Reference
from sheetengine.syntax.shift import follows


class Relocator:
    """One relocation of the formulas of a field: `begin` before the values move, `finish` after."""

    def __init__(self, field: FormulaField, way: Relocation, mentions: Sequence[str] = (), *, tells: bool = False) -> None:
        self.field = field
        self.tells = tells
        """Whether somebody listens to what is rewritten."""
        self.way = way
        self.done = Relocated()
        self._mentioning = {number for mention in mentions for number in field.mentions.get(mention, ())}
        self._owners: list[tuple[AnyBlock, NDArray[np.bool_] | None, bool]] = []
        self._mentions: dict[int, set[str]] = {}
        self._fresh: list[int] = []

    # -- before ----------------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Find the blocks that feel the relocation and take them out of the graph; their cells stay theirs."""
        field = self.field
        # What was written cell by cell is shifted sooner as one family than as many blocks.
        gather(field)
        felt = self._felt()
        for number in felt:
            block = field.blocks[number]
            release(field, block)
            living = field.alive(block)
            self._owners.append((block, living, number in field.seeds))
        for block, _, _ in self._owners:
            self._mentions[block.id] = field.withdraw(block)

    def _felt(self) -> list[int]:
        field, way = self.field, self.way
        found: dict[int, None] = dict.fromkeys(sorted(self._mentioning))
        for sheet, rect in way.touched:
            for edge in field.graph.reading(sheet, rect):
                found[edge.node] = None
        for block in field.blocks.values():
            if block.id in found:
                continue
            if way.feels(block.sheet, hull(block)) or (block.program.recipe.unread and self._unread_feels(block)):
                found[block.id] = None
        for number, ranges in field.spills.ranges.items():
            if any(way.feels(field.blocks[number].sheet, rect) for rect in ranges.values()):
                found[number] = None
        for number, places in field.spills.blocked.items():
            if any(way.feels(sheet, wanted) for sheet, wanted in places.values()):
                found[number] = None
        return [number for number in found if number in field.blocks]

    def _unread_feels(self, block: AnyBlock) -> bool:
        return any(self.way.feels(edge.sheet, edge.extent()) for edge in block.all_edges() if edge.slot in block.program.recipe.unread)

    # -- after -----------------------------------------------------------------------------------------------------

    def finish(self) -> Relocated:
        """Put in what became of the blocks; the owner planes have moved with the values."""
        for block, living, seeded in self._owners:
            before = len(self._fresh)
            changed = self._family(block, living, seeded) if isinstance(block, Family) else self._block(block, living, seeded)
            if not changed:
                self.done.felt.append((block.sheet, hull(block)))
            else:
                waits = seeded or any(n in self.field.seeds for n in self._fresh[before:])
                self.done.kept.append(Kept(block, living, self._mentions[block.id], waits))
        seed_watchers(self.field)
        merge(self.field, self._fresh)
        gather_in(self.field, self._fresh)
        return self.done

    # -- blocks ----------------------------------------------------------------------------------------------------

    def _block(self, block: Block, living: NDArray[np.bool_] | None, seeded: bool) -> bool:
        mentioning = block.id in self._mentioning
        fresh = None if mentioning else displaced(block, self.way)
        if fresh is not None:
            self._displaced(block, fresh, living, seeded)
            return True
        found = parts(block, self.way)
        if len(found) == 1 and not mentioning:
            part = found[0]
            if part.sheet == block.sheet and part.rect == block.rect and part.operands == block.operands:
                self.field.enter(block, self._mentions[block.id])
                self._settle_seed(block, seeded or self._feels_values(block, moved=False))
                return False
        if block.array is not None:
            self._array(block, found)
            return True
        if block.program.mode == "table":
            self._data_table(block, found)
            return True
        largest = max(found, key=lambda part: part.cells.count, default=None)
        plain = block.plain and not mentioning
        for part in found:
            self._put(block, part, living, plain, seeded, block.id if part is largest else 0)
        return True

    def _displaced(self, block: Block, fresh: Block, living: NDArray[np.bool_] | None, seeded: bool) -> None:
        """A block that goes as it is: only where it stands, if that matters, gives it another value."""
        self.field.enter(fresh, self._mentions[block.id])
        if at_seam(block, self.way):
            self._fresh.append(fresh.id)
        self._settle_seed(fresh, seeded or positional(fresh.program) or bool(fresh.program.recipe.unread))
        alive = None if living is None else living.reshape(block.height, block.width)
        self._note(fresh, alive, rewritten=fresh.operands != block.operands)

    def _put(self, block: Block, part: Part, living: NDArray[np.bool_] | None, plain: bool, seeded: bool, number: int) -> None:
        field = self.field
        alive = None if living is None else _window(living, block, part)
        if alive is not None and not alive.any():
            return
        program, slots, same = self._program(block, part, plain)
        fresh = Block(number or field.number(), part.sheet, part.rect, program, slots, part.operands)
        if not plain and not field._fills(part.sheet, part.rect, program, slots, part.operands):
            self._cells(block, part, alive, seeded)
            return
        fresh.frozen = block.frozen and bool(program.recipe.unsupported)
        fresh.holes = 0 if alive is None else int(alive.size - np.count_nonzero(alive))
        if number == 0:
            self._own(part, alive, fresh.id)
        field.enter(fresh, set(self._mentions[block.id]) if same else None)
        self._fresh.append(fresh.id)
        moved = (part.sheet, part.rect.top, part.rect.left) != (
            block.sheet, block.top + part.cells.first_row, block.left + part.cells.first_column,
        )  # fmt: skip
        self._settle_seed(fresh, seeded or not same or self._part_feels(block, part, moved))
        self._note(fresh, alive, rewritten=not same or _respelt(block, part))

    def _program(self, block: Block, part: Part, plain: bool) -> tuple[Program, Sequence[Slot], bool]:
        """The program and slots of a part; the same program where every operand still is what it was."""
        if plain and all(
            type(operand) is Constant or operand.first is not None  # type: ignore[union-attr]  # plain: a reference
            for operand in part.operands
        ):
            slots: list[Slot] = []
            for operand, old in zip(part.operands, block.slots, strict=False):
                if type(operand) is Reference:
                    assert type(old) is AreaSlot and operand.first is not None
                    sheet = old.sheet if operand.sheet is None else self.field.book.sheet_named(operand.sheet)
                    assert sheet is not None
                    slots.append(area_slot(part.sheet if operand.sheet is None else sheet, operand.first, operand.last, 0, 0))
                else:
                    slots.append(old)
            if len(slots) == len(block.slots):
                return block.program, slots, True
        row, column = part.rect.top, part.rect.left
        program, bound = self.field.programs.program(block.program.shape, part.operands, part.sheet, row, column, block.program.mode)
        return program, bound, False

    def _cells(self, block: Block, part: Part, alive: NDArray[np.bool_] | None, seeded: bool) -> None:
        """A part whose cells are formulas of their own: one by one."""
        field = self.field
        for down in range(part.rect.bottom - part.rect.top + 1):
            for right in range(part.rect.right - part.rect.left + 1):
                if alive is not None and not alive[down, right]:
                    continue
                row, column = part.rect.top + down, part.rect.left + right
                operands = [fill(operand, down, right) for operand in part.operands]
                program, slots = field.programs.program(block.program.shape, operands, part.sheet, row, column, block.program.mode)
                fresh = Block(field.number(), part.sheet, Rect(row, column, row, column), program, slots, operands)
                fresh.frozen = block.frozen and bool(program.recipe.unsupported)
                field.book.sheets[part.sheet].store.set_owner(row, column, fresh.id)
                field.enter(fresh)
                self._fresh.append(fresh.id)
                self._settle_seed(fresh, True)
                self._note(fresh, None, rewritten=True)

    def _data_table(self, block: Block, found: list[Part]) -> None:
        """A what-if table: one thing, its inputs apart."""
        for part in found:
            program, slots = self.field.programs.program(
                block.program.shape, part.operands, part.sheet, part.rect.top, part.rect.left, "table"
            )
            fresh = Block(block.id, part.sheet, part.rect, program, slots, part.operands)
            self.field.enter(fresh)
            self._fresh.append(fresh.id)
            self._note(fresh, None, rewritten=part.operands != block.operands)

    def _array(self, block: Block, found: list[Part]) -> None:
        """A CSE formula: the edit was refused where it would have cut its range."""
        whole = self.field.spills.take_out(block.id, 0)
        if not found:
            return
        (part,) = found
        program, slots, _same = self._program(block, part, plain=False)
        fresh = Block(block.id, part.sheet, part.rect, program, slots, part.operands)
        fresh.array, fresh.frozen = block.array, block.frozen and bool(program.recipe.unsupported)
        assert whole is not None
        place = Rect(part.rect.top, part.rect.left, part.rect.top + whole.bottom - whole.top, part.rect.left + whole.right - whole.left)
        self.field.spills.enter(part.sheet, block.id, 0, place)
        self.field.enter(fresh)
        self._fresh.append(fresh.id)
        self._settle_seed(fresh, True)
        self.done.placed.append(Placed(fresh, [place]))
        if part.operands != block.operands:
            self.done.rewritten.append((part.sheet, place))

    def _own(self, part: Part, alive: NDArray[np.bool_] | None, number: int) -> None:
        store = self.field.book.sheets[part.sheet].store
        box = Box(*part.rect)
        if alive is None:
            store.set_owners(box, number)
        else:
            store.set_owners(box, np.where(alive, np.int32(number), store.owners(box)).astype(np.int32))

    # -- families --------------------------------------------------------------------------------------------------

    def _family(self, block: Family, living: NDArray[np.bool_] | None, seeded: bool) -> bool:
        field, way = self.field, self.way
        members = np.flatnonzero(np.ones(len(block.rows), bool) if living is None else living)
        spots = None if block.id in self._mentioning else self._spots(block, members)
        if spots is None:
            self._scatter(block, members)
            return True
        followers = set(spots.values())
        rows, columns = block.rows[members], block.columns[members]
        new_rows, new_columns, kept, loose = way.cells(block.sheet, rows, columns)
        corners: dict[int, NDArray[np.int64]] = {}
        feels = np.zeros(len(members), bool)
        changed = not (kept.all() and (new_rows == rows).all() and (new_columns == columns).all())
        for index, old in block.corners.items():
            own = old[:, members]
            corners[index], whole, leaving = way.corners(block.sheets[index], own)
            loose |= ~whole | leaving
            changed = changed or not bool((corners[index] == own).all())
            if index not in followers and not self._stands(block.sheets[index], own, corners[index], changed):
                self._scatter(block, members)
                return True
            single = (own[0] == own[2]) & (own[1] == own[3])
            feels |= ~single & self._many_feel(block.sheets[index], own)
        if not changed and not loose.any():
            field.enter(block, self._mentions[block.id])
            self._settle_seed(block, seeded or self._feels_values(block, moved=False))
            return False
        stay = np.flatnonzero(kept & ~loose)
        if len(stay):
            self._stay(
                block,
                members[stay],
                (new_rows[stay], new_columns[stay]),
                {i: c[:, stay] for i, c in corners.items()},
                feels[stay],
                seeded,
                spots,
            )
        self._scatter(block, members[kept & loose])
        return True

    def _stay(
        self, block: Family, members: NDArray[np.int64], places: tuple[NDArray[np.int64], NDArray[np.int64]],
        corners: dict[int, NDArray[np.int64]], feels: NDArray[np.bool_], seeded: bool, spots: dict[int, int],
    ) -> None:  # fmt: skip
        """The members that stay together, by arrays."""
        field = self.field
        twin = block.relocated(members, *places, corners, spots)
        field.enter(twin, self._mentions[block.id])
        self._fresh.append(twin.id)
        every = seeded or positional(block.program) or bool(block.program.recipe.unread)
        if not every or twin.frozen:
            del field.seeds[twin.id]
            if feels.any() and not twin.frozen:
                field.seed(twin, np.flatnonzero(feels))
        self.done.placed.append(Placed(twin))
        if self.tells:
            respelt = np.zeros(len(members), bool)
            for index, after in corners.items():
                respelt |= (after != block.corners[index][:, members]).any(axis=0)
            areas = as_areas(twin.sheet, twin.rows[respelt], twin.columns[respelt])
            self.done.rewritten += [(twin.sheet, Rect(*area[1:])) for area in areas]

    def _spots(self, block: Family, members: NDArray[np.int64]) -> dict[int, int] | None:
        """The slots of the operands that follow their cells; None where names and tables make it other slots for other members."""
        if block.plain:
            return {index: index for index, operand in enumerate(block.operands[0]) if type(operand) is not Constant}
        member = int(members[0])
        row, column = block.cell(member)
        operands = block.syntax_operands(member)
        resolution = resolve(block.program.shape, operands, self.field.book.scope(block.sheet), row, column)
        if len(resolution.slots) != len(block.constants) + len(block.corners):
            return None
        return {
            index: resolved.slot for index, (operand, resolved) in enumerate(zip(operands, resolution.operands, strict=True))
            if follows(operand) and resolved.slot >= 0
        }  # fmt: skip

    def _stands(self, sheet: int, own: NDArray[np.int64], after: NDArray[np.int64], moved: bool) -> bool:
        """Whether a slot that no reference of the text names is what it was: an absolute name's, elsewhere than cells move."""
        same = bool((own == after).all()) and not self._many_feel(sheet, own).any()
        return same and (not moved or bool((own == own[:, :1]).all()))

    def _many_feel(self, sheet: int, corners: NDArray[np.int64]) -> NDArray[np.bool_]:
        hit = np.zeros(corners.shape[1], bool)
        for own, rect in self.way.touched:
            if own == sheet:
                hit |= (corners[0] <= rect.bottom) & (corners[2] >= rect.top) & (corners[1] <= rect.right) & (corners[3] >= rect.left)
        return hit

    def _scatter(self, block: Family, members: NDArray[np.int64]) -> None:
        """Members that leave their family are bound anew; those of one program are families again."""
        by_sheet: dict[int, list[tuple[int, int, list[AnyOperand]]]] = {}
        for member in members.tolist():
            row, column = block.cell(member)
            place = self.way.cell(block.sheet, row, column)
            if place is not None:
                operands = [self.way.operand(operand, block.sheet, row, column) for operand in block.syntax_operands(member)]
                by_sheet.setdefault(place[0], []).append((place[1], place[2], operands))
        for sheet, cells in by_sheet.items():
            store = self.field.book.sheets[sheet].store
            for row, column, _ in cells:
                store.set_owner(row, column, 0)
            self.field.put_members(sheet, block.program.shape, block.program.mode, cells, frozen=block.frozen)
            for row, column, _ in cells:
                rect = Rect(row, column, row, column)
                # Several of them may be one block by now: it is known by its cells.
                self.done.placed.append(Placed(Block(0, sheet, rect, block.program, (), ())))
                self.done.rewritten.append((sheet, rect))
                self._fresh.append(store.owner(row, column))

    # -- what must be computed -------------------------------------------------------------------------------------

    def _settle_seed(self, block: AnyBlock, wanted: bool) -> None:
        if not wanted or block.frozen:
            self.field.seeds.pop(block.id, None)

    def _part_feels(self, block: Block, part: Part, moved: bool) -> bool:
        return self._feels_values(block, moved) if part.cells.count == block.all.count else self._feels_values(
            Block(0, block.sheet, _old_rect(block, part), block.program, _old_slots(block, part), block.operands), moved
        )  # fmt: skip

    def _feels_values(self, block: AnyBlock, moved: bool) -> bool:
        """Whether a block may compute another value: it reads more than single cells that move with their references."""
        if moved and positional(block.program):
            return True
        follow = isinstance(block, Block) and len(block.operands) == len(block.slots)
        for edge in block.all_edges():
            if not self.way.feels(edge.sheet, edge.extent()):
                continue
            if edge.slot in block.program.recipe.unread or not follow or isinstance(block, Family) or not _single(block, edge.slot):
                return True
            if not self.way.names(block.operands[edge.slot], block.sheet):
                return True
        return False

    def _note(self, block: Block, alive: NDArray[np.bool_] | None, *, rewritten: bool) -> None:
        sheet, rect = block.sheet, block.rect
        rects: list[Rect] | None = None
        if alive is not None:
            rows, columns = np.nonzero(alive)
            rects = [Rect(*area[1:]) for area in as_areas(sheet, rows + rect.top, columns + rect.left)]
        self.done.placed.append(Placed(block, rects))
        if rewritten:
            self.done.rewritten += [(sheet, one) for one in rects or [rect]]


def _single(block: Block, index: int) -> bool:
    slot = block.slots[index]
    return type(slot) is not ConstantSlot and type(block.operands[index]) is Reference and block.operands[index].last is None  # type: ignore[union-attr]


def _window(living: NDArray[np.bool_], block: Block, part: Part) -> NDArray[np.bool_] | None:
    cells = part.cells
    found = living.reshape(block.height, block.width)[cells.first_row : cells.last_row + 1, cells.first_column : cells.last_column + 1]
    return None if found.all() else found


def _old_rect(block: Block, part: Part) -> Rect:
    cells = part.cells
    return Rect(block.top + cells.first_row, block.left + cells.first_column, block.top + cells.last_row, block.left + cells.last_column)


def _old_slots(block: Block, part: Part) -> list[Slot]:
    down, right = part.cells.first_row, part.cells.first_column
    found: list[Slot] = []
    for one in block.slots:
        if type(one) is ConstantSlot:
            found.append(one)
            continue
        assert type(one) is AreaSlot
        found.append(seen_from(one, down, right))
    return found


def _respelt(block: Block, part: Part) -> bool:
    down, right = part.cells.first_row, part.cells.first_column
    return any(fill(old, down, right) != new for old, new in zip(block.operands, part.operands, strict=True))


__all__ = ["Relocator"]
