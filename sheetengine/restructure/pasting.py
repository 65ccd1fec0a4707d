"""What a rectangle held, laid down elsewhere, as often as it fits: copying and filling.

In: a `Snapshot` and a rectangle. Out: its constants, formats and formulas there, relative references shifting. Invariant: a formula
repeated over a stretch of cells is one block, not one per cell.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sheetengine.graph.patterns import Rect
from sheetengine.grid import BLANK, Grid
from sheetengine.recalc.engine import Engine
from sheetengine.recalc.pieces import Piece
from sheetengine.recalc.snapshot import Snapshot
from sheetengine.restructure.merge import merge_in
from sheetengine.store.chunk import Box
from sheetengine.syntax.fill import fill
from sheetengine.syntax.operands import AnyOperand

_FEW = 8
"""Up to so many repetitions are put one by one; more of them are a family."""


def paste(engine: Engine, kept: Snapshot, sheet: int, target: Rect) -> None:
    """Lay a snapshot down over a rectangle whose size is a whole number of times its own."""
    source = kept.rect
    engine.clear(sheet, target)
    record = engine.book.sheets[sheet]
    if kept.place is not None and kept.values is not None:
        record.store.write(target.top, target.left, tiled(kept.values, kept.place, source, target))
    record.formats.clear(Box(*target))
    if kept.format_place is not None and kept.formats is not None:
        record.formats.write(target.top, target.left, tiled(kept.formats, kept.format_place, source, target))
    for piece in kept.pieces:
        _repeat(engine, piece, source, sheet, target)
    merge_in(engine.field, sheet, target)
    engine.mark(sheet, target)


def tiled(grid: Grid, place: tuple[int, int], source: Rect, target: Rect) -> Grid:
    """A grid that stood at a place of a rectangle, repeated over another; blank between."""
    height, width = source.bottom - source.top + 1, source.right - source.left + 1
    down, right = place[0] - source.top, place[1] - source.left
    window = slice(down, down + grid.height), slice(right, right + grid.width)
    kinds, numbers = np.full((height, width), BLANK, np.uint8), np.zeros((height, width))
    kinds[window], numbers[window] = grid.kind_plane(), grid.numbers
    times = (target.bottom - target.top + 1) // height, (target.right - target.left + 1) // width
    texts = None
    if grid.texts is not None:
        texts = np.full((height, width), None, dtype=object)
        texts[window] = grid.texts
        texts = np.tile(texts, times)
    return Grid(np.tile(numbers, times), np.tile(kinds, times), texts)


def _repeat(engine: Engine, piece: Piece, source: Rect, sheet: int, target: Rect) -> None:
    field = engine.field
    array = piece.array
    if array is not None:
        # Of an array formula as much as was copied.
        array = min(array[0], source.bottom - piece.rect.top + 1), min(array[1], source.right - piece.rect.left + 1)
    height, width = source.bottom - source.top + 1, source.right - source.left + 1
    tall, wide = target.bottom - target.top + 1, target.right - target.left + 1
    grows_down, grows_right = array is None and height == 1, array is None and width == 1
    steps_down = [0] if grows_down else range(0, tall, height)
    steps_right = [0] if grows_right else range(0, wide, width)
    top, left = target.top + piece.rect.top - source.top, target.left + piece.rect.left - source.left
    places = [
        Rect(
            top + down, left + right,
            target.bottom if grows_down else top + down + piece.rect.bottom - piece.rect.top,
            target.right if grows_right else left + right + piece.rect.right - piece.rect.left,
        )
        for down in steps_down for right in steps_right
    ]  # fmt: skip
    if len(places) > _FEW and array is None:
        field.put_members(sheet, piece.shape, piece.mode, _members(piece, places), frozen=piece.frozen)
        return
    for place in places:
        operands = _operands(piece, place.top, place.left)
        field.put(sheet, place, piece.shape, operands, piece.mode, array, frozen=piece.frozen)


def _members(piece: Piece, places: list[Rect]) -> Iterator[tuple[int, int, list[AnyOperand]]]:
    for place in places:
        for row in range(place.top, place.bottom + 1):
            for column in range(place.left, place.right + 1):
                yield row, column, _operands(piece, row, column)


def _operands(piece: Piece, row: int, column: int) -> list[AnyOperand]:
    return [fill(operand, row - piece.rect.top, column - piece.rect.left) for operand in piece.operands]


__all__ = ["paste", "tiled"]
