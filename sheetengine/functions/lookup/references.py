"""INDEX, OFFSET and INDIRECT: functions that answer with references."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sheetengine.address import MAX_COLUMNS, MAX_ROWS
from sheetengine.functions.context import Context
from sheetengine.functions.library import function
from sheetengine.functions.lookup.lanes import each_lane, gather, table_of
from sheetengine.functions.signature import Address, Boolean, Integer, Raw, Text
from sheetengine.grid import ERROR, Grid
from sheetengine.values import REF, REF_ID, VALUE, VALUE_ID, Area, CellError, Lambda, Reference, Scalar

_CATEGORY: Final = "lookup and reference"
_SOURCE: Final = "Microsoft Support: {} function"

_MOST_SINGLE_READS: Final = 16
_NOT_GIVEN: Final = -(1 << 62)
"""The column of INDEX that was left off; one given but empty is 0, the whole row."""


def _index_parts(reference: object, row_num: int, column_num: int | None) -> tuple[int, int] | CellError:
    """Row and column (0: all) within an area or array from the arguments as they are given."""
    assert isinstance(reference, Area | Grid)
    if column_num is None:
        if reference.height == 1 and reference.width > 1:
            # Of a single row the only index counts along it.
            row_num, column_num = 1, row_num
        elif isinstance(reference, Area) and reference.width > 1:
            # An array's whole row answers, but of a range with several columns the column must be said (array and reference form).
            return REF
        else:
            column_num = 0 if reference.width > 1 else 1
    if row_num < 0 or column_num < 0:
        return VALUE
    if row_num > reference.height or column_num > reference.width:
        return CellError("#REF!", f"row {row_num}, column {column_num} of {reference.height} by {reference.width}")
    return row_num, column_num


def _area_of(reference: object, area_num: int) -> Area | Grid | CellError:
    if isinstance(reference, Reference):
        if area_num < 1:
            return VALUE
        return reference.areas[area_num - 1] if area_num <= len(reference.areas) else REF
    if isinstance(reference, Lambda):
        return VALUE
    return table_of(reference) if area_num == 1 else REF


def _index_lanes(reference: object, row_num: object, column_num: object = None, area_num: object = None, *, context: Context) -> object:
    chosen = _area_of(reference, area_num if isinstance(area_num, int) else 1)
    whole_numbers = (int, np.ndarray)
    if (
        isinstance(chosen, CellError)
        or isinstance(area_num, np.ndarray)
        or not isinstance(row_num, whole_numbers)
        or (column_num is not None and not isinstance(column_num, whole_numbers))
    ):
        return each_lane(index, (reference, row_num, column_num, area_num), frozenset((0,)), context)
    if column_num is None:
        if chosen.height == 1 and chosen.width > 1:
            row_num, column_num = 1, row_num
        elif chosen.width > 1:
            return each_lane(index, (reference, row_num, column_num, area_num), frozenset((0,)), context)
        else:
            column_num = 1
    down, across = np.broadcast_arrays(np.asarray(row_num), np.asarray(column_num))
    if down.dtype == object or across.dtype == object:
        return each_lane(index, (reference, row_num, column_num, area_num), frozenset((0,)), context)
    down, across = down.reshape(-1).astype(np.int64), across.reshape(-1).astype(np.int64)
    wrong = (down < 0) | (across < 0)
    outside = ~wrong & ((down > chosen.height) | (across > chosen.width))
    if (chosen.height > 1 and not down.all()) or (chosen.width > 1 and not across.all()):
        # A zero means a whole row or column.
        return each_lane(index, (reference, row_num, column_num, area_num), frozenset((0,)), context)
    down, across = np.maximum(down, 1) - 1, np.maximum(across, 1) - 1
    good = ~(wrong | outside)
    answers = _cells_at(chosen, np.where(good, down, 0), np.where(good, across, 0), good, context)
    if good.all():
        return answers
    numbers = np.where(wrong, float(VALUE_ID), np.where(outside, float(REF_ID), answers.numbers))
    return Grid(numbers, np.where(good, answers.kind_plane(), np.uint8(ERROR)), answers.texts)


def _cells_at(chosen: Area | Grid, down: NDArray[np.int64], across: NDArray[np.int64], good: NDArray[np.bool_], context: Context) -> Grid:
    if isinstance(chosen, Grid):
        return chosen[down, across]
    places = np.flatnonzero(good)
    if len(places) <= _MOST_SINGLE_READS:
        # Few cells are read one by one: what lies between them is none of this formula's business.
        answers: list[Scalar] = [None] * len(down)
        for place in places.tolist():
            answers[place] = context.cell(chosen.sheet, chosen.top + int(down[place]), chosen.left + int(across[place]))
        return Grid.from_flat(answers, (len(down),))
    top, bottom = int(down[good].min()), int(down[good].max())
    left, right = int(across[good].min()), int(across[good].max())
    area = Area(chosen.sheet, chosen.top + top, chosen.left + left, chosen.top + bottom, chosen.left + right)
    used = context.used(area)
    if used is None:
        return Grid.blank((len(down),))
    area = area._replace(bottom=used.bottom, right=used.right)
    cells = context.read(area)
    down, across = down - top, across - left
    inside = good & (down < area.height) & (across < area.width)
    flat = np.where(inside, down * area.width + across, -1)
    found = gather(cells.reshape((cells.size,)), flat)
    if inside.all():
        return found
    # What lies behind the used cells is blank.
    return Grid(np.where(inside, found.numbers, 0.0), np.where(inside, found.kind_plane(), np.uint8(0)), found.texts)


@function(
    "INDEX",
    category=_CATEGORY,
    summary="The element, row or column of a range or array at given places.",
    examples={
        "=INDEX({1,2;3,4},2,2)": 4.0,
        "=INDEX({1,2;3,4},0,2)": [[2.0], [4.0]],
        '=INDEX({"Apples","Lemons";"Bananas","Pears"},2,1)': "Bananas",
        "=INDEX({1,2;3,4},3,1)": CellError("#REF!"),
    },
    source=_SOURCE.format("INDEX"),
    vector=_index_lanes,
    references=True,
)
def index(
    reference: Raw, row_num: Integer, column_num: Integer | None = _NOT_GIVEN, area_num: Integer | None = None, *, context: Context
) -> object:
    """Row or column 0 stands for all of them; of a range the answer is a reference."""
    chosen = _area_of(reference, 1 if area_num is None else area_num)
    if isinstance(chosen, CellError):
        return chosen
    parts = _index_parts(chosen, row_num, None if column_num == _NOT_GIVEN else column_num)
    if isinstance(parts, CellError):
        return parts
    down, across = parts
    if isinstance(chosen, Grid):
        if down and across:
            return chosen.item(down - 1, across - 1)
        return chosen[slice(down - 1, down) if down else slice(None), slice(across - 1, across) if across else slice(None)]
    top, bottom = (chosen.top + down - 1,) * 2 if down else (chosen.top, chosen.bottom)
    left, right = (chosen.left + across - 1,) * 2 if across else (chosen.left, chosen.right)
    return Reference((Area(chosen.sheet, top, left, bottom, right),))


@function(
    "OFFSET",
    category=_CATEGORY,
    summary="A reference moved by rows and columns, in another size if wanted.",
    examples={"=ROW(OFFSET(D3,3,-2,1,1))": 6.0, "=COLUMNS(OFFSET(D3,3,-2,1,5))": 5.0, "=OFFSET(D3,-3,-3)": CellError("#REF!")},
    source=_SOURCE.format("OFFSET"),
    volatile=True,
    dynamic=True,
    references=True,
)
def offset(
    reference: Address, rows: Integer, cols: Integer, height: Integer | None = None, width: Integer | None = None
) -> Reference | CellError:
    """A negative height or width goes up or left from the moved corner; zero, or a place off the sheet, is #REF!."""
    area = reference.area
    if area is None:
        return VALUE
    tall = area.height if height is None else height
    wide = area.width if width is None else width
    if tall == 0 or wide == 0:
        return REF
    top, left = area.top + rows, area.left + cols
    top, bottom = (top, top + tall - 1) if tall > 0 else (top + tall + 1, top)
    left, right = (left, left + wide - 1) if wide > 0 else (left + wide + 1, left)
    if top < 0 or left < 0 or bottom >= MAX_ROWS or right >= MAX_COLUMNS:
        return CellError("#REF!", "OFFSET leads off the sheet")
    return Reference((Area(area.sheet, top, left, bottom, right),))


@function(
    "INDIRECT",
    category=_CATEGORY,
    summary="The reference that a text names.",
    examples={'=ROW(INDIRECT("A"&5))': 5.0, '=COLUMN(INDIRECT("R2C3",FALSE))': 3.0, '=INDIRECT("")': CellError("#REF!")},
    source=_SOURCE.format("INDIRECT"),
    volatile=True,
    dynamic=True,
    references=True,
)
def indirect(ref_text: Text, a1: Boolean = True, *, context: Context) -> Reference | CellError:
    """A1 text, or R1C1 where `a1` is FALSE; #REF! where it names nothing."""
    return context.resolve(ref_text, a1)
