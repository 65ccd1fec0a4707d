"""The formulas of a sheet, grouped: those that are one formula, seen from their cells.

In: texts at cells, as a file has them, and the groups the file says itself (shared formulas). Out: `FillGroup`s with the runs of
cells down the columns where each stands. Invariants: every cell that is given is in one group, or among the `refused` with the
reason; formulas are in one group exactly where shape, operands as seen from the cell, their spelling and the mode are the same.
A text that a fill predicts is compared, not lifted (0.3 us against 5).
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sheetengine.errors import FormulaSyntaxError
from sheetengine.syntax.file_forms import from_file
from sheetengine.syntax.fill import ColumnPredictor, column_predictor, relative_key
from sheetengine.syntax.operands import AnyOperand, Constant, TableReference
from sheetengine.syntax.parser import read
from sheetengine.syntax.scattered import Scattered, Stretch, are_simple, scatter
from sheetengine.syntax.shape import Shape

_PREFIXES = re.compile(r"(?<!\w)(?:_xlfn\.|_xlws\.|_xlpm\.|_xludf\.|_xlop\.|_xleta\.)")
_MOST_COMPARED = 4096
_PATIENCE = 32
"""Texts of a column that are no fills before they are taken to be all different."""
_LEAST_SKIPPED, _MOST_SKIPPED = 32, 512
_KEPT = 4
"""Predictors tried for a text: sheets often repeat a pattern of a few rows."""


@dataclass(slots=True, eq=False)
class FillGroup:
    """One formula: its operands as seen from its home cell, and its runs (column, first row, last row)."""

    shape: Shape
    operands: tuple[AnyOperand, ...]
    row: int
    column: int
    mode: str
    runs: list[list[int]] = field(default_factory=list)
    predict: ColumnPredictor | None = None
    """The text at another row of the column for which it was made."""

    def add(self, column: int, first: int, last: int) -> None:
        """Take in cells; they come down each column."""
        if self.runs:
            before = self.runs[-1]
            if before[0] == column and before[2] == first - 1:
                before[2] = last
                return
        self.runs.append([column, first, last])


@dataclass(frozen=True, slots=True)
class Refused:
    """A formula whose text does not parse, and why."""

    row: int
    column: int
    text: str
    reason: str


FileRun = tuple[int, int, int, list[str] | None, int, str]
"""Column, first and last row, a text for each row (None for followers of a shared group), the number of the group or -1, mode."""


class Grouped(NamedTuple):
    """The formulas of a sheet: fills, formulas that are all different, and what does not parse."""

    fills: list[FillGroup]
    scattered: list[Scattered]
    refused: list[Refused]


def group_fills(formulas: Iterable[FileRun], masters: dict[int, tuple[int, int, str]]) -> Grouped:
    """Group formulas that come column by column, downwards; `masters`: (row, column, text) of each shared group.

    >>> groups, _, _ = group_fills([(2, 0, 8, [f"A{row + 1}*2" for row in range(9)], -1, "legacy")], {})
    >>> [(group.shape, group.runs) for group in groups]
    [(Shape('·*·'), [[2, 0, 8]])]
    """
    return _Grouping(masters).run(formulas)


class _Recent:
    """The formulas of a column whose fills are tried on the next text, the newest first."""

    def __init__(self, before: _Recent | None = None) -> None:
        self._groups: list[FillGroup] = []
        # Where the column before had no fills, this one is given up sooner.
        self._hits, self._misses = 0, 0 if before is None or before.worth_predicting() else _PATIENCE - 4
        self._trials, self._stride = 0, _LEAST_SKIPPED

    def predicting(self, text: str, row: int, mode: str) -> FillGroup | None:
        """The group that has this text at this row."""
        for group in self._groups:
            if group.mode == mode and group.predict is not None and group.predict(row) == text:
                self._hits += 1
                self._trials, self._stride = 2, _LEAST_SKIPPED
                return group
        self._misses += 1
        return None

    def worth_predicting(self) -> bool:
        """Whether fills happen here at all."""
        return self._misses < _PATIENCE or self._hits * 8 > self._misses

    def skip(self) -> int:
        """How many of the next texts need not be tried, since hardly one before was a fill; 0: the next one is to be tried.

        Ever fewer are tried, two each time: that the first began a fill shows in the second.
        """
        if self.worth_predicting():
            return 0
        if self._trials:
            self._trials -= 1
            return 0
        self._trials, stride = 2, self._stride
        self._stride = min(2 * stride, _MOST_SKIPPED)
        return stride

    def take(self, group: FillGroup) -> None:
        """A formula that was met just now."""
        if group in self._groups:
            self._groups.remove(group)
        self._groups.insert(0, group)
        del self._groups[_KEPT:]


class _Grouping:
    def __init__(self, masters: dict[int, tuple[int, int, str]]) -> None:
        self.masters = masters
        self.groups: dict[Hashable, FillGroup] = {}
        self.shared: dict[int, FillGroup | str] = {}
        self.refused: list[Refused] = []
        self.different: dict[str, list[Stretch]] = {}
        """By mode, texts of columns where no formula is a fill of another."""

    def run(self, formulas: Iterable[FileRun]) -> Grouped:
        here, recent = -1, _Recent()
        for column, first, last, texts, number, mode in formulas:
            if texts is None:
                found = self.shared.get(number)
                if found is None:
                    found = self.shared[number] = self._master(number, mode)
                if isinstance(found, str):
                    self.refused += [Refused(row, column, self.masters[number][2], found) for row in range(first, last + 1)]
                else:
                    found.add(column, first, last)
                continue
            if column != here:
                here, recent = column, _Recent(recent)
            self._texts(column, first, texts, mode, recent)
        scattered: list[Scattered] = []
        for mode, different in self.different.items():
            made, rest = scatter(different, mode)
            scattered += made
            for column, row, text in rest:
                self._one(text, row, column, mode)
        return Grouped(list(self.groups.values()), scattered, self.refused)

    def _one(self, text: str, row: int, column: int, mode: str) -> FillGroup | None:
        """One text by itself."""
        try:
            group = self._group(text, row, column, mode)
        except FormulaSyntaxError as error:
            self.refused.append(Refused(row, column, text, error.message))
            return None
        group.add(column, row, row)
        return group

    def _texts(self, column: int, first: int, texts: Sequence[str], mode: str, recent: _Recent) -> None:
        """Texts in unbroken rows."""
        place, count, streak = 0, len(texts), 0
        plain = [_PREFIXES.sub("", text) if "_xl" in text else text for text in texts]
        before: FillGroup | None = None
        while place < count:
            skipped = recent.skip()
            if skipped:
                self._unpredicted(column, first + place, texts[place : place + skipped], mode)
                place += skipped
                before = None
                continue
            row, text = first + place, texts[place]
            group = recent.predicting(plain[place], row, mode)
            if group is None:
                place += 1
                before = None
                group = self._one(text, row, column, mode)
                if group is not None:
                    group.predict = column_predictor(group.shape, self._last_operands, row)
                    recent.take(group)
                continue
            # A fill is compared piece by piece, and the pieces grow as long as they agree.
            streak = min(2 * streak, _MOST_COMPARED) if group is before else 1
            before = group
            end = min(place + streak, count)
            assert group.predict is not None
            if streak > 1 and group.predict.many(row, first + end) != plain[place:end]:
                streak, end = 1, place + 1
            group.add(column, row, first + end - 1)
            place = end

    def _unpredicted(self, column: int, first: int, texts: Sequence[str], mode: str) -> None:
        """Texts that are taken to be all different: together where they are simple."""
        if are_simple(texts):
            self.different.setdefault(mode, []).append((column, first, texts))
            return
        for row, text in enumerate(texts, first):
            if are_simple((text,)):
                self.different.setdefault(mode, []).append((column, row, (text,)))
            else:
                self._one(text, row, column, mode)

    def _master(self, number: int, mode: str) -> FillGroup | str:
        row, column, text = self.masters[number]
        try:
            return self._group(text, row, column, mode)
        except FormulaSyntaxError as error:
            return error.message

    def _group(self, text: str, row: int, column: int, mode: str) -> FillGroup:
        shape, operands, _ = read("=" + from_file(text))
        self._last_operands = operands
        key = (shape, mode, _seen_from(operands, row, column))
        group = self.groups.get(key)
        if group is None:
            group = self.groups[key] = FillGroup(shape, operands, row, column, mode)
        return group


def _seen_from(operands: Sequence[AnyOperand], row: int, column: int) -> Hashable:
    return tuple(
        [
            (operand, operand.spelling)
            if type(operand) is Constant or type(operand) is TableReference
            else relative_key(operand, row, column)
            for operand in operands
        ]
    )
