"""The vector form of a program: closures over a `Batch`, all members of a block at once.

In: a bound tree. Out: a function from a `Batch` to a scalar (all members share it) or a Grid whose first axis is the
members, or None where the tree holds something only the scalar form can do. Invariant: equal to the scalar form to the
bit, member by member; where that cannot be had the code raises `NeedsCells` and the caller goes cell by cell.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sheetengine.arithmetic import plane_snap, snap
from sheetengine.coerce import plane_numbers, to_number
from sheetengine.compiler import bound as b
from sheetengine.compiler.frame import AreaLanes, Batch, NeedsCells
from sheetengine.compiler.inlining import as_let, inlined
from sheetengine.compiler.lanes import Lanes, one_for_all, read_lanes
from sheetengine.compiler.lazy_lanes import LAZY_LANES, is_joined, joined
from sheetengine.compiler.operators import operate
from sheetengine.compiler.vector_calls import call_lanes
from sheetengine.compiler.walk import children, names_locals, slots_of
from sheetengine.functions.arguments import dereference
from sheetengine.functions.signature import Kind
from sheetengine.grid import ERROR, Grid
from sheetengine.values import MISSING, CellError, Lambda, Reference


def compile_vector(tree: b.Bound) -> Lanes | None:
    """Code over a batch, or None where the tree cannot be run over members."""
    if not _can(tree):
        return None
    # What LET answers may be one of its names: read where it is a range.
    return _values(tree) if isinstance(tree, b.Let | b.Local | b.Application) else _lanes(tree)


def _can(tree: b.Bound) -> bool:
    match tree:
        case b.ReferenceOperation() | b.SpillReference() | b.LambdaExpression() | b.NamedLambda() | b.FunctionValue():
            return False
        case b.FunctionCall() if _is_line(tree):
            return True
        case b.FunctionCall(function, arguments):
            kinds = [parameter.kind for parameter in function.signature.assigned(len(arguments))]
            if function.volatile or function.dynamic or Kind.ADDRESS in kinds or Kind.FUNCTION in kinds:
                return False
        case b.LazyCall(function):
            if function.name not in LAZY_LANES:
                return False
        case b.Application():
            let = as_let(tree)
            return let is not None and _can(let)
    return all(map(_can, children(tree)))


def _is_line(tree: b.FunctionCall) -> bool:
    """Whether a call is ROW or COLUMN of one cell, of which a batch knows where it stands."""
    return tree.function.name in ("ROW", "COLUMN") and all(isinstance(argument, b.CellRead) for argument in tree.arguments)


def _values(tree: b.Bound) -> Lanes:
    """Code that gives values: areas read."""
    code = _lanes(tree)
    if not isinstance(tree, b.AreaRead | b.FunctionCall | b.LazyCall | b.Omitted | b.Local | b.Let | b.Application):
        return code

    def value(batch: Batch) -> object:
        result = code(batch)
        if isinstance(result, AreaLanes):
            return read_lanes(result, batch)
        if isinstance(result, Reference):
            return one_for_all(dereference(result, batch))
        return None if result is MISSING else result

    return value


def _lanes(tree: b.Bound) -> Lanes:
    match tree:
        case b.Constant(value):
            return lambda batch: value
        case b.ArrayConstant(grid):
            shared = grid.reshape((1, *grid.shape))
            return lambda batch: shared
        case b.SlotConstant(index):
            return lambda batch: batch.constant(index)
        case b.CellRead(index):
            return lambda batch: batch.cells(index)
        case b.AreaRead(index):
            return lambda batch: batch.areas(index)
        case b.Omitted():
            return lambda batch: MISSING
        case b.Negation(operand, keep):
            inner = _values(operand)
            return inner if keep else lambda batch: operate("-", 0.0, inner(batch), batch)
        case b.Percentage(operand):
            inner = _values(operand)
            return lambda batch: operate("/", inner(batch), 100.0, batch)
        case b.Arithmetic(operator, left, right, snapped):
            one, two = _values(left), _values(right)
            if snapped:
                return lambda batch: _snapped(operator, one(batch), two(batch), batch)
            return lambda batch: operate(operator, one(batch), two(batch), batch)
        case b.Comparison(operator, left, right):
            one, two = _values(left), _values(right)
            return lambda batch: operate(operator, one(batch), two(batch), batch)
        case b.Joining(left, right):
            one, two = _values(left), _values(right)
            return lambda batch: operate("&", one(batch), two(batch), batch)
        case b.Run(first, steps, snapped):
            return _run(_values(first), [(operator, _values(right)) for operator, right in steps], snapped)
        case b.Implicit(operand):
            return _implicit(operand)
        case b.FunctionCall() if _is_line(tree):
            return _line(tree)
        case b.FunctionCall(function, arguments) if is_joined(function.name):
            codes = [_lanes(argument) for argument in arguments]
            return joined(function.name, codes, call_lanes(tree, codes))
        case b.FunctionCall(_, arguments):
            call = call_lanes(tree, [_lanes(argument) for argument in arguments])
            return call if names_locals(tree) else _kept(call, slots_of(tree))
        case b.LazyCall(function, arguments):
            return LAZY_LANES[function.name]([_values(argument) for argument in arguments])
        case b.Local(_, index):
            return _local(index)
        case b.Let() | b.Application():
            let = inlined(tree, {})
            assert isinstance(let, b.Let)
            return _let(let.base, [_lanes(value) for value in let.values], _lanes(let.body))
    raise AssertionError(f"no vector form: {tree!r}")


def _line(tree: b.FunctionCall) -> Lanes:
    rows = tree.function.name == "ROW"
    cells = [argument.index for argument in tree.arguments if isinstance(argument, b.CellRead)]
    index = cells[0] if cells else None
    return lambda batch: batch.lines(index, rows=rows)


def _run(first: Lanes, steps: Sequence[tuple[str, Lanes]], snapped: bool) -> Lanes:
    def run(batch: Batch) -> object:
        value = first(batch)
        for operator, right in steps[:-1]:
            value = operate(operator, value, right(batch), batch)
        operator, right = steps[-1]
        return (_snapped if snapped else operate)(operator, value, right(batch), batch)

    return run


def _local(index: int) -> Lanes:
    def local(batch: Batch) -> object:
        value = batch.locals[index]
        if isinstance(value, Lambda):
            raise NeedsCells
        return value

    return local


def _let(base: int, values: Sequence[Lanes], body: Lanes) -> Lanes:
    def let(batch: Batch) -> object:
        del batch.locals[base:]
        for value in values:
            batch.locals.append(value(batch))
        return body(batch)

    return let


_NOTHING = object()


def _kept(code: Lanes, slots: frozenset[int]) -> Lanes:
    """Code whose answer is kept while nothing it reads changes: between the rounds of one plan."""
    key = object()

    def answer(batch: Batch) -> object:
        cache = batch.cache
        if cache is None or not slots.isdisjoint(batch.fired):
            return code(batch)
        found = cache.get(key, _NOTHING)
        if found is _NOTHING:
            found = cache[key] = code(batch)
        return found

    return answer


def _implicit(operand: b.Bound) -> Lanes:
    if isinstance(operand, b.AreaRead):
        index = operand.index
        return lambda batch: batch.intersected(index)
    code = _lanes(operand)

    def single(batch: Batch) -> object:
        value = code(batch)
        if isinstance(value, Reference):
            area = value.area
            if area is None or area.height > 1 or area.width > 1:
                raise NeedsCells
            return dereference(value, batch)
        if isinstance(value, AreaLanes):
            raise NeedsCells
        return value[:, :1, :1] if isinstance(value, Grid) and value.shape[1:] != (1, 1) else value

    return single


def _snapped(operator: str, left: object, right: object, batch: Batch) -> object:
    result = operate(operator, left, right, batch)
    if isinstance(result, Grid):
        if isinstance(left, Grid):
            operands, _ = plane_numbers(left, batch.date1904)
        else:
            number = to_number(left, batch.date1904)  # type: ignore[arg-type]
            operands = np.array(0.0 if isinstance(number, CellError) else number)
        if result.kinds is None:
            return Grid(plane_snap(result.numbers, operands))
        good = result.kinds != ERROR
        return Grid(np.where(good, plane_snap(result.numbers, operands), result.numbers), result.kinds, result.texts)
    if type(result) is float:
        number = to_number(left, batch.date1904)  # type: ignore[arg-type]
        return snap(result, number) + 0.0 if type(number) is float else result
    return result
