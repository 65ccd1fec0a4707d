"""Structural edits of real workbooks: what is computed equals computing everything afresh, and undo restores every cell."""

from __future__ import annotations

import contextlib
import datetime
import random
import struct
from pathlib import Path

import pytest

import sheetengine
from tests import needs

EVERY = 7

pytestmark = [
    pytest.mark.shared,
    # What Excel's own tests hold: circles, references to files that are not there.
    pytest.mark.filterwarnings("ignore"),
]


def held(wb: sheetengine.Workbook) -> dict[tuple[str, int, int], tuple[object, str | None]]:
    found: dict[tuple[str, int, int], tuple[object, str | None]] = {}
    for ws in wb:
        for cell in ws.cells_with():
            value = cell.value
            found[ws.name, cell.row, cell.column] = (struct.pack("d", value) if type(value) is float else str(value), cell.formula)
    return found


def test_edits_of_real_workbooks() -> None:
    paths = sorted(Path(needs.shared("conformance", "workbooks")).rglob("*.xlsx"))[::EVERY]
    assert paths
    edits = 0
    for number, path in enumerate(paths):
        random_ = random.Random(number)
        wb = sheetengine.open(path)
        wb.fix_seed(1)
        wb.fix_clock(datetime.datetime(2024, 1, 1))
        wb.recalculate(full=True)
        if len(wb._engine.field.blocks) > 1500 or wb._engine.field.volatile or wb.circular:
            continue
        before = held(wb)
        done = 0
        for _ in range(4):
            ws = random_.choice(wb.sheets)
            used = ws.used_range
            if used is None:
                continue
            cell = ws.cell(used.row + random_.randrange(used.shape[0]), used.column + random_.randrange(used.shape[1]))
            with contextlib.suppress(sheetengine.EditRefused):
                match random_.randrange(6):
                    case 0:
                        ws.insert_rows(cell.row, random_.choice((1, 3)))
                    case 1:
                        ws.delete_rows(cell.row)
                    case 2:
                        ws.insert_columns(cell.column)
                    case 3:
                        ws.delete_columns(cell.column)
                    case 4:
                        cell.insert(shift="down")
                    case _:
                        cell.move_to(ws.cell(cell.row + 3, cell.column + 2))
                done += 1
        edited = held(wb)
        circular = wb.circular
        wb.recalculate(full=True)
        assert circular or held(wb) == edited, path.name
        wb._engine.field.graph.check_invariants()
        for _ in range(done):
            assert wb.undo()
        assert circular or held(wb) == before, path.name
        edits += done
    assert edits > 30
