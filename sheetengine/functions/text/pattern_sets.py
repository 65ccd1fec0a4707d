r"""Sets of characters as regular expressions name them: `\d`, POSIX classes, general categories.

In: a name, or the inside of a class. Out: ranges of codes, or the inside of a class that `re` takes.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final, TypeAlias

SETS: Final = {
    "d": "0-9",
    "w": "A-Za-z0-9_",
    "s": r"\t\n\x0b\x0c\r\x20",
    "h": r"\t\x20\xa0\u1680\u180e\u2000-\u200a\u202f\u205f\u3000",
    "v": r"\n\x0b\x0c\r\x85\u2028\u2029",
}
POSIX: Final = {
    "alpha": "A-Za-z", "digit": "0-9", "alnum": "A-Za-z0-9", "upper": "A-Z", "lower": "a-z", "space": SETS["s"], "blank": r"\t\x20",
    "punct": r"!-/:-@\[-`{-~", "xdigit": "0-9A-Fa-f", "word": SETS["w"], "cntrl": r"\x00-\x1f\x7f", "graph": "!-~", "print": r"\x20-~",
    "ascii": r"\x00-\x7f",
}  # fmt: skip
LAST: Final = 0x10FFFF

Ranges: TypeAlias = "tuple[tuple[int, int], ...]"


@lru_cache(maxsize=1)
def _categories() -> dict[str, Ranges]:
    """The ranges of each general category, of one letter and of two."""
    runs: dict[str, list[list[int]]] = {}
    for code in range(LAST + 1):
        own = unicodedata.category(chr(code))
        for name in (own[0], own):
            known = runs.setdefault(name, [])
            if known and known[-1][1] == code - 1:
                known[-1][1] = code
            else:
                known.append([code, code])
    return {name: tuple((first, last) for first, last in known) for name, known in runs.items()}


def category(name: str) -> Ranges:
    """The ranges of a general category, nothing where there is none of that name."""
    return _categories().get(name, ())


def inverse(ranges: Ranges) -> str:
    """The inside of the class of all other characters."""
    parts, free = [], 0
    for first, last in sorted(ranges):
        if first > free:
            parts.append(f"{escaped(free)}-{escaped(first - 1)}")
        free = max(free, last + 1)
    if free <= LAST:
        parts.append(f"{escaped(free)}-{escaped(LAST)}")
    return "".join(parts)


@lru_cache(maxsize=64)
def outside(inside: str) -> str:
    """The inside of the class of all characters that a class does not hold; both are of characters below U+3001."""
    test = re.compile(f"[{inside}]")
    ranges = tuple((code, code) for code in range(0x3001) if test.match(chr(code)))
    return inverse(ranges)


def escaped(code: int) -> str:
    """A character within a class."""
    return f"\\U{code:08x}"
