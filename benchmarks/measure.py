"""Rounds: every engine opens the same file and makes the same edits, one engine after the other, as often as asked.

In: a scenario, its file, the engines. Out: `Measured` per engine. Load is opening the file and computing everything; edit is writing a
value that differs each time, recomputing all its dependents and reading the result, warm. After the edits of every round all
formulas are compared with numpy.
"""

from __future__ import annotations

import gc
import json
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.engines import Engine, Session
from benchmarks.scenarios import Scenario

_EDIT_SECONDS = 0.5
_LEAST_EDITS, _MOST_EDITS = 3, 400
_SLOW = 2.0
"""Seconds of an edit from which on one a round is enough."""


@dataclass
class Measured:
    """What one engine took for one workbook; seconds, one element per round."""

    loads: list[float] = field(default_factory=list)
    edits: list[float] = field(default_factory=list)
    """Per round the median of its edits."""
    wrong: str = ""
    """The first cell that differs from numpy."""
    memory: int = 0
    """Bytes at the peak beyond what the imports take, in a process of its own."""

    @property
    def load(self) -> float:
        return statistics.median(self.loads) if self.loads else float("nan")

    @property
    def edit(self) -> float:
        return statistics.median(self.edits) if self.edits else float("nan")


def run(scenario: Scenario, path: Path, engines: list[Engine], rounds: int) -> dict[str, Measured]:
    """All rounds; the order of the engines turns from round to round."""
    found = {engine.name: Measured() for engine in engines}
    slow: set[str] = set()
    for number in range(rounds):
        turn = number % len(engines)
        for engine in engines[turn:] + engines[:turn]:
            if engine.name in slow and number >= 2:
                continue  # it takes more than ten seconds: twice is enough to know
            measured = found[engine.name]
            _round(scenario, path, engine, measured, number)
            if measured.loads and measured.loads[-1] > 10:
                slow.add(engine.name)
    return found


def _round(scenario: Scenario, path: Path, engine: Engine, measured: Measured, number: int) -> None:
    gc.collect()
    started = time.perf_counter()
    session = engine.open(str(path))
    measured.loads.append(time.perf_counter() - started)
    edit = session.editor(scenario.edit, scenario.result)
    times: list[float] = []
    value = scenario.value(0)
    begun = time.perf_counter()
    while len(times) < (_LEAST_EDITS if not times or times[0] < _SLOW else 1) or (
        time.perf_counter() - begun < _EDIT_SECONDS and len(times) < _MOST_EDITS
    ):
        value = scenario.value(len(times) + 7 * number)
        started = time.perf_counter()
        edit(value)
        times.append(time.perf_counter() - started)
    measured.edits.append(statistics.median(times))
    if not measured.wrong:
        measured.wrong = _compare(scenario, session, value)


def _compare(scenario: Scenario, session: Session, value: float | str) -> str:
    for sheet, column, first, wanted in scenario.expected(value):
        for row, (got, right) in enumerate(zip(session.column(sheet, column, first, len(wanted)), wanted, strict=True), first):
            if isinstance(right, str):
                good = got == right
            else:
                good = isinstance(got, float | int) and abs(got - right) <= scenario.tolerance * max(1.0, abs(right))
            if not good:
                return f"{sheet} row {row} column {column}: {got!r} instead of {right!r}"
    return ""


def peak_memory(engine: str, path: Path) -> int:
    """Bytes that opening and computing a file takes at the peak beyond the imports, in a child process."""
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.measure", engine, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parent.parent)
    found: int = json.loads(done.stdout.splitlines()[-1])
    return found


def _resident(field_name: str) -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(field_name + ":"):
            return int(line.split()[1]) * 1024
    raise OSError(f"/proc/self/status has no {field_name}: peak memory is measured on Linux")


def _child(name: str, path: str) -> None:
    from benchmarks.engines import engines

    engine = next(engine for engine in engines() if engine.name == name)
    if name == "sheetengine":
        # Imports do not count, nor those that ours puts off until they are needed: the functions' modules and lark.
        import sheetengine.syntax.lark_door
        import sheetengine.workbook.loading  # noqa: F401
        from sheetengine.functions.library import catalogue

        catalogue()
    before = _resident("VmRSS")
    session = engine.open(path)
    print(json.dumps(_resident("VmHWM") - before))
    del session


if __name__ == "__main__":
    _child(*sys.argv[1:])
