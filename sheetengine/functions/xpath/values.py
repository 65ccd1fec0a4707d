"""The values of XPath: sets of nodes, numbers, texts and truths; how they turn into each other, compare and count.

In: values. Out: values; `XPathProblem` where a set of nodes is wanted and something else is given. Source: XPath 1.0, 3 and 4.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Final, TypeAlias

from sheetengine.functions.xml_tree import XmlNode

Value: TypeAlias = "list[XmlNode] | float | str | bool"


class XPathProblem(Exception):
    """Why an expression selects nothing: it is none, or asks for too much."""


class At:
    """Where an expression is evaluated: a node, its place among how many, and the steps that are left."""

    __slots__ = ("budget", "node", "position", "size")

    def __init__(self, node: XmlNode, position: int, size: int, budget: list[int]) -> None:
        self.node = node
        self.position = position
        self.size = size
        self.budget = budget


Expression: TypeAlias = Callable[[At], Value]


def nodes_of(value: Value) -> list[XmlNode]:
    """The nodes that a value is."""
    if not isinstance(value, list):
        raise XPathProblem("a set of nodes is wanted")
    return value


def string(value: Value) -> str:
    """A value as a text: of nodes the first."""
    if isinstance(value, list):
        return value[0].string() if value else ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if math.isnan(value):
            return "NaN"
        if math.isinf(value):
            return "Infinity" if value > 0 else "-Infinity"
        return str(int(value)) if value == int(value) else repr(value)
    return value


def number(value: Value) -> float:
    """A value as a number, NaN where it is none."""
    if isinstance(value, bool):
        return float(value)
    if isinstance(value, float):
        return value
    text = string(value).strip(" \t\r\n")
    return float(text) if re.fullmatch(r"-?(\d+(\.\d*)?|\.\d+)", text, re.ASCII) else math.nan


def truth(value: Value) -> bool:
    """A value as a condition."""
    if isinstance(value, float):
        return value != 0.0 and not math.isnan(value)
    return bool(value)


_ORDERS: Final[dict[str, Callable[[float, float], bool]]] = {
    "<": lambda a, b: a < b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b, ">=": lambda a, b: a >= b,
}  # fmt: skip


def compare(operator: str, left: Value, right: Value) -> bool:
    """The six comparisons; a set of nodes compares as any of them does."""
    if isinstance(left, list) and not isinstance(right, bool):
        return any(compare(operator, node.string(), right) for node in left)
    if isinstance(right, list) and not isinstance(left, bool):
        return any(compare(operator, left, node.string()) for node in right)
    if operator in _ORDERS:
        return _ORDERS[operator](number(left), number(right))
    if isinstance(left, bool) or isinstance(right, bool):
        same = truth(left) == truth(right)
    elif isinstance(left, float) or isinstance(right, float):
        same = number(left) == number(right)
    else:
        same = string(left) == string(right)
    return same == (operator == "=")


def arithmetic(operator: str, left: float, right: float) -> float:
    """`+ - * div mod` as IEEE 754 has them."""
    if operator == "+":
        return left + right
    if operator == "-":
        return left - right
    if operator == "*":
        return left * right
    if right == 0.0 or math.isnan(left) or math.isnan(right):
        if operator == "mod" or left == 0.0 or math.isnan(left) or math.isnan(right):
            return math.nan
        return math.copysign(math.inf, left) * math.copysign(1.0, right)
    return left / right if operator == "div" else math.nan if math.isinf(left) else math.fmod(left, right)
