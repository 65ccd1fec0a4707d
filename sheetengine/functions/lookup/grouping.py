"""GROUPBY and PIVOTBY: values aggregated by the fields beside them, in rows, or in rows and columns.

In: columns of fields, columns of values, a function (or HSTACK or VSTACK of functions). Out: an array with labels, totals and, where
wanted, headers. Each axis is first a list of `Node`s (the labels of a line and the data rows it stands for); what the array
shows is the function over the rows that a row node and a column node share.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from sheetengine.functions.context import Context
from sheetengine.functions.library import function
from sheetengine.functions.lookup.grouping_axes import Data, Node, axis_of, data_of
from sheetengine.functions.lookup.ordering import whole_numbers
from sheetengine.functions.signature import Integer, Raw
from sheetengine.grid import Grid
from sheetengine.values import MISSING, VALUE, CellError, Scalar

_CATEGORY: Final = "lookup and reference"
_SOURCE: Final = "Microsoft Support: {} function"


def _field_names(fields: Grid | None, word: str, data: Data) -> list[Scalar]:
    if fields is None:
        return []
    if data.generate:
        return [f"{word} {place + 1}" for place in range(fields.width)]
    return list(fields[0].flat())


def _layout(data: Data, down: list[Node], across: list[Node], relative_to: int) -> Grid:
    side = data.stacked and len(data.functions) > 1
    wide = 0 if data.down is None else data.down.width
    margin = wide + side
    columns = [(index, place) for index in range(1 if data.stacked else len(data.functions)) for place in range(data.values.width)]
    blank: list[Scalar] = [""] * margin
    lines = _headings(data, across, columns, blank)
    everything = data.rows
    shared = across[0].rows is everything and len(across) == 1
    for node in down:
        for which, callee in enumerate(data.functions if data.stacked else data.functions[:1]):
            line: list[Scalar] = [*node.labels, *([data.names[which]] if side else [])]
            for head in across:
                rows = node.rows if shared or head.rows is everything else np.intersect1d(node.rows, head.rows, assume_unique=True)
                whole = (head.rows, node.rows, everything, head.parent, node.parent)[relative_to]
                if relative_to == 3:
                    whole = np.intersect1d(node.rows, head.parent, assume_unique=True)
                elif relative_to == 4:
                    whole = np.intersect1d(node.parent, head.rows, assume_unique=True)
                for index, place in columns:
                    used = callee if data.stacked else data.functions[index]
                    # Where no data row has both labels the cell stays empty.
                    line.append(data.aggregate(used, place, rows, whole) if len(rows) else "")
            lines.append(line)
    return Grid.from_rows(lines)


def _headings(data: Data, across: list[Node], columns: list[tuple[int, int]], blank: list[Scalar]) -> list[list[Scalar]]:
    lines: list[list[Scalar]] = []
    if data.across is not None:
        if data.show:
            names = _field_names(data.across, "Column Field", data)
            line = [*blank, *names]
            lines.append((line + [""] * (len(columns) * len(across)))[: len(blank) + len(columns) * len(across)])
        for level in range(data.across.width):
            lines.append([*blank, *[node.labels[level] for node in across for _ in columns]])
    if len(data.functions) > 1 and not data.stacked:
        lines.append([*blank, *[data.names[index] for _ in across for index, _ in columns]])
    if data.show:
        names = _field_names(data.down, "Row Field", data)
        values = _field_names(data.values, "Value", data)
        lines.append([*names, *[""] * (len(blank) - len(names)), *[values[place] for _ in across for _, place in columns]])
    return lines


@function(
    "GROUPBY",
    category=_CATEGORY,
    summary="Values aggregated by one or more fields, with totals.",
    examples={
        '=GROUPBY({"b";"a";"b"},{1;2;3},SUM)': [["a", 2.0], ["b", 4.0], ["Total", 6.0]],
        '=GROUPBY({"b";"a";"b"},{1;2;3},SUM,0,0,-2)': [["b", 4.0], ["a", 2.0]],
    },
    source=_SOURCE.format("GROUPBY"),
    future="_xlfn.",
)
def group_by(
    row_fields: Raw,
    values: Raw,
    function_: Raw,
    field_headers: Integer | None = None,
    total_depth: Integer | None = None,
    sort_order: Raw = None,
    filter_array: Raw = None,
    field_relationship: Integer = 0,
    *,
    context: Context,
) -> Grid | CellError:
    """Headers: 0 none, 1 there but not shown, 2 made, 3 shown; totals 0, 1 or more levels, below zero on top; orders below zero descend."""
    if row_fields is MISSING or field_relationship not in (0, 1):
        return VALUE
    data = data_of(row_fields, None, values, function_, field_headers, filter_array, context)
    if isinstance(data, CellError):
        return data
    orders = whole_numbers(sort_order, [], context)
    if isinstance(orders, CellError):
        return orders
    down = axis_of(data.down, total_depth, orders, field_relationship == 1, data)
    if isinstance(down, CellError):
        return down
    return _layout(data, down, [Node([], data.rows, data.rows)], 2)


@function(
    "PIVOTBY",
    category=_CATEGORY,
    summary="Values aggregated by fields in rows and fields in columns, with totals.",
    examples={
        '=PIVOTBY({"a";"b";"a"},{"x";"x";"y"},{1;2;3},SUM)': [
            ["", "x", "y", "Total"],
            ["a", 1.0, 3.0, 4.0],
            ["b", 2.0, "", 2.0],
            ["Total", 3.0, 3.0, 6.0],
        ],
    },
    source=_SOURCE.format("PIVOTBY"),
    future="_xlfn.",
)
def pivot_by(
    row_fields: Raw,
    col_fields: Raw,
    values: Raw,
    function_: Raw,
    field_headers: Integer | None = None,
    row_total_depth: Integer | None = None,
    row_sort_order: Raw = None,
    col_total_depth: Integer | None = None,
    col_sort_order: Raw = None,
    filter_array: Raw = None,
    relative_to: Integer = 0,
    *,
    context: Context,
) -> Grid | CellError:
    """A function of two arguments is relative to: 0 the column's total, 1 the row's, 2 the grand total, 3 and 4 their parents."""
    if not 0 <= relative_to <= 4:
        return VALUE
    data = data_of(row_fields, col_fields, values, function_, field_headers, filter_array, context)
    if isinstance(data, CellError):
        return data
    orders, others = whole_numbers(row_sort_order, [], context), whole_numbers(col_sort_order, [], context)
    if isinstance(orders, CellError):
        return orders
    if isinstance(others, CellError):
        return others
    down = axis_of(data.down, row_total_depth, orders, False, data)
    if isinstance(down, CellError):
        return down
    across = axis_of(data.across, col_total_depth, others, False, data)
    if isinstance(across, CellError):
        return across
    return _layout(data, down, across, relative_to)
