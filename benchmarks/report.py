"""The table of a run, as text and as JSON.

In: what was measured, by workbook and engine. Out: Markdown that stands in the README as printed; a JSON object for `compare`.
"""

from __future__ import annotations

import math
import os
import platform
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy

from benchmarks.measure import Measured
from benchmarks.scenarios import Scenario


def machine() -> str:
    model = next(
        (line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), platform.processor()
    )
    return f"{model}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {sys.version.split()[0]}, numpy {numpy.__version__}"


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines() if Path(path).exists() else []


def seconds(value: float) -> str:
    if math.isnan(value):
        return "-"
    for limit, unit, factor in ((1e-3, "us", 1e6), (1.0, "ms", 1e3)):
        if value < limit:
            return f"{value * factor:.3g} {unit}"
    return f"{value:.3g} s"


def _ratio(mine: float, peers: Sequence[float], goal: float) -> str:
    best = min((peer for peer in peers if not math.isnan(peer)), default=float("nan"))
    if math.isnan(best) or math.isnan(mine):
        return "-"
    ratio = mine / best
    return f"{ratio:.2g} (goal {goal:g}){'' if ratio <= goal else ' missed'}"


def table(results: Sequence[tuple[Scenario, dict[str, Measured]]], versions: dict[str, str], rounds: int, dialect: str) -> str:
    """Medians, and the ratio to the best peer that answered right."""
    names = list(versions)
    head = ["workbook"]
    head += (
        [f"{name} load" for name in names] + ["ratio"] + [f"{name} edit" for name in names] + ["ratio"] + [f"{name} MB" for name in names]
    )
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    notes = []
    for scenario, found in results:
        right = [found[name] for name in names[1:] if not found[name].wrong]
        ours = found[names[0]]
        row = [scenario.name]
        row += [seconds(found[name].load) for name in names] + [_ratio(ours.load, [one.load for one in right], scenario.goal[0])]
        row += [seconds(found[name].edit) for name in names] + [_ratio(ours.edit, [one.edit for one in right], scenario.goal[1])]
        row += [f"{found[name].memory / 1e6:.0f}" for name in names]
        lines.append("| " + " | ".join(row) + " |")
        notes += [f"- {scenario.name}: {name} is wrong at {found[name].wrong}" for name in names if found[name].wrong]
    engines = ", ".join(f"{name} {version}" for name, version in versions.items())
    text = f"{engines}; {machine()}; files as {dialect} writes them; medians of {rounds} rounds in turn.\n\n" + "\n".join(lines) + "\n"
    return text + (
        "\nDifferent from numpy:\n\n" + "\n".join(notes) + "\n"
        if notes
        else "\nEvery formula was compared with numpy after the edits: all equal.\n"
    )


def as_json(results: Sequence[tuple[Scenario, dict[str, Measured]]], versions: dict[str, str], rounds: int, dialect: str) -> dict[str, Any]:
    return {
        "versions": versions,
        "machine": machine(),
        "rounds": rounds,
        "dialect": dialect,
        "workbooks": {
            scenario.name: {
                name: {"load": one.load, "edit": one.edit, "memory": one.memory, "wrong": one.wrong} for name, one in found.items()
            }
            for scenario, found in results
        },
    }
