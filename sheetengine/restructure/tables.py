"""Tables that grow and shrink with their cells.

In: a table and a shift of its sheet. Out: the table after it, or None where nothing of it is left.
"""

from __future__ import annotations

from dataclasses import replace

from sheetengine.errors import EditRefused
from sheetengine.names import Table
from sheetengine.syntax.shift import Shift


def shift_table(table: Table, shift: Shift) -> Table | None:
    """A table after lines were inserted or deleted; raises `EditRefused` where its header alone would go.

    >>> table = Table("Sales", 1, 2, 0, 9, 1, ("Item", "Net"))
    >>> shift_table(table, Shift(True, 5, 2, 0, 16383)).bottom, shift_table(table, Shift(False, 1, 1, 0, 1048575)).columns
    (11, ('Item', 'Column1', 'Net'))
    """
    after = shift.area(table.area[1:])
    if after is None:
        return None
    top, left, bottom, right = after
    if after == tuple(table.area[1:]):
        return table
    columns, totals = table.columns, table.totals
    if shift.rows and shift.gone:
        if table.header and shift.line(table.top) is None:
            raise EditRefused(f"the header row of table {table.name} cannot be deleted without the table")
        totals = totals and shift.line(table.bottom) is not None
    elif not shift.rows:
        kept = [name for offset, name in enumerate(table.columns) if shift.line(table.left + offset) is not None]
        if shift.count > 0 and table.left < shift.at <= table.right:
            place = shift.at - table.left
            kept[place:place] = _new_names(kept, shift.count)
        columns = tuple(kept)
    return replace(table, top=top, left=left, bottom=bottom, right=right, columns=columns, totals=totals)


def _new_names(known: list[str], count: int) -> list[str]:
    taken = {name.lower() for name in known}
    found: list[str] = []
    number = 1
    while len(found) < count:
        if f"column{number}" not in taken:
            found.append(f"Column{number}")
        number += 1
    return found
