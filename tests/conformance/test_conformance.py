"""Every formula of ../shared/conformance gives Excel's value, but for the cases that known_failures.tsv lists with their reasons."""

from __future__ import annotations

import pytest

from sheetengine.values import CellError
from tests import needs
from tests.conformance.cases import Case, agrees, functions_of
from tests.conformance.known import REASONS, Failure, known_failures
from tests.conformance.score import BOOKS, LEAST, TABLES, all_cases, by_function, counted, mean

CORPORA = (*BOOKS, *TABLES)


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    return list(all_cases(needs.shared("conformance")))


@pytest.fixture(scope="module")
def known() -> dict[str, Failure]:
    return known_failures()


@pytest.mark.shared
def test_what_fails_is_listed_and_what_is_listed_fails(cases: list[Case], known: dict[str, Failure]) -> None:
    failing = {case.id: case for case in cases if not case.passed}
    fresh = [(case.id, case.formula, case.ours, case.expected) for case in failing.values() if case.id not in known]
    assert not fresh, f"{len(fresh)} cases fail that known_failures.tsv does not list, the first: {fresh[:5]}"
    mended = sorted(set(known) - set(failing))
    assert not mended, f"{len(mended)} listed cases pass: take them out of known_failures.tsv, the first: {mended[:5]}"


@pytest.mark.shared
@pytest.mark.parametrize("corpus", CORPORA)
def test_the_mean_over_functions_reaches_what_is_asked(cases: list[Case], known: dict[str, Failure], corpus: str) -> None:
    own = [case for case in cases if case.corpus == corpus]
    scores = by_function(counted(own, known))
    assert mean(scores) >= LEAST[corpus], sorted((score.share, name) for name, score in scores.items())[:10]


@pytest.mark.shared
def test_no_corpus_is_empty(cases: list[Case]) -> None:
    """A loader that finds nothing would pass everything: the numbers of ../shared/conformance/README.md, less what is left out."""
    sizes = {corpus: sum(case.corpus == corpus for case in cases) for corpus in CORPORA}
    assert sizes["ironcalc"] > 60_000
    assert sizes["xlcalculator"] > 3_300
    assert (sizes["excelize"], sizes["ffp"], sizes["closedxml"]) == (3_727, 1_479, 692)


def test_every_reason_says_something(known: dict[str, Failure]) -> None:
    """ "Not yet" may stand alone only while someone is at it."""
    bare = [failure.id for failure in known.values() if failure.reason in REASONS]
    assert not bare


@pytest.mark.parametrize(
    ("expected", "ours", "tolerance", "compare", "same"),
    [
        (1.0, 1.0 + 9e-10, 0.0, "", True),
        (1.0, 1.0 + 2e-9, 0.0, "", False),
        (1.0, 1.0001, 1e-3, "", True),
        (1.0, "1", 0.0, "", False),
        (1.0, "1", 0.0, "loose", True),
        (1.0, True, 0.0, "", False),
        (True, 1.0, 0.0, "", False),
        (0.0, None, 0.0, "", False),
        (CellError("#N/A"), CellError("#VALUE!"), 0.0, "", False),
        ("1+2i", "1+2.0000000001i", 0.0, "complex", True),
        ("1+2i", "1+2.1i", 0.0, "complex", False),
        ("i", "1i", 0.0, "complex", True),
        ([[1.0, 2.0]], [[1.0, 2.0]], 0.0, "", True),
        ([[1.0, 2.0]], [[1.0], [2.0]], 0.0, "", False),
        ("a", "A", 0.0, "", False),
    ],
)
def test_agreement(expected: object, ours: object, tolerance: float, compare: str, same: bool) -> None:
    assert agrees(expected, ours, tolerance, compare) is same


def test_a_formula_counts_for_each_function_in_it() -> None:
    assert functions_of('=IF(_xlfn.CONCAT("SUM(",A1)="x",SUM(A1:A3),0)') == {"IF", "CONCAT", "SUM"}
    assert functions_of("=A1+1") == {"(operators)"}
