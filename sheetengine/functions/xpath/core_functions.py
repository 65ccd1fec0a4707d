"""The core functions of XPath 1.0, by name: the least and the most arguments, and what is called with them."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final, TypeAlias

from sheetengine.functions.xpath.values import At, Value, nodes_of, number, string, truth


def _substring(text: str, first: float, length: float = math.inf) -> str:
    begin = math.floor(first + 0.5) if math.isfinite(first) else first
    end = begin + (math.floor(length + 0.5) if math.isfinite(length) else length)
    return "".join(character for place, character in enumerate(text, 1) if begin <= place < end)


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _round(number: float) -> float:
    return float(math.floor(number + 0.5)) if math.isfinite(number) else number


_Function: TypeAlias = "tuple[int, int, Callable[..., Value]]"
FUNCTIONS: Final[dict[str, _Function]] = {
    "position": (0, 0, lambda at: float(at.position)),
    "last": (0, 0, lambda at: float(at.size)),
    "true": (0, 0, lambda at: True),
    "false": (0, 0, lambda at: False),
    "count": (1, 1, lambda at, nodes: float(len(nodes_of(nodes)))),
    "sum": (1, 1, lambda at, nodes: sum((number(node.string()) for node in nodes_of(nodes)), 0.0)),
    "name": (0, 1, lambda at, nodes=None: _name(at, nodes)),
    "local-name": (0, 1, lambda at, nodes=None: _local(_name(at, nodes))),
    "string": (0, 1, lambda at, value=None: at.node.string() if value is None else string(value)),
    "number": (0, 1, lambda at, value=None: number(at.node.string() if value is None else value)),
    "boolean": (1, 1, lambda at, value: truth(value)),
    "not": (1, 1, lambda at, value: not truth(value)),
    "concat": (2, 99, lambda at, *values: "".join(map(string, values))),
    "contains": (2, 2, lambda at, text, part: string(part) in string(text)),
    "starts-with": (2, 2, lambda at, text, part: string(text).startswith(string(part))),
    "substring-before": (2, 2, lambda at, text, part: _before(string(text), string(part))),
    "substring-after": (2, 2, lambda at, text, part: _after(string(text), string(part))),
    "substring": (2, 3, lambda at, text, *rest: _substring(string(text), *map(number, rest))),
    "string-length": (0, 1, lambda at, text=None: float(len(at.node.string() if text is None else string(text)))),
    "normalize-space": (0, 1, lambda at, text=None: " ".join((at.node.string() if text is None else string(text)).split())),
    "translate": (3, 3, lambda at, text, old, new: _translated(string(text), string(old), string(new))),
    "floor": (1, 1, lambda at, value: _whole(math.floor, number(value))),
    "ceiling": (1, 1, lambda at, value: _whole(math.ceil, number(value))),
    "round": (1, 1, lambda at, value: _round(number(value))),
}


def _name(at: At, nodes: Value | None) -> str:
    found = [at.node] if nodes is None else nodes_of(nodes)
    return found[0].name if found else ""


def _before(text: str, part: str) -> str:
    return text.partition(part)[0] if part and part in text else ""


def _after(text: str, part: str) -> str:
    return text.partition(part)[2] if part and part in text else "" if part else text


def _translated(text: str, old: str, new: str) -> str:
    table: dict[int, str | None] = {}
    for place, character in enumerate(old):
        table.setdefault(ord(character), new[place] if place < len(new) else None)
    return text.translate(table)


def _whole(rounding: Callable[[float], int], number: float) -> float:
    return float(rounding(number)) if math.isfinite(number) else number
