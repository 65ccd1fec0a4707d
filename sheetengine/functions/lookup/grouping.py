"""GROUPBY and PIVOTBY: values aggregated by the fields beside them, in rows, or in rows and columns.

In: columns of fields, columns of values, a function (or HSTACK or VSTACK of functions). Out: an array with labels, totals and, where
wanted, headers. Each axis is first a list of `Node`s (the labels of a line and the data rows it stands for); what the array
shows is the function over the rows that a row node and a column node share.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sheetengine.coerce import plane_booleans
from sheetengine.functions.arguments import dereference
from sheetengine.functions.context import Context
from sheetengine.functions.library import function
from sheetengine.functions.lookup.ordering import whole_numbers
from sheetengine.functions.lookup.ranking import codes_of, sorted_places
from sheetengine.functions.lookup.shapes import grid_of
from sheetengine.functions.lookup.stacks import FunctionStack
from sheetengine.functions.signature import Integer, Raw
from sheetengine.grid import NUMBER, TEXT, Grid
from sheetengine.values import MISSING, VALUE, CellError, Lambda, Reference, Scalar, error_from_id

_CATEGORY: Final = "lookup and reference"
_SOURCE: Final = "Microsoft Support: {} function"
_NESTED: Final = CellError("#CALC!", "arrays cannot hold arrays")

Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Node:
    """A line of the answer: its labels, the data rows it stands for, those of the line it is a part of."""

    labels: list[Scalar]
    rows: Rows
    parent: Rows


@dataclass(slots=True)
class Data:
    """The arguments in order: fields along each axis, values, functions, the data rows that count."""

    down: Grid | None
    across: Grid | None
    values: Grid
    functions: list[Lambda]
    names: list[str]
    stacked: bool
    """Whether several functions lie below each other rather than side by side."""
    rows: Rows
    headers: bool
    show: bool
    generate: bool
    context: Context

    def aggregate(self, callee: Lambda, column: int, rows: Rows, whole: Rows) -> Scalar:
        """A function of one column's values; one of two arguments gets the values it is relative to as well."""
        arguments = [self.values[rows, column : column + 1]]
        if callee.least >= 2:
            arguments.append(self.values[whole, column : column + 1])
        found = callee(*arguments)
        if isinstance(found, Reference):
            found = dereference(found, self.context)
        if isinstance(found, Grid):
            return found.item(0, 0) if found.size == 1 else _NESTED
        return found if isinstance(found, float | str | bool | CellError) or found is None else _NESTED

    def summary(self, place: int, rows: Rows) -> Scalar:
        """The value column of a number, for sorting: all functions' columns side by side."""
        which, column = divmod(place, self.values.width)
        return self.aggregate(self.functions[which], column, rows, self.rows)


def _functions(argument: object) -> tuple[list[Lambda], list[str], bool] | CellError:
    if isinstance(argument, CellError):
        return argument
    if isinstance(argument, FunctionStack):
        functions, stacked = list(argument.functions), not argument.across
    elif isinstance(argument, Lambda):
        functions, stacked = [argument], False
    else:
        return VALUE
    return functions, [getattr(callee, "name", "CUSTOM") for callee in functions], stacked


def _looks_headed(values: Grid) -> bool:
    kinds = values.kind_plane()
    return values.height > 1 and kinds[0, 0] == TEXT and kinds[1, 0] == NUMBER


def _data(
    row_fields: object,
    col_fields: object,
    values: object,
    function_: object,
    field_headers: int | None,
    filter_array: object,
    context: Context,
) -> Data | CellError:
    grids: list[Grid | None] = []
    for argument in (row_fields, col_fields, values):
        grid = None if argument is None or argument is MISSING else grid_of(argument, context)
        if isinstance(grid, CellError):
            return grid
        grids.append(grid)
    down, across, data = grids
    if data is None or (down is None and across is None):
        return VALUE
    functions = _functions(function_)
    if isinstance(functions, CellError):
        return functions
    if any(field is not None and field.height != data.height for field in (down, across)):
        return CellError("#VALUE!", "the fields and the values are not of one height")
    if field_headers is None:
        headers = _looks_headed(data)
        show = headers and any(field is not None and field.width > 1 for field in (down, across))
        generate = False
    elif field_headers in (0, 1, 2, 3):
        headers, show, generate = field_headers in (1, 3), field_headers >= 2, field_headers == 2
    else:
        return VALUE
    rows = np.arange(1 if headers else 0, data.height)
    if filter_array is not None:
        mask = grid_of(filter_array, context)
        if isinstance(mask, CellError):
            return mask
        if mask.width != 1 or mask.height not in (data.height, len(rows)):
            return VALUE
        truths, errors = plane_booleans(mask.reshape((mask.size,)))
        if errors is not None:
            return error_from_id(int(errors[errors >= 0][0]))
        rows = rows[truths[-len(rows) :]] if len(rows) else rows
    if not len(rows):
        return CellError("#CALC!", "no row is left")
    return Data(down, across, data, *functions, rows, headers, show, generate, context)


# -- one axis ----------------------------------------------------------------------------------------------------------------


def _groups(column: Grid, rows: Rows) -> list[Rows]:
    """Data rows by the value of a field."""
    codes = codes_of(column[rows])
    order = np.argsort(codes, kind="stable")
    ends = np.flatnonzero(np.diff(codes[order])) + 1
    return [rows[part] for part in np.split(order, ends)]


def _sorted_groups(
    groups: list[Rows], keys: list[tuple[Grid, int]], orders: Sequence[int], first: int, wide: int, data: Data
) -> list[Rows]:
    """Groups by a sort order: numbers up to `wide` mean fields, the rest values; what is not said ascends by field."""
    count = (len(groups),)
    fields = {place: Grid.from_flat([key.item(int(rows[0])) for rows in groups], count) for key, place in keys}
    columns: list[tuple[Grid, bool]] = []
    for order in orders:
        place = abs(order) - 1
        if place in fields:
            columns.append((fields[place], order < 0))
        elif place >= wide:
            columns.append((Grid.from_flat([data.summary(place - wide, rows) for rows in groups], count), order < 0))
    columns.extend((fields[place], False) for place in range(first, wide) if place in fields)
    return [groups[place] for place in sorted_places(columns).tolist()]


def _axis(fields: Grid | None, depth: int | None, orders: list[int], table: bool, data: Data) -> list[Node] | CellError:
    """The lines along one axis, in order, totals among them."""
    everything = data.rows
    if fields is None:
        return [Node([], everything, everything)]
    wide = fields.width
    depth = 1 if depth is None else depth
    if abs(depth) > wide or (table and abs(depth) > 1):
        return CellError("#VALUE!", f"totals of {abs(depth)} levels want as many fields")
    if any(order == 0 or abs(order) > wide + data.values.width * len(data.functions) for order in orders):
        return VALUE
    nodes: list[Node] = []
    if table:
        groups = [everything]
        for place in range(wide):
            groups = [part for group in groups for part in _groups(fields[:, place], group)]
        keys = [(fields[:, place], place) for place in range(wide)]
        for rows in _sorted_groups(groups, keys, orders, 0, wide, data):
            nodes.append(Node([key.item(int(rows[0])) for key, _ in keys], rows, everything))
    else:
        _descend(fields, depth, orders, data, everything, [], nodes)
    if depth:
        labels: list[Scalar] = ["Total" if abs(depth) == 1 else "Grand Total", *[""] * (wide - 1)]
        nodes.insert(0 if depth < 0 else len(nodes), Node(labels, everything, everything))
    return nodes


def _descend(fields: Grid, depth: int, orders: list[int], data: Data, rows: Rows, labels: list[Scalar], nodes: list[Node]) -> None:
    level, wide = len(labels), fields.width
    column = fields[:, level]
    for part in _sorted_groups(_groups(column, rows), [(column, level)], orders, level, wide, data):
        own = [*labels, column.item(int(part[0]))]
        if level == wide - 1:
            nodes.append(Node(own, part, rows))
            continue
        subtotal = Node([*own, *[""] * (wide - level - 1)], part, rows) if abs(depth) >= level + 2 else None
        if subtotal and depth < 0:
            nodes.append(subtotal)
        _descend(fields, depth, orders, data, part, own, nodes)
        if subtotal and depth > 0:
            nodes.append(subtotal)


# -- the answer ----------------------------------------------------------------------------------------------------------------


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
    data = _data(row_fields, None, values, function_, field_headers, filter_array, context)
    if isinstance(data, CellError):
        return data
    orders = whole_numbers(sort_order, [], context)
    if isinstance(orders, CellError):
        return orders
    down = _axis(data.down, total_depth, orders, field_relationship == 1, data)
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
    data = _data(row_fields, col_fields, values, function_, field_headers, filter_array, context)
    if isinstance(data, CellError):
        return data
    orders, others = whole_numbers(row_sort_order, [], context), whole_numbers(col_sort_order, [], context)
    if isinstance(orders, CellError):
        return orders
    if isinstance(others, CellError):
        return others
    down = _axis(data.down, row_total_depth, orders, False, data)
    if isinstance(down, CellError):
        return down
    across = _axis(data.across, col_total_depth, others, False, data)
    if isinstance(across, CellError):
        return across
    return _layout(data, down, across, relative_to)
