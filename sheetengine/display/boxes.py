"""A graph of boxes, and where to put them: columns by distance, rows by what they are tied to.

In: boxes and edges between their keys. Out: a `Placed` graph. Invariants: boxes never overlap; an edge that would run backwards is drawn
around; the order of the answer follows from the order of the boxes alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

BoxKind = Literal["input", "formula", "edited", "asked"]
WIDTH, GAP_ACROSS, GAP_DOWN, LINE = 236, 76, 18, 17
_PADDING = 20
_SWEEPS = 6


@dataclass(frozen=True, slots=True)
class Box:
    """Cells as one box: where, what in one or two lines, and the column it stands in (0 at the left)."""

    key: str
    title: str
    lines: tuple[str, ...] = ()
    kind: BoxKind = "formula"
    column: int = 0
    loop: bool = False
    """Whether its cells read each other."""

    @property
    def height(self) -> int:
        """In pixels."""
        return 14 + LINE * (1 + len(self.lines))


@dataclass(frozen=True, slots=True)
class Graph:
    """Boxes and edges from what is read to who reads it; `more` says what is left out."""

    boxes: tuple[Box, ...]
    edges: tuple[tuple[str, str], ...]
    more: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """A box and its upper left corner."""

    box: Box
    x: int
    y: int


def place(graph: Graph) -> tuple[list[Placed], int, int]:
    """The boxes with their places, and the size of the whole."""
    columns: dict[int, list[Box]] = {}
    for box in graph.boxes:
        columns.setdefault(box.column, []).append(box)
    order = {column: number for number, column in enumerate(sorted(columns))}
    _untangle(columns, graph.edges)
    heights = {column: sum(box.height for box in boxes) + GAP_DOWN * (len(boxes) - 1) for column, boxes in columns.items()}
    tallest = max(heights.values(), default=0)
    found = []
    for column, boxes in columns.items():
        y = _PADDING + (tallest - heights[column]) // 2
        for box in boxes:
            found.append(Placed(box, _PADDING + order[column] * (WIDTH + GAP_ACROSS), y))
            y += box.height + GAP_DOWN
    width = 2 * _PADDING + len(columns) * WIDTH + max(0, len(columns) - 1) * GAP_ACROSS
    return found, width, 2 * _PADDING + tallest


def _untangle(columns: dict[int, list[Box]], edges: Sequence[tuple[str, str]]) -> None:
    """Order the boxes of each column by the mean place of those they are tied to, from left to right and back."""
    ties: dict[str, list[str]] = {}
    for one, two in edges:
        ties.setdefault(one, []).append(two)
        ties.setdefault(two, []).append(one)
    numbers = sorted(columns)
    for sweep in range(_SWEEPS):
        for column in numbers if sweep % 2 == 0 else reversed(numbers):
            rank = {box.key: place / len(boxes) for boxes in columns.values() for place, box in enumerate(boxes)}
            column_of = {box.key: number for number, boxes in columns.items() for box in boxes}

            def mean(box: Box, column: int = column, rank: dict[str, float] = rank, column_of: dict[str, int] = column_of) -> float:
                near = [rank[key] for key in ties.get(box.key, ()) if key in rank and column_of[key] != column]
                return sum(near) / len(near) if near else rank[box.key]

            columns[column].sort(key=mean)
