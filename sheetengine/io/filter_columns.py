"""The conditions of a filter, which count the columns of its range, after columns came, went or changed places.

In: the XML of an `<autoFilter>`, or what holds it; where each of its columns is now. Out: the same with the conditions at their columns.
A condition whose column is gone cannot be kept, and rows stay hidden by it: the caller asks first whether there is one.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from sheetengine.io.markup import ATTRIBUTES

Place = Callable[[int], int | None]
"""A column of the filter's range, counted from 0, to its place now; None where it is gone."""

_COLUMN = re.compile(rb"<((?:\w+:)?)filterColumn\b" + ATTRIBUTES + rb"(?:/>|>.*?</\1filterColumn>)", re.DOTALL)
_RUN = re.compile(rb"(?:" + _COLUMN.pattern + rb"\s*)+", re.DOTALL)
_PLACE = re.compile(rb'(\scolId=")(\d{1,5})"')


def conditions_lost(data: bytes, now: Place) -> bool:
    """Whether a column goes that has conditions; one that merely hides its button has none."""
    return any(now(place) is None and b"</" in element for place, element in _conditions(data))


def moved_conditions(data: bytes, now: Place) -> bytes:
    """The conditions at their columns' places, in order.

    >>> column = b'<filterColumn colId="1"><filters><filter val="x"/></filters></filterColumn>'
    >>> moved_conditions(b'<autoFilter ref="A1:C9">' + column + b"</autoFilter>", {1: 2}.get)[24:48]
    b'<filterColumn colId="2">'
    """

    def run(match: re.Match[bytes]) -> bytes:
        placed = [(moved, element) for place, element in _conditions(match[0]) if (moved := now(place)) is not None]
        return b"".join(_PLACE.sub(b'\\g<1>%d"' % moved, element, count=1) for moved, element in sorted(placed))

    return _RUN.sub(run, data, count=1)


def _conditions(data: bytes) -> list[tuple[int, bytes]]:
    return [(int(place[2]), match[0]) for match in _COLUMN.finditer(data) if (place := _PLACE.search(match[0])) is not None]
