"""Formulas in other words: operands that are written anew while they mean what they meant.

In: blocks and a renaming. Out: the same blocks with new operands and programs, their cells and values untouched, nothing marked.
Invariants: the slots of a block are the same before and after, so the graph stands; a block is visited once, not its cells.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sheetengine.recalc.blocks import AnyBlock, Block
from sheetengine.recalc.formulas import FormulaField
from sheetengine.syntax.operands import AnyOperand
from sheetengine.syntax.rename import Renaming
from sheetengine.syntax.shape import Shape

Reshaping = Callable[[Shape], Shape]


def mentioning(field: FormulaField, mentions: Iterable[str]) -> list[AnyBlock]:
    """The blocks whose texts mention any of these."""
    numbers = field.mentions.blocks(mentions)
    return [field.blocks[number] for number in sorted(numbers) if number in field.blocks]


def rewrite(field: FormulaField, blocks: Iterable[AnyBlock], renaming: Renaming, reshaping: Reshaping | None = None) -> list[AnyBlock]:
    """Give every block its operands in new words and bind it to them; the answer is those whose text changed."""
    changed = []
    for block in blocks:
        shape = block.program.shape if reshaping is None else reshaping(block.program.shape)
        if _rewrite_one(field, block, shape, renaming):
            changed.append(block)
    field.graph.version += 1
    return changed


def _rewrite_one(field: FormulaField, block: AnyBlock, shape: Shape, renaming: Renaming) -> bool:
    renamed = _Once(renaming)
    if isinstance(block, Block):
        block.operands = tuple(renamed(operand) for operand in block.operands)
        member, first = 0, block.operands
    else:
        members = [tuple(renamed(operand) for operand in one) for one in block.operands]
        block.operands = list(members)
        member = int(block.all[0])
        first = members[member]
    other_text = renamed.changed or shape is not block.program.shape
    row, column = block.cell(member)
    program, _ = field.programs.program(shape, first, block.sheet, row, column, block.program.mode)
    field.mentions.forget(block)
    block.program = program
    field.mentions.note(block)
    return other_text


class _Once:
    """A renaming asked once per operand object: members of a family share theirs where a fill made them."""

    def __init__(self, renaming: Renaming) -> None:
        self._renaming = renaming
        # By identity: operands that compare equal may be spelt differently. The operand is kept, so that its id stays its own.
        self._known: dict[int, tuple[AnyOperand, AnyOperand]] = {}
        self.changed = False

    def __call__(self, operand: AnyOperand) -> AnyOperand:
        found = self._known.get(id(operand))
        if found is None:
            found = self._known[id(operand)] = (operand, self._renaming(operand))
            self.changed = self.changed or found[1] is not operand
        return found[1]


__all__ = ["Reshaping", "mentioning", "rewrite"]
