"""INDIRECT after what its text names was renamed, came or went: as in Excel, which recalculates volatile formulas then.

Source: Microsoft, "Excel Recalculation": renaming a worksheet and adding, editing or deleting a defined name recalculate.
"""

from __future__ import annotations

import pytest

import sheetengine


@pytest.mark.parametrize(
    ("text", "change", "before", "after"),
    [
        ("Other!B2", lambda wb, ws: wb.rename_sheet("Other", "Third"), "7.0", "#REF!"),
        ("Third!B2", lambda wb, ws: wb.rename_sheet("Other", "Third"), "#REF!", "7.0"),
        ("New!B2", lambda wb, ws: wb.add_sheet("New"), "#REF!", "0.0"),
        ("Other!B2", lambda wb, ws: wb.remove_sheet("Other"), "7.0", "#REF!"),
        ("place", lambda wb, ws: wb.names.__setitem__("place", ws["B1"]), "#REF!", "3.0"),
        ("spot", lambda wb, ws: wb.names.rename("spot", "point"), "3.0", "#REF!"),
        ("point", lambda wb, ws: wb.names.rename("spot", "point"), "#REF!", "3.0"),
        ("spot", lambda wb, ws: wb.names.__delitem__("spot"), "3.0", "#REF!"),
        ("Fresh[x]", lambda wb, ws: ws.add_table("F1:F3", "Fresh"), "#REF!", "3.0"),
        ("Goods[head]", lambda wb, ws: setattr(wb.tables["Goods"], "name", "Wares"), "3.0", "#REF!"),
        ("Wares[head]", lambda wb, ws: setattr(wb.tables["Goods"], "name", "Wares"), "#REF!", "3.0"),
        ("Goods[neck]", lambda wb, ws: wb.tables["Goods"].rename_column("head", "neck"), "#REF!", "3.0"),
        ("Goods[head]", lambda wb, ws: wb.tables["Goods"].resize("D1:D2"), "3.0", "1.0"),
        ("Goods[head]", lambda wb, ws: wb.tables["Goods"].delete(), "3.0", "#REF!"),
    ],
)
def test_what_a_text_names_is_found_anew(text, change, before, after):
    wb = sheetengine.Workbook()
    ws = wb["Sheet1"]
    wb.add_sheet("Other")["B2"] = 7
    ws["B1"] = 3
    ws["D1:D3"] = [["head"], [1], [2]]
    ws["F1:F3"] = [["x"], [1], [2]]
    ws.add_table("D1:D3", "Goods")
    wb.names["spot"] = ws["B1"]
    wb.names["indirect"] = f'=INDIRECT("{text}")'
    ws["A1"] = f'=SUM(INDIRECT("{text}"))'
    ws["A2"] = "=SUM(indirect)"
    assert [str(value) for (value,) in ws["A1:A2"].value] == [before, before]
    change(wb, ws)
    assert [str(value) for (value,) in ws["A1:A2"].value] == [after, after]
    wb.undo()
    assert [str(value) for (value,) in ws["A1:A2"].value] == [before, before]
