"""Rows of a rectangle in another order.

In: a rectangle, the place that each row's contents come from. Out: constants, formats and formulas there. As in Excel a formula goes
along as if it were copied: its relative references are seen from its new row. Invariant: a column that is one fill stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from sheetengine.address import Range
from sheetengine.errors import EditRefused
from sheetengine.functions.ranking import sorted_places
from sheetengine.graph.patterns import Rect
from sheetengine.grid import Grid
from sheetengine.recalc.engine import Engine
from sheetengine.recalc.pieces import Piece
from sheetengine.recalc.snapshot import Snapshot
from sheetengine.restructure.merge import merge_in
from sheetengine.restructure.pasting import tiled
from sheetengine.store.chunk import Box
from sheetengine.syntax.fill import fill
from sheetengine.syntax.operands import AnyOperand

Order = NDArray[np.int64]


def order_of(engine: Engine, sheet: int, rect: Rect, keys: Sequence[tuple[int, bool]]) -> Order:
    """For each row of a rectangle the row whose contents belong there; `keys` are columns of the rectangle, True: descending.

    Hidden rows stay where they are, equal ones keep their order, blanks come last.
    """
    record = engine.book.sheets[sheet]
    rows = np.array([row for row in range(rect.top, rect.bottom + 1) if row not in record.hidden_rows], np.int64) - rect.top
    order = np.arange(rect.bottom - rect.top + 1)
    if len(rows):
        planes: list[tuple[Grid, bool]] = []
        for offset, descending in keys:
            column = record.store.read(Box(rect.top, rect.left + offset, rect.bottom, rect.left + offset))
            planes.append((column[rows, 0], descending))
        order[rows] = rows[sorted_places(planes)]
    return order


def refuse_sort(engine: Engine, sheet: int, rect: Rect) -> None:
    """Raise `EditRefused` where rows cannot be exchanged."""
    record = engine.book.sheets[sheet]
    for area in record.merged:
        if area[0] <= rect.bottom and area[2] >= rect.top and area[1] <= rect.right and area[3] >= rect.left:
            raise EditRefused(f"{record.name}!{Range(*area)} is merged; unmerge it before sorting")
    used = record.store.used_within(Box(*rect))
    owners = np.empty(0, np.int32) if used is None else np.unique(record.store.owners(used))
    for owner in owners[owners != 0].tolist():
        block = engine.field.blocks[abs(owner)]
        if owner < 0 or block.array is not None or block.program.mode == "table" or engine.field.spills.ranges.get(block.id):
            raise EditRefused(f"{record.name}!{Range(*rect)} holds an array; it cannot be sorted")


def permute(engine: Engine, kept: Snapshot, order: Order) -> None:
    """Give every row of a snapshot's rectangle the contents that another row of it had."""
    sheet, rect = kept.sheet, kept.rect
    engine.clear(sheet, rect)
    record = engine.book.sheets[sheet]
    if kept.place is not None and kept.values is not None:
        record.store.write(rect.top, rect.left, tiled(kept.values, kept.place, rect, rect)[order])
    if kept.format_place is not None:
        record.formats.clear(Box(*rect))
        if kept.formats is not None:
            record.formats.write(rect.top, rect.left, tiled(kept.formats, kept.format_place, rect, rect)[order])
    comes_to = np.empty(len(order), np.int64)
    comes_to[order] = np.arange(len(order))
    scattered: dict[tuple[str, str, bool], list[Piece]] = {}
    for piece in kept.pieces:
        if piece.rect.top == rect.top and piece.rect.bottom == rect.bottom:
            engine.field.put(sheet, piece.rect, piece.shape, piece.operands, piece.mode, frozen=piece.frozen)
        else:
            scattered.setdefault((piece.shape.key, piece.mode, piece.frozen), []).append(piece)
    for pieces in scattered.values():
        first = pieces[0]
        members = sorted((member for piece in pieces for member in _members(piece, rect, comes_to)), key=lambda member: member[:2])
        engine.field.put_members(sheet, first.shape, first.mode, members, frozen=first.frozen)
    merge_in(engine.field, sheet, rect)
    engine.mark(sheet, rect)


def _members(piece: Piece, rect: Rect, comes_to: Order) -> Iterator[tuple[int, int, list[AnyOperand]]]:
    """Where the formulas of a piece come to, each with its operands as seen from there."""
    for row in range(piece.rect.top, piece.rect.bottom + 1):
        target = rect.top + int(comes_to[row - rect.top])
        for column in range(piece.rect.left, piece.rect.right + 1):
            right = column - piece.rect.left
            yield target, column, [fill(operand, target - piece.rect.top, right) for operand in piece.operands]


__all__ = ["Order", "order_of", "permute", "refuse_sort"]
