"""Sections that show a number as a date, a time or a duration.

In: the tokens of one section and its language, then serials. Out: their text; a serial beyond the calendar is a `BadFormat`.

`m` is the minute behind an hour or before a second, else the month. Time is rounded to what the seconds show and cut off to whole
minutes or hours otherwise; rounding may carry into the next day. Source: ISO/IEC 29500-1, 18.8.31.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sheetengine.calendar import date_from_serial, weekday
from sheetengine.number_format.eras import Era, era_of
from sheetengine.number_format.languages import Language
from sheetengine.number_format.scan import BadFormat, Kind, Section, Token

_SECONDS_A_DAY: Final = 86_400
_MOST_FRACTION_DIGITS: Final = 3
_BUDDHIST_ERA: Final = 543
_CARRY: Final = 1e-4
"""A time this near to the next second is that second even where no seconds are shown."""


@dataclass(frozen=True, slots=True)
class Clock:
    """A serial taken apart: the date, the seconds of its day with a decimal fraction, and the whole days since the epoch."""

    year: int
    month: int
    day: int
    weekday: int
    days: int
    seconds: int
    fraction: str

    @property
    def hour(self) -> int:
        """0 to 23."""
        return self.seconds // 3600

    @property
    def total(self) -> int:
        """Seconds since the epoch."""
        return self.days * _SECONDS_A_DAY + self.seconds


Part = Callable[[Clock], str]


@dataclass(frozen=True, slots=True)
class Moment:
    """A section such as `d-mmm-yy h:mm`."""

    parts: tuple[Part, ...]
    places: int
    """Digits of the fraction of a second; -1 where no seconds are shown."""
    timed: bool
    """Whether hours or minutes are shown, so that time is rounded to the second at least."""
    hijri: bool = False

    def render(self, serial: float, date1904: bool = False) -> str:
        """A serial; on the 1904 calendar it may be negative."""
        if serial < 0.0:
            if not date1904:
                raise BadFormat("dates and times cannot be negative")
            return "-" + self.render(-serial, date1904)
        clock = self._clock(serial, date1904)
        return "".join([part(clock) for part in self.parts])

    def _clock(self, serial: float, date1904: bool) -> Clock:
        days = math.floor(serial)
        scale = 10 ** max(0, self.places)
        # A double carries a date to some microseconds: round there first, then halves up.
        exact = round((serial - days) * _SECONDS_A_DAY, 6 if days else 9)
        ticks = math.floor(exact * scale + 0.5) if self.places >= 0 else math.floor(exact + 0.5 if self.timed else exact + _CARRY)
        seconds, rest = divmod(ticks, scale)
        if seconds >= _SECONDS_A_DAY:
            days, seconds = days + 1, 0
        date = date_from_serial(days, date1904)
        if date is None:
            raise BadFormat("beyond the end of the calendar")
        if self.hijri:
            date = _hijri(days, date1904)
        return Clock(*date, weekday(days, date1904), days, seconds, str(rest).zfill(self.places) if self.places > 0 else "")


def _hijri(days: int, date1904: bool) -> tuple[int, int, int]:
    """A date of the tabular Islamic calendar (years 2, 5, 7, 10, 13, 16, 18, 21, 24, 26 and 29 of 30 are leap years)."""
    julian = days + (1462 if date1904 else 0) + 2_415_019 + (1 if not date1904 and days < 60 else 0)
    since = julian - 1_948_440
    year = (30 * since + 10_646) // 10_631
    day_of_year = since + 1 - 354 * (year - 1) - (3 + 11 * year) // 30
    month = min(12, (2 * day_of_year + 58) // 59)
    return year, month, day_of_year - (59 * (month - 1) + 1) // 2


def is_moment(section: Section) -> bool:
    """Whether a section shows dates or times."""
    return section.has(Kind.MOMENT, Kind.ELAPSED, Kind.HALF)


def units_of(section: Section) -> str:
    """Whether a section that shows dates or times shows a "date", a "time" of the day alone, or "elapsed" time."""
    tokens = [token for token in _minutes(section.tokens) if token.kind in (Kind.MOMENT, Kind.ELAPSED)]
    if any(token.kind is Kind.ELAPSED for token in tokens):
        return "elapsed"
    return "time" if all(token.text[0] in "hMs" for token in tokens) else "date"


def compile_moment(section: Section) -> Moment:
    """The section that shows serials by these tokens."""
    tokens = _minutes(section.tokens)
    halves = any(token.kind is Kind.HALF for token in tokens)
    parts: list[Part] = []
    places = -1
    index = 0
    while index < len(tokens):
        token = tokens[index]
        index += 1
        if token.kind is Kind.POINT:
            end = index
            while end < len(tokens) and tokens[end] == (Kind.DIGIT, "0"):
                end += 1
            if end > index:
                count = end - index
                if count > _MOST_FRACTION_DIGITS:
                    raise BadFormat("seconds have three decimal places at most")
                places = max(places, count)
                parts.append(_fraction(count))
                index = end
                continue
            parts.append(_literal("."))
        elif token.kind in (Kind.LITERAL, Kind.COMMA, Kind.SLASH, Kind.PERCENT):
            parts.append(_literal(token.text))
        elif token.kind is Kind.MOMENT:
            if token.text[0] == "s":
                places = max(places, 0)
            parts.append(_part(token.text, section.language, section.eras, halves))
        elif token.kind is Kind.ELAPSED:
            if token.text[0] == "s":
                places = max(places, 0)
            parts.append(_elapsed(token.text))
        elif token.kind is Kind.HALF:
            parts.append(_half(token.text, section.language))
        else:
            raise BadFormat(f"{token.text!r} among parts of a date")
    timed = any(
        token.kind is Kind.ELAPSED or token.text[0:1] in ("h", "M") for token in tokens if token.kind in (Kind.MOMENT, Kind.ELAPSED)
    )
    return Moment(tuple(parts), places, timed, section.hijri)


def _minutes(tokens: list[Token]) -> list[Token]:
    """The tokens with `M` for the m that are minutes: behind an hour, or before a second."""
    result = list(tokens)
    timed = [index for index, token in enumerate(tokens) if token.kind in (Kind.MOMENT, Kind.ELAPSED)]
    for position, index in enumerate(timed):
        token = tokens[index]
        if token.kind is not Kind.MOMENT or token.text not in ("m", "mm"):
            continue
        before = tokens[timed[position - 1]].text[0] if position else ""
        after = tokens[timed[position + 1]].text[0] if position + 1 < len(timed) else ""
        if before == "h" or after == "s":
            result[index] = Token(Kind.MOMENT, token.text.upper())
    return result


def _literal(text: str) -> Part:
    return lambda clock: text


def _fraction(count: int) -> Part:
    return lambda clock: "." + clock.fraction[:count].ljust(count, "0")


def _elapsed(text: str) -> Part:
    width = len(text)
    divisor = {"h": 3600, "m": 60, "s": 1}[text[0]]
    return lambda clock: str(clock.total // divisor).zfill(width)


def _half(text: str, language: Language) -> Part:
    morning, _, afternoon = text.partition("/")
    if len(text) > 3:
        morning, afternoon = language.morning, language.afternoon
    return lambda clock: afternoon if clock.hour >= 12 else morning


def _hour(width: int, halves: bool) -> Part:
    if halves:
        return lambda clock: str((clock.hour + 11) % 12 + 1).zfill(width)
    return lambda clock: str(clock.hour).zfill(width)


def _year_of_era(eras: tuple[Era, ...], width: int) -> Part:
    def year(clock: Clock) -> str:
        era = era_of(eras, clock.year, clock.month, clock.day)
        return str(clock.year) if era is None else str(clock.year - era.first[0] + 1).zfill(width)

    return year


def _name_of_era(eras: tuple[Era, ...], place: int) -> Part:
    def name(clock: Clock) -> str:
        # The only era of the Gregorian calendar goes without saying.
        era = era_of(eras, clock.year, clock.month, clock.day)
        return "" if era is None else era.names[place]

    return name


def _part(text: str, language: Language, eras: tuple[Era, ...], halves: bool) -> Part:
    letter, count = text[0], len(text)
    width = min(count, 2)
    match letter:
        case "y":
            return (lambda clock: f"{clock.year:04d}") if count > 2 else lambda clock: f"{clock.year % 100:02d}"
        case "e":
            return _year_of_era(eras, width)
        case "b":
            if count > 2:
                return lambda clock: f"{clock.year + _BUDDHIST_ERA:04d}"
            return lambda clock: f"{(clock.year + _BUDDHIST_ERA) % 100:02d}"
        case "g":
            return _name_of_era(eras, min(count, 3) - 1)
        case "m":
            if count <= 2:
                return lambda clock: str(clock.month).zfill(width)
            if count == 3:
                return lambda clock: language.short_months[clock.month - 1]
            if count == 5:
                return lambda clock: language.months[clock.month - 1][0]
            return lambda clock: language.months[clock.month - 1]
        case "d":
            if count <= 2:
                return lambda clock: str(clock.day).zfill(width)
            names = language.short_days if count == 3 else language.days
            return lambda clock: names[clock.weekday]
        case "h":
            return _hour(width, halves)
        case "M":
            return lambda clock: str(clock.seconds // 60 % 60).zfill(width)
        case _:
            return lambda clock: str(clock.seconds % 60).zfill(width)
