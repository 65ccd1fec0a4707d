"""The quick form of a program: Python source for formulas of plain values, compiled once a program.

In: a bound tree. Out: a function of the cells' planes that answers like the scalar form, or None where it cannot say: a blank, an
error, a number that is not finite, two numbers that are nearly equal. The caller then asks the scalar form, which is the specification:
what is answered here is equal to it, to the bit. A call takes 0.2-0.5 us where closures over a frame take 2-8.

Each cell comes as three arguments: its plane of kinds, its plane of payloads and its place in both; a constant as one; a range, which
must be a short piece of one column, as five: planes, place, the kinds it must have and its first row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sheetengine.arithmetic import power
from sheetengine.coerce import MOST_CHARACTERS, to_text
from sheetengine.compiler import bound as b
from sheetengine.functions.signature import Kind
from sheetengine.grid import NUMBER, TEXT
from sheetengine.values import CellError

Quick = Callable[..., object]
"""`quick(text, *arguments)`: `text` gives the text of an id; arguments for the slots `cells`, `areas`, `constants` of its `QuickForm`."""
MOST_DOWN = 64
"""Rows of a range that a quick form reads."""

_CLOSE = 4e-14
"""Numbers nearer to each other than this share are left to the scalar form, which compares 15 digits."""
_MOST_LINES = 400


class QuickForm:
    """A program's quick form: the function and which slots are its arguments."""

    __slots__ = ("areas", "cells", "constants", "run")

    def __init__(self, run: Quick, cells: tuple[int, ...], areas: tuple[int, ...], constants: tuple[int, ...]) -> None:
        self.run = run
        self.cells = cells
        self.areas = areas
        self.constants = constants


class _Not(Exception):  # a signal, not an error
    """The tree holds something that has no quick form."""


def compile_quick(tree: b.Bound) -> QuickForm | None:
    """The quick form of a formula, None where it has none."""
    writer = _Writer()
    try:
        answer = writer.any(tree)
    except _Not:
        return None
    if len(writer.lines) > _MOST_LINES:
        return None
    cells, areas, constants = tuple(sorted(writer.cells)), tuple(sorted(writer.areas)), tuple(sorted(writer.constants))
    parameters = ["text"]
    for index in cells:
        parameters += [f"k{index}", f"p{index}", f"i{index}"]
    for index in areas:
        parameters += [f"k{index}", f"p{index}", f"i{index}", f"o{index}", f"r{index}"]
    parameters += [f"c{index}" for index in constants]
    source = f"def quick({', '.join(parameters)}):\n" + "\n".join(writer.lines) + f"\n return {answer}\n"
    names = writer.names
    exec(compile(source, "<quick form>", "exec"), names)
    return QuickForm(names["quick"], cells, areas, constants)  # type: ignore[arg-type]  # what the source defines


class _Writer:
    """Writes one statement a node. Each method gives the name of a variable that holds a value of the kind it is named for."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.indent = " "
        self.cells: set[int] = set()
        self.areas: set[int] = set()
        self.constants: set[int] = set()
        self.names: dict[str, object] = {"power": power, "to_text": to_text}
        self.count = 0
        self.known: dict[tuple[str, int], str] = {}

    def put(self, line: str) -> None:
        self.lines.append(self.indent + line)

    def fresh(self, expression: str) -> str:
        name = self.name()
        self.put(f"{name} = {expression}")
        return name

    def name(self) -> str:
        self.count += 1
        return f"t{self.count}"

    def constant_of(self, value: object) -> str:
        name = f"g{len(self.names)}"
        self.names[name] = value
        return name

    @contextmanager
    def branch(self, head: str) -> Iterator[None]:
        """Statements under a condition; cells read there are not known behind it."""
        self.put(head)
        outer, known = self.indent, dict(self.known)
        self.indent += " "
        yield
        self.indent, self.known = outer, known

    # -- numbers ---------------------------------------------------------------------------------------------------

    def number(self, tree: b.Bound) -> str:
        match tree:
            case b.CellRead(index):
                return self.cell(index, "number")
            case b.SlotConstant(index, False):
                self.constants.add(index)
                return f"c{index}"
            case b.Constant(value) if type(value) is float:
                return self.constant_of(value)
            case b.Negation(operand, keep):
                inner = self.number(operand)
                return inner if keep else self.fresh(f"0.0 - {inner}")
            case b.Percentage(operand):
                return self.finite(f"{self.number(operand)} / 100.0")
            case b.Arithmetic(operator, left, right, snapped):
                return self.arithmetic(operator, left, right, snapped)
            case b.LazyCall() | b.FunctionCall() | b.Implicit():
                result = self.any(tree)
                self.put(f"if type({result}) is not float: return None")
                return result
        raise _Not

    def finite(self, expression: str) -> str:
        name = self.fresh(f"{expression} + 0.0")
        self.put(f"if {name} - {name} != 0.0: return None")
        return name

    def arithmetic(self, operator: str, left: b.Bound, right: b.Bound, snapped: bool) -> str:
        one, two = self.number(left), self.number(right)
        if operator == "^":
            name = self.fresh(f"power({one}, {two})")
            self.put(f"if type({name}) is not float: return None")
            return self.finite(name)
        if operator == "/":
            self.put(f"if {two} == 0.0: return None")
        name = self.finite(f"{one} {operator} {two}")
        if snapped:
            self.put(f"if {name} != 0.0 and abs({name}) <= abs({one}) * 2e-15: return None")
        return name

    def cell(self, index: int, kind: str) -> str:
        self.cells.add(index)
        found = self.known.get((kind, index))
        if found is not None:
            return found
        wanted = NUMBER if kind == "number" else TEXT
        self.put(f"if k{index}[i{index}] != {wanted}: return None")
        payload = f"p{index}[i{index}]"
        name = self.fresh(payload if kind == "number" else f"text(int({payload}))")
        self.known[(kind, index)] = name
        return name

    # -- texts and truths ------------------------------------------------------------------------------------------

    def text(self, tree: b.Bound) -> str:
        match tree:
            case b.CellRead(index):
                return self.cell(index, "text")
            case b.SlotConstant(index, True):
                self.constants.add(index)
                return f"c{index}"
            case b.Constant(value) if type(value) is str:
                return self.constant_of(value)
            case b.Joining():
                return self.joined(tree)
            case b.SlotConstant() | b.Constant() | b.Arithmetic() | b.Negation():
                return self.fresh(f"to_text({self.number(tree)})")
            case b.LazyCall() | b.FunctionCall():
                result = self.any(tree)
                name = self.fresh(f"{result} if type({result}) is str else to_text({result}) if type({result}) is float else None")
                self.put(f"if {name} is None: return None")
                return name
        raise _Not

    def joined(self, tree: b.Joining) -> str:
        name = self.fresh(f"{self.text(tree.left)} + {self.text(tree.right)}")
        self.put(f"if len({name}) > {MOST_CHARACTERS}: return None")
        return name

    def truth(self, tree: b.Bound) -> str:
        match tree:
            case b.Comparison(operator, left, right):
                one, two = self.number(left), self.number(right)
                self.put(f"if {one} != {two} and abs({one} - {two}) <= {_CLOSE} * max(abs({one}), abs({two})): return None")
                return self.fresh(f"{one} {_COMPARISONS[operator]} {two}")
            case b.Constant(value) if type(value) is bool:
                return self.constant_of(value)
            case b.CellRead() | b.Arithmetic():
                return self.fresh(f"{self.number(tree)} != 0.0")
            case b.LazyCall() | b.FunctionCall():
                result = self.any(tree)
                name = self.fresh(f"{result} if type({result}) is bool else {result} != 0.0 if type({result}) is float else None")
                self.put(f"if {name} is None: return None")
                return name
        raise _Not

    def any(self, tree: b.Bound) -> str:
        """A float, text or truth; of a call also the error that it answers."""
        match tree:
            case b.Comparison():
                return self.truth(tree)
            case b.Joining() | b.SlotConstant(_, True):
                return self.text(tree)
            case b.Constant(value) if type(value) is bool or type(value) is str:
                return self.constant_of(value)
            case b.CellRead(index):
                return self.cell_of_any_kind(index)
            case b.LazyCall(function, arguments) if function.name == "IF" and len(arguments) == 3:
                return self.choice(arguments)
            case b.FunctionCall():
                return self.call(tree)
            case b.Implicit(b.FunctionCall() | b.LazyCall() as operand):
                return self.any(operand)
            case b.LazyCall() | b.Implicit():
                raise _Not
        return self.number(tree)

    def cell_of_any_kind(self, index: int) -> str:
        for kind in ("number", "text"):
            if (kind, index) in self.known:
                return self.known[(kind, index)]
        self.cells.add(index)
        kind, payload = self.fresh(f"k{index}[i{index}]"), f"p{index}[i{index}]"
        name = self.fresh(f"{payload} if {kind} == {NUMBER} else text(int({payload})) if {kind} == {TEXT} else None")
        self.put(f"if {name} is None: return None")
        return name

    def choice(self, arguments: tuple[b.Bound, ...]) -> str:
        test, name = self.truth(arguments[0]), self.name()
        for head, argument in ((f"if {test}:", arguments[1]), ("else:", arguments[2])):
            with self.branch(head):
                self.put(f"{name} = {self.any(argument)}")
        return name

    def call(self, tree: b.FunctionCall) -> str:
        function, signature = tree.function, tree.function.signature
        if function.plain is not None:
            return self.plain_call(function.plain, tree.arguments)
        if function.volatile or function.dynamic or function.references or function.toolpak or signature.context:
            raise _Not
        values = []
        for argument, parameter in zip(tree.arguments, signature.assigned(len(tree.arguments)), strict=True):
            match parameter.kind:
                case Kind.NUMBER:
                    values.append(self.number(argument))
                case Kind.INTEGER:
                    values.append(f"int({self.number(argument)})")
                case Kind.TEXT:
                    values.append(self.text(argument))
                case Kind.BOOLEAN:
                    values.append(self.truth(argument))
                case Kind.VALUE:
                    value = self.any(argument)
                    self.names["CellError"] = CellError
                    self.put(f"if type({value}) is CellError: return None")
                    values.append(value)
                case Kind.ANY:
                    values.append(self.any(argument))
                case _:
                    raise _Not
        result = self.fresh(f"{self.constant_of(function.body)}({', '.join(values)})")
        self.names["finish"] = _finish
        self.put(f"if type({result}) is not bool: {result} = finish({result})")
        self.put(f"if {result} is None: return None")
        return result

    def plain_call(self, plain: Callable[..., float], arguments: tuple[b.Bound, ...]) -> str:
        """A function of numbers and ranges of numbers: single numbers before the first range are one part, all other arguments are one each.

        SUM adds its arguments from left to right: two numbers behind a range, added to each other first, would round otherwise.
        """
        parts: list[str] = []
        single: list[str] = []
        for argument in arguments:
            if isinstance(argument, b.AreaRead):
                if single:
                    parts.append(f"([{', '.join(single)}], 0)")
                    single = []
                index = argument.index
                self.areas.add(index)
                self.put(f"if k{index}[i{index} : i{index} + len(o{index})] != o{index}: return None")
                parts.append(f"(p{index}[i{index} : i{index} + len(o{index})].tolist(), r{index})")
            elif parts:
                parts.append(f"([{self.number(argument)}], 0)")
            else:
                single.append(self.number(argument))
        if single:
            parts.append(f"([{', '.join(single)}], 0)")
        if len(arguments) > MOST_DOWN:
            raise _Not
        return self.finite(f"{self.constant_of(plain)}([{', '.join(parts)}])")


def _finish(result: object) -> object:
    """A body's answer as `call.finish` has it, None for what the scalar form must see to."""
    if type(result) is float:
        return result + 0.0 if result - result == 0.0 else None
    if type(result) is str:
        return result if len(result) <= MOST_CHARACTERS else None
    if type(result) is int:
        return float(result) + 0.0
    return result if type(result) is CellError else None


_COMPARISONS = {"=": "==", "<>": "!=", "<": "<", ">": ">", "<=": "<=", ">=": ">="}
