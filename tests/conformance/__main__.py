"""Prints the scores, and the cases that fail without being listed; exits with 1 where the test would fail."""

from __future__ import annotations

import sys
import time

from tests.conformance.cases import Case, shown
from tests.conformance.known import known_failures, write
from tests.conformance.score import BOOKS, LEAST, TABLES, all_cases, by_function, counted, mean
from tests.needs import SHARED


def main(arguments: list[str]) -> int:
    folder = SHARED / "conformance"
    if not folder.is_dir():
        print(f"{folder} is not there: nothing to compare with")
        return 0
    started = time.perf_counter()
    cases = list(all_cases(folder))
    known = known_failures()
    if arguments == ["--write"]:
        write(cases, known)
        return 0
    if arguments:
        _print_cases([case for case in cases if not case.functions.isdisjoint(name.upper() for name in arguments)])
        return 0
    return _print_scores(cases, time.perf_counter() - started)


def _print_cases(cases: list[Case]) -> None:
    for case in cases:
        print(f"{'' if case.passed else 'FAILS '}{case.id}  {case.formula}  {shown(case.ours)}  expected {shown(case.expected)}")


def _print_scores(cases: list[Case], seconds: float) -> int:
    known = known_failures()
    print(f"{'corpus':14}{'cases':>8}{'failing':>9}{'functions':>11}{'score':>10}{'counted':>10}{'least':>8}")
    missed = False
    for corpus in (*BOOKS, *TABLES):
        own = [case for case in cases if case.corpus == corpus]
        plain, fair = by_function(own), by_function(counted(own, known))
        failing = sum(not case.passed for case in own)
        print(f"{corpus:14}{len(own):8}{failing:9}{len(plain):11}{mean(plain):10.3%}{mean(fair):10.3%}{LEAST[corpus]:8.0%}")
        missed |= mean(fair) < LEAST[corpus]
    print(f"{len(cases)} cases in {seconds:.1f} s")
    print("\nfunctions below 100 % (all corpora):")
    for name, score in by_function(cases).items():
        if score.failing:
            print(f"  {name:24}{score.share:8.2%}  {score.failing} of {score.cases}")
    fresh = [case for case in cases if not case.passed and case.id not in known]
    mended = sorted(set(known) - {case.id for case in cases if not case.passed})
    if fresh:
        print("\nfailing and not listed:")
        _print_cases(fresh)
    if mended:
        print("\nlisted and passing:", *mended, sep="\n  ")
    return 1 if fresh or mended or missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
