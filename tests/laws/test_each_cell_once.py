"""An edit recomputes what depends on it and nothing else, each cell once; with early cutoff, an unchanged cell wakes no one."""

from __future__ import annotations

from hypothesis import given, strategies as st

from sheetengine.testing import Step, addresses, apply, bits, contents, scalars, scripts
from sheetengine.testing.afresh import place_of
from sheetengine.testing.scripts import new_workbook, plain_steps
from tests.laws.laws import circles_welcome, effort
from tests.laws.test_graph_never_misses import naive_graph, transitive


@effort(1)
@given(st.lists(plain_steps(), min_size=1, max_size=9), addresses(), scalars())
def test_an_edit_recomputes_its_dependents_and_nothing_else(script: list[Step], place: str, value: object) -> None:
    with circles_welcome():
        workbook = new_workbook()
        apply(workbook, script)
        contents(workbook)
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
        with workbook.trace() as trace:
            workbook["Sheet1"][place] = value
        after = contents(workbook)
        computed = set(trace.recomputed)
        for address, (old, new) in trace.changed.items():
            assert bits(new) == bits(after.get(address, (None, None))[1])
            assert bits(old) == bits(before.get(address, (None, None))[1])
        for address in before.keys() & after.keys():
            if after[address][0] is not None and bits(before[address][1]) != bits(after[address][1]):
                assert address in computed, f"{address} changed and no one said so"
        assert not trace.why("Sheet1!XFD1048576")
        for address in list(computed)[:3]:
            assert trace.why(address).path[-1] == address
