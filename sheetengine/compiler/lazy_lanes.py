"""The functions that choose (IF, IFERROR, CHOOSE…) and those of truth values (AND, OR, XOR), over all members of a batch.

In: the lanes of the arguments. Out: lanes. Invariant: as everywhere in the vector form, the scalar form's answers to the bit, or `NeedsCells`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from sheetengine.coerce import first_errors, to_boolean, to_number
from sheetengine.compiler.frame import Batch, NeedsCells
from sheetengine.compiler.lanes import Lanes
from sheetengine.compiler.lazy import NO_MATCH, matches, pick, replace_errors, truth_grid
from sheetengine.grid import BLANK, ERROR, TEXT, Grid
from sheetengine.values import MISSING, CellError

_SINGLE: Final = (1, 1)
"""The shape of a member's value where that is no array."""


def _if(values: Sequence[Lanes]) -> Lanes:
    condition, then = values[0], values[1]
    otherwise: Lanes = values[2] if len(values) > 2 else lambda batch: False

    def choose(batch: Batch) -> object:
        test = condition(batch)
        if isinstance(test, Grid):
            return _picked(truth_grid(test), [_branch(then(batch)), _branch(otherwise(batch))])
        truth = to_boolean(test)  # type: ignore[arg-type]
        if isinstance(truth, CellError):
            return truth
        return _branch(then(batch) if truth else otherwise(batch))

    return choose


def _picked(truths: Grid, branches: list[object]) -> object:
    """`pick`, where all members' answers have one shape; where single tests choose between shapes, each member has its own."""
    shapes = {branch.shape[1:] if isinstance(branch, Grid) else _SINGLE for branch in branches}
    if truths.shape[1:] == _SINGLE and shapes != {_SINGLE} and (len(shapes) > 1 or (truths.kind_plane() == ERROR).any()):
        raise NeedsCells
    return pick(truths, branches)


def _branch(value: object) -> object:
    return None if value is MISSING else value


def _guard(only_na: bool) -> Callable[[Sequence[Lanes]], Lanes]:
    def form(values: Sequence[Lanes]) -> Lanes:
        first, second = values[0], values[1]

        def guard(batch: Batch) -> object:
            value = first(batch)
            if isinstance(value, Grid):
                return replace_errors(value, lambda: _replacement(value, second(batch)), only_na)
            if isinstance(value, CellError) and (not only_na or value.code == "#N/A"):
                return second(batch)
            return value

        return guard

    return form


def _replacement(value: Grid, other: object) -> object:
    if isinstance(other, Grid) and other.shape[1:] not in (_SINGLE, value.shape[1:]):
        raise NeedsCells  # members without errors keep the shape they have, the others take that of both
    return other


def _ifs(values: Sequence[Lanes]) -> Lanes:
    def choose(batch: Batch) -> object:
        if len(values) % 2:
            raise NeedsCells
        answer: object = CellError("#N/A", "no condition of IFS is true")
        for index in range(len(values) - 2, -1, -2):
            test = values[index](batch)
            grid = test if isinstance(test, Grid) else Grid.from_flat([test], (1, 1, 1))  # type: ignore[list-item]
            answer = _picked(truth_grid(grid), [_branch(values[index + 1](batch)), answer])
        return answer

    return choose


def _switch(values: Sequence[Lanes]) -> Lanes:
    def choose(batch: Batch) -> object:
        subject = values[0](batch)
        answer: object = _branch(values[-1](batch)) if len(values) % 2 == 0 else NO_MATCH
        for index in reversed(range(1, len(values) - 1, 2)):
            found = matches(subject, values[index](batch), (1, 1, 1))
            answer = _picked(found, [_branch(values[index + 1](batch)), answer])
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


LAZY_LANES: Final[dict[str, Callable[[Sequence[Lanes]], Lanes]]] = {
    "IF": _if,
    "IFERROR": _guard(only_na=False),
    "IFNA": _guard(only_na=True),
    "IFS": _ifs,
    "SWITCH": _switch,
    "CHOOSE": _choose,
}


_JOINED: Final[dict[str, np.ufunc]] = {"AND": np.logical_and, "OR": np.logical_or, "XOR": np.logical_xor}
"""How the truth values of a call become one."""


def is_joined(name: str) -> bool:
    """Whether a function is one of those that `joined` computes."""
    return name in _JOINED


def joined(name: str, codes: Sequence[Lanes], general: Lanes) -> Lanes:
    """AND, OR or XOR of one truth value, number or error an argument; whatever else there is, `general` sees to."""
    operation = _JOINED[name]

    def answer(batch: Batch) -> object:
        truths: object = None
        errors = None
        for code in codes:
            value = code(batch)
            if isinstance(value, Grid) and value.shape[1:] == (1, 1):
                kinds = value.kinds
                if kinds is not None and ((kinds == BLANK) | (kinds == TEXT)).any():
                    return general(batch)
                errors = first_errors(errors, value.error_plane())
                truth: object = value.numbers != 0.0
            elif type(value) is bool or type(value) is float:
                truth = value != 0.0
            else:
                return general(batch)
            truths = truth if truths is None else operation(truths, truth)
        if not isinstance(truths, np.ndarray):
            return bool(truths)
        if errors is not None and errors.shape != truths.shape:
            shape = np.broadcast_shapes(errors.shape, truths.shape)
            errors, truths = np.broadcast_to(errors, shape), np.broadcast_to(truths, shape)
        return Grid.from_booleans(truths, errors)

    return answer
