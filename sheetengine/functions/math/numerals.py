"""Numbers in other notations: Roman numerals, and digits to any base from 2 to 36."""

from __future__ import annotations

import math
from typing import Final

from sheetengine.coerce import to_number
from sheetengine.functions.context import Context
from sheetengine.functions.library import function
from sheetengine.functions.math.lanes import CATEGORY, SOURCE
from sheetengine.functions.signature import Number, Text, Value
from sheetengine.values import NUM, VALUE, CellError, Scalar

_ROMAN: Final = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_DIGITS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_MOST_EXACT: Final = 2.0**53
_MOST_CHARACTERS: Final = 255


def _tokens(form: int) -> list[tuple[int, str]]:
    """What a form writes in one go, the largest first.

    The classic form takes I, X or C from the next two symbols. Form 1 also takes V and L from the next three (VL, LD), form 2 the
    others from the next four (IL, XD), form 3 V and L from the next five (VD), form 4 I from the next six (ID): the numerals of
    499 in Microsoft Support, ROMAN function.
    """
    symbols = list(_ROMAN)
    tokens = [(value, symbol) for symbol, value in _ROMAN.items()]
    for small, symbol in enumerate(symbols):
        furthest = small + (2 + form // 2 * 2 if symbol in "IXC" else 1 + (form + 1) // 2 * 2)
        for large in range(small + 1, min(furthest, len(symbols) - 1) + 1):
            difference = _ROMAN[symbols[large]] - _ROMAN[symbol]
            if difference > _ROMAN[symbol]:
                tokens.append((difference, symbol + symbols[large]))
    return sorted(tokens, reverse=True)


_FORMS: Final = [_tokens(form) for form in range(5)]


@function(
    "ROMAN", category=CATEGORY, summary="A number as a Roman numeral, classic or more concise.",
    examples={"=ROMAN(499,0)": "CDXCIX", "=ROMAN(499,1)": "LDVLIV", "=ROMAN(499,2)": "XDIX", "=ROMAN(499,3)": "VDIV", "=ROMAN(499,4)": "ID"},
    source=SOURCE.format("ROMAN"),
)  # fmt: skip
def roman(number: Number, form: Value = 0.0, *, context: Context) -> Scalar:
    """From 0 (an empty text) to 3999; the form TRUE is 0, FALSE 4."""
    if isinstance(form, bool):
        form = 0.0 if form else 4.0
    style = to_number(form, context.date1904)
    if isinstance(style, CellError):
        return style
    rest, chosen = math.trunc(number), math.trunc(style)
    if number < 0.0 or rest > 3999 or style < 0.0 or chosen > 4:
        return VALUE
    parts = []
    for value, token in _FORMS[chosen]:
        while rest >= value:
            parts.append(token)
            rest -= value
    return "".join(parts)


@function(
    "ARABIC", category=CATEGORY, summary="The number that a Roman numeral stands for.",
    examples={"=ARABIC(\"LVII\")": 57.0, "=ARABIC(\"-mmxi\")": -2011.0, "=ARABIC(\"\")": 0.0}, source=SOURCE.format("ARABIC"), future="_xlfn.",
)  # fmt: skip
def arabic(text: Text) -> Scalar:
    """Any order of the seven letters is read: a letter before a larger one is subtracted."""
    word = text.strip(" ").upper()
    if len(word) > _MOST_CHARACTERS:
        return VALUE
    negative = word.startswith("-")
    if negative:
        word = word[1:]
        if not word:
            return NUM
    total = before = 0
    for letter in reversed(word):
        value = _ROMAN.get(letter)
        if value is None:
            return CellError("#VALUE!", f"{letter} is no Roman numeral")
        if value < before:
            total -= value
        else:
            total += value
            before = value
    return float(-total if negative else total)


@function(
    "BASE", category=CATEGORY, summary="A number written to a base, with leading zeros up to a length.",
    examples={"=BASE(7,2)": "111", "=BASE(100,16)": "64", "=BASE(15,2,10)": "0000001111"}, source=SOURCE.format("BASE"), future="_xlfn.",
)  # fmt: skip
def to_base(number: Number, radix: Number, min_length: Number = 0.0) -> Scalar:
    if number < 0.0 or number >= _MOST_EXACT or not 2.0 <= math.trunc(radix) <= 36.0 or not 0.0 <= min_length < 256.0:
        return NUM
    rest, base = math.trunc(number), math.trunc(radix)
    digits = []
    while rest:
        rest, digit = divmod(rest, base)
        digits.append(_DIGITS[digit])
    return ("".join(reversed(digits)) or "0").rjust(math.trunc(min_length), "0")


@function(
    "DECIMAL", category=CATEGORY, summary="The number that digits to a base stand for.",
    examples={"=DECIMAL(\"FF\",16)": 255.0, "=DECIMAL(111,2)": 7.0, "=DECIMAL(\"zap\",36)": 45745.0}, source=SOURCE.format("DECIMAL"), future="_xlfn.",
)  # fmt: skip
def from_base(text: Text, radix: Number) -> Scalar:
    base = math.trunc(radix)
    if not 2 <= base <= 36:
        return NUM
    if len(text) > _MOST_CHARACTERS:
        return VALUE
    result = 0
    for letter in text.strip(" ").upper():
        digit = _DIGITS.find(letter)
        if not 0 <= digit < base:
            return CellError("#NUM!", f"{letter} is no digit to base {base}")
        result = result * base + digit
    return float(result)
