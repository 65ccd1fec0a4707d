"""The messages that pages send: one dataclass each, and the schema it is read by.

In: the text of one WebSocket message. Out: its number and a frozen dataclass, or `BadMessage`. Invariants: what comes out lies
within the bounds written here, so that sessions check no more than what only the workbook knows; rows and columns count from 0.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sheetengine.address import MAX_COLUMNS, MAX_ROWS
from sheetengine.web.schema import BadMessage, Schema, boolean, integer, list_of, number, one_of, row_of, text

MOST_CHARACTERS: Final = 262_144
"""A longer message is answered with an error without being read."""
MOST_CELLS_SHOWN: Final = 20_000
MOST_CELLS_PUT: Final = 20_000


class TooLarge(BadMessage):
    """A message beyond `MOST_CHARACTERS`."""


# -- both pages ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Inspect:
    """Tell everything about one cell."""

    sheet: int
    row: int
    column: int


# -- draw ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Paint:
    """Pixels of the picture get a brightness: (row, column, 0 to 1), counted within the picture."""

    pixels: tuple[tuple[int, int, float], ...]


@dataclass(frozen=True, slots=True)
class Neuron:
    """Tell the weights of one neuron; layer 1 is the first hidden one."""

    layer: int
    index: int


@dataclass(frozen=True, slots=True)
class Digit:
    """Give a picture of the MNIST test set."""

    number: int


# -- view ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Show:
    """The page shows these rectangles (top, left, bottom, right) of a sheet: send their cells now and whenever they change."""

    sheet: int
    parts: tuple[tuple[int, int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Enter:
    """What was typed into cells: rows of texts from a first cell on, read as Excel reads what is typed."""

    sheet: int
    row: int
    column: int
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Clear:
    """Empty a rectangle."""

    sheet: int
    area: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Fill:
    """Copy the first row (`down`) or column of a rectangle over the rest of it, references shifting."""

    sheet: int
    area: tuple[int, int, int, int]
    down: bool


@dataclass(frozen=True, slots=True)
class Copy:
    """Copy a rectangle, formulas and formats, to the place that begins at a cell; references shift."""

    sheet: int
    area: tuple[int, int, int, int]
    to_sheet: int
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Jump:
    """Where Ctrl and an arrow lead from a cell."""

    sheet: int
    row: int
    column: int
    way: str


@dataclass(frozen=True, slots=True)
class Find:
    """The place that an address or a name stands for."""

    sheet: int
    text: str


@dataclass(frozen=True, slots=True)
class Undo:
    """Take back the newest edit."""


@dataclass(frozen=True, slots=True)
class Redo:
    """Do it again."""


@dataclass(frozen=True, slots=True)
class Recalculate:
    """F9; `full`: everything afresh."""

    full: bool


@dataclass(frozen=True, slots=True)
class Save:
    """Write the file."""


_SHEET = integer(0, 1_000_000)
_ROW, _COLUMN = integer(0, MAX_ROWS - 1), integer(0, MAX_COLUMNS - 1)
_AREA = row_of(_ROW, _COLUMN, _ROW, _COLUMN)
_CELL_TEXT = text(32_767)

DRAW: Final = {
    "paint": Schema(Paint, pixels=list_of(row_of(integer(0, 255), integer(0, 255), number(0, 1)), 4096, 1)),
    "neuron": Schema(Neuron, layer=integer(1, 64), index=integer(0, 4095)),
    "digit": Schema(Digit, number=integer(0, 999)),
    "inspect": Schema(Inspect, sheet=_SHEET, row=_ROW, column=_COLUMN),
}
VIEW: Final = {
    "show": Schema(Show, sheet=_SHEET, parts=list_of(_AREA, 4, 1)),
    "enter": Schema(Enter, sheet=_SHEET, row=_ROW, column=_COLUMN, rows=list_of(list_of(_CELL_TEXT, MAX_COLUMNS, 1), MOST_CELLS_PUT, 1)),
    "clear": Schema(Clear, sheet=_SHEET, area=_AREA),
    "fill": Schema(Fill, sheet=_SHEET, area=_AREA, down=boolean),
    "copy": Schema(Copy, sheet=_SHEET, area=_AREA, to_sheet=_SHEET, row=_ROW, column=_COLUMN),
    "inspect": Schema(Inspect, sheet=_SHEET, row=_ROW, column=_COLUMN),
    "jump": Schema(Jump, sheet=_SHEET, row=_ROW, column=_COLUMN, way=one_of("up", "down", "left", "right", "end")),
    "find": Schema(Find, sheet=_SHEET, text=text(300)),
    "undo": Schema(Undo),
    "redo": Schema(Redo),
    "recalculate": Schema(Recalculate, full=boolean),
    "save": Schema(Save),
}


@dataclass(frozen=True, slots=True)
class Received:
    """A message and the number by which its answer names it."""

    number: int
    message: Any
    """One of the dataclasses of this module."""


def read_message(data: str, schemas: Mapping[str, Schema]) -> Received:
    """A message of one page's protocol.

    >>> read_message('{"id": 7, "type": "digit", "number": 3}', DRAW)
    Received(number=7, message=Digit(number=3))
    """
    if len(data) > MOST_CHARACTERS:
        raise TooLarge(f"a message has at most {MOST_CHARACTERS:,} characters, this one {len(data):,}")
    try:
        message = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise BadMessage(f"not JSON: {error}") from error
    if not isinstance(message, dict):
        raise BadMessage("a message is an object")
    kind = message.get("type")
    schema = schemas.get(kind) if isinstance(kind, str) else None
    if schema is None:
        raise BadMessage(f"type is one of {', '.join(schemas)}")
    if "id" not in message:
        raise BadMessage("a message has an id")
    return Received(integer(0, 2**53)(message["id"], "id"), schema.read(str(kind), message))
