"""What formulas can say, construct by construct: our own tables (`tests/language/cases`), each case with its source."""

from __future__ import annotations

import re

import pytest

from tests.language import tables

ALL = sorted(path.stem for path in tables.TABLES.glob("*.tsv"))
LEAST = 20


@pytest.mark.parametrize("table", ALL)
def test_table(table: str) -> None:
    """All cases of a construct, twenty at least; those that fail are said together."""
    found = tables.load(table)
    assert len(found) >= LEAST, f"{len(found)} cases"
    assert [
        case.place for case in found if not re.match(r"Microsoft|ISO 29500|by definition|semantics\.md|design\.md|the book", case.source)
    ] == []
    failures = [text for case in found if (text := tables.failure(case)) is not None]
    assert not failures, "\n" + "\n".join(failures)
