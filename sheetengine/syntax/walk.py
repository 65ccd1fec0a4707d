"""Going through a tree without recursion."""

from __future__ import annotations

from collections.abc import Iterator

from sheetengine.syntax import nodes
from sheetengine.syntax.nodes import Node


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below one, in the order of the text."""
    match node:
        case nodes.Unary(_, operand) | nodes.At(operand) | nodes.Percent(operand) | nodes.Spill(operand) | nodes.Parenthesised(operand):
            return (operand,)
        case nodes.Binary(_, left, right) | nodes.RangeOf(left, right) | nodes.Intersection(left, right):
            return (left, right)
        case nodes.Union(items):
            return items
        case nodes.Call(_, arguments):
            return arguments
        case nodes.Apply(function, arguments):
            return (function, *arguments)
    return ()


def walk(node: Node) -> Iterator[Node]:
    """Every node of a tree, each before those below it."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(children(node)))
