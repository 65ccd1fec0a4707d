"""The laws, held to workbooks where constructs meet: tables in spilled arrays in names in data tables, while sheets, lines and names move.

Of every script: each edit leaves what a calculation afresh gives, or is refused and leaves nothing; a trace tells what changed; at the end
every cell is its scalar form, the workbook comes back from its file, and undo takes back all of it.
"""

from __future__ import annotations

import io

from hypothesis import given

import sheetengine
from sheetengine import Trace, Workbook
from sheetengine.errors import FileFormatError
from sheetengine.testing import assert_computed, bits
from tests.laws.combined import Edit, fix, new_workbook, perform, scripts
from tests.laws.laws import assert_same, check_invariants, check_scalar_forms, circles_welcome, effort, state

_CONTENT = ("set", "array", "clear", "enter")
"""Edits whose cells stay where they are, and of which a trace knows what they held."""
Cells = dict[str, tuple[str | None, object]]


@effort(1)
@given(scripts())
def test_any_script_of_edits(script: list[Edit]) -> None:
    hold(script)


def hold(script: list[Edit]) -> None:
    """All the laws, for one script."""
    with circles_welcome():
        workbook = new_workbook()
        first = now = whole(workbook)
        depends_on_history = spilled = False
        for edit in script:
            before = now
            with workbook.trace() as trace:
                done = perform(workbook, edit)
            now = whole(workbook)
            if not done:
                assert_same(now, before, f"refused: {edit}")
            # An array that stands in a circle loses what it had spilled, which its circle may have read.
            spilled = spilled or bool(workbook._engine.field.spills.ranges)
            iterated = workbook._engine.evaluator.iteration.enabled
            depends_on_history = depends_on_history or iterated or (spilled and bool(workbook.circular))
            if depends_on_history:
                continue
            if done and edit[0] in _CONTENT:
                _check_trace(workbook, trace, before[0], now[0])  # type: ignore[arg-type]  # cells
            assert_computed(workbook)
        check_invariants(workbook)
        if not depends_on_history:
            check_scalar_forms(workbook)
            _check_file(workbook, now)
        while workbook.redo():
            pass
        last = whole(workbook)
        while workbook.undo():
            check_invariants(workbook)
        _assert_restored(whole(workbook), first, formulas_alone=depends_on_history)
        while workbook.redo():
            pass
        _assert_restored(whole(workbook), last, formulas_alone=depends_on_history)
        check_invariants(workbook)


def whole(workbook: Workbook) -> tuple[object, ...]:
    """Cells, names, sheets and tables."""
    return *state(workbook), {name: (table.range.address, table.columns) for name, table in workbook.tables.items()}


def _check_trace(workbook: Workbook, trace: Trace, before: Cells, now: Cells) -> None:
    arrays = [workbook.range(address).spill for address in trace.recomputed]
    computed = {cell.address for array in arrays if array is not None for cell in array} | set(trace.recomputed)
    for address, (old, new) in trace.changed.items():
        formula, value = now.get(address, (None, bits(None)))
        if formula is None and address in now:
            continue  # a header, whose formula became its text
        assert bits(new) == value, f"the trace says that {address} is {new!r}"
        if formula is not None and formula == before.get(address, (None,))[0]:
            assert bits(old) == before[address][1], f"the trace says that {address} was {old!r}"
    for address in before.keys() & now.keys():
        if now[address][0] is not None and before[address][1] != now[address][1]:
            assert address in computed, f"{address} changed and no one said so"


def _check_file(workbook: Workbook, wanted: tuple[object, ...]) -> None:
    cells: Cells = wanted[0]  # type: ignore[assignment]
    if any(formula is not None and formula.startswith("=TABLE(") and "#REF!" in formula for formula, _ in cells.values()):
        return  # a data table whose input cells are gone is read as the values it had
    stream = io.BytesIO()
    try:
        workbook.save(stream)
    except FileFormatError as error:
        if "no row of data" in str(error):
            return  # a table that files cannot hold
        raise
    again = sheetengine.open(stream.getvalue())
    fix(again)
    assert_same(whole(again), wanted, "after opening")
    if not again.unsupported:  # what cannot be computed keeps the values of the file
        again.recalculate(full=True)
        assert_same(whole(again), wanted, "after opening and computing")


def _assert_restored(one: tuple[object, ...], other: tuple[object, ...], *, formulas_alone: bool) -> None:
    if not formulas_alone:
        assert_same(one, other)
        return
    mine, its = ({address: formula for address, (formula, _) in cells[0].items() if formula} for cells in (one, other))  # type: ignore[attr-defined]
    assert mine == its
    assert one[1:] == other[1:]
