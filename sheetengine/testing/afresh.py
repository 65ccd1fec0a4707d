"""The same workbook computed afresh: what any history of edits must have led to, to the bit.

In: a workbook. Out: another one with the same sheets, names, tables, functions, values and formulas, written cell by cell, so that no block,
plan or cache of the first is shared; and the comparison of the two.
"""

from __future__ import annotations

import struct

from sheetengine.address import Address
from sheetengine.graph.patterns import Rect
from sheetengine.recalc.blocks import Block
from sheetengine.values import CellError
from sheetengine.workbook import Workbook
from sheetengine.workbook.changes import TableChange

Contents = dict[str, tuple[str | None, object]]


def bits(value: object) -> object:
    """A value so that `==` compares it to the bit: numbers by their bytes, errors by code, booleans apart from numbers."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return struct.pack(">d", value)
    if isinstance(value, CellError):
        return (value.code,)
    return value if value is None else [value]


def contents(workbook: Workbook) -> Contents:
    """Formula and value of every cell in use, everything computed first."""
    found: Contents = {}
    for sheet in workbook:
        store = workbook._engine.book.sheets[sheet.id].store
        for cell in sheet.cells_with():
            found[cell.address] = (cell.formula, store.cell(cell.row - 1, cell.column - 1))
    return found


def afresh(workbook: Workbook) -> Workbook:
    """The workbook built anew. Random numbers are those of the last round where the seed is fixed."""
    engine = workbook._engine
    with engine.lock:
        engine.flush()
        twin = Workbook(sheet=None)
        other = twin._engine
        other.book.date1904 = engine.book.date1904
        other.reader.clock, other.reader.seed = engine.reader.clock, engine.reader.seed
        if other.reader.seed is None:
            other.reader._entropy = engine.reader._entropy
        settings, own = other.evaluator.iteration, engine.evaluator.iteration
        settings.enabled, settings.count, settings.change = own.enabled, own.count, own.change
        other.book.functions |= engine.book.functions
        for sheet in workbook:
            other.book._next = sheet.id  # random numbers follow from it
            twin.add_sheet(sheet.name)
        for name, meaning in workbook.names.items():
            twin.names[name] = meaning
        for key, table in engine.book.tables.items():
            TableChange(key, table).swap(other)
        for sheet in workbook:
            _copy_cells(workbook, twin, sheet.id, twin[sheet.name].id)
        other.reader.round = engine.reader.round - 1
    return twin


def _copy_cells(workbook: Workbook, twin: Workbook, sheet: int, target: int) -> None:
    field, store = workbook._engine.field, workbook._engine.book.sheets[sheet].store
    editor = twin._editor
    for box in store.used_boxes():
        owners = store.owners(box)
        for down in range(owners.shape[0]):
            for right in range(owners.shape[1]):
                row, column = box.top + down, box.left + right
                owner = int(owners[down, right])
                if owner < 0:
                    continue
                if owner == 0:
                    value = store.cell(row, column)
                    if value is not None:
                        twin._engine.set_value(target, row, column, value)
                    continue
                block = field.blocks[owner]
                text = field.formula_text(sheet, row, column)
                assert text is not None
                height, width = block.array or (1, 1)
                rect = Rect(row, column, row + height - 1, column + width - 1)
                if block.program.mode == "table":
                    assert isinstance(block, Block)
                    if (row, column) == (block.top, block.left):
                        twin._engine.set_formula(target, block.rect, block.program.shape, block.operands, "table")
                elif block.array is not None:
                    editor.array_formula(target, rect, text)
                else:
                    editor.fill_formula(target, rect, text, block.program.mode)


def assert_computed(workbook: Workbook) -> None:
    """Fails unless every cell holds, to the bit, what a calculation afresh gives; names the first that does not."""
    twin = afresh(workbook)
    mine, its = contents(workbook), contents(twin)
    for address in sorted(mine.keys() | its.keys()):
        formula, value = mine.get(address, (None, None))
        other_formula, other = its.get(address, (None, None))
        assert formula == other_formula, f"{address} holds {formula}, built anew {other_formula}"
        assert bits(value) == bits(other), f"{address} {formula or ''} holds {value!r}, computed afresh {other!r}"
    assert workbook.circular == twin.circular, f"circular cells {workbook.circular}, afresh {twin.circular}"


def place_of(address: str) -> tuple[str, Address]:
    """An address with its sheet, taken apart."""
    sheet, _, cell = address.rpartition("!")
    return sheet.strip("'").replace("''", "'"), Address.parse(cell)
