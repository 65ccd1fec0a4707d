"""What becomes of the tables of an opened file: written anew where they changed, added, taken away.

In: the file, where its tables stood and stand. Out: `TableChanges` for the writer. Invariant: a table that only got another name,
place, headers or columns keeps its part, with its style and its id.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sheetengine.address import MAX_ROWS
from sheetengine.io.filter_columns import conditions_lost
from sheetengine.io.package import Package
from sheetengine.io.part_references import rewrite_references
from sheetengine.io.sheet_shift import Way
from sheetengine.io.table_patch import is_empty, now_at, patch_table, table_id
from sheetengine.io.workbook_part import table as read_table
from sheetengine.names import Table
from sheetengine.recalc.book import Book
from sheetengine.store.chunk import Box
from sheetengine.syntax.rename import column_renaming, table_renaming
from sheetengine.values import Area
from sheetengine.workbook.opened_file import OpenedFile
from sheetengine.workbook.renamed_text import renamed_text


@dataclass(slots=True)
class TableChanges:
    """The parts of tables that changed, the tables that are new and the parts that go, by place of the sheet; what cannot be written."""

    parts: dict[str, bytes] = field(default_factory=dict)
    new: dict[int, list[Table]] = field(default_factory=dict)
    gone: dict[int, list[str]] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)


def table_changes(opened: OpenedFile, book: Book, shifts: Mapping[int, Sequence[Way]]) -> TableChanges:
    """Compare the tables of the file with those of the workbook; `shifts` are what moved the file's cells, by place of the sheet."""
    found = TableChanges()
    package = opened.document.package
    assert package is not None
    kept: set[str] = set()
    for number, place in opened.sheets.items():
        if number not in book.sheets:
            continue
        for arrow in package.relationships(opened.document.sheets[place].path or "").values():
            if arrow.kind != "table" or arrow.external or arrow.target not in package:
                continue
            own = read_table(package.tree(arrow.target), number)
            old = None if own is None else opened.tables.get(own.name.lower())
            if own is None or old is None:
                continue
            new = _now(old, opened, book, shifts.get(place, ()))
            if new is None:
                found.gone.setdefault(place, []).append(arrow.target)
                if _sliced(package, table_id(package.read(arrow.target))):
                    found.reasons.append(f"table {old.name}, which was removed and has a slicer")
                continue
            kept.add(new.name.lower())
            if new != old:
                data = package.read(arrow.target)
                if conditions_lost(data, now_at(old.columns, new.columns).get):
                    found.reasons.append(f"table {old.name}, which lost a column whose filter has conditions")
                found.parts[arrow.target] = rewrite_references(patch_table(data, new, old.columns), _following(old, new))
    found.reasons += without_room(book)
    for key, table in book.tables.items():
        if key not in kept and table.sheet in opened.sheets:
            found.new.setdefault(opened.sheets[table.sheet], []).append(table)
    return found


def without_room(book: Book) -> list[str]:
    """Tables without a row of data, for which files keep an empty one, where that is not free."""
    found = []
    for table in book.tables.values():
        if is_empty(table) and table.sheet in book.sheets:
            below = Box(table.bottom + 1, table.left, table.bottom + 1, table.right)
            others = (one.area for one in book.tables.values() if one.sheet == table.sheet)
            taken = any(area.intersect(Area(table.sheet, *below)) is not None for area in others)
            if table.totals or below.top >= MAX_ROWS or taken or book.sheets[table.sheet].store.used_within(below) is not None:
                found.append(f"table {table.name}, which has no row of data, and none free below its header")
    return found


def _now(old: Table, opened: OpenedFile, book: Book, shifts: Sequence[Way]) -> Table | None:
    """The workbook's table that is one of the file's: of its name, or under another name in its place."""
    new = book.tables.get(old.name.lower())
    if new is not None and new.sheet == old.sheet:
        return new
    area: tuple[int, int, int, int] | None = (old.top, old.left, old.bottom, old.right)
    for shift in shifts:
        area = None if area is None else shift.area(area)
    for key, table in book.tables.items():
        if area is not None and key not in opened.tables and table.sheet == old.sheet and (table.top, table.left) == area[:2]:
            return table
    return None


def _sliced(package: Package, number: int) -> bool:
    """Whether a slicer filters the table of an id."""
    mark = f'tableId="{number}"'.encode()
    return any("slicercache" in entry.filename.lower() and mark in package.read(entry.filename) for entry in package.entries)


def _following(old: Table, new: Table) -> Callable[[str], str]:
    """The formulas of a table's own columns after it or its columns got other names."""
    renames = []
    if len(old.columns) == len(new.columns):
        pairs = zip(old.columns, new.columns, strict=True)
        renames = [column_renaming(old.name, one, other, inside=True) for one, other in pairs if one != other]
    if old.name != new.name:
        renames.append(table_renaming(old.name, new.name))
    return lambda text: renamed_text(text, renames)
