"""Expressions of XPath read and evaluated.

In: a tree and an expression. Out: the nodes it selects in document order, or `XPathProblem`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from sheetengine.functions.xml_tree import XmlNode
from sheetengine.functions.xpath.core_functions import FUNCTIONS
from sheetengine.functions.xpath.steps import AXES, KIND_TESTS, filtered, step
from sheetengine.functions.xpath.values import At, Expression, Value, XPathProblem, arithmetic, compare, nodes_of, number, truth

_MOST_STEPS: Final = 2_000_000
"""Nodes an evaluation may look at."""
_DEEPEST: Final = 60


def select(root: XmlNode, expression: str) -> list[XmlNode]:
    """The nodes an expression selects.

    >>> from sheetengine.functions.xml_tree import parse_xml
    >>> [node.string() for node in select(parse_xml("<r><s>1</s><s>2</s></r>"), "/r/s[last()]")]
    ['2']
    """
    found = _compiled(expression)(At(root, 1, 1, [_MOST_STEPS]))
    if not isinstance(found, list):
        raise XPathProblem("the XPath gives a value, no nodes")
    return found


_TOKEN: Final = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d*)?|\.\d+)|(?P<text>\"[^\"]*\"|'[^']*')|(?P<sign>::|//|\.\.|<=|>=|!=|[/.@()\[\],|+\-=<>*$])"
    r"|(?P<name>[^\W\d][\w.\-]*(?::(?!:)[^\W\d][\w.\-]*|:\*)?))"
)
_LEVELS: Final = (("or",), ("and",), ("=", "!="), ("<=", "<", ">=", ">"), ("+", "-"), ("*", "div", "mod"))


@lru_cache(maxsize=512)
def _compiled(text: str) -> Expression:
    reader = _Reader(text)
    found = reader.binary(0, 0)
    if reader.token:
        raise XPathProblem(f"{reader.token!r} does not fit into the XPath")
    return found


class _Reader:
    """Recursive descent over the tokens of an expression."""

    def __init__(self, text: str) -> None:
        self.tokens: list[tuple[str, str]] = []
        at = 0
        while text[at:].strip():
            match = _TOKEN.match(text, at)
            if match is None:
                raise XPathProblem(f"{text[at : at + 20]!r} does not fit into the XPath")
            kind = match.lastgroup or ""
            self.tokens.append((kind, match[kind]))
            at = match.end()
        self.at = 0

    @property
    def token(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    @property
    def kind(self) -> str:
        return self.tokens[self.at][0] if self.at < len(self.tokens) else ""

    def ahead(self, count: int = 1) -> str:
        return self.tokens[self.at + count][1] if self.at + count < len(self.tokens) else ""

    def take(self, token: str) -> bool:
        if self.token != token or self.kind == "text":
            return False
        self.at += 1
        return True

    def want(self, token: str) -> None:
        if not self.take(token):
            raise XPathProblem(f"{token} is missing in the XPath")

    def binary(self, level: int, depth: int) -> Expression:
        if depth > _DEEPEST:
            raise XPathProblem("the XPath nests too deep")
        if level == len(_LEVELS):
            return self.unary(depth)
        left = self.binary(level + 1, depth)
        while self.kind in ("sign", "name") and self.token in _LEVELS[level]:
            operator = self.token
            self.at += 1
            left = _operation(operator, left, self.binary(level + 1, depth))
        return left

    def unary(self, depth: int) -> Expression:
        if self.take("-"):
            inner = self.unary(depth + 1)
            return lambda at: -number(inner(at))
        left = self.path(depth)
        while self.take("|"):
            left = _union(left, self.path(depth))
        return left

    def path(self, depth: int) -> Expression:
        """A filter expression, a location path, or the one going on from the other."""
        kind, token = self.kind, self.token
        if kind == "number":
            self.at += 1
            number = float(token)
            return self.onward(lambda at: number, depth)
        if kind == "text":
            self.at += 1
            text = token[1:-1]
            return self.onward(lambda at: text, depth)
        if token == "(":
            self.at += 1
            inner = self.binary(0, depth + 1)
            self.want(")")
            return self.onward(inner, depth)
        if kind == "name" and self.ahead() == "(" and token not in KIND_TESTS and token != "node":
            return self.onward(self.call(depth), depth)
        if self.take("//"):
            return self.relative(step(_root, "descendant-or-self", _any, []), depth)
        if self.take("/"):
            return self.relative(_root, depth) if self.starts_step() else _root
        return self.relative(_here, depth)

    def onward(self, before: Expression, depth: int) -> Expression:
        for predicate in self.predicates(depth):
            before = _kept(before, predicate)
        if self.take("//"):
            return self.relative(step(before, "descendant-or-self", _any, []), depth)
        return self.relative(before, depth) if self.take("/") else before

    def starts_step(self) -> bool:
        return self.kind == "name" or self.token in ("@", ".", "..", "*")

    def relative(self, before: Expression, depth: int) -> Expression:
        while True:
            before = self.step(before, depth)
            if self.take("//"):
                before = step(before, "descendant-or-self", _any, [])
            elif not self.take("/"):
                return before

    def step(self, before: Expression, depth: int) -> Expression:
        if self.take("."):
            return step(before, "self", _any, [])
        if self.take(".."):
            return step(before, "parent", _any, [])
        axis = "child"
        if self.take("@"):
            axis = "attribute"
        elif self.ahead() == "::":
            axis = self.token
            if axis not in AXES:
                raise XPathProblem(f"there is no axis {axis!r}")
            self.at += 2
        return step(before, axis, self.test("attribute" if axis == "attribute" else "element"), self.predicates(depth))

    def test(self, principal: str) -> Callable[[XmlNode], bool]:
        token, kind = self.token, self.kind
        if token == "*" and kind == "sign":
            self.at += 1
            return lambda node: node.kind == principal
        if kind != "name":
            raise XPathProblem(f"{token or 'the end'!r} stands where the XPath needs the name of a node")
        self.at += 1
        if self.take("("):
            self.want(")")
            if token == "node":
                return _any
            wanted = KIND_TESTS.get(token)
            if wanted is None:
                raise XPathProblem(f"{token}() is no test of a node")
            return lambda node: node.kind == wanted
        if token.endswith(":*"):
            return lambda node: node.kind == principal and node.name.startswith(token[:-1])
        return lambda node: node.kind == principal and node.name == token

    def predicates(self, depth: int) -> list[Expression]:
        found = []
        while self.take("["):
            found.append(self.binary(0, depth + 1))
            self.want("]")
        return found

    def call(self, depth: int) -> Expression:
        name = self.token
        self.at += 2
        arguments: list[Expression] = []
        if not self.take(")"):
            arguments.append(self.binary(0, depth + 1))
            while self.take(","):
                arguments.append(self.binary(0, depth + 1))
            self.want(")")
        least, most, body = FUNCTIONS.get(name, (0, -1, lambda at: ""))
        if not least <= len(arguments) <= most:
            raise XPathProblem(f"there is no function {name}() of {len(arguments)} arguments")
        return lambda at: body(at, *[argument(at) for argument in arguments])


def _any(node: XmlNode) -> bool:
    return True


def _here(at: At) -> Value:
    return [at.node]


def _root(at: At) -> Value:
    node = at.node
    while node.parent is not None:
        node = node.parent
    return [node]


def _kept(before: Expression, predicate: Expression) -> Expression:
    return lambda at: filtered(nodes_of(before(at)), predicate, at)


def _union(left: Expression, right: Expression) -> Expression:
    def both(at: At) -> Value:
        found = {node.order: node for node in (*nodes_of(left(at)), *nodes_of(right(at)))}
        return [found[order] for order in sorted(found)]

    return both


def _operation(operator: str, left: Expression, right: Expression) -> Expression:
    if operator == "or":
        return lambda at: truth(left(at)) or truth(right(at))
    if operator == "and":
        return lambda at: truth(left(at)) and truth(right(at))
    if operator in ("=", "!=", "<", "<=", ">", ">="):
        return lambda at: compare(operator, left(at), right(at))
    return lambda at: arithmetic(operator, number(left(at)), number(right(at)))


__all__ = ["XPathProblem", "select"]
