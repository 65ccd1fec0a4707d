"""The workbook of a file that pages of `view` share: one lock, one history, and everyone told of every edit.

In: edits of sessions, from any thread. Out: what each page shows, kept up to date. Invariants: an edit is made under the lock and
seen by all pages in the same order; what a page was sent is remembered, so that it is sent nothing twice.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sheetengine.address import quote_sheet
from sheetengine.errors import SheetEngineError, UnknownReference
from sheetengine.trace import Trace
from sheetengine.web.history import History
from sheetengine.web.inspection import place
from sheetengine.web.trace_summary import summary
from sheetengine.workbook import Sheet, Workbook
from sheetengine.workbook.looks import Looks

if TYPE_CHECKING:
    from sheetengine.web.view_session import ViewSession

_MOST_NAMES = 2_000


class SharedWorkbook:
    """A workbook, its file, and the pages that show it."""

    def __init__(self, workbook: Workbook, path: Path | None = None) -> None:
        self.workbook = workbook
        self.path = path
        self.lock = threading.RLock()
        self.history = History()
        self.pages: list[ViewSession] = []
        self.unsaved = False
        self._looks: dict[int, Looks] = {}

    def sheet(self, number: int) -> Sheet:
        """A sheet by its number."""
        for sheet in self.workbook:
            if sheet.id == number:
                return sheet
        raise UnknownReference("there is no such sheet any more")

    def looks(self, sheet: Sheet) -> Looks:
        """The looks of a sheet, read from the file once."""
        found = self._looks.get(sheet.id)
        if found is None:
            found = self._looks[sheet.id] = sheet.looks
        return found

    def edit(self, page: ViewSession, change: Callable[[], object]) -> dict[str, Any]:
        """Make an edit for one page: its answer; the other pages are told."""
        with self.lock:
            with self.workbook.trace() as trace:
                change()
            self.history.add(trace)
            self.unsaved = True
            told = summary(trace)
            for other in self.pages:
                if other is not page:
                    other.push({"type": "edited", "trace": told, **other.news(trace), **self.state()})
            return {"type": "done", "trace": told, **page.news(trace), **self.state()}

    def save(self) -> None:
        """Write the file."""
        with self.lock:
            if self.path is None:
                raise SheetEngineError("this workbook has no file yet: start with `sheetengine view FILE`")
            self.workbook.save(self.path)
            self.unsaved = False
            for page in self.pages:
                page.push({"type": "saved", **self.state()})

    def state(self) -> dict[str, Any]:
        """What the pages show of the workbook as a whole."""
        return {"unsaved": self.unsaved, "sheets": [self.describe(sheet) for sheet in self.workbook]}

    def describe(self, sheet: Sheet) -> dict[str, Any]:
        """A sheet's tab, and how far it is used."""
        used = sheet.used_range
        rows, columns = (0, 0) if used is None else (used.row - 1 + used.shape[0], used.column - 1 + used.shape[1])
        return {"id": sheet.id, "name": sheet.name, "state": sheet.state, "rows": rows, "columns": columns}

    def names(self) -> list[dict[str, Any]]:
        """The defined names, with the place of those that stand for one."""
        found = []
        for name in list(self.workbook.names)[:_MOST_NAMES]:
            told: dict[str, Any] = {"name": name, "text": self.workbook.names[name]}
            # A name may stand for a constant, a formula, or for what is not there.
            with contextlib.suppress(UnknownReference):
                told |= place(self.workbook.range(name))
            found.append(told)
        return found

    def find(self, sheet: Sheet, text: str) -> dict[str, Any]:
        """The place that was typed into the name box."""
        text = text.strip().removeprefix("=")
        if "!" in text:
            return place(self.workbook.range(text))
        try:
            return place(sheet[text])
        except UnknownReference:
            return place(
                self.workbook.range(text) if text in self.workbook.names else self.workbook.range(f"{quote_sheet(sheet.name)}!{text}")
            )


def recomputed_within(trace: Trace, sheet: int, parts: tuple[tuple[int, int, int, int], ...]) -> list[list[int]]:
    """The cells of some rectangles that a trace computed."""
    found: list[list[int]] = []
    for step in trace.steps:
        if step.sheet != sheet:
            continue
        for top, left, bottom, right in parts:
            inside = (step.rows >= top) & (step.rows <= bottom) & (step.columns >= left) & (step.columns <= right)
            if inside.any():
                found += [list(cell) for cell in zip(step.rows[inside].tolist(), step.columns[inside].tolist(), strict=True)]
    return found
