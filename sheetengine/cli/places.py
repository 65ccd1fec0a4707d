"""What is typed on a command line as places and values: `Sheet!A1`, `Data!B2=3.5`.

In: a workbook and arguments. Out: ranges and edits. Invariants: what is typed is read as Excel would read it in a cell, except that
nothing is guessed of dates other than ISO; a value that no cell can hold is refused before any edit is made.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

import sheetengine
from sheetengine.errors import SheetEngineError, UnknownReference, ValueRefused
from sheetengine.values import ERROR_CODES, CellError

if TYPE_CHECKING:
    from sheetengine.workbook import Range, Workbook

file_argument = click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
set_option = click.option(
    "--set",
    "edits",
    metavar="REF=VALUE",
    multiple=True,
    help="Edit before computing: a number, TRUE, a date 2024-01-31, an =formula, a text; 'text in quotes' stays one; nothing clears.",
)

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?(%?)", re.ASCII)
_NOT_FINITE = re.compile(r"[+-]?(nan|inf(inity)?)", re.IGNORECASE)
_DATE = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?)?", re.ASCII)


def open_file(path: Path) -> Workbook:
    """The workbook of a file."""
    return sheetengine.open(path)


def place(workbook: Workbook, text: str) -> Range:
    """The range that a reference or a name stands for; the message of a failure names the sheets there are."""
    try:
        return workbook.range(text)
    except UnknownReference as error:
        if "!" in text or is_address(text) or text in workbook.names:
            if is_address(text) and "!" not in text:
                error.add_note(f"sheets: {', '.join(workbook.sheet_names)}")
            raise
        sheets = ", ".join(workbook.sheet_names)
        raise UnknownReference(f"there is no name, table or address {text!r}; sheets: {sheets}") from error


def is_address(text: str) -> bool:
    """Whether a text is meant as an address on a sheet, be it off the grid."""
    return re.fullmatch(r"\$?[A-Za-z]{1,3}\$?\d+(:\$?[A-Za-z]{1,3}\$?\d+)?", text) is not None


def value_of(text: str) -> object:
    """What a typed text stands for.

    >>> value_of("2.5"), value_of("12%"), value_of("true"), value_of("=A1+1"), value_of("'007"), value_of("")
    (2.5, 0.12, True, '=A1+1', '007', None)
    """
    if text == "":
        return None
    if text[0] == "'":
        return text[1:-1] if len(text) > 1 and text[-1] == "'" else text[1:]
    if number := _NUMBER.fullmatch(text):
        value = float(text.rstrip("%")) / (100 if number[3] else 1)
        if math.isinf(value):
            raise ValueRefused(f"{text} is too large for a cell: numbers go to 1.797E+308")
        return value
    if text.upper() in ("TRUE", "FALSE"):
        return text.upper() == "TRUE"
    if text.upper() in ERROR_CODES:
        return CellError(text.upper())
    if _DATE.fullmatch(text):
        try:
            moment = datetime.datetime.fromisoformat(text)
        except ValueError as error:
            raise ValueRefused(f"{text} is no date: {error}") from error
        return moment if len(text) > len("2024-01-31") else moment.date()
    if _NOT_FINITE.fullmatch(text):
        raise ValueRefused(f"a cell cannot hold {text}; write '{text}' in single quotes for a text")
    return text


def split_edit(text: str) -> tuple[str, str]:
    """`REF=VALUE` in two; a quoted sheet's name may have a "=" in it.

    >>> split_edit("Data!B2=3"), split_edit("'a=b'!A1==C1")
    (('Data!B2', '3'), ("'a=b'!A1", '=C1'))
    """
    match = re.match(r"('(?:[^']|'')*'![^=]*|[^=]*)=(.*)", text, re.DOTALL)
    if match is None or not match[1].strip():
        raise click.BadParameter(f"{text!r} is not REF=VALUE, such as Data!B2=3.5", param_hint="--set")
    return match[1].strip(), match[2]


def apply_edits(workbook: Workbook, edits: Iterable[str]) -> list[str]:
    """Make the edits, all or none; the addresses and names edited."""
    from sheetengine.tasks.inputs import set_input  # noqa: PLC0415  # the engine loads with the first edit

    edited = []
    with workbook.batch():
        for text in edits:
            where, typed = split_edit(text)
            try:
                if where not in workbook.names:
                    place(workbook, where)
                edited.append(set_input(workbook, where, value_of(typed)))
            except SheetEngineError as error:
                error.add_note(f"in --set {text}")
                raise
    return edited
