"""A trace: listens to rounds and answers which cells were computed, in what order, what changed and why.

In: the events of an engine's rounds. Out: `Trace`. Invariants: attaching it changes no value; `recomputed` is exact to the cell and in the
order of computation.
"""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator, Sequence
from typing import overload

import numpy as np

from sheetengine.address import Address, Range, quote_sheet
from sheetengine.errors import SheetEngineError, UnknownReference
from sheetengine.recalc.engine import Engine
from sheetengine.recalc.events import Computed, Event, Rewritten, RoundBegan, RoundEnded, Spilled
from sheetengine.recalc.queries import as_areas
from sheetengine.trace import report
from sheetengine.trace.reasons import Cell, Reason, reason_for
from sheetengine.values import Area, Scalar


class CellSequence(Sequence[str]):
    """Cells in order: `len()`, iteration over addresses, `in`, and as ranges."""

    def __init__(self, trace: Trace) -> None:
        self._trace = trace

    def __len__(self) -> int:
        return sum(len(event.rows) for event in self._trace.steps)

    def __iter__(self) -> Iterator[str]:
        for event in self._trace.steps:
            prefix = self._trace.prefix(event.sheet)
            for row, column in zip(event.rows.tolist(), event.columns.tolist(), strict=True):
                yield f"{prefix}{Address(row, column)}"

    @overload
    def __getitem__(self, index: int) -> str: ...

    @overload
    def __getitem__(self, index: slice) -> list[str]: ...

    def __getitem__(self, index: int | slice) -> str | list[str]:
        return list(self)[index]

    def __contains__(self, cell: object) -> bool:
        if not isinstance(cell, str):
            return False
        sheet, row, column = self._trace.cell(cell)
        return any(event.sheet == sheet and ((event.rows == row) & (event.columns == column)).any() for event in self._trace.steps)

    @property
    def ranges(self) -> list[str]:
        """The same cells as ranges, by sheet, without order."""
        found = []
        for sheet in sorted({event.sheet for event in self._trace.steps}):
            rows = np.concatenate([event.rows for event in self._trace.steps if event.sheet == sheet])
            columns = np.concatenate([event.columns for event in self._trace.steps if event.sheet == sheet])
            cells = np.unique(np.stack((rows, columns), axis=1), axis=0)
            found += sorted(self._trace.name(area) for area in as_areas(sheet, cells[:, 0], cells[:, 1]))
        return found

    def __repr__(self) -> str:
        shown = ", ".join(self.ranges[:8])
        return f"<{len(self)} cells: {shown}{', …' if len(self.ranges) > 8 else ''}>"


class Trace:
    """What happened while it was attached. Use as `with wb.trace() as trace:`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.steps: list[Computed] = []
        """Blocks of cells computed together, in order."""
        self.edited: list[tuple[int, tuple[int, int, int, int]]] = []
        self.spilled: list[Spilled] = []
        """Cells that arrays filled or left, in order."""
        self._written: list[Computed | Spilled] = []
        self.rounds: list[RoundEnded] = []
        self._rewritten: list[tuple[int, tuple[int, int, int, int]]] = []
        self._changed: dict[str, tuple[Scalar, Scalar]] | None = None
        self._listening = False

    def __reduce__(self) -> tuple[object, ...]:
        raise pickle.PicklingError("a trace speaks of the cells of its workbook and does not pickle; take trace.to_json() along")

    # -- listening ---------------------------------------------------------------------------------------------------

    def __enter__(self) -> Trace:
        with self._engine.lock:
            if self._listening:
                raise SheetEngineError("this trace is listening already; wb.trace() gives another")
            self._engine.flush(())
            self._engine.evaluator.listeners.attach(self._listen)
            self._listening = True
        return self

    def __exit__(self, *_: object) -> None:
        with self._engine.lock:
            try:
                self._engine.flush(())
            finally:
                self._engine.evaluator.listeners.detach(self._listen)
                self._listening = False

    def _listen(self, event: Event) -> None:
        self._changed = None
        if isinstance(event, Computed):
            self.steps.append(event)
            self._written.append(event)
        elif isinstance(event, RoundBegan):
            self.edited += [(sheet, (row, column, row, column)) for sheet, row, column in event.cells]
            self.edited += [(sheet, rect) for sheet, rect in event.places]
        elif isinstance(event, Spilled):
            self.spilled.append(event)
            self._written.append(event)
        elif isinstance(event, Rewritten):
            self._rewritten += event.places
            self.edited += event.moved
        else:
            self.rounds.append(event)

    # -- names -------------------------------------------------------------------------------------------------------

    def prefix(self, sheet: int) -> str:
        """A sheet's name as it stands before an address."""
        record = self._engine.book.sheets.get(sheet)
        return "#REF!" if record is None else quote_sheet(record.name) + "!"

    def name(self, area: Area) -> str:
        """An area's address with its sheet."""
        return self.prefix(area.sheet) + str(Range(*area[1:]))

    def cell(self, text: str) -> Cell:
        """`Sheet!A1` as ids; raises `UnknownReference`."""
        sheet_text, bang, address = text.rpartition("!")
        if not bang:
            raise UnknownReference(f"{text!r} names no sheet; write Sheet!{text}")
        sheet = self._engine.book.sheet_named(sheet_text.strip("'").replace("''", "'"))
        if sheet is None:
            raise UnknownReference(f"there is no sheet {sheet_text!r}")
        place = Address.parse(address)
        return sheet, place.row, place.column

    # -- answers -----------------------------------------------------------------------------------------------------

    @property
    def recomputed(self) -> CellSequence:
        """The cells computed, in order."""
        return CellSequence(self)

    @property
    def rewritten(self) -> list[str]:
        """The ranges whose formulas have another text because cells moved, in the order of the edits."""
        return [self.name(Area(sheet, *rect)) for sheet, rect in self._rewritten]

    @property
    def seconds(self) -> float:
        """Time the rounds took."""
        return sum(one.seconds for one in self.rounds)

    @property
    def restarts(self) -> int:
        """How often a formula met a cell that was not computed yet and had to run again."""
        return sum(one.restarts for one in self.rounds)

    @property
    def circular(self) -> list[str]:
        """The cells computed that stand in a circle now and count as 0."""
        known = self._engine.evaluator.circles.known
        if not known:
            return []
        computed = {
            (event.sheet, row, column)
            for event in self.steps
            for row, column in zip(event.rows.tolist(), event.columns.tolist(), strict=True)
        }
        return [f"{self.prefix(sheet)}{Address(row, column)}" for sheet, row, column in sorted(known) if (sheet, row, column) in computed]

    @property
    def changed(self) -> dict[str, tuple[Scalar, Scalar]]:
        """The computed cells, and those that their arrays fill or left, whose value is another now: address -> (old, new)."""
        if self._changed is None:
            first: dict[Cell, Scalar] = {}
            last: dict[Cell, Scalar] = {}
            for event in self._written:
                cells = zip(event.rows.tolist(), event.columns.tolist(), event.before.flat(), event.after.flat(), strict=True)
                for row, column, before, after in cells:
                    first.setdefault((event.sheet, row, column), before)
                    last[(event.sheet, row, column)] = after
            self._changed = {
                f"{self.prefix(sheet)}{Address(row, column)}": (old, last[sheet, row, column])
                for (sheet, row, column), old in first.items()
                if not _same(old, last[sheet, row, column])
            }
        return self._changed

    def why(self, cell: str) -> Reason:
        """The reads that lead from an edit to a cell, the shortest way; empty where the cell was not computed."""
        return reason_for(self, self._engine, cell)

    # -- forms -------------------------------------------------------------------------------------------------------

    def blocks(self) -> list[report.BlockReport]:
        """One entry per step: its cells, how many they are, the formula of the first, the time in seconds."""
        return report.blocks(self, self._engine)

    def to_json(self, *, indent: int | None = None) -> str:
        """Everything as JSON."""
        return json.dumps(report.as_json(self), indent=indent)

    def to_mermaid(self, most: int = 40) -> str:
        """The blocks and what each reads of the others, as a Mermaid flowchart."""
        return report.as_mermaid(self, self._engine, most)

    def _repr_html_(self) -> str:
        """For notebooks: what was edited, and the blocks it led to, as a small graph."""
        from sheetengine.trace.picture import trace_html  # noqa: PLC0415  # only notebooks need it

        return trace_html(self, self._engine)

    def __str__(self) -> str:
        return report.as_text(self, self._engine)

    def __repr__(self) -> str:
        return f"<Trace: {len(self.recomputed)} cells recomputed>"


def _same(old: Scalar, new: Scalar) -> bool:
    return type(old) is type(new) and old == new
