"""What a function says of its parameters, read from its annotations.

The types below are written as annotations in a function's definition; the engine coerces, broadcasts and propagates
errors from them, once for all functions (`functions.call`):

    scalars — an array or a range given for one of these makes the call run over its elements and give an array
      Number    a finite `float`: texts as VALUE reads them, TRUE 1, blank 0; an error ends the call with that error
      Integer   an `int`: a Number cut off toward zero
      Text      a `str`: numbers as General, booleans as TRUE/FALSE, blank ""
      Boolean   a `bool`: numbers, "TRUE"/"FALSE", blank FALSE
      Value     any scalar as it is (blank: None); an error ends the call with that error
      Any       any scalar as it is, errors too (ISERROR, IFNA, T…)
      Date      a Number whose fraction is cut off (floor), #NUM! below 0 or above 9999-12-31
    whole
      Array     a two-dimensional `Grid`; ranges are read, a scalar is 1 x 1; errors inside are for the body to see to
      Numbers   a flat float64 array by the rule of SUM: a scalar written directly is coerced (#VALUE! where it cannot be),
                of a range or array only numbers count; an error anywhere ends the call
      Sorted    the same in ascending order; of a large range sorted once as long as it does not change; not to be written to
      AllNumbers  the same for all remaining arguments together (declare it last, as `numbers: AllNumbers`)
      Address   a `Reference` whose values are not read: no dependency, no cycle (ROW, COLUMNS, OFFSET's anchor)
      Ref       a `Reference` (a dependency); anything else is #VALUE!
      Raw       the argument as evaluated: scalar, Grid, Reference, Lambda or MISSING
      Function  a `Lambda`; anything else is #VALUE!

A parameter `x: Number = 0.0` may be left off and then has its default; given but empty, as in `F(1,,2)`, it reads as a
blank: 0, "" or FALSE. `x: Number | None = None` gives None in both cases, for functions where an empty argument means
"not given". `*rest: Value` takes any number of further arguments; `*rest: Annotated[object, InTurn({"range": Kind.REFERENCE,
"criteria": Kind.ANY})]` takes them in turn as several kinds (the pairs of SUMIFS).
"""

from __future__ import annotations

import enum
import inspect
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Final

import numpy as np
from numpy.typing import NDArray

from sheetengine.functions.context import Context
from sheetengine.grid import Grid
from sheetengine.values import Lambda, Reference, Scalar


class Kind(enum.Enum):
    """How an argument reaches the body."""

    NUMBER = "number"
    INTEGER = "integer"
    TEXT = "text"
    BOOLEAN = "logical"
    VALUE = "value"
    ANY = "any value"
    DATE = "date"
    ARRAY = "array"
    NUMBERS = "numbers"
    SORTED = "sorted numbers"
    ALL_NUMBERS = "all numbers"
    ADDRESS = "address"
    REFERENCE = "reference"
    RAW = "raw"
    FUNCTION = "function"

    is_scalar: bool
    """Whether an array given for it is run over element by element."""

    def __init__(self, word: str) -> None:
        # An attribute, not a property: every argument of every call is asked.
        self.is_scalar = word in ("number", "integer", "text", "logical", "value", "any value", "date")


Number = Annotated[float, Kind.NUMBER]
Integer = Annotated[int, Kind.INTEGER]
Text = Annotated[str, Kind.TEXT]
Boolean = Annotated[bool, Kind.BOOLEAN]
Value = Annotated[Scalar, Kind.VALUE]
Any = Annotated[Scalar, Kind.ANY]
Date = Annotated[float, Kind.DATE]
Array = Annotated[Grid, Kind.ARRAY]
Numbers = Annotated[NDArray[np.float64], Kind.NUMBERS]
Sorted = Annotated[NDArray[np.float64], Kind.SORTED]
AllNumbers = Annotated[NDArray[np.float64], Kind.ALL_NUMBERS]
Address = Annotated[Reference, Kind.ADDRESS]
Ref = Annotated[Reference, Kind.REFERENCE]
Raw = Annotated[object, Kind.RAW]
Function = Annotated[Lambda, Kind.FUNCTION]

REQUIRED: Final = inspect.Parameter.empty


@dataclass(frozen=True, slots=True)
class InTurn:
    """The annotation of a variadic parameter whose arguments are of several kinds, one after the other and again."""

    kinds: Mapping[str, Kind]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: its name in Excel's documentation, how it is coerced, what stands in for it."""

    name: str
    kind: Kind
    default: object = REQUIRED
    variadic: bool = False
    omissible: bool = False
    """Whether it may be left empty though it must have its place (`x: Number | None` without a default)."""

    @property
    def required(self) -> bool:
        """Whether the call must give it; of all numbers together, one at the least."""
        return self.default is REQUIRED and (not self.variadic or self.kind is Kind.ALL_NUMBERS)


@dataclass(frozen=True, slots=True)
class Signature:
    """The parameters of a function in order; `context` says whether the body wants one, as a keyword."""

    parameters: tuple[Parameter, ...]
    context: bool
    gathers: bool = field(init=False, compare=False, repr=False)
    """Whether a parameter takes all numbers together."""
    _assigned: dict[int, tuple[Parameter, ...]] = field(default_factory=dict, compare=False, repr=False)
    _body: Callable[..., object] | None = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Note what every call asks."""
        object.__setattr__(self, "gathers", any(parameter.kind is Kind.ALL_NUMBERS for parameter in self.parameters))
        object.__setattr__(self, "_body", None)

    @classmethod
    def of(cls, body: Callable[..., object]) -> Signature:
        """The signature of a body, read when something of it is asked for: reading all of the library's takes as long as loading it."""
        unread = object.__new__(cls)
        object.__setattr__(unread, "_body", body)
        return unread

    if not typing.TYPE_CHECKING:

        def __getattr__(self, name: str) -> object:
            """Of a signature not read yet, whose slots are empty."""
            if name not in ("parameters", "context", "gathers", "_assigned"):
                raise AttributeError(name)
            read = signature_of(self._body)
            self.__init__(read.parameters, read.context)
            return getattr(self, name)

    @property
    def least(self) -> int:
        """Arguments a call must have."""
        return sum(parameter.required for parameter in self.parameters)

    @property
    def most(self) -> int:
        """Arguments a call may have."""
        return 255 if any(p.variadic for p in self.parameters) else len(self.parameters)

    def assigned(self, count: int) -> tuple[Parameter, ...]:
        """The parameter of each of `count` arguments; a variadic tail takes its parameters in turn."""
        known = self._assigned.get(count)
        if known is not None:
            return known
        fixed = [p for p in self.parameters if not p.variadic]
        tail = [p for p in self.parameters if p.variadic]
        chosen = list(fixed[:count])
        while len(chosen) < count and tail:
            chosen.append(tail[(len(chosen) - len(fixed)) % len(tail)])
        found = self._assigned[count] = tuple(chosen)
        return found

    def syntax(self, name: str) -> str:
        """The call as Excel's documentation writes it: `PMT(rate, nper, pv, [fv], [type])`."""
        words = [parameter.name if parameter.required else f"[{parameter.name}]" for parameter in self.parameters]
        if any(parameter.variadic for parameter in self.parameters):
            words.append("…")
        return f"{name}({', '.join(words)})"


def signature_of(body: Callable[..., object]) -> Signature:
    """Read a signature from a body's annotations; a wrong declaration is a TypeError when the module loads."""
    hints = typing.get_type_hints(body, include_extras=True)
    parameters = []
    context = False
    for name, parameter in inspect.signature(body).parameters.items():
        hint = hints.get(name)
        if hint is Context:
            context = True
            continue
        in_turn = next((extra for extra in getattr(hint, "__metadata__", ()) if isinstance(extra, InTurn)), None)
        if in_turn is not None:
            parameters += [Parameter(own, kind, variadic=True) for own, kind in in_turn.kinds.items()]
            continue
        kind = _kind(hint)
        if kind is None:
            raise TypeError(f"{body.__qualname__}: parameter {name!r} is not annotated with a type of functions.signature")
        variadic = parameter.kind is inspect.Parameter.VAR_POSITIONAL or kind is Kind.ALL_NUMBERS
        omissible = parameter.default is REQUIRED and type(None) in typing.get_args(hint)
        parameters.append(Parameter(name.strip("_"), kind, parameter.default, variadic, omissible))
    return Signature(tuple(parameters), context)


def _kind(hint: object) -> Kind | None:
    for extra in getattr(hint, "__metadata__", ()):
        if isinstance(extra, Kind):
            return extra
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        for part in typing.get_args(hint):
            kind = _kind(part)
            if kind is not None:
                return kind
    return None
