"""Excel's logical functions. Those that choose (IF, IFERROR, SWITCH…) and LET, LAMBDA and their kin declare here what they
take; the compiler evaluates their arguments one by one (`compiler.lazy`, `compiler.lambdas`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from sheetengine.coerce import to_boolean
from sheetengine.functions.call import as_grid
from sheetengine.functions.context import Context
from sheetengine.functions.library import function
from sheetengine.functions.signature import Array, Function, Integer, Raw
from sheetengine.grid import BLANK, TEXT, Grid
from sheetengine.values import CALC, MISSING, VALUE, CellError, Lambda, Reference, Scalar

_CATEGORY = "logical"
_SOURCE = "Microsoft Support: {} function"


def _unreachable(*_: object) -> object:
    raise AssertionError("the compiler evaluates this function")


def _lazy(
    name: str,
    summary: str,
    examples: dict[str, Scalar | list[list[Scalar]]],
    body: Callable[..., object],
    future: str = "",
    references: bool = True,
) -> None:
    function(
        name,
        category=_CATEGORY,
        summary=summary,
        examples=examples,
        source=_SOURCE.format(name),
        lazy=True,
        references=references,
        future=future,
    )(body)


def _if(logical_test: Raw, value_if_true: Raw, value_if_false: Raw = False) -> object:
    return _unreachable()


def _iferror(value: Raw, value_if_error: Raw) -> object:
    return _unreachable()


def _ifna(value: Raw, value_if_na: Raw) -> object:
    return _unreachable()


def _ifs(logical_test1: Raw, value_if_true1: Raw, *more: Raw) -> object:
    return _unreachable()


def _switch(expression: Raw, value1: Raw, result1: Raw, *more: Raw) -> object:
    return _unreachable()


def _choose(index_num: Raw, value1: Raw, *more: Raw) -> object:
    return _unreachable()


def _isomitted(argument: Raw) -> object:
    return _unreachable()


def _let(name1: Raw, name_value1: Raw, calculation_or_name2: Raw, *more: Raw) -> object:
    return _unreachable()


def _lambda(*parameter_or_calculation: Raw) -> object:
    return _unreachable()


_lazy("IF", "One value where a condition is true, another where it is false.", {'=IF(2>1,"yes","no")': "yes", "=IF(FALSE,1)": False}, _if)
_lazy("IFERROR", "A value, or another one where it is an error.", {"=IFERROR(1/0,7)": 7.0}, _iferror)
_lazy("IFNA", "A value, or another one where it is #N/A.", {"=IFNA(NA(),7)": 7.0}, _ifna, future="_xlfn.")
_lazy("IFS", "The value of the first condition that is true.", {"=IFS(FALSE,1,TRUE,2)": 2.0}, _ifs, future="_xlfn.")
_lazy(
    "SWITCH",
    "The result beside the first value that an expression equals.",
    {'=SWITCH(2,1,"one",2,"two","other")': "two"},
    _switch,
    future="_xlfn.",
)
_lazy("LET", "A calculation with names for its steps.", {"=LET(x,5,y,x*2,x+y)": 15.0}, _let, future="_xlfn.")
_lazy("LAMBDA", "A function of one's own.", {"=LAMBDA(x,x+1)(2)": 3.0}, _lambda, future="_xlfn.")
function(
    "CHOOSE", category="lookup and reference", summary="The value of a list at a place.", examples={"=CHOOSE(2,\"a\",\"b\")": "b"},
    source=_SOURCE.format("CHOOSE"), lazy=True, references=True,
)(_choose)  # fmt: skip
function(
    "ISOMITTED", category="logical", summary="Whether an optional parameter of a LAMBDA was left out.",
    examples={"=LAMBDA(x,[y],ISOMITTED(y))(1)": True}, source=_SOURCE.format("ISOMITTED"), lazy=True, future="_xlfn.",
)(_isomitted)  # fmt: skip


def _truths(arguments: Sequence[object], context: Context) -> list[bool] | CellError:
    """The truth values of AND, OR and XOR: direct arguments coerced, in ranges and arrays texts and blanks left out.

    A text written directly counts where it is TRUE or FALSE and is left out where not (the hand-written tables agree: ffp, closedxml);
    with nothing left the answer is #VALUE!.
    """
    found: list[bool] = []
    for argument in arguments:
        if argument is MISSING:
            found.append(False)
            continue
        areas = argument.areas if isinstance(argument, Reference) else (None,)
        if isinstance(argument, Reference | Grid):
            for area in areas:
                grid = argument if area is None else _used(area, context)
                if not isinstance(grid, Grid):
                    continue
                error = grid.first_error()
                if error is not None:
                    return error
                if grid.kinds is None:
                    found.extend((grid.numbers != 0.0).ravel().tolist())
                else:
                    counted = (grid.kinds != TEXT) & (grid.kinds != BLANK)
                    found.extend((grid.numbers[counted] != 0.0).tolist())
        elif isinstance(argument, Lambda):
            return VALUE
        else:
            truth = to_boolean(argument)  # type: ignore[arg-type]  # a scalar
            if isinstance(argument, CellError):
                return argument
            if not isinstance(truth, CellError):
                found.append(truth)
    return found if found else VALUE


def _used(area: object, context: Context) -> Grid | None:
    used = context.used(area)  # type: ignore[arg-type]
    return None if used is None else context.read(used)


def _batch_truths(grids: Sequence[Grid]) -> tuple[list[np.ndarray], bool] | None:
    """Planes of truth values of all-number or boolean grids, or None where something else is among them."""
    planes = []
    for grid in grids:
        if grid.kinds is not None and (grid.kinds.size == 0 or grid.kinds.max() > 2 or grid.kinds.min() == BLANK):
            return None
        planes.append((grid.numbers != 0.0).reshape(grid.shape[0], -1))
    return planes, True


@function(
    "AND", category=_CATEGORY, summary="Whether all conditions are true.", examples={"=AND(TRUE,1,2>1)": True}, source=_SOURCE.format("AND")
)
def and_(logical1: Raw, *more: Raw, context: Context) -> Scalar:
    """TRUE if every argument is true."""
    found = _truths((logical1, *more), context)
    return found if isinstance(found, CellError) else all(found)


@function(
    "OR", category=_CATEGORY, summary="Whether any condition is true.", examples={"=OR(FALSE,0,2>1)": True}, source=_SOURCE.format("OR")
)
def or_(logical1: Raw, *more: Raw, context: Context) -> Scalar:
    """TRUE if any argument is true."""
    found = _truths((logical1, *more), context)
    return found if isinstance(found, CellError) else any(found)


@function(
    "XOR",
    category=_CATEGORY,
    summary="Whether an odd number of conditions is true.",
    examples={"=XOR(TRUE,TRUE,TRUE)": True},
    source=_SOURCE.format("XOR"),
    future="_xlfn.",
)
def xor(logical1: Raw, *more: Raw, context: Context) -> Scalar:
    """TRUE if an odd number of arguments is true."""
    found = _truths((logical1, *more), context)
    return found if isinstance(found, CellError) else sum(found) % 2 == 1


def _not_vector(truths: np.ndarray) -> Grid:
    return Grid.from_booleans(~np.asarray(truths, bool))


from sheetengine.functions.signature import Boolean  # noqa: E402  # beside its only use


@function(
    "NOT",
    category=_CATEGORY,
    summary="The opposite of a condition.",
    examples={"=NOT(1=2)": True},
    source=_SOURCE.format("NOT"),
    vector=_not_vector,
)
def not_(logical: Boolean) -> Scalar:
    """The opposite of a truth value."""
    return not logical


@function("TRUE", category=_CATEGORY, summary="The truth value TRUE.", examples={"=TRUE()": True}, source=_SOURCE.format("TRUE"))
def true() -> Scalar:
    """TRUE."""
    return True


@function("FALSE", category=_CATEGORY, summary="The truth value FALSE.", examples={"=FALSE()": False}, source=_SOURCE.format("FALSE"))
def false() -> Scalar:
    """FALSE."""
    return False


# -- functions of functions ----------------------------------------------------------------------------------------------

_NESTED = CellError("#CALC!", "arrays cannot hold arrays")


def _element(value: object) -> Scalar:
    """What a lambda answered as one element of an array."""
    if isinstance(value, Grid):
        return value.item(0, 0) if value.shape == (1, 1) else _NESTED
    if isinstance(value, (Lambda, Reference)):
        return CALC
    return None if value is MISSING else value  # type: ignore[return-value]  # a scalar


@function(
    "MAP",
    category=_CATEGORY,
    summary="An array made by a function of each element.",
    examples={"=MAP({1,2,3},LAMBDA(x,x^2))": [[1.0, 4.0, 9.0]]},
    source=_SOURCE.format("MAP"),
    future="_xlfn.",
)
def map_(array1: Raw, *arrays_and_lambda: Raw, context: Context) -> object:
    """Call a lambda with the elements of one or more arrays of one shape; what is missing in a smaller one is #N/A."""
    if not arrays_and_lambda:
        return VALUE
    callee = arrays_and_lambda[-1]
    if not isinstance(callee, Lambda):
        return callee if isinstance(callee, CellError) else VALUE
    grids = []
    for argument in (array1, *arrays_and_lambda[:-1]):
        grid = as_grid(argument, context) if not isinstance(argument, CellError) else argument
        if isinstance(grid, CellError):
            return grid
        grids.append(grid)
    if not callee.least <= len(grids) <= callee.most:
        return VALUE
    height, width = max(g.height for g in grids), max(g.width for g in grids)
    columns = []
    for grid in grids:
        rows = grid.rows()
        missing = CellError("#N/A")
        columns.append([rows[i][j] if i < grid.height and j < grid.width else missing for i in range(height) for j in range(width)])
    return Grid.from_flat([_element(callee(*values)) for values in zip(*columns, strict=True)], (height, width))


@function(
    "REDUCE",
    category=_CATEGORY,
    summary="A value carried through the elements of an array.",
    examples={"=REDUCE(0,{1,2,3},LAMBDA(a,b,a+b))": 6.0},
    source=_SOURCE.format("REDUCE"),
    future="_xlfn.",
)
def reduce(initial_value: Raw, array: Array, function_: Function) -> object:
    """Fold an array row by row; left out, the initial value is the first element."""
    items = array.flat()
    accumulator: object = initial_value
    if initial_value is MISSING:
        accumulator, items = items[0], items[1:]
    for item in items:
        accumulator = function_(accumulator, item)
    return accumulator


@function(
    "SCAN",
    category=_CATEGORY,
    summary="All intermediate values of REDUCE.",
    examples={"=SCAN(0,{1,2,3},LAMBDA(a,b,a+b))": [[1.0, 3.0, 6.0]]},
    source=_SOURCE.format("SCAN"),
    future="_xlfn.",
)
def scan(initial_value: Raw, array: Array, function_: Function) -> object:
    """The running values of a fold, in the array's shape."""
    items = array.flat()
    answers: list[Scalar] = []
    accumulator: object = initial_value
    for index, item in enumerate(items):
        accumulator = item if index == 0 and initial_value is MISSING else function_(accumulator, item)
        answers.append(_element(accumulator))
    return Grid.from_flat(answers, array.shape)


@function(
    "BYROW",
    category=_CATEGORY,
    summary="One value per row of an array.",
    examples={"=BYROW({1,2;3,4},LAMBDA(r,SUM(r)))": [[3.0], [7.0]]},
    source=_SOURCE.format("BYROW"),
    future="_xlfn.",
)
def by_row(array: Array, function_: Function) -> object:
    """Call a lambda with each row."""
    return Grid.from_flat([_element(function_(array[i : i + 1])) for i in range(array.height)], (array.height, 1))


@function(
    "BYCOL",
    category=_CATEGORY,
    summary="One value per column of an array.",
    examples={"=BYCOL({1,2;3,4},LAMBDA(c,SUM(c)))": [[4.0, 6.0]]},
    source=_SOURCE.format("BYCOL"),
    future="_xlfn.",
)
def by_column(array: Array, function_: Function) -> object:
    """Call a lambda with each column."""
    return Grid.from_flat([_element(function_(array[:, j : j + 1])) for j in range(array.width)], (1, array.width))


@function(
    "MAKEARRAY",
    category=_CATEGORY,
    summary="An array computed from row and column numbers.",
    examples={"=MAKEARRAY(2,2,LAMBDA(r,c,r*10+c))": [[11.0, 12.0], [21.0, 22.0]]},
    source=_SOURCE.format("MAKEARRAY"),
    future="_xlfn.",
)
def make_array(rows: Integer, columns: Integer, function_: Function) -> object:
    """Call a lambda with each 1-based row and column."""
    if rows < 1 or columns < 1:
        return VALUE
    if rows > 1_048_576 or columns > 16_384 or rows * columns > 10_000_000:
        return CellError("#NUM!", "an array of that size cannot be held")
    flat = [_element(function_(float(row), float(column))) for row in range(1, rows + 1) for column in range(1, columns + 1)]
    return Grid.from_flat(flat, (rows, columns))
