"""What a cell would be if others held other values: the answers of data tables.

In: a table's block, the cell of its formula, values for its input cells. Out: the formula's value, from a twin of the workbook in which the
inputs are written. Invariants: the workbook itself is never written; tables within the twin stand still, so nothing recurses.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sheetengine.recalc.blocks import Block
from sheetengine.recalc.copying import twin
from sheetengine.recalc.edited import edited_cells
from sheetengine.recalc.taking_out import take_out
from sheetengine.store.chunk import Box
from sheetengine.values import Scalar


def _set_free(twin: Any, sheet: int, row: int, column: int) -> None:
    """Where an input cell is part of an array formula, the array keeps its values and is one no more: it cannot change in part."""
    field = twin.field
    block = field.blocks.get(abs(twin.book.sheets[sheet].store.owner(row, column)))
    if block is not None and block.array is not None:
        take_out(field, sheet, field.spills.ranges[block.id][0])


class WhatIf:
    """Answers what a cell would be if others held other values, by a twin of the engine that lives for one plan."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine  # recalc.engine.Engine, which is made of this
        self._twin: Any = None
        self._made_for = (-1, -1)

    def answer(self, table: Block, formula: tuple[int, int], inputs: Sequence[tuple[tuple[int, int], Scalar]]) -> Scalar:
        """The value of a formula's cell with other values in the input cells of its sheet."""
        # A twin for each table: one table's formula may read what another has answered since.
        wanted = (self._engine.evaluator.serial, table.id)
        if self._twin is None or self._made_for != wanted:
            self._twin, self._made_for = self._fresh(), wanted
        twin, sheet = self._twin, table.sheet
        for (row, column), value in inputs:
            _set_free(twin, sheet, row, column)
            twin.set_value(sheet, row, column, value)
        twin.round()
        found: Scalar = twin.book.sheets[sheet].store.cell(*formula)
        return found

    def table_at(self, sheet: int, row: int, column: int) -> Block:
        """The block of the table that fills a cell."""
        found: Block = self._engine.field.find(sheet, row, column)[0]
        return found

    def _fresh(self) -> Any:
        made = twin(self._engine)
        made.field.seeds.clear()
        made._cells, made._places, made.automatic = edited_cells(), [], True
        # Rounds of the twin are none of the workbook's: their random numbers are others.
        made.reader.round = self._engine.reader.round << 24
        for block in list(made.field):
            if isinstance(block, Block) and block.program.mode == "table":
                made.field.drop(block)
                made.book.sheets[block.sheet].store.set_owners(Box(*block.rect), 0)
        # What this plan has not come to yet, the twin computes itself where it needs it.
        for step in self._engine.evaluator.left:
            for number, selection in step.parts:
                if number in made.field.blocks:
                    made.field.seed(made.field.blocks[number], selection)
        return made

    def forget(self) -> None:
        """The round is over: the twin goes."""
        self._twin = None
