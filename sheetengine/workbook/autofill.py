"""What Excel's fill handle writes behind some cells: series of numbers and dates, texts with numbers, days, months, repeated patterns.

In: the values of a line of cells and which of them are dates. Out: the values that continue it. Numbers go on along their straight line,
a single one is repeated; a single date goes on by days, dates a whole number of months apart by months; a text with a number at its end
or its beginning counts on; days and months of the calendar go round; anything else repeats. Source: Microsoft, "Fill data automatically
in worksheet cells".
"""

from __future__ import annotations

import datetime
import itertools
import math
import re
from collections.abc import Callable, Sequence
from typing import Literal

from sheetengine.calendar import date_from_serial, days_in_month, serial_from_date
from sheetengine.values import Scalar

Unit = Literal["day", "weekday", "month", "year"]

_LISTS: tuple[tuple[str, ...], ...] = (
    ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"),
    ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"),
    ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    (
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
    ),
)  # fmt: skip
_BEHIND = re.compile(r"(.*?)(\d+)\Z", re.DOTALL)
_BEFORE = re.compile(r"(\d+)(st|nd|rd|th)?(\D.*|)\Z", re.DOTALL | re.IGNORECASE)
_QUARTER = re.compile(r"(q|qtr|quarter)\s?\Z", re.IGNORECASE)

Following = Callable[[int], Scalar]
"""The k-th value after the last, from 1."""


def continued(values: Sequence[Scalar], dates: Sequence[bool], count: int, *, back: bool = False, date1904: bool = False) -> list[Scalar]:
    """The `count` values behind a line of cells; `back`: the line is filled up or to the left, and given from its last cell on.

    >>> continued([1.0, 3.0], [False, False], 2), continued(["Item 9"], [False], 2), continued(["Mon", None, "x"], [False] * 3, 4)
    ([5.0, 7.0], ['Item 10', 'Item 11'], ['Tue', None, 'x', 'Wed'])
    """
    found: list[Scalar] = []
    series: dict[int, tuple[Following, int, int]] = {}
    for places in _runs(values, dates):
        following = _series([values[place] for place in places], dates[places[0]], back, date1904)
        for rank, place in enumerate(places):
            series[place] = (following, rank, len(places))
    for step in range(count):
        lap, place = divmod(step, len(values))
        if place in series:
            following, rank, length = series[place]
            found.append(following(lap * length + rank + 1))
        else:
            found.append(values[place])
    return found


def _runs(values: Sequence[Scalar], dates: Sequence[bool]) -> list[list[int]]:
    """The places that make one series: all numbers, all dates, and neighbouring texts that count alike."""
    numbers: list[int] = []
    moments: list[int] = []
    texts: list[tuple[object, list[int]]] = []
    for place, value in enumerate(values):
        if type(value) is float:
            (moments if dates[place] else numbers).append(place)
        elif isinstance(value, str):
            kind = _kind(value)
            if kind is not None and texts and texts[-1][0] == kind and texts[-1][1][-1] == place - 1:
                texts[-1][1].append(place)
            elif kind is not None:
                texts.append((kind, [place]))
    return [run for run in (numbers, moments, *(places for _, places in texts)) if run]


def _kind(text: str) -> object:
    """What a text counts by, or None where it does not count."""
    lower = text.lower()
    for number, words in enumerate(_LISTS):
        if lower in [word.lower() for word in words]:
            return number
    match = _BEHIND.match(text)
    if match is not None:
        return ("behind", match[1].lower())
    match = _BEFORE.match(text)
    return None if match is None else ("before", (match[3] or "").lower(), bool(match[2]))


def _series(values: Sequence[Scalar], date: bool, back: bool, date1904: bool) -> Following:
    if isinstance(values[0], str):
        return _text_series([str(value) for value in values], back)
    numbers = [float(value) for value in values if type(value) is float]
    if date:
        return _date_series(numbers, back, date1904)
    if len(numbers) == 1:
        return lambda k: numbers[0]
    return _line(numbers)


def _line(numbers: Sequence[float]) -> Following:
    """Along the straight line through the numbers, the best one where they are on none."""
    step = numbers[1] - numbers[0]
    last = len(numbers) - 1
    if all(math.isclose(numbers[i + 1] - numbers[i], step, rel_tol=1e-12, abs_tol=1e-300) for i in range(last)):
        return lambda k: _tidy(numbers[0] + step * (last + k))
    middle, mean = last / 2, math.fsum(numbers) / len(numbers)
    slope = math.fsum((i - middle) * (y - mean) for i, y in enumerate(numbers)) / math.fsum((i - middle) ** 2 for i in range(last + 1))
    return lambda k: _tidy(mean + slope * (last + k - middle))


def _tidy(number: float) -> float:
    """To 15 digits, as a typed number: 0.1, 0.2 goes on with 0.3."""
    return float(f"{number:.15g}") + 0.0


def _date_series(serials: Sequence[float], back: bool, date1904: bool) -> Following:
    first = serials[0]
    if len(serials) == 1:
        # A time of day without a date goes on by hours.
        step = 1 / 24 if 0 < first < 1 else 1.0
        return lambda k: _tidy(first + (-k if back else k) * step)
    months = _months_between(serials, date1904)
    if months is None:
        return _line(serials)
    last = len(serials) - 1
    return lambda k: add_months(first, months * (last + k), date1904)


def _months_between(serials: Sequence[float], date1904: bool) -> int | None:
    """The months from each date to the next where that is the same whole number of them, not 0."""
    days = [date_from_serial(serial, date1904) for serial in serials]
    if any(day is None for day in days):
        return None
    known = [day for day in days if day is not None]
    steps = {(two[0] - one[0]) * 12 + two[1] - one[1] for one, two in itertools.pairwise(known)}
    if len(steps) != 1 or steps == {0}:
        return None
    (step,) = steps
    for place, serial in enumerate(serials):
        if add_months(serials[0], step * place, date1904) != serial:
            return None
    return step


def add_months(serial: float, months: int, date1904: bool) -> float:
    """A date so many months on, at the end of a month that is too short for its day."""
    day = date_from_serial(serial, date1904)
    assert day is not None
    total = day[0] * 12 + day[1] - 1 + months
    year, month = total // 12, total % 12 + 1
    moved = serial_from_date(year, month, min(day[2], days_in_month(year, month, date1904)), date1904)
    return serial if moved is None else float(moved) + serial - math.floor(serial)


def _text_series(texts: Sequence[str], back: bool) -> Following:
    kind = _kind(texts[0])
    if isinstance(kind, int):
        words = _LISTS[kind]
        lower = [word.lower() for word in words]
        places = [lower.index(text.lower()) for text in texts]
        step = (places[1] - places[0]) % len(words) if len(places) > 1 else -1 if back else 1
        if any((two - one - step) % len(words) for one, two in itertools.pairwise(places)):
            return lambda k: texts[(k - 1) % len(texts)]
        return lambda k: _cased(words[(places[-1] + step * k) % len(words)], texts[0])
    numbers = [int(_number(text)) for text in texts]
    step = numbers[1] - numbers[0] if len(numbers) > 1 else -1 if back else 1
    if any(two - one != step for one, two in itertools.pairwise(numbers)):
        return lambda k: texts[(k - 1) % len(texts)]
    return lambda k: _with_number(texts[0], numbers[-1] + step * k)


def _number(text: str) -> str:
    match = _BEHIND.match(text)
    if match is not None:
        return match[2]
    match = _BEFORE.match(text)
    assert match is not None
    return match[1]


def _with_number(text: str, number: int) -> str:
    match = _BEHIND.match(text)
    if match is not None:
        if _QUARTER.fullmatch(match[1]) and 1 <= int(match[2]) <= 4:
            number = (number - 1) % 4 + 1
        return f"{match[1]}{abs(number):0{len(match[2])}d}" if match[2].startswith("0") else f"{match[1]}{abs(number)}"
    match = _BEFORE.match(text)
    assert match is not None
    return f"{abs(number)}{_ordinal(abs(number)) if match[2] else ''}{match[3] or ''}"


def _ordinal(number: int) -> str:
    if number % 100 in (11, 12, 13):
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def _cased(word: str, like: str) -> str:
    return word.upper() if like.isupper() else word.lower() if like.islower() else word


def stepped(
    start: float, step: float, count: int, stop: float | None, *, growth: bool = False, unit: Unit | None = None, date1904: bool = False
) -> list[float]:
    """A series from a first value on, as the Series dialog makes it: at most `count` values, none beyond `stop`.

    >>> stepped(1.0, 2.0, 10, 6.0), stepped(45322.0, 1.0, 3, None, unit="month"), stepped(3.0, 2.0, 4, None, growth=True)
    ([1.0, 3.0, 5.0], [45322.0, 45351.0, 45382.0], [3.0, 6.0, 12.0, 24.0])
    """
    found: list[float] = []
    falls = (start * step < start) if growth else step < 0
    for place in range(count):
        value = _stepped(start, step, place, growth, unit, date1904)
        if stop is not None and (value < stop if falls else value > stop):
            break
        found.append(value)
    return found


def _stepped(start: float, step: float, place: int, growth: bool, unit: Unit | None, date1904: bool) -> float:
    if growth:
        return _tidy(start * step**place)
    if unit == "month":
        return add_months(start, int(step) * place, date1904)
    if unit == "year":
        return add_months(start, 12 * int(step) * place, date1904)
    if unit == "weekday":
        return _weekdays(start, int(step) * place, date1904)
    return _tidy(start + step * place)


def _weekdays(serial: float, steps: int, date1904: bool) -> float:
    day = date_from_serial(serial, date1904)
    assert day is not None
    moment = datetime.date(*day)
    sign = 1 if steps >= 0 else -1
    for _ in range(abs(steps)):
        moment += datetime.timedelta(sign)
        while moment.weekday() >= 5:
            moment += datetime.timedelta(sign)
    found = serial_from_date(moment.year, moment.month, moment.day, date1904)
    return serial if found is None else float(found)


__all__ = ["Unit", "add_months", "continued", "stepped"]
