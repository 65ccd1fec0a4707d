"""Texts made over: UPPER, LOWER, PROPER, TRIM, CLEAN; characters and their codes; T and PHONETIC."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Any, Final

from sheetengine.functions.context import Context
from sheetengine.functions.library import function
from sheetengine.functions.signature import Integer, Raw, Ref, Text
from sheetengine.functions.text.units import CATEGORY, SOURCE, lanes, lower, mixed, texts, upper
from sheetengine.grid import Grid
from sheetengine.values import NA, VALUE, CellError, Lambda, Reference, Scalar

_EMPTY = CellError("#VALUE!", "the text is empty")
_CODE_PAGE: Final = "cp1252"


def _each(change: Callable[[str], str]) -> Callable[..., Grid]:
    return lambda text: texts([change(value) for value in text.tolist()])


@function(
    "UPPER", category=CATEGORY, summary="A text in capitals.", examples={'=UPPER("total")': "TOTAL", '=UPPER("Yield")': "YIELD"},
    source=SOURCE.format("UPPER"), vector=_each(upper),
)  # fmt: skip
def in_capitals(text: Text) -> Scalar:
    return upper(text)


@function(
    "LOWER", category=CATEGORY, summary="A text in lower case.",
    examples={'=LOWER("E. E. Cummings")': "e. e. cummings", '=LOWER("Apt. 2B")': "apt. 2b"}, source=SOURCE.format("LOWER"), vector=_each(lower),
)  # fmt: skip
def in_lower_case(text: Text) -> Scalar:
    return lower(text)


def _proper(text: str) -> str:
    pieces = []
    inside = False
    for character in lower(text):
        is_letter = character.isalpha()
        pieces.append(upper(character) if is_letter and not inside else character)
        inside = is_letter
    return "".join(pieces)


@function(
    "PROPER", category=CATEGORY, summary="A text with the first letter of each word, and each behind what is no letter, in capitals.",
    examples={'=PROPER("this is a TITLE")': "This Is A Title", '=PROPER("2-way street")': "2-Way Street", '=PROPER("76BudGet")': "76Budget"},
    source=SOURCE.format("PROPER"), vector=_each(_proper),
)  # fmt: skip
def in_proper_case(text: Text) -> Scalar:
    return _proper(text)


def _trim(text: str) -> str:
    """Only the space of ASCII goes: a no-break space stays."""
    if "  " in text:
        return " ".join([word for word in text.split(" ") if word])
    return text.strip(" ")


@function(
    "TRIM", category=CATEGORY, summary="A text without spaces at its ends and with single ones between its words.",
    examples={'=TRIM(" First Quarter Earnings ")': "First Quarter Earnings"}, source=SOURCE.format("TRIM"), vector=_each(_trim),
)  # fmt: skip
def trimmed(text: Text) -> Scalar:
    return _trim(text)


_CONTROLS: Final = dict.fromkeys(range(32))


def _clean(text: str) -> str:
    return text if text.isprintable() else text.translate(_CONTROLS)


@function(
    "CLEAN", category=CATEGORY, summary="A text without the control characters 0 to 31.",
    examples={'=CLEAN(CHAR(9)&"Monthly report"&CHAR(10))': "Monthly report"}, source=SOURCE.format("CLEAN"), vector=_each(_clean),
)  # fmt: skip
def cleaned(text: Text) -> Scalar:
    return _clean(text)


# -- codes ---------------------------------------------------------------------------------------------------------------

_BY_CODE: Final = [bytes([code]).decode(_CODE_PAGE, "ignore") or chr(code) for code in range(256)]
# What Windows writes for characters the code page lacks and that are no letters with accents (Unicode, "bestfit1252.txt").
_NEAR: Final = dict(zip("ΓΘΣΦΩαβδεμπστφ−∕∗√∞≤≥′", "GTSFOaßdeµpstf-/*v8=='", strict=True))
_EXACT: Final = {character: float(code) for code, character in enumerate(_BY_CODE)}
_CODES: Final = _EXACT | {character: _EXACT[near] for character, near in _NEAR.items()}


def _character_of_vector(*values: Any) -> Grid:
    return mixed([character_of(*lane) for lane in lanes(*values)])


@function(
    "CHAR", category=CATEGORY, summary="The character of a code of the Windows-1252 code page.",
    examples={"=CHAR(65)": "A", "=CHAR(33)": "!", "=CHAR(128)": "€"}, source=SOURCE.format("CHAR"),
    vector=_character_of_vector,
)  # fmt: skip
def character_of(number: Integer) -> Scalar:
    return _BY_CODE[number] if 1 <= number <= 255 else CellError("#VALUE!", "codes are 1 to 255")


def _code_of_vector(*values: Any) -> Grid:
    return mixed([code_of(*lane) for lane in lanes(*values)])


@function(
    "CODE", category=CATEGORY, summary="The code of a text's first character in the Windows-1252 code page.",
    examples={'=CODE("A")': 65.0, '=CODE("!")': 33.0, '=CODE("€")': 128.0}, source=SOURCE.format("CODE"),
    vector=_code_of_vector,
)  # fmt: skip
def code_of(text: Text) -> Scalar:
    """What the code page lacks is taken for what comes near it (Ā for A), else for "?", as Windows does."""
    if not text:
        return _EMPTY
    code = _CODES.get(text[0])
    if code is None:
        code = _CODES.get(unicodedata.normalize("NFKD", text[0])[0])
    return _CODES["?"] if code is None else code


@function(
    "UNICHAR", category=CATEGORY, summary="The character of a Unicode number.", examples={"=UNICHAR(66)": "B", "=UNICHAR(32)": " "},
    source=SOURCE.format("UNICHAR"), future="_xlfn.",
)  # fmt: skip
def unicode_character(number: Integer) -> Scalar:
    if not 1 <= number <= 0x10FFFF:
        return CellError("#VALUE!", "Unicode numbers are 1 to 1114111")
    if 0xD800 <= number <= 0xDFFF or number & 0xFFFE == 0xFFFE:
        return CellError("#N/A", "half of a surrogate pair, or no character")
    return chr(number)


@function(
    "UNICODE", category=CATEGORY, summary="The Unicode number of a text's first character.", examples={'=UNICODE(" ")': 32.0, '=UNICODE("B")': 66.0},
    source=SOURCE.format("UNICODE"), future="_xlfn.",
)  # fmt: skip
def unicode_number(text: Text) -> Scalar:
    return float(ord(text[0])) if text else _EMPTY


# -- T and PHONETIC ------------------------------------------------------------------------------------------------------


def _text_only(value: Scalar) -> Scalar:
    return value if isinstance(value, str | CellError) else ""


@function(
    "T", category=CATEGORY, summary="A text as it is, anything else as an empty one.", examples={'=T("Rainfall")': "Rainfall", "=T(19)": "", "=T(TRUE)": ""},
    source=SOURCE.format("T"),
)  # fmt: skip
def text_only(value: Raw, *, context: Context) -> Scalar | Grid:
    """Of a range its first cell, of an array each element."""
    if isinstance(value, Reference):
        area = value.areas[0]
        return _text_only(context.cell(area.sheet, area.top, area.left))
    if isinstance(value, Grid):
        return Grid.from_flat([_text_only(element) for element in value.flat()], value.shape)
    if isinstance(value, Lambda):
        return VALUE
    return _text_only(value if isinstance(value, str | CellError) else None)


@function(
    "PHONETIC", category=CATEGORY, summary="The reading of a cell's text; the text itself where none is stored with it.", examples={},
    source=SOURCE.format("PHONETIC"),
)  # fmt: skip
def phonetic(reference: Ref, *, context: Context) -> Scalar:
    """Of a range its first cell; #N/A where the reference is of several areas."""
    area = reference.area
    if area is None:
        return NA
    return _text_only(context.cell(area.sheet, area.top, area.left))
