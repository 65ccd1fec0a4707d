"""Room for deep calls: formulas nested to Excel's limits, lambdas that call themselves.

In: how deep a formula is nested. Out: a higher limit of Python's frames while it is bound, compiled or run. The limit is for the whole
process, so the first to come raises it and the last to go takes it back; Python functions that call each other take no C stack.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, TypeVar

ROOM: Final = 1_000_000
"""Python frames for all that `STACK` allows: a call of a body of 60 nested operators takes about 120."""

_DEEP: Final = 24
"""Parentheses within each other from which on a formula gets room: each takes some ten frames to bind, compile and run."""

_lock = threading.Lock()
_limits: list[int] = []

Where = TypeVar("Where")


@contextmanager
def room() -> Iterator[None]:
    """A higher limit inside."""
    with _lock:
        _limits.append(sys.getrecursionlimit())
        sys.setrecursionlimit(max(ROOM, _limits[0]))
    try:
        yield
    finally:
        with _lock:
            least = min(_limits)
            _limits.pop()
            if not _limits:
                sys.setrecursionlimit(least)


def is_deep(key: str) -> bool:
    """Whether the parentheses of a shape are nested so deep that it wants room.

    >>> is_deep("SUM(\x03*(1+2))"), is_deep("(" * 60 + "\x03" + ")" * 60)
    (False, True)
    """
    depth = deepest = 0
    for character in key:
        if character == "(":
            depth += 1
            deepest = max(deepest, depth)
        elif character == ")":
            depth -= 1
    return deepest > _DEEP


def with_room(code: Callable[[Where], object]) -> Callable[[Where], object]:
    """Code that runs with room."""

    def run(where: Where) -> object:
        with room():
            return code(where)

    return run
