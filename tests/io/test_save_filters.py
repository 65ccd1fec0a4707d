"""Filters with conditions in opened files, of a sheet and of a table, whose columns come, go and move: the conditions stay at their columns."""

from __future__ import annotations

import io
import re

import openpyxl
import pytest
from openpyxl.worksheet.filters import CustomFilter, CustomFilters, FilterColumn, Filters
from openpyxl.worksheet.table import Table, TableColumn, TableFormula, TableStyleInfo

import sheetengine
from tests.io.test_save import saved
from tests.io.test_save_structure import part


def filtered(*, table: bool) -> bytes:
    """Four columns from B2 on, filtered by the second and the fourth, sorted by the third."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Data"
    for row in [("Item", "Kind", "Net", "Gross"), *((f"item {row}", "ab"[row % 2], row * 10, row * 11) for row in range(1, 7))]:
        sheet.append([None, *row])
    sheet.insert_rows(1)
    sheet["G1"] = "=SUBTOTAL(9,D3:D8)"
    for row in (3, 5, 7):
        sheet.row_dimensions[row].hidden = True
    holder = sheet
    if table:
        holder = Table(displayName="Sales", name="Sales", ref="B2:E8", tableStyleInfo=TableStyleInfo(name="TableStyleLight9"))
        holder.tableColumns = [TableColumn(id=place, name=name) for place, name in enumerate(("Item", "Kind", "Net", "Gross"), start=1)]
        holder.tableColumns[3].calculatedColumnFormula = TableFormula(attr_text="Sales[[#This Row],[Net]]*1.1")
        holder.autoFilter = openpyxl.worksheet.filters.AutoFilter(ref="B2:E8")
        holder.autoFilter.filterColumn = conditions()
        sheet.add_table(holder)
    else:
        sheet.auto_filter.ref = "B2:E8"
        sheet.auto_filter.filterColumn = conditions()
        sheet.auto_filter.add_sort_condition("D3:D8")
        sheet.auto_filter.sortState.ref = "B3:E8"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def conditions() -> list[FilterColumn]:
    greater = CustomFilters(customFilter=[CustomFilter(operator="greaterThan", val="15")])
    return [
        FilterColumn(colId=0, hiddenButton=True),
        FilterColumn(colId=1, filters=Filters(filter=["a"])),
        FilterColumn(colId=3, customFilters=greater),
    ]


def of_part(data: bytes, name: str) -> list[str]:
    """The filter's range, what it is sorted by, and the columns with conditions with what they ask."""
    element = re.search(r"<autoFilter.*?</autoFilter>", part(data, name), re.DOTALL)[0]
    asked = re.findall(r'<filterColumn[^>]*\bcolId="(\d+)"[^>]*?(?:/>|>.*?val="(\w+)".*?</filterColumn>)', element)
    return [*re.findall(r'\bref="([^"]*)"', element), *(f"{place} {value}".strip() for place, value in asked)]


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda wb: wb.tables["Sales"].add_column("Tax", "=[@Net]*0.19"), ["B2:F8", "0", "1 a", "3 15"]),
        (lambda wb: wb["Data"].insert_columns(3), ["B2:F8", "0", "2 a", "4 15"]),
        (lambda wb: wb["Data"].insert_columns(1), ["C2:F8", "0", "1 a", "3 15"]),
        (lambda wb: wb["Data"].insert_columns(4, 2), ["B2:G8", "0", "1 a", "5 15"]),
        (lambda wb: wb["Data"].delete_columns(4), ["B2:D8", "0", "1 a", "2 15"]),
        (lambda wb: wb["Data"].delete_columns(2), ["B2:D8", "0 a", "2 15"]),
        (lambda wb: wb["Data"].insert_rows(1), ["B3:E9", "0", "1 a", "3 15"]),
        (lambda wb: wb["Data"]["B2:E8"].move_to(wb["Data"]["J4"]), ["J4:M10", "0", "1 a", "3 15"]),
    ],
)
def test_the_filter_of_a_table(change, found):
    wb = sheetengine.open(filtered(table=True))
    change(wb)
    data = saved(wb)
    assert of_part(data, "xl/tables/table1.xml") == found
    again = sheetengine.open(data)
    assert again.tables["Sales"].columns == wb.tables["Sales"].columns
    assert 'name="TableStyleLight9"' in part(data, "xl/tables/table1.xml")


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda ws: ws.insert_columns(3), ["B2:F8", "B3:F8", "E3:E8", "0", "2 a", "4 15"]),
        (lambda ws: ws.insert_columns(1), ["C2:F8", "C3:F8", "E3:E8", "0", "1 a", "3 15"]),
        (lambda ws: ws.insert_columns(6), ["B2:E8", "B3:E8", "D3:D8", "0", "1 a", "3 15"]),
        (lambda ws: ws.delete_columns(4), ["B2:D8", "B3:D8", "0", "1 a", "2 15"]),
        (lambda ws: ws.delete_columns(2), ["B2:D8", "B3:D8", "C3:C8", "0 a", "2 15"]),
        (lambda ws: ws.delete_columns(1), ["A2:D8", "A3:D8", "C3:C8", "0", "1 a", "3 15"]),
        (lambda ws: ws["D1:D20"].insert("right"), ["B2:F8", "B3:F8", "E3:E8", "0", "1 a", "4 15"]),
        (lambda ws: ws.insert_rows(1), ["B3:E9", "B4:E9", "D4:D9", "0", "1 a", "3 15"]),
        (lambda ws: ws.delete_rows(8), ["B2:E7", "B3:E7", "D3:D7", "0", "1 a", "3 15"]),
    ],
)
def test_the_filter_of_a_sheet(change, found):
    wb = sheetengine.open(filtered(table=False))
    change(wb["Data"])
    data = saved(wb)
    assert of_part(data, "xl/worksheets/sheet1.xml") == found
    again = sheetengine.open(data)["Data"]
    for row in wb["Data"].used_range.rows:
        for cell in row:
            assert again.cell(cell.row, cell.column).value == cell.value


@pytest.mark.parametrize("table", [True, False])
def test_a_column_with_conditions_that_goes_is_refused(table):
    """Its rows would stay hidden, and nothing would say why."""
    wb = sheetengine.open(filtered(table=table))
    wb["Data"].delete_columns(3)
    with pytest.raises(sheetengine.FileFormatError, match=r"a column (with conditions was deleted|whose filter has conditions)"):
        saved(wb)
    assert wb.undo()
    saved(wb)
