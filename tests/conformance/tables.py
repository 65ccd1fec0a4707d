"""Cases written by hand: a formula, the cells it reads, what it should give. The format stands in ../shared/conformance/README.md."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import sheetengine
from sheetengine.address import Address, Range
from sheetengine.errors import FormulaSyntaxError
from sheetengine.io.document import Document, NameText, SheetBuilder, TextPool
from sheetengine.names import Table
from sheetengine.values import CellError
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
    except FormulaSyntaxError as error:
        ours = f"{REFUSED} {error.message}"
    passed = agrees(expected, ours, float(case.get("tol", 0.0)), case.get("compare", ""))
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
    """Our value of a case's formula; an array where the case expects one and the formula spills."""
    workbook = book_of(case)
    sheet = workbook[case["sheet"]] if "sheet" in case else workbook.sheets[0]
    cell = sheet[case.get("at", NOWHERE)]
    cell.formula = case["formula"]
    spilled = cell.spill
    if isinstance(case["expected"], dict) and "array" in case["expected"] and spilled is not None:
        return [[cell.value for cell in row] for row in spilled.rows]
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
