"""Functions as values: LAMBDA, its application, lambdas in names, recursion.

In: the code of a LAMBDA's body, and the frame it is made in. Out: a `Closure`, called with values, or with the elements of arrays all at
once. Invariants: a lambda keeps the locals and operands it was made among, and calling it changes neither; all at once gives what one by
one gives, to the bit.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from functools import cached_property
from typing import Final

import numpy as np

from sheetengine.compiler.bound import LambdaExpression
from sheetengine.compiler.elements import Elements
from sheetengine.compiler.frame import AreaLanes, Frame, NeedsCells, NeedsParts
from sheetengine.compiler.lanes import Lanes
from sheetengine.compiler.quick_bodies import QuickBody, compile_body
from sheetengine.compiler.room import room
from sheetengine.compiler.vector import compile_vector
from sheetengine.functions.arguments import dereference
from sheetengine.grid import Grid
from sheetengine.values import MISSING, VALUE, CellError, Lambda, Reference, Scalar

STACK: Final = 16_384
"""What calls inside calls may take: each its parameters and one. Microsoft's rule, with the 1,024 of the first release made 16 times as
many since; beyond it Excel gives #NUM!."""

_THROUGH: Final = 16
"""What a call through MAP, REDUCE and their kin takes more: it stands on the C stack, of which a thread has 8 MB."""

WORTH_A_QUICK_FORM: Final = 64
"""So many calls after each other pay for compiling one (0.3 ms, once a formula)."""

_SHALLOW: Final = 12
"""Up to here calls do with the room that Python gives."""


class Body:
    """The code of a LAMBDA, shared by its closures; all but the scalar form is compiled where it is first asked for."""

    def __init__(self, expression: LambdaExpression, scalar: Callable[[Frame], object]) -> None:
        self.expression = expression
        self.scalar = scalar

    @cached_property
    def lanes(self) -> Lanes | None:
        """The vector form."""
        return compile_vector(self.expression.body)

    @cached_property
    def quick(self) -> QuickBody | None:
        """The quick form."""
        return compile_body(self.expression)


class Closure(Lambda):
    """A LAMBDA with the locals it can see."""

    __slots__ = ("captured", "code", "expression", "frame")

    def __init__(self, code: Body, frame: Frame) -> None:
        self.code = code
        self.expression = code.expression
        self.frame = frame
        self.captured = frame.locals[: code.expression.base]

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
        result = self.call(list(arguments), self.frame, _THROUGH)
        return dereference(result, self.frame) if isinstance(result, Reference) else result

    def over(self, arguments: Sequence[Grid]) -> Grid | None:
        """As `Lambda.over`: by the vector form of the body, if it has one."""
        lanes = self.code.lanes
        if lanes is None or len(arguments) != self.most:
            return None
        count = max(argument.shape[0] for argument in arguments)
        try:
            result = lanes(Elements(self.frame, self.captured, arguments, count))
        except NeedsCells:
            return None
        except NeedsParts as parts:
            return self._in_parts(arguments, count, parts.members)
        if isinstance(result, Grid):
            return result.reshape((result.shape[0],)).broadcast((count,)) if result.shape[1:] == (1, 1) else None
        if isinstance(result, Lambda | Reference | AreaLanes) or result is MISSING:
            return None
        return Grid.full((count,), result)  # type: ignore[arg-type]  # a scalar is left

    @property
    def steady(self) -> bool:
        """As `Lambda.steady`: what has a quick form is."""
        return self.code.quick is not None

    def fold(self, start: object, elements: Sequence[object], values: Sequence[Scalar]) -> Generator[object, None, object]:
        """As `Lambda.fold`: by the quick form, and one call where that cannot say."""
        quick = self.code.quick if len(values) >= WORTH_A_QUICK_FORM and self.most == 2 else None
        if quick is None:
            return (yield from super().fold(start, elements, values))
        run, accumulator = quick.bound_to(self.frame, self.captured), start
        for place, value in enumerate(values):
            try:
                answer = run(accumulator, value)
            except OverflowError:
                answer = None  # the scalar form makes #NUM! of it
            accumulator = self(accumulator, elements[place]) if answer is None else answer
            yield accumulator
        return accumulator

    def _in_parts(self, arguments: Sequence[Grid], count: int, most: int) -> Grid | None:
        if most >= count:
            return None
        parts = []
        for first in range(0, count, most):
            part = self.over([_part(argument, first, first + most) for argument in arguments])
            if part is None:
                return None
            parts.append(part)
        kinds = None if all(part.kinds is None for part in parts) else np.concatenate([part.kind_plane() for part in parts])
        texts = None if all(part.texts is None for part in parts) else np.concatenate([part.text_plane() for part in parts])
        return Grid(np.concatenate([part.numbers for part in parts]), kinds, texts)

    def call(self, arguments: list[object], caller: Frame, more: int = 0) -> object:
        """As `__call__`, but references come back as references."""
        if not self.least <= len(arguments) <= self.most:
            return CellError("#VALUE!", f"this LAMBDA takes {self.most} argument{'s' * (self.most != 1)}, not {len(arguments)}")
        arguments.extend([MISSING] * (self.most - len(arguments)))
        inner = self.frame.inner(self.frame.operands, [*self.captured, *arguments])
        inner.cell, inner.read, inner.used = caller.cell, caller.read, caller.used
        whole = caller.outermost or caller
        before = whole.depth
        depth = before + self.most + 1 + more
        if depth > STACK:
            # Through all calls at once: where each call makes two, giving an error back to each would take for ever.
            raise RecursionError
        whole.depth = depth
        try:
            return self.code.scalar(inner) if not before <= _SHALLOW < depth else self._with_room(inner)
        finally:
            whole.depth = before

    def _with_room(self, inner: Frame) -> object:
        with room():
            try:
                return self.code.scalar(inner)
            except RecursionError:
                return CellError("#NUM!", "a LAMBDA calls itself too deep")


def _part(argument: Grid, first: int, last: int) -> Grid:
    if argument.shape[0] == 1:
        return argument
    part = argument[first:last]
    part.source = argument.source
    part.tops = None if argument.tops is None else argument.tops[first:last]
    return part


def make_lambda(expression: LambdaExpression, body: Callable[[Frame], object]) -> Callable[[Frame], object]:
    """Code that makes the closure."""
    code = Body(expression, body)
    return lambda frame: Closure(code, frame)


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
