"""CONVERT, from one unit of measurement to another."""

from __future__ import annotations

from sheetengine.functions.engineering.toolpak import toolpak
from sheetengine.functions.engineering.units import find_unit
from sheetengine.functions.signature import Number, Text
from sheetengine.values import CellError, Scalar

_ZERO_CELSIUS = 273.15


def _kelvin(number: float, unit: str, factor: float) -> float:
    if unit in ("C", "cel"):
        return number + _ZERO_CELSIUS
    if unit in ("F", "fah"):
        return (number - 32.0) / 1.8 + _ZERO_CELSIUS
    if unit == "Rank":
        return number / 1.8
    if unit == "Reau":
        return number * 1.25 + _ZERO_CELSIUS
    return number * factor


def _from_kelvin(kelvin: float, unit: str, factor: float) -> float:
    if unit in ("C", "cel"):
        return kelvin - _ZERO_CELSIUS
    if unit in ("F", "fah"):
        return (kelvin - _ZERO_CELSIUS) * 1.8 + 32.0
    if unit == "Rank":
        return kelvin * 1.8
    if unit == "Reau":
        return (kelvin - _ZERO_CELSIUS) * 0.8
    return kelvin / factor


def _celsius_or_fahrenheit(number: float, source: str, target: str) -> float | None:
    """Between the two everyday scales without the way over absolute zero, which costs digits."""
    one, two = source in ("C", "cel"), target in ("C", "cel")
    if one and target in ("F", "fah"):
        return number * 1.8 + 32.0
    if two and source in ("F", "fah"):
        return (number - 32.0) / 1.8
    return None


@toolpak(
    "CONVERT",
    "A number of one unit of measurement in another.",
    {
        '=CONVERT(1,"lbm","kg")': 0.45359237,
        '=CONVERT(68,"F","C")': 20.0,
        '=CONVERT(2.5,"ft","sec")': CellError("#N/A"),
        '=CONVERT(CONVERT(100,"ft","m"),"ft","m")': 9.290304,
    },
)
def convert(number: Number, from_unit: Text, to_unit: Text) -> Scalar:
    source, target = find_unit(from_unit), find_unit(to_unit)
    if source is None or target is None:
        wrong = from_unit if source is None else to_unit
        return CellError("#N/A", f"there is no unit {wrong!r} (upper and lower case differ)")
    if source[0] != target[0]:
        return CellError("#N/A", f"{from_unit} measures {source[0]}, {to_unit} {target[0]}")
    if source[1:] == target[1:]:
        return number
    if source[0] != "temperature":
        return number * source[2] / target[2]
    direct = _celsius_or_fahrenheit(number, source[1], target[1])
    return _from_kelvin(_kelvin(number, source[1], source[2]), target[1], target[2]) if direct is None else direct
