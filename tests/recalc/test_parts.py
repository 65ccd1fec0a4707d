"""Arrays that formulas of one block make together are bounded: the block runs in parts, with the same bits, and may be stopped between two."""

from __future__ import annotations

import pytest

import sheetengine
from sheetengine.compiler import frame
from sheetengine.errors import RecalculationInterrupted
from sheetengine.functions import stretch
from sheetengine.recalc.evaluate import Evaluator
from sheetengine.testing.afresh import bits

FORMULAS = (
    "=SUMPRODUCT(($A$1:$A$50>A1)*1)",
    "=SUM(ROUND($A$1:$A$50/(A1+7),2))",
    "=SUM(IF($A$1:$A$50>A1,$A$1:$A$50,A1/3))",
    "=SUM(IFERROR($A$1:$A$50/(A1-3),A1))",
    "=SUMPRODUCT(MOD($A$1:$A$50,B1))",
    "=SUM(LET(x,$A$1:$A$50*B1,x-A1/7))",
    '=SUMPRODUCT(--(($A$1:$A$50&"")<>(A1&"")))',
    "=SUMPRODUCT(TRANSPOSE($A$1:$A$50)*A1)",
    "=SUMPRODUCT(($A$1:$A$50-A1)*($C$1:$G$1+B1))",
)


def computed(formula: str) -> list[object]:
    workbook = sheetengine.Workbook()
    sheet = workbook["Sheet1"]
    sheet["A1:A50"] = [[(n * 7919 % 53) / 8] for n in range(50)]
    sheet["A9"], sheet["A17"] = "a text", True
    sheet["B1:B50"] = [[float(n % 5 + 1)] for n in range(50)]
    sheet["C1:G1"] = [[1.0, 2.0, 3.0, 4.0, 5.0]]
    sheet["P1:P40"] = formula
    return [bits(value) for (value,) in sheet["P1:P40"].values]


@pytest.mark.parametrize("formula", FORMULAS)
def test_in_parts_the_values_are_the_same_to_the_bit(formula: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = computed(formula)
    largest: list[int] = []
    parts: list[int] = []

    def seen(shape: tuple[int, ...]) -> tuple[int, ...]:
        if len(shape) == 3 and shape[0] > 1:
            largest.append(shape[0] * shape[1] * shape[2])
        return shape

    def in_parts(self: Evaluator, *arguments: object) -> None:
        parts.append(arguments[2])  # type: ignore[arg-type]  # the members of a part
        plainly(self, *arguments)

    plainly = Evaluator._in_parts
    fitted = stretch.fit
    monkeypatch.setattr(frame, "MOST_STRETCHED", 350)
    monkeypatch.setattr(Evaluator, "_in_parts", in_parts)
    for module in ("compiler.operators", "compiler.lazy", "functions.lifting"):
        monkeypatch.setattr(f"sheetengine.{module}.fit", lambda grid, shape: fitted(grid, seen(shape)))
    assert computed(formula) == whole
    assert parts, "it runs in parts"
    assert max(largest, default=0) <= 350, "and no array is larger than allowed"


def test_a_round_over_large_arrays_is_stopped_between_two_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frame, "MOST_STRETCHED", 350)
    workbook = sheetengine.Workbook()
    sheet = workbook["Sheet1"]
    sheet["A1:A50"] = [[float(n)] for n in range(50)]
    sheet["P1:P40"] = "=SUMPRODUCT(($A$1:$A$50>A1)*1)"

    def stop(done: int, total: int) -> None:
        reports.append((done, total))
        if done:
            workbook.cancel()

    reports: list[tuple[int, int]] = []
    monkeypatch.setattr("sheetengine.recalc.watch._REPORT_EVERY", 0.0)
    with pytest.raises(RecalculationInterrupted, match="14 of 40 cells computed"):
        workbook.recalculate(progress=stop)
    assert reports == [(0, 40), (0, 40), (7, 40)]
    assert [value for (value,) in sheet["P1:P40"].values] == [49.0 - n for n in range(40)]
