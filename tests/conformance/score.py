"""Scores: per function the share of its cases that pass, per corpus the mean over functions, so that no big book outweighs the rest."""

from __future__ import annotations

import warnings
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sheetengine.errors import CircularReferenceWarning
from tests.conformance.books import cases_of_books
from tests.conformance.cases import Case
from tests.conformance.known import Failure
from tests.conformance.tables import cases_of_table

BOOKS: Final = ("ironcalc", "xlcalculator")
TABLES: Final = ("excelize", "ffp", "closedxml")
LEAST: Final[Mapping[str, float]] = {**dict.fromkeys(BOOKS, 0.99), **dict.fromkeys(TABLES, 0.97)}
"""What each corpus must reach; of the tables the cases count that do not contradict Excel."""


@dataclass(frozen=True, slots=True)
class Score:
    """How one corpus, or one function of it, fares."""

    cases: int
    failing: int
    share: float


def all_cases(shared: Path) -> Iterator[Case]:
    """Every case of the books and of the tables; what warns of circles is not what is asked here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CircularReferenceWarning)
        yield from _all_cases(shared)


def _all_cases(shared: Path) -> Iterator[Case]:
    for name in BOOKS:
        yield from cases_of_books(shared / "workbooks" / name)
    for name in TABLES:
        yield from cases_of_table(shared / f"{name}.jsonl")


def by_function(cases: Iterable[Case]) -> dict[str, Score]:
    """The score of each function; a formula counts for every function in it."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for case in cases:
        for name in case.functions:
            counts[name][0] += 1
            counts[name][1] += not case.passed
    return {name: Score(total, failing, 1.0 - failing / total) for name, (total, failing) in sorted(counts.items())}


def mean(scores: Mapping[str, Score]) -> float:
    """The mean over functions."""
    return sum(score.share for score in scores.values()) / len(scores)


def counted(cases: Iterable[Case], known: Mapping[str, Failure]) -> list[Case]:
    """The cases that do not contradict Excel."""
    return [case for case in cases if case.passed or case.id not in known or known[case.id].ours_to_mend]
