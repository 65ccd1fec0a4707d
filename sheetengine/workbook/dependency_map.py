"""What a place rests on, or what rests on it, block by block: a graph that stays small however many cells there are.

In: a range and a direction. Out: a `Graph` of boxes: formulas that are one program over many cells are one box, cells without formulas
that are read together another. Invariants: a box stands once; more boxes than asked for are left out and counted.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Literal

import numpy as np

from sheetengine.address import Range as Rectangle
from sheetengine.display.boxes import Box, BoxKind, Graph
from sheetengine.recalc.blocks import AnyBlock
from sheetengine.recalc.queries import areas_of, dependents, precedents
from sheetengine.store.chunk import Box as StoreBox
from sheetengine.values import Area

if TYPE_CHECKING:
    from sheetengine.workbook.ranges import Range

Way = Literal["precedents", "dependents"]
_MANY_INPUTS = 6
_MOST_AREAS = 400
"""Rectangles of one box that are looked into: a family scattered over a sheet has as many as members."""


def dependency_map(cells: Range, way: Way = "precedents", *, most: int = 60) -> Graph:
    """The graph of a range, with at most so many boxes."""
    return _Mapping(cells, way, most).graph()


class _Mapping:
    def __init__(self, cells: Range, way: Way, most: int) -> None:
        self.cells = cells
        self.workbook = cells.sheet.workbook
        self.engine = self.workbook._engine
        self.way: Way = way
        self.most = most
        self.boxes: dict[str, tuple[list[Area], AnyBlock | None]] = {}
        self.depth: dict[str, int] = {}
        self.edges: dict[tuple[str, str], None] = {}
        self.loops: set[str] = set()
        self.left_out: set[str] = set()

    def graph(self) -> Graph:
        with self.engine.lock:
            self.workbook._flush()
            asked = self.cells._area()
            first = self._parts(asked) or [(self._name([asked]), [asked], None)]
            waiting: deque[str] = deque()
            for key, areas, block in first:
                self._enter(key, areas, block, 0, waiting)
            while waiting:
                self._follow(waiting.popleft(), waiting)
            roots = {key for key, _, _ in first}
            self._gather(roots)
            self._deepen(roots)
            far = max(self.depth.values())
            boxes = [self._box(key, roots, far) for key in self.boxes]
        more = f"{len(self.left_out):,} more are left out" if self.left_out else ""
        return Graph(tuple(boxes), tuple(self.edges), more)

    def _gather(self, roots: set[str]) -> None:
        """Many inputs of one and the same reader are one box: 30 blocks of weights."""
        ties: dict[str, set[str]] = {}
        for one, two in self.edges:
            ties.setdefault(one, set()).add(two)
            ties.setdefault(two, set()).add(one)
        groups: dict[frozenset[str], list[str]] = {}
        for key, (areas, block) in self.boxes.items():
            if block is None and key not in roots:
                groups.setdefault(frozenset((*ties.get(key, ()), f"sheet {areas[0].sheet}")), []).append(key)
        for keys in groups.values():
            if len(keys) < _MANY_INPUTS:
                continue
            kept = keys[0]
            self.boxes[kept] = ([area for key in keys for area in self.boxes[key][0]], None)
            for key in keys[1:]:
                del self.boxes[key], self.depth[key]
            gone = set(keys[1:])
            self.edges = {edge: None for edge in self.edges if not gone & set(edge)}

    def _deepen(self, roots: set[str]) -> None:
        """Put each box as far from what was asked for as the longest way there is, so that edges run one way; circles are cut."""
        onward: dict[str, list[str]] = {}
        for one, two in self.edges:
            near, deep = (two, one) if self.way == "precedents" else (one, two)
            onward.setdefault(near, []).append(deep)
        order: list[str] = []
        state: dict[str, int] = {}
        cut: set[tuple[str, str]] = set()
        for root in sorted(roots):
            stack = [(root, iter(onward.get(root, ())))]
            state.setdefault(root, 1)
            while stack:
                key, rest = stack[-1]
                for deeper in rest:
                    if state.get(deeper) == 1:
                        cut.add((key, deeper))
                    elif deeper not in state:
                        state[deeper] = 1
                        stack.append((deeper, iter(onward.get(deeper, ()))))
                        break
                else:
                    stack.pop()
                    state[key] = 2
                    order.append(key)
        self.depth = dict.fromkeys(self.boxes, 0)
        for key in reversed(order):
            for deeper in onward.get(key, ()):
                if (key, deeper) not in cut:
                    self.depth[deeper] = max(self.depth[deeper], self.depth[key] + 1)

    def _enter(self, key: str, areas: list[Area], block: AnyBlock | None, depth: int, waiting: deque[str]) -> bool:
        if key in self.boxes:
            return True
        if len(self.boxes) >= self.most:
            self.left_out.add(key)
            return False
        self.boxes[key] = (areas, block)
        self.depth[key] = depth
        waiting.append(key)
        return True

    def _follow(self, key: str, waiting: deque[str]) -> None:
        areas, block = self.boxes[key]
        if self.way == "precedents" and block is None:
            return
        ask = precedents if self.way == "precedents" else dependents
        for near in dict.fromkeys(found for area in areas[:_MOST_AREAS] for found in ask(self.engine, area)):
            for other, parts, own in self._parts(near):
                if other == key:
                    self.loops.add(key)
                elif self._enter(other, parts, own, self.depth[key] + 1, waiting):
                    self.edges[(other, key) if self.way == "precedents" else (key, other)] = None

    def _parts(self, area: Area) -> list[tuple[str, list[Area], AnyBlock | None]]:
        """What an area is made of: the blocks that have a cell in it, and the rest of it that holds values."""
        record = self.engine.book.sheets.get(area.sheet)
        used = None if record is None else record.store.used_within(StoreBox(*area[1:]))
        if record is None or used is None:
            return []
        owners = record.store.owners(used)
        found: list[tuple[str, list[Area], AnyBlock | None]] = []
        for number in np.unique(np.abs(owners[owners != 0])).tolist():
            block = self.engine.field.blocks[number]
            areas = list(areas_of(block, block.all)) if self.engine.field.alive(block) is None else self._living(block)
            found.append((f"block {number}", areas, block))
        kinds = record.store.read_planes(used)[0]
        if ((owners == 0) & (kinds != 0)).any():
            inputs = Area(area.sheet, used.top, used.left, used.bottom, used.right)
            found.append((self._name([inputs]), [inputs], None))
        return found

    def _living(self, block: AnyBlock) -> list[Area]:
        return list(areas_of(block, self.engine.field.members(block)))

    def _box(self, key: str, roots: set[str], far: int) -> Box:
        areas, block = self.boxes[key]
        count = sum((area.bottom - area.top + 1) * (area.right - area.left + 1) for area in areas)
        first = self.workbook._range(Area(areas[0].sheet, areas[0].top, areas[0].left, areas[0].top, areas[0].left))
        lines = []
        if block is not None and first.formula is not None:
            lines.append(first.formula)
        lines.append(f"{count:,} cells" + (f" in {len(areas):,} ranges" if len(areas) > 2 else "") if count > 1 else first.text)
        depth = self.depth[key]
        kind: BoxKind = "asked" if key in roots else "input" if block is None else "formula"
        return Box(
            key,
            self._name(areas),
            tuple(line for line in lines if line),
            kind,
            far - depth if self.way == "precedents" else depth,
            key in self.loops,
        )

    def _name(self, areas: list[Area]) -> str:
        names = []
        for number, area in enumerate(areas[:2]):
            names.append(str(Rectangle(*area[1:])) if number else self.workbook._range(area).address)
        return ", ".join(names) + (" …" if len(areas) > 2 else "")
