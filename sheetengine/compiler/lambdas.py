"""Functions as values: LAMBDA, its application, lambdas in names, recursion.

Invariant: a lambda keeps the locals and operands it was made among; calling it changes neither.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sheetengine.compiler.bound import LambdaExpression
from sheetengine.compiler.frame import Frame
from sheetengine.functions.call import dereference
from sheetengine.values import MISSING, VALUE, CellError, Lambda, Reference

MOST_DEEP = 1024
"""Calls inside calls; Excel gives #NUM! beyond about 1,024 divided by the number of parameters plus one."""


class Closure(Lambda):
    """A LAMBDA with the locals it can see."""

    __slots__ = ("body", "captured", "expression", "frame")

    def __init__(self, expression: LambdaExpression, body: Callable[[Frame], object], frame: Frame) -> None:
        self.expression = expression
        self.body = body
        self.frame = frame
        self.captured = frame.locals[: expression.base]

    @property
    def least(self) -> int:
        """Arguments that cannot be left out."""
        return len(self.expression.parameters) - self.expression.optional

    @property
    def most(self) -> int:
        """Arguments at the most."""
        return len(self.expression.parameters)

    def __call__(self, *arguments: object) -> object:
        """Values in, a value out: a reference that the body answers is read."""
        result = self.call(list(arguments), self.frame)
        return dereference(result, self.frame) if isinstance(result, Reference) else result

    def call(self, arguments: list[object], caller: Frame) -> object:
        """As `__call__`, but references come back as references."""
        if not self.least <= len(arguments) <= self.most:
            return CellError("#VALUE!", f"this LAMBDA takes {self.most} argument{'s' * (self.most != 1)}, not {len(arguments)}")
        if caller.depth >= MOST_DEEP:
            return CellError("#NUM!", "a LAMBDA calls itself too deep")
        arguments.extend([MISSING] * (self.most - len(arguments)))
        inner = self.frame.inner(self.frame.operands, [*self.captured, *arguments])
        inner.depth = caller.depth + 1
        inner.cell, inner.read, inner.used = caller.cell, caller.read, caller.used
        return self.body(inner)


def make_lambda(expression: LambdaExpression, body: Callable[[Frame], object]) -> Callable[[Frame], object]:
    """Code that makes the closure."""
    return lambda frame: Closure(expression, body, frame)


def apply(function: object, arguments: Sequence[object], frame: Frame) -> object:
    """Call a value that should be a function."""
    if isinstance(function, CellError):
        return function
    if isinstance(function, Closure):
        return function.call(list(arguments), frame)
    if isinstance(function, Lambda):
        return function(*arguments)
    return VALUE


def named(name: str, sheet: int | None, frame: Frame) -> object:
    """The lambda of a defined name, made for this frame."""
    return frame.reader.named_lambda(name, sheet, frame)
