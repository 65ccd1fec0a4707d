"""What the laws share: how many examples each tries, and the invariants of a workbook's insides."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from hypothesis import settings

from sheetengine.errors import CircularReferenceWarning
from sheetengine.recalc.few import FewCells
from sheetengine.recalc.invariants import check_field
from sheetengine.testing import bits, contents
from sheetengine.workbook import Workbook


def effort(factor: float) -> Callable[[Any], Any]:
    """So many times the profile's number of examples."""
    return settings(max_examples=max(2, round(settings.default.max_examples * factor)))


def check_invariants(workbook: Workbook) -> None:
    """What graph, stores and formulas say of themselves at the heads of their modules."""
    engine = workbook._engine
    engine.field.graph.check_invariants()
    for record in engine.book.sheets.values():
        record.store.check_invariants()
        record.formats.check_invariants()
    check_field(engine.field)


@contextmanager
def circles_welcome() -> Iterator[None]:
    """Scripts make circles; the warning of each is not what these laws are about."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CircularReferenceWarning)
        yield


def state(workbook: Workbook) -> tuple[object, ...]:
    """All that a user sees of a workbook, comparable to the bit: cells, names, sheets."""
    cells = {address: (formula, bits(value)) for address, (formula, value) in contents(workbook).items()}
    return cells, dict(workbook.names), workbook.sheet_names


def assert_same(one: tuple[object, ...], other: tuple[object, ...], why: str = "") -> None:
    """Fails unless two states are the same; names the first cell that differs."""
    mine, its = one[0], other[0]
    assert isinstance(mine, dict)
    assert isinstance(its, dict)
    for address in sorted(mine.keys() | its.keys()):
        assert mine.get(address) == its.get(address), f"{address}: {mine.get(address)} and {its.get(address)} {why}"
    assert one[1:] == other[1:], f"{one[1:]} and {other[1:]} {why}"


def check_scalar_forms(workbook: Workbook) -> None:
    """Every cell is its scalar form, and its quick form where that answers."""
    engine = workbook._engine
    circular = set(engine.evaluator.circles.known)
    for block in engine.field:
        if block.program.mode == "table":
            continue  # its cells are what the round found them to be: a table may feed its own formula
        store = engine.book.sheets[block.sheet].store
        for member in engine.field.members(block).tolist():
            row, column = block.cell(member)
            spills = engine.field.spills
            if (
                (block.sheet, row, column) in circular
                or spills.range_of(block.id, member) is not None
                or spills.is_blocked(block.id, member)
            ):
                continue
            text = engine.field.formula_text(block.sheet, row, column)
            wanted, held = engine.evaluator.forms.scalar((block.id, member)), store.cell(row, column)
            assert bits(held) == bits(wanted), f"{chr(65 + column)}{row + 1} {text}: holds {held!r}, its scalar form gives {wanted!r}"
            quick: dict[object, object] = {}
            cells = FewCells(engine.book, [(block, member)])
            for _ in range(2):  # the second run is by the quick form
                cells.run(lambda _, wanted=wanted: wanted, quick.__setitem__)
            again = next(iter(quick.values())) if quick else store.cell(row, column)
            assert bits(again) == bits(wanted), f"{chr(65 + column)}{row + 1} {text}: the quick form gives {again!r} instead of {wanted!r}"
