"""How far a block reads: what orders blocks that wait for each other, and tells that they cannot wait in a circle."""

from __future__ import annotations

from typing import NamedTuple


class Reach(NamedTuple):
    """A block reads cells of another: the least and the greatest distance from a reading cell to what it reads.

    In rows below (`up` to `down`, above where negative) and in columns to the right (`left` to `right`).
    """

    reader: int
    source: int
    up: int
    down: int
    left: int
    right: int


__all__ = ["Reach"]
