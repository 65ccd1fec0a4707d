"""Edits of whole sheets: renamed, moved, copied, hidden, deleted.

In: a workbook and the name of a sheet. Out: the edit made and noted for undo; on any error neither.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from sheetengine.errors import ValueRefused
from sheetengine.restructure.sheet_edits import copy_sheet as copy_in_engine
from sheetengine.workbook.changes import SheetAdded, SheetMoved, SheetRenamed, SheetState

if TYPE_CHECKING:
    from sheetengine.workbook.sheet import Sheet
    from sheetengine.workbook.workbook import Workbook

MOST_SHEET_NAME = 31
_NOT_IN_SHEET_NAMES = frozenset("\\/*?:[]")

Visibility = Literal["visible", "hidden", "veryHidden"]


def check_name(workbook: Workbook, name: str, *, but: int | None = None) -> None:
    """Refuse what Excel refuses as a sheet's name; `but` is the sheet that may have it already."""
    # Excel counts in units of UTF-16: an emoji is two.
    if not isinstance(name, str) or not 1 <= len(name.encode("utf-16-le", "surrogatepass")) // 2 <= MOST_SHEET_NAME:
        raise ValueRefused(f"a sheet's name has 1 to {MOST_SHEET_NAME} characters: {name!r}")
    if any(letter < " " or "\ud800" <= letter <= "\udfff" for letter in name):
        raise ValueRefused(f"a sheet's name has no control characters: {name!r}")
    if set(name) & _NOT_IN_SHEET_NAMES or name[0] == "'" or name[-1] == "'":
        raise ValueRefused(f"a sheet's name has none of \\ / * ? : [ ] and no ' at its ends: {name!r}")
    if name.lower() == "history":
        raise ValueRefused("Excel keeps the name 'History' for itself")
    known = workbook._engine.book.sheet_named(name)
    if known is not None and known != but:
        raise ValueRefused(f"there is a sheet {workbook[name].name!r} already")


def free_name(workbook: Workbook, name: str) -> str:
    """A name for a copy of a sheet, as Excel gives it: `Costs (2)`."""
    number = 2
    while True:
        tail = f" ({number})"
        found = name[: MOST_SHEET_NAME - len(tail)] + tail
        if found not in workbook:
            return found
        number += 1


def rename(workbook: Workbook, sheet: Sheet, name: str) -> None:
    """Give a sheet another name; formulas and names follow."""
    check_name(workbook, name, but=sheet.id)
    if name != sheet.name:
        workbook._journal.note(SheetRenamed(sheet.id, name).swap(workbook._engine))


def move(workbook: Workbook, sheet: Sheet, to: int) -> None:
    """Put a sheet's tab at a place counted from 0; negative places count from the end."""
    count = len(workbook)
    if not isinstance(to, int) or not -count <= to < count:
        raise ValueRefused(f"this workbook has the places 0 to {count - 1} for a tab, not {to!r}")
    workbook._journal.note(SheetMoved(sheet.id, to % count).swap(workbook._engine))


def copy(workbook: Workbook, sheet: Sheet, name: str | None, at: int | None) -> Sheet:
    """A sheet like another, behind it or at a place."""
    name = free_name(workbook, sheet.name) if name is None else name
    check_name(workbook, name)
    order = workbook._engine.book.order
    record = copy_in_engine(workbook._engine, sheet.id, name, order.index(sheet.id) + 1 if at is None else at)
    workbook._journal.note(SheetAdded(record.id))
    return workbook._sheet(record.id)


def set_state(workbook: Workbook, sheet: Sheet, state: Visibility) -> None:
    """Show or hide a sheet; one always stays visible."""
    if state not in ("visible", "hidden", "veryHidden"):
        raise ValueRefused(f"a sheet is 'visible', 'hidden' or 'veryHidden', not {state!r}")
    sheets = workbook._engine.book.sheets
    if state != "visible" and all(record.state != "visible" or record.id == sheet.id for record in sheets.values()):
        raise ValueRefused(f"{sheet.name!r} is the only visible sheet; show another first")
    if sheets[sheet.id].state != state:
        workbook._journal.note(SheetState(sheet.id, state).swap(workbook._engine))


def remove(workbook: Workbook, sheet: Sheet) -> None:
    """Delete a sheet; formulas that read it become #REF!."""
    if len(workbook) == 1:
        raise ValueRefused("a workbook keeps at least one sheet")
    if not any(record.state == "visible" for number, record in workbook._engine.book.sheets.items() if number != sheet.id):
        raise ValueRefused(f"{sheet.name!r} is the only visible sheet; show another first")
    workbook._journal.note(SheetAdded(sheet.id).swap(workbook._engine))
