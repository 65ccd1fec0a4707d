"""Going through a bound tree without recursion, and what can be told from its nodes alone.

In: a bound tree. Out: its nodes, the slots it reads. Every question of the kind "does anything in this formula …" is asked here, so that
a new kind of node is made known in one place.
"""

from __future__ import annotations

from collections.abc import Iterator

from sheetengine.compiler import bound as b


def children(tree: b.Bound) -> tuple[b.Bound, ...]:
    """The nodes directly below one, in the order of the text."""
    match tree:
        case b.Negation(operand) | b.Percentage(operand) | b.Implicit(operand) | b.SpillReference(operand):
            return (operand,)
        case b.Arithmetic(_, left, right) | b.Comparison(_, left, right) | b.Joining(left, right):
            return (left, right)
        case b.Run(first, steps):
            return (first, *[right for _, right in steps])
        case b.ReferenceOperation(_, items):
            return items
        case b.FunctionCall(_, arguments) | b.LazyCall(_, arguments):
            return arguments
        case b.Let(_, values, body):
            return (*values, body)
        case b.LambdaExpression(body=body):
            return (body,)
        case b.Application(function, arguments):
            return (function, *arguments)
    return ()


def walk(tree: b.Bound) -> Iterator[b.Bound]:
    """Every node of a tree, each before those below it."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(children(node)))


def slots_of(tree: b.Bound) -> frozenset[int]:
    """The slots a tree reads. What its own names of LET and LAMBDA stand for is among them, what those around it stand for is not."""
    return frozenset(node.index for node in walk(tree) if isinstance(node, b.SlotConstant | b.CellRead | b.AreaRead))


def names_locals(tree: b.Bound) -> bool:
    """Whether what a tree gives may depend on names of LET or LAMBDA around it, so that its slots do not say when it changes."""
    return any(isinstance(node, b.Local | b.Let | b.LambdaExpression) for node in walk(tree))
