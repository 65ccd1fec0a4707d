"""Defined names as a mapping: `wb.names["rate"] = 0.19`, `wb.names["Data!local"] = "=Data!$A$1"`.

In: names, with their sheet before them where they belong to one. Out: the formulas they stand for. Changing a name binds anew
every formula that mentions it.
"""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import TYPE_CHECKING

from sheetengine.address import quote_sheet
from sheetengine.errors import UnknownReference, ValueRefused
from sheetengine.names import DefinedName, name_problem
from sheetengine.syntax.parser import read
from sheetengine.syntax.printer import print_formula
from sheetengine.syntax.shape import print_number
from sheetengine.workbook.changes import NameChange, NameRenamed
from sheetengine.workbook.entry import entry_of
from sheetengine.workbook.ranges import Range

if TYPE_CHECKING:
    from sheetengine.workbook.workbook import Workbook


class Names(MutableMapping[str, str]):
    """The defined names of a workbook; a sheet's own are written `Sheet!name`."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook

    def _key(self, name: str) -> tuple[int | None, str]:
        if not isinstance(name, str):
            raise UnknownReference(f"names are texts, not {name!r}")
        sheet_text, bang, local = name.rpartition("!")
        if not bang:
            return None, name
        sheet = self._workbook._engine.book.sheet_named(sheet_text.strip("'").replace("''", "'"))
        if sheet is None:
            raise UnknownReference(f"there is no sheet {sheet_text!r}")
        return sheet, local

    def __getitem__(self, name: str) -> str:
        sheet, local = self._key(name)
        found = self._workbook._engine.book.names.get((sheet, local.lower()))
        if found is None:
            raise UnknownReference(f"there is no name {name!r}")
        return print_formula(found.shape, found.operands)

    def __setitem__(self, name: str, value: object) -> None:
        sheet, local = self._key(name)
        problem = name_problem(local)
        if problem is not None:
            raise ValueRefused(problem)
        workbook = self._workbook
        with workbook._engine.lock:
            set_name(workbook, sheet, local, _text_of(value, workbook._engine.book.date1904))

    def __delitem__(self, name: str) -> None:
        sheet, local = self._key(name)
        workbook = self._workbook
        with workbook._engine.lock:
            if (sheet, local.lower()) not in workbook._engine.book.names:
                raise UnknownReference(f"there is no name {name!r}")
            workbook._journal.note(NameChange(sheet, local.lower(), None).swap(workbook._engine))

    def rename(self, old: str, new: str) -> None:
        """Give a name another name; every formula that uses it follows. A sheet's own name stays on its sheet."""
        sheet, local = self._key(old)
        workbook = self._workbook
        problem = name_problem(new)
        if problem is not None:
            raise ValueRefused(problem)
        with workbook._engine.lock:
            names, tables = workbook._engine.book.names, workbook._engine.book.tables
            if (sheet, local.lower()) not in names:
                raise UnknownReference(f"there is no name {old!r}")
            if new.lower() != local.lower() and ((sheet, new.lower()) in names or new.lower() in tables):
                raise ValueRefused(f"{new!r} is the name of something else already")
            workbook._journal.note(NameRenamed(sheet, local.lower(), new).swap(workbook._engine))

    def __iter__(self) -> Iterator[str]:
        book = self._workbook._engine.book
        for (sheet, _), definition in book.names.items():
            if not definition.hidden:
                yield definition.name if sheet is None else f"{quote_sheet(book.sheets[sheet].name)}!{definition.name}"

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        return repr(dict(self))


def _text_of(value: object, date1904: bool) -> str:
    if isinstance(value, Range):
        rect = value._rect
        corners = f"${_column(rect.left)}${rect.top + 1}"
        if rect.size > 1:
            corners += f":${_column(rect.right)}${rect.bottom + 1}"
        return f"={quote_sheet(value.sheet.name)}!{corners}"
    entry = entry_of(value, date1904)
    if entry.formula is not None:
        return entry.formula
    if isinstance(entry.value, str):
        return '="' + entry.value.replace('"', '""') + '"'
    if isinstance(entry.value, bool):
        return "=TRUE" if entry.value else "=FALSE"
    if isinstance(entry.value, float):
        return f"={'-' * (entry.value < 0)}{print_number(abs(entry.value))}"
    if entry.value is None:
        raise ValueRefused("a name stands for a value, a reference or a formula; delete it with `del wb.names[name]`")
    return f"={entry.value}"


def _column(column: int) -> str:
    from sheetengine.address import column_name  # noqa: PLC0415  # two uses

    return column_name(column)


def set_name(workbook: Workbook, sheet: int | None, name: str, text: str, *, hidden: bool = False, comment: str = "") -> None:
    """Define a name; formulas that waited for it heal."""
    shape, operands, _ = read(text, of_name=True)
    definition = DefinedName(name, text.removeprefix("="), shape, operands, sheet, hidden, comment)
    workbook._journal.note(NameChange(sheet, name.lower(), definition).swap(workbook._engine))
