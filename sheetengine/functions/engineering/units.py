"""The units of CONVERT: kinds, factors to one unit of each kind, which take prefixes.

In: the unit's name as Excel has it, upper and lower case told apart. Source: Microsoft Support, "CONVERT function"; the factors are
the legal definitions (the inch 0.0254 m, the pound 0.45359237 kg, the gallon 231 cubic inches…) and equal those of Excel's
own answers (book CONVERT). Which units take a prefix is from that book too: uk_pt and mph do, though no list of Microsoft says so.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Unit(NamedTuple):
    """A unit: what it measures, its size in the kind's own unit, the power in which a prefix counts (0: takes none)."""

    kind: str
    factor: float
    power: int = 0
    binary: bool = False


_INCH: Final = 0.0254
_FOOT: Final = 0.3048
_YARD: Final = 0.9144
_MILE: Final = 1609.344
_NAUTICAL: Final = 1852.0
_LIGHT_YEAR: Final = 9460730472580800.0
_POINT: Final = _INCH / 72.0
_SURVEY_FOOT: Final = 1200.0 / 3937.0
_POUND: Final = 453.59237
_GRAVITY: Final = 9.80665
_POUND_FORCE: Final = _POUND / 1000.0 * _GRAVITY
_CUBIC_INCH: Final = 1.6387064e-05
_CUBIC_FOOT: Final = 0.028316846592
_GALLON: Final = 231.0 * _CUBIC_INCH
_IMPERIAL_GALLON: Final = 0.00454609
_FOOT_POUND: Final = _FOOT * _POUND_FORCE
_HORSEPOWER: Final = 550.0 * _FOOT_POUND

UNITS: Final[dict[str, Unit]] = {}


def _add(kind: str, names: str, factor: float, power: int = 0, binary: bool = False) -> None:
    for name in names.split():
        UNITS[name] = Unit(kind, factor, power, binary)


_add("mass", "g", 1.0, 1)
_add("mass", "sg", _POUND_FORCE / _FOOT * 1000.0)
_add("mass", "lbm", _POUND)
_add("mass", "u", 1.660538782e-24, 1)
_add("mass", "ozm", _POUND / 16.0)
_add("mass", "grain", _POUND / 7000.0)
_add("mass", "cwt shweight", _POUND * 100.0)
_add("mass", "uk_cwt lcwt hweight", _POUND * 112.0)
_add("mass", "stone", _POUND * 14.0)
_add("mass", "ton", _POUND * 2000.0)
_add("mass", "uk_ton LTON brton", _POUND * 2240.0)

_add("distance", "m", 1.0, 1)
_add("distance", "mi", _MILE)
_add("distance", "Nmi", _NAUTICAL)
_add("distance", "in", _INCH)
_add("distance", "ft", _FOOT)
_add("distance", "yd", _YARD)
_add("distance", "ang", 1e-10, 1)
_add("distance", "ell", 45.0 * _INCH)
_add("distance", "ly", _LIGHT_YEAR, 1)
_add("distance", "parsec pc", 3.0856775812815532e16, 1)
_add("distance", "Picapt Pica", _POINT)
_add("distance", "pica", _INCH / 6.0)
_add("distance", "survey_mi", 5280.0 * _SURVEY_FOOT)

_add("time", "yr", 31557600.0)
_add("time", "day d", 86400.0)
_add("time", "hr", 3600.0)
_add("time", "mn min", 60.0)
_add("time", "sec s", 1.0, 1)

_add("pressure", "Pa p", 1.0, 1)
_add("pressure", "atm at", 101325.0, 1)
_add("pressure", "mmHg", 133.322, 1)
_add("pressure", "psi", _POUND_FORCE / (_INCH * _INCH))
_add("pressure", "Torr", 101325.0 / 760.0)

_add("force", "N", 1.0, 1)
_add("force", "dyn dy", 1e-05, 1)
_add("force", "lbf", _POUND_FORCE)
_add("force", "pond", _GRAVITY / 1000.0, 1)

_add("energy", "J", 1.0, 1)
_add("energy", "e", 1e-07, 1)
_add("energy", "c", 4.184, 1)
_add("energy", "cal", 4.1868, 1)
_add("energy", "eV ev", 1.602176487e-19, 1)
_add("energy", "HPh hh", _HORSEPOWER * 3600.0)
_add("energy", "Wh wh", 3600.0, 1)
_add("energy", "flb", _FOOT_POUND)
_add("energy", "BTU btu", 1055.05585262)

_add("power", "HP h", _HORSEPOWER)
_add("power", "PS", 75.0 * _GRAVITY)
_add("power", "W w", 1.0, 1)

_add("magnetism", "T", 1.0, 1)
_add("magnetism", "ga", 1e-04, 1)

_add("temperature", "C cel F fah Rank Reau", 1.0)
_add("temperature", "K kel", 1.0, 1)

_add("volume", "tsp", _GALLON / 768.0)
_add("volume", "tspm", 5e-06)
_add("volume", "tbs", _GALLON / 256.0)
_add("volume", "oz", _GALLON / 128.0)
_add("volume", "cup", _GALLON / 16.0)
_add("volume", "pt us_pt", _GALLON / 8.0)
_add("volume", "uk_pt", _IMPERIAL_GALLON / 8.0, 1)
_add("volume", "qt", _GALLON / 4.0)
_add("volume", "uk_qt", _IMPERIAL_GALLON / 4.0)
_add("volume", "gal", _GALLON)
_add("volume", "uk_gal", _IMPERIAL_GALLON)
_add("volume", "l L lt", 0.001, 1)
_add("volume", "ang3 ang^3", 1e-30, 3)
_add("volume", "barrel", 42.0 * _GALLON)
_add("volume", "bushel", 2150.42 * _CUBIC_INCH)
_add("volume", "ft3 ft^3", _CUBIC_FOOT)
_add("volume", "in3 in^3", _CUBIC_INCH)
_add("volume", "ly3 ly^3", _LIGHT_YEAR**3)
_add("volume", "m3 m^3", 1.0, 3)
_add("volume", "mi3 mi^3", _MILE**3)
_add("volume", "yd3 yd^3", _YARD**3)
_add("volume", "Nmi3 Nmi^3", _NAUTICAL**3)
_add("volume", "Picapt3 Picapt^3 Pica3 Pica^3", _POINT**3)
_add("volume", "GRT regton", 100.0 * _CUBIC_FOOT)
_add("volume", "MTON", 40.0 * _CUBIC_FOOT)

_add("area", "uk_acre", 4840.0 * _YARD * _YARD)
_add("area", "us_acre", 43560.0 * _SURVEY_FOOT * _SURVEY_FOOT)
_add("area", "ang2 ang^2", 1e-20, 2)
_add("area", "ar", 100.0, 1)
_add("area", "ft2 ft^2", 0.09290304)
_add("area", "ha", 10000.0)
_add("area", "in2 in^2", 0.00064516)
_add("area", "ly2 ly^2", _LIGHT_YEAR**2)
_add("area", "m2 m^2", 1.0, 2)
_add("area", "Morgen", 2500.0)
_add("area", "mi2 mi^2", 2589988.110336)
_add("area", "Nmi2 Nmi^2", _NAUTICAL**2)
_add("area", "Picapt2 Pica2 Pica^2 Picapt^2", _POINT**2)
_add("area", "yd2 yd^2", 0.83612736)

_add("information", "bit", 1.0, 1, binary=True)
_add("information", "byte", 8.0, 1, binary=True)

_add("speed", "admkn", 6080.0 * _FOOT / 3600.0)
_add("speed", "kn", _NAUTICAL / 3600.0)
_add("speed", "m/h m/hr", 1.0 / 3600.0, 1)
_add("speed", "m/s m/sec", 1.0, 1)
_add("speed", "mph", _MILE / 3600.0, 1)

PREFIXES: Final = {
    "Y": 1e24, "Z": 1e21, "E": 1e18, "P": 1e15, "T": 1e12, "G": 1e9, "M": 1e6, "k": 1e3, "h": 1e2, "da": 1e1, "e": 1e1, "d": 1e-1,
    "c": 1e-2, "m": 1e-3, "u": 1e-6, "n": 1e-9, "p": 1e-12, "f": 1e-15, "a": 1e-18, "z": 1e-21, "y": 1e-24,
}  # fmt: skip
BINARY_PREFIXES: Final = {
    "Yi": 2.0**80, "Zi": 2.0**70, "Ei": 2.0**60, "Pi": 2.0**50, "Ti": 2.0**40, "Gi": 2.0**30, "Mi": 2.0**20, "ki": 2.0**10,
}  # fmt: skip


def find_unit(name: str) -> tuple[str, str, float] | None:
    """The kind, the plain name and the factor of a unit with or without a prefix, or None.

    >>> find_unit("km"), find_unit("kibyte"), find_unit("kmi")
    (('distance', 'm', 1000.0), ('information', 'byte', 8192.0), None)
    """
    unit = UNITS.get(name)
    if unit is not None:
        return unit.kind, name, unit.factor
    for length in (2, 1):
        unit = UNITS.get(name[length:])
        if unit is None:
            continue
        if unit.binary and name[:length] in BINARY_PREFIXES:
            return unit.kind, name[length:], unit.factor * BINARY_PREFIXES[name[:length]]
        if unit.power and name[:length] in PREFIXES:
            return unit.kind, name[length:], unit.factor * PREFIXES[name[:length]] ** unit.power
    return None
