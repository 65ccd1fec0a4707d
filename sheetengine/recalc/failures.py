"""Cells that cannot be computed: a bug of ours, or a user function that was told to raise.

In: the members at which a round met an exception. Out: those and all that depends on them, which the round leaves as they are, and the
exception it raises when all else is computed. Invariants: what is held stays dirty; nothing that is not held has read a cell that is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sheetengine.errors import EvaluationBug, SheetEngineError
from sheetengine.graph.patterns import Selection
from sheetengine.recalc.blocks import AnyBlock, flats, select, size
from sheetengine.recalc.dirty import closure
from sheetengine.recalc.formulas import FormulaField
from sheetengine.recalc.plan import Plan, Step
from sheetengine.values import Area


class Failures:
    """The cells that one round does not compute."""

    def __init__(self, field: FormulaField) -> None:
        self._field = field
        self._held: dict[int, NDArray[np.bool_]] = {}
        self.error: SheetEngineError | None = None
        """The first exception of the round."""

    def __bool__(self) -> bool:
        return bool(self._held)

    def clear(self) -> None:
        """A round begins."""
        self._held, self.error = {}, None

    def note(self, error: SheetEngineError | None, block: AnyBlock, members: Sequence[int]) -> None:
        """Members cannot be computed, nor what depends on them."""
        if self.error is None:
            self.error = error
        field = self._field
        fresh = [member for member in members if not self.holds((block.id, member))]
        if not fresh:
            return
        self.hold({block.id: select(block, sorted(fresh))})
        dirty = closure(
            field.graph, field.blocks, (), {block.id: select(block, sorted(fresh))},
            lambda number, selection: field.spills.places(field.blocks[number], selection), field.alive,
        )  # fmt: skip
        self.hold(dirty.selections)

    def hold(self, selections: Mapping[int, Selection | None]) -> None:
        """Leave members as they are; None for all of a block."""
        for number, selection in selections.items():
            block = self._field.blocks[number]
            mask = self._held.get(number)
            if mask is None:
                mask = self._held[number] = np.zeros(block.length, bool)
            mask[flats(block, block.all if selection is None else selection)] = True

    def holds(self, member: tuple[int, int]) -> bool:
        """Whether a member is left as it is."""
        mask = self._held.get(member[0])
        return mask is not None and bool(mask[member[1]])

    def selections(self) -> Iterator[tuple[AnyBlock, Selection]]:
        """All that is held."""
        blocks = self._field.blocks
        for number, mask in self._held.items():
            if number in blocks:
                yield blocks[number], select(blocks[number], np.flatnonzero(mask))

    def spared(self, step: Step) -> Step | None:
        """What of a step can be computed: itself where nothing of it is held, None where all is."""
        if all(number not in self._held for number, _ in step.parts):
            return step
        parts: list[tuple[int, Selection]] = []
        for number, selection in step.parts:
            block, mask = self._field.blocks[number], self._held.get(number)
            members = flats(block, selection)
            free = members if mask is None else members[~mask[members]]
            if len(free):
                parts.append((number, selection if len(free) == len(members) else select(block, free)))
        if not parts:
            return None
        order = None if step.order is None else [member for member in step.order if not self.holds(member)]
        return replace(step, parts=parts, order=order, ready=None, cache={}, runs=0)


def meets(plan: Plan, held: Mapping[int, Selection | None], field: FormulaField) -> bool:
    """Whether a plan would compute any of the cells that are held."""
    for step in plan.steps:
        for number, selection in step.parts:
            if number in held:
                block, other = field.blocks[number], held[number]
                if other is None or len(np.intersect1d(flats(block, selection), flats(block, other))):
                    return True
    return False


def is_asked(areas: Sequence[Area], held: Mapping[int, Selection | None], field: FormulaField) -> bool:
    """Whether any of some areas holds a cell that is held, or one that its array fills."""
    for number, selection in held.items():
        block = field.blocks[number]
        members = block.all if selection is None else selection
        rows, columns = block.positions(members)
        for area in areas:
            if area.sheet != block.sheet:
                continue
            if ((rows >= area.top) & (rows <= area.bottom) & (columns >= area.left) & (columns <= area.right)).any():
                return True
            for sheet, rect in field.spills.places(block, members):
                if (
                    sheet == area.sheet
                    and rect.top <= area.bottom
                    and rect.bottom >= area.top
                    and rect.left <= area.right
                    and rect.right >= area.left
                ):
                    return True
    return False


def cells_of(held: Mapping[int, Selection | None], field: FormulaField, most: int) -> tuple[list[tuple[int, int, int]], int]:
    """The first cells that are held, by sheet, row and column, and how many there are."""
    found: list[tuple[int, int, int]] = []
    count = 0
    for number, selection in held.items():
        block = field.blocks[number]
        members = block.all if selection is None else selection
        count += size(members)
        rows, columns = block.positions(members)
        first = np.lexsort((columns, rows))[:most]
        found += [(block.sheet, row, column) for row, column in zip(rows[first].tolist(), columns[first].tolist(), strict=True)]
    order = field.book.order
    return sorted(found, key=lambda cell: (order.index(cell[0]), cell))[:most], count


def bug(field: FormulaField, block: AnyBlock, member: int, error: Exception) -> EvaluationBug:
    """An unexpected exception, with the cell and the formula that met it."""
    row, column = block.cell(member)
    place = field.book.cell_name(block.sheet, row, column)
    text = field.formula_text(block.sheet, row, column)
    return EvaluationBug(f"{place} {text} cannot be computed because of a bug in sheetengine: {type(error).__name__}: {error}")
