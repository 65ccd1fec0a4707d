"""Chains: a column whose every cell adds something to the one above it, computed as one running sum.

In: a block that reads itself one row up through the outermost `+` or `-` of its formula, and nothing else of itself.
Out: its values from the first dirty row on. Equal to the scalar form to the bit: `np.add.accumulate` is the sequential loop;
where one of Excel's rules steps in (a sum that counts as zero, overflow, a text, an error) it is mended there and resumed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sheetengine.arithmetic import arithmetic, plane_snap, snap
from sheetengine.coerce import to_number
from sheetengine.compiler import bound as b
from sheetengine.compiler.bound import LEFT, TOP, AreaSlot
from sheetengine.compiler.lanes import Lanes
from sheetengine.compiler.vector import compile_vector
from sheetengine.grid import BOOLEAN, Grid
from sheetengine.recalc.blocks import AnyBlock, Block
from sheetengine.values import CellError, Scalar

_MOST_RESUMES = 8


@dataclass(frozen=True, slots=True)
class Chain:
    """How a block is a chain: the rest of its formula, which side the cell above stands on, and the operator."""

    rest: Lanes
    operator: str
    above_first: bool


def chain_of(block: AnyBlock) -> Chain | None:
    """The chain a block is, or None. The answer is kept with the program and the slot that is the cell above."""
    if not isinstance(block, Block) or block.width != 1 or block.holes or block.array is not None:
        return None
    tree = block.program.recipe.tree
    if not isinstance(tree, b.Arithmetic) or tree.operator not in "+-":
        return None
    for above_first, side, rest in ((True, tree.left, tree.right), (False, tree.right, tree.left)):
        if isinstance(side, b.CellRead) and _is_above(block, side.index) and (above_first or tree.operator == "+"):
            if _reads_itself(block, side.index):
                return None
            code = _rest(block, rest)
            return None if code is None else Chain(code, tree.operator, above_first)
    return None


def _rest(block: Block, rest: b.Bound) -> Lanes | None:
    cache = block.program.parts
    key = id(rest)
    if key not in cache:
        cache[key] = compile_vector(rest)
    return cache[key]  # type: ignore[return-value]


def _is_above(block: Block, index: int) -> bool:
    slot = block.slots[index]
    return (
        type(slot) is AreaSlot and slot.sheet == block.sheet and slot.relative & (TOP | LEFT) >= TOP
        and slot.top == slot.bottom == block.top - 1 and slot.left == slot.right == block.left
    )  # fmt: skip


def _reads_itself(block: Block, but: int) -> bool:
    """Whether any other operand meets the block's own cells."""
    rect = block.rect
    for edge in block.edges():
        if edge.slot != but and edge.sheet == block.sheet:
            extent = edge.extent()
            if extent.top <= rect.bottom and extent.bottom >= rect.top and extent.left <= rect.right and extent.right >= rect.left:
                return True
    return False


def run(chain: Chain, above: Scalar, rest: object, count: int, date1904: bool) -> Grid:
    """The chain's values: `above` the value over the first cell, `rest` the rest of the formula, a scalar or (count, 1, 1)."""
    start = to_number(above, date1904)
    if isinstance(rest, Grid):
        numbers, kinds = np.broadcast_to(rest.numbers.reshape(-1), (count,)), rest.kinds
        clean = kinds is None or (kinds.size > 0 and int(kinds.max()) <= BOOLEAN)
    else:
        number = to_number(rest, date1904)  # type: ignore[arg-type]
        clean = not isinstance(number, CellError)
        numbers = np.full(count, number if clean else 0.0)
    if isinstance(start, CellError) or not clean:
        return _loop(chain, above, _scalars(rest, count), [], date1904)
    if chain.operator == "-":
        numbers = -numbers
    results = np.empty(count)
    done = 0
    for _ in range(_MOST_RESUMES):
        segment = np.empty(count - done + 1)
        segment[0] = start
        segment[1:] = numbers[done:]
        with np.errstate(all="ignore"):
            np.add.accumulate(segment, out=segment)
        sums = segment[1:]
        lefts = segment[:-1] if chain.above_first else numbers[done:]
        wrong = ~np.isfinite(sums)
        snapped = plane_snap(sums, lefts)
        if snapped is not sums:
            wrong |= snapped != sums
        first = int(np.argmax(wrong)) if wrong.any() else len(sums)
        results[done : done + first] = sums[:first]
        if first == len(sums):
            return Grid(results + 0.0)
        done += first
        if not np.isfinite(sums[first]):
            break
        results[done] = start = 0.0
        done += 1
        if done == count:
            return Grid(results + 0.0)
    known: list[Scalar] = (results[:done] + 0.0).tolist()
    return _loop(chain, known[-1] if known else above, _scalars(rest, count)[done:], known, date1904)


def _scalars(rest: object, count: int) -> list[Scalar]:
    if isinstance(rest, Grid):
        return rest.flat() if rest.size == count else rest.flat() * count
    return [rest] * count  # type: ignore[list-item]


def _loop(chain: Chain, above: Scalar, rest: list[Scalar], known: list[Scalar], date1904: bool) -> Grid:
    """One cell after the other, as the scalar form does it."""
    operator, value = chain.operator, above
    for other in rest:
        left, right = (value, other) if chain.above_first else (other, value)
        result = arithmetic(operator, left, right, date1904)
        if type(result) is float:
            operand = to_number(left, date1904)
            result = snap(result, operand) + 0.0 if type(operand) is float else result
        value = result
        known.append(value)
    return Grid.from_flat(known, (len(known),))
