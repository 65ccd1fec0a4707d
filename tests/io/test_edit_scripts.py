"""Random scripts of edits on opened and new workbooks: what is saved Excel opens without a word, and holds what the workbook held."""

from __future__ import annotations

import io
import random
import warnings
from collections.abc import Callable

import openpyxl
import pytest
from hypothesis import given, strategies as st

import sheetengine
from tests.io import rich
from tests.io.repair import problems
from tests.io.test_new_workbook import model
from tests.io.test_save import saved

Edit = Callable[[sheetengine.Workbook, random.Random], object]

_VALUES: list[object] = [
    None, 1.5, -7, True, "text", " edges ", "", "a\nb", "tab\t", "_x0041_", "\x01", "<&>\"'", "1e5", "#N/A", "\ud83d\ude00", "x" * 400,
]  # fmt: skip
_FORMULAS = [
    "=A1*2", "=SUM(A1:D4)", "=SEQUENCE(2,2)", "=B2#", "=1/0", "=@A1:A9", '=" a "&B3', "=LET(x,A1,x+1)", "=MAP(A1:A3,LAMBDA(v,v*2))", "=NA()",
    "=Nowhere+1", "=FILTER({1,2},{FALSE,FALSE})", '=TEXT(B2,"0.00 ""x""")', "=UNIQUE(A1:A9)", "=A1:A3*2", "=SORT(A1:A6)", "=TODAY()*0",
    "=SUM(A:A)", '=IF(C3>1,"yes",)', '="' + "x" * 255 + '"',
]  # fmt: skip


def _sheet(wb: sheetengine.Workbook, chance: random.Random) -> sheetengine.Sheet:
    return chance.choice(wb.sheets)


def _place(chance: random.Random) -> str:
    top, left = chance.randint(1, 14), chance.randint(0, 8)
    bottom, right = top + chance.choice((0, 0, 1, 3)), left + chance.choice((0, 0, 1, 2))
    return f"{chr(65 + left)}{top}:{chr(65 + right)}{bottom}"


def _table(wb: sheetengine.Workbook, chance: random.Random) -> sheetengine.workbook.tables.Table:
    return wb.tables[chance.choice(list(wb.tables))]


def _assign(wb: sheetengine.Workbook, chance: random.Random, value: object) -> None:
    _sheet(wb, chance)[_place(chance)] = value


EDITS: dict[str, Edit] = {
    "value": lambda wb, chance: _assign(wb, chance, chance.choice(_VALUES)),
    "formula": lambda wb, chance: _assign(wb, chance, chance.choice(_FORMULAS)),
    "format": lambda wb, chance: setattr(_sheet(wb, chance)[_place(chance)], "number_format", chance.choice(("0.00", "General", '@"x"'))),
    "rows in": lambda wb, chance: _sheet(wb, chance).insert_rows(chance.randint(1, 13), chance.randint(1, 3)),
    "rows out": lambda wb, chance: _sheet(wb, chance).delete_rows(chance.randint(1, 13), chance.randint(1, 3)),
    "columns in": lambda wb, chance: _sheet(wb, chance).insert_columns(chance.randint(1, 9), chance.randint(1, 2)),
    "columns out": lambda wb, chance: _sheet(wb, chance).delete_columns(chance.randint(1, 9), chance.randint(1, 2)),
    "cells in": lambda wb, chance: _sheet(wb, chance)[_place(chance)].insert(chance.choice(("down", "right"))),
    "cells out": lambda wb, chance: _sheet(wb, chance)[_place(chance)].delete(chance.choice(("up", "left"))),
    "table in": lambda wb, chance: _sheet(wb, chance).add_table(_place(chance), header=chance.random() < 0.8, totals=chance.random() < 0.2),
    "table out": lambda wb, chance: _table(wb, chance).delete(),
    "table name": lambda wb, chance: setattr(_table(wb, chance), "name", f"T_{chance.randint(0, 99)}"),
    "table column": lambda wb, chance: (table := _table(wb, chance)).rename_column(
        table.columns[0], chance.choice(("a\nb", "_x0041_", "é&<"))
    ),
    "table size": lambda wb, chance: _table(wb, chance).resize(_place(chance)),
    "table wider": lambda wb, chance: _table(wb, chance).add_column(f"New {chance.randint(0, 9)}", chance.choice((1, "=ROW()"))),
    "sheet in": lambda wb, chance: wb.add_sheet(f"Sheet {chance.randint(0, 99)}"),
    "sheet out": lambda wb, chance: wb.remove_sheet(chance.choice(wb.sheet_names)),
    "sheet name": lambda wb, chance: wb.rename_sheet(chance.choice(wb.sheet_names), f"It's {chance.randint(0, 99)}"),
    "sheet moves": lambda wb, chance: wb.move_sheet(chance.choice(wb.sheet_names), 0),
    "name": lambda wb, chance: wb.names.__setitem__(f"n_{chance.randint(0, 9)}", chance.choice((2.5, "=Data!$A$1:$A$3", "text"))),
    "undo": lambda wb, chance: wb.undo(),
    "sort": lambda wb, chance: _sheet(wb, chance)[_place(chance)].sort(),
    "fill": lambda wb, chance: _sheet(wb, chance)[_place(chance)].fill_down(),
    "copy": lambda wb, chance: _sheet(wb, chance)[_place(chance)].copy_to(_sheet(wb, chance)[_place(chance)]),
    "move": lambda wb, chance: (ws := _sheet(wb, chance))[_place(chance)].move_to(ws[_place(chance)]),
    "series": lambda wb, chance: _sheet(wb, chance)[_place(chance)].fill_series(),
    "replace": lambda wb, chance: _sheet(wb, chance).replace("e", chance.choice(("", "ee"))),
    "array": lambda wb, chance: _sheet(wb, chance)[_place(chance)].set_array_formula("=A1:B2*2"),
    "clear": lambda wb, chance: _sheet(wb, chance)[_place(chance)].clear("all"),
}
BOOKS = {"openpyxl": rich.by_openpyxl, "XlsxWriter": rich.by_xlsxwriter, "new": lambda: saved(model())}


def run(data: bytes, seed: int, count: int) -> tuple[sheetengine.Workbook, list[str]]:
    """A workbook after some edits, and which of them were made."""
    wb, chance, made = sheetengine.open(data), random.Random(seed), []
    for _ in range(count):
        name = chance.choice(list(EDITS))
        try:
            EDITS[name](wb, chance)
            made.append(name)
        except (sheetengine.SheetEngineError, IndexError):
            continue  # refused, or there is no table
    return wb, made


def _with_row(table: sheetengine.workbook.tables.Table) -> tuple[int, int, int, int]:
    """Its place; in files a table without rows of data has an empty one."""
    own = table._definition
    return own.top, own.left, max(own.bottom, own.top + own.header + own.totals), own.right


def check(data: bytes, seed: int, count: int) -> None:
    wb, made = run(data, seed, count)
    try:
        out = saved(wb)
    except sheetengine.FileFormatError as error:
        if "no row of data" in str(error):
            return
        raise
    found = problems(out)
    assert not found, (seed, made, found[:5])
    again = sheetengine.open(out)
    assert again.sheet_names == wb.sheet_names, made
    assert {name: (_with_row(table), table.columns) for name, table in again.tables.items()} == {
        name: (_with_row(table), table.columns) for name, table in wb.tables.items()
    }, (seed, made)
    for sheet in wb:
        for cell in (cell for row in (sheet.used_range.rows if sheet.used_range is not None else ()) for cell in row):
            twin = again[sheet.name].cell(cell.row, cell.column)
            assert str(twin.value) == str(cell.value) or not all(map(len, wb.tables.values())), (seed, made, cell, twin)
            assert (twin.formula is None) == (cell.formula is None), (seed, made, cell, twin)
            assert twin.number_format == cell.number_format, (seed, made, cell, twin)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        openpyxl.load_workbook(io.BytesIO(out))
    rebuilt = io.BytesIO()
    # The target's ending decides about macros, which these have none of.
    sheetengine.workbook.saving._Saving(wb, rebuild=True).write(rebuilt)
    found = problems(rebuilt.getvalue())
    assert not found, (seed, made, found[:5])


@pytest.mark.parametrize("book", BOOKS)
@given(seed=st.integers(0, 1 << 32), count=st.integers(1, 14))
def test_what_is_saved_after_any_edits_needs_no_repair(book, seed, count):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        check(BOOKS[book](), seed, count)
