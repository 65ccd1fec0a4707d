"""An edit recomputes what depends on it and nothing else, each cell once; with early cutoff, an unchanged cell wakes no one."""

from __future__ import annotations

import contextlib

from hypothesis import assume, given, strategies as st

from sheetengine import EditRefused, Workbook
from sheetengine.testing import Step, addresses, apply, assert_computed, bits, contents, scalars, scripts
from sheetengine.testing.afresh import place_of
from sheetengine.testing.scripts import new_workbook, plain_steps, steps
from tests.laws.laws import circles_welcome, effort
from tests.laws.test_graph_never_misses import Cell, naive_graph, transitive


def _spills(workbook: Workbook) -> bool:
    """Whether an array spills or wants to (INDEX of a row 0 is a column): what is written in its way concerns it, though it reads nothing of it."""
    spills = workbook._engine.field.spills
    return bool(spills.ranges or spills.blocked)


@effort(1)
@given(st.lists(plain_steps(), min_size=1, max_size=9), addresses(), scalars())
def test_an_edit_recomputes_its_dependents_and_nothing_else(script: list[Step], place: str, value: object) -> None:
    with circles_welcome():
        workbook = new_workbook()
        apply(workbook, script)
        contents(workbook)
        assume(not _spills(workbook))
        with workbook.trace() as trace:
            workbook["Sheet1"][place] = value
        computed = [(sheet, cell.row + 1, cell.column + 1) for sheet, cell in map(place_of, trace.recomputed)]
        readers: dict[tuple[str, int, int], set[tuple[str, int, int]]] = {}
        for cell, read in naive_graph(workbook).items():
            for one in read:
                readers.setdefault(one, set()).add(cell)
        _, own = place_of(f"Sheet1!{place}")
        assert len(computed) == len(set(computed))
        assert set(computed) == transitive(readers, {("Sheet1", own.row + 1, own.column + 1)})


@effort(1)
@given(scripts(history=False), addresses(), scalars())
def test_what_a_trace_says_is_what_the_cells_hold(script: list[Step], place: str, value: object) -> None:
    with circles_welcome():
        workbook = new_workbook()
        apply(workbook, script)
        before = contents(workbook)
        with workbook.trace() as trace, contextlib.suppress(EditRefused):
            workbook["Sheet1"][place] = value
        after = contents(workbook)
        # Of an array formula over several cells the first is computed, and fills the others.
        arrays = [workbook.range(address).spill for address in trace.recomputed]
        computed = {cell.address for array in arrays if array is not None for cell in array} | set(trace.recomputed)
        for address, (old, new) in trace.changed.items():
            assert bits(new) == bits(after.get(address, (None, None))[1])
            assert bits(old) == bits(before.get(address, (None, None))[1])
        for address in before.keys() & after.keys():
            if after[address][0] is not None and bits(before[address][1]) != bits(after[address][1]):
                assert address in computed, f"{address} changed and no one said so"
        assert not trace.why("Sheet1!XFD1048576")
        for address in list(trace.recomputed)[:3]:
            assert trace.why(address).path[-1] == address


@effort(1)
@given(scripts(history=False, random=False), st.lists(steps(history=False, structure=False, random=False), min_size=1, max_size=4))
def test_with_early_cutoff_the_cells_hold_the_same(script: list[Step], edits: list[Step]) -> None:
    with circles_welcome():
        workbook = new_workbook()
        apply(workbook, script)
        workbook.early_cutoff = True
        for step in edits:
            apply(workbook, [step])
            assert_computed(workbook)


@effort(1)
@given(st.lists(plain_steps(), min_size=1, max_size=9), addresses(), scalars())
def test_with_early_cutoff_an_unchanged_cell_wakes_no_one(script: list[Step], place: str, value: object) -> None:
    with circles_welcome():
        workbook = new_workbook()
        apply(workbook, script)
        before = contents(workbook)
        assume(not _spills(workbook))
        workbook.early_cutoff = True
        with workbook.trace() as trace:
            workbook["Sheet1"][place] = value
        if workbook.circular:
            return  # cells in a circle are computed together
        _, own = place_of(f"Sheet1!{place}")
        changed = {("Sheet1", own.row + 1, own.column + 1)}
        for address in trace.changed:
            sheet, cell = place_of(address)
            changed.add((sheet, cell.row + 1, cell.column + 1))
        reads = naive_graph(workbook)
        for address in trace.recomputed:
            sheet, cell = place_of(address)
            if before.get(address, (None, None))[0] is not None and not _reads_itself(reads, (sheet, cell.row + 1, cell.column + 1)):
                assert reads[sheet, cell.row + 1, cell.column + 1] & changed, f"{address} was computed though nothing it reads changed"


def _reads_itself(reads: dict[Cell, set[Cell]], cell: Cell) -> bool:
    """Whether a chain of reads leads from a cell back to it: such cells are computed together, also where what they look up is no circle."""
    return cell in transitive(reads, reads[cell])


def test_an_example_of_early_cutoff() -> None:
    workbook = new_workbook()
    sheet = workbook["Sheet1"]
    sheet["A1"], sheet["B1"], sheet["C1"] = 3, "=A1>2", '=IF(B1,"yes","no")'
    sheet["E1:E5000"] = "=IF($B$1,ROW(),0)"
    sheet["F1:F5000"] = "=F2+E1"
    workbook.early_cutoff = True
    with workbook.trace() as trace:
        sheet["A1"] = 4
    assert list(trace.recomputed) == ["Sheet1!B1"]
    with workbook.trace() as trace:
        sheet["A1"] = 1
    assert len(trace.recomputed) == 10_002
    assert sheet["F1"].value == 0.0


def test_with_early_cutoff_a_broken_circle_is_computed() -> None:
    """The edit breaks the circle of A1, A5 and A9 without changing a value: its cells are no longer circular."""
    with circles_welcome():
        workbook = new_workbook()
        workbook.early_cutoff = True
        sheet = workbook["Sheet1"]
        for place, value in (("A1:A5", "=A5=B5"), ("A9", "=A1*2"), ("A1", 0.0)):
            sheet[place] = value
            assert_computed(workbook)
        assert workbook.circular == []


def test_readers_of_an_array_that_grows_or_shrinks_are_computed_once() -> None:
    workbook = new_workbook()
    sheet = workbook["Sheet1"]
    sheet["B1"], sheet["A1"] = 3, "=SEQUENCE(B1)*B1"
    sheet["C1"], sheet["D1"], sheet["E1"], sheet["F1"], sheet["G1"] = "=SUM(A1#)", "=A3", "=SUM(A1:A9)", "=C1+E1", "=A5"
    contents(workbook)
    for size in (4, 6, 2, 1):
        with workbook.trace() as trace:
            sheet["B1"] = size
        assert len(trace.recomputed) == len(set(trace.recomputed))
        assert {"Sheet1!A1", "Sheet1!C1", "Sheet1!D1", "Sheet1!E1", "Sheet1!F1"} <= set(trace.recomputed)
        assert_computed(workbook)
    assert sheet["G1"].value == 0.0
