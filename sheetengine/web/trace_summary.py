"""A trace in a few lines: what a page shows after an edit.

In: a trace. Out: plain values. Invariant: bounded in size and in time, also for a round of a million cells.
"""

from __future__ import annotations

from typing import Any

from sheetengine.recalc.queries import as_areas
from sheetengine.trace import Trace
from sheetengine.values import Area

_MOST_EDITED = 8
_MOST_STEPS = 12
_MOST_AREAS = 4
_MOST_LISTED = 20_000
"""Cells of a step whose exact rectangles are worth the time; of more the hull is told."""


def summary(trace: Trace) -> dict[str, Any]:
    """Edited places, counts, time, and the first steps."""
    return {
        "edited": [trace.name(Area(sheet, *rect)) for sheet, rect in trace.edited[:_MOST_EDITED]],
        "edited_count": len(trace.edited),
        "recomputed": len(trace.recomputed),
        "seconds": trace.seconds,
        "steps": [_step(trace, place) for place in range(min(len(trace.steps), _MOST_STEPS))],
        "step_count": len(trace.steps),
    }


def _step(trace: Trace, place: int) -> dict[str, Any]:
    step = trace.steps[place]
    rows, columns = step.rows, step.columns
    if len(rows) <= _MOST_LISTED:
        areas = list(as_areas(step.sheet, rows, columns))
    else:
        areas = [Area(step.sheet, int(rows.min()), int(columns.min()), int(rows.max()), int(columns.max()))]
    return {
        "cells": [trace.name(area) for area in areas[:_MOST_AREAS]],
        "more": len(areas) > _MOST_AREAS,
        "count": len(rows),
        "seconds": step.seconds,
    }
