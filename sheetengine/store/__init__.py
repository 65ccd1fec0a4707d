"""Values of sheets in typed planes: `SheetStore` for one sheet, `TextPool` for the texts of a workbook.

In: cells, rectangles and scattered cells written as scalars or grids. Out: the same read back, as views where they can be.
The store knows no formulas: who owns a cell is a number that the recalculation gives and reads.
"""

from sheetengine.store.sheet_store import SheetStore
from sheetengine.store.text_pool import TextPool

__all__ = ["SheetStore", "TextPool"]
