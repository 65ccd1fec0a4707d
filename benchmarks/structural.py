"""`python -m benchmarks.structural`: rows inserted and deleted in 100,000 filled formulas, and taken back, ours beside IronCalc.

In: a sheet of two columns of numbers, 100,000 times `=A1*2+B1`, and their sum, as one file. Out: the median time of every edit with all
that depends on it computed and the sum read; the ratio to IronCalc. The sum is compared with numpy after every edit. IronCalc's
`Model` inserts and deletes, its `UserModel` takes back. Goal: a tenth of its time.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import ironcalc
import numpy as np

import sheetengine
from benchmarks.engines.ironcalc_peer import _silence

FORMULAS = 100_000
PLACES = {"top": 1, "middle": FORMULAS // 2, "end": FORMULAS}
GOAL = 0.1
Timed = dict[str, list[float]]


def build(path: Path) -> float:
    """Write the file; the answer is the sum."""
    wb = sheetengine.Workbook()
    ws = wb["Sheet1"]
    numbers = np.arange(1.0, FORMULAS + 1)
    ws[f"A1:A{FORMULAS}"] = numbers[:, None]
    ws[f"B1:B{FORMULAS}"] = 7.0
    ws[f"C1:C{FORMULAS}"] = "=A1*2+B1"
    ws["E1"] = f"=SUM(C1:C{FORMULAS})"
    wb.save(path)
    return float((numbers * 2 + 7).sum())


def once(act: Callable[[], object], read: Callable[[], object], expected: float | None) -> float:
    started = time.perf_counter()
    act()
    answer = read()
    seconds = time.perf_counter() - started
    if expected is not None and not (isinstance(answer, float) and abs(answer - expected) <= 1e-9 * expected):
        sys.exit(f"the sum is {answer}, not {expected}")
    return seconds


def ours(path: Path, total: float, turns: int, edits: int) -> Timed:
    wb = sheetengine.open(str(path))
    ws = wb["Sheet1"]

    def read() -> object:
        # A row inserted at the top takes the cell of the sum down with it.
        found = ws["E1"].value
        return ws["E2"].value if found is None else found

    read()
    found: Timed = {}
    for _ in range(turns):
        for name, at in PLACES.items():
            found.setdefault(f"insert {name}", []).append(once(lambda at=at: ws.insert_rows(at), read, total))
            found.setdefault(f"undo insert {name}", []).append(once(wb.undo, read, total))
            wb.redo()
            found.setdefault(f"delete {name}", []).append(once(lambda at=at: ws.delete_rows(at), read, total))
            found.setdefault(f"undo delete {name}", []).append(once(wb.undo, read, total))
            wb.redo()
    started = time.perf_counter()
    for number in range(edits // 2):
        at = 2 + number * (FORMULAS - 4) // max(edits // 2, 1)
        once(lambda at=at: ws.insert_rows(at), read, total)
        once(lambda at=at: ws.delete_rows(at), read, total)
    found[f"{edits} alternating edits, each"] = [(time.perf_counter() - started) / edits]
    started = time.perf_counter()
    for _ in range(edits):
        once(wb.undo, read, total)
    found[f"undo of {edits} edits, each"] = [(time.perf_counter() - started) / edits]
    sys.stderr.write(f"ours after all: {len(wb._engine.field.blocks)} blocks, {wb._engine.field.graph.edge_count()} edges\n")
    return found


def theirs(path: Path, total: float, turns: int, edits: int) -> Timed:
    with _silence():
        model = ironcalc.load_from_xlsx(str(path), "en", "UTC", "en")
        user = ironcalc.create_user_model_from_xlsx(str(path), "en", "UTC", "en")
        model.evaluate()

    def reader(any_model: object) -> Callable[[], object]:
        def read() -> object:
            found = any_model.get_cell_value(0, 1, 5)  # type: ignore[attr-defined]
            return found if isinstance(found, float) and found else any_model.get_cell_value(0, 2, 5)  # type: ignore[attr-defined]

        return read

    read = reader(model)

    def edit(act: Callable[[], object]) -> Callable[[], object]:
        def run() -> None:
            act()
            model.evaluate()

        return run

    found: Timed = {}
    for _ in range(turns):
        for name, at in PLACES.items():
            found.setdefault(f"insert {name}", []).append(once(edit(lambda at=at: model.insert_rows(0, at, 1)), read, total))
            found.setdefault(f"delete {name}", []).append(once(edit(lambda at=at: model.delete_rows(0, at, 1)), read, total))
    # Its user model computes after each edit by itself.
    for name, at in PLACES.items():
        user.insert_rows(0, at, 1)
        found[f"undo insert {name}"] = [once(user.undo, lambda: None, None)]
        user.insert_rows(0, at, 1)
        user.delete_rows(0, at, 1)
        found[f"undo delete {name}"] = [once(user.undo, lambda: None, None)]
        user.undo()
    few = max(edits // 100, 2)
    started = time.perf_counter()
    for number in range(few // 2):
        at = 2 + number * (FORMULAS - 4) // max(few // 2, 1)
        once(edit(lambda at=at: model.insert_rows(0, at, 1)), read, total)
        once(edit(lambda at=at: model.delete_rows(0, at, 1)), read, total)
    found[f"{edits} alternating edits, each"] = [(time.perf_counter() - started) / (few // 2 * 2)]
    return found


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.structural", description=__doc__)
    parser.add_argument("--turns", type=int, default=3, help="how often each edit is made")
    parser.add_argument("--edits", type=int, default=1000, help="alternating edits; IronCalc makes a hundredth of them")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "structural.xlsx"
        total = build(path)
        mine = ours(path, total, options.turns, options.edits)
        peer = theirs(path, total, options.turns, options.edits)
    rows = {name: (statistics.median(times), statistics.median(peer[name]) if name in peer else None) for name, times in mine.items()}
    if options.json:
        print(json.dumps({name: {"ours": one, "ironcalc": two} for name, (one, two) in rows.items()}, indent=1))
        return
    print(f"{'':34}{'ours':>10}{'IronCalc':>12}{'ratio':>9}")
    for name, (one, two) in rows.items():
        other = "" if two is None else f"{two * 1e3:9.1f} ms{one / two:9.4f}"
        print(f"{name:34}{one * 1e3:7.2f} ms{other}")
    over = [name for name, (one, two) in rows.items() if two is not None and one > GOAL * two]
    print(f"goal: at most {GOAL} of IronCalc's time" + (f"; missed by {', '.join(over)}" if over else ", met by all"))


if __name__ == "__main__":
    main()
