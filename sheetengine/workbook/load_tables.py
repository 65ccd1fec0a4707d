"""The what-if data tables of a document into blocks.

In: the tables of a `SheetDocument` whose values and formulas are in the store. Out: a block for each, computed where the file has values.
Invariant: a table that we cannot take over leaves its cells as the file has them, and is in the answer with its reason.
"""

from __future__ import annotations

from sheetengine.address import Range
from sheetengine.errors import FormulaSyntaxError, UnknownReference
from sheetengine.graph.patterns import Rect
from sheetengine.grid import BLANK
from sheetengine.io.document import DataTable, SheetDocument
from sheetengine.recalc.data_tables import BOTH, COLUMN, ROW
from sheetengine.recalc.engine import Engine
from sheetengine.store.chunk import Box
from sheetengine.syntax.parser import read

_MOST_CELLS = 4_000_000


def load_data_tables(engine: Engine, number: int, sheet: SheetDocument, *, everything: bool = False) -> list[tuple[DataTable, str]]:
    """Put a sheet's data tables in; the answer is those that could not be, with the reason."""
    refused = []
    for table in sheet.data_tables:
        reason = _problem(engine, number, table)
        if reason is not None:
            refused.append((table, reason))
            continue
        rect = Rect(table.area.top, table.area.left, table.area.bottom, table.area.right)
        key = BOTH if table.two_inputs else ROW if table.by_row else COLUMN
        text = "=" + key.replace("\x03", table.first, 1).replace("\x03", table.second or "", 1)
        shape, operands, _ = read(text)
        store = engine.book.sheets[number].store
        lacks = bool((store.read_planes(Box(*rect))[0] == BLANK).any())
        engine.field.put(number, rect, shape, operands, "table")
        if not (everything or lacks):
            found = engine.field.find(number, rect.top, rect.left)
            assert found is not None
            engine.field.seeds.pop(found[0].id, None)
    return refused


def _problem(engine: Engine, number: int, table: DataTable) -> str | None:
    area = table.area
    if area.top == 0 or area.left == 0 or area.size > _MOST_CELLS:
        return f"a data table cannot fill {area}"
    try:
        inputs = [Range.parse(one or "") for one in ((table.first, table.second) if table.two_inputs else (table.first,))]
    except (UnknownReference, FormulaSyntaxError):
        return "the input cells of the data table are gone"
    if any(one.size != 1 for one in inputs):
        return "an input of the data table is no single cell"
    store = engine.book.sheets[number].store
    if (
        store.used_within(Box(area.top, area.left, area.bottom, area.right)) is not None
        and store.owners(Box(area.top, area.left, area.bottom, area.right)).any()
    ):
        return f"formulas stand where the data table {area} has its results"
    return None
