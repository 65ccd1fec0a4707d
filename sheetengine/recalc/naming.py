"""What formulas ask of other formulas: what a text or a name stands for (INDIRECT, lambdas in defined names), their texts, which are subtotals.

In: a text, a name or an area, and the cell that asks. Out: a reference, a function as a value, or the error that says why not; texts, marks.
"""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np
from numpy.typing import NDArray

from sheetengine.compiler.compile import Program, make_program
from sheetengine.compiler.frame import Frame, Reader
from sheetengine.compiler.operands import resolve
from sheetengine.errors import FormulaSyntaxError
from sheetengine.functions.arguments import dereference
from sheetengine.grid import Grid
from sheetengine.recalc.blocks import AnyBlock, area_of, frame_operands
from sheetengine.recalc.formulas import FormulaField
from sheetengine.store.chunk import Box
from sheetengine.syntax.fill import fill
from sheetengine.syntax.nodes import Call, Intersection, Node, Operand, Parenthesised, RangeOf, Union
from sheetengine.syntax.operands import Reference as Written
from sheetengine.syntax.parser import parse, read
from sheetengine.syntax.r1c1 import a1_from_r1c1
from sheetengine.syntax.shape import lift
from sheetengine.values import NAME, REF, Area, CellError, Reference

_MOST_INSIDE = 20
"""Names by text inside names by text."""


def _is_reference(node: Node) -> bool:
    """Whether a formula is references alone: a name whose range a formula computes is none for INDIRECT."""
    if isinstance(node, Parenthesised):
        return _is_reference(node.inner)
    if isinstance(node, RangeOf | Intersection):
        return _is_reference(node.left) and _is_reference(node.right)
    return isinstance(node, Operand) or (isinstance(node, Union) and all(_is_reference(item) for item in node.items))


def _is_subtotal(block: AnyBlock) -> bool:
    text = block.program.shape.key.upper()
    return "SUBTOTAL(" in text or "AGGREGATE(" in text


class Naming:
    """The reader's view of the formulas of a workbook (`reader.Formulas`)."""

    def __init__(self, field: FormulaField) -> None:
        self._field = field
        self.spilled = field.spilled
        self._lambdas: dict[Hashable, Program] = {}
        self.reader: Reader
        self._inside = 0
        """How many formulas of names are being evaluated inside each other by their texts."""

    def forget(self) -> None:
        """Names changed: what was compiled from them is out of date."""
        self._lambdas.clear()

    def formula_text(self, sheet: int, row: int, column: int) -> str | None:
        """A cell's formula as the formula bar shows it: that of a CSE formula in braces."""
        text = self._field.formula_text(sheet, row, column)
        if text is None:
            return None
        found = self._field.find(sheet, row, column) or self._field.anchor(sheet, row, column)
        return "{" + text + "}" if found is not None and found[0].array is not None else text

    def subtotals(self, area: Area) -> NDArray[np.bool_] | None:
        """Which cells of an area call SUBTOTAL or AGGREGATE; None where none does."""
        owners = self._field.book.sheets[area.sheet].store.owners(Box(area.top, area.left, area.bottom, area.right))
        if not owners.any():
            return None
        found = [owner for owner in np.unique(owners).tolist() if owner > 0 and _is_subtotal(self._field.blocks[owner])]
        return np.isin(owners, found) if found else None

    def resolve_text(self, text: str, a1: bool, sheet: int, row: int, column: int) -> Reference | CellError:
        """The reference that a text names, as INDIRECT has it."""
        try:
            if not a1:
                converted = a1_from_r1c1(text, row, column)
                if converted == text and any(type(operand) is Written for operand in lift(text)[1]):
                    return CellError("#REF!", f"{text!r} is a reference in A1 form, not in R1C1")
                text = converted
            shape, operands, node = read("=" + text)
        except FormulaSyntaxError:
            return CellError("#REF!", f"{text!r} is not a reference")
        while isinstance(node, Parenthesised):
            node = node.inner
        if isinstance(node, Call):
            return CellError("#REF!", f"{text!r} is a formula, not a reference")
        if isinstance(node, Union):
            return CellError("#REF!", f"{text!r} is several references")
        if not isinstance(node, Operand):
            return self._evaluated(text, sheet, row, column)
        resolution = resolve(shape, operands, self._field.book.scope(sheet), row, column)
        found = resolution.operands[node.index]
        if found.error is not None:
            return CellError("#REF!", found.error.message)
        if found.kind in ("c", "r"):
            slots = resolution.slots[found.slot : found.slot + found.count]
            return Reference(tuple(area_of(slot) for slot in slots))
        if found.nested is not None and found.definition is not None and not _is_reference(parse(found.definition.shape)):
            return CellError("#REF!", f"{text!r} names a formula, not a reference")
        if found.nested is not None or (isinstance(found.kind, tuple) and found.kind[0] == "T"):
            return self._evaluated(text, sheet, row, column)
        return CellError("#REF!", f"{text!r} is not a reference")

    def _evaluated(self, text: str, sheet: int, row: int, column: int) -> Reference | CellError:
        """A text that is more than one reference: a name of several, part of a table, or a range made of two."""
        if self._inside >= _MOST_INSIDE:
            return CellError("#REF!", f"{text!r} names itself")
        field = self._field
        shape, operands, _node = read("=" + text)
        program, slots = field.programs.program(shape, operands, sheet, row, column, "dynamic")
        frame = Frame(self.reader, sheet, row, column, frame_operands(slots), [])
        self._inside += 1
        try:
            value = program.scalar(frame)
        finally:
            self._inside -= 1
        if isinstance(value, CellError) and value.code == "#NAME?":
            return CellError("#REF!", value.message)
        return value if isinstance(value, Reference | CellError) else REF

    def moved_value(self, sheet: int, row: int, column: int, down: int) -> object:
        """The formula of a cell for relative references that point further down, as a scalar."""
        field = self._field
        found = field.find(sheet, row, column)
        if found is None:
            return self.reader.cell(sheet, row, column)
        block, member = found
        own = [fill(operand, down, 0) for operand in block.syntax_operands(member)]
        program, slots = field.programs.program(block.program.shape, own, sheet, row, column, block.program.mode)
        frame = Frame(self.reader, sheet, row, column, frame_operands(slots), [])
        value = program.scalar(frame)
        if isinstance(value, Reference):
            value = dereference(value, frame)
        return value.item(0, 0) if isinstance(value, Grid) and value.size else value

    def named_lambda(self, name: str, sheet: int | None, frame: Frame) -> object:
        """The function that a defined name holds, made for the calling cell; once for all its calls in one formula."""
        whole = frame.outermost or frame
        if whole.lambdas is None:
            whole.lambdas = {}
        known = whole.lambdas.get((name, sheet))
        if known is None:
            known = whole.lambdas[name, sheet] = self._named_lambda(name, sheet, whole)
        return known

    def _named_lambda(self, name: str, sheet: int | None, frame: Frame) -> object:
        definition = self._field.book.name(name, sheet if sheet is not None else frame.sheet)
        if definition is None:
            return NAME
        scope = self._field.book.scope(definition.sheet if definition.sheet is not None else frame.sheet)
        resolution = resolve(definition.shape, definition.operands, scope, frame.row, frame.column, defined=definition)
        key = (id(definition), resolution.key)
        program = self._lambdas.get(key)
        if program is None:
            program = make_program(definition.shape, resolution, scope, "dynamic", key)
            self._lambdas[key] = program
        return program.scalar(frame.inner(frame_operands(resolution.slots), []))
