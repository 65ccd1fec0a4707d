"""Writes a bound tree as the source of a Python function that answers like the scalar form, to the bit, or None where it cannot say.

In: a bound tree whose names for cells are those cells (`compiler.inlining`). Out: a function. Where it reads cells from is for those to
say who inherit from the writer: the planes of a sheet for a formula (`compiler.quick`), the frame for a lambda (`compiler.quick_bodies`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from sheetengine.arithmetic import power
from sheetengine.coerce import MOST_CHARACTERS, to_text
from sheetengine.comparison import compare_by
from sheetengine.compiler import bound as b
from sheetengine.compiler.inlining import stands_for_itself
from sheetengine.functions.signature import Kind
from sheetengine.values import CellError

Quick = Callable[..., object]

_CLOSE = 4e-14
"""Numbers nearer to each other than this share are left to the scalar form, which compares 15 digits."""
_MOST_LINES = 400
_MOST_ARGUMENTS = 64

_PLAIN = frozenset((float, str, bool))
"""Types of values that are neither blank nor an error."""


class NoQuickForm(Exception):  # a signal, not an error
    """The tree holds something that has no quick form."""


class Writer:
    """Writes one statement a node. Each method gives the name of a variable that holds a value of the kind it is named for."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.indent = " "
        self.constants: set[int] = set()
        self.names: dict[str, object] = {
            "power": power, "to_text": to_text, "compare": compare_by, "plain": _PLAIN, "finish": _finish, "CellError": CellError,
        }  # fmt: skip
        self.count = 0
        self.known: dict[tuple[str, int], str] = {}
        self.locals: dict[int, str] = {}

    def function(self, parameters: Sequence[str], answer: str) -> Quick | None:
        """What was written as a function, None where it is too long."""
        if len(self.lines) > _MOST_LINES:
            return None
        source = f"def quick({', '.join(parameters)}):\n" + "\n".join(self.lines) + f"\n return {answer}\n"
        exec(compile(source, "<quick form>", "exec"), self.names)
        return self.names["quick"]  # type: ignore[return-value]  # what the source defines

    # -- where values are read from --------------------------------------------------------------------------------

    def cell(self, index: int, kind: str) -> str:
        """The "number" or the "text" of a cell."""
        raise NoQuickForm

    def cell_of_any_kind(self, index: int) -> str:
        """The number or text of a cell, whichever it is."""
        raise NoQuickForm

    def area(self, index: int) -> str:
        """An expression for the numbers of a range, of which all cells are numbers: the list of them, and the row of the first."""
        raise NoQuickForm

    def local(self, index: int) -> str:
        """The variable of a name of LET or LAMBDA; what it holds may be no plain value."""
        return self.locals[index]

    # -- statements ------------------------------------------------------------------------------------------------

    def put(self, line: str) -> None:
        """A statement."""
        self.lines.append(self.indent + line)

    def fresh(self, expression: str) -> str:
        """A variable of an expression."""
        name = self.name()
        self.put(f"{name} = {expression}")
        return name

    def name(self) -> str:
        """A variable not used yet."""
        self.count += 1
        return f"t{self.count}"

    def constant_of(self, value: object) -> str:
        """A name for a value that the source cannot write."""
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
        """A float."""
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
            case b.LazyCall() | b.FunctionCall() | b.Implicit() | b.Let():
                return self.only("float", self.any(tree))
            case b.Local(_, index):
                return self.only("float", self.local(index))
        raise NoQuickForm

    def only(self, kind: str, name: str) -> str:
        """A variable whose value is of one type."""
        self.put(f"if type({name}) is not {kind}: return None")
        return name

    def finite(self, expression: str) -> str:
        """A float that is a number."""
        name = self.fresh(f"{expression} + 0.0")
        self.put(f"if {name} - {name} != 0.0: return None")
        return name

    def arithmetic(self, operator: str, left: b.Bound, right: b.Bound, snapped: bool) -> str:
        """The float that an operator gives."""
        one, two = self.number(left), self.number(right)
        if operator == "^":
            return self.finite(self.only("float", self.fresh(f"power({one}, {two})")))
        if operator == "/":
            self.put(f"if {two} == 0.0: return None")
        name = self.finite(f"{one} {operator} {two}")
        if snapped:
            self.put(f"if {name} != 0.0 and abs({name}) <= abs({one}) * 2e-15: return None")
        return name

    # -- texts and truths ------------------------------------------------------------------------------------------

    def text(self, tree: b.Bound) -> str:
        """A str."""
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
            case b.LazyCall() | b.FunctionCall() | b.Local() | b.Let():
                result = self.any(tree)
                return self.known_one(f"{result} if type({result}) is str else to_text({result}) if type({result}) is float else None")
        raise NoQuickForm

    def known_one(self, expression: str) -> str:
        """A variable of an expression that is None where nothing can be said."""
        name = self.fresh(expression)
        self.put(f"if {name} is None: return None")
        return name

    def joined(self, tree: b.Joining) -> str:
        """Two texts as one."""
        name = self.fresh(f"{self.text(tree.left)} + {self.text(tree.right)}")
        self.put(f"if len({name}) > {MOST_CHARACTERS}: return None")
        return name

    def truth(self, tree: b.Bound) -> str:
        """A bool."""
        match tree:
            case b.Comparison(operator, left, right) if _is_text(left) or _is_text(right):
                return self.only("bool", self.fresh(f"compare({operator!r}, {self.any(left)}, {self.any(right)})"))
            case b.Comparison(operator, left, right):
                one, two = self.number(left), self.number(right)
                self.put(f"if {one} != {two} and abs({one} - {two}) <= {_CLOSE} * max(abs({one}), abs({two})): return None")
                return self.fresh(f"{one} {_COMPARISONS[operator]} {two}")
            case b.Constant(value) if type(value) is bool:
                return self.constant_of(value)
            case b.CellRead() | b.Arithmetic():
                return self.fresh(f"{self.number(tree)} != 0.0")
            case b.LazyCall() | b.FunctionCall() | b.Local() | b.Let():
                result = self.any(tree)
                return self.known_one(f"{result} if type({result}) is bool else {result} != 0.0 if type({result}) is float else None")
        raise NoQuickForm

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
            case b.Local(_, index):
                return self.plain(self.local(index))
            case b.Let():
                return self.let(tree)
            case b.LazyCall() | b.Implicit():
                raise NoQuickForm
        return self.number(tree)

    def plain(self, name: str) -> str:
        """A variable whose value is a float, text or truth."""
        self.put(f"if type({name}) not in plain: return None")
        return name

    def let(self, tree: b.Let) -> str:
        """What LET answers; its names for cells, ranges and constants are those already."""
        for index, value in enumerate(tree.values, tree.base):
            if not stands_for_itself(value):
                self.locals[index] = self.any(value)
        return self.any(tree.body)

    def choice(self, arguments: tuple[b.Bound, ...]) -> str:
        """What IF answers."""
        test, name = self.truth(arguments[0]), self.name()
        for head, argument in ((f"if {test}:", arguments[1]), ("else:", arguments[2])):
            with self.branch(head):
                self.put(f"{name} = {self.any(argument)}")
        return name

    def call(self, tree: b.FunctionCall) -> str:
        """What a function answers. A user function may take any time and do anything: it is called in one way only."""
        function, signature = tree.function, tree.function.signature
        if function.category == "user":
            raise NoQuickForm
        if function.plain is not None:
            return self.plain_call(function.plain, tree.arguments)
        if function.name in _TRUTHS:
            return self.fresh(_TRUTHS[function.name].join([self.truth(argument) for argument in tree.arguments]))
        if function.volatile or function.dynamic or function.references or function.toolpak or signature.context:
            raise NoQuickForm
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
                    self.put(f"if type({value}) is CellError: return None")
                    values.append(value)
                case Kind.ANY:
                    values.append(self.any(argument))
                case _:
                    raise NoQuickForm
        result = self.fresh(f"{self.constant_of(function.body)}({', '.join(values)})")
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
                parts.append(self.area(argument.index))
            elif parts:
                parts.append(f"([{self.number(argument)}], 0)")
            else:
                single.append(self.number(argument))
        if single:
            parts.append(f"([{', '.join(single)}], 0)")
        if len(arguments) > _MOST_ARGUMENTS:
            raise NoQuickForm
        return self.finite(f"{self.constant_of(plain)}([{', '.join(parts)}])")


def _is_text(tree: b.Bound) -> bool:
    match tree:
        case b.Joining() | b.SlotConstant(_, True):
            return True
        case b.Constant(value):
            return type(value) is str
    return False


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
_TRUTHS = {"AND": " and ", "OR": " or ", "XOR": " ^ "}
