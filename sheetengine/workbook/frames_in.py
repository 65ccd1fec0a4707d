"""Tables of pandas, polars and Arrow as grids, column by column.

In: a table. Out: a `Frame`: a grid, and the number formats that its dates bring along. Invariants: columns of numbers, booleans, dates or
texts are converted as arrays, never cell by cell; what the library calls missing is a blank; a text that begins with `=` is a text; what
no cell can hold is refused by column and row.
"""

from __future__ import annotations

import decimal
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sheetengine.coerce import MOST_CHARACTERS
from sheetengine.errors import ValueRefused
from sheetengine.grid import BLANK, BOOLEAN, NUMBER, TEXT, Grid
from sheetengine.workbook.entry import Entry, entry_of, fitting, storable
from sheetengine.workbook.frames_out import EPOCH, FIRST_MARCH, library

_LIBRARIES: Final = ("pandas", "polars", "pyarrow")
_DAY: Final = 86_400_000_000


class Look(NamedTuple):
    """A number format of some rows of a column, both ends included."""

    first: int
    last: int
    column: int
    pattern: str


@dataclass(slots=True)
class Frame:
    """A table on its way in: the names of its columns, its values, and the number formats of its dates."""

    names: list[str]
    grid: Grid
    looks: list[Look]


class _Encoded(NamedTuple):
    """A column's kinds, numbers and texts, and its number formats by rows."""

    kinds: NDArray[np.uint8] | int
    numbers: NDArray[np.float64]
    texts: NDArray[np.object_] | None = None
    looks: tuple[tuple[int, int, str], ...] = ()


def is_frame(value: object) -> bool:
    """Whether a value is a table or a column of one of the libraries, known by its type without loading any."""
    kind = type(value)
    return kind.__module__.partition(".")[0] in _LIBRARIES and kind.__name__ in (
        "DataFrame",
        "Series",
        "Table",
        "RecordBatch",
        "ChunkedArray",
        "LazyFrame",
    )


def frame_of(value: Any, date1904: bool) -> Frame:
    """A table's columns as a grid."""
    columns = _incoming(value)
    if not columns:
        raise ValueRefused("a table without columns fills no cells")
    shape = len(columns[0][1]), len(columns)
    numbers, kinds = np.zeros(shape), np.zeros(shape, np.uint8)
    texts: NDArray[np.object_] | None = None
    looks: list[Look] = []
    for place, (name, values) in enumerate(columns):
        try:
            own = _encoded(values, date1904)
        except ValueRefused as error:
            raise ValueRefused(f"column {name!r} of the table, {error}") from None
        kinds[:, place], numbers[:, place] = own.kinds, own.numbers
        if own.texts is not None:
            if texts is None:
                texts = np.full(shape, None, dtype=object)
            texts[:, place] = own.texts
        looks += [Look(first, last, place, pattern) for first, last, pattern in own.looks]
    return Frame([name for name, _ in columns], Grid(numbers, kinds, texts), looks)


def _incoming(value: Any) -> list[tuple[str, NDArray[Any]]]:
    library = type(value).__module__.partition(".")[0]
    if type(value).__name__ == "LazyFrame":
        value = value.collect()
    if library == "pandas":
        parts = value.to_frame() if type(value).__name__ == "Series" else value
        return [(str(name), _pandas_values(parts.iloc[:, place])) for place, name in enumerate(parts.columns)]
    if library == "polars":
        series = [value] if type(value).__name__ == "Series" else value.get_columns()
        return [(one.name, _polars_values(one)) for one in series]
    if type(value).__name__ == "ChunkedArray":
        return [("column_1", _arrow_values(value))]
    return [(name, _arrow_values(value.column(place))) for place, name in enumerate(value.schema.names)]


def _pandas_values(series: Any) -> NDArray[Any]:
    kind = getattr(series.dtype, "kind", "O")
    if kind in "iuf" and not isinstance(series.dtype, np.dtype):
        return np.asarray(series.to_numpy(dtype="float64", na_value=np.nan))
    return np.asarray(series.to_numpy())


def _polars_values(series: Any) -> NDArray[Any]:
    if series.dtype.is_decimal():
        series = series.cast(library("polars").Float64)
    if series.dtype.is_numeric() or (series.null_count() == 0 and series.dtype == library("polars").Boolean):
        return np.asarray(series.to_numpy())
    if series.dtype == library("polars").Datetime and series.dtype.time_zone is None:
        return np.asarray(series.to_numpy())
    return _objects(series.to_list())


def _arrow_values(column: Any) -> NDArray[Any]:
    arrow = library("pyarrow")
    kind = column.type
    if arrow.types.is_integer(kind) or arrow.types.is_floating(kind):
        return np.asarray(column.to_numpy(zero_copy_only=False) if type(column).__name__ != "ChunkedArray" else column.to_numpy())
    if arrow.types.is_timestamp(kind) and kind.tz is None:
        return np.asarray(column.to_numpy(zero_copy_only=False) if type(column).__name__ != "ChunkedArray" else column.to_numpy())
    return _objects(column.to_pylist())


def _objects(values: Sequence[object]) -> NDArray[Any]:
    array = np.empty(len(values), object)
    array[:] = values
    return array


def _encoded(values: NDArray[Any], date1904: bool) -> _Encoded:
    kind = values.dtype.kind
    if kind in "iuf":
        return _numbers(values.astype(np.float64))
    if kind == "b":
        return _Encoded(BOOLEAN, values.astype(np.float64))
    if kind == "M":
        return _serials(values, date1904)
    if kind == "m":
        missing = np.isnat(values)
        days = np.where(missing, 0, values.astype("timedelta64[us]").astype(np.int64)) / _DAY
        return _Encoded(np.where(missing, np.uint8(BLANK), np.uint8(NUMBER)), days, None, _everywhere(values, "[h]:mm:ss"))
    items = values.tolist()
    if all(value is None or type(value) is str for value in items):
        return _texts(items)
    entries = [_entry(row, value, date1904) for row, value in enumerate(items, start=1)]
    grid = Grid.from_flat([entry.formula if entry.formula is not None else entry.value for entry in entries], (len(entries),))
    return _Encoded(grid.kind_plane(), grid.numbers, grid.texts, _runs(entries))


def _numbers(numbers: NDArray[np.float64]) -> _Encoded:
    missing = np.isnan(numbers)
    if np.isinf(numbers).any():
        raise ValueRefused(f"row {int(np.flatnonzero(np.isinf(numbers))[0]) + 1}: a cell cannot hold infinity")
    numbers[missing | (np.abs(numbers) < 2.2250738585072014e-308)] = 0.0
    return _Encoded(np.where(missing, np.uint8(BLANK), np.uint8(NUMBER)), numbers)


def _texts(items: list[str | None]) -> _Encoded:
    missing = np.array([text is None for text in items], bool)
    present = [text for text in items if text is not None]
    whole = "".join(present)
    if not whole.isascii() or max(map(len, present), default=0) > MOST_CHARACTERS:
        for row, text in enumerate(items, start=1):
            _check_text(row, text or "")
    return _Encoded(np.where(missing, np.uint8(BLANK), np.uint8(TEXT)), np.zeros(len(items)), _objects(items))


def _check_text(row: int, text: str) -> None:
    try:
        fitting(storable(text))
    except ValueRefused as error:
        raise ValueRefused(f"row {row}: {error}") from None


def _entry(row: int, value: object, date1904: bool) -> Entry:
    try:
        return entry_of(None if _is_missing(value) else value, date1904)
    except ValueRefused as error:
        raise ValueRefused(f"row {row}: {error}") from None


def _is_missing(value: object) -> bool:
    return value is None or (isinstance(value, float) and value != value) or (isinstance(value, decimal.Decimal) and value.is_nan())


def _everywhere(values: NDArray[Any], pattern: str) -> tuple[tuple[int, int, str], ...]:
    return ((0, len(values) - 1, pattern),) if len(values) else ()


def _runs(entries: list[Entry]) -> tuple[tuple[int, int, str], ...]:
    """The number formats of a column by the rows that have one; a column with one alone has it throughout."""
    patterns = [entry.pattern for entry in entries]
    known = [pattern for pattern in dict.fromkeys(patterns) if pattern is not None]
    if len(known) == 1 and all(entry.pattern is not None or entry.value is None for entry in entries):
        return ((0, len(entries) - 1, known[0]),)
    found = []
    first = 0
    for pattern, group in groupby(patterns):
        last = first + len(list(group)) - 1
        if pattern is not None:
            found.append((first, last, pattern))
        first = last + 1
    return tuple(found)


def _serials(values: NDArray[Any], date1904: bool) -> _Encoded:
    missing = np.isnat(values)
    steps = np.where(missing, EPOCH[date1904], values.astype("datetime64[us]")) - EPOCH[date1904]
    days = steps.astype(np.int64) / _DAY
    if not date1904:
        days = np.where(days < FIRST_MARCH, days - 1, days)
    if (days[~missing] < 0).any():
        row = int(np.flatnonzero((days < 0) & ~missing)[0])
        raise ValueRefused(f"row {row + 1}: {values[row]} lies before the workbook's calendar begins")
    days[missing] = 0.0
    pattern = "yyyy-mm-dd" if (days == np.floor(days)).all() else "yyyy-mm-dd h:mm:ss"
    return _Encoded(np.where(missing, np.uint8(BLANK), np.uint8(NUMBER)), days, None, _everywhere(values, pattern))
