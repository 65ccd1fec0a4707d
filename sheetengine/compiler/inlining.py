"""Names of LET and LAMBDA replaced by the cells, ranges and constants that they stand for.

In: a bound tree. Out: the tree that means the same. Why: a function must see that it is given a cell (SUM leaves its text out), and a
column of cells is read as one, where a name would only hand on what was read. Whatever is computed keeps its name: computed once.
"""

from __future__ import annotations

from sheetengine.compiler import bound as b


def as_let(tree: b.Application) -> b.Let | None:
    """`LAMBDA(x, body)(value)` as the `LET(x, value, body)` that it is, where it is one."""
    function = tree.function
    if isinstance(function, b.LambdaExpression) and len(tree.arguments) == len(function.parameters):
        return b.Let(function.base, tree.arguments, function.body)
    return None


def inlined(tree: b.Bound, known: dict[int, b.Bound]) -> b.Bound:
    """A tree whose names for cells, ranges and constants are those themselves."""

    def all_of(items: tuple[b.Bound, ...]) -> tuple[b.Bound, ...]:
        return tuple(inlined(item, known) for item in items)

    match tree:
        case b.Local(_, index):
            return known.get(index, tree)
        case b.Negation(operand, keep):
            return b.Negation(inlined(operand, known), keep)
        case b.Percentage(operand):
            return b.Percentage(inlined(operand, known))
        case b.Implicit(operand):
            return b.Implicit(inlined(operand, known))
        case b.Arithmetic(operator, left, right, snapped):
            return b.Arithmetic(operator, inlined(left, known), inlined(right, known), snapped)
        case b.Comparison(operator, left, right):
            return b.Comparison(operator, inlined(left, known), inlined(right, known))
        case b.Joining(left, right):
            return b.Joining(inlined(left, known), inlined(right, known))
        case b.Run(first, steps, snapped):
            return b.Run(inlined(first, known), tuple((operator, inlined(right, known)) for operator, right in steps), snapped)
        case b.FunctionCall(function, arguments):
            return b.FunctionCall(function, all_of(arguments))
        case b.LazyCall(function, arguments):
            return b.LazyCall(function, all_of(arguments))
        case b.Let(base, values, body):
            inner = {index: value for index, value in known.items() if index < base}
            done: list[b.Bound] = []
            for place, value in enumerate(values, base):
                done.append(inlined(value, inner))
                if stands_for_itself(done[-1]):
                    inner[place] = done[-1]
            return b.Let(base, tuple(done), inlined(body, inner))
        case b.Application():
            let = as_let(tree)
            return tree if let is None else inlined(let, known)
    return tree


def stands_for_itself(tree: b.Bound) -> bool:
    """Whether a name for it is replaced by it."""
    return isinstance(tree, b.CellRead | b.AreaRead | b.Constant | b.SlotConstant | b.ArrayConstant)
