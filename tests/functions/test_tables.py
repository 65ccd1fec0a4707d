"""The functions case by case, category by category: our own tables, each case with its source; and that no function is without five.

`statistical`, `statistical_models` and `distributions` are run by `test_statistical`. The given corpora (`tests/conformance`) do not count here.
"""

from __future__ import annotations

import re
from collections import Counter

import pytest

from sheetengine.functions.library import catalogue
from tests.functions import cases

TABLES = [
    "math",
    "text",
    "information",
    "lookup",
    "date_time",
    "database",
    "engineering",
    "financial",
    "conditional",
    "microsoft_numbers",
    "distributions_more",
    "together",
    "microsoft",
    "office_notes_a_to_l",
    "office_notes_m_to_z",
]
ALL = sorted(path.stem for path in cases.TABLES.glob("*.tsv"))
LEAST = 5
CALLED = re.compile(r"(?<![A-Za-z0-9_.\"])[A-Z][A-Z0-9.]*(?=\()")


@pytest.mark.parametrize("table", TABLES)
def test_table(table: str) -> None:
    """All cases of a table; those that fail are said together."""
    failures = []
    for case in cases.load(table):
        try:
            cases.check(case)
        except AssertionError as failure:
            failures.append(str(failure).splitlines()[0])
    assert not failures, "\n" + "\n".join(failures)


def counts() -> Counter[str]:
    """How many cases each function has: of all tables, and the examples of the catalogue that are Microsoft's; a formula counts for each function in it."""
    formulas = [case.formula for table in ALL for case in cases.load(table)]
    formulas += [formula for spec in catalogue().values() if "Microsoft" in spec.source for formula in spec.examples]
    return Counter(name for formula in set(formulas) for name in set(CALLED.findall(formula)))


def test_each_function_has_five_cases() -> None:
    found = counts()
    hosted = {name for name, spec in catalogue().items() if spec.body.__module__.endswith("host_only")}
    assert {name: found[name] for name in catalogue() if name not in hosted and found[name] < LEAST} == {}


def test_each_case_says_where_it_is_from() -> None:
    for table in ALL:
        for case in cases.load(table):
            assert re.match(r"Microsoft|by definition|semantics\.md|book |ISO|README|the book|ffp|excelize|closedxml|\w", case.source), str(
                case
            )
