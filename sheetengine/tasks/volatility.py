"""What changes from one moment to the next without an edit: volatile cells and all that rests on them.

In: a workbook's engine. Out: blocks with the members concerned. Such cells tell nothing about whether a file's values are right.
"""

from __future__ import annotations

from sheetengine.address import Range, quote_sheet
from sheetengine.graph.patterns import Selection
from sheetengine.recalc.blocks import Block
from sheetengine.recalc.dirty import closure
from sheetengine.recalc.engine import Engine


def unsteady(engine: Engine) -> dict[int, Selection]:
    """By block: the members that are volatile or depend on a volatile one."""
    field = engine.field
    seeds = {number: field.blocks[number].all for number in field.volatile}
    if not seeds:
        return {}
    dirty = closure(
        field.graph, field.blocks, (), seeds, lambda number, selection: field.spills.places(field.blocks[number], selection), field.alive
    )
    return dirty.selections


def volatile_ranges(engine: Engine) -> list[str]:
    """The cells whose formulas are volatile themselves, as ranges."""
    found = []
    field = engine.field
    for number in sorted(field.volatile):
        block = field.blocks[number]
        if block.frozen:
            continue
        sheet = quote_sheet(engine.book.sheets[block.sheet].name)
        if isinstance(block, Block) and not block.holes:
            found.append(f"{sheet}!{Range(*block.rect)}")
            continue
        for member in field.members(block).tolist():
            row, column = block.cell(member)
            found.append(f"{sheet}!{Range(row, column, row, column)}")
    return found
