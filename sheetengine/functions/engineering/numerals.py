"""Binary, octal, decimal and hexadecimal numerals of ten digits in two's complement.

In: a numeral as text or number, the number of places; out: a numeral as text, or its number.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sheetengine.coerce import to_number
from sheetengine.functions.engineering.toolpak import toolpak
from sheetengine.functions.signature import Number, Text, Value
from sheetengine.values import NUM, CellError, Scalar

_DIGITS: Final = "0123456789ABCDEF"
_MOST_DIGITS: Final = 10
_BASES: Final = {"BIN": 2, "OCT": 8, "HEX": 16}


def read_numeral(text: str, base: int) -> int | CellError:
    """The number of a numeral; one of ten digits whose first bit is set is negative.

    >>> read_numeral("1111111111", 2), read_numeral("fffffffff", 16)
    (-1, 68719476735)
    """
    text = text.upper()
    if len(text) > _MOST_DIGITS or any(character not in _DIGITS[:base] for character in text):
        return NUM
    number = int(text, base) if text else 0
    whole = base**_MOST_DIGITS
    return number - whole if number >= whole // 2 else number


def write_numeral(number: int, base: int, places: float | None) -> str | CellError:
    """The numeral of a number, filled with zeros to the places; a negative number takes ten digits whatever the places.

    >>> write_numeral(9, 2, 6.0), write_numeral(-1, 16, 2.0)
    ('001001', 'FFFFFFFFFF')
    """
    whole = base**_MOST_DIGITS
    if not -(whole // 2) <= number < whole // 2:
        return NUM
    if places is not None and not 1.0 <= places < _MOST_DIGITS + 1.0:
        return NUM
    rest = number % whole
    text = ""
    while rest:
        rest, digit = divmod(rest, base)
        text = _DIGITS[digit] + text
    text = text or "0"
    if number < 0 or places is None:
        return text
    return text.rjust(int(places), "0") if len(text) <= int(places) else NUM


def _declare(source: str, target: str, examples: Mapping[str, Scalar | list[list[Scalar]]], words: tuple[str, str]) -> None:
    base, other = _BASES[source], _BASES[target]

    def converted(number: Text, places: Number | None = None) -> Scalar:
        value = read_numeral(number, base)
        return value if isinstance(value, CellError) else write_numeral(value, other, places)

    toolpak(f"{source}2{target}", f"A {words[0]} numeral as a {words[1]} one.", examples)(converted)


_declare("BIN", "OCT", {"=BIN2OCT(1001,3)": "011", "=BIN2OCT(1111111111)": "7777777777"}, ("binary", "octal"))
_declare("BIN", "HEX", {"=BIN2HEX(11111011,4)": "00FB", "=BIN2HEX(1111111111)": "FFFFFFFFFF"}, ("binary", "hexadecimal"))
_declare("OCT", "BIN", {"=OCT2BIN(3,3)": "011", "=OCT2BIN(7777777000)": "1000000000"}, ("octal", "binary"))
_declare("OCT", "HEX", {"=OCT2HEX(100,4)": "0040", "=OCT2HEX(7777777533)": "FFFFFFFF5B"}, ("octal", "hexadecimal"))
_declare("HEX", "BIN", {'=HEX2BIN("F",8)': "00001111", '=HEX2BIN("FFFFFFFFFF")': "1111111111"}, ("hexadecimal", "binary"))
_declare("HEX", "OCT", {'=HEX2OCT("F",3)': "017", '=HEX2OCT("FFFFFFFF00")': "7777777400"}, ("hexadecimal", "octal"))


def _declare_reader(source: str, examples: Mapping[str, Scalar | list[list[Scalar]]], word: str) -> None:
    base = _BASES[source]

    def read(number: Text) -> Scalar:
        return read_numeral(number, base)

    toolpak(f"{source}2DEC", f"The number of a {word} numeral.", examples)(read)


_declare_reader("BIN", {"=BIN2DEC(1100100)": 100.0, "=BIN2DEC(1111111111)": -1.0}, "binary")
_declare_reader("OCT", {"=OCT2DEC(54)": 44.0, "=OCT2DEC(7777777533)": -165.0}, "octal")
_declare_reader("HEX", {'=HEX2DEC("A5")': 165.0, '=HEX2DEC("FFFFFFFF5B")': -165.0}, "hexadecimal")


def _declare_writer(target: str, examples: Mapping[str, Scalar | list[list[Scalar]]], word: str) -> None:
    base = _BASES[target]

    def written(number: Value, places: Number | None = None) -> Scalar:
        # The places are judged before the number: =DEC2BIN("E",11) is #NUM! (book saved by Excel: BASES).
        if places is not None and not 1.0 <= places < _MOST_DIGITS + 1.0:
            return NUM
        value = to_number(number)
        return value if isinstance(value, CellError) else write_numeral(int(value), base, places)

    toolpak(f"DEC2{target}", f"The {word} numeral of a number cut to a whole one.", examples)(written)


_declare_writer("BIN", {"=DEC2BIN(9,4)": "1001", "=DEC2BIN(-100)": "1110011100"}, "binary")
_declare_writer("OCT", {"=DEC2OCT(58,3)": "072", "=DEC2OCT(-100)": "7777777634"}, "octal")
_declare_writer("HEX", {"=DEC2HEX(100,4)": "0064", "=DEC2HEX(-54)": "FFFFFFFFCA"}, "hexadecimal")
