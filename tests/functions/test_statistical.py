"""The statistical functions case by case: tables with their sources, and every example of the catalogue."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from sheetengine.functions.library import catalogue
from tests.functions import cases
from tests.functions.test_distributions import EXACT, LIMITS, SHOWN
from tests.functions.test_distributions_books import CASES as BOOKS

TABLES = ["statistical", "statistical_models", "distributions"]
CASES = [case for name in TABLES for case in cases.load(name)]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_case(case: cases.Case) -> None:
    cases.check(case)


OURS = sorted(
    name
    for name, spec in catalogue().items()
    if spec.category in ("statistical", "compatibility") and spec.body.__module__.startswith("sheetengine.functions.statistical")
)
EXAMPLES = [(formula, value) for name in OURS for formula, value in catalogue()[name].examples.items()]


@pytest.mark.parametrize(("formula", "value"), EXAMPLES, ids=[formula for formula, _ in EXAMPLES])
def test_example_of_the_catalogue(formula: str, value: cases.Expected) -> None:
    cases.check(cases.Case(formula, value, "the catalogue", "example"))


def test_each_function_has_examples_or_is_another_name_of_one_that_has() -> None:
    bodies = {catalogue()[name].body for name in OURS if catalogue()[name].examples}
    assert [name for name in OURS if catalogue()[name].body not in bodies] == []


def test_each_function_has_five_cases_with_a_source() -> None:
    """Here, or in the tables of `test_distributions` and `test_distributions_books`."""
    counts = Counter(name for case in CASES for name in set(re.findall(r"[A-Z][A-Z0-9.]*(?=\()", case.formula)))
    counts += Counter(name for name, *_ in [*SHOWN, *EXACT, *LIMITS])
    counts += Counter(name for name, *_ in BOOKS)
    assert {name: counts[name] for name in OURS if counts[name] < 5} == {}
