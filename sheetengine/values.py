"""What a cell can hold and a formula can compute, one value at a time.

A scalar is a `float` (number), `str` (text), `bool` (boolean), `None` (a blank cell) or a `CellError`.
Invariants: a number is finite and never -0.0; a cell error is a value that functions return, never raise;
two cell errors are equal when their codes are, whatever their messages.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from sheetengine.grid import Grid

ERROR_CODES: Final = (
    "#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA", "#SPILL!", "#CONNECT!",
    "#BLOCKED!", "#UNKNOWN!", "#FIELD!", "#CALC!", "#BUSY!", "#PYTHON!", "#TIMEOUT!", "#EXTERNAL!",
)  # fmt: skip
"""All of Excel's error values, in the order of ERROR.TYPE (which numbers the first fourteen from 1)."""


@dataclass(frozen=True, slots=True)
class CellError:
    """An error as a cell shows it: its code, a message for people, the cell it came from.

    >>> CellError("#N/A") == CellError("#N/A", "no match for 7 in A1:A9")
    True
    >>> str(CellError("#DIV/0!"))
    '#DIV/0!'
    """

    code: str
    message: str = field(default="", compare=False)
    origin: str | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        if self.code not in _KNOWN:
            raise ValueError(f"{self.code!r} is not one of Excel's error values: {', '.join(ERROR_CODES)}")

    def __str__(self) -> str:
        return self.code

    def at(self, origin: str) -> CellError:
        """The same error, said to come from a cell; one that already has an origin keeps it."""
        return self if self.origin else replace(self, origin=origin)


_KNOWN = frozenset(ERROR_CODES)

Scalar: TypeAlias = float | str | bool | CellError | None

NULL = CellError("#NULL!")
DIV0 = CellError("#DIV/0!")
VALUE = CellError("#VALUE!")
REF = CellError("#REF!")
NAME = CellError("#NAME?")
NUM = CellError("#NUM!")
NA = CellError("#N/A")
SPILL = CellError("#SPILL!")
CALC = CellError("#CALC!")
BLOCKED = CellError("#BLOCKED!")


class Missing:
    """The type of `MISSING`, an argument left empty as in `IF(A1,,2)`; it reads as a blank."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = Missing()

# A plane of errors holds one small number per cell: the index of an (code, message) pair in this table.
# The first entries are the bare codes, so that kernels can write them as constants.
_ERRORS: list[CellError] = [CellError(code) for code in ERROR_CODES]
_IDS: dict[tuple[str, str], int] = {(error.code, ""): index for index, error in enumerate(_ERRORS)}
_MOST_ERRORS = 1 << 16

NULL_ID, DIV0_ID, VALUE_ID, REF_ID, NAME_ID, NUM_ID, NA_ID = range(7)
SPILL_ID = ERROR_CODES.index("#SPILL!")


def error_id(error: CellError) -> int:
    """The number that stands for an error in a plane; messages beyond the table's bound are dropped.

    >>> error_from_id(error_id(CellError("#REF!", "no sheet Costs"))).message
    'no sheet Costs'
    """
    key = (error.code, error.message)
    known = _IDS.get(key)
    if known is None:
        if len(_ERRORS) >= _MOST_ERRORS:
            return _IDS[(error.code, "")]
        known = len(_ERRORS)
        _ERRORS.append(CellError(error.code, error.message))
        _IDS[key] = known
    return known


def error_from_id(number: int) -> CellError:
    """The error that a plane's number stands for."""
    return _ERRORS[number]


class Area(NamedTuple):
    """A rectangle of one sheet: the sheet's id in its workbook, then 0-based corners, both included."""

    sheet: int
    top: int
    left: int
    bottom: int
    right: int

    @property
    def height(self) -> int:
        """Number of rows."""
        return self.bottom - self.top + 1

    @property
    def width(self) -> int:
        """Number of columns."""
        return self.right - self.left + 1

    def intersect(self, other: Area) -> Area | None:
        """The cells both hold, or None."""
        if self.sheet != other.sheet:
            return None
        top, left = max(self.top, other.top), max(self.left, other.left)
        bottom, right = min(self.bottom, other.bottom), min(self.right, other.right)
        return Area(self.sheet, top, left, bottom, right) if top <= bottom and left <= right else None


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference as a value: one area, or several from a union or a 3-D reference."""

    areas: tuple[Area, ...]

    @property
    def area(self) -> Area | None:
        """The only area, or None where there are several."""
        return self.areas[0] if len(self.areas) == 1 else None


class Lambda:
    """A function as a value, made by LAMBDA: how many arguments it takes and how to call it.

    A class to inherit from, not a protocol: evaluation asks of every value whether it is one, and a protocol takes 10 us to answer.
    """

    __slots__ = ()

    @property
    def least(self) -> int:
        """Arguments that cannot be left out."""
        raise NotImplementedError

    @property
    def most(self) -> int:
        """Arguments at the most."""
        raise NotImplementedError

    def __call__(self, *arguments: object) -> object:
        """The value for these arguments."""
        raise NotImplementedError

    def over(self, arguments: Sequence[Grid]) -> Grid | None:
        """The values of many calls at once, flat; None where it is to be called one by one.

        Each argument has one member a call, (calls, rows, columns); where `source` and `tops` say where it was read, the members are
        references to their cells.
        """
        return None

    @property
    def steady(self) -> bool:
        """Whether what it answers depends on the values of its arguments and of the cells it names alone."""
        return False

    def fold(self, start: object, elements: Sequence[object], values: Sequence[Scalar]) -> Generator[object, None, object]:
        """What calls answer of which each takes the answer before it and the next element; returns the last.

        `values` are the values of the elements, which may be references.
        """
        accumulator = start
        for element in elements:
            accumulator = self(accumulator, element)
            yield accumulator
        return accumulator
