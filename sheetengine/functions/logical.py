"""Excel's logical functions. Those that choose (IF, IFERROR, SWITCH…) and LET, LAMBDA and their kin declare here what they
take; the compiler evaluates their arguments one by one (`compiler.lazy`, `compiler.lambdas`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from sheetengine.coerce import to_boolean
from sheetengine.functions.context import Context
from sheetengine.functions.library import function
from sheetengine.functions.signature import Boolean, Raw
from sheetengine.grid import BLANK, TEXT, Grid
from sheetengine.tails import pieces
from sheetengine.values import MISSING, VALUE, CellError, Lambda, Reference, Scalar

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


def _truths(arguments: Sequence[object], context: Context) -> tuple[int, int] | CellError:
    """How many TRUE and how many FALSE AND, OR and XOR have: direct arguments coerced, in ranges and arrays texts and blanks left out.

    A text written directly counts where it is TRUE or FALSE and is left out where not (the hand-written tables agree: ffp, closedxml);
    with nothing left the answer is #VALUE!.
    """
    true = count = 0
    for argument in arguments:
        if argument is MISSING:
            count += 1
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
                for piece, times in pieces(grid):
                    counted = piece.numbers if piece.kinds is None else piece.numbers[(piece.kinds != TEXT) & (piece.kinds != BLANK)]
                    true += times * int(np.count_nonzero(counted))
                    count += times * counted.size
        elif isinstance(argument, Lambda):
            return VALUE
        else:
            truth = to_boolean(argument)  # type: ignore[arg-type]  # a scalar
            if isinstance(argument, CellError):
                return argument
            if not isinstance(truth, CellError):
                true += truth
                count += 1
    return (true, count - true) if count else VALUE


def _used(area: object, context: Context) -> Grid | None:
    used = context.used(area)  # type: ignore[arg-type]
    return None if used is None else context.read(used)


@function(
    "AND", category=_CATEGORY, summary="Whether all conditions are true.", examples={"=AND(TRUE,1,2>1)": True}, source=_SOURCE.format("AND")
)
def and_(logical1: Raw, *more: Raw, context: Context) -> Scalar:
    """TRUE if every argument is true."""
    found = _truths((logical1, *more), context)
    return found if isinstance(found, CellError) else not found[1]


@function(
    "OR", category=_CATEGORY, summary="Whether any condition is true.", examples={"=OR(FALSE,0,2>1)": True}, source=_SOURCE.format("OR")
)
def or_(logical1: Raw, *more: Raw, context: Context) -> Scalar:
    """TRUE if any argument is true."""
    found = _truths((logical1, *more), context)
    return found if isinstance(found, CellError) else found[0] > 0


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
    return found if isinstance(found, CellError) else found[0] % 2 == 1


def _not_vector(truths: np.ndarray) -> Grid:
    return Grid.from_booleans(~np.asarray(truths, bool))


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
