"""Formulas and names that named something in vain, and mean what takes that name now.

In: an engine and the formulas that wait, before a rename. Out: `Healed`, what they and the names were. Invariant: a rename and its inverse
with what `Healed` puts back leave every text as it was; the inverse alone would rename what had waited, too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sheetengine.graph.patterns import Rect
from sheetengine.names import DefinedName
from sheetengine.recalc.blocks import AnyBlock
from sheetengine.recalc.engine import Engine
from sheetengine.recalc.formulas import FormulaField
from sheetengine.recalc.snapshot import Snapshot, restore, take
from sheetengine.values import Area


@dataclass(frozen=True, slots=True, eq=False)
class Healed:
    """The names of the workbook, and formulas that waited, as they were before a rename."""

    names: dict[tuple[int | None, str], DefinedName]
    formulas: tuple[Snapshot, ...]

    def put_back(self, engine: Engine) -> None:
        """The rename was taken back: what had waited waits again."""
        if self.names != engine.book.names:
            engine.book.names.clear()
            engine.book.names.update(self.names)
            engine.renamed()
        for snapshot in self.formulas:
            restore(engine, snapshot)

    @property
    def size(self) -> int:
        """Elements it keeps, for the bound of the journal."""
        return 8 + len(self.names) + sum(snapshot.size for snapshot in self.formulas)


def healed_by_rename(engine: Engine, waiting: Iterable[AnyBlock]) -> Healed:
    """What a rename that is about to be made heals."""
    places = [area for block in waiting for area in _places(engine.field, block)]
    return Healed(dict(engine.book.names), tuple(take(engine, area.sheet, Rect(*area[1:])) for area in places))


def _places(field: FormulaField, block: AnyBlock) -> list[Area]:
    """The cells that hold a block's formula, as single areas; of an array formula all that it fills."""
    arrays = field.spills.ranges[block.id] if block.array is not None else {}
    return [
        Area(block.sheet, *arrays[member]) if member in arrays else Area(block.sheet, *block.cell(member), *block.cell(member))
        for member in field.members(block).tolist()
    ]


__all__ = ["Healed", "healed_by_rename"]
