"""Binding: a parsed formula and what its operands are become a bound tree.

In: a `Node`, its `Resolution`, the `Scope`, the formula's mode. Out: a `Recipe`. Mode "legacy" (files written before
dynamic arrays, and what they still mean) puts implicit intersection where a range stands for a single value; "dynamic"
lets it spill; "cse" evaluates as an array over a given range. What does not exist is not refused: it binds to
`#NAME?` or `#REF!` with a message, and its mention is kept so that it heals.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Final, Literal

from sheetengine.compiler.bound import (
    Application,
    AreaRead,
    Arithmetic,
    ArrayConstant,
    Bound,
    CellRead,
    Comparison,
    Constant,
    FunctionCall,
    FunctionValue,
    Implicit,
    Joining,
    LambdaExpression,
    LazyCall,
    Let,
    Local,
    NamedLambda,
    Negation,
    Omitted,
    Percentage,
    Recipe,
    ReferenceOperation,
    Run,
    SlotConstant,
    SpillReference,
)
from sheetengine.compiler.hulls import ends
from sheetengine.compiler.operands import Resolution, Resolved
from sheetengine.functions.library import FunctionSpec
from sheetengine.functions.signature import Kind
from sheetengine.grid import Grid
from sheetengine.names import DefinedName, Scope
from sheetengine.syntax import nodes
from sheetengine.syntax.parser import parse
from sheetengine.syntax.walk import walk
from sheetengine.values import CellError

Mode = Literal["legacy", "dynamic", "cse", "table"]

_LONGEST_TREE = 24
"""Operators in a row that become a tree; a longer run stays flat."""

# Functions whose arguments Excel evaluated as arrays also before dynamic arrays; elsewhere a range that meets an operator
# in a legacy formula is cut to one cell. (The classes of ftab in [MS-XLS] 2.5.198.17: parameters of class "array".)
_ARRAY_CLASS = frozenset(
    [
        "SUMPRODUCT",
        "MMULT",
        "MDETERM",
        "MINVERSE",
        "TRANSPOSE",
        "LOOKUP",
        "INDEX",
        "ROWS",
        "COLUMNS",
        "FREQUENCY",
        "LINEST",
        "LOGEST",
        "TREND",
        "GROWTH",
        "SUMX2MY2",
        "SUMX2PY2",
        "SUMXMY2",
        "CORREL",
        "COVAR",
        "COVARIANCE.P",
        "COVARIANCE.S",
        "PEARSON",
        "RSQ",
        "SLOPE",
        "INTERCEPT",
        "STEYX",
        "FORECAST",
        "FORECAST.LINEAR",
        "FTEST",
        "F.TEST",
        "TTEST",
        "T.TEST",
        "CHITEST",
        "CHISQ.TEST",
        "PROB",
        "MODE",
        "MODE.SNGL",
        "MODE.MULT",
        "IRR",
        "MIRR",
        "NPV",
        "XIRR",
        "XNPV",
        "MAP",
        "REDUCE",
        "SCAN",
        "BYROW",
        "BYCOL",
        "MAKEARRAY",
        "FILTER",
        "SORT",
        "SORTBY",
        "UNIQUE",
        "GROUPBY",
        "PIVOTBY",
        "HSTACK",
        "VSTACK",
        "TOROW",
        "TOCOL",
        "WRAPROWS",
        "WRAPCOLS",
        "TAKE",
        "DROP",
        "EXPAND",
        "CHOOSEROWS",
        "CHOOSECOLS",
        "XLOOKUP",
        "XMATCH",
        "TEXTJOIN",
        "CONCAT",
        "AGGREGATE",
    ]
)


_SINGLE: Final[dict[str, Callable[[int], bool]]] = {
    "IF": lambda place: place == 0,
    "CHOOSE": lambda place: place == 0,
    "IFS": lambda place: place % 2 == 0,
    "SWITCH": lambda place: place == 0 or place % 2 == 1,
    "IFERROR": lambda place: True,
    "IFNA": lambda place: True,
}
"""The arguments of the functions evaluated lazily that are single values: in a legacy formula a range there is intersected, IF's condition
even within SUMPRODUCT, which is why SUMPRODUCT(IF(…)) wanted Ctrl+Shift+Enter."""

_RESIZING: Final = frozenset(("SUMIF", "AVERAGEIF"))
"""Their values begin where the third argument begins and have the shape of the first."""


_SHAPE_ALONE = frozenset(("ROWS", "COLUMNS"))
"""They take arrays too, but of a reference they look at no cell: no dependency, no circle."""


def bind(tree: nodes.Node, resolution: Resolution, scope: Scope, mode: Mode, key: Hashable = None) -> Recipe:
    """Bind a parsed formula; never fails."""
    binder = _Binder(scope, mode, resolution)
    bound = binder.node(tree, resolution.operands, resolution.names, array=mode != "legacy")
    if mode == "legacy" and not isinstance(bound, Implicit) and _may_be_many(bound):
        bound = Implicit(bound)
    # A result in parentheses is not the last operation's any more: =(52.8-8.8*6) shows -7.1E-15, =52.8-8.8*6 shows 0.
    if isinstance(tree, nodes.Binary) and isinstance(bound, Arithmetic) and bound.operator in "+-":
        bound = Arithmetic(bound.operator, bound.left, bound.right, snap=True)
    elif isinstance(tree, nodes.Binary) and isinstance(bound, Run) and tree.operator in "+-":
        bound = Run(bound.first, bound.steps, snap=True)
    return Recipe(
        bound, key, frozenset(binder.mentions), tuple(resolution.unsupported + binder.unsupported),
        volatile=binder.volatile, dynamic=binder.dynamic, array=_may_be_many(bound), unread=frozenset(binder.addressed - binder.read),
        resized=tuple(binder.resized), hulls=tuple(slots for slots in binder.hulls if len(slots) > 1),
    )  # fmt: skip


_NOT_IN_EXCEL = "__XLUDF.DUMMYFUNCTION"
"""What Google Sheets writes for its own functions, within IFERROR beside the value: Excel's answer is #NAME?, and so the value."""


class _Binder:
    def __init__(self, scope: Scope, mode: Mode, resolution: Resolution) -> None:
        self.scope = scope
        self.mode = mode
        self.resolution = resolution
        self.mentions: set[str] = set()
        self.unsupported: list[str] = []
        self.resized: list[tuple[int, int]] = []
        self.hulls: list[tuple[int, ...]] = []
        self.volatile = False
        self.dynamic = False
        self.read: set[int] = set()
        self.addressed: set[int] = set()
        self.locals: list[str] = []
        self.seen: list[DefinedName] = []

    # `operands` and `names` are those of the text being bound: the formula's own, or a defined name's.
    def node(self, node: nodes.Node, operands: Sequence[Resolved], names: dict[str, Resolved], array: bool) -> Bound:
        """Bind one node; `array` says whether several values are welcome where it stands."""

        def below(child: nodes.Node, welcome: bool = array) -> Bound:
            return self.node(child, operands, names, welcome)

        match node:
            case nodes.Operand(index):
                return self.cut(self.operand(operands[index]), array)
            case nodes.Literal(value):
                return Constant(value)
            case nodes.Omitted():
                return Omitted()
            case nodes.ArrayLiteral(rows):
                return ArrayConstant(Grid.from_rows([[float(v) if type(v) is int else v for v in row] for row in rows]))
            case nodes.Parenthesised(inner):
                return below(inner)
            case nodes.Unary(operator, operand):
                return Negation(below(operand), keep=operator == "+")
            case nodes.Percent(operand):
                return Percentage(below(operand))
            case nodes.At(operand):
                return Implicit(below(operand, True))
            case nodes.Spill(operand):
                return self.cut(SpillReference(below(operand, True)), array)
            case nodes.Binary():
                return _binary(node, below)
            case nodes.RangeOf(left, right):
                sides = below(left, True), below(right, True)
                self.hulls.append(ends(sides))
                return self.cut(ReferenceOperation(":", sides), array)
            case nodes.Intersection(left, right):
                return self.cut(ReferenceOperation(" ", (below(left, True), below(right, True))), array)
            case nodes.Union(items):
                return ReferenceOperation(",", tuple(below(item, True) for item in items))
            case nodes.Name(name):
                return self.cut(self.left_name(name, names), array)
            case nodes.Call(name, arguments):
                return self.call(name, arguments, operands, names, array)
            case nodes.Apply(function, arguments):
                return Application(below(function, True), tuple(below(argument, True) for argument in arguments))
        raise AssertionError(f"no such node: {node!r}")

    def cut(self, bound: Bound, array: bool) -> Bound:
        """Implicit intersection where a legacy formula has a range for a single value."""
        if array or self.mode != "legacy":
            return bound
        return Implicit(bound) if isinstance(bound, AreaRead | SpillReference | ReferenceOperation) else bound

    def operand(self, resolved: Resolved) -> Bound:
        match resolved.kind:
            case "n" | "t":
                return SlotConstant(resolved.slot, resolved.kind == "t")
            case "c":
                self.read.add(resolved.slot)
                return CellRead(resolved.slot)
            case "r":
                self.read.add(resolved.slot)
                return AreaRead(resolved.slot)
        if resolved.error is not None:
            if resolved.error.code == "#NAME?":
                self.unsupported.append("name " + resolved.error.message.removeprefix("there is no name ").strip("'"))
            return Constant(resolved.error)
        if resolved.grid is not None:
            return Constant(resolved.grid.item(0, 0)) if resolved.grid.shape == (1, 1) else ArrayConstant(resolved.grid)
        kind = resolved.kind
        assert isinstance(kind, tuple)
        if kind[0] == "3":
            slots = range(resolved.slot, resolved.slot + resolved.count)
            self.read.update(slots)
            return ReferenceOperation(",", tuple(AreaRead(slot) for slot in slots))
        if kind[0] == "T":
            trimmed = self.scope.function("TRIMRANGE")
            assert trimmed is not None
            edges = Constant(float(kind[1]))
            self.read.add(resolved.slot)
            return FunctionCall(trimmed, (AreaRead(resolved.slot), edges, edges))
        if kind[0] == "f":
            function = self.scope.function(kind[1])
            assert function is not None
            if function.host:
                self.needs_host(function.name)
            return FunctionValue(function)
        definition = resolved.definition
        assert definition is not None
        if kind[0] == "l":
            self.flags_of(definition)
            return NamedLambda(definition.name, definition.sheet)
        assert resolved.nested is not None and resolved.nested_names is not None
        # A name's formula is always evaluated as an array, whatever the mode of the formula that names it.
        mode, self.mode = self.mode, "dynamic"
        outer, self.locals = self.locals, []
        bound = self.node(parse(definition.shape), resolved.nested, resolved.nested_names, array=True)
        self.mode, self.locals = mode, outer
        return bound

    def left_name(self, name: str, names: dict[str, Resolved]) -> Bound:
        """A name in a shape with LET or LAMBDA: the innermost local of that name, else what the workbook has."""
        wanted = name.lower()
        for index in range(len(self.locals) - 1, -1, -1):
            if self.locals[index] == wanted:
                return Local(name, index)
        return self.operand(names[wanted])

    def call(
        self, name: str, arguments: Sequence[nodes.Node], operands: Sequence[Resolved], names: dict[str, Resolved], array: bool
    ) -> Bound:
        if name == "LET":
            return self.let(arguments, operands, names, array)
        if name == "LAMBDA":
            return self.lambda_(arguments, operands, names)
        lower = name.lower()
        if lower in self.locals:
            return Application(self.left_name(name, names), tuple(self.node(a, operands, names, True) for a in arguments))
        function = self.scope.function(name)
        if function is None:
            return self.unknown_call(name, arguments, operands, names)
        count = len(arguments)
        if count == 1 and isinstance(arguments[0], nodes.Omitted) and function.signature.most == 0:
            arguments, count = (), 0
        if not function.signature.least <= count <= function.signature.most:
            return Constant(CellError("#VALUE!", f"{function.syntax} is called with {count} argument{'s' * (count != 1)}"))
        self.volatile |= function.volatile
        self.dynamic |= function.dynamic
        if function.category == "user":
            self.mentions.add("function:" + lower)
        if function.host:
            self.needs_host(name)
        bound = []
        for place, (argument, parameter) in enumerate(zip(arguments, function.signature.assigned(count), strict=True)):
            single = (parameter.kind.is_scalar and not function.toolpak) or (name in _SINGLE and _SINGLE[name](place))
            welcome = array and name != "IF" if single and self.mode == "legacy" else True
            called = False
            if not single and self.mode == "legacy" and name not in _ARRAY_CLASS and not array:
                # Class "reference or value": a plain range goes through whole, operators on ranges are cut; of a call that stands
                # there the arguments are cut by their own classes.
                called = _is_call(argument)
                welcome = _is_reference_syntax(argument) and not called
            before = set(self.read)
            child = self.node(argument, operands, names, welcome)
            if called and isinstance(child, Implicit):
                child = child.operand
            if (parameter.kind is Kind.ADDRESS or name in _SHAPE_ALONE) and isinstance(child, CellRead | AreaRead):
                self.addressed.add(child.index)
                if child.index not in before:
                    self.read.discard(child.index)
            bound.append(child)
        if name in _RESIZING and count == 3:
            ranges, values = bound[0], bound[2]
            if isinstance(ranges, CellRead | AreaRead) and isinstance(values, CellRead | AreaRead):
                self.resized.append((values.index, ranges.index))
        call: Bound = LazyCall(function, tuple(bound)) if function.lazy else FunctionCall(function, tuple(bound))
        if self.mode == "legacy" and not array and function.references and not function.lazy:
            return Implicit(call)
        return call

    def unknown_call(self, name: str, arguments: Sequence[nodes.Node], operands: Sequence[Resolved], names: dict[str, Resolved]) -> Bound:
        self.mentions.update(("function:" + name.lower(), "name:" + name.lower()))
        definition = self.scope.name(name, self.scope.sheet)
        if definition is not None:
            self.flags_of(definition)
            return Application(
                NamedLambda(definition.name, definition.sheet), tuple(self.node(a, operands, names, True) for a in arguments)
            )
        if name != _NOT_IN_EXCEL:
            self.unsupported.append(f"function {name}")
        for argument in arguments:
            self.node(argument, operands, names, True)
        return Constant(CellError("#NAME?", f"there is no function {name}"))

    def needs_host(self, name: str) -> None:
        """The formula calls what only a spreadsheet program can answer."""
        lacks = f"needs a host: {name}"
        if lacks not in self.unsupported:
            self.unsupported.append(lacks)

    def flags_of(self, definition: DefinedName) -> None:
        """What a name's LAMBDA calls makes the formula volatile or dynamic, or in need of a host, that calls the name."""
        if definition in self.seen:
            return
        self.seen.append(definition)
        for node in walk(parse(definition.shape)):
            if isinstance(node, nodes.Call):
                function = self.scope.function(node.name)
                if function is not None:
                    self.volatile |= function.volatile
                    self.dynamic |= function.dynamic
                    if function.host:
                        self.needs_host(function.name)
                elif (other := self.scope.name(node.name, definition.sheet)) is not None:
                    self.flags_of(other)

    def let(self, arguments: Sequence[nodes.Node], operands: Sequence[Resolved], names: dict[str, Resolved], array: bool) -> Bound:
        if len(arguments) < 3 or len(arguments) % 2 == 0:
            return Constant(CellError("#VALUE!", "LET takes pairs of a name and a value, then a calculation"))
        base = len(self.locals)
        values = []
        for name, value in zip(arguments[:-1:2], arguments[1:-1:2], strict=True):
            if not isinstance(name, nodes.Name):
                return Constant(CellError("#NAME?", "LET takes names in the first place of each pair"))
            values.append(self.node(value, operands, names, True))
            self.locals.append(name.name.lower())
        body = self.node(arguments[-1], operands, names, array)
        del self.locals[base:]
        return Let(base, tuple(values), body)

    def lambda_(self, arguments: Sequence[nodes.Node], operands: Sequence[Resolved], names: dict[str, Resolved]) -> Bound:
        if not arguments:
            return Constant(CellError("#VALUE!", "LAMBDA takes parameters and a calculation"))
        base = len(self.locals)
        optional = 0
        for parameter in arguments[:-1]:
            name = _parameter_name(parameter)
            if name is None:
                del self.locals[base:]
                return Constant(CellError("#VALUE!", "LAMBDA takes names as parameters"))
            optional += name[1]
            self.locals.append(name[0].lower())
        parameters = tuple(self.locals[base:])
        body = self.node(arguments[-1], operands, names, True)
        del self.locals[base:]
        return LambdaExpression(base, parameters, optional, body)


def _parameter_name(node: nodes.Node) -> tuple[str, bool] | None:
    """A LAMBDA parameter and whether it is optional: `x` or `[x]`."""
    if isinstance(node, nodes.Name):
        name = node.name
        return (name[1:-1], True) if name.startswith("[") else (name, False)
    return None


def _is_call(node: nodes.Node) -> bool:
    while isinstance(node, nodes.Parenthesised):
        node = node.inner
    return isinstance(node, nodes.Call)


def _binary(node: nodes.Binary, below: Callable[[nodes.Node], Bound]) -> Bound:
    """Operators associate left, so a long sum is deep on its left: gone down without recursion."""
    spine = []
    current: nodes.Node = node
    while isinstance(current, nodes.Binary):
        spine.append(current)
        current = current.left
    found = below(current)
    steps = [(one.operator, below(one.right)) for one in reversed(spine)]
    if len(steps) > _LONGEST_TREE:
        return Run(found, tuple(steps))
    for operator, right in steps:
        if operator == "&":
            found = Joining(found, right)
        elif operator in ("=", "<>", "<", ">", "<=", ">="):
            found = Comparison(operator, found, right)
        else:
            found = Arithmetic(operator, found, right)
    return found


def _is_reference_syntax(node: nodes.Node) -> bool:
    while isinstance(node, nodes.Parenthesised):
        node = node.inner
    return isinstance(
        node, nodes.Operand | nodes.RangeOf | nodes.Union | nodes.Intersection | nodes.Call | nodes.Spill | nodes.Name | nodes.ArrayLiteral
    )


def _answers_array(function: FunctionSpec) -> bool:
    return function.references or function.answers_array


def _may_be_many(bound: Bound) -> bool:
    """Whether a bound node may give more than one value."""
    match bound:
        case (
            AreaRead()
            | ArrayConstant()
            | ReferenceOperation()
            | SpillReference()
            | Local()
            | Application()
            | LambdaExpression()
            | NamedLambda()
            | FunctionValue()
        ):
            return True
        case Negation(operand) | Percentage(operand):
            return _may_be_many(operand)
        case Arithmetic(_, left, right) | Comparison(_, left, right) | Joining(left, right):
            return _may_be_many(left) or _may_be_many(right)
        case Run(first, steps):
            return _may_be_many(first) or any(_may_be_many(right) for _, right in steps)
        case FunctionCall(function, arguments):
            if function.name in ("ROW", "COLUMN"):
                return not all(isinstance(argument, CellRead) for argument in arguments)
            if _answers_array(function):
                return True
            parameters = function.signature.assigned(len(arguments))
            return any(p.kind.is_scalar and _may_be_many(a) for p, a in zip(parameters, arguments, strict=True))
        case LazyCall(_, arguments):
            return any(_may_be_many(argument) for argument in arguments)
        case Let(_, values, body):
            return any(_may_be_many(value) for value in values) or _may_be_many(body)
    return False
