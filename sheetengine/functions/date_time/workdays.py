"""Working days: NETWORKDAYS, WORKDAY and their forms for other weekends.

In: serials, a weekend (a number, or seven digits from Monday on, 1 for a day off), holidays; out: counts and serials.
Serials go to numpy's business days on a straight line, so that Excel's days of the week before March 1900 come out as Excel has them.
"""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sheetengine.calendar import last_serial
from sheetengine.functions.context import Context
from sheetengine.functions.date_time.arguments import strict_number, strict_numbers, strict_planes
from sheetengine.functions.date_time.parts import CATEGORY, SOURCE
from sheetengine.functions.library import function
from sheetengine.functions.signature import Raw, Value
from sheetengine.grid import Grid
from sheetengine.values import MISSING, NUM, NUM_ID, VALUE, CellError, Reference, Scalar

Days = NDArray[np.int64]

_EVERY_DAY_OFF: Final = "0000000"
_MOST_DAYS: Final = 3_000_000
_SATURDAYS_AND_SUNDAYS: Final = "1111100"


def _week(weekend: Scalar) -> str | CellError:
    """The working days from Monday on, 1 for each, as numpy writes them."""
    if weekend is None:
        return _SATURDAYS_AND_SUNDAYS
    if isinstance(weekend, str):
        if len(weekend) != 7 or set(weekend) - {"0", "1"}:
            return CellError("#VALUE!", "a weekend as text is seven digits 0 or 1, from Monday on")
        return "".join("0" if digit == "1" else "1" for digit in weekend)
    if isinstance(weekend, CellError):
        return weekend
    number = math.trunc(weekend)
    if 1 <= number <= 7:
        # 1: Saturday and Sunday, 2: Sunday and Monday …
        off = {(number + 4) % 7, (number + 5) % 7}
    elif 11 <= number <= 17:
        # 11: Sunday alone, 12: Monday alone …
        off = {(number - 12) % 7}
    else:
        return CellError("#NUM!", "a weekend is 1 to 7 or 11 to 17")
    return "".join("0" if day in off else "1" for day in range(7))


def _origin(date1904: bool) -> int:
    # Days of numpy (from Thursday 1 January 1970) whose remainder by 7 gives the serial's day of the week.
    return 24_107 if date1904 else 25_569


def _holidays(holidays: object, context: Context) -> Days | CellError:
    """The days off as whole serials, in order."""
    if holidays is None or holidays is MISSING:
        return np.empty(0, np.int64)
    if isinstance(holidays, Reference):
        parts: list[Days] = []
        for area in holidays.areas:
            used = context.used(area)
            if used is None:
                continue
            found = _holidays_of(context.read(used), context.date1904)
            if isinstance(found, CellError):
                return found
            parts.append(found)
        return parts[0] if len(parts) == 1 else np.unique(np.concatenate(parts)) if parts else np.empty(0, np.int64)
    if isinstance(holidays, Grid):
        return _holidays_of(holidays, context.date1904)
    if isinstance(holidays, float | str | bool | CellError):
        return _holidays_of(Grid.from_flat([holidays], (1, 1)), context.date1904)
    return VALUE


def _holidays_of(grid: Grid, date1904: bool) -> Days | CellError:
    known = None if grid.memo is None else grid.memo.get("holidays")
    if isinstance(known, np.ndarray | CellError):
        return known
    found: Days | CellError
    if grid.kinds is None:
        numbers = grid.numbers.ravel()
    else:
        numbers = np.empty(0)
        listed: list[float] = []
        wrong: CellError | None = None
        for value in grid.flat():
            if value is None:
                continue
            number = strict_number(value, date1904)
            if isinstance(number, CellError):
                wrong = number
                break
            listed.append(number)
        if wrong is not None:
            if grid.memo is not None:
                grid.memo["holidays"] = wrong
            return wrong
        numbers = np.array(listed)
    numbers = np.floor(numbers)
    outside = numbers.size and ((numbers < 0) | (numbers > last_serial(date1904))).any()
    found = NUM if outside else np.unique(numbers.astype(np.int64))
    if grid.memo is not None:
        grid.memo["holidays"] = found
    return found


def _count(starts: Days, ends: Days, week: str, holidays: Days, date1904: bool) -> NDArray[np.float64]:
    if week == _EVERY_DAY_OFF:
        return np.zeros(starts.shape)
    origin = _origin(date1904)
    low, high = np.minimum(starts, ends) - origin, np.maximum(starts, ends) - origin + 1
    counts = np.busday_count(low.astype("datetime64[D]"), high.astype("datetime64[D]"), week, (holidays - origin).astype("datetime64[D]"))
    return np.where(starts <= ends, counts, -counts).astype(np.float64)


def _shift(starts: Days, days: Days, week: str, holidays: Days, date1904: bool) -> Days:
    origin = _origin(date1904)
    moments = (starts - origin).astype("datetime64[D]")
    off = (holidays - origin).astype("datetime64[D]")
    # From a day off the count begins at the working day on the other side: one on from Saturday is Monday.
    later = np.busday_offset(moments, np.maximum(days, 0), "backward", week, off).astype(np.int64)
    sooner = np.busday_offset(moments, np.minimum(days, 0), "forward", week, off).astype(np.int64)
    return np.where(days == 0, starts, np.where(days > 0, later, sooner) + origin)


def _one_count(start: Scalar, end: Scalar, weekend: Scalar, holidays: object, context: Context) -> float | CellError:
    numbers = strict_numbers(context, start, end)
    if isinstance(numbers, CellError):
        return numbers
    week = _week(weekend)
    if isinstance(week, CellError):
        return week
    off = _holidays(holidays, context)
    if isinstance(off, CellError):
        return off
    last = last_serial(context.date1904) + 1.0
    if not all(0.0 <= number < last for number in numbers):
        return NUM
    first, final = (np.array([math.floor(number)], np.int64) for number in numbers)
    return float(_count(first, final, week, off, context.date1904)[0])


def _one_shift(start: Scalar, days: Scalar, weekend: Scalar, holidays: object, context: Context) -> float | CellError:
    numbers = strict_numbers(context, start, days)
    if isinstance(numbers, CellError):
        return numbers
    week = _week(weekend)
    if isinstance(week, CellError):
        return week
    if week == _EVERY_DAY_OFF:
        return CellError("#VALUE!", "no day of the week is a working day")
    off = _holidays(holidays, context)
    if isinstance(off, CellError):
        return off
    if not 0.0 <= numbers[0] < last_serial(context.date1904) + 1.0 or abs(numbers[1]) > _MOST_DAYS:
        return NUM
    first, distance = (np.array([number], np.int64) for number in (math.floor(numbers[0]), math.trunc(numbers[1])))
    serial = int(_shift(first, distance, week, off, context.date1904)[0])
    return float(serial) if 0 <= serial <= last_serial(context.date1904) else NUM


def _vector(shifts: bool, has_weekend: bool) -> Any:
    def vector(start: Any, end: Any, *rest: Any, context: Context) -> Grid:
        weekend, holidays = (*rest, None, None)[:2] if has_weekend else (None, *rest, None)[:2]
        if isinstance(weekend, Grid):
            return _by_weekends(start, end, weekend, holidays, context)
        (starts, ends), errors = strict_planes(context, start, end)
        week = _week(weekend)
        off = _holidays(holidays, context) if not isinstance(week, CellError) else week
        failed = (
            week
            if isinstance(week, CellError)
            else VALUE
            if shifts and week == _EVERY_DAY_OFF
            else off
            if isinstance(off, CellError)
            else None
        )
        if failed is not None or isinstance(off, CellError) or isinstance(week, CellError):
            answers = Grid.full(starts.shape, failed)
            return (
                answers if errors is None else Grid.from_numbers_and_errors(starts, np.where(errors >= 0, errors, int(answers.numbers[0])))
            )
        last = last_serial(context.date1904)
        wrong = (starts < 0.0) | (starts >= last + 1.0)
        wrong = wrong | (np.abs(ends) > _MOST_DAYS if shifts else (ends < 0.0) | (ends >= last + 1.0))
        firsts = np.floor(np.where(wrong, 0.0, starts)).astype(np.int64)
        others = np.where(wrong, 0.0, ends)
        if shifts:
            serials = _shift(firsts, np.trunc(others).astype(np.int64), week, off, context.date1904)
            wrong = wrong | (serials < 0) | (serials > last)
            numbers = serials.astype(np.float64)
        else:
            numbers = _count(firsts, np.floor(others).astype(np.int64), week, off, context.date1904)
        found = np.where(wrong, NUM_ID, -1)
        return Grid.from_numbers_and_errors(numbers, found if errors is None else np.where(errors >= 0, errors, found))

    def _by_weekends(start: Any, end: Any, weekend: Grid, holidays: object, context: Context) -> Grid:
        one = _one_shift if shifts else _one_count
        count = weekend.size
        columns = [lane.flat() if isinstance(lane, Grid) else [lane] * count for lane in (start, end, weekend)]
        return Grid.from_flat([one(a, b, c, holidays, context) for a, b, c in zip(*columns, strict=True)], (count,))

    return vector


@function(
    "NETWORKDAYS",
    category=CATEGORY,
    summary="The working days between two dates, both counted, without Saturdays, Sundays and holidays.",
    examples={
        "=NETWORKDAYS(41183,41334)": 110.0,
        "=NETWORKDAYS(41183,41334,41235)": 109.0,
        "=NETWORKDAYS(41183,41334,{41235;41247;41295})": 107.0,
    },
    source=SOURCE.format("NETWORKDAYS"),
    vector=_vector(False, False),
    toolpak=True,
)
def working_days(start_date: Value, end_date: Value, holidays: Raw = None, *, context: Context) -> float | CellError:
    """Working days between."""
    return _one_count(start_date, end_date, None, holidays, context)


@function(
    "NETWORKDAYS.INTL",
    category=CATEGORY,
    summary="The working days between two dates, both counted, without the days of a given weekend and holidays.",
    examples={
        "=NETWORKDAYS.INTL(38718,38748)": 22.0,
        "=NETWORKDAYS.INTL(38776,38748)": -21.0,
        '=NETWORKDAYS.INTL(38718,38749,"0010001",{38719,38733})': 20.0,
    },
    source=SOURCE.format("NETWORKDAYS.INTL"),
    vector=_vector(False, True),
)
def working_days_with(
    start_date: Value, end_date: Value, weekend: Value = None, holidays: Raw = None, *, context: Context
) -> float | CellError:
    """Working days between, for any weekend."""
    return _one_count(start_date, end_date, weekend, holidays, context)


@function(
    "WORKDAY",
    category=CATEGORY,
    summary="The day that is a number of working days before or after a date.",
    examples={"=WORKDAY(39722,151)": 39933.0, "=WORKDAY(39722,151,{39778;39786;39834})": 39938.0},
    source=SOURCE.format("WORKDAY"),
    vector=_vector(True, False),
    toolpak=True,
)
def working_day(start_date: Value, days: Value, holidays: Raw = None, *, context: Context) -> float | CellError:
    """A working day at a distance."""
    return _one_shift(start_date, days, None, holidays, context)


@function(
    "WORKDAY.INTL",
    category=CATEGORY,
    summary="The day that is a number of working days before or after a date, for a given weekend.",
    examples={"=WORKDAY.INTL(40909,90,11)": 41013.0, "=WORKDAY.INTL(40909,30,17)": 40944.0, '=WORKDAY.INTL(40909,1,"0000011")': 40910.0},
    source=SOURCE.format("WORKDAY.INTL"),
    vector=_vector(True, True),
)
def working_day_with(start_date: Value, days: Value, weekend: Value = None, holidays: Raw = None, *, context: Context) -> float | CellError:
    """A working day at a distance, for any weekend."""
    return _one_shift(start_date, days, weekend, holidays, context)
