"""The functions that count bytes: LENB, LEFTB, RIGHTB, MIDB, REPLACEB, FINDB, SEARCHB; ASC, DBCS and JIS between the widths.

A character of an East Asian script counts two bytes, as where Excel works in a language with double-byte characters; all others
count one, half-width katakana among them. Half a character that a cut leaves over becomes a space.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

from sheetengine.functions.library import function
from sheetengine.functions.signature import Integer, Text
from sheetengine.functions.text.finding import search_from
from sheetengine.functions.text.units import CATEGORY, NOT_FOUND, SOURCE, lower
from sheetengine.values import CellError, Scalar

_NEGATIVE = CellError("#VALUE!", "the number of bytes is negative")
_BEFORE_FIRST = CellError("#VALUE!", "the first byte is number 1")
_FILLER: Final = "\ue000"
"""Stands for the second byte of a character; it is for private use, so no text that means anything holds it."""


@lru_cache(maxsize=4096)
def _is_double(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


def _bytes_of(text: str) -> str:
    """The text with a filler behind each character of two bytes."""
    if text.isascii():
        return text
    return "".join([character + _FILLER if _is_double(character) else character for character in text])


def _characters_of(piece: str) -> str:
    """A piece cut from bytes as a text again."""
    if piece.isascii():
        return piece
    if piece.startswith(_FILLER):
        piece = " " + piece[1:]
    if piece and _is_double(piece[-1]):
        piece = piece[:-1] + " "
    return piece.replace(_FILLER, "")


@function(
    "LENB", category=CATEGORY, summary="The number of bytes of a text.", examples={'=LENB("Phoenix, AZ")': 11.0, '=LENB("")': 0.0},
    source=SOURCE.format("LENB"),
)  # fmt: skip
def length_in_bytes(text: Text) -> Scalar:
    return float(len(_bytes_of(text)))


@function(
    "LEFTB",
    category=CATEGORY,
    summary="The first bytes of a text.",
    examples={'=LEFTB("Sale Price",4)': "Sale"},
    source=SOURCE.format("LEFTB"),
)
def left_bytes(text: Text, num_bytes: Integer = 1) -> Scalar:
    return _characters_of(_bytes_of(text)[:num_bytes]) if num_bytes >= 0 else _NEGATIVE


@function(
    "RIGHTB",
    category=CATEGORY,
    summary="The last bytes of a text.",
    examples={'=RIGHTB("Sale Price",5)': "Price"},
    source=SOURCE.format("RIGHTB"),
)
def right_bytes(text: Text, num_bytes: Integer = 1) -> Scalar:
    if num_bytes < 0:
        return _NEGATIVE
    return _characters_of(_bytes_of(text)[-num_bytes:]) if num_bytes else ""


@function(
    "MIDB", category=CATEGORY, summary="Bytes from the middle of a text.", examples={'=MIDB("Fluid Flow",7,20)': "Flow"}, source=SOURCE.format("MID, MIDB"),
)  # fmt: skip
def middle_bytes(text: Text, start_num: Integer, num_bytes: Integer) -> Scalar:
    if start_num < 1:
        return _BEFORE_FIRST
    if num_bytes < 0:
        return _NEGATIVE
    return _characters_of(_bytes_of(text)[start_num - 1 : start_num - 1 + num_bytes])


@function(
    "REPLACEB", category=CATEGORY, summary="A text with the bytes at a position replaced.",
    examples={'=REPLACEB("abcdefghijk",6,5,"*")': "abcde*k"}, source=SOURCE.format("REPLACE, REPLACEB"),
)  # fmt: skip
def replaced_bytes(old_text: Text, start_num: Integer, num_bytes: Integer, new_text: Text) -> Scalar:
    if start_num < 1:
        return _BEFORE_FIRST
    if num_bytes < 0:
        return _NEGATIVE
    old = _bytes_of(old_text)
    return _characters_of(old[: start_num - 1]) + new_text + _characters_of(old[start_num - 1 + num_bytes :])


@function(
    "FINDB", category=CATEGORY, summary="The byte at which one text begins inside another, with regard to case.",
    examples={'=FINDB("M","Miriam McGovern",3)': 8.0}, source=SOURCE.format("FIND, FINDB"),
)  # fmt: skip
def found_byte(find_text: Text, within_text: Text, start_num: Integer = 1) -> Scalar:
    within = _bytes_of(within_text)
    if start_num < 1 or start_num > len(within) + 1:
        return NOT_FOUND
    place = within.find(_bytes_of(find_text), start_num - 1)
    return NOT_FOUND if place < 0 else float(place + 1)


@function(
    "SEARCHB", category=CATEGORY, summary="The byte at which one text begins inside another, without regard to case, with wildcards.",
    examples={'=SEARCHB("e","Statements",6)': 7.0}, source=SOURCE.format("SEARCH, SEARCHB"),
)  # fmt: skip
def searched_byte(find_text: Text, within_text: Text, start_num: Integer = 1) -> Scalar:
    """`?` stands for one byte, so it skips characters of two."""
    within = lower(_bytes_of(within_text))
    if start_num < 1 or start_num > max(1, len(within)):
        return NOT_FOUND
    any_one = "." if within.isascii() else f"(?![{_FILLER}])(?!.{_FILLER})."
    place = search_from(_bytes_of(find_text), within, start_num - 1, any_one)
    return NOT_FOUND if place < 0 or not within else float(place + 1)


# -- widths --------------------------------------------------------------------------------------------------------------

_ASCII_FULL: Final = {chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)} | {" ": "\u3000"}
# Excel takes the typographic forms that Japanese typesetting uses for these four.
_TYPOGRAPHIC: Final = {'"': "\u201d", "'": "\u2019", "`": "\u2018", "\\": "\uffe5"}
_KANA_FULL: Final = (
    "。「」、・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン゛゜"
)
_KANA_HALF: Final = "".join(map(chr, range(0xFF61, 0xFFA0)))
_VOICED_HALF: Final = "ｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾊﾋﾌﾍﾎ"
_VOICED_FULL: Final = "ガギグゲゴザジズゼゾダヂヅデドバビブベボ"
_PUFFED_HALF: Final = "ﾊﾋﾌﾍﾎ"
_PUFFED_FULL: Final = "パピプペポ"

_TO_FULL: Final = (
    {half + "ﾞ": full for half, full in zip(_VOICED_HALF, _VOICED_FULL, strict=True)}
    | {half + "ﾟ": full for half, full in zip(_PUFFED_HALF, _PUFFED_FULL, strict=True)}
    | {"ｳﾞ": "ヴ"}
)
_TO_FULL_ONE: Final = str.maketrans(_ASCII_FULL | _TYPOGRAPHIC | dict(zip(_KANA_HALF, _KANA_FULL, strict=True)))
_TO_HALF: Final = str.maketrans(
    {full: half for half, full in (_ASCII_FULL | _TYPOGRAPHIC).items()}
    | {full: half for half, full in _ASCII_FULL.items()}
    | {full: half for half, full in _TO_FULL.items()}
    | dict(zip(_KANA_FULL, _KANA_HALF, strict=True))
)


@function(
    "ASC", category=CATEGORY, summary="Full-width letters and katakana as half-width ones.",
    examples={'=ASC("ＥＸＣＥＬ")': "EXCEL", '=ASC("エクセル")': "ｴｸｾﾙ"}, source=SOURCE.format("ASC"),
)  # fmt: skip
def half_width(text: Text) -> Scalar:
    return text.translate(_TO_HALF)


@function(
    "DBCS", "JIS", category=CATEGORY, summary="Half-width letters and katakana as full-width ones.",
    examples={'=DBCS("EXCEL")': "ＥＸＣＥＬ", '=DBCS("ｴｸｾﾙ")': "エクセル"}, source=SOURCE.format("DBCS"), future="",
)  # fmt: skip
def full_width(text: Text) -> Scalar:
    for half, full in _TO_FULL.items():
        if half[1] in text:
            text = text.replace(half, full)
    return text.translate(_TO_FULL_ONE)
