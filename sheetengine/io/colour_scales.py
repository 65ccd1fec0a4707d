"""Cells shaded by their value: the colour scales and data bars of conditional formatting.

In: the XML of a worksheet. Out: for each rule its rectangles, its stops and colours. Kinds of stops that need a formula or a percentile
are left out with their rule: what is shown is then the plain cell, never a wrong colour.
Source: ISO/IEC 29500-1, 18.3.1.16 (colorScale), 18.3.1.28 (dataBar), 18.3.1.11 (cfvo).
"""

from __future__ import annotations

import re
from typing import NamedTuple

from sheetengine.address import Range
from sheetengine.errors import UnknownReference

Colour = tuple[int, int, int]


class Shading(NamedTuple):
    """A rule: where, and from which value (None: the least, or as the last stop the greatest of the cells) to which colour."""

    areas: tuple[Range, ...]
    stops: tuple[float | None, ...]
    colours: tuple[Colour, ...]
    bar: bool = False

    def colour(self, value: float, low: float, high: float) -> Colour:
        """The colour of a value; `low` and `high` are the least and greatest number of the cells.

        >>> Shading((), (0.0, None), ((255, 255, 255), (0, 0, 0))).colour(2.0, 0.0, 4.0)
        (128, 128, 128)
        """
        ends = [low] + [high] * (len(self.stops) - 1)
        stops = [end if stop is None else stop for stop, end in zip(self.stops, ends, strict=True)]
        if value <= stops[0]:
            return self.colours[0]
        for place in range(1, len(stops)):
            if value <= stops[place]:
                share = (value - stops[place - 1]) / (stops[place] - stops[place - 1])
                one, two = self.colours[place - 1], self.colours[place]
                red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, two, strict=True))
                return red, green, blue
        return self.colours[-1]

    def share(self, value: float, low: float, high: float) -> float:
        """How far a data bar reaches, 0 to 1."""
        start = low if self.stops[0] is None else self.stops[0]
        end = high if self.stops[-1] is None else self.stops[-1]
        return min(1.0, max(0.0, (value - start) / (end - start))) if end > start else 0.0


_RULES = re.compile(rb"<conditionalFormatting\b[^>]*\bsqref=\"([^\"]*)\"[^>]*>(.*?)</conditionalFormatting>", re.DOTALL)
_KIND = re.compile(rb"<(colorScale|dataBar)\b[^>]*>(.*?)</\1>", re.DOTALL)
_STOP = re.compile(rb"<cfvo\b([^>]*?)/?>")
_COLOUR = re.compile(rb"<color\b[^>]*\brgb=\"(?:[0-9A-Fa-f]{2})?([0-9A-Fa-f]{6})\"")
_TYPE = re.compile(rb"\btype=\"(\w+)\"")
_VALUE = re.compile(rb"\bval=\"([^\"]*)\"")


def read_shadings(xml: bytes) -> list[Shading]:
    """The colour scales and data bars of a worksheet, in the order of the file."""
    start = xml.rfind(b"</sheetData>")
    found = []
    for places, rules in _RULES.findall(xml, max(start, 0)):
        areas = _areas(places.decode("utf-8", "replace"))
        for kind, inner in _KIND.findall(rules):
            try:
                stops = [_stop(stop) for stop in _STOP.findall(inner)]
            except ValueError:
                continue
            colours = [_rgb(colour) for colour in _COLOUR.findall(inner)]
            bar = kind == b"dataBar"
            fits = len(colours) == 1 and len(stops) == 2 if bar else len(colours) == len(stops) >= 2
            # A middle stop without a number would be the mean or a percentile of all values.
            if areas and fits and None not in stops[1:-1]:
                found.append(Shading(areas, tuple(stops), tuple(colours), bar))
    return found


def _areas(text: str) -> tuple[Range, ...]:
    try:
        return tuple(Range.parse(one) for one in text.split())
    except UnknownReference:
        return ()


def _stop(attributes: bytes) -> float | None:
    """The number of a stop, None for the least or greatest; raises ValueError for other kinds."""
    kind, value = _TYPE.search(attributes), _VALUE.search(attributes)
    match kind[1] if kind else b"":
        case b"min" | b"max" | b"autoMin" | b"autoMax":
            return None
        case b"num" if value:
            return float(value[1])
    raise ValueError("a kind of stop that is not read here")


def _rgb(text: bytes) -> Colour:
    return int(text[:2], 16), int(text[2:4], 16), int(text[4:], 16)
