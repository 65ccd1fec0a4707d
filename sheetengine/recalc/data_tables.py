"""What-if data tables: `{=TABLE(row input, column input)}` over a rectangle beside its inputs.

In: a cell of a table. Out: what the table's formula gives with the cell's own inputs in place of the input cells. A cell's static reads are
the headers of its row and column and the formula, so it is dirty when they are; its value comes from `what_if.WhatIf`.

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
    answer: Scalar | CellError = reader.what_if.answer(block, formula, [((slot.top, slot.left), value) for slot, value in wanted])
    return answer
