"""A call of a function: arguments coerced, arrays run over, errors passed on, the answer made a value.

In: a `FunctionSpec`, evaluated arguments (scalar, Grid, Reference, Lambda, MISSING), a `Context`. Out: a value.
Invariants: the first argument in order that is an error answers the call; an unexpected Python exception is not caught
here (only overflow is: it is Excel's #NUM!).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sheetengine.functions.arguments import collect_numbers, dereference, finish, scalar_argument, whole_argument
from sheetengine.functions.context import Context
from sheetengine.functions.library import FunctionSpec
from sheetengine.functions.lifting import run_over
from sheetengine.functions.reference_arrays import ReferenceArray, one_by_one
from sheetengine.functions.signature import Kind, Parameter
from sheetengine.functions.toolpak import toolpak_argument
from sheetengine.grid import Grid
from sheetengine.values import NUM, CellError, Reference, Scalar


def invoke(spec: FunctionSpec, arguments: Sequence[object], context: Context) -> object:
    """Call a function with evaluated arguments; the number of them was checked when the formula was bound."""
    parameters = spec.signature.assigned(len(arguments))
    values: list[object] = []
    lifted = False
    rest: list[object] | None = None
    for place, (argument, parameter) in enumerate(zip(arguments, parameters, strict=True)):
        kind = parameter.kind
        if kind is Kind.ALL_NUMBERS:
            rest = [] if rest is None else rest
            rest.append(argument)
            continue
        if kind.is_scalar:
            if spec.toolpak:
                argument = toolpak_argument(argument, parameter, context)
            elif isinstance(argument, Reference):
                argument = dereference(argument, context)
            if isinstance(argument, Grid):
                if argument.shape == (1, 1):
                    argument = argument.item(0, 0)
                else:
                    lifted = True
                    values.append(argument)
                    continue
            value = scalar_argument(argument, parameter, context.date1904)
        elif type(argument) is ReferenceArray and (kind is Kind.REFERENCE or kind is Kind.ADDRESS or spec.each_reference):
            return _over_references(spec, arguments, parameters, context)
        else:
            value = whole_argument(argument, parameter, context)
        if isinstance(value, CellError) and kind is not Kind.ANY and kind is not Kind.RAW:
            if lifted or _lift(arguments[place + 1 :], parameters[place + 1 :]):
                # An error beside an array joins every lane in its turn: it does not outrank the errors before it.
                values.append(value)
                continue
            return value
        values.append(value)
    if rest is not None:
        numbers = collect_numbers(rest, context)
        if isinstance(numbers, CellError):
            return numbers
        values.append(numbers)
    elif spec.signature.gathers:
        values.append(np.empty(0))
    if lifted:
        return run_over(spec, parameters[: len(values)], values, context)
    return call_body(spec, values, context)


def _lift(arguments: Sequence[object], parameters: Sequence[Parameter]) -> bool:
    """Whether one of these arguments makes the call run over its elements."""
    for argument, parameter in zip(arguments, parameters, strict=True):
        if not parameter.kind.is_scalar:
            continue
        if isinstance(argument, Reference):
            area = argument.area
            if area is not None and (area.height > 1 or area.width > 1):
                return True
        elif isinstance(argument, Grid) and argument.shape != (1, 1):
            return True
    return False


def _over_references(spec: FunctionSpec, arguments: Sequence[object], parameters: Sequence[Parameter], context: Context) -> Grid:
    """The function for each reference of an array of them."""
    shape, calls = one_by_one(arguments, parameters)
    answers: list[Scalar] = []
    for call in calls:
        answer = invoke(spec, call, context)
        if isinstance(answer, Reference):
            answer = dereference(answer, context)
        answers.append(answer.item(0, 0) if isinstance(answer, Grid) else answer)  # type: ignore[arg-type]  # no lambda: a range was taken
    return Grid.from_flat(answers, shape)


def call_body(spec: FunctionSpec, values: Sequence[object], context: Context) -> object:
    """The body on coerced arguments."""
    try:
        result = spec.body(*values, context=context) if spec.signature.context else spec.body(*values)
    except OverflowError:
        return NUM
    return finish(result)
