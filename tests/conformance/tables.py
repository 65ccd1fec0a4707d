"""Cases written by hand: a formula, the cells it reads, what it should give. The format stands in ../shared/conformance/README.md."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import sheetengine
from sheetengine.address import Address, Range
from sheetengine.errors import EvaluationBug, FormulaSyntaxError
from sheetengine.io.document import Document, NameText, SheetBuilder, TextPool
from sheetengine.names import Table
from sheetengine.values import SPILL, CellError
from sheetengine.workbook.loading import fill
from tests.conformance.cases import Case, agrees, functions_of

NOWHERE: Final = "Z1"
REFUSED: Final = "(refused)"


def cases_of_table(path: Path) -> Iterator[Case]:
    """The cases of one table, line by line."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield case_of(json.loads(line), path.stem)


def case_of(case: Mapping[str, Any], corpus: str) -> Case:
    """One case, computed."""
    formula = case["formula"]
    expected = value_of(case["expected"])
    try:
        ours = computed(case)
    except (FormulaSyntaxError, EvaluationBug) as error:
        ours = f"{REFUSED} {error}"
    # What was written down as displayed does not say whether it was a number or a text.
    compare = case.get("compare", "loose" if "expected_text" in case else "")
    passed = agrees(expected, ours, float(case.get("tol", 0.0)), compare) or ("expected_text" in case and ours == case["expected_text"])
    return Case(case["id"], corpus, formula, functions_of(formula), expected, ours, passed)


def value_of(value: Any) -> object:
    """A value as the tables write it."""
    if isinstance(value, dict):
        if "error" in value:
            return CellError(value["error"])
        if "array" in value:
            return [[value_of(item) for item in row] for row in value["array"]]
        if "s" in value:
            return value["s"]
        raise ValueError(f"no value: {value!r}")
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def computed(case: Mapping[str, Any]) -> object:
    """Our value of a case's formula.

    An array where the case expects one and the formula spills; where one value is expected and the array has no room, its first.
    """
    workbook = book_of(case)
    sheet = workbook[case["sheet"]] if "sheet" in case else workbook.sheets[0]
    cell = sheet[case.get("at", NOWHERE)]
    cell.formula = case["formula"]
    wants_array = isinstance(case["expected"], dict) and "array" in case["expected"]
    spilled = cell.spill
    if wants_array and spilled is not None:
        return [[one.value for one in row] for row in spilled.rows]
    if not wants_array and cell.value == SPILL:
        cell.set_array_formula(case["formula"])
    return cell.value


def book_of(case: Mapping[str, Any]) -> sheetengine.Workbook:
    """The workbook that a case's formula stands in."""
    document = Document(date1904=bool(case.get("date1904")))
    texts = TextPool(document.texts)
    sheets = case.get("sheets") or {"Sheet1": {"cells": case.get("cells", {})}}
    for name, content in sheets.items():
        builder = SheetBuilder(name, texts)
        for address, value in (content.get("cells") or {}).items():
            place = Address.parse(address)
            if isinstance(value, dict) and "f" in value:
                builder.add(place.row, place.column, None, formula=value["f"].removeprefix("="), missing=True)
            else:
                builder.add(place.row, place.column, value_of(value))  # type: ignore[arg-type]  # no array stands in a cell
        sheet = builder.finish()
        sheet.hidden_rows = {int(row) - 1 for row in content.get("hidden_rows", ())}
        sheet.merged = [Range.parse(text) for text in content.get("merges", ())]
        if content.get("autofilter"):
            sheet.filter = Range.parse(content["autofilter"])
        number = len(document.sheets)
        for table in content.get("tables", ()):
            area = Range.parse(table["ref"])
            sheet.tables.append(
                Table(
                    table["name"], number, area.top, area.left, area.bottom, area.right, tuple(table["columns"]),
                    table.get("header", True), table.get("totals", False),
                )
            )  # fmt: skip
        document.sheets.append(sheet)
    for name, text in case.get("names", {}).items():
        document.names.append(NameText(name, text.removeprefix("=")))
    workbook = sheetengine.Workbook(sheet=None)
    fill(workbook, document)
    for name, content in sheets.items():
        for address, pattern in (content.get("formats") or {}).items():
            workbook[name][address].number_format = pattern
    return workbook
