"""Texts of many values: CONCAT, CONCATENATE, TEXTJOIN, VALUETOTEXT, ARRAYTOTEXT."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from sheetengine.coerce import MOST_CHARACTERS, Errors, first_errors, plane_texts, to_text
from sheetengine.functions.context import Context
from sheetengine.functions.library import function
from sheetengine.functions.signature import Any as AnyValue, Array, Boolean, Number, Raw, Text
from sheetengine.functions.text.units import CATEGORY, SOURCE, delimiters_of, fitting, gather, lanes, length, mixed, scalars_of
from sheetengine.grid import ERROR, TEXT, Grid
from sheetengine.number_text import general_text
from sheetengine.tails import Tailed
from sheetengine.values import VALUE, CellError, Lambda, Reference, Scalar

_MOST_JOINED: Final = 4096
"""Texts of one argument and member that a block joins at once; more go member by member."""
_TOO_LONG = CellError("#VALUE!", f"a text has at most {MOST_CHARACTERS:,} characters")
_NO_FORMAT = CellError("#VALUE!", "the format is 0 (concise) or 1 (strict)")


def _concatenated_vector(*values: Any) -> Grid:
    return mixed([concatenated(*lane) for lane in lanes(*values)])


@function(
    "CONCATENATE", category=CATEGORY, summary="Texts one behind the other; arrays element by element.",
    examples={'=CONCATENATE("Stream population for ","brook trout"," is ",32,"/mile")': "Stream population for brook trout is 32/mile"},
    source=SOURCE.format("CONCATENATE"), vector=_concatenated_vector,
)  # fmt: skip
def concatenated(text1: Text, *texts: Text) -> Scalar:
    return fitting(gather("".join((text1, *texts))))


def _pieces_of(texts: Sequence[Grid]) -> tuple[list[list[str]], Errors | None] | None:
    """The texts that each member joins, row by row and argument by argument, and the first error of each; None where they are too many."""
    members = max(grid.shape[0] for grid in texts)
    pieces: list[list[str]] = []
    errors: Errors | None = None
    for grid in texts:
        width = grid.shape[1] * grid.shape[2]
        if width > _MOST_JOINED or isinstance(grid, Tailed):
            return None
        plane, wrong = plane_texts(grid)
        rows = plane.reshape((grid.shape[0], width)).tolist()
        if len(rows) < members:
            rows = rows * members
        pieces = [one + other for one, other in zip(pieces, rows, strict=True)] if pieces else rows
        if wrong is not None:
            ids = wrong.reshape((grid.shape[0], width))
            own = np.take_along_axis(ids, np.argmax(ids >= 0, axis=1)[:, None], axis=1)[:, 0]
            errors = first_errors(errors, np.broadcast_to(own, (members,)))
    return pieces, errors


def _joined(pieces: list[list[str]], delimiters: Sequence[str], errors: Errors | None) -> Grid | None:
    """What each member's texts make; None where one is too long."""
    texts = [delimiter.join(row) for delimiter, row in zip(delimiters, pieces, strict=True)]
    if max(map(len, texts)) * 2 > MOST_CHARACTERS:
        return None
    grid = Grid.from_texts([gather(text) for text in texts], (len(texts),))
    if errors is None:
        return grid
    wrong = errors >= 0
    plane = grid.text_plane()
    plane[wrong] = None
    return Grid(np.where(wrong, errors, 0.0), np.where(wrong, np.uint8(ERROR), np.uint8(TEXT)), plane)


def _concat_batch(*texts: Grid) -> Grid | None:
    found = _pieces_of(texts)
    return None if found is None else _joined(found[0], [""] * len(found[0]), found[1])


def _text_join_batch(delimiter: Grid, ignore_empty: Grid, *texts: Grid) -> Grid | None:
    """For single delimiters and one truth value or number that all members share; an argument left empty the body tells from a blank cell."""
    shared = ignore_empty.item(0, 0, 0) if ignore_empty.size == 1 else None
    if not isinstance(shared, bool | float) or delimiter.shape[1:] != (1, 1):
        return None
    found = _pieces_of((Grid.blank((delimiter.shape[0], 1, 1)), *texts))
    delimiters, wrong = plane_texts(delimiter)
    if found is None or wrong is not None:
        return None
    pieces, errors = found
    # The first piece only says how many members there are.
    rows = [list(filter(None, row)) for row in pieces] if shared else [row[1:] for row in pieces]
    between = delimiters.reshape(-1).tolist()
    return _joined(rows, between if len(between) == len(rows) else between * len(rows), errors)


@function(
    "CONCAT", category=CATEGORY, summary="All values of ranges, arrays and texts one behind the other.",
    examples={'=CONCAT("The"," ","sun"," ","will")': "The sun will", '=CONCAT(0,{1,2,3;5,6,7})': "0123567"}, source=SOURCE.format("CONCAT"), future="_xlfn.",
    batch=_concat_batch, any_value=True,
)  # fmt: skip
def concat(text1: Raw, *texts: Raw, context: Context) -> Scalar:
    pieces: list[str] = []
    size = 0
    for argument in (text1, *texts):
        for value in scalars_of(argument, context, blanks=False):
            text = to_text(value)
            if isinstance(text, CellError):
                return text
            size += len(text)
            # Errors further on outrank a text that is too long, so what is over is counted, not kept.
            if text and size <= MOST_CHARACTERS:
                pieces.append(text)
    return _TOO_LONG if size > MOST_CHARACTERS else fitting(gather("".join(pieces)))


@function(
    "TEXTJOIN", category=CATEGORY, summary="All values of ranges, arrays and texts with delimiters between them.",
    examples={'=TEXTJOIN(" ",TRUE,"The","sun","will","come","up","tomorrow.")': "The sun will come up tomorrow.", '=TEXTJOIN(",",FALSE,"a","","b")': "a,,b"},
    source=SOURCE.format("TEXTJOIN"), future="_xlfn.", batch=_text_join_batch, any_value=True,
)  # fmt: skip
def text_join(delimiter: Raw, ignore_empty: Boolean | None, text1: Raw, *texts: Raw, context: Context) -> Scalar:
    """Delimiters of an array are taken in turn; an empty second argument means TRUE."""
    delimiters = delimiters_of(delimiter, context)
    if isinstance(delimiters, CellError):
        return delimiters
    ignore = ignore_empty is None or ignore_empty
    shortest = min(map(length, delimiters), default=0)
    pieces: list[str] = []
    size = count = 0
    for argument in (text1, *texts):
        if (
            not ignore
            and isinstance(argument, Reference)
            and sum(area.height * area.width for area in argument.areas) * shortest > 2 * MOST_CHARACTERS
        ):
            return next((value for value in scalars_of(argument, context, blanks=False) if isinstance(value, CellError)), _TOO_LONG)
        for value in scalars_of(argument, context, blanks=not ignore and any(delimiters)):
            text = to_text(value)
            if isinstance(text, CellError):
                return text
            if ignore and not text:
                continue
            if count and delimiters:
                between = delimiters[(count - 1) % len(delimiters)]
                size += len(between)
                pieces.append(between)
            count += 1
            size += len(text)
            if size <= MOST_CHARACTERS:
                pieces.append(text)
            else:
                pieces.clear()
    return _TOO_LONG if size > MOST_CHARACTERS else fitting(gather("".join(pieces)))


# -- values as texts -----------------------------------------------------------------------------------------------------


def _written(value: Scalar, strict: bool) -> str:
    if isinstance(value, str):
        return '"' + value.replace('"', '""') + '"' if strict else value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return str(value) if isinstance(value, CellError) else general_text(value)


@function(
    "VALUETOTEXT", category=CATEGORY, summary="A value as a text, as shown (0) or as a formula would write it (1).",
    examples={'=VALUETOTEXT("Hello")': "Hello", '=VALUETOTEXT("Hello",1)': '"Hello"', "=VALUETOTEXT(TRUE)": "TRUE", "=VALUETOTEXT(1234.01234,0)": "1234.01234"},
    source=SOURCE.format("VALUETOTEXT"), future="_xlfn.", vector=lambda *values: _value_vector(*values),
)  # fmt: skip
def value_to_text(value: AnyValue, format_: Number = 0.0) -> Scalar:
    """An error becomes its text too."""
    form = int(format_)
    if isinstance(value, Lambda):
        return VALUE
    return _written(value, form == 1) if form in (0, 1) else _NO_FORMAT


def _value_vector(value: Any, format_: Any = 0.0) -> Grid:
    flat = value.flat() if isinstance(value, Grid) else None
    if flat is None:
        return mixed([value_to_text(value, form) for (form,) in lanes(format_)])
    forms = format_.tolist() if hasattr(format_, "tolist") else [format_] * len(flat)
    return mixed([value_to_text(one, form) for one, form in zip(flat, forms, strict=True)])


@function(
    "ARRAYTOTEXT", category=CATEGORY, summary="The values of an array as one text, as shown (0) or as an array constant (1).",
    examples={'=ARRAYTOTEXT({1,"a";TRUE,2.5},0)': "1, a, TRUE, 2.5", '=ARRAYTOTEXT({1,"a";TRUE,2.5},1)': '{1,"a";TRUE,2.5}'},
    source=SOURCE.format("ARRAYTOTEXT"), future="_xlfn.",
)  # fmt: skip
def array_to_text(array: Array, format_: Number = 0.0) -> Scalar:
    form = int(format_)
    if form not in (0, 1):
        return _NO_FORMAT
    if array.size > MOST_CHARACTERS:
        # A separator for each element alone is too long.
        return _TOO_LONG
    rows = [[_written(value, form == 1) for value in row] for row in array.rows()]
    if form == 1:
        return fitting("{" + ";".join(",".join(row) for row in rows) + "}")
    return fitting(", ".join(text for row in rows for text in row))
