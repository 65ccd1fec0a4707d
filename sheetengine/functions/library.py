"""The catalogue: every function declared once, found by its Excel name.

    @function("PMT", category="financial", summary="Payment per period of an annuity.",
              examples={"=PMT(0.06/12,360,300000)": -1798.6515754582708}, source="…")
    def payment(rate: Number, nper: Number, pv: Number, fv: Number = 0.0, type_: Number = 0.0) -> Scalar: ...

One declaration yields the lookup, `docs/functions.md`, the executed examples, the arity errors and the vector form.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final, TypeVar

from sheetengine.functions.signature import Signature
from sheetengine.values import Scalar

Body = TypeVar("Body", bound=Callable[..., object])


@dataclass(frozen=True, slots=True, eq=False)
class FunctionSpec:
    """One worksheet function.

    `vector` is a twin of the body over lanes: each scalar parameter arrives as a flat array of one length (float64 for
    Number and Date, int64 for Integer, bool for Boolean, object array of str for Text, a flat `Grid` for Value and Any) or as the
    plain scalar where all lanes share it; whole parameters arrive as for the body. It returns a float64 array (what is
    not finite becomes #NUM!) or a flat `Grid`, equal to the body's answers to the bit.

    `batch` computes one answer per member of a block for functions of whole parameters: each argument is a Grid
    of shape (members, rows, columns) or (1, rows, columns), a number given directly (1, 1, 1) or (members, 1, 1), and where
    `any_value` is said, so is a text or a truth value; where `growing` is said, ranges whose heights differ from member to member
    arrive as `windows.Growing`. It returns a float64 array (members,) or flat Grid, or None where only the body can answer.
    """

    name: str
    category: str
    summary: str
    signature: Signature
    body: Callable[..., object]
    examples: Mapping[str, Scalar | list[list[Scalar]]] = field(default_factory=dict)
    source: str = ""
    vector: Callable[..., object] | None = None
    batch: Callable[..., object] | None = None
    growing: bool = False
    any_value: bool = False
    """Whether a value of any kind counts alike from a cell and given directly, so that `batch` takes it."""
    plain: Callable[..., float] | None = None
    """The answer where all arguments are numbers, as plain Python: each part is a list of numbers down a column and its first row.

    Not a number: it cannot say."""
    volatile: bool = False
    lazy: bool = False
    """Whether the compiler evaluates its arguments one by one as they are needed (IF, CHOOSE, LET…)."""
    references: bool = False
    """Whether it may return a reference (INDEX, OFFSET, CHOOSE…)."""
    dynamic: bool = False
    """Whether what it reads is known only when it runs (INDIRECT, OFFSET)."""
    future: str = ""
    """The prefix its name has in a file, `_xlfn.` or `_xlfn._xlws.`, for functions newer than Excel 2007."""
    since: str = "0.1"
    answers_array: bool = True
    """Whether it may answer with an array where each of its scalar arguments is a single value."""
    first_elements: bool = False
    """Whether `vector` gives but the first element of each answer: where an array stands for a single value, arrays do not nest."""
    toolpak: bool = False
    """Whether it takes its arguments as the Analysis ToolPak did (`functions.toolpak`)."""
    each_reference: bool = False
    """Whether it takes an array of references one by one though it takes its arguments as they come (`functions.reference_arrays`)."""
    host: bool = False
    """Whether it needs what a spreadsheet program has around it (a cube, a server, a pivot table): what a file says is kept."""

    @property
    def syntax(self) -> str:
        """The call as Excel's documentation writes it."""
        return self.signature.syntax(self.name)

    @property
    def form(self) -> str:
        """How a block of calls is computed: "vector" (one array operation), "batch" (one for ranges given whole), "lazy" (by the
        compiler, argument by argument as needed) or "scalar" (cell by cell)."""
        return "vector" if self.vector else "batch" if self.batch else "lazy" if self.lazy else "scalar"


_CATALOGUE: dict[str, FunctionSpec] = {}


def function(
    name: str,
    *aliases: str,
    category: str,
    summary: str,
    examples: Mapping[str, Scalar | list[list[Scalar]]],
    source: str = "",
    vector: Callable[..., object] | None = None,
    batch: Callable[..., object] | None = None,
    growing: bool = False,
    any_value: bool = False,
    plain: Callable[..., float] | None = None,
    volatile: bool = False,
    lazy: bool = False,
    references: bool = False,
    dynamic: bool = False,
    future: str = "",
    first_elements: bool = False,
    toolpak: bool = False,
    each_reference: bool = False,
    host: bool = False,
) -> Callable[[Body], Body]:
    """Declare a worksheet function. `aliases` are names that mean the very same (STDEV and STDEV.S); an alias is
    written "NAME" or "NAME|category|future prefix" where those differ from the first name's."""

    def declare(body: Body) -> Body:
        signature = Signature.of(body)
        for entry in (name, *aliases):
            alias, _, rest = entry.partition("|")
            own_category, _, prefix = rest.partition("|")
            if alias in _CATALOGUE:
                raise TypeError(f"{alias} is declared twice")
            _CATALOGUE[alias] = FunctionSpec(
                alias, own_category or category, summary, signature, body,
                examples=examples if alias == name else {}, source=source, vector=vector, batch=batch, growing=growing, any_value=any_value, plain=plain,
                volatile=volatile, lazy=lazy, references=references, dynamic=dynamic, future=prefix if rest else future,
                answers_array=alias in ANSWER_ARRAYS, first_elements=first_elements, toolpak=toolpak,
                each_reference=each_reference, host=host,
            )  # fmt: skip
        return body

    return declare


ANSWER_ARRAYS: Final = frozenset((
    "BYCOL", "BYROW", "CELL", "CHOOSECOLS", "CHOOSEROWS", "COLUMN", "CUBESET", "DROP", "EXPAND", "FILTER", "FREQUENCY", "GROUPBY", "GROWTH",
    "HSTACK", "IMPORTCSV", "IMPORTTEXT", "INDEX", "INDIRECT", "LINEST", "LOGEST", "LOOKUP", "MAKEARRAY", "MAP", "MINVERSE", "MMULT", "MODE.MULT",
    "MUNIT", "OFFSET", "PIVOTBY", "PY", "RANDARRAY", "REDUCE", "REGEXEXTRACT", "ROW", "SCAN", "SEQUENCE", "SORT", "SORTBY", "STOCKHISTORY", "TAKE",
    "TEXTSPLIT", "TOCOL", "TOROW", "TRANSPOSE", "TREND", "TRIMRANGE", "UNIQUE", "VSTACK", "WRAPCOLS", "WRAPROWS", "XLOOKUP",
))  # fmt: skip
"""Functions that give arrays of themselves; the others only where an array stands for one of their single values."""

CATEGORY_MODULES: Final = (
    "logical", "math", "lookup", "date_time", "information", "text", "statistical", "financial", "lambda_arrays", "engineering", "database",
    "web",
)  # fmt: skip
"""In the order in which they load until a name is found: those first that most workbooks call."""


@cache
def catalogue() -> Mapping[str, FunctionSpec]:
    """All functions by name; the category modules load with the first look."""
    for module in CATEGORY_MODULES:
        _load(module)
    return dict(sorted(_CATALOGUE.items()))


def find(name: str) -> FunctionSpec | None:
    """The function of an Excel name in capitals, or None; only as many category modules load as it takes."""
    for module in CATEGORY_MODULES:
        known = _CATALOGUE.get(name)
        if known is not None:
            return known
        _load(module)
    return _CATALOGUE.get(name)


def _load(module: str) -> None:
    importlib.import_module(f"sheetengine.functions.{module}")


def in_category(category: str) -> Iterator[FunctionSpec]:
    """The functions of one of Excel's categories, by name."""
    return (spec for spec in catalogue().values() if spec.category == category)
