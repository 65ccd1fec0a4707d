"""The dependency graph: nodes are blocks, edges say which rectangle a block reads through which operand.

It knows sheets by id and blocks by number, no formula and no value. Static reads alone are here: what the text names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sheetengine.graph.patterns import Cells, Edge, FillEdge, Indices, Rect, Selection
from sheetengine.graph.range_index import RangeIndex


class DependencyGraph:
    """Edges by the sheet they read and by the node they belong to."""

    def __init__(self) -> None:
        self._indexes: dict[int, RangeIndex] = {}
        self._edges: dict[int, list[Edge]] = {}
        self.version = 0
        """Grows with every change: plans hold as long as it stands."""

    def add(self, node: int, edges: Iterable[Edge]) -> None:
        """Enter a node with its edges."""
        own = list(edges)
        self._edges[node] = own
        for edge in own:
            index = self._indexes.get(edge.sheet)
            if index is None:
                index = self._indexes[edge.sheet] = RangeIndex()
            index.add(edge)
        self.version += 1

    def remove(self, node: int) -> None:
        """Take a node out with its edges."""
        for edge in self._edges.pop(node):
            self._indexes[edge.sheet].remove(edge)
        self.version += 1

    def replace(self, node: int, edges: Iterable[Edge]) -> None:
        """Give a node new edges."""
        self.remove(node)
        self.add(node, edges)

    def grow(self, node: int, height: int, width: int) -> None:
        """A node that is a rectangle has another size; what its first cell reads is the same."""
        for edge in self._edges[node]:
            assert isinstance(edge, FillEdge)
            edge.height, edge.width = height, width
            self._indexes[edge.sheet].refresh(edge)
        self.version += 1

    def edges(self, node: int) -> list[Edge]:
        """What a node reads."""
        return self._edges[node]

    def dependents(self, sheet: int, rect: Rect) -> Iterator[tuple[Edge, Selection]]:
        """The edges that read any of a rectangle, and which cells of their node do; exact to the cell."""
        index = self._indexes.get(sheet)
        if index is None:
            return
        for edge in index.meeting(rect):
            image = edge.image(rect)
            if image is not None:
                yield edge, image

    def reading(self, sheet: int, rect: Rect) -> Iterator[Edge]:
        """The edges whose extent meets a rectangle: no reader of it is missing, some may not read it."""
        index = self._indexes.get(sheet)
        return iter(()) if index is None else index.meeting(rect)

    def dependents_of_cells(self, sheet: int, rows: Indices, columns: Indices) -> Iterator[tuple[Edge, Selection]]:
        """The same for many scattered cells at once."""
        index = self._indexes.get(sheet)
        if index is None or len(rows) == 0:
            return
        hull = Rect(int(rows.min()), int(columns.min()), int(rows.max()), int(columns.max()))
        for edge in index.meeting(hull):
            image = edge.images(rows, columns)
            if len(image):
                yield edge, image

    def nodes(self) -> Iterator[int]:
        """The numbers of all blocks."""
        return iter(self._edges)

    def node_count(self) -> int:
        """How many blocks."""
        return len(self._edges)

    def edge_count(self) -> int:
        """How many edges."""
        return sum(len(index) for index in self._indexes.values())

    def check_invariants(self) -> None:
        """Every node's edges are indexed, and no others."""
        for index in self._indexes.values():
            index.check_invariants()
        entered = {id(edge) for index in self._indexes.values() for edge in index.edges()}
        assert entered == {id(edge) for edges in self._edges.values() for edge in edges}, "an edge without a node"


__all__ = ["Cells", "DependencyGraph", "Edge", "Rect", "Selection"]
