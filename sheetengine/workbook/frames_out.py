"""Ranges as tables of pandas, polars and Arrow, column by column.

In: the planes of a range. Out: a table. Invariants: columns of numbers, booleans, dates, times or texts are converted as arrays, never
cell by cell; a blank is what the library calls missing; a column is of dates, times of the day or durations where all its cells look so.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from sheetengine.errors import MissingDependency
from sheetengine.grid import BLANK, BOOLEAN, NUMBER, TEXT, Grid
from sheetengine.number_format import temporal_kind
from sheetengine.store.chunk import Box
from sheetengine.values import CellError, Scalar

if TYPE_CHECKING:
    from sheetengine.workbook.range_contents import RangeContents

EPOCH: Final = {False: np.datetime64("1899-12-30", "us"), True: np.datetime64("1904-01-01", "us")}
FIRST_MARCH: Final = 61
"""Serials below it are a day late in the 1900 system, for its 29 February 1900 that never was."""

KINDS: Final = ("", "date", "time", "elapsed")
"""What numbers look like, as `temporal_kind` says it; here a byte each."""


def library(name: str) -> Any:
    """A library of tables, by its name."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise MissingDependency(f"this needs {name}: pip install 'sheetengine[frames]'") from error


@dataclass(slots=True)
class _Column:
    """A column on its way out: values, where they are missing, and whether of its moments the time of the day alone counts."""

    name: str
    values: NDArray[Any]
    missing: NDArray[np.bool_]
    of_day: bool = False


def to_pandas(target: RangeContents, *, header: bool) -> Any:
    """A DataFrame; numbers with gaps have NaN, dates, times and durations NaT, other gaps None."""
    pandas = library("pandas")
    columns = _columns(target, header)
    data = {}
    for place, column in enumerate(columns):
        values = column.values
        if column.missing.any():
            if values.dtype.kind == "f":
                values = np.where(column.missing, np.nan, values)
            elif values.dtype.kind in "Mm":
                values = np.where(column.missing, values.dtype.type("NaT"), values)
            else:
                values = values.astype(object)
                values[column.missing] = None
        data[place] = pandas.Series(values).dt.time if column.of_day else values
    frame = pandas.DataFrame(data)
    frame.columns = [column.name for column in columns] if header else range(len(columns))
    return frame


def to_polars(target: RangeContents, *, header: bool) -> Any:
    """A DataFrame; gaps are null. A column of several kinds is one of texts, an error in it null."""
    polars = library("polars")
    series = []
    for column in _columns(target, header):
        values, missing = _one_kind(column)
        made = polars.Series(column.name, values.tolist() if values.dtype == object else values)
        if missing.any() and values.dtype != object:
            made = polars.select(polars.when(polars.Series(~missing)).then(made).alias(column.name)).to_series()
        if column.of_day:
            made = made.dt.time()
        series.append(made)
    return polars.DataFrame(series)


def to_arrow(target: RangeContents, *, header: bool) -> Any:
    """A Table; gaps are null. A column of several kinds is one of texts, an error in it null."""
    arrow = library("pyarrow")
    columns = _columns(target, header)
    arrays = []
    for column in columns:
        values, missing = _one_kind(column)
        kind = arrow.string() if values.dtype == object else None
        made = arrow.array(values, type=kind, mask=missing if missing.any() else None)
        arrays.append(made.cast(arrow.time64("us")) if column.of_day else made)
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
        looks = np.array([KINDS.index(temporal_kind(pattern)) for pattern in book.formats], np.uint8)
        found = []
        for place, name in enumerate(names):
            box = Box(first, rectangle.left + place, rectangle.bottom, rectangle.left + place)
            grid = record.store.read(box)
            kinds = grid.kind_plane().ravel()
            formats = record.formats.read_planes(box)[1].ravel().astype(np.int64) if looks.any() else None
            found.append(_column(name, grid, kinds, None if formats is None else looks[formats], book.date1904))
        return found


def _column(name: str, grid: Grid, kinds: NDArray[np.uint8], looks: NDArray[np.uint8] | None, date1904: bool) -> _Column:
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
        if len(present) and looks is not None and looks[~missing].all():
            return _temporal(name, numbers, missing, looks[~missing], date1904)
        return _Column(name, np.array(numbers), missing)
    mixed = np.empty(len(kinds), object)
    mixed[:] = grid.reshape((grid.size,)).flat()
    return _Column(name, mixed, missing)


def _temporal(name: str, serials: NDArray[np.float64], missing: NDArray[np.bool_], looks: NDArray[np.uint8], date1904: bool) -> _Column:
    """Durations where all look so, times of a day where all look so and are shorter than one, else moments; to the millisecond."""
    days = np.round(serials * 86_400_000).astype("timedelta64[ms]").astype("timedelta64[us]")
    if (looks == KINDS.index("elapsed")).all():
        return _Column(name, days, missing)
    if (looks == KINDS.index("time")).all() and (days[~missing] < np.timedelta64(1, "D")).all() and (serials[~missing] >= 0.0).all():
        return _Column(name, np.datetime64(0, "us") + days, missing, of_day=True)
    return _Column(name, _moments(serials, date1904), missing)


def _moments(serials: NDArray[np.float64], date1904: bool) -> NDArray[np.datetime64]:
    """Serial numbers as datetime64, to the millisecond that they can tell apart."""
    days = serials if date1904 else np.where(serials < FIRST_MARCH, serials + 1, serials)
    steps = (np.round(days * 86_400_000) * 1000).astype(np.int64)
    found: NDArray[np.datetime64] = EPOCH[date1904] + steps.astype("timedelta64[us]")
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
