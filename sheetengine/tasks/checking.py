"""Check files: do we compute what Excel left in them?

In: workbook files. Out: a `Check` per file: how many formulas agree, by sheet and by function, and the first that do not. Cells that
are volatile or rest on volatile ones are set aside, as are formulas that cannot be computed.
"""

from __future__ import annotations

import os
import re
import time
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from sheetengine.errors import CircularReferenceWarning, SheetEngineError
from sheetengine.io.package import Source
from sheetengine.recalc.blocks import flats
from sheetengine.recalc.watch import Progress
from sheetengine.tasks.comparison import (
    DIFFERENT,
    EQUAL,
    MISSING,
    TOLERANCE,
    UNSUPPORTED,
    CellDifference,
    SheetOutcome,
    differences,
    outcomes,
    unsupported,
)
from sheetengine.tasks.volatility import unsteady, volatile_ranges
from sheetengine.workbook import Workbook, open_workbook

_CALL = re.compile(r"([^\W\d][\w.]*)\(")
_ENDINGS = (".xlsx", ".xlsm", ".xltx", ".xltm")


@dataclass(slots=True)
class Tally:
    """How many formulas agree, of how many that could be compared."""

    matched: int = 0
    compared: int = 0

    def add(self, matched: int, compared: int) -> None:
        """Count some more."""
        self.matched += matched
        self.compared += compared

    @property
    def rate(self) -> float:
        """The share that agrees; 1 where there was nothing to compare."""
        return self.matched / self.compared if self.compared else 1.0


@dataclass(slots=True)
class Check:
    """What checking one file found; `error` says why it could not be read, and then the rest is empty."""

    source: str
    formulas: int = 0
    total: Tally = field(default_factory=Tally)
    missing: int = 0
    """Formulas that the file has no value for."""
    set_aside: int = 0
    """Formulas that are volatile, or depend on one that is."""
    sheets: dict[str, Tally] = field(default_factory=dict)
    functions: dict[str, Tally] = field(default_factory=dict)
    differences: list[CellDifference] = field(default_factory=list)
    unsupported: dict[str, tuple[str, ...]] = field(default_factory=dict)
    volatile: list[str] = field(default_factory=list)
    circular: list[str] = field(default_factory=list)
    error: str | None = None
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        """Whether the file could be read and every formula of it computed and found equal."""
        return self.error is None and not self.unsupported and self.total.matched == self.total.compared


def check_file(source: Source, *, tolerance: float = TOLERANCE, most: int = 100, progress: Progress | None = None) -> Check:
    """Recalculate a file in memory and compare with the values it holds; of the differences the first `most` are listed."""
    started = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CircularReferenceWarning)
        workbook = open_workbook(source, recalculate=True)
        workbook.recalculate(progress=progress)
    opened = workbook._file
    assert opened is not None
    found = Check(opened.document.source)
    sheets = outcomes(workbook, tolerance)
    aside = _set_aside(workbook, sheets)
    for sheet in sheets:
        _count(workbook, sheet, aside[sheet.record.id], found)
    for difference in differences(workbook, sheets, aside):
        found.differences.append(difference)
        if len(found.differences) >= most:
            break
    found.unsupported = unsupported(workbook, sheets)
    found.volatile = volatile_ranges(workbook._engine)
    found.circular = workbook.circular
    found.functions = dict(sorted(found.functions.items()))
    found.seconds = time.perf_counter() - started
    return found


def check_files(paths: Iterable[str | os.PathLike[str]], *, tolerance: float = TOLERANCE, most: int = 100) -> Iterator[Check]:
    """Check files and all workbooks in folders; one that cannot be read is in the answer with the reason."""
    for path in workbooks_in(paths):
        try:
            yield check_file(path, tolerance=tolerance, most=most)
        except (SheetEngineError, OSError) as error:
            yield Check(str(path), error=str(error))


def workbooks_in(paths: Iterable[str | os.PathLike[str]]) -> list[Path]:
    """Files as they are given, folders as the workbooks in them, in order; Excel's lock files (~$…) are none."""
    found: list[Path] = []
    for path in map(Path, paths):
        if path.is_dir():
            found += sorted(file for file in path.rglob("*") if file.suffix.lower() in _ENDINGS and not file.name.startswith(("~$", ".")))
        else:
            found.append(path)
    return found


def _set_aside(workbook: Workbook, sheets: list[SheetOutcome]) -> dict[int, set[int]]:
    """By sheet: the formulas that are volatile or rest on volatile ones."""
    engine = workbook._engine
    by_sheet: dict[int, set[int]] = {sheet.record.id: set() for sheet in sheets}
    places: dict[int, list[np.ndarray[tuple[int, ...], np.dtype[np.int64]]]] = {}
    for number, selection in unsteady(engine).items():
        block = engine.field.blocks[number]
        rows, columns = block.positions(flats(block, selection))
        places.setdefault(block.sheet, []).append(rows.astype(np.int64) * 16_384 + columns)
    for sheet in sheets:
        if sheet.record.id in places:
            keys = sheet.rows * 16_384 + sheet.columns
            aside = np.isin(keys, np.concatenate(places[sheet.record.id]))
            by_sheet[sheet.record.id] = set(np.flatnonzero(aside).tolist())
    return by_sheet


def _count(workbook: Workbook, sheet: SheetOutcome, aside: set[int], into: Check) -> None:
    outcomes_of = sheet.outcomes
    counted = np.ones(len(outcomes_of), bool)
    counted[list(aside)] = False
    into.formulas += len(outcomes_of)
    into.set_aside += int(np.count_nonzero(~counted & (outcomes_of != UNSUPPORTED)))
    into.missing += int(np.count_nonzero(counted & (outcomes_of == MISSING)))
    equal, different = counted & (outcomes_of == EQUAL), counted & (outcomes_of == DIFFERENT)
    matched, compared = int(np.count_nonzero(equal)), int(np.count_nonzero(equal | different))
    into.total.add(matched, compared)
    into.sheets.setdefault(sheet.record.name, Tally()).add(matched, compared)
    owners, inverse = np.unique(sheet.owners, return_inverse=True)
    equal_of = np.bincount(inverse, weights=equal, minlength=len(owners)).astype(np.int64)
    compared_of = np.bincount(inverse, weights=equal | different, minlength=len(owners)).astype(np.int64)
    for owner, hits, seen in zip(owners.tolist(), equal_of.tolist(), compared_of.tolist(), strict=True):
        if owner > 0 and seen:
            for name in functions_of(workbook._engine.field.blocks[owner].program.shape.key):
                into.functions.setdefault(name, Tally()).add(hits, seen)


def functions_of(key: str) -> set[str]:
    """The functions that a shape calls; "operators" stands for a formula without any."""
    return {name.upper() for name in _CALL.findall(key)} or {"operators"}
