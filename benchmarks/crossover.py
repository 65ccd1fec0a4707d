"""From how many cells on an array expression beats single cells: `python -m benchmarks.crossover`.

In: nothing. Out: microseconds for 1 to 128 cells of a filled column by the scalar form, by quick forms and by the vector form; where the lines
cross is what `recalc.evaluate` takes for `FEW` and for `FEW * _QUICK`.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

import sheetengine
from sheetengine.graph.patterns import Cells
from sheetengine.recalc.few import FewCells

FORMULAS = ("=A1*2+B1", "=IF(A1>B1,A1,B1)", "=AVERAGE(A1:A10)", "=ROUND(A1/B1,2)", '=UPPER(LEFT(C1,3))&"-"&LEN(C1)')


def _least(work: Callable[[], object]) -> float:
    times = []
    for _ in range(15):
        started = time.process_time()
        for _ in range(20):
            work()
        times.append((time.process_time() - started) / 20)
    return min(times) * 1e6


def run(formula: str) -> str:
    """The table of one formula."""
    workbook = sheetengine.Workbook()
    sheet = workbook["Sheet1"]
    rows = 200
    sheet[f"A1:B{rows}"] = np.random.default_rng(1).random((rows, 2)) + 1.0
    sheet[f"C1:C{rows}"] = [[f"word{row}"] for row in range(rows)]
    sheet[f"D1:D{rows}"] = formula
    workbook.recalculate()
    engine = workbook._engine
    evaluator = engine.evaluator
    (block,) = list(engine.field)
    lines = [f"{formula}", f"{'cells':>6} {'scalar':>9} {'quick':>9} {'vector':>9}"]
    for count in (1, 2, 4, 6, 8, 12, 16, 32, 64, 96, 128):
        selection, members = Cells(0, count - 1, 0, 0), list(range(count))
        few = FewCells(engine.book, [(block, member) for member in members])
        for _ in range(2):
            few.run(evaluator.forms.scalar, evaluator._keep_odd)
        scalar = _least(lambda members=members: evaluator._cell_by_cell(block, members, 0.0))
        quick = _least(lambda few=few: few.run(evaluator.forms.scalar, evaluator._keep_odd)) if block.program.quick else float("nan")
        vector = _least(
            lambda selection=selection: evaluator.keeper.write(
                block, selection, evaluator.forms.vector(block, selection, {}, frozenset(range(9))), 0.0
            )
        )
        lines.append(f"{count:>6} {scalar:>9.1f} {quick:>9.1f} {vector:>9.1f}")
    return "\n".join(lines)


if __name__ == "__main__":
    print("\n\n".join(run(formula) for formula in FORMULAS))
