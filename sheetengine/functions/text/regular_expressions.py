"""REGEXTEST, REGEXEXTRACT and REGEXREPLACE.

A pattern that is no regular expression, that asks for what is not supported, or that takes too long is #VALUE! with the reason; no match
is #N/A for REGEXEXTRACT.
"""

from __future__ import annotations

import re
from typing import Final

from sheetengine.functions.library import function
from sheetengine.functions.signature import Integer, Text
from sheetengine.functions.text.pattern_matching import Pattern, Spans, compile_pattern
from sheetengine.functions.text.pattern_syntax import PatternProblem
from sheetengine.functions.text.units import CATEGORY, SOURCE
from sheetengine.grid import Grid
from sheetengine.values import VALUE, CellError, Scalar

_NO_MATCH: Final = CellError("#N/A", "the pattern matches nothing")


def _pattern(text: str, case_sensitivity: int) -> Pattern | CellError:
    if case_sensitivity not in (0, 1):
        return CellError("#VALUE!", "case sensitivity is 0 (as written) or 1 (either)")
    compiled = compile_pattern(text, case_sensitivity == 1)
    return compiled if isinstance(compiled, Pattern) else _wrong(compiled)


def _wrong(problem: PatternProblem) -> CellError:
    return CellError("#VALUE!", f"pattern: {problem}")


@function(
    "REGEXTEST", category=CATEGORY, summary="Whether a regular expression matches any part of a text.",
    examples={'=REGEXTEST("Mr. Sherlock Holmes","[A-Z]her")': True, '=REGEXTEST("alfalfa","^ALF",1)': True},
    source=SOURCE.format("REGEXTEST"), future="_xlfn.",
)  # fmt: skip
def regex_test(text: Text, pattern: Text, case_sensitivity: Integer = 0) -> Scalar:
    compiled = _pattern(pattern, case_sensitivity)
    if isinstance(compiled, CellError):
        return compiled
    try:
        return next(compiled.matches(text), None) is not None
    except PatternProblem as problem:
        return _wrong(problem)


@function(
    "REGEXEXTRACT", category=CATEGORY, summary="What a regular expression matches in a text: the first, all, or its groups.",
    examples={
        '=REGEXEXTRACT("LonelyPlanet","[A-Z][a-z]+")': "Lonely",
        '=REGEXEXTRACT("LonelyPlanet","[A-Z][a-z]+",1)': [["Lonely", "Planet"]],
        '=REGEXEXTRACT("378-555-4195","(\\d+)-(\\d+)",2)': [["378", "555"]],
    },
    source=SOURCE.format("REGEXEXTRACT"), future="_xlfn.",
)  # fmt: skip
def regex_extract(text: Text, pattern: Text, return_mode: Integer = 0, case_sensitivity: Integer = 0) -> Scalar | Grid:
    """`return_mode`: 0 the first match, 1 all of them in a row, 2 the groups of the first in a row."""
    compiled = _pattern(pattern, case_sensitivity)
    if isinstance(compiled, CellError):
        return compiled
    if return_mode not in (0, 1, 2):
        return CellError("#VALUE!", "the return mode is 0, 1 or 2")
    try:
        matches = compiled.matches(text)
        if return_mode == 1:
            found = [text[spans[0][0] : spans[0][1]] for spans in matches]
            return Grid.from_texts(found, (1, len(found))) if found else _NO_MATCH
        spans = next(matches, None)
    except PatternProblem as problem:
        return _wrong(problem)
    if spans is None:
        return _NO_MATCH
    if return_mode == 0:
        return text[spans[0][0] : spans[0][1]]
    taken = [text[first:last] if first >= 0 else "" for first, last in spans[1:]]
    return Grid.from_texts(taken, (1, len(taken))) if taken else CellError("#VALUE!", "the pattern has no groups")


_REFERENCE: Final = re.compile(r"\$(?:(\$)|(\d+)|([A-Za-z_]\w*)|\{(\w+)\}|)", re.ASCII)


def _replacement(template: str, compiled: Pattern) -> list[str | int] | CellError:
    """Texts and numbers of groups, in the order they are joined; `$1`, `${1}`, `$name`, `${name}`, `$$`."""
    parts: list[str | int] = []
    at = 0
    for match in _REFERENCE.finditer(template):
        parts.append(template[at : match.start()])
        at = match.end()
        name = match[2] or match[3] or match[4]
        if match[1]:
            parts.append("$")
            continue
        if name is None:
            return CellError("#VALUE!", "in the replacement a $ stands before no group; $$ is a dollar sign")
        number = int(name) if name.isdigit() else compiled.names.get(name, -1)
        if not 0 <= number <= compiled.groups:
            return CellError("#VALUE!", f"the pattern has no group {name}")
        parts.append(number)
    parts.append(template[at:])
    return parts


@function(
    "REGEXREPLACE", category=CATEGORY, summary="A text with what a regular expression matches replaced.",
    examples={
        '=REGEXREPLACE("JamesBond","([A-Z][a-z]+)([A-Z][a-z]+)","$2, $1 $2")': "Bond, James Bond",
        '=REGEXREPLACE("a1b2c3","\\d","#",-1)': "a1b2c#",
    },
    source=SOURCE.format("REGEXREPLACE"), future="_xlfn.",
)  # fmt: skip
def regex_replace(text: Text, pattern: Text, replacement: Text, occurrence: Integer = 0, case_sensitivity: Integer = 0) -> Scalar:
    """`occurrence`: 0 replaces all matches, n the nth, -n the nth from the end."""
    compiled = _pattern(pattern, case_sensitivity)
    if isinstance(compiled, CellError):
        return compiled
    parts = _replacement(replacement, compiled)
    if isinstance(parts, CellError):
        return parts
    try:
        found: list[Spans] = list(compiled.matches(text))
    except PatternProblem as problem:
        return _wrong(problem)
    if occurrence:
        place = occurrence - 1 if occurrence > 0 else len(found) + occurrence
        found = [found[place]] if 0 <= place < len(found) else []
    pieces: list[str] = []
    at = 0
    for spans in found:
        first, last = spans[0]
        pieces.append(text[at:first])
        for part in parts:
            if isinstance(part, str):
                pieces.append(part)
            elif spans[part][0] >= 0:
                pieces.append(text[spans[part][0] : spans[part][1]])
        at = last
    pieces.append(text[at:])
    joined = "".join(pieces)
    return joined if len(joined) <= 32_767 else VALUE
