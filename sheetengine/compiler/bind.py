"""Binding: a parsed formula and what its operands are become a bound tree.

In: a `Node`, its `Resolution`, the `Scope`, the formula's mode. Out: a `Recipe`. Mode "legacy" (files written before
dynamic arrays, and what they still mean) puts implicit intersection where a range stands for a single value; "dynamic"
lets it spill; "cse" evaluates as an array over a given range. What does not exist is not refused: it binds to
`#NAME?` or `#REF!` with a message, and its mention is kept so that it heals.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Literal

from sheetengine.compiler.argument_classes import VALUES, ArgumentClass, class_of, is_call, is_reference
from sheetengine.compiler.array_valued import may_be_array
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
from sheetengine.compiler.operands import Resolution, Resolved
from sheetengine.compiler.survey import survey
from sheetengine.grid import Grid
from sheetengine.names import Scope
from sheetengine.syntax import nodes
from sheetengine.syntax.parser import parse
from sheetengine.values import CellError

Mode = Literal["legacy", "dynamic", "cse", "table"]

_LONGEST_TREE = 24
"""Operators in a row that become a tree; a longer run stays flat."""

_NOT_IN_EXCEL = "__XLUDF.DUMMYFUNCTION"
"""What Google Sheets writes for its own functions, within IFERROR beside the value: Excel's answer is #NAME?, and so the value."""


def bind(tree: nodes.Node, resolution: Resolution, scope: Scope, mode: Mode, key: Hashable = None) -> Recipe:
    """Bind a parsed formula; never fails."""
    mentions: set[str] = set()
    unsupported = list(resolution.unsupported)
    bound = _Binder(scope, mode, resolution.operands, resolution.names, mentions, unsupported).node(tree, array=mode != "legacy")
    if mode == "legacy" and not isinstance(bound, Implicit) and may_be_array(bound):
        bound = Implicit(bound)
    # A result in parentheses is not the last operation's any more: =(52.8-8.8*6) shows -7.1E-15, =52.8-8.8*6 shows 0.
    if isinstance(tree, nodes.Binary) and isinstance(bound, Arithmetic) and bound.operator in "+-":
        bound = Arithmetic(bound.operator, bound.left, bound.right, snap=True)
    elif isinstance(tree, nodes.Binary) and isinstance(bound, Run) and tree.operator in "+-":
        bound = Run(bound.first, bound.steps, snap=True)
    found = survey(bound, scope)
    return Recipe(
        bound, key, frozenset(mentions | found.mentions), (*unsupported, *[f"needs a host: {name}" for name in found.hosts]),
        volatile=found.volatile, dynamic=found.dynamic, array=may_be_array(bound), unread=found.unread,
        resized=tuple(found.resized), hulls=tuple(found.hulls),
    )  # fmt: skip


class _Binder:
    """Binds the nodes of one text: the formula's own, or a defined name's."""

    def __init__(
        self,
        scope: Scope,
        mode: Mode,
        operands: Sequence[Resolved],
        names: Mapping[str, Resolved],
        mentions: set[str],
        unsupported: list[str],
    ) -> None:
        self.scope = scope
        self.mode = mode
        self.operands = operands
        self.names = names
        self.mentions = mentions
        self.unsupported = unsupported
        self.locals: list[str] = []
        """The names of LET and LAMBDA that can be seen where the binder is, the innermost last."""

    def node(self, node: nodes.Node, array: bool) -> Bound:
        """Bind one node; `array` says whether several values are welcome where it stands."""

        def below(child: nodes.Node, welcome: bool = array) -> Bound:
            return self.node(child, welcome)

        match node:
            case nodes.Operand(index):
                return self.cut(self.operand(self.operands[index]), array)
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
                return self.cut(ReferenceOperation(":", (below(left, True), below(right, True))), array)
            case nodes.Intersection(left, right):
                return self.cut(ReferenceOperation(" ", (below(left, True), below(right, True))), array)
            case nodes.Union(items):
                return ReferenceOperation(",", tuple(below(item, True) for item in items))
            case nodes.Name(name):
                return self.cut(self.left_name(name), array)
            case nodes.Call(name, arguments):
                return self.call(name, arguments, array)
            case nodes.Apply(function, arguments):
                return Application(below(function, True), self.all_of(arguments))
        raise AssertionError(f"no such node: {node!r}")

    def cut(self, bound: Bound, array: bool) -> Bound:
        """Implicit intersection where a legacy formula has a range for a single value."""
        if array or self.mode != "legacy":
            return bound
        return Implicit(bound) if isinstance(bound, AreaRead | SpillReference | ReferenceOperation) else bound

    def all_of(self, items: Sequence[nodes.Node]) -> tuple[Bound, ...]:
        """Arguments of what is not a worksheet function: anything is welcome."""
        return tuple(self.node(item, array=True) for item in items)

    # -- operands and names ----------------------------------------------------------------------------------------

    def operand(self, resolved: Resolved) -> Bound:
        """A constant, a reference, or what a name stands for."""
        match resolved.kind:
            case "n" | "t":
                return SlotConstant(resolved.slot, resolved.kind == "t")
            case "c":
                return CellRead(resolved.slot)
            case "r":
                return AreaRead(resolved.slot)
            case ("3", _):
                return ReferenceOperation(",", tuple(AreaRead(resolved.slot + place) for place in range(resolved.count)))
            case ("T", int(trim)):
                trimmed = self.scope.function("TRIMRANGE")
                assert trimmed is not None
                edges = Constant(float(trim))
                return FunctionCall(trimmed, (AreaRead(resolved.slot), edges, edges))
            case ("f", str(name)):
                function = self.scope.function(name)
                assert function is not None
                return FunctionValue(function)
        if resolved.error is not None:
            if resolved.error.code == "#NAME?":
                self.unsupported.append("name " + resolved.error.message.removeprefix("there is no name ").strip("'"))
            return Constant(resolved.error)
        if resolved.grid is not None:
            return Constant(resolved.grid.item(0, 0)) if resolved.grid.shape == (1, 1) else ArrayConstant(resolved.grid)
        definition = resolved.definition
        assert definition is not None
        if resolved.nested is None:
            return NamedLambda(definition.name, definition.sheet)
        assert resolved.nested_names is not None
        # A name's formula is always evaluated as an array, whatever the mode of the formula that names it, and sees none of its locals.
        inner = _Binder(self.scope, "dynamic", resolved.nested, resolved.nested_names, self.mentions, self.unsupported)
        return inner.node(parse(definition.shape), array=True)

    def left_name(self, name: str) -> Bound:
        """A name in a shape with LET or LAMBDA: the innermost local of that name, else what the workbook has."""
        wanted = name.lower()
        for index in range(len(self.locals) - 1, -1, -1):
            if self.locals[index] == wanted:
                return Local(name, index)
        return self.operand(self.names[wanted])

    # -- calls -----------------------------------------------------------------------------------------------------

    def call(self, name: str, arguments: Sequence[nodes.Node], array: bool) -> Bound:
        """A call by name: of LET, LAMBDA, a local, a function, or a name that holds a LAMBDA."""
        if name == "LET":
            return self.let(arguments, array)
        if name == "LAMBDA":
            return self.lambda_(arguments)
        lower = name.lower()
        if lower in self.locals:
            return Application(self.left_name(name), self.all_of(arguments))
        function = self.scope.function(name)
        if function is None:
            return self.unknown_call(name, arguments)
        count = len(arguments)
        if count == 1 and isinstance(arguments[0], nodes.Omitted) and function.signature.most == 0:
            arguments, count = (), 0
        if not function.signature.least <= count <= function.signature.most:
            return Constant(CellError("#VALUE!", f"{function.syntax} is called with {count} argument{'s' * (count != 1)}"))
        if function.category == "user":
            self.mentions.add("function:" + lower)
        bound = tuple(
            self.argument(argument, class_of(function, place, parameter), array)
            for place, (argument, parameter) in enumerate(zip(arguments, function.signature.assigned(count), strict=True))
        )
        if function.lazy:
            return LazyCall(function, bound)
        call = FunctionCall(function, bound)
        if self.mode == "legacy" and not array and (function.references or (function.name in VALUES and may_be_array(call))):
            return Implicit(call)
        return call

    def argument(self, node: nodes.Node, its_class: ArgumentClass, array: bool) -> Bound:
        """An argument, cut by its class where a legacy formula does not evaluate as an array."""
        if self.mode == "legacy" and its_class == "cell":
            return self.node(node, array=False)
        if self.mode != "legacy" or array or its_class == "array":
            return self.node(node, array=True)
        if its_class == "value":
            return self.node(node, array=False)
        if is_call(node):
            child = self.node(node, array=False)
            match child:
                case Implicit(FunctionCall(function)) if function.references:
                    return child.operand
            return child
        return self.node(node, array=is_reference(node))

    def unknown_call(self, name: str, arguments: Sequence[nodes.Node]) -> Bound:
        """A call of what is no function: of a name that holds a LAMBDA, or of nothing."""
        self.mentions.update(("function:" + name.lower(), "name:" + name.lower()))
        definition = self.scope.name(name, self.scope.sheet)
        bound = self.all_of(arguments)
        if definition is not None:
            return Application(NamedLambda(definition.name, definition.sheet), bound)
        if name != _NOT_IN_EXCEL:
            self.unsupported.append(f"function {name}")
        return Constant(CellError("#NAME?", f"there is no function {name}"))

    def let(self, arguments: Sequence[nodes.Node], array: bool) -> Bound:
        if len(arguments) < 3 or len(arguments) % 2 == 0:
            return Constant(CellError("#VALUE!", "LET takes pairs of a name and a value, then a calculation"))
        base = len(self.locals)
        values = []
        for name, value in zip(arguments[:-1:2], arguments[1:-1:2], strict=True):
            if not isinstance(name, nodes.Name):
                return Constant(CellError("#NAME?", "LET takes names in the first place of each pair"))
            values.append(self.node(value, array=True))
            self.locals.append(name.name.lower())
        body = self.node(arguments[-1], array)
        del self.locals[base:]
        return Let(base, tuple(values), body)

    def lambda_(self, arguments: Sequence[nodes.Node]) -> Bound:
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
        body = self.node(arguments[-1], array=True)
        del self.locals[base:]
        return LambdaExpression(base, parameters, optional, body)


def _parameter_name(node: nodes.Node) -> tuple[str, bool] | None:
    """A LAMBDA parameter and whether it is optional: `x` or `[x]`."""
    if isinstance(node, nodes.Name):
        name = node.name
        return (name[1:-1], True) if name.startswith("[") else (name, False)
    return None


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
