"""Python functions as worksheet functions.

In: a function and how it wants its arguments. Out: a `FunctionSpec` that formulas call like any other. An exception becomes
`#VALUE!` with its text, or is raised where that was asked for; nothing the function does reaches the workbook's values.
"""

from __future__ import annotations

import inspect
import pickle
import sys
import types
from collections.abc import Callable
from typing import Any

import numpy as np

from sheetengine.errors import EvaluationBug, RecalculationInterrupted, UserFunctionError, ValueRefused
from sheetengine.functions.arguments import as_grid
from sheetengine.functions.context import Context
from sheetengine.functions.library import FunctionSpec
from sheetengine.functions.signature import Kind, Parameter, Signature, _kind, signature_of
from sheetengine.grid import Grid
from sheetengine.values import MISSING, CellError, Lambda
from sheetengine.workbook.entry import number_plane, result_scalar, rows_of


def user_function(name: str, function: Callable[..., Any], *, arrays: bool, volatile: bool, raises: bool) -> FunctionSpec:
    """The declaration of a Python function.

    Parameters annotated with the types of `sheetengine.functions.signature` are coerced as those say. Otherwise, with `arrays`
    every argument comes whole, a scalar or a numpy array of two dimensions; without, every argument is one value, and an array
    given for it runs the function over its elements.
    """
    if not callable(function):
        raise ValueRefused(f"{name}: a worksheet function is a Python function, not {type(function).__name__}")
    declared = _declared(function)
    signature = declared if declared is not None else _plain_signature(name, function, Kind.RAW if arrays else Kind.ANY)
    body = _Body(name, function, whole=arrays and declared is None, declared=declared is not None, raises=raises)
    summary = (inspect.getdoc(function) or "").split("\n")[0]
    with_context = Signature(signature.parameters, True)
    return FunctionSpec(name.upper(), "user", summary, with_context, body, volatile=volatile, source="user")


class _Body:
    """A Python function in the place of a worksheet function's body; it pickles where the function does."""

    def __init__(self, name: str, function: Callable[..., Any], *, whole: bool, declared: bool, raises: bool) -> None:
        self.name = name
        self.function = function
        self.whole = whole
        self.declared = declared
        self.raises = raises

    def __reduce__(self) -> tuple[Any, ...]:
        if not _importable(self.function):
            shown = getattr(self.function, "__qualname__", repr(self.function))
            raise pickle.PicklingError(
                f"worksheet function {self.name} is {shown}, which another process cannot import by name: "
                f"write it with def at the top level of a module, then wb.define({self.name!r}, …)"
            )
        return _body, (self.name, self.function, self.whole, self.declared, self.raises)

    def __call__(self, *arguments: object, context: Context) -> object:
        values = [_outward(argument, context) for argument in arguments] if self.whole else list(arguments)
        for value in values:
            if isinstance(value, CellError) and not self.declared:
                return value
        try:
            answer = self.function(*values)
        except (EvaluationBug, RecalculationInterrupted):
            raise  # none of the function's doing
        except Exception as error:
            if self.raises:
                raise UserFunctionError(f"{self.name}: {type(error).__name__}: {error}") from error
            return CellError("#VALUE!", f"{self.name}: {type(error).__name__}: {error}")
        return _inward(self.name, answer, context.date1904)


def _body(name: str, function: Callable[..., Any], whole: bool, declared: bool, raises: bool) -> _Body:
    return _Body(name, function, whole=whole, declared=declared, raises=raises)


def _importable(function: object) -> bool:
    """Whether a pickle can say where to import a function; objects that are called pickle in their own way."""
    if not isinstance(function, types.FunctionType):
        return True
    found: object = sys.modules.get(function.__module__)
    for part in function.__qualname__.split("."):
        found = getattr(found, part, None)
    return found is function


def _declared(function: Callable[..., Any]) -> Signature | None:
    try:
        parameters = inspect.signature(function, eval_str=True).parameters.values()
    except (TypeError, ValueError, NameError):
        return None
    if parameters and all(_kind(parameter.annotation) is not None for parameter in parameters):
        return signature_of(function)
    return None


def _plain_signature(name: str, function: Callable[..., Any], kind: Kind) -> Signature:
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        # Built in C without a signature: any number of arguments.
        return Signature((Parameter("value", kind, variadic=True),), False)
    found = []
    for parameter in parameters:
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY:
            if parameter.default is inspect.Parameter.empty:
                raise ValueRefused(f"{name}: parameter {parameter.name!r} can only be given by keyword, which a formula cannot do")
            continue
        if parameter.kind is inspect.Parameter.VAR_KEYWORD:
            continue
        variadic = parameter.kind is inspect.Parameter.VAR_POSITIONAL
        found.append(Parameter(parameter.name, kind, parameter.default, variadic))
    return Signature(tuple(found), False)


def _outward(argument: object, context: Context) -> object:
    """An argument as a Python function sees it: a scalar, or a numpy array of floats, else of objects."""
    if argument is MISSING:
        return None
    if isinstance(argument, Lambda) or argument is None or isinstance(argument, bool | float | str | CellError):
        return argument
    grid = as_grid(argument, context)
    if isinstance(grid, CellError):
        return grid
    error = grid.first_error()
    return error if error is not None else plane_of(grid)


def plane_of(grid: Grid) -> np.ndarray[Any, Any]:
    """A grid as a numpy array of one's own: float64 where all are numbers, objects otherwise."""
    if grid.kinds is None:
        return np.array(grid.numbers)
    plane = np.empty(grid.size, dtype=object)
    plane[:] = grid.flat()
    return plane.reshape(grid.shape)


def _inward(name: str, answer: object, date1904: bool) -> object:
    """A Python function's answer as a value."""
    if isinstance(answer, CellError | Grid):
        return answer
    if isinstance(answer, np.ndarray) and answer.ndim == 0:
        answer = answer[()]
    try:
        if isinstance(answer, np.ndarray) and answer.dtype.kind == "f" and not np.isfinite(answer).all():
            plane = np.atleast_2d(answer)
            return (
                Grid.from_numbers(plane)
                if plane.ndim == 2
                else CellError("#VALUE!", f"{name} answered an array of {plane.ndim} dimensions")
            )
        grid = number_plane(answer)
        if grid is not None:
            return grid
        rows = rows_of(answer)
        if rows is not None:
            return Grid.from_rows([[result_scalar(item, date1904) for item in row] for row in rows])
        return result_scalar(answer, date1904)
    except ValueRefused as error:
        return CellError("#VALUE!", f"{name}: {error}")
