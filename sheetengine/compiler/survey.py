"""What a bound tree tells of its formula beside its value: what the graph, the schedule and the user must know of it.

In: a bound tree, and the `Scope` that knows what the LAMBDAs of names call. Out: a `Survey`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sheetengine.compiler import bound as b
from sheetengine.compiler.hulls import ends
from sheetengine.compiler.walk import children
from sheetengine.functions.library import FunctionSpec
from sheetengine.functions.signature import Kind
from sheetengine.names import DefinedName, Scope
from sheetengine.syntax import nodes
from sheetengine.syntax.parser import parse
from sheetengine.syntax.walk import walk

_SHAPE_ALONE = frozenset(("ROWS", "COLUMNS"))
"""They take arrays too, but of a reference they look at no cell: no dependency, no circle."""

_RESIZING = frozenset(("SUMIF", "AVERAGEIF"))
"""Their values begin where the third argument begins and have the shape of the first."""

_OF_SHEETS = frozenset(("SHEET", "SHEETS", "CELL", "FORMULATEXT"))
"""What answers by the names or the order of sheets."""


@dataclass(slots=True)
class Survey:
    """The findings; the fields that a `Recipe` has are explained there."""

    volatile: bool = False
    dynamic: bool = False
    hosts: list[str] = field(default_factory=list)
    """Functions that only a spreadsheet program can answer."""
    mentions: set[str] = field(default_factory=set)
    """"sheets" and "sheet names", where a function asks for them."""
    resized: list[tuple[int, int]] = field(default_factory=list)
    hulls: list[tuple[int, ...]] = field(default_factory=list)
    _read: set[int] = field(default_factory=set)
    _addressed: set[int] = field(default_factory=set)
    _followed: list[DefinedName] = field(default_factory=list)

    @property
    def unread(self) -> frozenset[int]:
        """Slots that are addressed (ROW, OFFSET's anchor) and nowhere read."""
        return frozenset(self._addressed - self._read)

    def tree(self, tree: b.Bound, scope: Scope) -> None:
        """Look at every node but the references that are only addressed."""
        waiting = [tree]
        while waiting:
            node = waiting.pop()
            match node:
                case b.CellRead(index) | b.AreaRead(index):
                    self._read.add(index)
                case b.FunctionCall(function, arguments) | b.LazyCall(function, arguments):
                    self.function(function)
                    waiting.extend(self.arguments(function, arguments))
                    continue
                case b.FunctionValue(function):
                    self.function(function)
                case b.ReferenceOperation(":", items):
                    slots = ends(items)
                    if len(slots) > 1:
                        self.hulls.append(slots)
                case b.NamedLambda(name, sheet):
                    self.named_lambda(scope.name(name, sheet), scope)
            waiting.extend(children(node))

    def function(self, function: FunctionSpec) -> None:
        """A function that is called, or handed on by its bare name."""
        self.volatile |= function.volatile
        self.dynamic |= function.dynamic
        if function.name in _OF_SHEETS:
            self.mentions |= {"sheets", "sheet names"}
        if function.host and function.name not in self.hosts:
            self.hosts.append(function.name)

    def arguments(self, function: FunctionSpec, arguments: Sequence[b.Bound]) -> list[b.Bound]:
        """Those arguments of a call that are evaluated, not only addressed."""
        if function.name in _RESIZING and len(arguments) == 3:
            ranges, values = arguments[0], arguments[2]
            if isinstance(ranges, b.CellRead | b.AreaRead) and isinstance(values, b.CellRead | b.AreaRead):
                self.resized.append((values.index, ranges.index))
        evaluated = []
        for argument, parameter in zip(arguments, function.signature.assigned(len(arguments)), strict=True):
            addressed = parameter.kind is Kind.ADDRESS or function.name in _SHAPE_ALONE
            if addressed and isinstance(argument, b.CellRead | b.AreaRead):
                self._addressed.add(argument.index)
            else:
                evaluated.append(argument)
        return evaluated

    def named_lambda(self, definition: DefinedName | None, scope: Scope) -> None:
        """What a name's LAMBDA calls, and the LAMBDAs of names that it calls, count as called by the formula."""
        if definition is None or definition in self._followed:
            return
        self._followed.append(definition)
        for node in walk(parse(definition.shape)):
            if isinstance(node, nodes.Call):
                function = scope.function(node.name)
                if function is not None:
                    self.function(function)
                else:
                    self.named_lambda(scope.name(node.name, definition.sheet), scope)


def survey(tree: b.Bound, scope: Scope) -> Survey:
    """Look a tree over."""
    found = Survey()
    found.tree(tree, scope)
    return found
