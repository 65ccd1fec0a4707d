"""The public face: workbooks, sheets, ranges."""

from sheetengine.workbook.ranges import Range
from sheetengine.workbook.sheet import Sheet
from sheetengine.workbook.workbook import Workbook, open_workbook

__all__ = ["Range", "Sheet", "Workbook", "open_workbook"]
