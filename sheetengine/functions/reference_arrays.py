"""Arrays of references, as OFFSET and INDIRECT give them where an array stands for one of their single values.

In: a call with such arrays where references are taken (`SUBTOTAL(3,OFFSET(A1,ROW(A1:A9)-1,0))`, `SUMIF(INDIRECT({"A1:A9","B1:B9"}),">2")`).
Out: the arguments of one call after the other, each with one reference. Everywhere else the array counts as the values of its
references. Source: Excel's reference forms of functions take such arrays one by one; SUM and its like do not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from sheetengine.functions.signature import Parameter
from sheetengine.functions.stretch import common_shape
from sheetengine.grid import Grid
from sheetengine.values import NA


class ReferenceArray(Grid):
    """The values of an array of references, and the references themselves, row by row (what is none stands there as it is)."""

    __slots__ = ("references",)

    def __init__(self, values: Grid, references: list[object]) -> None:
        super().__init__(values.numbers, values.kinds, values.texts)
        self.references = references


def one_by_one(arguments: Sequence[object], parameters: Sequence[Parameter]) -> tuple[tuple[int, ...], Iterator[list[object]]]:
    """The shape of the answers, and the arguments of each call: other arrays given for single values go along with the references."""
    arrays = [
        isinstance(argument, ReferenceArray) or (isinstance(argument, Grid) and parameter.kind.is_scalar and argument.shape != (1, 1))
        for argument, parameter in zip(arguments, parameters, strict=True)
    ]
    shape = common_shape(
        [argument.shape for argument, taken in zip(arguments, arrays, strict=True) if taken and isinstance(argument, Grid)]
    )

    def calls() -> Iterator[list[object]]:
        for place in np.ndindex(shape):
            yield [
                _element(argument, place) if taken and isinstance(argument, Grid) else argument
                for argument, taken in zip(arguments, arrays, strict=True)
            ]

    return shape, calls()


def _element(array: Grid, place: tuple[int, ...]) -> object:
    row, column = (0 if extent == 1 else at for extent, at in zip(array.shape, place, strict=True))
    if row >= array.height or column >= array.width:
        return NA
    return array.references[row * array.width + column] if isinstance(array, ReferenceArray) else array.item(row, column)
