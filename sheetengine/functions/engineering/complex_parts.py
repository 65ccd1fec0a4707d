"""COMPLEX, the parts of complex numbers, and their sums, products and quotients."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sheetengine.functions.arguments import dereference
from sheetengine.functions.context import Context
from sheetengine.functions.engineering.complex_text import ComplexNumber, one_suffix, read_complex, write_complex
from sheetengine.functions.engineering.toolpak import CATEGORY, SOURCE, toolpak
from sheetengine.functions.library import function
from sheetengine.functions.signature import Number, Raw, Text, Value
from sheetengine.grid import Grid
from sheetengine.values import DIV0, MISSING, NA, NUM, VALUE, CellError, Lambda, Reference, Scalar


@toolpak(
    "COMPLEX",
    "A complex number of its real and imaginary part.",
    {"=COMPLEX(3,4)": "3+4i", '=COMPLEX(3,4,"j")': "3+4j", "=COMPLEX(0,1)": "i", "=COMPLEX(1,0)": "1"},
)
def complex_number(real_num: Number, i_num: Number, suffix: Text = "i") -> Scalar:
    if suffix not in ("i", "j", ""):
        return CellError("#VALUE!", 'the suffix is "i" or "j"')
    return write_complex(real_num, i_num, suffix)


@toolpak("IMREAL", "The real part of a complex number.", {'=IMREAL("6-9i")': 6.0})
def real_part(inumber: Value) -> Scalar:
    number = read_complex(inumber)
    return number if isinstance(number, CellError) else number.real


@toolpak(
    "IMAGINARY", "The imaginary part of a complex number.", {'=IMAGINARY("3+4i")': 4.0, '=IMAGINARY("0-j")': -1.0, "=IMAGINARY(4)": 0.0}
)
def imaginary_part(inumber: Value) -> Scalar:
    number = read_complex(inumber)
    return number if isinstance(number, CellError) else number.imaginary


@toolpak("IMABS", "The distance of a complex number from 0.", {'=IMABS("5+12i")': 13.0})
def magnitude(inumber: Value) -> Scalar:
    number = read_complex(inumber)
    return number if isinstance(number, CellError) else math.hypot(number.real, number.imaginary)


@toolpak("IMARGUMENT", "The angle of a complex number.", {'=IMARGUMENT("3+4i")': 0.9272952180016122})
def argument(inumber: Value) -> Scalar:
    number = read_complex(inumber)
    if isinstance(number, CellError):
        return number
    if number.real == 0.0 and number.imaginary == 0.0:
        return DIV0
    return math.atan2(number.imaginary, number.real)


@toolpak("IMCONJUGATE", "A complex number with its imaginary part negated.", {'=IMCONJUGATE("3+4i")': "3-4i"})
def conjugate(inumber: Value) -> Scalar:
    number = read_complex(inumber)
    return number if isinstance(number, CellError) else write_complex(number.real, -number.imaginary, number.suffix)


def quotient(one: ComplexNumber, two: ComplexNumber) -> tuple[float, float] | CellError:
    """One complex number divided by another."""
    if two.real == 0.0 and two.imaginary == 0.0:
        return NUM
    # Divided by the larger part first, so that no square leaves the range of a double.
    if abs(two.real) >= abs(two.imaginary):
        ratio = two.imaginary / two.real
        below = two.real + two.imaginary * ratio
        return (one.real + one.imaginary * ratio) / below, (one.imaginary - one.real * ratio) / below
    ratio = two.real / two.imaginary
    below = two.imaginary + two.real * ratio
    return (one.real * ratio + one.imaginary) / below, (one.imaginary * ratio - one.real) / below


def _pair(first: Scalar, second: Scalar) -> tuple[ComplexNumber, ComplexNumber, str] | CellError:
    one = read_complex(first)
    if isinstance(one, CellError):
        return one
    two = read_complex(second)
    if isinstance(two, CellError):
        return two
    suffix = one_suffix([one, two])
    return suffix if isinstance(suffix, CellError) else (one, two, suffix)


@toolpak("IMSUB", "One complex number less another.", {'=IMSUB("13+4i","5+3i")': "8+i"})
def difference(inumber1: Value, inumber2: Value) -> Scalar:
    pair = _pair(inumber1, inumber2)
    if isinstance(pair, CellError):
        return pair
    one, two, suffix = pair
    return write_complex(one.real - two.real, one.imaginary - two.imaginary, suffix)


@toolpak("IMDIV", "One complex number divided by another.", {'=IMDIV("-238+240i","10+24i")': "5+12i"})
def divided(inumber1: Value, inumber2: Value) -> Scalar:
    pair = _pair(inumber1, inumber2)
    if isinstance(pair, CellError):
        # Here, unlike in the sums, a mixture of suffixes is #NUM! (Microsoft: IMDIV).
        return NUM if pair.message.startswith("the suffixes") else pair
    one, two, suffix = pair
    found = quotient(one, two)
    return found if isinstance(found, CellError) else write_complex(*found, suffix)


def _all_numbers(arguments: Sequence[object], context: Context) -> tuple[list[ComplexNumber], str] | CellError:
    """All complex numbers of the arguments; blanks of a range do not count, a blank cell alone is 0."""
    numbers: list[ComplexNumber] = []
    for entry in arguments:
        if entry is MISSING:
            return NA
        if isinstance(entry, Reference):
            found = _read(entry, context)
        elif isinstance(entry, Grid):
            found = [value for value in entry.flat() if value is not None]
        elif isinstance(entry, Lambda):
            return VALUE
        else:
            found = [entry]  # type: ignore[list-item]  # a scalar
        if isinstance(found, CellError):
            return found
        for value in found:
            number = read_complex(value)
            if isinstance(number, CellError):
                return number
            numbers.append(number)
    suffix = one_suffix(numbers)
    return suffix if isinstance(suffix, CellError) else (numbers, suffix)


def _read(reference: Reference, context: Context) -> list[Scalar] | CellError:
    if reference.area is None:
        return VALUE
    used = context.used(reference.area)
    if used is None or (reference.area.height == reference.area.width == 1):
        found = dereference(reference, context) if reference.area.height == reference.area.width == 1 else Grid.blank((1, 1))
        return [value for value in found.flat() if value is not None] if isinstance(found, Grid) else [found]  # type: ignore[list-item]
    return [value for value in context.read(used).flat() if value is not None]


@function(
    "IMSUM", category=CATEGORY, summary="The sum of complex numbers.", examples={'=IMSUM("3+4i","5-3i")': "8+i"},
    source=SOURCE.format("IMSUM"),
)  # fmt: skip
def total(inumber: Raw, *inumbers: Raw, context: Context) -> Scalar:
    found = _all_numbers((inumber, *inumbers), context)
    if isinstance(found, CellError):
        return found
    real = imaginary = 0.0
    for number in found[0]:
        real, imaginary = real + number.real, imaginary + number.imaginary
    return write_complex(real, imaginary, found[1])


@function(
    "IMPRODUCT", category=CATEGORY, summary="The product of complex numbers.",
    examples={'=IMPRODUCT("3+4i","5-3i")': "27+11i", '=IMPRODUCT("1+2i",30)': "30+60i"}, source=SOURCE.format("IMPRODUCT"),
)  # fmt: skip
def product(inumber: Raw, *inumbers: Raw, context: Context) -> Scalar:
    found = _all_numbers((inumber, *inumbers), context)
    if isinstance(found, CellError):
        return found
    if not found[0]:
        return "0"
    real, imaginary = 1.0, 0.0
    for number in found[0]:
        real, imaginary = real * number.real - imaginary * number.imaginary, real * number.imaginary + imaginary * number.real
    return write_complex(real, imaginary, found[1])
