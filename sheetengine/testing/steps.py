"""Edits as data: what a script is made of, printed so that a failing one can be read and pasted into a test.

In: a `Step`. Out: the edit made through the public face of a `Workbook`. Invariant: a step that Excel would refuse too (part of an array
formula, a sheet that is not there) is refused and leaves the workbook as it was.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

from sheetengine.errors import EditRefused, UnknownReference, ValueRefused
from sheetengine.workbook import Workbook

Verb = Literal[
    "write", "array", "clear", "copy", "name", "unname", "add sheet", "remove sheet", "rename sheet", "undo", "redo", "batch",
    "broken batch", "read", "recalculate",
]  # fmt: skip


class Step(NamedTuple):
    """One edit.

    >>> wb = Workbook()
    >>> apply(wb, [Step("write", "Sheet1", "A1", 2), Step("write", "Sheet1", "B1:B2", "=A1*21")])
    >>> wb["Sheet1"]["B1"].value
    42.0
    """

    verb: Verb
    sheet: str = ""
    place: str = ""
    content: object = None
    """A value, rows of values or a formula; of a copy the target, of a batch its steps, of a rename the new name."""

    def __repr__(self) -> str:
        return f"Step({', '.join(map(repr, self[: 4 if self.content is not None else 3]))})"


class _Broken(Exception):  # a signal, not an error
    """Ends a batch that is to be taken back."""


def apply(workbook: Workbook, steps: Iterable[Step]) -> None:
    """Make the edits one after the other; those that are refused are left out."""
    for step in steps:
        try:
            _apply(workbook, step)
        except (EditRefused, UnknownReference, ValueRefused):
            continue


def _apply(workbook: Workbook, step: Step) -> None:
    verb, sheet, place, content = step
    match verb:
        case "write":
            workbook[sheet][place] = content
        case "array":
            workbook[sheet][place].set_array_formula(str(content))
        case "clear":
            del workbook[sheet][place]
        case "copy":
            workbook[sheet][place].copy_to(workbook[sheet][str(content)])
        case "read":
            workbook[sheet][place].value  # noqa: B018  # reading computes
        case "recalculate":
            workbook.recalculate(full=bool(content))
        case "undo":
            workbook.undo()
        case "redo":
            workbook.redo()
        case "batch":
            with workbook.batch():
                apply(workbook, content)  # type: ignore[arg-type]  # steps
        case "broken batch":
            try:
                with workbook.batch():
                    apply(workbook, content)  # type: ignore[arg-type]  # steps
                    raise _Broken
            except _Broken:
                pass
        case _:
            _define(workbook, step)


def _define(workbook: Workbook, step: Step) -> None:
    verb, sheet, place, content = step
    match verb:
        case "name":
            workbook.names[place] = content
        case "unname":
            del workbook.names[place]
        case "add sheet":
            workbook.add_sheet(sheet)
        case "remove sheet":
            workbook.remove_sheet(sheet)
        case "rename sheet":
            workbook.rename_sheet(sheet, str(content))
