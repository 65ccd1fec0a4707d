"""The formulas of a workbook as files have them: texts in file form, array formulas, what-if tables.

In: blocks and their members. Out: texts without `=`, rectangles. A block of many rows is printed once and its texts follow by arithmetic.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from sheetengine.address import Range
from sheetengine.compiler.bound import same_tree
from sheetengine.functions import library
from sheetengine.io.document import ArrayFormula, DataTable
from sheetengine.recalc.blocks import AnyBlock, Block
from sheetengine.recalc.data_tables import BOTH, ROW
from sheetengine.recalc.engine import Engine
from sheetengine.syntax.file_forms import column_texts, to_file
from sheetengine.syntax.operands import AnyOperand, Reference, TableReference
from sheetengine.syntax.printer import print_corner
from sheetengine.syntax.shape import Shape

Places = NDArray[np.int64]

_LEAST_FILL = 4
"""Rows of a block from which the texts down a column are predicted."""


def data_table(block: AnyBlock) -> DataTable:
    """The what-if table that a block computes, as files have it."""
    assert isinstance(block, Block)
    inputs = [print_corner(operand.first) if operand.first else "" for operand in block.operands if isinstance(operand, Reference)]
    both = block.program.shape.key == BOTH
    return DataTable(Range(*block.rect), inputs[0], inputs[1] if both else None, both, both or block.program.shape.key == ROW)


class FileTexts:
    """The texts and formulas of a workbook as files have them."""

    def __init__(self, engine: Engine, prefix: Callable[[str], str]) -> None:
        self.engine = engine
        self.prefix = prefix
        self._forms: dict[int, bool] = {}

    def formula(self, block: AnyBlock, member: int) -> str:
        """A member's formula in file form, without `=`."""
        return self.text(block.program.shape, block.syntax_operands(member), block.sheet, *block.cell(member))

    def text(self, shape: Shape, operands: Sequence[AnyOperand], sheet: int, row: int, column: int) -> str:
        """A formula that stands at a cell, in file form."""
        return to_file(shape, operands, self.prefix, self._table_at(operands, sheet, row, column), self.bare(sheet))

    def bare(self, sheet: int | None) -> Callable[[str], bool]:
        """Whether a name in formulas of a sheet is that of a function."""
        book = self.engine.book

        def is_function(name: str) -> bool:
            key = name.lower()
            taken = (sheet, key) in book.names or (None, key) in book.names or key in book.tables
            return not taken and library.find(key.upper()) is not None

        return is_function

    def _table_at(self, operands: Sequence[AnyOperand], sheet: int, row: int, column: int) -> str | None:
        if not any(type(operand) is TableReference for operand in operands):
            return None
        table = self.engine.book.table_around(sheet, row, column)
        return None if table is None else table.name

    def many(self, block: AnyBlock, keys: Places) -> list[str]:
        """The formulas of some cells of a block, in their order."""
        if not isinstance(block, Block) or block.height < _LEAST_FILL:
            return [self.formula(block, block.flat(key >> 14, key & 16_383)) for key in keys.tolist()]
        known: dict[int, Callable[[int], str]] = {}
        found = []
        for key in keys.tolist():
            column = key & 16_383
            texts = known.get(column)
            if texts is None:
                member = block.flat(block.top, column)
                operands = block.syntax_operands(member)
                made = column_texts(
                    block.program.shape, operands, block.top, self.prefix, self._table_at(operands, block.sheet, key >> 14, column),
                    self.bare(block.sheet),
                )  # fmt: skip
                if made is None:
                    return [self.formula(block, block.flat(one >> 14, one & 16_383)) for one in keys.tolist()]
                texts = known[column] = made
            found.append(texts(key >> 14))
        return found

    def arrays(self, block: AnyBlock, keys: Places) -> dict[int, ArrayFormula | DataTable]:
        """Which of some cells of a block are array formulas or data tables, by their place among them."""
        plain = block.array is None and not self.engine.field.spills.ranges.get(block.id)
        if plain and block.program.mode == "legacy":
            return {}
        found: dict[int, ArrayFormula | DataTable] = {}
        for place, key in enumerate(keys.tolist()):
            array = self.array(block, block.flat(key >> 14, key & 16_383))
            if array is not None:
                found[place] = array
            elif plain:
                break
        return found

    def array(self, block: AnyBlock, member: int) -> ArrayFormula | DataTable | None:
        """The array formula or data table a member is written as, None for a plain one."""
        if block.program.mode == "table":
            return data_table(block)
        row, column = block.cell(member)
        rect = self.engine.field.spills.range_of(block.id, member)
        if block.array is not None:
            return ArrayFormula(Range(row, column, row + block.array[0] - 1, column + block.array[1] - 1))
        if block.program.mode != "dynamic":
            return None
        if rect is None and not self._needs_array(block, member, row, column):
            return None
        return ArrayFormula(Range(row, column, row, column) if rect is None else Range(*rect), dynamic=True)

    def _needs_array(self, block: AnyBlock, member: int, row: int, column: int) -> bool:
        """Whether an old Excel would read the text another way: then the file must say that it is dynamic."""
        known = self._forms.get(block.id)
        if known is None:
            program = block.program
            legacy, _ = self.engine.field.programs.program(program.shape, block.syntax_operands(member), block.sheet, row, column, "legacy")
            known = self._forms[block.id] = not same_tree(legacy.recipe.tree, program.recipe.tree)
        return known
