"""LibreOffice does the same scripts of edits on random sheets: same formulas, same values.

What differs on purpose is in docs/differences-from-excel.md ("Editing"), and kept out of these scripts.
"""

from __future__ import annotations

import json
import math
import random
import re
import subprocess
import tempfile
import uuid
from pathlib import Path
from typing import Any

import pytest

import sheetengine
from sheetengine.address import Address
from tests import needs

Job = dict[str, Any]
SCRIPT = Path(__file__).with_name("uno_edits.py")
ROWS, COLUMNS = 8, 5
SEEDS = 6


def cell(random_: random.Random, columns: int = COLUMNS) -> str:
    dollars = random_.choice(("", "$")), random_.choice(("", "$"))
    return f"{dollars[0]}{'ABCDEFGHIJ'[random_.randrange(columns)]}{dollars[1]}{random_.randrange(ROWS) + 1}"


def area(random_: random.Random) -> str:
    one, two = sorted((random_.randrange(ROWS), random_.randrange(ROWS)))
    left, right = sorted((random_.randrange(COLUMNS), random_.randrange(COLUMNS)))
    return f"{Address(one, left)}:{Address(two, right)}"


def job(seed: int, kind: str) -> Job:
    """A random sheet of numbers on the left and formulas on the right, another that reads it, and a script."""
    random_ = random.Random(seed)
    cells: dict[str, dict[str, object]] = {"Data": {}, "Other": {}}
    for row in range(ROWS):
        for column in range(COLUMNS):
            cells["Data"][str(Address(row, column))] = round(random_.uniform(-9, 9), 2)
        if kind == "ranges":
            cells["Data"][f"G{row + 1}"] = f"=SUM({area(random_)})"
            cells["Data"][f"H{row + 1}"] = f"={cell(random_)}*2+{cell(random_)}"
            cells["Other"][f"A{row + 1}"] = f"=SUM(Data!{area(random_)})+Data!{cell(random_)}"
        else:
            cells["Data"][f"G{row + 1}"] = f"={cell(random_)}+{cell(random_)}"
            cells["Data"][f"H{row + 1}"] = f"=G{row + 1}*2"
            cells["Other"][f"A{row + 1}"] = f"=Data!{cell(random_)}*Data!{cell(random_, 8)}"
    steps: list[list[object]] = []
    for number in range(4):
        if kind == "ranges":
            # Insertions come first: LibreOffice brings a deleted reference back to life where lines are inserted in its place.
            inserts = number < 2
            if random_.random() < 0.6:
                rows = random_.random() < 0.5
                count = random_.choice((1, 2)) * (1 if inserts else -1)
                steps.append(["lines", "Data", rows, random_.randint(1, ROWS if rows else COLUMNS), count])
            else:
                steps.append(["cells", "Data", area(random_), random_.choice(("down", "right") if inserts else ("up", "left"))])
        elif kind == "moves":
            sheet = random_.choice(("Data", "Other"))
            # To where nothing is and nothing is read: LibreOffice keeps references to what is overwritten.
            steps.append(
                [
                    "move",
                    "Data",
                    area(random_) if number % 2 else f"G{number + 1}:H{number + 4}",
                    sheet,
                    f"{'LQVZ'[number]}{20 * (number + 1)}",
                ]
            )
        else:
            source = f"G{number + 1}:H{number + 3}"
            steps.append(["copy", "Data", source, random_.choice(("Data", "Other")), f"{'LQVZ'[number]}{random_.randint(9, 30)}"])
            steps.append(["autofill", "Data", f"G1:H{ROWS}" if number % 2 else "A1:H2", "down", 3 if number % 2 else 2])
            if number == 3:
                steps.append(["sort", "Data", "A1:E6", random_.randint(1, 5), random_.random() < 0.5])
    return {"cells": cells, "steps": steps}


def ours(one: Job) -> dict[str, dict[str, list[object]]]:
    wb = sheetengine.Workbook(sheet=None)
    for name in one["cells"]:
        wb.add_sheet(name)
    for name, cells in one["cells"].items():
        for address, value in cells.items():
            wb[name][address] = value
    for step in one["steps"]:
        match step:
            case ["lines", sheet, rows, at, count]:
                ws = wb[sheet]
                if rows:
                    (ws.insert_rows if count > 0 else ws.delete_rows)(at, abs(count))
                else:
                    (ws.insert_columns if count > 0 else ws.delete_columns)(at, abs(count))
            case ["cells", sheet, where, way]:
                if way in ("down", "right"):
                    wb[sheet][where].insert(shift=way)
                else:
                    wb[sheet][where].delete(shift=way)
            case ["move", sheet, where, other, place]:
                wb[sheet][where].move_to(wb[other][place])
            case ["copy", sheet, where, other, place]:
                wb[sheet][where].copy_to(wb[other][place])
            case ["autofill", sheet, where, "down", count]:
                first, last = where.split(":")
                last_row = int("".join(c for c in last if c.isdigit())) + count
                wb[sheet][where].autofill(wb[sheet][f"{first}:{''.join(c for c in last if c.isalpha())}{last_row}"])
            case ["sort", sheet, where, column, descending]:
                wb[sheet][where].sort(column, descending=descending)
    found: dict[str, dict[str, list[object]]] = {}
    for ws in wb:
        found[ws.name] = {}
        for one_cell in ws.cells_with():
            value = one_cell.value
            found[ws.name][one_cell.address.rpartition("!")[2]] = [
                one_cell.formula,
                str(value) if isinstance(value, sheetengine.CellError) else value,
            ]
    return found


def plain(formula: object, sheet: str) -> object:
    """A formula without the name of its own sheet, which we keep where it was written; `#REF!` in one spelling, theirs has parts left."""
    if not isinstance(formula, str):
        return formula
    own = formula.replace(f"{sheet}!", "")
    return re.sub(r"(?:\w+!)?\$?[A-Z]{0,3}\$?[0-9]*#REF![$A-Z0-9:]*(?:#REF!)?[$0-9]*", "#REF!", own)


@pytest.fixture(scope="module")
def answers() -> tuple[list[Job], list[dict[str, dict[str, list[object]]]]]:
    office = needs.libreoffice()
    python = Path("/usr/bin/python3")
    if not python.exists() or subprocess.run([python, "-c", "import uno"], capture_output=True, check=False).returncode:
        needs.lacks("python3-uno is not installed")
    jobs = [job(seed, kind) for kind in ("ranges", "moves", "fills") for seed in range(SEEDS)]
    pipe = f"edits{uuid.uuid4().hex}"
    with tempfile.TemporaryDirectory() as profile:
        process = subprocess.Popen(
            [office, f"-env:UserInstallation=file://{profile}", "--headless", "--norestore", "--nologo", f"--accept=pipe,name={pipe};urp;"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            done = subprocess.run(
                [python, SCRIPT], input=json.dumps({"pipe": pipe, "jobs": jobs}), capture_output=True, text=True, timeout=120, check=False
            )
            assert done.returncode == 0, done.stderr
        finally:
            process.terminate()
            process.wait(timeout=30)
    return jobs, json.loads(done.stdout)


@pytest.mark.libreoffice
@pytest.mark.parametrize("kind", ["ranges", "moves", "fills"])
def test_libreoffice_does_the_same(kind: str, answers: tuple[list[Job], list[dict[str, dict[str, list[object]]]]]) -> None:
    jobs, found = answers
    first = ("ranges", "moves", "fills").index(kind) * SEEDS
    compared = 0
    for one, theirs in zip(jobs[first : first + SEEDS], found[first : first + SEEDS], strict=True):
        mine = ours(one)
        for sheet, cells in theirs.items():
            assert set(cells) == set(mine[sheet]), one["steps"]
            for address, (formula, value) in cells.items():
                own_formula, own_value = mine[sheet][address]
                assert plain(own_formula, sheet) == plain(formula, sheet), (sheet, address, one["steps"])
                if isinstance(value, str) and value.startswith("error"):
                    assert isinstance(own_value, str) and own_value.startswith("#"), (sheet, address, own_value, value)
                elif isinstance(value, float):
                    assert isinstance(own_value, float) and math.isclose(value, own_value, rel_tol=1e-12, abs_tol=1e-12), (
                        sheet,
                        address,
                        one["steps"],
                    )
                compared += formula is not None
    assert compared > 100
