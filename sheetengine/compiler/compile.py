"""Compiling: a recipe becomes a program, the unit that blocks share.

In: a `Recipe`. Out: a `Program`: its scalar form, its vector form where it has one, and what the graph and the
scheduler must know of it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sheetengine.compiler.bind import Mode, bind
from sheetengine.compiler.bound import Recipe
from sheetengine.compiler.frame import Batch
from sheetengine.compiler.lanes import Lanes
from sheetengine.compiler.operands import Resolution
from sheetengine.compiler.plain import compile_plain
from sheetengine.compiler.quick import QuickForm, compile_quick
from sheetengine.compiler.room import is_deep, room, with_room
from sheetengine.compiler.scalar import Code, compile_scalar
from sheetengine.compiler.vector import compile_vector
from sheetengine.names import Scope
from sheetengine.syntax.parser import parse
from sheetengine.syntax.shape import Shape


@dataclass(slots=True, eq=False)
class Program:
    """A compiled shape. `vector` is None where only the scalar form can run."""

    shape: Shape
    mode: Mode
    recipe: Recipe
    scalar: Code
    vector: Lanes | None
    parts: dict[int, object] = field(default_factory=dict)
    """Pieces of the formula compiled on their own: the rest of a chain."""
    _quick: QuickForm | bool | None = False
    _plain: Callable[[Batch], NDArray[np.float64] | None] | bool | None = False

    @property
    def quick(self) -> QuickForm | None:
        """The quick form, compiled where it is first asked for: most programs of a file never run for single cells."""
        if self._quick is False:
            self._quick = compile_quick(self.recipe.tree)
        return self._quick  # type: ignore[return-value]  # False is gone

    @property
    def plain(self) -> Callable[[Batch], NDArray[np.float64] | None] | None:
        """The plain form, compiled where it is first asked for: when a block is computed once more."""
        if self._plain is False:
            self._plain = None if self.vector is None else compile_plain(self.recipe.tree)
        return self._plain  # type: ignore[return-value]  # False is gone

    @property
    def volatile(self) -> bool:
        """Whether it is computed in every round."""
        return self.recipe.volatile

    @property
    def calls_user(self) -> bool:
        """Whether it calls a user function, which may take any time."""
        return any(mention.startswith("function:") for mention in self.recipe.mentions)

    @property
    def dynamic(self) -> bool:
        """Whether what it reads is known only when it runs."""
        return self.recipe.dynamic


def make_program(shape: Shape, resolution: Resolution, scope: Scope, mode: Mode, key: Hashable) -> Program:
    """Bind and compile a formula whose operands are resolved."""
    if not is_deep(shape.key):
        return compile_program(shape, mode, bind(parse(shape), resolution, scope, mode, key))
    with room():
        made = compile_program(shape, mode, bind(parse(shape), resolution, scope, mode, key))
    made.scalar = with_room(made.scalar)
    made.vector = None if made.vector is None else with_room(made.vector)
    # The faster forms are for formulas that people read.
    made._quick = made._plain = None
    return made


def compile_program(shape: Shape, mode: Mode, recipe: Recipe) -> Program:
    """Compile a bound formula."""
    vector = None if recipe.volatile or recipe.dynamic or mode == "cse" else compile_vector(recipe.tree)
    return Program(shape, mode, recipe, compile_scalar(recipe.tree), vector)
