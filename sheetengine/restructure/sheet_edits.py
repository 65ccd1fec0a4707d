"""What happens to formulas when a sheet is renamed, moved or copied.

In: an engine, a sheet's id, a new name or place. Out: formulas and names in their new words; nothing is computed again but what asks
for a sheet's name or place, and what is volatile. Invariant: a rename changes no other value.
"""

from __future__ import annotations

from copy import copy
from dataclasses import fields, replace

from sheetengine.address import MAX_COLUMNS, MAX_ROWS
from sheetengine.graph.patterns import Rect
from sheetengine.recalc.book import SheetRecord
from sheetengine.recalc.engine import Engine
from sheetengine.recalc.rebinding import rebind_blocks
from sheetengine.recalc.snapshot import take
from sheetengine.restructure.healing import Healed, healed_by_rename
from sheetengine.restructure.name_edits import rename_in_names, with_operands
from sheetengine.restructure.rewrite import mentioning, rewrite
from sheetengine.syntax.operands import Reference
from sheetengine.syntax.rename import Renaming, sheet_renaming

_EVERYTHING = Rect(0, 0, MAX_ROWS - 1, MAX_COLUMNS - 1)


def rename_sheet(engine: Engine, sheet: int, name: str) -> Healed:
    """Rename a sheet; formulas and names follow. The answer is what named the new name in vain and was healed by it."""
    field, book = engine.field, engine.book
    old = book.sheets[sheet].name
    waiting = [] if old.lower() == name.lower() else mentioning(field, [f"sheet:{name.lower()}"])
    healed = healed_by_rename(engine, waiting)
    book.rename_sheet(sheet, name)
    renaming = sheet_renaming(old, name)
    rename_in_names(engine, renaming)
    rewrite(field, mentioning(field, [f"sheet:{old.lower()}"]), renaming)
    rebind_blocks(field, waiting)
    engine.renamed()
    for block in mentioning(field, ["sheet names"]):
        field.seed(block, None)
    return healed


def move_sheet(engine: Engine, sheet: int, at: int) -> int:
    """Put a sheet's tab at a place; the answer is where it was. 3-D references take in what lies between their ends now."""
    order = engine.book.order
    before = order.index(sheet)
    order.remove(sheet)
    order.insert(at, sheet)
    engine.mentioned(["sheets"])
    return before


def copy_sheet(engine: Engine, sheet: int, name: str, at: int) -> SheetRecord:
    """A sheet like another: values, formats, formulas. What a formula names on its own sheet it names on the copy."""
    book, field = engine.book, engine.field
    source = book.sheets[sheet]
    copied = take(engine, sheet, _EVERYTHING, formats=True)
    record = book.add_sheet(name, at)
    for part in fields(source):
        if part.name not in ("id", "name", "store", "formats"):
            setattr(record, part.name, copy(getattr(source, part.name)))
    own = sheet_renaming(source.name, name)
    _copy_names(engine, sheet, record.id, own)
    engine.mentioned([f"sheet:{name.lower()}", "sheets"])
    if copied.place is not None and copied.values is not None:
        record.store.write(*copied.place, copied.values)
    if copied.format_place is not None and copied.formats is not None:
        record.formats.write(*copied.format_place, copied.formats)
    for piece in copied.pieces:
        operands = [own(operand) for operand in piece.operands]
        field.put(record.id, piece.rect, piece.shape, operands, piece.mode, piece.array)
    engine.mark(record.id, _EVERYTHING)
    return record


def _copy_names(engine: Engine, sheet: int, twin: int, own: Renaming) -> None:
    """The copy has names of its own: those of the sheet, and, as in Excel, those of the workbook that stand for cells of the sheet."""
    book = engine.book
    source = book.sheets[sheet].name.lower()
    for (scope, key), definition in list(book.names.items()):
        of_sheet = scope is None and any(type(one) is Reference and (one.sheet or "").lower() == source for one in definition.operands)
        if (scope == sheet or of_sheet) and (twin, key) not in book.names:
            operands = tuple(own(operand) for operand in definition.operands)
            book.names[twin, key] = replace(with_operands(definition, operands), sheet=twin)
