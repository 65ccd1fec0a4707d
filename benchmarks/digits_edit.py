"""`python -m benchmarks.digits_edit`: one pixel of the digits workbook edited, the eleven cells that answer it read.

In: the digits workbook as built, without its conditional formats, ours and the peers in one process. Out: the median of each, taken in
turns of as many edits, and the ratio to each peer. The formats are left out because IronCalc evaluates those too, which takes it 15
times as long as the cells. After the last edit of every turn all eleven cells are compared with the same network in numpy.
"""

from __future__ import annotations

import argparse
import gc
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.engines import Engine, engines
from sheetengine.digits_data import forward, parameters, test_digits
from workbooks.build import PARAMETERS, write
from workbooks.layout import model
from workbooks.network import Network

PIXEL = ("Draw", 14, 14)
CELLS = [("Draw", row, 31) for row in range(2, 12)] + [("Draw", 2, 32)]
GOAL = 0.5


def _editor(engine: Engine, path: Path) -> Callable[[float], list[object]]:
    """Write the pixel, compute all its dependents, read the eleven cells; each engine in the way its own users would."""
    session: Any = engine.open(str(path))  # each engine's own face is used below
    if engine.name == "sheetengine":
        sheet = session.workbook["Draw"]
        outputs, prediction = sheet["AE2:AE11"], sheet["AF2"]

        def ours(ink: float) -> list[object]:
            sheet["N14"] = ink
            return [*outputs.values.ravel().tolist(), prediction.value]

        return ours
    first = session.editor(PIXEL, CELLS[0])
    if engine.name == "IronCalc":
        read = [(session.sheets[sheet], row, column) for sheet, row, column in CELLS[1:]]
        get = session.model.get_cell_value
    else:
        read, get = CELLS[1:], session.workbook.get_value

    def theirs(ink: float) -> list[object]:
        return [first(ink), *[get(*cell) for cell in read]]

    return theirs


def _difference(found: list[object], ink: float) -> float:
    picture = np.zeros((28, 28))
    picture[PIXEL[1] - 1, PIXEL[2] - 1] = ink
    output = forward(picture, parameters())[-1]
    return float(np.abs(np.array(found, float) - [*output, output.argmax()]).max())


def measure(rounds: int, edits: int) -> dict[str, dict[str, float]]:
    """Median, least and the distance from numpy, by engine."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "digits.xlsx"
        built = model(Network.load(PARAMETERS), test_digits()[0][0] / 255)
        for sheet in built.sheets:
            sheet.shades.clear()
        write(built, path)
        editors = {engine.name: _editor(engine, path) for engine in engines()}
    times: dict[str, list[float]] = {name: [] for name in editors}
    worst = dict.fromkeys(editors, 0.0)
    for edit in editors.values():
        for number in range(20):
            edit(number / 20)
    for turn in range(rounds):
        for name, edit in editors.items():
            gc.collect()
            for number in range(edits):
                # Never the value that is there already: an engine might see that nothing changed.
                ink = (1 + number + turn * edits) % 997 / 997
                started = time.perf_counter()
                found = edit(ink)
                times[name].append(time.perf_counter() - started)
            worst[name] = max(worst[name], _difference(found, ink))
    return {name: {"median": statistics.median(taken), "least": min(taken), "difference": worst[name]} for name, taken in times.items()}


def main() -> int:
    parser = argparse.ArgumentParser(description="One pixel edited and eleven cells read, ours beside the peers.")
    parser.add_argument("--rounds", type=int, default=7, help="turns of each engine (default 7)")
    parser.add_argument("--edits", type=int, default=60, help="edits a turn (default 60)")
    parser.add_argument("--json", action="store_true", help="figures as JSON")
    options = parser.parse_args()
    found = measure(options.rounds, options.edits)
    if options.json:
        print(json.dumps(found, indent=1))
    else:
        ours = found["sheetengine"]["median"]
        print("| engine | median edit and read | least | from numpy | ours to it |\n|---|---|---|---|---|")
        for name, one in found.items():
            ratio = "" if name == "sheetengine" else f"{ours / one['median']:.2f} (goal {GOAL})"
            print(f"| {name} | {one['median'] * 1e6:,.0f} µs | {one['least'] * 1e6:,.0f} µs | {one['difference']:.1e} | {ratio} |")
    peers = [one["median"] for name, one in found.items() if name != "sheetengine"]
    well = all(one["difference"] <= 1e-12 for one in found.values())
    return 0 if well and all(found["sheetengine"]["median"] <= GOAL * peer for peer in peers) else 1


if __name__ == "__main__":
    sys.exit(main())
