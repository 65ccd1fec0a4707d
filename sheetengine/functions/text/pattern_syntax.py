r"""Regular expressions as Excel's REGEX functions take them, read into a tree.

In: a pattern in the syntax of PCRE2. Out: its tree and the names of its groups, or `PatternProblem`. What Python's `re` writes otherwise
is translated: `\h`, `\R`, `\z`, POSIX and Unicode classes, `\Q…\E`, named groups, flags in the middle, alternatives of several
lengths in a look behind. What it cannot do is refused: recursion, conditions, `\K`, `\G`, callouts, scripts as properties.
`\d`, `\w`, `\s` and `\b` know ASCII alone, as in PCRE2 without UCP.
"""

from __future__ import annotations

import re
from typing import Final

from sheetengine.functions.text.pattern_characters import CharacterReader, PatternProblem
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
from sheetengine.functions.text.pattern_sets import SETS

_WORD: Final = "[A-Za-z0-9_]"
_ANCHORS: Final = {
    "b": f"(?:(?<={_WORD})(?!{_WORD})|(?<!{_WORD})(?={_WORD}))",
    "B": f"(?:(?<={_WORD})(?={_WORD})|(?<!{_WORD})(?!{_WORD}))",
    "A": r"\A",
    "Z": r"(?=\n?\Z)",
    "z": r"\Z",
}
_MOST_REPEATS: Final = 65_535
_DEEPEST: Final = 100


def parse(pattern: str, ignore_case: bool) -> tuple[Piece, dict[str, int]]:
    """The tree of a pattern and the numbers of its named groups."""
    reader = _Reader(pattern, "i" if ignore_case else "")
    tree = reader.alternatives(0)
    if not reader.done:
        raise PatternProblem("a ) without its (")
    return tree, reader.names


class _Reader(CharacterReader):
    """Recursive descent over a pattern."""

    def __init__(self, pattern: str, flags: str) -> None:
        super().__init__(pattern, flags)
        self.groups = 0
        self.names: dict[str, int] = {}

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
        if character.lower() in SETS:
            inside = SETS[character.lower()]
            return One(f"[{inside}]" if character.islower() else f"[^{inside}]")
        match character:
            case "N":
                return One(r"[^\n]")
            case "R":
                return Atomic(Choice((Chain((One(r"\r"), One(r"\n"))), One(f"[{SETS['v']}]"))))
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


__all__ = ["PatternProblem", "parse"]
