"""The text of a number format as tokens, section by section.

In: a pattern as a file or TEXT has it. Out: `Section`s: a condition, a language and tokens whose kinds say what they stand for.
A pattern that Excel refuses is a `BadFormat`. Source: ISO/IEC 29500-1, 18.8.31; Microsoft, "Review guidelines for customizing a
number format".
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from sheetengine.number_format.eras import Era, eras_of
from sheetengine.number_format.languages import ENGLISH, Language, language_of

MOST_SECTIONS: Final = 4
SYSTEM_LONG_DATE: Final = "dddd, mmmm d, yyyy"
SYSTEM_TIME: Final = "h:mm:ss AM/PM"


class BadFormat(ValueError):
    """A pattern that Excel refuses, or a number that it cannot show by a pattern (a date before the calendar)."""


class Kind(enum.Enum):
    """What a token stands for."""

    LITERAL = "literal"
    DIGIT = "digit placeholder"
    POINT = "decimal point"
    COMMA = "comma"
    PERCENT = "percent"
    EXPONENT = "exponent"
    SLASH = "slash"
    GENERAL = "General"
    TEXT = "text"
    MOMENT = "part of a date or time"
    ELAPSED = "elapsed time"
    HALF = "AM/PM"


class Token(NamedTuple):
    """One piece of a section; `text` is what it was written as, of a literal what it shows."""

    kind: Kind
    text: str


@dataclass(slots=True)
class Section:
    """One of the sections between semicolons."""

    tokens: list[Token] = field(default_factory=list)
    condition: tuple[str, float] | None = None
    language: Language = ENGLISH
    eras: tuple[Era, ...] = ()
    """By which `e` counts years."""
    hijri: bool = False
    numerals: str = ""
    """The digit of a [DBNum] bracket."""

    def has(self, *kinds: Kind) -> bool:
        """Whether any token is of one of the kinds."""
        return any(token.kind in kinds for token in self.tokens)


_COLOUR = re.compile(r"(?:black|blue|cyan|green|magenta|red|white|yellow|color\s*\d{1,2})\Z", re.IGNORECASE)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\Z", re.ASCII)
_ELAPSED = re.compile(r"(?:h+|m+|s+)\Z", re.IGNORECASE)
_NUMERALS = re.compile(r"dbnum([123])\Z", re.IGNORECASE)
_RUN: Final = "ymdhsge"
_REFUSED: Final = "nN"
_HALVES: Final = ("AM/PM", "A/P")


def scan(pattern: str) -> list[Section]:
    """The sections of a pattern.

    >>> [token.text for token in scan('0.0" kg";-0')[0].tokens]
    ['0', '.', '0', ' kg']
    """
    sections = [Section()]
    index = 0
    while index < len(pattern):
        if pattern[index] == ";":
            sections.append(Section())
            if len(sections) > MOST_SECTIONS:
                raise BadFormat("more than four sections")
            index += 1
            continue
        index = _next(pattern, index, sections[-1])
    return sections


def _next(pattern: str, index: int, section: Section) -> int:
    """Take one token into the section; the index behind it."""
    character = pattern[index]
    tokens = section.tokens
    if character == '"':
        end = pattern.find('"', index + 1)
        if end < 0:
            raise BadFormat("a quotation mark is not closed")
        tokens.append(Token(Kind.LITERAL, pattern[index + 1 : end]))
        return end + 1
    if character in "\\_*":
        if index + 1 >= len(pattern):
            raise BadFormat(f"nothing stands behind {character}")
        if character == "\\":
            tokens.append(Token(Kind.LITERAL, pattern[index + 1]))
        elif character == "_":
            tokens.append(Token(Kind.LITERAL, " "))
        # What * repeats fills a cell's width; a text has none.
        return index + 2
    if character == "[":
        return _bracket(pattern, index, section)
    simple = _SIMPLE.get(character)
    if simple is not None:
        tokens.append(Token(simple, character))
        return index + 1
    if character.isascii() and character.isalpha():
        return _letter(pattern, index, section)
    if character in "123456789":
        end = index + 1
        while end < len(pattern) and pattern[end] in "0123456789":
            end += 1
        if tokens and tokens[-1].kind is Kind.SLASH:
            # The denominator of a fraction: # ?/16
            tokens.append(Token(Kind.LITERAL, pattern[index:end]))
            return end
    tokens.append(Token(Kind.LITERAL, character))
    return index + 1


_SIMPLE: Final = {
    "0": Kind.DIGIT, "#": Kind.DIGIT, "?": Kind.DIGIT, ".": Kind.POINT, ",": Kind.COMMA, "%": Kind.PERCENT, "/": Kind.SLASH, "@": Kind.TEXT,
}  # fmt: skip


def _bracket(pattern: str, index: int, section: Section) -> int:
    end = pattern.find("]", index)
    if end < 0:
        raise BadFormat("a bracket is not closed")
    inside = pattern[index + 1 : end]
    if inside.startswith("$"):
        return _currency(pattern, inside, end + 1, section)
    if _ELAPSED.match(inside):
        section.tokens.append(Token(Kind.ELAPSED, inside.lower()))
        return end + 1
    condition = _CONDITION.match(inside)
    numerals = _NUMERALS.match(inside)
    if condition:
        if section.condition is not None:
            raise BadFormat("two conditions in one section")
        section.condition = (condition[1], float(condition[2]))
    elif numerals:
        section.numerals = numerals[1]
    elif not _COLOUR.match(inside):
        raise BadFormat(f"[{inside}] is no colour, condition, locale or time")
    return end + 1


def _currency(pattern: str, inside: str, behind: int, section: Section) -> int:
    """`[$€-407]`: a currency to show and the language of names; -F800 and -F400 stand for the system's own patterns."""
    symbol, _, tag = inside[1:].partition("-")
    if symbol:
        section.tokens.append(Token(Kind.LITERAL, symbol))
    system = {"f800": SYSTEM_LONG_DATE, "x-sysdate": SYSTEM_LONG_DATE, "f400": SYSTEM_TIME, "x-systime": SYSTEM_TIME}.get(tag.lower())
    if system is not None:
        inner = scan(system)[0]
        section.tokens.extend(inner.tokens)
        end = pattern.find(";", behind)
        return len(pattern) if end < 0 else end
    section.language = language_of(tag)
    section.eras = eras_of(tag)
    return behind


def _letter(pattern: str, index: int, section: Section) -> int:
    character = pattern[index]
    lower = character.lower()
    rest = pattern[index : index + 7].lower()
    tokens = section.tokens
    if rest == "general":
        tokens.append(Token(Kind.GENERAL, pattern[index : index + 7]))
        return index + 7
    if lower == "e" and pattern[index + 1 : index + 2] in ("+", "-") and section.has(Kind.DIGIT):
        tokens.append(Token(Kind.EXPONENT, "E" + pattern[index + 1]))
        return index + 2
    for half in _HALVES:
        if rest.startswith(half.lower()):
            written = pattern[index : index + len(half)]
            tokens.append(Token(Kind.HALF, written if len(half) == 3 else half))
            return index + len(half)
    if lower == "b" and pattern[index + 1 : index + 2] in ("1", "2"):
        section.hijri = pattern[index + 1] == "2"
        return index + 2
    end = index + 1
    while end < len(pattern) and pattern[end].lower() == lower:
        end += 1
    if lower in _RUN or lower == "b":
        tokens.append(Token(Kind.MOMENT, lower * (end - index)))
        return end
    if lower == "a" and end - index >= 3:
        # aaa and aaaa are days of the week, as ddd and dddd.
        tokens.append(Token(Kind.MOMENT, "ddd" if end - index == 3 else "dddd"))
        return end
    if character in _REFUSED:
        raise BadFormat(f"{character!r} stands for nothing")
    tokens.append(Token(Kind.LITERAL, character))
    return index + 1
