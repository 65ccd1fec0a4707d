"""XPath 1.0 over the trees of `xml_tree`, for FILTERXML.

In: a tree and an expression. Out: the nodes it selects in document order, or `XPathProblem`. All axes but `namespace`, predicates, the
operators and the core functions; variables and `id()` are refused. Every step evaluated counts against `_MOST_STEPS`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Final, TypeAlias

from sheetengine.functions.xml_tree import XmlNode

Value: TypeAlias = "list[XmlNode] | float | str | bool"

_MOST_STEPS: Final = 2_000_000
_DEEPEST: Final = 60


class XPathProblem(Exception):
    """Why an expression selects nothing: it is none, or asks for too much."""


def select(root: XmlNode, expression: str) -> list[XmlNode]:
    """The nodes an expression selects.

    >>> from sheetengine.functions.xml_tree import parse_xml
    >>> [node.string() for node in select(parse_xml("<r><s>1</s><s>2</s></r>"), "/r/s[last()]")]
    ['2']
    """
    found = _compiled(expression)(_At(root, 1, 1, [_MOST_STEPS]))
    if not isinstance(found, list):
        raise XPathProblem("the XPath gives a value, no nodes")
    return found


class _At:
    """Where an expression is evaluated: a node, its place among how many, and the steps that are left."""

    __slots__ = ("budget", "node", "position", "size")

    def __init__(self, node: XmlNode, position: int, size: int, budget: list[int]) -> None:
        self.node = node
        self.position = position
        self.size = size
        self.budget = budget


Expression: TypeAlias = Callable[[_At], Value]

# -- values ----------------------------------------------------------------------------------------------------------------


def _string(value: Value) -> str:
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


def _number(value: Value) -> float:
    if isinstance(value, bool):
        return float(value)
    if isinstance(value, float):
        return value
    text = _string(value).strip(" \t\r\n")
    return float(text) if re.fullmatch(r"-?(\d+(\.\d*)?|\.\d+)", text, re.ASCII) else math.nan


def _truth(value: Value) -> bool:
    if isinstance(value, float):
        return value != 0.0 and not math.isnan(value)
    return bool(value)


_ORDERS: Final[dict[str, Callable[[float, float], bool]]] = {
    "<": lambda a, b: a < b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b, ">=": lambda a, b: a >= b,
}  # fmt: skip


def _compare(operator: str, left: Value, right: Value) -> bool:
    if isinstance(left, list) and not isinstance(right, bool):
        return any(_compare(operator, node.string(), right) for node in left)
    if isinstance(right, list) and not isinstance(left, bool):
        return any(_compare(operator, left, node.string()) for node in right)
    if operator in _ORDERS:
        return _ORDERS[operator](_number(left), _number(right))
    if isinstance(left, bool) or isinstance(right, bool):
        same = _truth(left) == _truth(right)
    elif isinstance(left, float) or isinstance(right, float):
        same = _number(left) == _number(right)
    else:
        same = _string(left) == _string(right)
    return same == (operator == "=")


def _arithmetic(operator: str, left: float, right: float) -> float:
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


# -- axes --------------------------------------------------------------------------------------------------------------------


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


_AXES: Final[dict[str, Callable[[XmlNode], Iterable[XmlNode]]]] = {
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
_KIND_TESTS: Final = {"text": "text", "comment": "comment", "processing-instruction": "instruction"}


def _step(before: Expression, axis: str, test: Callable[[XmlNode], bool], predicates: list[Expression]) -> Expression:
    walk = _AXES[axis]

    def take(at: _At) -> Value:
        origin = before(at)
        if not isinstance(origin, list):
            raise XPathProblem("a path goes on from what is no node")
        found: dict[int, XmlNode] = {}
        for node in origin:
            candidates = [one for one in _counted(walk(node), at) if test(one)]
            for predicate in predicates:
                candidates = _filtered(candidates, predicate, at)
            found.update((one.order, one) for one in candidates)
        return [found[order] for order in sorted(found)]

    return take


def _counted(nodes: Iterable[XmlNode], at: _At) -> Iterable[XmlNode]:
    for node in nodes:
        at.budget[0] -= 1
        if at.budget[0] < 0:
            raise XPathProblem("the XPath takes too long")
        yield node


def _filtered(nodes: list[XmlNode], predicate: Expression, at: _At) -> list[XmlNode]:
    kept = []
    for position, node in enumerate(_counted(nodes, at), 1):
        value = predicate(_At(node, position, len(nodes), at.budget))
        if value == position if type(value) is float else _truth(value):
            kept.append(node)
    return kept


# -- functions ---------------------------------------------------------------------------------------------------------------


def _nodes(value: Value) -> list[XmlNode]:
    if not isinstance(value, list):
        raise XPathProblem("a set of nodes is wanted")
    return value


def _substring(text: str, first: float, length: float = math.inf) -> str:
    begin = math.floor(first + 0.5) if math.isfinite(first) else first
    end = begin + (math.floor(length + 0.5) if math.isfinite(length) else length)
    return "".join(character for place, character in enumerate(text, 1) if begin <= place < end)


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _round(number: float) -> float:
    return float(math.floor(number + 0.5)) if math.isfinite(number) else number


_Function: TypeAlias = "tuple[int, int, Callable[..., Value]]"
_FUNCTIONS: Final[dict[str, _Function]] = {
    "position": (0, 0, lambda at: float(at.position)),
    "last": (0, 0, lambda at: float(at.size)),
    "true": (0, 0, lambda at: True),
    "false": (0, 0, lambda at: False),
    "count": (1, 1, lambda at, nodes: float(len(_nodes(nodes)))),
    "sum": (1, 1, lambda at, nodes: sum((_number(node.string()) for node in _nodes(nodes)), 0.0)),
    "name": (0, 1, lambda at, nodes=None: _name(at, nodes)),
    "local-name": (0, 1, lambda at, nodes=None: _local(_name(at, nodes))),
    "string": (0, 1, lambda at, value=None: at.node.string() if value is None else _string(value)),
    "number": (0, 1, lambda at, value=None: _number(at.node.string() if value is None else value)),
    "boolean": (1, 1, lambda at, value: _truth(value)),
    "not": (1, 1, lambda at, value: not _truth(value)),
    "concat": (2, 99, lambda at, *values: "".join(map(_string, values))),
    "contains": (2, 2, lambda at, text, part: _string(part) in _string(text)),
    "starts-with": (2, 2, lambda at, text, part: _string(text).startswith(_string(part))),
    "substring-before": (2, 2, lambda at, text, part: _before(_string(text), _string(part))),
    "substring-after": (2, 2, lambda at, text, part: _after(_string(text), _string(part))),
    "substring": (2, 3, lambda at, text, *rest: _substring(_string(text), *map(_number, rest))),
    "string-length": (0, 1, lambda at, text=None: float(len(at.node.string() if text is None else _string(text)))),
    "normalize-space": (0, 1, lambda at, text=None: " ".join((at.node.string() if text is None else _string(text)).split())),
    "translate": (3, 3, lambda at, text, old, new: _translated(_string(text), _string(old), _string(new))),
    "floor": (1, 1, lambda at, value: _whole(math.floor, _number(value))),
    "ceiling": (1, 1, lambda at, value: _whole(math.ceil, _number(value))),
    "round": (1, 1, lambda at, value: _round(_number(value))),
}


def _name(at: _At, nodes: Value | None) -> str:
    found = [at.node] if nodes is None else _nodes(nodes)
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


# -- reading -----------------------------------------------------------------------------------------------------------------

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
            return lambda at: -_number(inner(at))
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
        if kind == "name" and self.ahead() == "(" and token not in _KIND_TESTS and token != "node":
            return self.onward(self.call(depth), depth)
        if self.take("//"):
            return self.relative(_step(_root, "descendant-or-self", _any, []), depth)
        if self.take("/"):
            return self.relative(_root, depth) if self.starts_step() else _root
        return self.relative(_here, depth)

    def onward(self, before: Expression, depth: int) -> Expression:
        for predicate in self.predicates(depth):
            before = _kept(before, predicate)
        if self.take("//"):
            return self.relative(_step(before, "descendant-or-self", _any, []), depth)
        return self.relative(before, depth) if self.take("/") else before

    def starts_step(self) -> bool:
        return self.kind == "name" or self.token in ("@", ".", "..", "*")

    def relative(self, before: Expression, depth: int) -> Expression:
        while True:
            before = self.step(before, depth)
            if self.take("//"):
                before = _step(before, "descendant-or-self", _any, [])
            elif not self.take("/"):
                return before

    def step(self, before: Expression, depth: int) -> Expression:
        if self.take("."):
            return _step(before, "self", _any, [])
        if self.take(".."):
            return _step(before, "parent", _any, [])
        axis = "child"
        if self.take("@"):
            axis = "attribute"
        elif self.ahead() == "::":
            axis = self.token
            if axis not in _AXES:
                raise XPathProblem(f"there is no axis {axis!r}")
            self.at += 2
        return _step(before, axis, self.test("attribute" if axis == "attribute" else "element"), self.predicates(depth))

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
            wanted = _KIND_TESTS.get(token)
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
        least, most, body = _FUNCTIONS.get(name, (0, -1, lambda at: ""))
        if not least <= len(arguments) <= most:
            raise XPathProblem(f"there is no function {name}() of {len(arguments)} arguments")
        return lambda at: body(at, *[argument(at) for argument in arguments])


def _any(node: XmlNode) -> bool:
    return True


def _here(at: _At) -> Value:
    return [at.node]


def _root(at: _At) -> Value:
    node = at.node
    while node.parent is not None:
        node = node.parent
    return [node]


def _kept(before: Expression, predicate: Expression) -> Expression:
    return lambda at: _filtered(_nodes(before(at)), predicate, at)


def _union(left: Expression, right: Expression) -> Expression:
    def both(at: _At) -> Value:
        found = {node.order: node for node in (*_nodes(left(at)), *_nodes(right(at)))}
        return [found[order] for order in sorted(found)]

    return both


def _operation(operator: str, left: Expression, right: Expression) -> Expression:
    if operator == "or":
        return lambda at: _truth(left(at)) or _truth(right(at))
    if operator == "and":
        return lambda at: _truth(left(at)) and _truth(right(at))
    if operator in ("=", "!=", "<", "<=", ">", ">="):
        return lambda at: _compare(operator, left(at), right(at))
    return lambda at: _arithmetic(operator, _number(left(at)), _number(right(at)))


__all__ = ["XPathProblem", "select"]
