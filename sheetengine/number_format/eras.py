"""The eras by which Japanese and Taiwanese dates count their years: `[$-411]ggge`, `[$-404]e`.

In: what stands behind the hyphen of a locale bracket, then a date. Out: its era and the year in it. Dates of other locales have none:
`e` is then the whole year. Source: ISO/IEC 29500-1, 18.8.31 (`e`, `g`); Microsoft, "Number format codes for Japanese dates".
"""

from __future__ import annotations

import string
from typing import Final, NamedTuple


class Era(NamedTuple):
    """A first day and the names, from the shortest on, as `g`, `gg` and `ggg` write them."""

    first: tuple[int, int, int]
    names: tuple[str, str, str]


_JAPANESE: Final = (
    Era((2019, 5, 1), ("R", "令", "令和")),
    Era((1989, 1, 8), ("H", "平", "平成")),
    Era((1926, 12, 25), ("S", "昭", "昭和")),
    Era((1912, 7, 30), ("T", "大", "大正")),
    Era((1868, 1, 25), ("M", "明", "明治")),
)
_TAIWANESE: Final = (Era((1912, 1, 1), ("", "民國", "中華民國")),)
_LOCALES: Final = {0x411: _JAPANESE, 0x404: _TAIWANESE}
_TAGS: Final = {"ja": _JAPANESE, "ja-jp": _JAPANESE, "zh-tw": _TAIWANESE}


def eras_of(tag: str) -> tuple[Era, ...]:
    """The eras of a locale, the latest first.

    >>> len(eras_of("411")), len(eras_of("D404")), eras_of("409")
    (5, 1, ())
    """
    tag = tag.partition(",")[0].strip().lower()
    if tag and all(character in string.hexdigits for character in tag):
        return _LOCALES.get(int(tag, 16) & 0xFFF, ())
    return _TAGS.get(tag, ())


def era_of(eras: tuple[Era, ...], year: int, month: int, day: int) -> Era | None:
    """The era that a day is in."""
    return next((era for era in eras if era.first <= (year, month, day)), None)
