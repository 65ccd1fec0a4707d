"""How the functions of one or two numbers are declared: one kernel for a number and for a plane of them.

In: a numpy kernel and the conditions under which Excel answers an error instead. Out: entries of the catalogue whose scalar and
vector forms run the same ufuncs, so that they agree to the bit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np

from sheetengine.functions.call import invoke
from sheetengine.functions.context import Context
from sheetengine.functions.library import FunctionSpec, function
from sheetengine.functions.signature import Number, Raw, signature_of
from sheetengine.grid import BOOLEAN, Grid, Numbers
from sheetengine.values import MISSING, NA, VALUE, CellError, Reference, Scalar, error_id

CATEGORY: Final = "math and trigonometry"
SOURCE: Final = "Microsoft Support: {} function"

Condition = Callable[[Any], Any]
Kernel = Callable[[Any], Any]


def of_one_number(
    name: str,
    kernel: Kernel,
    summary: str,
    examples: Mapping[str, Scalar | list[list[Scalar]]],
    wrong: Sequence[tuple[Condition, CellError]] = (),
    future: str = "",
) -> None:
    """Declare a function of one number; `wrong` are the conditions that answer an error, the first that holds wins."""

    def body(number: Number) -> Scalar:
        for condition, error in wrong:
            if condition(number):
                return error
        with np.errstate(all="ignore"):
            return float(kernel(np.float64(number)))

    def vector(numbers: Any) -> Any:
        return with_errors(kernel(np.asarray(numbers, dtype=np.float64)), [(condition(numbers), error) for condition, error in wrong])

    function(name, category=CATEGORY, summary=summary, examples=examples, source=SOURCE.format(name), vector=vector, future=future)(body)


def with_errors(numbers: Numbers, wrong: Sequence[tuple[Any, CellError]]) -> Grid:
    """Numbers with errors where a mask says so, the first mask that holds wins."""
    errors: Any = None
    for mask, error in wrong:
        if np.any(mask):
            if errors is None:
                errors = np.full(np.shape(numbers), -1, np.int64)
            errors = np.where((errors < 0) & mask, error_id(error), errors)
    return Grid.from_numbers_and_errors(numbers, errors)


def toolpak(
    name: str, summary: str, examples: Mapping[str, Scalar | list[list[Scalar]]], vector: Callable[..., object] | None = None
) -> Callable[[Callable[..., object]], Callable[..., object]]:
    """Declare a function that came with the Analysis ToolPak, whose arguments Excel still takes in another way.

    An argument left empty is #N/A, a boolean #VALUE!, a range of several cells #VALUE! (books saved by Excel: MROUND);
    arrays are run over.
    """

    def declare(body: Callable[..., object]) -> Callable[..., object]:
        signature = signature_of(body)
        inner = FunctionSpec(name, CATEGORY, summary, signature, body, vector=vector)
        count = len(signature.parameters)

        def guarded(arguments: Sequence[object], context: Context) -> object:
            values = []
            for argument in arguments:
                value = plain_argument(argument, context)
                if isinstance(value, CellError):
                    return value
                values.append(value)
            return invoke(inner, values, context)

        outer = _outer_of(count, guarded)
        outer.__name__ = outer.__qualname__ = body.__name__
        return function(name, category=CATEGORY, summary=summary, examples=examples, source=SOURCE.format(name))(outer)

    return declare


def plain_argument(argument: object, context: Context) -> object:
    """One argument of a function of the Analysis ToolPak, or the error that Excel answers for it."""
    if argument is MISSING:
        return NA
    if isinstance(argument, Reference):
        area = argument.area
        if area is None or area.height > 1 or area.width > 1:
            return VALUE
        argument = context.cell(area.sheet, area.top, area.left)
    if isinstance(argument, bool):
        return VALUE
    if isinstance(argument, Grid) and argument.kinds is not None and (argument.kinds == BOOLEAN).any():
        flat = [VALUE if isinstance(value, bool) else value for value in argument.flat()]
        return Grid.from_flat(flat, argument.shape)
    return argument


def _outer_of(count: int, guarded: Callable[[Sequence[object], Context], object]) -> Callable[..., object]:
    if count == 1:

        def one(number: Raw, *, context: Context) -> object:
            return guarded((number,), context)

        return one

    def two(number: Raw, multiple: Raw, *, context: Context) -> object:
        return guarded((number, multiple), context)

    return two


__all__ = ["CATEGORY", "SOURCE", "of_one_number", "plain_argument", "toolpak", "with_errors"]
