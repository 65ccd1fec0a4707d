"""Time series for FORECAST.ETS and its kin: values on a timeline made equidistant.

In: values and times as ranges or arrays, in any order, how to fill gaps, how to join values of one time. Out: one value for each
step from the first time to the last, and how a later time counts in steps. Steps are of one length, or of whole months.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from sheetengine.calendar import date_from_serial, days_in_month
from sheetengine.grid import BLANK, BOOLEAN, NUMBER, TEXT, Grid, Numbers
from sheetengine.values import NA, NUM, VALUE, CellError

_MOST_MISSING: Final = 0.3
_AGGREGATIONS: Final[tuple[Callable[[Any], Any], ...]] = (
    np.mean, np.size, np.size, np.max, np.median, np.min, np.sum,
)  # fmt: skip
"""AVERAGE, COUNT, COUNTA, MAX, MEDIAN, MIN, SUM, numbered from 1."""


@dataclass(frozen=True, slots=True)
class Series:
    """Values at places 0, 1, 2, …; `step` is the length of a step, of months the most frequent number of days."""

    values: Numbers
    first: float
    step: float
    months: int
    date1904: bool

    def place(self, time: float) -> float:
        """Where a time lies on the series, as a number of steps from the first value on."""
        if not self.months:
            return (time - self.first) / self.step
        start, months = _month(self.first, self.date1904), _month(time, self.date1904)
        if start is None or months is None:
            return math.nan
        return (months[0] - start[0] + (months[1] - start[1])) / self.months


def _month(time: float, date1904: bool) -> tuple[int, float] | None:
    """The number of a date's month since year 0, and the part of it that lies before the date, the last day counting as whole."""
    date = date_from_serial(time, date1904)
    if date is None:
        return None
    year, month, day = date
    length = days_in_month(year, month, date1904)
    return year * 12 + month, 1.0 if day == length else (day - 1.0) / length


def _months(times: Numbers, date1904: bool) -> list[int] | None:
    """The months of the times, where all are one day of the month or the month's last; else None."""
    found: list[int] = []
    days: set[int] = set()
    last = True
    for time in times.tolist():
        date = date_from_serial(time, date1904)
        if date is None or time != math.floor(time):
            return None
        found.append(date[0] * 12 + date[1])
        days.add(date[2])
        last = last and date[2] == days_in_month(date[0], date[1], date1904)
    return found if last or len(days) == 1 else None


def read_series(values: Grid, timeline: Grid, completion: float | None, aggregation: float | None, date1904: bool) -> Series | CellError:
    """The series; #N/A for ranges of different sizes, #NUM! without a constant step or with too many gaps.

    Gaps are filled with the mean of their neighbours, or with `completion` 0 by zeros; values of one time are averaged unless told otherwise.
    """
    completion = 1.0 if completion is None else completion
    aggregation = 1.0 if aggregation is None else aggregation
    if values.size != timeline.size:
        return CellError(NA.code, f"{values.size} values on a timeline of {timeline.size}")
    for grid in (values, timeline):
        error = grid.first_error()
        if error is not None:
            return error
    if math.trunc(completion) not in (0, 1) or not 0 <= math.trunc(aggregation) <= len(_AGGREGATIONS):
        return NUM
    kinds, time_kinds = values.kind_plane().ravel(), timeline.kind_plane().ravel()
    known = kinds != BLANK
    # Rows that are blank on both sides are none; a time without a value is a gap.
    if ((time_kinds != NUMBER) & ((time_kinds != BLANK) | known)).any() or ((kinds == TEXT) | (kinds == BOOLEAN)).any():
        return VALUE
    times, numbers = timeline.numbers.ravel()[known], values.numbers.ravel()[known]
    if len(times) < 2:
        return NUM
    times, back = np.unique(times, return_inverse=True)
    if len(times) < len(numbers):
        join = _AGGREGATIONS[max(0, math.trunc(aggregation) - 1)]
        order = np.argsort(back, kind="stable")
        groups = np.split(numbers[order], np.flatnonzero(np.diff(back[order])) + 1)
        numbers = np.array([float(join(group)) for group in groups])
    else:
        numbers = numbers[np.argsort(back, kind="stable")]
    if len(times) < 2:
        return NUM
    return _spread(times, numbers, math.trunc(completion) == 1, date1904)


def _spread(times: Numbers, numbers: Numbers, interpolate: bool, date1904: bool) -> Series | CellError:
    gaps = np.diff(times)
    step = float(gaps.min())
    places = (times - times[0]) / step
    whole = np.rint(places)
    months = 0
    if not (np.abs(places - whole) <= 1e-6).all() or _share_missing(whole) > _MOST_MISSING:
        found = _months(times, date1904)
        if found is None:
            return CellError("#NUM!", "the timeline has no constant step")
        whole = np.array(found, np.float64) - found[0]
        months = int(np.diff(whole).min())
        if months == 0 or (whole % months).any() or _share_missing(whole / months) > _MOST_MISSING:
            return CellError("#NUM!", "the timeline has no constant step")
        whole = whole / months
        lengths, counts = np.unique(gaps, return_counts=True)
        step = float(lengths[counts == counts.max()][-1])
    count = int(whole[-1]) + 1
    full = np.zeros(count)
    if interpolate:
        full = np.interp(np.arange(count, dtype=np.float64), whole, numbers)
    full[whole.astype(np.int64)] = numbers
    return Series(full, float(times[0]), step, months, date1904)


def _share_missing(places: Numbers) -> float:
    count = float(places[-1]) + 1.0
    return 1.0 - len(places) / count
