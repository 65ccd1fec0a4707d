"""The cells of a criteria range sorted into classes, once for all formulas that ask about it.

In: a grid. Out: for each cell the number of its class, cells being of one class where every criterion of equality finds both or
neither: the same number (or a text that reads as it), the same text without regard to case, the same boolean or error, blank.
Invariant: classes of numbers come first and in ascending order, so that a threshold is a run of classes.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sheetengine.collation import fold_case
from sheetengine.functions.conditional.direct import is_threshold
from sheetengine.functions.criteria import Criterion, number_of_text, parse_criterion
from sheetengine.functions.distinct_numbers import DistinctNumbers
from sheetengine.grid import BLANK, BOOLEAN, ERROR, NUMBER, TEXT, Grid
from sheetengine.values import CellError, Scalar, error_from_id

Codes = NDArray[np.int64]

POINT: Final = 0
RUN: Final = 1
OTHER: Final = 2
WRONG: Final = 3
"""What a criterion is for an index: one class (or none), a run of number classes, neither, or no criterion at all."""

Resolved = tuple[int, int, int]
"""The form of a criterion, then its class, or the first class of a run and the one behind the last."""

_MOST_RESOLVED: Final = 1 << 17


class ClassIndex:
    """The classes of a grid's cells."""

    def __init__(self, grid: Grid, date1904: bool) -> None:
        self.date1904 = date1904
        self._texts: dict[str, int] = {}
        self._others: dict[Scalar | tuple[str, bool], int] = {}
        self._resolved: dict[str, Resolved] = {}
        self._distinct: DistinctNumbers | None = None
        kinds = None if grid.kinds is None else grid.kinds.ravel()
        flat = grid.numbers.ravel()
        self.is_number = None if kinds is None else kinds == NUMBER
        """Which cells hold a number rather than a text that reads as one; None where all do."""
        self.dated = False
        """Whether a text reads as one number from 1900 and as another from 1904."""
        self.blank_class: int
        """The class of blank cells, also where there are none."""
        if kinds is None:
            self.numbers, inverse = np.unique(flat, return_inverse=True)
            self.of_cell: Codes = inverse.astype(np.int64, copy=False).reshape(-1)
            self.blank_class = len(self.numbers)
            self.count = len(self.numbers) + 1
            self._others[None] = self.blank_class
            return
        self.of_cell = np.empty(len(flat), np.int64)
        self._classify(grid, flat, kinds)

    def _classify(self, grid: Grid, flat: NDArray[np.float64], kinds: NDArray[np.uint8]) -> None:
        places = np.flatnonzero(kinds == TEXT)
        texts: list[str] = [] if grid.texts is None else grid.texts.ravel()[places].tolist()
        distinct = list(dict.fromkeys(texts))
        readings = {text: number_of_text(text, self.date1904) for text in distinct}
        read = [number for number in readings.values() if number is not None]
        self.dated = any(number is not None and number != number_of_text(text, not self.date1904) for text, number in readings.items())
        numeric = np.flatnonzero(kinds == NUMBER)
        self.numbers, inverse = np.unique(np.concatenate((flat[numeric], np.array(read, dtype=np.float64))), return_inverse=True)
        inverse = inverse.reshape(-1)
        self.of_cell[numeric] = inverse[: len(numeric)]
        self.count = len(self.numbers)
        codes: dict[str, int] = {}
        of_read = iter(inverse[len(numeric) :].tolist())
        for text in distinct:
            if readings[text] is not None:
                codes[text] = next(of_read)
                continue
            folded = fold_case(text)
            known = self._texts.get(folded)
            if known is None:
                known = self._texts[folded] = self.count
                self.count += 1
            codes[text] = known
        if texts:
            self.of_cell[places] = [codes[text] for text in texts]
        self.blank_class = self._others[None] = self.count
        self.count += 1
        self._other_class(kinds == BLANK, None)
        for truth in (False, True):
            self._other_class((kinds == BOOLEAN) & (flat == float(truth)), ("boolean", truth))
        wrong = kinds == ERROR
        if wrong.any():
            for number in np.unique(flat[wrong]).tolist():
                self._other_class(wrong & (flat == number), error_from_id(int(number)))

    def _other_class(self, cells: NDArray[np.bool_], key: Scalar | tuple[str, bool]) -> None:
        if not cells.any():
            return
        code = self._others.get(key)
        if code is None:
            code = self._others[key] = self.count
            self.count += 1
        self.of_cell[cells] = code

    # -- criteria --------------------------------------------------------------------------------------------------

    def resolve(self, criterion: Criterion) -> Resolved:
        """What a criterion is here; class -1: no cell is found."""
        operand = criterion.operand
        if is_threshold(criterion):
            assert isinstance(operand, float)
            place = int(np.searchsorted(self.numbers, operand, "left" if criterion.operator in ("<", ">=") else "right"))
            return (RUN, 0, place) if criterion.operator[0] == "<" else (RUN, place, len(self.numbers))
        if criterion.operator != "=" or criterion.pattern is not None:
            return OTHER, 0, 0
        if isinstance(operand, bool):
            return POINT, self._others.get(("boolean", operand), -1), 0
        if isinstance(operand, float):
            place = int(np.searchsorted(self.numbers, operand))
            return POINT, place if place < len(self.numbers) and self.numbers[place] == operand else -1, 0
        if isinstance(operand, str):
            if operand:
                return POINT, self._texts.get(operand, -1), 0
            return (OTHER, 0, 0) if "" in self._texts else (POINT, self.blank_class, 0)
        return POINT, self._others.get(operand, -1), 0

    def resolve_scalar(self, value: Scalar) -> Resolved:
        """`resolve` of what a criterion argument means."""
        if isinstance(value, str):
            known = self._resolved.get(value)
            if known is not None:
                return known
        criterion = parse_criterion(value, self.date1904)
        found = (WRONG, 0, 0) if isinstance(criterion, CellError) else self.resolve(criterion)
        if isinstance(value, str):
            if len(self._resolved) >= _MOST_RESOLVED:
                self._resolved.clear()
            self._resolved[value] = found
        return found

    def resolve_all(self, lane: Grid) -> tuple[NDArray[np.uint8], Codes, Codes]:
        """`resolve` of each of a flat grid's criteria: forms, firsts, ends."""
        count = lane.size
        if lane.kinds is None:
            return np.zeros(count, np.uint8), self._codes(lane.numbers), np.zeros(count, np.int64)
        table = np.array([self.resolve_scalar(value) for value in lane.flat()], np.int64).reshape((count, 3))
        return table[:, 0].astype(np.uint8), table[:, 1], table[:, 2]

    def has_dates(self, lane: Grid) -> bool:
        """Whether a criterion among many is a date, which 1900 and 1904 read differently."""
        if lane.texts is None:
            return False
        texts = {text.lstrip("<>=") for text in lane.texts.ravel().tolist() if text is not None}
        return any(number_of_text(text, False) != number_of_text(text, True) for text in texts)

    def _codes(self, wanted: NDArray[np.float64]) -> Codes:
        if self._distinct is None:
            self._distinct = DistinctNumbers(self.numbers)
        return self._distinct.find(wanted)
