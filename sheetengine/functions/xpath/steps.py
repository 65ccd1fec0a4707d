"""The steps of a path: axes, tests and predicates.

In: the expression before a step. Out: the expression with it. Every node that is looked at counts against the evaluation's budget.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from sheetengine.functions.xml_tree import XmlNode
from sheetengine.functions.xpath.values import At, Expression, Value, XPathProblem, truth


def _ancestors(node: XmlNode) -> list[XmlNode]:
    found = []
    while node.parent is not None:
        node = node.parent
        found.append(node)
    return found


def _siblings(node: XmlNode) -> list[XmlNode]:
    return [] if node.parent is None or node.kind == "attribute" else node.parent.children


def _following(node: XmlNode) -> list[XmlNode]:
    found: list[XmlNode] = []
    for own in (node, *_ancestors(node)):
        for sibling in _siblings(own):
            if sibling.order > own.order:
                found += [sibling, *sibling.descendants()]
    return found


def _preceding(node: XmlNode) -> list[XmlNode]:
    found: list[XmlNode] = []
    for own in (node, *_ancestors(node)):
        for sibling in reversed(_siblings(own)):
            if sibling.order < own.order:
                found += reversed([sibling, *sibling.descendants()])
    return found


AXES: Final[dict[str, Callable[[XmlNode], Iterable[XmlNode]]]] = {
    "child": lambda node: node.children,
    "descendant": lambda node: node.descendants(),
    "descendant-or-self": lambda node: [node, *node.descendants()],
    "self": lambda node: [node],
    "parent": lambda node: [] if node.parent is None else [node.parent],
    "ancestor": _ancestors,
    "ancestor-or-self": lambda node: [node, *_ancestors(node)],
    "attribute": lambda node: node.attributes,
    "following-sibling": lambda node: [one for one in _siblings(node) if one.order > node.order],
    "preceding-sibling": lambda node: [one for one in reversed(_siblings(node)) if one.order < node.order],
    "following": _following,
    "preceding": _preceding,
}
KIND_TESTS: Final = {"text": "text", "comment": "comment", "processing-instruction": "instruction"}


def step(before: Expression, axis: str, test: Callable[[XmlNode], bool], predicates: list[Expression]) -> Expression:
    """The expression that takes one step from where another leads."""
    walk = AXES[axis]

    def take(at: At) -> Value:
        origin = before(at)
        if not isinstance(origin, list):
            raise XPathProblem("a path goes on from what is no node")
        found: dict[int, XmlNode] = {}
        for node in origin:
            candidates = [one for one in counted(walk(node), at) if test(one)]
            for predicate in predicates:
                candidates = filtered(candidates, predicate, at)
            found.update((one.order, one) for one in candidates)
        return [found[order] for order in sorted(found)]

    return take


def counted(nodes: Iterable[XmlNode], at: At) -> Iterable[XmlNode]:
    """The nodes, each counted against the budget."""
    for node in nodes:
        at.budget[0] -= 1
        if at.budget[0] < 0:
            raise XPathProblem("the XPath takes too long")
        yield node


def filtered(nodes: list[XmlNode], predicate: Expression, at: At) -> list[XmlNode]:
    """The nodes a predicate keeps; a number is a place among them."""
    kept = []
    for position, node in enumerate(counted(nodes, at), 1):
        value = predicate(At(node, position, len(nodes), at.budget))
        if value == position if type(value) is float else truth(value):
            kept.append(node)
    return kept
