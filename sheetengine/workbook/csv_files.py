"""A sheet as .csv.

In: a sheet, a path or a file object. Out: its values as text: numbers in full, dates as ISO 8601, errors by their codes. Written
beside and renamed, as workbooks are.
"""

from __future__ import annotations

import datetime
import os
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from sheetengine.calendar import datetime_from_serial
from sheetengine.errors import FileFormatError
from sheetengine.grid import NUMBER
from sheetengine.io.atomic_write import replace_file
from sheetengine.io.csv_write import Guard, csv_text
from sheetengine.number_format import is_date_format
from sheetengine.store.chunk import Box
from sheetengine.values import Scalar

if TYPE_CHECKING:
    from sheetengine.workbook.sheet import Sheet
    from sheetengine.workbook.workbook import Workbook


def write_csv(
    sheet: Sheet, target: str | os.PathLike[str] | IO[Any], *, separator: str = ",", guard: Guard = "escape", encoding: str = "utf-8"
) -> None:
    """Write the used range, from A1 on."""
    data = csv_text(_rows(sheet), separator=separator, guard=guard)
    if isinstance(target, str | os.PathLike):
        replace_file(target, lambda stream: _whole(stream, data.encode(encoding)))
        return
    if hasattr(target, "encoding"):
        target.write(data)
    else:
        target.write(data.encode(encoding))


def _whole(stream: IO[bytes], data: bytes) -> None:
    stream.write(data)


def only_sheet(workbook: Workbook, name: str) -> Sheet:
    """The sheet that a .csv file can hold: the only one."""
    if len(workbook) != 1:
        raise FileFormatError(f"{name}: a .csv file holds one sheet, this workbook has {len(workbook)}; write one: wb['…'].to_csv(path)")
    return workbook.sheets[0]


def _rows(sheet: Sheet) -> list[list[Scalar]]:
    engine = sheet.workbook._engine
    used = sheet.used_range
    if used is None:
        return []
    rectangle = used._rect
    box = Box(0, 0, rectangle.bottom, rectangle.right)
    book = engine.book
    record = book.sheets[sheet.id]
    grid = record.store.read(box)
    rows = grid.rows()
    formats = record.formats.used_within(box)
    if formats is not None:
        dates = [number for number, pattern in enumerate(book.formats) if is_date_format(pattern)]
        kinds, payload, _ = record.formats.read_planes(formats)
        marked = np.isin(payload, dates) & (kinds == NUMBER)
        for down, right in zip(*(axis.tolist() for axis in np.nonzero(marked)), strict=True):
            row, column = formats.top + down, formats.left + right
            value = rows[row][column]
            if type(value) is float:
                rows[row][column] = _moment(value, book.date1904)
    return rows


def _moment(serial: float, date1904: bool) -> Scalar:
    """A date as ISO 8601; a serial that is none stays a number."""
    try:
        moment = datetime_from_serial(serial, date1904)
    except (ValueError, OverflowError):
        return serial
    if moment is None:
        return serial
    if 0 <= serial < 1 and serial:
        return moment.time().isoformat("seconds")
    return moment.date().isoformat() if moment.time() == datetime.time() else moment.isoformat(" ", "seconds")
