"""When and how a workbook is computed, and what the computing met; `Workbook` inherits it.

In: settings, a wish to recalculate. Out: rounds of the engine, the cells that are circular, unsupported or hold errors.
"""

from __future__ import annotations

import contextlib
import datetime
import functools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from sheetengine.address import Address, quote_sheet
from sheetengine.errors import ValueRefused
from sheetengine.recalc.engine import Engine
from sheetengine.recalc.watch import Progress, Watch
from sheetengine.values import Area, CellError
from sheetengine.workbook.changes import CalendarChange
from sheetengine.workbook.edits import Editor
from sheetengine.workbook.journal import Journal

if TYPE_CHECKING:
    from sheetengine.workbook.range_contents import RangeContents
    from sheetengine.workbook.sheet import Sheet


class Calculation:
    """Rounds, their settings and their findings."""

    __slots__ = ("_editor", "_engine", "_journal", "_kept", "_watch")

    _editor: Editor
    _engine: Engine
    _journal: Journal
    _kept: dict[str, tuple[str, ...]]
    _watch: Watch | None

    if TYPE_CHECKING:

        def __iter__(self) -> Iterator[Sheet]: ...
        def batch(self) -> contextlib.AbstractContextManager[None]:
            """As `Workbook` has it."""

    # -- rounds ------------------------------------------------------------------------------------------------------

    def _flush(self, asked: RangeContents | None = None) -> None:
        """Compute what is dirty; cells that could not be computed are tried again where they are asked for, or an edit concerns them."""
        self._engine.flush((asked._area(),) if asked is not None and self._engine.resting else ())

    def recalculate(self, *, full: bool = False, timeout: float | None = None, progress: Progress | None = None) -> None:
        """Compute what is dirty and what is volatile; `full`: everything afresh. In manual mode nothing else computes.

        Circles that are iterated go on from where they are, as with Excel's F9.

        A round that takes longer than `timeout` seconds, or is told to stop by `cancel`, raises `RecalculationInterrupted`: what it
        computed stands, the rest stays dirty and is computed by the next read. `progress(done, total)` is called some 20 times a second.
        """
        watch = Watch(timeout, progress)
        with self._engine.lock:
            self._watch = watch
            try:
                self._engine.recalculate(full=full, watch=watch)
            finally:
                self._watch = None

    def cancel(self) -> bool:
        """Stop the `recalculate` that runs in another thread; False where none runs."""
        watch = self._watch
        if watch is not None:
            watch.cancelled = True
        return watch is not None

    # -- settings ----------------------------------------------------------------------------------------------------

    @property
    def calculation(self) -> Literal["automatic", "manual"]:
        """Whether reading computes what is dirty, or only `recalculate` does."""
        return "automatic" if self._engine.automatic else "manual"

    @calculation.setter
    def calculation(self, mode: Literal["automatic", "manual"]) -> None:
        if mode not in ("automatic", "manual"):
            raise ValueRefused(f"calculation is 'automatic' or 'manual', not {mode!r}")
        self._engine.automatic = mode == "automatic"

    def iterate(self, enabled: bool = True, *, count: int = 100, change: float = 0.001) -> None:
        """Compute circles again and again, at most `count` times, until no value changes by `change` (Excel's defaults)."""
        if not (1 <= count <= 32_767 and change >= 0):
            raise ValueRefused("iteration takes 1 to 32,767 passes and a change of 0 or more")
        with self._engine.lock:
            settings = self._engine.evaluator.iteration
            settings.enabled, settings.count, settings.change = enabled, count, change
            for sheet, row, column in self._engine.evaluator.circles.known:
                self._engine.mark_formula(sheet, row, column)

    @property
    def date1904(self) -> bool:
        """Whether dates count from 1904, as on old Macs. Switching it leaves the numbers as they are, so that dates shift, as in Excel."""
        return self._engine.book.date1904

    @date1904.setter
    def date1904(self, on: bool) -> None:
        with self._engine.lock:
            if bool(on) != self.date1904:
                self._journal.note(CalendarChange(bool(on)).swap(self._engine))

    @property
    def precision_as_displayed(self) -> bool:
        """Whether cells keep only the digits that their number formats show. Switching it on rounds the constants for good, as in Excel."""
        return self._engine.evaluator.displayed.on

    @precision_as_displayed.setter
    def precision_as_displayed(self, on: bool) -> None:
        with self._engine.lock, self.batch():
            if bool(on) != self.precision_as_displayed:
                self._editor.set_displayed(bool(on))

    @property
    def largest_result(self) -> int:
        """Cells of the largest array that a formula may give; beyond it the answer is #NUM!, and no memory is taken for it."""
        return self._engine.evaluator.forms.largest

    @largest_result.setter
    def largest_result(self, cells: int) -> None:
        if not isinstance(cells, int) or cells < 1:
            raise ValueRefused(f"a result has at least one cell, not {cells!r}")
        self._engine.evaluator.forms.largest = cells

    @property
    def early_cutoff(self) -> bool:
        """Whether a round stops at values that came out as they were; off, as in Excel, where all that depends on an edit is computed."""
        return self._engine.evaluator.early_cutoff

    @early_cutoff.setter
    def early_cutoff(self, on: bool) -> None:
        with self._engine.lock:
            self._flush()
            self._engine.evaluator.early_cutoff = bool(on)

    def fix_clock(self, moment: datetime.datetime | None) -> None:
        """What NOW and TODAY answer; None: the time of each round."""
        with self._engine.lock:
            self._engine.reader.clock = datetime.datetime.now if moment is None else functools.partial(_still, moment)

    def fix_seed(self, seed: int | None) -> None:
        """Make RAND and its like the same in every run: numbers follow from seed, round, cell and call; None: by chance."""
        with self._engine.lock:
            self._engine.reader.seed = seed
            self._engine.reader.round = 0

    # -- findings ----------------------------------------------------------------------------------------------------

    @property
    def circular(self) -> list[str]:
        """The cells that depend on themselves and count as 0, in the order of tabs, rows and columns."""
        with self._engine.lock:
            self._flush()
            known = self._engine.evaluator.circles.known
            order = {sheet: place for place, sheet in enumerate(self._engine.book.order)}
            # A cell that holds no formula any more stands in no circle; one on a sheet that went comes back with it.
            return [
                self._address(Area(s, r, c, r, c))
                for s, r, c in sorted(known, key=lambda cell: (order.get(cell[0], -1), cell))
                if s in self._engine.book.sheets and self._engine.field.find(s, r, c) is not None
            ]

    @property
    def unsupported(self) -> dict[str, tuple[str, ...]]:
        """Cells whose formulas name what we cannot compute, and what that is; cells of a file keep the file's values."""
        with self._engine.lock:
            found = dict(self._kept)
            for block in self._engine.field:
                if block.program.recipe.unsupported:
                    for member in self._engine.field.members(block).tolist():
                        row, column = block.cell(member)
                        found[self._address(Area(block.sheet, row, column, row, column))] = block.program.recipe.unsupported
            return found

    def errors(self) -> dict[str, CellError]:
        """All cells that hold an error, and the error with the cell it came from."""
        found = {}
        for sheet in self:
            for cell in sheet.cells_with(error=True):
                found[cell.address] = cell.value
        return found

    def _address(self, area: Area) -> str:
        return f"{quote_sheet(self._engine.book.sheets[area.sheet].name)}!{Address(area.top, area.left)}"


def _still(moment: datetime.datetime) -> datetime.datetime:
    return moment
