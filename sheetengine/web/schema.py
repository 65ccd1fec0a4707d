"""What a message may hold, said as values: small checks that compose.

In: plain JSON values. Out: the same as typed, immutable Python values. Invariant: a check either gives a value of its type or raises
`BadMessage` naming the field; it never converts a text to a number or drops what it does not know.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

T = TypeVar("T")
Check = Callable[[object, str], T]


class BadMessage(ValueError):
    """A message that the protocol does not have; the text says which field and why."""


def integer(low: int, high: int) -> Check[int]:
    """A whole number within bounds."""

    def check(value: object, where: str) -> int:
        if type(value) is not int or not low <= value <= high:
            raise BadMessage(f"{where} is a whole number from {low} to {high}")
        return value

    return check


def number(low: float, high: float) -> Check[float]:
    """A number within bounds; NaN lies outside of all bounds."""

    def check(value: object, where: str) -> float:
        if type(value) not in (int, float) or not low <= value <= high:  # type: ignore[operator]  # a number by the first test
            raise BadMessage(f"{where} is a number from {low:g} to {high:g}")
        return float(value)  # type: ignore[arg-type]  # as above

    return check


def text(most: int) -> Check[str]:
    """A text of bounded length."""

    def check(value: object, where: str) -> str:
        if type(value) is not str or len(value) > most:
            raise BadMessage(f"{where} is a text of at most {most:,} characters")
        return value

    return check


def boolean(value: object, where: str) -> bool:
    """true or false."""
    if type(value) is not bool:
        raise BadMessage(f"{where} is true or false")
    return value


def one_of(*choices: str) -> Check[str]:
    """One of some words."""

    def check(value: object, where: str) -> str:
        if type(value) is not str or value not in choices:
            raise BadMessage(f"{where} is one of {', '.join(choices)}")
        return value

    return check


def list_of(item: Check[T], most: int, least: int = 0) -> Check[tuple[T, ...]]:
    """A list of bounded length."""

    def check(value: object, where: str) -> tuple[T, ...]:
        if type(value) is not list or not least <= len(value) <= most:
            raise BadMessage(f"{where} is a list of {least} to {most:,} elements")
        return tuple([item(one, where) for one in value])

    return check


def row_of(*items: Check[Any]) -> Check[tuple[Any, ...]]:  # Any: each element has the type of its own check
    """A list of exactly these elements."""

    def check(value: object, where: str) -> tuple[Any, ...]:
        if type(value) is not list or len(value) != len(items):
            raise BadMessage(f"{where} is a list of {len(items)} elements")
        return tuple([item(one, where) for item, one in zip(items, value, strict=True)])

    return check


class Schema:
    """The fields of one message: all must be there, and no others, but `id`, which every message has."""

    def __init__(self, make: Callable[..., Any], **fields: Check[Any]) -> None:
        self.make = make
        self.fields = fields

    def read(self, kind: str, message: Mapping[str, object]) -> Any:  # Any: what `make` makes
        """The message as its dataclass."""
        unknown = message.keys() - self.fields.keys() - {"type", "id"}
        missing = self.fields.keys() - message.keys()
        if unknown or missing:
            odd = f"no field {sorted(unknown)[0]!r}" if unknown else f"a field {sorted(missing)[0]!r}"
            raise BadMessage(f"a message {kind!r} has {odd}")
        return self.make(**{name: check(message[name], f"{kind}.{name}") for name, check in self.fields.items()})
