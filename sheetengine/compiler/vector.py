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
from sheetengine.compiler.frame import AreaLanes, Batch, NeedsCells, refuse_large
from sheetengine.compiler.lazy_lanes import LAZY_LANES, Lanes, is_joined, joined
from sheetengine.compiler.operators import operate
from sheetengine.compiler.walk import names_locals, slots_of
from sheetengine.functions.arguments import WORTH_A_TAIL, dereference, read_whole
from sheetengine.functions.call import invoke
from sheetengine.functions.library import FunctionSpec
from sheetengine.functions.signature import Kind
from sheetengine.functions.stretch import common_shape
from sheetengine.functions.windows import Growing
from sheetengine.grid import ERROR, NUMBER, Grid
from sheetengine.values import MISSING, CellError, Lambda, Reference


def compile_vector(tree: b.Bound) -> Lanes | None:
    """Code over a batch, or None where the tree cannot be run over members."""
    if not _can(tree):
        return None
    # What LET answers may be one of its names: read where it is a range.
    return _values(tree) if isinstance(tree, b.Let | b.Local | b.Application) else _lanes(tree)


def _can(tree: b.Bound) -> bool:
    match tree:
        case b.Constant() | b.ArrayConstant() | b.SlotConstant() | b.CellRead() | b.AreaRead() | b.Omitted():
            return True
        case b.Negation(operand) | b.Percentage(operand) | b.Implicit(operand):
            return _can(operand)
        case b.Arithmetic(_, left, right) | b.Comparison(_, left, right) | b.Joining(left, right):
            return _can(left) and _can(right)
        case b.Run(first, steps):
            return _can(first) and all(_can(right) for _, right in steps)
        case b.FunctionCall() if _is_line(tree):
            return True
        case b.FunctionCall(function, arguments):
            if function.volatile or function.dynamic:
                return False
            parameters = function.signature.assigned(len(arguments))
            if any(p.kind in (Kind.ADDRESS, Kind.FUNCTION) for p in parameters):
                return False
            return all(_can(argument) for argument in arguments)
        case b.LazyCall(function, arguments):
            return function.name in LAZY_LANES and all(_can(argument) for argument in arguments)
        case b.Local():
            return True
        case b.Let(_, values, body):
            return all(_can(value) for value in values) and _can(body)
        case b.Application():
            let = _as_let(tree)
            return let is not None and _can(let)
    return False


def _is_line(tree: b.FunctionCall) -> bool:
    """Whether a call is ROW or COLUMN of one cell, of which a batch knows where it stands."""
    return tree.function.name in ("ROW", "COLUMN") and all(isinstance(argument, b.CellRead) for argument in tree.arguments)


def _as_let(tree: b.Application) -> b.Let | None:
    """`LAMBDA(x, body)(value)` as the `LET(x, value, body)` that it is, where it is one."""
    function = tree.function
    if isinstance(function, b.LambdaExpression) and len(tree.arguments) == len(function.parameters):
        return b.Let(function.base, tree.arguments, function.body)
    return None


def _leaf(tree: b.Bound) -> bool:
    """Whether a name for it is best replaced by it: a single cell must be seen to be one where it is used (SUM leaves its text out)."""
    return isinstance(tree, b.CellRead | b.AreaRead | b.Constant | b.SlotConstant | b.ArrayConstant)


def _replaced(tree: b.Bound, known: dict[int, b.Bound]) -> b.Bound:
    """A tree whose names for cells, ranges and constants are those themselves."""

    def all_of(items: tuple[b.Bound, ...]) -> tuple[b.Bound, ...]:
        return tuple(_replaced(item, known) for item in items)

    match tree:
        case b.Local(_, index):
            return known.get(index, tree)
        case b.Negation(operand, keep):
            return b.Negation(_replaced(operand, known), keep)
        case b.Percentage(operand):
            return b.Percentage(_replaced(operand, known))
        case b.Implicit(operand):
            return b.Implicit(_replaced(operand, known))
        case b.Arithmetic(operator, left, right, snapped):
            return b.Arithmetic(operator, _replaced(left, known), _replaced(right, known), snapped)
        case b.Comparison(operator, left, right):
            return b.Comparison(operator, _replaced(left, known), _replaced(right, known))
        case b.Joining(left, right):
            return b.Joining(_replaced(left, known), _replaced(right, known))
        case b.Run(first, steps, snapped):
            return b.Run(_replaced(first, known), tuple((operator, _replaced(right, known)) for operator, right in steps), snapped)
        case b.FunctionCall(function, arguments):
            return b.FunctionCall(function, all_of(arguments))
        case b.LazyCall(function, arguments):
            return b.LazyCall(function, all_of(arguments))
        case b.Let(base, values, body):
            inner = {index: value for index, value in known.items() if index < base}
            done: list[b.Bound] = []
            for place, value in enumerate(values, base):
                done.append(_replaced(value, inner))
                if _leaf(done[-1]):
                    inner[place] = done[-1]
            return b.Let(base, tuple(done), _replaced(body, inner))
        case b.Application():
            let = _as_let(tree)
            return tree if let is None else _replaced(let, known)
    return tree


def _values(tree: b.Bound) -> Lanes:
    """Code that gives values: areas read."""
    code = _lanes(tree)
    if not isinstance(tree, b.AreaRead | b.FunctionCall | b.LazyCall | b.Omitted | b.Local | b.Let | b.Application):
        return code

    def value(batch: Batch) -> object:
        result = code(batch)
        if isinstance(result, AreaLanes):
            return _read(result, batch)
        if isinstance(result, Reference):
            return _one_for_all(dereference(result, batch))
        return None if result is MISSING else result

    return value


def _read(areas: AreaLanes, batch: Batch) -> Grid:
    shared = areas.shared
    if shared is not None and shared.height > WORTH_A_TAIL:
        whole = read_whole(shared, batch)
        if isinstance(whole, CellError):
            raise NeedsCells
        return whole.reshape((1, *whole.shape))
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
        case b.Run(first, steps, snapped):
            return _run(_values(first), [(operator, _values(right)) for operator, right in steps], snapped)
        case b.Implicit(operand):
            return _implicit(operand)
        case b.FunctionCall() if _is_line(tree):
            return _line(tree)
        case b.FunctionCall(function, arguments) if is_joined(function.name):
            return joined(function.name, [_lanes(argument) for argument in arguments], _call(tree))
        case b.FunctionCall():
            return _call(tree) if names_locals(tree) else _kept(_call(tree), slots_of(tree))
        case b.LazyCall(function, arguments):
            return LAZY_LANES[function.name]([_values(argument) for argument in arguments])
        case b.Local(_, index):
            return _local(index)
        case b.Let() | b.Application():
            let = _replaced(tree, {})
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
            value = _operate(operator, value, right(batch), batch)
        operator, right = steps[-1]
        return (_snapped if snapped else _operate)(operator, value, right(batch), batch)

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


def _operate(operator: str, left: object, right: object, batch: Batch) -> object:
    return operate(operator, left, right, batch)  # it asks date1904 alone


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
                    if function.toolpak:
                        # It takes no range for a single value; whether a member's is one cell, the scalar form sees.
                        raise NeedsCells
                    argument = _read(argument, batch)
                else:
                    varying = True
            elif isinstance(argument, Grid) and not parameter.kind.is_scalar:
                if cell and function.batch is None:
                    # A single cell counts as a range here (SUM leaves its text out): only a reference says so.
                    raise NeedsCells
                if argument.shape[0] == 1 and not cell:
                    if argument.kinds is not None and argument.shape == (1, 1, 1):
                        # Whether it is a value or an array of one, which SUM tells apart, the scalar form knows.
                        raise NeedsCells
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
            if function.first_elements and _lanes_of_single_values(arguments, is_single):
                raise NeedsCells
            _refuse_large(arguments, is_single)
            result = invoke(function, arguments, batch)
            if isinstance(result, Reference):
                result = dereference(result, batch)
            return _one_for_all(result)
        return _call_batch(function, arguments, is_cell, is_single, batch)

    return call


def _lanes_of_single_values(arguments: Sequence[object], is_single: Sequence[bool]) -> bool:
    """Whether the members of a block give a function single values: each of them gets its answer whole."""
    grids = [argument for argument, single in zip(arguments, is_single, strict=True) if single and isinstance(argument, Grid)]
    return any(grid.numbers.ndim == 3 for grid in grids) and all(grid.shape[-2:] == (1, 1) for grid in grids)


def _refuse_large(arguments: Sequence[object], is_single: Sequence[bool]) -> None:
    """Raises `NeedsParts` where a function runs over more elements than are made at once."""
    shapes = [argument.shape for argument, single in zip(arguments, is_single, strict=True) if single and isinstance(argument, Grid)]
    if shapes:
        areas = [argument.area for argument, single in zip(arguments, is_single, strict=True) if single and isinstance(argument, Reference)]
        refuse_large(common_shape(shapes + [(area.height, area.width) for area in areas if area is not None]))


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
