"""One sheet's values as text with separators.

In: a grid's rows of scalars, with the texts of those that are dates. Out: text of RFC 4180, UTF-8. A text that a spreadsheet program
would take for a formula when it opens the file is guarded by an apostrophe, unless the caller says otherwise (CSV injection: OWASP).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Literal

from sheetengine.errors import ValueRefused
from sheetengine.values import CellError, Scalar

Guard = Literal["escape", "keep", "refuse"]
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def csv_text(rows: Iterable[Sequence[Scalar]], *, separator: str = ",", guard: Guard = "escape") -> str:
    """The rows as text.

    >>> csv_text([["a", 0.5, True, None], ["=1+1", -2.0, "x", "-"]]).split()
    ['a,0.5,TRUE,', "'=1+1,-2,x,-"]
    """
    if guard not in ("escape", "keep", "refuse"):
        raise ValueRefused(f"texts that look like formulas are written with 'escape', 'keep' or 'refuse', not {guard!r}")
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=separator)
    for number, row in enumerate(rows, start=1):
        fields = []
        for value in row:
            field = _field(value)
            if isinstance(value, str) and len(value) > 1 and value.startswith(_DANGEROUS) and guard != "keep":
                if guard == "refuse":
                    raise ValueRefused(f"row {number} holds the text {value[:40]!r}, which a spreadsheet program would run as a formula")
                field = "'" + field
            fields.append(field)
        writer.writerow(fields)
    return stream.getvalue()


def _field(value: Scalar) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return value.code if isinstance(value, CellError) else value
