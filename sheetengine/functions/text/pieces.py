"""Parts of texts by position: LEFT, RIGHT, MID, LEN, REPLACE, REPT."""

from __future__ import annotations

from typing import Any

import numpy as np

from sheetengine.coerce import MOST_CHARACTERS
from sheetengine.functions.library import function
from sheetengine.functions.signature import Integer, Text
from sheetengine.functions.text.units import CATEGORY, SOURCE, gather, is_wide, lanes, length, mixed, spread, texts
from sheetengine.grid import Grid
from sheetengine.values import CellError, Scalar

_NEGATIVE = CellError("#VALUE!", "the number of characters is negative")
_BEFORE_FIRST = CellError("#VALUE!", "the first character is number 1")
_TOO_LONG = CellError("#VALUE!", f"a text has at most {MOST_CHARACTERS:,} characters")


def first_characters(text: str, count: int) -> str:
    """The first code units of a text."""
    return gather(spread(text)[:count]) if is_wide(text) else text[:count]


def last_characters(text: str, count: int) -> str:
    """The last code units of a text."""
    if count == 0:
        return ""
    return gather(spread(text)[-count:]) if is_wide(text) else text[-count:]


def _left_vector(text: Any, count: Any = 1) -> Grid:
    if isinstance(text, np.ndarray) and not isinstance(count, np.ndarray) and count >= 0:
        return texts([value[:count] if value.isascii() else first_characters(value, count) for value in text.tolist()])
    return mixed([left(*lane) for lane in lanes(text, count)])


@function(
    "LEFT", category=CATEGORY, summary="The first characters of a text.",
    examples={'=LEFT("Sale Price",4)': "Sale", '=LEFT("Sweden")': "S"}, source=SOURCE.format("LEFT"), vector=_left_vector,
)  # fmt: skip
def left(text: Text, num_chars: Integer = 1) -> Scalar:
    return first_characters(text, num_chars) if num_chars >= 0 else _NEGATIVE


def _right_vector(text: Any, count: Any = 1) -> Grid:
    if isinstance(text, np.ndarray) and not isinstance(count, np.ndarray) and count > 0:
        return texts([value[-count:] if value.isascii() else last_characters(value, count) for value in text.tolist()])
    return mixed([right(*lane) for lane in lanes(text, count)])


@function(
    "RIGHT", category=CATEGORY, summary="The last characters of a text.",
    examples={'=RIGHT("Sale Price",5)': "Price", '=RIGHT("Stock Number")': "r"}, source=SOURCE.format("RIGHT"), vector=_right_vector,
)  # fmt: skip
def right(text: Text, num_chars: Integer = 1) -> Scalar:
    return last_characters(text, num_chars) if num_chars >= 0 else _NEGATIVE


def _mid_vector(text: Any, start: Any, count: Any) -> Grid:
    plain = isinstance(text, np.ndarray) and not isinstance(start, np.ndarray) and not isinstance(count, np.ndarray)
    if plain and start >= 1 and count >= 0:
        first, end = start - 1, start - 1 + count
        return texts([value[first:end] if value.isascii() else str(middle(value, start, count)) for value in text.tolist()])
    return mixed([middle(*lane) for lane in lanes(text, start, count)])


@function(
    "MID", category=CATEGORY, summary="Characters from the middle of a text.",
    examples={'=MID("Fluid Flow",1,5)': "Fluid", '=MID("Fluid Flow",7,20)': "Flow", '=MID("Fluid Flow",20,5)': ""},
    source=SOURCE.format("MID, MIDB"), vector=_mid_vector,
)  # fmt: skip
def middle(text: Text, start_num: Integer, num_chars: Integer) -> Scalar:
    if start_num < 1:
        return _BEFORE_FIRST
    if num_chars < 0:
        return _NEGATIVE
    if is_wide(text):
        return gather(spread(text)[start_num - 1 : start_num - 1 + num_chars])
    return text[start_num - 1 : start_num - 1 + num_chars]


def _len_vector(text: Any) -> Any:
    return np.array([len(value) if value.isascii() else length(value) for value in text.tolist()], dtype=np.float64)


@function(
    "LEN", category=CATEGORY, summary="The number of characters of a text, as UTF-16 counts them.",
    examples={'=LEN("Phoenix, AZ")': 11.0, '=LEN("")': 0.0, '=LEN("     One   ")': 11.0}, source=SOURCE.format("LEN"), vector=_len_vector,
)  # fmt: skip
def characters(text: Text) -> Scalar:
    return float(length(text))


def _replaced_vector(*values: Any) -> Grid:
    return mixed([replaced(*lane) for lane in lanes(*values)])


@function(
    "REPLACE", category=CATEGORY, summary="A text with the characters at a position replaced.",
    examples={'=REPLACE("abcdefghijk",6,5,"*")': "abcde*k", '=REPLACE("2009",3,2,"10")': "2010", '=REPLACE("123456",1,3,"@")': "@456"},
    source=SOURCE.format("REPLACE, REPLACEB"), vector=_replaced_vector,
)  # fmt: skip
def replaced(old_text: Text, start_num: Integer, num_chars: Integer, new_text: Text) -> Scalar:
    if start_num < 1:
        return _BEFORE_FIRST
    if num_chars < 0:
        return _NEGATIVE
    old = spread(old_text)
    return gather(old[: start_num - 1] + new_text + old[start_num - 1 + num_chars :])


def _repeated_vector(*values: Any) -> Grid:
    return mixed([repeated(*lane) for lane in lanes(*values)])


@function(
    "REPT", category=CATEGORY, summary="A text a number of times over.",
    examples={'=REPT("*-",3)': "*-*-*-", '=REPT("-",10)': "----------"}, source=SOURCE.format("REPT"),
    vector=_repeated_vector,
)  # fmt: skip
def repeated(text: Text, number_times: Integer) -> Scalar:
    if number_times < 0:
        return CellError("#VALUE!", "the number of times is negative")
    return _TOO_LONG if length(text) * number_times > MOST_CHARACTERS else text * number_times if text else ""
