"""Formulas that repeat the one above: their texts are not kept.

In: formulas of a sheet as they are read, with their cells. Out: for each that is what the fill of an earlier one of its column gives, the
place of that one; its text can go. Half a million formulas then take one text per column. Invariants: a text that goes is, letter by
letter, the one a fill predicts, but for Excel's prefixes of newer functions; the answer does not depend on how the cells come in blocks.
"""

from __future__ import annotations

import re

from sheetengine.errors import FormulaSyntaxError
from sheetengine.syntax.fill import ColumnPredictor, column_predictor
from sheetengine.syntax.shape import lift

_PREFIXES = re.compile(r"(?<!\w)(?:_xlfn\.|_xlws\.|_xlpm\.|_xludf\.|_xlop\.|_xleta\.)")
_PATIENT = 4
_MOST_SKIPPED = 1024


class ColumnOfFormulas:
    """What is known of one column: a formula whose fill is followed, and the last one that was not."""

    __slots__ = ("failed", "last_place", "last_row", "last_text", "place", "predict", "skip")

    def __init__(self) -> None:
        self.predict: ColumnPredictor | None = None
        self.place = -1
        self.last_text: str | None = None
        self.last_row = self.last_place = -1
        self.failed = self.skip = 0

    @property
    def idle(self) -> int:
        """How many of the next formulas need not be looked at, in a column where nothing has repeated so far."""
        return self.skip if self.predict is None else 0

    def pass_over(self, row: int, text: str, place: int, count: int) -> None:
        """So many formulas were not looked at; the last of them is this."""
        self.skip -= count
        self.last_row, self.last_text, self.last_place = row, text, place

    def leader(self, row: int, text: str, place: int) -> int:
        """The place of the formula that this one repeats, -1 where it repeats none."""
        plain = _PREFIXES.sub("", text) if "_xl" in text else text
        if self.predict is not None and self.predict(row) == plain:
            return self.place
        last_row, last_text, last_place = self.last_row, self.last_text, self.last_place
        self.last_row, self.last_text, self.last_place = row, text, place
        if last_text is None:
            return -1
        if self.skip:
            # A column where nothing repeats is not lifted twice for it.
            self.skip -= 1
            return -1
        try:
            shape, operands = lift("=" + last_text)
        except FormulaSyntaxError:
            return -1
        predict = column_predictor(shape, operands, last_row)
        if predict(row) != plain:
            self.failed += 1
            if self.failed >= _PATIENT:
                self.skip = min(1 << (self.failed - _PATIENT), _MOST_SKIPPED)
            return -1
        self.predict, self.place, self.failed = predict, last_place, 0
        return last_place
