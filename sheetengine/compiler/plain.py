"""The plain form of a program: the vector form without its grids, for members that are all numbers.

In: a bound tree. Out: a function from a `Batch` to one float64 a member, or None where it cannot say: a blank, a text, an error, a number
that is not finite anywhere on the way. The caller then asks the vector form, which is equal to the bit wherever this one answers: both
call the same ufuncs and the same functions' kernels in the same order. An operator costs about 1 us where grids cost 8.

Numbers are judged as late as it can be: a sum, difference or product of what is not finite is not finite either, so a look is due only
where it would be lost, at a divisor, a power, what a function is given, and the answer; there -0.0 becomes 0.0 too, as in cells.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sheetengine.arithmetic import plane_power, plane_snap
from sheetengine.compiler import bound as b
from sheetengine.compiler.frame import AreaLanes, Batch, NeedsCells, NeedsParts
from sheetengine.compiler.lanes import Lanes
from sheetengine.compiler.vector import compile_vector
from sheetengine.compiler.walk import slots_of
from sheetengine.functions.library import FunctionSpec
from sheetengine.functions.signature import Kind
from sheetengine.grid import Grid

Floats = NDArray[np.float64]
Plain = Callable[[Batch], Any]
"""A flat array of the members' numbers, or the float that all share."""

_LARGEST = 1e300
"""Squares that add up to less come from finite numbers."""
_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {"+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide}


class _CannotSay(Exception):  # a signal, not an error
    pass


def compile_plain(tree: b.Bound) -> Callable[[Batch], Floats | None] | None:
    """The plain form, or None where the vector form does the same: where no operator stands between the cells and the answer."""
    inner = tree.operand if isinstance(tree, b.Implicit) else tree
    if not isinstance(inner, b.Arithmetic | b.Negation | b.Percentage) and not (
        isinstance(inner, b.FunctionCall) and _elementwise(inner) and isinstance(inner.arguments[0], b.Arithmetic | b.Negation)
    ):
        return None
    code = _plain(inner)
    if code is None:
        return None

    def form(batch: Batch) -> Floats | None:
        try:
            with np.errstate(all="ignore"):
                found = _checked(code(batch))
        except (_CannotSay, NeedsCells, NeedsParts):
            return None
        return found if isinstance(found, np.ndarray) and found.shape == (batch.count,) else None

    return form


def _plain(tree: b.Bound) -> Plain | None:
    match tree:
        case b.Constant(value) if type(value) is float:
            return lambda batch: value
        case b.SlotConstant(index, is_text) if not is_text:
            return _flat(lambda batch: batch.constant(index), frozenset((index,)))
        case b.CellRead(index):
            return _flat(lambda batch: batch.cells(index), frozenset((index,)))
        case b.Negation(operand, keep):
            inner = _plain(operand)
            return inner if keep or inner is None else _operation("-", lambda batch: 0.0, inner)
        case b.Percentage(operand):
            inner = _plain(operand)
            return None if inner is None else _operation("/", inner, lambda batch: 100.0)
        case b.Arithmetic(operator, left, right, snapped):
            one, two = _plain(left), _plain(right)
            if one is None or two is None:
                return None
            return _snapped(operator, one, two) if snapped else _operation(operator, one, two)
        case b.Implicit(operand):
            return None if isinstance(operand, b.AreaRead) else _plain(operand)
        case b.FunctionCall():
            return _call(tree)
    return None


def _flat(code: Callable[[Batch], object], slots: frozenset[int]) -> Plain:
    """Lanes as flat numbers; kept, as the vector form keeps them, where nothing that they read changes."""
    key = object()

    def numbers(batch: Batch) -> Any:
        cache = batch.cache
        steady = cache is not None and slots.isdisjoint(batch.fired)
        if steady:
            assert cache is not None
            kept = cache.get(key)
            if kept is not None:
                return kept
        found = code(batch)
        if isinstance(found, Grid):
            if found.kinds is not None or found.numbers.ndim != 3 or found.shape[1:] != (1, 1):
                raise _CannotSay
            flat: object = found.numbers.reshape(-1)
        elif type(found) is float:
            flat = found
        else:
            raise _CannotSay
        if steady:
            assert cache is not None
            cache[key] = flat
        return flat

    return numbers


def _finite(result: Any) -> Any:
    """A result whose numbers are all finite."""
    if type(result) is np.ndarray:
        # One call instead of isfinite and all; a sum of squares too large says no to numbers that are fine, which costs time alone.
        if not result.dot(result) < _LARGEST:
            raise _CannotSay
        return result
    if not result - result == 0.0:
        raise _CannotSay
    return float(result)


def _checked(result: Any) -> Any:
    """As `_finite`, and -0.0 is 0.0, as in cells."""
    return _finite(result) + 0.0


def _operation(operator: str, one: Plain, two: Plain) -> Plain:
    if operator == "^":

        def raised(batch: Batch) -> Any:
            results, errors = plane_power(np.asarray(_checked(one(batch))), np.asarray(_checked(two(batch))))
            if errors is not None or results.ndim != 1:
                raise _CannotSay
            return results

        return raised
    ufunc = _OPERATORS[operator]
    if operator != "/":
        return lambda batch: ufunc(one(batch), two(batch))

    def divide(batch: Batch) -> Any:
        # A divisor that is 0 leaves what is not finite. One that is not finite would leave 0.
        return np.divide(one(batch), _finite(two(batch)))

    return divide


def _snapped(operator: str, one: Plain, two: Plain) -> Plain:
    ufunc = _OPERATORS[operator]

    def operate(batch: Batch) -> Any:
        left = _checked(one(batch))
        result = _checked(ufunc(left, two(batch)))
        if not isinstance(result, np.ndarray):
            raise _CannotSay
        return plane_snap(result, np.asarray(left))

    return operate


def _elementwise(tree: b.FunctionCall) -> bool:
    """Whether a call is a kernel over numbers and nothing else."""
    function, arguments = tree.function, tree.arguments
    signature = function.signature
    return (
        function.vector is not None
        and not signature.context
        and not function.toolpak
        and bool(arguments)
        and signature.least <= len(arguments) <= signature.most
        and all(parameter.kind is Kind.NUMBER for parameter in signature.assigned(len(arguments)))
        and not any(isinstance(argument, b.Omitted) for argument in arguments)
    )


def _call(tree: b.FunctionCall) -> Plain | None:
    if _elementwise(tree):
        codes = [_plain(argument) for argument in tree.arguments]
        if None not in codes:
            return _kernel(tree.function, codes)  # type: ignore[arg-type]  # none is None
    if tree.function.batch is not None and any(isinstance(argument, b.AreaRead) for argument in tree.arguments):
        batched = _batched(tree)
        if batched is not None:
            return batched
    lanes: Lanes | None = compile_vector(tree)
    return None if lanes is None else _flat(lanes, slots_of(tree))


def _kernel(function: FunctionSpec, codes: list[Plain]) -> Plain:
    kernel = function.vector
    assert kernel is not None

    def call(batch: Batch) -> Any:
        lanes = [_checked(code(batch)) for code in codes]
        shapes = {lane.shape for lane in lanes if isinstance(lane, np.ndarray)}
        if len(shapes) != 1:
            # Of floats alone the scalar form is called; of one member and many the vector form stretches the one.
            raise _CannotSay
        return _numbers(kernel(*lanes), *shapes)

    return call


def _batched(tree: b.FunctionCall) -> Plain | None:
    """A function of ranges by its batch form, all of whose arguments are ranges."""
    if not all(isinstance(argument, b.AreaRead) for argument in tree.arguments):
        return None
    indices = [argument.index for argument in tree.arguments if isinstance(argument, b.AreaRead)]
    kernel = tree.function.batch
    assert kernel is not None

    def call(batch: Batch) -> Any:
        lanes: list[AreaLanes] = [batch.areas(index) for index in indices]
        if all(lane.shared is not None for lane in lanes):
            # One call for all members, which may add up in another order than a batch.
            raise _CannotSay
        grids = []
        for lane in lanes:
            grid = lane.grid()
            if grid is None or grid.kinds is not None:
                raise _CannotSay
            if lane.shared is None:
                grid.tops = lane.tops
            grids.append(grid)
        return _numbers(kernel(*grids), (batch.count,))

    return call


def _numbers(found: object, shape: tuple[int, ...]) -> Floats:
    """What a kernel answered, where it is numbers of that shape."""
    if isinstance(found, Grid) and found.kinds is None:
        found = found.numbers
    if not isinstance(found, np.ndarray) or found.dtype != np.float64 or found.shape != shape:
        raise _CannotSay
    return found
