"""The database functions: DSUM, DCOUNT, DGET and their kin, over the records of a range that meet a range of criteria.

In: a range whose first row names the fields, a field (name or 1-based number), a range of criteria. Out: what the function of the same
name without the D gives for the field's cells in the matching records.

Criteria (Microsoft's DSUM page): each row below the headings is one alternative, its cells hold together; a blank cell asks nothing.
A text without an operator matches texts that begin with it, "=text" whole texts, both with wildcards; headings are compared without
regard to case. Under a heading that names no field (a blank one, usually) stands a computed criterion: a formula written for the first
record, whose relative references move down with the records; anything but TRUE or a number other than 0 refuses the record.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from sheetengine.coerce import to_text
from sheetengine.collation import fold_case
from sheetengine.functions.arguments import dereference
from sheetengine.functions.call import invoke
from sheetengine.functions.context import Context
from sheetengine.functions.criteria import Criterion, Mask, parse_criterion
from sheetengine.functions.library import find, function
from sheetengine.functions.signature import Any, Raw, Ref
from sheetengine.grid import Grid
from sheetengine.values import MISSING, VALUE, Area, CellError, Lambda, Reference, Scalar

_CATEGORY: Final = "database"
_SOURCE: Final = "Microsoft Support: {} function"
_OPERATORS: Final = ("<", ">", "=")


# -- records -------------------------------------------------------------------------------------------------------------


class _Table:
    """A database range, read: the names of its fields and its records."""

    def __init__(self, area: Area, grid: Grid) -> None:
        self.area = area
        self.records = grid[1:]
        self.names = [_name(value) for value in grid[:1].flat()]

    @property
    def count(self) -> int:
        return self.records.height

    def column(self, field: Scalar) -> int | CellError:
        """The 0-based column of a field: a text is a name, anything else a number."""
        if isinstance(field, CellError):
            return field
        if isinstance(field, Lambda):
            return VALUE
        if isinstance(field, str):
            name = _name(field)
            return self.names.index(name) if name in self.names else CellError("#VALUE!", f"no field is named {field!r}")
        number = 0 if field is None else int(field)
        return number - 1 if 1 <= number <= len(self.names) else CellError("#VALUE!", f"there is no field number {number}")


def _name(value: Scalar) -> str:
    """A heading as it is compared; "" for a blank one or an error."""
    text = to_text(value)
    return fold_case(text) if isinstance(text, str) else ""


def _read(reference: Reference, context: Context) -> tuple[Area, Grid] | CellError:
    area = reference.area
    if area is None:
        return VALUE
    used = context.used(area)
    bottom = area.top if used is None else max(used.bottom, area.top)
    return area, context.read(area._replace(bottom=bottom))


def _table(database: Reference, context: Context) -> _Table | CellError:
    found = _read(database, context)
    if isinstance(found, CellError):
        return found
    area, grid = found
    return _Table(area, grid) if area.height > 1 else CellError("#VALUE!", "the database has headings alone")


# -- criteria --------------------------------------------------------------------------------------------------------------


def _condition(value: Scalar, date1904: bool) -> Criterion | CellError:
    """A criterion cell; a text without an operator matches what begins with it."""
    if isinstance(value, str) and not value.startswith(_OPERATORS):
        criterion = parse_criterion(value, date1904)
        if isinstance(criterion, Criterion) and isinstance(criterion.operand, str):
            return parse_criterion("=" + value + "*", date1904)
        return criterion
    return parse_criterion(value, date1904)


def _matching(table: _Table, criteria: Reference, context: Context) -> Mask | CellError:
    """Which records meet one of the alternatives."""
    area = criteria.area
    if area is None or area.height < 2:
        return CellError("#VALUE!", "criteria are headings and at least one row below them")
    found = np.zeros(table.count, bool)
    rows = _read(criteria, context)
    if isinstance(rows, CellError):
        return rows
    grid = rows[1]
    headings = [_name(value) for value in grid[:1].flat()]
    if grid.height < area.height:
        # A row of blanks asks nothing: every record matches.
        return ~found
    for row in range(1, grid.height):
        alternative = np.ones(table.count, bool)
        for column, heading in enumerate(headings):
            value = grid.item(row, column)
            if heading and heading in table.names:
                if value is None:
                    continue
                criterion = _condition(value, context.date1904)
                if isinstance(criterion, CellError):
                    return criterion
                alternative &= criterion.plane(table.records[:, table.names.index(heading)])
            elif value is not None:
                alternative &= _computed(table, area, row, column, value, alternative, context)
        found |= alternative
    return found


def _computed(table: _Table, area: Area, row: int, column: int, value: Scalar, asked: Mask, context: Context) -> Mask:
    """A criterion that is a formula written for the first record; a constant holds, or does not, for all."""
    place = (area.sheet, area.top + row, area.left + column)
    if context.formula_text(*place) is None:
        return np.full(table.count, _holds(value))
    held = np.zeros(table.count, bool)
    for record in np.flatnonzero(asked).tolist():
        held[record] = _holds(context.moved_value(*place, record))
    return held


def _holds(value: object) -> bool:
    return value is True or (type(value) is float and value != 0.0)


# -- the functions -----------------------------------------------------------------------------------------------------------


def _cells(database: Reference, field: Scalar, criteria: Reference, context: Context) -> Grid | CellError:
    """The field's cells in the matching records, as one column."""
    table = _table(database, context)
    if isinstance(table, CellError):
        return table
    column = table.column(field)
    if isinstance(column, CellError):
        return column
    matching = _matching(table, criteria, context)
    if isinstance(matching, CellError):
        return matching
    return table.records[matching][:, column : column + 1]


def _apply(name: str, database: Reference, field: Scalar, criteria: Reference, context: Context) -> object:
    cells = _cells(database, field, criteria, context)
    if isinstance(cells, CellError):
        return cells
    if name == "COUNTA":  # of cells, though they come as an array, in which COUNTA counts blanks too
        return float(cells.filled())
    spec = find(name)
    assert spec is not None
    return invoke(spec, [cells if cells.size else Grid.blank((1, 1))], context)


@function(
    "DSUM", category=_CATEGORY, summary="The sum of a field over the records that meet criteria.",
    examples={"=DSUM(X1:Y3,1,X1:X2)": 0.0, "=DSUM(X1:Y3,3,X1:X2)": VALUE}, source=_SOURCE.format("DSUM"),
)  # fmt: skip
def database_sum(database: Ref, field: Any, criteria: Ref, *, context: Context) -> object:
    return _apply("SUM", database, field, criteria, context)


@function(
    "DAVERAGE", category=_CATEGORY, summary="The average of a field over the records that meet criteria.",
    examples={"=DAVERAGE(X1:Y3,1,X1:X2)": CellError("#DIV/0!")}, source=_SOURCE.format("DAVERAGE"),
)  # fmt: skip
def database_average(database: Ref, field: Any, criteria: Ref, *, context: Context) -> object:
    return _apply("AVERAGE", database, field, criteria, context)


@function(
    "DMAX", category=_CATEGORY, summary="The largest number of a field over the records that meet criteria.",
    examples={"=DMAX(X1:Y3,1,X1:X2)": 0.0}, source=_SOURCE.format("DMAX"),
)  # fmt: skip
def database_maximum(database: Ref, field: Any, criteria: Ref, *, context: Context) -> object:
    return _apply("MAX", database, field, criteria, context)


@function(
    "DMIN", category=_CATEGORY, summary="The smallest number of a field over the records that meet criteria.",
    examples={"=DMIN(X1:Y3,1,X1:X2)": 0.0}, source=_SOURCE.format("DMIN"),
)  # fmt: skip
def database_minimum(database: Ref, field: Any, criteria: Ref, *, context: Context) -> object:
    return _apply("MIN", database, field, criteria, context)


@function(
    "DPRODUCT", category=_CATEGORY, summary="The product of a field over the records that meet criteria.",
    examples={"=DPRODUCT(X1:Y3,1,X1:X2)": 0.0}, source=_SOURCE.format("DPRODUCT"),
)  # fmt: skip
def database_product(database: Ref, field: Any, criteria: Ref, *, context: Context) -> object:
    return _apply("PRODUCT", database, field, criteria, context)


@function(
    "DSTDEV", category=_CATEGORY, summary="The standard deviation of a sample: a field of the records that meet criteria.",
    examples={"=DSTDEV(X1:Y3,1,X1:X2)": CellError("#DIV/0!")}, source=_SOURCE.format("DSTDEV"),
)  # fmt: skip
def database_deviation(database: Ref, field: Any, criteria: Ref, *, context: Context) -> object:
    return _apply("STDEV.S", database, field, criteria, context)


@function(
    "DSTDEVP", category=_CATEGORY, summary="The standard deviation of a population: a field of the records that meet criteria.",
    examples={"=DSTDEVP(X1:Y3,1,X1:X2)": CellError("#DIV/0!")}, source=_SOURCE.format("DSTDEVP"),
)  # fmt: skip
def database_population_deviation(database: Ref, field: Any, criteria: Ref, *, context: Context) -> object:
    return _apply("STDEV.P", database, field, criteria, context)


@function(
    "DVAR", category=_CATEGORY, summary="The variance of a sample: a field of the records that meet criteria.",
    examples={"=DVAR(X1:Y3,1,X1:X2)": CellError("#DIV/0!")}, source=_SOURCE.format("DVAR"),
)  # fmt: skip
def database_variance(database: Ref, field: Any, criteria: Ref, *, context: Context) -> object:
    return _apply("VAR.S", database, field, criteria, context)


@function(
    "DVARP", category=_CATEGORY, summary="The variance of a population: a field of the records that meet criteria.",
    examples={"=DVARP(X1:Y3,1,X1:X2)": CellError("#DIV/0!")}, source=_SOURCE.format("DVARP"),
)  # fmt: skip
def database_population_variance(database: Ref, field: Any, criteria: Ref, *, context: Context) -> object:
    return _apply("VAR.P", database, field, criteria, context)


def _count(name: str, database: Reference, field: object, criteria: Reference, context: Context) -> object:
    """Without a field the matching records are counted."""
    if field is not MISSING:
        return _apply(name, database, field, criteria, context)  # type: ignore[arg-type]  # a scalar
    table = _table(database, context)
    if isinstance(table, CellError):
        return table
    matching = _matching(table, criteria, context)
    return matching if isinstance(matching, CellError) else float(np.count_nonzero(matching))


def _field(argument: object, context: Context) -> object:
    """A field that may be left out: a scalar, or MISSING; a range of several cells or an array is #VALUE!."""
    if isinstance(argument, Reference):
        argument = dereference(argument, context)
    if isinstance(argument, Grid):
        return argument.item(0, 0) if argument.size == 1 else VALUE
    return VALUE if isinstance(argument, Lambda) else argument


@function(
    "DCOUNT", category=_CATEGORY, summary="How many records that meet criteria have a number in a field.",
    examples={"=DCOUNT(X1:Y3,1,X1:X2)": 0.0}, source=_SOURCE.format("DCOUNT"),
)  # fmt: skip
def database_count(database: Ref, field: Raw, criteria: Ref, *, context: Context) -> object:
    return _count("COUNT", database, _field(field, context), criteria, context)


@function(
    "DCOUNTA", category=_CATEGORY, summary="How many records that meet criteria have anything in a field.",
    examples={"=DCOUNTA(X1:Y3,1,X1:X2)": 0.0}, source=_SOURCE.format("DCOUNTA"),
)  # fmt: skip
def database_count_filled(database: Ref, field: Raw, criteria: Ref, *, context: Context) -> object:
    return _count("COUNTA", database, _field(field, context), criteria, context)


@function(
    "DGET", category=_CATEGORY, summary="The field of the only record that meets criteria.",
    examples={"=DGET(X1:Y3,3,X1:X2)": VALUE}, source=_SOURCE.format("DGET"),
)  # fmt: skip
def database_get(database: Ref, field: Any, criteria: Ref, *, context: Context) -> object:
    """#VALUE! where no record matches, #NUM! where several do."""
    cells = _cells(database, field, criteria, context)
    if isinstance(cells, CellError):
        return cells
    if cells.size == 0:
        return CellError("#VALUE!", "no record meets the criteria")
    return cells.item(0, 0) if cells.size == 1 else CellError("#NUM!", f"{cells.size} records meet the criteria")
