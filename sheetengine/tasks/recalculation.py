"""Recalculate a file: compute everything, put the values into the file, touch nothing else.

In: a workbook file, edits. Out: the file with its cached values as they are computed here, and a `Recalculation` that says what was
found. Invariants: what cannot be computed keeps the file's value and is listed; a failure leaves the old file whole.
"""

from __future__ import annotations

import os
import time
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

from sheetengine.errors import CircularReferenceWarning, FileFormatError
from sheetengine.io.csv_read import ENDINGS as CSV_ENDINGS
from sheetengine.io.package import Source
from sheetengine.recalc.watch import Progress
from sheetengine.tasks.comparison import DIFFERENT, EQUAL, MISSING, TOLERANCE, CellDifference, differences, outcomes, unsupported
from sheetengine.tasks.inputs import set_input
from sheetengine.tasks.volatility import volatile_ranges
from sheetengine.workbook import Workbook, open_workbook

MOST_LISTED = 1000


@dataclass(frozen=True, slots=True)
class Recalculation:
    """What recalculating a file found and did.

    `equal`, `different` and `missing` count its formulas by how the value it held compares with the one computed; of the
    `differences` the first thousand are kept. `signed`: the file has a digital signature, which no longer holds once it is written.
    """

    source: str
    output: str | None
    computed: int
    equal: int
    different: int
    missing: int
    differences: list[CellDifference] = field(default_factory=list)
    unsupported: dict[str, tuple[str, ...]] = field(default_factory=dict)
    volatile: list[str] = field(default_factory=list)
    circular: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    signed: bool = False
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        """Whether every formula was computed and none stands in a circle."""
        return not self.unsupported and not self.circular


def recalculate_file(
    source: Source,
    output: str | os.PathLike[str] | BinaryIO | None = None,
    *,
    edits: Mapping[str, object] | Callable[[Workbook], object] | None = None,
    write: bool = True,
    tolerance: float = TOLERANCE,
    timeout: float | None = None,
    progress: Progress | None = None,
) -> Recalculation:
    """Compute every formula of a workbook and write the values into the file.

    `output`: where to, by default `source` itself where that is a path. `edits`: new values by reference or name, `{"Data!B2": 5}` (a name may stand for cells or for a constant), or a
    function that edits the workbook. `write=False` only reports. `timeout` in seconds: what takes longer raises, and nothing is written.
    """
    started = time.perf_counter()
    if write:
        _refuse_text(source, output)
    with warnings.catch_warnings():
        # Circles are in the answer.
        warnings.simplefilter("ignore", CircularReferenceWarning)
        workbook = open_workbook(source, recalculate=True)
        mode, workbook.calculation = workbook.calculation, "manual"
        # In manual mode the edits compute nothing by the way: one round does all, within the time allowed.
        if callable(edits):
            edits(workbook)
        elif edits:
            with workbook.batch():
                for reference, value in edits.items():
                    set_input(workbook, reference, value)
        workbook.recalculate(timeout=timeout, progress=progress)
        computed = workbook._engine.evaluator.tally.cells
        workbook.calculation = mode
    opened = workbook._file
    assert opened is not None
    sheets = outcomes(workbook, tolerance)
    found = []
    for difference in differences(workbook, sheets):
        found.append(difference)
        if len(found) == MOST_LISTED:
            break
    package = opened.document.package
    target = output
    if target is None and isinstance(source, str | os.PathLike):
        target = source
    if write and target is not None:
        workbook.save(target)
    written = os.fspath(target) if write and isinstance(target, str | os.PathLike) else None
    return Recalculation(
        source=opened.document.source,
        output=written,
        computed=computed,
        equal=sum(sheet.count(EQUAL) for sheet in sheets),
        different=sum(sheet.count(DIFFERENT) for sheet in sheets),
        missing=sum(sheet.count(MISSING) for sheet in sheets),
        differences=found,
        unsupported=unsupported(workbook, sheets),
        volatile=volatile_ranges(workbook._engine),
        circular=workbook.circular,
        notes=list(opened.document.notes),
        signed=package is not None and any(entry.filename.lower().startswith("_xmlsignatures/") for entry in package.entries),
        seconds=time.perf_counter() - started,
    )


def _refuse_text(source: Source, output: object) -> None:
    """A text file is not written over: it would come back with its numbers in other digits and its texts escaped."""
    target = source if output is None else output
    if isinstance(target, str | os.PathLike) and os.fspath(target).lower().endswith(CSV_ENDINGS):
        if output is None:
            raise FileFormatError(
                f"{os.fspath(target)}: a text file holds no formulas, and is not written over; give a workbook to write to"
            )
        raise FileFormatError(
            f"{os.fspath(target)}: recalculated values go into a workbook (.xlsx); ws.to_csv writes those of a sheet as text"
        )
