"""FIND, SEARCH, SUBSTITUTE and EXACT."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

import numpy as np

from sheetengine.functions.library import function
from sheetengine.functions.signature import Integer, Number, Text
from sheetengine.functions.text.units import CATEGORY, NOT_FOUND, SOURCE, folded, lanes, lower, mixed, spread
from sheetengine.grid import Grid
from sheetengine.values import VALUE_ID, CellError, Scalar

_ALL: Final = float("inf")
"""Every occurrence: what SUBSTITUTE replaces where no instance is given."""

# -- wildcards -----------------------------------------------------------------------------------------------------------

Finder = Callable[[str, int], tuple[int, int]]


@lru_cache(maxsize=2048)
def _segments(pattern: str, any_one: str) -> tuple[tuple[Finder, ...], bool]:
    """Finders of the pieces between the `*` of a lower-case pattern, and whether it begins with one.

    A finder gives the place and the end of the first fit from a place on, (-1, -1) where there is none. `~` takes the next
    character as it is; at the end it stands for nothing.
    """
    pieces: list[list[str]] = [[]]
    simple = [True]
    index = 0
    while index < len(pattern):
        character = pattern[index]
        if character == "~":
            index += 1
            if index < len(pattern):
                pieces[-1].append(pattern[index])
        elif character == "*":
            pieces.append([])
            simple.append(True)
        elif character == "?":
            pieces[-1].append("")
            simple[-1] = False
        else:
            pieces[-1].append(character)
        index += 1
    finders = tuple(_finder(piece, plain, any_one) for piece, plain in zip(pieces, simple, strict=True) if piece)
    return finders, len(pieces) > 1 and not pieces[0]


def _finder(piece: list[str], plain: bool, any_one: str) -> Finder:
    if plain:
        text = "".join(piece)
        size = len(text)

        def find(within: str, start: int) -> tuple[int, int]:
            place = within.find(text, start)
            return place, place + size if place >= 0 else -1

        return find
    compiled = re.compile("".join([re.escape(character) if character else any_one for character in piece]), re.DOTALL)

    def match(within: str, start: int) -> tuple[int, int]:
        found = compiled.search(within, start)
        return found.span() if found else (-1, -1)

    return match


def search_from(pattern: str, within: str, start: int, any_one: str = ".") -> int:
    """Where a pattern with wildcards first fits in a lower-case text from a place on, or -1.

    The earliest fit of each piece is tried alone: where the rest does not fit behind it, it fits behind no later one either.

    >>> search_from("a*~?", "xbaab?", 0), search_from("a?c", "abbabc", 0), search_from("z", "abc", 0)
    (2, 3, -1)
    """
    pattern = folded(pattern)
    if "*" not in pattern and "?" not in pattern and "~" not in pattern:
        return within.find(pattern, start)
    finders, anywhere = _segments(pattern, any_one)
    place = start if anywhere or not finders else -1
    end = start
    for finder in finders:
        found, end = finder(within, end)
        if found < 0:
            return -1
        if place < 0:
            place = found
    return place


# -- functions -----------------------------------------------------------------------------------------------------------


def _places(found: list[int]) -> Grid:
    places = np.array(found, dtype=np.float64)
    return Grid.from_numbers_and_errors(places, np.where(places > 0.0, -1, VALUE_ID))


def _places_of_many(form: Callable[[str], str], find_text: Any, within_text: Any) -> Grid:
    """Where many texts stand in others, no wildcards among them; each distinct text is brought into its form once."""
    forms: dict[str, str] = {}
    for value in (find_text, within_text):
        forms |= {text: form(text) for text in (dict.fromkeys(value.tolist()) if isinstance(value, np.ndarray) else [value])}
    return _places([forms[within].find(forms[wanted]) + 1 for wanted, within in lanes(find_text, within_text)])


def _from_the_first(start_num: Any) -> bool:
    return not isinstance(start_num, np.ndarray) and start_num == 1


def _find_vector(find_text: Any, within_text: Any, start_num: Any = 1) -> Grid:
    if _from_the_first(start_num):
        if isinstance(find_text, np.ndarray):
            return _places_of_many(spread, find_text, within_text)
        needle = spread(find_text)
        return _places([(value if value.isascii() else spread(value)).find(needle) + 1 for value in within_text.tolist()])
    return mixed([found(*lane) for lane in lanes(find_text, within_text, start_num)])


@function(
    "FIND", category=CATEGORY, summary="The position of one text inside another, with regard to case.",
    examples={'=FIND("M","Miriam McGovern")': 1.0, '=FIND("m","Miriam McGovern")': 6.0, '=FIND("M","Miriam McGovern",3)': 8.0},
    source=SOURCE.format("FIND, FINDB"), vector=_find_vector,
)  # fmt: skip
def found(find_text: Text, within_text: Text, start_num: Integer = 1) -> Scalar:
    within = spread(within_text)
    if start_num < 1 or start_num > len(within) + 1:
        return NOT_FOUND
    place = within.find(spread(find_text), start_num - 1)
    return NOT_FOUND if place < 0 else float(place + 1)


def _search_vector(find_text: Any, within_text: Any, start_num: Any = 1) -> Grid:
    if _from_the_first(start_num):
        wanted = dict.fromkeys(find_text.tolist()) if isinstance(find_text, np.ndarray) else [find_text]
        if all(text and not any(mark in text for mark in "*?~") for text in wanted):
            if isinstance(find_text, np.ndarray):
                return _places_of_many(lambda text: lower(spread(text)), find_text, within_text)
            needle = lower(spread(find_text))
            return _places(
                [(value.lower() if value.isascii() else lower(spread(value))).find(needle) + 1 for value in within_text.tolist()]
            )
    return mixed([searched(*lane) for lane in lanes(find_text, within_text, start_num)])


@function(
    "SEARCH", category=CATEGORY, summary="The position of one text inside another, without regard to case, with wildcards.",
    examples={'=SEARCH("e","Statements",6)': 7.0, '=SEARCH("margin","Profit Margin")': 8.0, '=SEARCH("c*f","abcdef")': 3.0},
    source=SOURCE.format("SEARCH, SEARCHB"), vector=_search_vector,
)  # fmt: skip
def searched(find_text: Text, within_text: Text, start_num: Integer = 1) -> Scalar:
    """Unlike FIND it finds nothing behind the last character, so nothing in an empty text."""
    within = lower(spread(within_text))
    if start_num < 1 or start_num > len(within):
        return NOT_FOUND
    place = search_from(spread(find_text), within, start_num - 1)
    return NOT_FOUND if place < 0 else float(place + 1)


def _substitute_vector(text: Any, old_text: Any, new_text: Any, instance_num: Any = _ALL) -> Grid:
    plain = isinstance(text, np.ndarray) and isinstance(old_text, str) and isinstance(new_text, str)
    if plain and not isinstance(instance_num, np.ndarray) and instance_num == _ALL and old_text:
        return mixed([value.replace(old_text, new_text) for value in text.tolist()])
    return mixed([substituted(*lane) for lane in lanes(text, old_text, new_text, instance_num)])


@function(
    "SUBSTITUTE", category=CATEGORY, summary="A text with another inside it replaced, everywhere or at one occurrence.",
    examples={
        '=SUBSTITUTE("Sales Data","Sales","Cost")': "Cost Data",
        '=SUBSTITUTE("Quarter 1, 2008","1","2",1)': "Quarter 2, 2008",
        '=SUBSTITUTE("Quarter 1, 2011","1","2",3)': "Quarter 1, 2012",
    },
    source=SOURCE.format("SUBSTITUTE"), vector=_substitute_vector,
)  # fmt: skip
def substituted(text: Text, old_text: Text, new_text: Text, instance_num: Number = _ALL) -> Scalar:
    if instance_num < 1.0:
        return CellError("#VALUE!", "the first occurrence is number 1")
    if not old_text:
        return text
    if instance_num == _ALL:
        return text.replace(old_text, new_text)
    place = -len(old_text)
    if instance_num > len(text):
        return text
    for _ in range(int(instance_num)):
        place = text.find(old_text, place + len(old_text))
        if place < 0:
            return text
    return text[:place] + new_text + text[place + len(old_text) :]


def _exact_vector(text1: Any, text2: Any) -> Grid:
    return Grid.from_booleans(np.array([one == two for one, two in lanes(text1, text2)], dtype=np.bool_))


@function(
    "EXACT", category=CATEGORY, summary="Whether two texts are the same, case and all.",
    examples={'=EXACT("word","word")': True, '=EXACT("Word","word")': False, '=EXACT("w ord","word")': False},
    source=SOURCE.format("EXACT"), vector=_exact_vector,
)  # fmt: skip
def exact(text1: Text, text2: Text) -> Scalar:
    return text1 == text2
