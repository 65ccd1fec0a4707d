"""The bound tree: a formula whose operands are known to be cells, ranges or constants and whose functions are found.

In: what `bind` makes. Out: what `scalar` and `vector` compile. Invariants: nodes are immutable and hold no position:
an operand is a numbered slot, so that one tree serves every cell of a block and every formula of a family; the tree
holds no state of the workbook but the functions and the text of names it was bound to.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from sheetengine.functions.library import FunctionSpec
from sheetengine.grid import Grid
from sheetengine.values import CellError, Scalar

TOP, LEFT, BOTTOM, RIGHT = 1, 2, 4, 8
"""Bits of `AreaSlot.relative`: which edges of the area move with the cell."""


class ConstantSlot(NamedTuple):
    """An operand that is a number or a text."""

    value: Scalar


class AreaSlot(NamedTuple):
    """An operand that is a rectangle: its edges as seen from the home cell, and which of them move with the cell."""

    sheet: int
    top: int
    left: int
    bottom: int
    right: int
    relative: int


Slot: TypeAlias = ConstantSlot | AreaSlot


@dataclass(frozen=True, slots=True)
class Constant:
    """A value that is the same for every formula of the program."""

    value: Scalar


@dataclass(frozen=True, slots=True, eq=False)
class ArrayConstant:
    """`{1,2;3,4}`."""

    grid: Grid


@dataclass(frozen=True, slots=True)
class SlotConstant:
    """A lifted number or text: slot `index`."""

    index: int
    is_text: bool


@dataclass(frozen=True, slots=True)
class CellRead:
    """One cell: slot `index`."""

    index: int


@dataclass(frozen=True, slots=True)
class AreaRead:
    """A range: slot `index`."""

    index: int


@dataclass(frozen=True, slots=True)
class Omitted:
    """An argument left empty."""


@dataclass(frozen=True, slots=True)
class Negation:
    """`-x`, or `+x` where `keep`."""

    operand: Bound
    keep: bool = False


@dataclass(frozen=True, slots=True)
class Percentage:
    """`x%`."""

    operand: Bound


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`+ - * / ^`; `snap` marks the last `+` or `-` of the formula, whose result near zero is zero."""

    operator: str
    left: Bound
    right: Bound
    snap: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """`= <> < > <= >=`."""

    operator: str
    left: Bound
    right: Bound


@dataclass(frozen=True, slots=True)
class Joining:
    """`&`."""

    left: Bound
    right: Bound


@dataclass(frozen=True, slots=True)
class Run:
    """A long run of binary operators, `a+b+c+…`, kept flat: as a tree it would be as deep as it is long. `snap` as in `Arithmetic`."""

    first: Bound
    steps: tuple[tuple[str, Bound], ...]
    snap: bool = False


@dataclass(frozen=True, slots=True)
class ReferenceOperation:
    """`:`, the intersection " " or the union "," of references."""

    operator: str
    items: tuple[Bound, ...]


@dataclass(frozen=True, slots=True)
class Implicit:
    """`@x`: the one cell of a range in the formula's row or column, the first element of an array."""

    operand: Bound


@dataclass(frozen=True, slots=True)
class SpillReference:
    """`A1#`: the cells that the formula in A1 fills."""

    operand: Bound


@dataclass(frozen=True, slots=True, eq=False)
class FunctionCall:
    """A call of a function that takes evaluated arguments."""

    function: FunctionSpec
    arguments: tuple[Bound, ...]


@dataclass(frozen=True, slots=True, eq=False)
class LazyCall:
    """A call that evaluates its arguments as it needs them: IF, IFERROR, CHOOSE…"""

    function: FunctionSpec
    arguments: tuple[Bound, ...]


@dataclass(frozen=True, slots=True)
class Local:
    """A name of LET or a parameter of LAMBDA, found `index` places from the bottom of the frame's locals."""

    name: str
    index: int


@dataclass(frozen=True, slots=True)
class Let:
    """`LET(name, value, …, body)`: values take the places from `base` on."""

    base: int
    values: tuple[Bound, ...]
    body: Bound


@dataclass(frozen=True, slots=True)
class LambdaExpression:
    """`LAMBDA(x, [y], body)`: parameters take the places from `base` on, above the captured locals."""

    base: int
    parameters: tuple[str, ...]
    optional: int
    body: Bound


@dataclass(frozen=True, slots=True)
class Application:
    """A call of a function that is a value: `LAMBDA(x,x+1)(3)`, or of a name that holds one."""

    function: Bound
    arguments: tuple[Bound, ...]


@dataclass(frozen=True, slots=True)
class NamedLambda:
    """A defined name whose formula is a LAMBDA, looked up when it is called: it may call itself."""

    name: str
    sheet: int | None


@dataclass(frozen=True, slots=True, eq=False)
class FunctionValue:
    """A function's bare name as an argument: `GROUPBY(a, b, SUM)`."""

    function: FunctionSpec


Bound: TypeAlias = (
    Constant | ArrayConstant | SlotConstant | CellRead | AreaRead | Omitted | Negation | Percentage | Arithmetic | Comparison
    | Joining | Run | ReferenceOperation | Implicit | SpillReference | FunctionCall | LazyCall | Local | Let | LambdaExpression
    | Application | NamedLambda | FunctionValue
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Recipe:
    """A bound formula before it is compiled: the tree, and what must be asked again when the workbook changes.

    `mentions` are the functions and names that the shape calls, as `kind:name` in lower case, whether they exist or not: when one of
    them appears, changes or goes, the formula is bound anew; "sheets" and "sheet names" stand there where it asks for these. What a
    formula's operands mention is its block's to know (`operands.mentions_of`): formulas that differ in the names they read are one program.
    `unsupported` names constructs that we parse but do not evaluate.
    """

    tree: Bound
    key: Hashable
    mentions: frozenset[str]
    unsupported: tuple[str, ...] = ()
    volatile: bool = False
    dynamic: bool = False
    array: bool = False
    """Whether the answer may be an array, so that the formula may spill."""
    unread: frozenset[int] = field(default_factory=frozenset)
    """Slots whose cells are not read for their values (ROW, COLUMNS, OFFSET's anchor): no dependency."""
    resized: tuple[tuple[int, int], ...] = ()
    """Pairs of slots, the first of which is read as far as the second is high and wide (the values of SUMIF)."""
    hulls: tuple[tuple[int, ...], ...] = ()
    """Slots between whose cells a `:` of the formula makes a range: all that lies between them is read."""


def same_tree(one: object, other: object) -> bool:
    """Whether two bound trees mean the same; array literals count as the same only where they are one object."""
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(same_tree, one, other))
    if dataclasses.is_dataclass(one) and not isinstance(one, CellError | FunctionSpec):
        return all(same_tree(getattr(one, part.name), getattr(other, part.name)) for part in dataclasses.fields(one))
    return bool(one == other)
