"""The tree of a parsed formula. Nodes are immutable and name operands by number, so that one tree serves a shape."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from sheetengine.values import CellError


@dataclass(frozen=True, slots=True)
class Operand:
    """A lifted operand."""

    index: int


@dataclass(frozen=True, slots=True)
class Literal:
    """A boolean or an error, which stay in the shape."""

    value: bool | CellError


@dataclass(frozen=True, slots=True)
class Omitted:
    """An argument left empty."""


@dataclass(frozen=True, slots=True)
class ArrayLiteral:
    """`{1,2;"a",TRUE}`."""

    rows: tuple[tuple[float | str | bool | CellError, ...], ...]


@dataclass(frozen=True, slots=True)
class Parenthesised:
    """`(x)`; kept, for Excel's rule of results near zero looks at it."""

    inner: Node


@dataclass(frozen=True, slots=True)
class Unary:
    """`-x` or `+x`."""

    operator: str
    operand: Node


@dataclass(frozen=True, slots=True)
class At:
    """`@x`: implicit intersection."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Percent:
    """`x%`."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Spill:
    """`x#`: the cells that a formula fills."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Binary:
    """`+ - * / ^ & = <> < > <= >=`."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class RangeOf:
    """`left:right` where a side is computed."""

    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Intersection:
    """`left right`."""

    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Union:
    """`(a,b)`."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A function called by name, in capitals and without the prefixes that files put before it."""

    name: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Apply:
    """A call of a value: `LAMBDA(x,x+1)(3)`."""

    function: Node
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Name:
    """A name that stayed in the shape because the text has LET or LAMBDA; `[x]` is an optional parameter."""

    name: str


Node: TypeAlias = (
    Operand
    | Literal
    | Omitted
    | ArrayLiteral
    | Parenthesised
    | Unary
    | At
    | Percent
    | Spill
    | Binary
    | RangeOf
    | Intersection
    | Union
    | Call
    | Apply
    | Name
)
