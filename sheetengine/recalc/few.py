"""Single cells one after the other, with all that can be looked up beforehand looked up once.

In: members of blocks in an order in which each may be computed. Out: their values in the stores. This is how an edit of few dependents
runs, and formulas that wait for each other cell by cell. A member with a quick form (`compiler.quick`) is called with the planes of
the cells it reads; any other, and one whose quick form cannot say, is computed by the scalar form. Invariants: what is kept of planes
is used only while no store moved its planes (`epoch`); values are those of the scalar form.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from sheetengine.compiler.bound import TOP, AreaSlot, ConstantSlot
from sheetengine.compiler.quick import MOST_DOWN, QuickForm
from sheetengine.grid import NUMBER
from sheetengine.recalc.blocks import AnyBlock, Block
from sheetengine.recalc.book import Book
from sheetengine.recalc.family import Family
from sheetengine.recalc.live import Member
from sheetengine.store import SheetStore
from sheetengine.store.chunk import Chunk

_MOST_KEPT = 4096
"""Members whose look-ups are kept for the next run: 500 bytes each."""

_BETWEEN_PAUSES = 2048
_WORTH_COMPILING = 32
"""Members of a block for which its quick form is compiled (0.3 ms) when they run for the first time."""

Entry = tuple[Callable[..., object] | None, tuple[object, ...], Chunk | None, int, SheetStore, int, int, Member]
"""The quick form and its arguments, the member's chunk and its place there, its store, row and column, and the member itself."""


class QuickFormBroke(Exception):  # a signal: the caller makes an `EvaluationBug` of its cause
    """A quick form raised, which none should."""

    def __init__(self, member: Member, error: Exception) -> None:
        super().__init__(member, error)
        self.member = member
        self.error = error


class FewCells:
    """Members in order, ready to run."""

    def __init__(self, book: Book, members: Sequence[tuple[AnyBlock, int]]) -> None:
        self._book = book
        self.members = members
        self.blocks = {block.id for block, _ in members}
        self._entries: list[Entry] = []
        self._stores: list[SheetStore] = []
        self._epochs: list[int] = []
        self._lanes: dict[int, _Lane] = {}
        self._counts = Counter(block.id for block, _ in members)
        self._runs = 0

    def __len__(self) -> int:
        return len(self.members)

    def run(
        self, other: Callable[[Member], object], keep: Callable[[Member, object], None], pause: Callable[[int], None] | None = None
    ) -> None:
        """Compute all: `other` computes a member by the scalar form, `keep` puts away what is not a plain number.

        `pause` is asked every so often, with how many are through; it may raise to stop.
        """
        done, count = 0, len(self.members)
        self._runs += 1
        if self._runs == 2:
            self._entries = []  # it is worth the quick forms
        while done < count:
            for quick, arguments, chunk, place, store, row, column, member in self._from(done):
                done += 1
                value = None
                if pause is not None and not done % _BETWEEN_PAUSES:
                    pause(done - 1)
                if quick is not None:
                    try:
                        value = quick(*arguments)
                    except OverflowError:
                        value = None  # the scalar form makes #NUM! of it
                    except Exception as error:
                        raise QuickFormBroke(member, error) from error
                if value is None:
                    value = other(member)
                if type(value) is float and chunk is not None and not chunk.shared:
                    chunk.flat_kinds[place] = NUMBER
                    chunk.flat_payload[place] = value
                    store.touch(column)
                    continue
                if type(value) is float:
                    store.set_cell(row, column, value)
                else:
                    keep(member, value)
                if self._moved():
                    break  # planes were replaced on the way: the rest is looked up anew

    def _moved(self) -> bool:
        return [store.epoch for store in self._stores] != self._epochs

    def _from(self, done: int) -> Iterable[Entry]:
        """The entries of all members but the first `done`."""
        if self._moved() or not self._entries:
            self._lanes = {}
            self._entries = []
            self._stores = [record.store for record in self._book.sheets.values()]
            self._epochs = [store.epoch for store in self._stores]
            if len(self.members) > _MOST_KEPT:
                return self._make(done)
            self._entries = list(self._make(0))
        return self._entries if done == 0 else self._entries[done:]

    def _make(self, done: int) -> Iterator[Entry]:
        lanes = self._lanes
        for block, member in islice(self.members, done, None):
            lane = lanes.get(block.id)
            if lane is None:
                again = self._runs > 1 or self._counts[block.id] >= _WORTH_COMPILING
                lane = lanes[block.id] = _Lane(self._book, block, block.program.quick if again and block.array is None else None)
            yield lane.entry(member)


class _Column(NamedTuple):
    """The places of a block that is one column: its own, and of each cell that it reads planes, first place and step."""

    chunk: Chunk
    place: int
    reads: tuple[tuple[memoryview[int], memoryview[float], int, int], ...]
    constants: tuple[object, ...]


class _Lane:
    """The entries of one block's members."""

    def __init__(self, book: Book, block: AnyBlock, form: QuickForm | None) -> None:
        self.book = book
        self.block = block
        self.store = book.sheets[block.sheet].store
        self.form = form
        self._column = self._as_column() if form is not None and isinstance(block, Block) else None

    def _as_column(self) -> _Column | None:
        """Where a block is one column, and it and what it reads lie in one chunk each: places by arithmetic alone."""
        block, form = self.block, self.form
        assert isinstance(block, Block) and form is not None
        chunk = self.store.chunk_at(block.top, block.left)
        if block.width > 1 or form.areas or chunk is None or block.top + block.height > chunk.top + chunk.rows:
            return None
        reads: list[tuple[memoryview[int], memoryview[float], int, int]] = []
        for index in form.cells:
            slot = block.slots[index]
            assert type(slot) is AreaSlot
            source = self.book.sheets[slot.sheet].store.chunk_at(slot.top, slot.left) if slot.sheet in self.book.sheets else None
            step = 1 if slot.relative & TOP else 0
            if source is None or slot.top + step * block.height > source.top + source.rows:
                return None
            place = (slot.left - source.left) * source.stride + slot.top - source.top
            reads.append((source.flat_kinds, source.flat_payload, place, step))
        place = (block.left - chunk.left) * chunk.stride + block.top - chunk.top
        constants = tuple(self._constant(index, 0) for index in form.constants)
        return _Column(chunk, place, tuple(reads), constants)

    def entry(self, member: int) -> Entry:
        block, store = self.block, self.store
        along = self._column
        if along is not None:
            assert self.form is not None and isinstance(block, Block)
            found: list[object] = [self.book.pool.text]
            for kinds, payload, start, step in along.reads:
                found += (kinds, payload, start + step * member)
            row, column = block.top + member, block.left
            return self.form.run, (*found, *along.constants), along.chunk, along.place + member, store, row, column, (block.id, member)
        row, column = block.cell(member)
        chunk = store.chunk_at(row, column)
        place = 0 if chunk is None else (column - chunk.left) * chunk.stride + row - chunk.top
        arguments = None if self.form is None else self._arguments(self.form, member)
        run = None if self.form is None or arguments is None else self.form.run
        return run, arguments or (), chunk, place, store, row, column, (block.id, member)

    def _arguments(self, form: QuickForm, member: int) -> tuple[object, ...] | None:
        """What the quick form is called with, None where it cannot be."""
        arguments: list[object] = [self.book.pool.text]
        for index in (*form.cells, *form.areas):
            sheet, top, left, bottom, right = self._area(index, member)
            source = self.book.sheets[sheet].store.chunk_at(top, left) if sheet in self.book.sheets else None
            if source is None:
                return None
            arguments += (source.flat_kinds, source.flat_payload, (left - source.left) * source.stride + top - source.top)
            if index in form.areas:
                if left != right or bottom - top >= MOST_DOWN or bottom >= source.top + source.rows:
                    return None
                arguments += (bytes([NUMBER]) * (bottom - top + 1), top)
        arguments += [self._constant(index, member) for index in form.constants]
        return tuple(arguments)

    def _area(self, index: int, member: int) -> tuple[int, int, int, int, int]:
        block = self.block
        if isinstance(block, Family):
            top, left, bottom, right = block.corners[index][:, member].tolist()
            return block.sheets[index], top, left, bottom, right
        slot = block.slots[index]
        assert type(slot) is AreaSlot
        return block.area(slot, *divmod(member, block.width))

    def _constant(self, index: int, member: int) -> object:
        block = self.block
        if isinstance(block, Block):
            slot = block.slots[index]
            assert type(slot) is ConstantSlot
            return slot.value
        return block.constants[index][member]
