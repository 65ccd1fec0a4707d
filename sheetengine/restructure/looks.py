"""What of a sheet's looks follows its cells: merged cells, hidden rows, widths.

In: a `SheetRecord` and a shift. Out: the record after it; `Looks` keeps it as it was.
"""

from __future__ import annotations

from dataclasses import dataclass

from sheetengine.recalc.book import SheetRecord
from sheetengine.syntax.shift import Shift


@dataclass(frozen=True, slots=True)
class Looks:
    """A sheet's looks, kept to be put back."""

    hidden_rows: frozenset[int]
    filtered_rows: frozenset[int]
    widths: dict[int, float]
    merged: tuple[tuple[int, int, int, int], ...]

    @classmethod
    def of(cls, record: SheetRecord) -> Looks:
        """Those of a sheet now."""
        return cls(frozenset(record.hidden_rows), frozenset(record.filtered_rows), dict(record.widths), tuple(record.merged))

    def restore(self, record: SheetRecord) -> None:
        """Give them back."""
        record.hidden_rows, record.filtered_rows = set(self.hidden_rows), set(self.filtered_rows)
        record.widths, record.merged = dict(self.widths), list(self.merged)


def shift_looks(record: SheetRecord, shift: Shift) -> None:
    """Let them follow a shift; a merged range of which one cell is left is merged no more."""
    areas = [shift.area(area) for area in record.merged]
    record.merged = [area for area in areas if area is not None and area[:2] != area[2:]]
    if not shift.whole:
        return
    if shift.rows:
        record.hidden_rows = _lines(record.hidden_rows, shift)
        record.filtered_rows = _lines(record.filtered_rows, shift)
        return
    moved = {line: width for column, width in record.widths.items() if (line := shift.line(column)) is not None}
    if shift.count > 0 and shift.at - 1 in record.widths:
        # New columns are as wide as the one before them.
        moved.update(dict.fromkeys(range(shift.at, shift.at + shift.count), record.widths[shift.at - 1]))
    record.widths = moved


def _lines(lines: set[int], shift: Shift) -> set[int]:
    return {moved for line in lines if (moved := shift.line(line)) is not None}
