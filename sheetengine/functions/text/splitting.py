"""Texts taken apart at delimiters: TEXTSPLIT, TEXTBEFORE, TEXTAFTER."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import repeat
from typing import Any

import numpy as np

from sheetengine.functions.context import Context
from sheetengine.functions.library import function
from sheetengine.functions.signature import Any as AnyValue, Boolean, Number, Raw, Text
from sheetengine.functions.text.units import CATEGORY, SOURCE, delimiters_of, lower
from sheetengine.grid import Grid
from sheetengine.values import MISSING, NA, CellError, Scalar

_NO_DELIMITER = CellError("#VALUE!", "a delimiter is empty")
_NO_MODE = CellError("#VALUE!", "the mode is 0 or 1")


@lru_cache(maxsize=1024)
def _finder(delimiters: tuple[str, ...], ignore_case: bool) -> re.Pattern[str]:
    """Any of the delimiters; of those that begin at one place the longest counts."""
    chosen = sorted({lower(text) if ignore_case else text for text in delimiters}, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, chosen)))


def _spans(text: str, delimiters: Sequence[str], ignore_case: bool) -> list[tuple[int, int]]:
    """Where the delimiters stand, in order, without overlap."""
    return [match.span() for match in _finder(tuple(delimiters), ignore_case).finditer(lower(text) if ignore_case else text)]


def _split(text: str, delimiters: Sequence[str], ignore_case: bool, ignore_empty: bool) -> list[str]:
    pieces = []
    start = 0
    for begin, end in _spans(text, delimiters, ignore_case):
        pieces.append(text[start:begin])
        start = end
    pieces.append(text[start:])
    return [piece for piece in pieces if piece] if ignore_empty else pieces


def _delimiters(argument: object, context: Context) -> list[str] | CellError:
    """An argument left off takes nothing apart, an empty text or an empty cell is no delimiter."""
    if argument is MISSING:
        return []
    found = delimiters_of(argument, context)
    return _NO_DELIMITER if not isinstance(found, CellError) and "" in found else found


@function(
    "TEXTSPLIT", category=CATEGORY, summary="A text taken apart into columns and rows at delimiters.",
    examples={'=TEXTSPLIT("1,2;3",",",";")': [["1", "2"], ["3", NA]], '=TEXTSPLIT("Dakota Lennon Sanchez"," ")': [["Dakota", "Lennon", "Sanchez"]]},
    source=SOURCE.format("TEXTSPLIT"), future="_xlfn.",
)  # fmt: skip
def text_split(
    text: Text, col_delimiter: Raw, row_delimiter: Raw = MISSING, ignore_empty: Boolean = False, match_mode: Number = 0.0,
    pad_with: AnyValue | None = None, *, context: Context,
) -> Scalar | Grid:  # fmt: skip
    """Rows are taken apart first; short ones are padded, with #N/A where nothing else is given."""
    columns, rows = _delimiters(col_delimiter, context), _delimiters(row_delimiter, context)
    if isinstance(columns, CellError):
        return columns
    if isinstance(rows, CellError):
        return rows
    if not columns and not rows:
        return _NO_DELIMITER
    mode = int(match_mode)
    if mode not in (0, 1):
        return _NO_MODE
    lines = _split(text, rows, mode == 1, ignore_empty) if rows else [text]
    table = [_split(line, columns, mode == 1, ignore_empty) if columns else [line] for line in lines]
    width = max(map(len, table), default=0)
    if width == 0:
        return CellError("#CALC!", "nothing is left of the text")
    padding: Scalar = NA if pad_with is None else pad_with
    return Grid.from_rows([[*line, *[padding] * (width - len(line))] for line in table])


def _place(
    text: str, delimiters: Sequence[str], instance: float | None, mode: float, match_end: float
) -> tuple[int, int] | CellError | None:
    """Where the wanted delimiter stands; None where it does not.

    An instance that is given must fit into the text as often as it says, or the answer is #VALUE!, found or not; fractions are cut
    off downwards, -1.2 to -2 (both from the book TEXTBEFORE_TEXTAFTER).
    """
    if math.floor(mode) not in (0, 1) or math.floor(match_end) not in (0, 1):
        return _NO_MODE
    number = 1 if instance is None else math.floor(instance)
    if number == 0:
        return CellError("#VALUE!", "the instance is not 0")
    if instance is not None and abs(number) * max(1, min(map(len, delimiters), default=1)) > len(text):
        return CellError("#VALUE!", "the text is too short for this instance")
    if "" in delimiters:
        # An empty delimiter stands before the first character, or behind the last one counted from the end.
        return (0, 0) if number > 0 else (len(text), len(text))
    spans = _spans(text, delimiters, math.floor(mode) == 1)
    if math.floor(match_end) == 1:
        spans = [*spans, (len(text), len(text))] if number > 0 else [(0, 0), *spans]
    index = number - 1 if number > 0 else number
    return spans[index] if -len(spans) <= index < len(spans) else None


def _found(
    text: str, delimiters: Sequence[str], instance: float | None, mode: float, match_end: float, missing: Scalar
) -> tuple[int, int] | Scalar:
    place = _place(text, delimiters, instance, mode, match_end)
    if place is None:
        # A blank cell given for it is an empty text, not 0.
        return "" if missing is None else missing
    return place


def _before(text: str, place: tuple[int, int]) -> str:
    return text[: place[0]]


def _behind(text: str, place: tuple[int, int]) -> str:
    return text[place[1] :]


def _vector(cut: Callable[[str, tuple[int, int]], str]) -> Callable[..., Grid]:
    """The vector form of TEXTBEFORE or TEXTAFTER: its delimiters are read once for all texts."""

    def vector(
        text: Any, delimiter: object, instance: Any = None, mode: Any = 0.0, match_end: Any = 0.0, missing: Any = NA, *, context: Context
    ) -> Grid:
        arguments = (text, instance, mode, match_end, missing)
        lengths = [len(lane) if isinstance(lane, np.ndarray) else lane.size for lane in arguments if isinstance(lane, np.ndarray | Grid)]
        delimiters = delimiters_of(delimiter, context)
        if isinstance(delimiters, CellError):
            return Grid.full((lengths[0],), delimiters)
        columns = [
            lane.tolist() if isinstance(lane, np.ndarray) else lane.flat() if isinstance(lane, Grid) else repeat(lane, lengths[0])
            for lane in arguments
        ]
        answers: list[Scalar] = []
        for one, number, how, end, instead in zip(*columns, strict=True):
            place = _found(one, delimiters, number, how, end, instead)
            answers.append(cut(one, place) if isinstance(place, tuple) else place)
        return Grid.from_flat(answers, (len(answers),))

    return vector


@function(
    "TEXTBEFORE", category=CATEGORY, summary="What stands before a delimiter.",
    examples={
        '=TEXTBEFORE("Little Red Riding Hood\'s red hood","Red")': "Little ", '=TEXTBEFORE("Little red Riding Hood\'s red hood","red",2)': "Little red Riding Hood's ",
        '=TEXTBEFORE("Little Red Riding Hood\'s red hood","red",-2,1)': "Little ", '=TEXTBEFORE("abc","x")': NA,
    },
    source=SOURCE.format("TEXTBEFORE"), future="_xlfn.", vector=_vector(_before),
)  # fmt: skip
def text_before(
    text: Text, delimiter: Raw, instance_num: Number | None = None, match_mode: Number = 0.0, match_end: Number = 0.0, if_not_found: AnyValue = NA, *,
    context: Context,
) -> Scalar:  # fmt: skip
    delimiters = delimiters_of(delimiter, context)
    if isinstance(delimiters, CellError):
        return delimiters
    place = _found(text, delimiters, instance_num, match_mode, match_end, if_not_found)
    return _before(text, place) if isinstance(place, tuple) else place


@function(
    "TEXTAFTER", category=CATEGORY, summary="What stands behind a delimiter.",
    examples={
        '=TEXTAFTER("Little Red Riding Hood\'s red hood","Red")': " Riding Hood's red hood", '=TEXTAFTER("Little red Riding Hood\'s red hood","hood")': "",
        '=TEXTAFTER("Red riding hood\'s red riding hood","basket")': NA,
    },
    source=SOURCE.format("TEXTAFTER"), future="_xlfn.", vector=_vector(_behind),
)  # fmt: skip
def text_after(
    text: Text, delimiter: Raw, instance_num: Number | None = None, match_mode: Number = 0.0, match_end: Number = 0.0, if_not_found: AnyValue = NA, *,
    context: Context,
) -> Scalar:  # fmt: skip
    delimiters = delimiters_of(delimiter, context)
    if isinstance(delimiters, CellError):
        return delimiters
    place = _found(text, delimiters, instance_num, match_mode, match_end, if_not_found)
    return _behind(text, place) if isinstance(place, tuple) else place
