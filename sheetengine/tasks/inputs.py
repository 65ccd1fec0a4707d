"""New values for the inputs of a model, by reference or by name.

In: a workbook, where, what. Out: the workbook edited. Invariant: a name of cells gets its value into the cells; a name that stands for a
constant, as rates and factors often do, stands for another one; a name that stands for a formula is no input.
"""

from __future__ import annotations

import re
from typing import Final

from sheetengine.workbook import Workbook

_CONSTANT: Final = re.compile(r"""=[+-]?(?:\d+\.?\d*|\.\d+)(?:E[+-]?\d+)?%?|="(?:[^"]|"")*"|=TRUE|=FALSE""", re.ASCII | re.IGNORECASE)


def set_input(workbook: Workbook, reference: str, value: object) -> str:
    """Edit cells or a constant; the address or the name that was edited."""
    if reference in workbook.names and _CONSTANT.fullmatch(workbook.names[reference]):
        workbook.names[reference] = value
        return reference
    target = workbook.range(reference)
    target.value = value
    return target.address


__all__ = ["set_input"]
