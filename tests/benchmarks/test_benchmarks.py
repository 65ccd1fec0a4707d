"""The benchmarks' own workbooks at small sizes: all three dialects hold the same, our answers are numpy's, a wrong one is noticed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks import compare, crossover, measure, report, scenarios
from benchmarks.dialects import DIALECTS
from benchmarks.engines.ours import Ours
from benchmarks.scenarios import Scenario

SMALL: dict[str, Callable[[], Scenario]] = {
    "digits": scenarios.digits,
    "arith": lambda: scenarios.arith(80),
    "chain": lambda: scenarios.chain(80),
    "expand": lambda: scenarios.expand(300),
    "window": lambda: scenarios.window(150),
    "lookup": lambda: scenarios.lookup(90),
    "sumifs": lambda: scenarios.sumifs(90),
    "random": lambda: scenarios.random(600),
    "text": lambda: scenarios.text(90),
}


def test_there_is_a_small_one_of_each() -> None:
    assert list(SMALL) == list(scenarios.ALL)


@pytest.mark.parametrize("name", SMALL)
def test_every_dialect_gives_numpy_before_and_after_edits(name: str, tmp_path: Path) -> None:
    scenario = SMALL[name]()
    for dialect, write in DIALECTS.items():
        path = tmp_path / f"{dialect}.xlsx"
        write(scenario.book(), path)
        session = Ours().open(str(path))
        for sheet, column, first, wanted in scenario.expected(None):
            got = session.column(sheet, column, first, len(wanted))
            assert got == pytest.approx(list(wanted), rel=1e-9) if isinstance(got[0], float) else got == list(wanted), dialect
        edit = session.editor(scenario.edit, scenario.result)
        for number in range(4):
            value = scenario.value(number)
            edit(value)
            assert measure._compare(scenario, session, value) == "", dialect


def test_an_engine_that_computes_nothing_is_found_out(tmp_path: Path) -> None:
    scenario = scenarios.arith(50)
    path = tmp_path / "arith.xlsx"
    DIALECTS["excel"](scenario.book(), path)

    class Lazy(Ours):
        name = "lazy"

        def open(self, path: str):  # type: ignore[no-untyped-def]
            session = super().open(path)
            session.editor = lambda edit, result: lambda value: None  # type: ignore[method-assign,assignment]
            return session

    found = measure.run(scenario, path, [Ours(), Lazy()], 2)
    assert found["sheetengine"].wrong == ""
    assert found["lazy"].wrong.startswith("Sheet1 row 25 column 3")


def test_the_table_says_ratio_goal_and_what_was_wrong(tmp_path: Path) -> None:
    scenario = scenarios.arith(50)
    one, two, three = measure.Measured([0.2], [2e-6]), measure.Measured([0.1], [1e-6]), measure.Measured([0.01], [1e-7], "row 7")
    results = [(scenario, {"sheetengine": one, "peer": two, "broken": three})]
    versions = {"sheetengine": "1", "peer": "2", "broken": "3"}
    text = report.table(results, versions, 5, "excel")
    assert "| arith | 200 ms | 100 ms | 10 ms | 2 (goal 0.8) missed |" in text
    assert "broken is wrong at row 7" in text
    before = report.as_json(results, versions, 5, "excel")
    assert "0.50" in compare.compare(
        before, report.as_json([(scenario, {"sheetengine": two, "peer": two, "broken": three})], versions, 5, "excel")
    )


def test_the_crossover_of_the_forms_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crossover, "_least", lambda work: (work() and 0.0) or 1.0)
    lines = crossover.run("=A1*2+B1").splitlines()
    assert [line.split()[0] for line in lines[2:]] == ["1", "2", "4", "6", "8", "12", "16", "32", "64", "96", "128"]
