"""What the laws of structural edits share: random sheets and scripts, a naive twin of a workbook, comparisons to the bit."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator

from hypothesis import strategies as st

import sheetengine
from sheetengine.address import MAX_COLUMNS, MAX_ROWS, Address
from sheetengine.syntax.operands import Corner, Reference
from sheetengine.syntax.printer import print_formula
from sheetengine.syntax.shape import lift

ROWS, COLUMNS = 9, 6
SHEETS = ("Sheet1", "Other")
Key = tuple[str, int, int]
Cells = dict[Key, object]

# -- random formulas and scripts ---------------------------------------------------------------------------------------------

places = st.builds(Address, st.integers(0, ROWS - 1), st.integers(0, COLUMNS - 1))
# Formulas stand to the right of what they read, but for one column: circles are rare, chains are not.
sources = st.builds(Address, st.integers(0, ROWS - 1), st.integers(0, 3))
homes = st.builds(Address, st.integers(0, ROWS - 1), st.integers(3, COLUMNS - 1))
dollars = st.sampled_from(("", "$"))


@st.composite
def references(draw: Callable[..., object]) -> str:
    one, two = draw(sources), draw(sources)
    sheet = draw(st.sampled_from(("", "", "Other!", "Sheet1!")))
    column, row = draw(dollars), draw(dollars)

    def corner(place: Address) -> str:
        text = str(place)
        return f"{column}{text[0]}{row}{text[1:]}"

    kind = draw(st.integers(0, 9))
    if kind < 5:
        return sheet + corner(one)
    if kind < 8:
        return f"{sheet}{corner(Address(min(one.row, two.row), min(one.column, two.column)))}:{corner(Address(max(one.row, two.row), max(one.column, two.column)))}"
    if kind == 8:
        first, last = sorted((str(one)[0], str(two)[0]))
        return f"{sheet}{column}{first}:{column}{last}"
    first, last = sorted((one.row + 1, two.row + 1))
    return f"{sheet}{row}{first}:{row}{last}"


@st.composite
def formulas(draw: Callable[..., object]) -> str:
    refs = [draw(references()) for _ in range(draw(st.integers(1, 2)))]
    summed = [f"SUM({ref})" if ":" in ref else ref for ref in refs]
    pattern = draw(
        st.sampled_from(("={0}", "={0}*2", "={0}+{1}", "=IF({0}>3,{1},0)", "=ROW({2})", "=COUNT({2})+ROW()", "={0}+total", "=MAX({2},{3})"))
    )
    return pattern.format(summed[0], summed[-1], refs[0], refs[-1])


@st.composite
def steps(draw: Callable[..., object]) -> tuple[object, ...]:
    sheet = draw(st.sampled_from(SHEETS))
    kind = draw(
        st.sampled_from(("rows", "rows", "columns", "cells", "move", "copy", "filled", "sort", "value", "formula", "fill", "fill", "undo"))
    )
    one, two = draw(places), draw(places)
    area = f"{Address(min(one.row, two.row), min(one.column, two.column))}:{Address(max(one.row, two.row), max(one.column, two.column))}"
    if kind == "rows":
        return ("lines", sheet, True, draw(st.integers(1, ROWS + 2)), draw(st.sampled_from((1, 1, 2, -1, -1, -2, -4))))
    if kind == "columns":
        return ("lines", sheet, False, draw(st.integers(1, COLUMNS + 1)), draw(st.sampled_from((1, 1, 2, -1, -1, -2))))
    if kind == "copy":
        return ("copy", sheet, area, draw(st.sampled_from(SHEETS)), str(draw(places)))
    if kind == "filled":
        return ("filled", sheet, area, draw(st.sampled_from(("down", "right", "up", "left"))))
    if kind == "sort":
        return ("sort", sheet, area, draw(st.booleans()))
    if kind == "move":
        return ("move", sheet, area, draw(st.sampled_from(SHEETS)), str(draw(places)))
    if kind == "cells":
        return ("cells", sheet, area, draw(st.sampled_from(("down", "right", "up", "left"))))
    if kind == "value":
        return ("value", sheet, str(one), draw(st.sampled_from((1.0, 2.5, 0.1, "text", True, None))))
    if kind in ("formula", "fill"):
        one, two = draw(homes), draw(homes)
        area = (
            f"{Address(min(one.row, two.row), min(one.column, two.column))}:{Address(max(one.row, two.row), max(one.column, two.column))}"
        )
        return ("value", sheet, str(one) if kind == "formula" else area, draw(formulas()))
    return ("undo",)


scripts = st.lists(steps(), min_size=1, max_size=7)


def new_workbook() -> sheetengine.Workbook:
    wb = sheetengine.Workbook()
    wb.add_sheet("Other")
    for number, sheet in enumerate(SHEETS):
        wb[sheet][f"A1:{Address(ROWS - 1, COLUMNS - 1)}"] = [[(3 * r + 7 * c + number) * 0.1 for c in range(COLUMNS)] for r in range(ROWS)]
    wb.names["total"] = "=SUM(Sheet1!$A$1:$B$4)"
    wb.names["one"] = "=Other!$C$3"
    return wb


def perform(wb: sheetengine.Workbook, step: tuple[object, ...]) -> bool:
    """Do a step; False where it is one that the engine refuses, or that does nothing."""
    try:
        match step:
            case ("lines", str(sheet), bool(rows), int(at), int(count)):
                ws = wb[sheet]
                if rows:
                    (ws.insert_rows if count > 0 else ws.delete_rows)(at, abs(count))
                else:
                    (ws.insert_columns if count > 0 else ws.delete_columns)(at, abs(count))
            case ("cells", str(sheet), str(area), str(way)):
                if way in ("down", "right"):
                    wb[sheet][area].insert(shift=way)
                else:
                    wb[sheet][area].delete(shift=way)
            case ("move", str(sheet), str(area), str(other), str(place)):
                if sheet == other and area.split(":")[0] == place:
                    return False
                wb[sheet][area].move_to(wb[other][place])
            case ("copy", str(sheet), str(area), str(other), str(place)):
                wb[sheet][area].copy_to(wb[other][place])
            case ("filled", str(sheet), str(area), str(way)):
                source = wb[sheet][area]
                if source.shape[way in ("right", "left")] == 1:
                    return False
                getattr(source, f"fill_{way}")()
            case ("sort", str(sheet), str(area), bool(descending)):
                source = wb[sheet][area]
                if source.shape[0] == 1 or wb.circular:
                    return False
                source.sort(1, descending=descending)
            case ("value", str(sheet), str(area), value):
                wb[sheet][area] = value
            case ("undo",):
                wb.undo()
    except sheetengine.EditRefused:
        return False
    return True


# -- what a workbook holds ---------------------------------------------------------------------------------------------------


def contents(wb: sheetengine.Workbook) -> Cells:
    """The formula or the constant of every cell; what a formula spilled is its own affair."""
    found: Cells = {}
    for ws in wb:
        store = wb._engine.book.sheets[ws.id].store
        for cell in ws.cells_with():
            formula = cell.formula
            if store.owner(cell.row - 1, cell.column - 1) >= 0:
                found[ws.name, cell.row - 1, cell.column - 1] = cell.value if formula is None else formula
    return found


def values(wb: sheetengine.Workbook) -> Cells | None:
    """The value of every cell, numbers as their bits; None where cells stand in a circle, whose values depend on how they came there."""
    if wb.circular:
        return None
    found: Cells = {}
    for ws in wb:
        for cell in ws.cells_with():
            value = cell.value
            found[ws.name, cell.row - 1, cell.column - 1] = (
                struct.pack("d", value) if type(value) is float else (type(value).__name__, str(value))
            )
    return found


State = tuple[Cells, Cells | None, dict[str, str]]


def state(wb: sheetengine.Workbook) -> State:
    """Formulas, values and names."""
    return contents(wb), values(wb), dict(wb.names)


def same(one: State, two: State) -> bool:
    """Whether two states agree."""
    return one[0] == two[0] and one[2] == two[2] and (one[1] is None or two[1] is None or one[1] == two[1])


def fresh(wb: sheetengine.Workbook) -> sheetengine.Workbook:
    """A workbook built anew from the formulas and constants of another."""
    twin = sheetengine.Workbook(sheet=None)
    for ws in wb:
        twin.add_sheet(ws.name)
    for name, text in wb.names.items():
        twin.names[name] = text
    for (sheet, row, column), value in contents(wb).items():
        twin[sheet][str(Address(row, column))] = value
    return twin


def check(wb: sheetengine.Workbook) -> None:
    """The invariants of graph and store, and that owners and blocks say the same."""
    engine = wb._engine
    engine.field.graph.check_invariants()
    owned: set[tuple[int, int, int]] = set()
    for block in engine.field:
        for member in engine.field.members(block).tolist():
            row, column = block.cell(member)
            assert engine.book.sheets[block.sheet].store.owner(row, column) == block.id
            owned.add((block.sheet, row, column))
    for record in engine.book.sheets.values():
        record.store.check_invariants()
        for box in record.store.used_boxes():
            owners = record.store.owners(box)
            for down, right in zip(*(axis.tolist() for axis in (owners > 0).nonzero()), strict=True):
                assert (record.id, box.top + down, box.left + right) in owned


# -- the naive twin ----------------------------------------------------------------------------------------------------------


def naive_shift(cells: Cells, sheet: str, rows: bool, at: int, count: int, low: int, high: int) -> Cells:
    """What a shift makes of every cell, each by itself, by following every line of a range to where it goes."""

    def line(place: int) -> int | None:
        if place < at:
            return place
        if count < 0 and place < at - count:
            return None
        return place + count

    def span(first: int, last: int, size: int) -> tuple[int, int] | None:
        if (first, last) == (0, size - 1):
            return first, last
        there = [moved for place in range(first, last + 1) if (moved := line(place)) is not None]
        return (there[0], there[-1]) if there else None

    def follow(operand: object, home: str) -> object:
        if type(operand) is not Reference or operand.first is None or (operand.sheet or home) != sheet:
            return operand
        first, last = operand.first, operand.last or operand.first
        top, bottom = (first.row, last.row) if first.row is not None else (0, MAX_ROWS - 1)
        left, right = (first.column, last.column) if first.column is not None else (0, MAX_COLUMNS - 1)
        other = (left, right) if rows else (top, bottom)
        if not (low <= min(other) and max(other) <= high):
            return operand
        own = span(*sorted((top, bottom)), MAX_ROWS) if rows else span(*sorted((left, right)), MAX_COLUMNS)
        if own is None:
            return Reference(None, None, operand.sheet)

        def moved(corner: Corner, lower: bool) -> Corner:
            row, column = corner.row, corner.column
            if rows and row is not None:
                row = own[0] if lower else own[1]
            if not rows and column is not None:
                column = own[0] if lower else own[1]
            return Corner(row, column, corner.row_absolute, corner.column_absolute)

        straight = top <= bottom if rows else left <= right
        return Reference(moved(first, straight), None if operand.last is None else moved(last, not straight), operand.sheet)

    found: Cells = {}
    for (home, row, column), value in cells.items():
        if isinstance(value, str) and value.startswith("="):
            shape, operands = lift(value)
            value = print_formula(shape, [follow(operand, home) for operand in operands])
        place: tuple[int, int] | None = (row, column)
        if home == sheet and low <= (column if rows else row) <= high:
            there = line(row if rows else column)
            place = None if there is None else (there, column) if rows else (row, there)
        if place is not None:
            found[home, *place] = value
    return found


def naive_reads(cells: Cells) -> Iterator[tuple[Key, tuple[str, int, int, int, int]]]:
    """Every formula cell with each rectangle its text names."""
    for key, value in cells.items():
        if not (isinstance(value, str) and value.startswith("=")):
            continue
        for operand in lift(value)[1]:
            if type(operand) is Reference and operand.first is not None:
                first, last = operand.first, operand.last or operand.first
                top, bottom = sorted((first.row, last.row)) if first.row is not None else (0, MAX_ROWS - 1)
                left, right = sorted((first.column, last.column)) if first.column is not None else (0, MAX_COLUMNS - 1)
                yield key, (operand.sheet or key[0], top, left, bottom, right)
