"""What-if data tables: `{=TABLE(row input, column input)}` over a rectangle beside its inputs.

In: a cell of a table. Out: what the table's formula gives with the cell's own inputs in place of the input cells. A cell's static reads are
the headers of its row and column and the formula, so it is dirty when they are; its value comes from a twin of the workbook in which
the inputs are written. Invariants: the workbook itself is never written; tables within the twin stand still, so nothing recurses.

Layout, as in Excel: with both inputs the formula stands in the corner, the row input takes the values of the top row, the column input
those of the left column. With a column input alone the inputs are the left column and the formulas the top row; with a row input alone
the other way round. Source: Microsoft, "Calculate multiple results by using a data table".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sheetengine.compiler.bound import BOTTOM, LEFT, RIGHT, TOP, AreaSlot, Constant, Recipe, Slot
from sheetengine.compiler.compile import Program
from sheetengine.compiler.frame import Frame
from sheetengine.recalc.blocks import Block
from sheetengine.recalc.copying import twin
from sheetengine.recalc.edited import edited_cells
from sheetengine.store.chunk import Box
from sheetengine.syntax.operands import AnyOperand, Reference
from sheetengine.syntax.shape import Shape
from sheetengine.values import REF, CellError, Scalar

BOTH, ROW, COLUMN = "TABLE(\x03,\x03)", "TABLE(\x03,)", "TABLE(,\x03)"
"""The keys of the shapes of the three kinds of tables."""


def table_program(shape: Shape, operands: Sequence[AnyOperand], sheet: int, row: int, column: int) -> tuple[Program, list[Slot]]:
    """The program of a table whose first cell is given, and its slots: the inputs, the header of the row, that of the column, the corner."""
    slots: list[Slot] = [_input(operand, sheet) for operand in operands]
    slots.append(AreaSlot(sheet, row, column - 1, row, column - 1, TOP | BOTTOM))
    slots.append(AreaSlot(sheet, row - 1, column, row - 1, column, LEFT | RIGHT))
    if shape.key == BOTH:
        slots.append(AreaSlot(sheet, row - 1, column - 1, row - 1, column - 1, 0))
    # A program of its own for each table: two that touch must not become one block.
    recipe = Recipe(Constant(None), ("table", sheet, row, column), frozenset())
    return Program(shape, "table", recipe, _compute, None), slots


def _input(operand: AnyOperand, sheet: int) -> AreaSlot:
    assert isinstance(operand, Reference)
    corner = operand.first
    if corner is None or corner.row is None or corner.column is None:
        return AreaSlot(sheet, 0, 0, 0, 0, 0)
    return AreaSlot(sheet, corner.row, corner.column, corner.row, corner.column, 0)


def _compute(frame: Frame) -> object:
    reader: Any = frame.reader  # the engine's; the compiler knows it by its Protocol alone
    block: Block = reader.what_if.table_at(frame.sheet, frame.row, frame.column)
    if any(isinstance(operand, Reference) and operand.first is None for operand in block.operands):
        return REF
    left = frame.cell(frame.sheet, frame.row, block.left - 1)
    top = frame.cell(frame.sheet, block.top - 1, frame.column)
    inputs = [slot for slot in block.slots[: len(block.operands)] if type(slot) is AreaSlot]
    shape = block.program.shape.key
    if shape == BOTH:
        frame.cell(frame.sheet, block.top - 1, block.left - 1)
        wanted = [(inputs[0], top), (inputs[1], left)]
        formula = (block.top - 1, block.left - 1)
    elif shape == ROW:
        wanted, formula = [(inputs[0], top)], (frame.row, block.left - 1)
    else:
        wanted, formula = [(inputs[0], left)], (block.top - 1, frame.column)
    answer: Scalar | CellError = reader.what_if.answer(frame.sheet, formula, [((slot.top, slot.left), value) for slot, value in wanted])
    return answer


class WhatIf:
    """Answers what a cell would be if others held other values, by a twin of the engine that lives for one plan."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine  # recalc.engine.Engine, which is made of this
        self._twin: Any = None
        self._serial = -1

    def answer(self, sheet: int, formula: tuple[int, int], inputs: Sequence[tuple[tuple[int, int], Scalar]]) -> Scalar:
        """The value of a formula's cell with other values in the input cells of its sheet."""
        serial = self._engine.evaluator.serial
        if self._twin is None or self._serial != serial:
            self._twin, self._serial = self._fresh(), serial
        twin = self._twin
        for (row, column), value in inputs:
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
        return made

    def forget(self) -> None:
        """The round is over: the twin goes."""
        self._twin = None
