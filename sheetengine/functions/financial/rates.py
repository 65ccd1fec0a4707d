"""Rates at which an equation is nothing: Newton's method, and where it leaves the rates above -100 %, a search between stations.

In: an equation that gives a value and a slope for a rate (inf or nan where it has none), a guess; out: a rate, or None.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final, TypeAlias

Equation: TypeAlias = Callable[[float], tuple[float, float]]

_MOST_STEPS: Final = 60
_ONLY_ROUNDING: Final = 1e-9
"""A step below this that is no smaller than the one before is the rounding of the equation, not a way to its root."""


def newton(equation: Equation, guess: float, close: float, most_steps: int = _MOST_STEPS) -> float | None:
    """A root above -1 of an equation (value, slope), or None."""
    rate, before = guess, math.inf
    for _ in range(most_steps):
        value, slope = equation(rate)
        if value == 0.0:
            return rate
        if slope == 0.0 or not math.isfinite(value) or not math.isfinite(slope):
            return None
        following = rate - value / slope
        if following <= -1.0 or not math.isfinite(following):
            return None
        moved = abs(following - rate)
        if moved <= close * max(1e-3, abs(following)) or before <= moved < _ONLY_ROUNDING:
            return following
        rate, before = following, moved
    return None


_STATIONS: Final = tuple(
    sorted([-0.9999999, -0.999, -0.99, *(step / 20 - 0.95 for step in range(60)), *(2.0 * 1.5**step for step in range(1, 40))])
)


def between(equation: Equation, guess: float) -> float | None:
    """The root by bisection between the two stations around a change of sign that are nearest to the guess."""
    values = [equation(station)[0] for station in _STATIONS]
    changes = [
        index
        for index in range(len(_STATIONS) - 1)
        if math.isfinite(values[index]) and math.isfinite(values[index + 1]) and (values[index] > 0.0) != (values[index + 1] > 0.0)
    ]
    if not changes:
        return None
    nearest = min(changes, key=lambda index: abs((_STATIONS[index] + _STATIONS[index + 1]) / 2.0 - guess))
    low, high = _STATIONS[nearest], _STATIONS[nearest + 1]
    rising = values[nearest + 1] > 0.0
    for _ in range(100):
        middle = (low + high) / 2.0
        if (equation(middle)[0] > 0.0) == rising:
            high = middle
        else:
            low = middle
    return (low + high) / 2.0
