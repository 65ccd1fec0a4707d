"""Operations on references: `:`, intersection, union, `@` and `#`.

In: evaluated operands. Out: a `Reference`, or the error that Excel gives.
"""

from __future__ import annotations

from collections.abc import Sequence

from sheetengine.compiler.frame import Frame
from sheetengine.grid import Grid
from sheetengine.values import MISSING, NULL, REF, VALUE, Area, CellError, Reference


def reference_operation(operator: str, values: Sequence[object]) -> object:
    """`:`, " " or "," on references; anything else among the operands is #VALUE!, an error is that error."""
    for value in values:
        if isinstance(value, CellError):
            return value
    references = [value for value in values if isinstance(value, Reference)]
    if len(references) != len(values):
        return VALUE
    if operator == ",":
        return Reference(tuple(area for reference in references for area in reference.areas))
    if operator == ":":
        areas = [area for reference in references for area in reference.areas]
        if any(area.sheet != areas[0].sheet for area in areas):
            return VALUE
        return Reference(
            (
                Area(
                    areas[0].sheet,
                    min(a.top for a in areas),
                    min(a.left for a in areas),
                    max(a.bottom for a in areas),
                    max(a.right for a in areas),
                ),
            )
        )
    first, second = references
    common = [found for one in first.areas for two in second.areas if (found := one.intersect(two)) is not None]
    return Reference(tuple(common)) if common else NULL


def implicit_intersection(value: object, frame: Frame) -> object:
    """`@`: of a range the cell in the formula's own row or column, of an array its first element."""
    if isinstance(value, Grid):
        return value.item(0, 0) if value.size else VALUE
    if not isinstance(value, Reference):
        return None if value is MISSING else value
    area = value.area
    if area is None:
        return VALUE
    row, column = area.top, area.left
    if area.height > 1:
        if not area.top <= frame.row <= area.bottom:
            return VALUE
        row = frame.row
    if area.width > 1:
        if not area.left <= frame.column <= area.right:
            return VALUE
        column = frame.column
    return Reference((Area(area.sheet, row, column, row, column),))


def spill_area(value: object, frame: Frame) -> object:
    """`A1#`: the cells the formula in A1 fills, #REF! where it fills none."""
    if isinstance(value, CellError):
        return value
    area = value.area if isinstance(value, Reference) else None
    if area is None or area.height > 1 or area.width > 1:
        return REF
    found = frame.reader.spilled(area.sheet, area.top, area.left)
    return REF if found is None else Reference((found,))
