"""A formula that cannot be computed takes nothing else with it: what does not depend on it is computed, readable and saved."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest

import sheetengine
from sheetengine.errors import CircularReferenceWarning, EvaluationBug, StaleValueWarning, UserFunctionError
from sheetengine.testing import assert_computed
from sheetengine.values import CellError


def test_a_function_that_edits_its_workbook_is_refused_and_answers_an_error() -> None:
    workbook = sheetengine.Workbook()
    sheet = workbook["Sheet1"]

    def meddle(value: float) -> float:
        sheet["Z1"] = value
        return value

    workbook.define("MEDDLE", meddle)
    sheet["A1"], sheet["B1"], sheet["C1"] = 1, "=MEDDLE(A1)", "=A1+1"
    found = sheet["B1"].value
    assert isinstance(found, CellError)
    assert found.code == "#VALUE!"
    assert "EditRefused" in found.message
    assert "may not edit" in found.message
    assert sheet["C1"].value == 2.0
    assert sheet["Z1"].value is None
    assert not workbook._engine.dirty
    workbook.define("MEDDLE", meddle, raises=True)
    with pytest.raises(UserFunctionError, match="MEDDLE: EditRefused"):
        sheet["B1"].value  # noqa: B018  # reading computes


class Fragile:
    """A function that raises for some arguments, and counts its calls."""

    def __init__(self, *bad: float) -> None:
        self.bad = set(bad)
        self.calls: list[float] = []

    def __call__(self, value: float) -> float:
        self.calls.append(value)
        if value in self.bad:
            raise LookupError(f"{value:g} is bad")
        return value * 10


@pytest.fixture
def made() -> tuple[sheetengine.Workbook, Fragile]:
    workbook = sheetengine.Workbook()
    fragile = Fragile(2.0)
    workbook.define("FRAGILE", fragile, raises=True)
    sheet = workbook["Sheet1"]
    sheet["A1:A3"] = [[1.0], [2.0], [3.0]]
    sheet["B1:B3"] = "=FRAGILE(A1)"
    sheet["C1:C3"] = "=B1+1"
    sheet["D1"] = "=SUM(C1:C3)"
    sheet["E1"] = "=SUM(A1:A3)"
    sheet["F1"] = '=INDIRECT("C2")'
    sheet["G1"] = '=INDIRECT("C3")'
    return workbook, fragile


def read(workbook: sheetengine.Workbook, place: str) -> object:
    return workbook["Sheet1"][place].value


BAD = ("B2", "C2", "D1", "F1", "B1:B3")
GOOD = {"B1": 10.0, "B3": 30.0, "C1": 11.0, "C3": 31.0, "E1": 6.0, "A2": 2.0, "G1": 31.0}


@pytest.mark.parametrize("first", [*GOOD, *BAD])
def test_it_is_raised_once_and_then_where_the_cell_is_asked_for(made: tuple[sheetengine.Workbook, Fragile], first: str) -> None:
    workbook, _ = made
    with pytest.raises(UserFunctionError, match="2 is bad"):
        read(workbook, first)
    for _ in range(2):
        assert {place: read(workbook, place) for place in GOOD} == GOOD
        for place in BAD:
            with pytest.raises(UserFunctionError, match="2 is bad"):
                read(workbook, place)


def test_edits_elsewhere_are_computed_in_peace_and_one_that_mends_heals(made: tuple[sheetengine.Workbook, Fragile]) -> None:
    workbook, fragile = made
    sheet = workbook["Sheet1"]
    with pytest.raises(UserFunctionError):
        read(workbook, "E1")
    sheet["F1"] = None  # a volatile formula would be tried in every round
    assert read(workbook, "G1") == 31.0
    fragile.calls.clear()
    sheet["H1"], sheet["H2"] = 5.0, "=H1*2"
    assert read(workbook, "H2") == 10.0
    sheet["H1"] = 6.0
    assert read(workbook, "H2") == 12.0
    assert fragile.calls == []
    sheet["A3"] = 4.0
    with pytest.raises(UserFunctionError, match="2 is bad"):  # D1 hangs on both
        read(workbook, "H2")
    assert read(workbook, "B3") == 40.0
    sheet["A2"] = 7.0
    assert [read(workbook, place) for place in ("B2", "C2", "D1", "E1")] == [70.0, 71.0, 11.0 + 71.0 + 41.0, 12.0]
    assert not workbook._engine.dirty
    assert_computed(workbook)


def test_it_is_saved_with_the_values_known_and_a_warning(made: tuple[sheetengine.Workbook, Fragile], tmp_path: Path) -> None:
    workbook, fragile = made
    fragile.bad = set()
    assert read(workbook, "D1") == 63.0
    fragile.bad = {8.0}
    workbook["Sheet1"]["A2"] = 8.0
    for _ in range(2):
        with pytest.warns(StaleValueWarning, match=r"Sheet1!D1, Sheet1!F1, Sheet1!B2, Sheet1!C2$"):
            workbook.save(tmp_path / "saved.xlsx")
    with pytest.raises(UserFunctionError):
        read(workbook, "B2")
    again = sheetengine.open(tmp_path / "saved.xlsx")
    assert (again["Sheet1"]["A2"].value, again["Sheet1"]["E1"].value) == (8.0, 12.0)
    fragile.bad = set()
    assert read(workbook, "D1") == 123.0
    workbook.save(tmp_path / "saved.xlsx")  # warnings are errors here


@pytest.mark.parametrize("count", [3, 120])
@pytest.mark.parametrize("iterates", [False, True])
def test_whatever_step_computes_it(count: int, iterates: bool) -> None:
    """Blocks, chains, circles, single cells and their quick forms: what fails and what does not is the same."""
    workbook = sheetengine.Workbook()
    fragile = Fragile()
    workbook.define("FRAGILE", fragile, raises=True)
    if iterates:
        workbook.iterate()
    sheet = workbook["Sheet1"]
    sheet["A1:A400"] = [[float(n)] for n in range(1, 401)]
    sheet[f"B1:B{count}"] = "=FRAGILE(A1)"
    sheet["C1"] = "=B1"
    sheet[f"C2:C{count}"] = "=C1+B2"
    sheet["D1"], sheet[f"D2:D{count}"] = 0.0, "=IF(MOD(A2,2)=0,E1,0)+B2"
    sheet[f"E1:E{count}"] = "=D1+1"
    sheet["G1"], sheet["G2"], sheet["G3"] = "=G2*0+FRAGILE(A3)", "=G1", "=FRAGILE(A2)"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CircularReferenceWarning)
        whole = {place: read(workbook, place) for place in ("B1", "C1", "C2", "D2", "E1", "E2", "G3")}
        for bad in (3.0, 1.0, 3.0):
            fragile.bad = {bad}
            sheet["A3"], sheet["A1"] = 3.0, 1.0
            with pytest.raises(UserFunctionError):
                read(workbook, "A1")
            good = ("B1", "C1", "C2", "D2", "E1", "E2", "G3") if bad == 3.0 else ("D2", "E1", "E2", "G3")
            assert {place: read(workbook, place) for place in good} == {place: whole[place] for place in good}
            for place in (f"C{count}", "B3", "D3", "E3", "G1", "G2") if bad == 3.0 else ("B1", "C1", f"C{count}"):
                with pytest.raises(UserFunctionError):
                    read(workbook, place)
        fragile.bad = set()
        read(workbook, f"A1:G{count}")
        assert not workbook._engine.dirty
        assert {place: read(workbook, place) for place in whole} == whole
        if not iterates:
            assert_computed(workbook)


def test_a_bug_in_the_vector_form_is_told_and_the_scalar_form_computes(monkeypatch: pytest.MonkeyPatch) -> None:
    workbook = sheetengine.Workbook()
    sheet = workbook["Sheet1"]
    sheet["A1:A50"] = [[float(n)] for n in range(50)]
    sheet["B1:B50"] = "=A1*2"
    with monkeypatch.context() as patched:

        def broken(*_: object) -> None:
            raise AttributeError("broken on purpose")

        patched.setattr("sheetengine.recalc.batch.BlockBatch.cells", broken)
        with pytest.raises(EvaluationBug, match=r"Sheet1!B1 =A1\*2 .*AttributeError: broken on purpose"):
            read(workbook, "A1")
        assert read(workbook, "B50") == 98.0


def test_an_interrupted_round_forgets_no_failure(made: tuple[sheetengine.Workbook, Fragile]) -> None:
    workbook, fragile = made
    stop = Fragile()

    def interrupt(value: float) -> float:
        if stop.calls:
            return value
        stop.calls.append(value)
        raise KeyboardInterrupt

    workbook.define("STOP", interrupt)
    workbook["Sheet1"]["H1"] = "=STOP(B1)"
    with pytest.raises(KeyboardInterrupt):
        read(workbook, "A1")
    with pytest.raises(UserFunctionError, match="2 is bad"):
        read(workbook, "H1")
    assert read(workbook, "H1") == 10.0
    fragile.bad = set()
    assert read(workbook, "D1") == 63.0
    assert_computed(workbook)
