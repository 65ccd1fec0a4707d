"""Ranges to and from the tables of pandas, polars and Arrow, column by column.

In: planes of a range, or a table. Out: a table, or a grid with the number formats its dates bring along. Invariants: columns of
numbers, booleans, dates or texts are converted as arrays, never cell by cell; a blank is what the library calls missing; a text that
begins with `=` is a text.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from sheetengine.errors import MissingDependency, ValueRefused
from sheetengine.grid import BLANK, BOOLEAN, NUMBER, TEXT, Grid
from sheetengine.number_format import is_date_format
from sheetengine.store.chunk import Box
from sheetengine.values import CellError, Scalar
from sheetengine.workbook.entry import entry_of, storable

if TYPE_CHECKING:
    from sheetengine.workbook.range_contents import RangeContents

_LIBRARIES: Final = ("pandas", "polars", "pyarrow")
_DAY: Final = 86_400_000_000
_EPOCH: Final = {False: np.datetime64("1899-12-30", "us"), True: np.datetime64("1904-01-01", "us")}
_FIRST_MARCH: Final = 61
"""Serials below it are a day late in the 1900 system, for its 29 February 1900 that never was."""


def _library(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise MissingDependency(f"this needs {name}: pip install 'sheetengine[frames]'") from error


# -- out -------------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Column:
    """A column on its way out: values, and where they are missing."""

    name: str
    values: NDArray[Any]
    missing: NDArray[np.bool_]


def to_pandas(target: RangeContents, *, header: bool) -> Any:
    """A DataFrame; numbers with gaps have NaN, dates NaT, other gaps None."""
    pandas = _library("pandas")
    columns = _columns(target, header)
    data = {}
    for place, column in enumerate(columns):
        values = column.values
        if column.missing.any():
            if values.dtype.kind == "f":
                values = np.where(column.missing, np.nan, values)
            elif values.dtype.kind == "M":
                values = np.where(column.missing, np.datetime64("NaT"), values)
            else:
                values = values.astype(object)
                values[column.missing] = None
        data[place] = values
    frame = pandas.DataFrame(data)
    frame.columns = [column.name for column in columns] if header else range(len(columns))
    return frame


def to_polars(target: RangeContents, *, header: bool) -> Any:
    """A DataFrame; gaps are null. A column of several kinds is one of texts, an error in it null."""
    polars = _library("polars")
    series = []
    for column in _columns(target, header):
        values, missing = _one_kind(column)
        made = polars.Series(column.name, values.tolist() if values.dtype == object else values)
        if missing.any() and values.dtype != object:
            made = polars.select(polars.when(polars.Series(~missing)).then(made).alias(column.name)).to_series()
        series.append(made)
    return polars.DataFrame(series)


def to_arrow(target: RangeContents, *, header: bool) -> Any:
    """A Table; gaps are null. A column of several kinds is one of texts, an error in it null."""
    arrow = _library("pyarrow")
    columns = _columns(target, header)
    arrays = []
    for column in columns:
        values, missing = _one_kind(column)
        kind = arrow.string() if values.dtype == object else None
        arrays.append(arrow.array(values, type=kind, mask=missing if missing.any() else None))
    return arrow.Table.from_arrays(arrays, names=[column.name for column in columns])


def _one_kind(column: _Column) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """A column whose values are of one type, as columnar libraries want it."""
    if column.values.dtype != object:
        return column.values, column.missing
    values = [None if value is None or isinstance(value, CellError) else _as_text(value) for value in column.values.tolist()]
    array = np.empty(len(values), object)
    array[:] = values
    return array, np.array([value is None for value in values], bool)


def _as_text(value: Scalar) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value)


def _columns(target: RangeContents, header: bool) -> list[_Column]:
    workbook = target.sheet.workbook
    engine = workbook._engine
    rectangle = target._rect
    with engine.lock:
        workbook._flush(target)
        target._refuse_huge()
        book = engine.book
        record = book.sheets[target.sheet.id]
        first = rectangle.top + (1 if header else 0)
        names = (
            _names(record.store.read(Box(rectangle.top, rectangle.left, rectangle.top, rectangle.right)), rectangle.width)
            if header
            else [f"column_{number}" for number in range(1, rectangle.width + 1)]
        )
        if first > rectangle.bottom:
            return [_Column(name, np.zeros(0), np.zeros(0, bool)) for name in names]
        dates = np.array([number for number, pattern in enumerate(book.formats) if is_date_format(pattern)], np.float64)
        found = []
        for place, name in enumerate(names):
            box = Box(first, rectangle.left + place, rectangle.bottom, rectangle.left + place)
            grid = record.store.read(box)
            kinds = grid.kind_plane().ravel()
            formats = record.formats.read_planes(box)[1].ravel() if len(dates) else None
            found.append(_column(name, grid, kinds, formats, dates, book.date1904))
        return found


def _column(
    name: str, grid: Grid, kinds: NDArray[np.uint8], formats: NDArray[np.float64] | None, dates: NDArray[np.float64], date1904: bool
) -> _Column:
    missing = kinds == BLANK
    present = kinds[~missing]
    numbers = grid.numbers.ravel()
    if len(present) and (present == BOOLEAN).all():
        return _Column(name, numbers != 0.0, missing)
    if len(present) and (present == TEXT).all():
        texts = np.empty(len(kinds), object)
        texts[:] = grid.text_plane().ravel()
        texts[missing] = None
        return _Column(name, texts, missing)
    if (present == NUMBER).all():
        if len(present) and formats is not None and np.isin(formats[~missing], dates).all():
            return _Column(name, _moments(numbers, date1904), missing)
        return _Column(name, np.array(numbers), missing)
    mixed = np.empty(len(kinds), object)
    mixed[:] = grid.reshape((grid.size,)).flat()
    return _Column(name, mixed, missing)


def _moments(serials: NDArray[np.float64], date1904: bool) -> NDArray[np.datetime64]:
    """Serial numbers as datetime64, to the millisecond that they can tell apart."""
    days = serials if date1904 else np.where(serials < _FIRST_MARCH, serials + 1, serials)
    steps = (np.round(days * 86_400_000) * 1000).astype(np.int64)
    found: NDArray[np.datetime64] = _EPOCH[date1904] + steps.astype("timedelta64[us]")
    return found


def _names(row: Grid, width: int) -> list[str]:
    """Texts of the header, each once: columnar libraries refuse two columns of one name."""
    names: list[str] = []
    known: set[str] = set()
    for place, value in enumerate(row.reshape((width,)).flat(), start=1):
        name = f"column_{place}" if value is None else _as_text(value)
        number, own = 2, name
        while own in known:
            own, number = f"{name}_{number}", number + 1
        known.add(own)
        names.append(own)
    return names


# -- in --------------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Frame:
    """A table on its way in: the names of its columns, its values, and the number formats of its date columns by place."""

    names: list[str]
    grid: Grid
    patterns: dict[int, str]


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
    height = len(columns[0][1]) if columns else 0
    if height == 0:
        raise ValueRefused("a table without rows fills no cells")
    numbers = np.zeros((height, len(columns)))
    kinds = np.zeros((height, len(columns)), np.uint8)
    texts: NDArray[np.object_] | None = None
    patterns: dict[int, str] = {}
    for place, (_, values) in enumerate(columns):
        own_kinds, own_numbers, own_texts, pattern = _encoded(values, date1904)
        kinds[:, place], numbers[:, place] = own_kinds, own_numbers
        if own_texts is not None:
            if texts is None:
                texts = np.full((height, len(columns)), None, dtype=object)
            texts[:, place] = own_texts
        if pattern is not None:
            patterns[place] = pattern
    return Frame([name for name, _ in columns], Grid(numbers, kinds, texts), patterns)


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
        series = series.cast(_library("polars").Float64)
    if series.dtype.is_numeric() or (series.null_count() == 0 and series.dtype == _library("polars").Boolean):
        return np.asarray(series.to_numpy())
    if series.dtype == _library("polars").Datetime and series.dtype.time_zone is None:
        return np.asarray(series.to_numpy())
    return _objects(series.to_list())


def _arrow_values(column: Any) -> NDArray[Any]:
    arrow = _library("pyarrow")
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


def _encoded(
    values: NDArray[Any], date1904: bool
) -> tuple[NDArray[np.uint8] | int, NDArray[np.float64], NDArray[np.object_] | None, str | None]:
    """Kinds, numbers and texts of a column, and its number format."""
    kind = values.dtype.kind
    if kind in "iuf":
        numbers = values.astype(np.float64)
        missing = np.isnan(numbers)
        if np.isinf(numbers).any():
            raise ValueRefused(f"a cell cannot hold infinity (row {int(np.flatnonzero(np.isinf(numbers))[0]) + 1} of the table)")
        numbers[missing | (np.abs(numbers) < 2.2250738585072014e-308)] = 0.0
        return np.where(missing, np.uint8(BLANK), np.uint8(NUMBER)), numbers, None, None
    if kind == "b":
        return BOOLEAN, values.astype(np.float64), None, None
    if kind == "M":
        return _serials(values, date1904)
    if kind == "m":
        missing = np.isnat(values)
        days = np.where(missing, 0, values.astype("timedelta64[us]").astype(np.int64)) / _DAY
        return np.where(missing, np.uint8(BLANK), np.uint8(NUMBER)), days, None, "[h]:mm:ss"
    if all(value is None or type(value) is str for value in values.tolist()):
        missing = np.array([value is None for value in values.tolist()], bool)
        texts = _objects(values.tolist())
        storable("".join(text for text in texts if text is not None))
        return np.where(missing, np.uint8(BLANK), np.uint8(TEXT)), np.zeros(len(values)), texts, None
    entries = [entry_of(None if _is_missing(value) else value, date1904) for value in values.tolist()]
    grid = Grid.from_flat([entry.formula if entry.formula is not None else entry.value for entry in entries], (len(entries),))
    pattern = next((entry.pattern for entry in entries if entry.pattern is not None), None)
    return grid.kind_plane(), grid.numbers, grid.texts, pattern


def _is_missing(value: object) -> bool:
    return value is None or (isinstance(value, float) and value != value)


def _serials(values: NDArray[Any], date1904: bool) -> tuple[NDArray[np.uint8], NDArray[np.float64], None, str]:
    missing = np.isnat(values)
    steps = np.where(missing, _EPOCH[date1904], values.astype("datetime64[us]")) - _EPOCH[date1904]
    days = steps.astype(np.int64) / _DAY
    if not date1904:
        days = np.where(days < _FIRST_MARCH, days - 1, days)
    if (days[~missing] < 0).any():
        row = int(np.flatnonzero((days < 0) & ~missing)[0])
        raise ValueRefused(f"{values[row]} lies before the workbook's calendar begins (row {row + 1} of the table)")
    days[missing] = 0.0
    whole = bool((days == np.floor(days)).all())
    return np.where(missing, np.uint8(BLANK), np.uint8(NUMBER)), days, None, "yyyy-mm-dd" if whole else "yyyy-mm-dd h:mm:ss"
