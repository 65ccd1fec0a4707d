"""Formulas' texts outside of cells after sheets, tables or columns got other names.

In: a text without `=`, renames. Out: the text under the new names; what does not parse stays.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sheetengine.errors import FormulaSyntaxError
from sheetengine.syntax.printer import print_formula
from sheetengine.syntax.rename import Renaming, sheet_renaming
from sheetengine.syntax.shape import lift


def renamed_text(text: str, renames: Sequence[Renaming]) -> str:
    """A formula's text after renames, one after the other.

    >>> renamed_text("Old!A1*2", [sheet_renaming("Old", "New")])
    'New!A1*2'
    """
    try:
        shape, operands = lift("=" + text)
    except FormulaSyntaxError:
        return text
    moved = list(operands)
    for rename in renames:
        moved = [rename(operand) for operand in moved]
    return text if all(one is other for one, other in zip(moved, operands, strict=True)) else print_formula(shape, moved)[1:]


def sheets_renamed(names: dict[str, str]) -> Callable[[str], str]:
    """What becomes of texts when sheets get other names, some of them perhaps each other's."""
    renames = [sheet_renaming(old, f"\0{number}") for number, old in enumerate(names)]
    back = [sheet_renaming(f"\0{number}", new) for number, new in enumerate(names.values())]

    # By way of names that no sheet has: sheets may have exchanged theirs.
    return lambda text: renamed_text(text, [*renames, *back])
