"""No function raises or hangs, whatever it is given: every function of the catalogue over arguments of every kind.

What is called is the body with its coercions, arrays and ranges, as a formula calls it; the functions that the compiler evaluates itself
(IF, LET…) have no body and are left out. An answer is a value of Excel or an error of Excel: finite numbers, nothing of Python's.
"""

from __future__ import annotations

import random
import time

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from sheetengine.functions.call import invoke
from sheetengine.functions.library import catalogue
from sheetengine.grid import Grid
from sheetengine.values import MISSING, Area, CellError, Lambda, Reference, Scalar
from tests.functions.fake import FakeContext

SCALARS: list[Scalar] = [
    None, 0.0, 1.0, -1.0, 2.5, 12.0, 100.0, 0.1, 43_000.0, 1e9, 1e15, -1e15, 2.0**31, 1e100, 1e300, -1e300, 1e-300, "", "a", "TRUE", "1",
    "2024-01-10", "é😀", "x" * 300, "3+4i", "=x", "*", "a?", "~", "(", "//s", True, False, CellError("#N/A"), CellError("#DIV/0!"),
]  # fmt: skip
AREAS = [
    Area(0, 0, 0, 0, 0), Area(0, 1, 0, 1, 0), Area(0, 0, 0, 4, 0), Area(0, 0, 1, 4, 1), Area(0, 0, 0, 2, 2), Area(0, 0, 0, 999, 0),
    Area(0, 5000, 0, 5003, 2), Area(0, 3, 0, 3, 40),
]  # fmt: skip
NAMES = sorted(name for name, spec in catalogue().items() if not spec.lazy)


class Identity(Lambda):
    """A function as an argument."""

    least = 1  # type: ignore[assignment]
    most = 2  # type: ignore[assignment]

    def __call__(self, *arguments: object) -> object:
        return arguments[0]


def argument(chance: random.Random) -> object:
    kind = chance.random()
    if kind < 0.62:
        return chance.choice([*SCALARS, float(chance.randint(-5, 40)), chance.random(), chance.random() * 1e4])
    if kind < 0.67:
        return MISSING
    if kind < 0.8:
        height, width = chance.choice([(1, 1), (1, 3), (3, 1), (2, 2), (3, 3), (1, 5), (5, 1)])
        whole = chance.random() < 0.5
        flat = [float(chance.randint(-3, 20)) if whole else chance.choice(SCALARS) for _ in range(height * width)]
        return Grid.from_flat(flat, (height, width))
    if kind < 0.95:
        areas = (chance.choice(AREAS),) if chance.random() < 0.95 else (AREAS[1], AREAS[4])
        return Reference(areas)
    return Identity()


@pytest.fixture(scope="module")
def context() -> FakeContext:
    chance = random.Random(0)
    return FakeContext({(row, column): chance.choice(SCALARS) for row in range(1000) for column in range(3)})


def check(value: object) -> None:
    if isinstance(value, Grid):
        assert np.isfinite(value.numbers).all()
    elif isinstance(value, float):
        assert np.isfinite(value)
    else:
        assert value is None or isinstance(value, str | bool | CellError | Reference | Lambda), type(value)


@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 1 << 40))
def test_every_function_survives_any_argument(context: FakeContext, seed: int) -> None:
    chance = random.Random(seed)
    for name in chance.sample(NAMES, 120):
        spec = catalogue()[name]
        least = spec.signature.least
        count = chance.randint(least, max(least, min(spec.signature.most, least + 4)))
        arguments = [argument(chance) for _ in range(count)]
        started = time.process_time()
        try:
            value = invoke(spec, arguments, context)
        except Exception as error:
            raise AssertionError(f"{name}{tuple(arguments)!r} raises {error!r}") from error
        check(value)
        seconds = time.process_time() - started
        assert seconds < 8.0, f"{name}{tuple(arguments)!r} takes {seconds:.1f} s"
