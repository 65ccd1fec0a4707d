"""What happens to formulas and names when a defined name, or something that names use, is renamed.

In: an engine, the old and the new name. Out: formulas and names in their new words. Invariant: a rename computes nothing but what is
volatile.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from sheetengine.names import DefinedName
from sheetengine.recalc.engine import Engine
from sheetengine.recalc.rebinding import rebind_blocks
from sheetengine.restructure.healing import Healed, healed_by_rename
from sheetengine.restructure.rewrite import Reshaping, mentioning, rewrite
from sheetengine.syntax.operands import AnyOperand
from sheetengine.syntax.printer import print_formula
from sheetengine.syntax.rename import Renaming, name_renaming, rename_in_shape
from sheetengine.syntax.shape import Shape


def rename_in_names(
    engine: Engine, renaming: Renaming, reshaping: Reshaping | None = None, *, scope: int | Literal["all"] | None = "all"
) -> None:
    """Give every defined name that uses what was renamed its formula in new words; `scope`: the names of one sheet, or of the workbook."""
    for key, definition in list(engine.book.names.items()):
        if scope not in ("all", key[0]):
            continue
        shape = definition.shape if reshaping is None else reshaping(definition.shape)
        operands = tuple(renaming(operand) for operand in definition.operands)
        if shape is not definition.shape or any(new is not old for new, old in zip(operands, definition.operands, strict=True)):
            engine.book.names[key] = with_operands(replace(definition, shape=shape), operands)


def with_operands(definition: DefinedName, operands: tuple[AnyOperand, ...]) -> DefinedName:
    """A name's definition with other operands."""
    return replace(definition, operands=operands, text=print_formula(definition.shape, operands).removeprefix("="))


def rename_name(engine: Engine, sheet: int | None, key: str, name: str) -> Healed:
    """Give a defined name another name; formulas and names that use it follow. The answer is what named the new name in vain."""
    book, field = engine.book, engine.field
    waiting = [] if name.lower() == key else mentioning(field, [f"name:{name.lower()}", f"function:{name.lower()}"])
    healed = healed_by_rename(engine, waiting)
    definition = book.names.pop((sheet, key))
    book.names[sheet, name.lower()] = replace(definition, name=name)
    sheets = {record.name.lower() for number, record in book.sheets.items() if _means(engine, number, sheet, key)}

    def reshaping(shape: Shape) -> Shape:
        return rename_in_shape(shape, definition.name, name)

    for scope in (None, *book.sheets):
        bare = _means(engine, scope, sheet, key)
        renaming = name_renaming(definition.name, name, sheets, bare=bare)
        rename_in_names(engine, renaming, reshaping if bare else None, scope=scope)
    engine.renamed()
    users = mentioning(field, [f"name:{key}"])
    field.programs.forget([f"name:{key}", f"name:{name.lower()}"])
    for block in users:
        bare = _means(engine, block.sheet, sheet, key)
        rewrite(field, [block], name_renaming(definition.name, name, sheets, bare=bare), reshaping if bare else None)
    rebind_blocks(field, waiting)
    engine.renamed()
    return healed


def _means(engine: Engine, scope: int | None, sheet: int | None, key: str) -> bool:
    """Whether a name without a sheet, written on a sheet, is the one that belongs to `sheet`: a sheet's own hides the workbook's."""
    return (scope, key) not in engine.book.names if sheet is None else scope == sheet
