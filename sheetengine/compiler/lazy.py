"""Functions that evaluate their arguments one by one as they are needed, in scalar form.

In: the code of the arguments (as references, and as values). Out: code. A condition that is an array makes the call an
array operation over all branches, as in Excel.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sheetengine.coerce import plane_booleans, to_boolean, to_number
from sheetengine.comparison import equal, plane_compare
from sheetengine.compiler.frame import Frame, refuse_large
from sheetengine.functions.arguments import as_grid
from sheetengine.functions.stretch import common_shape, fit, over_parts
from sheetengine.grid import ERROR, TEXT, Grid, distinct
from sheetengine.tails import Tailed
from sheetengine.values import MISSING, NA, VALUE, CellError, Lambda, error_from_id

Code: TypeAlias = Callable[[Frame], object]
Form: TypeAlias = Callable[[Sequence[Code], Sequence[Code]], Code]

NO_MATCH: Final = CellError("#N/A", "no value of SWITCH matches")


def _if(arguments: Sequence[Code], values: Sequence[Code]) -> Code:
    condition, then = values[0], arguments[1]
    otherwise: Code = arguments[2] if len(arguments) > 2 else lambda frame: False

    def choose(frame: Frame) -> object:
        test = condition(frame)
        if isinstance(test, Grid):
            branches = [_loose(then(frame), frame), _loose(otherwise(frame), frame)]
            return pick(truth_grid(test), branches)
        truth = to_boolean(test)  # type: ignore[arg-type]
        if isinstance(truth, CellError):
            return truth
        result = then(frame) if truth else otherwise(frame)
        return None if result is MISSING else result

    return choose


def _iferror_like(only_na: bool) -> Form:
    def form(arguments: Sequence[Code], values: Sequence[Code]) -> Code:
        first, second = values[0], values[1] if len(values) > 1 else (lambda frame: None)

        def guard(frame: Frame) -> object:
            value = first(frame)
            if isinstance(value, Grid):
                return replace_errors(value, lambda: second(frame), only_na)
            if isinstance(value, CellError) and (not only_na or value.code == "#N/A"):
                return second(frame)
            return value

        return guard

    return form


def replace_errors(value: Grid, other: Callable[[], object], only_na: bool) -> Grid:
    """IFERROR and IFNA over an array."""
    given = value.part if isinstance(value, Tailed) else value
    if given.kinds is None or not _amiss(given, only_na).any():
        return value
    return over_parts([value, other()], lambda pair: _replaced(pair[0], pair[1], only_na))


def _amiss(value: Grid, only_na: bool) -> NDArray[np.bool_]:
    wrong: NDArray[np.bool_] = value.kind_plane() == ERROR
    if not only_na or not wrong.any():
        return wrong
    ids = distinct(value.numbers[wrong])
    return wrong & np.isin(value.numbers, [number for number in ids.tolist() if error_from_id(int(number)).code == "#N/A"])


def _replaced(value: object, replacement: object, only_na: bool) -> Grid:
    assert isinstance(value, Grid)
    grid = replacement if isinstance(replacement, Grid) else Grid.full((1,) * len(value.shape), replacement)  # type: ignore[arg-type]
    shape = common_shape([value.shape, grid.shape])
    refuse_large(shape)
    wrong = fit(Grid(_amiss(value, only_na).astype(float)), shape).numbers != 0.0
    return where(wrong, fit(grid, shape), fit(value, shape))


def where(mask: np.ndarray, yes: Grid, no: Grid) -> Grid:
    """`numpy.where` on every plane; all of one shape."""
    kinds = None
    if yes.kinds is not None or no.kinds is not None:
        kinds = np.where(mask, yes.kind_plane(), no.kind_plane())
    texts = None
    if yes.texts is not None or no.texts is not None:
        texts = np.where(mask, yes.text_plane(), no.text_plane())
        if kinds is not None and not (kinds == TEXT).any():
            texts = None
    return Grid(np.where(mask, yes.numbers, no.numbers), kinds, texts)


def truth_grid(test: Grid) -> Grid:
    """Each element as `to_boolean`: numbers 0 and 1, errors where they are."""

    def truths(tests: Sequence[object]) -> Grid:
        found, errors = plane_booleans(tests[0])  # type: ignore[arg-type]  # a grid
        return Grid.from_booleans(found, errors)

    return over_parts([test], truths)


def pick(test: Grid, branches: Sequence[object]) -> Grid:
    """Element by element the first branch where the test is true, the second where it is false, its error where it is one."""
    return over_parts([test, *branches], _pick)


def _pick(values: Sequence[object]) -> Grid:
    test, *grids = [
        value if isinstance(value, Grid) else Grid.full((1,) * len(values[0].shape), value)  # type: ignore[attr-defined, arg-type]
        for value in values
    ]
    shape = common_shape([test.shape, *(grid.shape for grid in grids)])
    refuse_large(shape)
    test = fit(test, shape)
    yes, no = (fit(grid, shape) for grid in grids)
    chosen = where(test.numbers != 0.0, yes, no)
    wrong = test.kind_plane() == ERROR
    return where(wrong, test, chosen) if wrong.any() else chosen


def _loose(value: object, frame: Frame) -> object:
    """A branch of an array IF: references read, an omitted argument blank."""
    if value is MISSING:
        return None
    if isinstance(value, Lambda):
        return VALUE
    if isinstance(value, str | float | bool | CellError) or value is None:
        return value
    grid = as_grid(value, frame)
    return grid.item(0, 0) if isinstance(grid, Grid) and grid.shape == (1, 1) else grid


def _ifs(arguments: Sequence[Code], values: Sequence[Code]) -> Code:
    def choose(frame: Frame) -> object:
        if len(values) % 2:
            return CellError("#N/A", "IFS takes pairs of a condition and a value")
        for index in range(0, len(values), 2):
            test = values[index](frame)
            if isinstance(test, Grid):
                return _ifs_over(values[index:], test, frame)
            truth = to_boolean(test)  # type: ignore[arg-type]
            if isinstance(truth, CellError):
                return truth
            if truth:
                result = arguments[index + 1](frame)
                return None if result is MISSING else result
        return CellError("#N/A", "no condition of IFS is true")

    return choose


def _ifs_over(values: Sequence[Code], test: Grid, frame: Frame) -> object:
    tests = [test] + [_as_grid_value(values[index](frame)) for index in range(2, len(values), 2)]
    answer: object = NA
    for index in range(len(tests) - 1, -1, -1):
        answer = pick(truth_grid(tests[index]), [_loose(values[2 * index + 1](frame), frame), answer])
    return answer


def _as_grid_value(value: object) -> Grid:
    return value if isinstance(value, Grid) else Grid.from_flat([value], (1, 1))  # type: ignore[list-item]


def _switch(arguments: Sequence[Code], values: Sequence[Code]) -> Code:
    def choose(frame: Frame) -> object:
        subject = values[0](frame)
        if isinstance(subject, Grid):
            return _switch_over(subject, 1, values[1](frame), arguments, values, frame)
        if isinstance(subject, CellError):
            return subject
        for index in range(1, len(values) - 1, 2):
            candidate = values[index](frame)
            if isinstance(candidate, Grid):
                return _switch_over(subject, index, candidate, arguments, values, frame)
            if isinstance(candidate, CellError):
                return candidate
            if equal(subject, candidate) is True:  # type: ignore[arg-type]
                result = arguments[index + 1](frame)
                return None if result is MISSING else result
        if len(values) % 2 == 0:
            result = arguments[-1](frame)
            return None if result is MISSING else result
        return NO_MATCH

    return choose


def _switch_over(subject: object, first: int, candidate: object, arguments: Sequence[Code], values: Sequence[Code], frame: Frame) -> object:
    """SWITCH from the value at a place on, which or whose expression is an array: over all results, as IF over its branches."""
    places = range(first, len(values) - 1, 2)
    candidates = [candidate, *[values[place](frame) for place in places[1:]]]
    answer: object = _loose(arguments[-1](frame), frame) if len(values) % 2 == 0 else NO_MATCH
    for place, value in zip(reversed(places), reversed(candidates), strict=True):
        answer = pick(matches(subject, _loose(value, frame)), [_loose(arguments[place + 1](frame), frame), answer])
    return answer


def matches(subject: object, candidate: object, single: tuple[int, ...] = (1, 1)) -> Grid:
    """Element by element whether a value of SWITCH is its expression, the error of either where it is one; scalars have the shape `single`."""

    def compared(pair: Sequence[object]) -> Grid:
        grids = [value if isinstance(value, Grid) else Grid.full(single, value) for value in pair]  # type: ignore[arg-type]
        shape = common_shape([grid.shape for grid in grids])
        refuse_large(shape)
        one, other = (fit(grid, shape) for grid in grids)
        return plane_compare("=", one, other)

    return over_parts([subject, candidate], compared)


def _choose(arguments: Sequence[Code], values: Sequence[Code]) -> Code:
    def choose(frame: Frame) -> object:
        index = values[0](frame)
        if isinstance(index, Grid):
            return _choose_over(index, arguments, frame)
        number = to_number(index, frame.date1904)  # type: ignore[arg-type]
        if isinstance(number, CellError):
            return number
        if not 1.0 <= number < len(arguments):
            return CellError("#VALUE!", f"CHOOSE has {len(arguments) - 1} values, not {int(number)}")
        result = arguments[int(number)](frame)
        return None if result is MISSING else result

    return choose


def _choose_over(index: Grid, arguments: Sequence[Code], frame: Frame) -> object:
    numbers = [to_number(item, frame.date1904) for item in index.flat()]
    answer: object = VALUE
    wrong = Grid.from_flat([n if isinstance(n, CellError) else 0.0 for n in numbers], index.shape)
    for place in sorted({int(n) for n in numbers if not isinstance(n, CellError) and 1.0 <= n < len(arguments)}, reverse=True):
        here = Grid.from_flat([not isinstance(n, CellError) and int(n) == place for n in numbers], index.shape)
        answer = pick(here, [_loose(arguments[place](frame), frame), answer])
    if wrong.kinds is not None:
        answer = pick(wrong, [answer, answer])
    return answer if isinstance(answer, Grid) else Grid.full(index.shape, answer)  # type: ignore[arg-type]


def _isomitted(arguments: Sequence[Code], values: Sequence[Code]) -> Code:
    return lambda frame: arguments[0](frame) is MISSING


LAZY_FORMS: dict[str, Form] = {
    "IF": _if,
    "IFERROR": _iferror_like(only_na=False),
    "IFNA": _iferror_like(only_na=True),
    "IFS": _ifs,
    "SWITCH": _switch,
    "CHOOSE": _choose,
    "ISOMITTED": _isomitted,
}
