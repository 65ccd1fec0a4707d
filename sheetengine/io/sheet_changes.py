"""What saving changes in one sheet: columns of cells, handed over by the engine.

In: the cells whose value or formula differs from the file. Out: `SheetChanges`, which `sheet_patch` writes. Invariant: the
cells stand in row-major order, each once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sheetengine.io.document import FIRST_PREDICTED, ArrayFormula, DataTable, SheetDocument

KEEP: Final = 0
"""The value changes; the formula stays as the file has it, to the byte."""
CONSTANT: Final = 1
"""The cell holds a constant now, or nothing (kind BLANK); a formula it had goes."""
FORMULA: Final = 2
"""The cell holds a formula that the file does not have there: its text is the next of `formulas`."""
SPILLED: Final = 3
"""The cell shows a value that the array formula of another cell put there."""


@dataclass(slots=True)
class SheetChanges:
    """Cells to write. Kinds and payload as in `document`; a text's payload is its place in the texts given to `patch`.

    `states` says for each cell what becomes of its formula (None: KEEP for all); `formulas` are the texts for the cells with
    FORMULA, in order, in file form without `=`; `arrays` gives for such a cell the rectangle of its array formula, and for a
    cell with KEEP the new rectangle of the one it has (a spill that grew or shrank). `styles` are cell styles, -1: as it was.
    """

    rows: NDArray[np.int32]
    columns: NDArray[np.int32]
    kinds: NDArray[np.uint8]
    payload: NDArray[np.float64]
    states: NDArray[np.uint8] | None = None
    formulas: list[str] = field(default_factory=list)
    arrays: dict[int, ArrayFormula | DataTable] = field(default_factory=dict)
    styles: NDArray[np.int32] | None = None

    def __len__(self) -> int:
        return len(self.rows)

    def keys(self) -> NDArray[np.int64]:
        """One ascending number per cell."""
        return self.rows.astype(np.int64) * 16_384 + self.columns

    def check(self) -> None:
        """Raise ValueError where the columns do not fit each other: a mistake of the caller."""
        count = len(self.rows)
        if any(len(plane) != count for plane in (self.columns, self.kinds, self.payload)):
            raise ValueError("the columns of the changes differ in length")
        if count > 1 and not (np.diff(self.keys()) > 0).all():
            raise ValueError("the cells of the changes are not in row-major order, each once")
        wanted = 0 if self.states is None else int((self.states == FORMULA).sum())
        if wanted != len(self.formulas):
            raise ValueError(f"{wanted} cells get a formula, but {len(self.formulas)} texts are given")


def no_changes() -> SheetChanges:
    """A sheet whose cells stay as they are."""
    none = np.zeros(0, np.int32)
    return SheetChanges(none, none, np.zeros(0, np.uint8), np.zeros(0))


def followers_without_master(sheet: SheetDocument, cells: Iterable[int]) -> list[int]:
    """Formulas that the changes must write out because the cell that holds their text loses it.

    `cells` are places in the cell arrays whose formula goes or is replaced. The answer are places *among the formulas*: followers of a
    shared group whose master is one of the cells, and which are not themselves among them. Give each state FORMULA and its own text.

    >>> from sheetengine.io.document import FIRST_PREDICTED, SheetBuilder, TextPool
    >>> builder = SheetBuilder("S", TextPool())
    >>> for row in range(3):
    ...     builder.add(row, 0, 1.0)
    ...     builder.add_formula("B1" if row == 0 else None, 0, master=row == 0)
    >>> followers_without_master(builder.finish(), [0, 2])
    [1]
    """
    gone = set(cells)
    lost = {group for group, master in sheet.shared_groups.items() if group < FIRST_PREDICTED and int(sheet.formula_cells[master]) in gone}
    if not lost:
        return []
    places = np.flatnonzero(np.isin(sheet.shared, list(lost)))
    return [place for place in places.tolist() if int(sheet.formula_cells[place]) not in gone]
