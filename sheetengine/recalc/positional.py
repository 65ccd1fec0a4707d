"""Formulas whose values depend on more than the cells that their references name: on where they stand, on the texts of formulas.

In: a program. Out: whether it must be computed when its cell moves, or whenever cells move at all.
"""

from __future__ import annotations

import re

from sheetengine.compiler import bound as b
from sheetengine.compiler.compile import Program
from sheetengine.compiler.walk import walk
from sheetengine.recalc.formulas import FormulaField

_WATCHING = re.compile(r"(?<![\w.])(?:FORMULATEXT|ISFORMULA)\(", re.IGNORECASE)
_POSITIONAL = frozenset(("ROW", "COLUMN", "CELL", "INDIRECT", "OFFSET", "FORMULATEXT", "SHEET", "SHEETS"))


def seed_watchers(field: FormulaField) -> None:
    """Formulas that see texts of formulas, or places that no reference names, and those that are computed every round."""
    for block in field.blocks.values():
        if block.program.dynamic or block.program.volatile or _watches(block.program):
            field.seed(block, None)


def _watches(program: Program) -> bool:
    if "(" in program.shape.key and _WATCHING.search(program.shape.key) is not None:
        return True
    if ":" not in program.shape.key and " " not in program.shape.key:
        return False
    known = program.parts.get(_COMPUTED)
    if known is None:
        # A range between two references holds cells that neither of them names.
        known = program.parts[_COMPUTED] = any(isinstance(node, b.ReferenceOperation) for node in walk(program.recipe.tree))
    return bool(known)


def positional(program: Program) -> bool:
    """Whether a program's value may depend on where its cell stands, beyond what its references name."""
    known = program.parts.get(_PLACE)
    if known is None:
        known = program.parts[_PLACE] = any(_depends_on_place(node) for node in walk(program.recipe.tree))
    return bool(known)


_PLACE, _COMPUTED = -1, -2
"""Where `Program.parts` keeps the answer; its other keys are ids of nodes, which are never negative."""


def _depends_on_place(node: b.Bound) -> bool:
    if isinstance(node, b.FunctionCall):
        return node.function.name in _POSITIONAL or node.function.source == "user"
    return isinstance(node, b.Implicit | b.NamedLambda | b.SpillReference | b.FunctionValue)
