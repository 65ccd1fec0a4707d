"""The axes of GROUPBY and PIVOTBY: which rows of the data belong to which line or column, totals and order included.

In: the arguments as they are given. Out: the `Data`, and the `Node`s of an axis in the order they are shown.
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
from sheetengine.functions.lookup.shapes import grid_of
from sheetengine.functions.lookup.stacks import FunctionStack
from sheetengine.functions.ranking import codes_of, sorted_places
from sheetengine.grid import NUMBER, TEXT, Grid
from sheetengine.values import MISSING, VALUE, CellError, Lambda, Reference, Scalar, error_from_id

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


def data_of(
    row_fields: object,
    col_fields: object,
    values: object,
    function_: object,
    field_headers: int | None,
    filter_array: object,
    context: Context,
) -> Data | CellError:
    """The arguments as columns of one height, headers and rows that a filter leaves out apart."""
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


def axis_of(fields: Grid | None, depth: int | None, orders: list[int], table: bool, data: Data) -> list[Node] | CellError:
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
