"""What a workbook remembers of the file it was opened from, so that saving can tell what changed.

In: a document and the blocks it became. Out: for every formula of the file whether it still stands there as it was. Invariant: a
block counts as unchanged only while it is the same object at the same place with the same operands; anything else is compared as text.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sheetengine.io.document import Document, SheetDocument
from sheetengine.io.sheet_shift import Way
from sheetengine.names import DefinedName, Table
from sheetengine.recalc.blocks import AnyBlock, Block
from sheetengine.recalc.engine import Engine

_BAND = 1 << 16
_SOME = -1
"""Stands for the block of a formula that moved: whether it is still there is told by its text."""


@dataclass(slots=True, eq=False)
class OpenedFile:
    """A document, and how its sheets and formulas were entered."""

    document: Document
    sheets: dict[int, int] = field(default_factory=dict)
    """Number of a sheet in the book -> its place in the document."""
    owners: dict[int, NDArray[np.int32]] = field(default_factory=dict)
    """By place of the sheet: the block that each of its formulas became, 0 where it became none."""
    stamps: dict[int, tuple[int, int]] = field(default_factory=dict)
    """By place of the sheet: the stamps of its values and formats when it was loaded."""
    names: dict[tuple[int | None, str], DefinedName] = field(default_factory=dict)
    tables: dict[str, Table] = field(default_factory=dict)
    _marks: dict[int, Hashable] = field(default_factory=dict)
    _operands: dict[int, object] = field(default_factory=dict)

    def remember(self, engine: Engine) -> None:
        """Note how everything is, right after loading."""
        for number, place in self.sheets.items():
            sheet, record = self.document.sheets[place], engine.book.sheets[number]
            cells = sheet.formula_cells
            owners = np.zeros(len(cells), np.int32)
            for first in range(0, len(cells), _BAND):
                part = cells[first : first + _BAND]
                rows, columns = sheet.rows[part].astype(np.int64), sheet.columns[part].astype(np.int64)
                owners[first : first + _BAND] = record.store.gather_planes(rows, columns)[2]
            self.owners[place] = owners
            self.stamps[place] = (record.store.stamp, record.formats.stamp)
        for block in engine.field:
            self._marks[block.id] = _mark(block)
            self._operands[block.id] = block.operands if isinstance(block, Block) else list(block.operands)
        self.names = dict(engine.book.names)
        self.tables = dict(engine.book.tables)

    def at(self, document: Document, shifts: Mapping[int, Sequence[Way]]) -> OpenedFile:
        """The same file with its cells moved, as which everything in it is compared anew."""
        places = range(len(document.sheets))
        owners = {place: self._owners_at(place, document.sheets[place], shifts.get(place, ())) for place in places}
        return OpenedFile(document, dict(self.sheets), owners, dict.fromkeys(places, (-1, -1)), self.names, self.tables)

    def _owners_at(self, place: int, moved: SheetDocument, shifts: Sequence[Way]) -> NDArray[np.int32]:
        """For the formulas of a moved sheet: 0 for those that became no block, `_SOME` for all others."""
        sheet, owners = self.document.sheets[place], np.full(len(moved.formula_cells), _SOME, np.int32)
        wanted = set()
        for cell in sheet.formula_cells[self.owners[place] == 0].tolist():
            now: tuple[int, int] | None = (int(sheet.rows[cell]), int(sheet.columns[cell]))
            for shift in shifts:
                now = None if now is None else shift.cell(*now)
            wanted.add(now)
        if wanted:
            rows, columns = moved.rows[moved.formula_cells].tolist(), moved.columns[moved.formula_cells].tolist()
            owners[[at in wanted for at in zip(rows, columns, strict=True)]] = 0
        return owners

    def __getstate__(self) -> dict[str, object]:
        """Pickled without what only counts in this process: stamps and the identity of operands."""
        state = {name: getattr(self, name) for name in self.__slots__}
        return {**state, "stamps": dict.fromkeys(self.stamps, (-1, -1)), "_marks": {}, "_operands": {}}

    def __setstate__(self, state: dict[str, object]) -> None:
        for name, value in state.items():
            setattr(self, name, value)

    def unchanged(self, block: AnyBlock) -> bool:
        """Whether a block's formulas are, text by text, those of the file."""
        if self._marks.get(block.id) != _mark(block):
            return False
        known = self._operands[block.id]
        if isinstance(block, Block):
            return known is block.operands
        assert isinstance(known, list)
        return len(known) == len(block.operands) and all(one is other for one, other in zip(known, block.operands, strict=True))


def _mark(block: AnyBlock) -> Hashable:
    shape = (block.sheet, block.program.shape.key, block.program.mode, block.array)
    if isinstance(block, Block):
        return (*shape, block.top, block.left)
    return (*shape, hash(block.rows.tobytes()), hash(block.columns.tobytes()))
