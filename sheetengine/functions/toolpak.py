"""How functions that came with the Analysis ToolPak take their arguments: Excel has had them built in since 2007, and kept their manners.

In: one evaluated argument for a scalar parameter. Out: what counts of it, or the error that Excel answers for it: a range of several cells
is #VALUE! where an array is run over (`EDATE(A1:A3,1)` against `EDATE(+A1:A3,1)`), a boolean is #VALUE!, a required argument left empty
#N/A. Evidence: the books NUMBER_SYSTEMS and MROUND that Excel saved; Exceljet, "Why some Excel functions won't spill".
"""

from __future__ import annotations

from sheetengine.functions.context import Context
from sheetengine.functions.signature import Kind, Parameter
from sheetengine.grid import BOOLEAN, Grid
from sheetengine.values import MISSING, NA, VALUE, Reference


def toolpak_argument(argument: object, parameter: Parameter, context: Context) -> object:
    """The argument for a scalar parameter, or an error."""
    if argument is MISSING:
        return NA if parameter.required and not parameter.omissible else argument
    if isinstance(argument, Reference):
        area = argument.area
        if area is None or area.height > 1 or area.width > 1:
            return VALUE
        argument = context.cell(area.sheet, area.top, area.left)
    if parameter.kind is Kind.BOOLEAN:
        return argument
    if isinstance(argument, bool):
        return VALUE
    if isinstance(argument, Grid) and argument.kinds is not None and (argument.kinds == BOOLEAN).any():
        return Grid.from_flat([VALUE if isinstance(value, bool) else value for value in argument.flat()], argument.shape)
    return argument


__all__ = ["toolpak_argument"]
