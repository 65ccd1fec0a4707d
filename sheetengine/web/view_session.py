"""One page of `view`: what it shows of a shared workbook, and what it asks.

In: messages of the protocol. Out: answers as plain values. Invariants: cells are sent only where the page shows them, and only when they
are other than what it was sent; nothing is written to disk but by `save`.
"""

from __future__ import annotations

from typing import Any

from sheetengine.address import MAX_COLUMNS, MAX_ROWS, Range as Rectangle
from sheetengine.errors import ValueRefused
from sheetengine.trace import Trace
from sheetengine.web.app import Send
from sheetengine.web.inspection import inspect
from sheetengine.web.protocol import (
    MOST_CELLS_PUT,
    MOST_CELLS_SHOWN,
    VIEW,
    Clear,
    Copy,
    Enter,
    Fill,
    Find,
    Inspect,
    Jump,
    Recalculate,
    Redo,
    Save,
    Show,
    Undo,
)  # fmt: skip
from sheetengine.web.shared_workbook import SharedWorkbook, recomputed_within
from sheetengine.workbook import Range, Sheet
from sheetengine.workbook.showing import Shown, shown_cells

_STRIDE = 4096
_MOST_CELLS_FILLED = 1_000_000
_MOST_LOOKS = 100_000
Area = tuple[int, int, int, int]


class ViewSession:
    """A window on a workbook."""

    schemas = VIEW
    in_thread = True
    """An edit may take seconds: others are served meanwhile."""

    def __init__(self, shared: SharedWorkbook, push: Send) -> None:
        self.shared = shared
        self.lock = shared.lock
        self.push = push
        self._sheet = 0
        self._parts: tuple[Area, ...] = ()
        self._sent: dict[tuple[int, int], Shown] = {}
        with shared.lock:
            shared.pages.append(self)

    def close(self) -> None:
        """The page is gone."""
        with self.shared.lock:
            self.shared.pages.remove(self)

    def welcome(self) -> dict[str, Any]:
        """What the page needs to draw itself, but for cells."""
        shared = self.shared
        with shared.lock:
            return {
                "type": "welcome",
                "page": "view",
                "file": "new workbook" if shared.path is None else shared.path.name,
                "looks": {str(sheet.id): self._looks(sheet) for sheet in shared.workbook},
                "names": shared.names(),
                **shared.state(),
            }

    def _looks(self, sheet: Sheet) -> dict[str, Any]:
        looks = self.shared.looks(sheet)
        return {
            "frozen": looks.frozen,
            "widths": looks.widths,
            "hidden_rows": sorted(looks.hidden_rows)[:_MOST_LOOKS],
            "merged": looks.merged[:_MOST_LOOKS],
        }

    def handle(self, message: object) -> dict[str, Any]:
        """The answer to one message."""
        shared = self.shared
        with shared.lock:
            match message:
                case Show(sheet, parts):
                    return self.show(shared.sheet(sheet), parts)
                case Inspect(sheet, row, column):
                    return {"type": "cell", **inspect(shared.sheet(sheet).cell(row + 1, column + 1), shared.history)}
                case Jump(sheet, row, column, way):
                    to = jump(shared.sheet(sheet), row, column, way)
                    return {"type": "place", "row": to[0], "column": to[1]}
                case Find(sheet, text):
                    return {"type": "found", **shared.find(shared.sheet(sheet), text)}
                case Save():
                    shared.save()
                    return {"type": "done", **shared.state()}
                case _:
                    return self._edit(message)

    def _edit(self, message: object) -> dict[str, Any]:
        shared = self.shared
        book = shared.workbook
        match message:
            case Enter(sheet, row, column, rows):
                return shared.edit(self, lambda: self.enter(shared.sheet(sheet), row, column, rows))
            case Clear(sheet, area):
                return shared.edit(self, _range(shared.sheet(sheet), area).clear)
            case Fill(sheet, area, down):
                return shared.edit(self, lambda: self.fill(shared.sheet(sheet), area, down))
            case Copy(sheet, area, to_sheet, row, column):
                source, target = _range(shared.sheet(sheet), area), shared.sheet(to_sheet).cell(row + 1, column + 1)
                return shared.edit(self, lambda: source.copy_to(target))
            case Recalculate(full):
                return shared.edit(self, lambda: book.recalculate(full=full))
            case Undo() | Redo():
                done: list[bool] = []
                answer = shared.edit(self, lambda: done.append(book.undo() if isinstance(message, Undo) else book.redo()))
                return answer | {"nothing": not done[0]}
        raise AssertionError(f"the protocol has no {message!r}")

    # -- showing -----------------------------------------------------------------------------------------------------

    def show(self, sheet: Sheet, parts: tuple[Area, ...]) -> dict[str, Any]:
        """From now on the page shows these parts; the cells that it does not have yet."""
        size = sum((bottom - top + 1) * (right - left + 1) for top, left, bottom, right in parts)
        if size > MOST_CELLS_SHOWN or any(top > bottom or left > right for top, left, bottom, right in parts):
            raise ValueRefused(f"a page shows at most {MOST_CELLS_SHOWN:,} cells, in rectangles from the top left to the bottom right")
        if sheet.id != self._sheet:
            self._sheet, self._sent = sheet.id, {}
        self._parts = parts
        kept = self._sent
        self._sent = {
            (row, column): shown
            for (row, column), shown in kept.items()
            if any(top <= row <= bottom and left <= column <= right for top, left, bottom, right in parts)
        }
        return {"type": "cells", "sheet": sheet.id, "cells": self.changes()}

    def changes(self) -> list[list[object]]:
        """The cells shown that are other than what the page was sent; a blank one has no text and no kind."""
        sheet = self.shared.sheet(self._sheet)
        looks = self.shared.looks(sheet)
        found: list[list[object]] = []
        now: dict[tuple[int, int], Shown] = {}
        for part in self._parts:
            for down, line in enumerate(shown_cells(_range(sheet, part), looks)):
                for right, shown in enumerate(line):
                    if shown.kind:
                        now[part[0] + down, part[1] + right] = shown
        for place, shown in now.items():
            if self._sent.get(place) != shown:
                found.append([*place, shown.text, shown.kind, shown.fill, shown.bar])
        found += [[*place, "", "", None, None] for place in self._sent.keys() - now.keys()]
        self._sent = now
        return found

    def news(self, trace: Trace) -> dict[str, Any]:
        """What an edit changed of what the page shows."""
        if not self._parts or all(sheet.id != self._sheet for sheet in self.shared.workbook):
            return {"sheet": 0, "cells": [], "lit": []}
        return {"sheet": self._sheet, "cells": self.changes(), "lit": recomputed_within(trace, self._sheet, self._parts)}

    # -- edits -------------------------------------------------------------------------------------------------------

    def enter(self, sheet: Sheet, row: int, column: int, rows: tuple[tuple[str, ...], ...]) -> None:
        """Type texts into cells, as one edit."""
        width = max(map(len, rows))
        if len(rows) * width > MOST_CELLS_PUT or row + len(rows) > MAX_ROWS or column + width > MAX_COLUMNS:
            raise ValueRefused(f"at most {MOST_CELLS_PUT:,} cells can be typed at once, all of them on the grid")
        with self.shared.workbook.batch():
            for down, texts in enumerate(rows):
                for right, text in enumerate(texts):
                    sheet.enter(str(Rectangle(row + down, column + right, row + down, column + right)), text)

    def fill(self, sheet: Sheet, area: Area, down: bool) -> None:
        """Copy the first row or column over the rest, as Ctrl+D and Ctrl+R do."""
        top, left, bottom, right = area
        if (bottom - top + 1) * (right - left + 1) > _MOST_CELLS_FILLED:
            raise ValueRefused(f"at most {_MOST_CELLS_FILLED:,} cells can be filled at once")
        first = _range(sheet, (top, left, top, right) if down else (top, left, bottom, left))
        with self.shared.workbook.batch():
            for step in range(1, (bottom - top if down else right - left) + 1):
                first.copy_to(sheet.cell(top + 1 + step, left + 1) if down else sheet.cell(top + 1, left + 1 + step))


def _range(sheet: Sheet, area: Area) -> Range:
    return sheet[str(Rectangle(*area))]


def jump(sheet: Sheet, row: int, column: int, way: str) -> tuple[int, int]:
    """Where Ctrl and an arrow lead: to the end of a run of cells in use, else to the next one, else to the edge of the grid."""
    used = sheet.used_range
    if way == "end":
        return (0, 0) if used is None else (used.row - 2 + used.shape[0], used.column - 2 + used.shape[1])
    step = 1 if way in ("down", "right") else -1
    across = way in ("left", "right")
    here = column if across else row
    edge = 0 if step < 0 else (MAX_COLUMNS if across else MAX_ROWS) - 1
    # Beyond the used range everything is blank.
    reach = 0 if used is None else (used.column + used.shape[1] if across else used.row + used.shape[0]) - 2
    run: bool | None = None
    found = edge
    current = _filled(sheet, row, column)
    at = here + step
    while 0 <= at <= (reach if step > 0 else here):
        chunk = _strip(sheet, row, column, at, step, across, reach if step > 0 else 0)
        for filled in chunk:
            if run is None:
                run = current and filled
            if not run and filled:
                return (row, at) if across else (at, column)
            if run and not filled:
                return (row, at - step) if across else (at - step, column)
            at += step
    if run:
        found = at - step
    return (row, found) if across else (found, column)


def _filled(sheet: Sheet, row: int, column: int) -> bool:
    return sheet.cell(row + 1, column + 1).value is not None


def _strip(sheet: Sheet, row: int, column: int, at: int, step: int, across: bool, end: int) -> list[bool]:
    """Whether the next cells on the way hold something."""
    last = min(at + _STRIDE - 1, end) if step > 0 else max(at - _STRIDE + 1, end)
    low, high = min(at, last), max(at, last)
    cells = _range(sheet, (row, low, row, high) if across else (low, column, high, column))
    value = cells.value
    flat = [value] if cells.size == 1 else value[0] if across else [line[0] for line in value]
    filled = [one is not None for one in flat]
    return filled if step > 0 else filled[::-1]
