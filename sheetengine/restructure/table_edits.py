"""What happens to formulas when a table or one of its columns is renamed, or a table changes its range.

In: an engine, a table, new words or a new range. Out: formulas and names that follow. Invariant: a rename computes
nothing but what is volatile.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sheetengine.graph.patterns import Rect
from sheetengine.names import Table
from sheetengine.recalc.blocks import AnyBlock, Block, select
from sheetengine.recalc.engine import Engine
from sheetengine.recalc.rebinding import rebind_blocks
from sheetengine.restructure.healing import Healed, healed_by_rename
from sheetengine.restructure.name_edits import rename_in_names
from sheetengine.restructure.rewrite import mentioning, rewrite
from sheetengine.syntax.operands import TableReference
from sheetengine.syntax.rename import column_renaming, rename_in_shape, table_renaming


def put_table(engine: Engine, key: str, table: Table | None) -> Table | None:
    """Enter, change or take out a table; the answer is what was there. What mentions it is bound anew."""
    before = engine.book.tables.pop(key, None)
    if table is not None:
        engine.book.tables[key] = table
    # `table:` without a name is the table around a cell, `name:` a bare use of its name.
    engine.mentioned([f"table:{key}", "table:", f"name:{key}"])
    for one in (before, table):
        if one is not None:
            _spill_again(engine, one)
    return before


def _spill_again(engine: Engine, table: Table) -> None:
    """Arrays do not spill into tables: those that reach into its range, or wait for room there, are computed again."""
    rect, field = Rect(*table.area[1:]), engine.field
    for number, member in (
        *(anchor for anchor, _ in field.spills.meeting(table.sheet, rect)),
        *field.spills.waiting_for(table.sheet, rect),
    ):
        block = field.blocks[number]
        field.seed(block, select(block, [member]))


def rename_table(engine: Engine, key: str, name: str) -> Healed:
    """Give a table another name. The answer is what named the new name in vain."""
    book = engine.book
    waiting = [] if name.lower() == key else mentioning(engine.field, [f"table:{name.lower()}", f"name:{name.lower()}"])
    healed = healed_by_rename(engine, waiting)
    table = book.tables.pop(key)
    book.tables[name.lower()] = replace(table, name=name)
    renaming = table_renaming(table.name, name)
    rename_in_names(engine, renaming)
    blocks = mentioning(engine.field, [f"table:{key}", f"name:{key}"])
    engine.field.programs.forget([f"table:{name.lower()}", f"name:{name.lower()}"])
    rewrite(engine.field, blocks, renaming, lambda shape: rename_in_shape(shape, table.name, name))
    rebind_blocks(engine.field, waiting)
    engine.renamed()
    return healed


def rename_column(engine: Engine, key: str, old: str, new: str) -> Healed:
    """Give a column of a table another name; its header's text is the caller's. The answer is what named the new name in vain."""
    book = engine.book
    table = book.tables[key]
    mentions = [f"table:{key}", "table:"]
    waiting = [block for block in mentioning(engine.field, mentions) if new.lower() != old.lower() and _names_column(block, new.lower())]
    healed = healed_by_rename(engine, waiting)
    columns = tuple(new if column.lower() == old.lower() else column for column in table.columns)
    book.tables[key] = replace(table, columns=columns)
    rename_in_names(engine, column_renaming(table.name, old, new, inside=False))
    inside = {block.id for block in _blocks_inside(engine, table)}
    for block in mentioning(engine.field, mentions):
        rewrite(engine.field, [block], column_renaming(table.name, old, new, inside=block.id in inside))
    rebind_blocks(engine.field, waiting)
    engine.renamed()
    return healed


def _names_column(block: AnyBlock, column: str) -> bool:
    members = [block.operands] if isinstance(block, Block) else block.operands
    return any(
        type(operand) is TableReference and column in ((operand.first_column or "").lower(), (operand.last_column or "").lower())
        for operands in members
        for operand in operands
    )


def _blocks_inside(engine: Engine, table: Table) -> Iterator[AnyBlock]:
    for block in engine.field:
        row, column = block.cell(int(engine.field.members(block)[0]))
        if block.sheet == table.sheet and table.top <= row <= table.bottom and table.left <= column <= table.right:
            yield block
