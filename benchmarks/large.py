"""Past the peers' sizes: a million rows, scattered edits, and what an edit costs beside formulas it has nothing to do with.

In: nothing. Out: a report as text. Ours alone: what is asked is how cost grows, not who wins. Times are of the processor, so that other
work on the machine does not count.
"""

from __future__ import annotations

import gc
import statistics
import time
import tracemalloc
from collections.abc import Callable

import numpy as np

import sheetengine
from benchmarks import scenarios
from benchmarks.dialects import path_of
from benchmarks.engines.ours import Ours
from benchmarks.measure import peak_memory
from benchmarks.report import machine, seconds

_MILLION = 1_000_000


def run() -> str:
    """Everything, as text."""
    lines = [f"sheetengine {sheetengine.__version__}; {machine()}", ""]
    lines += ["Growth from 100,000 to 1,000,000 rows (processor time of load and edit, peak memory beyond the imports):", ""]
    for name in ("arith", "chain", "sumifs", "lookup"):
        lines.append(_growth(name))
    lines += ["", *_scattered(), "", *_unrelated(), "", *_memory_of_a_fill(), "", _long_chain()]
    return "\n".join(lines)


def _growth(name: str) -> str:
    found = []
    for rows in (_MILLION // 10, _MILLION):
        scenario = _sized(name, rows)
        path = path_of(name, "excel", scenario.book, f"-{rows}")
        loads, edits = [], []
        for _ in range(3):
            gc.collect()
            started = time.process_time()
            session = Ours().open(str(path))
            loads.append(time.process_time() - started)
            edit = session.editor(scenario.edit, scenario.result)
            values = [scenario.value(n) for n in range(7)]
            times = [_timed(lambda edit=edit, value=value: edit(value)) for value in values]
            edits.append(statistics.median(times))
        found.append((min(loads), min(edits), peak_memory("sheetengine", path)))
    (load, best, memory), (more_load, more_best, more_memory) = found
    return (
        f"- {name}: load {seconds(load)} -> {seconds(more_load)} (x{more_load / load:.1f}), edit {seconds(best)} -> {seconds(more_best)} "
        f"(x{more_best / best:.1f}), memory {memory / 1e6:.0f} -> {more_memory / 1e6:.0f} MB"
    )


def _sized(name: str, rows: int) -> scenarios.Scenario:
    make: Callable[[int], scenarios.Scenario] = getattr(scenarios, name)
    return make(rows)


def _timed(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def _scattered() -> list[str]:
    """100,000 edits to places all over one filled column, then one round."""
    rows = 100_000
    workbook = sheetengine.Workbook()
    sheet = workbook["Sheet1"]
    rng = np.random.default_rng(1)
    sheet[f"A1:A{rows}"] = rng.random((rows, 1))
    sheet[f"B1:B{rows}"] = rng.random((rows, 1))
    sheet[f"C1:C{rows}"] = "=A1*2+B1"
    workbook.recalculate()
    full = min(_timed(lambda: workbook.recalculate(full=True)) for _ in range(5))
    places = [sheet[f"A{row + 1}"] for row in rng.permutation(rows).tolist()]
    values = rng.random(rows).tolist()
    whole = []
    for _ in range(3):
        started = time.process_time()
        for place, value in zip(places, values, strict=True):
            place.value = value
        edited = time.process_time() - started
        whole.append((edited, _timed(lambda: sheet["C1"].value)))
    edited, after = min(whole, key=sum)
    return [
        f"100,000 scattered edits to the inputs of a filled column: {seconds(edited)} for the assignments ({seconds(edited / rows)} each), "
        f"{seconds(after)} for the round after them; a full round takes {seconds(full)}",
    ]


def _unrelated() -> list[str]:
    """The same edit in sheets with more and more formulas that it does not touch."""
    lines = ["One edit with three dependents, beside formulas that it does not touch:"]
    for count in (1_000, 100_000, _MILLION):
        workbook = sheetengine.Workbook()
        sheet = workbook["Sheet1"]
        sheet["A1"], sheet["B1"] = 1.0, 2.0
        sheet["C1"], sheet["D1"], sheet["E1"] = "=A1*2+B1", "=C1^2-A1", "=IF(D1>B1,C1,D1)"
        sheet[f"G1:G{count}"] = np.arange(count, dtype=float).reshape(-1, 1)
        sheet[f"H1:H{count}"] = "=G1*3"
        workbook.recalculate()
        source, target = sheet["A1"], sheet["E1"]

        def edit(value: float) -> None:
            source.value = value  # noqa: B023
            target.value  # noqa: B018, B023

        def hundred() -> None:
            for n in range(100):
                edit(n + 0.25)

        hundred()
        lines.append(f"- {count:,} unrelated formulas: {seconds(statistics.median([_timed(hundred) for _ in range(30)]) / 100)}")
    return lines


def _memory_of_a_fill() -> list[str]:
    """What a filled column takes per cell, its values included."""
    rows = 100_000
    workbook = sheetengine.Workbook()
    sheet = workbook["Sheet1"]
    sheet[f"A1:B{rows}"] = np.ones((rows, 2))
    workbook.recalculate()
    gc.collect()
    tracemalloc.start()
    sheet[f"C1:C{rows}"] = "=A1*2+B1"
    _ = sheet["C1"].value
    gc.collect()
    taken, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return [
        f"100,000 filled cells of =A1*2+B1 hold {taken / rows:.0f} bytes a cell, value included (peak while computing {peak / rows:.0f})"
    ]


def _long_chain() -> str:
    workbook = sheetengine.Workbook()
    sheet = workbook["Sheet1"]
    sheet["A1"] = 1.0
    started = time.process_time()
    sheet[f"A2:A{_MILLION}"] = "=A1+1"
    last = sheet[f"A{_MILLION}"]
    assert last.value == float(_MILLION)
    first = time.process_time() - started
    again = []
    for n in range(5):
        started = time.process_time()
        sheet["A1"] = float(n)
        assert last.value == _MILLION - 1.0 + n
        again.append(time.process_time() - started)
    return f"A chain of 1,000,000 cells: filled and computed in {seconds(first)}, from an edit at its head in {seconds(min(again))}"
