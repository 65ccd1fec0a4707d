"""The scalar form of a program: closures over a `Frame`, one value at a time. It is the specification.

In: a bound tree. Out: a function from a `Frame` to a value (scalar, Grid, Reference, Lambda, MISSING). Nothing is
looked up at run time that could be at compile time; plain numbers take the first branch of every operator.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from sheetengine.arithmetic import plane_snap, snap
from sheetengine.coerce import to_number
from sheetengine.comparison import compare_numbers
from sheetengine.compiler import bound as b
from sheetengine.compiler.frame import Frame
from sheetengine.compiler.lambdas import apply, make_lambda, named
from sheetengine.compiler.lazy import LAZY_FORMS
from sheetengine.compiler.operators import operate
from sheetengine.compiler.references import implicit_intersection, reference_operation, spill_area
from sheetengine.functions.arguments import dereference
from sheetengine.functions.call import invoke
from sheetengine.functions.library import FunctionSpec
from sheetengine.functions.signature import Kind
from sheetengine.functions.stretch import fit
from sheetengine.grid import Grid
from sheetengine.values import DIV0, MISSING, NUM, VALUE, CellError, Lambda, Reference

Code: TypeAlias = Callable[[Frame], object]


def compile_scalar(tree: b.Bound) -> Code:
    """The value of a formula; blanks stay blank, references stay references: the engine lands them."""
    return _argument(tree)


def _value(tree: b.Bound) -> Code:
    """Code that gives values: references read, arguments left empty as blanks."""
    if isinstance(tree, b.CellRead):
        index = tree.index

        def read_cell(frame: Frame) -> object:
            area = frame.operands[index]
            return frame.cell(area[0], area[1], area[2])  # type: ignore[index]  # a slot of a cell is an Area

        return read_cell
    return _valued(tree, _argument(tree))


def _valued(tree: b.Bound, code: Code) -> Code:
    """The same from code that gives an argument; compiling that twice would double the work at every level of IFs."""
    if isinstance(
        tree, b.SlotConstant | b.Constant | b.Arithmetic | b.Comparison | b.Joining | b.Run | b.Negation | b.Percentage | b.ArrayConstant
    ):
        return code

    def value(frame: Frame) -> object:
        result = code(frame)
        if type(result) is float:
            return result
        if isinstance(result, Reference):
            return dereference(result, frame)
        if result is MISSING:
            return None
        return VALUE if isinstance(result, Lambda) else result

    return value


def _argument(tree: b.Bound) -> Code:
    """Code that gives arguments: cells and ranges stay references."""
    match tree:
        case b.Constant(value):
            return lambda frame: value
        case b.ArrayConstant(grid):
            return lambda frame: grid
        case b.SlotConstant(index):
            return lambda frame: frame.operands[index]
        case b.CellRead(index) | b.AreaRead(index):
            return lambda frame: Reference((frame.operands[index],))  # type: ignore[arg-type]  # an Area
        case b.Omitted():
            return lambda frame: MISSING
        case b.Negation(operand, keep):
            return _negation(_value(operand), keep)
        case b.Percentage(operand):
            inner = _value(operand)
            return lambda frame: operate("/", inner(frame), 100.0, frame)
        case b.Arithmetic(operator, left, right, snapped):
            return _arithmetic(operator, _value(left), _value(right), snapped)
        case b.Comparison(operator, left, right):
            return _comparison(operator, _value(left), _value(right))
        case b.Joining(left, right):
            one, two = _value(left), _value(right)
            return lambda frame: operate("&", one(frame), two(frame), frame)
        case b.Run(first, steps, snapped):
            return _run(_value(first), [(operator, _value(right)) for operator, right in steps], snapped)
        case b.ReferenceOperation(operator, items):
            codes = [_argument(item) for item in items]
            return lambda frame: reference_operation(operator, [code(frame) for code in codes])
        case b.Implicit(operand):
            inner = _argument(operand)
            return lambda frame: implicit_intersection(inner(frame), frame)
        case b.SpillReference(operand):
            inner = _argument(operand)
            return lambda frame: spill_area(inner(frame), frame)
        case b.FunctionCall(function, arguments):
            return _call(tree)
        case b.LazyCall(function, arguments):
            codes = [_argument(a) for a in arguments]
            values = [_value(a) if isinstance(a, b.CellRead) else _valued(a, code) for a, code in zip(arguments, codes, strict=True)]
            return LAZY_FORMS[function.name](codes, values)
        case b.Local(_, index):
            return lambda frame: frame.locals[index]
        case b.Let(base, values, body):
            return _let(base, [_argument(value) for value in values], _argument(body))
        case b.LambdaExpression():
            return make_lambda(tree, _argument(tree.body))
        case b.Application(function, arguments):
            callee, codes = _argument(function), [_argument(a) for a in arguments]
            return lambda frame: apply(callee(frame), [code(frame) for code in codes], frame)
        case b.NamedLambda(name, sheet):
            return lambda frame: named(name, sheet, frame)
        case b.FunctionValue(function):
            return lambda frame: _FunctionAsValue(function, frame)
    raise AssertionError(f"no such node: {tree!r}")


class _FunctionAsValue(Lambda):
    """A worksheet function's bare name as a lambda."""

    __slots__ = ("frame", "function")

    def __init__(self, function: FunctionSpec, frame: Frame) -> None:
        self.function = function
        self.frame = frame

    @property
    def least(self) -> int:
        """Arguments that cannot be left out."""
        return self.function.signature.least

    @property
    def most(self) -> int:
        """Arguments at the most."""
        return int(self.function.signature.most)

    @property
    def name(self) -> str:
        """The function's name."""
        return self.function.name

    def __call__(self, *arguments: object) -> object:
        if not self.least <= len(arguments) <= self.most:
            return CellError("#VALUE!", f"{self.name} is called with {len(arguments)} argument{'s' * (len(arguments) != 1)}")
        result = invoke(self.function, arguments, self.frame)
        return dereference(result, self.frame) if isinstance(result, Reference) else result


def _call(tree: b.FunctionCall) -> Code:
    function = tree.function
    codes: list[Code] = []
    for argument, parameter in zip(tree.arguments, function.signature.assigned(len(tree.arguments)), strict=True):
        # For a scalar parameter the value of a cell is read straight away: no reference object is made.
        plain = parameter.kind.is_scalar and isinstance(argument, b.CellRead)
        codes.append(_value(argument) if plain else _argument(argument))
    parameters = function.signature.assigned(len(codes))
    if (
        len(codes) == 1
        and parameters[0].kind is Kind.NUMBER
        and not function.signature.context
        and function.signature.least <= 1
        and len(function.signature.parameters) == 1
    ):
        code, body = codes[0], function.body

        def call_number(frame: Frame) -> object:
            argument = code(frame)
            if type(argument) is float:
                try:
                    result = body(argument)
                except OverflowError:
                    return NUM
                if type(result) is float and result - result == 0.0:
                    return result + 0.0
                return invoke(function, (argument,), frame)
            return invoke(function, (argument,), frame)

        return call_number
    if len(codes) == 1:
        only = codes[0]
        return lambda frame: invoke(function, (only(frame),), frame)
    if len(codes) == 2:
        first, second = codes
        return lambda frame: invoke(function, (first(frame), second(frame)), frame)
    return lambda frame: invoke(function, [code(frame) for code in codes], frame)


def _negation(inner: Code, keep: bool) -> Code:
    if keep:
        return inner

    def negate(frame: Frame) -> object:
        value = inner(frame)
        return 0.0 - value if type(value) is float else operate("-", 0.0, value, frame)

    return negate


def _arithmetic(operator: str, left: Code, right: Code, snapped: bool) -> Code:
    if operator == "*":

        def multiply(frame: Frame) -> object:
            one, two = left(frame), right(frame)
            if type(one) is float and type(two) is float:
                result = one * two
                return result + 0.0 if result - result == 0.0 else NUM
            return operate("*", one, two, frame)

        return multiply
    if operator == "/":

        def divide(frame: Frame) -> object:
            one, two = left(frame), right(frame)
            if type(one) is float and type(two) is float:
                if two == 0.0:
                    return DIV0
                result = one / two
                return result + 0.0 if result - result == 0.0 else NUM
            return operate("/", one, two, frame)

        return divide
    if operator == "^":
        return lambda frame: operate("^", left(frame), right(frame), frame)
    plus = operator == "+"

    def add(frame: Frame) -> object:
        one, two = left(frame), right(frame)
        if type(one) is float and type(two) is float:
            result = one + two if plus else one - two
            if result - result != 0.0:
                return NUM
            return (snap(result, one) if snapped else result) + 0.0
        mixed = operate(operator, one, two, frame)
        return _snap_any(mixed, one, frame) if snapped else mixed

    return add


def _run(first: Code, steps: Sequence[tuple[str, Code]], snapped: bool) -> Code:
    def run(frame: Frame) -> object:
        before, value = None, first(frame)
        for operator, right in steps:
            before, value = value, operate(operator, value, right(frame), frame)
        return _snap_any(value, before, frame) if snapped else value

    return run


def _snap_any(result: object, operand: object, frame: Frame) -> object:
    if type(result) is float:
        number = to_number(operand, frame.date1904)  # type: ignore[arg-type]  # a scalar: the result is one
        return snap(result, number) + 0.0 if type(number) is float else result
    if isinstance(result, Grid) and isinstance(operand, Grid | float):
        operands = operand.numbers if isinstance(operand, Grid) else operand
        if isinstance(operand, Grid) and operand.shape != result.shape:
            operands = fit(operand, result.shape).numbers
        return Grid(plane_snap(result.numbers, operands), result.kinds, result.texts)  # type: ignore[arg-type]
    return result


def _comparison(operator: str, left: Code, right: Code) -> Code:
    def compare(frame: Frame) -> object:
        return operate(operator, left(frame), right(frame), frame)

    if operator != ">":
        return compare

    def greater(frame: Frame) -> object:
        one, two = left(frame), right(frame)
        if type(one) is float and type(two) is float:
            return compare_numbers(one, two) > 0
        return operate(">", one, two, frame)

    return greater


def _let(base: int, values: Sequence[Code], body: Code) -> Code:
    def let(frame: Frame) -> object:
        locals_ = frame.locals
        while len(locals_) < base + len(values):
            locals_.append(None)
        for offset, value in enumerate(values):
            locals_[base + offset] = value(frame)
        return body(frame)

    return let
