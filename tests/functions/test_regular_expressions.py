r"""REGEXTEST, REGEXEXTRACT and REGEXREPLACE.

Sources: Microsoft's pages of the functions (their examples); the man page pcre2pattern for the syntax. That no match is #N/A and a
return mode above 2 #VALUE! is what EPPlus recorded from Excel (EPPlusSoftware/EPPlus, pull request 2373).
"""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings, strategies as st

from sheetengine.functions.text.pattern_matching import Pattern, _Program, compile_pattern
from sheetengine.functions.text.pattern_nodes import is_risky
from sheetengine.functions.text.pattern_syntax import PatternProblem, parse
from sheetengine.grid import Grid
from sheetengine.values import CellError
from tests.functions.fake import call


def answer(name: str, *arguments: object) -> object:
    found = call(name, *arguments)
    return found.rows() if isinstance(found, Grid) else found


@pytest.mark.parametrize(
    ("text", "pattern", "found"),
    [
        ("alfalfa", "a", True),
        ("alfalfa", "[a-z]", True),
        ("alfalfa", "[A-Z]", False),
        ("(378) 555-4195", r"^\([0-9]{3}\) [0-9]{3}-[0-9]{4}$", True),
        ("+1(878) 555-8622", r"^\([0-9]{3}\) [0-9]{3}-[0-9]{4}$", False),
        ("a.b", r"a\.b", True),
        ("axb", r"a\Q.\Eb", False),
        ("a.b", r"a\Q.\Eb", True),
        ("a\tb", r"a\hb", True),
        ("a\r\nb", r"^a\Rb$", True),
        ("x7", "[[:alpha:]][[:digit:]]", True),
        ("é", r"^\w$", False),
        ("é", r"^\p{L}$", True),
        ("É", r"^\p{Lu}$", True),
        ("7", r"^\P{L}$", True),
        ("Ab", "a(?i)B", False),
        ("aB", "a(?i)b", True),
        ("AB", "(?:a(?i)b|x)c|ab", False),
        ("aXc", "(?i:x)", True),
        ("abab", r"^(?<pair>ab)\k<pair>$", True),
        ("abac", r"^(ab)\1$", False),
        ("foobar", "(?<=foo|x)bar", True),
        ("foobar", "(?<!foo|x)bar", False),
        ("aaa", "^a++a$", False),
        ("aaab", "^(?>a+)b$", True),
        ("a\nb", "^b", False),
        ("a\nb", "(?m)^b", True),
        ("a\nb", "a.b", False),
        ("a\nb", "(?s)a.b", True),
        ("ab", "(?x) a b # two letters", True),
        ("ab\n", "b$", True),
        ("ab\n", r"b\z", False),
        ("]", "[]]", True),
        ("-", "[a-]", True),
        ("a", r"[\w-]", True),
        ("é", r"[^\W]", False),
        ("{", "a{|{", True),
        ("\x41", r"\x{41}\x41?", True),
        ("", "", True),
    ],
)
def test_syntax(text: str, pattern: str, found: bool) -> None:
    assert answer("REGEXTEST", text, pattern) is found


@pytest.mark.parametrize(
    "pattern", ["(", ")", "[", "a**", "*", r"\1", r"(a)\2", "(?R)", "(?1)(a)", r"a\Kb", "(?(1)a)(b)", "(*FAIL)", "[[:what:]]", r"\p{Greek}",
                "a{3,2}", "(?<n>a)(?<n>b)", r"\y", "[b-a]", r"\k<x>", "(?|a|b)"],
)  # fmt: skip
def test_what_is_refused(pattern: str) -> None:
    found = answer("REGEXTEST", "abc", pattern)
    assert isinstance(found, CellError)
    assert found.code == "#VALUE!"
    assert found.message.startswith("pattern: ")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("DylanWilliams", "[A-Z][a-z]+", 0), "Dylan"),
        (("DylanWilliams", "[A-Z][a-z]+", 1), [["Dylan", "Williams"]]),
        (("Sonia Rees (378) 555-4195", r"[0-9()]+ [0-9-]+"), "(378) 555-4195"),
        (("10:45", r"(\d+):(\d+)(:\d+)?", 2), [["10", "45", ""]]),
        (("abc", r"\d"), CellError("#N/A")),
        (("abc", r"\d", 1), CellError("#N/A")),
        (("abc", "b", 3), CellError("#VALUE!")),
        (("abc", "b", -1), CellError("#VALUE!")),
        (("abc", "B", 0, 1), "b"),
        (("abc", "B", 0, 2), CellError("#VALUE!")),
        (("aXbXc", "x?", 1, 1), [["", "X", "", "X", "", ""]]),
    ],
)
def test_extracting(arguments: tuple[object, ...], expected: object) -> None:
    assert answer("REGEXEXTRACT", *arguments) == expected


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("SoniaBrown", "([A-Z][a-z]+)([A-Z][a-z]+)", "$2, $1"), "Brown, Sonia"),
        (("(378) 555-4195", "[0-9]+-", "***-"), "(378) ***-4195"),
        (("a1b2c3", r"\d", "#"), "a#b#c#"),
        (("a1b2c3", r"\d", "#", 2), "a1b#c3"),
        (("a1b2c3", r"\d", "#", -1), "a1b2c#"),
        (("a1b2c3", r"\d", "#", 4), "a1b2c3"),
        (("a1", r"(?<n>\d)", "${n}$$${1}$0"), "a1$11"),
        (("ab", "(x)?b", "[$1]"), "a[]"),
        (("ab", "b", "$1"), CellError("#VALUE!")),
        (("abc", "", "-"), "-a-b-c-"),
        (("baac", "a*", "x"), "xbxxcx"),
        (("ABC", "b", "x", 0, 1), "AxC"),
        ((123.0, "2", "x"), "1x3"),
    ],
)  # fmt: skip
def test_replacing(arguments: tuple[object, ...], expected: object) -> None:
    assert answer("REGEXREPLACE", *arguments) == expected


def test_arrays_of_texts_and_patterns() -> None:
    texts = Grid.from_flat(["a1", "b", CellError("#REF!")], (3, 1))
    assert answer("REGEXTEST", texts, r"\d") == [[True], [False], [CellError("#REF!")]]


@pytest.mark.parametrize("pattern", ["(a+)+b", "(a|aa)+$", "(a*)*c", "(.*)*x", ".*.*.*.*.*=", r"(a+)\1+b", "(x+x+)+y", "(?=(a+)+b)a"])
def test_no_pattern_hangs(pattern: str) -> None:
    """Each of them takes a backtracking matcher centuries over this text, or hours."""
    started = time.process_time()
    found = answer("REGEXTEST", "a" * 3000 + "x" * 50, pattern)
    assert time.process_time() - started < 5.0  # 1.5 s measured at the worst
    assert isinstance(found, bool | CellError)


PIECES = ["a", "b", "[ab]", ".", "a*", "b+", "a?", "(a|b)*", "(a|ab)(c|bcd)?", "(a+)+", "(b*?a)+?", "(?:a|b){1,3}", "(?=a)", "(?!b)", r"\b", "$", "(?>a*)", "c|", r"(b)\1?"]  # fmt: skip


def _pattern_of(pieces: list[str]) -> str:
    # One back reference at the most, and by its own number.
    text, groups = "", 0
    for piece in pieces:
        text += piece.replace(r"\1", f"\\{groups + 1}")
        groups += re.compile(piece.replace(r"\1", "")).groups
    return text


@settings(deadline=None, max_examples=300)
@given(pieces=st.lists(st.sampled_from(PIECES), min_size=1, max_size=5), text=st.text("abcd ", max_size=9))
def test_the_bounded_matcher_finds_what_re_finds(pieces: list[str], text: str) -> None:
    pattern = _pattern_of(pieces)
    tree, _ = parse(pattern, False)
    compiled = Pattern(pattern, False)
    bounded = list(_Program(tree, compiled.groups).matches(text))
    plain = [match.regs for match in compiled._compiled.finditer(text)]
    assert [spans[0] for spans in bounded] == [spans[0] for spans in plain], pattern
    # What a group holds after an empty turn of its loop is the one thing that matchers disagree about.
    if not re.search(r"\*\)[*+]|\)\*|\)\+|\{1,3\}", pattern):
        assert bounded == plain, pattern


@settings(deadline=None, max_examples=300)
@given(pattern=st.text("ab()[]{}|*+?.^$\\-1,:=!<>idwspLQE &", max_size=12), text=st.text("ab 1", max_size=8))
def test_any_pattern_compiles_or_is_refused(pattern: str, text: str) -> None:
    compiled = compile_pattern(pattern, False)
    if isinstance(compiled, PatternProblem):
        assert str(compiled)
    else:
        list(compiled.matches(text))


def test_common_patterns_run_in_re() -> None:
    for pattern in (r"^\d{3}-\d{4}$", "[A-Z][a-z]+", r"(\w+)@(\w+)\.com", ".*-.*"):
        assert not is_risky(parse(pattern, False)[0])
    assert is_risky(parse("(a+)+", False)[0])
