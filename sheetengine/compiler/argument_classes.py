"""The classes of arguments: whether a legacy formula cuts a range there to one cell, hands it on whole, or computes with all of it.

In: a function, a parameter, the syntax of an argument. Out: its class. The words are those of the tokens in files ([MS-XLS] 2.5.198.17,
Ftab): "value", "reference", "array"; and "cell", a value that is none of an array even where the call stands in one. Dynamic formulas
have one class, "array": what does not fit spills.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal, TypeAlias

from sheetengine.functions.library import FunctionSpec
from sheetengine.functions.signature import Parameter
from sheetengine.syntax import nodes

ArgumentClass: TypeAlias = Literal["cell", "value", "reference", "array"]

_ARRAYS: Final = frozenset((
    "SUMPRODUCT", "MMULT", "MDETERM", "MINVERSE", "LOOKUP", "INDEX", "ROWS", "COLUMNS", "FREQUENCY", "LINEST", "LOGEST",
    "TREND", "GROWTH", "SUMX2MY2", "SUMX2PY2", "SUMXMY2", "CORREL", "COVAR", "COVARIANCE.P", "COVARIANCE.S", "PEARSON", "RSQ", "SLOPE",
    "INTERCEPT", "STEYX", "FORECAST", "FORECAST.LINEAR", "FTEST", "F.TEST", "TTEST", "T.TEST", "CHITEST", "CHISQ.TEST", "PROB", "MODE",
    "MODE.SNGL", "MODE.MULT", "IRR", "MIRR", "NPV", "XIRR", "XNPV", "MAP", "REDUCE", "SCAN", "BYROW", "BYCOL", "MAKEARRAY", "FILTER",
    "SORT", "SORTBY", "UNIQUE", "GROUPBY", "PIVOTBY", "HSTACK", "VSTACK", "TOROW", "TOCOL", "WRAPROWS", "WRAPCOLS", "TAKE", "DROP",
    "EXPAND", "CHOOSEROWS", "CHOOSECOLS", "XLOOKUP", "XMATCH", "TEXTJOIN", "CONCAT", "AGGREGATE",
))  # fmt: skip
"""Functions whose arguments Excel evaluated as arrays also before dynamic arrays, and those that came with them."""

_CELLS: Final = frozenset(("IF", "CHOOSE", "IFERROR", "TRANSPOSE"))
"""Functions whose first argument is one cell wherever they stand, which is why SUMPRODUCT(IF(…)) wanted Ctrl+Shift+Enter: Excel shows
such formulas of files as SUMPRODUCT(C1:C2,TRANSPOSE(@A1:B1)) (jmcnamara/XlsxWriter#737)."""

VALUES: Final = frozenset(("ROW", "COLUMN"))
"""Functions of a range whose result is a value where no array is wanted, the first of those they have: SUM(LARGE(A1:A9,ROW(1:3))) was
LARGE(A1:A9,1) without Ctrl+Shift+Enter."""

_CHOICES: Final[dict[str, Callable[[int], bool]]] = {
    "IFS": lambda place: place % 2 == 0,
    "SWITCH": lambda place: place == 0 or place % 2 == 1,
    "IFERROR": lambda place: True,
    "IFNA": lambda place: True,
}
"""The arguments of functions evaluated lazily that are single values, whatever their parameters are: conditions, what is compared."""


def class_of(function: FunctionSpec, place: int, parameter: Parameter) -> ArgumentClass:
    """The class of the argument at a place, which the signature assigns to a parameter."""
    if function.name in _CELLS and place == 0:
        return "cell"
    if parameter.kind.is_scalar and not function.toolpak:
        return "value"
    if function.name in _CHOICES and _CHOICES[function.name](place):
        return "value"
    return "array" if function.name in _ARRAYS else "reference"


def is_call(node: nodes.Node) -> bool:
    """Whether an argument is a call, of which the arguments are cut by their own classes."""
    return isinstance(_bare(node), nodes.Call)


def is_reference(node: nodes.Node) -> bool:
    """Whether an argument of class "reference" goes through whole; operators on ranges are cut."""
    whole = nodes.Operand | nodes.RangeOf | nodes.Union | nodes.Intersection | nodes.Spill | nodes.Name | nodes.ArrayLiteral
    return isinstance(_bare(node), whole)


def _bare(node: nodes.Node) -> nodes.Node:
    while isinstance(node, nodes.Parenthesised):
        node = node.inner
    return node
