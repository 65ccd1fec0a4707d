"""What holds of all blocks of a workbook together; the laws check it after whatever they did."""

from __future__ import annotations

import numpy as np

from sheetengine.recalc.formulas import FormulaField


def check_field(field: FormulaField) -> None:
    """Owners, blocks, spilled ranges and mentions say the same."""
    assert set(field.blocks) == set(field.graph.nodes()), "blocks and nodes of the graph differ"
    cells: dict[int, set[tuple[int, int]]] = {number: set() for number in field.blocks}
    spilled: dict[int, set[tuple[int, int]]] = {}
    for sheet, record in field.book.sheets.items():
        for box in record.store.used_boxes():
            owners = record.store.owners(box)
            for down, right in np.argwhere(owners != 0).tolist():
                owner, cell = int(owners[down, right]), (box.top + down, box.left + right)
                assert abs(owner) in field.blocks and field.blocks[abs(owner)].sheet == sheet, f"{cell} is owned by no block"
                (cells[owner] if owner > 0 else spilled.setdefault(-owner, set())).add(cell)
    for number, block in field.blocks.items():
        members = {block.cell(member) for member in field.members(block).tolist()}
        assert members == cells[number], f"block {number} lies elsewhere than its owners"
        assert block.count == len(members) > 0, f"block {number} counts its holes wrongly"
        ranges = field.spills.ranges.get(number, {})
        assert all(rect[:2] == block.cell(member) in members for member, rect in ranges.items()), "a range without its anchor"
        filled = {
            (row, column) for rect in ranges.values() for row in range(rect[0], rect[2] + 1) for column in range(rect[1], rect[3] + 1)
        }
        assert filled - {rect[:2] for rect in ranges.values()} == spilled.get(number, set()), f"block {number} spilled elsewhere"
        assert (number in field.volatile) == block.program.volatile
    field.spills.check_invariants(field.blocks)
    assert set(field.spills.ranges) | set(field.spills.blocked) <= set(field.blocks)
    field.mentions.check_invariants(field)


__all__ = ["check_field"]
