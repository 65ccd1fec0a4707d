"""Compare two workbooks: formulas and values that differ, rows and columns that came or went, blocks that moved.

In: two workbook files. Out: a `Diff`. A formula that only follows inserted rows or a moved block is the same formula; a cell whose
formula is the same but whose value is not is listed with its values. Values are those the files hold; what they lack is computed.
"""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from sheetengine.address import Address, Range, column_name, quote_sheet
from sheetengine.io.package import Source
from sheetengine.syntax.operands import AnyOperand, Corner, Reference
from sheetengine.syntax.printer import print_formula
from sheetengine.tasks.alignment import align, inserted, runs
from sheetengine.tasks.comparison import TOLERANCE
from sheetengine.tasks.contents import Contents, Numbering, contents
from sheetengine.values import Scalar
from sheetengine.workbook import Workbook, open_workbook

_LEAST_MOVED = 2
"""Cells of a block from which it counts as moved; a lone value that appears elsewhere is an accident."""


@dataclass(frozen=True, slots=True)
class CellChange:
    """A cell that differs: its address in both files (None where it is not there), formulas and values."""

    before: str | None
    after: str | None
    old_formula: str | None = None
    new_formula: str | None = None
    old_value: Scalar = None
    new_value: Scalar = None


@dataclass(frozen=True, slots=True)
class Moved:
    """A block of cells that stands elsewhere."""

    before: str
    after: str


@dataclass(slots=True)
class Diff:
    """What differs between two workbooks; lines are ranges such as `Data!3:5` or `Data!C:D`."""

    first: str
    second: str
    sheets_added: list[str] = field(default_factory=list)
    sheets_removed: list[str] = field(default_factory=list)
    lines_inserted: list[str] = field(default_factory=list)
    lines_deleted: list[str] = field(default_factory=list)
    moved: list[Moved] = field(default_factory=list)
    formulas: list[CellChange] = field(default_factory=list)
    """Cells whose formula differs, or where one of the two has no formula."""
    constants: list[CellChange] = field(default_factory=list)
    results: list[CellChange] = field(default_factory=list)
    """Cells of one formula in both, with different values."""
    names: list[CellChange] = field(default_factory=list)
    """Defined names: `before` and `after` are the name, formulas what it stands for."""

    @property
    def same(self) -> bool:
        """Whether nothing differs."""
        return not any(
            (self.sheets_added, self.sheets_removed, self.lines_inserted, self.lines_deleted, self.moved, self.formulas, self.constants,
             self.results, self.names)
        )  # fmt: skip


@dataclass(slots=True)
class _Maps:
    """Where the rows and columns of a sheet went; lines beyond the last in use go where the last one goes."""

    rows: list[int | None]
    columns: list[int | None]

    def row(self, row: int) -> int | None:
        return _mapped(self.rows, row)

    def column(self, column: int) -> int | None:
        return _mapped(self.columns, column)


def _mapped(places: Sequence[int | None], line: int) -> int | None:
    if line < len(places):
        return places[line]
    last = next((index for index in range(len(places) - 1, -1, -1) if places[index] is not None), None)
    return line if last is None else line + (places[last] or 0) - last


def diff_files(first: Source, second: Source, *, tolerance: float = TOLERANCE) -> Diff:
    """What differs between two workbook files."""
    one, other = open_workbook(first), open_workbook(second)
    # Both at one moment and with the same luck: NOW and RAND are no difference.
    moment = datetime.datetime.now()
    for workbook in (one, other):
        workbook.fix_clock(moment)
        workbook.fix_seed(0)
    return diff_workbooks(one, other, _name(one), _name(other), tolerance=tolerance)


def diff_workbooks(one: Workbook, other: Workbook, first: str = "first", second: str = "second", *, tolerance: float = TOLERANCE) -> Diff:
    """What differs between two workbooks; sheets are paired by their names."""
    for workbook in (one, other):
        with workbook._engine.lock:
            workbook._flush()
    found = Diff(first, second)
    found.sheets_removed = [name for name in one.sheet_names if name not in other]
    found.sheets_added = [name for name in other.sheet_names if name not in one]
    numbering = Numbering()
    pairs = []
    for name in one.sheet_names:
        if name in other:
            before = contents(one._engine, one[name].id, numbering)
            after = contents(other._engine, other[name].id, numbering)
            pairs.append((name, before, after, _maps(before, after)))
    maps = {name.lower(): own for name, _, _, own in pairs}
    for name, before, after, own in pairs:
        _SheetDiff(found, name, before, after, own, maps, tolerance).run()
    _names(one, other, found)
    return found


def _name(workbook: Workbook) -> str:
    return "the workbook" if workbook._file is None else workbook._file.document.source


# -- rows and columns ------------------------------------------------------------------------------------------------------


def _maps(before: Contents, after: Contents) -> _Maps:
    """Match rows and columns: by rows with columns as they stand, and the other way; the way that leaves less is taken."""
    height, width = _extent(before)
    rows = align(
        _lines(before.rows, before.columns, before.shapes, height), _lines(after.rows, after.columns, after.shapes, _extent(after)[0])
    )
    columns = align(
        _lines(before.columns, before.rows, before.shapes, width), _lines(after.columns, after.rows, after.shapes, _extent(after)[1])
    )
    by_rows = _Maps(rows, list(range(width)))
    by_columns = _Maps(list(range(height)), columns)
    plain = _Maps(list(range(height)), list(range(width)))
    return max((plain, by_rows, by_columns), key=lambda maps: _agreeing(before, after, maps))


def _extent(cells: Contents) -> tuple[int, int]:
    if len(cells.keys) == 0:
        return 0, 0
    return int(cells.rows.max()) + 1, int(cells.columns.max()) + 1


def _lines(lines: np.ndarray, across: np.ndarray, numbers: np.ndarray, count: int) -> list[Hashable]:
    """A fingerprint per line: what stands where on it."""
    order = np.lexsort((across, lines))
    lines, across, numbers = lines[order], across[order], numbers[order]
    bounds = np.searchsorted(lines, np.arange(count + 1))
    return [(across[a:b].tobytes(), numbers[a:b].tobytes()) for a, b in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True)]


def _agreeing(before: Contents, after: Contents, maps: _Maps) -> int:
    """How many cells have the same content where the maps send them."""
    rows = np.array([-1 if place is None else place for place in maps.rows], np.int64)
    columns = np.array([-1 if place is None else place for place in maps.columns], np.int64)
    if len(rows) == 0 or len(after.keys) == 0:
        return 0
    down, across = rows[before.rows], columns[before.columns]
    keys = np.where((down < 0) | (across < 0), -1, down * 16_384 + across)
    found = np.minimum(np.searchsorted(after.keys, keys), len(after.keys) - 1)
    return int(np.count_nonzero((after.keys[found] == keys) & (after.shapes[found] == before.shapes)))


# -- cells -----------------------------------------------------------------------------------------------------------------


class _SheetDiff:
    def __init__(
        self, into: Diff, name: str, before: Contents, after: Contents, own: _Maps, maps: dict[str, _Maps], tolerance: float
    ) -> None:
        self.into = into
        self.name = quote_sheet(name)
        self.before = before
        self.after = after
        self.own = own
        self.maps = maps
        self.tolerance = tolerance

    def run(self) -> None:
        height, width = _extent(self.after)
        self._report_lines(self.own.rows, height, lambda first, last: f"{first + 1}:{last + 1}")
        self._report_lines(self.own.columns, width, lambda first, last: f"{column_name(first)}:{column_name(last)}")
        there = dict(zip(self.after.keys.tolist(), self.after.numbers.tolist(), strict=True))
        removed: dict[int, int] = {}
        paired: set[int] = set()
        changed: list[tuple[int, int]] = []
        for key, number in zip(self.before.keys.tolist(), self.before.numbers.tolist(), strict=True):
            row, column = self.own.row(key >> 14), self.own.column(key & 16_383)
            target = None if row is None or column is None else row * 16_384 + column
            if target is None or target not in there:
                removed[key] = number
                continue
            paired.add(target)
            if there[target] == number or self._follows(key, target):
                self._result(key, target)
            else:
                changed.append((key, target))
        added = {key: number for key, number in there.items() if key not in paired}
        self._moved(removed, added, changed)
        for key, target in changed:
            self._changed(key, target)
        for key in removed:
            self._changed(key, None)
        for key in added:
            self._changed(None, key)

    def _report_lines(self, places: list[int | None], count: int, written: object) -> None:
        assert callable(written)
        self.into.lines_inserted += (
            [f"{self.name}!{written(*run)}" for run in inserted(places, count)] if any(p is not None for p in places) else []
        )
        self.into.lines_deleted += [
            f"{self.name}!{written(*run)}" for run in runs([line for line, place in enumerate(places) if place is None])
        ]

    def _follows(self, key: int, target: int) -> bool:
        """Whether the new formula is the old one, following the lines that came and went."""
        mine, other = self.before.engine.field.find(self.before.sheet, key >> 14, key & 16_383), self.after.formula(target)
        if mine is None or other is None:
            return False
        block, member = mine
        operands = [self._moved_operand(operand) for operand in block.syntax_operands(member)]
        return print_formula(block.program.shape, operands) == other

    def _moved_operand(self, operand: AnyOperand) -> AnyOperand:
        if type(operand) is not Reference or operand.first is None or operand.book is not None:
            return operand
        maps = self.own if operand.sheet is None else self.maps.get(operand.sheet.lower())
        if maps is None:
            return operand
        first = _moved_corner(operand.first, maps)
        last = None if operand.last is None else _moved_corner(operand.last, maps)
        return replace(operand, first=first, last=last) if first is not None and (operand.last is None or last is not None) else operand

    def _moved(self, removed: dict[int, int], added: dict[int, int], changed: list[tuple[int, int]]) -> None:
        """Blocks that stand elsewhere: what went here and came there, by one and the same step."""
        places: dict[int, list[int]] = defaultdict(list)
        for key, number in added.items():
            places[number].append(key)
        steps: Counter[int] = Counter()
        for key, number in removed.items():
            if len(places.get(number, ())) <= 16:
                steps.update(target - key for target in places.get(number, ()))
        for step, votes in steps.most_common():
            if votes < _LEAST_MOVED:
                break
            keys = [key for key, number in removed.items() if added.get(key + step) == number]
            if len(keys) < _LEAST_MOVED:
                continue
            for area in _areas(keys):
                down, right = (area.top * 16_384 + area.left + step) >> 14, (area.left + step) & 16_383
                target = Range(down, right, down + area.bottom - area.top, right + area.right - area.left)
                self.into.moved.append(Moved(f"{self.name}!{area}", f"{self.name}!{target}"))
            for key in keys:
                del removed[key], added[key + step]

    # -- what is listed ------------------------------------------------------------------------------------------------

    def _address(self, key: int | None) -> str | None:
        return None if key is None else f"{self.name}!{Address(key >> 14, key & 16_383)}"

    def _changed(self, key: int | None, target: int | None) -> None:
        old = None if key is None else self.before.formula(key)
        new = None if target is None else self.after.formula(target)
        change = CellChange(
            self._address(key), self._address(target), old, new,
            None if key is None else self.before.value(key), None if target is None else self.after.value(target),
        )  # fmt: skip
        (self.into.constants if old is None and new is None else self.into.formulas).append(change)

    def _result(self, key: int, target: int) -> None:
        old, new = self.before.value(key), self.after.value(target)
        if old == new and type(old) is type(new):
            return
        if isinstance(old, float) and isinstance(new, float) and abs(old - new) <= self.tolerance * max(abs(old), abs(new)):
            return
        self.into.results.append(
            CellChange(self._address(key), self._address(target), self.before.formula(key), self.after.formula(target), old, new)
        )


def _moved_corner(corner: Corner, maps: _Maps) -> Corner | None:
    row = None if corner.row is None else maps.row(corner.row)
    column = None if corner.column is None else maps.column(corner.column)
    if (row is None and corner.row is not None) or (column is None and corner.column is not None):
        return None
    return replace(corner, row=row, column=column)


def _areas(keys: Iterable[int]) -> list[Range]:
    """Cells as rectangles: runs along rows, joined where they stand below each other."""
    areas: list[Range] = []
    open_areas: dict[tuple[int, int], Range] = {}
    for first, last in runs(sorted(keys)):
        row, left, right = first >> 14, first & 16_383, last & 16_383
        above = open_areas.pop((left, right), None)
        if above is not None and above.bottom == row - 1:
            open_areas[left, right] = Range(above.top, left, row, right)
            continue
        if above is not None:
            areas.append(above)
        open_areas[left, right] = Range(row, left, row, right)
    return sorted([*areas, *open_areas.values()])


def _names(one: Workbook, other: Workbook, found: Diff) -> None:
    before, after = dict(one.names), dict(other.names)
    for name in sorted({*before, *after}):
        old, new = before.get(name), after.get(name)
        if old != new:
            found.names.append(CellChange(name if old is not None else None, name if new is not None else None, old, new))
