"""A trace as a picture for notebooks: edited cells, the blocks that were computed for them, who read whom.

In: a trace. Out: HTML with an SVG in it. Invariant: bounded, whatever the round computed.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import numpy as np

from sheetengine.display.boxes import Box, Graph
from sheetengine.display.svg import graph_svg
from sheetengine.display.text import cells, duration
from sheetengine.recalc.engine import Engine
from sheetengine.recalc.events import Computed
from sheetengine.recalc.queries import as_areas, fillers, precedents
from sheetengine.values import Area

if TYPE_CHECKING:
    from sheetengine.trace.trace import Trace

_MOST_BOXES = 24
_MOST_EDITED = 6
_MOST_AREAS = 60
_MOST_COMPARED = 20_000
"""Cells up to which those are counted that have another value now: that makes a Python object of each."""


def trace_html(trace: Trace, engine: Engine) -> str:
    """A line of figures and a graph."""
    count = len(trace.recomputed)
    changed = f", {len(trace.changed):,} changed" if count <= _MOST_COMPARED else ""
    figures = f"{cells(count)} recomputed{changed}, {duration(trace.seconds)}"
    if not trace.steps:
        return f"<p>{figures}</p>"
    return f"<p>{escape(figures)}</p>{graph_svg(trace_graph(trace, engine), figures)}"


def trace_graph(trace: Trace, engine: Engine) -> Graph:
    """Edited places and computed blocks as boxes, in the order of computation from left to right."""
    areas_of: dict[str, list[Area]] = {}
    boxes: list[Box] = []
    edges: list[tuple[str, str]] = []
    column_of: dict[str, int] = {}
    for number, (sheet, rect) in enumerate(trace.edited[:_MOST_EDITED]):
        key = f"edited {number}"
        areas_of[key], column_of[key] = [Area(sheet, *rect)], 0
        boxes.append(Box(key, trace.name(areas_of[key][0]), ("edited",), "edited"))
    groups: dict[int, list[Computed]] = {}
    for step in trace.steps:
        groups.setdefault(step.block, []).append(step)
    for block, steps in list(groups.items())[:_MOST_BOXES]:
        rows, columns = np.concatenate([step.rows for step in steps]), np.concatenate([step.columns for step in steps])
        areas = list(as_areas(steps[0].sheet, rows, columns))
        key = f"block {block}"
        read = list(dict.fromkeys(one for area in areas[:_MOST_AREAS] for one in precedents(engine, area)))
        read += [filler for area in read for filler in fillers(engine, area)]
        sources = [other for other, own in areas_of.items() if any(one.intersect(area) is not None for one in read for area in own)]
        edges += [(source, key) for source in sources]
        column_of[key] = 1 + max((column_of[source] for source in sources), default=0)
        areas_of[key] = areas
        formula = engine.field.formula_text(steps[0].sheet, int(rows[0]), int(columns[0]))
        names = [trace.name(areas[0]), *(trace.name(area).rpartition("!")[2] for area in areas[1:2])]
        title = ", ".join(names) + (" …" if len(areas) > 2 else "")
        loop = any(one.intersect(area) is not None for one in read for area in areas)
        seconds = sum(step.seconds for step in steps)
        count = f"{cells(len(rows))}, {duration(seconds)}"
        boxes.append(Box(key, title, (formula or "", count), "formula", column_of[key], loop))
    left = max(0, len(groups) - _MOST_BOXES) + max(0, len(trace.edited) - _MOST_EDITED)
    return Graph(tuple(boxes), tuple(edges), f"{left:,} more are left out" if left else "")
