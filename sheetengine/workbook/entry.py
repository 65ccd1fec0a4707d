"""Python values on their way into cells, and cell values on their way out.

In: what a caller assigns. Out: a scalar, or a formula's text, or a `ValueRefused` that says why no cell can hold it. Nothing is
guessed: a text stays a text ("12%" is five characters); only a text that begins with "=" is a formula.
"""

from __future__ import annotations

import datetime
import decimal
import fractions
import math
from collections.abc import Iterable
from itertools import chain
from typing import NamedTuple, TypeGuard

import numpy as np

from sheetengine.calendar import serial_from_datetime
from sheetengine.coerce import MOST_CHARACTERS
from sheetengine.errors import ValueRefused
from sheetengine.grid import Grid
from sheetengine.values import CellError, Scalar


class Entry(NamedTuple):
    """What a value becomes: a scalar or a formula, and the number format a date brings along."""

    value: Scalar
    formula: str | None = None
    pattern: str | None = None


_BLANK = Entry(None)


def entry_of(value: object, date1904: bool = False) -> Entry:
    """What a cell gets for a Python value.

    >>> entry_of(3), entry_of("=A1+1").formula, entry_of(datetime.date(2024, 1, 1)).value
    (Entry(value=3.0, formula=None, pattern=None), '=A1+1', 45292.0)
    """
    kind = type(value)
    if kind is float:
        return Entry(_finite(value))  # type: ignore[arg-type]
    if kind is str:
        return _text(value)  # type: ignore[arg-type]
    if kind is int:
        return Entry(_finite(_float(value)))
    if kind is bool or kind is CellError:
        return Entry(value)  # type: ignore[arg-type]
    if value is None:
        return _BLANK
    if isinstance(value, np.generic):
        return _numpy(value, date1904)
    if isinstance(value, bool):
        return Entry(bool(value))
    if isinstance(value, str):
        return _text(str(value))
    if isinstance(value, int | float | decimal.Decimal | fractions.Fraction):
        return Entry(_finite(_float(value)))
    # pandas marks what is missing with values of its own types, one of them a datetime; their names are all we need to know of pandas.
    if kind.__name__ in ("NAType", "NaTType"):
        return _BLANK
    if isinstance(value, datetime.datetime | datetime.date | datetime.time | datetime.timedelta):
        return _moment(value, date1904)
    if isinstance(value, np.ndarray) and value.ndim == 0:
        return entry_of(value[()], date1904)
    raise ValueRefused(f"a cell holds a number, text, boolean, date, error or nothing, not {kind.__name__}: {_short(value)}")


def entries_of(rows: list[list[object]], date1904: bool) -> tuple[list[Scalar], dict[int, Entry]]:
    """What cells get for rows of Python values, row by row: their scalars, and by place those that are formulas or bring a format.

    >>> entries_of([[1, "a"], ["=A1", None]], False)
    ([1.0, 'a', None, None], {2: Entry(value=None, formula='=A1', pattern=None)})
    """
    scalars: list[Scalar] = []
    special: dict[int, Entry] = {}
    for value in chain.from_iterable(rows):
        kind = type(value)
        # A million cells come this way: what is what it becomes makes no entry of its own.
        if kind is float:
            scalars.append(_finite(value))  # type: ignore[arg-type]
        elif value is None or kind is bool:
            scalars.append(value)  # type: ignore[arg-type]
        elif kind is str and value[:1] != "=":  # type: ignore[index]
            scalars.append(fitting(storable(value)))  # type: ignore[arg-type]
        else:
            entry = entry_of(value, date1904)
            if entry.formula is not None or entry.pattern is not None:
                special[len(scalars)] = entry
            scalars.append(entry.value)
    return scalars, special


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"


def _float(value: object) -> float:
    try:
        return float(value)  # type: ignore[arg-type]  # a number of some kind
    except (OverflowError, ValueError) as error:
        raise ValueRefused(f"{_short(value)} is too large for a cell: numbers go to 1.797E+308") from error


def _finite(number: float) -> float:
    if number - number != 0.0:
        raise ValueRefused(f"a cell cannot hold {number}; use None for a missing value or CellError('#N/A')")
    # Denormals count as zero in Excel, and there is no -0.
    return number if abs(number) >= 2.2250738585072014e-308 else 0.0


def storable(text: str) -> str:
    """A text, unless it is one that no file can hold: half of a pair of surrogates, as broken decoding leaves them."""
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise ValueRefused(
                f"{_short(text[:100])} has a lone surrogate {text[error.start]!a} at character {error.start + 1}, which is no character"
            ) from None
    return text


def fitting(text: str) -> str:
    """A text, unless it is longer than a cell takes."""
    if len(text) > MOST_CHARACTERS:
        raise ValueRefused(f"a cell holds at most {MOST_CHARACTERS:,} characters, this text has {len(text):,}")
    return text


def _text(text: str) -> Entry:
    storable(text)
    if len(text) > 1 and text[0] == "=":
        return Entry(None, text)
    return Entry(fitting(text))


def _numpy(value: np.generic, date1904: bool) -> Entry:
    if isinstance(value, np.bool_):
        return Entry(bool(value))
    if isinstance(value, np.str_):
        return _text(str(value))
    if isinstance(value, np.datetime64 | np.timedelta64):
        if np.isnat(value):
            return _BLANK
        unit = "us" if isinstance(value, np.timedelta64) or np.datetime_data(value.dtype)[0] not in ("Y", "M", "W", "D") else "D"
        plain = value.astype(f"{'datetime64' if isinstance(value, np.datetime64) else 'timedelta64'}[{unit}]").item()
        return _moment(plain, date1904)
    # Only now: numpy counts a timedelta64 among the integers.
    if isinstance(value, np.integer | np.floating):
        return Entry(_finite(float(value)))
    raise ValueRefused(f"a cell cannot hold a {type(value).__name__}: {_short(value)}")


def _moment(value: datetime.date | datetime.time | datetime.timedelta, date1904: bool) -> Entry:
    if isinstance(value, datetime.datetime | datetime.time) and value.tzinfo is not None:
        raise ValueRefused(f"{value!r} has a time zone, which no cell can hold; convert it to the zone you mean and drop tzinfo")
    serial = serial_from_datetime(value, date1904)
    if serial is None:
        raise ValueRefused(f"{value!r} lies before the workbook's calendar begins")
    if isinstance(value, datetime.timedelta):
        return Entry(float(serial), None, "[h]:mm:ss")
    if isinstance(value, datetime.time):
        return Entry(float(serial), None, "h:mm:ss")
    return Entry(float(serial), None, "yyyy-mm-dd h:mm:ss" if isinstance(value, datetime.datetime) else "yyyy-mm-dd")


def rows_of(value: object) -> list[list[object]] | None:
    """Nested lists, a table or an array as rows of equal length; None for a single value."""
    if isinstance(value, np.ndarray) and value.ndim > 0:
        if value.ndim > 2:
            raise ValueRefused(f"a range takes an array of one or two dimensions, not {value.ndim}")
        if not value.size:
            raise ValueRefused(f"an empty array, of {' by '.join(map(str, value.shape))}, fills no cells")
        nested = value.tolist() if value.dtype.kind in "biufUO" else [list(row) if value.ndim == 2 else row for row in value]
        return nested if value.ndim == 2 else [nested]
    if hasattr(value, "to_numpy") and not isinstance(value, np.generic):
        return rows_of(value.to_numpy())
    if isinstance(value, list | tuple | range):
        rows = list(value)
        if not rows:
            raise ValueRefused("an empty list fills no cells")
        if not any(map(_is_row, rows)):
            return [rows]
        nested = [list(row) if _is_row(row) else [row] for row in rows]
        widths = {len(row) for row in nested}
        if len(widths) > 1:
            raise ValueRefused(f"the rows of a range are of one length, these are of {', '.join(map(str, sorted(widths)))}")
        return nested
    return None


def _is_row(value: object) -> TypeGuard[Iterable[object]]:
    return isinstance(value, list | tuple | range) or (isinstance(value, np.ndarray) and value.ndim > 0)


def number_rows(rows: list[list[object]]) -> Grid | None:
    """Rows of nothing but Python's own numbers as a grid, or None where an element is something else."""
    flat = list(chain.from_iterable(rows))
    if not set(map(type, flat)) <= {int, float}:
        return None
    try:
        plane = np.fromiter(flat, np.float64, len(flat))  # just checked
    except OverflowError:
        return None  # `entry_of` says which number is too large
    return number_plane(plane.reshape(len(rows), -1))


def number_plane(value: object) -> Grid | None:
    """An array of numbers as a grid without a loop over cells, or None where it is something else."""
    if (
        isinstance(value, np.ndarray) and value.dtype.kind in "iuf" and value.ndim in (1, 2) and value.size
        # What is masked is missing; `rows_of` makes a blank of it.
        and not np.ma.isMaskedArray(value)
    ):  # fmt: skip
        plane = np.array(value, np.float64).reshape((1, -1) if value.ndim == 1 else value.shape)
        if not np.isfinite(plane).all():
            row, column = (int(axis[0]) for axis in np.nonzero(~np.isfinite(plane)))
            raise ValueRefused(
                f"a cell cannot hold {plane[row, column]} (row {row + 1}, column {column + 1} of the array); use None for a missing value"
            )
        plane[np.abs(plane) < 2.2250738585072014e-308] = 0.0
        return Grid(plane)
    return None


def result_scalar(value: object, date1904: bool = False) -> Scalar:
    """A user function's answer as a scalar: what is not finite is #NUM!."""
    if isinstance(value, float | np.floating) and not math.isfinite(value):
        return CellError("#NUM!", f"the function answered {value}")
    entry = entry_of(value, date1904)
    return entry.formula if entry.formula is not None else entry.value
