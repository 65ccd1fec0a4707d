r"""Single characters and classes of them in a regular expression: `a`, `\x41`, `[a-z\d]`, `\p{Lu}`.

In: a pattern and a place in it. Out: a piece that takes one character, or `PatternProblem`.
"""

from __future__ import annotations

import re
from typing import Final

from sheetengine.functions.text.pattern_nodes import One, Piece
from sheetengine.functions.text.pattern_sets import LAST, POSIX, SETS, category, escaped, inverse, outside

_CONTROLS: Final = {"a": 7, "e": 27, "f": 12, "n": 10, "r": 13, "t": 9}


class PatternProblem(Exception):
    """Why a pattern cannot be used."""


class CharacterReader:
    """A place in a pattern, and what single characters and classes of them mean there."""

    def __init__(self, pattern: str, flags: str) -> None:
        self.pattern = pattern
        self.at = 0
        self.flags = frozenset(flags)

    @property
    def done(self) -> bool:
        """Whether nothing is left."""
        return self.at >= len(self.pattern)

    def peek(self, text: str) -> bool:
        """Whether a text stands here."""
        return self.pattern.startswith(text, self.at)

    def take(self, text: str) -> bool:
        """Whether a text stands here; it is taken."""
        if not self.peek(text):
            return False
        self.at += len(text)
        return True

    def next(self) -> str:
        """The next character, taken."""
        if self.done:
            raise PatternProblem("the pattern breaks off")
        self.at += 1
        return self.pattern[self.at - 1]

    def until(self, end: str) -> str:
        """What stands before an end, both taken."""
        place = self.pattern.find(end, self.at)
        if place < 0:
            raise PatternProblem(f"{end!r} is missing")
        text, self.at = self.pattern[self.at : place], place + len(end)
        return text

    def literal(self, character: str) -> Piece:
        """A character that stands for itself."""
        return self.cased(re.escape(character), character)

    def cased(self, source: str, text: str = "a") -> One:
        """What takes one character, without regard to case where a flag says so."""
        return One(f"(?i:{source})" if "i" in self.flags and text.lower() != text.upper() else source)

    def code(self, character: str) -> int:
        """The code of an escaped character, the backslash and the character taken already."""
        if character in _CONTROLS:
            return _CONTROLS[character]
        if character == "x":
            if self.take("{"):
                return self.number(self.until("}"), 16)
            match = re.compile(r"[0-9A-Fa-f]{0,2}").match(self.pattern, self.at)
            digits = match[0] if match else ""
            self.at += len(digits)
            return int(digits or "0", 16)
        if character == "o" and self.take("{"):
            return self.number(self.until("}"), 8)
        if character == "c":
            return ord(self.next().upper()) ^ 64
        if character in "01234567":
            match = re.compile(r"[0-7]{0,2}").match(self.pattern, self.at)
            digits = character + (match[0] if match else "")
            self.at += len(digits) - 1
            return int(digits, 8)
        if character.isascii() and character.isalnum():
            raise PatternProblem(f"\\{character} means nothing")
        return ord(character)

    def number(self, digits: str, base: int) -> int:
        """The code that digits of a base write."""
        try:
            code = int(digits, base)
        except ValueError:
            raise PatternProblem(f"{digits!r} is no code of a character") from None
        if not 0 <= code <= LAST:
            raise PatternProblem(f"{digits!r} is no code of a character")
        return code

    def property(self, negative: bool) -> str:
        """The inside of a class for `\\p{…}`."""
        name = self.until("}") if self.take("{") else self.next()
        if name.startswith("^"):
            name, negative = name[1:], not negative
        if name == "Any":
            return r"\U00000000-\U0010ffff" if not negative else r"^\U00000000-\U0010ffff"
        if name == "L&":
            ranges = category("Lu") + category("Ll") + category("Lt")
        elif re.fullmatch(r"[A-Z][a-z]?", name):
            ranges = category(name)
        else:
            raise PatternProblem(f"the property {name!r} is not supported")
        if not ranges:
            raise PatternProblem(f"there is no property {name!r}")
        return inverse(ranges) if negative else "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges)

    # -- classes ---------------------------------------------------------------------------------------------------

    def characters(self) -> Piece:
        """A class, its [ taken already."""
        negative = self.take("^")
        parts: list[str] = []
        first = True
        while first or not self.peek("]"):
            if self.done:
                raise PatternProblem("a [ without its ]")
            first = False
            if self.take("[:"):
                word = self.until(":]")
                inverse = word.startswith("^")
                inside = POSIX.get(word.lstrip("^"))
                if inside is None:
                    raise PatternProblem(f"there is no class [:{word}:]")
                parts.append(outside(inside) if inverse else inside)
                continue
            low = self.member()
            if not isinstance(low, int):
                parts.append(low)
                continue
            if self.peek("-") and not self.pattern.startswith("-]", self.at):
                self.at += 1
                high = self.member()
                if not isinstance(high, int):
                    parts += [escaped(low), r"\-", high]
                    continue
                if high < low:
                    raise PatternProblem("a range of characters is out of order")
                parts.append(f"{escaped(low)}-{escaped(high)}")
            else:
                parts.append(escaped(low))
        self.at += 1
        return self.cased(f"[{'^' if negative else ''}{''.join(parts)}]")

    def member(self) -> int | str:
        """One character of a class as its code, or the inside of a set such as `\\d`."""
        character = self.next()
        if character != "\\":
            return ord(character)
        character = self.next()
        if character.lower() in SETS:
            inside = SETS[character.lower()]
            return inside if character.islower() else outside(inside)
        if character in "pP":
            inside = self.property(character == "P")
            return inside if not inside.startswith("^") else ""
        return 8 if character == "b" else self.code(character)
