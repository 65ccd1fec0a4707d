"""Matching of regular expressions in bounded time.

In: a pattern and a text. Out: matches as spans, the whole first. Most patterns run in Python's `re`. Those whose backtracking could take
exponential time, or a high power of the text's length, run here over a small program instead: a state that failed once (an instruction
at a place, with what is captured where the pattern asks for it again) is not tried again, so that the work is bounded by their number,
and that by `_MOST_STEPS`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from sheetengine.functions.text.pattern_nodes import (
    Again,
    Ahead,
    Anchor,
    Atomic,
    Chain,
    Choice,
    Group,
    One,
    Piece,
    Repeat,
    is_risky,
    source_of,
)
from sheetengine.functions.text.pattern_syntax import PatternProblem, parse

Spans = tuple[tuple[int, int], ...]
"""The whole match, then the groups; (-1, -1) for a group that took no part."""

_MOST_STEPS: Final = 500_000
_LONGEST_PROGRAM: Final = 4_000


class Pattern:
    """A regular expression, compiled."""

    def __init__(self, text: str, ignore_case: bool) -> None:
        tree, self.names = parse(text, ignore_case)
        try:
            self._compiled = re.compile(source_of(tree))
        except (re.error, OverflowError, RecursionError) as error:
            raise PatternProblem(str(error)) from None
        self.groups = self._compiled.groups
        self._program = _Program(tree, self.groups) if is_risky(tree) else None

    def matches(self, text: str) -> Iterator[Spans]:
        """All matches from left to right; raises `PatternProblem` where they take too long."""
        if self._program is not None:
            yield from self._program.matches(text)
            return
        for match in self._compiled.finditer(text):
            yield match.regs


@lru_cache(maxsize=512)
def compile_pattern(text: str, ignore_case: bool) -> Pattern | PatternProblem:
    """The compiled pattern, or why there is none."""
    try:
        return Pattern(text, ignore_case)
    except PatternProblem as problem:
        return problem


# -- the program -------------------------------------------------------------------------------------------------------------

_ONE, _PLACE, _SPLIT, _JUMP, _SAVE, _INNER, _AGAIN, _DONE = range(8)


class _Step(NamedTuple):
    """One instruction: what it does, where it goes on, where else, and what it needs."""

    kind: int
    there: int = 0
    other: int = 0
    test: Callable[[str, int], bool] | None = None
    inner: _Program | None = None


Captures = tuple[int, ...]


class _Program:
    def __init__(self, tree: Piece, groups: int) -> None:
        self.groups = groups
        self.steps: list[_Step] = []
        self.asks_again = _asks_again(tree)
        self._add(tree)
        self.steps.append(_Step(_DONE))

    # -- building --------------------------------------------------------------------------------------------------

    def _add(self, piece: Piece) -> None:
        if len(self.steps) > _LONGEST_PROGRAM:
            raise PatternProblem("the pattern repeats too much in itself")
        steps = self.steps
        match piece:
            case One(source):
                steps.append(_Step(_ONE, test=_one(source)))
            case Anchor(source):
                steps.append(_Step(_PLACE, test=_place(source)))
            case Chain(items):
                for item in items:
                    self._add(item)
            case Choice(items):
                ends = []
                for item in items[:-1]:
                    split = len(steps)
                    steps.append(_Step(_SPLIT))
                    self._add(item)
                    ends.append(len(steps))
                    steps.append(_Step(_JUMP))
                    steps[split] = _Step(_SPLIT, split + 1, len(steps))
                self._add(items[-1])
                for end in ends:
                    steps[end] = _Step(_JUMP, len(steps))
            case Group(inner, number):
                if number is not None:
                    steps.append(_Step(_SAVE, 2 * number))
                self._add(inner)
                if number is not None:
                    steps.append(_Step(_SAVE, 2 * number + 1))
            case Repeat(inner, least, most, mode):
                self._repeat(inner, least, most, mode)
            case Ahead(inner, negative):
                steps.append(_Step(_INNER, -1 if negative else 0, inner=_Program(inner, self.groups)))
            case Atomic(inner):
                steps.append(_Step(_INNER, 1, inner=_Program(inner, self.groups)))
            case Again(number, ignore_case):
                steps.append(_Step(_AGAIN, number, int(ignore_case)))

    def _repeat(self, inner: Piece, least: int, most: int | None, mode: str) -> None:
        if mode == "+":
            self._add(Atomic(Repeat(inner, least, most, "")))
            return
        steps, lazy = self.steps, mode == "?"
        for _ in range(least):
            self._add(inner)
        if most is None:
            split = len(steps)
            steps.append(_Step(_SPLIT))
            self._add(inner)
            steps.append(_Step(_JUMP, split))
            steps[split] = _split(split + 1, len(steps), lazy)
            return
        splits = []
        for _ in range(most - least):
            splits.append(len(steps))
            steps.append(_Step(_SPLIT))
            self._add(inner)
        for split in splits:
            steps[split] = _split(split + 1, len(steps), lazy)

    # -- running ---------------------------------------------------------------------------------------------------

    def matches(self, text: str) -> Iterator[Spans]:
        budget = [_MOST_STEPS]
        start, not_empty = 0, -1
        nothing = (-1,) * (2 * self.groups + 2)
        while start <= len(text):
            failed: set[object] = set()
            for begin in range(start, len(text) + 1):
                found = self._run(text, begin, nothing, failed, budget, begin == not_empty)
                if found is not None:
                    break
                if begin == not_empty:
                    # There only an empty match was left out, which may do for another beginning.
                    failed.clear()
            else:
                return
            end, captures = found
            spans = ((begin, end), *((captures[2 * group], captures[2 * group + 1]) for group in range(1, self.groups + 1)))
            yield spans
            start, not_empty = end, end if begin == end else -1

    def _run(
        self, text: str, begin: int, captures: Captures, failed: set[object], budget: list[int], no_empty: bool
    ) -> tuple[int, Captures] | None:
        """Where a match that begins at a place ends, and its captures."""
        waiting = [(0, begin, captures)]
        steps, size, asks_again = self.steps, len(text), self.asks_again
        while waiting:
            at, place, captures = waiting.pop()
            while True:
                key: object = (at, place, captures) if asks_again else (at, place)
                if key in failed:
                    break
                failed.add(key)
                budget[0] -= 1
                if budget[0] < 0:
                    raise PatternProblem("the pattern takes too long on this text")
                kind, there, other, test, inner = steps[at]
                at += 1
                if kind == _ONE:
                    if place >= size or not test(text, place):  # type: ignore[misc]  # such a step has one
                        break
                    place += 1
                elif kind == _SPLIT:
                    waiting.append((other, place, captures))
                    at = there
                elif kind == _JUMP:
                    at = there
                elif kind == _SAVE:
                    captures = (*captures[:there], place, *captures[there + 1 :])
                elif kind == _PLACE:
                    if not test(text, place):  # type: ignore[misc]  # such a step has one
                        break
                elif kind == _INNER:
                    assert inner is not None
                    found = inner._run(text, place, captures, set(), budget, False)
                    if (found is None) != (there < 0):
                        break
                    if found is not None:
                        captures = found[1]
                        place = found[0] if there == 1 else place
                elif kind == _AGAIN:
                    first, last = captures[2 * there], captures[2 * there + 1]
                    taken, here = text[first:last], text[place : place + last - first]
                    if first < 0 or last < 0 or (taken.lower() != here.lower() if other else taken != here):
                        break
                    place += last - first
                else:
                    if no_empty and place == begin:
                        break
                    return place, captures
        return None


def _split(inside: int, behind: int, lazy: bool) -> _Step:
    return _Step(_SPLIT, behind, inside) if lazy else _Step(_SPLIT, inside, behind)


def _one(source: str) -> Callable[[str, int], bool]:
    compiled = re.compile(source)
    known: dict[str, bool] = {}

    def test(text: str, place: int) -> bool:
        character = text[place]
        answer = known.get(character)
        if answer is None:
            answer = known[character] = compiled.match(character) is not None
        return answer

    return test


def _place(source: str) -> Callable[[str, int], bool]:
    compiled = re.compile(source)
    return lambda text, place: compiled.match(text, place) is not None


def _asks_again(piece: Piece) -> bool:
    match piece:
        case Again():
            return True
        case Chain(items) | Choice(items):
            return any(map(_asks_again, items))
        case Group(inner, _) | Ahead(inner, _) | Atomic(inner) | Repeat(inner, _, _, _):
            return _asks_again(inner)
    return False


__all__ = ["Pattern", "Spans", "compile_pattern"]
