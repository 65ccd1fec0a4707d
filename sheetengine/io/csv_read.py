"""Text with separators into a `Document` of one sheet.

In: a path, bytes or a file object; encoding and separator where they are not to be found out. Out: numbers, TRUE and FALSE, texts. What
a number might lose is left a text (`007`, more than 15 digits, `12%`, dates); a text that begins with `=` is a formula only on
request. An apostrophe before `=`, `+`, `-` or `@`, as safe writers put it, is taken away.
"""

from __future__ import annotations

import csv
import io
import re
from pathlib import PurePath
from typing import Final

import numpy as np

from sheetengine.address import MAX_COLUMNS, MAX_ROWS
from sheetengine.errors import FileFormatError
from sheetengine.grid import BLANK, BOOLEAN, NUMBER, TEXT
from sheetengine.io.document import NO_GROUP, Document, SheetDocument, TextPool

ENDINGS: Final = (".csv", ".tsv", ".tab")
_NUMBER = re.compile(r"[+-]?(?:0|[1-9][0-9]*)(?:\.[0-9]*)?(?:[eE][+-]?[0-9]{1,3})?|[+-]?\.[0-9]+(?:[eE][+-]?[0-9]{1,3})?")
_GUARDED = re.compile(r"'[=+\-@\t\r]")
_SEPARATORS: Final = ",;\t|"
_MOST_DIGITS: Final = 15
_MOST_CHARACTERS: Final = 32_767
_NOT_IN_NAMES = re.compile(r"[\\/*?:\[\]]")


def read_csv(data: bytes, name: str, *, separator: str | None = None, encoding: str | None = None, formulas: bool = False) -> Document:
    """The text as a workbook of one sheet, which is called after the file."""
    text, notes = _decoded(data, name, encoding)
    text, separator = _separator(text, separator)
    texts = TextPool()
    sheet = SheetDocument(_sheet_name(name))
    result = Document(sheets=[sheet], texts=texts.texts, notes=notes, source=name)
    rows: list[int] = []
    columns: list[int] = []
    kinds: list[int] = []
    payload: list[float] = []
    formula_cells: list[int] = []
    row = 0
    # The limit of the csv module is one of the process: a field is bounded by the file anyway.
    csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))
    try:
        for row, fields in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator)):
            if row >= MAX_ROWS or len(fields) > MAX_COLUMNS:
                raise FileFormatError(f"{name}: line {row + 1} does not fit on a sheet of {MAX_ROWS:,} rows and {MAX_COLUMNS:,} columns")
            for column, field in enumerate(fields):
                if not field:
                    continue
                if formulas and len(field) > 1 and field[0] == "=":
                    formula_cells.append(len(rows))
                    sheet.formula_texts.append(field[1:])
                    kind, value = BLANK, 0.0
                else:
                    kind, value = _value(field, texts)
                    if len(field) > _MOST_CHARACTERS and kind == TEXT:
                        notes.append(
                            f"line {row + 1}: a text of {len(field):,} characters was cut to {_MOST_CHARACTERS:,}, all that a cell holds"
                        )
                rows.append(row)
                columns.append(column)
                kinds.append(kind)
                payload.append(value)
    except csv.Error as error:
        raise FileFormatError(f"{name}: line {row + 2}: {error}") from None
    sheet.rows, sheet.columns = np.array(rows, np.int32), np.array(columns, np.int32)
    sheet.kinds, sheet.payload = np.array(kinds, np.uint8), np.array(payload, np.float64)
    sheet.styles, sheet.missing = np.zeros(len(rows), np.int32), sheet.kinds == BLANK
    sheet.formula_cells = np.array(formula_cells, np.int32)
    sheet.shared = np.full(len(formula_cells), NO_GROUP, np.int32)
    return result


def _value(field: str, texts: TextPool) -> tuple[int, float]:
    if _NUMBER.fullmatch(field):
        digits = field.lower().partition("e")[0].lstrip("+-").replace(".", "").strip("0")
        number = float(field)
        # A long row of digits is an identifier more often than a number, and would lose its end.
        if len(digits) <= (17 if "." in field else _MOST_DIGITS) and number - number == 0.0:
            return NUMBER, number + 0.0
    if field.upper() in ("TRUE", "FALSE"):
        return BOOLEAN, float(field.upper() == "TRUE")
    if _GUARDED.match(field):
        field = field[1:]
    return TEXT, float(texts.place(field[:_MOST_CHARACTERS]))


def _decoded(data: bytes, name: str, encoding: str | None) -> tuple[str, list[str]]:
    if encoding is not None:
        try:
            return data.decode(encoding), []
        except (LookupError, UnicodeError) as error:
            raise FileFormatError(f"{name}: this is not text in {encoding}: {error}") from None
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            return data.decode("utf-16"), []
        except UnicodeError as error:
            raise FileFormatError(f"{name}: this is not text in UTF-16: {error}") from None
    if b"\0" in data[:4096]:
        raise FileFormatError(f"{name}: this is no text but binary data; if it is a workbook, give it the ending .xlsx")
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeError:
        return data.decode("cp1252", "replace"), ["the text is not UTF-8; it was read as Windows-1252 (see encoding=)"]


def _separator(text: str, separator: str | None) -> tuple[str, str]:
    """The text without Excel's line `sep=;`, and the separator: given, said, or the one that most first lines agree on."""
    first, newline, rest = text.partition("\n")
    said = re.fullmatch(r'"?sep=(.)"?\r?', first)
    if said is not None and newline:
        return rest, separator or said[1]
    if separator is not None:
        return text, separator
    best, most = ",", 0
    lines = [re.sub(r'"[^"]*"', "", line) for line in text[:65_536].splitlines()[:50]]
    for candidate in _SEPARATORS:
        counts = [line.count(candidate) for line in lines if line.strip()]
        common = max(set(counts), key=counts.count) if counts else 0
        agreeing = counts.count(common) * min(common, 50) if common else 0
        if agreeing > most:
            best, most = candidate, agreeing
    return text, best


def _sheet_name(name: str) -> str:
    """A sheet's name from a file's."""
    stem = PurePath(name).stem
    clean = _NOT_IN_NAMES.sub("_", stem).strip("'")[:31]
    return clean if clean and "given as" not in name else "Sheet1"
