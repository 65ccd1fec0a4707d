"""A trace: listens to rounds and answers which cells were computed, in what order, what changed and why.

In: the events of an engine's rounds. Out: `Trace`, readable when printed, as JSON and as a Mermaid graph. Invariants: attaching
it changes no value; `recomputed` is exact to the cell and in the order of computation.
"""

from __future__ import annotations

import json
import pickle
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import overload

import numpy as np

from sheetengine.address import Address, Range, quote_sheet
from sheetengine.errors import SheetEngineError, UnknownReference
from sheetengine.recalc.engine import Engine
from sheetengine.recalc.events import Computed, Event, Rewritten, RoundBegan, RoundEnded, Spilled
from sheetengine.recalc.queries import as_areas, precedents
from sheetengine.values import Area, Scalar

_FEW = 64
"""Cells of an area that are looked up one by one."""

Cell = tuple[int, int, int]
"""Sheet, row, column."""


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


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a cell was computed: the reads that lead from an edit to it, each (cell, what its formula reads there)."""

    cell: str
    path: tuple[str, ...]
    reads: tuple[str, ...] = field(default=())

    def __bool__(self) -> bool:
        return bool(self.path)

    def __str__(self) -> str:
        if not self.path:
            return f"{self.cell} was not computed"
        lines = [f"{self.path[0]} was edited"]
        lines += [
            f"{'  ' * (depth + 1)}{cell} reads {read}" for depth, (cell, read) in enumerate(zip(self.path[1:], self.reads, strict=True))
        ]
        return "\n".join(lines)


class Trace:
    """What happened while it was attached. Use as `with wb.trace() as trace:`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.steps: list[Computed] = []
        """Blocks of cells computed together, in order."""
        self.edited: list[tuple[int, tuple[int, int, int, int]]] = []
        self.spilled: list[Spilled] = []
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
        elif isinstance(event, RoundBegan):
            self.edited += [(sheet, (row, column, row, column)) for sheet, row, column in event.cells]
            self.edited += [(sheet, rect) for sheet, rect in event.places]
        elif isinstance(event, Spilled):
            self.spilled.append(event)
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
        """The computed cells whose value is another now: address -> (old, new)."""
        if self._changed is None:
            first: dict[Cell, Scalar] = {}
            last: dict[Cell, Scalar] = {}
            for event in self.steps:
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
        target = self.cell(cell)
        computed = _Computed(self.steps)
        if target not in computed.places:
            return Reason(cell, ())
        came: dict[Cell, tuple[Cell, str] | None] = {target: None}
        waiting = deque([target])
        while waiting:
            here = waiting.popleft()
            sheet, row, column = here
            for area in precedents(self._engine, Area(sheet, row, column, row, column)):
                source = self._edit_in(area)
                if source is not None:
                    return self._reason(cell, source, here, self.name(area), came)
                for other in computed.within(area):
                    if other not in came:
                        came[other] = (here, self.name(area))
                        waiting.append(other)
        # Nothing it reads was edited: its own formula was, or it is volatile.
        return Reason(cell, (cell,))

    def _edit_in(self, area: Area) -> Area | None:
        for sheet, rect in self.edited:
            common = area.intersect(Area(sheet, *rect))
            if common is not None:
                return common
        return None

    def _reason(self, cell: str, source: Area, first: Cell, read: str, came: dict[Cell, tuple[Cell, str] | None]) -> Reason:
        path, reads = [self.name(source)], [read]
        here: Cell | None = first
        while here is not None:
            path.append(f"{self.prefix(here[0])}{Address(here[1], here[2])}")
            step = came[here]
            if step is None:
                break
            here = step[0]
            reads.append(step[1])
        return Reason(cell, tuple(path), tuple(reads))

    # -- forms -------------------------------------------------------------------------------------------------------

    def blocks(self) -> list[dict[str, object]]:
        """One entry per step: its cells, a formula, how many changed, the time in seconds."""
        found = []
        for event in self.steps:
            areas = list(as_areas(event.sheet, event.rows, event.columns))
            row, column = int(event.rows[0]), int(event.columns[0])
            found.append({
                "cells": [self.name(area) for area in areas[:20]],
                "count": len(event.rows),
                "formula": self._engine.field.formula_text(event.sheet, row, column),
                "seconds": event.seconds,
            })  # fmt: skip
        return found

    def to_json(self, *, indent: int | None = None) -> str:
        """Everything as JSON."""
        return json.dumps(
            {
                "edited": [self.name(Area(sheet, *rect)) for sheet, rect in self.edited],
                "rewritten": self.rewritten,
                "recomputed": len(self.recomputed),
                "blocks": self.blocks(),
                "changed": {cell: [_plain(old), _plain(new)] for cell, (old, new) in self.changed.items()},
                "seconds": self.seconds,
                "restarts": self.restarts,
                "circular": self.circular,
            },
            indent=indent,
        )

    def to_mermaid(self, most: int = 40) -> str:
        """The blocks and what each reads of the others, as a Mermaid flowchart."""
        lines = ["flowchart LR"]
        nodes: list[tuple[str, int, list[Area]]] = []
        for number, (sheet, rect) in enumerate(self.edited[:most]):
            area = Area(sheet, *rect)
            lines.append(f'  e{number}(["{self.name(area)}"])')
            nodes.append((f"e{number}", 0, [area]))
        for number, event in enumerate(self.steps[:most]):
            areas = list(as_areas(event.sheet, event.rows, event.columns))
            label = ", ".join(self.name(area) for area in areas[:3]) + (", …" if len(areas) > 3 else "")
            lines.append(f'  b{number}["{label}"]')
            read = [area for one in areas[:20] for area in precedents(self._engine, one)]
            for other, _, own in nodes:
                if any(one.intersect(area) is not None for area in read for one in own):
                    lines.append(f"  {other} --> b{number}")
            nodes.append((f"b{number}", 0, areas))
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        """For notebooks: what was edited, and the blocks it led to, as a small graph."""
        from sheetengine.trace.picture import trace_html  # noqa: PLC0415  # only notebooks need it

        return trace_html(self, self._engine)

    def __str__(self) -> str:
        edited = ", ".join(self.name(Area(sheet, *rect)) for sheet, rect in self.edited[:8]) or "nothing"
        lines = [f"edited: {edited}", f"recomputed: {len(self.recomputed)} cells, {len(self.changed)} changed, {_time(self.seconds)}"]
        for block in self.blocks()[:40]:
            cells = block["cells"]
            assert isinstance(cells, list)
            shown = ", ".join(cells[:4]) + (", …" if len(cells) > 4 else "")
            seconds = block["seconds"]
            assert isinstance(seconds, float)
            lines.append(f"├─ {shown}  {block['count']} cells  {_time(seconds)}  {block['formula']}")
        if len(self.steps) > 40:
            lines.append(f"└─ … {len(self.steps) - 40} more")
        elif self.steps:
            lines[-1] = lines[-1].replace("├", "└", 1)
        circular = self.circular
        if circular:
            lines.append(f"circular, 0: {', '.join(circular[:8])}{', …' if len(circular) > 8 else ''}")
        return "\n".join(lines)

    def __repr__(self) -> str:
        return f"<Trace: {len(self.recomputed)} cells recomputed>"


class _Computed:
    """The cells of a trace by place: those within an area are found without looking at all of them."""

    def __init__(self, steps: list[Computed]) -> None:
        self._sheets = {
            sheet: (
                np.concatenate([step.rows for step in steps if step.sheet == sheet]),
                np.concatenate([step.columns for step in steps if step.sheet == sheet]),
            )
            for sheet in {step.sheet for step in steps}
        }
        self.places = {
            (sheet, row, column)
            for sheet, (rows, columns) in self._sheets.items()
            for row, column in zip(rows.tolist(), columns.tolist(), strict=True)
        }

    def within(self, area: Area) -> list[Cell]:
        """Row by row."""
        if (area.bottom - area.top + 1) * (area.right - area.left + 1) <= _FEW:
            around = ((area.sheet, r, c) for r in range(area.top, area.bottom + 1) for c in range(area.left, area.right + 1))
            return [cell for cell in around if cell in self.places]
        if area.sheet not in self._sheets:
            return []
        rows, columns = self._sheets[area.sheet]
        inside = (rows >= area.top) & (rows <= area.bottom) & (columns >= area.left) & (columns <= area.right)
        return sorted((area.sheet, row, column) for row, column in zip(rows[inside].tolist(), columns[inside].tolist(), strict=True))


def _same(old: Scalar, new: Scalar) -> bool:
    return type(old) is type(new) and old == new


def _plain(value: Scalar) -> object:
    return value if value is None or isinstance(value, bool | float | str) else str(value)


def _time(seconds: float) -> str:
    return f"{seconds * 1e6:.0f} µs" if seconds < 1e-3 else f"{seconds * 1e3:.1f} ms" if seconds < 1 else f"{seconds:.2f} s"
