"""Operands resolved: what each operand of a formula's text is in this workbook, and the slots it takes.

In: the operands of a lifted formula, the `Scope`, the home cell. Out: `Resolution`: one `Resolved` per operand and the
slots in order. Invariant: two formulas of one shape whose resolutions have equal `key` are one program, with slots in
the same places.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from sheetengine.address import MAX_COLUMNS, MAX_ROWS
from sheetengine.compiler.bound import BOTTOM, LEFT, RIGHT, TOP, AreaSlot, ConstantSlot, Slot
from sheetengine.errors import FormulaSyntaxError
from sheetengine.functions.library import find
from sheetengine.grid import Grid
from sheetengine.names import DefinedName, Scope, other_spelling
from sheetengine.syntax.nodes import Call, Name, Node, Operand
from sheetengine.syntax.operands import AnyOperand, Constant, Corner, NameReference, Reference, TableReference
from sheetengine.syntax.parser import parse, read
from sheetengine.syntax.shape import Shape
from sheetengine.syntax.walk import walk
from sheetengine.values import CellError

MOST_NESTED_NAMES = 32
MOST_EXTERNAL = 1_000_000


@dataclass(slots=True)
class Resolved:
    """What one operand is: `kind` goes into the program's key; `slot` is the first of its slots.

    kind: "n" number, "t" text, "c" cell, "r" range, ("T", trim) a range without empty edges, ("3", count) a range on several sheets,
    ("e", code, message) an error, ("x", …) cached cells of another workbook, ("f", name) a function's bare name, ("d", …) a formula of a
    defined name, ("l", …) a defined name that holds a LAMBDA.
    """

    kind: Hashable
    slot: int = -1
    count: int = 1
    error: CellError | None = None
    grid: Grid | None = None
    definition: DefinedName | None = None
    nested: list[Resolved] | None = None
    nested_names: dict[str, Resolved] | None = None


@dataclass(slots=True)
class Resolution:
    """All operands of one formula."""

    operands: list[Resolved]
    names: dict[str, Resolved]
    """What the names left in a shape with LET or LAMBDA would be if they are not local."""
    slots: list[Slot]
    mentions: set[str] = field(default_factory=set)
    unsupported: list[str] = field(default_factory=list)

    @property
    def key(self) -> Hashable:
        """Equal for formulas of one shape that are one program."""
        kinds = tuple([resolved.kind for resolved in self.operands])
        return (kinds, tuple(sorted((name, resolved.kind) for name, resolved in self.names.items()))) if self.names else kinds


def resolve(
    shape: Shape, operands: Sequence[AnyOperand], scope: Scope, row: int, column: int, *, defined: DefinedName | None = None
) -> Resolution:
    """Resolve every operand of a formula that stands at a cell (0-based); `defined`: the name whose formula it is, as seen from A1."""
    resolution = Resolution([], {}, [])
    resolver = _Resolver(scope, row, column, resolution)
    down = right = 0
    if defined is not None:
        down, right, resolver.home = row, column, defined.sheet
    for operand in operands:
        resolution.operands.append(resolver.operand(operand, down, right, 0))
    for name in names_left(shape):
        resolution.names[name.lower()] = resolver.operand(NameReference(name, None, None), 0, 0, 0)
    for name in names_called(shape):
        if scope.function(name) is None:
            resolution.names[name.lower() + "("] = resolver.operand(NameReference(name, None, None), 0, 0, 0)
    return resolution


def mentions_of(shape: Shape, operands: Iterable[AnyOperand], scope: Scope, row: int, column: int) -> set[str]:
    """The names, sheets and tables that formulas of a shape mention by their operands, as `kind:name` in lower case."""
    resolution = Resolution([], {}, [])
    resolver = _Resolver(scope, row, column, resolution)
    # Most operands are constants and cells of the formula's own sheet, which mention nothing.
    telling = (one for one in operands if type(one) is not Constant and not (type(one) is Reference and one.sheet is None))
    for operand in dict.fromkeys(telling):
        resolver.operand(operand, 0, 0, 0)
    for name in (*names_left(shape), *[name for name in names_called(shape) if scope.function(name) is None]):
        resolver.operand(NameReference(name, None, None), 0, 0, 0)
    return resolution.mentions


_LEFT: dict[str, tuple[str, ...]] = {}


def names_left(shape: Shape) -> tuple[str, ...]:
    """The names that stay in a shape, because its text has LET( or LAMBDA(."""
    known = _LEFT.get(shape.key)
    if known is None:
        known = ()
        if "LET" in shape.key.upper() or "LAMBDA" in shape.key.upper():
            known = tuple(dict.fromkeys(node.name for node in walk(parse(shape)) if isinstance(node, Name)))
        if len(_LEFT) > 50_000:
            _LEFT.clear()
        _LEFT[shape.key] = known
    return known


_CALLED: dict[str, tuple[str, ...]] = {}


def names_called(shape: Shape) -> tuple[str, ...]:
    """What a shape calls that is no worksheet function: user functions, and names that hold a LAMBDA."""
    known = _CALLED.get(shape.key)
    if known is None:
        known = ()
        if "(" in shape.key:
            calls = dict.fromkeys(node.name for node in walk(parse(shape)) if isinstance(node, Call))
            known = tuple(name for name in calls if name not in ("LET", "LAMBDA") and find(name) is None)
        if len(_CALLED) > 50_000:
            _CALLED.clear()
        _CALLED[shape.key] = known
    return known


class _Resolver:
    def __init__(self, scope: Scope, row: int, column: int, into: Resolution) -> None:
        self.scope = scope
        self.row = row
        self.column = column
        self.into = into
        self.lambdas: list[DefinedName] = []
        self.home: int | None = scope.sheet
        """Whose names go before the workbook's: those of the formula's sheet; in a name's formula those of the name's own, if it has one."""

    def operand(self, operand: AnyOperand, down: int, right: int, depth: int) -> Resolved:
        """`down` and `right` move the relative parts: a name's formula is written as seen from A1."""
        slots = self.into.slots
        if type(operand) is Constant:
            slots.append(ConstantSlot(operand.value))
            return Resolved("t" if isinstance(operand.value, str) else "n", len(slots) - 1)
        if type(operand) is Reference:
            return self.reference(operand, down, right)
        if type(operand) is NameReference:
            return self.name(operand, depth)
        assert isinstance(operand, TableReference)
        return self.structured(operand)

    def error(self, code: str, message: str) -> Resolved:
        return Resolved(("e", code, message), error=CellError(code, message))

    def reference(self, operand: Reference, down: int, right: int) -> Resolved:
        if operand.first is None:
            return self.error("#REF!", "the cells this formula named were deleted")
        if operand.book is not None:
            return self.external(operand)
        sheets = [self.scope.sheet]
        if operand.sheet is not None:
            self.into.mentions.add("sheet:" + operand.sheet.lower())
            if operand.last_sheet is not None:
                self.into.mentions.add("sheet:" + operand.last_sheet.lower())
                self.into.mentions.add("sheets")
                between = self.scope.sheets_between(operand.sheet, operand.last_sheet)
                if between is None:
                    return self.error("#REF!", f"there is no sheet {operand.sheet!r} or {operand.last_sheet!r}")
                sheets = between
            else:
                sheet = self.scope.sheet_named(operand.sheet)
                if sheet is None:
                    return self.error("#REF!", f"there is no sheet {operand.sheet!r}")
                sheets = [sheet]
        slot = len(self.into.slots)
        first, last = operand.first, operand.last
        for sheet in sheets:
            self.into.slots.append(area_slot(sheet, first, last, down, right))
        if operand.last_sheet is not None:
            return Resolved(("3", len(sheets)), slot, len(sheets))
        if operand.trim:
            return Resolved(("T", operand.trim), slot)
        return Resolved("c" if last is None else "r", slot)

    def external(self, operand: Reference) -> Resolved:
        assert operand.book is not None and operand.first is not None
        book = self.scope.external(operand.book)
        cells = None if book is None else book.sheets.get((operand.sheet or "").lower())
        if cells is None:
            self.into.unsupported.append(f"external reference [{operand.book}]{operand.sheet}")
            message = f"the workbook {operand.book} is not open and the file holds no values of its sheet {operand.sheet!r}"
            return self.error("#REF!", message)
        slot = area_slot(0, operand.first, operand.last, 0, 0)
        # Whole columns, and whatever else is far larger than what the file keeps of that book, end with its last cell.
        if (slot.bottom - slot.top + 1) * (slot.right - slot.left + 1) > MOST_EXTERNAL:
            slot = slot._replace(
                bottom=max(min(slot.bottom, max((row for row, _ in cells), default=0)), slot.top),
                right=max(min(slot.right, max((column for _, column in cells), default=0)), slot.left),
            )
        flat = [cells.get((row, column)) for row in range(slot.top, slot.bottom + 1) for column in range(slot.left, slot.right + 1)]
        shape = (slot.bottom - slot.top + 1, slot.right - slot.left + 1)
        return Resolved(("x", operand.book, operand.sheet, slot), grid=Grid.from_flat(flat, shape))

    def external_name(self, book: str, text: str) -> Resolved | None:
        """What a name of another workbook means, where the file says that it is a reference there, or a constant."""
        try:
            _, operands, tree = read("=" + text)
        except FormulaSyntaxError:
            return None
        if not isinstance(tree, Operand):
            return None
        meant = operands[tree.index]
        if isinstance(meant, Reference) and meant.sheet is not None and meant.first is not None and meant.last_sheet is None:
            return self.external(replace(meant, book=book))
        if isinstance(meant, Constant):
            return Resolved(("x", book, text), grid=Grid.from_flat([meant.value], (1, 1)))
        return None

    def name(self, operand: NameReference, depth: int) -> Resolved:
        lower = operand.name.lower()
        self.into.mentions.add("name:" + lower)
        if (other := other_spelling(lower)) is not None:
            self.into.mentions.add("name:" + other)
        if operand.book is not None:
            book = self.scope.external(operand.book)
            found = None if book is None else self.external_name(operand.book, book.names.get(operand.name.lower(), ""))
            if found is not None:
                return found
            self.into.unsupported.append(f"external name [{operand.book}]!{operand.name}")
            known = f"the workbook {operand.book} is not open" if book is None else "the file does not say what the name means"
            return self.error("#REF!", f"{known}: [{operand.book}]!{operand.name}")
        sheet = self.home
        if operand.sheet is not None:
            self.into.mentions.add("sheet:" + operand.sheet.lower())
            sheet = self.scope.sheet_named(operand.sheet)
            if sheet is None:
                return self.error("#REF!", f"there is no sheet {operand.sheet!r}")
        definition = self.scope.name(operand.name, sheet)
        if definition is None:
            return self.other_name(operand.name)
        if depth >= MOST_NESTED_NAMES:
            return self.error("#NAME?", f"the name {operand.name!r} leads back to itself")
        home, self.home = self.home, definition.sheet
        found = self.defined(definition, depth)
        self.home = home
        return found

    def other_name(self, name: str) -> Resolved:
        table = self.scope.table(name, self.row, self.column)
        if table is not None:
            return self.structured(TableReference(name, (), None, None, False, None))
        if self.scope.function(name.upper()) is not None:
            return Resolved(("f", name.upper()))
        return self.error("#NAME?", f"there is no name {name!r}")

    def defined(self, definition: DefinedName, depth: int) -> Resolved:
        tree = parse(definition.shape)
        if isinstance(tree, Operand):
            return self.operand(definition.operands[tree.index], self.row, self.column, depth + 1)
        if is_lambda(tree):
            # Its body is bound when it is called, so that it may call itself; what it reads is read by who names it.
            if definition in self.lambdas:
                return Resolved(("l", definition.name.lower(), definition.sheet), definition=definition)
            self.lambdas.append(definition)
            inside = [self.operand(operand, self.row, self.column, depth + 1).kind for operand in definition.operands]
            inside += [self.operand(NameReference(name, None, None), 0, 0, depth + 1).kind for name in names_left(definition.shape)]
            return Resolved(("l", definition.name.lower(), definition.sheet, tuple(inside)), definition=definition)
        nested = [self.operand(operand, self.row, self.column, depth + 1) for operand in definition.operands]
        names = {name.lower(): self.operand(NameReference(name, None, None), 0, 0, depth + 1) for name in names_left(definition.shape)}
        kinds = tuple([resolved.kind for resolved in nested])
        kind = ("d", id(definition), kinds, tuple(sorted((name, resolved.kind) for name, resolved in names.items())))
        return Resolved(kind, definition=definition, nested=nested, nested_names=names)

    def structured(self, operand: TableReference) -> Resolved:
        self.into.mentions.add("table:" + (operand.table or "").lower())
        table = self.scope.table(operand.table, self.row, self.column)
        if operand.book is not None or table is None:
            where = f"there is no table {operand.table!r}" if operand.table else "this cell is in no table"
            return self.error("#REF!" if operand.book is None else "#NAME?", where)
        left, right = table.left, table.right
        if operand.first_column is not None:
            first = table.column(operand.first_column)
            last = first if operand.last_column is None else table.column(operand.last_column)
            if first is None or last is None:
                missing = operand.first_column if first is None else operand.last_column
                return self.error("#REF!", f"table {table.name} has no column {missing!r}")
            left, right = min(first, last), max(first, last)
        relative = 0
        if operand.this_row or any(item.lower() == "#this row" for item in operand.items):
            data = table.rows("#data")
            if data is None or not data[0] <= self.row <= data[1]:
                return self.error("#VALUE!", f"row {self.row + 1} is not a data row of table {table.name}")
            rows: list[tuple[int, int]] = [(self.row, self.row)]
            relative = TOP | BOTTOM
        else:
            found = [table.rows(item) for item in (operand.items or ("#Data",))]
            rows = [pair for pair in found if pair is not None]
            if not rows:
                return self.error("#REF!", f"table {table.name} has no such rows: {', '.join(operand.items)}")
        top, bottom = min(first for first, _ in rows), max(last for _, last in rows)
        self.into.slots.append(AreaSlot(table.sheet, top, left, bottom, right, relative))
        single = top == bottom and left == right
        return Resolved("c" if single and relative else "r", len(self.into.slots) - 1)


def is_lambda(tree: Node) -> bool:
    """Whether a name's formula is a LAMBDA that is not called on the spot."""
    return type(tree).__name__ == "Call" and getattr(tree, "name", "") == "LAMBDA"


def area_slot(sheet: int, first: Corner, last: Corner | None, down: int, right: int) -> AreaSlot:
    """The slot of a reference; `down` and `right` move its relative edges, around the edge of the grid as names do."""
    if last is None:
        last = first
    relative = 0
    top, bottom = first.row, last.row
    if top is None or bottom is None:
        top, bottom = 0, MAX_ROWS - 1
    else:
        if not first.row_absolute:
            relative |= TOP
            top = (top + down) % MAX_ROWS
        if not last.row_absolute:
            relative |= BOTTOM
            bottom = (bottom + down) % MAX_ROWS
    left, end = first.column, last.column
    if left is None or end is None:
        left, end = 0, MAX_COLUMNS - 1
    else:
        if not first.column_absolute:
            relative |= LEFT
            left = (left + right) % MAX_COLUMNS
        if not last.column_absolute:
            relative |= RIGHT
            end = (end + right) % MAX_COLUMNS
    if top > bottom:
        top, bottom = bottom, top
        relative = relative & ~(TOP | BOTTOM) | (TOP if relative & BOTTOM else 0) | (BOTTOM if relative & TOP else 0)
    if left > end:
        left, end = end, left
        relative = relative & ~(LEFT | RIGHT) | (LEFT if relative & RIGHT else 0) | (RIGHT if relative & LEFT else 0)
    return AreaSlot(sheet, top, left, bottom, end, relative)
