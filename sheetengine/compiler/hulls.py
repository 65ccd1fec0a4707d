"""What a range between two references may read: `Sheet1!A3:Sheet1!A200`, `A1:INDEX(A10:A20,n)`.

In: the bound sides of a `:`. Out: the slots whose cells the ends may be, so that the graph has an edge to all that lies between them.
Invariant: the rectangle around these slots holds every range that the operator can give, references made at run time (OFFSET, INDIRECT,
which are volatile) excepted.
"""

from __future__ import annotations

from collections.abc import Iterable

from sheetengine.compiler.bound import AreaRead, Bound, CellRead, FunctionCall, Implicit, LazyCall, ReferenceOperation

_RESULT = {"INDEX": slice(0, 1), "XLOOKUP": slice(2, 4), "OFFSET": slice(0, 1), "LOOKUP": slice(1, 3), "TRIMRANGE": slice(0, 1)}
"""The arguments in which a function's reference lies; of other functions it may be any."""


def ends(items: Iterable[Bound]) -> tuple[int, ...]:
    """The slots whose cells the sides of a range may be."""
    found: list[int] = []
    waiting = list(items)
    while waiting:
        item = waiting.pop()
        match item:
            case CellRead(index) | AreaRead(index):
                found.append(index)
            case FunctionCall(function, arguments):
                waiting += arguments[_RESULT.get(function.name, slice(None))]
            case LazyCall(_, arguments) | ReferenceOperation(_, arguments):
                waiting += arguments
            case Implicit(operand):
                waiting.append(operand)
    return tuple(sorted(found))
