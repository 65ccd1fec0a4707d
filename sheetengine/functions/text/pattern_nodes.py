"""The tree of a regular expression. Flags are resolved: each leaf is a piece of Python's syntax that stands on its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class One:
    """One character: a literal, a class, a dot."""

    source: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place, no character: `^`, `$`, a word boundary, a look behind."""

    source: str


@dataclass(frozen=True, slots=True)
class Chain:
    """Pieces one after the other."""

    items: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """Alternatives, the first that fits wins."""

    items: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A group; `number` where it captures."""

    inner: Piece
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Repeat:
    """A quantifier; `most` None is without bound, `mode` is "" (greedy), "?" (lazy) or "+" (possessive)."""

    inner: Piece
    least: int
    most: int | None
    mode: str


@dataclass(frozen=True, slots=True)
class Ahead:
    """A look ahead."""

    inner: Piece
    negative: bool


@dataclass(frozen=True, slots=True)
class Atomic:
    """A group that is not entered again once it has fitted."""

    inner: Piece


@dataclass(frozen=True, slots=True)
class Again:
    """What a group has captured, once more."""

    number: int
    ignore_case: bool


Piece: TypeAlias = One | Anchor | Chain | Choice | Group | Repeat | Ahead | Atomic | Again


def source_of(piece: Piece) -> str:
    """The piece in Python's syntax."""
    match piece:
        case One(source) | Anchor(source):
            return source
        case Chain(items):
            return "".join(source_of(item) if not isinstance(item, Choice) else f"(?:{source_of(item)})" for item in items)
        case Choice(items):
            return "|".join(source_of(item) for item in items)
        case Group(inner, number):
            return f"({source_of(inner)})" if number is not None else f"(?:{source_of(inner)})"
        case Repeat(inner, least, most, mode):
            body = source_of(inner)
            if not isinstance(inner, One | Group | Atomic):
                body = f"(?:{body})"
            return f"{body}{{{least},{'' if most is None else most}}}{mode}"
        case Ahead(inner, negative):
            return f"(?{'!' if negative else '='}{source_of(inner)})"
        case Atomic(inner):
            return f"(?>{source_of(inner)})"
        case Again(number, ignore_case):
            return f"(?i:\\{number})" if ignore_case else f"(?:\\{number})"


_MANY_LOOPS = 3


def is_risky(piece: Piece) -> bool:
    """Whether backtracking may take more than a few passes over the text: loops of what varies, or many loops in a row."""
    return _loops(piece) > _MANY_LOOPS


def _loops(piece: Piece) -> int:
    match piece:
        case Chain(items):
            return sum(map(_loops, items))
        case Choice(items):
            return max(map(_loops, items), default=0)
        case Group(inner, _) | Ahead(inner, _) | Atomic(inner):
            return _loops(inner)
        case Repeat(inner, _, most, _):
            if most is not None and most <= 1:
                return _loops(inner)
            return _MANY_LOOPS + 1 if _varies(inner) else 1
    return 0


def _varies(piece: Piece) -> bool:
    """Whether it may fit in more than one way at a place."""
    match piece:
        case Chain(items):
            return any(map(_varies, items))
        case Group(inner, _) | Ahead(inner, _) | Atomic(inner):
            return _varies(inner)
    return isinstance(piece, Choice | Repeat | Again)
