"""The vector form of a program: closures over a `Batch`, all members of a block at once.

In: a bound tree. Out: a function from a `Batch` to a scalar (all members share it) or a Grid whose first axis is the
members, or None where the tree holds something only the scalar form can do. Invariant: equal to the scalar form to the
bit, member by member; where that cannot be had the code raises `NeedsCells` and the caller goes cell by cell.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np

from sheetengine.coerce import plane_numbers, plane_snap, snap, to_boolean, to_number
from sheetengine.compiler import bound as b
from sheetengine.compiler.frame import AreaLanes, Batch, NeedsCells
from sheetengine.compiler.lazy import pick, replace_errors
from sheetengine.compiler.scalar import operate, plane_operate
from sheetengine.functions.call import common_shape, dereference, fit, invoke
from sheetengine.functions.library import FunctionSpec
from sheetengine.functions.signature import Kind
from sheetengine.functions.windows import Growing
from sheetengine.grid import BOOLEAN, ERROR, NUMBER, Grid
from sheetengine.values import MISSING, CellError, Reference

Lanes: TypeAlias = Callable[[Batch], object]


def compile_vector(tree: b.Bound) -> Lanes | None:
    """Code over a batch, or None where the tree cannot be run over members."""
    return _lanes(tree) if _can(tree) else None


_LAZY = frozenset(("IF", "IFERROR", "IFNA", "IFS", "CHOOSE"))


def _can(tree: b.Bound) -> bool:
    match tree:
        case b.Constant() | b.ArrayConstant() | b.SlotConstant() | b.CellRead() | b.AreaRead() | b.Omitted():
            return True
        case b.Negation(operand) | b.Percentage(operand) | b.Implicit(operand):
            return _can(operand)
        case b.Arithmetic(_, left, right) | b.Comparison(_, left, right) | b.Joining(left, right):
            return _can(left) and _can(right)
        case b.FunctionCall(function, arguments):
            if function.volatile or function.dynamic:
                return False
            parameters = function.signature.assigned(len(arguments))
            if any(p.kind in (Kind.ADDRESS, Kind.FUNCTION) for p in parameters):
                return False
            return all(_can(argument) for argument in arguments)
        case b.LazyCall(function, arguments):
            return function.name in _LAZY and all(_can(argument) for argument in arguments)
    return False


def _values(tree: b.Bound) -> Lanes:
    """Code that gives values: areas read."""
    code = _lanes(tree)
    if not isinstance(tree, b.AreaRead | b.FunctionCall | b.LazyCall | b.Omitted):
        return code

    def value(batch: Batch) -> object:
        result = code(batch)
        if isinstance(result, AreaLanes):
            return _read(result)
        if isinstance(result, Reference):
            return _one_for_all(dereference(result, batch))
        return None if result is MISSING else result

    return value


def _read(areas: AreaLanes) -> Grid:
    grid = areas.grid()
    if grid is None:
        raise NeedsCells
    return grid


def _one_for_all(value: object) -> object:
    """A two-dimensional grid that all members share, with the members' axis."""
    return value.reshape((1, *value.shape)) if isinstance(value, Grid) and value.numbers.ndim == 2 else value


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
            return inner if keep else lambda batch: _operate("-", 0.0, inner(batch), batch)
        case b.Percentage(operand):
            inner = _values(operand)
            return lambda batch: _operate("/", inner(batch), 100.0, batch)
        case b.Arithmetic(operator, left, right, snapped):
            one, two = _values(left), _values(right)
            if snapped:
                return lambda batch: _snapped(operator, one(batch), two(batch), batch)
            return lambda batch: _operate(operator, one(batch), two(batch), batch)
        case b.Comparison(operator, left, right):
            one, two = _values(left), _values(right)
            return lambda batch: _operate(operator, one(batch), two(batch), batch)
        case b.Joining(left, right):
            one, two = _values(left), _values(right)
            return lambda batch: _operate("&", one(batch), two(batch), batch)
        case b.Implicit(operand):
            return _implicit(operand)
        case b.FunctionCall():
            return _kept(_call(tree), slots_of(tree))
        case b.LazyCall(function, arguments):
            return _LAZY_LANES[function.name]([_values(argument) for argument in arguments])
    raise AssertionError(f"no vector form: {tree!r}")


def slots_of(tree: b.Bound) -> frozenset[int]:
    """The slots a tree reads."""
    match tree:
        case b.SlotConstant(index) | b.CellRead(index) | b.AreaRead(index):
            return frozenset((index,))
        case b.Negation(operand) | b.Percentage(operand) | b.Implicit(operand):
            return slots_of(operand)
        case b.Arithmetic(_, left, right) | b.Comparison(_, left, right) | b.Joining(left, right):
            return slots_of(left) | slots_of(right)
        case b.FunctionCall(_, arguments) | b.LazyCall(_, arguments):
            return frozenset().union(*map(slots_of, arguments))
    return frozenset()


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


def _operate(operator: str, left: object, right: object, batch: Batch) -> object:
    one, two = isinstance(left, Grid), isinstance(right, Grid)
    if one and two:
        if left.shape != right.shape:  # type: ignore[attr-defined]
            shape = common_shape([left.shape, right.shape])  # type: ignore[attr-defined]
            left, right = fit(left, shape), fit(right, shape)  # type: ignore[arg-type]
    elif not one and not two:
        return operate(operator, left, right, batch)  # type: ignore[arg-type]  # it asks date1904 alone
    return plane_operate(operator, left, right, batch.date1904)


def _snapped(operator: str, left: object, right: object, batch: Batch) -> object:
    result = _operate(operator, left, right, batch)
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


def _call(tree: b.FunctionCall) -> Lanes:
    function = tree.function
    codes = [_lanes(argument) for argument in tree.arguments]
    parameters = function.signature.assigned(len(codes))
    is_cell = [isinstance(argument, b.CellRead) for argument in tree.arguments]
    is_single = [parameter.kind.is_scalar for parameter in parameters]

    def call(batch: Batch) -> object:
        arguments: list[object] = []
        varying = lone = False
        for code, parameter, cell in zip(codes, parameters, is_cell, strict=True):
            argument = code(batch)
            if isinstance(argument, AreaLanes):
                if argument.shared is not None:
                    argument = Reference((argument.shared,))
                elif parameter.kind.is_scalar:
                    argument = _read(argument)
                else:
                    varying = True
            elif isinstance(argument, Grid) and not parameter.kind.is_scalar:
                if cell and function.batch is None:
                    # A single cell counts as a range here (SUM leaves its text out): only a reference says so.
                    raise NeedsCells
                if argument.shape[0] == 1 and not cell:
                    argument = argument[0]
                else:
                    varying = True
            elif cell and not parameter.kind.is_scalar:
                lone = True
            arguments.append(argument)
        if not varying:
            if lone:
                # One cell for all members: not its value but a reference to it is what the function takes.
                raise NeedsCells
            result = invoke(function, arguments, batch)
            if isinstance(result, Reference):
                result = dereference(result, batch)
            return _one_for_all(result)
        return _call_batch(function, arguments, is_cell, is_single, batch)

    return call


def _call_batch(
    function: FunctionSpec, arguments: Sequence[object], is_cell: Sequence[bool], is_single: Sequence[bool], batch: Batch
) -> object:
    """A function of ranges that differ from member to member, through its batch form."""
    if function.batch is None:
        raise NeedsCells
    # A single value (the criterion of COUNTIF) is taken as it is, whatever its kind.
    lanes = [
        _batch_argument(argument, cell or single, function, batch)
        for argument, cell, single in zip(arguments, is_cell, is_single, strict=True)
    ]
    with np.errstate(all="ignore"):
        found = function.batch(*lanes)
    if found is None:
        raise NeedsCells
    if not isinstance(found, Grid):
        found = Grid.from_numbers(found)
    return found.reshape((found.size, 1, 1))


def _batch_argument(argument: object, cell: bool, function: FunctionSpec, batch: Batch) -> Grid | Growing:
    """One argument as a batch form takes it; a value computed or written directly only where it is a number, coerced by nobody."""
    if isinstance(argument, AreaLanes):
        grid = argument.grid()
        if grid is not None:
            grid.tops = argument.tops
            return grid
        if not function.growing or argument.hull is None or argument.tops is None or argument.bottoms is None:
            raise NeedsCells
        return Growing(argument.hull(), argument.tops, argument.bottoms)
    if isinstance(argument, Reference):
        found = dereference(argument, batch)
        if not isinstance(found, Grid):
            found = Grid.from_flat([found], (1, 1))  # type: ignore[list-item]  # the scalar of one cell
        shared = found.reshape((1, *found.shape))
        shared.source = found.source
        return shared
    if isinstance(argument, Grid):
        lanes = argument if argument.numbers.ndim == 3 else argument.reshape((1, *argument.shape))
        if not cell and lanes.shape[1:] == (1, 1) and lanes.kinds is not None and not (lanes.kinds == NUMBER).all():
            raise NeedsCells
        return lanes
    if cell or type(argument) is float:
        return Grid.from_flat([None if argument is MISSING else argument], (1, 1, 1))  # type: ignore[list-item]  # a scalar
    raise NeedsCells


def _if(values: Sequence[Lanes]) -> Lanes:
    condition, then = values[0], values[1]
    otherwise: Lanes = values[2] if len(values) > 2 else lambda batch: False

    def choose(batch: Batch) -> object:
        test = condition(batch)
        if isinstance(test, Grid):
            return pick(_truths(test), [_branch(then(batch)), _branch(otherwise(batch))])
        truth = to_boolean(test)  # type: ignore[arg-type]
        if isinstance(truth, CellError):
            return truth
        return _branch(then(batch) if truth else otherwise(batch))

    return choose


def _branch(value: object) -> object:
    return None if value is MISSING else value


def _truths(test: Grid) -> Grid:
    if test.kinds is None or (test.kinds.size and test.kinds.max() <= BOOLEAN):
        return Grid((test.numbers != 0.0).astype(np.float64))
    return Grid.from_flat([to_boolean(value) for value in test.flat()], test.shape)


def _guard(only_na: bool) -> Callable[[Sequence[Lanes]], Lanes]:
    def form(values: Sequence[Lanes]) -> Lanes:
        first, second = values[0], values[1]

        def guard(batch: Batch) -> object:
            value = first(batch)
            if isinstance(value, Grid):
                return replace_errors(value, lambda: second(batch), only_na)
            if isinstance(value, CellError) and (not only_na or value.code == "#N/A"):
                return second(batch)
            return value

        return guard

    return form


def _ifs(values: Sequence[Lanes]) -> Lanes:
    def choose(batch: Batch) -> object:
        if len(values) % 2:
            raise NeedsCells
        answer: object = CellError("#N/A", "no condition of IFS is true")
        for index in range(len(values) - 2, -1, -2):
            test = values[index](batch)
            grid = test if isinstance(test, Grid) else Grid.from_flat([test], (1, 1, 1))  # type: ignore[list-item]
            answer = pick(_truths(grid), [_branch(values[index + 1](batch)), answer])
        return answer

    return choose


def _choose(values: Sequence[Lanes]) -> Lanes:
    def choose(batch: Batch) -> object:
        index = values[0](batch)
        if isinstance(index, Grid):
            raise NeedsCells
        number = to_number(index, batch.date1904)  # type: ignore[arg-type]
        if isinstance(number, CellError):
            return number
        if not 1.0 <= number < len(values):
            return CellError("#VALUE!", f"CHOOSE has {len(values) - 1} values, not {int(number)}")
        return _branch(values[int(number)](batch))

    return choose


_LAZY_LANES: dict[str, Callable[[Sequence[Lanes]], Lanes]] = {
    "IF": _if,
    "IFERROR": _guard(only_na=False),
    "IFNA": _guard(only_na=True),
    "IFS": _ifs,
    "CHOOSE": _choose,
}
