"""What the laws share: how many examples each tries, and the invariants of a workbook's insides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import settings

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
    engine.field.check_invariants()
