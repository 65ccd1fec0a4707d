"""A trace in the forms it leaves the program: text, JSON, a Mermaid graph.

In: a trace. Out: lines or plain data, bounded where they are for reading.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from sheetengine.display.text import cells, duration
from sheetengine.recalc.engine import Engine
from sheetengine.recalc.queries import as_areas, fillers, precedents
from sheetengine.values import Area, Scalar

if TYPE_CHECKING:
    from sheetengine.trace.trace import Trace


_MOST_LINES = 40
"""Blocks that a text names."""


class BlockReport(TypedDict):
    """Cells that were computed together."""

    cells: list[str]
    """The first of their ranges."""
    count: int
    formula: str | None
    """That of the first."""
    seconds: float


def blocks(trace: Trace, engine: Engine, most: int | None = None) -> list[BlockReport]:
    """One entry per step: its cells, how many they are, the formula of the first, the time in seconds; of the first `most` steps."""
    found: list[BlockReport] = []
    for event in trace.steps[:most]:
        areas = list(as_areas(event.sheet, event.rows, event.columns))
        row, column = int(event.rows[0]), int(event.columns[0])
        found.append({
            "cells": [trace.name(area) for area in areas[:20]],
            "count": len(event.rows),
            "formula": engine.field.formula_text(event.sheet, row, column),
            "seconds": event.seconds,
        })  # fmt: skip
    return found


def as_json(trace: Trace) -> dict[str, object]:
    """Everything, as plain data."""
    return {
        "edited": [trace.name(Area(sheet, *rect)) for sheet, rect in trace.edited],
        "rewritten": trace.rewritten,
        "recomputed": len(trace.recomputed),
        "blocks": trace.blocks(),
        "changed": {cell: [_plain(old), _plain(new)] for cell, (old, new) in trace.changed.items()},
        "seconds": trace.seconds,
        "restarts": trace.restarts,
        "circular": trace.circular,
    }


def as_mermaid(trace: Trace, engine: Engine, most: int) -> str:
    """The blocks and what each reads of the others, as a Mermaid flowchart."""
    lines = ["flowchart LR"]
    nodes: list[tuple[str, list[Area]]] = []
    for number, (sheet, rect) in enumerate(trace.edited[:most]):
        area = Area(sheet, *rect)
        lines.append(f'  e{number}(["{_label(trace.name(area))}"])')
        nodes.append((f"e{number}", [area]))
    for number, event in enumerate(trace.steps[:most]):
        areas = list(as_areas(event.sheet, event.rows, event.columns))
        label = ", ".join(trace.name(area) for area in areas[:3]) + (", …" if len(areas) > 3 else "")
        lines.append(f'  b{number}["{_label(label)}"]')
        read = [area for one in areas[:20] for area in precedents(engine, one)]
        read += [filler for area in read for filler in fillers(engine, area)]
        for other, own in nodes:
            if any(one.intersect(area) is not None for area in read for one in own):
                lines.append(f"  {other} --> b{number}")
        nodes.append((f"b{number}", areas))
    return "\n".join(lines)


def as_text(trace: Trace, engine: Engine) -> str:
    """What is printed: the edits, then a line for each of the first blocks."""
    edited = ", ".join(trace.name(Area(sheet, *rect)) for sheet, rect in trace.edited[:8]) or "nothing"
    lines = [f"edited: {edited}", f"recomputed: {cells(len(trace.recomputed))}, {len(trace.changed):,} changed, {duration(trace.seconds)}"]
    for block in blocks(trace, engine, _MOST_LINES):
        shown = ", ".join(block["cells"][:4]) + (", …" if len(block["cells"]) > 4 else "")
        lines.append(f"├─ {shown}  {cells(block['count'])}  {duration(block['seconds'])}  {block['formula']}")
    if len(trace.steps) > _MOST_LINES:
        lines.append(f"└─ … {len(trace.steps) - _MOST_LINES} more")
    elif trace.steps:
        lines[-1] = lines[-1].replace("├", "└", 1)
    circular = trace.circular
    if circular:
        lines.append(f"circular, 0: {', '.join(circular[:8])}{', …' if len(circular) > 8 else ''}")
    return "\n".join(lines)


def _label(text: str) -> str:
    """As it may stand between the quotes of a Mermaid node."""
    return text.replace('"', "#quot;")


def _plain(value: Scalar) -> object:
    return value if value is None or isinstance(value, bool | float | str) else str(value)
