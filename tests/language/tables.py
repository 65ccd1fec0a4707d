"""Tables of cases of Excel's language: formulas, the values they have, where that is written, and the workbook they stand in.

A table is a text file `tests/language/cases/NAME.tsv` of three columns, divided by tabs. A line whose first column begins with "=" is a case,
as in `tests/functions/cases.py`; the others make the workbook of the cases below them, up to the next empty line, where all begins anew:

    A1, North!A1:B2     literal, or "=formula" for one cell     cells
    sheet North                                                 one more sheet, at the end
    name RATE, North!x  =formula                                a defined name, of the workbook or of a sheet
    table Sales         A1:C4                                   a table over cells that are there
    array A1:B2         =formula                                a formula entered with Ctrl+Shift+Enter
    at B7, North!B7                                             where the formulas below stand; AA100 else
    legacy                                                      the formulas below are as files before dynamic arrays have them
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import sheetengine
from sheetengine import Workbook
from sheetengine.address import Address, Range
from sheetengine.io.document import Document, SheetBuilder, TextPool
from sheetengine.workbook.loading import fill
from tests.functions.cases import Expected, entry, literal, same

TABLES = Path(__file__).parent / "cases"
NOWHERE = "AA100"


@dataclass(frozen=True)
class Case:
    """One formula, on what stands around it."""

    formula: str
    expected: Expected
    source: str
    place: str
    around: tuple[tuple[str, str], ...] = field(repr=False)
    at: str = NOWHERE
    legacy: bool = False


def load(name: str) -> list[Case]:
    """All cases of a table."""
    found: list[Case] = []
    around: list[tuple[str, str]] = []
    at, legacy = NOWHERE, False
    for number, line in enumerate((TABLES / f"{name}.tsv").read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            around, at, legacy = [], NOWHERE, False
        elif not line.startswith("#"):
            first, *rest = line.split("\t")
            if first.startswith("="):
                expected, source = rest
                found.append(Case(first, literal(expected), source, f"{name}:{number}", tuple(around), at, legacy))
            elif first == "legacy":
                legacy = True
            elif first.startswith("at "):
                at = first.removeprefix("at ")
            else:
                around.append((first, rest[0] if rest else ""))
    return found


def book(case: Case) -> Workbook:
    """The workbook a case stands in."""
    workbook = _legacy(case) if case.legacy else Workbook()
    for what, text in case.around:
        word, _, rest = what.partition(" ")
        if word == "sheet":
            if not case.legacy:
                workbook.add_sheet(rest)
        elif word == "name":
            workbook.names[rest] = text
        elif word == "table":
            workbook.range(_full(text)).sheet.add_table(text.rpartition("!")[2], rest)
        elif word == "array":
            workbook.range(_full(rest)).set_array_formula(text)
        elif text.startswith("="):
            workbook.range(_full(what)).formula = text
        else:
            _fill(workbook, what, literal(text))
    return workbook


def _full(address: str) -> str:
    return address if "!" in address else "Sheet1!" + address


def _legacy(case: Case) -> Workbook:
    """A workbook whose one formula came from a file that knows no dynamic arrays."""
    document = Document()
    sheets = ["Sheet1", *(what.removeprefix("sheet ") for what, _ in case.around if what.startswith("sheet "))]
    sheet, _, cell = _full(case.at).rpartition("!")
    place = Address.parse(cell)
    for name in sheets:
        builder = SheetBuilder(name, TextPool(document.texts))
        if name == sheet:
            builder.add(place.row, place.column, None, formula=case.formula.removeprefix("="), missing=True)
        document.sheets.append(builder.finish())
    workbook = sheetengine.Workbook(sheet=None)
    fill(workbook, document)
    return workbook


def _fill(workbook: Workbook, address: str, value: Expected) -> None:
    sheet, _, area = _full(address).rpartition("!")
    place = Range.parse(area)
    for down, line in enumerate(value if isinstance(value, list) else [[value]]):
        for right, one in enumerate(line):
            if one is not None:
                workbook[sheet].cell(place.top + 1 + down, place.left + 1 + right).value = entry(one)


def failure(case: Case) -> str | None:
    """What is wrong with our answer, or None."""
    workbook = book(case)
    sheet, _, cell = _full(case.at).rpartition("!")
    place, page = Address.parse(cell), workbook[sheet]
    if not case.legacy:
        page[cell].formula = case.formula
    expected = case.expected if isinstance(case.expected, list) else [[case.expected]]
    height, width = len(expected), len(expected[0])
    found = [[page.cell(place.row + 1 + i, place.column + 1 + j).value for j in range(width)] for i in range(height)]
    spill = page[cell].spill
    shape = (1, 1) if spill is None else spill.shape
    if shape != (height, width) or not all(
        same(a, b) for one, two in zip(found, expected, strict=True) for a, b in zip(one, two, strict=True)
    ):
        shown = [[str(value) for value in line] for line in found]
        return f"{case.place} {case.formula}: {shown} of {shape}, not {case.expected!r} ({case.source})"
    return None
