"""Runs under LibreOffice's own Python (`python3-uno`): does scripts of edits in headless LibreOffice.

In: JSON on standard input, {"pipe": name, "jobs": [{"cells": {sheet: {address: formula or number}}, "steps": [...]}]}. Out: JSON, for every
job the formula and the value of every cell in use after the last step. It imports nothing of sheetengine.
"""

from __future__ import annotations

import json
import re
import sys
import time

import uno  # type: ignore[import-not-found]  # comes with LibreOffice
from com.sun.star.beans import PropertyValue  # type: ignore[import-not-found]
from com.sun.star.sheet.CellDeleteMode import LEFT, UP  # type: ignore[import-not-found]
from com.sun.star.sheet.CellInsertMode import DOWN, RIGHT  # type: ignore[import-not-found]
from com.sun.star.sheet.FillDirection import TO_BOTTOM, TO_LEFT, TO_RIGHT, TO_TOP  # type: ignore[import-not-found]
from com.sun.star.table import CellAddress  # type: ignore[import-not-found]


def connect(pipe: str) -> object:
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(300):
        try:
            context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        except Exception:  # it answers with any of several exceptions until it listens
            time.sleep(0.1)
    raise SystemExit("LibreOffice does not listen")


def to_office(text: str) -> str:
    text = re.sub(r"(?<![\w$])(\w+)!", r"$\1.", text)
    return text.replace(",", ";")


def from_office(text: str) -> str:
    text = re.sub(r"\$?(\w+)\.(?=\$?[A-Z#\d])", r"\1!", text)
    return text.replace(";", ",")


def run(desktop: object, job: dict) -> dict:
    hidden = PropertyValue("Hidden", 0, True, 0)
    document = desktop.loadComponentFromURL("private:factory/scalc", "_blank", 0, (hidden,))
    try:
        sheets = document.Sheets
        for place, name in enumerate(job["cells"]):
            if place == 0:
                sheets.getByIndex(0).Name = name
            else:
                sheets.insertNewByName(name, place)
        for name, cells in job["cells"].items():
            sheet = sheets.getByName(name)
            for address, value in cells.items():
                cell = sheet.getCellRangeByName(address)
                if isinstance(value, str) and value.startswith("="):
                    cell.Formula = to_office(value)
                elif isinstance(value, str):
                    cell.String = value
                else:
                    cell.Value = value
        for step in job["steps"]:
            perform(sheets, step)
        document.calculateAll()
        return {name: contents(sheets.getByName(name)) for name in job["cells"]}
    finally:
        document.close(True)


def perform(sheets: object, step: list) -> None:
    kind, name = step[0], step[1]
    sheet = sheets.getByName(name)
    if kind == "lines":
        _, _, rows, at, count = step
        lines = sheet.Rows if rows else sheet.Columns
        (lines.insertByIndex if count > 0 else lines.removeByIndex)(at - 1, abs(count))
        return
    area = sheet.getCellRangeByName(step[2])
    if kind == "cells":
        way = step[3]
        if way in ("down", "right"):
            sheet.insertCells(area.RangeAddress, DOWN if way == "down" else RIGHT)
        else:
            sheet.removeRange(area.RangeAddress, UP if way == "up" else LEFT)
    elif kind in ("move", "copy"):
        target = sheets.getByName(step[3]).getCellRangeByName(step[4]).RangeAddress
        place = CellAddress(target.Sheet, target.StartColumn, target.StartRow)
        (sheet.moveRange if kind == "move" else sheet.copyRange)(place, area.RangeAddress)
    elif kind == "autofill":
        ways = {"down": TO_BOTTOM, "right": TO_RIGHT, "up": TO_TOP, "left": TO_LEFT}
        where, count = area.RangeAddress, step[4]
        lines = where.EndRow - where.StartRow + 1
        whole = sheet.getCellRangeByPosition(where.StartColumn, where.StartRow, where.EndColumn, where.EndRow + count)
        whole.fillAuto(ways[step[3]], lines)
    elif kind == "sort":
        field = uno.createUnoStruct("com.sun.star.table.TableSortField")
        field.Field, field.IsAscending, field.IsCaseSensitive = step[3] - 1, not step[4], False
        area.sort(
            (
                PropertyValue("SortFields", 0, uno.Any("[]com.sun.star.table.TableSortField", (field,)), 0),
                PropertyValue("ContainsHeader", 0, False, 0),
                PropertyValue("IsSortColumns", 0, False, 0),
            )
        )


def contents(sheet: object) -> dict:
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(False)
    address = cursor.RangeAddress
    # One call for all formulas: each call goes to the other process and back.
    used = sheet.getCellRangeByPosition(0, 0, address.EndColumn, address.EndRow)
    found = {}
    for row, line in enumerate(used.getFormulaArray()):
        for column, formula in enumerate(line):
            if formula == "":
                continue
            cell = sheet.getCellByPosition(column, row)
            is_formula = formula.startswith("=")
            error = cell.getError() if is_formula else 0
            number = cell.FormulaResultType2 == 1 if is_formula else cell.Type.value == "VALUE"
            value = f"error {error}" if error else cell.Value if number else cell.String
            found[f"{letters(column)}{row + 1}"] = [from_office(formula) if is_formula else None, value]
    return found


def letters(column: int) -> str:
    return (chr(64 + column // 26) if column >= 26 else "") + chr(65 + column % 26)


def main() -> None:
    request = json.load(sys.stdin)
    desktop = connect(request["pipe"])
    answers = [run(desktop, job) for job in request["jobs"]]
    json.dump(answers, sys.stdout)
    sys.stdout.flush()
    try:
        desktop.terminate()
    except Exception:  # it closes the pipe while it answers
        return


main()
