"""What the laws share: how many examples each tries, and the invariants of a workbook's insides."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from hypothesis import settings

from sheetengine.errors import CircularReferenceWarning
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
    assert one[1:] == other[1:], why
