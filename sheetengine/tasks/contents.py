"""What stands in each cell of a sheet, in a form that can be compared over insertions and moves.

In: a sheet of an opened workbook. Out: `Contents`: for each cell in use its place, a number that is equal for equal contents (formulas
as seen from their cell), and its value. Invariant: contents of both workbooks are numbered by one table.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sheetengine.grid import ERROR, TEXT
from sheetengine.recalc.blocks import Block
from sheetengine.recalc.engine import Engine
from sheetengine.syntax.fill import relative_key
from sheetengine.values import Scalar, error_from_id
from sheetengine.workbook.new_cells import cells_in_use

Places = NDArray[np.int64]


class Numbering:
    """One number for each distinct content."""

    def __init__(self) -> None:
        self._known: dict[Hashable, int] = {}

    def of(self, content: Hashable) -> int:
        """The number of a content."""
        return self._known.setdefault(content, len(self._known))


@dataclass(slots=True, eq=False)
class Contents:
    """The cells of a sheet by rows: keys (row * 16384 + column), numbers of their contents, owners of their formulas (0: none).

    `shapes` are numbers too, for formulas of their shape alone: what lines are matched by, for an inserted row changes the operands of all.
    """

    engine: Engine
    sheet: int
    keys: Places
    numbers: Places
    shapes: Places
    owners: NDArray[np.int32]

    @property
    def rows(self) -> Places:
        """Their rows."""
        return self.keys >> 14

    @property
    def columns(self) -> Places:
        """Their columns."""
        return self.keys & 16_383

    def formula(self, key: int) -> str | None:
        """The formula of a cell."""
        return self.engine.field.formula_text(self.sheet, key >> 14, key & 16_383)

    def value(self, key: int) -> Scalar:
        """The value of a cell."""
        return self.engine.book.sheets[self.sheet].store.cell(key >> 14, key & 16_383)


def contents(engine: Engine, sheet: int, numbering: Numbering) -> Contents:
    """The contents of a sheet; cells that only show what another spilled are no contents."""
    cells = cells_in_use(engine.book.sheets[sheet].store)
    own = cells.owners >= 0
    keys, kinds, payload, owners = cells.keys[own], cells.kinds[own], cells.payload[own], cells.owners[own]
    numbers = np.zeros(len(keys), np.int64)
    _number_constants(engine, numbers, kinds, payload, owners, numbering)
    shapes = numbers.copy()
    for owner in np.unique(owners[owners > 0]).tolist():
        block = engine.field.blocks[owner]
        mine = np.flatnonzero(owners == owner)
        shapes[mine] = numbering.of(("shape", block.program.shape.key))
        shape = ("formula", block.program.shape.key, block.array, block.program.mode == "table")
        if isinstance(block, Block):
            seen = tuple(relative_key(operand, block.top, block.left) for operand in block.operands)
            numbers[mine] = numbering.of((*shape, seen))
            continue
        for place in mine.tolist():
            row, column = int(keys[place]) >> 14, int(keys[place]) & 16_383
            operands = block.syntax_operands(block.flat(row, column))
            numbers[place] = numbering.of((*shape, tuple(relative_key(operand, row, column) for operand in operands)))
    return Contents(engine, sheet, keys, numbers, shapes, owners)


def _number_constants(
    engine: Engine, numbers: Places, kinds: NDArray[np.uint8], payload: NDArray[np.float64], owners: NDArray[np.int32], numbering: Numbering
) -> None:
    constant = np.flatnonzero(owners == 0)
    pairs = np.stack([kinds[constant].astype(np.float64), payload[constant]], axis=1)
    distinct, inverse = np.unique(pairs, axis=0, return_inverse=True)
    table = np.zeros(len(distinct), np.int64)
    for index, (kind, value) in enumerate(distinct.tolist()):
        content: Hashable = (int(kind), value)
        if int(kind) == TEXT:
            content = ("text", engine.book.pool.text(int(value)))
        elif int(kind) == ERROR:
            content = ("error", error_from_id(int(value)).code)
        table[index] = numbering.of(content)
    numbers[constant] = table[inverse.ravel()]
