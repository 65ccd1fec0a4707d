r"""Regular expressions as Excel's REGEX functions take them, read into a tree.

In: a pattern in the syntax of PCRE2. Out: its tree and the names of its groups, or `PatternProblem`. What Python's `re` writes otherwise
is translated: `\h`, `\R`, `\z`, POSIX and Unicode classes, `\Q…\E`, named groups, flags in the middle, alternatives of several
lengths in a look behind. What it cannot do is refused: recursion, conditions, `\K`, `\G`, callouts, scripts as properties.
`\d`, `\w`, `\s` and `\b` know ASCII alone, as in PCRE2 without UCP.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

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
    source_of,
)


class PatternProblem(Exception):
    """Why a pattern cannot be used."""


_SETS: Final = {
    "d": "0-9",
    "w": "A-Za-z0-9_",
    "s": r"\t\n\x0b\x0c\r\x20",
    "h": r"\t\x20\xa0\u1680\u180e\u2000-\u200a\u202f\u205f\u3000",
    "v": r"\n\x0b\x0c\r\x85\u2028\u2029",
}
_POSIX: Final = {
    "alpha": "A-Za-z", "digit": "0-9", "alnum": "A-Za-z0-9", "upper": "A-Z", "lower": "a-z", "space": _SETS["s"], "blank": r"\t\x20",
    "punct": r"!-/:-@\[-`{-~", "xdigit": "0-9A-Fa-f", "word": _SETS["w"], "cntrl": r"\x00-\x1f\x7f", "graph": "!-~", "print": r"\x20-~",
    "ascii": r"\x00-\x7f",
}  # fmt: skip
_CONTROLS: Final = {"a": 7, "e": 27, "f": 12, "n": 10, "r": 13, "t": 9}
_WORD: Final = "[A-Za-z0-9_]"
_ANCHORS: Final = {
    "b": f"(?:(?<={_WORD})(?!{_WORD})|(?<!{_WORD})(?={_WORD}))",
    "B": f"(?:(?<={_WORD})(?={_WORD})|(?<!{_WORD})(?!{_WORD}))",
    "A": r"\A",
    "Z": r"(?=\n?\Z)",
    "z": r"\Z",
}
_LAST: Final = 0x10FFFF
_MOST_REPEATS: Final = 65_535
_DEEPEST: Final = 100


def parse(pattern: str, ignore_case: bool) -> tuple[Piece, dict[str, int]]:
    """The tree of a pattern and the numbers of its named groups."""
    reader = _Reader(pattern, "i" if ignore_case else "")
    tree = reader.alternatives(0)
    if not reader.done:
        raise PatternProblem("a ) without its (")
    return tree, reader.names


class _Reader:
    def __init__(self, pattern: str, flags: str) -> None:
        self.pattern = pattern
        self.at = 0
        self.flags = frozenset(flags)
        self.groups = 0
        self.names: dict[str, int] = {}

    @property
    def done(self) -> bool:
        return self.at >= len(self.pattern)

    def peek(self, text: str) -> bool:
        return self.pattern.startswith(text, self.at)

    def take(self, text: str) -> bool:
        if not self.peek(text):
            return False
        self.at += len(text)
        return True

    def next(self) -> str:
        if self.done:
            raise PatternProblem("the pattern breaks off")
        self.at += 1
        return self.pattern[self.at - 1]

    def until(self, end: str) -> str:
        place = self.pattern.find(end, self.at)
        if place < 0:
            raise PatternProblem(f"{end!r} is missing")
        text, self.at = self.pattern[self.at : place], place + len(end)
        return text

    # -- structure -------------------------------------------------------------------------------------------------

    def alternatives(self, depth: int) -> Piece:
        """Up to the end or to the `)` of the group; flags that are set inside hold to its end."""
        if depth > _DEEPEST:
            raise PatternProblem("groups nest too deep")
        outer = self.flags
        found = [self.chain(depth)]
        while self.take("|"):
            found.append(self.chain(depth))
        self.flags = outer
        return found[0] if len(found) == 1 else Choice(tuple(found))

    def chain(self, depth: int) -> Piece:
        items: list[Piece] = []
        while not self.done and not self.peek("|") and not self.peek(")"):
            if "x" in self.flags and self.skip_space():
                continue
            if self.take(r"\Q"):
                place = self.pattern.find(r"\E", self.at)
                quoted = self.pattern[self.at :] if place < 0 else self.pattern[self.at : place]
                self.at = len(self.pattern) if place < 0 else place + 2
                items += [self.literal(character) for character in quoted]
                if items and quoted:
                    items[-1] = self.quantified(items[-1])
                continue
            if self.take(r"\E"):
                continue
            piece = self.piece(depth)
            if piece is not None:
                items.append(self.quantified(piece))
        return items[0] if len(items) == 1 else Chain(tuple(items))

    def skip_space(self) -> bool:
        if self.pattern[self.at] in " \t\n\r\x0b\x0c":
            self.at += 1
            return True
        if self.take("#"):
            place = self.pattern.find("\n", self.at)
            self.at = len(self.pattern) if place < 0 else place + 1
            return True
        return False

    def quantified(self, piece: Piece) -> Piece:
        while "x" in self.flags and not self.done and self.skip_space():
            pass
        bounds = self.bounds()
        if bounds is None:
            return piece
        if isinstance(piece, Anchor):
            # A place that is there is there however often.
            return piece if bounds[0] else Chain(())
        mode = "?" if self.take("?") else "+" if self.take("+") else ""
        repeated = Repeat(piece, bounds[0], bounds[1], mode)
        if self.bounds() is not None:
            raise PatternProblem("two quantifiers in a row")
        return repeated

    def bounds(self) -> tuple[int, int | None] | None:
        for sign, least, most in (("*", 0, None), ("+", 1, None), ("?", 0, 1)):
            if self.take(sign):
                return least, most
        match = re.compile(r"\{(\d{1,5})(?:(,)(\d{0,5}))?\}").match(self.pattern, self.at)
        if match is None:
            return None
        self.at = match.end()
        least = int(match[1])
        upper = least if match[2] is None else int(match[3]) if match[3] else None
        if least > _MOST_REPEATS or (upper is not None and (upper > _MOST_REPEATS or upper < least)):
            raise PatternProblem("the numbers of a quantifier are out of order or too large")
        return least, upper

    def piece(self, depth: int) -> Piece | None:
        character = self.next()
        match character:
            case "(":
                return self.group(depth)
            case "[":
                return self.characters()
            case "\\":
                return self.escape()
            case ".":
                return One("(?s:.)" if "s" in self.flags else r"[^\n]")
            case "^":
                return Anchor("(?m:^)" if "m" in self.flags else r"\A")
            case "$":
                return Anchor("(?m:$)" if "m" in self.flags else r"(?=\n?\Z)")
            case "*" | "+" | "?":
                raise PatternProblem(f"nothing stands before {character}")
        return self.literal(character)

    def literal(self, character: str) -> Piece:
        return self.cased(re.escape(character), character)

    def cased(self, source: str, text: str = "a") -> One:
        return One(f"(?i:{source})" if "i" in self.flags and text.lower() != text.upper() else source)

    # -- groups ----------------------------------------------------------------------------------------------------

    def group(self, depth: int) -> Piece | None:
        if self.take("*"):
            raise PatternProblem("verbs are not supported")
        if not self.take("?"):
            return self.closed(self.capture(None), depth)
        if self.take("#"):
            self.until(")")
            return None
        if self.take(":"):
            return Group(self.rest(depth))
        if self.take("="):
            return Ahead(self.rest(depth), False)
        if self.take("!"):
            return Ahead(self.rest(depth), True)
        if self.take("<="):
            return self.behind(False, depth)
        if self.take("<!"):
            return self.behind(True, depth)
        if self.take(">"):
            return Atomic(self.rest(depth))
        if self.take("P="):
            return self.again(self.until(")"))
        for start, end in (("P<", ">"), ("<", ">"), ("'", "'")):
            if self.take(start):
                return self.closed(self.capture(self.until(end)), depth)
        return self.flag_group(depth)

    def capture(self, name: str | None) -> int:
        self.groups += 1
        if name is not None:
            if not re.fullmatch(r"[^\W\d]\w{0,127}", name, re.ASCII) or name in self.names:
                raise PatternProblem(f"{name!r} cannot name a group")
            self.names[name] = self.groups
        return self.groups

    def closed(self, number: int, depth: int) -> Piece:
        return Group(self.rest(depth), number)

    def rest(self, depth: int) -> Piece:
        inner = self.alternatives(depth + 1)
        if not self.take(")"):
            raise PatternProblem("a ( without its )")
        return inner

    def behind(self, negative: bool, depth: int) -> Piece:
        """Python wants one length in a look behind; alternatives of several lengths become several of them."""
        inner = self.rest(depth)
        while isinstance(inner, Group) and inner.number is None:
            inner = inner.inner
        choices = inner.items if isinstance(inner, Choice) else (inner,)
        if negative:
            return Anchor("".join(f"(?<!{source_of(choice)})" for choice in choices))
        return Anchor("(?:" + "|".join(f"(?<={source_of(choice)})" for choice in choices) + ")")

    def flag_group(self, depth: int) -> Piece | None:
        match = re.compile(r"(\^?)([imsx]*)(?:-([imsx]*))?([:)])").match(self.pattern, self.at)
        if match is None:
            raise PatternProblem("this kind of group is not supported")
        self.at = match.end()
        before = self.flags
        self.flags = ((frozenset() if match[1] else before) | frozenset(match[2])) - frozenset(match[3] or "")
        if match[4] == ")":
            return None
        inner = self.rest(depth)
        self.flags = before
        return Group(inner)

    def again(self, name: str) -> Piece:
        """What a group before this place has captured."""
        if re.fullmatch(r"-?\d+", name, re.ASCII):
            number = int(name)
            number = number if number >= 0 else self.groups + 1 + number
        else:
            number = self.names.get(name, 0)
        if not 1 <= number <= self.groups:
            raise PatternProblem(f"there is no group {name} before this place")
        return Again(number, "i" in self.flags)

    # -- escapes ---------------------------------------------------------------------------------------------------

    def escape(self) -> Piece:
        character = self.next()
        if character in _ANCHORS:
            return Anchor(_ANCHORS[character])
        if character.lower() in _SETS:
            inside = _SETS[character.lower()]
            return One(f"[{inside}]" if character.islower() else f"[^{inside}]")
        match character:
            case "N":
                return One(r"[^\n]")
            case "R":
                return Atomic(Choice((Chain((One(r"\r"), One(r"\n"))), One(f"[{_SETS['v']}]"))))
            case "p" | "P":
                return self.cased(f"[{self.property(character == 'P')}]")
            case "k":
                for start, end in (("<", ">"), ("'", "'"), ("{", "}")):
                    if self.take(start):
                        return self.again(self.until(end))
                raise PatternProblem(r"\k wants a name")
            case "g":
                if self.take("{"):
                    return self.again(self.until("}"))
                match = re.compile(r"-?\d+").match(self.pattern, self.at)
                if match is None:
                    raise PatternProblem(r"\g wants a number; subroutines are not supported")
                self.at = match.end()
                return self.again(match[0])
            case "K" | "G" | "C" | "X":
                raise PatternProblem(f"\\{character} is not supported")
        if character in "123456789":
            match = re.compile(r"\d*").match(self.pattern, self.at)
            digits = character + (match[0] if match else "")
            if int(digits) < 10 or int(digits) <= self.groups:
                self.at += len(digits) - 1
                return self.again(digits)
        return self.literal(chr(self.code(character)))

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
        try:
            code = int(digits, base)
        except ValueError:
            raise PatternProblem(f"{digits!r} is no code of a character") from None
        if not 0 <= code <= _LAST:
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
            ranges = _category("Lu") + _category("Ll") + _category("Lt")
        elif re.fullmatch(r"[A-Z][a-z]?", name):
            ranges = _category(name)
        else:
            raise PatternProblem(f"the property {name!r} is not supported")
        if not ranges:
            raise PatternProblem(f"there is no property {name!r}")
        return _inverse(ranges) if negative else "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges)

    # -- classes ---------------------------------------------------------------------------------------------------

    def characters(self) -> Piece:
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
                inside = _POSIX.get(word.lstrip("^"))
                if inside is None:
                    raise PatternProblem(f"there is no class [:{word}:]")
                parts.append(_outside(inside) if inverse else inside)
                continue
            low = self.member()
            if not isinstance(low, int):
                parts.append(low)
                continue
            if self.peek("-") and not self.pattern.startswith("-]", self.at):
                self.at += 1
                high = self.member()
                if not isinstance(high, int):
                    parts += [_escaped(low), r"\-", high]
                    continue
                if high < low:
                    raise PatternProblem("a range of characters is out of order")
                parts.append(f"{_escaped(low)}-{_escaped(high)}")
            else:
                parts.append(_escaped(low))
        self.at += 1
        return self.cased(f"[{'^' if negative else ''}{''.join(parts)}]")

    def member(self) -> int | str:
        """One character of a class as its code, or the inside of a set such as `\\d`."""
        character = self.next()
        if character != "\\":
            return ord(character)
        character = self.next()
        if character.lower() in _SETS:
            inside = _SETS[character.lower()]
            return inside if character.islower() else _outside(inside)
        if character in "pP":
            inside = self.property(character == "P")
            return inside if not inside.startswith("^") else ""
        return 8 if character == "b" else self.code(character)


def _escaped(code: int) -> str:
    return f"\\U{code:08x}"


# -- sets of characters ----------------------------------------------------------------------------------------------------

Ranges = tuple[tuple[int, int], ...]


@lru_cache(maxsize=1)
def _categories() -> dict[str, Ranges]:
    """The ranges of each general category, of one letter and of two."""
    runs: dict[str, list[list[int]]] = {}
    for code in range(_LAST + 1):
        category = unicodedata.category(chr(code))
        for name in (category[0], category):
            known = runs.setdefault(name, [])
            if known and known[-1][1] == code - 1:
                known[-1][1] = code
            else:
                known.append([code, code])
    return {name: tuple((first, last) for first, last in known) for name, known in runs.items()}


def _category(name: str) -> Ranges:
    return _categories().get(name, ())


def _inverse(ranges: Ranges) -> str:
    parts, free = [], 0
    for first, last in sorted(ranges):
        if first > free:
            parts.append(f"{_escaped(free)}-{_escaped(first - 1)}")
        free = max(free, last + 1)
    if free <= _LAST:
        parts.append(f"{_escaped(free)}-{_escaped(_LAST)}")
    return "".join(parts)


@lru_cache(maxsize=64)
def _outside(inside: str) -> str:
    """The inside of the class of all characters that a class does not hold; both are of characters below U+3001."""
    test = re.compile(f"[{inside}]")
    ranges = tuple((code, code) for code in range(0x3001) if test.match(chr(code)))
    return _inverse(ranges)


__all__ = ["PatternProblem", "parse"]
