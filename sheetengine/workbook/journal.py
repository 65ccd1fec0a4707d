"""Undo and redo: what each edit changed, kept as far back as the bound allows.

In: edits as they happen. Out: the same taken back, and done again. An edit is a list of changes; each change knows how to swap
itself with what is there now. Invariant: undo after any script gives every cell, formula and name as it was.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from sheetengine.errors import EditRefused
from sheetengine.recalc.engine import Engine
from sheetengine.recalc.snapshot import Snapshot, restore, take
from sheetengine.values import Scalar


class Change(Protocol):
    """Something that can be exchanged with the present state."""

    def swap(self, engine: Engine) -> Change:
        """Bring back what it keeps; the answer keeps what was there until now."""

    @property
    def size(self) -> int:
        """How much it keeps."""


class CellChange(NamedTuple):
    """The constant of one cell: nearly all edits are this. (A frozen dataclass takes three times as long to make.)"""

    sheet: int
    row: int
    column: int
    value: Scalar

    def swap(self, engine: Engine) -> CellChange:
        now = engine.book.sheets[self.sheet].store.cell(self.row, self.column)
        engine.set_value(self.sheet, self.row, self.column, self.value)
        return CellChange(self.sheet, self.row, self.column, now)

    @property
    def size(self) -> int:
        return 1


@dataclass(frozen=True, slots=True)
class ContentChange:
    """All that a rectangle holds."""

    snapshot: Snapshot

    def swap(self, engine: Engine) -> ContentChange:
        kept = self.snapshot
        now = take(engine, kept.sheet, kept.rect, formats=kept.format_place is not None)
        restore(engine, kept)
        return ContentChange(now)

    @property
    def size(self) -> int:
        return self.snapshot.size


class Journal:
    """Edits that can be taken back, the newest last."""

    def __init__(self, engine: Engine, most_edits: int = 1_000, most_elements: int = 20_000_000) -> None:
        self._engine = engine
        self._done: deque[list[Change]] = deque()
        self._undone: list[list[Change]] = []
        self._open: list[Change] | None = None
        self._elements = 0
        self.most_edits = most_edits
        self.most_elements = most_elements

    def note(self, change: Change) -> None:
        """A change is about to be made (or was just made): `swap` takes it back."""
        if self._open is not None:
            self._open.append(change)
        elif type(change) is CellChange and not self._undone and self._elements < self.most_elements:
            done = self._done
            done.append([change])
            self._elements += 1
            if len(done) > self.most_edits:
                oldest = done.popleft()
                self._elements -= _size(oldest)
        else:
            self._push([change])

    def _push(self, edit: list[Change]) -> None:
        self._undone.clear()
        self._done.append(edit)
        self._elements += _size(edit)
        while len(self._done) > self.most_edits or (self._elements > self.most_elements and len(self._done) > 1):
            self._elements -= _size(self._done.popleft())

    @property
    def grouping(self) -> bool:
        """Whether a batch is open."""
        return self._open is not None

    def begin(self) -> None:
        """What follows is one edit."""
        self._open = []

    def commit(self) -> None:
        """The edit is complete."""
        edit, self._open = self._open, None
        if edit:
            self._push(edit)

    def rollback(self) -> None:
        """Take back what was done since `begin`."""
        edit, self._open = self._open or [], None
        _swap(self._engine, edit)

    def _refuse_inside(self, what: str) -> None:
        if self.grouping:
            raise EditRefused(f"{what} inside a batch would tear it apart: its edits become one step when the block ends")

    def undo(self) -> bool:
        """Take back the newest edit; False where there is none."""
        self._refuse_inside("undo")
        if not self._done:
            return False
        edit = self._done.pop()
        self._elements -= _size(edit)
        self._undone.append(_swap(self._engine, edit))
        return True

    def redo(self) -> bool:
        """Do again what was taken back last; False where there is nothing."""
        self._refuse_inside("redo")
        if not self._undone:
            return False
        kept = self._undone.pop()
        undone, self._undone = self._undone, []
        self._push(_swap(self._engine, kept))
        self._undone = undone
        return True

    def clear(self) -> None:
        """Forget everything."""
        self._done.clear()
        self._undone.clear()
        self._elements = 0

    @property
    def undo_count(self) -> int:
        """How many edits can be taken back."""
        return len(self._done)


def _size(edit: list[Change]) -> int:
    """Elements that an edit keeps; nearly all are of one change."""
    return edit[0].size if len(edit) == 1 else sum(change.size for change in edit)


def _swap(engine: Engine, edit: list[Change]) -> list[Change]:
    return [change.swap(engine) for change in reversed(edit)]
